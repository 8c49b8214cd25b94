"""Who may append what, line by line (semantics: the table of that name): every actor against every command."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.events import Entry
from tabletop.engine.rights import DRIVER, Actor, require
from tabletop.errors import Refused
from tests.engine.looks import code, inject, playing, with_injects
from tests.engine.rooms import Room

HEAD, GUARD = Actor("seat", roles=("head",)), Actor("seat", roles=("guard", "clerk"))
POLICE, HALL = Actor("control", roles=("police",)), Actor("site", "hall")
E1, LEAD, ANN = Actor("evaluator", "E1"), Actor("lead", "E2"), Actor("recorder", "Ann")
WALL, VIEWER = Actor("wall"), Actor("viewer")
EVERYBODY = {actor: str(actor) for actor in (HEAD, GUARD, POLICE, HALL, E1, LEAD, ANN, WALL, VIEWER)}


def there() -> Room:
    """A room with an inject for the hall alone and one for the police released, and one for the hall to come."""
    police = inject("ring", to=["police", "head"], acknowledge=True, asks=[{"id": "who", "question": "Who?", "answer": "text"}])
    room = playing(data=with_injects(police, inject("rope", to=["guard"])))
    room.ask(c.ReleaseInject("order"))
    room.ask(c.ReleaseInject("ring"))
    room.ask(c.SendMessage("clerk", "head", "hello"))
    return room


ROOM = there()
MESSAGE = ROOM.state.messages[0].seq


def entry_of(actor: Actor) -> Entry:
    return Entry(99, "x", 0, 0, str(actor), 0, e.Noted(category="note", text="x", said_ms=0))


COMMANDS: dict[str, tuple[c.Command, str]] = {
    "parameter": (c.SetParameter("place", "x"), ""),
    "pace": (c.ChoosePace("timed"), ""),
    "book": (c.Book(1_800_000), ""),
    "check": (c.TickCheck("police-told"), ""),
    "staff": (c.StaffRole("head", "nobody"), ""),
    "roll": (c.CallRoll(("head",)), ""),
    "name head": (c.SeatPerson("head", "Wu"), "head"),
    "name police": (c.SeatPerson("police", "Wu"), "police"),
    "head leaves": (c.PersonLeaves("head"), "head"),
    "start": (c.Start(), ""),
    "count": (c.CountPerson("Wu"), ""),
    "pause": (c.Pause("why"), ""),
    "pause hall": (c.Pause("why", "hall"), "hall"),
    "explain": (c.ExplainPause("why"), ""),
    "resume": (c.Resume(), ""),
    "speed": (c.SetSpeed(2), ""),
    "jump": (c.Jump(1000), ""),
    "recover": (c.Recover(0), ""),
    "gap": (c.SettleGap(1000, counted=True), ""),
    "tick": (c.Tick(), ""),
    "release room": (c.ReleaseInject("quiet"), ""),
    "release hall": (c.ReleaseInject("rope"), "hall"),
    "skip room": (c.SkipInject("quiet"), ""),
    "skip hall": (c.SkipInject("rope"), "hall"),
    "delay room": (c.DelayInject("quiet"), ""),
    "delay hall": (c.DelayInject("rope"), "hall"),
    "keep room back": (c.KeepInjectBack("quiet"), ""),
    "keep hall back": (c.KeepInjectBack("rope"), "hall"),
    "slide": (c.SlideInjects(), ""),
    "fit": (c.FitPlan(("late",)), ""),
    "add": (c.AddInject({}), ""),
    "acknowledge head": (c.AcknowledgeInject("order", "head"), "head play"),
    "acknowledge police": (c.AcknowledgeInject("ring", "police"), "police play"),
    "probe": (c.ShowProbe("smoke"), ""),
    "hint": (c.ShowHint("smoke"), ""),
    "answer head": (c.GiveAnswer("first", "head", ("alarm",)), "head play"),
    "answer police": (c.GiveAnswer("who", "police", "it is us"), "police play"),
    "answer head earlier": (c.GiveAnswer("first", "head", ("alarm",), said_ms=0), ""),
    "extend": (c.ExtendAsks(), ""),
    "close": (c.CloseAsk("first"), ""),
    "reopen ask": (c.ReopenAsk("first"), ""),
    "reveal": (c.RevealAnswers("first"), ""),
    "wall": (c.TurnWall("blank"), ""),
    "decide head": (c.RecordDecision("head", "go"), "head play record"),
    "decide guard": (c.RecordDecision("guard", "go"), "guard play record hall"),
    "decide police": (c.RecordDecision("police", "go"), "police play record"),
    "hear head": (c.HearRole("head"), "record evaluate"),
    "hear guard": (c.HearRole("guard"), "record evaluate hall"),
    "mark head": (c.MarkAction("listen", "done"), "record evaluate"),
    "mark guard": (c.MarkAction("go", "done"), "record evaluate hall"),
    "breach": (c.RecordBreach("run-in"), "evaluate"),
    "note": (c.AddNote("gap", "x"), "record evaluate hall"),
    "note of head": (c.AddNote("gap", "x", "head"), "record evaluate head-after"),
    "note of guard": (c.AddNote("gap", "x", "guard"), "record evaluate hall guard-after"),
    "note of E1": (c.AddNote("gap", "x", evaluator="E1"), "E1"),
    "note of E2": (c.AddNote("gap", "x", evaluator="E2"), "E2"),
    "ruling of head": (c.AddNote("ruling", "x", "head"), ""),
    "ruling of guard": (c.AddNote("ruling", "x", "guard"), ""),
    "message head": (c.SendMessage("head", "clerk", "x"), "head play"),
    "message police": (c.SendMessage("police", "head", "x"), "police play"),
    "read back head": (c.AcknowledgeMessage(MESSAGE, "head"), "head play"),
    "rate E1": (c.Rate("E1", "act", "P"), "E1"),
    "rate E2": (c.Rate("E2", "act", "P"), "E2"),
    "behaviour E1": (c.ScoreBehaviour("E1", "calm", 4), "E1"),
    "behaviour E2": (c.ScoreBehaviour("E2", "calm", 4), "E2"),
    "measure": (c.MeasureIndicator("out", 1), ""),
    "lock": (c.LockRatings(), "lead"),
    "end": (c.End(), ""),
    "reopen": (c.Reopen("x"), ""),
    "emergency": (c.PressEmergency("here"), "all"),
    "stand down": (c.StandDown("x"), ""),
    "retract E1": (c.Retract(entry_of(E1)), "E1"),
    "retract hall": (c.Retract(entry_of(HALL)), "site:hall"),
    "retract Ann": (c.Retract(entry_of(ANN)), "Ann"),
    "retract head": (c.Retract(entry_of(HEAD), "x"), ""),
    "retract driver": (c.Retract(entry_of(DRIVER), "x"), ""),
    "wheel": (c.TakeWheel("other"), ""),
}
"""Every command, and what it takes to append it: one of the words that `MAY` has for an actor."""

MAY: dict[Actor, set[str]] = {
    HEAD: {"head"},
    GUARD: {"guard", "clerk"},
    POLICE: {"police"},
    HALL: {"hall", "site:hall"},
    E1: {"evaluate", "E1"},
    LEAD: {"evaluate", "E2", "lead"},
    ANN: {"record", "Ann"},
    WALL: set(),
    VIEWER: set(),
}


def allowed(room: Room, command: c.Command, actor: Actor) -> bool:
    try:
        require(room.conductor.plan, room.state, command, actor)
    except Refused as refused:
        return {"refused.not-yours": False}[refused.code]
    return True


def test_every_command_is_in_the_table() -> None:
    assert {type(command) for command, _ in COMMANDS.values()} == set(get_args(c.Command))


@pytest.mark.parametrize("actor", EVERYBODY, ids=EVERYBODY.values())
def test_every_actor_may_append_what_the_table_gives_it_and_nothing_else(actor: Actor) -> None:
    found = {name for name, (command, _) in COMMANDS.items() if allowed(ROOM, command, actor)}
    assert found == {name for name, (_, takes) in COMMANDS.items() if takes == "all" or MAY[actor] & set(takes.split())}


def test_the_driver_may_all_of_it() -> None:
    assert all(allowed(ROOM, command, DRIVER) for command, _ in COMMANDS.values())


def test_a_site_controller_says_why_its_own_pause_is_and_no_other() -> None:
    room = there()
    room.ask(c.Pause("", "hall"), HALL)
    assert room.state.paused, "it pauses everywhere"
    assert room.ask(c.ExplainPause("a customer fainted"), HALL)
    assert (room.state.pauses[-1].site, room.state.pauses[-1].reason) == ("hall", "a customer fainted")
    assert code(room, c.Resume(), HALL) == "refused.not-yours", "the clock stays with the driver"
    room.ask(c.Resume())
    room.ask(c.Pause("break"))
    assert code(room, c.ExplainPause("mine"), HALL) == "refused.not-yours"


def test_a_site_controller_holds_only_what_goes_to_its_site_alone_asks_too() -> None:
    asks = [{"id": "both", "to": ["head"], "question": "q", "answer": "text"}]
    room = playing(data=with_injects(inject("rope", at="9m", to=["guard"]), inject("two", at="9m", to=["guard"], asks=asks)))
    assert room.ask(c.DelayInject("rope"), HALL)
    assert code(room, c.DelayInject("two"), HALL) == "refused.not-yours"
    assert code(room, c.KeepInjectBack("two"), HALL) == "refused.not-yours"
    (kept,) = room.ask(c.KeepInjectBack("rope", "the guard is on the phone"), HALL)
    assert (room.state.inject("rope").kept_back or kept).actor == "site:hall"
    room.ask(c.Retract(kept), HALL)
    assert room.state.inject("rope").kept_back is None
    assert code(room, c.ReleaseInject("nothing"), HALL) == "refused.not-yours"
    (release,) = room.ask(c.ReleaseInject("rope"), HALL)
    room.ask(c.Retract(release), HALL)
    assert room.state.inject("rope").released_ms is None


@pytest.mark.parametrize("what", ["cut", "restore"])
def test_a_site_controller_decides_of_no_link_but_its_own(what: str) -> None:
    own, other = (inject(site, at="hold", to=["guard"], **{what: {"site": site}}) for site in ("hall", "yard"))
    sites = [{"id": "hall", "title": "Hall"}, {"id": "yard", "title": "Yard"}]
    room = playing(data=with_injects(own, other, sites=sites))
    for command in (c.ReleaseInject("yard"), c.SkipInject("yard")):
        assert code(room, command, HALL) == "refused.not-yours"
    assert room.ask(c.ReleaseInject("hall"), HALL)
    assert room.ask(c.ReleaseInject("yard"))


def test_a_control_seat_plays_what_control_plays_and_no_more() -> None:
    room = there()
    assert room.ask(c.RecordDecision("police", "we come"), POLICE)
    room.ask(c.StaffRole("clerk", "control"))
    assert room.ask(c.RecordDecision("clerk", "I wait"), Actor("control", roles=("clerk",)))
    room.ask(c.StaffRole("police", "people"))
    assert code(room, c.RecordDecision("police", "x"), POLICE) == "refused.not-yours"
    for roles in (("head",), ("head", "police"), ("nobody",)):
        for command in (c.RecordDecision("head", "x"), c.RecordDecision("clerk", "x")):
            assert code(room, command, Actor("control", roles=roles)) == "refused.not-yours"


def test_a_control_seat_of_several_roles_goes_on_with_those_that_are_its_own() -> None:
    room = there()
    both = Actor("control", roles=("police", "clerk"))
    room.ask(c.StaffRole("clerk", "control"))
    room.ask(c.StaffRole("police", "people"))
    assert room.ask(c.RecordDecision("clerk", "I wait"), both)
    assert room.ask(c.SendMessage("clerk", "head", "help"), both)
    assert room.ask(c.SeatPerson("clerk", "Wu Min"), both)
    assert code(room, c.RecordDecision("police", "x"), both) == "refused.seat-people"
    assert code(room, c.SeatPerson("police", "Wu Min"), both) == "refused.not-yours"
    room.ask(c.StaffRole("police", "nobody"))
    assert code(room, c.RecordDecision("police", "x"), both) == "refused.seat-nobody"
    room.ask(c.End())
    assert room.ask(c.AddNote("gap", "x", "clerk"), both)
    assert code(room, c.AddNote("gap", "x", "police"), both) == "refused.not-yours"


def test_a_seat_leaves_a_word_of_feedback_after_endex_in_its_own_name() -> None:
    room = there()
    word = c.AddNote("strength", "the guard warned quietly", "head")
    assert code(room, word, HEAD) == "refused.not-yours"
    room.ask(c.End())
    assert room.ask(word, HEAD)
    others = (
        c.AddNote("strength", "x", "clerk"),
        c.AddNote("strength", "x"),
        c.AddNote("ruling", "x", "head"),
        c.AddNote("gap", "x", "head", objective="act"),
        c.AddNote("gap", "x", "head", evaluator="E1"),
        c.AddNote("gap", "x", "head", said_ms=0),
    )
    for other in others:
        assert code(room, other, HEAD) == "refused.not-yours"


def test_the_first_to_judge_leads_where_nobody_was_named_to() -> None:
    room = there()
    room.ask(c.Rate("E1", "act", "P"), E1)
    room.ask(c.Rate("E3", "act", "S", "slow"), Actor("evaluator", "E3"))
    room.ask(c.End())
    assert code(room, c.LockRatings(), Actor("evaluator", "E3")) == "refused.not-yours"
    room.ask(c.LockRatings(), E1)
    assert room.state.locked


@pytest.mark.parametrize("word", [c.MarkAction("go", "done"), c.AddNote("gap", "slow"), c.RecordBreach("run-in")])
def test_a_lead_who_has_recorded_anything_was_named_to_lead(word: c.Command) -> None:
    room = there()
    room.ask(c.Rate("E1", "act", "P"), E1)
    room.ask(word, LEAD)
    room.ask(c.End())
    assert code(room, c.LockRatings(), E1) == "refused.not-yours"
    room.ask(c.LockRatings(), LEAD)
    assert room.state.locked


def test_a_seat_names_its_people_and_no_others_and_late_ones_too() -> None:
    room = there()
    room.wait(600)
    room.ask(c.SeatPerson("guard", "Wu Min"), GUARD)
    room.ask(c.SeatPerson("guard", "Chen", "B"), GUARD)
    room.ask(c.PersonLeaves("guard"), GUARD)
    assert [(person.holder, person.name, person.since_ms, person.left_ms) for person in room.state.people] == [
        ("A", "Wu Min", 600_000, 600_000),
        ("B", "Chen", 600_000, None),
    ]
    assert code(room, c.SeatPerson("head", "Wu Min"), GUARD) == "refused.not-yours"


@pytest.mark.parametrize(
    ("command", "refused"),
    [
        (c.GiveAnswer("nothing-there", "head", "x"), "refused.no-ask"),
        (c.GiveAnswer("ready", "head", True), "refused.no-ask"),
        (c.GiveAnswer("why", "head", "x"), "refused.no-ask"),
        (c.AcknowledgeInject("nothing-there", "head"), "refused.no-inject"),
        (c.AcknowledgeInject("end", "head"), "refused.no-inject"),
        (c.AcknowledgeInject("rope", "head"), "refused.no-inject"),
        (c.RecordDecision("head", "x", inject="nothing-there"), "refused.no-inject"),
        (c.RecordDecision("head", "x", inject="end"), "refused.no-inject"),
        (c.RecordDecision("head", "x", inject="rope"), "refused.no-inject"),
    ],
)
def test_what_a_seat_was_not_told_is_refused_as_if_it_were_not_there(command: Any, refused: str) -> None:
    room = there()
    room.ask(c.ReleaseInject("rope"))
    assert code(room, command, HEAD) == refused

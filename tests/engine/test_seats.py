"""What reaches players: every string of an exercise is a token, and no token reaches anybody before, or without, its right."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import fields, is_dataclass
from typing import Any, get_args

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.events import Entry, WallKind
from tabletop.engine.evolve import standing
from tabletop.engine.rights import Actor
from tabletop.engine.seats import seat_view, wall_view
from tabletop.engine.state import RoleMessage
from tabletop.engine.views import Post, SeatView
from tabletop.errors import Refused
from tabletop.exercise.injects import KINDS
from tests.engine.rooms import DATA, Room

TEXTS = {"title", "text", "question", "duty", "summary", "setting", "notes", "probes", "hints", "from", "props", "short", "muster"}
"""Keys of an exercise behind which people's words stand."""

FIXED = {*KINDS, "none", "blue", "yellow", "orange", "red", "briefing", "running", "ended", *get_args(WallKind), "A", "B"}
FIXED |= {"choice", "choices", "order", "text", "number", "confirm", "report", "optional", "required"}
FIXED |= {"startex", "inject", "ruling", "pause", "endex", "emergency", "reopened", "", *get_args(Post)}
FIXED |= {"paused", *(f"seat:{role}" for role in ("head", "guard", "clerk", "police")), "site:hall"}
"""Words of the program that say nothing of an exercise."""

ROLES = ("head", "guard", "clerk", "police")


def canary() -> dict[str, Any]:
    """The small exercise with a unique token for every text, notes and alert levels added."""
    data = deepcopy(DATA)
    data["alert"] = "blue"
    data["handling"] = {"en": "token-handling"}
    data["real_emergency"] = {"number": "token-number", "muster": "m"}
    for number, role in enumerate(data["roles"]):
        role["short"] = f"R{number}"
    for inject in data["injects"]:
        inject |= {"notes": "n", "probes": ["p", "p"], "hints": ["h", "h"], "from": "f", "props": ["a bag"]}
    data["injects"][0]["asks"].append({"id": "say", "to": ["head", "clerk"], "question": "q", "answer": "text"})
    data["injects"].append(
        {"id": "down", "at": "hold", "kind": "facility", "title": "t", "text": "t", "from": "f", "cut": {"site": "hall"}}
    )
    data["injects"].append(
        {"id": "up", "at": "hold", "kind": "facility", "title": "t", "text": "t", "from": "f", "restore": {"site": "hall"}}
    )
    data["injects"][1]["alert"] = "red"
    data["injects"][4]["alert"] = "yellow"
    count = iter(range(10_000))

    def marked(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: marked(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [marked(part, key) for part in value]
        if isinstance(value, str) and key in TEXTS:
            return f"t{next(count):03d}" if key == "short" else f"token-{key}-{next(count)}"
        return value

    result: dict[str, Any] = marked(data)
    return result


TOKENS = canary()
INJECTS = {inject["id"]: inject for inject in TOKENS["injects"]}
ASKS = {ask["id"]: (inject, ask) for inject in TOKENS["injects"] for ask in inject.get("asks", ())}
SITE = TOKENS["sites"][0]
TOLD = (e.InjectReleased, e.AnswersRevealed, e.Noted)
SHORT = {role["id"]: role["short"] for role in TOKENS["roles"]}


def strings(value: object) -> Iterator[str]:
    """Every string in a view."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, (tuple, list)):
        for part in value:
            yield from strings(part)


def cut_at(entries: Sequence[Entry]) -> int:
    """The entry that cut the hall off, by the log alone; later than any where it has its link."""
    cut = sys.maxsize
    for entry in entries:
        match entry.event:
            case e.InjectReleased(inject="down"):
                cut = min(cut, entry.seq)
            case e.InjectReleased(inject="up"):
                cut = sys.maxsize
            case _:
                pass
    ended = [entry.event for entry in entries if isinstance(entry.event, e.ExerciseEnded | e.ExerciseReopened)]
    return sys.maxsize if ended and isinstance(ended[-1], e.ExerciseEnded) else cut


def everybodys(every: Sequence[Entry], before: int = sys.maxsize) -> set[str]:
    """What anybody in the room may see, by the log alone; of injects, answers and rulings only those `before` an entry."""
    entries = [entry for entry in every if entry.seq < before or not isinstance(entry.event, TOLD)]
    right = {TOKENS["title"], TOKENS["handling"]["en"], TOKENS["setting"]}
    names = set()
    for event in (entry.event for entry in entries):
        match event:
            case e.InjectReleased(inject=name) if not INJECTS[name].get("to"):
                right |= {name, *(INJECTS[name][key] for key in ("title", "text", "from"))}
            case e.AnswersRevealed(ask=name) if not ASKS[name][0].get("to"):
                right |= revealed(entries, name, event.names)
            case e.Noted(category="ruling", text=text):
                right.add(text)
            case e.ClockPaused(reason=reason, site=site):
                right |= {reason, *({site, SITE["title"]} if site else ())}
            case e.PauseExplained(reason=reason):
                right.add(reason)
            case e.EmergencyRaised() | e.EmergencyConfirmed():
                right |= {event.seat, event.site, SITE["title"], SHORT["guard"]}
            case e.PersonSeated(name=person):
                names.add(person)
            case _:
                pass
    if any(isinstance(entry.event, e.EmergencyConfirmed) for entry in entries):
        right |= {TOKENS["real_emergency"]["number"], TOKENS["real_emergency"]["muster"], *names, *SHORT.values(), "E1"}
    return right


def revealed(entries: Sequence[Entry], name: str, with_names: bool) -> set[str]:
    """What revealing an ask gives out: question and options; what was worded and by whom only with the names."""
    ask = ASKS[name][1]
    right = {name, ask["question"], *(option["text"] for option in ask.get("options", ()))}
    for event in (entry.event for entry in entries):
        if isinstance(event, e.AnswerGiven) and event.ask == name:
            if isinstance(event.value, float):
                right.add(f"{event.value:g}")
            if with_names:
                right.add(SHORT[event.role])
                right |= set(strings(event.value))
    return right


def of_seat(every: Sequence[Entry], roles: Sequence[str], before: int = sys.maxsize) -> set[str]:
    """What a seat of `roles` may see, by the log alone; behind a link that was cut only what was there before."""
    right = everybodys(every, before)
    right |= {event.name for event in (entry.event for entry in every) if isinstance(event, e.PersonSeated) and event.role in roles}
    entries = [entry for entry in every if entry.seq < before]
    released = [entry.event.inject for entry in entries if isinstance(entry.event, e.InjectReleased)]
    for role in TOKENS["roles"]:
        if role["id"] in roles:
            right |= {role["id"], role["title"], role["short"], role["duty"]}
    for name in released:
        inject = INJECTS[name]
        if set(inject.get("to", ())) & set(roles):
            right |= {name, *(inject[key] for key in ("title", "text", "from"))}
        for ask in inject.get("asks", ()):
            if not (ask.get("to") or inject.get("to")) or set(ask.get("to") or inject["to"]) & set(roles):
                right |= {name, ask["id"], ask["question"]}
                for part in (*ask.get("options", ()), *ask.get("elements", ())):
                    right |= {part["id"], part.get("text", part.get("title"))}
    for event in (entry.event for entry in entries):
        match event:
            case e.AnswerGiven(role=role) if role in roles:
                right |= {event.rationale, event.person, *strings(event.value)}
            case e.AnswersRevealed(ask=name) if set(ASKS[name][0].get("to", ())) & set(roles):
                right |= revealed(entries, name, event.names)
            case e.MessageSent(role=role, to=to, text=text) if role in roles or to in roles:
                right |= {text, SHORT[role], SHORT[to], to}
            case e.MessageAcknowledged(message=message, text=text):
                right |= {text} if between(every, message) & set(roles) else set()
            case _:
                pass
    return right


def between(entries: Sequence[Entry], message: int) -> set[str]:
    """The two roles of a message."""
    sent = next(entry.event for entry in entries if entry.seq == message)
    assert isinstance(sent, e.MessageSent)
    return {sent.role, sent.to}


def one_command(chance: random.Random, number: int, messages: Sequence[RoleMessage]) -> tuple[c.Command, Actor]:
    """Any command; everything typed is a token of its own."""
    driver, typed = Actor("driver"), f"typed-{number}"
    role, ask = chance.choice(ROLES), chance.choice(["first", "say", "state", *ASKS])
    inject = chance.choice(["smoke", "soon", "order", *INJECTS])
    asked = ASKS[ask][1].get("to") or ASKS[ask][0].get("to") or ROLES
    answering = chance.choice(asked)
    seat, own = Actor("seat", roles=(role,)), Actor("seat", roles=(answering,))
    sent = chance.choice(messages) if messages else RoleMessage(0, 0, role, role, "", 0)
    options = [option["id"] for option in ASKS[ask][1].get("options", ())]
    kind = ASKS[ask][1]["answer"]
    by_kind: dict[str, Any] = {
        "choice": tuple(chance.sample(options, 1)) if options else (),
        "choices": tuple(options[: chance.randint(1, 2)]),
        "order": tuple(options),
        "text": typed,
        "number": float(number),
        "confirm": True,
        "report": {"what": typed},
    }
    value = by_kind[kind]
    flow: list[tuple[c.Command, Actor]] = [
        (c.ReleaseInject(inject, "why"), driver),
        (c.ReleaseInject(inject, "why"), driver),
        (c.GiveAnswer(ask, answering, value, person=typed + "p", rationale=typed + "r"), own),
        (c.GiveAnswer(ask, answering, value, rationale=typed + "r"), own),
        (c.RevealAnswers(ask, names=chance.random() < 0.3), driver),
        (c.TurnWall("answers"), driver),
        (c.TurnWall(chance.choice(get_args(WallKind)), chance.choice(["", inject]), span_ms=1000), driver),
        (c.TurnWall(chance.choice(get_args(WallKind)), span_ms=1000), driver),
        (c.AddNote(chance.choice(get_args(e.NoteCategory)), typed), driver),
    ]
    rest: list[tuple[c.Command, Actor]] = [
        (c.RecordDecision(role, typed, "reason-" + typed), driver),
        (c.SendMessage(role, chance.choice(ROLES), typed), seat),
        (c.MarkAction("go", "done", note=typed), driver),
        (c.ShowHint(inject), driver),
        (c.ShowProbe(inject), driver),
        (c.SkipInject(inject, typed), driver),
        (c.KeepInjectBack(inject, typed), driver),
        (c.AcknowledgeInject("order", role), seat),
        (c.SeatPerson(role, typed), driver),
        (c.StaffRole(role, chance.choice(["people", "control", "nobody"])), driver),
        (c.Rate("E1", "act", "S", typed), Actor("evaluator", "E1")),
        (c.RecordBreach("run-in", role, note=typed), driver),
        (c.CloseAsk(ask), driver),
        (c.AcknowledgeMessage(sent.seq, sent.to, typed), Actor("seat", roles=(sent.to,))),
        (c.ReleaseInject("down"), driver),
        (c.ReleaseInject("up"), driver),
        (c.Pause(typed, "hall"), Actor("site", "hall")),
        (c.PressEmergency("seat:guard", "hall"), Actor("seat", roles=("guard",))),
        (c.Pause(typed), driver),
        (c.Resume(), driver),
        (c.Resume(), driver),
        (c.PressEmergency("console"), driver),
        (c.StandDown(typed), driver),
    ]
    last: list[tuple[c.Command, Actor]] = [(c.End(), driver), (c.Reopen(typed), driver)]
    return chance.choice(chance.choices([flow, rest, last], weights=[12, 6, 1])[0])


@pytest.mark.parametrize("seed", range(30))
def test_no_token_reaches_anybody_before_or_without_its_right(seed: int) -> None:
    chance = random.Random(seed)
    room = Room(canary())
    for number in range(60):
        room.wait(chance.choice([0, 1, 20, 61]))
        command, actor = one_command(chance, number, room.state.messages)
        try:
            room.ask(command, actor)
            if isinstance(command, c.PressEmergency) and chance.random() < 0.3:
                room.ask(command, actor)
        except Refused:
            newest = room.conductor.newest_to_take_back()
            if newest is None or chance.random() < 0.7:
                continue
            try:
                room.ask(c.Retract(newest, "slip"))
            except Refused:
                continue
        stand = standing(room.conductor.entries)
        plan, state = room.conductor.plan, room.state
        counted = state.emergency is not None and state.emergency.confirmed
        # The roll of a head count names every role by its title, as the tents on the table do.
        public = FIXED | {text for role in plan.exercise.roles for text in strings(role.title) if counted}
        cut = cut_at(stand)
        parked = {entry.seq: entry.event.text for entry in stand if isinstance(entry.event, e.Noted) and entry.event.category == "parked"}
        for site, before in (("", sys.maxsize), ("hall", cut)):
            wall = wall_view(plan, state, room.now_ms, site)
            beside = {text for seq, text in parked.items() if seq < before} if wall.view == "parked" else set()
            assert wall.no_link == (before != sys.maxsize)
            assert set(strings(wall)) - public <= everybodys(stand, before) | beside
        behind = sys.maxsize if plan.staffed_by(state, "guard") == "control" else cut
        for roles in (("head",), ("guard",), ("clerk", "head"), ("police",), ("clerk", "guard")):
            view = seat_view(plan, state, roles, room.now_ms)
            of_guard = of_seat(stand, ("guard",), behind)
            right = of_guard if roles == ("guard",) else of_seat(stand, roles[:1]) | of_guard if "guard" in roles else of_seat(stand, roles)
            assert set(strings(view)) - public <= right
            assert view.no_link == (roles == ("guard",) and behind != sys.maxsize)


def seat(room: Room, *roles: str) -> SeatView:
    return seat_view(room.conductor.plan, room.state, roles, room.now_ms)


def test_what_is_theirs_does_reach_them() -> None:
    room = Room()
    room.ask(c.SeatPerson("guard", "Wu Min"))
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.ReleaseInject("order"))
    guard, clerk = seat(room, "guard"), seat(room, "clerk")
    assert [(told.title, told.roles) for told in guard.told] == [("Smoke", ()), ("Order", ("guard",))]
    assert [told.title for told in clerk.told] == ["Smoke"]
    assert [ask.id for ask in guard.asks] == ["in-order", "why"]
    assert [ask.id for ask in clerk.asks] == ["first"]
    assert guard.roles[0].people == (("A", "Wu Min"),)
    assert guard.roles[0].duty == "guards"
    assert [(receipt.inject, receipt.confirmed_ms) for receipt in guard.receipts] == [("order", None)]
    assert clerk.receipts == ()


def test_options_stand_in_the_order_of_the_run_on_every_seat() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    orders = [[option.id for option in seat(room, role).asks[0].options] for role in ("head", "clerk")]
    assert orders[0] == orders[1]
    from tabletop.engine.shuffle import shuffled

    assert orders[0] == [option.id for option in shuffled(room.conductor.plan.asks["first"][1], 7)]


def test_an_own_answer_can_be_changed_until_its_time_is_over() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("alarm",), person="Chen", rationale="smoke"))
    mine = seat(room, "head").asks[0].mine[0]
    assert (mine.value, mine.person, mine.rationale, mine.at_ms, mine.fixed) == (("alarm",), "Chen", "smoke", 20_000, False)
    assert seat(room, "clerk").asks[0].mine == ()
    room.wait(120)
    assert seat(room, "head").asks[0].mine[0].fixed


def test_the_answers_of_others_come_only_after_they_were_revealed() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    assert seat(room, "guard").revealed == ()
    room.ask(c.RevealAnswers("first"))
    shown = seat(room, "guard").revealed[0]
    assert (shown.ask, shown.names, sum(tally.count for tally in shown.tallies)) == ("first", False, 1)
    assert not any(tally.roles for tally in shown.tallies)


def test_an_alert_level_is_known_to_those_who_were_told_of_it() -> None:
    room = Room(canary())
    room.ask(c.ReleaseInject("order"))
    assert wall_view(room.conductor.plan, room.state, room.now_ms).shared.alert == "blue"
    assert seat(room, "guard").shared.alert == "red"
    assert seat(room, "clerk").shared.alert == "blue"


def test_a_role_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(KeyError):
        seat(Room(), "nobody-knows")

"""Cut links: what a site sees and may do until an inject restores it (exercise-format: `cut`)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabletop.engine import commands as c
from tabletop.engine.clock import played_between
from tabletop.engine.links import cut_now, cut_since, outages, outages_of
from tabletop.engine.owing import loops
from tabletop.engine.rights import Actor
from tabletop.engine.schedule import held_wanted
from tabletop.engine.seats import seat_view, wall_view
from tabletop.engine.standing import role_deadline
from tabletop.engine.views import SeatView, WallView
from tabletop.errors import Refused
from tabletop.scoring.projection import all_rows, rows
from tests.engine.looks import code, inject, known, with_injects
from tests.engine.rooms import Room

GUARD, HEAD = Actor("seat", roles=("guard",)), Actor("seat", roles=("head",))


def linked(**more: Any) -> Room:
    """A room whose hall, where the guard stands, can be cut off."""
    down = inject("down", at="hold", cut={"site": "hall"})
    up = inject("up", at="hold", restore={"site": "hall"})
    both = inject("both", to=["guard", "head"], at="hold", acknowledge=True)
    room = Room(with_injects(down, up, inject("rope", to=["guard"], at="hold"), both, **more))
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.ReleaseInject("order"))
    room.ask(c.AddNote("ruling", "no camera"))
    room.wait(20)
    return room


def seat(room: Room, *roles: str) -> SeatView:
    return seat_view(room.conductor.plan, room.state, roles, room.now_ms)


def wall(room: Room, site: str = "") -> WallView:
    return wall_view(room.conductor.plan, room.state, room.now_ms, site)


def since(room: Room) -> int | None:
    return cut_since(room.conductor.plan, room.state, "hall")


def test_a_cut_stands_until_it_is_restored_or_taken_back_or_play_is_over() -> None:
    room = linked()
    assert since(room) is None
    (down,) = room.ask(c.ReleaseInject("down"))
    assert since(room) == down.seq
    assert [outage.site for outage in cut_now(room.conductor.plan, room.state)] == ["hall"]
    assert cut_since(room.conductor.plan, room.state, "") is None
    assert cut_since(room.conductor.plan, room.state, "elsewhere") is None
    (up,) = room.ask(c.ReleaseInject("up"))
    assert since(room) is None
    room.ask(c.Retract(up, "slip"))
    assert since(room) == down.seq
    room.ask(c.Pause())
    assert since(room) == down.seq
    room.ask(c.End())
    assert since(room) is None
    room.ask(c.Reopen())
    assert since(room) == down.seq
    room.ask(c.Retract(down, "slip"))
    assert since(room) is None


def test_what_is_cut_already_is_not_cut_anew() -> None:
    room = linked(sites=[{"id": "hall", "title": "Hall"}])
    room.ask(c.AddInject(inject("again", at="hold", cut={"site": "hall"})))
    (down,) = room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("again"))
    room.wait(30)
    (up,) = room.ask(c.ReleaseInject("up"))
    (one,) = outages(room.conductor.plan, room.state, "hall")
    assert (one.since_seq, one.since_ms, one.until_seq, one.until_ms) == (down.seq, 20_000, up.seq, 50_000)


def test_the_seat_holds_only_what_was_there_before_and_gets_the_rest_with_the_link() -> None:
    room = linked()
    room.ask(c.GiveAnswer("in-order", "guard", ("a", "b")), GUARD)
    room.ask(c.SendMessage("head", "guard", "early"), HEAD)
    before = seat(room, "guard")
    room.ask(c.ReleaseInject("down"))
    room.wait(5)
    room.ask(c.ReleaseInject("quiet"))
    room.ask(c.ReleaseInject("rope"))
    room.ask(c.AddNote("ruling", "the exit is open"))
    room.ask(c.SendMessage("head", "guard", "late"), HEAD)
    room.ask(c.GiveAnswer("in-order", "guard", ("b", "a")))
    room.ask(c.RevealAnswers("first"))
    room.ask(c.RevealAnswers("in-order", names=True))
    cut = seat(room, "guard")
    assert cut.no_link
    assert cut.roles[0].no_link
    for name in ("told", "rulings", "revealed"):
        assert getattr(cut, name) == getattr(before, name), name
    assert [(message.text, message.due_ms) for message in cut.messages] == [("early", None)], "nobody owes what cannot be sent"
    assert [(ask.id, [answer.value for answer in ask.mine]) for ask in cut.asks] == [("in-order", [("a", "b")]), ("why", [])]
    room.ask(c.ReleaseInject("up"))
    after = seat(room, "guard")
    assert not after.no_link
    assert [told.inject for told in after.told] == ["smoke", "order", "down", "quiet", "rope", "up"]
    assert [message.text for message in after.messages] == ["early", "late"]
    assert [item.text for item in after.rulings] == ["no camera", "the exit is open"]
    assert [shown.ask for shown in after.revealed] == ["first", "in-order"]
    assert after.asks[0].mine[0].value == ("b", "a")


def test_a_read_back_from_the_other_side_is_not_known_behind_the_cut() -> None:
    room = linked()
    (sent,) = room.ask(c.SendMessage("guard", "head", "door shut"), GUARD)
    room.ask(c.ReleaseInject("down"))
    room.ask(c.AcknowledgeMessage(sent.seq, "head", "door is shut"), HEAD)
    assert (seat(room, "guard").messages[0].read_back, seat(room, "guard").messages[0].words) == (False, "")
    assert (seat(room, "head").messages[0].read_back, seat(room, "head").messages[0].words) == (True, "door is shut")
    room.ask(c.ReleaseInject("up"))
    assert seat(room, "guard").messages[0].words == "door is shut"


def test_an_ask_stands_behind_the_cut_as_it_stood_before() -> None:
    timed = inject("count", to=["guard", "head"], at="hold", asks=[{"id": "heads", "question": "?", "answer": "number", "within": "60s"}])
    down, up = inject("down", at="hold", cut={"site": "hall"}), inject("up", at="hold", restore={"site": "hall"})
    room = Room(with_injects(down, up, timed))
    room.ask(c.ReleaseInject("count"))
    room.ask(c.ExtendAsks(("heads",), 60_000))
    room.ask(c.GiveAnswer("heads", "guard", 3), GUARD)

    def shown(*roles: str) -> tuple[bool, int | None, bool]:
        (ask,) = seat(room, *roles).asks
        return ask.open, ask.deadline_ms, ask.mine[0].fixed

    assert shown("guard") == (True, 120_000, False)
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ExtendAsks(("heads",), 60_000))
    room.ask(c.CloseAsk("heads"))
    assert shown("guard") == (True, None, False), "nothing runs out for who can do nothing"
    assert shown("guard", "head") == (False, 180_000, True), "who has a link knows"
    room.ask(c.ReopenAsk("heads"))
    room.ask(c.RevealAnswers("heads"))
    assert shown("guard") == (True, None, False)
    room.wait(121)
    assert shown("guard") == (True, None, False)
    room.ask(c.ReleaseInject("up"))
    assert shown("guard") == (False, 301_000, True)


def test_what_was_closed_before_the_cut_stays_closed_behind_it() -> None:
    room = linked()
    room.ask(c.CloseAsk("why"))
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReopenAsk("why"))
    assert [(ask.id, ask.open) for ask in seat(room, "guard").asks] == [("in-order", True), ("why", False)]
    room.ask(c.ReleaseInject("up"))
    assert [(ask.id, ask.open) for ask in seat(room, "guard").asks] == [("in-order", True), ("why", True)]


def test_everybody_else_and_the_room_go_on() -> None:
    room = linked()
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("quiet"))
    assert not seat(room, "head").no_link
    assert [told.inject for told in seat(room, "head").told] == ["smoke", "order", "down", "quiet"]
    shared = seat(room, "head", "guard")
    assert (shared.no_link, [role.no_link for role in shared.roles]) == (False, [False, True])
    assert [told.inject for told in shared.told] == ["smoke", "order", "down", "quiet"]
    room.ask(c.ReleaseInject("rope"))
    room.ask(c.ReleaseInject("both"))
    shared = seat(room, "head", "guard")
    assert [told.inject for told in shared.told] == ["smoke", "order", "down", "quiet", "both"], "the rope goes to the guard alone"
    assert [(receipt.inject, receipt.role) for receipt in shared.receipts][2:] == [("both", "head")]
    assert shared.told[-1].roles == ("head",)
    assert wall(room).inject is not None
    assert not wall(room).no_link
    assert room.ask(c.RecordDecision("head", "go"), HEAD)


def test_nothing_gets_out_but_the_emergency_and_who_is_there() -> None:
    room = linked()
    (sent,) = room.ask(c.SendMessage("head", "guard", "early"), HEAD)
    room.ask(c.ReleaseInject("down"))
    refused: tuple[c.Command, ...] = (
        c.GiveAnswer("in-order", "guard", ("a", "b")),
        c.AcknowledgeInject("order", "guard"),
        c.RecordDecision("guard", "go"),
        c.SendMessage("guard", "head", "x"),
        c.AcknowledgeMessage(sent.seq, "guard"),
    )
    for command in refused:
        assert code(room, command, GUARD) == "refused.no-link"
        assert code(room, command, Actor("seat", roles=("head", "guard"))) == "refused.no-link"
    assert code(room, c.GiveAnswer("in-order", "guard", ("a", "b")), Actor("practice", roles=("guard",))) == "refused.no-link"
    assert room.ask(c.SeatPerson("guard", "Wu Min"), GUARD)
    assert room.ask(c.RecordDecision("guard", "heard through the door")), "the facilitator hears them"
    assert room.ask(c.MarkAction("go", "done"), Actor("site", "hall"))
    room.ask(c.PressEmergency(str(GUARD), "hall"), GUARD)
    room.ask(c.PressEmergency(str(GUARD), "hall"), GUARD)
    for shown in (seat(room, "guard").shared, wall(room, "hall").shared, seat(room, "head").shared):
        assert shown.emergency is not None
        assert shown.emergency.confirmed
        assert [who.name for who in shown.emergency.roll if who.seats == ("Guard",)] == ["Wu Min"]


@pytest.mark.parametrize("view", ["rulings", "parked", "timeline", "timer"])
def test_the_wall_of_the_site_holds_only_what_was_there_before(view: Any) -> None:
    room = linked()
    room.ask(c.AddNote("parked", "who pays"))
    room.ask(c.TurnWall(view, span_ms=60_000))
    before = wall(room, "hall")
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("quiet"))
    room.ask(c.AddNote("parked", "later"))
    room.ask(c.AddNote("ruling", "later"))
    room.ask(c.TurnWall(view, span_ms=30_000))
    cut = wall(room, "hall")
    assert (cut.no_link, wall(room).no_link) == (True, False)
    assert cut.inject == before.inject
    assert (cut.view, cut.rulings, cut.parked, cut.answers, cut.awaited) == ("inject", before.rulings, (), None, ())
    room.ask(c.ReleaseInject("up"))
    room.ask(c.TurnWall(view, span_ms=30_000))
    assert wall(room, "hall") == wall(room)


def test_a_wall_turned_before_the_cut_stays_as_it_was() -> None:
    room = linked()
    room.ask(c.TurnWall("timeline"))
    before = wall(room, "hall")
    room.ask(c.ReleaseInject("rope"))
    room.ask(c.AddInject(inject("aside", at="hold", to=["head"], cut={"site": "hall"})))
    room.ask(c.ReleaseInject("aside"))
    room.ask(c.AddNote("ruling", "later"))
    cut = wall(room, "hall")
    assert (cut.view, cut.timeline) == ("timeline", before.timeline)


def test_what_control_plays_has_no_link_to_lose() -> None:
    room = linked()
    room.ask(c.ReleaseInject("down"))
    room.ask(c.StaffRole("guard", "control"))
    assert not seat(room, "guard").no_link
    assert room.ask(c.RecordDecision("guard", "go"), Actor("control", roles=("guard",)))


# Asks and their windows.


def asking() -> Room:
    """A room of which the hall can be cut off, and an ask of two minutes for a role there and one elsewhere."""
    asks = [{"id": "heads", "to": ["guard", "head"], "question": "?", "answer": "number", "within": "2m"}]
    timed = inject("count", at="hold", asks=asks)
    return Room(with_injects(inject("down", at="hold", cut={"site": "hall"}), inject("up", at="hold", restore={"site": "hall"}), timed))


def until(room: Room, *roles: str) -> int | None:
    (ask,) = seat(room, *roles).asks
    return ask.deadline_ms


def latency_s(room: Room, role: str) -> object:
    made = all_rows(room.conductor.plan, room.state, room.conductor.entries)["decision_log"]
    return next(row["latency_s"] for row in reversed(made) if row["role"] == role)


def test_an_ask_that_came_while_a_role_was_cut_off_runs_for_it_from_the_restore() -> None:
    room = asking()
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("count"))
    room.wait(60)
    room.ask(c.GiveAnswer("heads", "head", 3), HEAD)
    room.wait(240)
    room.ask(c.ReleaseInject("up"))
    assert (until(room, "guard"), until(room, "head"), until(room, "guard", "head")) == (420_000, 120_000, 420_000)
    room.wait(60)
    room.ask(c.GiveAnswer("heads", "guard", 3), GUARD)
    assert (latency_s(room, "guard"), latency_s(room, "head")) == (60, 60)
    room.wait(60)
    room.ask(c.GiveAnswer("heads", "guard", 4), GUARD)
    assert latency_s(room, "guard") == 120
    assert code(room, c.GiveAnswer("heads", "head", 4), HEAD) == "refused.answer-fixed"
    room.wait(1)
    assert code(room, c.GiveAnswer("heads", "guard", 5), GUARD) == "refused.answer-fixed"


def test_a_window_stands_still_while_the_link_is_cut_and_goes_on_with_it() -> None:
    room = asking()
    room.ask(c.ReleaseInject("count"))
    room.wait(30)
    room.ask(c.GiveAnswer("heads", "guard", 3), GUARD)
    room.ask(c.ReleaseInject("down"))
    room.wait(200)
    assert until(room, "guard") is None
    assert until(room, "head") == 120_000
    room.ask(c.ReleaseInject("up"))
    assert until(room, "guard") == 320_000
    room.wait(60)
    room.ask(c.GiveAnswer("heads", "guard", 4), GUARD)
    assert latency_s(room, "guard") == 90


def test_a_window_that_was_over_before_the_cut_is_over_after_it() -> None:
    room = asking()
    room.ask(c.ReleaseInject("count"))
    room.wait(121)
    room.ask(c.ReleaseInject("down"))
    assert until(room, "guard") == 120_000
    room.wait(200)
    room.ask(c.ReleaseInject("up"))
    assert until(room, "guard") == 120_000


def test_the_wall_shows_the_time_that_still_runs_for_somebody_who_has_not_answered() -> None:
    room = asking()
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("count"))

    def awaited() -> int | None:
        room.ask(c.TurnWall("inject", "count"))
        (one,) = wall(room).awaited
        return one.deadline_ms

    assert awaited() == 120_000, "the one elsewhere is waited for"
    room.ask(c.GiveAnswer("heads", "head", 3), HEAD)
    assert awaited() is None, "nobody has a time that runs out"
    room.wait(60)
    room.ask(c.ReleaseInject("up"))
    assert awaited() == 180_000
    room.ask(c.Retract(room.ask(c.GiveAnswer("heads", "guard", 3), GUARD)[0], "slip"))
    room.wait(200)
    assert awaited() == 180_000, "it is over for everybody"
    room.ask(c.ExtendAsks(("heads",), 60_000))
    assert awaited() == 320_000, "a minute from now"


def test_what_an_answer_brings_about_is_as_late_as_whoever_gave_it_lived_through() -> None:
    data = with_injects(inject("down", at="hold", cut={"site": "hall"}), inject("up", at="hold", restore={"site": "hall"}))
    first = data["injects"][0]
    asks = [{**first["asks"][0], "to": ["guard"]}]
    room = Room({**data, "injects": [{**first, "asks": asks}, *data["injects"][1:]]})
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("smoke"))
    room.wait(300)
    room.ask(c.ReleaseInject("up"))
    room.wait(40)
    room.ask(c.GiveAnswer("first", "guard", ("alarm",)), GUARD)
    done = known(room, "raise-alarm")
    assert (done.state, done.latency_ms, done.late_ms) == ("done", 40_000, 0)
    room.ask(c.StaffRole("guard", "control"))
    assert known(room, "raise-alarm").latency_ms == 40_000, "who plays it now was not there then"


def locking() -> Room:
    """A room whose guard is to lock a door within a minute of being told, behind a link that can be cut."""
    lock = {
        "id": "lock",
        "title": "Lock",
        "by": "guard",
        "within": "60s",
        "criticality": "critical",
        "category": "safety",
        "objective": "act",
    }
    asks = [
        {
            "id": "door",
            "question": "And?",
            "answer": "choice",
            "options": [{"id": "do", "text": "Lock", "does": ["lock"]}, {"id": "no", "text": "No"}],
        }
    ]
    return Room(
        with_injects(
            inject("down", at="hold", cut={"site": "hall"}),
            inject("up", at="hold", restore={"site": "hall"}),
            inject("card", at="hold", to=["guard"], asks=asks, expects=[lock]),
            inject("nudge", at="hold", cue={"action": "lock", "not_done_within": "60s"}),
        )
    )


def wanted(room: Room) -> list[str]:
    return [row.inject.id for row in held_wanted(room.conductor.plan, room.state, room.now_ms)]


@pytest.mark.parametrize("how", ["chosen", "marked"])
def test_an_action_of_a_role_that_was_cut_off_is_as_late_however_it_was_recorded(how: str) -> None:
    room = locking()
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("card"))
    room.wait(300)
    assert (known(room, "lock").state, known(room, "lock").deadline_ms, wanted(room)) == ("open", None, [])
    room.ask(c.ReleaseInject("up"))
    assert known(room, "lock").deadline_ms == 360_000
    room.wait(20)
    if how == "chosen":
        room.ask(c.GiveAnswer("door", "guard", ("do",)), GUARD)
    else:
        room.ask(c.MarkAction("lock", "done"), Actor("evaluator", "E1"))
    done = known(room, "lock")
    assert (done.state, done.latency_ms, done.late_ms, done.deadline_ms) == ("done", 20_000, 0, 360_000)


def test_an_action_stands_still_behind_the_cut_and_was_not_due_where_play_ends_there() -> None:
    room = locking()
    room.ask(c.ReleaseInject("card"))
    room.wait(40)
    room.ask(c.ReleaseInject("down"))
    room.wait(300)
    assert (known(room, "lock").state, wanted(room)) == ("open", [])
    room.ask(c.End())
    assert known(room, "lock").state == "pending"
    room.ask(c.Reopen())
    room.ask(c.Resume())
    room.ask(c.ReleaseInject("up"))
    room.wait(19)
    assert (known(room, "lock").state, known(room, "lock").deadline_ms) == ("open", 360_000)
    room.wait(2)
    assert (known(room, "lock").state, wanted(room)) == ("no_record", ["nudge"])


STEPS = st.lists(
    st.tuples(st.integers(0, 150), st.sampled_from(["down", "up", "count", "guard", "head", "note", "jump", "back", "control", "people"])),
    max_size=14,
)


@given(STEPS)
def test_rows_written_one_by_one_are_those_of_the_whole_log(steps: list[tuple[int, str]]) -> None:
    room = asking()
    kept: dict[object, dict[str, object]] = {}
    written = 0
    for seconds, what in steps:
        room.wait(seconds)
        with suppress(Refused):
            match what:
                case "down" | "up" | "count":
                    room.ask(c.ReleaseInject(what))
                case "guard" | "head":
                    room.ask(c.GiveAnswer("heads", what, seconds), Actor("seat", roles=(what,)))
                case "jump":
                    room.ask(c.Jump(60_000))
                case "back" if (newest := room.conductor.newest_to_take_back()) is not None:
                    room.ask(c.Retract(newest, "slip"))
                case "control" | "people":
                    room.ask(c.StaffRole("guard", what))
                case _:
                    room.ask(c.GiveAnswer("heads", "guard", seconds))
        plan, state, entries = room.conductor.plan, room.state, room.conductor.entries
        for row in rows(plan, state, entries[written:]).get("decision_log", ()) if len(entries) > written else ():
            kept[row["seq"]] = {**kept.get(row["seq"], {}), **row}
        written = len(entries)
        whole = {row["seq"]: dict(row) for row in all_rows(plan, state, entries)["decision_log"]}
        assert kept == whole
        head = [row for row in whole.values() if row["role"] == "head" and not row["retracted"]]
        at = state.inject("count").released_ms
        assert all(
            at is None or row["latency_s"] == played_between(state.jumps, at, round(float(str(row["exercise_s"])) * 1000)) / 1000
            for row in head
        )


CUT_GUARD = {
    "asks": [{"id": "heads", "to": ["guard", "head"], "question": "?", "answer": "number", "within": "2m"}],
    "expects": [
        {"id": "secure", "title": "Secure", "by": "guard", "within": "2m", "criticality": "major", "category": "notify", "objective": "act"}
    ],
    "acknowledge": True,
}


def cut_at_once(**staffed: str) -> Room:
    """A room whose guard is cut off before anything is asked; `staffed`: how roles are played from the beginning."""
    room = Room(
        with_injects(
            inject("down", at="hold", cut={"site": "hall"}),
            inject("up", at="hold", restore={"site": "hall"}),
            inject("count", at="hold", **CUT_GUARD),
        )
    )
    for role, by in staffed.items():
        room.ask(c.StaffRole(role, by))  # type: ignore[arg-type]
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("count"))
    return room


def of_the_guard(room: Room) -> tuple[object, ...]:
    """What is counted of the guard: the action, the answer, the receipt."""
    plan, state = room.conductor.plan, room.state
    done = known(room, "secure")
    receipt = next(loop for loop in loops(plan, state) if (loop.inject, loop.role) == ("count", "guard"))
    due = role_deadline(plan, state, "heads", "guard")
    return done.latency_ms, done.deadline_ms, done.late_ms, due, receipt.due_ms, receipt.closed


def test_who_plays_a_role_later_changes_nothing_of_what_was_done_behind_a_cut() -> None:
    room = cut_at_once()
    room.wait(300)
    room.ask(c.ReleaseInject("up"))
    room.wait(30)
    room.ask(c.GiveAnswer("heads", "guard", 3), GUARD)
    room.ask(c.MarkAction("secure", "done"))
    room.ask(c.AcknowledgeInject("count", "guard"), GUARD)
    before = of_the_guard(room)
    assert before[:3] == (30_000, 420_000, 0)
    assert before[-1]
    room.wait(300)
    room.ask(c.StaffRole("guard", "control"))
    assert of_the_guard(room) == before
    room.ask(c.StaffRole("guard", "people"))
    assert of_the_guard(room) == before


def test_what_control_takes_over_behind_a_cut_has_its_link_from_then_on_and_loses_it_again() -> None:
    room = cut_at_once()

    def cut_off() -> list[tuple[int, int | None]]:
        return [(one.since_ms, one.until_ms) for one in outages_of(room.conductor.plan, room.state, "guard")]

    room.wait(60)
    assert cut_off() == [(0, None)]
    room.ask(c.StaffRole("guard", "control"))
    assert cut_off() == [(0, 60_000)]
    room.wait(60)
    room.ask(c.StaffRole("guard", "people"))
    assert cut_off() == [(0, 60_000), (120_000, None)]
    room.wait(60)
    room.ask(c.ReleaseInject("up"))
    assert cut_off() == [(0, 60_000), (120_000, 180_000)]
    room.ask(c.StaffRole("guard", "control"))
    assert cut_off() == [(0, 60_000), (120_000, 180_000)]


def test_control_has_no_link_to_lose() -> None:
    room = cut_at_once(guard="control")
    assert outages_of(room.conductor.plan, room.state, "guard") == ()
    room.wait(60)
    room.ask(c.ReleaseInject("up"))
    room.ask(c.StaffRole("guard", "people"))
    assert outages_of(room.conductor.plan, room.state, "guard") == ()


def test_who_did_it_for_a_role_that_was_cut_off_had_the_time_of_their_own() -> None:
    room = cut_at_once()
    room.wait(300)
    room.ask(c.MarkAction("secure", "done", other_role="head"))
    done = known(room, "secure")
    assert (done.latency_ms, done.deadline_ms, done.late_ms) == (300_000, 120_000, 180_000)
    room.wait(100)
    room.ask(c.ReleaseInject("up"))
    assert known(room, "secure") == done


@pytest.mark.parametrize("cut_s", [0, 150])
def test_one_more_minute_is_a_minute_from_now_though_the_link_was_cut_since_the_time_was_over(cut_s: int) -> None:
    timed = inject("count", to=["guard"], at="hold", asks=[{"id": "heads", "question": "?", "answer": "number", "within": "60s"}])
    down, up = inject("down", at="hold", cut={"site": "hall"}), inject("up", at="hold", restore={"site": "hall"})
    room = Room(with_injects(down, up, timed))
    room.ask(c.ReleaseInject("count"))
    room.wait(90)
    if cut_s:
        room.ask(c.ReleaseInject("down"))
        room.wait(cut_s)
        room.ask(c.ReleaseInject("up"))
    room.wait(20)
    room.ask(c.ExtendAsks(("heads",), 60_000))
    assert role_deadline(room.conductor.plan, room.state, "heads", "guard") == room.now_ms + 60_000

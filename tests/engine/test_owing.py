"""What is owed between people: receipts, read-backs and reports (semantics: *Closed loop, cadence*)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabletop.engine import commands as c
from tabletop.engine.events import Pace
from tabletop.engine.owing import MESSAGE_MS, loops, reports, reports_due, told_control, unconfirmed
from tabletop.engine.rights import Actor
from tabletop.engine.seats import seat_view
from tests.engine.looks import code, inject, with_injects
from tests.engine.rooms import Room

MINUTE = 60_000
HEAD, GUARD = Actor("seat", roles=("head",)), Actor("seat", roles=("guard",))


def owed(room: Room) -> list[tuple[str, str, int | None, bool]]:
    plan, state = room.conductor.plan, room.state
    return [(one.role, one.inject or f"#{one.message}", one.due_ms, one.overdue) for one in unconfirmed(plan, state, room.now_ms)]


def due(room: Room) -> list[tuple[str, str, int, bool]]:
    return [(one.role, one.cadence, one.due_ms, one.overdue) for one in reports_due(room.conductor.plan, room.state, room.now_ms)]


def settled(room: Room) -> list[tuple[int, bool]]:
    return [(one.due_ms, bool(one.seq)) for one in reports(room.conductor.plan, room.state)]


def closed(room: Room) -> list[tuple[str, bool]]:
    return [(loop.role, loop.closed) for loop in loops(room.conductor.plan, room.state)]


# Receipts of injects.


def test_each_addressed_role_owes_a_receipt_within_two_minutes_of_the_reading() -> None:
    room = Room()
    assert owed(room) == []
    room.ask(c.ReleaseInject("order"))
    assert owed(room) == [("guard", "order", 2 * MINUTE, False), ("head", "order", 2 * MINUTE, False)]
    room.wait(90)
    room.ask(c.AcknowledgeInject("order", "head"), HEAD)
    assert owed(room) == [("guard", "order", 2 * MINUTE, False)]
    room.wait(31)
    assert owed(room) == [("guard", "order", 2 * MINUTE, True)]
    room.ask(c.AcknowledgeInject("order", "guard"), GUARD)
    assert owed(room) == []
    assert closed(room) == [("guard", False), ("head", True)]


def test_without_to_every_staffed_role_owes_one_and_the_window_begins_when_it_was_read() -> None:
    room = Room(with_injects(inject("all", acknowledge={"within": "30s"}, read="15s")))
    room.ask(c.StaffRole("clerk", "nobody"))
    room.ask(c.StaffRole("guard", "with", "head"))
    room.ask(c.ReleaseInject("all"))
    assert owed(room) == [("head", "all", 45_000, False), ("guard", "all", 45_000, False)]
    room.ask(c.StaffRole("clerk", "people"))
    assert len(owed(room)) == 3
    room.ask(c.StaffRole("clerk", "control"))
    assert len(owed(room)) == 2


def test_the_time_for_a_receipt_tells_nobody_what_another_role_did() -> None:
    asks = [{"id": "who", "to": ["clerk"], "question": "?", "answer": "text"}]
    action = {"id": "ring", "title": "Ring", "by": "clerk", "criticality": "normal", "category": "notify", "objective": "act"}
    room = Room(with_injects(inject("all", acknowledge={"within": "60s"}, read="30s", asks=asks, expects=[action])))
    room.ask(c.ReleaseInject("all"))
    room.wait(5)
    before = seat_view(room.conductor.plan, room.state, ("head",), room.now_ms).receipts
    assert before[0].due_ms == 90_000
    room.ask(c.MarkAction("ring", "done"))
    room.ask(c.GiveAnswer("who", "clerk", "me"), Actor("seat", roles=("clerk",)))
    assert seat_view(room.conductor.plan, room.state, ("head",), room.now_ms).receipts == before
    assert {due_ms for _, _, due_ms, _ in owed(room)} == {90_000}


def test_a_named_role_that_nobody_of_the_room_plays_owes_nothing() -> None:
    room = Room(with_injects(inject("ring", to=["police", "head"], acknowledge=True)))
    room.ask(c.ReleaseInject("ring"))
    assert owed(room) == [("head", "ring", 2 * MINUTE, False)]
    room.ask(c.AcknowledgeInject("ring", "police"), Actor("control", roles=("police",)))
    assert closed(room) == [("head", False)]


def test_pauses_and_jumps_are_in_no_window() -> None:
    room = Room()
    room.ask(c.ReleaseInject("order"))
    room.wait(60)
    room.ask(c.Pause())
    room.wait(600)
    room.ask(c.Resume())
    room.ask(c.Jump(10 * MINUTE))
    assert owed(room)[0] == ("guard", "order", 12 * MINUTE, False)


def test_in_the_discussion_pace_nothing_is_late() -> None:
    room = Room(pace="discussion")
    room.ask(c.ReleaseInject("order"))
    (sent,) = room.ask(c.SendMessage("head", "guard", "hello"), HEAD)
    room.wait(3600)
    assert owed(room) == [("guard", "order", None, False), ("head", "order", None, False), ("guard", f"#{sent.seq}", None, False)]
    room.ask(c.AcknowledgeInject("order", "guard"), GUARD)
    assert closed(room) == [("guard", True), ("head", False), ("guard", False)]


def test_taking_the_release_back_takes_what_is_owed_with_it_and_endex_ends_it() -> None:
    room = Room()
    (released,) = room.ask(c.ReleaseInject("order"))
    room.ask(c.Retract(released))
    assert owed(room) == []
    room.ask(c.ReleaseInject("order"))
    room.ask(c.End())
    assert owed(room) == []


# Messages.


def test_what_was_said_and_written_down_later_is_owed_a_receipt_from_when_it_can_be_read() -> None:
    room = Room()
    room.wait(60)
    room.ask(c.SendMessage("head", "guard", "hello", said_ms=5_000))
    assert [(one.since_ms, one.due_ms) for one in unconfirmed(room.conductor.plan, room.state, room.now_ms) if one.message] == [
        (60_000, 60_000 + MESSAGE_MS)
    ]


def test_a_message_is_read_back_by_its_addressee_in_words_if_it_likes() -> None:
    room = Room()
    (sent,) = room.ask(c.SendMessage("head", "guard", "lock the door"), HEAD)
    assert owed(room) == [("guard", f"#{sent.seq}", 2 * MINUTE, False)]
    view = seat_view(room.conductor.plan, room.state, ("guard",), room.now_ms)
    assert (view.messages[0].read_back, view.messages[0].due_ms) == (False, 2 * MINUTE)
    assert code(room, c.AcknowledgeMessage(sent.seq, "head"), HEAD) == "refused.no-message"
    room.wait(121)
    assert owed(room)[0][3]
    room.ask(c.AcknowledgeMessage(sent.seq, "guard", "  door\u202e is locked "), GUARD)
    assert owed(room) == []
    assert room.ask(c.AcknowledgeMessage(sent.seq, "guard", "again"), GUARD) == []
    for role in ("guard", "head"):
        shown = seat_view(room.conductor.plan, room.state, (role,), room.now_ms).messages[0]
        assert (shown.read_back, shown.words, shown.due_ms) == (True, "door\ufffd is locked", None)
    assert closed(room) == [("guard", False)]
    assert room.state.heard["guard"] == 121_000


def test_whoever_told_control_something_waits_until_it_is_confirmed_or_control_tells_them_something() -> None:
    def waiting(room: Room) -> list[tuple[str, str, int | None, bool]]:
        found = told_control(room.conductor.plan, room.state, room.now_ms)
        return [(one.role, one.sender, one.due_ms, one.overdue) for one in found]

    room, police = Room(), Actor("control", roles=("police",))
    (first,) = room.ask(c.SendMessage("head", "police", "send a car"), HEAD)
    assert waiting(room) == [("police", "head", 2 * MINUTE, False)]
    assert owed(room) == []
    assert closed(room) == [], "and nobody is rated by it"
    room.wait(121)
    assert waiting(room)[0][3]
    room.ask(c.AcknowledgeMessage(first.seq, "police"), police)
    assert waiting(room) == []
    room.ask(c.SendMessage("guard", "police", "two of them"), GUARD)
    room.ask(c.SendMessage("police", "head", "on our way"), police)
    assert [one[:2] for one in waiting(room)] == [("police", "guard")], "that was told another"
    room.ask(c.SendMessage("police", "guard", "stay inside"), police)
    assert waiting(room) == []
    room.ask(c.StaffRole("clerk", "control"))
    room.ask(c.SendMessage("clerk", "police", "hello"), Actor("control", roles=("clerk",)))
    assert waiting(room) == [], "control waits for nobody"


def test_messages_to_control_and_between_roles_of_the_same_people_need_no_receipt() -> None:
    room = Room()
    room.ask(c.StaffRole("clerk", "with", "guard"))
    room.ask(c.SendMessage("head", "police", "come"), HEAD)
    room.ask(c.SendMessage("guard", "clerk", "to myself"), GUARD)
    room.ask(c.SendMessage("head", "head", "to myself"), HEAD)
    assert owed(room) == []
    room.ask(c.SendMessage("police", "clerk", "who is there?"), Actor("control", roles=("police",)))
    assert [role for role, *_ in owed(room)] == ["clerk"]


def test_what_a_cut_link_kept_back_is_owed_from_when_it_came_through() -> None:
    down, up = inject("down", at="hold", cut={"site": "hall"}), inject("up", at="hold", restore={"site": "hall"})
    room = Room(with_injects(down, up))
    room.ask(c.ReleaseInject("down"))
    room.ask(c.ReleaseInject("order"))
    room.ask(c.SendMessage("head", "guard", "hello"), HEAD)
    assert owed(room) == [("head", "order", 2 * MINUTE, False)]
    room.wait(300)
    room.ask(c.ReleaseInject("up"))
    assert [(role, due_ms) for role, _, due_ms, _ in owed(room)] == [("head", 2 * MINUTE), ("guard", 7 * MINUTE), ("guard", 7 * MINUTE)]


def test_the_time_behind_a_cut_link_is_in_no_window() -> None:
    down, up = inject("down", at="hold", cut={"site": "hall"}), inject("up", at="hold", restore={"site": "hall"})
    room = Room(with_injects(down, up))
    room.ask(c.ReleaseInject("order"))
    (sent,) = room.ask(c.SendMessage("head", "guard", "hello"), HEAD)
    room.wait(60)
    room.ask(c.ReleaseInject("down"))
    assert owed(room) == [("head", "order", 2 * MINUTE, False)], "whoever is cut off owes nothing meanwhile"
    assert seat_view(room.conductor.plan, room.state, ("guard",), room.now_ms).receipts[0].due_ms is None
    room.ask(c.Jump(MINUTE))
    room.wait(120)
    room.ask(c.ReleaseInject("up"))
    assert owed(room) == [
        ("head", "order", 3 * MINUTE, True),
        ("guard", "order", 5 * MINUTE, False),
        ("guard", f"#{sent.seq}", 5 * MINUTE, False),
    ]
    room.wait(59)
    room.ask(c.AcknowledgeInject("order", "guard"), GUARD)
    room.wait(2)
    assert owed(room)[-1] == ("guard", f"#{sent.seq}", 5 * MINUTE, True)
    assert closed(room)[:2] == [("guard", True), ("head", False)]


def test_what_was_overdue_before_the_cut_stays_so_and_what_was_confirmed_counts() -> None:
    down = inject("down", at="hold", cut={"site": "hall"})
    room = Room(with_injects(down))
    room.ask(c.ReleaseInject("order"))
    room.ask(c.AcknowledgeInject("order", "guard"), GUARD)
    room.ask(c.SendMessage("head", "guard", "hello"), HEAD)
    room.wait(121)
    room.ask(c.ReleaseInject("down"))
    assert [(role, late) for role, _, _, late in owed(room)] == [("head", True), ("guard", True)]
    room.ask(c.End())
    assert closed(room) == [("guard", True), ("head", False), ("guard", False)]


def test_in_the_discussion_pace_the_cut_off_owe_nothing_either() -> None:
    room = Room(with_injects(inject("down", at="hold", cut={"site": "hall"})), pace="discussion")
    room.ask(c.ReleaseInject("order"))
    room.ask(c.ReleaseInject("down"))
    assert [role for role, *_ in owed(room)] == ["head"]


# Reports.


def reporting(every: str = "10m", **cadence: Any) -> Room:
    due_reports = [{"id": "updates", "by": "head", "every": every, "title": "Updates", **cadence}]
    report = inject("report", at="hold", asks=[{"id": "tell", "to": ["head"], "question": "?", "answer": "report", "elements": ELEMENTS}])
    return Room(with_injects(report, cadence=due_reports))


ELEMENTS = [{"id": "what", "title": "What"}, {"id": "where", "title": "Where"}]


def test_a_report_is_due_at_each_period_and_met_in_its_last_half() -> None:
    room = reporting()
    assert due(room) == [("head", "updates", 10 * MINUTE, False)]
    room.wait(299)
    room.ask(c.RecordDecision("head", "too early"), HEAD)
    assert due(room) == [("head", "updates", 10 * MINUTE, False)]
    room.wait(1)
    room.ask(c.SendMessage("head", "clerk", "in time"), HEAD)
    assert due(room) == [("head", "updates", 20 * MINUTE, False)]
    room.wait(15 * 60 + 1)
    assert due(room) == [("head", "updates", 20 * MINUTE, True)]
    room.ask(c.RecordDecision("head", "late"), HEAD)
    assert due(room) == [("head", "updates", 30 * MINUTE, False)]
    room.wait(10 * 60 - 1)
    assert due(room) == [("head", "updates", 30 * MINUTE, False)]
    room.ask(c.End())
    assert due(room) == []
    assert settled(room) == [(10 * MINUTE, True), (20 * MINUTE, False)], "what falls due at ENDEX itself is owed no more"


def test_a_report_that_says_when_the_next_one_comes_moves_the_next_due_to_it() -> None:
    room = reporting()
    room.ask(c.ReleaseInject("report"))
    room.wait(8 * 60)
    room.ask(c.GiveAnswer("tell", "head", {"what": "fire"}, next_report_ms=30 * MINUTE), HEAD)
    assert due(room) == [("head", "updates", 38 * MINUTE, False)]
    room.wait(25 * 60)
    room.ask(c.RecordDecision("head", "as I said"), HEAD)
    assert due(room) == [("head", "updates", 48 * MINUTE, False)]
    room.ask(c.End())
    assert settled(room) == [(10 * MINUTE, True), (38 * MINUTE, True)]


def test_an_early_report_may_move_the_report_of_its_own_period() -> None:
    room = reporting()
    room.ask(c.ReleaseInject("report"))
    room.wait(60)
    room.ask(c.GiveAnswer("tell", "head", {"what": "fire"}, next_report_ms=14 * MINUTE), HEAD)
    assert due(room) == [("head", "updates", 15 * MINUTE, False)]
    room.wait(16 * 60)
    room.ask(c.End())
    assert settled(room) == [(15 * MINUTE, False)]


def test_a_cadence_counts_from_when_its_inject_was_read_and_only_while_people_play_the_role() -> None:
    room = reporting(after="smoke")
    room.wait(120)
    assert due(room) == []
    room.ask(c.ReleaseInject("smoke"))
    assert due(room) == [("head", "updates", 12 * MINUTE + 10_000, False)]
    room.wait(11 * 60)
    assert due(room)[0][3]
    room.ask(c.StaffRole("head", "control"))
    assert due(room) == []
    room.wait(600)
    room.ask(c.End())
    assert settled(room) == [(12 * MINUTE + 10_000, False)]


def test_a_cadence_does_not_move_when_another_role_answers_and_hears_what_is_said_during_the_reading() -> None:
    elements = [{"id": "what", "title": "What"}]
    asks = [
        {"id": "who", "to": ["clerk"], "question": "?", "answer": "text"},
        {"id": "tell", "to": ["head"], "question": "?", "answer": "report", "elements": elements},
    ]
    cadence = [{"id": "updates", "by": "head", "every": "10m", "title": "Updates", "after": "all"}]
    room = Room(with_injects(inject("all", read="30s", asks=asks), cadence=cadence))
    room.ask(c.ReleaseInject("all"))
    room.wait(5)
    room.ask(c.GiveAnswer("who", "clerk", "me"), Actor("seat", roles=("clerk",)))
    assert due(room) == [("head", "updates", 10 * MINUTE + 30_000, False)]
    room.ask(c.GiveAnswer("tell", "head", {"what": "fire"}, next_report_ms=20 * MINUTE), HEAD)
    assert due(room) == [("head", "updates", 20 * MINUTE + 5_000, False)]


def test_jumped_time_moves_what_is_due() -> None:
    room = reporting()
    room.wait(60)
    room.ask(c.Jump(60 * MINUTE))
    assert due(room) == [("head", "updates", 70 * MINUTE, False)]
    room.wait(3 * 60)
    room.ask(c.RecordDecision("head", "too early"), HEAD)
    room.wait(2 * 60)
    assert due(room) == [("head", "updates", 70 * MINUTE, False)]
    room.ask(c.RecordDecision("head", "in its last half"), HEAD)
    assert due(room) == [("head", "updates", 80 * MINUTE, False)]


def test_a_role_without_a_cadence_keeps_the_time_it_named() -> None:
    elements = [{"id": "what", "title": "What"}]
    report = inject("report", asks=[{"id": "tell", "to": ["clerk"], "question": "?", "answer": "report", "elements": elements}])
    room = Room(with_injects(report))
    room.ask(c.ReleaseInject("report"))
    clerk = Actor("seat", roles=("clerk",))
    room.ask(c.GiveAnswer("tell", "clerk", {"what": "smoke"}, next_report_ms=10 * MINUTE), clerk)
    assert due(room) == [("clerk", "", 10 * MINUTE, False)]
    room.wait(299)
    room.ask(c.SendMessage("clerk", "head", "still early"), clerk)
    assert due(room) == [("clerk", "", 10 * MINUTE, False)]
    room.wait(302)
    assert due(room) == [("clerk", "", 10 * MINUTE, True)]
    room.ask(c.SendMessage("clerk", "head", "late"), clerk)
    assert due(room) == []
    assert settled(room) == [(10 * MINUTE, False)]


def test_a_seat_is_reminded_of_what_it_said_it_would_report_and_of_no_cadence() -> None:
    elements = [{"id": "what", "title": "What"}]
    report = inject("report", asks=[{"id": "tell", "question": "?", "answer": "report", "elements": elements}])
    room = Room(with_injects(report, cadence=[{"id": "updates", "by": "head", "every": "20m", "title": "Updates"}]))
    room.ask(c.ReleaseInject("report"))

    def reminded(*roles: str) -> list[tuple[str, int]]:
        view = seat_view(room.conductor.plan, room.state, roles, room.now_ms)
        return [(one.role, one.due_ms) for one in view.reports]

    assert (due(room), reminded("head")) == ([("head", "updates", 20 * MINUTE, False)], []), "the plan is not the seat's to know"
    room.ask(c.GiveAnswer("tell", "head", {"what": "smoke"}, next_report_ms=10 * MINUTE), HEAD)
    assert (reminded("head"), reminded("guard"), reminded("guard", "head")) == ([("head", 10 * MINUTE)], [], [("head", 10 * MINUTE)])
    [tell] = seat_view(room.conductor.plan, room.state, ("head",), room.now_ms).asks
    assert [answer.next_report_ms for answer in tell.mine] == [10 * MINUTE]
    room.wait(601)
    assert reminded("head") == [("head", 10 * MINUTE)], "it is overdue"
    room.ask(c.RecordDecision("head", "nobody is hurt"), HEAD)
    assert reminded("head") == []


@pytest.mark.parametrize("how", ["discussion", "briefing"])
def test_nothing_is_due_without_a_clock(how: str) -> None:
    cadence = [{"id": "updates", "by": "head", "every": "1m", "title": "Updates"}]
    room = Room(with_injects(cadence=cadence), pace="discussion" if how == "discussion" else "timed", start=how == "discussion")
    room.wait(600)
    assert due(room) == []
    assert settled(room) == []


def test_a_changed_report_keeps_the_time_that_was_announced_and_one_in_its_last_half_is_that_report() -> None:
    room = reporting(every="60m")
    room.ask(c.ReleaseInject("report"))

    def standing() -> tuple[int | None, list[int]]:
        view = seat_view(room.conductor.plan, room.state, ("head",), room.now_ms, HEAD)
        return room.state.ask("tell").answers["head"].next_report_ms, [one.due_ms for one in view.reports]

    room.ask(c.GiveAnswer("tell", "head", {"what": "fier"}, next_report_ms=16 * MINUTE), HEAD)
    room.wait(5 * 60)
    room.ask(c.GiveAnswer("tell", "head", {"what": "fire"}), HEAD)
    assert standing() == (16 * MINUTE, [16 * MINUTE]), "a slip of the hand moves nothing"
    room.wait(4 * 60)
    room.ask(c.GiveAnswer("tell", "head", {"what": "fire, out"}), HEAD)
    assert standing() == (16 * MINUTE, []), "it came in the last half of the time that was announced first"
    room.ask(c.GiveAnswer("tell", "head", {"what": "fire, out"}, next_report_ms=5 * MINUTE), HEAD)
    assert standing() == (14 * MINUTE, [14 * MINUTE])
    room.wait(6 * 60)
    room.ask(c.GiveAnswer("tell", "head", {"what": "over"}), HEAD)
    assert standing() == (None, []), "what is past is not announced again"


# Reports that a role without a cadence announced itself.


def told_and_missed(room: Room) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """What is overdue on the console, and what the record says was missed, at the same moment."""
    plan, state = room.conductor.plan, room.state
    overdue = [(one.role, one.due_ms) for one in reports_due(plan, state, room.now_ms) if one.overdue]
    return overdue, [(one.role, one.due_ms) for one in reports(plan, state) if not one.seq]


def announcing(pace: Pace = "timed") -> Room:
    room = Room(with_injects(inject("report", asks=[REPORT])), pace=pace)
    room.ask(c.ReleaseInject("report"))
    return room


REPORT = {"id": "tell", "to": ["head"], "question": "Report", "answer": "report", "elements": [{"id": "what", "title": "What"}]}


def announce(room: Room, minutes: int | None, role: str = "head") -> None:
    after = None if minutes is None else minutes * MINUTE
    room.ask(c.GiveAnswer("tell", role, {"what": f"at {room.now_ms}"}, next_report_ms=after), Actor("seat", roles=(role,)))


def test_a_report_that_a_role_announced_is_missed_once_it_is_due_and_kept_by_one_in_its_last_half() -> None:
    room = announcing()
    announce(room, 10)
    room.wait(4 * 60)
    room.ask(c.RecordDecision("head", "too early"), HEAD)
    room.wait(6 * 60 + 1)
    room.ask(c.AddNote("note", "silence"))
    assert settled(room) == [(10 * MINUTE, False)]
    assert due(room) == [("head", "", 10 * MINUTE, True)]
    room.wait(60)
    announce(room, 10)
    assert settled(room) == [(10 * MINUTE, False)], "what comes late is no report in time"
    assert due(room) == [("head", "", 21 * MINUTE + 1000, False)]
    room.wait(6 * 60)
    room.ask(c.SendMessage("head", "guard", "all well"), HEAD)
    assert due(room) == []
    room.wait(5 * 60)
    room.ask(c.End())
    assert settled(room) == [(10 * MINUTE, False), (21 * MINUTE + 1000, True)]


def test_a_time_that_is_named_anew_takes_the_place_of_the_one_before_and_jumped_time_is_not_lived() -> None:
    room = announcing()
    announce(room, 10)
    room.wait(60)
    announce(room, 20)
    room.ask(c.Jump(10 * MINUTE))
    room.wait(15 * 60)
    room.ask(c.AddNote("note", "later"))
    assert settled(room) == []
    assert due(room) == [("head", "", 31 * MINUTE, False)]


@pytest.mark.parametrize("why", ["ended", "discussion", "nobody", "cadence"])
def test_an_announced_report_is_not_due(why: str) -> None:
    cadence = [{"id": "updates", "by": "head", "every": "60m", "title": "Updates"}] if why == "cadence" else []
    data = with_injects(inject("report", asks=[REPORT]), cadence=cadence)
    room = Room(data, pace="discussion" if why == "discussion" else "timed")
    room.ask(c.ReleaseInject("report"))
    announce(room, 10)
    if why == "ended":
        room.wait(599)
        room.ask(c.End())
    if why == "nobody":
        room.ask(c.StaffRole("head", "nobody"))
    room.wait(3600 if why != "cadence" else 700)
    if why != "ended":
        room.ask(c.AddNote("note", "later"))
    found = [one for one in reports(room.conductor.plan, room.state) if not one.cadence]
    assert found == []


@pytest.mark.parametrize("cut_s", [60, 700])
def test_behind_a_cut_link_no_announced_report_is_missed(cut_s: int) -> None:
    sites = [{"id": "hall", "title": "Hall"}]
    ask = {**REPORT, "to": ["guard"]}
    data = with_injects(
        inject("report", asks=[ask]), inject("dead", cut={"site": "hall"}), inject("back", restore={"site": "hall"}), sites=sites
    )
    room = Room(data)
    room.ask(c.ReleaseInject("report"))
    announce(room, 10, "guard")
    room.wait(60)
    room.ask(c.ReleaseInject("dead"))
    room.wait(cut_s)
    room.ask(c.AddNote("note", "silence"))
    assert settled(room) == []
    assert due(room) == []
    room.ask(c.ReleaseInject("back"))
    assert due(room) == [("guard", "", 10 * MINUTE + cut_s * 1000, False)]
    room.wait(541)
    room.ask(c.AddNote("note", "silence"))
    assert told_and_missed(room) == ([("guard", 10 * MINUTE + cut_s * 1000)],) * 2


def test_behind_a_cut_link_no_report_of_a_cadence_is_missed() -> None:
    cadence = [{"id": "updates", "by": "guard", "every": "5m", "title": "Updates"}]
    room = Room(with_injects(inject("dead", cut={"site": "hall"}), inject("back", restore={"site": "hall"}), cadence=cadence))
    room.wait(60)
    room.ask(c.ReleaseInject("dead"))
    room.wait(1140)
    room.ask(c.AddNote("note", "silence"))
    assert (due(room), settled(room)) == ([], [])
    room.ask(c.ReleaseInject("back"))
    assert due(room) == [("guard", "updates", 24 * MINUTE, False)]
    room.wait(150)
    room.ask(c.SendMessage("guard", "head", "all quiet"), GUARD)
    assert settled(room) == [(24 * MINUTE, True)]
    assert due(room) == [("guard", "updates", 29 * MINUTE, False)]


def test_what_was_overdue_of_a_cadence_before_the_cut_is_overdue_still() -> None:
    cadence = [{"id": "updates", "by": "guard", "every": "5m", "title": "Updates"}]
    room = Room(with_injects(inject("dead", cut={"site": "hall"}), inject("back", restore={"site": "hall"}), cadence=cadence))
    room.wait(400)
    room.ask(c.ReleaseInject("dead"))
    room.wait(600)
    room.ask(c.AddNote("note", "silence"))
    assert (due(room), settled(room)) == ([("guard", "updates", 5 * MINUTE, True)], [(5 * MINUTE, False)])


STEPS = st.lists(
    st.tuples(
        st.integers(1, 400),
        st.sampled_from(["announce", "report", "message", "decide", "jump", "wait", "nobody", "people"]),
        st.integers(1, 9),
    ),
    max_size=20,
)


@given(STEPS)
def test_what_is_overdue_on_the_console_is_what_the_score_counts_as_missed(steps: list[tuple[int, str, int]]) -> None:
    room = announcing()
    said: list[int] = []
    for seconds, what, minutes in steps:
        room.wait(seconds)
        if what == "jump":
            room.ask(c.Jump(minutes * MINUTE))
        elif what in ("nobody", "people"):
            room.ask(c.StaffRole("head", "nobody" if what == "nobody" else "people"))
        elif what != "wait" and room.conductor.plan.staffed(room.state, "head"):
            said.append(room.now_ms)
            match what:
                case "announce" | "report":
                    announce(room, minutes if what == "announce" else None)
                case "message":
                    room.ask(c.SendMessage("head", "guard", "x"), HEAD)
                case _:
                    room.ask(c.RecordDecision("head", "x"), HEAD)
        room.ask(c.AddNote("note", "now"))
        overdue, missed = told_and_missed(room)
        assert set(overdue) <= set(missed)
        waited = [one for one in missed if all(at <= one[1] for at in said)] if room.conductor.plan.staffed(room.state, "head") else []
        assert overdue == waited
    _, before = told_and_missed(room)
    room.ask(c.End())
    assert told_and_missed(room) == ([], before), "ENDEX makes nothing due"

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.engine.standing import Standing, standing
from tabletop.errors import Refused
from tests.engine.rooms import Room

E1 = Actor("evaluator", "E1")


def known(room: Room, action: str) -> Standing:
    return standing(room.conductor.plan, room.state, action, room.now_ms)


def played() -> Room:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    return room


def test_silence_is_no_record_and_never_a_miss() -> None:
    room = Room()
    assert known(room, "raise-alarm").state == "waiting"
    room.ask(c.ReleaseInject("smoke"))
    assert known(room, "raise-alarm").state == "open"
    room.wait(71)
    assert known(room, "raise-alarm").state == "no_record"
    room.ask(c.End())
    assert known(room, "raise-alarm").state == "no_record"
    assert known(room, "call-out").state == "pending"
    assert known(room, "go").state == "not_applicable"


def test_an_action_without_a_deadline_is_open_until_endex() -> None:
    room = Room()
    room.ask(c.ReleaseInject("order"))
    room.wait(5000)
    assert known(room, "go").state == "open"
    room.ask(c.End())
    assert known(room, "go").state == "no_record"


def test_late_by_how_much() -> None:
    room = played()
    room.wait(100)
    room.ask(c.MarkAction("raise-alarm", "done", said_ms=90_000))
    assert (known(room, "raise-alarm").latency_ms, known(room, "raise-alarm").late_ms) == (80_000, 20_000)


def test_done_before_its_inject_has_no_latency() -> None:
    room = Room()
    room.wait(100)
    room.ask(c.MarkAction("go", "done"))
    assert known(room, "go").state == "done"
    room.wait(80)
    room.ask(c.ReleaseInject("order"))
    assert known(room, "go").latency_ms == 0


def test_a_time_before_startex_or_in_the_future_is_moved_inside() -> None:
    room = played()
    room.wait(30)
    room.ask(c.MarkAction("raise-alarm", "done", said_ms=-5))
    room.ask(c.MarkAction("call-out", "done", said_ms=999_999_999))
    assert (known(room, "raise-alarm").at_ms, known(room, "call-out").at_ms) == (0, 30_000)


def test_whose_word_stands() -> None:
    room = played()
    room.wait(20)
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    assert (known(room, "raise-alarm").state, known(room, "raise-alarm").source) == ("done", "option")
    room.ask(c.MarkAction("raise-alarm", "partial"))
    assert (known(room, "raise-alarm").state, known(room, "raise-alarm").source) == ("partial", "facilitator")
    room.ask(c.MarkAction("raise-alarm", "missed"), E1)
    room.ask(c.MarkAction("raise-alarm", "done"))
    assert (known(room, "raise-alarm").state, known(room, "raise-alarm").source) == ("missed", "evaluator")
    room.ask(c.MarkAction("raise-alarm", "no_record"), E1)
    assert (known(room, "raise-alarm").state, known(room, "raise-alarm").source) == ("done", "facilitator")
    assert len(room.state.marks["raise-alarm"]) == 4


def test_a_hint_makes_later_marks_prompted_unless_a_person_says_otherwise() -> None:
    room = played()
    room.wait(10)
    room.ask(c.MarkAction("call-out", "done"))
    room.ask(c.ShowHint("smoke"))
    room.wait(10)
    room.ask(c.MarkAction("raise-alarm", "done"))
    assert (known(room, "call-out").prompted, known(room, "raise-alarm").prompted) == (False, True)
    room.ask(c.MarkAction("raise-alarm", "done", prompted=False))
    assert not known(room, "raise-alarm").prompted


def test_a_later_release_may_evidence_an_action() -> None:
    room = Room()
    room.ask(c.ReleaseInject("alarmed", "wanted"))
    room.ask(c.ReleaseInject("order"))
    room.wait(50)
    room.ask(c.ReleaseInject("late"))
    assert (known(room, "listen").state, known(room, "listen").latency_ms, known(room, "listen").source) == ("done", 50_000, "release")


def test_a_role_nobody_plays_owes_nothing_from_when_it_is_given_up() -> None:
    room = played()
    room.wait(30)
    room.ask(c.StaffRole("clerk", "nobody"))
    assert known(room, "raise-alarm").state == "not_applicable"
    room.ask(c.StaffRole("clerk", "with", "head"))
    assert known(room, "raise-alarm").state == "open"
    room.wait(200)
    room.ask(c.StaffRole("guard", "control"))
    assert known(room, "call-out").state == "no_record", "it was overdue before the role was given up"


def test_an_inject_overtaken_by_what_the_room_did_keeps_what_was_recorded() -> None:
    room = Room()
    room.ask(c.MarkAction("go", "done"))
    room.ask(c.SkipInject("order", overtaken=True))
    assert known(room, "go").state == "done"
    other = Room()
    other.ask(c.MarkAction("go", "done"))
    other.ask(c.SkipInject("order"))
    assert known(other, "go").state == "not_applicable"


def test_after_endex_people_confirm_without_a_time() -> None:
    room = played()
    room.wait(300)
    room.ask(c.End("time"))
    room.ask(c.MarkAction("raise-alarm", "missed", note="nobody moved"))
    room.ask(c.MarkAction("call-out", "done"))
    assert (known(room, "raise-alarm").state, known(room, "raise-alarm").at_ms) == ("missed", None)
    assert (known(room, "call-out").state, known(room, "call-out").latency_ms) == ("done", None)
    room.ask(c.Rate("E1", "act", "M", "too slow"))
    room.ask(c.LockRatings())
    for command in (c.MarkAction("call-out", "missed"), c.Rate("E1", "act", "P"), c.RecordBreach("run-in")):
        with pytest.raises(Refused) as refused:
            room.ask(command)
        assert refused.value.code == "refused.locked"


def test_room_records() -> None:
    room = played()
    room.wait(12)
    room.ask(c.RecordDecision("head", "  Leave\u202e now ", reason="smoke", options="stay", dissent="clerk", said_ms=10_000))
    room.ask(c.HearRole("clerk", said_ms=11_000))
    room.ask(c.RecordBreach("run-in", "guard", corrected=True))
    room.ask(c.AddNote("ruling", "no camera", objective="act"))
    (message,) = room.ask(c.SendMessage("guard", "head", "door shut"))
    room.ask(c.AcknowledgeMessage(message.seq, "head"))
    room.ask(c.ScoreBehaviour("E1", "calm", 4))
    room.ask(c.MeasureIndicator("out", 12))
    decision = room.state.decisions[0]
    assert (decision.text, decision.at_ms, decision.inject, decision.dissent) == ("Leave\ufffd now", 10_000, "smoke", "clerk")
    assert dict(room.state.heard) == {"head": 12_000, "clerk": 11_000, "guard": 12_000}
    assert room.state.messages[0].acknowledged_ms == 12_000
    assert room.state.breaches[0].corrected
    for command, code in (
        (c.RecordDecision("head", "  "), "refused.no-text"),
        (c.RecordDecision("x", "y"), "refused.no-role"),
        (c.ScoreBehaviour("E1", "calm", 6), "refused.no-line"),
        (c.MeasureIndicator("out", float("nan")), "refused.bad-number"),
        (c.MeasureIndicator("x", 1), "refused.no-indicator"),
        (c.AcknowledgeMessage(999, "head"), "refused.no-message"),
        (c.Rate(" ", "act", "P"), "refused.no-name"),
        (c.LockRatings(), "refused.not-ended"),
    ):
        with pytest.raises(Refused) as refused:
            room.ask(command)
        assert refused.value.code == code


def test_people_and_holders() -> None:
    room = Room(start=False)
    room.ask(c.SeatPerson("guard", "Li Wei"))
    room.ask(c.SeatPerson("guard", "Wang Fang", "B"))
    with pytest.raises(Refused):
        room.ask(c.SeatPerson("head", "Zhao", "B"))
    room.ask(c.Start())
    room.wait(60)
    room.ask(c.PersonLeaves("guard"))
    room.ask(c.SeatPerson("guard", "Sun Li"))
    assert [(p.holder, p.name, p.since_ms, p.left_ms) for p in room.state.people] == [
        ("A", "Li Wei", 0, 60_000),
        ("B", "Wang Fang", 0, None),
        ("A", "Sun Li", 60_000, None),
    ]
    assert room.ask(c.StaffRole("police", "control")) == [], "a simulated role is control's from the start"

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.errors import Refused
from tests.engine.rooms import Room


def code(room: Room, command: c.Command, actor: Actor | None = None) -> str:
    with pytest.raises(Refused) as refused:
        room.ask(command, actor or Actor("driver"))
    return refused.value.code


def test_the_first_press_pauses_and_the_second_within_five_seconds_stops_everything() -> None:
    room = Room()
    room.wait(30)
    room.ask(c.PressEmergency("wall", "hall"), Actor("wall"))
    assert room.state.paused
    assert room.state.emergency is not None
    assert (room.state.emergency.seat, room.state.emergency.confirmed) == ("wall", False)
    before = room.state.emergency
    room.wait(4)
    room.ask(c.PressEmergency("console"))
    assert not before.confirmed, "a state that was handed out never changes"
    assert room.state.emergency is not None
    emergency = room.state.emergency
    assert emergency.confirmed
    for command in (c.Resume(), c.ReleaseInject("smoke"), c.End(), c.MarkAction("go", "done")):
        assert code(room, command) == "refused.emergency"
    room.ask(c.AddNote("note", "everybody out"))
    assert code(room, c.StandDown(" ")) == "refused.reason-needed"
    assert code(room, c.StandDown("false"), Actor("seat", roles=("head",))) == "refused.not-yours"
    room.ask(c.StandDown("false alarm"))
    room.ask(c.Resume())
    assert room.now_ms == 30_000
    assert len(room.state.emergencies) == 1


def test_without_a_second_press_it_stays_paused_and_play_may_go_on() -> None:
    room = Room()
    room.ask(c.PressEmergency("console"))
    room.wait(6)
    room.ask(c.PressEmergency("console"))
    assert room.state.emergency is not None
    assert not room.state.emergency.confirmed
    room.ask(c.Resume())
    assert room.state.emergency is None


def test_endex_and_reopening() -> None:
    room = Room()
    room.wait(100)
    room.ask(c.End("time", "bell"))
    assert (room.state.ended_how, room.state.ended_ms) == ("time", 100_000)
    assert code(room, c.ReleaseInject("smoke")) == "refused.ended"
    room.wait(599)
    room.ask(c.Reopen())
    assert room.state.paused
    assert room.now_ms == 100_000
    room.ask(c.Resume())
    room.ask(c.End())
    room.wait(601)
    assert code(room, c.Reopen()) == "refused.reason-needed"
    room.ask(c.Reopen("one more"))


def test_taking_back() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.RecordDecision("head", "Leave"))
    room.undo("wrong role")
    assert room.state.decisions == ()
    room.undo()
    assert room.state.released == ()
    assert [retraction.reason for retraction in room.state.retracted.values()] == ["wrong role", ""]
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.GiveAnswer("first", "head", ("alarm",)), Actor("seat", roles=("head",)))
    release = next(entry for entry in room.conductor.entries[5:] if entry.event.kind == "inject_released")
    with pytest.raises(Refused) as refused:
        room.ask(c.Retract(release))
    assert (refused.value.code, refused.value.values["who"]) == ("refused.answered", "head")
    assert code(room, c.Retract(room.conductor.entries[0])) == "refused.cannot-take-back"
    assert code(room, c.Retract(room.conductor.entries[1])) == "refused.cannot-take-back"


def test_who_may_append_what() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.ReleaseInject("order"))
    head, guard = Actor("seat", roles=("head",)), Actor("seat", roles=("guard", "clerk"))
    evaluator, lead, recorder, site = Actor("evaluator", "E1"), Actor("lead", "E2"), Actor("recorder", "R"), Actor("site", "hall")
    allowed: list[tuple[Actor, c.Command]] = [
        (head, c.GiveAnswer("first", "head", ("alarm",))),
        (head, c.AcknowledgeInject("order", "head")),
        (guard, c.RecordDecision("clerk", "wait")),
        (guard, c.SendMessage("guard", "head", "hello")),
        (evaluator, c.MarkAction("go", "done")),
        (evaluator, c.Rate("E1", "act", "P")),
        (evaluator, c.RecordBreach("run-in")),
        (lead, c.Rate("E2", "act", "S", "slow")),
        (recorder, c.RecordDecision("head", "go")),
        (recorder, c.MarkAction("go", "partial")),
        (site, c.MarkAction("go", "done")),
        (site, c.Pause("site", "hall")),
    ]
    for actor, command in allowed:
        assert room.ask(command, actor), (actor, command)
    room.ask(c.Resume())
    forbidden: list[tuple[Actor, c.Command]] = [
        (head, c.GiveAnswer("first", "clerk", ("alarm",))),
        (head, c.ReleaseInject("quiet")),
        (head, c.MarkAction("go", "done")),
        (evaluator, c.Rate("E2", "act", "P")),
        (evaluator, c.ReleaseInject("quiet")),
        (evaluator, c.LockRatings()),
        (recorder, c.Rate("R", "act", "P")),
        (recorder, c.Pause()),
        (site, c.ReleaseInject("soon")),
        (site, c.MarkAction("raise-alarm", "done")),
        (site, c.Pause("x", "elsewhere")),
        (site, c.End()),
        (Actor("wall"), c.AddNote("note", "x")),
        (Actor("viewer"), c.HearRole("head")),
    ]
    for actor, command in forbidden:
        assert code(room, command, actor) == "refused.not-yours", (actor, command)
    mine = room.conductor.newest_to_take_back(evaluator)
    assert mine is not None
    room.ask(c.Retract(mine), evaluator)
    assert code(room, c.Retract(room.conductor.entries[2]), evaluator) == "refused.not-yours"


def test_before_startex_only_the_briefing_is_open() -> None:
    room = Room(start=False)
    room.ask(c.SetParameter("place", "Qiaoxi"))
    room.ask(c.ChoosePace("discussion"))
    room.ask(c.TickCheck("police-told", note="110, 09:30"))
    for command in (c.ReleaseInject("smoke"), c.Pause(), c.End(), c.RecordDecision("head", "x")):
        assert code(room, command) == "refused.not-started"
    assert code(room, c.SetParameter("nothing", "x")) == "refused.no-parameter"
    room.ask(c.Start())
    assert code(room, c.SetParameter("place", "x")) == "refused.already-started"
    assert code(room, c.Start()) == "refused.already-started"
    assert (dict(room.state.parameters), room.state.pace) == ({"place": "Qiaoxi"}, "discussion")

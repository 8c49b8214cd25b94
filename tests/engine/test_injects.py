from __future__ import annotations

from dataclasses import replace

import pytest

from tabletop.engine import commands as c
from tabletop.engine import schedule
from tabletop.engine.events import InjectAcknowledged, InjectReleased
from tabletop.engine.rights import DRIVER, Actor
from tabletop.errors import Refused
from tests.engine.rooms import Room


def due(room: Room) -> list[str]:
    return [line.inject.id for line in schedule.due(room.conductor.plan, room.state, room.now_ms)]


def status(room: Room, inject: str) -> str:
    return schedule.line_of(room.conductor.plan, room.state, inject, room.now_ms).status


def code(room: Room, command: c.Command, actor: Actor = DRIVER) -> str:
    with pytest.raises(Refused) as refused:
        room.ask(command, actor)
    return refused.value.code


def test_an_inject_is_due_at_its_time_and_released_once() -> None:
    room = Room()
    assert due(room) == ["smoke"]
    (entry,) = room.ask(c.ReleaseInject("smoke"))
    assert entry.event == InjectReleased(inject="smoke", due_ms=0, read_ms=10_000)
    assert due(room) == []
    assert code(room, c.ReleaseInject("smoke")) == "refused.already-released"


def test_what_falls_due_in_a_jump_is_cued_oldest_first() -> None:
    room = Room()
    room.ask(c.Jump(9 * 60_000))
    assert due(room) == ["smoke", "order", "quiet", "soon"]
    room.ask(c.ReleaseInject("order"))
    room.wait(120)
    assert due(room) == ["smoke", "quiet", "soon", "late"]


def test_what_a_jump_or_a_gap_went_over_never_releases_itself() -> None:
    room = Room(auto=True)
    room.conductor.tick()
    room.ask(c.Jump(250_000))
    room.conductor.tick()
    assert room.state.released == ("smoke",)
    assert due(room) == ["order"]
    room.ask(c.Pause("gap"))
    room.ask(c.SettleGap(100_000, counted=True))
    room.ask(c.Resume())
    room.conductor.tick()
    assert due(room) == ["order", "quiet"]
    room.ask(c.ReleaseInject("order"))
    room.wait(130)
    room.conductor.tick()
    assert list(room.state.released) == ["smoke", "order", "late", "soon"]


def test_a_pause_makes_nothing_due_and_forbids_a_release() -> None:
    room = Room()
    room.wait(170)
    room.ask(c.Pause())
    room.wait(3600)
    assert due(room) == ["smoke"]
    assert code(room, c.ReleaseInject("smoke")) == "refused.paused"
    room.ask(c.Resume())
    room.wait(10)
    assert due(room) == ["smoke", "order"]


def test_after_counts_from_the_release_of_the_other() -> None:
    room = Room()
    room.wait(600)
    room.ask(c.ReleaseInject("order"))
    assert "late" not in due(room)
    room.wait(119)
    assert "late" not in due(room)
    room.wait(1)
    assert "late" in due(room)


def test_only_the_path_being_played_falls_due() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(300)
    assert "alarmed" in due(room)
    assert "quiet" not in due(room)
    assert status(room, "quiet") == "off_path"
    assert code(room, c.ReleaseInject("quiet")) == "refused.off-path"
    (entry,) = room.ask(c.ReleaseInject("quiet", "to see both"))
    assert isinstance(entry.event, InjectReleased)
    assert entry.event.off_path
    assert entry.event.reason == "to see both"


def test_what_was_released_stays_released_when_the_path_changes() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.GiveAnswer("first", "head", ("alarm",)))
    room.wait(20)
    room.ask(c.Jump(300_000))
    room.ask(c.ReleaseInject("alarmed"))
    room.ask(c.GiveAnswer("first", "head", ("look",)))
    assert status(room, "alarmed") == "released"
    assert status(room, "quiet") == "due"


def test_a_hold_is_wanted_when_its_cue_holds_and_never_releases_itself() -> None:
    room = Room(auto=True)
    room.conductor.tick()
    room.wait(129)
    assert status(room, "push") == "held"
    room.wait(1)
    assert status(room, "push") == "wanted"
    room.conductor.tick()
    assert status(room, "push") == "wanted"
    room.ask(c.MarkAction("raise-alarm", "done"))
    assert status(room, "push") == "held"


def test_auto_releases_what_is_due_and_on_the_path() -> None:
    room = Room(auto=True)
    for _ in range(60):
        room.wait(10)
        room.conductor.tick()
    assert room.state.released == ("smoke", "order", "quiet", "late", "soon")


def test_an_inject_may_release_itself_in_a_run_that_does_not() -> None:
    room = Room()
    room.wait(480)
    room.conductor.tick()
    assert room.state.released == ("soon",)


def test_skip_delay_and_slide() -> None:
    room = Room()
    room.ask(c.SkipInject("smoke", "no time"))
    assert status(room, "smoke") == "skipped"
    assert code(room, c.SkipInject("smoke")) == "refused.already-skipped"
    room.ask(c.DelayInject("order"))
    room.ask(c.SlideInjects())
    table = schedule.timetable(room.conductor.plan, room.state).due_of
    assert (table["order"], table["quiet"], table["end"]) == (420_000, 420_000, 1_320_000)
    room.ask(c.SkipInject("quiet", "done already", overtaken=True))
    assert status(room, "quiet") == "overtaken"
    room.undo()
    assert status(room, "quiet") == "waiting"
    assert code(room, c.DelayInject("push")) == "refused.no-time"


def test_the_discussion_pace_goes_one_core_inject_after_the_other() -> None:
    room = Room(pace="discussion")
    assert due(room) == ["smoke"]
    room.ask(c.ReleaseInject("smoke"))
    assert due(room) == []
    assert status(room, "soon") == "set_aside"
    room.wait(10)
    assert due(room) == ["order"]
    room.wait(5000)
    assert schedule.due(room.conductor.plan, room.state, room.now_ms)[0].late_ms(room.now_ms) == 0
    room.conductor.tick()
    assert room.state.released == ("smoke",)
    room.ask(c.SkipInject("order"))
    assert due(room) == ["late"]
    room.ask(c.ReleaseInject("soon"))
    assert status(room, "soon") == "released"


def test_the_discussion_pace_plays_everything_where_nothing_is_core() -> None:
    from tests.engine.rooms import DATA

    data = {**DATA, "injects": [{key: value for key, value in inject.items() if key != "core"} for inject in DATA["injects"]]}
    room = Room(data, pace="discussion")
    assert status(room, "soon") == "waiting"
    assert due(room) == ["smoke"]


def test_an_inject_added_on_the_spot_is_held_then_released() -> None:
    room = Room()
    room.ask(c.AddInject({"id": "extra", "kind": "call", "title": "Extra", "text": "Hello.", "at": "hold", "to": ["head"]}))
    assert status(room, "extra") == "held"
    assert code(room, c.AddInject({"id": "extra", "kind": "call", "title": "E", "text": "t", "at": "hold"})) == "refused.id-taken"
    assert code(room, c.AddInject({"id": "e2", "kind": "call", "title": "E", "text": "t", "at": "hold", "to": ["x"]})) == "refused.no-role"
    assert code(room, c.AddInject({"id": "e3", "kind": "nonsense", "title": "E", "text": "t", "at": "hold"})) == "refused.bad-inject"
    assert code(room, c.AddInject({"id": "e4", "kind": "call", "title": "E", "text": "t", "at": "3m"})) == "refused.bad-inject"
    (entry,) = room.ask(c.ReleaseInject("extra"))
    assert room.state.released == ("extra",)
    added = room.conductor.entries[-2]
    with pytest.raises(Refused) as refused:
        room.ask(c.Retract(added))
    assert refused.value.code == "refused.added-released"
    room.undo()
    room.ask(c.Retract(added))
    assert "extra" not in room.conductor.plan.inject_by_id
    assert entry.seq in room.state.retracted


def test_reading_time_comes_from_the_words_rounded_down_to_five_seconds() -> None:
    from tests.engine.rooms import DATA

    text = " ".join(["word"] * 77)  # 33 s
    data = {**DATA, "injects": [{"id": "a", "at": "0s", "kind": "call", "title": "A", "text": {"en": text, "zh-Hans": "字" * 100}},
                                {"id": "b", "at": "0s", "kind": "call", "title": "B", "text": text, "to": ["head"]}]}  # fmt: skip
    room = Room(data)
    plan = room.conductor.plan
    assert [plan.reading_ms(inject) for inject in plan.injects] == [30_000, 0]
    plan.language = "zh-Hans"
    assert plan.reading_ms(plan.injects[0]) == 25_000


def test_acknowledging() -> None:
    room = Room()
    assert code(room, c.AcknowledgeInject("order", "head")) == "refused.not-released"
    room.ask(c.ReleaseInject("order"))
    room.wait(7)
    room.ask(c.AcknowledgeInject("order", "head"))
    assert room.ask(c.AcknowledgeInject("order", "head")) == []
    assert code(room, c.AcknowledgeInject("order", "clerk")) == "refused.not-addressed"
    assert dict(room.state.inject("order").acknowledged) == {"head": 7000}


def test_what_asks_for_no_receipt_takes_none() -> None:
    room = Room()
    (release,) = room.ask(c.ReleaseInject("smoke"))
    assert code(room, c.AcknowledgeInject("smoke", "clerk"), Actor("seat", roles=("clerk",))) == "refused.no-receipt"
    assert room.ask(c.Retract(release, "slip")), "no player can make a release stay"


def test_a_receipt_that_nobody_asked_for_holds_no_release() -> None:
    room = Room()
    (release,) = room.ask(c.ReleaseInject("smoke"))
    receipt = replace(release, seq=release.seq + 1, id="of an older program", event=InjectAcknowledged(inject="smoke", role="clerk"))
    room.log.append([receipt], expected_head=release.seq)
    room.conductor.catch_up()
    assert room.state.inject("smoke").acknowledged
    assert room.ask(c.Retract(release, "slip"))


def test_probes_and_hints_are_shown_one_after_the_other() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.ShowProbe("smoke"))
    room.ask(c.ShowHint("smoke"))
    room.ask(c.ShowHint("smoke"))
    assert code(room, c.ShowHint("smoke")) == "refused.no-hint"
    assert (room.state.inject("smoke").probes, room.state.inject("smoke").hints) == ((0,), (0, 1))


def test_five_thousand_injects_are_asked_about_in_about_the_same_time_as_few() -> None:
    from tests.engine.rooms import DATA

    many = [{"id": f"i{n}", "at": f"{n}s", "kind": "call", "title": "T", "text": "t"} for n in range(5000)]
    room = Room({**DATA, "injects": many})
    room.ask(c.ReleaseInject("i0"))
    plan, state = room.conductor.plan, room.state
    assert schedule.timetable(plan, state) is schedule.timetable(plan, room.conductor.state)
    assert schedule.due(plan, state, 3000)[0].inject.id == "i1"
    assert next(iter(schedule.upcoming(plan, state, 3000))).inject.id == "i4"

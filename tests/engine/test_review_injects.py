"""Fine points of injects: delays, paths, paces, what is added on the spot; and that the schedule stays quick."""

from __future__ import annotations

from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine import schedule
from tabletop.engine.events import InjectReleased
from tabletop.engine.paths import holds
from tabletop.engine.plan import Plan
from tabletop.exercise.conditions import ParameterIs
from tests.engine.looks import code, due, due_ms, inject, known, playing, status, with_injects
from tests.engine.rooms import DATA, Room

# Injects.


def test_an_inject_put_off_late_falls_due_that_long_after_now() -> None:
    room = Room()
    room.wait(600)
    assert "order" in due(room)
    room.ask(c.DelayInject("order"))
    assert "order" not in due(room)
    assert due_ms(room, "order") == 720_000
    room.undo()
    assert due_ms(room, "order") == 180_000


def test_delays_and_slides_add_up_and_what_follows_follows() -> None:
    room = Room()
    room.ask(c.DelayInject("order"))
    room.ask(c.SlideInjects(60_000))
    room.ask(c.DelayInject("order", 30_000))
    room.ask(c.DelayInject("late", 10_000))
    assert (due_ms(room, "order"), due_ms(room, "late"), due_ms(room, "push")) == (390_000, None, None)
    room.wait(400)
    room.ask(c.ReleaseInject("order"))
    room.ask(c.SlideInjects(60_000))
    assert due_ms(room, "late") == 530_000
    assert due_ms(room, "end") == 1_320_000


def test_a_skipped_inject_can_be_released_by_hand_and_is_skipped_again_when_that_is_taken_back() -> None:
    room = Room()
    room.ask(c.SkipInject("smoke", "no time"))
    room.ask(c.ReleaseInject("smoke", "time after all"))
    assert status(room, "smoke") == "released"
    room.undo()
    assert (status(room, "smoke"), room.state.inject("smoke").reason) == ("skipped", "no time")


def test_what_waits_for_a_skipped_or_taken_back_inject_waits_and_is_not_lost() -> None:
    room = Room()
    room.ask(c.ReleaseInject("order"))
    assert due_ms(room, "late") == 120_000
    room.undo()
    assert due_ms(room, "late") is None
    room.ask(c.SkipInject("order"))
    room.wait(5000)
    assert status(room, "late") == "waiting"
    coming = [line.inject.id for line in schedule.upcoming(room.conductor.plan, room.state, room.now_ms)]
    assert "late" in coming
    room.ask(c.ReleaseInject("late"))


def test_of_two_due_injects_the_first_may_close_the_path_of_the_second() -> None:
    one = inject("one", at="10s")
    other = inject("other", at="10s", when={"not": {"released": "one"}})
    later = inject("opened", at="10s", when={"released": "one"})
    room = Room({**DATA, "injects": [one, other, later]}, auto=True)
    room.wait(11)
    (entry,) = [entry for entry in room.conductor.tick() if isinstance(entry.event, InjectReleased)][:1]
    assert isinstance(entry.event, InjectReleased)
    assert entry.event.inject == "one"
    room.conductor.tick()
    assert room.state.released == ("one", "opened")


def test_auto_goes_on_through_pauses_and_speeds_and_releases_everything_once() -> None:
    room = Room(auto=True)
    for step in range(240):
        room.wait(5)
        if step % 20 == 3:
            room.ask(c.Pause("break"))
            room.wait(300)
            room.conductor.tick()
            room.ask(c.Resume())
        if step % 20 == 9:
            room.ask(c.SetSpeed([0.25, 4, 1][step // 20 % 3]))
        room.conductor.tick()
    assert room.state.released == ("smoke", "order", "quiet", "late", "soon", "end")
    for entry in room.conductor.entries:
        if isinstance(entry.event, InjectReleased):
            assert entry.event.due_ms is not None
            assert 0 <= entry.exercise_ms - entry.event.due_ms < 20_000, "late by one look at the clock at most"


def test_the_discussion_pace_leaves_out_what_follows_a_hold_that_was_never_released() -> None:
    reply = inject("reply", after={"inject": "push", "delay": "1m"}, core=True)
    room = Room(with_injects(reply), pace="discussion")
    for name in ("smoke", "order", "late", "end"):
        assert due(room) == [name]
        room.ask(c.ReleaseInject(name))
        room.wait(60)
    assert due(room) == []
    assert status(room, "reply") == "waiting"
    room.ask(c.ReleaseInject("push"))
    room.wait(60)
    assert due(room) == ["reply"]


def test_the_discussion_pace_waits_for_the_reading_of_whatever_was_released_last() -> None:
    room = Room(with_injects(inject("aside", at="hold", read="30s")), pace="discussion")
    room.ask(c.ReleaseInject("smoke"))
    room.wait(10)
    assert due(room) == ["order"]
    room.ask(c.ReleaseInject("aside"))
    assert due(room) == []
    room.wait(30)
    assert due(room) == ["order"]
    room.undo()
    assert due(room) == ["order"]


def test_in_the_discussion_pace_time_alone_does_nothing() -> None:
    timed = inject("timed", at="hold", cue={"any": [{"action": "raise-alarm", "not_done_within": "1m"}, {"breach": "run-in"}]})
    room = Room(with_injects(timed), pace="discussion")
    room.ask(c.ReleaseInject("smoke"))
    room.wait(5000)
    assert (status(room, "timed"), status(room, "push"), known(room, "raise-alarm").state) == ("held", "held", "open")
    room.ask(c.RecordBreach("run-in"))
    assert status(room, "timed") == "wanted"
    room.ask(c.End())
    assert known(room, "raise-alarm").state == "no_record"
    assert known(room, "listen").state == "not_applicable", "set aside and never released"


def test_a_parameter_without_a_value_of_its_own_is_judged_by_its_default() -> None:
    parameters = {
        "none": {"kind": "number", "default": 0},
        "half": {"kind": "number", "default": 2.5},
        "town": {"default": {"en": "Harbour", "zh-Hans": "港口"}},
    }
    room = Room({**DATA, "parameters": parameters})
    for name, value in (("none", "0"), ("half", "2.5"), ("town", "Harbour"), ("town", "港口")):
        condition = ParameterIs.model_validate({"parameter": name, "is": [value]})
        assert holds(condition, room.conductor.plan, room.state, 0), (name, value)
        other = ParameterIs.model_validate({"parameter": name, "is": ["other"]})
        assert not holds(other, room.conductor.plan, room.state, 0)


@pytest.mark.parametrize(
    ("kind", "good", "bad"), [("number", "12", "a dozen"), ("duration", "3m", "1:30"), ("choice", "red", "blue"), ("text", "anything", "")]
)
def test_a_parameter_takes_what_its_kind_takes(kind: str, good: str, bad: str) -> None:
    default = {"number": 1, "duration": "2m", "choice": "green", "text": "x"}[kind]
    options = {"options": ["red", "green"]} if kind == "choice" else {}
    room = Room({**DATA, "parameters": {"open": {"kind": kind, "default": default, **options}}}, start=False)
    assert room.ask(c.SetParameter("open", good))
    if bad:
        assert code(room, c.SetParameter("open", bad)) == "refused.bad-parameter"


ADDED = {"id": "extra", "kind": "call", "title": "Extra", "text": "Hello.", "at": "hold"}
ACTION = {"id": "z", "title": "Z", "by": "head", "criticality": "major", "category": "notify", "objective": "act"}
CHOICE = {"id": "q", "question": "?", "answer": "choice"}


@pytest.mark.parametrize(
    "more",
    [
        {"cue": {"action": "nothing", "not_done_within": "2m"}},
        {"when": {"answer": "nothing", "is": ["x"]}},
        {"after": {"inject": "smoke"}},
        {"expects": [{**ACTION, "objective": "nothing"}]},
        {"expects": [{**ACTION, "done_by": {"released": "nothing"}}]},
        {"expects": [ACTION, ACTION]},
        {"asks": [CHOICE]},
        {"asks": [{**CHOICE, "options": [{"id": "a", "text": "A", "does": ["nothing"]}]}]},
        {"asks": [{**CHOICE, "options": [{"id": "a", "text": "A", "breaks": ["nothing"]}]}]},
        {"asks": [{**CHOICE, "options": [{"id": "a", "text": "A", "for": "nobody"}]}]},
        {"title": ""},
    ],
)
def test_an_added_inject_that_could_not_be_played_is_refused(more: dict[str, Any]) -> None:
    room = playing()
    assert code(room, c.AddInject({**ADDED, **more})) in ("refused.bad-inject", "refused.no-role", "refused.id-taken")
    assert room.state.added == ()


def test_an_added_inject_may_speak_of_itself_and_of_those_added_before() -> None:
    room = playing()
    own = {**CHOICE, "options": [{"id": "a", "text": "A", "does": ["z", "raise-alarm"], "breaks": ["run-in"], "for": "guard"}]}
    room.ask(c.AddInject({**ADDED, "expects": [ACTION], "asks": [own]}))
    path = {"all": [{"released": "extra"}, {"answer": "q", "is": ["a"]}, {"action": "z", "state": "done"}]}
    second = {**ADDED, "id": "extra-2", "when": path}
    room.ask(c.AddInject(second))
    room.ask(c.ReleaseInject("extra"))
    room.ask(c.GiveAnswer("q", "head", ("a",)))
    room.ask(c.ReleaseInject("extra-2"))
    assert known(room, "z").other_role == "guard"
    assert code(room, c.AddInject({**ADDED, "id": "extra-2"})) == "refused.id-taken"


def test_taking_back_an_added_inject_leaves_those_playable_that_speak_of_it() -> None:
    room = playing()
    (first,) = room.ask(c.AddInject({**ADDED, "expects": [ACTION]}))
    speaks = {**CHOICE, "options": [{"id": "a", "text": "A", "does": ["z", "raise-alarm"], "misses": ["z"]}]}
    cue = {"any": [{"action": "z", "not_done_within": "1m"}, {"action": "z", "state": "missed"}, {"released": "extra"}]}
    room.ask(c.AddInject({**ADDED, "id": "extra-2", "asks": [speaks], "cue": cue, "when": {"not": {"action": "z", "state": "done"}}}))
    room.ask(c.Retract(first))
    assert status(room, "extra-2") == "held"
    room.ask(c.ReleaseInject("extra-2"))
    room.ask(c.GiveAnswer("q", "head", ("a",)))
    assert known(room, "raise-alarm").state == "done"
    assert [effect.target for effect in room.conductor.entries[-1].event.effects] == ["raise-alarm"]  # type: ignore[union-attr]


def test_a_probe_or_hint_belongs_to_what_the_room_was_told() -> None:
    room = Room()
    for command in (c.ShowProbe("smoke"), c.ShowHint("smoke")):
        assert code(room, command) == "refused.not-released"


def test_what_somebody_types_into_an_added_inject_is_cleaned_and_has_no_placeholders() -> None:
    room = playing()
    (entry,) = room.ask(c.AddInject({**ADDED, "title": "Red\x1b[31m", "text": {"en": "{place} \u202eback"}}))
    assert isinstance(entry.event, e.InjectAdded)
    assert entry.event.inject["title"] == "Red\ufffd[31m"
    assert room.state.added[0].text == {"en": "{place} \ufffdback"}


# Speed and size.


def test_an_entry_that_moves_no_inject_leaves_the_timetable_alone() -> None:
    room = playing()
    room.ask(c.ReleaseInject("order"))
    table = schedule.timetable(room.conductor.plan, room.state)
    for command in (
        c.AddNote("note", "x"),
        c.MarkAction("go", "done"),
        c.GiveAnswer("first", "head", ("alarm",)),
        c.ShowProbe("smoke"),
        c.ShowHint("smoke"),
        c.AcknowledgeInject("order", "head"),
    ):
        room.ask(command)
        assert schedule.timetable(room.conductor.plan, room.state) is table, command


def fresh_table(plan: Plan, room: Room) -> schedule.Timetable:
    return schedule.Timetable.of(plan, room.state)


@pytest.mark.parametrize("seed", range(30))
def test_a_timetable_that_was_changed_is_the_one_that_is_made_anew(seed: int) -> None:
    import random

    from tests.engine.test_properties import play

    chance = random.Random(3000 + seed)
    room = Room(auto=chance.random() < 0.5, pace=chance.choice(["timed", "discussion"]))
    for _ in play(room, chance, 60):
        plan = room.conductor.plan
        kept, made = schedule.timetable(plan, room.state), fresh_table(plan, room)
        assert [inject.id for inject in kept.pending] == [inject.id for inject in made.pending]
        assert kept.due_of == made.due_of
        assert kept.due_times == made.due_times
        assert [inject.id for inject in kept.due_injects] == [inject.id for inject in made.due_injects]
        assert [inject.id for inject in kept.turns] == [inject.id for inject in made.turns]


@pytest.mark.parametrize("seed", range(30))
def test_what_is_remembered_of_a_path_is_what_holds(seed: int) -> None:
    import random

    from tabletop.engine.paths import on_path
    from tests.engine.test_properties import play

    conditions: list[dict[str, Any]] = [
        {"released": "order"},
        {"answer": "first", "is": ["look"]},
        {"action": "raise-alarm", "state": "done"},
        {"action": "call-out", "state": "not_applicable"},
        {"action": "go", "state": "missed"},
        {"action": "raise-alarm", "not_done_within": "90s"},
        {"breach": "run-in"},
        {"elapsed": "4m"},
        {"parameter": "place", "is": ["here"]},
        {"all": [{"not": {"breach": "run-in"}}, {"any": [{"released": "soon"}, {"elapsed": "2m"}]}]},
    ]
    extra = [inject(f"if-{number}", at="1m", when=condition) for number, condition in enumerate(conditions)]
    chance = random.Random(4000 + seed)
    room = Room(with_injects(*extra), auto=chance.random() < 0.5)
    for _ in play(room, chance, 60):
        for made in room.conductor.plan.injects:
            if made.when is not None:
                plan, state, now = room.conductor.plan, room.state, room.now_ms
                assert on_path(plan, state, made.id, now) == holds(made.when, plan, state, now), made.id

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tabletop.engine.events import ClockPaused, InjectReleased, RunCreated
from tabletop.engine.standing import standing
from tabletop.exercise.model import Exercise
from tabletop.rehearsal.play import Played, Rehearsal, StepRefused
from tabletop.rehearsal.script import Script
from tests.engine.rooms import BEGIN_MS, DATA


def play(*steps: dict[str, Any], **more: Any) -> Played:
    exercise = Exercise.model_validate(DATA)
    script = Script.model_validate({"exercise": "small", "steps": list(steps), **more})
    created = RunCreated(exercise="small", version="1", pace=script.pace, language="en", seed=1)
    ids = (f"00000000-0000-4000-8000-{number:012d}" for number in itertools.count(1))
    return Rehearsal(exercise, script, created, BEGIN_MS, lambda: next(ids)).play()


def releases(played: Played) -> list[tuple[str, int]]:
    return [(entry.event.inject, entry.exercise_ms // 1000) for entry in played.entries if isinstance(entry.event, InjectReleased)]


def test_what_the_script_does_not_name_happens_by_itself_at_its_moment() -> None:
    assert releases(play()) == [("smoke", 0), ("order", 180), ("quiet", 300), ("late", 300), ("soon", 480), ("end", 1200)]


def test_what_a_step_names_waits_for_the_step() -> None:
    played = play({"at": "4m", "release": "order"}, {"at": "9m", "skip": "soon", "reason": "no time"})
    assert releases(played) == [("smoke", 0), ("order", 240), ("quiet", 300), ("late", 360), ("end", 1200)]


def test_what_a_step_keeps_back_comes_when_a_step_releases_it_or_not_at_all() -> None:
    played = play({"at": "1m", "hold": "order", "reason": "wait"}, {"at": "2m", "hold": "soon"}, {"at": "10m", "release": "order"})
    assert releases(played) == [("smoke", 0), ("quiet", 300), ("order", 600), ("late", 720), ("end", 1200)]
    with pytest.raises(StepRefused) as refused:
        play({"at": "4m", "hold": "order"})
    assert (refused.value.index, refused.value.why.code) == (0, "refused.already-released")


def test_steps_come_before_what_falls_due_at_the_same_moment() -> None:
    played = play({"at": "0s", "release": "smoke"}, {"at": "5m", "role": "head", "ask": "first", "choose": ["alarm"]})
    assert ("alarmed", 300) in releases(played)
    assert ("quiet", 300) not in releases(played)


def test_a_path_that_opens_with_time_is_taken_when_it_opens() -> None:
    opens = {"all": [{"elapsed": "90s"}, {"action": "raise-alarm", "not_done_within": "95s"}]}
    deep = {"id": "deep", "at": "1m", "kind": "intel", "title": "D", "text": "d", "when": opens}
    timed = {**DATA, "injects": [*DATA["injects"], deep]}
    exercise = Exercise.model_validate(timed)
    created = RunCreated(exercise="small", version="1", pace="timed", language="en", seed=1)
    ids = (f"00000000-0000-4000-8000-{number:012d}" for number in itertools.count(1))
    played = Rehearsal(exercise, Script(exercise="small"), created, BEGIN_MS, lambda: next(ids)).play()
    assert ("deep", 105) in releases(played)


def test_a_pause_takes_wall_time_only() -> None:
    played = play({"at": "4m", "pause": "5m"}, {"at": "5m", "hint": "smoke"})
    stood = next(entry for entry in played.entries if isinstance(entry.event, ClockPaused))
    ended = played.entries[-2]
    assert (stood.exercise_ms, ended.exercise_ms) == (240_000, 1_800_000)
    assert ended.wall_ms - played.entries[0].wall_ms == 2_100_000


def test_people_jump_undo_add_and_what_follows_endex() -> None:
    played = play(
        {"at": "10s", "action": "raise-alarm", "state": "done", "prompted": True, "how": "written"},
        {"at": "20s", "decide": {"role": "head", "text": "Wrong"}},
        {"at": "20s", "undo": "not said"},
        {"at": "30s", "add": {"kind": "call", "title": "Extra", "text": "Hello", "to": ["head"]}},
        {"at": "40s", "jump": "2m"},
        {"at": "200s", "role": "guard", "acknowledge": "order"},
        {"at": "200s", "role": "guard", "message": {"to": "head", "text": "shut"}},
        {"at": "210s", "breach": "run-in", "role": "clerk", "corrected": True},
        {"at": "220s", "observe": {"evaluator": "E1", "objective": "act", "kind": "gap", "text": "slow"}},
        {"confirm": {"action": "go", "state": "missed", "note": "nobody"}},
        {"rate": {"evaluator": "E1", "objective": "act", "rating": "M", "note": "slow"}},
        {"behaviour": {"evaluator": "E1", "line": "calm", "score": 4}},
        {"indicator": "out", "value": 12},
        people={"guard": {"A": "Li Wei", "B": "Sun Li"}},
        end="10m",
    )
    from tabletop.engine.plan import plan_of

    plan = plan_of(Exercise.model_validate(DATA), played.state)
    assert standing(plan, played.state, "raise-alarm", 0).prompted
    assert standing(plan, played.state, "go", 0).state == "missed"
    assert played.state.decisions == ()
    assert played.state.added[0].id == "added-1"
    assert played.state.ratings[("E1", "act")].rating == "M"
    assert (played.state.locked, played.state.ended_ms) == (True, 600_000)
    assert [person.name for person in played.state.people] == ["Li Wei", "Sun Li"]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"at": "1m", "role": "head", "ask": "in-order", "order": ["a", "b"]}, "refused.not-released"),
        ({"at": "1m", "role": "head", "ask": "first", "choose": ["nothing"]}, "refused.bad-answer"),
        ({"at": "1m", "role": "head", "ask": "first"}, "refused.bad-answer"),
        ({"at": "1m", "release": "alarmed"}, "refused.off-path"),
        ({"at": "1m", "action": "nothing"}, "refused.no-action"),
        ({"rate": {"evaluator": "E1", "objective": "nothing", "rating": "P"}}, "refused.no-objective"),
    ],
)
def test_a_step_that_cannot_happen_is_named(step: dict[str, Any], code: str) -> None:
    with pytest.raises(StepRefused) as refused:
        play({"at": "0s", "release": "smoke"}, step)
    assert (refused.value.index, refused.value.code) == (1, code)


def test_the_discussion_pace_goes_through_the_core() -> None:
    assert releases(play(pace="discussion")) == [("smoke", 0), ("order", 10), ("late", 10), ("end", 10)]


def test_the_same_script_gives_the_same_log() -> None:
    steps = ({"at": "20s", "decide": {"role": "head", "text": "Go"}}, {"at": "30s", "speed": 7}, {"at": "7m", "hint": "smoke"})
    assert play(*steps).entries == play(*steps).entries

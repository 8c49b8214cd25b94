"""Fine points of scripts (semantics: *Scripts*): what is named, what cannot happen, what is stored."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tabletop.conductor import resume
from tabletop.engine.events import InjectReleased, ParameterSet, RunCreated
from tabletop.engine.evolve import replay
from tabletop.engine.standing import ask_deadline, standing
from tabletop.exercise.loading import Loaded, canonical
from tabletop.exercise.model import Exercise
from tabletop.exercise.problems import InvalidExercise
from tabletop.rehearsal.play import Played, Rehearsal, StepRefused
from tabletop.rehearsal.rehearse import keep, rehearse
from tabletop.rehearsal.script import Script
from tabletop.scoring.projection import rows
from tabletop.store import Store
from tests.engine.rooms import BEGIN_MS, DATA


def play(*steps: dict[str, Any], data: dict[str, Any] = DATA, auto: bool = False, **more: Any) -> Played:
    script = Script.model_validate({"exercise": "small", "steps": list(steps), **more})
    created = RunCreated(exercise="small", version="1", pace=script.pace, language="en", seed=1, auto=auto)
    ids = (f"00000000-0000-4000-8000-{number:012d}" for number in itertools.count(1))
    return Rehearsal(Exercise.model_validate(data), script, created, BEGIN_MS, lambda: next(ids)).play()


def releases(played: Played) -> list[tuple[str, int]]:
    return [(entry.event.inject, entry.exercise_ms // 1000) for entry in played.entries if isinstance(entry.event, InjectReleased)]


TIMED = {
    **DATA,
    "parameters": {"place": {"default": "here"}, "first-report": {"kind": "duration", "default": "1m"}},
}


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    path = tmp_path / "small.yaml"
    path.write_text("", "utf-8")
    return Loaded(path, Exercise.model_validate(TIMED), canonical(TIMED), (), {})


def script(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "script.yaml"
    path.write_text(text, "utf-8")
    return path


def problems(loaded: Loaded, path: Path) -> list[tuple[int, str]]:
    with pytest.raises(InvalidExercise) as wrong:
        rehearse(loaded, path)
    return [(problem.line, problem.code) for problem in wrong.value.problems]


def test_the_parameters_of_a_script_are_in_the_log_and_the_stored_run_is_the_one_that_was_played(loaded: Loaded, tmp_path: Path) -> None:
    path = script(tmp_path, "exercise: small\nparameters: {place: Qiaoxi, first-report: 3m}\nsteps: []\n")
    made = rehearse(loaded, path, seed=1, begin_ms=BEGIN_MS)
    assert [entry.event for entry in made.played.entries if isinstance(entry.event, ParameterSet)] == [
        ParameterSet(name="place", value="Qiaoxi"),
        ParameterSet(name="first-report", value="3m"),
    ]
    home = tmp_path / "private"
    home.mkdir(mode=0o700)

    def no_rows(*_: object) -> Mapping[str, Sequence[Mapping[str, object]]]:
        return {}

    with Store.open(home / "store.db") as store:
        run = keep(store, made, no_rows)
        stored = resume(store, store.find_run(run))
        assert stored.conductor.exercise.parameters["first-report"].default == "3m"
        assert stored.conductor.state == replay(made.played.entries)
        stored.close()


def test_a_rehearsal_is_stored_in_one_commit(loaded: Loaded, tmp_path: Path) -> None:
    """Whoever kills it meanwhile finds nothing of it, or all of it and that it is over."""
    made = rehearse(loaded, script(tmp_path, "exercise: small\nsteps: []\n"), seed=1, begin_ms=BEGIN_MS)
    home = tmp_path / "private"
    home.mkdir(mode=0o700)
    statements: list[str] = []
    with Store.open(home / "store.db") as store:
        store.prepare()
        assert store._writer is not None
        store._writer.set_trace_callback(statements.append)
        run = keep(store, made, rows)
        assert statements.count("COMMIT") == 1
        row = store.find_run(run)
        assert (row.kind, row.status, row.events) == ("rehearsal", "draft", len(made.played.entries))
        assert row.ended is not None
        assert store.log(run).verify().ok


def test_what_a_script_cannot_say_has_its_line(loaded: Loaded, tmp_path: Path) -> None:
    nobody = "exercise: small\npeople:\n  guard: {A: Li Wei}\n  nobody: {A: Sun Li}\nsteps: []\n"
    assert problems(loaded, script(tmp_path, nobody)) == [(4, "refused.no-role")]
    second = "exercise: small\npeople:\n  head: {B: Li Wei}\nsteps: []\n"
    assert problems(loaded, script(tmp_path, second)) == [(3, "refused.one-holder")]
    unknown = "exercise: small\nparameters:\n  place: here\n  nothing: x\nsteps: []\n"
    assert problems(loaded, script(tmp_path, unknown)) == [(4, "problems.parameter-unknown")]
    wrong = "exercise: small\nparameters:\n  first-report: soon\nsteps: []\n"
    assert problems(loaded, script(tmp_path, wrong)) == [(3, "problems.parameter-duration")]


def test_a_step_after_the_planned_end_cannot_happen(loaded: Loaded, tmp_path: Path) -> None:
    text = "exercise: small\nsteps:\n  - {at: 29m, hint: smoke}\n  - {at: 31m, hint: smoke}\n"
    assert problems(loaded, script(tmp_path, text)) == [(4, "script.after-end")]


def test_a_step_at_a_time_that_a_jump_went_over_cannot_happen() -> None:
    steps = ({"at": "1m", "jump": "3m"}, {"at": "2m", "hint": "smoke"})
    with pytest.raises(StepRefused) as refused:
        play(*steps)
    assert (refused.value.index, refused.value.code) == (1, "script.jumped-over")
    assert play(steps[0], {"at": "4m", "hint": "smoke"}).state.inject("smoke").hints == (0,)


@pytest.mark.parametrize("step", [{"at": "1m", "delay": "order", "by": "0s"}, {"at": "1m", "jump": "0s"}])
def test_a_span_of_nothing_is_a_step_that_cannot_happen(step: dict[str, Any]) -> None:
    with pytest.raises(StepRefused):
        play(step)


def test_what_a_step_takes_back_does_not_come_again_by_itself() -> None:
    played = play({"at": "3m10s", "undo": "too early"})
    assert [name for name, _ in releases(played)].count("order") == 1
    assert played.state.released == ("smoke", "quiet", "soon", "end")


def test_what_a_step_names_is_never_released_by_itself_even_in_a_run_that_releases_everything() -> None:
    played = play({"at": "10m", "release": "smoke"}, {"at": "11m", "skip": "end"}, auto=True)
    assert ("smoke", 600) in releases(played)
    assert "end" not in played.state.released
    assert "push" not in played.state.released, "a hold never"


def test_a_jump_releases_nothing_and_what_comes_after_it_comes() -> None:
    played = play({"at": "1m", "jump": "6m"})
    assert releases(played) == [("smoke", 0), ("soon", 480), ("end", 1200)]


def test_at_one_moment_steps_come_first_and_what_falls_due_in_the_order_of_the_plan() -> None:
    same = {"id": "same", "at": "3m", "kind": "intel", "title": "S", "text": "s"}
    played = play(
        {"at": "3m", "decide": {"role": "head", "text": "first"}},
        {"at": "3m", "decide": {"role": "head", "text": "second"}},
        data={**DATA, "injects": [*DATA["injects"], same]},
    )
    kinds = [(entry.event.kind, entry.exercise_ms) for entry in played.entries if entry.exercise_ms == 180_000]
    assert [kind for kind, _ in kinds] == ["decision_made", "decision_made", "inject_released", "inject_released"]
    assert releases(played)[1:3] == [("order", 180), ("same", 180)]


def test_at_speed_a_step_comes_at_its_time_to_the_sixteenth_of_a_second() -> None:
    played = play({"at": "10s", "speed": 60}, *({"at": f"{70 + 7 * n}s", "probe": "smoke"} for n in range(2)), {"at": "20m", "speed": 0.25})
    for entry in played.entries:
        if entry.event.kind == "probe_shown":
            assert min(abs(entry.exercise_ms - due) for due in (70_000, 77_000)) <= 60
    stamps = [entry.exercise_ms for entry in played.entries]
    assert stamps == sorted(stamps)


def test_effects_windows_and_pauses_are_those_of_the_engine() -> None:
    played = play(
        {"at": "20s", "role": "head", "ask": "first", "choose": ["both"]},
        {"at": "30s", "pause": "10m", "reason": "break"},
        {"at": "40s", "role": "head", "ask": "first", "choose": ["alarm"]},
        {"at": "50s", "jump": "1m"},
        {"at": "2m", "role": "clerk", "ask": "first", "choose": ["look"]},
    )
    from tabletop.engine.plan import plan_of

    plan = plan_of(Exercise.model_validate(DATA), played.state)
    assert ask_deadline(plan, played.state, "first") == 130_000
    alarm = standing(plan, played.state, "raise-alarm", 0)
    assert (alarm.at_ms, alarm.other_role, alarm.latency_ms) == (20_000, "head", 10_000)
    assert standing(plan, played.state, "call-out", 0).state == "no_record"
    assert len(played.state.effects["run-in"]) == 1


def test_the_same_seed_and_script_give_the_same_bytes(loaded: Loaded, tmp_path: Path) -> None:
    path = script(tmp_path, "exercise: small\nparameters: {place: Qiaoxi}\nsteps:\n  - {at: 20s, speed: 7}\n  - {at: 3m20s, hint: smoke}\n")
    one, other = (rehearse(loaded, path, seed=5, begin_ms=BEGIN_MS) for _ in range(2))
    strip = [(entry.seq, entry.wall_ms, entry.exercise_ms, entry.actor, entry.event) for entry in one.played.entries]
    assert strip == [(entry.seq, entry.wall_ms, entry.exercise_ms, entry.actor, entry.event) for entry in other.played.entries]

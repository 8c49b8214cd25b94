"""The shipped exercise, played by its scripts: well and badly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tabletop.engine.plan import plan_of
from tabletop.engine.standing import standing
from tabletop.exercise.loading import Loaded, load_exercise
from tabletop.exercise.problems import InvalidExercise
from tabletop.library import Library
from tabletop.rehearsal.rehearse import Rehearsed, rehearse

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "tests" / "scripts"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_exercise(ROOT / "exercises" / "armed-hostage.yaml", Library().deck)


def states(rehearsed: Rehearsed) -> Counter[str]:
    state = rehearsed.played.state
    plan = plan_of(rehearsed.exercise, state)
    return Counter(standing(plan, state, action, 0).state for action in plan.actions)


def test_the_exercise_has_what_the_catalogue_asks_for(loaded: Loaded) -> None:
    exercise = loaded.exercise
    actions = [action for inject in exercise.injects for action in inject.expects]
    assert exercise.languages == ("en", "zh-Hans")
    assert len(actions) == 25
    assert sum(action.criticality == "critical" for action in actions) <= 6
    assert sum(len(inject.asks) for inject in exercise.injects) <= 12
    assert sum(inject.core for inject in exercise.injects) == 8
    assert sum(inject.held for inject in exercise.injects) >= 3
    assert sum(inject.when is not None for inject in exercise.injects) >= 2
    assert all(2 <= len(ask.options) <= 6 for inject in exercise.injects for ask in inject.asks if ask.options)
    assert len(exercise.prohibited) == 5
    assert loaded.warnings == ()


def test_played_well_everything_expected_is_done(loaded: Loaded) -> None:
    well = rehearse(loaded, SCRIPTS / "armed-hostage-well.yaml")
    assert states(well) == {"done": 25}
    assert well.played.state.locked
    assert {rating.evaluator for rating in well.played.state.ratings.values()} == {"E1", "E2"}


def test_played_badly_takes_the_other_path_and_is_missed_only_where_a_person_said_so(loaded: Loaded) -> None:
    well = rehearse(loaded, SCRIPTS / "armed-hostage-well.yaml")
    badly = rehearse(loaded, SCRIPTS / "armed-hostage-badly.yaml")
    counted = states(badly)
    assert counted["missed"] >= 5
    assert counted["no_record"] >= 1
    assert badly.played.state.breaches or badly.played.state.effects
    taken = set(badly.played.state.released) - set(well.played.state.released)
    assert {"loud-alarm", "police-ring-the-centre", "added-1"} <= taken
    kinds = {entry.event.kind for entry in badly.played.entries}
    assert {"inject_skipped", "clock_paused", "retracted", "inject_added"} <= kinds


def test_a_script_for_another_exercise_and_a_step_that_cannot_happen_are_named(loaded: Loaded, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("exercise: atm\nsteps: []\n", "utf-8")
    with pytest.raises(InvalidExercise) as wrong:
        rehearse(loaded, other)
    assert [(problem.line, problem.code) for problem in wrong.value.problems] == [(1, "script.other-exercise")]
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        "exercise: armed-hostage\nsteps:\n  - {at: 1m, role: teller-1, ask: first-move, choose: [comply]}\n  - at: 2m\n    hint: nothing\n",
        "utf-8",
    )
    with pytest.raises(InvalidExercise) as refused:
        rehearse(loaded, bad)
    assert [(problem.line, problem.code) for problem in refused.value.problems] == [(4, "refused.no-inject")]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("exercise: armed-hostage\nsteps:\n  - {at: 1m, dance: yes}\n", 3, "script.step-form"),
        ("exercise: armed-hostage\nsteps:\n  - {at: 1m, hint: side-exit, loud: true}\n", 3, "problems.unknown-key"),
        ("exercise: armed-hostage\nsteps:\n  - {at: 2m, hint: side-exit}\n  - {at: 1m, hint: side-exit}\n", 4, "script.out-of-order"),
        ("exercise: armed-hostage\nend: 1m\nsteps:\n  - {at: 2m, hint: side-exit}\n", 4, "script.after-end"),
        ("exercise: armed-hostage\nsteps:\n  - {hint: side-exit}\n", 3, "problems.missing-key"),
        ("steps: []\n", 1, "problems.missing-key"),
        ("exercise: x\nsteps:\n  - {at: 1:30, hint: x}\n", 3, "problems.duration-two-fields"),
    ],
)
def test_problems_of_a_script_have_their_line(loaded: Loaded, tmp_path: Path, text: str, line: int, code: str) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidExercise) as wrong:
        rehearse(loaded, path)
    assert (line, code) in [(problem.line, problem.code) for problem in wrong.value.problems]

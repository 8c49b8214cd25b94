"""The measure of a facilitator's attention plays what it says it plays; how much it comes to is printed by `tests.benchmarks`."""

from __future__ import annotations

from pathlib import Path

from tabletop.exercise.loading import load_exercise
from tests.benchmarks.attention import row
from tests.benchmarks.eyes import ALOUD_PER_MINUTE, Eyes, is_read, known_by
from tests.benchmarks.facilitator import END_MS, played
from tests.benchmarks.surroundings import EXERCISE


async def test_the_play_really_happens(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    done = await played(folder, alone=False)
    exercise = load_exercise(EXERCISE).exercise
    told = [inject for inject in exercise.injects if inject.id in done.state.released]
    assert {inject.id for inject in exercise.injects if inject.core and isinstance(inject.at, int) and inject.at <= END_MS // 1000} <= set(
        done.state.released
    )
    assert {"he-turns", "police-bring-four", "hand-on-the-door"} <= set(done.state.released), "the branches of what was answered"
    assert done.due == ()
    assert done.sealed
    assert done.owners == {"driver", "seat", "evaluator", "recorder"}
    last = told[-1]
    answered = {ask.id for inject in told if inject is not last for ask in inject.asks}
    assert answered == {ask for ask in answered if done.state.ask(ask).answers}
    owed = {action.id for inject in told if inject is not last for action in inject.expects}
    effects = {one.effect.target for ask in answered for answer in done.state.ask(ask).answers.values() for one in answer.effects}
    assert owed <= set(done.state.marks) | effects
    assert done.eyes.aloud > 9 * ALOUD_PER_MINUTE
    assert done.eyes.looks >= len(told)
    assert sum(done.eyes.lines.values()) > len(told)
    assert done.eyes.characters == 0, "others write the words"
    assert abs(row("", done.eyes).median - done.eyes.total_min) < 0.01  # type: ignore[operator]


def test_a_line_is_read_again_only_where_it_says_something_else() -> None:
    assert known_by("x 2 5  T1     Keeps calm     critical  1:02 left") == known_by("x 2 5  T1     Keeps calm    critical  0:58 left")
    assert known_by("x 2 5  T1     Keeps calm     critical  1:02 left") != known_by("✓ 2 5  T1     Keeps calm   critical  done 0:31")
    assert known_by("… 5 more lines: shift+↓") == known_by("… 2 more lines: shift+↓")
    assert known_by("─ ASKED 2 · EXPECTED 3 ───") == known_by("─ ASKED 1 · EXPECTED 1 ────")
    assert not is_read("▌ A chair tips over.")
    assert not is_read("┆ A red line on the panel.")
    assert not is_read("──────────")
    assert not is_read("")
    assert is_read("  Read slowly.")


def test_minutes_are_worked_out_from_what_was_counted() -> None:
    eyes = Eyes(aloud=290, looks=10, keys=20, checks=10, characters=30)
    eyes.read(["one two three"] * 50, "notes")
    assert eyes.aloud_min == 2
    assert round(eyes.acts_min * 60, 2) == 10 * 1.35 + 20 * 0.28 + 10 * 0.6
    assert round(eyes.silent_min, 6) == 1
    assert round(eyes.typed_min, 6) == 0.2
    assert round(eyes.total_min, 4) == round(3.2 + eyes.acts_min, 4)

"""Reads a script file: the steps, or every problem with its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tabletop.errors import TabletopError
from tabletop.exercise.model import Exercise
from tabletop.exercise.nodes import Map
from tabletop.exercise.problems import InvalidExercise, Problem, Problems
from tabletop.exercise.reading import Reading
from tabletop.exercise.source import Source, read_source
from tabletop.exercise.validation import validated

from .script import ClosingStep, Script


@dataclass(frozen=True, slots=True)
class ScriptFile:
    """A script that can be read, and where its steps stand."""

    path: Path
    script: Script
    data: Map

    def refused(self, where: tuple[str | int, ...], error: TabletopError) -> InvalidExercise:
        """Something that cannot happen, as a problem with its line."""
        problems = Problems()
        problems.add_at(self.data, where, error.code, of_key=False, **error.values)
        return InvalidExercise(problems.sorted())


def read_script(path: Path) -> ScriptFile:
    """The script of a file. Raises InvalidExercise with every problem, NotFound where there is no file."""
    source = read_source(path)
    script, problems = _checked(source)
    if script is None or problems or source.data is None:
        raise InvalidExercise(problems)
    return ScriptFile(path, script, source.data)


def check_script(source: Source) -> Sequence[Problem]:
    """What is wrong with a script beyond its YAML, without playing it."""
    return _checked(source)[1] if source.data is not None else ()


def _checked(source: Source) -> tuple[Script | None, tuple[Problem, ...]]:
    problems = Problems()
    problems.extend(source.problems)
    if source.data is None:
        return None, problems.sorted()
    script = validated(Script, source.data, Reading(), problems)
    if script is not None:
        _check_order(script, source.data, problems)
    return script, problems.sorted()


def _check_order(script: Script, data: Map, problems: Problems) -> None:
    """Steps stand in time order; nothing happens after the end."""
    before = 0
    for index, step in enumerate(script.steps):
        if isinstance(step, ClosingStep):
            continue
        if step.at < before:
            problems.add_at(data, ("steps", index, "at"), "script.out-of-order")
        if script.end is not None and step.at > script.end:
            problems.add_at(data, ("steps", index, "at"), "script.after-end")
        before = max(before, step.at)


def require_same_exercise(file: ScriptFile, exercise: Exercise, path: Path) -> None:
    """The script must be for the exercise given. Raises InvalidExercise."""
    named = file.script.exercise
    if named == exercise.id or (file.path.parent / named).resolve() == path.resolve():
        return
    problems = Problems()
    problems.add_at(file.data, ("exercise",), "script.other-exercise", given=named, exercise=exercise.id)
    raise InvalidExercise(problems.sorted())

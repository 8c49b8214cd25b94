"""The smallest exercise that loads, and ways to write and load changed copies of it."""

from __future__ import annotations

from pathlib import Path

from tabletop.exercise.loading import Loaded, check_file, load_exercise
from tabletop.exercise.problems import InvalidExercise, Problem

BAD = Path(__file__).parent / "bad"

SMALL = """\
format: 1
id: small
title: Small
version: "1"
languages: [en]
subject: other
duration: 30m
summary: A small exercise.
setting: A hall.
roles:
  - {id: teller, title: Teller, duty: Serves}
objectives:
  - {id: alarm, title: Alarm}
injects:
  - id: knife
    at: 0s
    kind: situation
    title: Knife
    text: A man with a knife.
    expects:
      - {id: press, title: Press, by: teller, criticality: major, category: notify, objective: alarm}
"""


def changed(*pairs: tuple[str, str], base: str = SMALL, more: str = "") -> str:
    """`base` with parts replaced, each of which must be in it, and more behind it."""
    for old, new in pairs:
        assert old in base, old
        base = base.replace(old, new, 1)
    return base + more


def second(*lines: str, at: str = "at: 5m", name: str = "second") -> str:
    """Another inject, with more lines."""
    return "\n    ".join([f"  - id: {name}", at, "kind: call", "title: Second", "text: A call.", *lines]) + "\n"


def bad_deck(name: str) -> Path | None:
    """Finds the decks beside the bad files."""
    path = BAD / "decks" / f"{name}.yaml"
    return path if path.exists() else None


def written(folder: Path, text: str, name: str = "exercise.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def loaded(folder: Path, text: str) -> Loaded:
    return load_exercise(written(folder, text), bad_deck)


def problems_of(folder: Path, text: str | bytes) -> list[Problem]:
    """The problems of a text, lints left out."""
    path = folder / "exercise.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return [problem for problem in check_file(path, bad_deck) if problem.severity == "error"]


def lints_of(folder: Path, text: str) -> list[tuple[str, str]]:
    """Code and subject of every warning of a text that loads."""
    return [(warning.code.removeprefix("lint."), str(warning.value["on"])) for warning in loaded(folder, text).warnings]


def told(problems: list[Problem] | tuple[Problem, ...]) -> list[str]:
    """Problems as `LINE:COLUMN CODE`."""
    return [f"{problem.line}:{problem.column} {problem.code.partition('.')[2]}" for problem in problems]


def refused(folder: Path, text: str) -> InvalidExercise:
    """The error that loading a text raises."""
    try:
        loaded(folder, text)
    except InvalidExercise as error:
        return error
    raise AssertionError("it loads")

"""Who plays which role, from a file: `{ROLE: {A: name, B: name}}`."""

from __future__ import annotations

from pathlib import Path

from tabletop.exercise.model import Exercise
from tabletop.exercise.nodes import Map, Origin, Place
from tabletop.exercise.problems import Problems, near
from tabletop.exercise.source import read_source
from tabletop.text import clean_line

HOLDERS = ("A", "B")

LONGEST_NAME = 60
"""Characters of a name that are kept."""


def read_people(path: Path, exercise: Exercise) -> dict[str, dict[str, str]]:
    """Names by role and holder. Raises InvalidExercise with every problem of the file, NotFound where there is none."""
    source = read_source(path)
    problems = Problems()
    problems.extend(source.problems)
    people: dict[str, dict[str, str]] = {}
    root = Map.begun(Origin(path), Place(path, 1, 1)) if source.data is None else source.data
    for role, holders in root.items():
        if role not in exercise.role_by_id:
            problems.add_at(root, (role,), "people.no-role", of_key=True, given=role, **near(role, exercise.role_by_id))
        elif not isinstance(holders, Map):
            problems.add_at(root, (role,), "people.not-holders")
        else:
            people[role] = _names(root, role, holders, problems)
    problems.raise_if_any()
    return people


def _names(root: Map, role: str, holders: Map, problems: Problems) -> dict[str, str]:
    names = {}
    for holder, name in holders.items():
        if holder not in HOLDERS:
            problems.add_at(root, (role, holder), "people.no-holder", of_key=True, given=holder)
        elif not isinstance(name, str | int | float) or isinstance(name, bool):
            problems.add_at(root, (role, holder), "people.no-name")
        else:
            names[holder] = clean_line(str(name), longest=LONGEST_NAME)
    return names

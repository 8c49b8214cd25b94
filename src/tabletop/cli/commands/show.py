"""`tabletop show`: what an exercise is, fit for any eyes unless the facilitator asks for everything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from tabletop.cli.commands.list import exercise_row, subject_name
from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.layout import indented, table
from tabletop.text import clean_line, localise
from tabletop.words import Words

if TYPE_CHECKING:
    from tabletop.exercise.injects import Inject
    from tabletop.exercise.model import Exercise
    from tabletop.library import Entry

PROSE_CELLS = 78
"""How wide paragraphs are set; tables take what they need."""


@tabletop_command("show")
@click.argument("exercise")
@click.option("--facilitator", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(said: Invocation, exercise: str, facilitator: bool, as_json: bool) -> None:
    """Shows one exercise. Raises NotFound, or InvalidExercise with every problem of the file."""
    from tabletop.cli.facilitator_page import facilitator_lines
    from tabletop.exercise.loading import load_exercise
    from tabletop.library import Entry, Library

    library = Library()
    path = library.find(exercise)
    loaded = load_exercise(path, library.deck)
    entry = Entry(loaded.exercise.id, path, library.origin_of(path), loaded)
    if as_json:
        said.output.json("exercise", whole_row(entry, loaded.exercise, said.language))
        return
    said.output.lines(open_lines(loaded.exercise, said.words, said.output.width))
    if facilitator:
        said.output.lines(facilitator_lines(loaded.exercise, said.words))


def whole_row(entry: Entry, exercise: Exercise, language: str) -> dict[str, object]:
    """The exercise as `--json` prints it: the row of the list with roles, objectives and injects."""
    numbers = exercise.number_of_role
    row = exercise_row(entry, language)
    return {
        **row,
        "roles": [
            {
                "id": role.id,
                "number": numbers[role.id],
                "title": localise(role.title, language),
                "short": role.short_name(language),
                "simulated": role.simulated,
                "site": role.site,
            }
            for role in exercise.roles
        ],
        "objectives": [
            {"id": objective.id, "title": localise(objective.title, language), "weight": objective.weight, "core": objective.core}
            for objective in exercise.objectives
        ],
        "injects": [inject_row(inject, language) for inject in exercise.injects],
    }


def inject_row(inject: Inject, language: str) -> dict[str, object]:
    """One inject of the list; its asks and expected actions by id."""
    return {
        "id": inject.id,
        "kind": inject.kind,
        "title": localise(inject.title, language),
        "at_s": inject.at if isinstance(inject.at, int) else None,
        "held": inject.held,
        "after": inject.after and {"inject": inject.after.inject, "delay_s": inject.after.delay},
        "to": list(inject.to),
        "core": inject.core,
        "phase": inject.phase,
        "asks": [ask.id for ask in inject.asks],
        "actions": [action.id for action in inject.expects],
    }


def open_lines(exercise: Exercise, words: Words, width: int | None = None) -> Iterator[str]:
    """What a player may see too: the frame, roles, objectives, and when something happens; in `width` columns where one is given."""
    from tabletop.exercise.durations import written

    language = words.language
    yield f"{exercise.id} {exercise.version}  {_one_line(exercise.title, words)}"
    facts = (
        subject_name(exercise.subject, words),
        written(exercise.duration),
        words(f"alert.{exercise.alert}"),
        ", ".join(exercise.languages),
        localise(exercise.handling, language),
    )
    yield words("show.between").join(facts)
    yield from ("", *indented(localise(exercise.summary, language).strip(), PROSE_CELLS, 0))
    if exercise.plan is not None:
        yield from ("", words("show.plan", title=_one_line(exercise.plan.title, words), version=exercise.plan.version))
    inner = None if width is None else width - 2
    for heading, rows in (
        (words("show.roles"), _role_rows(exercise, words)),
        (words("show.objectives"), _objective_rows(exercise, words)),
        (words("show.injects", n=len(exercise.injects)), _inject_rows(exercise, words)),
    ):
        yield from ("", heading, *(f"  {line}" for line in table(rows, inner)))


def _one_line(text: str | dict[str, str], words: Words) -> str:
    return clean_line(localise(text, words.language))


def _role_rows(exercise: Exercise, words: Words) -> Iterator[tuple[str, ...]]:
    for role in exercise.roles:
        simulated = words("show.simulated") if role.simulated else ""
        told = words("show.role", title=f"{_one_line(role.title, words)}{simulated}", duty=_one_line(role.duty, words))
        yield str(exercise.number_of_role[role.id]), role.short_name(words.language), role.id, told


def _objective_rows(exercise: Exercise, words: Words) -> Iterator[tuple[str, ...]]:
    for objective in exercise.objectives:
        yield objective.id, words("show.core") if objective.core else "", f"{objective.weight:g}", _one_line(objective.title, words)


def _inject_rows(exercise: Exercise, words: Words) -> Iterator[tuple[str, ...]]:
    """The list of events: number, when, core, kind, to whom, title."""
    yield tuple(words(f"show.column.{name}") for name in ("number", "when", "core", "kind", "to", "title"))
    for number, inject in enumerate(exercise.injects, 1):
        core = words("show.core-sign") if inject.core else ""
        to = ", ".join(exercise.role_by_id[role].short_name(words.language) for role in inject.to) or words("show.room")
        yield str(number), when_text(inject, words), core, words(f"kind.{inject.kind}"), to, _one_line(inject.title, words)


def when_text(inject: Inject, words: Words) -> str:
    """When an inject is due, as the list shows it."""
    from tabletop.exercise.durations import short_clock, written

    if inject.held:
        return words("show.held")
    if inject.after is not None:
        return words("show.after", inject=inject.after.inject, delay=written(inject.after.delay))
    return short_clock(inject.at if isinstance(inject.at, int) else 0)

"""`tabletop run`: the facilitator's console, for a new run or one to go on with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import click

from tabletop import platform
from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.join_cards import join_cards
from tabletop.cli.layout import table
from tabletop.cli.stored import open_store
from tabletop.errors import Exit, Refused

if TYPE_CHECKING:
    from tabletop.conductor import RunOptions
    from tabletop.library import Library

Pace = Literal["discussion", "timed"]

SETTLED = ("pace", "slot", "until", "speed", "auto", "values", "site", "level", "people")
"""What is settled when a run is made, and cannot be asked for when one is resumed."""


@tabletop_command("run")
@click.argument("exercise", required=False)
@click.option("--resume", metavar="RUN")
@click.option("--pace", type=click.Choice(get_args(Pace)))
@click.option("--slot", metavar="TIME")
@click.option("--until", metavar="HH:MM")
@click.option("--speed", metavar="X", type=float)
@click.option("--auto", is_flag=True)
@click.option("--set", "values", metavar="NAME=VALUE", multiple=True)
@click.option("--site", metavar="TEXT")
@click.option("--level", metavar="TEXT")
@click.option("--people", metavar="FILE")
@click.option("--practice", is_flag=True)
@click.option("--quiet", is_flag=True)
@click.pass_obj
def command(said: Invocation, /, exercise: str | None, resume: str | None, quiet: bool, practice: bool, **asked: Any) -> int:
    """Opens the console. Raises TabletopError for what cannot be opened, before the screen is drawn where that shows early."""
    from tabletop.library import Library

    words = said.words
    if (exercise is None) == (resume is None):
        raise click.UsageError(words("runs.exercise-or-resume"))
    if resume is not None and (given := [name for name in SETTLED if asked[name]]):
        raise click.UsageError(words("runs.settled-already", option=f"--{given[0].replace('values', 'set')}"))
    if asked["slot"] and asked["until"]:
        raise click.UsageError(words("runs.slot-or-until"))
    if practice and resume is not None:
        raise click.UsageError(words("runs.practice-resumed"))
    if practice and asked["people"]:
        raise click.UsageError(words("runs.practice-alone"))
    library = Library()
    if exercise is None:
        with open_store(said) as store:
            store.find_run(resume or "", open_only=True)
        said.need_screen(f"tabletop log {resume}")
        return _console(said, library, resume=resume, quiet=quiet)
    _booking(said, asked)
    path, kind = library.find(exercise), "practice" if practice else "live"
    said.need_screen(f"tabletop rehearse {exercise} --script FILE")
    return _console(said, library, exercise=path, options=run_options(said, library, path, asked), quiet=quiet, kind=kind)


def _console(said: Invocation, library: Library, **what: Any) -> int:
    from tabletop.tui.start import run_console

    _warn_of_a_network_drive(said)
    return run_console(store=said.store, language=said.language, library=library, make_cards=join_cards, **what)


def _warn_of_a_network_drive(said: Invocation) -> None:
    """Tells, as `doctor` does, where the store lies on a drive whose locks cannot be relied upon (F20)."""
    remote = platform.network_drive(said.store)
    if remote is None:
        return
    [line] = table([(said.words("doctor.state.warning"), said.words("doctor.store"), f"{said.store} ({remote})")])
    said.narration.output.line(line, "warn")
    said.narration.note("doctor.network-drive")


def run_options(said: Invocation, library: Library, path: Path, asked: dict[str, Any]) -> RunOptions:
    """What the command line settles for a new run. Names and values are held against the exercise before anything is stored.

    Raises InvalidExercise, TabletopError for a parameter that is not there or a value it does not take.
    """
    from tabletop.conductor import RunOptions

    values = dict(_assignment(text, said) for text in asked["values"])
    slot_ms, until_ms = _booking(said, asked)
    people: dict[str, dict[str, str]] = {}
    if values or asked["people"]:
        from tabletop.cli.people import read_people
        from tabletop.exercise.loading import bind, load_exercise

        loaded = load_exercise(path, library.deck)
        bind(loaded.text, dict(values))
        if asked["people"]:
            people = read_people(Path(asked["people"]).expanduser(), loaded.exercise)
    return RunOptions(
        pace=asked["pace"] or "discussion",
        language=said.language,
        site=asked["site"] or "",
        level=asked["level"] or "",
        auto=asked["auto"],
        speed=_speed(asked["speed"]),
        parameters=values,
        people=people,
        slot_ms=slot_ms,
        until_wall_ms=until_ms,
    )


def _booking(said: Invocation, asked: dict[str, Any]) -> tuple[int, int]:
    """How long the room is booked, and until when on the wall, in milliseconds; 0 where it was not said.

    Raises click.UsageError for what is no time, Refused (usage) for one too short, too long or past.
    """
    if not asked["slot"] and not asked["until"]:
        return 0, 0
    from datetime import datetime

    from tabletop.conductor.booking import slot_of, until_of
    from tabletop.engine.booking import LONGEST_MS, MINUTE_MS, SHORTEST_MS

    now = datetime.now().astimezone()
    slot = slot_of(asked["slot"]) if asked["slot"] else 0
    until = until_of(asked["until"], now) if asked["until"] else 0
    if slot is None:
        raise click.UsageError(said.words("runs.not-a-slot", given=asked["slot"]))
    if until is None:
        raise click.UsageError(said.words("runs.not-a-time", given=asked["until"]))
    left_ms = until - round(now.timestamp() * 1000) if until else slot
    if not SHORTEST_MS <= left_ms <= LONGEST_MS:
        limits = {"shortest": SHORTEST_MS // MINUTE_MS, "longest": LONGEST_MS // (60 * MINUTE_MS)}
        raise Refused("refused.booking", exit_code=Exit.USAGE, **limits)
    return slot, until


def _assignment(text: str, said: Invocation) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise click.UsageError(said.words("runs.not-an-assignment", given=text))
    return name.strip(), value


def _speed(asked: float | None) -> float:
    from tabletop.engine.clock import FASTEST, SLOWEST

    if asked is None:
        return 1.0
    if not SLOWEST <= asked <= FASTEST:
        raise Refused("refused.speed", exit_code=Exit.USAGE, slowest=SLOWEST, fastest=int(FASTEST))
    return asked

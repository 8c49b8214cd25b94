"""Runs in the store, as commands read them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from .group import Invocation

if TYPE_CHECKING:
    from tabletop.engine.events import Entry
    from tabletop.engine.state import State
    from tabletop.exercise.model import Exercise
    from tabletop.store import RunRow, Store


def open_store(said: Invocation) -> Store:
    """The store that was named, to read. Raises NotFound where there is none, and what `Store.open` raises."""
    from tabletop.store import Store

    return Store.open(said.store, create=False)


def played(store: Store, row: RunRow) -> tuple[Exercise, State, list[Entry]]:
    """A run as its log tells it: the exercise with the values it was played with, the state at the end, every entry."""
    from tabletop.engine.evolve import replay
    from tabletop.exercise.loading import bind

    entries = store.log(row.id).read()
    state = replay(entries)
    return bind(store.exercise_text(row.id), dict(state.parameters)), state, entries


def summary_row(summary: dict[str, object]) -> dict[str, object]:
    """A row of `run_summary` as `--json` prints it: numbers to two decimals, as in every document."""
    from tabletop.scoring.grades import printed

    numbers = {name: value for name, value in summary.items() if isinstance(value, float)}
    return summary | {name: printed(value) for name, value in numbers.items()}


def local_time(utc: str | None) -> str:
    """A time of the store as the clock on this machine shows it: `2026-11-19 10:40`; `-` where there is none."""
    return "-" if utc is None else f"{datetime.fromisoformat(utc).astimezone():%Y-%m-%d %H:%M}"

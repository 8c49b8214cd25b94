"""Which part of a list with a cursor is in sight, and the lines that say how much of it is not.

Owns: that no row is hidden without a sign. Refuses to own: how a row looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.content import Content

from tabletop.words import Words

from .look import plain

ROWS = ("panel.more-above", "panel.more-below")
PEOPLE = ("panel.emergency-more-above", "panel.emergency-more-below")
"""What counts rows, or people, above and below what is in sight."""

SIGNS = 3
"""Rows of room from which on both ends of a part have a line of their own."""


@dataclass(frozen=True, slots=True)
class InSight:
    """A part of a list."""

    top: int
    """The first row that is shown."""
    shown: int
    above: int = 0
    """How many rows a line says stand above; 0: no line."""
    below: int = 0


def in_sight(count: int, cursor: int, room: int) -> InSight:
    """The part of `count` rows that is shown in `room` lines: the cursor is in it, and a line at each end counts what is not."""
    if count <= room:
        return InSight(0, count)
    cursor = max(0, min(cursor, count - 1))
    if room < SIGNS:
        # No room for two lines: what follows is counted before what went by.
        if room > 1 and cursor == count - 1:
            return InSight(cursor, 1, above=cursor)
        return InSight(cursor, 1, below=count - cursor - 1 if room > 1 else 0)
    if cursor < room - 1:
        return InSight(0, room - 1, below=count - room + 1)
    if cursor > count - room:
        return InSight(count - room + 1, room - 1, above=count - room + 1)
    shown = room - 2
    top = cursor - shown + 1
    return InSight(top, shown, top, count - top - shown)


def still_at(names: Sequence[str], name: str, last: int) -> int:
    """Where the cursor is in a list that changes below it: on what it stood on, `name`, else where that stood `last`; 0 in an empty one."""
    return names.index(name) if name in names else max(0, min(last, len(names) - 1))


def listed(
    count: int, row: Callable[[int], Content], cursor: int | None, room: int, words: Words, *, signs: tuple[str, str] = ROWS
) -> list[Content]:
    """The rows in sight, and the lines that count the others in the words of `signs`. The row of the cursor is reversed; None: none is."""
    part = in_sight(count, cursor or 0, room)
    rows = [row(index) for index in range(part.top, part.top + part.shown)]
    if cursor is not None and part.top <= cursor < part.top + part.shown:
        rows[cursor - part.top] = rows[cursor - part.top].stylize("reverse")
    before = [_sign(words(signs[0], n=part.above))] if part.above else []
    after = [_sign(words(signs[1], n=part.below))] if part.below else []
    return [*before, *rows, *after]


def _sign(text: str) -> Content:
    return plain(f"    {text}", "bold $text-warning")

"""Markdown from text that nobody vouches for: escaping, and tables that line up in cells.

Everything that comes from a person, a file or a word table goes through `escape`, so that no text can make a heading, a
link, an image, a table cell or markup (T5). Only this module and the layout write marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tabletop.text import cells, clean_line

MEANING = re.compile(r"[\\`*_{}\[\]()#<>!|~&$@+^]")
"""Characters with a meaning somewhere in Markdown or its common dialects."""

LINK = re.compile(r"(?i)(:)(?=//)|(?<=www)(\.)")
"""What would make a bare address a link."""

BEGINNING = re.compile(r"^(?:([-=:%])|(\d+)(\.)(?=\s|$))")
"""What would make a list, a heading or a definition at the beginning of a line."""

WIDEST = 40
"""Cells to which the columns of a table are padded; longer texts stick out rather than stretch every row."""


def escape(text: str) -> str:
    """`text` on one line, shown by every Markdown reader as it is."""
    line = MEANING.sub(r"\\\g<0>", clean_line(text, longest=20_000))
    line = LINK.sub(r"\\\g<0>", line)
    return BEGINNING.sub(lambda found: f"{found[2]}\\{found[3]}" if found[2] else f"\\{found[1]}", line)


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> list[str]:
    """A table; headings and cells are plain text. `right` has the columns of numbers."""
    to_the_right = set(right)
    grid = [[escape(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(3, min(WIDEST, max(cells(row[column]) for row in grid))) for column in range(len(headings))]
    lines = [_line(row, widths, to_the_right) for row in grid]
    rule = [f"{'-' * (width - 1)}:" if column in to_the_right else "-" * width for column, width in enumerate(widths)]
    return [lines[0], f"| {' | '.join(rule)} |", *lines[1:], ""]


def _line(row: Sequence[str], widths: Sequence[int], to_the_right: set[int]) -> str:
    padded = []
    for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
        space = " " * max(0, width - cells(cell))
        padded.append(space + cell if column in to_the_right else cell + space)
    return f"| {' | '.join(padded)} |"


def bullets(texts: Iterable[str]) -> list[str]:
    """A list; its items are plain text."""
    return [*(f"- {escape(text)}" for text in texts), ""]


def heading(level: int, text: str) -> list[str]:
    """A heading of plain text."""
    return [f"{'#' * level} {escape(text)}", ""]


def paragraph(text: str) -> list[str]:
    """A paragraph of plain text."""
    return [escape(text), ""]


def strong(text: str) -> list[str]:
    """A paragraph of plain text, set off."""
    return [f"**{escape(text)}**", ""]

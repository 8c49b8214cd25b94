"""Plain text in columns, measured in terminal cells: wrapping that knows Chinese, lists of terms, tables."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from tabletop.text import cells, first_cells

NARROWEST = 40
WIDEST = 80
"""Help is set for a reader's eye: never wider than this, and never so narrow that nothing fits."""

TERM_CELLS = 26
"""A term of a list wider than this stands on a line of its own."""

_OPENING = "（《「『“‘【〈"
_CLOSING = "，。；：！？、）》」』”’】〉…"


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` cells; a line never begins with closing punctuation. Newlines of the text stay."""
    return [line for paragraph in text.split("\n") for line in _wrapped(paragraph, width)]


def _wrapped(paragraph: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for unit in _units(paragraph):
        if unit.isspace():
            line += " " if line else ""
            continue
        if line.strip() and cells(line + unit) > width:
            lines.append(line.rstrip())
            line = ""
        while cells(unit) > width:
            head = first_cells(unit, width)
            lines.append(head)
            unit = unit[len(head) :]
        line += unit
    return [*lines, line.rstrip()]


def _units(text: str) -> Iterator[str]:
    """What stays together on a line: a Latin word, or one Chinese character with the punctuation that may not leave it."""
    unit = ""
    for char in text:
        if unit and not _together(unit[-1], char):
            yield unit
            unit = ""
        unit += char
    if unit:
        yield unit


def _together(before: str, char: str) -> bool:
    if before.isspace() or char.isspace():
        return before.isspace() and char.isspace()
    if char in _CLOSING or before in _OPENING:
        return True
    return not (char in _OPENING or before in _CLOSING or _wide(before) or _wide(char))


def _wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"


def indented(text: str, width: int, indent: int = 2) -> list[str]:
    """`text` wrapped into `width` cells, the indent counted in."""
    return [" " * indent + line if line else "" for line in wrap(text, width - indent)]


def term_list(rows: Sequence[tuple[str, str]], width: int, indent: int = 2) -> list[str]:
    """Terms on the left, what they mean on the right, both columns measured in cells."""
    widest = min(TERM_CELLS, width // 2)
    column = max((cells(term) for term, _ in rows if cells(term) <= widest), default=0)
    lines = []
    for term, meaning in rows:
        first, *rest = wrap(meaning, width - indent - column - 2)
        if cells(term) > column:
            lines.append(" " * indent + term)
            lines.append(" " * (indent + column + 2) + first)
        else:
            lines.append((" " * indent + term + " " * (column - cells(term) + 2) + first).rstrip())
        lines += [" " * (indent + column + 2) + line for line in rest]
    return lines


def table(rows: Iterable[Sequence[str]], width: int | None = None, *, gap: int = 2) -> list[str]:
    """Rows in columns as wide as their widest entry. The last column is wrapped into what `width` leaves of it; without one it is not."""
    filled = [tuple(row) for row in rows]
    if not filled:
        return []
    columns = [max(cells(row[index]) for row in filled) for index in range(len(filled[0]) - 1)]
    used = sum(columns) + gap * len(columns)
    lines = []
    for *row, last in filled:
        start = "".join(text + " " * (column - cells(text) + gap) for text, column in zip(row, columns, strict=True))
        first, *rest = wrap(last, max(NARROWEST // 2, width - used)) if width is not None else [last]
        lines += [(start + first).rstrip(), *(" " * used + line for line in rest)]
    return lines

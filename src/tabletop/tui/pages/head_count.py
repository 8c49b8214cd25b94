"""The roll of a head count in columns, and on several pages where a screen has no room for all of it.

Owns: which names stand on which page. Refuses to own: how a name looks, and what stands above them (`pages.alarm`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.content import Content

BETWEEN = 3
"""Cells between two columns of the roll."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one screen of an emergency shows at a time: lines at its top, then the heading of the roll, then names."""

    above: tuple[Content, ...] = ()
    names: tuple[int, ...] = ()
    """Who stands here, by their place in the roll."""
    rows: int = 1
    """Lines of a column of names."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told beside the roll, in lines."""

    bar: tuple[Content, ...]
    """That it is real."""
    facts: tuple[Content, ...]
    heading: Callable[[int, int], list[Content]]
    """The heading of a page of so many, the first is 0: how many are counted; of several, which page it is."""


def rows_on_one(widths: Sequence[int], room: int, width: int) -> int:
    """Lines of the fewest columns in which names of these widths, in cells, stand in `room` lines of `width` cells; 0: in none."""
    if room < 1 or not widths:
        return 0
    for wanted in range(-(-len(widths) // room), len(widths) + 1):
        rows = -(-len(widths) // wanted)
        if rows == len(widths) or _wide(widths, rows) <= width:
            return rows
        if -(-len(widths) // rows) * (min(widths) + BETWEEN) > width + BETWEEN:
            # Not even the shortest names would do.
            break
    return 0


def _wide(widths: Sequence[int], rows: int) -> int:
    """Cells of columns of so many rows side by side, each as wide as its longest name."""
    columns = [max(widths[at : at + rows]) for at in range(0, len(widths), rows)]
    return sum(columns) + BETWEEN * (len(columns) - 1)


def in_pages(widths: Sequence[int], room: int, width: int) -> list[range]:
    """Names on pages of `room` lines of `width` cells; a column that stands alone may be wider."""
    pages, begin = list[range](), 0
    while begin < len(widths):
        end = _end(widths, begin, room, width)
        pages.append(range(begin, end))
        begin = end
    return pages


def _end(widths: Sequence[int], begin: int, room: int, width: int) -> int:
    """Behind the last name of the page that begins with name `begin`: column after column, as long as there is room for one more name."""
    left, end = width, begin
    while end < len(widths):
        longest = 0
        for name in range(end, min(end + room, len(widths))):
            longest = max(longest, widths[name])
            if longest > left and end > begin:
                return name
        left, end = left - longest - BETWEEN, min(end + room, len(widths))
    return end


def sheets(told: Told, missing_first: Sequence[int], widths: Sequence[int], width: int, height: int) -> tuple[tuple[Sheet, ...], bool]:
    """The screens of `height` lines that a roll takes which one has no room for, and whether the heading is to be set on each.

    What is told stands on each, as long as a name has room below it; where none has, it takes turns with the roll. `widths`: cells of each
    name, in the order of the roll; `width`: cells of all columns together.
    """
    ordered = [widths[one] for one in missing_first]

    def of_names(above: tuple[Content, ...], room: int) -> list[Sheet]:
        return [Sheet(above, tuple(missing_first[one] for one in page), min(room, len(page))) for page in in_pages(ordered, room, width)]

    top = (*told.bar, *told.facts)
    frames: tuple[tuple[tuple[Content, ...], tuple[Content, ...]], ...] = ((top, ()), (told.bar, told.facts), ((), top))
    for above, facts in frames:
        # The heading takes a line more where the number of pages is long.
        for lines in range(1, height - len(above)):
            room = height - len(above) - lines
            found = (*_cut(above, facts, room), *of_names(above, room))
            if found and len(told.heading(len(found) - 1, len(found))) <= lines:
                return found, True
    return (*_cut((), (*top, *told.heading(0, 1)), height), *of_names((), height)), False


def _cut(above: tuple[Content, ...], lines: Sequence[Content], room: int) -> list[Sheet]:
    """Lines on screens of so many."""
    return [Sheet((*above, *lines[at : at + room])) for at in range(0, len(lines), room)]


def columns(names: Sequence[Content], rows: int) -> list[Content]:
    """The names in columns of so many rows, each as wide as its longest."""
    parts = [names[at : at + rows] for at in range(0, len(names), rows)]
    wide = [max(name.cell_length for name in column) for column in parts]
    lines = []
    for row in range(rows):
        shown = [(column[row], most) for column, most in zip(parts, wide, strict=True) if row < len(column)]
        lines.append(Content(" " * BETWEEN).join([name.pad_right(most - name.cell_length) for name, most in shown]))
    return lines

"""What is read from across a room: few words a line, large digits, everything centred, nothing torn.

Owns: how lines are set for reading from eight metres. Refuses to own: what stands on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from textual.content import Content

from tabletop.text import cells, count_words

from ..widgets.digits import GLYPHS, digits
from .lines import wrapped

MOST_CELLS = 56
"""Cells of a line at most: 28 字 (screens: *The wall*)."""

MOST_WORDS = 12
"""Words of a line at most."""

LARGE = (100, 32)
"""Columns and rows from which on digits are five lines high."""

NARROWEST = 16
"""Cells below which lines are not made shorter, however many short words they have."""

_DOTS = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}
"""Upper and lower half of each block element."""


STOPS = "，。；：！？、,.;:!?…—）)」』”"
"""A line that ends with one of these is easier to read on from."""


@lru_cache(maxsize=256)
def set_lines(text: str, width: int) -> tuple[str, ...]:
    """`text` in lines of at most `width` and 56 cells and 12 words; no line begins with a stop.

    Of all ways to set it that take at most one line more than needed, the one with the fewest lines that end in the middle of a
    phrase; then the one with the most even lines.
    """
    room = max(NARROWEST, min(MOST_CELLS, width))
    while room > NARROWEST and not _few_words(wrapped(text, room)):
        room -= 1
    first = wrapped(text, room)
    ways = (wrapped(text, narrower) for narrower in range(room, max(NARROWEST, room // 2) - 1, -1))
    short = [way for way in ways if len(way) <= len(first) + 1 and _few_words(way)] if len(first) > 1 else []
    best: list[str] = min(short, key=lambda way: _unrest(way, len(first)), default=first)
    return tuple(best)


def _few_words(lines: Sequence[str]) -> bool:
    return all(count_words(line) <= MOST_WORDS for line in lines)


def _unrest(lines: Sequence[str], least: int) -> float:
    """How hard lines are to read on from: torn phrases, lines more than needed, lines of very different length."""
    torn = sum(not line.endswith(tuple(STOPS)) for line in lines[:-1] if line)
    longest = max(map(cells, lines))
    uneven = sum(longest - cells(line) for line in lines) / max(1, longest)
    return torn + 0.9 * (len(lines) - least) + 0.3 * uneven


def large_digits(text: str, style: str = "bold") -> list[Content]:
    """`text` of digits and colons in five lines, every dot two cells wide."""
    known = [GLYPHS[character] for character in text if character in GLYPHS]
    rows = []
    for row in range(5):
        dots = ("".join(("  ", "██")[_DOTS[cell][row % 2]] for cell in glyph[row // 2]) for glyph in known)
        rows.append(Content.styled("  ".join(dots), style))
    return rows


def time_lines(text: str, size: str, style: str = "bold") -> list[Content]:
    """A time in lines: `large`, `small`, or on one `line`."""
    if size == "large":
        return large_digits(text, style)
    return digits(text, style) if size == "small" else [Content.styled(text, style)]


def centred(content: Content, width: int) -> Content:
    """A line in the middle of `width` cells."""
    shown = content.truncate(width, ellipsis=True)
    return shown.pad_left(max(0, (width - shown.cell_length) // 2))


def block(lines: Sequence[Content], width: int) -> list[Content]:
    """Lines that begin at one edge, as a block in the middle of `width` cells."""
    longest = max((line.cell_length for line in lines), default=0)
    margin = max(0, (width - longest) // 2)
    return [line.pad_left(margin) if line else line for line in lines]


def spaced(lines: Sequence[Content], air: bool) -> list[Content]:
    """The lines with an empty one between each two, where there is room for `air`."""
    if not air:
        return list(lines)
    shown: list[Content] = []
    for line in lines:
        shown += [line, Content("")]
    return shown[:-1]


def one_line(parts: Sequence[str], width: int, between: str = " · ") -> str:
    """As many of the newest `parts` as fit side by side in `width` cells; the newest is cut where even it does not."""
    shown = ""
    for part in reversed(parts):
        longer = f"{part}{between}{shown}" if shown else part
        if shown and cells(longer) > width:
            break
        shown = longer
    return shown

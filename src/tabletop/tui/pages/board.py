"""What is read from across a room: few words a line, large digits, everything centred, nothing torn.

Owns: how lines are set for reading from eight metres. Refuses to own: what stands on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from textual.content import Content

from tabletop.text import cells, count_words

from ..widgets.digits import GLYPHS, digits
from .lines import unbroken

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


TORN, LONGER, UNEVEN = 1.0, 0.9, 0.3
"""What makes lines hard to read on from: one that ends in the middle of a phrase, one more than needed, and margins, by their square."""


@lru_cache(maxsize=256)
def set_lines(text: str, width: int) -> tuple[str, ...]:
    """`text` in lines of at most `width` and 56 cells and 12 words; no line begins with a stop.

    Of all ways to set it that take at most one line more than needed, the one with the fewest lines that end in the middle of a
    phrase; then the one with the most even lines.
    """
    room = max(NARROWEST, min(MOST_CELLS, width))
    return tuple(line for paragraph in text.split("\n") for line in _set(list(unbroken(paragraph, room)), room))


def _too_many(line: str) -> bool:
    return " " in line and count_words(line) > MOST_WORDS


def _set(pieces: list[str], room: int) -> list[str]:
    """The best lines of one paragraph."""
    # By how many pieces are set: by how many lines they take, the least unrest and those lines.
    ways: list[dict[int, tuple[float, list[str]]]] = [{} for _ in range(len(pieces) + 1)]
    ways[0][0] = (0.0, [])
    sizes = [cells(piece) for piece in pieces]
    for begin in range(len(pieces)):
        filled = 0
        for end in range(begin + 1, len(pieces) + 1):
            filled += sizes[end - 1]
            line = "".join(pieces[begin:end]).rstrip()
            if end > begin + 1 and (filled - pieces[end - 1].endswith(" ") > room or _too_many(line)):
                break
            cost = UNEVEN * (max(0, room - filled) / room) ** 2
            if end < len(pieces):
                cost += LONGER + (0 if line.endswith(tuple(STOPS)) else TORN)
            for count, (unrest, lines) in ways[begin].items():
                if unrest + cost < ways[end].get(count + 1, (float("inf"),))[0]:
                    ways[end][count + 1] = (unrest + cost, [*lines, line])
    found = ways[-1]
    least = min(found)
    return min((way for count, way in found.items() if count <= least + 1), key=lambda way: way[0])[1] if pieces else [""]


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

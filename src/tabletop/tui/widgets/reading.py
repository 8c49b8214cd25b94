"""Text as it is read aloud at arm's length: short lines, no line that begins with a stop, room between sentences.

Owns: where a sentence ends. Refuses to own: wrapping (`pages.lines`), how the text is set off.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..pages.lines import wrapped

READ_WIDTH = 56
"""Cells of a line that is read aloud at arm's length (screens: 28 字)."""

_CLOSING = "”’」』）》】〕\"')\\]"
"""What may stand between the end of a sentence and the next one, and belongs to the first."""

_QUOTES = "”’」』"

_AFTER_QUOTE = ("", " ", "“", "‘", "「", "『")
"""What follows a quotation that ends its sentence; anything else goes on in it: “Quick!” he said."""

_END = re.compile(f"(?:[。！？…]+[{_CLOSING}]*|[.!?]+[{_CLOSING}]*(?= ))")

_SHORTENED = re.compile(r"(?:^|[\s(“\"'])(?:Mr|Mrs|Ms|Dr|No|St|vs|e\.g|i\.e|cf|approx|ext|[A-Za-z])\.$")
"""Words whose point ends no sentence."""


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph; quotes and brackets stay with the sentence they close."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        piece = text[start : match.end()]
        goes_on = piece[-1] in _QUOTES and text[match.end() : match.end() + 1] not in _AFTER_QUOTE
        if not goes_on and not _SHORTENED.search(piece) and _outside(piece):
            found.append(piece.strip())
            start = match.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def _outside(piece: str) -> bool:
    """Whether every bracket and quote that opens in a piece closes in it: a quotation of two sentences is not torn apart."""
    paired = all(piece.count(opening) <= piece.count(closing) for opening, closing in ("“”", "「」", "『』", "（）", "《》"))
    return paired and piece.count('"') % 2 == 0


@lru_cache(maxsize=64)
def read_lines(text: str, width: int, *, apart: bool) -> tuple[str, ...]:
    """`text` in lines of at most 56 and at most `width` cells; `apart`: an empty line between sentences."""
    room = min(READ_WIDTH, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        parts = sentences(paragraph) if apart else [paragraph]
        for part in parts or [""]:
            if apart and lines and lines[-1]:
                lines.append("")
            lines.extend(wrapped(part, room))
    return tuple(lines)

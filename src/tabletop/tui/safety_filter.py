"""The last line of defence on the way to the terminal: no control character of any text gets through (safety: finding 1)."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tabletop.text import UNSAFE


class ControlFilter(LineFilter):
    """Replaces what could move a cursor, set a title, write a clipboard or reorder text."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [
            segment
            if segment.control or (segment.text.isascii() and segment.text.isprintable()) or not _unsafe(segment.text)
            else Segment(UNSAFE.sub("\ufffd", segment.text).replace("\t", " ").replace("\n", " "), segment.style)
            for segment in segments
        ]


def _unsafe(text: str) -> bool:
    return UNSAFE.search(text) is not None or "\t" in text or "\n" in text

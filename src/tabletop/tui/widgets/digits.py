"""The clock in digits three lines high, to be read from where a facilitator stands."""

from __future__ import annotations

from textual.content import Content

GLYPHS = {
    "0": ("█▀█", "█ █", "▀▀▀"),
    "1": ("▀█ ", " █ ", "▀▀▀"),
    "2": ("▀▀█", "█▀▀", "▀▀▀"),
    "3": ("▀▀█", " ▀█", "▀▀▀"),
    "4": ("█ █", "▀▀█", "  ▀"),
    "5": ("█▀▀", "▀▀█", "▀▀▀"),
    "6": ("█▀▀", "█▀█", "▀▀▀"),
    "7": ("▀▀█", "  █", "  ▀"),
    "8": ("█▀█", "█▀█", "▀▀▀"),
    "9": ("█▀█", "▀▀█", "▀▀▀"),
    ":": ("▄", "▄", " "),
}
"""Each character in three lines of block elements; upper and lower halves make five rows of dots."""

HEIGHT = 3
"""Lines of a digit."""


def digits(text: str, style: str = "bold") -> list[Content]:
    """`text` of digits and colons in three lines; any other character is left out."""
    known = [GLYPHS[character] for character in text if character in GLYPHS]
    return [Content.styled(" ".join(glyph[line] for glyph in known), style) for line in range(HEIGHT)]

"""The clock in digits three lines high, to be read from where a facilitator stands; and the letters of join codes beside them."""

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

LETTERS = {
    "A": "010 101 111 101 101",
    "B": "110 101 110 101 110",
    "C": "011 100 100 100 011",
    "D": "110 101 101 101 110",
    "E": "111 100 110 100 111",
    "F": "111 100 110 100 100",
    "G": "011 100 101 101 011",
    "H": "101 101 111 101 101",
    "J": "001 001 001 101 010",
    "K": "101 101 110 101 101",
    "M": "10001 11011 10101 10001 10001",
    "N": "1001 1101 1011 1001 1001",
    "P": "110 101 110 100 100",
    "Q": "0110 1001 1001 1011 0111",
    "R": "110 101 110 101 101",
    "S": "011 100 010 001 110",
    "T": "111 010 010 010 010",
    "V": "101 101 101 101 010",
    "W": "10001 10001 10101 11011 10001",
    "X": "101 101 010 101 101",
    "Y": "101 101 010 010 010",
    "Z": "111 001 010 100 111",
}
"""The letters of a join code in five rows of dots."""

HALVES = {"11": "█", "10": "▀", "01": "▄", "00": " "}

HEIGHT = 3
"""Lines of a digit."""


def digits(text: str, style: str = "bold") -> list[Content]:
    """`text` of digits and colons in three lines; any other character is left out."""
    known = [GLYPHS[character] for character in text if character in GLYPHS]
    return [Content.styled(" ".join(glyph[line] for glyph in known), style) for line in range(HEIGHT)]


def glyphs(text: str) -> list[str]:
    """`text` of digits and capital letters in three lines; any other character is left out."""
    known = [
        GLYPHS[character] if character in GLYPHS else _letter(character)
        for character in text
        if character in GLYPHS or character in LETTERS
    ]
    return [" ".join(glyph[line] for glyph in known) for line in range(HEIGHT)]


def _letter(character: str) -> tuple[str, str, str]:
    """Five rows of dots in three lines of half blocks."""
    rows = LETTERS[character].split()
    rows.append("0" * len(rows[0]))
    first, second, third = ("".join(HALVES[upper + lower] for upper, lower in zip(rows[at], rows[at + 1], strict=True)) for at in (0, 2, 4))
    return first, second, third

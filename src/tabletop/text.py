"""Cleaning and measuring of text that came from people or files.

Owns: which characters may reach a terminal, how wide a text is in cells, which language of a text is shown.
"""

from __future__ import annotations

import re
import unicodedata

Text = str | dict[str, str]
"""A text as files write it: one string for every language, or a map of languages."""

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
"""Characters that move a cursor, hide or reorder text, or cannot be written as UTF-8. Tab and newline are allowed."""

NEXT_LANGUAGE = ("zh-Hans", "en")
"""What a text falls back to, in order, where the asked language is missing; after these the first one it has."""

NUMBER = re.compile(r"[+-]?(?:[0-9]{0,300}|[0-9]{1,3}(?:,[0-9]{3}){1,99})(?:\.[0-9]{0,300})?")
"""A number as people write it, in ASCII."""

LONGEST = 4000
"""Characters of one typed text; more is cut."""


def clean(text: str, *, longest: int = LONGEST) -> str:
    """`text` fit to be kept and shown: composed form, line ends as newlines, unsafe characters replaced, cut at `longest` characters."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", UNSAFE.sub("\ufffd", unified))[:longest]


def clean_line(text: str, *, longest: int = LONGEST) -> str:
    """`clean` on one line: every run of white space is one space."""
    return " ".join(clean(text, longest=longest).split())


_BETWEEN = re.compile(r"\s*,\s*|\s+")
"""What stands between groups of digits."""


def typed_number(text: str) -> float | None:
    """The number that somebody typed, everywhere read alike; None where it is none.

    Full-width digits and the points of input methods are taken. A comma or a space parts groups of three digits: `1,000` is a thousand.
    `3,5` is no number, because one who means three and a half and one who means thirty-five would write it.
    """
    plain = unicodedata.normalize("NFKC", text).replace("。", ".").replace("\u2212", "-")
    plain = _BETWEEN.sub(",", plain.strip())
    return float(plain.replace(",", "")) + 0.0 if NUMBER.fullmatch(plain) and any(map(str.isdigit, plain)) else None


def number_text(value: float) -> str:
    """A number as `typed_number` reads it, with all of its digits."""
    shown = repr(value)
    return shown.removesuffix(".0") if "e" not in shown else f"{value:.20f}".rstrip("0").rstrip(".")


def localise(text: Text | None, language: str) -> str:
    """The text in `language`, else in zh-Hans where zh-Hant was asked, else English, else the first there is."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    if language in text:
        return text[language]
    for other in NEXT_LANGUAGE:
        if other in text and (other == "en" or language == "zh-Hant"):
            return text[other]
    return next(iter(text.values()), "")


_HAN = (("\u3400", "\u4dbf"), ("\u4e00", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
"""First and last of each range of CJK characters."""


def _is_han(char: str) -> bool:
    return any(first <= char <= last for first, last in _HAN)


def count_han(text: str) -> int:
    """How many 字 (CJK characters) a text has."""
    return 0 if text.isascii() else sum(map(_is_han, text))


def count_words(text: str) -> int:
    """How many words a text has: runs between spaces that hold a letter."""
    return sum(1 for run in text.split() if any(char.isalpha() and not _is_han(char) for char in run))


def cells(text: str) -> int:
    """How many terminal cells a text takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def fit(text: str, width: int) -> str:
    """`text` in exactly `width` cells: padded with spaces, or cut with an ellipsis."""
    from rich.cells import set_cell_size

    if cells(text) <= width:
        return set_cell_size(text, width)
    return set_cell_size(set_cell_size(text, max(0, width - 1)).rstrip() + "…", width)


def first_cells(text: str, width: int) -> str:
    """As much of `text` as fits in `width` cells, not padded."""
    from rich.cells import set_cell_size

    return text if cells(text) <= width else set_cell_size(text, width).rstrip()

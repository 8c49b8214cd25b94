"""How much room the screens need at least. Loads nothing: `tabletop doctor` reads it, too."""

from __future__ import annotations

SMALLEST = (60, 20)
"""Columns and rows below which a screen has no room for what it shows (conventions 2.2)."""


def too_small(width: int, height: int) -> bool:
    """Whether a terminal of `width` columns and `height` rows has too little room for anything but an emergency."""
    return width < SMALLEST[0] or height < SMALLEST[1]


def lacking(width: int, height: int) -> str:
    """What a terminal has and what it needs."""
    return f"{width}×{height} < {SMALLEST[0]}×{SMALLEST[1]}"

"""Alert levels."""

from __future__ import annotations

WORDS: dict[str, str] = {"none": "no alert", "blue": "alert blue", "yellow": "alert yellow", "orange": "alert orange", "red": "alert red"}

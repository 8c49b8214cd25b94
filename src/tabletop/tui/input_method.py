"""Keys while an input method is on: its characters arrive as keys, and none of them may kill a command or make one (contract: *Keys*)."""

from __future__ import annotations

import unicodedata

from textual import events
from textual.keys import _character_to_key

INPUT_METHOD_S = 5.0
"""Seconds for which the hint about an input method stays."""

FULL_STOPS = {"。": ".", "、": ",", "·": "."}
"""Punctuation that an input method sends and that is no full-width form of the key pressed."""


def plain_key(character: str) -> str | None:
    """The name of the ASCII key that a full-width or Chinese punctuation character stands for; None where it is none (contract: *Keys*)."""
    plain = FULL_STOPS.get(character) or unicodedata.normalize("NFKC", character)
    if len(plain) != 1 or not plain.isascii() or not (plain.isprintable()):
        return None
    return _character_to_key(plain.lower())


def understood(event: events.Key) -> tuple[events.Key, bool]:
    """The key that a full-width, Chinese or capital character stands for; True with any other that only an input method sends."""
    character = event.character
    if character is None or not character.isprintable() or (character.isascii() and not character.isupper()):
        return event, False
    key = plain_key(character)
    if key is None:
        return event, True
    meant = events.Key(key, character if character.isascii() else None)
    meant.meant_for = getattr(event, "meant_for", None)  # type: ignore[attr-defined]  # as the app noted it
    return meant, False

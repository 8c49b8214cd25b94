"""Keys while an input method is on: its characters arrive as keys, and none of them may kill a command or make one (contract: *Keys*)."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple, cast

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.keys import _character_to_key

INPUT_METHOD_S = 5.0
"""Seconds for which the hint about an input method stays."""

COMMIT_S = 0.02
"""Seconds between two characters of one committed text at most: no hand types so fast."""

ESC = "\x1b"

AFTER_ESC: dict[str, str] = {**{digit: digit for digit in "0123456789"}, "\r": "enter"}
"""What may follow `esc` so fast that a terminal takes both for one key, by what it sends."""


class _Named(NamedTuple):
    """A key as the table of sequences names it."""

    value: str


FULL_STOPS = {"。": ".", "、": ",", "·": "."}
"""Punctuation that an input method sends and that is no full-width form of the key pressed."""


def tell_esc_apart() -> None:
    """`esc` and a digit pressed at once are two keys, and never the sign that the two make on some keyboards (`¢` for `esc` `4`)."""
    sequences = cast(dict[str, object], ANSI_SEQUENCES_KEYS)
    sequences.update({ESC + sent: (_Named("escape"), _Named(key)) for sent, key in AFTER_ESC.items()})


def apart(event: events.Key) -> list[events.Key]:
    """`alt+n` as the two keys that it was: nothing here is bound to `alt`, and `esc` before a letter arrives as that."""
    name = event.key.removeprefix("alt+")
    if name == event.key or len(name) != 1:
        return [event]
    return [renewed(event, "escape"), renewed(event, name, event.character)]


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
    return renewed(event, key, character if character.isascii() else None), False


def renewed(event: events.Key, key: str | None = None, character: str | None = None) -> events.Key:
    """The same press as a new event that nobody has handled yet, or another key at the time of that press."""
    again = events.Key(event.key, event.character) if key is None else events.Key(key, character)
    again.time = event.time
    again.meant_for = getattr(event, "meant_for", None)  # type: ignore[attr-defined]  # as the app noted it
    return again

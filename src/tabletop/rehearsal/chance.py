"""Chance that comes out the same on every system and in every version of Python, for the same seed. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def chance(*what: object) -> float:
    """A number from 0 up to 1, always the same for the same `what`."""
    return int.from_bytes(sha256("/".join(map(str, what)).encode()).digest()[:6], "big") / (1 << 48)


def ordered(names: Iterable[str], *what: object) -> tuple[str, ...]:
    """The names in an order drawn for `what`."""
    return tuple(sorted(names, key=lambda name: (chance(*what, name), name)))

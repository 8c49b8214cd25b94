"""An `enter` that was pressed twice at once: the second one acts on nothing that stood below the panel which the first one closed.

Owns: telling the two apart. Refuses to own: what `enter` does, and what is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import events
from textual.screen import Screen

HASTY_S = 0.6
"""Seconds within which a second `enter` was not meant for what the first one has brought up: nobody can have read it."""


class EnterOnce:
    """Remembers the last key. A screen on which `enter` acts at once says `ENTER_ACTS`."""

    def __init__(self) -> None:
        self.within_s = HASTY_S
        """Within how many seconds; a test that presses faster than a hand sets less."""
        self._entered: tuple[Screen[Any], float] | None = None
        """The screen that had the last key, and when that was pressed in seconds; None: it was not `enter`."""

    def is_second(self, event: events.Key, stack: Sequence[Screen[Any]]) -> bool:
        """Whether a key is an `enter` that came with the one before it, for a panel that is gone from `stack`, and not for its top."""
        before, screen = self._entered, stack[-1]
        self._entered = None if event.key != "enter" else (screen, event.time)
        if before is None or self._entered is None or before[0] in stack or not getattr(screen, "ENTER_ACTS", False):
            return False
        if event.time - before[1] >= self.within_s:
            return False
        # A third one is no more meant for it than the second.
        self._entered = before[0], event.time
        return True

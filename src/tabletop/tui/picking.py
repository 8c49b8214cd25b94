"""Whether a digit chose an answer, or began the words of its reason: `3 people inside` picks the third one first.

Owns: in which order digits and words came. Refuses to own: what is picked (`tasks`), and what is said of it (`screens.sending`).
"""

from __future__ import annotations

import time
from collections.abc import Callable

AT_ONCE_S = 0.6
"""Seconds within which a space that follows a digit was typed in one go with it."""


class Picking:
    """What was picked at a seat, and what was typed right after it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = ""
        """The task for which a digit was the last thing pressed; empty: something else was."""
        self._instead = False
        """Whether that took the place of another answer."""
        self._at = float("-inf")
        self._spaced = False
        """Whether a space followed at once."""
        self._doubtful: set[str] = set()
        self._asked: tuple[str, str] | None = None

    def picked(self, task: str, *, instead: bool) -> None:
        """A digit picked something towards a task; `instead`: in place of another answer."""
        self._last, self._instead, self._at, self._spaced = task, instead, self._clock(), False
        self._doubtful.discard(task)

    def space(self) -> None:
        """A space was typed that nothing took."""
        self._spaced = self._spaced or self._clock() - self._at < AT_ONCE_S

    def words_begin(self, task: str) -> None:
        """The first letter of a reason was typed."""
        if task == self._last and (self._instead or self._spaced):
            self._doubtful.add(task)
        self.other()

    def other(self) -> None:
        """Something was pressed that shows that the digit was no word."""
        self._last, self._spaced = "", False

    def asks(self, task: str, kept: str) -> bool:
        """Whether somebody is to be asked what the digit was meant for before `kept` is sent: once for the same words."""
        if task not in self._doubtful:
            return False
        if self._asked == (task, kept):
            self._doubtful.discard(task)
            return False
        self._asked = task, kept
        return True

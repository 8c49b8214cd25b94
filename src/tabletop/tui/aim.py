"""What the next key is meant for: nothing that came up by itself only just now, under the hand that presses it.

What stands below at a seat changes by itself when something is sent, closed, stopped, brought back, or no longer hidden. A key that is
pressed then was meant for what stood there before, until somebody turned to the new or picked or typed something towards it, or has had
the time to see it.

Owns: how what stands below came there, and since when it stands. Refuses to own: what it is, and what a key does to it.
"""

from __future__ import annotations

import time

HABIT_S = 0.6
"""Seconds after which what came up by itself counts as seen."""

READ_TIMES = 3
"""So many times as long it counts as not read, where it came up by `enter`: one more may not say that somebody has read it."""


class Aim:
    """How what stands below came there."""

    def __init__(self) -> None:
        self._since = float("-inf")
        """Seconds on the monotonic clock."""
        self._taken = self._typed_on = True
        self._by_enter = False
        """Whether it came up because `enter` sent or closed what stood there."""

    def taken(self) -> None:
        """Somebody turned to it, or picked or typed something towards it: every key is meant for it."""
        self._taken = True

    def came_up(self, *, typed_on: bool = False) -> None:
        """It came up by itself; `typed_on`: what is typed on is for it, as nothing else stood there that it could be for."""
        self._since, self._taken, self._typed_on = time.monotonic(), False, typed_on
        self._by_enter = False

    def entered(self) -> None:
        """It came up because `enter` sent or closed what stood there: what is typed on is for it, one more `enter` is not."""
        self.came_up(typed_on=True)
        self._by_enter = True

    @property
    def _seen(self) -> bool:
        return self._taken or time.monotonic() - self._since >= HABIT_S

    @property
    def by_enter(self) -> bool:
        """Whether an `enter` is meant for it."""
        return self._seen

    @property
    def is_read(self) -> bool:
        """Whether an `enter` may say of it that it was read."""
        return self._taken or time.monotonic() - self._since >= HABIT_S * (READ_TIMES if self._by_enter else 1)

    @property
    def by_digits(self) -> bool:
        """Whether digits are meant for it."""
        return self._seen or self._typed_on

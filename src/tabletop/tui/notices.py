"""Toasts that refuse something or ask for a second key: each goes once what it speaks of has happened or cannot happen any more.

Owns: which of them stand. Refuses to own: their words, and toasts that only confirm: those go by their time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

LATE_S = 1.0
"""Seconds after its time for which a toast is still looked for: it is put up a moment after it was said."""


@dataclass(slots=True, eq=False)
class Notice:
    """One toast, by what it says."""

    sentence: str
    stands: Callable[[], bool]
    """Whether what it says still holds."""
    until: float
    """On the monotonic clock, when it is gone by itself."""
    over: bool = False
    """Whether it is to go."""


class Board(Protocol):
    """Where toasts stand."""

    def take_down(self, sentence: str) -> bool:
        """Takes a toast away; False where there is none of that sentence, or not yet."""
        ...


class Notices:
    """The toasts of an app that go before their time."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._notices: list[Notice] = []

    @property
    def standing(self) -> tuple[Notice, ...]:
        """Those that are not to go yet."""
        return tuple(notice for notice in self._notices if not notice.over)

    def put(self, sentence: str, stands: Callable[[], bool], seconds: float) -> None:
        """A toast is being put up for so many seconds; the same one from before gives way to it."""
        self._board.take_down(sentence)
        self._notices = [notice for notice in self._notices if notice.sentence != sentence]
        self._notices.append(Notice(sentence, stands, time.monotonic() + seconds + LATE_S))

    def end(self, notices: Iterable[Notice]) -> None:
        """Something worked that was asked for after these were said."""
        for notice in notices:
            notice.over = True
        self.mind()

    def mind(self) -> None:
        """Takes away what holds no more."""
        now = time.monotonic()
        for notice in list(self._notices):
            notice.over = notice.over or not notice.stands()
            if now > notice.until or (notice.over and self._board.take_down(notice.sentence)):
                self._notices.remove(notice)

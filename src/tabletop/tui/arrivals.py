"""What has come to a seat and was not looked at there yet: said while somebody writes, and read with one key.

Owns: which marks of `tasks.news` those are. Refuses to own: bells, the line that says so, and what reading them does (`screens.seated`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tabletop.engine.views import SeatView

from .tasks import Task, news

SAID = ("told/", "ask/", "message/")
"""How the marks begin that are somebody's to read; the others show by themselves."""


def to_read(marks: Iterable[str]) -> frozenset[str]:
    """Those of some marks that are somebody's to read."""
    return frozenset(mark for mark in marks if mark.startswith(SAID))


class Arrivals:
    """What came to one seat, in the order of its coming."""

    def __init__(self) -> None:
        self._known: frozenset[str] | None = None
        """Every mark there was; None before anybody looked."""
        self.unread: tuple[str, ...] = ()

    def take(self, view: SeatView, *, waits: bool) -> frozenset[str]:
        """The marks that have come since the last look; `waits`: somebody is at something else, so that what is to be read waits."""
        marks = news(view)
        fresh = frozenset() if self._known is None else marks - self._known
        self._known = marks
        self.unread = (*(mark for mark in self.unread if mark in marks), *(sorted(to_read(fresh)) if waits else ()))
        return fresh

    @property
    def newest(self) -> str:
        """What came last of what is unread; empty: nothing."""
        return self.unread[-1] if self.unread else ""

    def read(self, marks: Collection[str]) -> None:
        """Somebody has seen these."""
        self.unread = tuple(mark for mark in self.unread if mark not in marks)


def mark_of(task: Task) -> str:
    """The mark of what a task came with."""
    return f"{'told' if task.kind == 'receipt' else task.kind}/{task.id}"


def task_of(mark: str, tasks: Iterable[Task]) -> Task | None:
    """What is owed on that account; None: it is only to be read."""
    return next((task for task in tasks if task.owed and mark_of(task) == mark), None)

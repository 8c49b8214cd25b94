"""The moments of a run at which there is something new: after each entry, and where time alone brings something. Pure.

For whoever tells a run from the beginning: what was so then is said of then, as those who followed from the start were told.
Owns: which moments there are. Refuses to own: what there is to say of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tabletop.exercise.model import Exercise

from .events import Entry
from .evolve import advance
from .plan import Plan, plan_of
from .state import State

STEP_MS = 30_000
"""Exercise milliseconds that are looked over at once: what comes by itself and goes by itself lasts longer."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A run at one moment."""

    plan: Plan
    state: State
    now_ms: int
    entry: Entry | None = None
    """What was recorded then; None: only time has passed."""


Look = Callable[[Moment], Iterable[object]]
"""What there is at a moment that time alone can bring."""


class Course:
    """How a run went, followed on from one call to the next."""

    def __init__(self, exercise: Exercise) -> None:
        self._exercise = exercise
        self._state = State()
        self._entries = 0
        """How many entries were told."""
        self._at_ms = 0
        """How far time was looked over."""
        self._there: tuple[State, int, frozenset[object]] | None = None
        """What there was when that was looked at last."""

    @property
    def begun(self) -> bool:
        return self._entries > 0

    def go_on(self, state: State, entries: int) -> None:
        """What was told so far led to this state, of so many entries: some of them were none to be told."""
        self._state, self._entries = state, entries

    def moments(self, entries: Sequence[Entry], now_ms: int, look: Look) -> Iterator[Moment]:
        """Every moment since the last call until `now_ms` that has something new, in their order."""
        for at, entry in enumerate(entries[self._entries :], start=self._entries):
            yield from self._by_itself(entry.exercise_ms - 1, look)
            self._state = advance(self._state, entries[:at], (entry,))
            self._entries = at + 1
            self._at_ms = max(self._at_ms, self._state.last_ms)
            yield replace(self._moment(self._at_ms), entry=entry)
        yield from self._by_itself(now_ms, look)

    def _moment(self, at_ms: int) -> Moment:
        return Moment(plan_of(self._exercise, self._state), self._state, at_ms)

    def _by_itself(self, until_ms: int, look: Look) -> Iterator[Moment]:
        """The moments since when time brought something."""
        if until_ms <= self._at_ms:
            return
        begin_ms, self._at_ms = self._at_ms, until_ms
        if not self._state.clock.running:
            return
        known = self._there
        there = known[2] if known is not None and known[0] is self._state and known[1] == begin_ms else self._look(begin_ms, look)
        while begin_ms < until_ms:
            end_ms = min(begin_ms + STEP_MS, until_ms)
            then = self._look(end_ms, look)
            yield from self._between(begin_ms, there, end_ms, then, look)
            begin_ms, there = end_ms, then
        self._there = self._state, until_ms, there

    def _look(self, at_ms: int, look: Look) -> frozenset[object]:
        return frozenset(look(self._moment(at_ms)))

    def _between(self, begin_ms: int, there: frozenset[object], end_ms: int, then: frozenset[object], look: Look) -> Iterator[Moment]:
        if then <= there:
            return
        if end_ms - begin_ms == 1:
            yield self._moment(end_ms)
            return
        middle_ms = (begin_ms + end_ms) // 2
        middle = self._look(middle_ms, look)
        yield from self._between(begin_ms, there, middle_ms, middle, look)
        yield from self._between(middle_ms, middle, end_ms, then, look)

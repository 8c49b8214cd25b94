"""When each inject falls due, and what each is now: due, next, waiting, held, wanted, off its path, set aside.

Whatever does not depend on the moment is worked out once for a state's injects, so that asking costs the same with
fifteen injects and with five thousand.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tabletop.exercise.injects import Inject

from .paths import on_path, wanted
from .plan import Plan
from .state import InjectRecord, State

Status = Literal["released", "skipped", "overtaken", "due", "waiting", "held", "wanted", "off_path", "set_aside"]


@dataclass(frozen=True, slots=True)
class Line:
    """One inject's place in the plan at a moment."""

    inject: Inject
    record: InjectRecord
    status: Status
    due_ms: int | None
    """On the exercise clock; None for holds, for what waits on another inject, and in the discussion pace until it is its turn."""
    planned_ms: int | None

    def late_ms(self, now_ms: int) -> int:
        """Milliseconds since it fell due, or between its due time and its release; negative: released early."""
        if self.due_ms is None:
            return 0
        moment = self.record.released_ms if self.record.released_ms is not None else now_ms
        return moment - self.due_ms


class Timetable:
    """What the schedule knows of a plan and a state's injects, whatever the time."""

    def __init__(self, plan: Plan, state: State) -> None:
        self.plan = plan
        self.pace = state.pace
        self.injects = state.injects
        self.order: tuple[Inject, ...] = tuple(sorted(plan.injects, key=self._rank))
        self.rank = {inject.id: index for index, inject in enumerate(self.order)}
        """Where each inject stands in the list: by its planned time, holds last."""
        self.pending = [inject for inject in self.order if self._pending(state, inject)]
        self.held = [inject for inject in self.pending if inject.held]
        timed = [(due, index) for index, inject in enumerate(self.pending) if (due := self._due_ms(state, inject)) is not None]
        timed.sort()
        self.due_times = [due for due, _ in timed]
        self.due_injects = [self.pending[index] for _, index in timed]
        self.due_of = {inject.id: due for due, inject in zip(self.due_times, self.due_injects, strict=True)}

    def _rank(self, inject: Inject) -> tuple[int, int]:
        planned = self.plan.planned_ms[inject.id]
        return (0, planned) if planned is not None else (1, 0)

    def _pending(self, state: State, inject: Inject) -> bool:
        record = state.inject(inject.id)
        return record.released_ms is None and not record.gone

    def _due_ms(self, state: State, inject: Inject) -> int | None:
        if self.pace == "discussion" or inject.held:
            return None
        delayed = state.inject(inject.id).delayed_ms
        if isinstance(inject.at, int):
            return inject.at * 1000 + delayed
        if inject.after is None:
            return None
        released = state.inject(inject.after.inject).released_ms
        return None if released is None else released + inject.after.delay * 1000 + delayed

    def played(self, inject: Inject) -> bool:
        """Whether the pace plays an inject by itself: all in the timed pace, the core ones in the discussion pace, never a hold."""
        return not inject.held and (self.pace == "timed" or inject.core or not self.plan.has_core)


_LATEST: list[Timetable] = []


def timetable(plan: Plan, state: State) -> Timetable:
    """The timetable of a state; the same object while no inject changed."""
    for table in _LATEST:
        if table.plan is plan and table.injects is state.injects and table.pace == state.pace:
            return table
    table = Timetable(plan, state)
    _LATEST[:] = [table, *_LATEST[:3]]
    return table


def due(plan: Plan, state: State, now_ms: int) -> tuple[Line, ...]:
    """The injects that are due and on the path, oldest first."""
    if state.phase != "running":
        return ()
    table = timetable(plan, state)
    if state.pace == "discussion":
        turn = _turn(table, state, now_ms)
        its_turn = turn is not None and turn.due_ms is not None and turn.due_ms <= now_ms
        return (replace(turn, status="due", due_ms=None),) if turn is not None and its_turn else ()
    reached = bisect_right(table.due_times, now_ms)
    return tuple(_line(table, state, inject, "due") for inject in table.due_injects[:reached] if on_path(plan, state, inject.id, now_ms))


def upcoming(plan: Plan, state: State, now_ms: int) -> Iterator[Line]:
    """The injects to come that are on the path, soonest first, without those already due."""
    table = timetable(plan, state)
    if state.pace == "discussion":
        turn = _turn(table, state, now_ms)
        if turn is not None and (turn.due_ms is None or turn.due_ms > now_ms):
            yield turn
        first = None if turn is None else turn.inject.id
        for inject in table.pending:
            if inject.id != first and table.played(inject) and on_path(plan, state, inject.id, now_ms):
                yield _line(table, state, inject, "waiting")
        return
    for inject in table.due_injects[bisect_right(table.due_times, now_ms) :]:
        if on_path(plan, state, inject.id, now_ms):
            yield _line(table, state, inject, "waiting")
    for inject in table.pending:
        if not inject.held and inject.id not in table.due_of and on_path(plan, state, inject.id, now_ms):
            yield _line(table, state, inject, "waiting")


def held_wanted(plan: Plan, state: State, now_ms: int) -> tuple[Line, ...]:
    """The held injects that their cues call for."""
    table = timetable(plan, state)
    return tuple(
        _line(table, state, inject, "wanted") for inject in table.held if wanted(plan, state, inject.id, now_ms)
    )


def line_of(plan: Plan, state: State, inject_id: str, now_ms: int) -> Line:
    """What one inject is at exercise time `now_ms`."""
    table = timetable(plan, state)
    inject = plan.inject_by_id[inject_id]
    turn = _turn(table, state, now_ms) if state.pace == "discussion" else None
    return _line(table, state, inject, _status(table, state, inject, now_ms, turn))


def lines(plan: Plan, state: State, now_ms: int) -> tuple[Line, ...]:
    """Every inject in the order of the plan, holds last."""
    table = timetable(plan, state)
    turn = _turn(table, state, now_ms) if state.pace == "discussion" else None
    return tuple(_line(table, state, inject, _status(table, state, inject, now_ms, turn)) for inject in table.order)


def _status(table: Timetable, state: State, inject: Inject, now_ms: int, turn: Line | None) -> Status:
    record = state.inject(inject.id)
    if record.released_ms is not None:
        return "released"
    if record.gone:
        return record.gone
    if not on_path(table.plan, state, inject.id, now_ms):
        return "off_path"
    if inject.held:
        return "wanted" if wanted(table.plan, state, inject.id, now_ms) else "held"
    if not table.played(inject):
        return "set_aside"
    if state.phase != "running":
        return "waiting"
    if state.pace == "discussion":
        its_turn = turn is not None and turn.inject.id == inject.id and turn.due_ms is not None and turn.due_ms <= now_ms
        return "due" if its_turn else "waiting"
    moment = table.due_of.get(inject.id)
    return "due" if moment is not None and moment <= now_ms else "waiting"


def _turn(table: Timetable, state: State, now_ms: int) -> Line | None:
    """The inject whose turn it is in the discussion pace, due once the last one released has been read."""
    for inject in table.pending:
        if table.played(inject) and on_path(table.plan, state, inject.id, now_ms):
            last = state.inject(state.released[-1]) if state.released else None
            ready = 0 if last is None or last.released_ms is None else last.released_ms + last.read_ms
            return Line(inject, state.inject(inject.id), "waiting", ready, table.plan.planned_ms[inject.id])
    return None


def _line(table: Timetable, state: State, inject: Inject, status: Status) -> Line:
    record = state.inject(inject.id)
    moment = record.due_ms if record.released_ms is not None else table.due_of.get(inject.id)
    return Line(inject, record, status, moment, table.plan.planned_ms[inject.id])

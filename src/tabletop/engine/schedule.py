"""When each inject falls due, and what each is now: due, next, waiting, held, kept back, wanted, off its path, set aside.

A hold waits for a person by the file's word, what is kept back by somebody's in this run. Neither is ever due, next or late, nothing
releases it but a person, and what comes `after` it waits.

Whatever does not depend on the moment is worked out once for a state's injects, so that asking costs the same with
fifteen injects and with five thousand.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from tabletop.exercise.injects import Inject

from .events import Pace
from .paths import on_path, paths_of, wanted
from .plan import Plan
from .standing import read_at
from .state import UNTOUCHED, InjectRecord, State

Status = Literal["released", "skipped", "overtaken", "due", "waiting", "held", "kept_back", "wanted", "off_path", "set_aside"]


@dataclass(frozen=True, slots=True)
class Line:
    """One inject's place in the plan at a moment."""

    inject: Inject
    record: InjectRecord
    status: Status
    due_ms: int | None
    """On the exercise clock; None for holds and what is kept back, for what waits on another inject, and in the discussion pace until
    it is its turn."""
    planned_ms: int | None

    def late_ms(self, now_ms: int) -> int:
        """Milliseconds since it fell due, or between its due time and its release; negative: released early."""
        if self.due_ms is None:
            return 0
        moment = self.record.released_ms if self.record.released_ms is not None else now_ms
        return moment - self.due_ms


class Timetable:
    """What the schedule knows of a plan and a state's injects, whatever the time. Never changes; `changed` makes the next one."""

    def __init__(
        self, plan: Plan, pace: Pace, pending: list[Inject], kept: frozenset[str], falls_due: list[tuple[int, int]], due_of: dict[str, int]
    ) -> None:
        self.plan = plan
        self.pace = pace
        self.order = plan.order
        self.rank = plan.rank
        """Where each inject stands in the list: by its planned time, holds last."""
        self.pending = pending
        """Neither released nor gone."""
        self.kept = kept
        """Those of them that somebody keeps back."""
        self._falls_due = falls_due
        self.due_times = [moment for moment, _ in falls_due]
        self.due_injects = [self.order[rank] for _, rank in falls_due]
        self.due_of = due_of

    @classmethod
    def of(cls, plan: Plan, state: State) -> Timetable:
        """Worked out from every inject."""
        pending = [inject for inject in plan.order if _pending(state.inject(inject.id))]
        due_of = {inject.id: due for inject in pending if (due := _due_ms(state, inject)) is not None}
        kept = frozenset(inject.id for inject in pending if state.inject(inject.id).kept is not None)
        return cls(plan, state.pace, pending, kept, sorted((due, plan.rank[name]) for name, due in due_of.items()), due_of)

    def changed(self, state: State, names: Collection[str]) -> Timetable:
        """The timetable of a state in which only what became of the injects `names` is different; itself where none is."""
        if not names:
            return self
        pending, falls_due, due_of = self.pending.copy(), self._falls_due.copy(), self.due_of.copy()
        for name in names:
            inject = self.plan.inject_by_id.get(name)
            if inject is None:
                continue
            rank = self.rank[name]
            at = bisect_left(pending, rank, key=lambda other: self.rank[other.id])
            there = at < len(pending) and pending[at] is inject
            if there and not _pending(state.inject(name)):
                del pending[at]
            elif not there and _pending(state.inject(name)):
                pending.insert(at, inject)
        following = (follower for name in names for follower in self.plan.followers.get(name, ()))
        for name in dict.fromkeys((*names, *following)):
            inject = self.plan.inject_by_id.get(name)
            if inject is None:
                continue
            before = due_of.pop(name, None)
            if before is not None:
                del falls_due[bisect_left(falls_due, (before, self.rank[name]))]
            due = _due_ms(state, inject) if _pending(state.inject(name)) else None
            if due is not None:
                due_of[name] = due
                insort(falls_due, (due, self.rank[name]))
        now_kept = {name for name in names if state.inject(name).kept_back is not None}
        return Timetable(self.plan, self.pace, pending, self.kept.difference(names) | now_kept, falls_due, due_of)

    @cached_property
    def held(self) -> list[Inject]:
        """The holds that nobody released yet."""
        return [inject for inject in self.pending if inject.held]

    @cached_property
    def listed(self) -> tuple[Inject, ...]:
        """Every inject as a list shows it: in the order of the plan, what is kept back with the holds at its end."""
        if not self.kept:
            return self.order
        timed = [inject for inject in self.order if self.plan.planned_ms[inject.id] is not None and inject.id not in self.kept]
        rest = [inject for inject in self.order if self.plan.planned_ms[inject.id] is None and inject.id not in self.kept]
        return (*timed, *(inject for inject in self.order if inject.id in self.kept), *rest)

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each inject stands in that list."""
        return self.rank if not self.kept else {inject.id: place for place, inject in enumerate(self.listed)}

    @cached_property
    def turns(self) -> list[Inject]:
        """What the pace plays by itself and has still to come, in its order."""
        return [inject for inject in self.pending if self.played(inject)]

    def played(self, inject: Inject) -> bool:
        """Whether the pace plays an inject by itself: all in the timed pace, the core ones in the discussion pace.

        Never a hold, nor what is kept back.
        """
        by_hand = inject.held or inject.id in self.kept
        return not by_hand and (self.pace == "timed" or inject.core or not self.plan.has_core)


def _pending(record: InjectRecord) -> bool:
    return record.released_ms is None and not record.gone


def _due_ms(state: State, inject: Inject) -> int | None:
    if state.pace == "discussion" or inject.held:
        return None
    record = state.inject(inject.id)
    if record.kept is not None:
        return None
    delayed = record.delayed_ms
    if isinstance(inject.at, int):
        return inject.at * 1000 + delayed
    if inject.after is None:
        return None
    released = state.inject(inject.after.inject).released_ms
    return None if released is None else released + inject.after.delay * 1000 + delayed


MANY = 500
"""So many changes at once, as a slide makes, that everything is worked out anew."""

_LATEST: list[tuple[Mapping[str, InjectRecord], Timetable]] = []


def timetable(plan: Plan, state: State) -> Timetable:
    """The timetable of a state; the same object while no inject is released, put off, left out or taken back."""
    near = None
    for injects, table in _LATEST:
        if table.plan is plan and table.pace == state.pace:
            if injects is state.injects:
                return table
            near = near or (injects, table)
    names = None if near is None else _differing(near[0], state.injects)
    table = Timetable.of(plan, state) if near is None or names is None else near[1].changed(state, names)
    _LATEST[:] = [(state.injects, table), *_LATEST[:3]]
    return table


def _differing(before: Mapping[str, InjectRecord], after: Mapping[str, InjectRecord]) -> list[str] | None:
    """The injects whose place in the plan differs between two states; None where there are many."""
    names = [name for name, record in after.items() if (old := before.get(name)) is not record and _moved(old or UNTOUCHED, record)]
    if len(names) <= MANY and not before.keys() <= after.keys():
        names += [name for name in before.keys() - after.keys() if _moved(before[name], UNTOUCHED)]
    return names if len(names) <= MANY else None


def _moved(old: InjectRecord, new: InjectRecord) -> bool:
    return (old.released_ms, old.gone, old.delayed_ms, old.kept) != (new.released_ms, new.gone, new.delayed_ms, new.kept)


def due(plan: Plan, state: State, now_ms: int) -> tuple[Line, ...]:
    """The injects that are due and on the path, oldest first."""
    if state.phase != "running":
        return ()
    table = timetable(plan, state)
    if state.pace == "discussion":
        turn = _turn(table, state, now_ms)
        its_turn = turn is not None and turn.due_ms is not None and turn.due_ms <= now_ms
        return (replace(turn, status="due", due_ms=None),) if turn is not None and its_turn else ()
    reached, paths = bisect_right(table.due_times, now_ms), paths_of(plan, state)
    return tuple(_line(table, state, inject, "due") for inject in table.due_injects[:reached] if paths.open(inject, state, now_ms))


def upcoming(plan: Plan, state: State, now_ms: int) -> Iterator[Line]:
    """The injects to come that are on the path, soonest first, without those already due."""
    table, paths = timetable(plan, state), paths_of(plan, state)
    if state.pace == "discussion":
        turn = _turn(table, state, now_ms)
        if turn is not None and (turn.due_ms is None or turn.due_ms > now_ms):
            yield turn
        first = None if turn is None else turn.inject.id
        for inject in table.turns:
            if inject.id != first and paths.open(inject, state, now_ms):
                yield _line(table, state, inject, "waiting")
        return
    for inject in table.due_injects[bisect_right(table.due_times, now_ms) :]:
        if paths.open(inject, state, now_ms):
            yield _line(table, state, inject, "waiting")
    for inject in table.turns:
        if inject.id not in table.due_of and paths.open(inject, state, now_ms):
            yield _line(table, state, inject, "waiting")


def held_wanted(plan: Plan, state: State, now_ms: int) -> tuple[Line, ...]:
    """The held injects that their cues call for."""
    table = timetable(plan, state)
    return tuple(_line(table, state, inject, "wanted") for inject in table.held if wanted(plan, state, inject.id, now_ms))


def kept_back(plan: Plan, state: State) -> tuple[Line, ...]:
    """The injects that somebody keeps back, in the order of the plan."""
    table = timetable(plan, state)
    return tuple(_line(table, state, inject, "kept_back") for inject in table.pending if inject.id in table.kept) if table.kept else ()


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
    if inject.id in table.kept:
        return "kept_back"
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
    """The inject whose turn it is in the discussion pace, due once the last one released has been read.

    What comes after a hold, or after what is kept back, comes only once that was released.
    """
    paths = paths_of(table.plan, state)
    for inject in table.turns:
        if waits_for_hand(table, state, inject):
            continue
        if paths.open(inject, state, now_ms):
            ready = read_at(state, state.released[-1]) if state.released else 0
            return Line(inject, state.inject(inject.id), "waiting", ready, table.plan.planned_ms[inject.id])
    return None


def waits_for_hand(table: Timetable, state: State, inject: Inject) -> bool:
    """Whether an inject comes after one that only a person releases, and nobody has yet: a hold, or one that is kept back."""
    if table.plan.planned_ms[inject.id] is None:
        return inject.after is not None and state.inject(inject.after.inject).released_ms is None
    while table.kept and inject.after is not None and _pending(state.inject(inject.after.inject)):
        inject = table.plan.inject_by_id[inject.after.inject]
        if inject.id in table.kept:
            return True
    return False


def _line(table: Timetable, state: State, inject: Inject, status: Status) -> Line:
    record = state.inject(inject.id)
    moment = record.due_ms if record.released_ms is not None else table.due_of.get(inject.id)
    return Line(inject, record, status, moment, table.plan.planned_ms[inject.id])

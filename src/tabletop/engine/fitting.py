"""Fitting what is still to come into the time left: what is kept, what is cut, what stays untested (semantics: *Fitting*).

Owns: which injects go, core ones last, late ones first, a `recovery` never, holds and what is kept back not at all; how long
each inject is planned to take; what falls due earlier. Refuses to own: how much time there is (`booking`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tabletop.exercise.injects import Inject

from .commands import FitPlan
from .plan import Plan
from .schedule import due, timetable, waits_for_hand
from .standing import read_at
from .state import State

NO_WINDOW_MS = 120_000
"""What an inject without any window is given after it has been read."""

TALK_MS = 480_000
"""What an inject is given in the discussion pace where there is time enough, reading included."""

LEAST_TALK_MS = NO_WINDOW_MS
"""What it is given after reading, at the least.

Eight minutes each would leave two or three injects of a half-hour drill. So the time there is goes to all of them in equal parts
first, and only what would get less than this is cut.
"""

STEP_MS = 5_000
"""Planned lengths are rounded down to it, as reading times are."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """What fits, and what that costs."""

    kept: tuple[str, ...]
    """What the pace still plays by itself, in the order of the plan."""
    cut: tuple[str, ...]
    untested: tuple[str, ...]
    """Objectives that no inject played or kept tests any more, or whose actions all belong to roles that nobody plays."""
    planned_ms: Mapping[str, int]
    """How long each of `kept` is planned to take."""
    ends_ms: int
    """When play is to end, on the exercise clock."""
    moved: Mapping[str, int] = field(default_factory=dict)
    """By how many milliseconds what is kept falls due later; negative: earlier. Timed pace only."""
    talk_ms: int = 0
    """Talk after reading for each, in the discussion pace."""
    over_ms: int = 0
    """How far what is never cut goes beyond the end all the same."""

    @property
    def changes(self) -> bool:
        """Whether it asks for anything to be done."""
        return bool(self.cut or self.moved)

    @property
    def command(self) -> FitPlan:
        """What does exactly this."""
        return FitPlan(self.cut, tuple(self.moved.items()), self.ends_ms, self.talk_ms)


def fit(plan: Plan, state: State, play_ms: int, now_ms: int) -> Fitting:
    """What of the plan fits into `play_ms` milliseconds of play from exercise time `now_ms` on."""
    turns = _candidates(plan, state)
    ends_ms = now_ms + max(0, play_ms)
    if state.pace == "discussion":
        return _in_turn(plan, state, turns, now_ms, ends_ms)
    return _on_the_clock(plan, state, turns, now_ms, ends_ms)


def _candidates(plan: Plan, state: State) -> list[Inject]:
    """What the pace still plays by itself, in its order; not what waits for a hold or for what is kept back or, on the clock, for
    something that is gone."""
    table = timetable(plan, state)
    if state.pace == "discussion":
        return [inject for inject in table.turns if plan.planned_ms[inject.id] is not None and not waits_for_hand(table, state, inject)]
    comes = set(table.due_of)
    size = -1
    while size != len(comes):
        size = len(comes)
        comes |= {inject.id for inject in table.turns if inject.after is not None and inject.after.inject in comes}
    return [inject for inject in table.turns if inject.id in comes]


def longest_window_ms(inject: Inject) -> int:
    """The longest window of an inject's asks and actions; two minutes where there is none."""
    windows = [ask.within for ask in inject.asks] + [action.within for action in inject.expects]
    return max((within * 1000 for within in windows if within is not None), default=NO_WINDOW_MS)


def _best(turns: Sequence[Inject], fits: Callable[[list[Inject]], bool], whole: Callable[[set[str]], set[str]]) -> list[Inject]:
    """As much as fits: first what is never cut, then core injects, then others, in each the early ones.

    Fitting more must never be easier than fitting less. `whole` adds what the injects of a set cannot do without.
    """
    kept = whole({inject.id for inject in turns if inject.kind == "recovery"})
    for core in (True, False):
        ranks = [inject.id for inject in turns if inject.core is core and inject.id not in kept]

        def taken(count: int, before: set[str] = kept, ranks: list[str] = ranks) -> list[Inject]:
            names = whole(before | set(ranks[:count]))
            return [inject for inject in turns if inject.id in names]

        low, high = 0, len(ranks)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if fits(taken(middle)) else (low, middle - 1)
        kept = {inject.id for inject in taken(low)}
        if low < len(ranks) and core:
            break
    return [inject for inject in turns if inject.id in kept]


def _together(plan: Plan, turns: Sequence[Inject]) -> Callable[[set[str]], set[str]]:
    """Adds to a set of injects those they come `after` and that are still to come."""
    pending = {inject.id: inject for inject in turns}

    def whole(names: set[str]) -> set[str]:
        found, look = set(names), list(names)
        while look:
            after = pending[look.pop()].after
            if after is not None and after.inject in pending and after.inject not in found:
                found.add(after.inject)
                look.append(after.inject)
        return found

    return whole


# In the discussion pace.


def _in_turn(plan: Plan, state: State, turns: list[Inject], now_ms: int, ends_ms: int) -> Fitting:
    room_ms = ends_ms - now_ms - _unfinished_ms(plan, state, now_ms, LEAST_TALK_MS)

    def needed(injects: Sequence[Inject]) -> int:
        return sum(plan.reading_ms(inject) + LEAST_TALK_MS for inject in _one_path(plan, injects))

    kept = _best(turns, lambda injects: needed(injects) <= room_ms, _together(plan, turns))
    told = _one_path(plan, kept)
    spare_ms = room_ms - sum(plan.reading_ms(inject) for inject in told)
    talk_ms = max(LEAST_TALK_MS, spare_ms // max(1, len(told)) // STEP_MS * STEP_MS)
    planned = {inject.id: talked_ms(plan, inject, talk_ms) for inject in kept}
    return Fitting(
        tuple(planned),
        _rest(turns, planned),
        untested(plan, state, planned),
        planned,
        ends_ms,
        talk_ms=min(TALK_MS, talk_ms),
        over_ms=max(0, needed(kept) - max(0, room_ms)),
    )


def talked_ms(plan: Plan, inject: Inject, talk_ms: int) -> int:
    """How long an inject takes in the discussion pace if the room talks `talk_ms` after it was read: eight minutes at most."""
    read_ms = plan.reading_ms(inject)
    return max(read_ms + LEAST_TALK_MS, min(TALK_MS, read_ms + talk_ms))


def _one_path(plan: Plan, injects: Sequence[Inject]) -> list[Inject]:
    """The injects without those that stand at one time with another and exclude it: only one of them is played."""
    told: list[Inject] = []
    for inject in injects:
        before = told[-1] if told else None
        twin = before is not None and before.when is not None and inject.when is not None
        if before is None or not twin or plan.planned_ms[before.id] != plan.planned_ms[inject.id]:
            told.append(inject)
    return told


def _unfinished_ms(plan: Plan, state: State, now_ms: int, talk_ms: int) -> int:
    """What the inject on the table still takes."""
    if not state.released or state.released[-1] not in plan.inject_by_id:
        return 0
    record = state.inject(state.released[-1])
    inject = plan.inject_by_id[state.released[-1]]
    length_ms = max(record.read_ms, talked_ms(plan, inject, talk_ms) - plan.reading_ms(inject) + record.read_ms)
    return 0 if record.released_ms is None else max(0, record.released_ms + length_ms - now_ms)


# In the timed pace.


def _on_the_clock(plan: Plan, state: State, turns: list[Inject], now_ms: int, ends_ms: int) -> Fitting:
    expected = _expected(plan, state, turns, now_ms)
    order = sorted(turns, key=lambda inject: (expected[inject.id], plan.rank[inject.id]))
    lengths = {inject.id: plan.reading_ms(inject) + longest_window_ms(inject) for inject in order}
    found = _in_lengths(plan, state, order, expected, lengths, now_ms, ends_ms)
    short = {inject.id: plan.reading_ms(inject) + NO_WINDOW_MS for inject in order if inject.kind == "recovery"}
    if found.cut or found.over_ms:
        # Ten minutes for the last inject of all would cost a short drill everything else: its windows may outlast play.
        shorter = lengths | {name: min(lengths[name], least) for name, least in short.items()}
        second = _in_lengths(plan, state, order, expected, shorter, now_ms, ends_ms)
        if (second.over_ms, len(second.cut)) < (found.over_ms, len(found.cut)):
            return second
    return found


def _in_lengths(
    plan: Plan,
    state: State,
    order: list[Inject],
    expected: Mapping[str, int],
    lengths: Mapping[str, int],
    now_ms: int,
    ends_ms: int,
) -> Fitting:
    """What fits where each inject takes as long as `lengths` says; drawn forward just as far as that needs."""
    tails = {name: _tail(plan, name, length) for name, length in lengths.items()}
    busy_until = _busy_until(plan, state, now_ms)
    whole = _together(plan, order)
    last = whole({inject.id for inject in order if inject.kind == "recovery"})

    def drawn(injects: Sequence[Inject]) -> dict[str, int]:
        return _drawn(injects, expected, lengths, busy_until)

    least = max((at + tails[name] for name, at in drawn([each for each in order if each.id in last]).items()), default=0)
    latest = max(ends_ms, least)

    def fits(injects: Sequence[Inject]) -> bool:
        return all(at + tails[name] <= (latest if name in last else ends_ms) for name, at in drawn(injects).items())

    kept = _best(order, fits, whole)
    earliest, share = drawn(kept), 0.0
    for name, at in earliest.items():
        needed = expected[name] + tails[name] - (latest if name in last else ends_ms)
        if needed > 0 and expected[name] > at:
            share = max(share, min(1.0, needed / (expected[name] - at)))
    falls_due: Mapping[str, int] = (
        {name: _second(expected[name] - (expected[name] - at) * share) for name, at in earliest.items()} if share else expected
    )
    moved = _moved(plan, state, kept, expected, falls_due)
    planned = {inject.id: lengths[inject.id] for inject in sorted(kept, key=lambda each: plan.rank[each.id])}
    cut = _rest(sorted(order, key=lambda each: plan.rank[each.id]), planned)
    return Fitting(tuple(planned), cut, untested(plan, state, planned), planned, ends_ms, moved, over_ms=max(0, least - ends_ms))


def _second(at_ms: float) -> int:
    """Rounded down, so that what came one after the other still does."""
    return int(at_ms // 1000) * 1000


def _expected(plan: Plan, state: State, turns: Sequence[Inject], now_ms: int) -> dict[str, int]:
    """When each inject falls due as things stand, never before now."""
    table = timetable(plan, state)
    pending = {inject.id: inject for inject in turns}
    found: dict[str, int] = {}
    for inject in turns:
        chain: list[Inject] = []
        while inject.id not in found and inject.id not in table.due_of:
            chain.append(inject)
            if inject.after is None or inject.after.inject not in pending:
                break
            inject = pending[inject.after.inject]
        if inject.id in table.due_of:
            found.setdefault(inject.id, max(now_ms, table.due_of[inject.id]))
        for each in reversed(chain):
            base = None if each.after is None else found.get(each.after.inject)
            if each.after is None or base is None:
                found[each.id] = max(now_ms, plan.planned_ms[each.id] or 0)
            else:
                found[each.id] = max(now_ms, base + each.after.delay * 1000 + state.inject(each.id).delayed_ms)
    return found


def _tail(plan: Plan, name: str, length_ms: int) -> int:
    """How long before the end an inject must come: its length, unless the file itself leaves it less."""
    inject, planned = plan.inject_by_id[name], plan.planned_ms[name]
    if planned is None:
        return length_ms
    return max(plan.reading_ms(inject), min(length_ms, plan.exercise.duration * 1000 - planned))


def _busy_until(plan: Plan, state: State, now_ms: int) -> int:
    """Until when the windows of what was released run."""
    until = now_ms
    for name in state.released:
        inject, read_ms = plan.inject_by_id.get(name), read_at(state, name)
        if inject is not None and read_ms is not None:
            until = max(until, read_ms + longest_window_ms(inject))
    return until


def _drawn(injects: Sequence[Inject], expected: Mapping[str, int], lengths: Mapping[str, int], busy_until: int) -> dict[str, int]:
    """The earliest that each may fall due: as written, as soon as everything before it has had its planned length, or as long
    after the one before it as is written, whichever comes first."""
    found: dict[str, int] = {}
    forward = 0
    for inject in injects:
        forward = max(forward, expected[inject.id] - busy_until)
        at = found[inject.id] = expected[inject.id] - forward
        busy_until = max(busy_until, at + lengths[inject.id])
    return found


def _moved(plan: Plan, state: State, kept: Sequence[Inject], expected: Mapping[str, int], falls_due: Mapping[str, int]) -> dict[str, int]:
    """By how much each falls due later than it would by itself; what comes `after` another moves along with it."""
    table = timetable(plan, state)
    shifts = {inject.id: min(0, falls_due[inject.id] - expected[inject.id]) for inject in kept}
    moved = {}
    for inject in kept:
        by_ms = shifts[inject.id]
        if inject.id not in table.due_of:
            before = None if inject.after is None else shifts.get(inject.after.inject)
            # What comes after something that is gone never falls due by itself: there is nothing to move.
            by_ms = 0 if before is None else by_ms - before
        if by_ms:
            moved[inject.id] = by_ms
    return moved


# In both.


def _rest(turns: Sequence[Inject], kept: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(inject.id for inject in turns if inject.id not in kept)


def untested(plan: Plan, state: State, kept: Mapping[str, int]) -> tuple[str, ...]:
    """The objectives with actions, none of which stands in an inject that was or will be played, at a role people play."""
    owed: set[str] = set()
    tested: set[str] = set()
    for inject, action in plan.actions.values():
        owed.add(action.objective)
        played = inject.id in kept or state.inject(inject.id).released_ms is not None
        if played and plan.staffed(state, action.by):
            tested.add(action.objective)
    return tuple(objective.id for objective in plan.exercise.objectives if objective.id in owed - tested)


def behind_ms(plan: Plan, state: State, ends_ms: int | None, now_ms: int) -> int:
    """How far play is behind the plan at exercise time `now_ms`; 0: it is on time, or has no times.

    Timed pace: how late the oldest due inject is. Discussion pace, with an end (`ends_ms`): how far beyond it the injects to come
    would go at the lengths they were last planned with.
    """
    if state.phase != "running":
        return 0
    if state.pace == "timed":
        waiting = due(plan, state, now_ms)
        return max(0, waiting[0].late_ms(now_ms)) if waiting else 0
    if ends_ms is None:
        return 0
    talk_ms = LEAST_TALK_MS if state.fitted is None else state.fitted.talk_ms
    to_come = sum(talked_ms(plan, inject, talk_ms) for inject in _one_path(plan, _candidates(plan, state)))
    return max(0, now_ms + _unfinished_ms(plan, state, now_ms, talk_ms) + to_come - ends_ms)

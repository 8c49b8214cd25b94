"""What people still have to say after ENDEX: critical actions without a record, and words that differ (scoring, amendments 1 and 7)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter

from tabletop.engine.events import Entry
from tabletop.engine.plan import Plan
from tabletop.engine.standing import read_at
from tabletop.engine.state import State
from tabletop.scoring.marks import Case
from tabletop.scoring.scorecard import by_evaluator, cases_of
from tabletop.scoring.timeline import Row, timeline

from .model import Difference, Unrecorded

AROUND_MS = 120_000
"""How far around a deadline the log is shown, on each side."""

BY_TIME = attrgetter("at_ms")

UNSAID = frozenset({"started", "ended", "locked", "driver", "never", "never-held", "never-kept-back", "never-off-path", "staffed"})
"""Rows that say nothing about what the room did."""


def unrecorded_critical(
    plan: Plan, state: State, entries: Sequence[Entry], rows: Sequence[Row] | None = None, cases: Sequence[Case] | None = None
) -> tuple[Unrecorded, ...]:
    """Every critical action that was due and has no record, each with the log two minutes around its deadline.

    An action without a deadline, as all are in the discussion pace, is shown with the log from when its inject had been
    released until two minutes after the next release.
    """
    silent = [
        case
        for case in (cases_of(plan, state) if cases is None else cases)
        if case.standing.action.criticality == "critical" and case.standing.state == "no_record"
    ]
    if not silent:
        return ()
    lived = [row for row in (timeline(plan, state, entries) if rows is None else rows) if row.at_ms is not None and row.code not in UNSAID]
    return tuple(_around(plan, state, case, lived) for case in silent)


def log_around(plan: Plan, state: State, case: Case, rows: Sequence[Row]) -> Unrecorded:
    """The log around the deadline of any action whose inject was released, as `unrecorded_critical` shows it."""
    return _around(plan, state, case, [row for row in rows if row.at_ms is not None and row.code not in UNSAID])


def _around(plan: Plan, state: State, case: Case, lived: Sequence[Row]) -> Unrecorded:
    known = case.standing
    if known.deadline_ms is not None:
        centre = known.deadline_ms
        first, last = centre - AROUND_MS, centre + AROUND_MS
    else:
        released = state.inject(known.inject.id).released_ms or 0
        centre = read_at(state, known.inject.id) or released
        first, last = released, max(centre, _next_release(state, known.inject.id)) + AROUND_MS
    begin, end = bisect_left(lived, first, key=BY_TIME), bisect_right(lived, last, key=BY_TIME)
    return Unrecorded(case, centre, tuple(lived[begin:end]))


def _next_release(state: State, inject_id: str) -> int:
    """When the room got the next inject; ENDEX if none came."""
    place = state.released.index(inject_id)
    if place + 1 < len(state.released):
        return state.inject(state.released[place + 1]).released_ms or 0
    return state.last_ms if state.ended_ms is None else state.ended_ms


def differences(plan: Plan, state: State) -> tuple[Difference, ...]:
    """The actions whose sources disagree: evaluators before the facilitator, the facilitator before an option's effect."""
    found = []
    for action_id in plan.actions:
        newest = {mark.actor: mark for mark in state.marks.get(action_id, ())}
        said = [mark for mark in newest.values() if mark.state != "no_record"]
        said.sort(key=lambda mark: (not by_evaluator(mark.actor), -mark.seq))
        words = [(mark.actor, mark.state) for mark in said]
        effects = {record.effect.what for record in state.effects.get(action_id, ())}
        if effects:
            words.append(("option", "done" if "does" in effects else "missed"))
        if len({word for _, word in words}) > 1:
            found.append(Difference(action_id, tuple(words)))
    return tuple(found)

"""What those who mark see: the expected actions of what was told, in an order that keeps, and the mark that a press gives. Pure.

Owns: which action has which place in a list, on every screen alike, what a press says of an action that has a mark already, and who has not
rated what. Refuses to own: who may mark (rights), points (scoring).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import get_args

from .commands import MarkAction
from .events import BehaviourLine, Entry
from .plan import Plan
from .standing import Standing, standing
from .state import ActionMark, State

SETTLED = frozenset({"done", "partial", "missed", "not_observed", "not_applicable"})
"""States of an expected action that need nobody any more."""


def actions_told(plan: Plan, state: State, now_ms: int) -> list[Standing]:
    """The expected actions of what was released, as panels number them.

    First those of the inject on the table: marked or not, they keep their numbers until the next one is released. Then what is open
    from before, the most urgent first; then what is settled, the newest first.
    """
    table: list[Standing] = []
    before: list[tuple[tuple[bool, int], Standing]] = []
    settled: list[Standing] = []
    for inject_id in state.released:
        inject = plan.inject_by_id.get(inject_id)
        for action in () if inject is None else inject.expects:
            known = standing(plan, state, action.id, now_ms)
            if inject_id == state.released[-1]:
                table.append(known)
            elif known.state in SETTLED:
                settled.append(known)
            else:
                before.append((urgency(known.deadline_ms, state.inject(inject_id).released_ms or 0), known))
    return [*table, *(known for _, known in sorted(before, key=lambda one: one[0])), *reversed(settled)]


def urgency(deadline_ms: int | None, since_ms: int) -> tuple[bool, int]:
    """Sorts what is owed: running deadlines before what has none; the oldest first in both."""
    return deadline_ms is None, since_ms if deadline_ms is None else deadline_ms


@dataclass(frozen=True, slots=True)
class Said:
    """What a press says of an action: by whom, when, and whether after a hint or only in part."""

    role: str
    at_ms: int | None
    """None: nobody knows, after ENDEX."""
    prompted: bool = False
    partly: bool = False
    moved: bool = False
    """Whether the time was set by hand."""


def mark_of(known: Standing, said: Said) -> MarkAction | None:
    """The mark that a press gives; None where it would say again what stands.

    On an action that is done, *after a hint* and *partly* turn what they stand for on or off and its time stays: that corrects the
    mark. A plain press makes it done, at the time it was said now.
    """
    action = known.action
    other = "" if action.by == said.role else said.role
    if known.state not in ("done", "partial"):
        state = "partial" if said.partly else "done"
        return MarkAction(action.id, state, prompted=True if said.prompted else None, other_role=other, said_ms=said.at_ms)
    state = "done" if not said.partly or known.state == "partial" else "partial"
    prompted = known.prompted != said.prompted
    if (state, prompted, other) == (known.state, known.prompted, known.other_role) and not said.moved:
        return None
    later = said.moved or known.at_ms is None or (state == "done" and known.state == "partial" and not said.partly)
    at_ms = said.at_ms if later else known.at_ms
    return MarkAction(action.id, state, prompted=prompted, other_role=other, said_ms=at_ms)


def own_standing(plan: Plan, state: State, action_id: str, actor: str, now_ms: int) -> Standing:
    """An expected action in the words of one of those who mark: by that one's own newest mark; without one, open still.

    Every one of them gives a mark of their own, whatever others said (scoring, amendment 7).
    """
    known = standing(plan, state, action_id, now_ms)
    own = newest_marks(state, action_id).get(actor)
    if own is not None and own.state != "no_record":
        at_ms = own.at_ms if own.state in ("done", "partial") else None
        said = replace(known, at_ms=at_ms, prompted=own.prompted, other_role=own.other_role, how=own.how, seq=own.seq, note=own.note)
        return replace(said, state=own.state)  # type: ignore[arg-type]  # the events hold only these states
    if known.source == "none":
        return known
    over = known.deadline_ms is not None and now_ms > known.deadline_ms
    blank = replace(known, at_ms=None, latency_ms=None, prompted=False, other_role="", how=None, source="none", seq=0, note="")
    return replace(blank, state="no_record" if over else "open")


@dataclass(frozen=True, slots=True)
class Unrated:
    """What an evaluator has not rated."""

    evaluator: str
    objectives: tuple[str, ...]
    behaviour: tuple[BehaviourLine, ...]


def evaluators(state: State, entries: Iterable[Entry], seats: Iterable[str]) -> tuple[str, ...]:
    """The names of those who evaluate, the first to come first: who recorded anything as an evaluator, who was rated for, and who sits or
    sat at one of `seats`, as the log names an actor."""
    rated = (*(name for name, _ in state.ratings), *(name for name, _ in state.behaviour))
    judges = (who.partition(":") for who in (*(entry.actor for entry in entries), *seats))
    names = (*(name for kind, _, name in judges if kind in ("evaluator", "lead")), *rated)
    return tuple(dict.fromkeys(filter(None, names)))


def unrated(plan: Plan, state: State, names: Iterable[str]) -> tuple[Unrated, ...]:
    """Those of `names` whose ratings are incomplete, and what is missing."""
    found = (
        Unrated(
            name,
            tuple(objective.id for objective in plan.exercise.objectives if (name, objective.id) not in state.ratings),
            tuple(line for line in get_args(BehaviourLine) if (name, line) not in state.behaviour),
        )
        for name in names
    )
    return tuple(one for one in found if one.objectives or one.behaviour)


def newest_marks(state: State, action_id: str) -> dict[str, ActionMark]:
    """What each of those who mark said last of an expected action, by actor."""
    return {mark.actor: mark for mark in state.marks.get(action_id, ())}

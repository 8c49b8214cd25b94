"""Who took part: who played a role from when until when, who evaluated, and how many people a run had between STARTEX and ENDEX."""

from __future__ import annotations

from dataclasses import dataclass

from tabletop.engine.events import StaffedBy
from tabletop.engine.plan import Plan
from tabletop.engine.state import State

AT_THE_TABLE: frozenset[StaffedBy] = frozenset({"people", "with"})
"""Who plays a role that has people of the room."""

EVALUATORS = ("evaluator", "lead")
"""Kinds of actors whose word is an evaluator's."""


def by_evaluator(actor: str) -> bool:
    """Whether an actor of the log is an evaluator."""
    return actor.partition(":")[0] in EVALUATORS


TURNED_MS = 30_000
"""What a role was staffed with for less than that was passed through on the way to what was meant."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A part of play, in exercise milliseconds."""

    begin_ms: int = 0
    """0: from STARTEX."""
    until_ms: int | None = None
    """None: to the end of play."""

    def meets(self, other: Stay) -> bool:
        """Whether the two have any time in common."""
        return _before(self.begin_ms, other.until_ms) and _before(other.begin_ms, self.until_ms)


WHOLE = Stay()


@dataclass(frozen=True, slots=True)
class Stint:
    """Who played a role for a part of play."""

    by: StaffedBy
    with_role: str
    stay: Stay


def _before(begin_ms: int, until_ms: int | None) -> bool:
    return until_ms is None or begin_ms < until_ms


def _stay(state: State, begin_ms: int, until_ms: int | None) -> Stay | None:
    """That part of play; None where it was over before STARTEX or began after ENDEX. Before ENDEX play goes on."""
    end_ms = None if state.ended_ms is None else max(1, state.ended_ms)
    if not _before(begin_ms, until_ms) or not _before(begin_ms, end_ms):
        return None
    return Stay(begin_ms, until_ms if until_ms is not None and _before(until_ms, end_ms) else None)


def stints(plan: Plan, state: State, role: str) -> tuple[Stint, ...]:
    """Who played a role, one after the other; what was said before STARTEX counts as far as it stood then."""
    by: StaffedBy = "control" if plan.role(role).simulated else "people"
    said: list[tuple[int, StaffedBy, str]] = [(0, by, "")]
    for change in state.staffing.get(role, ()):
        begin_ms = change.at_ms
        if begin_ms - said[-1][0] < TURNED_MS:
            begin_ms = 0 if said.pop()[0] == 0 else begin_ms
        if not said or said[-1][1:] != (change.by, change.with_role):
            said.append((begin_ms, change.by, change.with_role))
    made = []
    for (begin_ms, by, with_role), following in zip(said, [*said[1:], None], strict=True):
        stay = _stay(state, begin_ms, None if following is None else following[0])
        if stay is not None:
            made.append(Stint(by, with_role, stay))
    return tuple(made)


def stays(plan: Plan, state: State, role: str) -> dict[str, Stay]:
    """When each person who is known by name was at a role in play, from first to last."""
    played = [stint.stay for stint in stints(plan, state, role) if stint.by in AT_THE_TABLE]
    found: dict[str, Stay] = {}
    for person in state.people:
        stay = _stay(state, person.since_ms, person.left_ms) if person.role == role else None
        if stay is None or not any(stay.meets(stint) for stint in played):
            continue
        before = found.get(person.name)
        found[person.name] = stay if before is None else Stay(min(before.begin_ms, stay.begin_ms), _later(before.until_ms, stay.until_ms))
    return found


def _later(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def people_count(plan: Plan, state: State) -> int:
    """Everybody who was at a role in play by name, and one for each role that people played and nobody was named for."""
    names: set[str] = set()
    unnamed = 0
    for role in plan.exercise.roles:
        named = stays(plan, state, role.id)
        names.update(named)
        unnamed += not named and any(stint.by == "people" for stint in stints(plan, state, role.id))
    return len(names) + unnamed

"""Why nothing is taken from a seat for one of its roles any more: somebody else plays it, or its person has left. Pure.

Owns: reading that off staffing and people, and since which log entry it is so. Refuses to own: who is refused what (`rights`), what a
seat still shows (`seats`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .plan import Plan
from .roles import roles_at_seat
from .state import Person, State

Why = Literal["control", "nobody", "people", "left"]
"""Who plays the role now; `left`: people do, but not the person at this device."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A role that is not played at a seat any more."""

    why: Why
    seq: int
    """The log entry from which on it is so."""
    people: tuple[str, ...] = ()
    """Where the person at this device left: who is named at the role now."""


def stopped(plan: Plan, state: State, kind: str, chosen: Sequence[str], person: str, role: str) -> Stopped | None:
    """Why a seat of that kind, opened for the `chosen` roles, does not play `role` now; None: it does, or its kind knows no such thing.

    `person`: who says to be at the device; empty: nobody said, and nobody can have left.
    """
    if role not in plan.exercise.role_by_id:
        return None
    if kind == "control":
        if plan.staffed_by(state, plan.played_with(state, role)[-1]) == "control":
            return None
        return Stopped("people" if plan.staffed(state, role) else "nobody", _since(plan, state, role, "control"))
    if kind != "seat":
        return None
    if not plan.staffed(state, role):
        control = plan.staffed_by(state, plan.played_with(state, role)[-1]) == "control"
        return Stopped("control" if control else "nobody", _since(plan, state, role, "people"))
    gone = _gone(roles_at_seat(state, plan, chosen), state, person)
    if gone is None:
        return None
    return Stopped("left", gone, tuple(one.name for one in state.people if one.role == role and one.left_ms is None))


def _gone(own: Sequence[str], state: State, person: str) -> int | None:
    """The entry with which a person left the last of these roles; None where they are there, or were never named there."""
    named = [one for one in state.people if one.role in own and one.name == person] if person else []
    return None if not named or any(map(_there, named)) else max(one.left_seq for one in named)


def _there(person: Person) -> bool:
    return person.left_ms is None


def _since(plan: Plan, state: State, role: str, plays: Literal["people", "control"]) -> int:
    """The entry since which those who should do not play a role: it was given up, or given into hands that had given up theirs."""
    chain = plan.played_with(state, role)
    given = [state.staffing[one][-1].seq for one in chain[:-1]]
    since = 0
    for change in reversed(state.staffing.get(chain[-1], ())):
        if change.by in (plays, "with"):
            break
        since = change.seq
    return max(since, *given) if given else since

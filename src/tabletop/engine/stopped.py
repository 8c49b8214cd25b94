"""Why nothing is taken from a seat for one of its roles any more: somebody else plays it, or its person has left. Pure.

Owns: reading that off staffing and people, and since which log entry it is so. Refuses to own: who is refused what (`rights`), what a
seat still shows (`seats`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import east_asian_width

from .plan import Plan
from .roles import roles_at_seat
from .state import Person, State, same_person

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
    gone = _gone(plan, state, chosen, person)
    if gone is None:
        return None
    return Stopped("left", gone, tuple(one.name for one in state.people_at(role)))


def _gone(plan: Plan, state: State, chosen: Sequence[str], person: str) -> int | None:
    """The entry with which a person left a seat of the `chosen` roles; None where they are there, or were never named there.

    Another name in their place says that they are called otherwise, or that they write for whoever is named now: nothing says that
    they left. Only whose own name goes on at another role has changed places.
    """
    own, who = roles_at_seat(state, plan, chosen), same_person(person)
    named = [one for one in state.people if one.role in own and same_person(one.name) == who] if who else []
    if not named or any(map(_there, named)):
        return None
    last = max(named, key=lambda one: one.left_seq)
    if last.renamed and len(chosen) == 1:
        if _goes_on_elsewhere(state, own, last):
            return last.left_seq
        last = _called_now(state, last)
    return None if _there(last) or last.renamed else last.left_seq


def _goes_on_elsewhere(state: State, own: Sequence[str], person: Person) -> bool:
    """Whether a person was named at a role of another seat when, or after, their place here went to somebody."""
    others = (one for one in state.people if one.role not in own and same_person(one.name) == same_person(person.name))
    return any(_there(one) or one.left_seq > person.left_seq for one in others)


def _called_now(state: State, person: Person) -> Person:
    """Who is, or was last, at the place of a person under the names that followed theirs."""
    named = {one.since_seq: one for one in state.people}
    while person.renamed:
        person = named[person.left_seq]
    return person


def called_now(state: State, chosen: Sequence[str], person: str) -> str:
    """What those are called who sit at a seat of the `chosen` roles where `person` gave a name: as their place was renamed since.

    At a seat of several roles a name is that of whoever writes there, and stays; so does one that was never named there, or that left:
    who comes after them is somebody else.
    """
    who = same_person(person)
    named = [one for one in state.people if one.role in chosen and same_person(one.name) == who] if who and len(chosen) == 1 else []
    if not named or any(map(_there, named)):
        return person
    last = _called_now(state, max(named, key=lambda one: one.left_seq))
    return last.name if _there(last) else person


def known_as(state: State, chosen: Sequence[str], person: str) -> str:
    """As whom a head count looks for who gave the name `person` at a seat of the `chosen` roles.

    Another name in their place may be that of somebody else: who gave theirs is looked for, too, but where the new name only says more
    of it, as `Wu Min` of `Wu`. Who is on a roll for nothing can be ticked; who is not on it cannot be missed.
    """
    now = called_now(state, chosen, person)
    return now if _says_more(same_person(now), same_person(person)) else person


def _says_more(name: str, before: str) -> bool:
    """Whether a name is another with something added: `Wu Min` of `Wu` or of `Min`, `吴敏` of `吴`; not `Lin` of `Li`."""
    added = name.removeprefix(before)
    if name == before or name.endswith(f" {before}"):
        return True
    return added != name and (added[0] == " " or east_asian_width(added[0]) == "W")


def has_left(state: State, person: Person) -> bool:
    """Whether somebody is recorded as having left, under whatever name: another name in their place does not say that they did."""
    return not _there(_called_now(state, person))


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

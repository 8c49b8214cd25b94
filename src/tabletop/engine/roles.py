"""Which roles sit at one seat, and who sits at the table, as everybody in the room may know. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from tabletop.text import Text

from .events import StaffedBy
from .plan import Plan
from .state import State


def place_of(plan: Plan, site: str) -> Text:
    """What the exercise calls a site; what was typed, where it is none of its sites."""
    return next((known.title for known in plan.exercise.sites if known.id == site), site)


def short_name(plan: Plan, role_id: str) -> Text:
    """The short name of a role; its title where it has none."""
    role = plan.role(role_id)
    return role.short or role.title


def role_named(plan: Plan, name: str) -> str | None:
    """The role that somebody names by its id, by the number of its name tent, or by its short name in any language, as screens show it.

    None: nobody is called that, or more than one.
    """
    exercise, plain = plan.exercise, unicodedata.normalize("NFKC", name).strip()
    if plain in exercise.role_by_id:
        return plain
    numbered = [role for role, number in exercise.number_of_role.items() if str(number) == plain]
    called = [role.id for role in exercise.roles if plain.casefold() in _shorts(role.short)]
    return next(iter(numbered or called), None) if len(numbered or called) == 1 else None


def _shorts(short: Text | None) -> set[str]:
    if short is None:
        return set()
    texts = short.values() if isinstance(short, dict) else [short]
    return {unicodedata.normalize("NFKC", text).strip().casefold() for text in texts}


@dataclass(frozen=True, slots=True)
class Tent:
    """A name tent: what stands on the table for all to see, and nothing of the role's part."""

    id: str
    number: int
    title: Text
    short: Text
    people: tuple[str, ...]
    by: StaffedBy
    """Who plays it now."""
    with_role: str
    """The role whose people play it as well; empty: it has its own."""


def with_roles(state: State, plan: Plan, role: str) -> tuple[str, ...]:
    """The role, and those that its people play with it now, or with one of these (semantics: *Staffing*)."""
    others = (one.id for one in plan.exercise.roles if one.id != role and one.id in state.staffing)
    return (role, *(other for other in others if role in plan.played_with(state, other)))


def roles_at_seat(state: State, plan: Plan, chosen: Iterable[str]) -> tuple[str, ...]:
    """The roles of a seat that these were chosen for, each with those played with it, none twice."""
    return tuple(dict.fromkeys(one for role in chosen for one in with_roles(state, plan, role)))


def at_the_table(plan: Plan, state: State) -> tuple[Tent, ...]:
    """Every role in file order, as the briefing shows them to the whole room."""
    return tuple(_tent(plan, state, role.id) for role in plan.exercise.roles)


def _tent(plan: Plan, state: State, role_id: str) -> Tent:
    role, by = plan.role(role_id), plan.staffed_by(state, role_id)
    people = tuple(person.name for person in state.people_at(role_id))
    with_role = state.staffing[role_id][-1].with_role if by == "with" else ""
    return Tent(role.id, plan.exercise.number_of_role[role.id], role.title, role.short or role.title, people, by, with_role)

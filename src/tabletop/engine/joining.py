"""Seats of a run for people who join it from a device: which there are, whether one that was asked for is one, names given there. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from tabletop.errors import NotFound
from tabletop.text import clean_line

from .around import AtDevice
from .events import Holder
from .plan import Plan
from .rights import Actor
from .state import State, same_person

VIEWER = "viewer"
"""Those who only look at the wall; one code for the whole room."""

NAMED = ("evaluator", "lead", "recorder")
"""Kinds of seats that belong to a person, not to a role."""


def staffed_seats(plan: Plan, state: State) -> tuple[str, ...]:
    """A seat for every role that people of its own play, in file order. A role played with another is on that one's seat."""
    return tuple(str(Actor("seat", roles=(role.id,))) for role in plan.exercise.roles if plan.staffed_by(state, role.id) == "people")


def control_seats(plan: Plan, state: State) -> tuple[str, ...]:
    """A seat for every role that the control team plays, simulated ones too."""
    return tuple(str(Actor("control", roles=(role.id,))) for role in plan.exercise.roles if plan.staffed_by(state, role.id) == "control")


def seat_asked(plan: Plan, state: State, text: str) -> str:
    """The seat a person means: `evaluator:E1`, `site:outlet`, `viewer`, `seat:teller-1+teller-2`, or a role's id alone.

    A role that the control team plays gets a control seat. Raises NotFound for what is no seat of this run.
    """
    kind, colon, name = clean_line(text, longest=200).partition(":")
    plain = f"{kind.strip()}{colon}{name.strip()}"
    roles = plan.exercise.role_by_id
    if plain in roles:
        plain = f"{'control' if plan.staffed_by(state, plain) == 'control' else 'seat'}:{plain}"
    known = ", ".join([*roles, *(f"site:{site.id}" for site in plan.exercise.sites)])
    try:
        actor = Actor.parse(plain)
    except ValueError:
        raise NotFound("codes.no-seat", seat=plain, known=known) from None
    there = {
        "seat": bool(actor.roles) and all(role in roles for role in actor.roles),
        "control": bool(actor.roles) and all(role in roles for role in actor.roles),
        "site": any(site.id == actor.name for site in plan.exercise.sites),
        "evaluator": bool(actor.name),
        "lead": bool(actor.name),
        "recorder": bool(actor.name),
        "viewer": not actor.name,
    }
    if not there.get(actor.kind, False):
        raise NotFound("codes.no-seat", seat=plain, known=known)
    return str(actor)


def is_seat(person: str) -> bool:
    """Whether the record calls somebody by a seat, as `seat:head`, and not by name."""
    try:
        Actor.parse(person.casefold())
    except ValueError:
        return False
    return ":" in person


def person_name(text: str) -> str:
    """A name as it is kept. One that reads like a seat, `seat:head`, loses its colon: a head count would take it for whoever sits there."""
    name = " ".join(text.split())
    return " ".join(name.replace(":", " ").split()) if is_seat(name) else name


HERE_MS = 10_000
"""Milliseconds within which a device was seen that is there: signs of life come every two seconds and are looked up every five."""


def answers_as(state: State, devices: Iterable[AtDevice], role: str, given: str, wall_ms: int) -> str:
    """Who answers for a role at a device, as the log keeps it: by the name `given` there, else the only one known at the role.

    Empty: nobody knows. Where somebody gave a name at another device of the role, or another one of it is there without a name, any
    of them may be the one who is known. `wall_ms` is now, in milliseconds since 1970 UTC.
    """
    if given:
        return given
    there = [one.name for one in state.people_at(role)]
    if len(there) != 1:
        return ""
    of_role = [device for device in devices if not device.gone and role in roles_of(device.seat)]
    nameless = [device for device in of_role if not device.name and wall_ms - device.seen_ms <= HERE_MS]
    return "" if len(nameless) > 1 or any(device.name for device in of_role) else there[0]


def roles_of(seat: str) -> tuple[str, ...]:
    """The roles of a seat as the log names it; none, where it is no seat of roles."""
    try:
        return Actor.parse(seat).roles
    except ValueError:
        return ()


def place_to_sign_in(plan: Plan, state: State, actor: Actor, name: str) -> tuple[str, Holder] | None:
    """Where who sits down at a seat is named, so that nobody who is there is written over. None: named there already.

    At a seat of one role, at a free place of it. Who types for several is named at the first that nobody is named at, and at that alone:
    for the others somebody is looked for in a head count, too; at a seat of the room, only at a role with people of its own. Where no
    place is free, beside those who hold the role: whoever joins is in the log (the roster opens late).
    """
    roles = [role for role in actor.roles if role in plan.exercise.role_by_id]
    there = {role: state.people_at(role) for role in roles}
    if any(same_person(person.name) == same_person(name) for people in there.values() for person in people):
        return None
    if len(roles) == 1:
        places: tuple[Holder, ...] = ("A", "B") if plan.role(roles[0]).holders == 2 else ("A",)
        taken = {person.holder for person in there[roles[0]]}
        return roles[0], next((place for place in places if place not in taken), "+")
    among = [role for role in roles if actor.kind != "seat" or plan.staffed_by(state, role) == "people"]
    free = next((role for role in among if not there[role]), None)
    if free is not None:
        return free, "A"
    return (among[0], "+") if among else None

"""Signing in under a name: who sits at a role, for the log and for the roll of a head count. On the hub's thread.

Owns: at which place of a role a name goes. Refuses to own: whether a seat may name anybody (engine).
"""

from __future__ import annotations

from contextlib import suppress

from tabletop.conductor import Joined
from tabletop.engine import commands as c
from tabletop.engine.events import Holder
from tabletop.engine.joining import place_to_sign_in
from tabletop.engine.rights import Actor
from tabletop.errors import Refused


def sign_in(joined: Joined, actor: Actor, name: str, before: str = "") -> None:
    """Somebody sits down at a seat, or is called something else than `before`. Raises TabletopError.

    Nobody who is there is written over: they would be missing from a head count.
    """
    if actor.kind not in ("seat", "control"):
        return
    plan, state = joined.conductor.plan, joined.conductor.state
    there = [person for role in actor.roles if role in plan.exercise.role_by_id for person in state.people_at(role)]
    if any(person.name == name for person in there):
        return
    mine = [(person.role, person.holder) for person in there if before and person.name == before]
    for role, holder in mine or _place(joined, actor, name):
        # A run that takes no names any more is joined all the same.
        with suppress(Refused):
            joined.conductor.dispatch(c.SeatPerson(role, name, holder, before), actor)


def _place(joined: Joined, actor: Actor, name: str) -> list[tuple[str, Holder]]:
    """The place that a name goes to: a free one, one that is given up, or one beside those who hold the role; none, where it is named."""
    place = place_to_sign_in(joined.conductor.plan, joined.conductor.state, actor, name)
    if place is None:
        return []
    if place[1] == "+" and len(actor.roles) == 1:
        people = joined.conductor.state.people_at(place[0])
        given_up = (person.holder for person in people if person.holder != "+" and _yields(joined, person.role, person.name))
        return [(place[0], next(given_up, "+"))]
    return [place]


def _yields(joined: Joined, role: str, name: str) -> bool:
    """Whether who is named at a role came with a device, and was sent out or only types for it and is counted at another role."""
    passes = joined.store.seats.passes(joined.conductor.run)
    seats = [(one.kicked, Actor.parse(one.seat).roles) for one in passes if one.name == name]
    elsewhere = any(one.name == name and one.role != role and one.left_ms is None for one in joined.conductor.state.people)
    theirs = [kicked or (len(roles) > 1 and elsewhere) for kicked, roles in seats if role in roles]
    return bool(theirs) and all(theirs)

"""Signing in under a name: who sits at a role, for the log and for the roll of a head count. On the hub's thread.

Owns: at which place of a role a name goes. Refuses to own: whether a seat may name anybody (engine).
"""

from __future__ import annotations

from contextlib import suppress

from tabletop.conductor import Joined
from tabletop.engine import commands as c
from tabletop.engine.events import Holder
from tabletop.engine.joining import role_to_sign_in
from tabletop.engine.rights import Actor
from tabletop.errors import Refused


def sign_in(joined: Joined, actor: Actor, name: str, before: str = "") -> None:
    """Somebody sits down at a seat, or is called something else than `before`. Raises TabletopError.

    At a seat of one role a free place of it is taken. Nobody who is there is written over: they would be missing from a head count.
    A seat of several roles has one scribe: that name stands at one of them, where nobody is named; for the others somebody is looked for.
    """
    if actor.kind not in ("seat", "control"):
        return
    known = [role for role in actor.roles if role in joined.conductor.plan.exercise.role_by_id]
    for role in _of_scribe(joined, actor, known, name, before) if len(known) > 1 else known:
        holder = _place(joined, role, name, before, alone=len(known) == 1)
        if holder is not None:
            # A run that takes no names any more is joined all the same.
            with suppress(Refused):
                joined.conductor.dispatch(c.SeatPerson(role, name, holder), actor)


def _of_scribe(joined: Joined, actor: Actor, roles: list[str], name: str, before: str) -> list[str]:
    """Where the name of who types for several roles goes: where they were called something else, or to a role that nobody is named at."""
    if any(name in _there(joined, role).values() for role in roles):
        return []
    mine = [role for role in roles if before and before in _there(joined, role).values()]
    free = role_to_sign_in(joined.conductor.plan, joined.conductor.state, actor, name)
    return mine or ([] if free is None else [free])


def _place(joined: Joined, role: str, name: str, before: str, *, alone: bool) -> Holder | None:
    """The place of a role that a name goes to: its own under another name, a free one, or one that is given up."""
    there = _there(joined, role)
    if name in there.values():
        return None
    mine = [holder for holder, person in there.items() if before and person == before]
    if mine:
        return mine[0]
    if not alone:
        return None if there else "A"
    places: tuple[Holder, ...] = ("A", "B") if joined.conductor.plan.role(role).holders == 2 else ("A",)
    free = [holder for holder in places if holder not in there]
    given_up = (holder for holder in places if holder in there and _yields(joined, role, there[holder]))
    return free[0] if free else next(given_up, None)


def _there(joined: Joined, role: str) -> dict[Holder, str]:
    """Who is named at a role, by place."""
    return {one.holder: one.name for one in joined.conductor.state.people if one.role == role and one.left_ms is None}


def _yields(joined: Joined, role: str, name: str) -> bool:
    """Whether who is named at a role came with a device, and was sent out or only types for it and is counted at another role."""
    passes = joined.store.seats.passes(joined.conductor.run)
    seats = [(one.kicked, Actor.parse(one.seat).roles) for one in passes if one.name == name]
    elsewhere = any(one.name == name and one.role != role and one.left_ms is None for one in joined.conductor.state.people)
    theirs = [kicked or (len(roles) > 1 and elsewhere) for kicked, roles in seats if role in roles]
    return bool(theirs) and all(theirs)

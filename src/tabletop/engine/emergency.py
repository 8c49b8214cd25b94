"""What every screen shows of a real emergency, and what places and seats are called there. Pure.

Owns: the roll for the head count. Refuses to own: who may press or stand down (`rights`, `decide`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from tabletop.text import Text

from .plan import Plan
from .rights import Actor
from .state import State
from .views import OnRoll, Post, RealEmergency


def real_emergency(plan: Plan, state: State) -> RealEmergency | None:
    """The emergency that stands: seat and site at once; number, muster point and roll once a second press confirmed it."""
    raised = state.emergency
    if raised is None:
        return None
    real = plan.exercise.real_emergency if raised.confirmed else None
    return RealEmergency(
        raised.seat,
        raised.site,
        raised.raised_wall_ms,
        confirmed=raised.confirmed,
        place=place_of(plan, raised.site or _site_of(plan, raised.seat)),
        roles=tuple(short_name(plan, role) for role in _roles_of(plan, raised.seat)),
        number="" if real is None else real.number,
        muster=None if real is None else real.muster,
        roll=tuple(roll(plan, state)) if raised.confirmed else (),
    )


def place_of(plan: Plan, site: str) -> Text:
    """What the exercise calls a site; what was typed, where it is none of its sites."""
    return next((known.title for known in plan.exercise.sites if known.id == site), site)


def short_name(plan: Plan, role_id: str) -> Text:
    """The short name of a role; its title where it has none."""
    role = plan.role(role_id)
    return role.short or role.title


def roll(plan: Plan, state: State) -> Iterator[OnRoll]:
    """Everybody to be counted: at each role those who signed in and have not left, or one without a name where people play it.

    Then evaluators, recorders and site controllers, as far as the log knows them: those who recorded something.
    """
    for role in plan.exercise.roles:
        names = tuple(person.name for person in state.people if person.role == role.id and person.left_ms is None)
        if not names and plan.staffed_by(state, role.id) == "people":
            names = ("",)
        yield from (OnRoll(name, "role", short_name(plan, role.id)) for name in names)
    for actor in sorted({actor for actor in _judging(state) if actor}):
        kind, _, name = actor.partition(":")
        if kind in get_args(Post) and name:
            yield _judge(plan, kind, name)


def _judge(plan: Plan, kind: str, name: str) -> OnRoll:
    if kind == "site":
        return OnRoll("", "site", place_of(plan, name))
    posts: dict[str, Post] = {"evaluator": "evaluator", "lead": "lead", "recorder": "recorder"}
    return OnRoll(name, posts[kind])


def _judging(state: State) -> Iterator[str]:
    """The authors of what is recorded about the room."""
    yield from (mark.actor for marks in state.marks.values() for mark in marks)
    yield from (note.actor for note in state.notes)
    yield from (breach.actor for breach in state.breaches)
    yield from (decision.actor for decision in state.decisions)
    yield from (rating.actor for rating in state.ratings.values())
    yield from (score.actor for score in state.behaviour.values())
    yield from (record.released_by for record in state.injects.values())


def _roles_of(plan: Plan, seat: str) -> tuple[str, ...]:
    """The roles of the seat somebody pressed at; empty where it is none of roles."""
    if seat in plan.exercise.role_by_id:
        return (seat,)
    try:
        named = Actor.parse(seat).roles
    except ValueError:
        return ()
    return tuple(role for role in named if role in plan.exercise.role_by_id)


def _site_of(plan: Plan, seat: str) -> str:
    """The place of that seat, where its roles play at one."""
    sites = {plan.role(role).site for role in _roles_of(plan, seat)}
    return (sites.pop() or "") if len(sites) == 1 else ""

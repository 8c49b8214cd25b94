"""Which seats a run has for people who join it from a device, and whether one that was asked for is one of them. Pure."""

from __future__ import annotations

from tabletop.errors import TabletopError
from tabletop.text import clean_line

from .plan import Plan
from .rights import Actor
from .state import State

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

    A role that the control team plays gets a control seat. Raises TabletopError for what is no seat of this run.
    """
    kind, colon, name = clean_line(text, longest=200).partition(":")
    plain = f"{kind.strip()}{colon}{name.strip()}"
    roles = plan.exercise.role_by_id
    if plain in roles:
        plain = f"{'control' if plan.staffed_by(state, plain) == 'control' else 'seat'}:{plain}"
    try:
        actor = Actor.parse(plain)
    except ValueError:
        raise TabletopError("codes.no-seat", seat=plain) from None
    known = {
        "seat": bool(actor.roles) and all(role in roles for role in actor.roles),
        "control": bool(actor.roles) and all(role in roles for role in actor.roles),
        "site": any(site.id == actor.name for site in plan.exercise.sites),
        "evaluator": bool(actor.name),
        "lead": bool(actor.name),
        "recorder": bool(actor.name),
        "viewer": not actor.name,
    }
    if not known.get(actor.kind, False):
        raise TabletopError("codes.no-seat", seat=plain)
    return str(actor)

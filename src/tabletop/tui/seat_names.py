"""What a seat is called on the facilitator's screens: `seat:teller-1` is what the log writes, not what people say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tabletop.engine.joining import is_seat
from tabletop.engine.rights import Actor
from tabletop.engine.state import same_person

from .look import line, role_title, seat_named

if TYPE_CHECKING:
    from tabletop.engine.plan import Plan
    from tabletop.words import Words


def seat_title(plan: Plan, seat: str, words: Words) -> str:
    """A seat in words: titles of its roles, an evaluator's name, a site; the text itself where no table knows it."""
    language = plan.language
    if seat in plan.exercise.role_by_id:
        return role_title(plan.exercise, seat, language)
    try:
        actor = Actor.parse(seat)
    except ValueError:
        return seat_named(seat, words)
    if actor.kind == "driver":
        return words("console.seat-console")
    if actor.roles:
        titles = " + ".join(role_title(plan.exercise, role, language) for role in actor.roles)
        return words("codes.title.control", role=titles) if actor.kind == "control" else titles
    if actor.kind == "site":
        return words("codes.title.site", site=site_title(plan, actor.name))
    if actor.kind in ("evaluator", "lead", "recorder"):
        return words(f"codes.title.{actor.kind}", name=line(actor.name, ""))
    return words(f"door.seat-{actor.kind}")


def device_title(plan: Plan, seat: str, words: Words) -> str:
    """A seat as a list of devices calls it: of the walls of a run, each says at which site it hangs."""
    title, (kind, _, site) = seat_title(plan, seat, words), seat.partition(":")
    return words("door.with-name", seat=title, name=site_title(plan, site)) if kind == "wall" and site else title


def seat_and_name(plan: Plan, seat: str, name: str, words: Words) -> str:
    """A seat and who sits there; where the name belongs to the seat, as an evaluator's does, it stands there once."""
    title = seat_title(plan, seat, words)
    return words("door.with-name", seat=title, name=line(name, "")) if name and not named_by_seat(seat, name) else title


def named_by_seat(seat: str, name: str) -> bool:
    """Whether a seat says already who sits at it."""
    try:
        actor = Actor.parse(seat)
    except ValueError:
        return False
    return not actor.roles and actor.kind != "site" and same_person(actor.name) == same_person(name)


def person_named(plan: Plan, person: str, words: Words) -> str:
    """Somebody on the roll of a head count as the record calls them (`OnRoll.person`): by name, or without one by seat."""
    if not is_seat(person):
        return line(person, "")
    return words("headcount.named", name=words("headcount.no-name"), what=seat_title(plan, person, words))


def site_title(plan: Plan, site: str, language: str = "") -> str:
    """What the exercise calls a site, in the language of the run unless another is named; what was typed, where it is none of its sites."""
    return next((line(known.title, language or plan.language) for known in plan.exercise.sites if known.id == site), line(site, ""))

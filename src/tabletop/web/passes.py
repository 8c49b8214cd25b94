"""Whom a pass stands for: the actor of a seat as the rules know it, with who says to be there. Pure."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tabletop.engine.rights import Actor

from .guard import Settings

if TYPE_CHECKING:
    from tabletop.conductor import Pass

LOOKERS: Final = ("viewer", "wall")
"""Kinds of those who only look at the wall: their name is the site at which their screen hangs."""

WHERE: Final = "/wall/site"
"""Where a screen that has joined is asked where it hangs."""


@lru_cache(maxsize=4096)
def actor_of(who: Pass, settings: Settings) -> Actor:
    """The actor of a pass. Every wall of a server that serves one site hangs there, whatever its pass says."""
    actor = Actor.parse(who.seat)
    if actor.kind in LOOKERS:
        return replace(actor, name=settings.site or actor.name)
    return replace(actor, person=who.name)

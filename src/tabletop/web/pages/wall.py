"""The wall in a browser, for the room's viewer code: what `wall_view` gives, and nothing to type."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response
from starlette.routing import Route

from tabletop.engine.rights import Actor, ActorKind
from tabletop.engine.seats import wall_view
from tabletop.engine.views import Moment, WallView

from ..hub import Now
from ..phrases import Phrases
from ..site import Watch
from ..visit import Visit, visitors

RULES = ("plan", "role", "calls", "leave", "stays", "real")
"""The rules of the room, as the briefing words them."""


def seen(now: Now) -> WallView:
    """What the wall may show now."""
    return wall_view(now.plan, now.state, now.elapsed_ms)


def watched(now: Now, _: Actor) -> object:
    """What the wall shows, but for what passes by itself."""
    view = seen(now)
    return replace(view, shared=replace(view.shared, now_ms=0))


@visitors("viewer", "wall")
async def wall(visit: Visit) -> Response:
    """The wall."""
    view, phrases = seen(visit.now), Phrases(visit.language)
    waiting = view.awaited if view.shared.phase == "running" else ()
    until = [one.deadline_ms for one in waiting if one.deadline_ms is not None and one.answered < one.asked]
    return visit.page(
        "wall.html",
        view=view,
        shared=view.shared,
        phrases=phrases,
        rules=RULES,
        waiting=waiting,
        answered=sum(one.answered for one in waiting),
        asked=sum(one.asked for one in waiting),
        until=min(until, default=None),
        tallies=[] if view.answers is None else list(phrases.tallies(view.answers)),
        timeline=[(moment, _moment(moment, phrases)) for moment in view.timeline],
        wall_ms=visit.now.wall_ms(),
    )


def _moment(moment: Moment, phrases: Phrases) -> str:
    """One thing that happened to the room."""
    text = phrases.line(moment.text)
    match moment.what:
        case "inject":
            return text
        case "ruling":
            return phrases.words("wall.moment-ruling", text=text)
        case "pause":
            why = phrases.why(text)
            return phrases.words("wall.moment-pause-why", why=why) if why else phrases.words("wall.moment-pause")
        case what:
            return phrases.words(f"wall.moment-{what}")


ROUTES = [Route("/wall", wall, methods=["GET"])]
HOMES: dict[ActorKind, str] = {"viewer": "/wall", "wall": "/wall"}
WATCHES: dict[ActorKind, Watch] = {"viewer": watched, "wall": watched}

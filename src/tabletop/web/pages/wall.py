"""The wall in a browser, for the room's viewer code: what `wall_view` gives at the site where the screen hangs.

That site is kept with the pass, so that a cut link is the server's word and not the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from tabletop.conductor import Joined
from tabletop.engine.rights import Actor, ActorKind
from tabletop.engine.seats import wall_view
from tabletop.engine.views import Moment, WallView
from tabletop.errors import TabletopError
from tabletop.exercise.model import Site as Place

from ..fields import fields_of
from ..hub import Now
from ..phrases import Phrases
from ..site import Watch
from ..visit import Visit, page, told_page, visitors

RULES = ("plan", "role", "calls", "leave", "stays", "real")
"""The rules of the room, as the briefing words them."""


def seen(now: Now, actor: Actor) -> WallView:
    """What a wall may show now at the site where it hangs."""
    return wall_view(now.plan, now.state, now.elapsed_ms, actor.name, now.around)


def watched(now: Now, actor: Actor) -> object:
    """What the wall shows, but for what passes by itself."""
    view = seen(now, actor)
    return replace(view, shared=replace(view.shared, now_ms=0))


@visitors("viewer", "wall")
async def wall(visit: Visit) -> Response:
    """The wall."""
    view, phrases = seen(visit.now, visit.actor), Phrases(visit.language)
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
        place=next((phrases.line(site.title) for site in visit.now.plan.exercise.sites if site.id == visit.actor.name), ""),
        sites=places(visit),
        at=visit.actor.name,
    )


def places(visit: Visit) -> Sequence[Place]:
    """The sites among which a screen may choose; none, where the server serves one, or the exercise has none."""
    return () if visit.site.settings.site else visit.now.plan.exercise.sites


@visitors("viewer")
async def where(visit: Visit) -> Response:
    """Asks a screen that has just joined where it hangs."""
    if not places(visit):
        return visit.back()
    # No live page: its form leads on to the wall, so that a screen that is loaded anew stands there.
    return page(visit.request, "where.html", language=visit.language, home="/wall/site", sites=places(visit), at=visit.actor.name)


@visitors("viewer")
async def hangs(visit: Visit) -> Response:
    """A screen says where it hangs."""
    site, who, run = fields_of(await visit.form()).one("site"), visit.who, visit.site.hub.run
    if site not in ("", *(place.id for place in places(visit))):
        return told_page(visit.request, HTTPStatus.CONFLICT, visit.words("web.no-site"))

    def work(joined: Joined) -> None:
        joined.store.seats.move(run, who.id, str(Actor("viewer", site)))
        with suppress(TabletopError):
            visit.site.hub.look_at_doors(joined)

    await visit.site.hub.do(work)
    return visit.back()


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


ROUTES = [
    Route("/wall", wall, methods=["GET"]),
    Route("/wall/site", where, methods=["GET"]),
    Route("/wall/site", hangs, methods=["POST"]),
]
HOMES: dict[ActorKind, str] = {"viewer": "/wall", "wall": "/wall"}
WATCHES: dict[ActorKind, Watch] = {"viewer": watched, "wall": watched}

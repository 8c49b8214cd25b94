"""The wall in a browser, for the room's viewer code: what `wall_view` gives at the site where the screen hangs.

That site is kept with the pass, so that a cut link is the server's word and not the page's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from tabletop.text import cells

from ..fields import fields_of
from ..hub import Now
from ..passes import WHERE
from ..phrases import Phrases
from ..site import Watch
from ..visit import Visit, told_page, visitors

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
    rows = tuple(_rows(view, phrases))
    first = len(rows) - newest([text for _, text in rows], LINES - BANNER * _banners(visit, view) - (view.shared.phase == "ended"))
    said = [item.text for item in view.rulings]
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
        rows=rows,
        first=first,
        said=said,
        first_said=len(said) - newest(said, STRIP),
        wall_ms=visit.now.wall_ms(),
        place=next((phrases.line(site.title) for site in visit.now.plan.exercise.sites if site.id == visit.actor.name), ""),
        sites=places(visit),
        at=visit.actor.name,
    )


LINES = 8
"""Lines of a list that are in sight on a projector of 1366 by 768 with nothing above but the header and the title."""

BANNER = 2
"""Lines that one sentence above takes, at most."""

STRIP = 2
"""Lines of rulings below an inject."""

LINE_CELLS = 48
"""Cells that surely stand on one line of such a list."""


def newest(texts: Sequence[str], lines: int) -> int:
    """How many of the last of `texts` have room in so many lines: nobody scrolls a projector. The last one always has."""
    room = lines
    for count, text in enumerate(reversed(texts)):
        room -= sum(max(1, -(-cells(part) // LINE_CELLS)) for part in text.split("\n"))
        if room < 0:
            return max(1, count)
    return len(texts)


def _banners(visit: Visit, view: WallView) -> int:
    """How many sentences stand above what the wall shows."""
    shared = view.shared
    over = shared.emergency_over is not None and shared.emergency_over.told(visit.now.wall_ms())
    # Two are of two sentences: that a link is cut, and that somebody pressed.
    twice = (shared.emergency is not None, view.no_link)
    once = (over, shared.paused is not None, shared.phase != "running" or not shared.driven)
    return sum(once) + 2 * sum(twice)


def _rows(view: WallView, phrases: Phrases) -> Iterator[tuple[int, str]]:
    """Time and text of what the wall lists, oldest first."""
    if view.view == "timeline":
        yield from ((moment.at_ms, _moment(moment, phrases)) for moment in view.timeline)
    elif view.view in ("rulings", "parked"):
        yield from ((item.at_ms, item.text) for item in (view.parked if view.view == "parked" else view.rulings))


def places(visit: Visit) -> Sequence[Place]:
    """The sites among which a screen may choose; none, where the server serves one, or the exercise has none."""
    return () if visit.site.settings.site else visit.now.plan.exercise.sites


@visitors("viewer")
async def where(visit: Visit) -> Response:
    """Asks a screen that has just joined where it hangs."""
    if not places(visit):
        return visit.back()
    view = seen(visit.now, visit.actor)
    return visit.page(
        "where.html", home=WHERE, shared=view.shared, phrases=Phrases(visit.language), sites=places(visit), at=visit.actor.name
    )


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

    await visit.do(work)
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
    Route(WHERE, where, methods=["GET"]),
    Route(WHERE, hangs, methods=["POST"]),
]
HOMES: dict[ActorKind, str] = {"viewer": "/wall", "wall": "/wall"}
WATCHES: dict[ActorKind, Watch] = {"viewer": watched, "wall": watched}

"""The application behind `tabletop serve`: gathered from modules, so that a page is added without touching another.

Where things are:

- `pages/NAME.py`, named in `PAGES` below. A module has `ROUTES` (Starlette routes), and where its visitors are new also
  `HOMES: dict[ActorKind, str]`, the path at which a pass of that kind begins, and `WATCHES: dict[ActorKind, Watch]`, a function from
  `Now` and an `Actor` to what that actor's page shows, as a value that can be compared: its event stream ticks when that differs, and
  only then, so that nobody can tell from the outside that something happened which is not theirs.
- `visit.py`: `@visitors("evaluator", "lead")` above `async def page(visit: Visit) -> Response` lets in passes of those kinds only and
  hands over who asks, in which language, with `visit.page("NAME.html", ...)`, `visit.form()`, `visit.dispatch(command)`.
- `hub.py`: the one thread with the Conductor. `site.hub.now` may be read anywhere; everything that touches the store goes through
  `await site.hub.do(work)`, and what a visitor writes through `visit.do` or `visit.dispatch`, which refuse who was sent out.
- `streams.py`: event streams. `guard.py`: Host, Origin, headers, sizes. `tries.py`: wrong codes.
- `templates/`: Jinja2, every text escaped, an unknown name is an error. `base.html` has the frame of every page: `block main` is fetched
  again from `data-home` when the stream ticks (`static/page.js`), and put in place without touching what is being typed.
- `static/`: the style sheet and the script of every page, and those that the pages of judges have besides. Nothing stands in a page
  itself: the Content-Security-Policy refuses it.

Rights are checked in `decide`. What a page shows comes from `seat_view`, `wall_view`, or for judges from what their kind may see.
"""

from __future__ import annotations

from importlib import import_module

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from tabletop.engine.rights import ActorKind
from tabletop.errors import TabletopError
from tabletop.platform import keep_crash
from tabletop.words import Words

from .guard import HEADERS, Guard, Settings
from .hub import Hub
from .site import Site, Watch
from .visit import failed_page, language_of, unknown_page

PAGES = ("door", "seat", "sending", "wall", "judge", "controller", "marking", "emergency", "live", "files")
"""The modules of `tabletop.web.pages` that the application is made of."""


def routes() -> list[BaseRoute]:
    """Every route there is."""
    return [route for name in PAGES for route in import_module(f"tabletop.web.pages.{name}").ROUTES]


def homes() -> dict[ActorKind, str]:
    """Where a pass of each kind begins."""
    return {kind: path for name in PAGES for kind, path in getattr(import_module(f"tabletop.web.pages.{name}"), "HOMES", {}).items()}


def watches() -> dict[ActorKind, Watch]:
    """What the page of each kind shows."""
    return {kind: watch for name in PAGES for kind, watch in getattr(import_module(f"tabletop.web.pages.{name}"), "WATCHES", {}).items()}


def build(hub: Hub, settings: Settings) -> Starlette:
    """The application for the run of `hub`. Whoever serves it does so inside `app.state.site.following()`."""
    site = Site(hub, settings, homes(), watches())

    app = Starlette(
        routes=routes(),
        exception_handlers={HTTPException: _refused, TabletopError: _failed, Exception: _fault},
    )
    app.state.site = site
    app.add_middleware(Guard, settings=settings)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    return unknown_page(request, error.status_code if isinstance(error, HTTPException) else 500)


async def _failed(request: Request, error: Exception) -> Response:
    return failed_page(request, error)


async def _fault(request: Request, error: Exception) -> Response:
    """A fault of ours: kept in a private file, told at the server's terminal; the browser gets its number and nothing else (T22)."""
    site: Site = request.app.state.site
    crash = keep_crash(error)
    site.on_crash(crash)
    return PlainTextResponse(Words(language_of(request))("web.fault", id=crash.id), 500, headers=HEADERS)

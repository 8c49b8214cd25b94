"""The door: joining with a code, and the lobby before it (T12).

A code is only ever taken from a form that somebody sent. The link behind a QR opens the form with the code in it: what follows links by
itself, a preview or a virus scanner, uses up nothing.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tabletop.conductor import Joined
from tabletop.engine.emergency import real_emergency
from tabletop.engine.joining import person_name
from tabletop.engine.rights import Actor
from tabletop.errors import TabletopError
from tabletop.text import clean_line

from ..hub import alarmed
from ..phrases import Phrases
from ..signing import sign_in
from ..site import Site
from ..visit import MOST_FIELDS, address_of, give_pass, language_of, over_at_the_door, page, pass_of

HELLO = "hello"
"""Cookie of a browser at the door, so that it is counted once."""

NAME = 40
"""Characters of a name at most."""


async def entrance(request: Request) -> Response:
    """The address itself: to the door, or to one's seat."""
    site: Site = request.app.state.site
    who = await pass_of(request)
    home = "/join" if who is None else site.homes.get(site.actor_of(who).kind, "/join")
    return RedirectResponse(home, HTTPStatus.SEE_OTHER)


async def door(request: Request) -> Response:
    """The form that asks for a code; with the code in it where somebody followed the link of a QR."""
    return _door(request, code=request.path_params.get("code", ""))


async def join(request: Request) -> Response:
    """A code was sent: a pass for it, or why not."""
    site: Site = request.app.state.site
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    code = clean_line(str(form.get("code", "")), longest=40)
    name = person_name(clean_line(str(form.get("name", "")), longest=NAME))
    if site.hub.lobby.paper or site.hub.lobby.locked:
        return _door(request, HTTPStatus.FORBIDDEN, name=name)
    address = address_of(request)
    wait_s = site.tries.wait_s(address)
    if wait_s:
        return _wait(request, wait_s, code, name)
    site.tries.begin(address)
    opened = await site.hub.do(lambda joined: _redeem(joined, site, code, name))
    if opened is None:
        return _door(request, HTTPStatus.FORBIDDEN, refused="web.wrong-code", code=code, name=name)
    site.tries.was_right(address)
    seat, token = opened
    site.joined(request.cookies.get(HELLO, ""))
    response = RedirectResponse(_first_page(site, Actor.parse(seat)), HTTPStatus.SEE_OTHER)
    give_pass(request, response, token)
    response.delete_cookie(HELLO, path="/", httponly=True, samesite="strict", secure=site.settings.tls)
    return response


def _first_page(site: Site, actor: Actor) -> str:
    """Where somebody goes who has joined: a screen first says where it hangs."""
    if actor.kind == "viewer" and site.hub.now.plan.exercise.sites and not site.settings.site:
        return "/wall/site"
    return site.homes.get(actor.kind, "/")


def _redeem(joined: Joined, site: Site, code: str, name: str) -> tuple[str, str] | None:
    """On the hub's thread, where nobody can lock the lobby in between."""
    run, seats = joined.conductor.run, joined.store.seats
    lobby = seats.lobby(run)
    if lobby.locked or lobby.paper:
        return None
    opened = seats.redeem(run, code, name)
    if opened is not None:
        # The code is used up: whatever fails now, the pass is given. Who has it may say their name again.
        with suppress(TabletopError):
            site.hub.look_at_doors(joined)
        if name:
            with suppress(TabletopError):
                sign_in(joined, Actor.parse(opened[0]), name)
    return opened


def _wait(request: Request, wait_s: int, code: str, name: str) -> Response:
    response = _door(request, HTTPStatus.TOO_MANY_REQUESTS, refused="web.wait", code=code, name=name, seconds=wait_s)
    response.headers["retry-after"] = str(wait_s)
    return response


def _door(
    request: Request, status: int = HTTPStatus.OK, *, code: str = "", name: str = "", refused: str = "", seconds: int = 0
) -> Response:
    site: Site = request.app.state.site
    lobby = site.hub.lobby
    if alarmed(site.hub.now):
        # Whoever stands at the door needs to know as well; who is here, and at which seat it was pressed, is said to those inside.
        now = site.hub.now
        real = real_emergency(now.plan, now.state)
        return page(request, "door_emergency.html", status, emergency=real, phrases=Phrases(language_of(request)), looks=True, judges=False)
    closed = "web.paper" if lobby.paper else "web.locked" if lobby.locked else ""
    plain = "".join(char for char in code.upper() if char.isascii() and char.isalnum())[:8]
    shown = f"{plain[:4]}-{plain[4:]}" if len(plain) == 8 else plain
    response = page(
        request,
        "join.html",
        status,
        code=shown,
        name=name,
        refused=refused,
        seconds=seconds,
        closed=closed,
        longest=NAME,
        over=over_at_the_door(request),
    )
    known = request.cookies.get(HELLO, "")
    hello = known if len(known) == 32 and known.isalnum() else secrets.token_hex(16)
    site.hello(hello, address_of(request))
    if hello != known:
        response.set_cookie(HELLO, hello, httponly=True, samesite="strict", secure=site.settings.tls, path="/")
    return response


ROUTES = [
    Route("/", entrance, methods=["GET"]),
    Route("/join", door, methods=["GET"]),
    Route("/join", join, methods=["POST"]),
    Route("/j/{code:str}", door, methods=["GET"]),
    Route("/J/{code:str}", door, methods=["GET"]),
]

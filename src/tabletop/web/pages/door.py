"""The door: joining with a code, and the lobby before it (T12).

A code is only ever taken from a form that somebody sent. The link behind a QR opens the form with the code in it: what follows links by
itself, a preview or a virus scanner, uses up nothing.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tabletop.conductor import Joined, Pass
from tabletop.engine.emergency import real_emergency
from tabletop.engine.joining import person_name
from tabletop.engine.rights import Actor
from tabletop.errors import TabletopError
from tabletop.text import clean_line
from tabletop.words import Words

from ..cards import title_of
from ..hub import alarmed
from ..let_in import Form, Opened
from ..phrases import Phrases
from ..signing import sign_in
from ..site import Site
from ..visit import MOST_FIELDS, address_of, give_pass, language_of, over_at_the_door, page, pass_of, token_of

HELLO = "hello"
"""Cookie of a browser at the door: it is counted once, and known again when it sends the same form twice."""

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
    return await _door(request, code=request.path_params.get("code", ""))


async def join(request: Request) -> Response:
    """A code was sent: a pass for it, or why not. The same form once more from the same browser gets the same pass."""
    site: Site = request.app.state.site
    form = await request.form(max_files=0, max_fields=MOST_FIELDS)
    code = clean_line(str(form.get("code", "")), longest=40)
    name = person_name(clean_line(str(form.get("name", "")), longest=NAME))
    once = clean_line(str(form.get("once", "")), longest=64)
    if "lang" in request.query_params:
        return await _door(request, code=code, name=name, once=once)
    sent = Form(once, code, _hello(request))
    before = site.let_in.before(sent, token_of(request, site))
    if before is None:
        if form.get("asks"):
            return Response(status_code=HTTPStatus.NOT_FOUND if once.startswith(site.memory) else HTTPStatus.GONE)
        if site.hub.lobby.paper or site.hub.lobby.locked:
            return await _door(request, HTTPStatus.FORBIDDEN, code=code, name=name, once=once)
        address = address_of(request)
        wait_s = site.tries.wait_s(address)
        if wait_s:
            return await _wait(request, wait_s, code, name)
        begun = site.tries.begin(address)
        opened = await asyncio.shield(site.let_in.begin(sent, _enter(site, address, begun, sent, name)))
    else:
        opened = await asyncio.shield(before)
        opened = None if opened is None or not await _still_opens(site, opened[1]) else opened
    if opened is None:
        return await _door(request, HTTPStatus.FORBIDDEN, refused="web.wrong-code", code=code, name=name, once=once)
    seat, token = opened
    response = RedirectResponse(_first_page(site, Actor.parse(seat)), HTTPStatus.SEE_OTHER)
    give_pass(request, response, token)
    return response


async def _enter(site: Site, address: str, begun: float, sent: Form, name: str) -> Opened | None:
    """What the code opens. Goes on to its end though the browser went: it comes back for its seat."""
    opened = await site.hub.do(lambda joined: _redeem(joined, site, sent.code, name))
    if opened is not None:
        site.tries.was_right(address, begun)
        site.joined(sent.hello)
    return opened


async def _still_opens(site: Site, token: str) -> bool:
    """Whether nobody was sent out with a pass that was given before."""
    return await site.hub.do(lambda joined: joined.store.seats.of(site.hub.run, token)) is not None


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


async def _wait(request: Request, wait_s: int, code: str, name: str) -> Response:
    response = await _door(request, HTTPStatus.TOO_MANY_REQUESTS, refused="web.wait", code=code, name=name, seconds=wait_s)
    response.headers["retry-after"] = str(wait_s)
    return response


async def _door(
    request: Request, status: int = HTTPStatus.OK, *, code: str = "", name: str = "", once: str = "", refused: str = "", seconds: int = 0
) -> Response:
    site: Site = request.app.state.site
    lobby = site.hub.lobby
    if alarmed(site.hub.now):
        # Whoever stands at the door needs to know as well; who is here, and at which seat it was pressed, is said to those inside.
        now = site.hub.now
        real = real_emergency(now.plan, now.state)
        return page(
            request,
            "door_emergency.html",
            status,
            emergency=real,
            phrases=Phrases(language_of(request)),
            looks=True,
            judges=False,
            recorded=True,
        )
    closed = "web.paper" if lobby.paper else "web.locked" if lobby.locked else ""
    plain = "".join(char for char in code.upper() if char.isascii() and char.isalnum())[:8]
    shown = f"{plain[:4]}-{plain[4:]}" if len(plain) == 8 else plain
    inside = await inside_of(request)
    response = page(
        request,
        "join.html",
        status,
        code=shown,
        name=name,
        once=once or site.memory + secrets.token_hex(16),
        refused=refused,
        seconds=seconds,
        closed=closed,
        # What was sent to a locked lobby stands there to be sent again.
        form=not closed or (request.method == "POST" and not lobby.paper),
        longest=NAME,
        over=over_at_the_door(request),
        inside="" if inside is None else title_of(site.hub.now.plan, site.actor_of(inside), Words(language_of(request))),
    )
    hello = _hello(request) or secrets.token_hex(16)
    if inside is None:
        site.hello(hello, address_of(request))
    if hello != request.cookies.get(HELLO, ""):
        response.set_cookie(HELLO, hello, httponly=True, samesite="strict", secure=site.settings.tls, path="/")
    return response


async def inside_of(request: Request) -> Pass | None:
    """The pass that a browser at the door holds, and would give up for another seat; None also where nobody can look it up now."""
    with suppress(TabletopError):
        return await pass_of(request)
    return None


def _hello(request: Request) -> str:
    """What the browser at the door is known by; empty: nothing yet."""
    known = request.cookies.get(HELLO, "")
    return known if len(known) == 32 and known.isascii() and known.isalnum() else ""


ROUTES = [
    Route("/", entrance, methods=["GET"]),
    Route("/join", door, methods=["GET"]),
    Route("/join", join, methods=["POST"]),
    Route("/j/{code:str}", door, methods=["GET"]),
    Route("/J/{code:str}", door, methods=["GET"]),
]

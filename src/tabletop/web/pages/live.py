"""What keeps a page alive: its event stream, its beat."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from ..site import Site
from ..streams import Stream
from ..visit import Visit, address_of, visitors
from .door import HELLO, inside_of


@visitors(turned=False)
async def events(visit: Visit) -> Response:
    """The stream of a page of somebody with a pass."""
    stream = visit.site.streams.open(address_of(visit.request), visit.who)
    return _full() if stream is None else _sent(visit.site.streams.events(stream))


async def at_the_door(request: Request) -> Response:
    """The stream of somebody who has not joined: says when the door changes, and counts a phone that said hello."""
    site: Site = request.app.state.site
    stream = site.streams.open(address_of(request), None)
    if stream is None:
        return _full()
    hello = request.cookies.get(HELLO, "")[:32] if await inside_of(request) is None else ""
    return _sent(_greeted(site, stream, hello))


async def _greeted(site: Site, stream: Stream, hello: str) -> AsyncIterator[bytes]:
    async for sent in site.streams.events(stream):
        if hello:
            site.hello(hello, stream.address)
        yield sent


@visitors(limited=False, turned=False)
async def here(visit: Visit) -> Response:
    """The page says that it is there."""
    visit.site.beat(visit.who)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _sent(events: AsyncIterator[bytes]) -> Response:
    return StreamingResponse(events, media_type="text/event-stream", headers={"x-accel-buffering": "no"})


def _full() -> Response:
    return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers={"retry-after": "8"})


ROUTES = [
    Route("/events", events, methods=["GET"]),
    Route("/door/events", at_the_door, methods=["GET"]),
    Route("/here", here, methods=["POST"]),
]

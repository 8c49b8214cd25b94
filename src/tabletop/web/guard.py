"""What every request has to pass and every answer carries: Host, Origin, methods, sizes, headers (T13, T14, T15).

Owns: who is let in before any page is asked. Refuses to own: passes (`visit`) and codes (`tries`).
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .connections import MOST_OF_AN_ADDRESS

MOST_BODY = 512 * 1024
"""Bytes of a body at most: a report of a dozen full fields in Chinese, nine bytes a character as a form sends it."""

MOST_AT_THE_DOOR = 16 * 1024
"""Bytes of a body at most where no pass is needed: a code and a name."""

METHODS = frozenset({"GET", "HEAD", "POST"})

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, nothing written into a page is run, nobody puts a page into a frame."""

HEADERS = {
    "content-security-policy": POLICY,
    # `no-referrer` would make browsers send `Origin: null` with our own forms.
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "x-robots-tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server is reached."""

    hosts: frozenset[str]
    """What may stand in `Host`, exactly: name or address with its port."""
    tls: bool = False
    site: str = ""
    """At which site every wall of this server hangs; empty: each says so itself."""
    most_streams: int = 1000
    """Open event streams in all."""
    most_streams_of_a_pass: int = 4
    most_streams_at_the_door: int = 600
    """Of those, streams of people who have not joined yet."""
    most_streams_of_an_address: int = MOST_OF_AN_ADDRESS
    """The same from one address: as many phones as may open the join page together wait there for the lobby to open."""

    @property
    def scheme(self) -> str:
        return "https" if self.tls else "http"


class _TooLong(Exception):
    """A body went on after what it may have."""


class Guard:
    """Stands before the application."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        status = self._refusal(scope)
        if status:
            await _answer(send, status)
            return
        began, size, most = False, 0, _most(scope)

        async def capped() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > most:
                raise _TooLong
            return message

        async def marked(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        try:
            await self._app(scope, capped, marked)
        except _TooLong:
            if not began:
                await _answer(send, 413)
        except ClientDisconnect:
            # Somebody went while they sent something: there is nobody to answer, and nothing is wrong here.
            return

    def _refusal(self, scope: Scope) -> int:
        """The status with which a request is sent away; 0: it may come in."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._settings.hosts:
            return 421
        if scope["method"] not in METHODS:
            return 405
        if scope["method"] == "POST":
            if headers.getlist("origin") != [f"{self._settings.scheme}://{hosts[0].lower()}"]:
                return 403
            length = headers.get("content-length")
            if length is not None and (not length.isascii() or not length.isdigit() or int(length) > _most(scope)):
                return 413
        return 0


def _most(scope: Scope) -> int:
    """Bytes of a body at most. Every page but the door reads none before it knows the pass."""
    return MOST_AT_THE_DOOR if scope["path"] == "/join" else MOST_BODY


async def _answer(send: Send, status: int) -> None:
    """A bare answer: whoever gets it did not come from a page of ours."""
    body = f"{status}\n".encode()
    headers = [*HEADERS.items(), ("content-type", "text/plain; charset=utf-8"), ("content-length", str(len(body)))]
    if status == 405:
        headers.append(("allow", ", ".join(sorted(METHODS))))
    await send({"type": "http.response.start", "status": status, "headers": [(name.encode(), value.encode()) for name, value in headers]})
    await send({"type": "http.response.body", "body": body})

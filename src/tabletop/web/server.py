"""The server itself: sockets, addresses, TLS, and ending in good order.

Owns: where the server is reached, and that it listens on this machine alone unless told otherwise (T14, T16). Refuses to own: pages.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import signal
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import uvicorn
import uvicorn.server
from starlette.applications import Starlette

from tabletop import platform
from tabletop.conductor import Joined
from tabletop.errors import Exit, TabletopError

from .app import build
from .connections import HEAD_S, KEPT_S, MOST_OF_STRANGERS, Connection, Waiting
from .guard import Settings
from .hub import Hub
from .site import Site

LOOPBACK = "127.0.0.1"

ENDING_S = 2
"""Seconds that open answers get when the server ends."""

MOST_CONNECTIONS = 2000
"""Open connections in all: every stream, every stranger's that waits, and some to spare for those who ask for something."""

LONGEST_NAME = 253
"""Characters of a host name."""

NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*(?!(?:\d+|0x[\da-f]*)$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
"""A host name. Browsers take one whose last part is a number for an address."""

MOST_FILES, OWN_FILES = 4096, 124
"""Files and connections that the system is asked to let this process hold open, and how many of them are kept for what is no connection."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a server listens and how it is reached."""

    port: int = 0
    """0: any that is free."""
    before: int = 0
    """The one to try first: where it was the last time, so that phones find it again; 0: none."""
    lan: str = ""
    """An address of this machine on a network; empty: this machine alone."""
    names: tuple[str, ...] = ()
    """Further names under which the server is reached, each as `host_name` gives it."""
    cert: Path | None = None
    key: Path | None = None

    @property
    def scheme(self) -> str:
        return "https" if self.cert is not None else "http"


class Server:
    """A server that listens; `addresses` says where."""

    def __init__(self, where: Where, open_run: Callable[[], Joined], site: str = "") -> None:
        """`site`: where every wall of it hangs. Raises TabletopError where it cannot listen there, or certificate and key are none."""
        _try_certificate(where)
        self.where = where
        self.sockets = _listen(where)
        port = self.sockets[0].getsockname()[1]
        names = [*([where.lan] if where.lan else []), *where.names, LOOPBACK, "localhost"]
        self.addresses = [f"{where.scheme}://{_in_url(name)}{_port(where, port)}" for name in dict.fromkeys(names)]
        """As people type them, that of the network first."""
        hosts = frozenset(host for name in names for host in _hosts(where, _in_url(name), port))
        self.hub = Hub(open_run)
        room = min(MOST_CONNECTIONS, platform.open_files(MOST_FILES) - OWN_FILES)
        self.app = build(self.hub, _within(room, Settings(hosts, tls=where.cert is not None, site=site)))
        self._config = _config(self.app, where, room)

    def run(self, on_open: Callable[[], None], on_crash: Callable[[platform.Crash], None] = lambda crash: None) -> None:
        """Serves until somebody ends the program; a fault of ours in a page is told to `on_crash`, and the others go on.

        Raises what opening the run raises, and a fault of ours elsewhere as it is.
        """
        site: Site = self.app.state.site
        site.on_crash = on_crash
        asyncio.run(self._serve(on_open))

    def close(self) -> None:
        """Listens no longer."""
        for listening in self.sockets:
            listening.close()

    async def _serve(self, on_open: Callable[[], None]) -> None:
        site: Site = self.app.state.site
        server = _Uvicorn(self._config, site)
        site.on_fault = server.end
        site.address = self.addresses[0]
        try:
            async with site.following():
                on_open()
                with _told_to_end(server.end):
                    await server.serve(sockets=self.sockets)
        finally:
            for listening in self.sockets:
                listening.close()
        if site.fault is not None:
            raise site.fault


class _Uvicorn(uvicorn.Server):
    """Ends event streams before it waits for open answers, for they would go on for ever; and lets go of the run before it ends as the
    signal says that ended it."""

    def __init__(self, config: uvicorn.Config, site: Site) -> None:
        super().__init__(config)
        self._site = site

    def end(self) -> None:
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        if self.config.ssl is not None:
            # Who does not even greet is a stranger, too; asyncio would wait a minute.
            loop = asyncio.get_running_loop()
            loop.create_server = partial(loop.create_server, ssl_handshake_timeout=HEAD_S)  # type: ignore[method-assign]
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._site.streams.close()
        await super().shutdown(sockets)
        await self._site.close()


@contextmanager
def _told_to_end(end: Callable[[], None]) -> Iterator[None]:
    """Ends in good order where the terminal is closed, too, and then as that signal says; uvicorn sees to the other signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []

    def hear(number: int, _: object) -> None:
        heard.append(number)
        end()

    others = [number for number in platform.ending_signals() if number not in uvicorn.server.HANDLED_SIGNALS]
    before = {number: signal.signal(number, hear) for number in others}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if heard:
        signal.raise_signal(heard[0])


def _within(room: int, settings: Settings) -> Settings:
    """Streams get the same part of few connections as of many."""
    return replace(
        settings,
        most_streams=_part(room, settings.most_streams),
        most_streams_at_the_door=_part(room, settings.most_streams_at_the_door),
    )


def _part(room: int, of_all: int) -> int:
    return of_all * room // MOST_CONNECTIONS


def _config(app: Starlette, where: Where, room: int) -> uvicorn.Config:
    """`room`: open connections in all."""
    # Neither requests nor faults are logged here: what somebody types or asks for is nobody else's (T11).
    for name in ("uvicorn", "python_multipart"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="off",
        loop="asyncio",
        http=partial(Connection, Waiting(_part(room, MOST_OF_STRANGERS))),  # type: ignore[arg-type]  # called like the class it makes
        h11_max_incomplete_event_size=32 * 1024,
        limit_concurrency=room,
        timeout_keep_alive=round(KEPT_S),
        timeout_graceful_shutdown=ENDING_S,
        ssl_certfile=where.cert,
        ssl_keyfile=where.key,
    )


def _try_certificate(where: Where) -> None:
    if where.cert is None:
        return
    try:
        # An encrypted key must not ask for a password in the middle of things.
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(where.cert, where.key, password=lambda: "")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise TabletopError("serve.bad-cert", exit_code=Exit.USAGE, reason=reason) from error


def _listen(where: Where) -> list[socket.socket]:
    """A socket on this machine, and one on its address in the network where that was asked for."""
    if where.before:
        with suppress(TabletopError):
            return _listen_at(where, where.before)
    return _listen_at(where, where.port)


def _listen_at(where: Where, port: int) -> list[socket.socket]:
    opened: list[socket.socket] = []
    try:
        first = _socket(where.lan or LOOPBACK, port)
        opened.append(first)
        if where.lan not in ("", LOOPBACK):
            opened.append(_socket(LOOPBACK, first.getsockname()[1]))
    except OSError as error:
        for one in opened:
            one.close()
        shown = f"{where.lan or LOOPBACK}:{port}"
        raise TabletopError("serve.cannot-listen", exit_code=Exit.USAGE, address=shown, reason=error.strerror or "") from error
    return opened


def _socket(address: str, port: int) -> socket.socket:
    """A listening socket that says it is TCP: only then does asyncio send small answers at once, not forty milliseconds later."""
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # On Windows that option would let another program take the port over.
        if not platform.on_windows():
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if made.family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address, port))
        made.listen(512)
    except OSError:
        made.close()
        raise
    return made


def lan_address(given: str) -> str:
    """The address that `--lan` names. Raises TabletopError for what is no address of one machine."""
    address = _one_machine(given)
    if address is None:
        known = ", ".join(own_addresses()) or "-"
        raise TabletopError("serve.no-address", exit_code=Exit.USAGE, given=given, known=known)
    return str(address)


def host_name(given: str) -> str:
    """The name or address that `--host` names, as browsers write it in an address, but an IPv6 one without brackets.

    Raises TabletopError for what is more than that, as an address with its scheme or port is.
    """
    address = _one_machine(given)
    if address is not None and not getattr(address, "scope_id", None):
        return str(address)
    with suppress(UnicodeError):
        name = given.strip().encode("idna").decode().lower()
        if len(name) <= LONGEST_NAME and NAME.fullmatch(name):
            return name
    raise TabletopError("serve.no-host", exit_code=Exit.USAGE, given=given)


def _one_machine(given: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address that one machine can have, an IPv6 one with or without brackets; None: it is none."""
    try:
        address = ipaddress.ip_address(given.strip().strip("[]"))
    except ValueError:
        return None
    # What IPv4 keeps for later use holds the address of everybody.
    everybody = address.is_unspecified or address.is_multicast or (address.version == 4 and address.is_reserved)
    return None if everybody else address


def own_addresses() -> Sequence[str]:
    """Addresses of this machine in a network, as far as its own name tells. Sends nothing."""
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET, socket.SOCK_STREAM)
    except OSError:
        return ()
    return sorted({str(entry[4][0]) for entry in found if not str(entry[4][0]).startswith("127.")})


def _in_url(name: str) -> str:
    """A name or an address as it stands between scheme and port: nothing but an IPv6 address has a colon."""
    return f"[{name}]" if ":" in name else name.lower()


def _port(where: Where, port: int) -> str:
    return "" if port == (443 if where.scheme == "https" else 80) else f":{port}"


def _hosts(where: Where, name: str, port: int) -> Sequence[str]:
    """How browsers write that host."""
    return (f"{name}:{port}", *([name] if not _port(where, port) else []))

"""Connections: none waits for ever, and nobody takes the room's places by keeping many open without asking for anything (T15).

Owns: how long a connection may wait for a whole request, and how many of one address, or of one pass, may wait at once. A crowd behind
one address is let be: a connection counts only while it waits, and only among strangers until a pass was shown on it.
Refuses to own: how many there may be in all (uvicorn), what is asked (`guard`).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any, Literal

from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from .tries import network_of

HEAD_S = 5.0
"""Seconds from the first byte of a request, or from the connection itself, to the end of its head."""

BODY_S = 20.0
"""Seconds for the body of a request of somebody with a pass: a long report over a poor network. Strangers have `HEAD_S`."""

KEPT_S = 30.0
"""Seconds for which a connection with a pass is kept between two requests. Strangers have `HEAD_S`."""

MOST_OF_AN_ADDRESS = 300
"""Strangers' connections of one address that wait at once: two hundred phones that open the join page together, and some to spare."""

MOST_OF_STRANGERS = 900
"""The same of all addresses."""

MOST_OF_A_PASS = 12
"""Connections of one pass that wait at once: two browsers' worth."""

EXTENSION = "tabletop.connection"
"""Where a request finds its connection, among the extensions of its scope."""

Waits = Literal["", "idle", "head", "body"]
"""What a connection waits for: the next request, the rest of a head, the rest of a body; empty: for nothing, a whole request is at work."""


class Waiting:
    """The connections that wait, those that have waited longest first."""

    def __init__(self, most_of_strangers: int = MOST_OF_STRANGERS) -> None:
        self._most_of_strangers = most_of_strangers
        self._of: dict[str, OrderedDict[Connection, None]] = {}
        self._strangers: OrderedDict[Connection, None] = OrderedDict()

    def add(self, connection: Connection) -> None:
        """It waits from now on; where that is one too many, the one that has waited longest is closed."""
        group = self._of.setdefault(connection.group, OrderedDict())
        group[connection] = None
        most = MOST_OF_A_PASS
        if connection.stranger:
            most = MOST_OF_AN_ADDRESS
            self._strangers[connection] = None
        for crowd, limit in ((group, most), (self._strangers, self._most_of_strangers)):
            while len(crowd) > limit:
                next(iter(crowd)).end()

    def drop(self, connection: Connection) -> None:
        """It waits no more."""
        self._strangers.pop(connection, None)
        group = self._of.get(connection.group, OrderedDict())
        group.pop(connection, None)
        if not group:
            self._of.pop(connection.group, None)


class Connection(H11Protocol):
    """One connection, with what it waits for and until when."""

    def __init__(
        self,
        waiting: Waiting,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._waiting = waiting
        self._waits: Waits = ""
        self._timer: asyncio.TimerHandle | None = None
        self._pass = ""

    @property
    def stranger(self) -> bool:
        return not self._pass

    @property
    def group(self) -> str:
        """With whom it is counted."""
        return f"pass {self._pass}" if self._pass else f"address {network_of(self.client[0] if self.client else '')}"

    def shows(self, pass_id: str) -> None:
        """A pass was shown with the request at work; empty: none that opens anything."""
        if pass_id != self._pass:
            # Its body may be on the way still: from here on it is counted with those of the pass.
            waits = self._waits
            self._wait("")
            self._pass = pass_id
            self._wait(waits)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._wait("head")

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait("")
        super().connection_lost(exc)

    def end(self) -> None:
        """Closes it; whoever waits for a body hears that there is none."""
        waits = self._waits
        self._wait("")
        if waits == "idle":
            self.transport.close()
        else:
            # Nothing is owed to who has not even asked.
            self.transport.abort()

    def _look(self) -> None:
        """Takes up where the connection stands after something came or went."""
        if self.transport.is_closing():
            self._wait("")
            return
        if self.scope is not None:
            self.scope.setdefault("extensions", {})[EXTENSION] = self  # type: ignore[assignment]  # ours, for this process alone
        match str(self.conn.their_state):
            case "SEND_BODY":
                self._wait("body")
            case "IDLE" if self._waits == "head" or self.conn.trailing_data[0]:
                self._wait("head")
            case "IDLE":
                self._wait("idle")
            case _:
                self._wait("")

    def _wait(self, what: Waits) -> None:
        """Waits for `what`; more bytes of the same give no more time."""
        if what == self._waits:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._waits:
            self._waiting.drop(self)
        self._waits = what
        if what:
            seconds = HEAD_S if self.stranger or what == "head" else BODY_S if what == "body" else KEPT_S
            self._timer = self.loop.call_later(seconds, self.end)
            self._waiting.add(self)

"""What one server holds while it runs: the hub, who is there, who tries codes, which streams are open.

Owns: browsers as they come and go, and what they are told of it. Lives on the loop; `here` alone is asked from the hub's thread.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tabletop.conductor import Here, Joined, Pass, Serving
from tabletop.engine import commands as c
from tabletop.engine.events import Entry
from tabletop.engine.rights import Actor, ActorKind
from tabletop.errors import Refused
from tabletop.platform import Crash

from .connections import MOST_OF_AN_ADDRESS
from .guard import Settings
from .hub import Hub, Now
from .let_in import LetIn
from .passes import actor_of
from .streams import Streams
from .tries import Tries, network_of

Watch = Callable[[Now, Actor], object]
"""What the page of an actor shows, as a value that can be compared."""

BEATS_MISSED_MS = 9_000
"""Milliseconds without a beat from a page with a stream (one every three seconds) before it is no longer held to be there."""

PLAIN_MS = 60_000
"""Milliseconds for which a page without a script, which its reader reloads, is held to be there after a request."""

DOOR_MS = 15_000
"""The same for somebody at the door."""

MOST_HELLOS = 1000
"""Join pages that are counted."""

BURST, EACH_S = 24, 0.25
"""How many things a browser may send at once, and after how many seconds it may send one more (F21)."""

MOST_ONCE = 2000
"""Names of things sent once that are remembered."""

AGAIN_S = 600
"""Seconds after which the same words are said anew, and not once more by a page that somebody went back to."""


@dataclass(slots=True)
class Browser:
    """A browser with a pass. Times are milliseconds since 1970 UTC."""

    pass_: Pass
    since_ms: int
    asked_ms: int
    """When it last asked for anything."""
    beat_ms: int = 0
    """When its page last said that it is there; 0: it has no script."""
    typing_ms: int | None = None
    pressed_s: float = 0.0
    """When the emergency was pressed there last, on the monotonic clock."""
    credit: float = BURST
    credited_s: float = 0.0

    def seen_ms(self, now_ms: int) -> int:
        """When it was last there; now, where nothing speaks against it."""
        if self.beat_ms:
            return now_ms if now_ms - self.beat_ms <= BEATS_MISSED_MS else self.beat_ms
        return now_ms if now_ms - self.asked_ms <= PLAIN_MS else self.asked_ms


@dataclass(slots=True)
class Sending:
    """What a form comes to, as far as it is still to be recorded."""

    name: str = ""
    """Under which it is recorded once, whichever server of the run it comes to; empty: it has none."""
    left: list[tuple[str, c.Command]] | None = None
    """The very commands that were tried last, so that one whose fate is not known is recognised, each with a name of its own; None: nothing
    was made of it yet."""


class Site:
    """The server's memory."""

    def __init__(self, hub: Hub, settings: Settings, homes: Mapping[ActorKind, str], watches: Mapping[ActorKind, Watch]) -> None:
        self.hub = hub
        self.settings = settings
        self.homes = homes
        self.streams = Streams(hub, settings, watches)
        self.tries = Tries(time.monotonic)
        self.let_in = LetIn(time.monotonic)
        self.fault: BaseException | None = None
        self.address = ""
        """Where this server is reached, as people type it. Codes are shown with it, where another device can reach it."""
        self._serving: Serving | None = None
        self.on_fault: Callable[[], None] = lambda: None
        """What ends the server after a fault on the hub's thread."""
        self.on_crash: Callable[[Crash], None] = lambda crash: None
        """Who is told of a fault in a page."""
        self._browsers: dict[str, Browser] = {}
        self._hellos: dict[str, tuple[str, int]] = {}
        """Network and time of each browser at the door."""
        self._inside: dict[str, int] = {}
        """When each browser that came in from the door did: what its page there asked for before is still under way."""
        self.memory = secrets.token_hex(4)
        """What the names of join forms begin with of which this server knows whether they were taken: one before it had another."""
        self._once: OrderedDict[str, asyncio.Future[None]] = OrderedDict()
        """What is being recorded, or was, under which name. Of what is forgotten here, or was taken by another server, the log knows."""
        self._unsure: OrderedDict[str, Sending] = OrderedDict()
        """What was sent under a name and failed for another reason than a refusal."""
        self._said: OrderedDict[str, tuple[str, float]] = OrderedDict()
        """Under which name, and when on the monotonic clock, a browser said the same words last."""

    @asynccontextmanager
    async def following(self) -> AsyncIterator[None]:
        """Follows the run while the server runs. Raises what opening it raises."""
        await self.hub.start(self)
        try:
            self._serving = await self.hub.do(lambda joined: joined.store.seats.serve(self.hub.run, self.address))
            yield
        finally:
            await self.close()

    async def close(self) -> None:
        """Ends every stream, says good-bye for every browser, lets go of the run. A second time nothing is done."""
        self.streams.close()
        await self.hub.close(list(self._browsers))
        if self._serving is not None:
            self._serving.end()
            self._serving = None

    # Browsers.

    def actor_of(self, who: Pass) -> Actor:
        """Whom a pass stands for."""
        return actor_of(who, self.settings)

    def came(self, who: Pass) -> Browser:
        """A browser with this pass asked for something."""
        now_ms = self.hub.now.wall_ms()
        browser = self._browsers.get(who.id)
        if browser is None:
            browser = self._browsers[who.id] = Browser(who, now_ms, now_ms)
        browser.pass_, browser.asked_ms = who, now_ms
        return browser

    def beat(self, who: Pass) -> None:
        """The page of this pass says that it is there."""
        self.came(who).beat_ms = self.hub.now.wall_ms()

    def types(self, who: Pass) -> None:
        """Somebody types at this pass."""
        self.came(who).typing_ms = self.hub.now.wall_ms()

    def may_send(self, who: Pass) -> bool:
        """Whether this browser may send one more thing now."""
        browser, now = self.came(who), time.monotonic()
        browser.credit = min(BURST, browser.credit + (now - browser.credited_s) / EACH_S)
        browser.credited_s = now
        if browser.credit < 1:
            return False
        browser.credit -= 1
        return True

    def hello(self, name: str, address: str) -> None:
        """A browser has the join page open. One host that says hello under ever new names counts for no more than a crowd behind it."""
        now_ms, network = self.hub.now.wall_ms(), network_of(address)
        if now_ms - self._inside.get(name, now_ms - DOOR_MS - 1) <= DOOR_MS:
            return
        if name not in self._hellos:
            self._hellos = {known: seen for known, seen in self._hellos.items() if now_ms - seen[1] <= DOOR_MS}
            alike = sum(there == network for there, _ in self._hellos.values())
            if len(self._hellos) >= MOST_HELLOS or alike >= MOST_OF_AN_ADDRESS:
                return
        self._hellos[name] = network, now_ms

    def joined(self, hello: str) -> None:
        """A browser is no longer at the join page: it is in."""
        now_ms = self.hub.now.wall_ms()
        self._hellos.pop(hello, None)
        self._inside = {known: since_ms for known, since_ms in self._inside.items() if now_ms - since_ms <= DOOR_MS} | {hello: now_ms}

    @asynccontextmanager
    async def once(self, who: Pass, name: str) -> AsyncIterator[Sending | None]:
        """What is still to be recorded of a thing that a browser sends under that name; None: it was taken before.

        One that lost the answer sends it again, and it is not doubled; nor is it with a new pass for the same seat. A second one waits for
        the first; if that failed, it goes on where the first left off.
        """
        if not name:
            yield Sending()
            return
        name = _of_seat(who, name)
        while (there := self._once.get(name)) is not None:
            if there.done() and not there.cancelled():
                yield None
                return
            await asyncio.wait([there])
        mine = self._once[name] = asyncio.get_running_loop().create_future()
        while len(self._once) > MOST_ONCE:
            self._once.popitem(last=False)
        sending = self._unsure.pop(name, Sending(name))
        try:
            yield sending
        except BaseException as error:
            self._once.pop(name, None)
            mine.cancel()
            if sending.left is not None and not isinstance(error, Refused):
                self._unsure[name] = sending
            while len(self._unsure) > MOST_ONCE:
                self._unsure.popitem(last=False)
            raise
        mine.set_result(None)

    async def took(self, who: Pass, name: str) -> bool:
        """Whether what a browser sent under that name was taken, by whatever server.

        Waits for what is being recorded. Raises TabletopError.
        """
        name = _of_seat(who, name)
        while (there := self._once.get(name)) is not None:
            if there.done() and not there.cancelled():
                return True
            await asyncio.wait([there])
        return await self.hub.do(lambda joined: is_recorded(joined, name))

    def repeats(self, who: Pass, name: str) -> bool:
        """Whether a browser said the very same not long ago under another name (`fields.name_of`); once more under this one it is meant."""
        token, _, said = name.rpartition(" ")
        now, key = time.monotonic(), f"{who.id} {said}"
        before, since_s = self._said.pop(key, (token, now))
        self._said[key] = token, now
        while len(self._said) > MOST_ONCE:
            self._said.popitem(last=False)
        return before != token and now - since_s < AGAIN_S

    # What the hub tells.

    def changed(self, entries: Sequence[Entry]) -> None:
        self.streams.changed(entries)

    def doors_changed(self) -> None:
        self.streams.doors_changed()
        for gone in self._browsers.keys() - self.hub.passes.keys():
            del self._browsers[gone]

    def here(self) -> tuple[list[Here], int]:
        if self._serving is not None:
            self._serving.hold()
        now_ms = self.hub.now.wall_ms()
        browsers = list(self._browsers.values())
        hellos = sum(now_ms - asked_ms <= DOOR_MS for _, asked_ms in list(self._hellos.values()))
        return [_here(browser, now_ms) for browser in browsers], hellos

    def failed(self, error: BaseException) -> None:
        self.fault = error
        self.on_fault()


def name_in(name: str, number: int) -> str:
    """The name of the command of that number, from 0, of what is sent under a name; empty where that has none."""
    return f"{name} {number}" if name else ""


def is_recorded(joined: Joined, name: str) -> bool:
    """Whether the log has what was sent under that name: what is sent begins with its first command."""
    joined.conductor.follow()
    return joined.conductor.is_recorded(name_in(name, 0))


def _of_seat(who: Pass, name: str) -> str:
    """What is sent under a name, for the one seat that may send it."""
    return f"{who.seat} {name}"


def _here(browser: Browser, now_ms: int) -> Here:
    who = browser.pass_
    return Here(who.id, who.seat, who.name, "browser", browser.since_ms, browser.seen_ms(now_ms), browser.typing_ms)

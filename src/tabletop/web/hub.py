"""The one thread with the Conductor: it records what browsers send, follows what others write, and says who is there.

Owns: everything of `serve` that may wait for the disk. Refuses to own: what a browser is told (`streams`), rights (engine).
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from tabletop.conductor.watching import Kept, Watch
from tabletop.engine.around import Around, AtDevice
from tabletop.engine.events import Entry
from tabletop.engine.plan import Plan
from tabletop.engine.roll import roll
from tabletop.engine.state import State
from tabletop.errors import TabletopError

if TYPE_CHECKING:
    from tabletop.conductor import Here, Joined, Lobby, Pass

T = TypeVar("T")

LOOK_S = 0.05
"""Seconds between two looks at what others wrote (performance: commit in one process to frame in another)."""

DOORS_S = 0.2
"""Seconds between two looks at who may come in: with two hundred passes that is as much work as an answer."""

CLOCK_S = 0.25
"""Seconds between two looks at the wall clock."""

BEAT_S = 2.0
"""Seconds between two beats of presence, one commit for all browsers."""


@dataclass(frozen=True, slots=True)
class Now:
    """A run at one moment. Never changes; a later moment is another `Now`."""

    plan: Plan
    state: State
    wall_ms: Callable[[], int]
    """Milliseconds since 1970 UTC on the steady clock."""
    kind: str
    """What sort of run it is: `live`, `practice`, `rehearsal` or `collected`."""
    entries: Sequence[Entry] = ()
    kept: Kept | None = None
    """How far the one who drives has got; None: nobody ever drove."""
    devices: tuple[AtDevice, ...] = ()
    """Who is or was at a device, when it was looked last."""

    @property
    def elapsed_ms(self) -> int:
        """Exercise milliseconds now: no further than the one who drives is known to have got."""
        wall_ms = self.wall_ms()
        return self.state.now(wall_ms) if self.kept is None else self.kept.now_ms(self.state, wall_ms)

    @property
    def around(self) -> Around:
        """The run beside its log."""
        kept = self.kept
        return Around(self.devices) if kept is None else Around(self.devices, kept.driven, kept.holds(self.state, self.wall_ms()))


def alarmed(now: Now) -> bool:
    """Whether a real emergency was confirmed, and stands."""
    return now.state.emergency is not None and now.state.emergency.confirmed


class Listener(Protocol):
    """Who is told on the loop what the thread found."""

    def changed(self, entries: Sequence[Entry]) -> None:
        """These were recorded, here or elsewhere; none: what is known beside the log changed."""

    def doors_changed(self) -> None:
        """Somebody was sent out or renamed, or the lobby changed."""

    def here(self) -> tuple[list[Here], int]:
        """Every browser with a pass, and how many have the join page open. Called on the thread."""

    def failed(self, error: BaseException) -> None:
        """The thread has ended by a fault of ours."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Joined], object]
    answer: asyncio.Future[object]


class Hub:
    """A run as the server of browser seats sees it. `now`, `passes` and `lobby` may be read on any thread."""

    def __init__(self, open_run: Callable[[], Joined]) -> None:
        self._open_run = open_run
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        """No `SimpleQueue`: where a signal comes after its timeout, as when a computer wakes up, it waits for ever."""
        self._takes = threading.Lock()
        """Held while a job is put, and when none is taken any more: each one is done or told that it was not."""
        self._taking = False
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listener: Listener | None = None
        self._joined: Joined | None = None
        self._doors_seen = -1
        self._told = 0
        self._told_beside: object = None
        self._hellos = -1
        self.now: Now
        self.passes: Mapping[str, Pass] = {}
        """Those that open something, by id."""
        self.lobby: Lobby
        self.run = ""

    async def start(self, listener: Listener) -> None:
        """Opens the run on the thread and begins to follow it. Raises TabletopError where it cannot be opened."""
        self._loop, self._listener = asyncio.get_running_loop(), listener
        opened: asyncio.Future[object] = self._loop.create_future()
        self._thread = threading.Thread(target=self._work, args=(opened,), name="hub", daemon=True)
        self._taking = True
        self._thread.start()
        await opened

    async def close(self, places: Sequence[str]) -> None:
        """Says good-bye for every browser and ends the thread."""
        if self._thread is None or not self._thread.is_alive():
            return
        with suppress(TabletopError):
            await self.do(lambda joined: _leave(joined, places))
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    async def do(self, work: Callable[[Joined], T]) -> T:
        """Has something done on the thread, after what was asked before. Raises what the work raises, TabletopError once it has ended."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        with self._takes:
            if not self._taking:
                raise TabletopError("web.not-recorded")
            self._jobs.put(_Job(work, answer))  # type: ignore[arg-type]
        return await answer

    # On the thread.

    def _work(self, opened: asyncio.Future[object]) -> None:
        try:
            self._joined = joined = self._open_run()
            try:
                self.run = joined.conductor.run
                self.look_at_doors(joined)
                self._watch = Watch(joined.conductor, joined.store)
                self._watch.look()
                self._take(joined)
                self._told_beside = self._beside(self.now)
                self._resolve(opened, None)
                self._work_until_closed(joined)
            finally:
                joined.store.close()
        except BaseException as error:
            self._fail(opened, error)
            if self._listener is not None and not isinstance(error, TabletopError):
                self._post(self._listener.failed, error)
        finally:
            with self._takes:
                self._taking = False
            with suppress(queue.Empty):
                while True:
                    if (job := self._jobs.get_nowait()) is not None:
                        self._fail(job.answer, TabletopError("web.not-recorded"))

    def _work_until_closed(self, joined: Joined) -> None:
        looked = doored = clocked = beaten = 0.0
        while True:
            try:
                job = self._jobs.get(timeout=LOOK_S)
                if job is None:
                    return
                self._do(joined, job)
            except queue.Empty:
                pass
            now = time.monotonic()
            if now - clocked >= CLOCK_S:
                clocked = now
                joined.conductor.clockwork.look()
            if now - looked >= LOOK_S / 2:
                looked = now
                # A store that is busy for a moment is looked at again in the next one.
                with suppress(TabletopError):
                    joined.conductor.follow()
                    self._watch.look()
            if now - doored >= DOORS_S:
                doored = now
                with suppress(TabletopError):
                    self.look_at_doors(joined)
            self._tell(joined)
            if now - beaten >= BEAT_S:
                beaten = now
                with suppress(TabletopError):
                    self._beat(joined)

    def _do(self, joined: Joined, job: _Job) -> None:
        try:
            result = job.work(joined)
        except Exception as error:  # carried to whoever asked, and raised there
            self._tell(joined)
            self._fail(job.answer, error)
        else:
            # First what is shown, then the word that it is recorded: whoever is told sees it.
            self._tell(joined)
            self._resolve(job.answer, result)

    def _take(self, joined: Joined) -> None:
        conductor = joined.conductor
        kept, devices = conductor.kept, conductor.devices
        self.now = Now(conductor.plan, conductor.state, conductor.wall_ms, joined.kind, conductor.entries, kept, devices)
        self._told = len(conductor.entries)

    def _tell(self, joined: Joined) -> None:
        conductor = joined.conductor
        fresh = conductor.entries[self._told :]
        if fresh or conductor.kept != self.now.kept or conductor.devices != self.now.devices:
            self._take(joined)
        beside = self._beside(self.now)
        if self._listener is not None and (fresh or beside != self._told_beside):
            # What is beside the log may be anybody's to see.
            self._post(self._listener.changed, fresh if beside == self._told_beside else ())
        self._told_beside = beside

    def _beside(self, now: Now) -> object:
        """What pages show that is not in the log, as a value that can be compared."""
        around, raised = now.around, now.state.emergency
        counts = raised is not None and raised.confirmed
        return around.driven, around.held, roll(now.plan, now.state, now.devices) if counts else ()

    def look_at_doors(self, joined: Joined) -> None:
        """Who may come in, read again at every look: who is sent out is out at once (T12). On the thread."""
        passes = {one.id: one for one in joined.store.seats.passes(self.run) if not one.kicked}
        lobby = joined.store.seats.lobby(self.run)
        if self._doors_seen < 0:
            self.passes, self.lobby, self._doors_seen = passes, lobby, 0
        elif passes != self.passes or (lobby.locked, lobby.paper) != (self.lobby.locked, self.lobby.paper):
            self.passes, self.lobby = passes, lobby
            if self._listener is not None:
                self._post(self._listener.doors_changed)

    def _beat(self, joined: Joined) -> None:
        if self._listener is None:
            return
        here, hellos = self._listener.here()
        joined.store.presence.beat(self.run, here)
        if hellos != self._hellos:
            joined.store.seats.set_lobby(self.run, hellos=hellos)
            self._hellos = hellos

    # Back on the loop.

    def _post(self, call: Callable[..., object], *values: object) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop has ended before its thread
                self._loop.call_soon_threadsafe(call, *values)

    def _resolve(self, answer: asyncio.Future[object], result: object) -> None:
        self._post(lambda: None if answer.done() else answer.set_result(result))

    def _fail(self, answer: asyncio.Future[object], error: BaseException) -> None:
        self._post(lambda: None if answer.done() else answer.set_exception(error))


def _leave(joined: Joined, places: Sequence[str]) -> None:
    joined.store.presence.leave(joined.conductor.run, places)
    joined.store.seats.set_lobby(joined.conductor.run, hellos=0)

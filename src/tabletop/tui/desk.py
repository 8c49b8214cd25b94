"""One run as the screens see it: a conductor on a thread of its own, and what it told the screens last.

Owns: the thread that opens the store, records and follows; commands asked before the store is open; what could not be
recorded; drafts; gaps in real time. Refuses to own: rules (engine), rows (store), anything drawn.
"""

from __future__ import annotations

import asyncio
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from textual.app import App

from tabletop.conductor import Conductor, Fenced, Gap
from tabletop.engine import commands as c
from tabletop.engine.events import Entry
from tabletop.engine.plan import Plan
from tabletop.engine.rights import Actor
from tabletop.engine.state import State
from tabletop.errors import Refused, TabletopError
from tabletop.exercise.model import Exercise

if TYPE_CHECKING:
    from tabletop.debrief.model import RunInfo

LOOK_S = 0.05
"""Seconds between two looks at what others wrote (performance: commit in one process to frame in another)."""

TICK_S = 0.25
"""Seconds between two ticks: what releases itself, gaps in real time."""

BEAT_S = 1.0
"""Seconds between two heartbeats of the lease (semantics: *Crash*)."""

DRAFT_S = 1.0
"""Seconds after the last key at which a draft is saved (semantics: *Who may append what*)."""

BLOCKED_S = 4.0
"""A job that took longer was waiting for the store: that time was lived through, it is no gap."""

CLOSING_S = 8.0
"""Seconds that leaving waits for the store at most."""


Then = Callable[[list[Entry]], None]
Failed = Callable[[TabletopError], None]


class Source(Protocol):
    """Where a desk gets its run from. Every method is called on the desk's thread."""

    def open(self) -> Conductor:
        """Opens the run, as driver if nobody else drives it. Raises TabletopError."""
        ...

    @property
    def drives(self) -> bool:
        """Whether this process drives the run."""
        ...

    @property
    def driver(self) -> str:
        """Who drives the run, where this process does not; empty: nobody, it can only be read."""
        ...

    def take_over(self) -> None:
        """Drives from now on, whoever drove before; logged. Raises TabletopError."""
        ...

    def beat(self, exercise_ms: int) -> None:
        """Keeps the lease and the exercise time. Raises Fenced where somebody else has taken it, TabletopError."""
        ...

    def drafts(self) -> dict[str, str]:
        """What was typed and never sent, by panel."""
        ...

    def keep_draft(self, name: str, text: str) -> None:
        """Saves a draft; an empty one is dropped."""
        ...

    def info(self) -> RunInfo:
        """What the store knows of the run and its log does not say: kind, status, seal. Raises TabletopError."""
        ...

    def close(self) -> None:
        """Gives up the lease and lets go of the store."""
        ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """A command that the store could not record."""

    error: TabletopError
    command: c.Command
    at_ms: int
    """Exercise milliseconds at which the clock was stopped on the screens."""
    then: Then | None = None
    """What waits for it to be recorded."""
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    command: c.Command
    actor: Actor | None
    then: Then | None


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], object]
    done: Callable[[object], None]
    failed: Callable[[TabletopError], None] | None


class Listener(Protocol):
    """What a desk tells its app; every method is called on the app's thread."""

    def desk_opened(self) -> None: ...

    def desk_failed(self, error: TabletopError) -> None: ...

    def desk_changed(self, fresh: Sequence[Entry]) -> None: ...

    def desk_gap(self, gap: Gap) -> None: ...

    def desk_trouble(self, trouble: Trouble) -> None: ...

    def desk_read_only(self) -> None: ...


def _raise(error: Exception) -> None:
    raise error


def _nothing(_: object) -> None:
    """Nobody waits for it."""


class Desk:
    """A run on the screens. Everything public is for the app's thread; work is done in order on the desk's own."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.ready = False
        """Whether the run is open and may be asked about."""
        self.read_only = False
        """Whether somebody else drives."""
        self.trouble: Trouble | None = None
        """What could not be recorded and waits for another try."""
        self.gap: Gap | None = None
        """Real time that nobody saw pass and nobody has settled."""
        self.drafts: dict[str, str] = {}
        self.state = State()
        self.entries: Sequence[Entry] = ()
        self._conductor: Conductor | None = None
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._open_jobs = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._app: App[None] | None = None
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None
        self._changed_drafts: dict[str, float] = {}
        self._told = 0

    @property
    def conductor(self) -> Conductor:
        """The conductor; only once `ready`."""
        if self._conductor is None:
            raise RuntimeError("the run is not open yet")
        return self._conductor

    @property
    def exercise(self) -> Exercise:
        return self.conductor.exercise

    @property
    def run(self) -> str:
        """The run's id."""
        return self.conductor.run

    @property
    def plan(self) -> Plan:
        from tabletop.engine.plan import plan_of

        return plan_of(self.exercise, self.state)

    @property
    def recorded(self) -> int:
        """How many events are committed: what `recorded ✓` shows."""
        return len(self.entries)

    @property
    def driver(self) -> str:
        """Who drives in another process; empty: this console."""
        return (self.source.driver or self.state.driver) if self.read_only else ""

    @property
    def newest_to_take_back(self) -> Entry | None:
        """The newest thing done here that can be taken back."""
        return self.conductor.newest_to_take_back()

    def elapsed_ms(self) -> int:
        """Exercise milliseconds now; stands while something could not be recorded."""
        if self.trouble is not None:
            return self.trouble.at_ms
        return self.state.now(self.conductor.wall_ms()) if self._conductor is not None else 0

    def start(self, app: App[None], listener: Listener) -> None:
        """Opens the run on the desk's thread; commands may be asked from now on."""
        self._app, self._listener = app, listener
        self._submit(self._open, self._opened, listener.desk_failed)
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)
        self._thread.start()

    def ask(
        self,
        command: c.Command,
        *,
        then: Callable[[list[Entry]], None] | None = None,
        failed: Callable[[TabletopError], None] | None = None,
        at_ms: int | None = None,
        actor: Actor | None = None,
    ) -> None:
        """Has `command` decided and recorded. `then` gets the committed entries, `failed` what kept them from being.

        `actor`: who asks, where somebody else than the driver sits at this console: an evaluator after ENDEX.
        """

        if self.read_only and not isinstance(command, c.PressEmergency):
            if failed is not None:
                failed(Refused("console.read-only", holder=self.driver))
            return
        trouble = self.trouble

        def work() -> list[Entry]:
            if trouble is not None:
                self._pause_at(trouble.at_ms)
            return self._dispatch(command, at_ms, actor)

        asked = _Asked(command, actor, then)
        self._submit(work, partial(self._recorded, trouble, then), partial(self._not_recorded, trouble, asked, failed))

    def _recorded(self, trouble: Trouble | None, then: Then | None, result: object) -> None:
        if self.trouble is trouble:
            self.trouble = None
        if then is not None:
            then(result if isinstance(result, list) else [])

    def _not_recorded(self, trouble: Trouble | None, asked: _Asked, failed: Failed | None, error: TabletopError) -> None:
        if isinstance(error, Fenced):
            self._lost()
        elif not isinstance(error, Refused):
            self._note_trouble(error, asked.command, asked.actor, asked.then)
        elif self.trouble is trouble:
            # The store took what came before the refusal.
            self.trouble = None
        if failed is not None:
            failed(error)

    def retry(self, failed: Failed) -> None:
        """Tries again what could not be recorded, at the time at which the clock was stopped, and pauses there."""
        trouble = self.trouble
        if trouble is None:
            return

        def work() -> list[Entry]:
            entries = self._dispatch(trouble.command, trouble.at_ms, trouble.actor)
            self._pause_at(trouble.at_ms)
            return entries

        self._submit(work, partial(self._recorded, trouble, trouble.then), partial(self._still_trouble, trouble, failed))

    def _still_trouble(self, trouble: Trouble, failed: Failed, error: TabletopError) -> None:
        if isinstance(error, Fenced):
            self._lost()
        elif isinstance(error, Refused):
            self.trouble = None
            self._submit(partial(self._pause_at, trouble.at_ms), _nothing, _nothing)
        failed(error)

    def settle_gap(self, counted: bool, then: Then | None = None) -> None:
        """Counts the real time that nobody saw pass, or leaves it out."""
        gap, self.gap = self.gap, None
        if gap is not None:
            self.ask(c.SettleGap(gap.gap_ms, counted), then=then)

    def take_over(self, then: Callable[[], None], failed: Callable[[TabletopError], None]) -> None:
        """Drives from here on."""

        def done(_: object) -> None:
            self.read_only = False
            then()

        self._submit(self.source.take_over, done, failed)

    def run_info(self, then: Callable[[RunInfo], None], failed: Callable[[TabletopError], None]) -> None:
        """What the store knows of the run, as a document prints it; includes everything asked before."""

        def done(result: object) -> None:
            then(result)  # type: ignore[arg-type]  # what `Source.info` gave

        self._submit(self.source.info, done, failed)

    def keep_draft(self, name: str, text: str) -> None:
        """Remembers what was typed; saved once nothing was typed for a second. Empty: dropped."""
        if self.drafts.get(name, "") == text:
            return
        self.drafts[name] = text
        self._changed_drafts[name] = time.monotonic()

    def drop_draft(self, name: str) -> None:
        """What was typed has been recorded or thrown away."""
        if self.drafts.pop(name, ""):
            self._changed_drafts.pop(name, None)
            self._submit(lambda: self.source.keep_draft(name, ""), _nothing, _nothing)

    def tick(self) -> None:
        """What is due on the app's thread four times a second: drafts are saved."""
        if self._conductor is None:
            return
        now = time.monotonic()
        for name, changed in list(self._changed_drafts.items()):
            if now - changed >= DRAFT_S and not self.read_only:
                del self._changed_drafts[name]
                self._submit(partial(self.source.keep_draft, name, self.drafts.get(name, "")), _nothing, _nothing)

    @property
    def is_idle(self) -> bool:
        """Whether everything asked so far is done and told."""
        return not self._open_jobs

    async def idle(self) -> None:
        """Returns once everything asked so far is done and told."""
        await self._idle.wait()

    def close(self, *, pause: bool = True) -> None:
        """Pauses a running clock, gives the lease up and ends the thread. Waits for what was asked before."""
        if self._thread is None:
            return
        if pause:
            self._jobs.put(_Job(self._quit, _nothing, _nothing))
        self._jobs.put(None)
        self._thread.join(CLOSING_S)
        self._thread = None

    def _note_trouble(self, error: TabletopError, command: c.Command, actor: Actor | None = None, then: Then | None = None) -> None:
        """The first command that failed waits; the clock stands where it was then."""
        if self.trouble is None:
            self.trouble = Trouble(error, command, self.elapsed_ms(), then, actor)
        if self._listener is not None:
            self._listener.desk_trouble(self.trouble)

    def _submit(self, work: Callable[[], object], done: Callable[[object], None], failed: Callable[[TabletopError], None] | None) -> None:
        self._open_jobs += 1
        self._idle.clear()
        self._jobs.put(_Job(work, done, failed))

    def _deliver(self, job: _Job, result: object, error: Exception | None, told: tuple[State, list[Entry]] | None) -> None:
        """On the app's thread: first what changed, then what the job was for. A fault of ours is raised here."""
        self._take(told)
        if error is None:
            job.done(result)
        elif isinstance(error, TabletopError) and job.failed is not None:
            job.failed(error)
        else:
            raise error
        self._open_jobs -= 1
        if not self._open_jobs:
            self._idle.set()

    def _take(self, told: tuple[State, list[Entry]] | None) -> None:
        if told is None or self._listener is None:
            return
        self.state, entries = told
        fresh = entries[len(self.entries) :]
        self.entries = entries
        self._listener.desk_changed(fresh)

    def _opened(self, _: object) -> None:
        self.ready = True
        self.read_only = not self.source.drives
        if self._listener is not None:
            self._listener.desk_opened()

    # From here on: the desk's own thread.

    def _post(self, call: Callable[[], None]) -> None:
        if self._app is not None and self._app.is_running:
            self._app.call_later(call)

    def _news(self) -> tuple[State, list[Entry]] | None:
        """State and entries, if they grew since they were last told."""
        conductor = self._conductor
        if conductor is None or len(conductor.entries) == self._told:
            return None
        self._told = len(conductor.entries)
        return conductor.state, conductor.entries

    def _work(self) -> None:
        try:
            self._work_until_closed()
        except Exception as error:  # a fault of ours is raised where the app can end in good order
            self._post(partial(_raise, error))

    def _work_until_closed(self) -> None:
        beaten = ticked = 0.0
        while True:
            try:
                job = self._jobs.get(timeout=LOOK_S)
                if job is None:
                    # What cannot be given back in good order dies with the process.
                    with suppress(TabletopError):
                        self.source.close()
                    return
                self._do(job)
            except queue.Empty:
                self._follow()
            now = time.monotonic()
            if self._conductor is not None and now - ticked >= TICK_S:
                ticked = now
                self._by_itself(self._tick)
            if self._conductor is not None and now - beaten >= BEAT_S:
                beaten = now
                self._by_itself(self._beat)

    def _follow(self) -> None:
        if self._conductor is not None:
            self._by_itself(self._conductor.follow)

    def _tick(self) -> None:
        self._look_for_gap()
        if self._drives():
            self.conductor.tick()

    def _by_itself(self, work: Callable[[], object]) -> None:
        """Does what nobody asked for, and tells what came of it."""
        try:
            work()
        except TabletopError as error:
            self._complain(error)
        told = self._news()
        if told is not None:
            self._post(lambda: self._take(told))

    def _do(self, job: _Job) -> None:
        result: object = None
        error: Exception | None = None
        began = time.monotonic()
        try:
            if self._conductor is not None:
                self._look_for_gap()
            result = job.work()
        except Exception as caught:  # carried to the app's thread and raised there
            error = caught
        if self._conductor is not None and time.monotonic() - began > BLOCKED_S:
            self._conductor.clockwork.look()
        told = self._news()
        self._post(lambda: self._deliver(job, result, error, told))

    def _complain(self, error: TabletopError) -> None:
        """Something that nobody asked for failed: following, releasing by itself, the heartbeat."""
        if isinstance(error, Fenced):
            self._post(self._lost)
        elif not isinstance(error, Refused) and self.trouble is None and self._drives():
            self._post(lambda: self._note_trouble(error, c.Tick()))

    def _open(self) -> None:
        self._conductor = self.source.open()
        self.drafts.update(self.source.drafts())

    def _dispatch(self, command: c.Command, at_ms: int | None, actor: Actor | None = None) -> list[Entry]:
        if self._conductor is None:
            raise Refused("console.not-open")
        return self._conductor.dispatch(command, actor, at_ms=at_ms)

    def _pause_at(self, at_ms: int) -> list[Entry]:
        conductor = self.conductor
        conductor.catch_up()
        if conductor.state.phase != "running" or not conductor.state.clock.running:
            return []
        return conductor.dispatch(c.Pause("technical"), at_ms=at_ms)

    def _drives(self) -> bool:
        return not self.read_only and self.source.drives and self.trouble is None

    def _look_for_gap(self) -> None:
        conductor = self.conductor
        if not self._drives():
            conductor.clockwork.look()
            return
        gap = conductor.notice_gap()
        # Seen on this thread alone, and only after the look: else the time after a gap would count as seen.
        conductor.see()
        if gap is not None:
            self._post(lambda: self._found_gap(gap))

    def _found_gap(self, gap: Gap) -> None:
        self.gap = gap
        if self._listener is not None:
            self._listener.desk_gap(gap)

    def _beat(self) -> None:
        if self.read_only or not self.source.drives:
            return
        self.source.beat(self.conductor.elapsed_ms())

    def _lost(self) -> None:
        self.read_only = True
        if self._listener is not None:
            self._listener.desk_read_only()

    def _quit(self) -> None:
        conductor = self._conductor
        if conductor is None or self.read_only:
            return
        for name in list(self._changed_drafts):
            self.source.keep_draft(name, self.drafts.get(name, ""))
        if conductor.state.phase == "running" and conductor.state.clock.running:
            conductor.dispatch(c.Pause("quit"))

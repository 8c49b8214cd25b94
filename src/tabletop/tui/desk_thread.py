"""The thread of a desk: it opens the run, records in order, follows what others write, keeps the lease, notices gaps.

Owns: everything that may wait for the disk. Refuses to own: what the screens know (`Desk`).
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from tabletop.conductor import NO_LEASE, Conductor, Fenced, Gap
from tabletop.engine import commands as c
from tabletop.engine.events import Entry
from tabletop.engine.rights import PRACTICE, Actor
from tabletop.engine.state import State
from tabletop.errors import Refused, TabletopError

from .crowd import CROWD_S, NOBODY, Crowd, Door
from .desk_parts import Source, Watcher

LOOK_S = 0.03
"""Seconds between two looks at what others wrote (performance: commit in one process to frame in another)."""

TICK_S = 0.25
"""Seconds between two ticks: what releases itself, gaps in real time."""

BEAT_S = 1.0
"""Seconds between two heartbeats of the lease (semantics: *Crash*)."""

BLOCKED_S = 4.0
"""A job that took longer was waiting for the store, or the computer slept meanwhile."""

APP_TICK_S = 0.25
"""How often the app's thread ticks while it runs."""

CLOSING_S = 8.0
"""Seconds that leaving waits for the store at most."""

News = tuple[State, list[Entry]]
"""The state and all entries, after something was recorded here or elsewhere."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do on the thread, and whom to tell on the app's."""

    work: Callable[[], object]
    done: Callable[[object], None]
    failed: Callable[[TabletopError], None] | None


class Owner(Protocol):
    """What the thread tells its desk; called on the app's thread, but for `may_drive`."""

    read_only: bool

    def deliver(self, job: Job, result: object, error: Exception | None, news: News | None) -> None: ...

    def take(self, news: News | None) -> None: ...

    def found_gap(self, gap: Gap) -> None: ...

    def failed_by_itself(self, error: TabletopError) -> None: ...

    def well_again(self) -> None: ...

    def lost(self) -> None: ...

    def saw(self, crowd: Crowd) -> None: ...

    def may_drive(self) -> bool: ...


def _raise(error: Exception) -> None:
    raise error


class DeskThread:
    """Works off jobs one after the other; between them it looks after the run by itself."""

    def __init__(self, source: Source, owner: Owner, post: Callable[[Callable[[], None]], None]) -> None:
        self.source = source
        self.conductor: Conductor | None = None
        """None until the run is open. What it shows may be read on any thread."""
        self._owner = owner
        self._post = post
        """Has something called on the app's thread."""
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        """No `SimpleQueue`: where a signal comes after its timeout, as when a computer wakes up, it waits for ever."""
        self.app_ticks = 0
        """How often the app's thread has ticked: where it stood still too, the computer slept."""
        self._crowd: Crowd = NOBODY
        self._told = 0
        self._failing = False
        """Whether the store took nothing of what is written by itself, the last time."""
        self._thread = threading.Thread(target=self._work, name="desk", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def put(self, job: Job) -> None:
        """Has a job done after those before it."""
        self._jobs.put(job)

    def close(self) -> None:
        """Ends after the jobs so far. Waits for it, within reason."""
        self._jobs.put(None)
        self._thread.join(CLOSING_S)

    # Jobs, run on the thread.

    def open(self) -> dict[str, str]:
        """Opens the run; the drafts that were kept. Raises TabletopError."""
        self.conductor = self.source.open()
        return self.source.drafts()

    def take_over(self) -> dict[str, str]:
        """Drives from now on; the drafts that the console that drove has kept. Raises TabletopError."""
        self.source.take_over()
        try:
            return self.source.drafts()
        except TabletopError:
            # It drives all the same: what was being typed is still in the store.
            return {}

    def dispatch(self, command: c.Command, at_ms: int | None, actor: Actor | None) -> list[Entry]:
        """Decides and records. Raises Refused, TabletopError."""
        if self.conductor is None:
            raise Refused("console.not-open")
        return self.conductor.dispatch(command, actor, at_ms=at_ms)

    def pause_at(self, at_ms: int) -> list[Entry]:
        """Pauses a running clock where the screens stopped it."""
        conductor = self.conductor
        if conductor is None:
            return []
        conductor.catch_up()
        if conductor.state.phase != "running" or not conductor.state.clock.running:
            return []
        return conductor.dispatch(c.Pause("technical"), at_ms=at_ms)

    def pause_to_leave(self) -> None:
        """Quitting pauses the run."""
        conductor = self.conductor
        if conductor is not None and self.source.drives and conductor.state.phase == "running" and conductor.state.clock.running:
            conductor.dispatch(c.Pause("quit"))

    # The thread itself.

    def _work(self) -> None:
        try:
            self._work_until_closed()
        except Exception as error:  # a fault of ours is raised where the app can end in good order
            self._post(partial(_raise, error))

    def _work_until_closed(self) -> None:
        beaten = ticked = looked = 0.0
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
                if self.conductor is not None:
                    self._by_itself(self.conductor.follow)
            now = time.monotonic()
            if self.conductor is not None and now - ticked >= TICK_S:
                ticked = now
                self._by_itself(self._tick)
            if self.conductor is not None and now - beaten >= BEAT_S:
                beaten = now
                self._by_itself(self._beat)
            if self.conductor is not None and now - looked >= CROWD_S:
                looked = now
                self._by_itself(self.look_around)

    def _do(self, job: Job) -> None:
        result: object = None
        error: Exception | None = None
        began, ticks = time.monotonic(), self.app_ticks
        try:
            self._look_for_gap()
            result = job.work()
        except Exception as caught:  # carried to the app's thread and raised there
            error = caught
            if isinstance(caught, Fenced):
                self._give_up_driving()
        took = time.monotonic() - began
        if self.conductor is not None and took > BLOCKED_S and self.app_ticks - ticks > took / APP_TICK_S / 4:
            # The store kept this thread waiting while the screens went on: that time was lived through, it is no gap.
            self.conductor.clockwork.look()
        news = self._news()
        self._post(lambda: self._owner.deliver(job, result, error, news))

    def _by_itself(self, work: Callable[[], object]) -> None:
        """Does what nobody asked for, and tells what came of it."""
        try:
            work()
            if self._failing and work == self._beat:
                self._failing = False
                self._post(self._owner.well_again)
        except Fenced:
            self._give_up_driving()
            self._post(self._owner.lost)
        except Refused:
            # An emergency, for instance: then nothing releases itself.
            pass
        except TabletopError as error:
            if not self._failing:
                self._failing = True
                self._post(partial(self._owner.failed_by_itself, error))
        news = self._news()
        if news is not None:
            self._post(lambda: self._owner.take(news))

    def _give_up_driving(self) -> None:
        """Without a fence only an emergency is still recorded from here."""
        if self.conductor is not None:
            self.conductor.fence = NO_LEASE
        if isinstance(self.source, Door):
            self.source.give_up()

    def look_around(self) -> None:
        """Who is at a device now; told where that is not what was told last. Raises TabletopError."""
        if not isinstance(self.source, Door):
            return
        crowd = self.source.crowd()
        if crowd != self._crowd:
            self._crowd = crowd
            self._post(partial(self._owner.saw, crowd))

    def _news(self) -> News | None:
        """State and entries, if they grew since they were last told."""
        conductor = self.conductor
        if conductor is None or len(conductor.entries) == self._told:
            return None
        self._told = len(conductor.entries)
        return conductor.state, conductor.entries

    def _drives(self) -> bool:
        return self.source.drives and self._owner.may_drive()

    def _tick(self) -> None:
        self._look_for_gap()
        if isinstance(self.source, Watcher):
            self.source.watch()
        if self.conductor is not None and self._drives():
            self.conductor.tick()
            if self.source.kind == PRACTICE:
                from .practice import act

                act(self.conductor)

    def _look_for_gap(self) -> None:
        conductor = self.conductor
        if conductor is None:
            return
        if not self._drives():
            conductor.clockwork.look()
            return
        gap = conductor.notice_gap()
        # Seen on this thread alone, and only after the look: else the time after a gap would count as seen.
        conductor.see()
        if gap is not None:
            self._post(lambda: self._owner.found_gap(gap))

    def _beat(self) -> None:
        """A lease is kept while something cannot be recorded, too; a seat says that it is there."""
        keeps = self.source.drives or self.source.takes_part
        if self.conductor is not None and keeps and not self._owner.read_only:
            self.source.beat(self.conductor.elapsed_ms())

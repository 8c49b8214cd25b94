"""One run as the screens see it: what its thread told last, and the way to have something recorded.

Owns: commands asked before the store is open; what could not be recorded; gaps in real time. Refuses to own: drafts (`desk_drafts`),
the thread (`desk_thread`), rules (engine), rows (store), anything drawn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.app import App

from tabletop.conductor import Conductor, Fenced, Gap
from tabletop.engine import commands as c
from tabletop.engine.events import Entry
from tabletop.engine.plan import Plan
from tabletop.engine.rights import Actor
from tabletop.engine.state import State
from tabletop.errors import Refused, TabletopError
from tabletop.exercise.model import Exercise

from .crowd import NOBODY, Crowd, Door
from .desk_drafts import DRAFT_S, Drafting, HandedOver
from .desk_drafts import nothing as _nothing
from .desk_parts import Asked, Failed, Listener, Source, Then, Trouble
from .desk_thread import DeskThread, Job, News

if TYPE_CHECKING:
    from tabletop.debrief.model import RunInfo

__all__ = ["Desk", "Listener", "Source", "Trouble"]


class Desk(Drafting):
    """A run on the screens. Everything public is for the app's thread; work is done in order on the desk's own."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.ready = False
        """Whether the run is open and may be asked about."""
        self.read_only = False
        """Whether somebody else drives, and nothing is recorded from here."""
        self.was_driving = False
        """Whether this console drove until somebody took over."""
        self.trouble: Trouble | None = None
        """What could not be recorded and waits for another try."""
        self.warning: TabletopError | None = None
        """Why the store takes nothing just now, though nobody asked for anything."""
        self.gap: Gap | None = None
        """Real time that nobody saw pass and nobody has settled."""
        self.crowd: Crowd = NOBODY
        """Who is at a device, and the lobby, when it was looked last."""
        self.state = State()
        self.entries: Sequence[Entry] = ()
        self._conductor: Conductor | None = None
        self._thread: DeskThread | None = None
        self._open_jobs = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._app: App[None] | None = None
        self._listener: Listener | None = None

    @property
    def thread(self) -> DeskThread:
        """The desk's own thread, from `start` to `close`."""
        if self._thread is None:
            raise RuntimeError("the desk is closed")
        return self._thread

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
    def kind(self) -> str:
        """What sort of run it is: `live`, `practice`, `rehearsal` or `collected`."""
        return self.source.kind

    @property
    def newest_to_take_back(self) -> Entry | None:
        """The newest thing done here that can be taken back."""
        return self.conductor.newest_to_take_back()

    def elapsed_ms(self, ago_ms: int = 0) -> int:
        """Exercise milliseconds now, or `ago_ms` real milliseconds ago; stands while something could not be recorded."""
        if self.trouble is not None:
            return self.trouble.at_ms
        if not self.ready:
            return 0
        wall_ms = self.conductor.wall_ms()
        shown_ms, clock = self.conductor.shown_ms(self.state, wall_ms), self.state.clock
        return max(0, shown_ms - (clock.elapsed(wall_ms) - clock.elapsed(wall_ms - ago_ms)))

    def start(self, app: App[None], listener: Listener) -> None:
        """Opens the run on the desk's thread; commands may be asked from now on."""
        self._app, self._listener = app, listener
        self._thread = DeskThread(self.source, self, self._post)
        self._submit(self._thread.open, self._opened, listener.desk_failed)
        self._thread.start()

    def ask(
        self,
        command: c.Command,
        *,
        then: Callable[[list[Entry]], None] | None = None,
        failed: Callable[[TabletopError], None] | None = None,
        at_ms: int | None = None,
        actor: Actor | None = None,
        drafts: Mapping[str, str] | None = None,
    ) -> None:
        """Has `command` decided and recorded. `then` gets the committed entries, `failed` what kept them from being.

        `actor`: who asks, where somebody else than the driver sits at this console: an evaluator after ENDEX. `drafts`: by name what
        is kept of what was typed, once it is recorded, at the seat that was taken when it was asked; empty: nothing.
        """

        if self.read_only and not isinstance(command, c.PressEmergency):
            if failed is not None:
                failed(Refused("console.read-only", holder=self.driver))
            return
        trouble, thread = self.trouble, self._thread
        if thread is None:
            return
        handed = self._hand_over(drafts or {})

        def work() -> list[Entry]:
            # A seat has no trouble: its text stays where it was typed, and the clock goes on.
            if trouble is not None:
                thread.pause_at(trouble.at_ms)
            entries = thread.dispatch(command, at_ms, actor)
            handed.recorded = True
            return entries

        asked = Asked(command, actor, then)
        self._submit(work, partial(self._recorded, trouble, then, handed), partial(self._not_recorded, trouble, asked, failed))
        if drafts:
            self._keep_handed(handed)

    def _recorded(self, trouble: Trouble | None, then: Then | None, handed: HandedOver | None, result: object) -> None:
        if handed is not None:
            self.drafts.update(handed.left)
        if self.trouble is trouble:
            self.trouble = None
        if then is not None:
            then(result if isinstance(result, list) else [])

    def _not_recorded(self, trouble: Trouble | None, asked: Asked, failed: Failed | None, error: TabletopError) -> None:
        if isinstance(error, Fenced):
            self.lost()
        elif not isinstance(error, Refused) and not self.source.takes_part:
            self._note_trouble(error, asked.command, asked.actor, asked.then)
        elif self.trouble is trouble:
            # The store took what came before the refusal.
            self.trouble = None
        if failed is not None:
            failed(error)

    def retry(self, failed: Failed) -> None:
        """Tries again what could not be recorded, at the time at which the clock was stopped, and pauses there."""
        trouble, thread = self.trouble, self._thread
        if trouble is None or thread is None:
            return

        def work() -> list[Entry]:
            entries = thread.dispatch(trouble.command, trouble.at_ms, trouble.actor)
            thread.pause_at(trouble.at_ms)
            return entries

        self._submit(work, partial(self._recorded, trouble, trouble.then, None), partial(self._still_trouble, trouble, failed))

    def _still_trouble(self, trouble: Trouble, failed: Failed, error: TabletopError) -> None:
        if isinstance(error, Fenced):
            self.lost()
        elif isinstance(error, Refused):
            self.trouble = None
            self._submit(partial(self.thread.pause_at, trouble.at_ms), _nothing, _nothing)
        failed(error)

    def settle_gap(self, counted: bool, then: Then | None = None) -> None:
        """Counts the real time that nobody saw pass, or leaves it out."""
        gap, self.gap = self.gap, None
        if gap is not None:
            self.ask(c.SettleGap(gap.gap_ms, counted), then=then)

    def take_over(self, then: Callable[[], None], failed: Callable[[TabletopError], None]) -> None:
        """Drives from here on, with what the console that drove kept of what was being typed there."""

        def done(kept: object) -> None:
            own = {name: self.drafts[name] for name in self._changed_drafts}
            self.drafts = {**(kept if isinstance(kept, dict) else {}), **own}
            self.read_only = False
            then()

        self._submit(self.thread.take_over, done, failed)

    def at_door(self, work: Callable[[Door], object], then: Callable[[object], None], failed: Failed) -> None:
        """Does something with codes, passes or the lobby, and looks who is there: the driving console alone may."""

        def do() -> object:
            door = self.source
            if not isinstance(door, Door):
                raise Refused("console.not-open")
            # A console that was taken over while it slept learns of it here at the latest.
            self.source.beat(self.conductor.elapsed_ms())
            result = work(door)
            self.thread.look_around()
            return result

        def refused(error: TabletopError) -> None:
            if isinstance(error, Fenced):
                self.lost()
            failed(error)

        if self.read_only:
            failed(Refused("console.read-only", holder=self.driver))
        else:
            self._submit(do, then, refused)

    def run_info(self, then: Callable[[RunInfo], None], failed: Callable[[TabletopError], None]) -> None:
        """What the store knows of the run, as a document prints it; includes everything asked before."""
        self._submit(self.source.info, cast("Callable[[object], None]", then), failed)

    def sit(self, take: Callable[[], dict[str, str]], then: Callable[[], None], failed: Failed) -> None:
        """Another seat of the source: what was typed so far is kept at the one before, then `take` gives the drafts of the new one."""
        self.save_drafts()
        self.drafts = {}

        def taken(drafts: object) -> None:
            self.drafts = dict(drafts) if isinstance(drafts, dict) else {}
            then()

        self._submit(take, taken, failed)

    def tick(self) -> None:
        """What is due on the app's thread four times a second: drafts are saved."""
        if self._thread is not None:
            self._thread.app_ticks += 1
        if self.ready and not self.read_only:
            self.save_drafts(older_s=DRAFT_S)

    @property
    def is_idle(self) -> bool:
        """Whether everything asked so far is done and told."""
        return not self._open_jobs

    async def idle(self) -> None:
        """Returns once everything asked so far is done and told."""
        await self._idle.wait()

    def close(self, *, pause: bool = True) -> None:
        """Pauses a running clock, gives the lease up and ends the thread. Waits for what was asked before."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if not self.read_only:
            for name in self._changed_drafts:
                thread.put(Job(partial(self.source.keep_draft, name, self.drafts.get(name, "")), _nothing, _nothing))
            if pause:
                thread.put(Job(thread.pause_to_leave, _nothing, _nothing))
        thread.close()

    def _note_trouble(self, error: TabletopError, command: c.Command, actor: Actor | None = None, then: Then | None = None) -> None:
        """The first command that failed waits; the clock stands where it was then."""
        if self.trouble is None:
            self.trouble = Trouble(error, command, self.elapsed_ms(), then, actor)
        if self._listener is not None:
            self._listener.desk_trouble(self.trouble)

    def _submit(self, work: Callable[[], object], done: Callable[[object], None], failed: Callable[[TabletopError], None] | None) -> None:
        if self._thread is None:
            # The desk is closed: nobody is there to do it.
            return
        self._open_jobs += 1
        self._idle.clear()
        self._thread.put(Job(work, done, failed))

    def _post(self, call: Callable[[], None]) -> None:
        """Has something called on the app's thread; once the app is going there is nobody to tell."""
        if self._app is not None and self._app.is_running:
            self._app.call_later(call)

    # What the thread tells, on the app's own.

    def deliver(self, job: Job, result: object, error: Exception | None, news: News | None) -> None:
        """First what changed, then what the job was for. A fault of ours is raised here."""
        try:
            self.take(news)
            if error is None:
                job.done(result)
            elif isinstance(error, TabletopError) and job.failed is not None:
                job.failed(error)
            else:
                raise error
        finally:
            self._open_jobs -= 1
            if not self._open_jobs:
                self._idle.set()

    def take(self, news: News | None) -> None:
        """The log grew."""
        if news is None or self._listener is None:
            return
        self.state, entries = news
        fresh = entries[len(self.entries) :]
        self.entries = entries
        self._listener.desk_changed(fresh)

    def _opened(self, drafts: object) -> None:
        if isinstance(drafts, dict):
            self.drafts.update(drafts)
        self._conductor = self.thread.conductor
        self.ready = True
        self.read_only = not (self.source.drives or self.source.takes_part)
        if self._listener is not None:
            self._listener.desk_opened()

    def found_gap(self, gap: Gap) -> None:
        """Real time passed that nobody saw; the clock stands."""
        self.gap = gap
        if self._listener is not None:
            self._listener.desk_gap(gap)

    def failed_by_itself(self, error: TabletopError) -> None:
        """Following, releasing by itself or the heartbeat failed: it is said, and tried again by itself."""
        self.warning = error

    def well_again(self) -> None:
        """The store takes again what is written by itself."""
        self.warning = None

    def saw(self, crowd: Crowd) -> None:
        """Who is at a device has changed; screens draw it at their next tick."""
        self.crowd = crowd

    def lost(self) -> None:
        """Somebody else drives: nothing is left here to be tried again or settled."""
        if not self.read_only:
            self.read_only, self.was_driving, self.trouble, self.gap = True, True, None, None
            if self._listener is not None:
                self._listener.desk_read_only()

    def may_drive(self) -> bool:
        """Whether the clock may go on by itself."""
        return not self.read_only and self.trouble is None

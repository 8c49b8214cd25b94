"""The shell: the one place where a clock, a log and the engine meet.

Owns: turning a command into recorded entries, following what other processes wrote, the steady clock. Refuses to own:
rules (engine), rows and seals (store), anything a person sees.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Protocol

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.around import Around, AtDevice
from tabletop.engine.decide import decide
from tabletop.engine.events import AnyEvent, Entry
from tabletop.engine.evolve import advance, replay
from tabletop.engine.plan import Plan, plan_of
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.state import State
from tabletop.errors import Refused, TabletopError
from tabletop.exercise.model import Exercise
from tabletop.store.faults import Fenced, Stale

from .watching import Kept

NO_LEASE = -1
"""The fence of a process that does not drive: what only the driver may append is refused by the store, whoever asks."""

GAP_MS = 5_000
"""Real milliseconds between two looks at the clock above which nobody can know whether they were lived through (house: *Exercise time*)."""

DRIFT_MS = 2_000
"""How far wall clock and monotonic clock may part between two looks (safety: F8, F9)."""


NAMED = uuid.UUID("6c3b6c0e-9a2f-5d0c-8f43-7d1f0b9a5e21")
"""The space of the ids of what was said under a name."""

MOST_UNSURE = 1000
"""Commands whose append failed that are remembered: each seat of a server may have one, and hand it over again."""


class Log(Protocol):
    """What the conductor needs of an event log."""

    def append(
        self,
        entries: Sequence[Entry],
        *,
        expected_head: int,
        rows: Mapping[str, Sequence[Mapping[str, object]]] = ...,
        fence: int | None = ...,
    ) -> None: ...

    def read(self, after: int = 0) -> list[Entry]: ...

    def changed(self) -> bool: ...

    def prepare(self) -> None: ...

    def turn(self) -> AbstractContextManager[None]: ...


Rows = Callable[[Plan, State, Sequence[Entry]], Mapping[str, Sequence[Mapping[str, object]]]]
"""Works out the projection rows that new entries change."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Real time that nobody saw pass: the computer slept, or its clock was set."""

    gap_ms: int
    at_ms: int
    """Exercise milliseconds where the clock was stopped."""


@dataclass(frozen=True, slots=True)
class _Unrecorded:
    """A gap whose pause is not in the log yet."""

    gap: Gap
    pause: c.Pause
    """Handed over until it is recorded: one command, for it may be written although its append failed."""
    told_ms: int
    """Wall milliseconds up to which the length of the gap counts."""
    fence: int
    """Whoever drives later has nothing to do with it."""


class Clockwork:
    """Wall milliseconds that run steadily from where the process began, whatever happens to the wall clock."""

    def __init__(self, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._anchor = wall() - monotonic()
        self._last_monotonic = monotonic()
        self._last_wall = wall()

    def now_ms(self) -> int:
        """Milliseconds since 1970 UTC on the steady clock."""
        return round((self._anchor + self._monotonic()) * 1000)

    def look(self) -> int:
        """Real milliseconds that passed unseen since the last look; 0 where nothing is odd. Takes up the new wall clock."""
        monotonic, wall = self._monotonic(), self._wall()
        unseen_ms, drifted = self._since_last_look(monotonic, wall)
        self._last_monotonic, self._last_wall = monotonic, wall
        if drifted:
            self._anchor = wall - monotonic
        return unseen_ms

    def unseen(self) -> bool:
        """Whether real time passed unseen and nobody has looked yet. Changes nothing."""
        unseen_ms, drifted = self._since_last_look(self._monotonic(), self._wall())
        return unseen_ms > 0 or drifted

    def _since_last_look(self, monotonic: float, wall: float) -> tuple[int, bool]:
        ran, showed = monotonic - self._last_monotonic, wall - self._last_wall
        drifted = abs(showed - ran) * 1000 > DRIFT_MS
        odd = drifted or ran * 1000 > GAP_MS
        return (max(0, round(max(ran, showed) * 1000)) if odd else 0), drifted


def id_of(run: str, name: str, number: int) -> str:
    """The id of the event of that number, from 1, of what was said in a run under a name: known before it is recorded, and after."""
    return str(uuid.uuid5(NAMED, f"{run} {name} {number}"))


class Conductor:
    """One run as one process sees it. Not for use by two threads at once; what it shows (`state`, `entries`) may be read by any."""

    def __init__(
        self,
        exercise: Exercise,
        log: Log,
        run: str,
        *,
        now_ms: Callable[[], int] | None = None,
        actor: Actor = DRIVER,
        fence: int = 0,
        rows: Rows | None = None,
        new_id: Callable[[], str] | None = None,
        bind: Callable[[Mapping[str, str]], Exercise] | None = None,
        clockwork: Clockwork | None = None,
    ) -> None:
        self.exercise = exercise
        self._bind = bind
        self.log = log
        self.run = run
        self.actor = actor
        self.fence = fence
        self.clockwork = clockwork or Clockwork()
        self._now_ms = now_ms or self.clockwork.now_ms
        self._rows = rows
        self._new_id = new_id or (lambda: str(uuid.uuid4()))
        self.entries: list[Entry] = []
        self.state = State()
        self._unreadable_head = 0
        self._behind = False
        """Whether somebody else wrote and it could not be read yet."""
        self._unsure: dict[int, tuple[c.Command, list[Entry]]] = {}
        """What failed appends may have written all the same, by the identity of the command, which is kept with it."""
        self.kept: Kept | None = None
        """How far the clock is let on where somebody else drives; None: this process drives, or nothing is known."""
        self.devices: tuple[AtDevice, ...] = ()
        """Who is or was at a device, when it was looked last."""
        self._unrecorded: _Unrecorded | None = None
        self.catch_up()

    @property
    def plan(self) -> Plan:
        return plan_of(self.exercise, self.state)

    @property
    def head(self) -> int:
        """Sequence number of the newest entry known here. The newest of a log may be one whose words were deleted."""
        return max(self.entries[-1].seq if self.entries else 0, self._unreadable_head)

    def wall_ms(self) -> int:
        """Milliseconds since 1970 UTC on the steady clock."""
        return self._now_ms()

    def elapsed_ms(self) -> int:
        """Exercise milliseconds now."""
        return self.shown_ms(self.state, self._now_ms())

    def shown_ms(self, state: State, wall_ms: int) -> int:
        """Exercise milliseconds in `state` at wall time `wall_ms`: no further than whoever drives is known to have got."""
        limit = self._limit()
        return state.now(wall_ms) if limit is None else limit.now_ms(state, wall_ms)

    def _limit(self) -> Kept | None:
        """How far the clock is let on: of one who watches, or where a gap was noticed and its pause is not recorded yet."""
        # Each is read once: another thread may let it go.
        waiting = self._waiting()
        return self.kept if waiting is None else Kept(waiting.gap.at_ms, driven=False)

    def _waiting(self) -> _Unrecorded | None:
        """The gap whose pause is to be recorded by this process, as long as it drives."""
        waiting = self._unrecorded
        return waiting if waiting is not None and waiting.fence == self.fence else None

    @property
    def around(self) -> Around:
        """The run beside its log now."""
        kept = self.kept
        return Around(self.devices) if kept is None else Around(self.devices, kept.driven, kept.holds(self.state, self._now_ms()))

    def catch_up(self) -> list[Entry]:
        """Take in what any process has written since the last look."""
        fresh = self.log.read(self.head)
        self._take_in(fresh)
        return fresh

    def follow(self) -> list[Entry]:
        """`catch_up`, but only where the store says that somebody else wrote."""
        self._behind = self.log.changed() or self._behind
        if not self._behind:
            return []
        # The log speaks of a change once: what a failed read missed is read at the next look.
        fresh = self.catch_up()
        self._behind = False
        return fresh

    def _take_in(self, fresh: Sequence[Entry]) -> None:
        if not fresh:
            return
        state = advance(self.state, self.entries, fresh) if self.entries else replay(fresh)
        self._show(fresh, state, self._bound(fresh, state))

    def _bound(self, fresh: Sequence[Entry], state: State) -> Exercise:
        """The exercise with the parameters set by `fresh` entries in its texts. Raises TabletopError for a value it does not take."""
        if self._bind is not None and any(isinstance(entry.event, e.ParameterSet) for entry in fresh):
            return self._bind(state.parameters)
        return self.exercise

    def _show(self, fresh: Sequence[Entry], state: State, exercise: Exercise) -> None:
        self.exercise = exercise
        self.state = state
        self.entries = [*self.entries, *fresh]

    def dispatch(self, command: c.Command, actor: Actor | None = None, *, at_ms: int | None = None, name: str = "") -> list[Entry]:
        """Decide, record, and only then show. Raises Refused, or what the store raises; then nothing is shown.

        `at_ms` stamps the events with another exercise time than now: for a pause where the clock was last seen.
        After an error of the store the same command object may be handed over again: it is recorded once. What has a `name` is
        recorded once under it, whichever process of the run it is handed to, and nothing is returned of it after that.
        """
        who = self.actor if actor is None else actor
        if id(command) in self._unsure and (found := self._written_after_all(command)):
            return found
        # What is refused keeps nobody waiting, and nobody overtakes what is recorded between looking and writing.
        entries = self._decided_on_news(command, who, at_ms, name)
        if not entries:
            return []
        self.log.prepare()
        with self.log.turn():
            if self.catch_up():
                entries = self._decided(command, who, at_ms, name)
            while True:
                try:
                    return self._kept(command, who, entries)
                except Stale as stale:
                    # Where a file system has no locks, somebody may overtake all the same.
                    if not self._caught_up_to(stale):
                        raise
                    entries = self._decided(command, who, at_ms, name)

    def _caught_up_to(self, stale: Stale) -> bool:
        """Takes in what somebody else wrote first; whether there was anything."""
        if self.catch_up():
            return True
        # There are newer events and none to read: those whose words were deleted count, and cannot be read.
        there, head = stale.values.get("head"), self.head
        self._unreadable_head = max(head, there if isinstance(there, int) else 0)
        return self.head > head

    def _decided_on_news(self, command: c.Command, who: Actor, at_ms: int | None, name: str) -> list[Entry]:
        """What is decided; nothing, or a refusal, only after a look whether anybody wrote what is not known here yet."""
        try:
            if entries := self._decided(command, who, at_ms, name):
                return entries
        except Refused:
            if not self.follow():
                raise
        else:
            # Nobody calls for help in vain: the cheap look may miss what is being written at this moment.
            if not (self.catch_up() if isinstance(command, c.PressEmergency) else self.follow()):
                return []
        return self._decided(command, who, at_ms, name)

    def _decided(self, command: c.Command, who: Actor, at_ms: int | None, name: str) -> list[Entry]:
        if name and self.is_recorded(name):
            return []
        wall_ms = self._now_ms()
        limit = self._limit()
        state = self.state if limit is None else limit.seen(self.state, wall_ms)
        return self._stamped(decide(self.plan, state, command, wall_ms, who), who, wall_ms, at_ms, name)

    def _kept(self, command: c.Command, who: Actor, entries: list[Entry]) -> list[Entry]:
        if not entries:
            return []
        # Everybody may call a real emergency, a console that was taken over too; a seat needs no lease for what is its own.
        free = isinstance(command, c.PressEmergency) or (who.kind != "driver" and self.fence == NO_LEASE)
        fence = None if free else self.fence or None
        try:
            return self._recorded(entries, fence)
        except Stale:
            raise
        except TabletopError:
            # Time that passes is never handed over again.
            if not isinstance(command, c.Tick):
                self._unsure[id(command)] = command, entries
                while len(self._unsure) > MOST_UNSURE:
                    del self._unsure[next(iter(self._unsure))]
            raise

    def _written_after_all(self, command: c.Command) -> list[Entry]:
        """The entries of a command whose append failed, as far as they are in the log (house: *Append*)."""
        self.catch_up()
        _, entries = self._unsure.pop(id(command))
        ids = {entry.id for entry in entries}
        return [entry for entry in self.entries if entry.id in ids]

    def _recorded(self, entries: list[Entry], fence: int | None) -> list[Entry]:
        state = advance(self.state, self.entries, entries)
        # A value the exercise does not take is refused before it is recorded: a log that cannot be opened again is worse.
        exercise = self._bound(entries, state)
        rows = self._rows(plan_of(exercise, state), state, entries) if self._rows is not None else {}
        self.log.append(entries, expected_head=self.head, rows=rows, fence=fence)
        self._show(entries, state, exercise)
        return entries

    def is_recorded(self, name: str) -> bool:
        """Whether anything is known here to be recorded that was said under a name, by any process."""
        first = id_of(self.run, name, 1)
        return any(entry.id == first for entry in reversed(self.entries))

    def _stamped(self, events: Iterable[AnyEvent], actor: Actor, wall_ms: int, at_ms: int | None, name: str) -> list[Entry]:
        exercise_ms = self.shown_ms(self.state, wall_ms) if at_ms is None else max(self.state.last_ms, at_ms)
        entries = []
        for number, event in enumerate(events, start=1):
            event_id = id_of(self.run, name, number) if name else self._new_id()
            entries.append(Entry(self.head + number, event_id, wall_ms, exercise_ms, str(actor), max(0, self.fence), event))
        return entries

    def tick(self) -> list[Entry]:
        """Time has passed: what releases itself is released."""
        return self.dispatch(c.Tick())

    def notice_gap(self) -> Gap | None:
        """Whether real time passed unseen; then the clock is stopped where it was last seen, to be settled by a person.

        Raises what the store raises. Then the clock stands here alone, and the next call tries again.
        """
        before = self.state.now(self._now_ms())
        gap_ms = self.clockwork.look()
        found = self._lengthened(gap_ms)
        if found is None:
            if not gap_ms or self.state.phase != "running" or not self.state.clock.running:
                return None
            at_ms = max(self.state.last_ms, min(before, self._last_seen_ms))
            found = _Unrecorded(Gap(gap_ms, at_ms), c.Pause("gap"), self._now_ms(), self.fence)
        self._unrecorded = found
        try:
            self.dispatch(found.pause, at_ms=found.gap.at_ms)
        except Refused:  # somebody else has stopped the clock meanwhile
            self._unrecorded = None
            return None
        except Fenced:
            self._unrecorded = None
            raise
        self._unrecorded = None
        return found.gap

    def _lengthened(self, gap_ms: int) -> _Unrecorded | None:
        """The gap that waits for its pause, with what passed since it was looked at last, `gap_ms` of it unseen; None: none waits."""
        waiting = self._waiting()
        if waiting is None:
            return None
        now_ms = self._now_ms()
        longer_ms = waiting.gap.gap_ms + (gap_ms or max(0, now_ms - waiting.told_ms))
        return replace(waiting, gap=replace(waiting.gap, gap_ms=longer_ms), told_ms=now_ms)

    _last_seen_ms: int = 0

    def see(self) -> int:
        """Exercise milliseconds now, kept as the last value a person could have seen; after a gap the value before it."""
        if self._waiting() is None and not self.clockwork.unseen():
            self._last_seen_ms = self.elapsed_ms()
        return self._last_seen_ms

    def newest_to_take_back(self, actor: Actor | None = None) -> Entry | None:
        """The newest thing done by `actor` that can be taken back (semantics: `u`)."""
        who = str(self.actor if actor is None else actor)
        for entry in reversed(self.entries):
            if entry.actor == who and isinstance(entry.event, e.TAKEN_BACK_BY_U) and entry.seq not in self.state.retracted:
                return entry
        return None

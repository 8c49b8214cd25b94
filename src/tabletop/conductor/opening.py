"""Beginning a run and going on with one: from an exercise or a stored run to a conductor that drives it.

Owns: what a run's first event says, who drives, and where the clock stands after an unclean end.
"""

from __future__ import annotations

import platform
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tabletop.engine import commands as c
from tabletop.engine.decide import decide
from tabletop.engine.events import Entry, RunCreated
from tabletop.engine.evolve import fold
from tabletop.engine.plan import plan_of
from tabletop.engine.rights import DRIVER
from tabletop.engine.state import State
from tabletop.errors import TabletopError
from tabletop.store.faults import LeaseHeld
from tabletop.store.lease import FIRST_FENCE
from tabletop.store.runs import RunRow, new_run_id

from .options import RunOptions
from .shell import NO_LEASE, Clockwork, Conductor, Rows

if TYPE_CHECKING:
    from pathlib import Path

    from tabletop.exercise.model import Exercise
    from tabletop.store import Lease, Store


@dataclass(slots=True)
class Opened:
    """A run that is open in this process."""

    conductor: Conductor
    store: Store
    lease: Lease | None
    """None: somebody else drives, this process reads."""
    driver: str = ""
    """Who drives, where it is not this process."""
    kind: str = "live"
    """What sort of run it is: `live`, `practice`, `rehearsal` or `collected`."""

    def take_over(self, holder: str | None = None) -> None:
        """Drive from here on, whoever drove before; logged. Raises what the store raises.

        Where the one who drove is dead, or hangs so that every clock stands, the clock stays where it stood: nobody jumps over that time
        without having been asked (house: decision 2).
        """
        name = holder or this_console()
        stood_ms = _where_it_stands(self.conductor)
        self.lease = _lease().take(self.store, self.conductor.run, holder=name, force=True)
        self.conductor.fence, self.conductor.kept, self.driver = self.lease.fence, None, ""
        self.conductor.catch_up()
        _recover(self.conductor, stood_ms if self.lease.kept_ms is None else self.lease.kept_ms)
        self.conductor.dispatch(c.TakeWheel(name))

    def close(self) -> None:
        """Let go of the lease and the log; the store stays open."""
        if self.lease is not None:
            self.lease.release(self.conductor.elapsed_ms())
            self.lease = None


def this_console() -> str:
    """How this console is named in the log and to others."""
    return platform.node() or "console"


def created_event(exercise: Exercise, options: RunOptions, seed: int) -> RunCreated:
    """The first event of a run of `exercise`."""
    language = options.language if options.language in exercise.languages else _language(exercise, options.language)
    return RunCreated(
        exercise=exercise.id,
        version=exercise.version,
        pace=options.pace,
        language=language,
        seed=seed,
        site=options.site,
        level=options.level,
        auto=options.auto,
        verifies=options.verifies,
    )


def _language(exercise: Exercise, asked: str) -> str:
    """The language a run gets where the exercise lacks the one asked for: zh-Hant takes zh-Hans, then the file's first."""
    if asked == "zh-Hant" and "zh-Hans" in exercise.languages:
        return "zh-Hans"
    return exercise.languages[0]


def begin(
    store: Store,
    exercise: Exercise,
    text: str,
    options: RunOptions | None = None,
    *,
    kind: str = "live",
    attachments: Mapping[str, Path] | None = None,
    rows: Rows | None = None,
    clockwork: Clockwork | None = None,
) -> Opened:
    """Make a run of `exercise`, whose stored copy is `text`, and drive it; its attachments are kept with it.

    Raises TabletopError (store, unknown parameter, bad speed).
    """
    from tabletop.exercise.loading import bind

    chosen = options or RunOptions()
    clock = clockwork or Clockwork()
    bound = bind(text, dict(chosen.parameters)) if chosen.parameters else exercise
    created = created_event(bound, chosen, secrets.randbelow(2**31))
    wall_ms = clock.now_ms()
    entries, state = _first_entries(bound, created, _first_commands(chosen), wall_ms)
    run_id = new_run_id(exercise.id, datetime.now().astimezone(), secrets.token_hex(2))
    # The run, who plays and how it is played are there together or not at all: whoever goes on with it loses nothing.
    log = store.create_run(
        run_id,
        kind=kind,
        exercise_id=exercise.id,
        exercise_json=text,
        title=exercise.title,
        version=exercise.version,
        created_ms=wall_ms,
        attachments={name: path.read_bytes() for name, path in (attachments or {}).items()},
        summary={"pace": chosen.pace, "subject": exercise.subject, "site": chosen.site, "level": chosen.level},
        entries=entries,
        rows=rows(plan_of(bound, state), state, entries) if rows is not None else None,
    )
    lease = _lease().take(store, run_id, holder=this_console())
    conductor = Conductor(
        bound, log, run_id, now_ms=clock.now_ms, clockwork=clock, fence=lease.fence, rows=rows, bind=partial(bind, text), actor=DRIVER
    )
    return Opened(conductor, store, lease, kind=kind)


def _first_commands(options: RunOptions) -> list[c.Command]:
    """What the options say beside the first event."""
    commands: list[c.Command] = [c.SetParameter(name, value) for name, value in options.parameters.items()]
    if options.speed != 1:
        commands.append(c.SetSpeed(options.speed))
    if options.slot_ms or options.until_wall_ms:
        commands.append(c.Book(options.slot_ms, options.until_wall_ms))
    for role, holders in options.people.items():
        commands += [c.SeatPerson(role, name, "B" if holder == "B" else "A") for holder, name in holders.items() if name]
    return commands


def _first_entries(exercise: Exercise, created: RunCreated, commands: Sequence[c.Command], wall_ms: int) -> tuple[list[Entry], State]:
    """What the log of a run begins with, and what it comes to. Raises Refused for a command that is not possible."""
    entries: list[Entry] = []
    state = State()
    for command in (None, *commands):
        events = [created] if command is None else decide(plan_of(exercise, state), state, command, wall_ms)
        fresh = [
            Entry(number, str(uuid.uuid4()), wall_ms, 0, str(DRIVER), FIRST_FENCE, event)
            for number, event in enumerate(events, start=len(entries) + 1)
        ]
        entries, state = [*entries, *fresh], fold(fresh, state)
    return entries, state


def resume(store: Store, row: RunRow, *, rows: Rows | None = None, clockwork: Clockwork | None = None, holder: str | None = None) -> Opened:
    """Open a stored run: as its driver where nobody alive drives it, else to read.

    After an unclean end its clock stands where it was last kept.
    Raises TabletopError (store damaged, exercise unreadable).
    """
    from tabletop.exercise.loading import bind

    clock = clockwork or Clockwork()
    text = store.exercise_text(row.id)
    log = store.log(row.id)
    conductor = Conductor(bind(text, {}), log, row.id, now_ms=clock.now_ms, clockwork=clock, rows=rows, bind=partial(bind, text))
    conductor.fence = NO_LEASE
    if row.kind == "collected" or row.status == "final":
        return Opened(conductor, store, None, kind=row.kind)
    try:
        lease = _lease().take(store, row.id, holder=holder or this_console())
    except LeaseHeld as held:
        return Opened(conductor, store, None, driver=str(held.values.get("holder", "")), kind=row.kind)
    conductor.fence = lease.fence
    kept_ms = lease.kept_ms or 0
    try:
        conductor.catch_up()
        _recover(conductor, kept_ms)
    except TabletopError:
        lease.release(max(conductor.state.last_ms, kept_ms))
        raise
    return Opened(conductor, store, lease, kind=row.kind)


def _where_it_stands(conductor: Conductor) -> int | None:
    """Exercise milliseconds at which the clock of one who watches is held, for nothing is heard of the one who drives; None: it goes on."""
    kept, wall_ms = conductor.kept, conductor.wall_ms()
    return kept.now_ms(conductor.state, wall_ms) if kept is not None and kept.holds(conductor.state, wall_ms) else None


def _recover(conductor: Conductor, kept_ms: int | None) -> None:
    """Where the clock runs and nobody is there who lets it run, it stands where it was last kept (semantics: *Crash*)."""
    if kept_ms is None or not conductor.state.clock.running:
        return
    at_ms = max(conductor.state.last_ms, kept_ms)
    conductor.dispatch(c.Recover(at_ms), at_ms=at_ms)


def open_store(path: Path, *, create: bool = True) -> Store:
    """The store at `path`. Raises what `Store.open` raises."""
    from tabletop.store import Store

    return Store.open(path, create=create)


def _lease() -> type[Lease]:
    from tabletop.store.lease import Lease

    return Lease

"""The event log of one run: append, read, notice.

Owns: writing sealed events so that none is lost, doubled or called lost. Refuses to own: deciding what happened (engine),
working out projections (conductor), checking old seals (`chain`).
"""

from __future__ import annotations

import gc
import secrets
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tabletop.engine.events import Entry, from_body, to_body
from tabletop.errors import Exit, NotFound, TabletopError

from . import chain, projections
from .connect import connect
from .faults import Fenced, Stale, damaged
from .upcast import VERSIONS, stamped, upcast

if TYPE_CHECKING:
    from .engine import Store

NO_ROWS: Mapping[str, Sequence[Mapping[str, object]]] = {}

LONG_READ = 1000
"""Rows from which on the collector is switched off while entries are built; it would look at each of them again and again."""

WATCH_WAIT_S = 0.02
"""How long a look for changes waits for a writer: the screen must not freeze, and there is another look soon."""

SETTLED = (Exit.IN_USE, Exit.USAGE)
"""Exit codes of errors after which nothing can have been written."""

_INSERT = f"INSERT INTO event (run, {', '.join(chain.COLUMNS)}) VALUES ({', '.join('?' * (len(chain.COLUMNS) + 1))})"
_READ = "SELECT seq, id, kind, wall_time, exercise_ms, actor, fence, body FROM event WHERE run = ? AND seq > ? ORDER BY seq"


class _Kept(NamedTuple):
    """What the record says of a run, inside the transaction that appends to it."""

    kind: str
    status: str
    events: int
    head: str
    newest: str | None
    """Hash of the newest event that is really there; None: there is none."""
    newest_seq: int | None
    fence: int | None


class EventLog:
    """The log of one run. For one thread at a time."""

    def __init__(self, store: Store, run_id: str) -> None:
        self.run = run_id
        self._store = store
        self._watch: sqlite3.Connection | None = None
        self._version = -1
        self._seen = -1
        self._trusted = False
        with store.reading() as reader:
            self._events(reader)

    @property
    def head(self) -> int:
        """How many events the log has now. Raises NotFound, TabletopError."""
        with self._store.reading() as reader:
            return self._events(reader)

    def _events(self, connection: sqlite3.Connection) -> int:
        found = connection.execute("SELECT events FROM run WHERE id = ?", (self.run,)).fetchone()
        if found is None:
            raise NotFound("store.no-run", name=self.run)
        return int(found[0])

    def read(self, after: int = 0) -> list[Entry]:
        """Every entry later than sequence number `after`, oldest first. What was redacted is left out.

        Raises TabletopError where an event cannot be read, saying which.
        """
        with self._store.reading() as reader:
            rows = reader.execute(_READ, (self.run, after)).fetchall()
        minutes: dict[str, int] = {}
        entries: list[Entry] = []
        with _uncollected(len(rows)):
            for seq, event_id, kind, at, exercise_ms, actor, fence, body in rows:
                if body is None or kind == chain.REDACTED:
                    continue
                try:
                    event = from_body(kind, upcast(kind, body) if kind in VERSIONS else body)
                    wall_ms = _wall_ms(at, minutes)
                except (KeyError, ValueError, TypeError) as error:
                    raise TabletopError(
                        "store.unreadable-event", exit_code=Exit.DAMAGED, path=str(self._store.path), run=self.run, seq=seq
                    ) from error
                entries.append(Entry(seq, event_id, wall_ms, exercise_ms, actor, fence, event))
        return entries

    def changed(self) -> bool:
        """Whether events were added since this was last asked, by any process; the first time always. Costs microseconds."""
        if self._watch is None:
            # `data_version` is blind to the commits of its own connection, so this one never writes.
            self._watch = self._store.watcher(WATCH_WAIT_S)
        try:
            (version,) = self._watch.execute("PRAGMA data_version").fetchone()
            if version == self._version:
                return False
            events = self._events(self._watch)
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return False
            with self._store.reading():
                raise
        self._version = version
        # A heartbeat or a draft changes the file and not the log.
        news, self._seen = events != self._seen, events
        return news

    def append(self, entries: Sequence[Entry], *, expected_head: int, rows: projections.Rows = NO_ROWS, fence: int | None = None) -> None:
        """Write entries, and the projection `rows` that follow from them (see `projections`), together or not at all.

        Returns when they are on the disk. Raises Stale where the log has not `expected_head` events, Fenced where somebody
        with a later lease than `fence` drives the run, TabletopError where nothing was written: in use, no space, disk
        error, damaged, a run that is final or collected. The same entries may be handed over again after any error.
        """
        if [entry.seq for entry in entries] != list(range(expected_head + 1, expected_head + 1 + len(entries))):
            raise ValueError("entries do not follow the expected head")
        if not self._trusted:
            self._trust()
        drafts = drafted(entries)
        try:
            with self._store.writing() as writer:
                kept = self._kept(writer)
                if self._already_there(writer, kept, entries):
                    return
                self._may_append(kept, expected_head, fence)
                write(writer, self.run, kept.head, entries, drafts, rows)
        except TabletopError as error:
            # A commit that raised may still be in the file (finding 8): nothing is called lost before that was looked up.
            if error.exit_code in SETTLED or error.__cause__ is None or not entries or not self._survived(entries[0].id):
                raise

    def prepare(self) -> None:
        """Does what an append needs once in a process, while nobody waits for it. Raises TabletopError: see `append`."""
        if not self._trusted:
            self._trust()
        self._store.prepare()

    def turn(self) -> AbstractContextManager[None]:
        """Nobody else writes into the store until the end: see `Store.turn`. To look, decide and append in one go."""
        return self._store.turn()

    def replace_rows(self, rows: projections.Rows) -> None:
        """Put `rows`, worked out anew from the whole log, in the place of every projection row of this run."""
        with self._store.writing() as writer:
            projections.replace(writer, self.run, rows)

    def verify(self, expected: str | None = None) -> chain.Verdict:
        """Check the seal; `expected` is `N:HASH` from paper. See `chain.verify`."""
        with self._store.reading() as reader:
            return chain.verify(reader, self.run, expected)

    def _trust(self) -> None:
        """Nothing is added to a log whose seal is broken (F7); looked at once in a process."""
        verdict = self.verify()
        if not verdict.ok:
            raise TabletopError(
                "store.broken-seal", exit_code=Exit.DAMAGED, run=self.run, verdict=verdict.verdict, seq=verdict.seq or verdict.events
            )
        self._trusted = True

    def _kept(self, writer: sqlite3.Connection) -> _Kept:
        found = writer.execute(
            "SELECT run.kind, run.status, run.events, run.head, newest.hash, newest.seq, lease.fence FROM run "
            "LEFT JOIN event AS newest ON newest.run = run.id AND newest.seq = (SELECT MAX(seq) FROM event WHERE run = run.id) "
            "LEFT JOIN lease ON lease.run = run.id WHERE run.id = ?",
            (self.run,),
        ).fetchone()
        if found is None:
            raise NotFound("store.no-run", name=self.run)
        return _Kept(*found)

    def _already_there(self, writer: sqlite3.Connection, kept: _Kept, entries: Sequence[Entry]) -> bool:
        """Whether these entries were written by an earlier try whose fate was unknown."""
        if not entries or kept.events < entries[0].seq:
            return False
        found = writer.execute("SELECT id FROM event WHERE run = ? AND seq = ?", (self.run, entries[0].seq)).fetchone()
        return found is not None and found[0] == entries[0].id

    def _may_append(self, kept: _Kept, expected_head: int, fence: int | None) -> None:
        if kept.kind == "collected" or kept.status == "final":
            code = "store.collected-run" if kept.kind == "collected" else "store.final-run"
            raise TabletopError(code, exit_code=Exit.USAGE, run=self.run)
        if fence is not None and kept.fence is not None and fence < kept.fence:
            raise Fenced("store.fenced", run=self.run)
        if kept.events > expected_head:
            raise Stale("store.stale", run=self.run, head=kept.events)
        if kept.events < expected_head or (kept.newest_seq or 0) != kept.events or (kept.newest or kept.head) != kept.head:
            raise damaged(self._store.path, f"{self.run}: {kept.newest_seq} of {kept.events} events, {expected_head} expected")

    def _survived(self, event_id: str) -> bool:
        """Whether an append that ended in an error is in the file all the same; seen by a new connection, as after a restart.

        Then one more durable commit is tried: the end of the first one may not have reached the disk.
        """
        try:
            fresh = connect(self._store.path, busy_s=self._store.busy_s)
            try:
                if fresh.execute("SELECT 1 FROM event WHERE id = ?", (event_id,)).fetchone() is None:
                    return False
            finally:
                fresh.close()
        except sqlite3.Error:
            return False
        self._store.touch()
        return True


class Draft(NamedTuple):
    """What of an event can be worked out before anybody is kept waiting."""

    at: str
    body: str
    salt: str
    body_hash: str

    @classmethod
    def of(cls, entry: Entry) -> Draft:
        body = chain.canonical(stamped(entry.event.kind, to_body(entry.event)))
        salt = secrets.token_hex(16)
        return cls(chain.wall_time(entry.wall_ms), body, salt, chain.body_hash(salt, body))


def drafted(entries: Sequence[Entry]) -> list[Draft]:
    """What `write` needs beside the entries themselves."""
    return [Draft.of(entry) for entry in entries]


def write(
    writer: sqlite3.Connection, run: str, head: str, entries: Sequence[Entry], drafts: Sequence[Draft], rows: projections.Rows = NO_ROWS
) -> None:
    """Seal entries to `head` and write them with the projection `rows`, in the caller's transaction, who knows that they may follow."""
    sealed: list[tuple[object, ...]] = []
    for entry, draft in zip(entries, drafts, strict=True):
        prev = head
        kind = entry.event.kind
        head = chain.event_hash(
            run, entry.seq, entry.id, kind, draft.at, entry.exercise_ms, entry.actor, entry.fence, draft.body_hash, prev
        )
        sealed.append(
            (
                *(run, entry.seq, entry.id, kind, draft.at, entry.exercise_ms, entry.actor, entry.fence),
                *(draft.body, draft.salt, draft.body_hash, prev, head),
            )
        )
    if sealed:
        writer.executemany(_INSERT, sealed)
        writer.execute("UPDATE run SET events = ?, head = ? WHERE id = ?", (entries[-1].seq, head, run))
    if rows:
        projections.put(writer, run, rows)


def _wall_ms(text: str, minutes: dict[str, int]) -> int:
    """`chain.wall_ms`, quick for many times within few minutes."""
    minute = text[:17]
    base = minutes.get(minute)
    if base is None:
        base = minutes[minute] = chain.wall_ms(f"{minute}00.000Z")
    return base + int(text[17:19]) * 1000 + int(text[20:23])


@contextmanager
def _uncollected(rows: int) -> Iterator[None]:
    """The collector switched off for a long read."""
    if rows < LONG_READ or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

"""The store: one SQLite file for all runs.

Owns: the connections of a process, and the one way to write into the file. Refuses to own: what an event means, and what is
worked out from events.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tabletop.errors import Exit, NotFound, TabletopError

from . import opening, projections, runs, schema
from .chain import canonical, exercise_hash, genesis, wall_time
from .connect import BUSY_S, connect, connect_to_read, connect_to_write
from .faults import damaged, explained, in_use
from .gate import SideLock, side_file
from .lease import other_driver
from .runs import RunRow

if TYPE_CHECKING:
    from tabletop.engine.events import Entry

    from .drafts import Drafts
    from .log import EventLog
    from .presence import Presences
    from .seats import Seats

QUICK_CHECK_BYTES = 32 << 20
"""A file up to this size is checked whole before the first write of a process; a larger one only where it is read."""


class Store:
    """An open store. For one thread at a time; that may be another than the one that opened it."""

    def __init__(self, path: Path, reader: sqlite3.Connection, busy_s: float) -> None:
        self.path = path
        self.busy_s = busy_s
        self._reader = reader
        self._writer: sqlite3.Connection | None = None
        self._gate = SideLock(side_file(path, "lock"))
        self._in_turn = False
        self._watchers: list[sqlite3.Connection] = []

    @classmethod
    def open(cls, path: Path, *, create: bool = True, busy_s: float = BUSY_S) -> Self:
        """The store at `path`, made where it is missing and `create` says so, brought up to date where it is older.

        `busy_s`: seconds to wait for other programs. Raises NotFound (nothing there, or not a store), TabletopError (newer
        than this program, damaged, in use, no space or read-only).
        """
        path = Path(path).expanduser().resolve()
        with explained(path):
            if not path.exists():
                if not create:
                    raise NotFound("store.no-store", path=str(path))
                opening.make(path, busy_s)
            elif path.is_dir():
                raise NotFound("store.not-a-store", path=str(path))
            elif path.stat().st_size == 0:
                raise damaged(path, "0 bytes")
            opening.check(path, busy_s)
            return cls(path, connect_to_read(path, busy_s=busy_s), busy_s)

    def close(self) -> None:
        """Let go of the file. A store that is closed twice stays closed."""
        for connection in (self._reader, *self._watchers):
            connection.close()
        self._close_writer()
        self._gate.close()

    def _close_writer(self) -> None:
        """The next write begins with a new connection, which also puts right what a failed one left."""
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def reader(self) -> sqlite3.Connection:
        """The connection for reading; it cannot change anything."""
        return self._reader

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The reading connection, with SQLite's errors explained."""
        with explained(self.path):
            yield self._reader

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, committed at the end, taken back on any error. Writers take turns at a side file.

        Raises TabletopError: in use, no space, read-only, damaged.
        """
        try:
            with explained(self.path), self._transaction() as writer:
                yield writer
        except TabletopError as error:
            if error.code != "store.in-use":
                raise
            raise self._in_use(error) from error

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        writer = self._writer or self._open_writer()
        with self.turn():
            writer.execute("BEGIN IMMEDIATE")
            try:
                yield writer
                writer.execute("COMMIT")
            except BaseException as error:
                # An error may have ended the transaction by itself, and a disk that fails may refuse this too.
                with suppress(sqlite3.Error):
                    if writer.in_transaction:
                        writer.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error) or writer.in_transaction:
                    self._close_writer()
                raise

    def prepare(self) -> None:
        """Opens the connection that writes. Raises TabletopError: in use, read-only, damaged."""
        if self._writer is None:
            with explained(self.path):
                self._open_writer()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Nobody else writes until the end: to look, decide and write without being overtaken.

        Keep it short; others wait. May be taken again inside. Raises TabletopError: in use, read-only.
        """
        if self._in_turn:
            yield
            return
        with explained(self.path):
            if not self._gate.take(self.busy_s):
                raise in_use(self.path)
        self._in_turn = True
        try:
            yield
        finally:
            self._in_turn = False
            self._gate.give_back()

    def _in_use(self, error: TabletopError) -> TabletopError:
        """The same error with the name of a living console of another process, where that can be read without waiting."""
        try:
            self._reader.execute("PRAGMA busy_timeout = 0")
            driver = other_driver(self, self._reader)
        except (sqlite3.Error, OSError):
            driver = None
        finally:
            with suppress(sqlite3.Error):
                self._reader.execute(f"PRAGMA busy_timeout = {round(self.busy_s * 1000)}")
        if driver is None:
            return error
        who: dict[str, object] = {"holder": driver.holder, "host": driver.host, "pid": driver.pid}
        return TabletopError("store.in-use-by", exit_code=Exit.IN_USE, **error.values, **who)

    def _open_writer(self) -> sqlite3.Connection:
        writer = connect_to_write(self.path, busy_s=self.busy_s)
        if self.path.stat().st_size <= QUICK_CHECK_BYTES:
            wrong = opening.problem_of(writer)
            if wrong is not None:
                writer.close()
                raise damaged(self.path, wrong)
        self._writer = writer
        return writer

    def watcher(self, busy_s: float) -> sqlite3.Connection:
        """A connection of its own that only looks; closed with the store. Raises TabletopError."""
        with explained(self.path):
            connection = connect(self.path, busy_s=busy_s)
            connection.execute("PRAGMA query_only = ON")
        self._watchers.append(connection)
        return connection

    def touch(self) -> None:
        """One durable commit that changes nothing, where the disk allows it."""
        with suppress(TabletopError), self.writing() as writer:
            writer.execute(f"PRAGMA user_version = {schema.VERSION}")

    def check(self) -> None:
        """Look at every page of the file. Raises TabletopError where one is damaged."""
        with self.reading() as reader:
            wrong = opening.problem_of(reader)
        if wrong is not None:
            raise damaged(self.path, wrong)

    def create_run(
        self,
        run_id: str,
        *,
        kind: str,
        exercise_id: str,
        exercise_json: str,
        title: str | Mapping[str, str],
        created_ms: int,
        version: str = "",
        summary: Mapping[str, object] | None = None,
        attachments: Mapping[str, bytes] | None = None,
        status: str = "open",
        entries: Sequence[Entry] = (),
        rows: projections.Rows | None = None,
    ) -> EventLog:
        """A new run with its own copy of the exercise and its first `entries`: all of it is there afterwards, or nothing.

        `created_ms`: milliseconds since 1970 UTC. `summary`: first values of columns of the view `run_summary` (pace, subject,
        site, level). `attachments`: files by name. `rows`: what follows from the entries (see `projections`). Raises
        TabletopError where the id is taken, and what `writing` raises.
        """
        from .log import drafted, write

        if status not in schema.STATUSES:
            raise ValueError(status)
        hash_of_exercise = exercise_hash(exercise_json)
        row: dict[str, object] = {
            **{"id": run_id, "kind": kind, "status": status, "events": 0, "head": genesis(run_id, hash_of_exercise)},
            **{"exercise": exercise_id, "version": version, "title": canonical(title), "created": wall_time(created_ms)},
            **{"exercise_hash": hash_of_exercise, "exercise_json": exercise_json},
        }
        drafts = drafted(entries)
        with self.writing() as writer:
            if writer.execute("SELECT 1 FROM run WHERE id = ?", (run_id,)).fetchone():
                raise TabletopError("store.run-exists", exit_code=Exit.USAGE, run=run_id)
            writer.execute(f"INSERT INTO run ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))
            if summary:
                projections.put(writer, run_id, {"run_summary": [summary]})
            for name, content in (attachments or {}).items():
                runs.attach(writer, run_id, name, content)
            write(writer, run_id, str(row["head"]), entries, drafts, rows or {})
        return self.log(run_id)

    def runs(self, *, limit: int | None = None, before: int | None = None) -> list[RunRow]:
        """Runs, the one made last first; `limit` of them, made before the one with number `before`."""
        with self.reading() as reader:
            return runs.rows(reader, limit=limit, before=before)

    def find_run(self, name: str, *, open_only: bool = False) -> RunRow:
        """The run of that id or unique beginning of one; `latest` is the one made last, with `open_only` of those not ended.

        Raises NotFound, saying what is near, or which runs begin like that.
        """
        with self.reading() as reader:
            return runs.find(reader, name, open_only=open_only)

    def exercise_text(self, run_id: str) -> str:
        """The exercise as the run keeps it: JSON text. Raises NotFound."""
        with self.reading() as reader:
            return runs.exercise_text(reader, run_id)

    def attach(self, run_id: str, name: str, content: bytes) -> str:
        """Keep a file with a run, in place of one of the same name; its sha256."""
        with self.writing() as writer:
            return runs.attach(writer, run_id, name, content)

    def attachments(self, run_id: str) -> dict[str, str]:
        """Names of the files kept with a run, and their sha256."""
        with self.reading() as reader:
            return dict(reader.execute("SELECT name, sha256 FROM attachment WHERE run = ? ORDER BY name", (run_id,)))

    def attachment(self, run_id: str, name: str) -> bytes:
        """A file kept with a run. Raises NotFound."""
        with self.reading() as reader:
            found = reader.execute("SELECT content FROM attachment WHERE run = ? AND name = ?", (run_id, name)).fetchone()
        if found is None:
            raise NotFound("store.no-attachment", name=name, run=run_id)
        return bytes(found[0])

    def view(self, name: str, run_id: str | None = None) -> list[dict[str, object]]:
        """Rows of a view of the public contract, of one run or of all, in the order of the log."""
        projection = schema.PROJECTIONS[name]
        where, values = ("WHERE run = ?", (run_id,)) if run_id is not None else ("", ())
        order = f"ORDER BY run, {projection.key}" if projection.key else ""
        with self.reading() as reader:
            found = reader.execute(f"SELECT * FROM {name} {where} {order}", values).fetchall()
        return [dict(zip(projection.columns, row, strict=True)) for row in found]

    def log(self, run_id: str) -> EventLog:
        """The event log of a run. Raises NotFound."""
        from .log import EventLog

        return EventLog(self, run_id)

    @property
    def drafts(self) -> Drafts:
        """What people have typed and not sent."""
        from .drafts import Drafts

        return Drafts(self)

    @property
    def presence(self) -> Presences:
        """Who is at the seats."""
        from .presence import Presences

        return Presences(self)

    @property
    def seats(self) -> Seats:
        """Codes, passes and the lobby."""
        from .seats import Seats

        return Seats(self)

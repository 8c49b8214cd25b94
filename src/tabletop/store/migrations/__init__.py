"""Making the tables of a new store, and bringing an older store up to date.

Owns: the backup, the one transaction, the check of every seal before it is committed. The steps stand in `versions/`, one
alembic revision for each version of the store: revision `0001` is `user_version` 1.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from tabletop.errors import Exit, TabletopError
from tabletop.store import chain, schema
from tabletop.store.connect import BUSY_S, connect_to_write, number_of
from tabletop.store.faults import in_use
from tabletop.store.gate import PRIVATE_FILE, SideLock, side_file

SCRIPTS = Path(__file__).parent


class OwnTransaction(sqlite3.Connection):
    """A connection whose transaction is begun and ended in SQL alone.

    SQLAlchemy rolls back whatever it is handed when it first looks at it and when it is done; here that would undo the
    migration it has been part of.
    """

    def commit(self) -> None:
        """Left to SQL."""

    def rollback(self) -> None:
        """Left to SQL."""


def revision(version: int) -> str:
    """The alembic revision that makes a store of that version."""
    return f"{version:04}"


REVISION = revision(schema.VERSION)


TABLES = SCRIPTS / "tables.sql"
"""The statements of `statements()`, written down: making a store would else take half a second of imports, before the first screen."""


def create_tables(connection: sqlite3.Connection) -> None:
    """The tables of a new store. Raises sqlite3.Error."""
    connection.executescript(TABLES.read_text("utf-8"))


def statements() -> str:
    """The tables as their one definition in `tables.py` makes them; a test holds that `tables.sql` says the same."""
    from sqlalchemy.dialects.sqlite import dialect
    from sqlalchemy.schema import CreateTable

    from tabletop.store.tables import Table

    made = (str(CreateTable(table).compile(dialect=dialect())).strip() for table in Table.metadata.sorted_tables)
    return "".join("\n".join(line.rstrip() for line in statement.splitlines()) + ";\n" for statement in made)


def migrate(path: Path, *, target: int, busy_s: float = BUSY_S) -> None:
    """Bring the store at `path` to version `target`: all of it, or nothing.

    A copy of the old file is kept as `NAME.bak-VERSION.db`. Raises TabletopError where a seal that held before does not hold
    after, or another program keeps the store busy; sqlite3.Error, OSError.
    """
    gate = SideLock(side_file(path, "lock"))
    if not gate.take(busy_s):
        gate.close()
        raise in_use(path)
    try:
        connection = connect_to_write(path, busy_s=busy_s, kind=OwnTransaction)
        try:
            version = number_of(connection, "user_version")
            # Another process may have done it while this one waited.
            if version < target:
                _keep_copy(connection, path, version)
                _in_one_transaction(connection, path, target)
        finally:
            connection.close()
    finally:
        gate.close()


def backup_name(path: Path, version: int) -> Path:
    """Where the copy of a store of an older version is kept."""
    return path.with_name(f"{path.stem}.bak-{version}.db")


def _keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """A whole copy, private from its first byte, in its place only when it is complete."""
    unfinished = side_file(path, "copy")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE))
    try:
        copy = sqlite3.connect(unfinished)
        try:
            connection.backup(copy)
        finally:
            copy.close()
        unfinished.replace(backup_name(path, version))
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _in_one_transaction(connection: sqlite3.Connection, path: Path, target: int) -> None:
    before = _verdicts(connection)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        for kind, name in connection.execute("SELECT type, name FROM sqlite_master WHERE type IN ('view', 'trigger')").fetchall():
            connection.execute(f'DROP {kind} "{name}"')
        _upgrade(connection, target)
        for statement in (*schema.VIEWS.values(), *schema.TRIGGERS.values()):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {target}")
        after = _verdicts(connection)
        worse = [run for run, ok in before.items() if ok and not after.get(run, False)]
        if worse:
            raise TabletopError("store.migration-failed", exit_code=Exit.DAMAGED, path=str(path), run=worse[0])
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise


def _upgrade(connection: sqlite3.Connection, target: int) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import StaticPool, create_engine
    from sqlalchemy.exc import DBAPIError

    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool, hide_parameters=True)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = engine
    try:
        command.upgrade(config, revision(target))
    except DBAPIError as error:
        # What SQLite said is what the rest of the store explains to people.
        raise error.orig or error from None


def _verdicts(connection: sqlite3.Connection) -> dict[str, bool]:
    runs = [run for (run,) in connection.execute("SELECT id FROM run").fetchall()]
    return {run: chain.verify(connection, run).ok for run in runs}

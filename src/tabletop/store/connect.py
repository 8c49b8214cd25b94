"""Connections to a store file: every one with the same settings.

Owns: pragmas, and how a file is opened without being made. Refuses to own: what is in the file.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path, PurePath
from urllib.parse import quote_from_bytes

BUSY_S = 5.0
"""Seconds that a reader or writer waits for others (F6)."""

SETTINGS = ("trusted_schema = OFF", "cell_size_check = ON", "temp_store = MEMORY")
"""A file may come from anywhere: nothing in it is run, every page is looked at, nothing of it is left in temporary files (T19)."""

WRITING = (
    # TRUNCATE with FULL loses nothing acknowledged in a power cut, works on read-only media, and has no second file that
    # a copy forgets (safety: findings 6 and 7). Deleted text is overwritten (T21).
    *("synchronous = FULL", "secure_delete = ON"),
    *(("fullfsync = ON",) if sys.platform == "darwin" else ()),
)


def connect(path: Path, *, busy_s: float = BUSY_S, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    """A connection to an existing file, in autocommit, for any one thread at a time. Raises sqlite3.Error.

    Opened for writing even to read: what a killed process left behind can only be put right by one that may write. On
    read-only media SQLite falls back to reading.
    """
    connection = sqlite3.connect(address(path), uri=True, timeout=busy_s, isolation_level=None, check_same_thread=False, factory=kind)
    try:
        for setting in SETTINGS:
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_write(path: Path, *, busy_s: float = BUSY_S, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    """A connection whose commits are durable. Raises sqlite3.Error."""
    connection = connect(path, busy_s=busy_s, kind=kind)
    try:
        leave_wal(connection)
        for setting in WRITING:
            connection.execute(f"PRAGMA {setting}")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path, *, busy_s: float = BUSY_S) -> sqlite3.Connection:
    """A connection that cannot change anything. Raises sqlite3.Error."""
    connection = connect(path, busy_s=busy_s)
    try:
        leave_wal(connection)
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def leave_wal(connection: sqlite3.Connection) -> None:
    """The rollback journal, also for a file that another tool left in WAL mode (F28). Raises sqlite3.OperationalError."""
    connection.execute("PRAGMA journal_mode = TRUNCATE").fetchone()


def number_of(connection: sqlite3.Connection, pragma: str) -> int:
    """The value of a pragma that is a number."""
    value: int = connection.execute(f"PRAGMA {pragma}").fetchone()[0]
    return value


def address(path: PurePath) -> str:
    """The file as a URI that opens and never makes it; drive letters and shares included."""
    plain = path.as_posix()
    return "file://" + ("" if plain.startswith("/") else "/") + quote_from_bytes(os.fsencode(plain), safe="/:") + "?mode=rw"

"""Making a store file, and looking at one before it is used.

Owns: that a file is there whole or not at all, private from its first byte, and that only a store of ours is touched.
Refuses to own: reading and writing what is in it.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from tabletop.errors import Exit, NotFound, TabletopError
from tabletop.platform import make_private_folder, on_windows, open_to_others

from . import schema
from .connect import connect, connect_to_read, leave_wal, number_of
from .faults import damaged, in_use
from .gate import PRIVATE_FILE, SideLock, side_file


def problem_of(connection: sqlite3.Connection) -> str | None:
    """The first thing wrong with the pages of a file; None where nothing is."""
    first = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    return None if first == "ok" else str(first)


def check(path: Path, busy_s: float) -> None:
    """Whether the file is a store of this version and nothing but that; an older one is brought up to date."""
    connection = connect(path, busy_s=busy_s)
    try:
        # Nothing is changed, not even the journal mode, before the file has said that it is a store.
        if number_of(connection, "application_id") != schema.APPLICATION_ID:
            raise NotFound("store.not-a-store", path=str(path))
        version = number_of(connection, "user_version")
        if version > schema.VERSION:
            raise TabletopError("store.newer", exit_code=Exit.NEWER, path=str(path), version=version, known=schema.VERSION)
        leave_wal(connection)
    finally:
        connection.close()
    if version < schema.VERSION:
        from .migrations import migrate

        migrate(path, target=schema.VERSION, busy_s=busy_s)
    connection = connect_to_read(path, busy_s=busy_s)
    try:
        strange = schema.strange(connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall())
    finally:
        connection.close()
    if strange is not None:
        raise damaged(path, strange)


def make(path: Path, busy_s: float) -> None:
    """Make the file, whole or not at all: built beside its place, private from its first byte, then moved there."""
    make_private_folder(path.parent)
    gate = SideLock(side_file(path, "lock"))
    if not gate.take(busy_s):
        gate.close()
        raise in_use(path)
    try:
        if path.exists():
            return
        unfinished = side_file(path, "new")
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        try:
            try:
                if not on_windows() and not os.fstat(descriptor).st_mode & 0o077:
                    _refuse_open_folder(path.parent)
                _fill(unfinished)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            unfinished.rename(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    finally:
        gate.close()


def _refuse_open_folder(folder: Path) -> None:
    """Who may write into the folder may replace the store (T18). A file system without such rights is let be, and so is `/tmp`."""
    sticky = folder.stat().st_mode & 0o1000
    if open_to_others(folder) and not sticky:
        raise TabletopError("store.open-folder", exit_code=Exit.USAGE, path=str(folder))


def _fill(path: Path) -> None:
    from .migrations import REVISION, create_tables

    connection = connect(path)
    try:
        # A file that is put on the disk and moved to its place only when it is whole needs no journal and no waiting.
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        create_tables(connection)
        for statement in (*schema.VIEWS.values(), *schema.TRIGGERS.values()):
            connection.execute(statement)
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", (REVISION,))
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
    finally:
        connection.close()


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut; Windows does so by itself."""
    if on_windows():
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

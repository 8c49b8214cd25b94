"""What can be wrong with a store, as errors that people can mend.

Owns: which of SQLite's error codes means what. Refuses to own: words (locale/LANGUAGE/store.py).
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tabletop.errors import Exit, TabletopError


class Stale(TabletopError):
    """Another process wrote first: catch up, and decide again. `values["head"]` is how many events there are now."""

    exit_code = Exit.IN_USE


class Fenced(TabletopError):
    """Another console drives the run since; what this one decides no longer counts."""

    exit_code = Exit.IN_USE


class LeaseHeld(TabletopError):
    """Somebody drives the run; `values` say who (`holder`), where (`host`) and as which process (`pid`)."""

    exit_code = Exit.IN_USE


_MEANINGS: dict[int, tuple[str, Exit]] = {
    sqlite3.SQLITE_BUSY: ("store.in-use", Exit.IN_USE),
    sqlite3.SQLITE_LOCKED: ("store.in-use", Exit.IN_USE),
    sqlite3.SQLITE_PROTOCOL: ("store.in-use", Exit.IN_USE),
    sqlite3.SQLITE_FULL: ("store.no-space", Exit.NO_SPACE),
    sqlite3.SQLITE_READONLY: ("store.read-only", Exit.NO_SPACE),
    sqlite3.SQLITE_CANTOPEN: ("store.read-only", Exit.NO_SPACE),
    sqlite3.SQLITE_PERM: ("store.read-only", Exit.NO_SPACE),
    sqlite3.SQLITE_AUTH: ("store.read-only", Exit.NO_SPACE),
    sqlite3.SQLITE_IOERR: ("store.disk-error", Exit.NO_SPACE),
    sqlite3.SQLITE_CORRUPT: ("store.damaged", Exit.DAMAGED),
    sqlite3.SQLITE_NOTADB: ("store.not-a-store", Exit.NOT_FOUND),
}
"""By primary result code."""


def explain(error: sqlite3.Error | OSError, path: Path) -> Exception:
    """`error` as something a person can mend; itself where it is a fault of ours."""
    if isinstance(error, OSError):
        code = "store.no-space" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "store.read-only"
        return TabletopError(code, exit_code=Exit.NO_SPACE, path=str(path), reason=error.strerror or type(error).__name__)
    number: int | None = getattr(error, "sqlite_errorcode", None)
    if number is None:
        # Text that is not UTF-8 is refused by Python's module, which has no code of SQLite's to give.
        return damaged(path, str(error)) if isinstance(error, sqlite3.OperationalError) else error
    if number == sqlite3.SQLITE_READONLY_DBMOVED:
        return TabletopError("store.moved", exit_code=Exit.NOT_FOUND, path=str(path))
    meaning = _MEANINGS.get(number & 0xFF)
    if meaning is None:
        return error
    code, exit_code = meaning
    return TabletopError(code, exit_code=exit_code, path=str(path), reason=getattr(error, "sqlite_errorname", str(error)))


def damaged(path: Path, reason: str) -> TabletopError:
    """The store cannot be trusted; `reason` is for whoever mends it."""
    return TabletopError("store.damaged", exit_code=Exit.DAMAGED, path=str(path), reason=reason)


def in_use(path: Path) -> TabletopError:
    """Other programs kept writing for longer than anybody wants to wait (F6)."""
    return TabletopError("store.in-use", exit_code=Exit.IN_USE, path=str(path), reason="lock")


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what SQLite and the system say into errors that people can mend."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        meant = explain(error, path)
        if meant is error:
            raise
        raise meant from error

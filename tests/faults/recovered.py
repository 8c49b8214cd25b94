"""The oracle of every fault test: what was acknowledged is there, once, in a log whose seal holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tabletop.errors import NotFound
from tabletop.store import Store, verify

RUN = "armed-hostage-20261119-0900-00aa"


@dataclass(frozen=True)
class Recovered:
    """A store as the next start finds it."""

    ids: tuple[str, ...]
    """Events in order."""
    ok: bool
    """Whether the seal holds and every page is in order."""

    def lacks(self, acknowledged: Iterable[str]) -> set[str]:
        """What was acknowledged and is lost."""
        return set(acknowledged) - set(self.ids)


def recover(path: Path, run: str = RUN) -> Recovered:
    """Open the store as the program does, and look at everything."""
    with Store.open(path, create=False) as store:
        pages = store.reader.execute("PRAGMA integrity_check").fetchone()[0]
        try:
            verdict = verify(store.reader, run)
        except NotFound:
            return Recovered((), pages == "ok")
        ids = tuple(row[0] for row in store.reader.execute("SELECT id FROM event WHERE run = ? ORDER BY seq", (run,)))
    return Recovered(ids, pages == "ok" and verdict.ok)


def busy_free(path: Path) -> bool:
    """Whether nobody holds a lock on the file."""
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True

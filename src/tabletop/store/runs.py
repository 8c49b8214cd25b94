"""Runs: their ids, their rows, and finding one by what a person types.

Owns: the rows of the table `run` as others see them. Refuses to own: events.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from tabletop.errors import NotFound

from .schema import PROGRAMME

LATEST = "latest"

_COLUMNS = (
    *("id", "number", "kind", "status", "exercise", "version", "title", "created", "started", "ended", "events", "head"),
    *("pace", "subject", "site", "level", "people", "score", "grade", "evidence", "exercise_hash"),
)
_SELECT = f"""SELECT {", ".join(f"run.{column}" for column in _COLUMNS)},
COALESCE(lease.exercise_ms, (SELECT exercise_ms FROM event WHERE event.run = run.id ORDER BY seq DESC LIMIT 1), 0),
COALESCE((SELECT wall_time FROM event WHERE event.run = run.id ORDER BY seq DESC LIMIT 1), run.created)
FROM run LEFT JOIN lease ON lease.run = run.id WHERE run.id <> '{PROGRAMME}'"""

SHOWN = 5
"""How many runs an ambiguous beginning names."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run, as lists show it."""

    id: str
    number: int
    """Order of making in this store."""
    kind: str
    """`live`, `practice`, `rehearsal` or `collected`."""
    status: str
    """`open`, `ended`, `draft` or `final`."""
    exercise: str
    version: str
    title_json: str
    created: str
    """Times are ISO 8601 UTC."""
    started: str | None
    ended: str | None
    events: int
    head: str
    """Hash of the newest event."""
    pace: str | None
    subject: str | None
    site: str | None
    level: str | None
    people: int | None
    score: float | None
    grade: str | None
    evidence: float | None
    exercise_hash: str
    exercise_ms: int
    """Exercise milliseconds when the driver last said so, else those of the newest event."""
    last: str
    """When its newest event was recorded; when it was made, where there is none."""

    @property
    def title(self) -> str | dict[str, str]:
        """The title of the exercise: a text, or a map of languages."""
        title: str | dict[str, str] = json.loads(self.title_json)
        return title


def new_run_id(exercise_id: str, local_now: datetime, random_hex: str) -> str:
    """`EXERCISE-YYYYMMDD-HHMM-xxxx`: local time of making, and four hex digits that the caller draws."""
    return f"{exercise_id}-{local_now:%Y%m%d-%H%M}-{random_hex}"


def rows(connection: sqlite3.Connection, *, limit: int | None = None, before: int | None = None) -> list[RunRow]:
    """Runs, the one made last first."""
    where, values = ("", ()) if before is None else (" AND run.number < ?", (before,))
    found = connection.execute(f"{_SELECT}{where} ORDER BY run.number DESC LIMIT ?", (*values, -1 if limit is None else limit))
    return [RunRow(*row) for row in found]


def find(connection: sqlite3.Connection, name: str, *, open_only: bool = False) -> RunRow:
    """The run a person means. Raises NotFound."""
    if name == LATEST:
        only = " AND run.status = 'open'" if open_only else ""
        found = connection.execute(f"{_SELECT}{only} ORDER BY run.number DESC LIMIT 1").fetchone()
        if found is None:
            ended = connection.execute(f"{_SELECT} ORDER BY run.ended DESC, run.number DESC LIMIT 1").fetchone() if open_only else None
            raise NotFound("store.no-runs") if ended is None else NotFound("store.no-open-run", run=RunRow(*ended).id)
        return RunRow(*found)
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        # Bytes of a command line that are no text: SQLite takes them for nothing, and no run is called so.
        raise _no_run(connection, name)
    exact = connection.execute(f"{_SELECT} AND run.id = ?", (name,)).fetchone()
    if exact is not None:
        return RunRow(*exact)
    # By substr: LIKE would take `_` and `%` for wildcards, and letters of either case for the same.
    begins = f"{_SELECT} AND substr(run.id, 1, ?) = ? ORDER BY run.number DESC"
    found_rows = [RunRow(*row) for row in connection.execute(begins, (len(name), name))] if name else []
    if open_only and len(found_rows) > 1:
        found_rows = [row for row in found_rows if row.status == "open"] or found_rows
    if len(found_rows) == 1:
        return found_rows[0]
    if found_rows:
        more = f" (+{len(found_rows) - SHOWN})" if len(found_rows) > SHOWN else ""
        raise NotFound("store.ambiguous-run", name=name, matches=", ".join(row.id for row in found_rows[:SHOWN]) + more)
    raise _no_run(connection, name)


def _no_run(connection: sqlite3.Connection, name: str) -> NotFound:
    from difflib import get_close_matches

    ids = [row[0] for row in connection.execute("SELECT id FROM run WHERE id <> ? ORDER BY number DESC LIMIT 500", (PROGRAMME,))]
    if not ids:
        return NotFound("store.no-runs")
    near = get_close_matches(name, ids, n=1, cutoff=0.6)
    return NotFound("store.no-run-but", name=name, near=near[0]) if near else NotFound("store.no-run", name=name)


def exercise_text(connection: sqlite3.Connection, run_id: str) -> str:
    """The exercise as the run keeps it. Raises NotFound."""
    found = connection.execute("SELECT exercise_json FROM run WHERE id = ?", (run_id,)).fetchone()
    if found is None:
        raise NotFound("store.no-run", name=run_id)
    return str(found[0])


def attach(writer: sqlite3.Connection, run_id: str, name: str, content: bytes) -> str:
    """Keep a file with a run; its sha256."""
    digest = sha256(content).hexdigest()
    writer.execute(
        "INSERT INTO attachment (run, name, sha256, content) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (run, name) DO UPDATE SET sha256 = excluded.sha256, content = excluded.content",
        (run_id, name, digest, content),
    )
    return digest

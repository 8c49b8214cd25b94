"""Builders for tests of the store: entries, and stores with some in them."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path

from tabletop.engine.events import DecisionMade, Entry
from tabletop.store import EventLog, Store

RUN = "armed-hostage-20261119-0900-00aa"
EXERCISE = '{"id":"armed-hostage","title":{"en":"Armed hostage","zh-Hans":"持械劫持"}}'
MADE_MS = 1_795_050_000_000


def entry(seq: int, text: str = "先稳住对方", *, fence: int = 0, actor: str = "driver", key: str | None = None) -> Entry:
    """A decision as entry number `seq`."""
    event = DecisionMade(role="branch-manager", text=f"{text} {seq}", said_ms=seq * 1000)
    return Entry(seq, key or str(uuid.uuid4()), MADE_MS + seq * 1501, seq * 1000, actor, fence, event)


def entries(first: int, last: int) -> list[Entry]:
    return [entry(seq) for seq in range(first, last + 1)]


def make_run(store: Store, run: str = RUN, *, kind: str = "live", events: int = 0) -> EventLog:
    """A run with that many events, appended one by one."""
    log = store.create_run(
        run,
        kind=kind,
        exercise_id="armed-hostage",
        exercise_json=EXERCISE,
        title={"en": "Armed hostage", "zh-Hans": "持械劫持"},
        created_ms=MADE_MS,
    )
    for seq in range(1, events + 1):
        log.append([entry(seq)], expected_head=seq - 1)
    return log


def tamper(path: Path, change: Callable[[sqlite3.Connection], object]) -> None:
    """Change a store as somebody with another tool would: without its triggers, which are put back afterwards."""
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    change(connection)
    for _, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()


def set_status(store: Store, run: str, status: str) -> None:
    """The status of a run, as the entries that change it leave it."""
    with store.writing() as writer:
        writer.execute("UPDATE run SET status = ? WHERE id = ?", (status, run))

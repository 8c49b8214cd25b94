"""Inside one process: loading, appending, replaying and scoring."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tabletop.engine import events as e
from tabletop.engine.events import Entry, to_body
from tabletop.engine.evolve import replay
from tabletop.engine.plan import plan_of
from tabletop.exercise.loading import bind, load_exercise
from tabletop.exercise.source import read_source
from tests.benchmarks.measure import Row, compared, in_turn, timed

MEGABYTE = 1_000_000


def megabyte(path: Path) -> Path:
    """An exercise file of a megabyte, half of it Chinese."""
    from yaml import safe_dump

    long_text = {"en": "A man stands at the counter and waits for an answer. " * 4, "zh-Hans": "一名男子站在柜台前等待答复。" * 6}
    head = {
        "format": 1, "id": "large", "title": "Large", "version": "1", "languages": ["en", "zh-Hans"], "subject": "fire", "duration": "90m",
        "summary": "Large.", "setting": "A hall.", "roles": [{"id": "head", "title": "Head", "duty": "leads"}],
        "objectives": [{"id": "act", "title": "Act", "core": True}],
    }  # fmt: skip
    pieces = [safe_dump(head, allow_unicode=True, sort_keys=False), "injects:\n"]
    size, number = sum(len(piece.encode()) for piece in pieces), 0
    while size < MEGABYTE:
        action = {
            "id": f"a{number}",
            "title": "Act",
            "by": "head",
            "within": "3m",
            "criticality": "major",
            "category": "notify",
            "objective": "act",
        }
        inject = {"id": f"i{number}", "at": f"{number}s", "kind": "call", "title": "Call", "text": long_text, "expects": [action]}
        piece = safe_dump([inject], allow_unicode=True, sort_keys=False, width=100)
        pieces.append(piece)
        size += len(piece.encode())
        number += 1
    path.write_text("".join(pieces), "utf-8", newline="\n")
    return path


def loading(rounds: int) -> list[Row]:
    import yaml

    with tempfile.TemporaryDirectory() as folder:
        path = megabyte(Path(folder) / "large.yaml")

        def bare() -> None:
            for _ in yaml.parse(path.read_bytes(), Loader=yaml.CSafeLoader):
                pass

        whole = in_turn(lambda: timed(lambda: load_exercise(path)), lambda: timed(bare), rounds or 9)
        read = in_turn(lambda: timed(lambda: read_source(path)), lambda: timed(bare), rounds or 9)
    return [
        compared("loading 1 MB", whole, "ms", 4, "a pass over libyaml's events"),
        compared("  of which reading without checking", read, "ms", 4, "the same"),
    ]


def appends(rounds: int) -> list[Row]:
    from tabletop.store import Store

    many = rounds or 300
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "private"
        home.mkdir(mode=0o700)
        raw = sqlite3.connect(home / "raw.db", isolation_level=None)
        raw.executescript("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;")
        raw.execute("CREATE TABLE event (run TEXT, seq INTEGER, body TEXT, PRIMARY KEY (run, seq))")
        body = json.dumps(to_body(decision(1).event))
        with Store.open(home / "store.db") as store:
            log = store.create_run("bench", kind="live", exercise_id="x", exercise_json="{}", title="x", created_ms=0)
            seq = 0

            def ours() -> float:
                nonlocal seq
                seq += 1
                began = time.perf_counter()
                log.append([decision(seq)], expected_head=seq - 1)
                return (time.perf_counter() - began) * 1000

            def floor() -> float:
                began = time.perf_counter()
                raw.execute("BEGIN IMMEDIATE")
                raw.execute("INSERT INTO event VALUES ('bench', (SELECT COALESCE(MAX(seq), 0) + 1 FROM event), ?)", (body,))
                raw.execute("COMMIT")
                return (time.perf_counter() - began) * 1000

            samples = in_turn(ours, floor, many)
        raw.close()
    return [compared("one append", samples, "ms", 2, "raw sqlite3, same pragmas, same disk (≥ 0.5× the appends a second)")]


def decision(seq: int) -> Entry:
    event = e.DecisionMade(role="head", text="Stall for time and wait for the police", said_ms=seq)
    return Entry(seq, f"00000000-0000-4000-8000-{seq:012d}", 1_790_000_000_000 + seq, seq, "driver", 1, event)


def long_log(count: int, data: dict[str, Any]) -> list[Entry]:
    """A run of `count` events, mixed as a room mixes them."""
    actions = [action["id"] for inject in data["injects"] for action in inject.get("expects", ())]
    entries = [
        Entry(1, "id-1", 1_790_000_000_000, 0, "driver", 1, e.RunCreated(exercise="x", version="1", pace="timed", language="en", seed=1)),
        Entry(2, "id-2", 1_790_000_000_000, 0, "driver", 1, e.ExerciseStarted()),
    ]
    released = [inject["id"] for inject in data["injects"] if inject.get("at") != "hold"]
    for seq in range(3, count):
        at_ms = seq * 20
        event: e.AnyEvent
        if released and seq % 7 == 0:
            event = e.InjectReleased(inject=released.pop(0), due_ms=at_ms, read_ms=0)
        else:
            event = (
                e.DecisionMade(role="head", text="Stall for time", said_ms=at_ms),
                e.RoleHeard(role="guard", said_ms=at_ms),
                e.ActionMarked(action=actions[seq % len(actions)], state="done", said_ms=at_ms),
                e.Noted(category="observation", text="calm", said_ms=at_ms),
            )[seq % 4]
        entries.append(Entry(seq, f"id-{seq}", 1_790_000_000_000 + at_ms, at_ms, "driver", 1, event))
    entries.append(Entry(count, "id-last", 1_790_000_000_000 + count * 20, count * 20, "driver", 1, e.ExerciseEnded()))
    return entries


def replaying(rounds: int) -> list[Row]:
    from tabletop.scoring import score
    from tabletop.store import Store
    from tests.engine.rooms import DATA

    exercise = bind(json.dumps(DATA))
    rows: list[Row] = []
    for count in (1_000, 10_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "private"
            home.mkdir(mode=0o700)
            with Store.open(home / "store.db") as store:
                log = store.create_run("bench", kind="live", exercise_id="x", exercise_json="{}", title="x", created_ms=0)
                log.append(long_log(count, DATA), expected_head=0)
                raw = sqlite3.connect(home / "store.db")

                def ours(log: Any = log) -> None:
                    state = replay(log.read())
                    score(plan_of(exercise, state), state)

                def floor(raw: sqlite3.Connection = raw) -> None:
                    for _ in raw.execute("SELECT * FROM event WHERE run = 'bench' ORDER BY seq"):
                        pass

                samples = in_turn(lambda: timed(ours), lambda: timed(floor), rounds or (9 if count < 100_000 else 3))
                raw.close()
        rows.append(compared(f"replay and score {count:,} events", samples, "ms", 8, "a raw read of the rows"))
    return rows


BENCHMARKS: dict[str, Callable[[int], list[Row]]] = {"loading": loading, "appends": appends, "replay": replaying}

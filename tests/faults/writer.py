"""A station in miniature for the fault tests: opens a store, appends decisions, says what was recorded and what was not.

python -m tests.faults.writer PATH RUN COUNT

Prints `ACK ID` after an append returned, `NAK ID CODE` after one raised; what raised is handed over once more, as a person
presses *try again*. Exits with 70 where anything but an error of ours came out.
"""

from __future__ import annotations

import os
import sys
import traceback
import uuid
from itertools import count
from pathlib import Path

from tabletop.engine.events import DecisionMade, Entry
from tabletop.errors import NotFound, TabletopError
from tabletop.store import EventLog, Stale, Store

MADE_MS = 1_795_050_000_000


def say(line: str) -> None:
    """One write call a line: a kill may lose a line but not tear it."""
    os.write(1, f"{line}\n".encode())


def decision(seq: int, key: str) -> Entry:
    event = DecisionMade(role="teller-1", text="决策" * 40, said_ms=seq)
    return Entry(seq, key, MADE_MS + seq, seq, "driver", 0, event)


def open_log(store: Store, run: str) -> EventLog:
    """The log of the run, made by whoever comes first."""
    try:
        return store.log(run)
    except NotFound:
        pass
    try:
        return store.create_run(run, kind="live", exercise_id="x", exercise_json='{"id":"x"}', title="x", created_ms=MADE_MS)
    except TabletopError as error:
        if error.code != "store.run-exists":
            raise
        return store.log(run)


def append(log: EventLog, key: str) -> None:
    """One decision; decided anew, with nobody else writing meanwhile, where another process was first."""
    head = log.head
    try:
        log.append([decision(head + 1, key)], expected_head=head)
    except Stale:
        with log.turn():
            head = log.head
            log.append([decision(head + 1, key)], expected_head=head)


def append_stubbornly(log: EventLog, key: str) -> None:
    """One decision, handed over a second time where the first try raised."""
    for _ in range(2):
        try:
            append(log, key)
        except TabletopError as error:
            say(f"NAK {key} {error.code}")
        else:
            say(f"ACK {key}")
            return


def main(path: Path, run: str, times: int) -> None:
    try:
        with Store.open(path) as store:
            log = open_log(store, run)
            say("OPEN")
            for _ in range(times) if times else count():
                append_stubbornly(log, str(uuid.uuid4()))
    except TabletopError as error:
        say(f"ERROR {error.code}")


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    except BaseException:
        traceback.print_exc()
        sys.exit(70)

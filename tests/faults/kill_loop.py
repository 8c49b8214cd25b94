"""Kills a writer again and again, and looks each time at what is left (F1).

python -m tests.faults.kill_loop PATH SECONDS SEED

Forks, so that the kills come hundreds to the minute rather than one a second; prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

# Loaded before the forks, so that a kill can fall into the making of a store and not only into its imports.
import tabletop.store.tables  # noqa: F401

from . import writer
from .recovered import RUN, recover


def one_round(path: Path, draw: random.Random) -> set[str]:
    """Let a writer run for a moment, kill it, and return what it had acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(writing, 1)
        try:
            writer.main(path, RUN, 0)
        finally:
            os._exit(70)
    os.close(writing)
    time.sleep(draw.uniform(0.002, 0.15))
    os.kill(child, signal.SIGKILL)
    said = b""
    while chunk := os.read(reading, 1 << 16):
        said += chunk
    os.close(reading)
    os.waitpid(child, 0)
    complete = said.decode().split("\n")[:-1]
    return {line.split()[1] for line in complete if line.startswith("ACK ")}


def main(path: Path, seconds: float, seed: int) -> None:
    draw = random.Random(seed)
    until = time.monotonic() + seconds
    acknowledged: set[str] = set()
    rounds = lost = broken = events = 0
    while time.monotonic() < until:
        acknowledged |= one_round(path, draw)
        rounds += 1
        if not path.exists():
            lost += len(acknowledged)
            continue
        found = recover(path)
        events = len(found.ids)
        lost += len(found.lacks(acknowledged))
        broken += not found.ok or len(set(found.ids)) != len(found.ids)
    print(json.dumps({"rounds": rounds, "acknowledged": len(acknowledged), "events": events, "lost": lost, "broken": broken}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))

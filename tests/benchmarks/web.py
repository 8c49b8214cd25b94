"""Browser seats and stations: 200 seats against one server, and what server and station take in memory."""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.load import Load, play, seats_at
from tests.benchmarks.measure import Row, compared, in_turn, left_out, quantile
from tests.benchmarks.processes import SMALLEST, TABLETOP, Screen

SEATS, SECONDS, EVERY_S = 200, 120.0, 20.0

MOST_MIB = 150

BARE = """
import asyncio
HEAD = "HTTP/1.1 303 See Other\\r\\nLocation: /seat\\r\\nSet-Cookie: seat-x=y\\r\\nContent-Length: 0\\r\\n\\r\\n".encode()
async def serve(reader, writer):
    while head := await reader.readuntil(b"\\r\\n\\r\\n"):
        length = next((int(line[15:]) for line in head.lower().split(b"\\r\\n") if line.startswith(b"content-length:")), 0)
        await reader.readexactly(length)
        writer.write(HEAD)
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=512)
    print("http://127.0.0.1:%d" % server.sockets[0].getsockname()[1], flush=True)
    await asyncio.sleep(3600)
asyncio.run(main())
"""
"""A server that reads a request and says 303: what the machine and the asking of 200 seats take by themselves."""


def served(rounds: int) -> list[Row]:
    """200 seats, each answering every twenty seconds for two minutes; `rounds`: for so many seconds instead."""
    seconds = float(rounds) if rounds else SECONDS
    bare = Load()
    with subprocess.Popen([sys.executable, "-c", BARE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        asyncio.run(seats_at(server.stdout.readline().strip(), ["0"] * SEATS, bare, min(seconds, EVERY_S), EVERY_S))
        server.terminate()
    with tempfile.TemporaryDirectory() as folder:
        private = Path(folder) / "private"
        private.mkdir(mode=0o700)
        load = play(private, SEATS, seconds, EVERY_S)
    floor = statistics.median(bare.answers_ms)
    own = f"a server that only says 303, its own p95 {quantile(bare.answers_ms, 0.95):.1f}"
    p95, lost = quantile(load.answers_ms, 0.95), len(load.sent - load.recorded) + len(load.refused) + load.doubled
    middle = statistics.median(load.answers_ms)
    return [
        Row("200 seats: an answer sent to recorded", middle, p95, "ms", floor, middle / floor, "p95 < 100 ms", p95 < 100, own),
        Row("  answers lost, refused or doubled", float(lost), None, f"of {len(load.sent)}", None, None, "0", lost == 0, "the log"),
        Row("  memory of serve", load.memory_mib, None, "MiB", None, None, f"< {MOST_MIB}", load.memory_mib < MOST_MIB, "nothing"),
    ]


def station_memory(rounds: int) -> list[Row]:
    """A station with one seat of a run that has begun."""
    if not Path("/proc/self/status").exists():
        return [left_out("memory of a station", "not measured: no /proc here")]

    def held(command: Callable[[Path], list[str]], pattern: str) -> float:
        with tempfile.TemporaryDirectory() as home:
            screen = Screen(command(Path(home)), Path(home))
            try:
                screen.see(pattern)
                time.sleep(1.0)
                return screen.memory_kib() / 1024
            finally:
                screen.end()

    def station(home: Path) -> list[str]:
        return [
            *TABLETOP,
            "--lang",
            "en",
            "station",
            begun(home),
            "--role",
            "role-1",
            "--name",
            "Wu",
            "--db",
            str(home / "private" / "s.db"),
        ]

    samples = in_turn(
        lambda: held(station, "Something happens"),
        lambda: held(lambda _: [sys.executable, "-c", SMALLEST], "FIRST-FRAME"),
        rounds or 3,
    )
    return [compared("memory of a station", samples, "MiB", 2.6, "the smallest Textual app")]


def begun(home: Path) -> str:
    """A run that has begun, in a store of its own; its id."""
    from tabletop.conductor import RunOptions, begin, open_store
    from tabletop.engine import commands as c
    from tabletop.exercise.loading import bind
    from tabletop.scoring.projection import rows
    from tests.benchmarks.load import exercise

    folder = home / "private"
    folder.mkdir(mode=0o700)
    text = exercise(12)
    with open_store(folder / "s.db") as store:
        opened = begin(store, bind(text), text, RunOptions(pace="timed"), rows=rows)
        opened.conductor.dispatch(c.Start())
        opened.conductor.dispatch(c.ReleaseInject("all"))
        run = opened.conductor.run
        opened.close()
    return run


BENCHMARKS: dict[str, Callable[[int], list[Row]]] = {"serve": served, "station-memory": station_memory}

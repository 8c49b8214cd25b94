"""Whole processes: what a person waits for between pressing return and seeing something, and what it takes in memory."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tabletop.conductor import Opened, RunOptions, begin, join, open_store
from tabletop.engine import commands as c
from tabletop.engine.events import MessageSent
from tabletop.engine.rights import Actor
from tabletop.exercise.loading import load_exercise
from tabletop.scoring.projection import rows
from tests.benchmarks.measure import Row, compared, in_turn, left_out

ROOT = Path(__file__).parents[2]
EXERCISE = ROOT / "exercises" / "armed-hostage.yaml"
PYTHON = [sys.executable, "-c", "pass"]
TABLETOP = [sys.executable, "-m", "tabletop"]
FIFTEEN = Path(__file__).with_name("fifteen.yaml")

SMALLEST = """
from textual.app import App
from textual.widgets import Static
class Smallest(App):
    def compose(self):
        yield Static("FIRST-FRAME")
Smallest().run()
"""


def ran(command: list[str], home: Path) -> float:
    """Milliseconds a command takes from start to end."""
    environment = {**os.environ, "TABLETOP_HOME": str(home), "NO_COLOR": "1"}
    began = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, check=True)
    return (time.perf_counter() - began) * 1000


def help_page(rounds: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as home:
        samples = in_turn(lambda: ran([*TABLETOP, "--help"], Path(home)), lambda: ran(PYTHON, Path(home)), rounds or 15)
    return [compared("tabletop --help", samples, "ms", 6, "python -c pass")]


def check(rounds: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as home:
        command = [*TABLETOP, "check", str(FIFTEEN)]
        samples = in_turn(lambda: ran(command, Path(home)), lambda: ran(PYTHON, Path(home)), rounds or 15)
    return [compared("tabletop check, 15 injects", samples, "ms", 25, "python -c pass")]


class Screen:
    """A program in a pseudo-terminal, until something is seen on it."""

    def __init__(self, command: list[str], home: Path, size: tuple[int, int] = (40, 140)) -> None:
        import pexpect

        environment = {
            **os.environ, "TABLETOP_HOME": str(home), "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8",
            "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CACHE_HOME": str(home), "XDG_STATE_HOME": str(home),
        }  # fmt: skip
        self.began = time.perf_counter()
        self.child = pexpect.spawn(command[0], command[1:], dimensions=size, env=environment, encoding="utf-8", timeout=30)

    def see(self, pattern: str) -> float:
        """Milliseconds from the start until `pattern` is on the wire."""
        self.child.expect(pattern)
        return (time.perf_counter() - self.began) * 1000

    def memory_kib(self) -> float:
        """Resident memory of the program and its children, in KiB (Linux only)."""
        status = Path(f"/proc/{self.child.pid}/status").read_text("utf-8")
        return float(next(line for line in status.splitlines() if line.startswith("VmRSS:")).split()[1])

    def end(self) -> None:
        self.child.close(force=True)


def until_seen(command: list[str], pattern: str) -> float:
    with tempfile.TemporaryDirectory() as home:
        screen = Screen(command, Path(home))
        try:
            return screen.see(pattern)
        finally:
            screen.end()


def console_command() -> list[str]:
    return [*TABLETOP, "--lang", "en", "run", str(EXERCISE), "--pace", "timed"]


CONSOLE_SEEN = "Qiaoxi"
"""A word of the scene: the first screen of a run with its content on it."""


def first_frame(rounds: int) -> list[Row]:
    smallest = [sys.executable, "-c", SMALLEST]
    rows = [
        compared(
            "tabletop run to its first screen with content",
            in_turn(lambda: until_seen(console_command(), CONSOLE_SEEN), lambda: until_seen(smallest, "FIRST-FRAME"), rounds or 9),
            "ms",
            1.5,
            "the smallest Textual app",
        )
    ]
    for name, command, pattern in (("harlequin", ["--adapter", "sqlite"], "Data Catalog"), ("posting", [], "Enter a URL")):
        program = other(name)
        if program is None:
            rows.append(left_out(f"tabletop run beside {name}", f"not measured: {name} is not installed (TABLETOP_BENCH_VENV)"))
            continue
        samples = in_turn(
            lambda: until_seen(console_command(), CONSOLE_SEEN),
            lambda program=program, command=command, pattern=pattern: until_seen([program, *command], pattern),  # type: ignore[misc]
            rounds or 5,
        )
        rows.append(compared(f"tabletop run beside {name}", samples, "ms", 0.6, name))
    return rows


def other(name: str) -> str | None:
    """Another program, from the environment TABLETOP_BENCH_VENV names or the search path."""
    folder = os.environ.get("TABLETOP_BENCH_VENV")
    found = Path(folder) / "bin" / name if folder else None
    return str(found) if found is not None and found.exists() else shutil.which(name)


def memory(rounds: int) -> list[Row]:
    def held(command: list[str], pattern: str) -> float:
        with tempfile.TemporaryDirectory() as home:
            screen = Screen(command, Path(home))
            try:
                screen.see(pattern)
                time.sleep(1.0)
                return screen.memory_kib() / 1024
            finally:
                screen.end()

    def seated(*command: str) -> float:
        with tempfile.TemporaryDirectory() as home, driven(Path(home)):
            screen = Screen([*TABLETOP, "--lang", "en", *command], Path(home))
            try:
                screen.see("EXERCISE")
                time.sleep(1.0)
                return screen.memory_kib() / 1024
            finally:
                screen.end()

    if not Path("/proc/self/status").exists():
        return [left_out("memory of a console", "not measured: no /proc here")]
    smallest = [sys.executable, "-c", SMALLEST]
    measured: list[tuple[str, Callable[[], float]]] = [
        ("a console", lambda: held(console_command(), CONSOLE_SEEN)),
        ("the room's display", lambda: seated("room", "latest")),
    ]
    return [
        compared(
            f"memory of {name}",
            in_turn(product, lambda: held(smallest, "FIRST-FRAME"), rounds or 3),
            "MiB",
            2.6,
            "the smallest Textual app",
        )
        for name, product in measured
    ]


@contextmanager
def driven(home: Path) -> Iterator[Opened]:
    """A run of the shipped exercise that has started and released its first inject, driven by this process."""
    loaded = load_exercise(EXERCISE)
    data = home / "data"
    data.mkdir(mode=0o700)
    with open_store(data / "tabletop.db") as store:
        opened = begin(store, loaded.exercise, loaded.text, RunOptions(pace="timed"), rows=rows)
        opened.conductor.dispatch(c.Start())
        opened.conductor.dispatch(c.ReleaseInject(loaded.exercise.injects[0].id))
        try:
            yield opened
        finally:
            opened.close()


CROWD = 64
"""Seats that commit at once."""


def seat_commits(path: Path, run: str, number: int, began: Callable[[], float], told: int) -> None:
    """One seat: joins, says that it is ready, waits for the word, records a message; tells after how many milliseconds it was kept."""
    with open_store(path, create=False) as store:
        exercise = join(store, store.find_run(run), Actor("viewer")).conductor.exercise
        roles = [role.id for role in exercise.roles if not role.simulated]
        role, other = roles[number % len(roles)], roles[(number + 1) % len(roles)]
        conductor = join(store, store.find_run(run), Actor("seat", roles=(role,)), rows=rows).conductor
        os.write(told, b"ready\n")
        start = began()
        conductor.dispatch(c.SendMessage(role, other, f"seat {number} is here"))
        os.write(told, f"{(time.perf_counter() - start) * 1000}\n".encode())


def at_once(path: Path, run: str) -> list[float]:
    """Milliseconds after which each of many processes, told to at the same moment, had its message kept. Raises where one had not."""
    hear, tell = os.pipe()
    wait, go = os.pipe()
    children = []
    for number in range(CROWD):
        child = os.fork()
        if child == 0:
            os.close(go)
            code = 70
            try:
                # Nothing is ever written: the word is that the pipe is closed, for everybody at once.
                seat_commits(path, run, number, lambda: (os.read(wait, 1), time.perf_counter())[1], tell)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    os.close(wait)
    os.close(tell)
    with os.fdopen(hear) as lines:
        for _ in range(CROWD):
            lines.readline()
        os.close(go)
        took = sorted(float(line) for line in lines)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    if len(took) != CROWD or any(codes):
        raise RuntimeError(f"{len(took)} of {CROWD} were kept; exit codes {sorted(set(codes))}")
    return took


def crowd(rounds: int) -> list[Row]:
    if not hasattr(os, "fork"):
        return [left_out(f"{CROWD} processes committing at once", "not measured: needs fork")]
    together: list[list[float]] = []

    def last(path: Path, run: str) -> float:
        together.append(at_once(path, run))
        return together[-1][-1]

    def in_a_row(path: Path, run: str) -> float:
        with open_store(path, create=False) as store:
            conductor = join(store, store.find_run(run), Actor("seat", roles=("teller-1",)), rows=rows).conductor
            began = time.perf_counter()
            for number in range(CROWD):
                conductor.dispatch(c.SendMessage("teller-1", "teller-2", f"message {number}"))
            return (time.perf_counter() - began) * 1000

    with tempfile.TemporaryDirectory() as home:
        with driven(Path(home)) as opened:
            run = opened.conductor.run
        path = Path(home) / "data" / "tabletop.db"
        samples = in_turn(lambda: last(path, run), lambda: in_a_row(path, run), rounds or 5)
        with open_store(path, create=False) as store:
            said = json.dumps([entry.event.text for entry in store.log(run).read() if isinstance(entry.event, MessageSent)])
        if any(said.count(f"seat {number} is here") != len(together) for number in range(CROWD)):
            raise RuntimeError("a message is missing from the log, or stands there twice")
    middle = statistics.median(statistics.median(one) for one in together)
    floor = f"{CROWD} commits in turn by one seat; nobody starved: half were done after {middle:.0f} ms"
    return [compared(f"{CROWD} processes committing at once, the last one", samples, "ms", 5, floor)]


BENCHMARKS: dict[str, Callable[[int], list[Row]]] = {
    "help": help_page,
    "check": check,
    "first-frame": first_frame,
    "memory": memory,
    "crowd": crowd,
}

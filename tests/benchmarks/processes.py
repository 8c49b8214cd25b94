"""Whole processes: what a person waits for between pressing return and seeing something, and what it takes in memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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

    if not Path("/proc/self/status").exists():
        return [left_out("memory of a console", "not measured: no /proc here")]
    smallest = [sys.executable, "-c", SMALLEST]
    samples = in_turn(lambda: held(console_command(), CONSOLE_SEEN), lambda: held(smallest, "FIRST-FRAME"), rounds or 3)
    return [compared("memory of a console", samples, "MiB", 2.6, "the smallest Textual app")]


BENCHMARKS: dict[str, Callable[[int], list[Row]]] = {"help": help_page, "check": check, "first-frame": first_frame, "memory": memory}

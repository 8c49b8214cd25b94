"""What a person at the console waits for: from a key to the frame that answers it, through a pseudo-terminal."""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tabletop.engine import commands as c
from tabletop.tui.desk_thread import LOOK_S
from tests.benchmarks.measure import Row, compared, left_out, quantile
from tests.benchmarks.processes import FIFTEEN, TABLETOP, driven
from tests.terminal import KEYS, Terminal

SIZE = {"columns": 140, "lines": 40}

FIELD = """
from textual.app import App
from textual.widgets import Input
class Field(App):
    def compose(self):
        yield Input(placeholder="FIELD-READY")
Field().run()
"""

QUIET_S = 0.15
"""A screen that has not written for so long has finished its frame."""


def settle(screen: Terminal) -> None:
    """Wait until the screen has nothing more to write; a clock that ticks is waited out."""
    until = time.monotonic() + 3
    while time.monotonic() < until:
        before = len(screen.seen)
        screen.read(QUIET_S)
        if len(screen.seen) == before:
            return


def answered(screen: Terminal, key: str, sign: bytes = b"") -> float:
    """Milliseconds from sending a key to the first bytes of the frame that answers it, or to `sign` among them."""
    settle(screen)
    start = len(screen.seen)
    child = screen._child
    began = time.perf_counter()
    child.send(KEYS.get(key, key))
    while True:
        chunk = child.read_nonblocking(65536, timeout=5)
        now = time.perf_counter()
        screen.seen += chunk
        screen._stream.feed(chunk)
        if sign in screen.seen[start:]:
            return (now - began) * 1000


def large(path: Path, count: int = 5_000) -> Path:
    """An exercise of `count` injects."""
    head = FIFTEEN.read_text("utf-8").split("injects:\n")[0].replace("id: fifteen", "id: many").replace("duration: 60m", "duration: 90h")
    lines = [f"  - {{id: n{n}, at: {n}m, kind: call, title: Call {n}, text: Somebody rings.}}\n" for n in range(count)]
    path.write_text(head + "injects:\n" + "".join(lines), "utf-8", newline="\n")
    return path


@contextmanager
def console(exercise: Path, keys: Sequence[str] = ()) -> Iterator[Terminal]:
    """A run that has started, paused so that nothing but keys changes it, in the view that runs by itself; then `keys` are pressed."""
    with tempfile.TemporaryDirectory() as home:
        command = [*TABLETOP, "--lang", "en", "run", str(exercise), "--pace", "timed", "--quiet"]
        with Terminal(command, **SIZE, env={"TABLETOP_HOME": home, "COLORTERM": "truecolor"}, wait_s=60) as screen:
            screen.see("STARTEX")
            screen.read(0.5)
            screen.press("space")
            screen.see("NEXT")
            screen.press("pagedown")
            screen.read(0.5)
            screen.press("f8")
            screen.see("Paused. Why?")
            screen.press("esc")
            screen.read(6)
            screen.press(*keys)
            yield screen


def key_to_frame(rounds: int) -> list[Row]:
    many = rounds or 60
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        many_injects = large(Path(folder) / "many.yaml")
        for name, exercise, keys in (
            ("15 injects", FIFTEEN, ()),
            ("15 injects, sitting view", FIFTEEN, ("tab",)),
            ("5,000 injects", many_injects, ()),
        ):
            with (
                console(exercise, keys) as screen,
                Terminal([sys.executable, "-c", FIELD], **SIZE, env={"COLORTERM": "truecolor"}) as field,
            ):
                field.see("FIELD-READY")
                ours, floor = [], []
                for number in range(many + 1):
                    first = answered(screen, "down" if number % 20 < 10 else "up")
                    second = answered(field, "a")
                    if number:
                        ours.append(first)
                        floor.append(second)
            rows.append(compared(f"key to frame, {name}", (ours, floor), "ms", 2, "one Input in an empty app", tail=True))
    return rows


def decision(rounds: int) -> list[Row]:
    many = rounds or 25
    kept: list[float] = []
    closed: list[float] = []
    with console(FIFTEEN) as screen:
        for number in range(many + 1):
            for end, samples in (("enter", kept), ("esc", closed)):
                screen.press("f2")
                screen.see("digit who")
                if end == "enter":
                    screen.press("1")
                    screen.read(0.3)
                    screen.commit("We wait for the police")
                    screen.read(0.3)
                took = answered(screen, end, b"recorded" if end == "enter" else b"")
                settle(screen)
                if number:
                    samples.append(took)
    if not kept:
        return [left_out("a decision, key to committed to painted", "no samples")]
    return [compared("a decision, key to committed to painted", (kept, closed), "ms", 2, "closing the same panel without keeping")]


POLL_MS = 1000 * LOOK_S
"""How often a screen looks at what others wrote."""

FRAME_MS = 90.0
"""What 99 of 100 frames may take at most."""


def first_bytes(screen: Terminal, sign: bytes) -> float:
    """Milliseconds from now to the bytes that hold `sign`; to any, where it is empty."""
    began, received = time.perf_counter(), b""
    while True:
        chunk = screen._child.read_nonblocking(65536, timeout=5)
        now = time.perf_counter()
        received += chunk
        screen._stream.feed(chunk)
        if sign in received:
            return (now - began) * 1000


def commit_to_frame(rounds: int) -> list[Row]:
    """A pause and its end, recorded here, on the screens of players: where the clock stands, nothing else is drawn."""
    many, table, draw = rounds or 100, [], random.Random(1)
    for name, command in (
        ("a station", ("station", "latest", "--role", "teller-1", "--name", "Li Wei", "--quiet")),
        ("the wall", ("room", "latest")),
    ):
        samples: list[float] = []
        with tempfile.TemporaryDirectory() as home, driven(Path(home)) as opened:
            environment = {"TABLETOP_HOME": home, "COLORTERM": "truecolor"}
            with Terminal([*TABLETOP, "--lang", "en", *command], **SIZE, env=environment, wait_s=60) as screen:
                screen.see("EXERCISE")
                screen.read(2)
                for number in range(many + 1):
                    for asked, sign in ((c.Pause(), b"PAUSED"), (c.Resume(), b"")):
                        settle(screen)
                        screen.read(draw.uniform(0.0, POLL_MS / 1000))
                        opened.conductor.dispatch(asked)
                        took = first_bytes(screen, sign)
                        if number:
                            samples.append(took)
                        if opened.lease is not None:
                            opened.lease.beat(opened.conductor.elapsed_ms())
                # On a busy machine nobody has the patience of a signal that asks.
                screen.kill()
        p99 = quantile(samples, 0.99)
        floor = f"the poll interval; p99 {p99:.1f}, worst {max(samples):.1f} of {len(samples)}"
        title, middle, p95 = f"commit in one process to frame in another: {name}", statistics.median(samples), quantile(samples, 0.95)
        table.append(Row(title, middle, p95, "ms", POLL_MS, None, f"p99 ≤ {FRAME_MS:g} ms", p99 <= FRAME_MS, floor))
    return table


BENCHMARKS: dict[str, Callable[[int], list[Row]]] = {"key": key_to_frame, "decision": decision, "frame": commit_to_frame}

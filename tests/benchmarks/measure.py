"""Measuring in pairs: product and floor in turn, so that a machine whose speed drifts does so for both."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `median` and `p95` are the product's, `beside` the floor's median, all in `unit`."""

    name: str
    median: float | None
    p95: float | None
    unit: str
    beside: float | None
    ratio: float | None
    goal: str
    meets: bool | None
    floor: str = ""
    """What it was measured beside, or why it was not measured."""

    def as_json(self) -> dict[str, object]:
        return {key: value for key, value in asdict(self).items() if key != "floor"}


def quantile(samples: list[float], share: float) -> float:
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def in_turn(product: Callable[[], float], floor: Callable[[], float], rounds: int) -> tuple[list[float], list[float]]:
    """Samples of both, one after the other; the first round of each is thrown away."""
    product()
    floor()
    first: list[float] = []
    second: list[float] = []
    for _ in range(rounds):
        first.append(product())
        second.append(floor())
    return first, second


def compared(
    name: str, samples: tuple[list[float], list[float]], unit: str, goal: float, floor: str, *, at_least: bool = False, tail: bool = False
) -> Row:
    """A row whose goal is a ratio: at most `goal` times the floor, or at least; with `tail` the product's p95 is compared."""
    product, beside = samples
    median, middle = statistics.median(product), statistics.median(beside)
    p95 = quantile(product, 0.95)
    ratio = (p95 if tail else median) / middle
    meets = ratio >= goal if at_least else ratio <= goal
    sign = "≥" if at_least else "≤"
    if tail:
        # On a busy machine both have a tail: what of it is the machine's stands beside.
        floor = f"{floor}, its own p95 {quantile(beside, 0.95):.1f}"
    return Row(name, median, p95, unit, middle, ratio, f"{'p95 ' if tail else ''}{sign} {goal:g}×", meets, floor)


def left_out(name: str, why: str) -> Row:
    """A row that could not be measured here."""
    return Row(name, None, None, "", None, None, "", None, why)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds one call takes, with the collector out of the way."""
    gc.collect()
    gc.disable()
    began = time.perf_counter()
    try:
        work()
    finally:
        ended = time.perf_counter()
        gc.enable()
    return (ended - began) * 1000


def table(rows: list[Row]) -> Iterator[str]:
    """The rows as text."""
    yield f"{'':58} {'median':>10} {'p95':>10} {'beside':>10} {'ratio':>8}  goal"
    for row in rows:
        if row.median is None:
            yield f"{row.name:58} {row.floor}"
            continue
        numbers = [row.median, row.p95 or 0.0, row.beside or 0.0]
        shown = " ".join(f"{number:10.2f}" for number in numbers)
        verdict = {True: "met", False: "MISSED", None: ""}[row.meets]
        ratio = f"{row.ratio:7.2f}×" if row.ratio is not None else " " * 8
        yield f"{row.name:58} {shown} {ratio}  {row.goal} {verdict}  [{row.unit}; beside {row.floor}]"

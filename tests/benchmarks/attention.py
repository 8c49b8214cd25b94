"""How many minutes of armed-hostage's 54 the facilitator's eyes are off the people (product: *What must never happen*, 6)."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.eyes import Eyes
from tests.benchmarks.facilitator import played
from tests.benchmarks.measure import Row

GOAL_MIN = 12.5
"""What "about twelve" may be at most."""

STAFFED = {
    "alone, every answer and mark keyed": True,
    "with an evaluator, a recorder and seats": False,
}
"""How the exercise is staffed, and whether the facilitator is alone.

Twelve roles are not run by one person alone: facilitator, evaluator and recorder are functions of their own, and each must be planned
even where one person has several (facilitation: *Roles*; NIST SP 800-84 names a facilitator and a data collector). Alone is what a
part-time safety officer does all the same, with everything written down.
"""


@dataclass(frozen=True, slots=True)
class Attention(Row):
    """One way of staffing; minutes."""

    aloud: float = 0.0
    acts: float = 0.0
    """Looks, keys and checks."""
    silent: float = 0.0
    typed: float = 0.0


def row(name: str, eyes: Eyes) -> Attention:
    read = ", ".join(f"{what} {lines}" for what, lines in sorted(eyes.lines.items(), key=lambda one: -one[1]))
    parts = (
        f"reading aloud; looks, keys, checks {eyes.acts_min:.1f} ({eyes.looks}, {eyes.keys}, {eyes.checks})",
        f"silent {eyes.silent_min:.1f} (lines: {read}; every word of them {eyes.every_word_min:.1f})",
        f"typed {eyes.typed_min:.1f} ({eyes.characters} characters)",
    )
    total = eyes.total_min
    return Attention(
        f"eyes on the screen, {name}",
        total,
        total,
        "min",
        eyes.aloud_min,
        total / eyes.aloud_min,
        "about 12 min, 9 aloud",
        total <= GOAL_MIN,
        "; ".join(parts),
        eyes.aloud_min,
        eyes.acts_min,
        eyes.silent_min,
        eyes.typed_min,
    )


def attention(_: int) -> list[Row]:
    """The same every time: one play of each is the measure."""
    found: list[Row] = []
    for name, alone in STAFFED.items():
        with tempfile.TemporaryDirectory() as home:
            folder = Path(home) / "private"
            folder.mkdir(mode=0o700)
            print(f"  {name} ...", file=sys.stderr, flush=True)
            found.append(row(name, asyncio.run(played(folder, alone=alone)).eyes))
    return found


BENCHMARKS: dict[str, Callable[[int], list[Row]]] = {"attention": attention}

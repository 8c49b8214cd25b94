"""The exercise clock: banked time plus what has run since, at a speed. Never rewrites its past."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SLOWEST, FASTEST = 0.25, 60.0
"""Exercise seconds for each real second, at the least and at the most."""


_TYPED = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)")


def milliseconds_of(text: str) -> int | None:
    """`14:32`, `0:14:32` or their full-width forms, as people type exercise time, in milliseconds; None where it is no time."""
    found = _TYPED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    return ((int(found[1] or 0) * 60 + int(found[2])) * 60 + int(found[3])) * 1000


@dataclass(frozen=True, slots=True)
class Clock:
    """Exercise time in milliseconds. Runs only between a start or resume and the next pause."""

    banked_ms: int = 0
    running_since: int | None = None
    """Wall time in milliseconds since 1970 UTC from which `banked_ms` grows; None: it stands."""
    speed: float = 1.0

    @property
    def running(self) -> bool:
        return self.running_since is not None

    def elapsed(self, now_ms: int) -> int:
        """Exercise milliseconds at wall time `now_ms`; a wall time before the last event counts as that event's."""
        if self.running_since is None:
            return self.banked_ms
        return self.banked_ms + max(0, round((now_ms - self.running_since) * self.speed))

    def stand(self, at_ms: int) -> Clock:
        """The clock standing at exercise time `at_ms`."""
        return Clock(at_ms, None, self.speed)

    def run(self, at_ms: int, now_ms: int) -> Clock:
        """The clock running from exercise time `at_ms` at wall time `now_ms`."""
        return Clock(at_ms, now_ms, self.speed)

    def with_speed(self, speed: float, at_ms: int, now_ms: int) -> Clock:
        """The clock at another speed from exercise time `at_ms` on."""
        return Clock(at_ms, now_ms if self.running else None, speed)


@dataclass(frozen=True, slots=True)
class Jump:
    """The clock was moved forward: at exercise time `at_ms`, by `by_ms` milliseconds."""

    at_ms: int
    by_ms: int


def played_between(jumps: tuple[Jump, ...], start_ms: int, end_ms: int) -> int:
    """Exercise milliseconds from `start_ms` to `end_ms` that were lived through: without jumped time (semantics: *Jump*)."""
    jumped = 0
    for jump in jumps:
        begin, end = max(jump.at_ms, start_ms), min(jump.at_ms + jump.by_ms, end_ms)
        jumped += max(0, end - begin)
    return end_ms - start_ms - jumped


def after_played(jumps: tuple[Jump, ...], start_ms: int, span_ms: int) -> int:
    """The exercise time at which `span_ms` milliseconds have been lived through since `start_ms`."""
    end = start_ms + span_ms
    for jump in jumps:
        if jump.at_ms + jump.by_ms > start_ms and jump.at_ms < end:
            end += min(jump.by_ms, jump.at_ms + jump.by_ms - start_ms)
    return end

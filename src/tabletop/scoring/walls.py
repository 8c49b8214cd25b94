"""The time of day that belongs to a time on the exercise clock, as the entries of a log say it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from tabletop.engine import events as e
from tabletop.engine.events import Entry

RUNS = (e.ExerciseStarted, e.ClockResumed)
STANDS = (e.ClockPaused, e.ClockRecovered, e.EmergencyRaised, e.EmergencyConfirmed, e.ExerciseEnded, e.ExerciseReopened)
"""Events after which the clock runs, and after which it stands."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where both clocks were at an entry."""

    after_ms: int
    """The exercise clock when the entry was in force: later than before it where the entry moved the clock."""
    wall_ms: int
    speed: float
    """Exercise milliseconds for each real one from here on; 0: it stands."""


class Walls:
    """Exercise time to wall time, for what was said at one time and entered at another.

    Counted from the last entry that was not later, by the speed the clock had there, and never later than the next entry: so
    wall times never run back where exercise times do not. Of a pause it is the end, of jumped time the moment of the jump.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._at_ms = [entry.exercise_ms for entry in entries]
        self._anchors: list[_Anchor] = []
        runs, speed = False, 1.0
        for entry in entries:
            event, after_ms = entry.event, entry.exercise_ms
            if isinstance(event, RUNS):
                runs = True
            elif isinstance(event, STANDS):
                runs = False
            elif isinstance(event, e.SpeedChanged):
                speed = event.speed
            elif isinstance(event, e.ClockJumped):
                after_ms += event.by_ms
            elif isinstance(event, e.ClockGap) and event.counted:
                after_ms += round(event.gap_ms * speed)
            self._anchors.append(_Anchor(after_ms, entry.wall_ms, speed if runs else 0.0))

    def at(self, exercise_ms: int) -> int | None:
        """Milliseconds since 1970 UTC at that exercise time; None before the first entry."""
        place = bisect_right(self._at_ms, exercise_ms) - 1
        if place < 0:
            return None
        anchor = self._anchors[place]
        wall_ms = anchor.wall_ms
        if anchor.speed and exercise_ms > anchor.after_ms:
            wall_ms += round((exercise_ms - anchor.after_ms) / anchor.speed)
        if place + 1 < len(self._anchors):
            wall_ms = min(wall_ms, self._anchors[place + 1].wall_ms)
        return max(wall_ms, anchor.wall_ms)

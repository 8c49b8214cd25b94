"""Watching a run that somebody else drives: how far its clock has got, whether anybody drives, who is at a device.

Owns: when it is looked up, and that the clock of one who watches goes no further than the one who drives is known to have got.
Refuses to own: rows (store), what is shown of it (engine).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tabletop.engine.around import AtDevice
from tabletop.engine.state import State

if TYPE_CHECKING:
    from tabletop.store import Store

    from .shell import Conductor

LEAD_MS = 2_000
"""Real milliseconds that a watching clock goes on after the last sign of life of the one who drives: it beats once a second, and is
looked up twice a second. No clock is ever set back by more (semantics: *Crash*)."""

LOOK_S = 0.4
"""Seconds between two looks at the lease."""

DEVICES_S = 1.0
"""Seconds between two looks at who is at a device, while heads are counted."""

QUIET_DEVICES_S = 5.0
"""Seconds between two such looks else: a lead is told whose ratings are missing, and a press shows a roll before it is recorded."""

SILENT_S = 10.0
"""Seconds without a sign of life after which it is said that nobody drives, whatever locks say: the program hangs."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How far the one who drives, or did last, is known to have brought the exercise clock."""

    at_ms: int
    driven: bool = True
    """Whether that one still drives."""
    ahead_ms: int = 0
    """By how much the clock of this machine is ahead of that one's, where it is another machine's and plainly differs."""

    def limit_ms(self, state: State) -> int:
        """Exercise milliseconds that the clock goes no further than. Where nobody drives, what was recorded since counts too."""
        known = max(state.last_ms, self.at_ms)
        return known + round(LEAD_MS * state.clock.speed) if self.driven else known

    def now_ms(self, state: State, wall_ms: int) -> int:
        """Exercise milliseconds at wall time `wall_ms`."""
        now_ms = state.now(wall_ms - self.ahead_ms)
        # Where the clock of this machine is behind that of the one who drives, the exercise has got as far as that one says.
        return max(state.last_ms, self.at_ms, min(now_ms, self.limit_ms(state))) if state.clock.running else now_ms

    def holds(self, state: State, wall_ms: int) -> bool:
        """Whether a clock that runs, as the log has it, is kept from going on."""
        return state.clock.running and state.now(wall_ms - self.ahead_ms) >= self.limit_ms(state)

    def seen(self, state: State, wall_ms: int) -> State:
        """The state with a clock that shows what is shown at `wall_ms`: what is decided then is decided at that time."""
        shown_ms = self.now_ms(state, wall_ms)
        return state if shown_ms == state.now(wall_ms) else replace(state, clock=state.clock.run(shown_ms, wall_ms))


class Watch:
    """Looks up for a conductor that does not drive what the log does not say."""

    def __init__(self, conductor: Conductor, store: Store, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._conductor, self._store, self._monotonic = conductor, store, monotonic
        self._looked = self._counted = float("-inf")
        self._beat: tuple[int, int] | None = None
        """The last sign of life: the number of its lease, and what the one who drives says of its time."""
        self._heard = float("-inf")
        """When that was seen to change."""
        self._ahead_ms = 0

    def look(self) -> bool:
        """Looks, if it is time to; whether anybody drives. Raises what the store raises."""
        now, conductor = self._monotonic(), self._conductor
        if now - self._looked >= LOOK_S:
            self._looked = now
            conductor.kept = self._kept()
        if now - self._counted >= (QUIET_DEVICES_S if conductor.state.emergency is None else DEVICES_S):
            self._counted = now
            conductor.devices = at_devices(self._store, conductor.run)
        return conductor.kept is not None and conductor.kept.driven

    def _kept(self) -> Kept | None:
        """How far the clock of the run was brought; None where nobody ever drove it. Raises what the store raises.

        Clocks of two machines differ: that somebody drives is known from signs of life that change, seen on the steady clock of this one.
        """
        from tabletop.store.lease import Lease, wall_clock_ms

        last = Lease.look(self._store, self._conductor.run, probe_s=0)
        if last is None:
            return None
        now, beat = self._monotonic(), (last.fence, last.heartbeat_ms)
        if self._beat is None:
            # At the first look nothing has changed yet: as old as it says it is.
            self._heard = now - abs(wall_clock_ms() - last.heartbeat_ms) / 1000
        elif beat != self._beat:
            self._heard = now
            ahead_ms = 0 if last.on_this_machine else self._conductor.wall_ms() - last.heartbeat_ms
            self._ahead_ms = ahead_ms if abs(ahead_ms) > LEAD_MS else 0
        self._beat = beat
        runs = not last.released and (last.alive or not last.on_this_machine)
        return Kept(last.exercise_ms, runs and now - self._heard < SILENT_S, self._ahead_ms)


def at_devices(store: Store, run: str) -> tuple[AtDevice, ...]:
    """Who is or was at a device of a run; who was sent out of a seat is gone from it. Raises what the store raises.

    Nobody is left out: who lost their seat may be in the building still, and is looked for in a real emergency.
    """
    kicked = {one.id for one in store.seats.passes(run) if one.kicked}
    known = store.presence.all(run)
    return tuple(AtDevice(one.seat, one.name, one.seen_ms, one.gone or one.place in kicked, one.since_ms) for one in known)

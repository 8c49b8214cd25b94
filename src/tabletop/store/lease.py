"""The lease: one console drives a run, and everybody can see whether it still lives.

A lease is a row with a fencing number, and a lock on a side file of that number which dies with its process. So a console on
the same machine takes a dead lease at once; only for another machine the age of the heartbeat decides.
Owns: taking, beating, releasing, looking. Refuses to own: what follows from it for the clock (conductor).
"""

from __future__ import annotations

import os
import platform
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from tabletop.errors import NotFound

from .chain import wall_ms, wall_time
from .faults import Fenced, LeaseHeld
from .gate import SideLock, side_file

if TYPE_CHECKING:
    from .engine import Store

BEAT_S = 1.0
"""How often the driver says that it lives, and where the exercise clock is."""

STALE_MS = 10_000
"""Milliseconds without a heartbeat after which the lease of another machine counts as dead."""

FIRST_FENCE = 1
"""The number of the first lease of a run: that of the console that makes it."""

PROBE_S = 0.1
"""How long a lock is tried for before its holder counts as alive: somebody else may be trying it too."""


def wall_clock_ms() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class LeaseHolder:
    """Who drives a run, or did last."""

    fence: int
    holder: str
    host: str
    pid: int
    heartbeat_ms: int
    """Milliseconds since 1970 UTC."""
    exercise_ms: int
    released: bool
    alive: bool
    """Whether that program still runs, as far as can be known from here."""

    @property
    def on_this_machine(self) -> bool:
        """Whether a lock says if it lives; of another machine only the heartbeat does, by a clock that may differ."""
        return self.host == platform.node()


class Lease:
    """The right to drive a run, until it is released, another console takes it over, or the process ends."""

    def __init__(self, store: Store, run_id: str, holder: LeaseHolder, lock: SideLock, kept_ms: int | None) -> None:
        self.run = run_id
        self.fence = holder.fence
        self.holder = holder.holder
        self.host = holder.host
        self.pid = holder.pid
        self.kept_ms = kept_ms
        """Exercise milliseconds that the holder before kept; None where that one lived, or nobody ever drove."""
        self._store = store
        self._lock = lock
        self._now_ms: Callable[[], int] = wall_clock_ms

    @classmethod
    def take(cls, store: Store, run_id: str, *, holder: str, force: bool = False, now_ms: Callable[[], int] = wall_clock_ms) -> Self:
        """Drive the run from now on; `force` takes it from a console that is alive, which is fenced off from then on.

        Raises LeaseHeld, NotFound, and what `Store.writing` raises.
        """
        lock: SideLock | None = None
        try:
            with store.writing() as writer:
                if writer.execute("SELECT 1 FROM run WHERE id = ?", (run_id,)).fetchone() is None:
                    raise NotFound("store.no-run", name=run_id)
                last = _holder(store, writer, run_id, now_ms())
                if last is not None and last.alive and not force:
                    raise LeaseHeld("store.lease-held", run=run_id, holder=last.holder, host=last.host, pid=last.pid)
                fence = FIRST_FENCE if last is None else last.fence + 1
                exercise_ms = 0 if last is None else last.exercise_ms
                lock = _lock(store, run_id, fence)
                lock.take()
                mine = LeaseHolder(fence, holder, platform.node(), os.getpid(), now_ms(), exercise_ms, False, True)
                _write(writer, run_id, mine)
        except BaseException:
            if lock is not None:
                lock.remove()
            raise
        if last is not None and not last.alive:
            _lock(store, run_id, last.fence).remove()
        lease = cls(store, run_id, mine, lock, None if last is None or last.alive else last.exercise_ms)
        lease._now_ms = now_ms
        return lease

    @staticmethod
    def look(store: Store, run_id: str, *, now_ms: Callable[[], int] = wall_clock_ms, probe_s: float = PROBE_S) -> LeaseHolder | None:
        """Who drives the run, or did last; None where nobody ever has.

        `probe_s`: seconds for which the lock of a living holder is tried; 0 for who looks again soon, and must not be kept.
        """
        with store.reading() as reader:
            return _holder(store, reader, run_id, now_ms(), probe_s)

    def beat(self, exercise_ms: int) -> None:
        """Say that this console lives, and where the exercise clock is.

        Raises Fenced where another console drives, and what `Store.writing` raises.
        """
        if not self._keep(exercise_ms, released=False):
            raise Fenced("store.fenced", run=self.run)

    def release(self, exercise_ms: int) -> None:
        """Let go in good order. Where another console has taken over, there is nothing to let go of."""
        try:
            self._keep(exercise_ms, released=True)
        finally:
            self._lock.remove()

    def _keep(self, exercise_ms: int, *, released: bool) -> bool:
        with self._store.writing() as writer:
            changed = writer.execute(
                "UPDATE lease SET heartbeat = ?, exercise_ms = ?, released = ? WHERE run = ? AND fence = ?",
                (wall_time(self._now_ms()), exercise_ms, released, self.run, self.fence),
            )
            return changed.rowcount > 0


def other_driver(store: Store, connection: sqlite3.Connection) -> LeaseHolder | None:
    """Whoever drives a run of the store in another process and was heard of last; None: nobody that lives. Waits for no lock."""
    found = connection.execute("SELECT run FROM lease WHERE released = 0 ORDER BY heartbeat DESC").fetchall()
    held = (_holder(store, connection, run_id, wall_clock_ms(), probe_s=0) for (run_id,) in found)
    own = platform.node(), os.getpid()
    return next((one for one in held if one is not None and one.alive and (one.host, one.pid) != own), None)


def _lock(store: Store, run_id: str, fence: int) -> SideLock:
    return SideLock(side_file(store.path, f"{run_id}.{fence}.lease"))


def _holder(store: Store, connection: sqlite3.Connection, run_id: str, now_ms: int, probe_s: float = PROBE_S) -> LeaseHolder | None:
    found = connection.execute(
        "SELECT fence, holder, host, pid, heartbeat, exercise_ms, released FROM lease WHERE run = ?", (run_id,)
    ).fetchone()
    if found is None:
        return None
    fence, holder, host, pid, heartbeat, exercise_ms, released = found
    beat_ms = wall_ms(heartbeat)
    alive = not released and _alive(store, run_id, fence, host, abs(now_ms - beat_ms) < STALE_MS, probe_s)
    return LeaseHolder(fence, holder, host, pid, beat_ms, exercise_ms, bool(released), alive)


def _alive(store: Store, run_id: str, fence: int, host: str, fresh: bool, probe_s: float) -> bool:
    if host != platform.node():
        return fresh
    lock = _lock(store, run_id, fence)
    if not lock.path.exists():
        return False
    try:
        taken = lock.take(probe_s)
        return fresh if not lock.works else not taken
    finally:
        lock.close()


def _write(writer: sqlite3.Connection, run_id: str, holder: LeaseHolder) -> None:
    writer.execute(
        "INSERT INTO lease (run, fence, holder, host, pid, heartbeat, exercise_ms, released) VALUES (?, ?, ?, ?, ?, ?, ?, 0) "
        "ON CONFLICT (run) DO UPDATE SET fence = excluded.fence, holder = excluded.holder, host = excluded.host, pid = excluded.pid, "
        "heartbeat = excluded.heartbeat, exercise_ms = excluded.exercise_ms, released = 0",
        (run_id, holder.fence, holder.holder, holder.host, holder.pid, wall_time(holder.heartbeat_ms), holder.exercise_ms),
    )

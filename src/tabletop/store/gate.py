"""Locks on side files: who may write next, and whether whoever drives a run is still alive.

A lock is on an open descriptor that is kept, so that taking it costs one system call; the system lets go of it when the
process ends, however it ends. Owns: taking and giving back. Refuses to own: what a lock stands for.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PRIVATE_FILE = 0o600

FIRST_WAIT_S, LONGEST_WAIT_S = 0.001, 0.006
"""Pauses between two tries. SQLite's own waiting goes up to 100 ms and leaves writers hungry in a burst."""

LONGER = 1.3
"""What a pause grows by. A crowd that looks too often takes the processor from the one it waits for."""

HELD_ELSEWHERE = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
"""What systems answer when somebody else holds a lock; EDEADLK is Windows' word for it."""

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class SideLock:
    """A lock that only one process (and one `SideLock` in it) holds. Not for use by two threads at once."""

    def __init__(self, path: Path, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self.path = path
        self._sleep = sleep
        self._descriptor: int | None = None
        self._held = False
        self.works = True
        """False once the file system has shown that it has no locks."""

    def take(self, wait_s: float = 0.0) -> bool:
        """Whether the lock was taken within `wait_s` seconds. Where a file system has no locks, it always is.

        Raises OSError where the side file cannot be made.
        """
        if self._descriptor is None:
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
        until = time.monotonic() + wait_s
        pause = FIRST_WAIT_S
        while not self._taken(self._descriptor):
            left = until - time.monotonic()
            if left <= 0:
                return False
            self._sleep(min(pause, left))
            pause = min(pause * LONGER, LONGEST_WAIT_S)
        self._held = True
        return True

    def _taken(self, descriptor: int) -> bool:
        try:
            _lock(descriptor)
        except OSError as error:
            self.works = error.errno in HELD_ELSEWHERE
            return not self.works
        return True

    @property
    def holds(self) -> bool:
        """Whether the lock is held on the file that others find: who had it before may have taken that file away since."""
        if self._descriptor is None or not self._held:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), self.path.stat())
        except OSError:
            return False

    def give_back(self) -> None:
        """Let others have it; keeps the file."""
        if self._held and self._descriptor is not None:
            self._held = False
            try:
                _unlock(self._descriptor)
            except OSError:
                # A file system without locks cannot unlock either; closing lets go of what there was.
                self.close()

    def close(self) -> None:
        """Let go of lock and descriptor."""
        if self._descriptor is not None:
            descriptor, self._descriptor = self._descriptor, None
            self._held = False
            os.close(descriptor)

    def remove(self) -> None:
        """Let go, and take the file away where the system lets us."""
        self.close()
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def side_file(path: Path, what: str) -> Path:
    """A file beside the store, named after it."""
    return path.with_name(f"{path.name}.{what}")

"""A server of browser seats, as others see it: where it is reached, for as long as its process lives.

The address stands in the lobby's row, and stays there; a lock on a side file, which dies with its process, says whether anybody answers.
Owns: that lock, and reading both. Refuses to own: codes and passes (`seats`).
"""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from .gate import SideLock, side_file

if TYPE_CHECKING:
    from .engine import Store

TAKE_S = 3.0
"""Seconds for which a server tries for its lock at first: the one before at its address may still be ending, which takes it two."""

PORTS = {"http": 80, "https": 443}


class Serving:
    """A server that lives, until it ends or its process does."""

    def __init__(self, store: Store, run: str, address: str) -> None:
        """From now on the run is served at `address`, as people type it. Raises what `Store.writing` raises."""
        before = store.seats.lobby(run).address
        self._lock = _lock(store, run, address)
        self.hold(TAKE_S)
        try:
            store.seats.set_lobby(run, address=address, hellos=0)
        except BaseException:
            self._lock.remove()
            raise
        if before not in ("", address) and not _lives(store, run, before):
            _lock(store, run, before).remove()

    def hold(self, wait_s: float = 0.0) -> None:
        """Tries for `wait_s` seconds to take the lock, where it is not held: the server before ended later, or took the file with it."""
        if not self._lock.holds:
            self._lock.close()
            with suppress(OSError):
                self._lock.take(wait_s)

    def end(self) -> None:
        """Nobody answers there any more."""
        self._lock.remove()


def served_at(store: Store, run: str) -> str | None:
    """Where other devices reach the server of a run: empty, where it serves this machine alone; None: none lives."""
    address = store.seats.lobby(run).address
    parts = _parts(address)
    if parts is None or not _lives(store, run, address):
        return None
    return "" if _this_machine_alone(parts) else address


def last_port(store: Store, run: str) -> int:
    """The port at which the run was served last; 0: it never was, or nobody can tell."""
    parts = _parts(store.seats.lobby(run).address)
    return 0 if parts is None else parts.port or PORTS.get(parts.scheme, 0)


def _parts(address: str) -> SplitResult | None:
    """What an address in the lobby consists of; None: it is none, whoever wrote it there, and nobody is sent to it."""
    with suppress(ValueError):
        parts = urlsplit(address)
        # Asking for the port is what raises where it is no number.
        if parts.hostname and parts.port != 0 and not any((parts.path, parts.query, parts.fragment)):
            return parts
    return None


def _this_machine_alone(parts: SplitResult) -> bool:
    name = parts.hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _lives(store: Store, run: str, address: str) -> bool:
    """Whether the process that served a run at an address still runs."""
    lock = _lock(store, run, address)
    if not lock.path.exists():
        return False
    try:
        return not lock.take() or not lock.works
    except OSError:
        return False
    finally:
        lock.close()


def _lock(store: Store, run: str, address: str) -> SideLock:
    return SideLock(side_file(store.path, f"{run}.{sha256(address.encode()).hexdigest()[:8]}.serve"))

"""Wrong join codes: after a few, an address waits longer and longer, and so does everybody once too many came in all (T12).

Owns: who has to wait, and how long. Refuses to own: whether a code is right (store).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass

FREE = 5
"""Wrong codes that an address may try before it has to wait."""

FREE_IN_ALL = 40
"""The same for all addresses together: somebody may have many."""

LONGEST_S, LONGEST_IN_ALL_S = 300.0, 30.0
"""The longest wait; for everybody a short one, so that one stranger does not keep a whole room out."""

FORGET_S = 900.0
"""After so many seconds without a wrong code an address begins anew."""

MOST = 4096
"""Addresses that are remembered; of more, those whose last try is longest ago are forgotten."""

EVERYBODY = ""


@dataclass(slots=True)
class _Count:
    wrong: int = 0
    last: float = 0.0


class Tries:
    """Counts wrong codes by address, on a monotonic clock in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counts: dict[str, _Count] = {}

    def wait_s(self, address: str) -> int:
        """Whole seconds that this address still has to wait; 0: it may try."""
        now = self._clock()
        waits = (
            self._left(network_of(address), FREE, LONGEST_S, now),
            self._left(EVERYBODY, FREE_IN_ALL, LONGEST_IN_ALL_S, now),
        )
        return max(0, *(int(-(-wait // 1)) for wait in waits))

    def _left(self, name: str, free: int, longest: float, now: float) -> float:
        count = self._counts.get(name)
        if count is None or count.wrong < free:
            return 0.0
        if now - count.last > FORGET_S:
            del self._counts[name]
            return 0.0
        return count.last + min(longest, 2.0 ** min(count.wrong - free + 1, 30)) - now

    def begin(self, address: str) -> None:
        """A try counts as wrong until it turns out right, so that many at once are not all free."""
        now = self._clock()
        for name in (network_of(address), EVERYBODY):
            count = self._counts.pop(name, _Count())
            wrong = 0 if now - count.last > FORGET_S else count.wrong
            self._counts[name] = _Count(wrong + 1, now)
        while len(self._counts) > MOST:
            del self._counts[next(name for name in self._counts if name != EVERYBODY)]

    def was_right(self, address: str) -> None:
        """The try that was begun was right after all. What was wrong before stays counted: a code for everybody must not wipe it."""
        for name in (network_of(address), EVERYBODY):
            if name in self._counts:
                self._counts[name].wrong = max(0, self._counts[name].wrong - 1)


def network_of(address: str) -> str:
    """Whose tries are counted together: an address of version 4, of version 6 the network that one customer gets whole."""
    try:
        there = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address or "unknown"
    if there.version == 4:
        return str(there)
    return str(ipaddress.ip_network(f"{there}/64", strict=False).network_address)

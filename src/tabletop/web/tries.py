"""Wrong join codes: after a few, an address waits longer and longer, and so does everybody once too many came in all (T12).

Owns: who has to wait, and how long. Refuses to own: whether a code is right (store).
"""

from __future__ import annotations

import ipaddress
from collections import deque
from collections.abc import Callable, Sequence

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

NONE: Sequence[float] = ()


MOST_TRIES = 64
"""Tries of one address that are remembered: more make no wait longer."""


class Tries:
    """Counts wrong codes by address, on a monotonic clock in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counts: dict[str, deque[float]] = {}
        """When each was tried that was not right, by address."""

    def wait_s(self, address: str) -> int:
        """Whole seconds that this address still has to wait; 0: it may try."""
        now = self._clock()
        waits = (
            self._left(network_of(address), FREE, LONGEST_S, now),
            self._left(EVERYBODY, FREE_IN_ALL, LONGEST_IN_ALL_S, now),
        )
        return max(0, *(int(-(-wait // 1)) for wait in waits))

    def _left(self, name: str, free: int, longest: float, now: float) -> float:
        tried = self._counts.get(name, NONE)
        if len(tried) < free:
            return 0.0
        if now - tried[-1] > FORGET_S:
            del self._counts[name]
            return 0.0
        return tried[-1] + min(longest, 2.0 ** (len(tried) - free + 1)) - now

    def begin(self, address: str) -> float:
        """A try counts as wrong until it turns out right, so that many at once are not all free. Gives what `was_right` knows it by."""
        now = self._clock()
        for name in (network_of(address), EVERYBODY):
            tried = self._counts.pop(name, None)
            self._counts[name] = deque(maxlen=MOST_TRIES) if tried is None or (tried and now - tried[-1] > FORGET_S) else tried
            self._counts[name].append(now)
        while len(self._counts) > MOST:
            del self._counts[next(name for name in self._counts if name != EVERYBODY)]
        return now

    def was_right(self, address: str, begun: float) -> None:
        """The try that was begun then was right after all: it is none of the wrong ones, and nobody waits for it.

        What was wrong before stays counted: a code for everybody must not wipe it.
        """
        for name in (network_of(address), EVERYBODY):
            if begun in self._counts.get(name, NONE):
                self._counts[name].remove(begun)


def network_of(address: str) -> str:
    """Whose tries are counted together: an address of version 4, of version 6 the network that one customer gets whole."""
    try:
        there = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address or "unknown"
    if there.version == 4:
        return str(there)
    return str(ipaddress.ip_network(f"{there}/64", strict=False).network_address)

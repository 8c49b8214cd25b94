"""Being there: what a terminal at a seat tells the others of itself, and what it knows of them.

Owns: the signs of life of one place. Refuses to own: what being away means to anybody, and who may sit where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tabletop.store.presence import Here

    from .seating import Joined


class Attendance:
    """One place in the presence table. Every method reads or writes the store and raises what that raises."""

    def __init__(self, joined: Joined, device: str = "terminal") -> None:
        self._joined = joined
        self._device = device
        self._since_ms = joined.conductor.wall_ms()
        self._there = False

    def others(self) -> list[Here]:
        """Everybody else who was ever there, the first to come first."""
        everybody = self._joined.store.presence.all(self._joined.conductor.run)
        return [here for here in everybody if here.place != self._joined.place]

    def beat(self, seat: str, name: str, typing_ms: int | None, in_hand: str = "") -> None:
        """Somebody is at `seat`; a key of a draft was pressed last at `typing_ms`, in milliseconds since 1970 UTC.

        `in_hand`: which role of the seat has the terminal, where it goes from hand to hand.
        """
        from tabletop.store.presence import Here

        joined, now_ms = self._joined, self._joined.conductor.wall_ms()
        device = f"{self._device}:{in_hand}" if in_hand else self._device
        here = Here(joined.place, seat, name, device, self._since_ms, now_ms, typing_ms)
        joined.store.presence.beat(joined.conductor.run, [here])
        self._there = True

    def leave(self) -> None:
        """Goes in good order; nothing is written where nobody sat down."""
        if self._there:
            self._joined.store.presence.leave(self._joined.conductor.run, [self._joined.place])

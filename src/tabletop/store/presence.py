"""Who is there: the terminals and browsers at the seats of a run. Outside the log; it says nothing about what was done.

Owns: beats and leave-takings. Refuses to own: what being away means to anybody (console).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tabletop.engine.state import same_person

if TYPE_CHECKING:
    from .engine import Store

BEAT_S = 2.0
"""How often a terminal or browser says that it is there."""

AWAY_MS = 6_000
"""Milliseconds unseen after which somebody counts as away: three beats missed (F14)."""

TYPING_MS = 5_000
"""For so many milliseconds after the last key somebody counts as typing."""


@dataclass(frozen=True, slots=True)
class Here:
    """One terminal or browser at a seat. Times are milliseconds since 1970 UTC."""

    place: str
    """Made by the client: one for each terminal, `MACHINE/...`; one for each browser's pass."""
    seat: str
    """As the log names an actor: `seat:teller-1+teller-2`, `evaluator:E1`, `wall`."""
    name: str
    device: str
    """`terminal` or `browser`; of a terminal that goes from hand to hand, behind a colon, the role that has it: `terminal:guard`."""
    since_ms: int
    seen_ms: int
    typing_ms: int | None = None
    """When a key of a draft was pressed last."""
    gone: bool = False
    """Whether it left in good order."""

    @property
    def kind(self) -> str:
        """`terminal` or `browser`."""
        return self.device.partition(":")[0]

    @property
    def in_hand(self) -> str:
        """Of a terminal that goes from hand to hand, the role that has it; empty: it stays where it is, or nobody has it."""
        return self.device.partition(":")[2]

    def away(self, now_ms: int) -> bool:
        """Whether it left, or has not been seen for three beats."""
        return self.gone or now_ms - self.seen_ms > AWAY_MS

    def replaces(self, other: Here) -> bool:
        """Whether this is the terminal `other` opened again after it went without a word: on its machine, with its seats, and since then.

        Two that were there at once are two, whatever becomes of one of them; so are two people.
        """
        machine, own = _machine(self.place), _machine(other.place)
        if self.place == other.place or not machine or machine != own or self.since_ms < other.seen_ms:
            return False
        if self.name and other.name and same_person(self.name) != same_person(other.name):
            return False
        kind, _, seats = self.seat.partition(":")
        kind_then, _, seats_then = other.seat.partition(":")
        return kind == kind_then and set(seats_then.split("+")) <= set(seats.split("+"))

    def typing(self, now_ms: int) -> bool:
        return not self.away(now_ms) and self.typing_ms is not None and now_ms - self.typing_ms <= TYPING_MS


def _machine(place: str) -> str:
    """The machine on which a terminal stands; empty for a browser, and where it was not said."""
    return place.rpartition("/")[0]


class Presences:
    """Presence at every run."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def beat(self, run: str, here: Sequence[Here]) -> None:
        """These are there now, in one commit. Raises what `Store.writing` raises."""
        if not here:
            return
        with self._store.writing() as writer:
            writer.executemany(
                "INSERT INTO presence (run, place, seat, name, device, since_ms, seen_ms, typing_ms, gone) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (run, place) DO UPDATE SET seat = excluded.seat, name = excluded.name, device = excluded.device, "
                "seen_ms = excluded.seen_ms, typing_ms = excluded.typing_ms, gone = excluded.gone",
                [(run, one.place, one.seat, one.name, one.device, one.since_ms, one.seen_ms, one.typing_ms, one.gone) for one in here],
            )

    def leave(self, run: str, places: Sequence[str]) -> None:
        """These went in good order. Raises what `Store.writing` raises."""
        if not places:
            return
        with self._store.writing() as writer:
            writer.executemany("UPDATE presence SET gone = 1 WHERE run = ? AND place = ?", [(run, place) for place in places])

    def all(self, run: str) -> list[Here]:
        """Everybody who was ever at a seat of the run, the first to come first."""
        with self._store.reading() as reader:
            rows = reader.execute(
                "SELECT place, seat, name, device, since_ms, seen_ms, typing_ms, gone FROM presence WHERE run = ? ORDER BY since_ms, place",
                (run,),
            ).fetchall()
        return [
            Here(place, seat, name, device, since_ms, seen_ms, typing_ms, bool(gone))
            for place, seat, name, device, since_ms, seen_ms, typing_ms, gone in rows
        ]

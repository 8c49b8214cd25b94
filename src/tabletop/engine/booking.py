"""The time the room is booked for: its shares, and when play and booking end on the wall.

Owns: planning backwards from the end of the booking. Refuses to own: which injects fit into play (`fitting`).
"""

from __future__ import annotations

from dataclasses import dataclass

from .state import State

MINUTE_MS = 60_000

SHORTEST_MS, LONGEST_MS = 15 * MINUTE_MS, 12 * 60 * MINUTE_MS
"""The shortest and the longest booking that is taken: below, nothing is left for play; above, it is a slip of the finger."""

LEAST_PLAY_MS = 5 * MINUTE_MS
"""With less than this left for play, nothing is fitted by itself at STARTEX."""


@dataclass(frozen=True, slots=True)
class Shares:
    """A booking cut into its parts, in milliseconds."""

    brief_ms: int
    play_ms: int
    wash_ms: int


def shares(total_ms: int) -> Shares:
    """Brief, play and hot wash of a booking, in whole minutes where the booking is.

    The brief gets a tenth, three to five minutes: scene, roles, rules. The hot wash gets a sixth, five to thirty minutes:
    20 to 30 minutes are named for exercises of two to three hours (facilitation 0.1, F2; 0.3 says 25), and it is what
    is skipped first. Play gets the rest.
    """
    brief = min(5, max(3, total_ms // (10 * MINUTE_MS))) * MINUTE_MS
    wash = min(30, max(5, total_ms // (6 * MINUTE_MS))) * MINUTE_MS
    return Shares(brief, max(0, total_ms - brief - wash), wash)


@dataclass(frozen=True, slots=True)
class BookingNow:
    """A booking at one moment. Wall times are milliseconds since 1970 UTC."""

    startex_wall_ms: int
    """When play begins, or began."""
    play_until_wall_ms: int
    """When ENDEX should be, so that the hot wash keeps its time."""
    ends_wall_ms: int
    """When the room is wanted by others."""
    left_ms: int
    """Real milliseconds to the end of the booking; negative: it is over."""
    play_left_ms: int
    """Real milliseconds of play that are left, before STARTEX those there will be; negative: the hot wash is losing time."""
    brief_over_ms: int = 0
    """By how much the briefing has taken longer than its share; 0 after STARTEX."""


def booking_now(state: State, wall_ms: int) -> BookingNow | None:
    """The booking at wall time `wall_ms`; None where the room is not booked.

    A booking until a time of day ends then. One of a length counts from when it was made; a briefing that takes longer than its
    share moves the end, so that play and hot wash keep theirs. From STARTEX on the end stands.
    """
    booking = state.booking
    if booking is None:
        return None
    begun = wall_ms if state.started_wall_ms is None else state.started_wall_ms
    brief_ends = booking.made_wall_ms + booking.brief_ms
    over_ms = max(0, begun - brief_ends)
    ends = booking.until_wall_ms or booking.made_wall_ms + booking.slot_ms + over_ms
    startex = max(begun, brief_ends) if state.started_wall_ms is None else begun
    play_until = ends - booking.wash_ms
    from_ms = startex if state.started_wall_ms is None else wall_ms
    return BookingNow(startex, play_until, ends, ends - wall_ms, play_until - from_ms, 0 if state.started else over_ms)


def play_left_ms(state: State, wall_ms: int) -> int | None:
    """Exercise milliseconds of play left if the clock runs on from here; never negative; None where the room is not booked."""
    now = booking_now(state, wall_ms)
    if now is None:
        return None
    real = now.play_until_wall_ms - wall_ms
    return max(0, round(real * state.clock.speed))

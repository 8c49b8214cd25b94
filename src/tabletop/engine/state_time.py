"""The time of a run as its log adds it up: how long the room is booked, how the plan was fitted into it, what was taken out of it,
when the clock stood. Values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Booking:
    """How long the room is booked, and what of that time is not for play."""

    made_wall_ms: int
    slot_ms: int
    """0: it ends at `until_wall_ms`."""
    until_wall_ms: int
    brief_ms: int
    wash_ms: int


@dataclass(frozen=True, slots=True)
class Fitted:
    """How the plan was last fitted into the time left."""

    seq: int
    ends_ms: int
    talk_ms: int
    cut: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptBack:
    """Who keeps an inject back, since when, and why."""

    seq: int
    at_ms: int
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A time the clock stood."""

    seq: int
    at_ms: int
    wall_ms: int
    reason: str
    site: str
    until_wall_ms: int | None = None

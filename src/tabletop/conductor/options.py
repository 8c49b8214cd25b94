"""What is settled when a run is made. Loads nothing: commands ask for it before a screen is up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tabletop.engine.events import Pace


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What is settled when a run is made; the briefing may change pace and parameters until STARTEX."""

    pace: Pace = "discussion"
    language: str = ""
    """The run's language; empty: the exercise's first."""
    site: str = ""
    level: str = ""
    auto: bool = False
    speed: float = 1.0
    parameters: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Names by role and holder (A, B)."""
    verifies: str = ""
    slot_ms: int = 0
    """How long the room is booked, in milliseconds; 0: not known, or until a time of day."""
    until_wall_ms: int = 0
    """Until when it is booked, in milliseconds since 1970 UTC; 0: not known, or a length."""

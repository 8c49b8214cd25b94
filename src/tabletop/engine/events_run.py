"""Events of the run itself: made and set up, its clock, its end, a real emergency, what was taken back and who drives."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .events_base import Event

Pace = Literal["timed", "discussion"]
EndedHow = Literal["played", "time", "stopped_play", "stopped_other"]
"""Played to the end, out of time, stopped because play went wrong, stopped for another reason."""


class RunCreated(Event):
    """A run was made from an exercise. Always the first event of a log."""

    kind = "run_created"
    exercise: str
    version: str
    pace: Pace
    language: str
    seed: int
    """Shuffles the options of asks, the same on every screen and card."""
    site: str = ""
    level: str = ""
    auto: bool = False
    """Whether due injects release themselves (timed pace only)."""
    verifies: str = ""
    """The run whose improvement this one re-tests."""


class ParameterSet(Event):
    """A parameter of the exercise got a value for this run; possible until STARTEX."""

    kind = "parameter_set"
    name: str
    value: str


class PaceChosen(Event):
    """The pace was chosen in the briefing."""

    kind = "pace_chosen"
    pace: Pace


class SlotBooked(Event):
    """How long the room is booked: for a length of time, or until a time of day. Neither: there is no booking any more."""

    kind = "slot_booked"
    slot_ms: int = Field(0, ge=0)
    until_wall_ms: int = Field(0, ge=0)
    """Milliseconds since 1970 UTC."""
    brief_ms: int = Field(0, ge=0)
    wash_ms: int = Field(0, ge=0)
    """What of it is kept for the briefing before play and the hot wash after it."""


class CheckTicked(Event):
    """A check of the briefing was ticked or unticked; it only warns."""

    kind = "check_ticked"
    check: str
    done: bool
    note: str = ""


class ExerciseStarted(Event):
    """STARTEX: the exercise clock runs."""

    kind = "exercise_started"


class ClockPaused(Event):
    """The exercise clock stands."""

    kind = "clock_paused"
    reason: str = ""
    """A code (`discussion`, `break`, `technical`, `safety`, `other`, `quit`, `gap`) or typed words; may follow later."""
    site: str = ""


class PauseExplained(Event):
    """Why the clock stands, said after it was stopped."""

    kind = "pause_explained"
    reason: str


class ClockResumed(Event):
    """The exercise clock runs again."""

    kind = "clock_resumed"


class SpeedChanged(Event):
    """Exercise seconds for each real second from now on; the past stays as it was."""

    kind = "speed_changed"
    speed: float = Field(ge=0.25, le=60)


class ClockJumped(Event):
    """The exercise clock was moved forward. Jumped time is in no window and no latency."""

    kind = "clock_jumped"
    by_ms: int = Field(gt=0)


class ClockRecovered(Event):
    """After an unclean end the clock stands at the last value that was kept."""

    kind = "clock_recovered"
    at_ms: int


class ClockGap(Event):
    """The computer slept or its clock jumped: the time between was counted, or left out."""

    kind = "clock_gap"
    gap_ms: int
    """Real milliseconds that nobody saw pass."""
    counted: bool


class ExerciseEnded(Event):
    """ENDEX."""

    kind = "exercise_ended"
    how: EndedHow = "played"
    note: str = ""


class ExerciseReopened(Event):
    """ENDEX was taken back; the clock stands."""

    kind = "exercise_reopened"
    reason: str = ""


class EmergencyRaised(Event):
    """Somebody pressed REAL EMERGENCY once: everything pauses and says who."""

    kind = "emergency_raised"
    seat: str
    """At which it was pressed."""
    site: str = ""


class EmergencyConfirmed(Event):
    """Pressed a second time: the exercise is stopped, every screen turns."""

    kind = "emergency_confirmed"
    seat: str
    """At which the second press was; the first is another event."""
    site: str = ""


class PersonCounted(Event):
    """Somebody on the roll of a real emergency was accounted for, or was not after all."""

    kind = "person_counted"
    person: str
    """A name, or without one a seat: `seat:teller-1`."""
    there: bool = True


class EmergencyStoodDown(Event):
    """The driver says that the real emergency is over, or was none."""

    kind = "emergency_stood_down"
    reason: str
    missing: tuple[str, ...] = ()
    """Who on the roll was not accounted for, as `PersonCounted` names people."""


class Retracted(Event):
    """An earlier event no longer counts; it stays in the log."""

    kind = "retracted"
    event: int
    """Sequence number of what is taken back."""
    reason: str = ""


class DriverChanged(Event):
    """Another console drives the run from here on."""

    kind = "driver_changed"
    holder: str

"""What happened in a run: one class an event, named by a short kind that never changes.

An event is what the log keeps as `body`; its envelope (`Entry`) says when, by whom and in which order. Fields that end in
`_ms` are milliseconds on the exercise clock unless they say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .events_base import Event
from .events_injects import (
    AnswerGiven,
    AnswersRevealed,
    AnswerValue,
    AskClosed,
    AskExtended,
    AskReopened,
    Effect,
    HintShown,
    InjectAcknowledged,
    InjectAdded,
    InjectDelayed,
    InjectKeptBack,
    InjectReleased,
    InjectSkipped,
    InjectsSlid,
    PlanFitted,
    ProbeShown,
    WallKind,
    WallTurned,
)
from .events_room import (
    ActionMarked,
    BehaviourLine,
    BehaviourScored,
    BreachRecorded,
    DecisionMade,
    Holder,
    How,
    IndicatorMeasured,
    MessageAcknowledged,
    MessageSent,
    NoteCategory,
    Noted,
    PersonLeft,
    PersonSeated,
    Rated,
    RatingLetter,
    RatingsLocked,
    RoleHeard,
    RolesStaffed,
    RoleStaffed,
    StaffedBy,
)
from .events_run import (
    CheckTicked,
    ClockGap,
    ClockJumped,
    ClockPaused,
    ClockRecovered,
    ClockResumed,
    DriverChanged,
    EmergencyConfirmed,
    EmergencyRaised,
    EmergencyStoodDown,
    EndedHow,
    ExerciseEnded,
    ExerciseReopened,
    ExerciseStarted,
    Pace,
    PaceChosen,
    ParameterSet,
    PauseExplained,
    PersonCounted,
    Retracted,
    RunCreated,
    SlotBooked,
    SpeedChanged,
)

__all__ = [
    "EVENTS",
    "TAKEN_BACK_BY_U",
    "ActionMarked",
    "AnswerGiven",
    "AnswerValue",
    "AnswersRevealed",
    "AnyEvent",
    "AskClosed",
    "AskExtended",
    "AskReopened",
    "BehaviourLine",
    "BehaviourScored",
    "BreachRecorded",
    "CheckTicked",
    "ClockGap",
    "ClockJumped",
    "ClockPaused",
    "ClockRecovered",
    "ClockResumed",
    "DecisionMade",
    "DriverChanged",
    "Effect",
    "EmergencyConfirmed",
    "EmergencyRaised",
    "EmergencyStoodDown",
    "EndedHow",
    "Entry",
    "Event",
    "ExerciseEnded",
    "ExerciseReopened",
    "ExerciseStarted",
    "HintShown",
    "Holder",
    "How",
    "IndicatorMeasured",
    "InjectAcknowledged",
    "InjectAdded",
    "InjectDelayed",
    "InjectKeptBack",
    "InjectReleased",
    "InjectSkipped",
    "InjectsSlid",
    "MessageAcknowledged",
    "MessageSent",
    "NoteCategory",
    "Noted",
    "Pace",
    "PaceChosen",
    "ParameterSet",
    "PauseExplained",
    "PersonCounted",
    "PersonLeft",
    "PersonSeated",
    "PlanFitted",
    "ProbeShown",
    "Rated",
    "RatingLetter",
    "RatingsLocked",
    "Retracted",
    "RoleHeard",
    "RoleStaffed",
    "RolesStaffed",
    "RunCreated",
    "SlotBooked",
    "SpeedChanged",
    "StaffedBy",
    "WallKind",
    "WallTurned",
    "from_body",
    "to_body",
]

AnyEvent = (
    RunCreated | ParameterSet | PaceChosen | SlotBooked | CheckTicked | RoleStaffed | RolesStaffed | PersonSeated | PersonLeft
    | ExerciseStarted
    | ClockPaused | PauseExplained | ClockResumed | SpeedChanged | ClockJumped | ClockRecovered | ClockGap
    | InjectReleased | InjectSkipped | InjectDelayed | InjectKeptBack | InjectsSlid | PlanFitted | InjectAdded | InjectAcknowledged
    | ProbeShown | HintShown
    | AnswerGiven | AskExtended | AskClosed | AskReopened | AnswersRevealed | WallTurned
    | DecisionMade | RoleHeard | ActionMarked | BreachRecorded | Noted | MessageSent | MessageAcknowledged
    | Rated | BehaviourScored | IndicatorMeasured | RatingsLocked
    | ExerciseEnded | ExerciseReopened | EmergencyRaised | EmergencyConfirmed | PersonCounted | EmergencyStoodDown
    | Retracted | DriverChanged
)  # fmt: skip

EVENTS: dict[str, type[AnyEvent]] = {cls.kind: cls for cls in AnyEvent.__args__}
"""Every event class by its kind."""

TAKEN_BACK_BY_U = (
    InjectReleased, InjectSkipped, InjectDelayed, InjectKeptBack, InjectsSlid, PlanFitted, InjectAdded, AnswerGiven, AskExtended,
    AskClosed, AnswersRevealed, DecisionMade, RoleHeard, ActionMarked, BreachRecorded, Noted, MessageSent, RoleStaffed, RolesStaffed,
    PersonSeated, PersonLeft, ProbeShown, HintShown,
    Rated, BehaviourScored, IndicatorMeasured, InjectAcknowledged,
)  # fmt: skip
"""What can be taken back. The clock's own events, an emergency, a retraction and ENDEX cannot (semantics: *taking back*)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log: an event with its place, time and author."""

    seq: int
    """1 for the first event of a run, then without a gap."""
    id: str
    """A UUID made by the client, so that an append whose fate is unknown can be looked up."""
    wall_ms: int
    """Milliseconds since 1970-01-01 UTC."""
    exercise_ms: int
    actor: str
    fence: int
    event: AnyEvent

    @property
    def counts_ms(self) -> int:
        """The exercise time at which it counts: when it was said, else when it was recorded."""
        said_ms: int | None = getattr(self.event, "said_ms", None)
        return self.exercise_ms if said_ms is None else said_ms


def to_body(event: AnyEvent) -> dict[str, Any]:
    """The fields of an event as JSON values, without its kind."""
    return event.model_dump(mode="json")


def from_body(kind: str, body: str | bytes) -> AnyEvent:
    """The event of a log row. Raises KeyError for an unknown kind, pydantic.ValidationError for a body that does not fit."""
    event: AnyEvent = EVENTS[kind].__pydantic_validator__.validate_json(body)
    return event

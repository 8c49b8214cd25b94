"""What happened in a run: one class an event, named by a short kind that never changes.

An event is what the log keeps as `body`; its envelope (`Entry`) says when, by whom and in which order. Fields that end in
`_ms` are milliseconds on the exercise clock unless they say otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from tabletop.exercise.conditions import ActionState

Pace = Literal["timed", "discussion"]
StaffedBy = Literal["people", "with", "control", "nobody"]
Holder = Literal["A", "B"]
How = Literal["said", "written", "chosen", "seen"]
"""How an evaluator knows that an action was done."""
EndedHow = Literal["played", "time", "stopped_play", "stopped_other"]
"""Played to the end, out of time, stopped because play went wrong, stopped for another reason."""
NoteCategory = Literal["note", "observation", "strength", "gap", "ruling", "parked"]
RatingLetter = Literal["P", "S", "M", "U"]
WallKind = Literal["inject", "rules", "rulings", "parked", "answers", "timer", "timeline", "blank"]
"""What the wall can show (contract: *Keys*, `v`)."""
BehaviourLine = Literal["division", "calm", "measures", "sharing", "one-voice"]
AnswerValue = tuple[str, ...] | str | float | bool | dict[str, str]
"""Option ids, words, a number, a plain yes, or report elements by id."""


class Event(BaseModel):
    """What every event shares: strict, frozen, named."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)
    kind: ClassVar[str]


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


class RoleStaffed(Event):
    """Who plays a role from now on."""

    kind = "role_staffed"
    role: str
    by: StaffedBy
    with_role: str = ""


class RolesStaffed(Event):
    """Who is in the room, said of many roles at once: these are played by people, those by control."""

    kind = "roles_staffed"
    people: tuple[str, ...] = ()
    control: tuple[str, ...] = ()


class PersonSeated(Event):
    """Somebody holds a role: from the start, or joining late."""

    kind = "person_seated"
    role: str
    holder: Holder = "A"
    name: str


class PersonLeft(Event):
    """Somebody gave up a role."""

    kind = "person_left"
    role: str
    holder: Holder = "A"


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


class InjectReleased(Event):
    """The room, or the addressed roles, were told."""

    kind = "inject_released"
    inject: str
    due_ms: int | None = None
    """When it was due; None where it had no time (a hold, the discussion pace)."""
    read_ms: int = 0
    """Reading aloud takes this long; windows run from its end."""
    off_path: bool = False
    reason: str = ""
    auto: bool = False
    anew: tuple[str, ...] = ()
    """Its asks that were closed, revealed or given time under a release that was taken back: they open anew."""


class InjectSkipped(Event):
    """An inject will not be played."""

    kind = "inject_skipped"
    inject: str
    reason: str = ""
    overtaken: bool = False
    """Overtaken by what the room did, rather than left out."""


class InjectDelayed(Event):
    """An inject falls due later than planned."""

    kind = "inject_delayed"
    inject: str
    by_ms: int = Field(gt=0)


class InjectsSlid(Event):
    """The injects not yet released fall due later, all by the same."""

    kind = "injects_slid"
    injects: tuple[str, ...]
    by_ms: int = Field(gt=0)


class PlanFitted(Event):
    """What is still to come was fitted into the time left: some is cut, in the timed pace the rest may be drawn forward."""

    kind = "plan_fitted"
    cut: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    moved_ms: tuple[int, ...] = ()
    """By how much each of `moved` falls due later; negative: earlier."""
    ends_ms: int
    """When play is to end."""
    talk_ms: int = 0
    """Milliseconds of talk after reading that each inject was given, in the discussion pace."""


class InjectAdded(Event):
    """An inject was added on the spot, held until it is released."""

    kind = "inject_added"
    inject: dict[str, Any]
    """As a file would write it."""
    origin: str = ""
    """`DECK/ID` where it came from a deck."""


class InjectAcknowledged(Event):
    """A role confirmed receipt."""

    kind = "inject_acknowledged"
    inject: str
    role: str


class ProbeShown(Event):
    """An open question was put to a silent room; free of charge."""

    kind = "probe_shown"
    inject: str
    index: int


class HintShown(Event):
    """Something was given away; marks that follow from it say `prompted`."""

    kind = "hint_shown"
    inject: str
    index: int


class Effect(BaseModel):
    """What an answer brought about, as its option said when it was given."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    what: Literal["does", "misses", "breaks"]
    target: str
    role: str
    """The role that acted."""
    other_role: bool = False
    prompted: bool = False


class AnswerGiven(Event):
    """A role answered an ask, or changed its answer."""

    kind = "answer_given"
    ask: str
    role: str
    person: str = ""
    value: tuple[str, ...] | StrictBool | str | float | dict[str, str] = Field(union_mode="left_to_right")
    rationale: str = ""
    effects: tuple[Effect, ...] = ()
    next_report_ms: int | None = None
    """When the next report is due, where a report states it."""
    said_ms: int | None = None
    """When it was said, where that is not when it was entered."""


class AskExtended(Event):
    """Open asks got more time."""

    kind = "ask_extended"
    asks: tuple[str, ...]
    by_ms: int = Field(gt=0)
    each_ms: tuple[int, ...] = ()
    """By how much each deadline moved, in the order of `asks`, where one was over: there `by_ms` counts from now. Empty: by `by_ms`."""


class AskClosed(Event):
    """An ask takes no more answers."""

    kind = "ask_closed"
    ask: str


class AskReopened(Event):
    """An ask takes answers again."""

    kind = "ask_reopened"
    ask: str


class AnswersRevealed(Event):
    """The answers to an ask may be shown: as counts, then with names. Closes the ask."""

    kind = "answers_revealed"
    ask: str
    names: bool = False


class WallTurned(Event):
    """The driver turned the wall. A release to the room and revealed answers turn it by themselves."""

    kind = "wall_turned"
    view: WallKind
    inject: str = ""
    """Which text, of those the room was told; empty: the newest."""
    ask: str = ""
    """Whose revealed answers; empty: those revealed last."""
    span_ms: int = Field(0, ge=0)
    """How long the timer runs, in real milliseconds from the time of this entry."""


class DecisionMade(Event):
    """A role decided something."""

    kind = "decision_made"
    role: str
    person: str = ""
    text: str
    reason: str = ""
    options: str = ""
    dissent: str = ""
    inject: str = ""
    said_ms: int


class RoleHeard(Event):
    """A role spoke, and nothing more is noted."""

    kind = "role_heard"
    role: str
    said_ms: int


class ActionMarked(Event):
    """Somebody recorded what became of an expected action."""

    kind = "action_marked"
    action: str
    state: ActionState | Literal["no_record"]
    """`no_record` takes an earlier mark of the same person back to nothing."""
    how: How = "said"
    prompted: bool = False
    """Whether something had given it away, as far as was known then."""
    prompted_said: bool = False
    """Whether a person said so; else it follows from the hints and contingency injects that stand."""
    other_role: str = ""
    """The role that did it, where it is not the owner."""
    said_ms: int | None = None
    """When it was done; None where nobody knows (a state set after ENDEX)."""
    note: str = ""


class BreachRecorded(Event):
    """A prohibited act occurred."""

    kind = "breach_recorded"
    prohibited: str
    role: str = ""
    corrected: bool = False
    note: str = ""
    said_ms: int


class Noted(Event):
    """An observation, strength, gap, ruling, parked item or plain note."""

    kind = "noted"
    category: NoteCategory
    text: str
    role: str = ""
    objective: str = ""
    evaluator: str = ""
    said_ms: int


class MessageSent(Event):
    """A role told another role something."""

    kind = "message_sent"
    role: str
    to: str
    text: str
    said_ms: int


class MessageAcknowledged(Event):
    """A message was read back by its addressee."""

    kind = "message_acknowledged"
    message: int
    """Sequence number of the message."""
    role: str
    text: str = ""
    """What was read back, in the addressee's own words; empty: it was only confirmed."""


class Rated(Event):
    """An evaluator rated an objective."""

    kind = "rated"
    evaluator: str
    objective: str
    rating: RatingLetter
    note: str = ""


class BehaviourScored(Event):
    """An evaluator scored a line of behaviour, 5 best."""

    kind = "behaviour_scored"
    evaluator: str
    line: BehaviourLine
    score: int = Field(ge=1, le=5)


class IndicatorMeasured(Event):
    """An outcome was measured; reported, never scored."""

    kind = "indicator_measured"
    indicator: str
    value: float


class RatingsLocked(Event):
    """Ratings stand; the score may be shown."""

    kind = "ratings_locked"


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
    site: str = ""


class EmergencyConfirmed(Event):
    """Pressed a second time: the exercise is stopped, every screen turns."""

    kind = "emergency_confirmed"
    seat: str
    site: str = ""


class EmergencyStoodDown(Event):
    """The driver says that the real emergency is over, or was none."""

    kind = "emergency_stood_down"
    reason: str


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


AnyEvent = (
    RunCreated | ParameterSet | PaceChosen | SlotBooked | CheckTicked | RoleStaffed | RolesStaffed | PersonSeated | PersonLeft
    | ExerciseStarted
    | ClockPaused | PauseExplained | ClockResumed | SpeedChanged | ClockJumped | ClockRecovered | ClockGap
    | InjectReleased | InjectSkipped | InjectDelayed | InjectsSlid | PlanFitted | InjectAdded | InjectAcknowledged | ProbeShown | HintShown
    | AnswerGiven | AskExtended | AskClosed | AskReopened | AnswersRevealed | WallTurned
    | DecisionMade | RoleHeard | ActionMarked | BreachRecorded | Noted | MessageSent | MessageAcknowledged
    | Rated | BehaviourScored | IndicatorMeasured | RatingsLocked
    | ExerciseEnded | ExerciseReopened | EmergencyRaised | EmergencyConfirmed | EmergencyStoodDown
    | Retracted | DriverChanged
)  # fmt: skip

EVENTS: dict[str, type[AnyEvent]] = {cls.kind: cls for cls in AnyEvent.__args__}
"""Every event class by its kind."""

TAKEN_BACK_BY_U = (
    InjectReleased, InjectSkipped, InjectDelayed, InjectsSlid, PlanFitted, InjectAdded, AnswerGiven, AskExtended, AskClosed,
    AnswersRevealed, DecisionMade, RoleHeard, ActionMarked, BreachRecorded, Noted, MessageSent, RoleStaffed, RolesStaffed,
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


def to_body(event: AnyEvent) -> dict[str, Any]:
    """The fields of an event as JSON values, without its kind."""
    return event.model_dump(mode="json")


def from_body(kind: str, body: str | bytes) -> AnyEvent:
    """The event of a log row. Raises KeyError for an unknown kind, pydantic.ValidationError for a body that does not fit."""
    event: AnyEvent = EVENTS[kind].__pydantic_validator__.validate_json(body)
    return event

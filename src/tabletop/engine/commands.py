"""What somebody asked for. `decide` turns a command into events, or refuses it.

`said_ms` is when something was said, in exercise milliseconds; None: now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tabletop.exercise.conditions import ActionState

from .events import AnswerValue, BehaviourLine, EndedHow, Entry, Holder, How, NoteCategory, Pace, RatingLetter, StaffedBy, WallKind


@dataclass(frozen=True, slots=True)
class SetParameter:
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ChoosePace:
    pace: Pace


@dataclass(frozen=True, slots=True)
class Book:
    """The room is booked for so many milliseconds, or until a wall time (milliseconds since 1970 UTC); neither: it is not booked."""

    slot_ms: int = 0
    until_wall_ms: int = 0


@dataclass(frozen=True, slots=True)
class TickCheck:
    check: str
    done: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class StaffRole:
    role: str
    by: StaffedBy
    with_role: str = ""


@dataclass(frozen=True, slots=True)
class CallRoll:
    """These roles are here and played by people of their own; every other one is played by control."""

    here: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeatPerson:
    role: str
    name: str
    holder: Holder = "A"
    before: str = ""
    """As whom somebody beside the holders was known until now."""


@dataclass(frozen=True, slots=True)
class PersonLeaves:
    role: str
    holder: Holder = "A"
    name: str = ""
    """Who of those beside the holders; of a holder it says nothing."""


@dataclass(frozen=True, slots=True)
class Start:
    """STARTEX."""


@dataclass(frozen=True, slots=True)
class Pause:
    reason: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class ExplainPause:
    reason: str


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class SetSpeed:
    speed: float


@dataclass(frozen=True, slots=True)
class Jump:
    by_ms: int


@dataclass(frozen=True, slots=True)
class Recover:
    """After an unclean end: the clock stands at the last exercise time that was kept."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class SettleGap:
    """The answer to a gap in real time: counted, or left out."""

    gap_ms: int
    counted: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed: what releases itself is released."""


@dataclass(frozen=True, slots=True)
class ReleaseInject:
    inject: str
    reason: str = ""
    as_planned: bool = False
    """Whether it is asked for as one that nobody keeps back: then what somebody has kept back in that moment is refused."""


@dataclass(frozen=True, slots=True)
class SkipInject:
    inject: str
    reason: str = ""
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class DelayInject:
    inject: str
    by_ms: int = 120_000


@dataclass(frozen=True, slots=True)
class KeepInjectBack:
    """Keep an inject back until somebody releases it, whenever it was planned."""

    inject: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SlideInjects:
    by_ms: int = 120_000


@dataclass(frozen=True, slots=True)
class FitPlan:
    """What is still to come is fitted into the time left, as `fitting.fit` proposed and somebody agreed to."""

    cut: tuple[str, ...]
    moved: tuple[tuple[str, int], ...] = ()
    """By how many milliseconds each falls due later; negative: earlier."""
    ends_ms: int = 0
    talk_ms: int = 0


@dataclass(frozen=True, slots=True)
class AddInject:
    """Add an inject on the spot; `data` as a file would write it, `at: hold`."""

    data: Mapping[str, Any] = field(default_factory=dict)
    origin: str = ""


@dataclass(frozen=True, slots=True)
class AcknowledgeInject:
    inject: str
    role: str


@dataclass(frozen=True, slots=True)
class ShowProbe:
    inject: str


@dataclass(frozen=True, slots=True)
class ShowHint:
    inject: str


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    ask: str
    role: str
    value: AnswerValue
    person: str = ""
    rationale: str = ""
    next_report_ms: int | None = None
    """The next report is due that many milliseconds after this one."""
    said_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ExtendAsks:
    """More time for some asks; none named: for every open one."""

    asks: tuple[str, ...] = ()
    by_ms: int = 60_000


@dataclass(frozen=True, slots=True)
class CloseAsk:
    ask: str


@dataclass(frozen=True, slots=True)
class ReopenAsk:
    ask: str


@dataclass(frozen=True, slots=True)
class RevealAnswers:
    ask: str
    names: bool = False


@dataclass(frozen=True, slots=True)
class TurnWall:
    """Have the wall show something else."""

    view: WallKind
    inject: str = ""
    """Which text, of those the room was told; empty: the newest."""
    ask: str = ""
    """Whose revealed answers; empty: those revealed last."""
    span_ms: int = 0
    """How long the timer runs, in real milliseconds."""


@dataclass(frozen=True, slots=True)
class RecordDecision:
    role: str
    text: str
    reason: str = ""
    options: str = ""
    dissent: str = ""
    person: str = ""
    inject: str | None = None
    """None: the inject released last."""
    said_ms: int | None = None


@dataclass(frozen=True, slots=True)
class HearRole:
    role: str
    said_ms: int | None = None


@dataclass(frozen=True, slots=True)
class MarkAction:
    action: str
    state: ActionState | str
    """A state, or `no_record` to take one's own mark away."""
    how: How = "said"
    prompted: bool | None = None
    """None: as the hints and contingency injects shown say."""
    other_role: str = ""
    said_ms: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordBreach:
    prohibited: str
    role: str = ""
    corrected: bool = False
    note: str = ""
    said_ms: int | None = None


@dataclass(frozen=True, slots=True)
class AddNote:
    category: NoteCategory
    text: str
    role: str = ""
    objective: str = ""
    evaluator: str = ""
    said_ms: int | None = None


@dataclass(frozen=True, slots=True)
class SendMessage:
    role: str
    to: str
    text: str
    said_ms: int | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgeMessage:
    """The addressee of a message confirms it, or reads it back in words of its own."""

    message: int
    role: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    evaluator: str
    objective: str
    rating: RatingLetter
    note: str = ""


@dataclass(frozen=True, slots=True)
class ScoreBehaviour:
    evaluator: str
    line: BehaviourLine
    score: int


@dataclass(frozen=True, slots=True)
class MeasureIndicator:
    indicator: str
    value: float


@dataclass(frozen=True, slots=True)
class LockRatings:
    pass


@dataclass(frozen=True, slots=True)
class End:
    """ENDEX."""

    how: EndedHow = "played"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PressEmergency:
    """REAL EMERGENCY: the first press pauses, a second within five seconds confirms."""

    seat: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class CountPerson:
    """Somebody on the roll of a real emergency is accounted for; or, `there` being false, is not after all."""

    person: str
    """As the roll names them (`OnRoll.person`)."""
    there: bool = True


@dataclass(frozen=True, slots=True)
class StandDown:
    reason: str
    missing: tuple[str, ...] = ()
    """Who on the roll is not accounted for."""


@dataclass(frozen=True, slots=True)
class Retract:
    """Take back an entry of the log."""

    entry: Entry
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TakeWheel:
    """Another console drives from here on."""

    holder: str


BriefingCommand = SetParameter | ChoosePace | TickCheck | Start
PeopleCommand = StaffRole | CallRoll | SeatPerson | PersonLeaves
ClockCommand = Pause | ExplainPause | Resume | SetSpeed | Jump | Recover | SettleGap | End | Reopen
InjectCommand = (
    ReleaseInject | SkipInject | DelayInject | KeepInjectBack | SlideInjects | FitPlan
    | AddInject | AcknowledgeInject | ShowProbe | ShowHint | Tick
)  # fmt: skip
AskCommand = GiveAnswer | ExtendAsks | CloseAsk | ReopenAsk | RevealAnswers
WallCommand = TurnWall
RoomCommand = RecordDecision | HearRole | MarkAction | RecordBreach | AddNote | SendMessage | AcknowledgeMessage
EvaluationCommand = Rate | ScoreBehaviour | MeasureIndicator | LockRatings
SafetyCommand = PressEmergency | CountPerson | StandDown

Command = (
    BriefingCommand | Book | PeopleCommand | ClockCommand | InjectCommand | AskCommand | WallCommand | RoomCommand
    | EvaluationCommand | SafetyCommand | Retract | TakeWheel
)  # fmt: skip

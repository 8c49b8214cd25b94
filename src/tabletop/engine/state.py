"""State: what the events that stand add up to. Values here never change; `evolve` makes new ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tabletop.exercise.injects import Inject

from .clock import Clock, Jump
from .events import (
    AnswerValue,
    BehaviourLine,
    Effect,
    EndedHow,
    Entry,
    Holder,
    How,
    InjectReleased,
    NoteCategory,
    Pace,
    RatingLetter,
    RunCreated,
    StaffedBy,
    WallKind,
)
from .events_injects import puts_off
from .state_emergency import Emergency
from .state_time import Booking, Fitted, KeptBack, Pause

Phase = Literal["briefing", "running", "ended"]


@dataclass(frozen=True, slots=True)
class InjectRecord:
    """What became of one inject so far."""

    released_ms: int | None = None
    released_seq: int = 0
    due_ms: int | None = None
    """When it was due at its release."""
    read_ms: int = 0
    off_path: bool = False
    auto: bool = False
    reason: str = ""
    released_by: str = ""
    gone: Literal["", "skipped", "overtaken"] = ""
    delayed_ms: int = 0
    """By how much it was put off, slides included; negative: it was drawn forward to fit."""
    kept: KeptBack | None = None
    """Who kept it back, also once it was released or left out after all."""
    probes: tuple[int, ...] = ()
    """Probes shown, in order."""
    hints: tuple[int, ...] = ()
    hinted_ms: int | None = None
    """When the first hint was shown."""
    hinted_seq: int = 0
    acknowledged: Mapping[str, int] = field(default_factory=dict)
    """Exercise milliseconds at which each role confirmed receipt."""
    acknowledged_seq: Mapping[str, int] = field(default_factory=dict)
    """The entry with which it did."""

    @property
    def kept_back(self) -> KeptBack | None:
        """Who keeps it back now: until a release, a skip, or until that is taken back."""
        return self.kept if self.released_ms is None and not self.gone else None


UNTOUCHED = InjectRecord()


@dataclass(frozen=True, slots=True)
class EffectRecord:
    """An effect of a standing answer, and since when it holds."""

    effect: Effect
    at_ms: int
    seq: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The standing answer of a role to an ask."""

    seq: int
    actor: str
    role: str
    person: str
    value: AnswerValue
    rationale: str
    at_ms: int
    first_ms: int
    """When the role first answered."""
    effects: tuple[EffectRecord, ...]
    amends: int
    """Sequence number of the answer this one replaced; 0: none."""
    next_report_ms: int | None = None


@dataclass(frozen=True, slots=True)
class AskTurn:
    """How an ask stood from a log entry on: whether it was closed, how much time it was given in all, what was revealed of its answers."""

    seq: int = 0
    closed: bool = False
    extended_ms: int = 0
    revealed: Literal["", "counts", "names"] = ""
    revealed_seq: int = 0
    revealed_ms: int | None = None


@dataclass(frozen=True, slots=True)
class AskRecord:
    """What became of one ask so far; it opens with its inject."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    """Standing answers by role."""
    history: tuple[Answer, ...] = ()
    """Every answer in order, the standing ones too."""
    extended_ms: int = 0
    closed: bool = False
    revealed: Literal["", "counts", "names"] = ""
    revealed_seq: int = 0
    """The entry that revealed them last; 0: none."""
    revealed_ms: int | None = None
    """Its exercise time."""
    turns: tuple[AskTurn, ...] = ()
    """How it stood after each entry that closed, opened or revealed it, or gave it time: who is cut off knows only of the earlier ones."""

    def known(self, before: int) -> AskTurn:
        """How it stood as far as anybody knew before log entry `before`."""
        return next((turn for turn in reversed(self.turns) if turn.seq < before), AskTurn())

    def stood(self, role: str, before: int) -> Answer | None:
        """The answer of a role that stands, as far as anybody knew before log entry `before`."""
        newest = self.answers.get(role)
        if newest is None or newest.seq < before:
            return newest
        return next((answer for answer in reversed(self.history) if answer.role == role and answer.seq < before), None)


UNASKED = AskRecord()


@dataclass(frozen=True, slots=True)
class ActionMark:
    """What one person recorded of an expected action."""

    seq: int
    actor: str
    state: str
    how: How
    prompted: bool
    other_role: str
    at_ms: int | None
    note: str
    after_endex: bool
    prompted_said: bool = False
    """Whether `prompted` is what a person said; else what gave it away may be taken back."""


@dataclass(frozen=True, slots=True)
class Decision:
    seq: int
    actor: str
    wall_ms: int
    at_ms: int
    role: str
    person: str
    text: str
    reason: str
    options: str
    dissent: str
    inject: str


@dataclass(frozen=True, slots=True)
class Breach:
    seq: int
    actor: str
    at_ms: int
    prohibited: str
    role: str
    corrected: bool
    note: str


@dataclass(frozen=True, slots=True)
class Note:
    seq: int
    actor: str
    at_ms: int
    category: NoteCategory
    text: str
    role: str
    objective: str
    evaluator: str
    person: str = ""
    """Who said to be at the seat that wrote it; empty: nobody, or it was not written at a seat."""


@dataclass(frozen=True, slots=True)
class RoleMessage:
    seq: int
    at_ms: int
    role: str
    to: str
    text: str
    sent_ms: int
    """When it was recorded: what was said in the room and written down later can be read at a seat from then on."""
    acknowledged_ms: int | None = None
    acknowledged_seq: int = 0
    read_back: str = ""
    """What the addressee read back, where it did so in words."""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    seq: int
    evaluator: str
    objective: str
    rating: RatingLetter
    note: str
    actor: str = ""
    """Who entered it: an evaluator's own word, or the facilitator's."""


@dataclass(frozen=True, slots=True)
class BehaviourScore:
    seq: int
    evaluator: str
    line: BehaviourLine
    score: int
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who plays a role from exercise time `at_ms` on."""

    at_ms: int
    by: StaffedBy
    with_role: str = ""
    seq: int = 0
    """The entry that said so."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a role."""

    role: str
    holder: Holder
    name: str
    since_ms: int
    left_ms: int | None = None
    left_seq: int = 0
    """The entry with which they left, or another name took their place; 0: they are there."""
    renamed: bool = False
    """Whether another name took their place: nobody said that they left."""
    since_seq: int = 0
    """The entry that named them."""


def same_person(name: str) -> str:
    """What is the same for two ways to write a name."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class WallTurn:
    """What the driver turned the wall to, and by which entry; what came later may have turned it since (`wall.shown`)."""

    seq: int = 0
    view: WallKind = "inject"
    inject: str = ""
    ask: str = ""
    wall_ms: int = 0
    span_ms: int = 0
    behind: WallTurn | None = None
    """What a blank wall hides."""


@dataclass(frozen=True, slots=True)
class Retraction:
    """Why and when an event was taken back."""

    seq: int
    reason: str
    actor: str
    entry: Entry | None = None
    """What was taken back."""
    at_ms: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """What the events that stand add up to."""

    phase: Phase = "briefing"
    created: RunCreated | None = None
    pace: Pace = "discussion"
    parameters: Mapping[str, str] = field(default_factory=dict)
    checks: Mapping[str, bool] = field(default_factory=dict)
    clock: Clock = field(default_factory=Clock)
    jumps: tuple[Jump, ...] = ()
    gaps: tuple[Jump, ...] = ()
    """Real time that nobody saw pass and that was counted all the same."""
    last_ms: int = 0
    """Exercise time of the newest event: the clock never shows less."""
    created_wall_ms: int = 0
    started_wall_ms: int | None = None
    ended_wall_ms: int | None = None
    ended_ms: int | None = None
    ended_how: EndedHow | None = None
    locked: bool = False
    """Ratings stand."""
    injects: Mapping[str, InjectRecord] = field(default_factory=dict)
    released: tuple[str, ...] = ()
    """Injects in order of release."""
    added: tuple[Inject, ...] = ()
    asks: Mapping[str, AskRecord] = field(default_factory=dict)
    marks: Mapping[str, tuple[ActionMark, ...]] = field(default_factory=dict)
    """What people recorded of each expected action, in order."""
    effects: Mapping[str, tuple[EffectRecord, ...]] = field(default_factory=dict)
    """Effects of standing answers by target: expected action or prohibited act."""
    breaches: tuple[Breach, ...] = ()
    decisions: tuple[Decision, ...] = ()
    notes: tuple[Note, ...] = ()
    messages: tuple[RoleMessage, ...] = ()
    heard: Mapping[str, int] = field(default_factory=dict)
    """When each role was last heard, in exercise milliseconds."""
    ratings: Mapping[tuple[str, str], Rating] = field(default_factory=dict)
    """By evaluator and objective."""
    behaviour: Mapping[tuple[str, str], BehaviourScore] = field(default_factory=dict)
    indicators: Mapping[str, float] = field(default_factory=dict)
    staffing: Mapping[str, tuple[Staffing, ...]] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    pauses: tuple[Pause, ...] = ()
    emergency: Emergency | None = None
    emergencies: tuple[Emergency, ...] = ()
    retracted: Mapping[int, Retraction] = field(default_factory=dict)
    driver: str = ""
    auto: bool = False
    wall: WallTurn = WallTurn()
    booking: Booking | None = None
    fitted: Fitted | None = None

    @property
    def started(self) -> bool:
        return self.phase != "briefing"

    @property
    def paused(self) -> bool:
        """Whether play has begun and the clock stands."""
        return self.phase == "running" and not self.clock.running

    def now(self, wall_ms: int) -> int:
        """Exercise milliseconds at wall time `wall_ms`; never less than the newest event's."""
        return max(self.last_ms, self.clock.elapsed(wall_ms))

    def people_at(self, role: str) -> tuple[Person, ...]:
        """Who is named at a role now: holder A before B, whoever came first, then who joined beside them."""
        there = (person for person in self.people if person.role == role and person.left_ms is None)
        return tuple(sorted(there, key=lambda person: (person.holder == "+", person.holder)))

    def leapt_over(self, due_ms: int) -> bool:
        """Whether that time was jumped over, or passed unseen: what fell due then is cued and never releases itself."""
        return any(leap.at_ms < due_ms <= leap.at_ms + leap.by_ms for leap in (*self.jumps, *self.gaps))

    def taken_back(self, inject_id: str) -> bool:
        """Whether somebody took back a release of the inject: then it is cued and never releases itself."""
        entries = (why.entry for why in self.retracted.values())
        return any(entry is not None and isinstance(entry.event, InjectReleased) and entry.event.inject == inject_id for entry in entries)

    def put_off_past(self, inject_id: str, due_ms: int) -> bool:
        """Whether the inject fell due while it was kept back, left out or later, before that was taken back.

        Then it is cued and never releases itself: who takes something back does not ask for what the room sees.
        """
        ends = ((why.entry.event, why.at_ms) for why in self.retracted.values() if why.entry is not None)
        return any(due_ms <= at_ms and puts_off(event, inject_id) for event, at_ms in ends)

    def inject(self, inject_id: str) -> InjectRecord:
        return self.injects.get(inject_id, UNTOUCHED)

    def ask(self, ask_id: str) -> AskRecord:
        return self.asks.get(ask_id, UNASKED)

    def staffed_by(self, role: str) -> StaffedBy:
        """Who plays a role now; people unless said otherwise (semantics: *Staffing*)."""
        changes = self.staffing.get(role)
        return changes[-1].by if changes else "people"

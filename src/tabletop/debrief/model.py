"""What a report may say: values of one run, named and in order. Formats lay them out, word tables word them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tabletop.engine.events import BehaviourLine, EndedHow, How, Pace
from tabletop.engine.plan import Plan
from tabletop.engine.state import Answer, Decision, Note, State
from tabletop.engine.state_emergency import Emergency
from tabletop.scoring.because import Because
from tabletop.scoring.breaches import Occurred
from tabletop.scoring.marks import Case
from tabletop.scoring.people import Stay, Stint
from tabletop.scoring.scorecard import Assessed, Scorecard
from tabletop.scoring.timeline import Row

RunKind = Literal["live", "practice", "rehearsal", "collected"]
RunStatus = Literal["open", "ended", "draft", "final"]
Severity = Literal["deficiency", "corrective", "improvement"]
"""不足项, 整改项, 改进项: by effect on life safety."""

SuggestionKind = Literal["breach", "missed", "late", "prompted", "partial", "other-role"]
"""Why something is suggested for improvement, the gravest first."""

LateKind = Literal["action", "answer", "receipt", "report"]


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What the store knows of a run and its log does not say."""

    id: str
    kind: RunKind = "live"
    status: RunStatus | None = None
    """None: as the log says."""
    events: int = 0
    """How many events the seal counts; 0: as many as there are."""
    head: str = ""
    """Hash of the newest event."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a number misleads without."""

    pace: Pace
    people: int
    played: int
    """Injects released of those the pace plays by itself and the path led to ..."""
    planned: int
    """... of so many."""
    extra: int
    """Injects released beyond them: held, set aside, added, off the path."""
    assessed: Assessed
    evaluators: int
    """How many people rated."""
    hints: int
    recorded: int
    """Due actions with a record ..."""
    due: int
    """... of so many."""
    evidence: float | None
    """The same by weight, 0 to 1."""
    paused_ms: int
    """Real milliseconds the clock stood."""
    jumped_ms: int
    emergencies: int
    """How often it was pressed between STARTEX and ENDEX."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the expected actions."""

    unaided: int
    prompted: int
    partial: int
    missed: int
    no_record: int
    not_observed: int
    pending: int
    not_applicable: int
    late: int
    """Done or partly done, but after their deadline."""
    other_role: int
    how: Mapping[How, int]
    """How it is known of those done or partly done."""


@dataclass(frozen=True, slots=True)
class ActionLine:
    """One expected action and what became of it."""

    case: Case
    because: tuple[Because, ...]

    @property
    def id(self) -> str:
        return self.case.standing.action.id

    @property
    def done(self) -> bool:
        """Done or partly done."""
        return self.case.standing.state in ("done", "partial")


@dataclass(frozen=True, slots=True)
class Late:
    """Something that was owed by a time and came later, or of which there is no record."""

    kind: LateKind
    roles: tuple[str, ...]
    """Who owed it; several where none of them answered or confirmed the same thing."""
    what: Because
    due_ms: int | None
    came_ms: int | None
    """When it came, in exercise milliseconds; None: no record."""
    late_ms: int | None
    """How much later than due, as its role lived through it; None: no record."""
    seq: int = 0
    """The log entry that was it; 0: none."""
    in_a_row: int = 1
    """How many situation reports fell due before one came, or how many messages of one role have no receipt."""

    @property
    def shown_ms(self) -> int | None:
        """How much later than due, as the times that stand beside it come to in whole seconds; less where its role did not live through all
        of it.
        """
        if self.late_ms is None or self._between_ms is None:
            return self.late_ms
        return self.late_ms // 1000 * 1000 if self.not_all_lived else self._between_ms

    @property
    def not_all_lived(self) -> bool:
        """Whether it is less late than the times that stand beside it come to: its role was cut off, or time was jumped over."""
        return self.late_ms is not None and self._between_ms is not None and self._between_ms - self.late_ms >= 1000

    @property
    def _between_ms(self) -> int | None:
        """From when it was due until it came, in whole seconds as both are printed."""
        if self.due_ms is None or self.came_ms is None:
            return None
        return (self.came_ms // 1000 - self.due_ms // 1000) * 1000

    @property
    def times(self) -> int:
        """How many answers, receipts or reports it stands for."""
        return len(self.roles) * self.in_a_row


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision somebody spoke, or an answer, with how long it took."""

    decision: Decision | Answer
    ask: str
    """Empty for a spoken decision."""
    inject: str
    wall_ms: int
    latency_ms: int | None
    late_ms: int = 0
    """How much later than its time an answer came; 0 where nothing can be late."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the log suggests to improve, until people write it in their own words."""

    id: str
    kind: SuggestionKind
    severity: Severity
    weight: int
    because: Because
    action: str = ""
    objective: str = ""
    clause: str = ""
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """What became of a clause of the plan under test."""

    clause: str
    done: int
    """Its actions done on time and unaided."""
    troubled: int
    """Done late, partly, after a hint or by another role."""
    missed: int
    unknown: int
    """Without a record, or not yet due."""


@dataclass(frozen=True, slots=True)
class RoleLine:
    """Who played a role between STARTEX and ENDEX; people are counted, not named."""

    role: str
    stints: tuple[Stint, ...]
    holders: int
    """How many people known by name."""
    parts: tuple[Stay, ...]
    """The times of those of them who were not there from STARTEX to the end, in order."""


@dataclass(frozen=True, slots=True)
class BehaviourSeen:
    """What the evaluators gave a line of behaviour, 5 best."""

    line: BehaviourLine
    median: int
    """Of two middle scores the lower."""
    n: int
    """How many people scored it."""
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """An expected action of which people, or an option, said different things; the first is the word that stands."""

    action: str
    words: tuple[tuple[str, str], ...]
    """Whose word (an actor of the log, or `option`) and which state."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """An outcome: reported, never scored (R000-18, R001-03)."""

    indicator: str
    unit: str
    value: float | None


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An entry that no longer counts."""

    row: Row | None
    """What it was; None where its kind has no row."""
    seq: int
    reason: str
    by_seq: int


@dataclass(frozen=True, slots=True)
class Unrecorded:
    """A critical action that nobody recorded, and what was going on around its deadline."""

    case: Case
    around_ms: int
    """The deadline; without one, the moment its inject had been read."""
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Debrief:
    """Everything a report may say of one run."""

    run: RunInfo
    plan: Plan
    state: State
    offset_min: int
    """Minutes that the clocks on the wall were ahead of UTC where it was played."""
    ended_how: EndedHow | None
    conditions: Conditions
    counts: Counts
    course: tuple[Because, ...]
    """What happened, in five lines."""
    timeline: tuple[Row, ...]
    card: Scorecard
    locked: bool
    """Whether ratings stand; before that no score is shown."""
    actions: tuple[ActionLine, ...]
    late: tuple[Late, ...]
    """What came after its time, or fell due and has no record; nothing in the discussion pace."""
    well: tuple[ActionLine, ...]
    """Critical actions done on time and unaided."""
    suggestions: tuple[Suggestion, ...]
    unrecorded: tuple[Unrecorded, ...]
    wanted: tuple[Because, ...]
    """What is still wanted from people."""
    strengths: tuple[Note, ...]
    gaps: tuple[Note, ...]
    observations: tuple[Note, ...]
    rulings: tuple[Note, ...]
    parked: tuple[Note, ...]
    decisions: tuple[DecisionLine, ...]
    breaches: tuple[Occurred, ...]
    indicators: tuple[Measurement, ...]
    clauses: tuple[ClauseLine, ...]
    roles: tuple[RoleLine, ...]
    behaviour: tuple[BehaviourSeen, ...]
    differences: tuple[Difference, ...]
    """Actions of which people, or an option, said different things."""
    emergencies: tuple[Emergency, ...]
    """Those pressed between STARTEX and ENDEX."""
    retracted: tuple[TakenBack, ...]

    @property
    def status(self) -> RunStatus:
        """Open, ended, draft or final."""
        if self.run.status is not None:
            return self.run.status
        if self.locked:
            return "draft"
        return "ended" if self.state.phase == "ended" else "open"

    @property
    def exercise_ms(self) -> int:
        """How far the exercise clock came."""
        return self.state.last_ms if self.state.ended_ms is None else self.state.ended_ms

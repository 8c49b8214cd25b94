"""What players may see, as values: the wall's view and a seat's. Made by `seats` alone; texts in the languages of the exercise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tabletop.exercise.asks import AnswerType
from tabletop.exercise.injects import AlertLevel, InjectKind
from tabletop.text import Text

from .events import AnswerValue, Holder, WallKind
from .links import Overdue
from .state import Phase
from .stopped import Stopped


@dataclass(frozen=True, slots=True)
class Told:
    """An inject as those see it who were told."""

    inject: str
    kind: InjectKind
    title: Text
    text: Text
    sender: Text | None
    at_ms: int
    roles: tuple[str, ...] = ()
    """Of this seat's roles, those it went to; empty: it went to the whole room."""


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock stands: why (a code or typed words, empty: not said yet), and where that came from."""

    reason: str
    site: str
    place: Text = ""
    """What the exercise calls that place, or the places of a group's seat; else as it was given."""


Post = Literal["role", "evaluator", "lead", "recorder", "site", "viewer"]
"""What somebody on the roll is there as."""


@dataclass(frozen=True, slots=True)
class OnRoll:
    """Somebody to be counted."""

    name: str
    """Empty: somebody is there and gave no name."""
    post: Post
    seats: tuple[Text, ...] = ()
    """Titles of the roles, the site of a site controller; else empty."""
    person: str = ""
    """What the record calls them: their name, or without one their seat, `seat:teller-1`."""
    counted_wall_ms: int | None = None
    """When they were accounted for, in milliseconds since 1970 UTC; None: nobody has seen them yet."""
    places: int = 1
    """At how many seats that name is on devices, and signed in besides: more than one may be as many people of one name."""


@dataclass(frozen=True, slots=True)
class PressedAt:
    """A seat at which a real emergency was pressed."""

    seat: str
    """As it was given: `console`, `wall`, `seat:teller-1` ..."""
    roles: tuple[Text, ...] = ()
    """Short names of its roles."""


@dataclass(frozen=True, slots=True)
class RealEmergency:
    """A real emergency; number, muster point and roll once it is confirmed."""

    seat: str
    """Where it was pressed first."""
    site: str
    raised_wall_ms: int
    """When it was pressed last before it was confirmed: a second press counts from then."""
    since_wall_ms: int
    """When it was pressed first."""
    confirmed: bool
    place: Text = ""
    """Where it was pressed, that of the first press at the head (the run's own site, where it does not say); empty: nothing does."""
    seats: tuple[PressedAt, ...] = ()
    """That seat, and each from which a later press named another place."""
    number: str = ""
    muster: Text | None = None
    roll: tuple[OnRoll, ...] = ()
    """Everybody to be counted (`engine.roll`)."""

    @property
    def counted(self) -> int:
        """How many are accounted for."""
        return sum(one.counted_wall_ms is not None for one in self.roll)


OVER_MS = 20_000
"""Real milliseconds for which it is said at least that a real emergency is over."""


@dataclass(frozen=True, slots=True)
class EmergencyOver:
    """A real emergency was stood down: what becomes of the exercise is said for a while, and again when play goes on."""

    since_wall_ms: int
    """When it was stood down, or play went on after it, in milliseconds since 1970 UTC."""
    exercise: Literal["running", "paused", "briefing", "ended"]
    """Where the exercise is now."""
    waits: bool
    """Whether play stands as the emergency left it, and is yet to go on."""

    def told(self, wall_ms: int) -> bool:
        """Whether it is to be said at `wall_ms`, in milliseconds since 1970 UTC."""
        return self.waits or wall_ms - self.since_wall_ms < OVER_MS

    def left_ms(self, wall_ms: int) -> int | None:
        """For how many milliseconds it is still to be said; None: until play goes on."""
        return None if self.waits else max(0, self.since_wall_ms + OVER_MS - wall_ms)


@dataclass(frozen=True, slots=True)
class Item:
    """A ruling or a parked item, with the exercise time at which it was said."""

    at_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class Tally:
    """One way to answer, and how many chose it."""

    texts: tuple[Text, ...]
    """The options it consists of, or the words, the number; empty: a plain yes."""
    count: int
    roles: tuple[Text, ...] = ()
    """Short names of the roles that gave it; empty until names were revealed."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """The answers to an ask, after they were revealed: counts, and names where those were revealed too."""

    ask: str
    question: Text
    answered: int
    asked: int
    tallies: tuple[Tally, ...]
    names: bool
    at_ms: int | None = None
    """When they were last revealed, in exercise milliseconds."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """An ask of the inject on the wall: how many have answered, never who."""

    answered: int
    asked: int
    deadline_ms: int | None


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer in real time: its end in milliseconds since 1970 UTC, and how long it was."""

    ends_wall_ms: int
    span_ms: int


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened to the room: `startex`, `inject`, `ruling`, `pause`, `endex`, with its text where it has one."""

    at_ms: int
    what: str
    text: Text = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """What wall and seats both show."""

    phase: Phase
    title: Text
    handling: Text
    setting: Text
    site: str
    alert: AlertLevel
    now_ms: int
    running: bool
    paused: Paused | None
    ended_wall_ms: int | None
    """When ENDEX was, in milliseconds since 1970 UTC: the hot wash counts from there."""
    emergency: RealEmergency | None
    speed: float = 1.0
    """Exercise seconds for each real second while the clock runs: a browser counts by itself."""
    emergency_over: EmergencyOver | None = None
    """That a real emergency was stood down; None: one stands, or there was none."""
    driven: bool = True
    """Whether anybody drives; where nobody does, the clock stands."""
    alert_ms: int = 0
    """Since when `alert` holds, in exercise milliseconds."""


@dataclass(frozen=True, slots=True)
class WallView:
    """All that the shared display may show at a moment."""

    shared: Shared
    view: WallKind
    inject: Told | None
    """What the room was told last, or an earlier text the driver turned to; None before the first."""
    earlier: bool
    """Whether `inject` is not what the room was told last."""
    awaited: tuple[Awaited, ...]
    """The open asks of `inject`."""
    rulings: tuple[Item, ...]
    parked: tuple[Item, ...]
    """Only while the wall is turned to them."""
    answers: Revealed | None
    timer: Timer | None
    timeline: tuple[Moment, ...]
    """Only while the wall is turned to it."""
    no_link: bool = False
    """Whether the site of this wall is cut off: then it holds only what was there before."""


@dataclass(frozen=True, slots=True)
class SeatRole:
    """A role of a seat: who it is and what it is for."""

    id: str
    number: int
    title: Text
    short: Text
    duty: Text
    people: tuple[tuple[Holder, str], ...]
    no_link: bool = False
    """Whether the role is cut off: nothing more reaches it, and nothing it sends is taken, but the emergency."""
    stopped: Stopped | None = None
    """Why it is not played at this seat any more: nothing more reaches it here, and nothing it sends is taken; None: it is."""


@dataclass(frozen=True, slots=True)
class SeatOption:
    """One way to answer, without what it brings about."""

    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """The standing answer of one of the seat's roles."""

    role: str
    person: str
    """Who gave it, as they were called then; empty: nobody knows."""
    value: AnswerValue
    rationale: str
    at_ms: int
    fixed: bool
    """Whether it can no longer be changed."""
    next_report_ms: int | None = None
    """A report: when the next one is to come, in exercise milliseconds; None: it was not said."""
    changed: bool = False
    """Whether it took the place of an answer the role gave before."""

    def announced_ms(self, now_ms: int) -> int | None:
        """When the next report comes, where that was said and is still to come."""
        return self.next_report_ms if self.next_report_ms is not None and self.next_report_ms > now_ms else None


@dataclass(frozen=True, slots=True)
class SeatAsk:
    """An ask that is addressed to the seat."""

    id: str
    inject: str
    question: Text
    answer: AnswerType
    options: tuple[SeatOption, ...]
    """In the order of this run, the same on every screen and card."""
    elements: tuple[SeatOption, ...]
    rationale: str
    roles: tuple[str, ...]
    """Those of the seat's roles that are asked."""
    open: bool
    deadline_ms: int | None
    mine: tuple[OwnAnswer, ...]
    over: Overdue | None = None
    """How late an answer is after the deadline; None where there is none."""
    window_ms: int = 0
    """How long there was to answer once it had been read, as far as this seat knows; 0 where there is no deadline."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A confirmation of receipt that one of the seat's roles owes or has given."""

    inject: str
    role: str
    within_ms: int
    since_ms: int
    confirmed_ms: int | None
    due_ms: int | None = None
    """When its window ends; None in the discussion pace."""
    over: Overdue | None = None
    """How late it is after that."""


@dataclass(frozen=True, slots=True)
class SeatMessage:
    """A message from or to one of the seat's roles, by short names."""

    seq: int
    at_ms: int
    sender: Text
    to: Text
    to_role: str
    """The id of the role it went to: two may share a short name."""
    to_me: bool
    text: str
    read_back: bool
    words: str = ""
    """What was read back, in the addressee's words; empty: it was only confirmed."""
    due_ms: int | None = None
    """When it should have been read back, while it was not; None in the discussion pace, and where nobody is there to read it back."""
    over: Overdue | None = None
    """How late that is afterwards."""
    read_back_ms: int | None = None
    """When it was read back; None: it was not yet."""


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """A decision that one of the seat's roles recorded at a seat."""

    seq: int
    role: str
    at_ms: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class OwnReport:
    """The report that one of the seat's roles said it would give, and has not given yet."""

    role: str
    due_ms: int
    over: Overdue | None = None
    """How late it is after that."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """A word that this seat left after ENDEX."""

    seq: int
    role: str
    category: Literal["strength", "gap"]
    text: str


@dataclass(frozen=True, slots=True)
class SeatView:
    """All that a seat may show at a moment."""

    shared: Shared
    roles: tuple[SeatRole, ...]
    told: tuple[Told, ...]
    """What the room and these roles were told, in order."""
    asks: tuple[SeatAsk, ...]
    """What these roles are or were asked, in order of release."""
    receipts: tuple[Receipt, ...]
    rulings: tuple[Item, ...]
    revealed: tuple[Revealed, ...]
    messages: tuple[SeatMessage, ...]
    no_link: bool = False
    """Whether all roles of the seat are cut off: then it holds only what was there before."""
    feedback: tuple[Feedback, ...] = ()
    """What the seat said after ENDEX, in order."""
    reports: tuple[OwnReport, ...] = ()
    """What these roles said they would report, and when."""
    decisions: tuple[OwnDecision, ...] = ()
    """What these roles decided and recorded at a seat, in order."""

    @property
    def playing(self) -> tuple[SeatRole, ...]:
        """The roles that are played here: none, where somebody else plays them all or the person has left."""
        return tuple(role for role in self.roles if role.stopped is None)

    @property
    def stopped(self) -> Stopped | None:
        """Why nothing is played here at all; None while any role is."""
        return next((role.stopped for role in self.roles), None) if not self.playing else None

    def told_last(self, role: str) -> str:
        """The inject that one of the roles was told last: not what others were told since, at this seat or elsewhere; empty: none."""
        return next((one.inject for one in reversed(self.told) if not one.roles or role in one.roles), "")

"""What players may see, as values: the wall's view and a seat's. Made by `seats` alone; texts in the languages of the exercise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tabletop.exercise.asks import AnswerType
from tabletop.exercise.injects import AlertLevel, InjectKind
from tabletop.text import Text

from .events import AnswerValue, Holder, WallKind
from .state import Phase


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
    """What the exercise calls that site; else as it was given."""


Post = Literal["role", "evaluator", "lead", "recorder", "site"]
"""What somebody on the roll is there as."""


@dataclass(frozen=True, slots=True)
class OnRoll:
    """Somebody to be counted."""

    name: str
    """Empty: somebody plays the role and gave no name."""
    post: Post
    seat: Text = ""
    """The short name of the role, the site of a site controller; else empty."""


@dataclass(frozen=True, slots=True)
class RealEmergency:
    """A real emergency; number, muster point and roll once it is confirmed."""

    seat: str
    """Where it was pressed, as it was given: `console`, `wall`, `seat:teller-1` ..."""
    site: str
    raised_wall_ms: int
    confirmed: bool
    place: Text = ""
    """What the exercise calls that site; else as it was given."""
    roles: tuple[Text, ...] = ()
    """Short names of the roles of that seat, where it is one of roles."""
    number: str = ""
    muster: Text | None = None
    roll: tuple[OnRoll, ...] = ()
    """Everybody to be counted: who signed in and has not left, in the order of the roles, then those who judge and record."""


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
    value: AnswerValue
    rationale: str
    at_ms: int
    fixed: bool
    """Whether it can no longer be changed."""


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


@dataclass(frozen=True, slots=True)
class SeatMessage:
    """A message from or to one of the seat's roles, by short names."""

    seq: int
    at_ms: int
    sender: Text
    to: Text
    to_me: bool
    text: str
    read_back: bool
    words: str = ""
    """What was read back, in the addressee's words; empty: it was only confirmed."""
    due_ms: int | None = None
    """When it should have been read back, while it was not; None in the discussion pace, and where nobody is there to read it back."""


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

"""Injects: what the room is told, and what is expected of it then."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, PlainValidator, ValidationInfo, WithJsonSchema

from .asks import Ask
from .conditions import Condition
from .durations import DURATION_SCHEMA, Duration, parse_duration
from .parts import ClauseId, InjectId, ObjectiveId, Part, PhaseId, RoleId, SiteId, Slug, Titled, Truth, Words

InjectKind = Literal[
    "situation", "alarm", "call", "radio", "message", "demand", "order", "inquiry", "intel", "decision", "facility",
    "casualty", "family", "media", "social", "rumour", "resource", "recovery",
]  # fmt: skip
"""What sort of news an inject is: it decides the look and sound of its card and nothing else."""

KINDS: tuple[InjectKind, ...] = get_args(InjectKind)

AlertLevel = Literal["none", "blue", "yellow", "orange", "red"]

Criticality = Literal["critical", "major", "normal"]
"""How much an expected action weighs: 3, 2, 1."""

Category = Literal["safety", "decide", "notify", "family", "evidence", "recover"]

Delivery = Literal["voice", "card", "phone", "screen"]


def _at(value: object, info: ValidationInfo) -> int | Literal["hold"] | None:
    return value if value is None or value == "hold" else parse_duration(value, info)


DueAt = Annotated[int | Literal["hold"] | None, PlainValidator(_at), WithJsonSchema({"anyOf": [DURATION_SCHEMA, {"const": "hold"}]})]


class After(Part):
    """Due that long after another inject was released."""

    inject: InjectId
    delay: Duration = 0


class DoneBy(Part):
    """A later event that evidences an expected action by itself."""

    released: InjectId


class ExpectedAction(Titled):
    """What a role should do, by when, and what it counts for."""

    by: RoleId
    """The owner: the role that should do it."""
    within: Duration | None = None
    """Deadline, in seconds from when the inject has been read; left out: due while the inject is released."""
    criticality: Criticality
    """How much it weighs: critical 3, major 2, normal 1."""
    category: Category
    """What sort of action it is."""
    objective: ObjectiveId
    """The one objective it counts for."""
    clause: ClauseId | None = None
    """Of the plan under test."""
    measure: Slug | None = None
    """The same thing in other exercises: what a re-test compares."""
    done_by: DoneBy | None = None
    """A later inject whose release shows that it was done."""
    live_standard: Words | None = None
    """What holds outside the tabletop: shown, never scored."""


class Acknowledge(Part):
    """Receipt is to be confirmed within that many seconds."""

    within: Duration = 120


def _acknowledge(value: object) -> object:
    if value is True:
        return {}
    return None if value is False else value


class SiteRef(Part):
    """A site whose link an inject cuts or restores."""

    site: SiteId


class Inject(Titled):
    """One thing the room, or some of its roles, is told."""

    kind: InjectKind
    """What sort of news it is: decides the look and sound of its card."""
    text: Words
    """What players read or hear."""
    at: DueAt = None
    """When it is due, on the exercise clock (in seconds); `hold`: kept back until the facilitator wants it. Or `after`."""
    after: After | None = None
    """Due that long after another inject was released. Or `at`."""
    phase: PhaseId | None = None
    """The phase it belongs to."""
    core: Truth = False
    """Played in the discussion pace too."""
    sender: Words | None = Field(None, alias="from")
    """The simulated sender."""
    to: tuple[RoleId, ...] = ()
    """The roles told; empty: the whole room. With `to` it is private."""
    deliver: Delivery | None = None
    """How it reaches them; left out: voice for the room, card for private ones."""
    props: tuple[Words, ...] = ()
    """What the facilitator picks up for it: shown under NEXT, listed in the kit."""
    read: Duration | None = None
    """Time for reading it aloud, in seconds; left out: worked out from the text."""
    notes: Words | None = None
    """For the facilitator alone: what to watch for."""
    probes: tuple[Words, ...] = ()
    """Open questions for a silent room; they give nothing away."""
    hints: tuple[Words, ...] = ()
    """Give something away: what is done after one counts as done after a hint."""
    acknowledge: Annotated[Acknowledge | None, BeforeValidator(_acknowledge)] = None
    attachments: tuple[str, ...] = ()
    """Files beside the exercise file, never outside its folder."""
    cut: SiteRef | None = None
    """Fails the link of a site: its stations and wall show NO LINK until an inject restores it."""
    restore: SiteRef | None = None
    """Restores the link of a site."""
    alert: AlertLevel | None = None
    """The alert level from here on."""
    when: Condition | None = None
    """The path it belongs to; left out: every path."""
    cue: Condition | None = None
    """When a held inject is wanted."""
    release: Literal["auto"] | None = None
    """`auto`: it releases itself when it is due."""
    asks: tuple[Ask, ...] = ()
    """Prompts to roles: at most two, on real dilemmas."""
    expects: tuple[ExpectedAction, ...] = ()
    """What roles should do now."""

    @property
    def private(self) -> bool:
        """Whether only some roles are told: never on the wall, never read aloud."""
        return bool(self.to)

    @property
    def held(self) -> bool:
        """Whether it is released by hand only."""
        return self.at == "hold"

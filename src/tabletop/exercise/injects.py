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
    """Deadline in seconds from when the inject has been read; None: due while the inject is released."""
    criticality: Criticality
    category: Category
    objective: ObjectiveId
    clause: ClauseId | None = None
    """Of the plan under test."""
    measure: Slug | None = None
    """The same thing in other exercises: what a re-test compares."""
    done_by: DoneBy | None = None
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
    text: Words
    """What players read or hear."""
    at: DueAt = None
    """Seconds on the exercise clock, or `hold`: kept back until the facilitator wants it."""
    after: After | None = None
    phase: PhaseId | None = None
    core: Truth = False
    """Played in the discussion pace too."""
    sender: Words | None = Field(None, alias="from")
    to: tuple[RoleId, ...] = ()
    """The roles told; empty: the whole room. With `to` it is private."""
    deliver: Delivery | None = None
    props: tuple[Words, ...] = ()
    read: Duration | None = None
    """Seconds of reading aloud; None: worked out from the text."""
    notes: Words | None = None
    probes: tuple[Words, ...] = ()
    hints: tuple[Words, ...] = ()
    acknowledge: Annotated[Acknowledge | None, BeforeValidator(_acknowledge)] = None
    attachments: tuple[str, ...] = ()
    cut: SiteRef | None = None
    restore: SiteRef | None = None
    alert: AlertLevel | None = None
    when: Condition | None = None
    """The path it belongs to; None: every path."""
    cue: Condition | None = None
    """When a held inject is wanted."""
    release: Literal["auto"] | None = None
    asks: tuple[Ask, ...] = ()
    expects: tuple[ExpectedAction, ...] = ()

    @property
    def private(self) -> bool:
        """Whether only some roles are told: never on the wall, never read aloud."""
        return bool(self.to)

    @property
    def held(self) -> bool:
        """Whether it is released by hand only."""
        return self.at == "hold"

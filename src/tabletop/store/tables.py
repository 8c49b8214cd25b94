"""The tables of a store, column by column: what a new file is made from and what migrations are compared with.

Owns: columns, keys and constraints. Refuses to own: reading and appending, which go through plain `sqlite3` (`engine`, `log`):
loading SQLModel adds some 300 ms and 24 MB to every station, and its session more than doubles the time of a commit. So it
is loaded when a store is made or migrated, and for nothing that a person waits for.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, MetaData, Text
from sqlmodel import Field, SQLModel

from .schema import KINDS, STATUSES


def _one_of(column: str, allowed: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in allowed)})", name=f"{column}_is_known")


class Table(SQLModel):
    """What every table of a store shares."""

    metadata = MetaData()


class Run(Table, table=True):
    """One playing of an exercise, with the copy of the exercise it was made from."""

    __table_args__ = (_one_of("kind", KINDS), _one_of("status", STATUSES))

    number: int | None = Field(default=None, primary_key=True)
    """Order of making: `latest` is the highest, whatever the clock of the computer said."""
    id: str = Field(unique=True)
    kind: str
    status: str
    events: int
    """How many events the log has; written in the transaction of every append."""
    head: str
    """Hash of the newest event, or what the first event is chained to."""
    exercise: str
    """Id of the exercise."""
    version: str
    title: str
    """JSON: the title of the exercise, a text or a map of languages."""
    pace: str | None
    subject: str | None
    site: str | None
    level: str | None
    created: str
    """Times are ISO 8601 UTC with milliseconds."""
    started: str | None
    ended: str | None
    people: int | None
    score: float | None
    """Null until ratings lock."""
    grade: str | None
    evidence: float | None
    """Share of due actions with a record, 0 to 1."""
    exercise_hash: str
    exercise_json: str = Field(sa_column=Column(Text, nullable=False))
    """Last, because it is long: what stands before it is read and written without it."""


class Event(Table, table=True):
    """One event of a run, sealed (semantics: *The log and its seal*)."""

    run: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    id: str = Field(unique=True)
    """Made by the client, so that an append whose fate is unknown can be looked up."""
    kind: str
    wall_time: str
    exercise_ms: int
    actor: str
    fence: int
    body: str | None = Field(sa_column=Column(Text))
    """JSON; null after redaction, and so is the salt."""
    salt: str | None
    body_hash: str
    prev: str
    hash: str


class Lease(Table, table=True):
    """Who drives a run, and how far the exercise clock was when they last said so."""

    run: str = Field(primary_key=True)
    fence: int
    """Grows with every new holder; an older one may not append any more."""
    holder: str
    host: str
    pid: int
    heartbeat: str
    exercise_ms: int
    released: bool


class Draft(Table, table=True):
    """What somebody has typed and not sent; outside the log."""

    run: str = Field(primary_key=True)
    seat: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))


class Attachment(Table, table=True):
    """A file kept with a run: what the exercise shows, or a finished report."""

    run: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    sha256: str
    content: bytes


class SeatCode(Table, table=True):
    """The newest join code of a seat; only its hash is kept (T12)."""

    __tablename__ = "seat_code"

    run: str = Field(primary_key=True)
    seat: str = Field(primary_key=True)
    """Who may join with it, as the log names an actor: `seat:teller-1`."""
    hash: str
    made_ms: int
    """Times of seats are milliseconds since 1970 UTC: nobody reads them but the program."""
    used_ms: int | None


class SeatPass(Table, table=True):
    """What a browser holds after a code was redeemed; only the hash of its token is kept."""

    __tablename__ = "seat_pass"

    id: str = Field(primary_key=True)
    run: str
    seat: str
    hash: str = Field(unique=True)
    name: str
    made_ms: int
    kicked: bool


class Presence(Table, table=True):
    """Who is there: one row for each terminal or browser that was ever at a seat."""

    run: str = Field(primary_key=True)
    place: str = Field(primary_key=True)
    seat: str
    name: str
    device: str
    since_ms: int
    seen_ms: int
    typing_ms: int | None
    gone: bool


class Lobby(Table, table=True):
    """Whether people may still join a run from their own devices, and where."""

    run: str = Field(primary_key=True)
    salt: str
    locked: bool
    paper: bool
    hellos: int
    address: str


class Decision(Table, table=True):
    """Behind the view `decision_log`: one row a decision."""

    run: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    wall_time: str | None
    exercise_s: float | None
    role: str | None
    person: str | None
    inject: str | None
    ask: str | None
    decision: str | None
    rationale: str | None
    latency_s: float | None
    amends: int | None
    """Sequence number of the decision this one replaces."""
    retracted: bool | None


class Inject(Table, table=True):
    """Behind the view `inject_log`: one row an inject, from STARTEX on."""

    run: str = Field(primary_key=True)
    inject: str = Field(primary_key=True)
    kind: str | None
    planned_s: float | None
    released_s: float | None
    late_s: float | None
    status: str | None
    reason: str | None
    released_by: str | None


class Action(Table, table=True):
    """Behind the view `action_log`: one row an expected action; the state settles at ENDEX."""

    run: str = Field(primary_key=True)
    action: str = Field(primary_key=True)
    objective: str | None
    owner: str | None
    criticality: str | None
    deadline_s: float | None
    state: str | None
    latency_s: float | None
    how: str | None
    prompted: bool | None
    other_role: str | None
    """The role that did it, where it was not the owner."""
    evidence_seq: int | None


class Improvement(Table, table=True):
    """Behind the view `improvement_plan`: one row a corrective action."""

    run: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    finding: str | None
    action: str | None
    element: str | None
    severity: str | None
    owner: str | None
    due: str | None
    status: str | None
    verify_by: str | None
    verified_by_run: str | None

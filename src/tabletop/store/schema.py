"""What a store file holds beside its tables: its stamp, the views leaders query, the triggers that keep the log.

Owns: version and application id, the text of views and triggers, which projections there are. Light on purpose: opening
a store reads this and not `tables`, which loads SQLModel.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

APPLICATION_ID = 0x54425450
"""`TBTP`: how a store says that it is one."""

VERSION = 2
"""Version of the store, kept as `user_version`. A new event kind or a new shape of a body is a new version too: an older
program must refuse what it cannot read (F18)."""

PROGRAMME = "programme"
"""Id of the store-wide sealed run that records what happens to findings after reports are final; no playing of an exercise."""

KINDS = ("live", "practice", "rehearsal", "collected")
STATUSES = ("open", "ended", "draft", "final")


class Projection(NamedTuple):
    """A table kept in step with the log, behind a view of the public contract."""

    table: str
    key: str
    """The column that, with `run`, names a row. Empty: one row a run."""
    columns: tuple[str, ...]
    """The columns of the view, in the order of the contract."""


PROJECTIONS: dict[str, Projection] = {
    "decision_log": Projection(
        "decision",
        "seq",
        (
            *("run", "seq", "wall_time", "exercise_s", "role", "person", "inject", "ask", "decision", "rationale"),
            *("latency_s", "amends", "retracted"),
        ),
    ),
    "inject_log": Projection(
        "inject",
        "inject",
        ("run", "inject", "kind", "planned_s", "released_s", "late_s", "status", "reason", "released_by"),
    ),
    "action_log": Projection(
        "action",
        "action",
        (
            *("run", "action", "objective", "owner", "criticality", "deadline_s", "state", "latency_s", "how", "prompted"),
            *("other_role", "evidence_seq"),
        ),
    ),
    "run_summary": Projection(
        "run",
        "",
        (
            *("run", "kind", "exercise", "version", "pace", "subject", "site", "level", "started", "ended", "people", "score"),
            *("grade", "evidence", "status"),
        ),
    ),
    "improvement_plan": Projection(
        "improvement",
        "id",
        ("run", "id", "finding", "action", "element", "severity", "owner", "due", "status", "verify_by", "verified_by_run"),
    ),
}
"""The views of the public contract, by name."""


def _view(name: str) -> str:
    projection = PROJECTIONS[name]
    if name == "run_summary":
        columns = ", ".join(("id AS run", *projection.columns[1:]))
        return f"CREATE VIEW {name} AS SELECT {columns} FROM run WHERE id <> '{PROGRAMME}'"
    return f"CREATE VIEW {name} AS SELECT {', '.join(projection.columns)} FROM {projection.table}"


VIEWS: dict[str, str] = {name: _view(name) for name in PROJECTIONS}

TRIGGERS: dict[str, str] = {
    "event_stays": """CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    "event_follows": """CREATE TRIGGER event_follows BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT COALESCE(MAX(seq), 0) + 1 FROM event WHERE run = NEW.run)
  OR EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    "event_is_final": """CREATE TRIGGER event_is_final BEFORE UPDATE ON event
WHEN NEW.body IS NOT NULL OR NEW.salt IS NOT NULL
  OR NEW.run IS NOT OLD.run OR NEW.seq IS NOT OLD.seq OR NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind
  OR NEW.wall_time IS NOT OLD.wall_time OR NEW.exercise_ms IS NOT OLD.exercise_ms OR NEW.actor IS NOT OLD.actor
  OR NEW.fence IS NOT OLD.fence OR NEW.body_hash IS NOT OLD.body_hash OR NEW.prev IS NOT OLD.prev OR NEW.hash IS NOT OLD.hash
  OR NOT EXISTS (
    SELECT 1 FROM event AS later WHERE later.run = OLD.run AND later.seq > OLD.seq AND later.kind = 'redacted'
    AND json_extract(later.body, '$.event') = OLD.seq)
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END""",
    "run_stays": """CREATE TRIGGER run_stays BEFORE DELETE ON run WHEN OLD.events > 0
BEGIN SELECT RAISE(ABORT, 'a run with events stays'); END""",
    "run_keeps_its_exercise": """CREATE TRIGGER run_keeps_its_exercise BEFORE UPDATE OF id, exercise_json, exercise_hash ON run
BEGIN SELECT RAISE(ABORT, 'a run keeps the exercise it was made from'); END""",
}
"""`event_follows` also stops INSERT OR REPLACE, which deletes without asking `event_stays`."""

TABLES = (
    *("alembic_version", "attachment", "decision", "draft", "event", "improvement", "inject", "action"),
    *("lease", "lobby", "presence", "run", "seat_code", "seat_pass"),
)
"""Every table of a store; one more means that somebody else wrote into the file (T19)."""


def strange(master: Iterable[tuple[str, str, str | None]]) -> str | None:
    """The first thing in `sqlite_master` (type, name, sql) that a store does not have, or that it lacks; None where all is well.

    What runs by itself, views and triggers, must be ours to the letter.
    """
    expected = {("table", name): None for name in TABLES} | {("view", name): sql for name, sql in VIEWS.items()}
    expected |= {("trigger", name): sql for name, sql in TRIGGERS.items()}
    for kind, name, sql in master:
        if name.startswith("sqlite_"):
            continue
        if (kind, name) not in expected:
            return f"{kind} {name}"
        wanted = expected.pop((kind, name))
        if wanted is not None and wanted != sql:
            return f"{kind} {name}"
    return next((f"{kind} {name}" for kind, name in expected), None)

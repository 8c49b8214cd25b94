"""The tables of version 1."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("objective", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("criticality", sa.String(), nullable=True),
        sa.Column("deadline_s", sa.Float(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("latency_s", sa.Float(), nullable=True),
        sa.Column("how", sa.String(), nullable=True),
        sa.Column("prompted", sa.Boolean(), nullable=True),
        sa.Column("other_role", sa.String(), nullable=True),
        sa.Column("evidence_seq", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("run", "action"),
    )
    op.create_table(
        "attachment",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("run", "name"),
    )
    op.create_table(
        "decision",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wall_time", sa.String(), nullable=True),
        sa.Column("exercise_s", sa.Float(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("inject", sa.String(), nullable=True),
        sa.Column("ask", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("rationale", sa.String(), nullable=True),
        sa.Column("latency_s", sa.Float(), nullable=True),
        sa.Column("amends", sa.Integer(), nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("run", "seq"),
    )
    op.create_table(
        "draft",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "seat", "field"),
    )
    op.create_table(
        "event",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("wall_time", sa.String(), nullable=False),
        sa.Column("exercise_ms", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("run", "seq"),
        sa.UniqueConstraint("id"),
    )
    op.create_table(
        "improvement",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("finding", sa.String(), nullable=True),
        sa.Column("action", sa.String(), nullable=True),
        sa.Column("element", sa.String(), nullable=True),
        sa.Column("severity", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("due", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("verify_by", sa.String(), nullable=True),
        sa.Column("verified_by_run", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("run", "id"),
    )
    op.create_table(
        "inject",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("inject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("planned_s", sa.Float(), nullable=True),
        sa.Column("released_s", sa.Float(), nullable=True),
        sa.Column("late_s", sa.Float(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("released_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("run", "inject"),
    )
    op.create_table(
        "lease",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("heartbeat", sa.String(), nullable=False),
        sa.Column("exercise_ms", sa.Integer(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("run"),
    )
    op.create_table(
        "run",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("exercise", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("pace", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("site", sa.String(), nullable=True),
        sa.Column("level", sa.String(), nullable=True),
        sa.Column("created", sa.String(), nullable=False),
        sa.Column("started", sa.String(), nullable=True),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("evidence", sa.Float(), nullable=True),
        sa.Column("exercise_hash", sa.String(), nullable=False),
        sa.Column("exercise_json", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('live', 'practice', 'rehearsal', 'collected')", name="kind_is_known"),
        sa.CheckConstraint("status IN ('open', 'ended', 'draft', 'final')", name="status_is_known"),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("id"),
    )

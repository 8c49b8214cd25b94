"""Times as rows and files hold them: seconds on the exercise clock, wall times as ISO 8601 UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seconds(milliseconds: int | None) -> float | None:
    """Milliseconds as seconds."""
    return None if milliseconds is None else milliseconds / 1000


def wall_time(wall_ms: int) -> str:
    """Milliseconds since 1970 UTC as `2026-11-19T01:00:00.000Z`."""
    return (EPOCH + timedelta(milliseconds=wall_ms)).isoformat(timespec="milliseconds")[:23] + "Z"

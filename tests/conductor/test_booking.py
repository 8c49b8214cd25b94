"""What people write for the time a room is booked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tabletop.conductor import RunOptions, begin, resume
from tabletop.conductor.booking import booking_of, slot_of, until_of
from tabletop.engine import commands as c
from tabletop.engine.booking import booking_now
from tabletop.errors import Refused
from tabletop.exercise.loading import bind
from tabletop.store import Store
from tests.engine.rooms import TEXT

SHANGHAI = timezone(timedelta(hours=8))
NOON = datetime(2026, 11, 19, 12, 0, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "minutes"), [("30", 30), ("30m", 30), ("30 min", 30), ("１５分钟", 15), ("1h15m", 75), ("90分", 90), ("0:45:00", 45)]
)
def test_a_length_is_minutes_or_a_duration(text: str, minutes: int) -> None:
    assert slot_of(text) == minutes * 60_000
    assert booking_of(text, NOON) == (minutes * 60_000, 0)


@pytest.mark.parametrize("text", ["15:40", "1540", "１５：４０", "15.40", "15点40分", "15时40"])
def test_a_time_of_day_is_local_and_needs_no_colon(text: str) -> None:
    until = until_of(text, NOON)
    assert until is not None
    assert datetime.fromtimestamp(until / 1000, UTC) == datetime(2026, 11, 19, 7, 40, tzinfo=UTC)
    assert booking_of(text, NOON) == (0, until)


@pytest.mark.parametrize("text", ["24:00", "12:60", "soon", "30x", "12345", "-5", "1:2"])
def test_what_is_neither_is_neither(text: str) -> None:
    assert booking_of(text, NOON) is None


def test_nothing_means_no_booking() -> None:
    assert booking_of("", NOON) == booking_of(" 0 ", NOON) == (0, 0)


def test_a_time_that_is_past_is_tomorrow_before_midnight_and_a_slip_in_the_afternoon() -> None:
    late = NOON.replace(hour=23, minute=40)
    until = until_of("00:20", late)
    assert until is not None
    assert datetime.fromtimestamp(until / 1000, SHANGHAI).day == 20
    past = until_of("11:00", NOON)
    assert past is not None
    assert past < NOON.timestamp() * 1000, "left as it is, for the engine to refuse"


def test_a_booking_is_kept_in_the_log_and_survives_a_resume(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    with Store.open(folder / "store.db") as store:
        opened = begin(store, bind(TEXT), TEXT, RunOptions(slot_ms=30 * 60_000))
        opened.conductor.dispatch(c.Start())
        before = booking_now(opened.conductor.state, opened.conductor.wall_ms())
        assert before is not None
        opened.conductor.dispatch(c.Pause("quit"))
        opened.close()
        again = resume(store, store.find_run("latest", open_only=True))
        after = booking_now(again.conductor.state, again.conductor.wall_ms())
        assert after is not None
        assert after.ends_wall_ms == before.ends_wall_ms
        assert again.conductor.state.fitted == opened.conductor.state.fitted
        again.close()


def test_a_booking_in_the_past_is_refused_before_a_run_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    with Store.open(folder / "store.db") as store:
        with pytest.raises(Refused, match="booking"):
            begin(store, bind(TEXT), TEXT, RunOptions(until_wall_ms=1_000))
        assert store.runs() == []

"""Durations: what is one, and that nothing is lost between file and seconds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabletop.exercise.durations import clock, seconds_of, short_clock, written
from tabletop.exercise.schema import DURATION


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("3m", 180),
        ("1h05m", 3900),
        ("1h5m", 3900),
        ("0s", 0),
        ("2h30s", 7230),
        ("0:03:00", 180),
        ("1:05:00", 3900),
        ("100:00:00", 360000),
    ],
)
def test_a_duration_has_units_or_three_fields(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds
    assert re.fullmatch(DURATION, text)


@pytest.mark.parametrize(
    "text", ["", "90", "1:30", "1m2h", "3m3m", "-3m", "3 m", "3M", "1.5m", "0:60:00", "0:3:00", "３m", "1h\n", "1234567s", "3min", "s"]
)
def test_nothing_else_is_a_duration(text: str) -> None:
    assert seconds_of(text) is None
    assert not re.fullmatch(DURATION, text)


@given(st.integers(0, 999_999 * 3600))
def test_a_duration_that_was_written_is_read_back(seconds: int) -> None:
    assert seconds_of(written(seconds)) == seconds
    assert re.fullmatch(DURATION, written(seconds))


@given(st.integers(0, 999 * 3600))
def test_a_clock_is_a_duration(seconds: int) -> None:
    assert seconds_of(clock(seconds)) == seconds


@given(st.text("0123456789hms:", max_size=12))
def test_editors_and_the_loader_agree(text: str) -> None:
    assert (seconds_of(text) is not None) == bool(re.fullmatch(DURATION, text))


def test_clocks_are_short_where_they_can_be() -> None:
    assert [short_clock(seconds) for seconds in (31, 845, 3720, -31, -0.4)] == ["0:31", "14:05", "1:02:00", "-0:31", "0:00"]
    assert (clock(872.9), clock(-5), clock(5, sign=True)) == ("0:14:32", "-0:00:05", "+0:00:05")

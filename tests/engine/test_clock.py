from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabletop.engine import commands as c
from tabletop.engine.clock import Clock, Jump, after_played, played_between
from tabletop.errors import Refused
from tests.engine.rooms import Room

times = st.integers(0, 10_000_000)


def test_a_pause_stops_exercise_time_and_a_resume_goes_on_from_there() -> None:
    room = Room()
    room.wait(65)
    room.ask(c.Pause("break"))
    room.wait(600)
    assert room.now_ms == 65_000
    room.ask(c.Resume())
    room.wait(5)
    assert room.now_ms == 70_000
    assert [(pause.at_ms, pause.reason, pause.until_wall_ms is not None) for pause in room.state.pauses] == [(65_000, "break", True)]


def test_a_speed_change_never_rewrites_the_past() -> None:
    room = Room()
    room.wait(60)
    room.ask(c.SetSpeed(60))
    assert room.now_ms == 60_000
    room.wait(1)
    assert room.now_ms == 120_000
    room.ask(c.SetSpeed(0.25))
    room.wait(4)
    assert room.now_ms == 121_000


@pytest.mark.parametrize("speed", [0.2, 61, float("nan"), float("inf"), 0, -1])
def test_a_speed_out_of_bounds_is_refused(speed: float) -> None:
    with pytest.raises(Refused) as refused:
        Room().ask(c.SetSpeed(speed))
    assert refused.value.code == "refused.speed"


def test_a_jump_goes_forward_only_and_releases_nothing() -> None:
    room = Room()
    with pytest.raises(Refused):
        room.ask(c.Jump(-1))
    room.ask(c.Jump(300_000))
    assert room.now_ms == 300_000
    assert room.state.released == ()


def test_a_wall_clock_set_back_never_turns_exercise_time_back() -> None:
    room = Room()
    room.wait(100)
    room.ask(c.AddNote("note", "here"))
    room.wait(-3600)
    assert room.now_ms == 100_000


@given(start=times, span=times, jumps=st.lists(st.tuples(times, st.integers(1, 600_000)), max_size=4))
def test_after_played_is_the_inverse_of_played_between(start: int, span: int, jumps: list[tuple[int, int]]) -> None:
    ordered: list[Jump] = []
    for at_ms, by_ms in sorted(jumps):
        floor = ordered[-1].at_ms + ordered[-1].by_ms if ordered else 0
        ordered.append(Jump(max(at_ms, floor), by_ms))
    inside = any(jump.at_ms < start < jump.at_ms + jump.by_ms for jump in ordered)
    if not inside:
        assert played_between(tuple(ordered), start, after_played(tuple(ordered), start, span)) == span


@given(banked=times, speed=st.floats(0.25, 60), steps=st.lists(st.integers(0, 100_000), max_size=20))
def test_the_clock_never_runs_backwards(banked: int, speed: float, steps: list[int]) -> None:
    clock, now, before = Clock(banked, 1000, speed), 1000, banked
    for step in steps:
        now += step
        assert clock.elapsed(now) >= before
        before = clock.elapsed(now)

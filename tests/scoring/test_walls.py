"""The time of day of what was said: that of its exercise time, and never running back along the clock."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tabletop.engine import commands as c
from tabletop.scoring.timeline import timeline
from tabletop.scoring.walls import Walls
from tests.builders import BEGIN_MS, ExerciseDraft, Play


def play() -> Play:
    return Play(ExerciseDraft().role("teller").objective("alarm").inject("knife").build()).start()


def wall_s(played: Play, exercise_s: int) -> float:
    """Real seconds after STARTEX."""
    found = Walls(played.entries).at(exercise_s * 1000)
    assert found is not None
    return (found - BEGIN_MS) / 1000


def test_what_was_entered_late_has_the_time_of_day_it_was_said_at() -> None:
    played = play().at("2m").decision("teller", "Wait", said_ms=65_000).end("3m")
    row = next(row for row in timeline(played.plan, played.state, played.entries) if row.code == "decided")
    assert (row.at_ms, row.wall_ms) == (65_000, BEGIN_MS + 65_000)
    assert next(entry.wall_ms for entry in played.entries if entry.seq == row.seq) == BEGIN_MS + 120_000


def test_pauses_speeds_and_jumps_are_respected() -> None:
    played = play().at("1m").do(c.Pause()).wait(300).do(c.Resume()).at("2m").do(c.SetSpeed(2.0))
    played.at("4m").do(c.Jump(600_000)).at("15m").end()
    assert [wall_s(played, second) for second in (0, 30, 59)] == [0, 30, 59]
    assert [wall_s(played, second) for second in (60, 90)] == [360, 390]
    assert [wall_s(played, second) for second in (130, 200)] == [425, 460]
    assert [wall_s(played, second) for second in (300, 840, 860)] == [480, 480, 490]


STEPS = st.lists(
    st.tuples(st.sampled_from(["wait", "pause", "resume", "jump", "faster", "say", "emergency", "gap", "take back"]), st.integers(1, 200)),
    max_size=30,
)


def take(played: Play, step: str, seconds: int) -> None:
    """One step of a facilitator; what is not possible at the time is left out."""
    state = played.state
    if step == "wait":
        played.wait(seconds)
    elif step == "pause" and state.clock.running:
        played.do(c.Pause())
    elif step == "resume" and not state.clock.running and state.emergency is None:
        played.do(c.Resume())
    elif step == "jump":
        played.do(c.Jump(seconds * 1000))
    elif step == "faster":
        played.do(c.SetSpeed(0.5 + seconds / 10))
    elif step == "say":
        played.decision("teller", "Wait", said_ms=max(0, played.now_ms - seconds * 1000))
    elif step == "emergency":
        played.do(c.PressEmergency("driver")).wait(30).do(c.StandDown("a slip"))
    elif step == "gap" and not state.clock.running:
        played.wait(seconds).do(c.SettleGap(seconds * 1000, True))
    elif step == "take back" and played.last.event.kind == "decision_made":
        played.take_back()


@given(STEPS)
def test_along_the_clock_the_time_of_day_never_runs_back(steps: list[tuple[str, int]]) -> None:
    played = play()
    for step, seconds in steps:
        take(played, step, seconds)
    rows = timeline(played.plan, played.state, played.entries)
    walls = [row.wall_ms for row in rows if row.wall_ms is not None]
    assert walls == sorted(walls)
    assert len(walls) == len(rows)


@given(st.lists(st.tuples(st.integers(1, 90), st.sampled_from(["pause", "faster", "say"])), min_size=1, max_size=12))
def test_it_is_the_time_of_day_at_which_the_clock_stood_there(steps: list[tuple[int, str]]) -> None:
    played, seen = play(), []
    for seconds, step in steps:
        played.wait(seconds)
        seen.append((played.now_ms, played.wall_ms))
        played.wait(1)
        if step == "pause":
            played.do(c.Pause()).wait(seconds).do(c.Resume())
        else:
            take(played, step, seconds)
    walls = Walls(played.do(c.Pause()).entries)
    for exercise_ms, wall_ms in seen:
        found = walls.at(exercise_ms)
        assert found is not None
        assert abs(found - wall_ms) <= 5

"""The timeline: planned beside actual, said times, and nothing that the log has is forgotten."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.events import EVENTS
from tabletop.scoring.timeline import ROWS, SILENT, Row, timeline
from tests.builders import ExerciseDraft, Play


def play() -> Play:
    exercise = (
        ExerciseDraft()
        .role("teller")
        .objective("alarm")
        .inject("knife", hints=["Look."])
        .expects("press", by="teller", objective="alarm", within="60s")
        .asks("first", to=["teller"], options=[{"id": "a", "text": "A"}, {"id": "b", "text": "B"}])
        .inject("later", at="5m")
        .inject("much-later", at="40m")
        .inject("reserve", at="hold")
        .build()
    )
    return Play(exercise).start()


def rows(played: Play) -> tuple[Row, ...]:
    return timeline(played.plan, played.state, played.entries)


def codes(played: Play) -> list[str]:
    return [row.code for row in rows(played)]


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_every_event_has_a_row_or_is_silent_on_purpose(kind: str) -> None:
    assert (EVENTS[kind] in ROWS) != (EVENTS[kind] in SILENT)


def test_it_has_what_happened_and_what_did_not() -> None:
    played = play().at("10s").release("knife").at("2m").skip("later", "no time").end("10m")
    found = [(row.code, row.values.get("inject"), row.planned_ms, row.at_ms) for row in rows(played)]
    assert found == [
        ("started", None, None, 0),
        ("released", "knife", 0, 10_000),
        ("skipped", "later", 300_000, 120_000),
        ("ended", None, None, 600_000),
        ("never", "much-later", 2_400_000, None),
        ("never-held", "reserve", None, None),
    ]


def test_before_endex_nothing_is_called_never_played() -> None:
    assert codes(play()) == ["started"]


def test_a_row_stands_when_it_was_said() -> None:
    played = play().release("knife").at("60s").decision("teller", "Wait", said_ms=20_000).mark("press", said=15)
    assert [(row.code, row.at_ms, row.seq) for row in rows(played)] == [
        ("started", 0, 2),
        ("released", 0, 3),
        ("marked", 15_000, 5),
        ("decided", 20_000, 4),
    ]


def test_a_pause_has_its_reason_where_it_came_from_and_how_long_it_lasted() -> None:
    played = play().at("1m").do(c.Pause()).do(c.ExplainPause("discussion")).wait(90).do(c.Resume()).at("2m").do(c.Pause("break", "hall"))
    paused = [row for row in rows(played) if row.code == "paused"]
    assert [dict(row.values) for row in paused] == [
        {"reason": "discussion", "lasted_ms": 90_000, "site": ""},
        {"reason": "break", "lasted_ms": None, "site": "hall"},
    ]


def test_what_is_kept_back_says_by_whom_and_what_was_never_released_stands_last() -> None:
    played = play().release("knife").do(c.KeepInjectBack("later", "the police wait"))
    said = {"inject": "later", "seat": "driver", "reason": "the police wait"}
    assert [(dict(row.values), row.planned_ms) for row in rows(played) if row.code == "kept-back"] == [(said, 300_000)]
    played.at("9m").end()
    last = rows(played)[-1]
    assert [(row.code, row.planned_ms) for row in rows(played) if row.code.startswith("never-kept")] == [("never-kept-back", 300_000)]
    assert dict(next(row for row in rows(played) if row.code == "never-kept-back").values) == said, last
    played = play().release("knife").do(c.KeepInjectBack("later")).at("9m").release("later").end()
    released = next(row for row in rows(played) if row.code == "released" and row.values["inject"] == "later")
    assert released.values["due_ms"] is None, "nothing it was late by"


def test_what_was_taken_back_stays_and_says_so() -> None:
    played = play().release("knife").at("20s").mark("press").take_back(reason="wrong person")
    marked = next(row for row in rows(played) if row.code == "marked")
    assert marked.retracted
    retracted = next(row for row in rows(played) if row.code == "retracted")
    assert dict(retracted.values) == {"seq": marked.seq, "reason": "wrong person"}


def test_it_has_hints_jumps_speed_and_the_emergency() -> None:
    played = play().release("knife").at("20s").hint("knife").do(c.Jump(60_000)).do(c.SetSpeed(2.0)).at("3m")
    played.do(c.PressEmergency("driver")).wait(1).do(c.PressEmergency("driver")).wait(60).do(c.StandDown("a drill"))
    assert codes(played) == [
        *("started", "released", "hint", "jumped", "speed"),
        *("emergency-raised", "emergency-confirmed", "emergency-over"),
    ]


def test_staffing_before_startex_belongs_to_the_briefing() -> None:
    fresh = Play(play().exercise).do(c.StaffRole("teller", "control")).start().do(c.StaffRole("teller", "people"))
    assert codes(fresh) == ["started", "staffed"]

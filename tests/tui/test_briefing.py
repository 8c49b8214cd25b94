"""The briefing: people, checks and settings go into the log; nothing private is painted; space starts."""

from __future__ import annotations

from typing import Any

import pytest

from tabletop.engine import events as e

from .conftest import FakeTime, MemorySource, StageMaker
from .judged import events, judged_bank

PRIVATE = (
    "knife", "counter two", "Read slowly", "grey bag", "Who says it aloud", "Think of the button", "What do you do first", "Comply",
    "Presses the silent", "Duress alarm", "110 rings", "Tackles", "Live from", "shock", "One voice at a time",
)  # fmt: skip
"""Injects, expected actions, notes, hints, questions of the exercise."""


async def test_typing_on_a_role_names_its_people(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24)) as on:
        await on.press("1")
        await on.type("陈洁")
        await on.press("enter")
        await on.type("Li Wei")
        await on.press("enter")
        seated = [(event.role, event.holder, event.name) for event in events(on, e.PersonSeated)]
        assert seated == [("manager", "A", "陈洁"), ("manager", "B", "Li Wei")]
        assert "A 陈洁 · B Li Wei" in on.text


async def test_a_space_in_a_name_starts_nothing(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24)) as on:
        await on.press("2")
        await on.type("Li Wei")
        assert "Li Wei" in on.text
        assert events(on, e.ExerciseStarted) == []


async def test_a_name_can_be_corrected_and_taken_away(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24)) as on:
        await on.press("2", "W", "u", "enter")
        await on.press("2", "enter", "x", "enter")
        assert [event.name for event in events(on, e.PersonSeated)] == ["Wu", "Wux"]
        await on.press("2", "enter", "backspace", "backspace", "backspace", "enter")
        assert [event.role for event in events(on, e.PersonLeft)] == ["teller"]


async def test_leaving_the_field_keeps_everything_as_it_was(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24)) as on:
        await on.press("2", "W", "u", "escape")
        assert events(on, e.PersonSeated) == []
        assert "Wu" not in on.text


async def test_one_key_turns_who_plays_a_role(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24)) as on:
        await on.press("3", "right", "right", "right", "1")
        staffed = [(event.role, event.by, event.with_role) for event in events(on, e.RoleStaffed)]
        assert staffed == [("guard", "control", ""), ("guard", "nobody", ""), ("guard", "with", "manager")]
        assert "with BM" in on.text


async def test_a_role_is_not_played_with_one_that_does_not_exist(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24), notifications=True) as on:
        await on.press("3", "left", "0", "9")
        assert "No role has the number 19." in on.text
        assert events(on, e.RoleStaffed) == []


async def test_ten_is_zero_and_a_digit(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24)) as on:
        await on.press("0", "1")
        assert on.app.screen.row == "role:police"


async def test_checks_are_logged_with_who_and_when_and_only_warn(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(140, 40)) as on:
        on.app.screen.sheet.go("check:police")
        await on.type("Lt Wang 14:05")
        await on.press("enter")
        assert [(event.check, event.done, event.note) for event in events(on, e.CheckTicked)] == [("police", True, "Lt Wang 14:05")]
        assert "Lt Wang 14:05" in on.text
        assert "4 not ticked: Monitoring centre told, Projector checked" in on.text
        await on.press("space")
        assert len(events(on, e.ExerciseStarted)) == 1


async def test_enter_ticks_a_check_and_takes_no_tick_away_and_an_arrow_does(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24)) as on:
        for _ in range(2):
            on.app.screen.sheet.go("check:power")
            await on.press("enter")
        assert [event.done for event in events(on, e.CheckTicked)] == [True]
        assert on.app.screen.row != "check:power"
        on.app.screen.sheet.go("check:power")
        await on.press("left")
        assert [event.done for event in events(on, e.CheckTicked)] == [True, False]


async def test_settings_are_logged_and_go_into_the_texts(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24)) as on:
        assert "First report within" not in on.text
        on.app.screen.sheet.go("private")
        await on.press("enter", "1")
        assert "First report within" not in on.text
        await on.press("enter", "2")
        on.app.screen.sheet.go("parameter:first-report")
        await on.type("soon")
        await on.press("enter")
        assert "First report within needs a duration, not 'soon'. Durations are written like 90s" in " ".join(on.text.split())
        await on.press(*["backspace"] * 4, "7", "m", "enter")
        on.app.screen.sheet.go("parameter:weather")
        await on.press("right")
        assert [(event.name, event.value) for event in events(on, e.ParameterSet)] == [("first-report", "7m"), ("weather", "rain")]
        assert "7m" in on.text


async def test_a_setting_that_the_scene_tells_anyway_is_no_secret(stage: StageMaker) -> None:
    async with stage(judged_bank(setting="A quiet morning at Qiaoxi."), first="briefing", started=False, size=(80, 40)) as on:
        on.app.screen.sheet.go("private")
        await on.settle()
        assert "Name of the outlet" in on.text
        assert "2 more settings, for your eyes only" in on.text


async def test_tab_goes_from_part_to_part(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24)) as on:
        seen = []
        for _ in range(6):
            await on.press("tab")
            seen.append(on.app.screen.row.partition(":")[0])
        assert seen == ["lobby", "booking", "check", "pace", "private", "role"]
        await on.press("shift+tab")
        assert on.app.screen.row == "private"


async def test_the_pace_is_turned(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, pace="discussion") as on:
        on.app.screen.sheet.go("pace")
        await on.press("right")
        assert [event.pace for event in events(on, e.PaceChosen)] == ["timed"]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_nothing_private_is_painted(stage: StageMaker, language: str) -> None:
    async with stage(judged_bank(setting="The hall is calm."), first="briefing", started=False, size=(140, 200)) as on:
        for row in on.app.screen.sheet._rows:
            on.app.screen.sheet.go(row)
            await on.settle()
            assert not [text for text in PRIVATE if text.lower() in on.text.lower()]
        assert "Projectors mirror this screen" in on.text


async def test_startex_opens_the_console(stage: StageMaker) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=(80, 24)) as on:
        await on.press("space")
        assert type(on.app.screen).__name__ == "ConsoleScreen"


async def test_what_was_being_typed_survives_a_kill(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(judged_bank(), time, started=False)
    source.kept_drafts["name:guard:A"] = "Zhao Mi"
    async with stage(judged_bank(), first="briefing", source=source, size=(80, 24)) as on:
        assert "Zhao Mi" in on.text
        await on.press("n", "enter")
        assert [event.name for event in events(on, e.PersonSeated)] == ["Zhao Min"]


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_frames(stage: StageMaker, check_frame: Any, language: str, size: tuple[int, int]) -> None:
    async with stage(judged_bank(), first="briefing", started=False, size=size, language=language) as on:
        await on.press("1")
        await on.type("陈洁")
        await on.press("enter", "escape", "3", "right")
        check_frame(on.app, f"briefing-{language}-{size[0]}")
        await on.press("end")
        check_frame(on.app, f"briefing-end-{language}-{size[0]}")

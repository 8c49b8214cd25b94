"""A real emergency on the console: seat and site are named, everybody is counted, only the driver leads back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from textual.app import App

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.tui.screens.panels.emergency import COUNTED, EmergencyScreen

from .conftest import SIZES, Stage, StageMaker
from .exercises import bank
from .test_console_room import branches, crowd, row, seen


def signed_in(conductor: Conductor) -> None:
    for role, name in (("manager", "Chen"), ("teller", "Li"), ("guard", "Zhao")):
        conductor.dispatch(c.SeatPerson(role, name))
    conductor.dispatch(c.PersonLeaves("guard"))
    conductor.dispatch(c.StaffRole("press", "nobody"))


def roll(on: Stage) -> list[str]:
    """Those who are to be counted, as they stand on the screen."""
    return [line.strip() for line in on.text.splitlines() if line.strip().startswith("[")]


@pytest.mark.parametrize(("language", "place"), [("en", "Qiaoxi outlet · Guard"), ("zh-Hans", "桥西网点 · 保安员")])
async def test_the_first_press_elsewhere_pauses_and_names_seat_and_site(stage: StageMaker, language: str, place: str) -> None:
    async with stage(branches(), language=language) as on:
        on.source.from_elsewhere(c.PressEmergency("seat:guard"), Actor("seat", roles=("guard",)))
        await on.follow()
        assert place in on.text
        assert on.state.paused
        on.source.from_elsewhere(c.PressEmergency("seat:guard", "outlet"), Actor("seat", roles=("guard",)))
        await on.follow()
        assert isinstance(on.app.screen, EmergencyScreen)
        assert place in on.text


async def test_the_second_press_turns_the_console_and_the_word_exercise_is_gone(stage: StageMaker) -> None:
    async with stage(bank(), prepare=signed_in) as on:
        await on.press("enter", "ctrl+g", "ctrl+g")
        text = on.text
        assert "EXERCISE" not in text.upper()
        assert "knife" not in text, "nothing of what was played"
        assert "Call 110" in text
        assert "Muster point: Car park behind the house" in text
        assert "Head count: 0 of 9" in text
        assert roll(on)[:3] == ["[ ] Chen (Branch manager)", "[ ] Li (Teller)", "[ ] Guard"]
        assert not any("Zhao" in line or "Press" in line for line in roll(on)), "who left is not looked for; who was never there neither"


async def test_the_word_is_gone_in_chinese_too(stage: StageMaker) -> None:
    async with stage(bank(), language="zh-Hans", prepare=signed_in) as on:
        await on.press("enter", "ctrl+g", "ctrl+g")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert "演练" not in on.text


async def test_everybody_who_signed_in_at_a_device_is_counted_too(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await seen(on, crowd())
        await on.press("ctrl+g", "ctrl+g")
        assert "[ ] Li Wei (Evaluator Li Wei)" in roll(on)


async def test_ticks_are_this_consoles_own_and_the_log_takes_a_note_alone(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), prepare=signed_in) as on:
        await on.press("ctrl+g", "ctrl+g")
        before = len(on.source.log.entries)
        await on.press("enter", "down", "enter", "enter")
        assert "Head count: 3 of 9" in on.text
        assert roll(on)[0] == "[✓] Chen (Branch manager)"
        await on.press("up", "up", "enter")
        assert "Head count: 2 of 9" in on.text, "again: not counted after all"
        assert len(on.source.log.entries) == before
        await on.follow(1.2)
        assert len(json.loads(on.source.kept_drafts[COUNTED])) == 2, "it survives a kill"
        await on.press("3")
        assert len(on.source.log.entries) == before + 1
        assert on.state.notes[-1].text.startswith("Head count: 2 of 9. Not counted: ")
        assert "Li (Teller)" in on.state.notes[-1].text
        await on.press("1")
        await on.type("false alarm")
        await on.press("enter")
        assert on.state.emergency is None
        assert COUNTED not in on.app.desk.drafts, "the next one begins with nobody counted"


async def test_a_long_roll_scrolls_and_says_how_many_more(stage: StageMaker) -> None:
    def prepare(conductor: Conductor) -> None:
        for role in bank().roles[:10]:
            for holder in ("A", "B")[: role.holders]:
                conductor.dispatch(c.SeatPerson(role.id, f"{role.id} {holder}", holder))  # type: ignore[arg-type]

    async with stage(bank(), size=(80, 20), prepare=prepare) as on:
        await on.press("ctrl+g", "ctrl+g")
        assert "more: ↓" in on.text
        await on.press(*["down"] * 10)
        assert "medic A" in on.text


async def test_only_the_console_that_drives_stands_it_down(stage: StageMaker) -> None:
    async with stage(bank(), driver="LAPTOP-2") as on:
        await on.press("1", "ctrl+g", "ctrl+g")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert "Only the driver stands it down: LAPTOP-2" in on.text
        await on.press("1")
        assert "2 take over" in on.text
        await on.press("escape")
        assert on.state.emergency is not None
        await on.press("1", "2")
        assert on.state.driver == "this console"
        assert "1 stand down (why)" in on.text
        await on.press("1")
        await on.type("drill bell, no danger")
        await on.press("enter")
        assert on.state.emergency is None
        assert not isinstance(on.app.screen, EmergencyScreen)


async def test_from_a_wall_that_this_terminal_was_turned_to(stage: StageMaker) -> None:
    async with stage(bank(), prepare=signed_in) as on:
        await on.press("enter", "t", "1", "ctrl+g")
        assert "the wall" in on.text
        assert on.state.emergency.seat == "wall"
        await on.press("ctrl+g")
        assert on.state.emergency.confirmed
        assert on.state.emergency.seat == "wall"
        assert "EXERCISE" not in on.text.upper()
        assert "[ ] Chen (Branch manager)" in on.text
        await on.press("1")
        await on.type("over")
        await on.press("enter")
        assert on.state.emergency is None
        assert on.app.faces_players, "back to the wall, not to the console"


async def test_the_log_names_the_seat_in_words(stage: StageMaker) -> None:
    async with stage(branches()) as on:
        on.source.from_elsewhere(c.PressEmergency("seat:guard"), Actor("seat", roles=("guard",)))
        await on.follow()
        await on.press("escape")
        assert "EMERGENCY pressed: Guard" in row(on, "EMERGENCY pressed")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_frames(stage: StageMaker, check_frame: Callable[[App[Any], str], None], size: tuple[int, int], language: str) -> None:
    async with stage(bank(), size=size, language=language, prepare=signed_in) as on:
        await on.press("enter", "ctrl+g", "ctrl+g", "enter", "enter")
        check_frame(on.app, f"console-head-count-{size[0]}x{size[1]}-{language}")

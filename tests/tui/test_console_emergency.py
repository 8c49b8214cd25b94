"""A real emergency on the console: seat and site are named, everybody is counted, only the driver leads back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from textual.app import App

from tabletop.conductor import Conductor, Fenced
from tabletop.engine import commands as c
from tabletop.engine.around import AtDevice
from tabletop.engine.rights import Actor
from tabletop.engine.seats import wall_view
from tabletop.errors import TabletopError
from tabletop.tui.crowd import Crowd, Ended
from tabletop.tui.screens.panels.emergency import EmergencyScreen

from .conftest import SIZES, FakeTime, MemorySource, Stage, StageMaker
from .exercises import bank
from .test_console_room import branches, row, seen


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


async def test_a_press_at_a_groups_seat_names_the_site_of_its_roles(stage: StageMaker) -> None:
    async with stage(branches()) as on:
        on.source.from_elsewhere(c.PressEmergency("seat:guard+manager"), Actor("seat", roles=("guard", "manager")))
        await on.follow()
        assert "Qiaoxi outlet · Guard + Branch manager" in " ".join(on.text.split())


async def test_the_second_press_turns_the_console_and_the_word_exercise_is_gone(stage: StageMaker) -> None:
    async with stage(bank(), prepare=signed_in) as on:
        await on.press("enter", "ctrl+g", "ctrl+g")
        text = on.text
        assert "EXERCISE" not in text.upper()
        assert "knife" not in text, "nothing of what was played"
        assert "Call 110" in text
        assert "Muster point: Car park behind the house" in text
        assert "Head count: 0 of 9" in text
        assert roll(on)[:3] == ["[ ] Chen · Branch manager", "[ ] Li · Teller", "[ ] (no name) · Guard"]
        assert not any("Zhao" in line or "Press" in line for line in roll(on)), "who left is not looked for; who was never there neither"


async def test_the_word_is_gone_in_chinese_too(stage: StageMaker) -> None:
    async with stage(bank(), language="zh-Hans", prepare=signed_in) as on:
        await on.press("enter", "ctrl+g", "ctrl+g")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert "演练" not in on.text


async def test_everybody_who_signed_in_at_a_device_is_counted_too(stage: StageMaker) -> None:
    async with stage(bank(), prepare=signed_in) as on:
        seen_ms = on.source.time.now_ms()
        seats = (("evaluator:Li Wei", ""), ("seat:manager", "Chen"), ("seat:manager", ""), ("seat:guard", "Zhao Q"))
        on.source.conductor.devices = tuple(AtDevice(seat, name, seen_ms) for seat, name in seats)
        await on.press("ctrl+g", "ctrl+g")
        rows = roll(on)
        assert "[ ] Li Wei · evaluator" in rows
        assert [row for row in rows if "Branch manager" in row] == ["[ ] Chen · Branch manager"]
        assert [row for row in rows if "Guard" in row] == ["[ ] Zhao Q · Guard"]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("en", "1 device is cut off and does not show this", "2 devices are cut off and do not show this"),
        ("zh-Hans", "1 台设备已断开，看不到本页", "2 台设备已断开，看不到本页"),
    ],
)
async def test_it_says_how_many_devices_it_does_not_reach(
    stage: StageMaker, language: str, one: str, two: str, size: tuple[int, int]
) -> None:
    async with stage(bank(), size=size, language=language, prepare=signed_in) as on:
        await on.press("ctrl+g", "ctrl+g")
        for ended, told in ((Ended("http://192.168.1.5:8000", 0, 1), one), (Ended("http://192.168.1.5:8000", 0, 2), two)):
            await seen(on, Crowd(ended=ended))
            assert told in on.text
        await seen(on, Crowd(address="http://192.168.1.5:8000"))
        assert two not in on.text


async def test_ticks_are_recorded_and_stand_on_every_screen(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), prepare=signed_in) as on:
        await on.press("ctrl+g", "ctrl+g")
        await on.press("enter", "down", "enter", "enter")
        assert "Head count: 3 of 9" in on.text
        assert roll(on)[0] == "[✓] Chen · Branch manager"
        await on.press("up", "up", "enter")
        assert "Head count: 2 of 9" in on.text, "again: not counted after all"
        raised = on.state.emergency
        assert [one.person for one in raised.counted] == ["Chen", "seat:centre"]
        shown = wall_view(on.app.desk.plan, on.state, 0).shared.emergency
        assert shown is not None
        assert (shown.counted, len(shown.roll)) == (2, 9)
        await on.press("1")
        await on.type("false alarm")
        await on.press("enter")
        assert on.state.emergency is None
        over = on.state.emergencies[-1]
        assert len(over.counted) + len(over.missing) == 9
        assert "Li" in over.missing
        await on.press("ctrl+g", "ctrl+g")
        assert "Head count: 0 of 9" in on.text, "the next one begins with nobody counted"


async def test_a_tick_of_another_console_shows_here_and_is_not_this_ones_to_give(stage: StageMaker) -> None:
    async with stage(bank(), driver="LAPTOP-2", prepare=signed_in) as on:
        await on.press("1", "ctrl+g", "ctrl+g")
        on.source.from_elsewhere(c.CountPerson("Chen"))
        await on.follow()
        assert roll(on)[0] == "[✓] Chen · Branch manager"
        await on.press("enter")
        assert "2 take over" in on.text
        await on.press("2", "enter")
        assert "Head count: 0 of 9" in on.text, "once it drives, it counts: the row of the cursor was ticked, and is not after all"


async def test_a_tick_that_the_store_does_not_take_stands_on_this_screen_all_the_same(stage: StageMaker) -> None:
    async with stage(bank(), prepare=signed_in) as on:
        await on.press("ctrl+g", "ctrl+g")
        on.source.log.fail_with = TabletopError("store.no-space", path="x")
        await on.press("enter")
        await on.press("escape")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert roll(on)[0] == "[✓] Chen · Branch manager"
        assert on.state.emergency.counted == ()


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


def twenty(conductor: Conductor) -> None:
    """Twenty people who evaluate, at devices; nobody plays."""
    for role in bank().roles:
        conductor.dispatch(c.StaffRole(role.id, "nobody"))
    conductor.devices = tuple(AtDevice(f"evaluator:P{number:02}", "", conductor.wall_ms()) for number in range(20))


def under_the_cursor(on: Stage) -> list[str]:
    """What stands in reverse on the screen, row by row."""
    strips = on.app.screen._compositor.render_strips()
    rows = ("".join(part.text for part in strip if part.style is not None and part.style.reverse).strip() for strip in strips)
    return [row for row in rows if row.startswith("[")]


async def test_whoever_the_cursor_stands_on_is_on_the_screen_wherever_it_stands(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), prepare=twenty) as on:
        await on.press("ctrl+g", "ctrl+g")
        assert "more: ↓" in on.text
        for number in range(20):
            assert under_the_cursor(on) == [f"[ ] P{number:02} · evaluator"]
            assert ("more: ↓" in on.text) == (roll(on)[-1] != "[ ] P19 · evaluator")
            await on.press("down")
        await on.press("up")
        for number in reversed(range(20)):
            assert under_the_cursor(on) == [f"[ ] P{number:02} · evaluator"]
            await on.press("up")


async def test_the_cursor_stays_on_a_person_while_the_roll_changes_above(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), prepare=signed_in) as on:
        await on.press("ctrl+g", "ctrl+g", "down")
        assert under_the_cursor(on) == ["[ ] Li · Teller"]
        seen_ms = on.source.time.now_ms()
        on.source.conductor.devices = (AtDevice("seat:manager", "Wu", seen_ms),)
        await on.press("enter")
        assert roll(on)[:3] == ["[ ] Chen · Branch manager", "[ ] Wu · Branch manager", "[✓] Li · Teller"]
        assert [one.person for one in on.state.emergency.counted] == ["Li"]
        assert under_the_cursor(on) == ["[ ] (no name) · Guard"]
        on.source.conductor.devices = ()
        await on.press("up")
        assert under_the_cursor(on) == ["[✓] Li · Teller"]


async def test_nobody_is_ticked_for_somebody_who_is_on_the_roll_no_more(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), prepare=signed_in) as on:
        await on.press("ctrl+g", "ctrl+g", "down", "down")
        assert under_the_cursor(on) == ["[ ] (no name) · Guard"]
        on.source.conductor.devices = (AtDevice("seat:guard", "Wu", on.source.time.now_ms()),)
        # What enter does, before anything is drawn again.
        on.app.screen.action_count()
        await on.settle()
        assert on.state.emergency.counted == ()
        assert under_the_cursor(on) == ["[ ] Wu · Guard"], "the cursor stays where it stood"
        await on.press("enter")
        assert [one.person for one in on.state.emergency.counted] == ["Wu"]


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("en", "[ ] Wang Wei (at 2 places: maybe 2 people) · Branch manager, Guard"),
        ("zh-Hans", "[ ] Wang Wei（同名见于 2 处，可能是 2 人） · 网点负责人、保安员"),
    ],
)
async def test_a_name_at_two_seats_at_once_says_that_it_may_be_two_people(stage: StageMaker, language: str, row: str) -> None:
    async with stage(bank(), size=(80, 24), language=language) as on:
        seen_ms = on.source.time.now_ms()
        on.source.conductor.devices = tuple(AtDevice(f"seat:{role}", "Wang Wei", seen_ms) for role in ("manager", "guard"))
        await on.press("ctrl+g", "ctrl+g")
        assert roll(on)[0] == row


async def test_only_the_console_that_drives_stands_it_down(stage: StageMaker) -> None:
    async with stage(bank(), driver="LAPTOP-2") as on:
        await on.press("1", "ctrl+g", "ctrl+g")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert "1 then 2 take over   counting and standing down: LAPTOP-2" in on.text
        await on.press("1")
        assert "1 only watch" in on.text
        assert "2 take over" in on.text, "the digits that the page named"
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


@pytest.mark.parametrize(("language", "why"), [("en", "No note from here"), ("zh-Hans", "不能记备注")])
async def test_a_console_that_only_watches_takes_no_note_in_an_emergency_and_says_so(stage: StageMaker, language: str, why: str) -> None:
    async with stage(bank(), size=(80, 24), driver="LAPTOP-2", notifications=True, language=language) as on:
        await on.press("1", "ctrl+g", "ctrl+g")
        before = len(on.source.log.entries)
        await on.press("2")
        assert isinstance(on.app.screen, EmergencyScreen), "there is no field whose text would be dropped"
        assert why in on.text
        assert len(on.source.log.entries) == before
        await on.press("1", "2", "2")
        await on.type("door B is locked")
        await on.press("enter")
        assert [note.text for note in on.state.notes] == ["door B is locked"]


async def test_a_note_in_an_emergency_that_was_not_recorded_is_there_to_be_sent_again(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("ctrl+g", "ctrl+g", "2")
        await on.type("door B is locked")
        on.source.log.fail_with = Fenced("store.fenced", run="run-1")
        on.source.driver_name = "LAPTOP-2"
        await on.press("enter")
        on.source.log.fail_with = None
        assert on.app.desk.read_only
        assert not on.state.notes
        assert "door B is locked" in on.text
        await on.press("enter")
        assert "READ-ONLY: LAPTOP-2 drives this run." in on.text
        await on.press("2")
        await on.follow(0.3)
        await on.press("enter")
        assert [note.text for note in on.state.notes] == ["door B is locked"]
        assert isinstance(on.app.screen, EmergencyScreen)


NOBODY_DRIVES = [("en", "1 then 2 take over   nobody drives"), ("zh-Hans", "先按 1 再按 2 接管   目前无人导调")]


@pytest.mark.parametrize(("language", "said"), NOBODY_DRIVES)
async def test_an_emergency_says_that_nobody_drives(stage: StageMaker, language: str, said: str) -> None:
    async with stage(bank(), size=(80, 24), driver="LAPTOP-2", language=language) as on:
        await on.press("1", "ctrl+g", "ctrl+g")
        assert "LAPTOP-2" in on.text.splitlines()[-1]
        on.source.there = Crowd(driven=False)
        await on.follow(2.3)
        await on.press("1")
        assert isinstance(on.app.screen, EmergencyScreen), "the offer was open and is left"
        assert said in on.text
        assert "LAPTOP-2" not in on.text


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_a_draft_that_a_kill_left_stays_closed_while_an_emergency_stands(stage: StageMaker, time: FakeTime, language: str) -> None:
    source = MemorySource(bank(), time, language=language)
    source.conductor.dispatch(c.PressEmergency("console"))
    source.conductor.dispatch(c.PressEmergency("console"))
    source.kept_drafts = {"decision": json.dumps({"role": "manager", "said_ms": 0, "text": "draft under emergency"})}
    async with stage(bank(), size=(80, 24), language=language, source=source, rest_s=60.0) as on:
        on.app.unasked.rest_s = 0.0
        assert isinstance(on.app.screen, EmergencyScreen)
        assert "draft under emergency" not in on.text
        await on.press("1")
        on.app.unasked.rest_s = 60.0
        await on.type("false alarm")
        await on.press("enter")
        assert on.state.emergency is None
        await on.press("enter", "x")
        assert "draft under emergency" in on.text, "offered once it is over"
        assert "draft under emergencyx" not in on.text, "no key of the hands at work means it"
        assert not on.state.decisions
        on.app.unasked.rest_s = 0.0
        await on.press("enter")
        assert [one.text for one in on.state.decisions] == ["draft under emergency"]


async def test_an_emergency_that_is_over_does_not_stand_behind_a_panel_that_is_open(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), driver="LAPTOP-2") as on:
        await on.press("1", "enter", "ctrl+g", "ctrl+g", "1")
        assert "REAL EMERGENCY" in on.text
        on.source.from_elsewhere(c.StandDown("false alarm", ()))
        await on.follow()
        assert "2 take over" in on.text
        assert "REAL EMERGENCY" not in on.text
        await on.press("1")
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
        assert "[ ] Chen · Branch manager" in on.text
        await on.press("1")
        await on.type("over")
        await on.press("enter")
        assert on.state.emergency is None
        assert on.app.faces_players, "back to the wall, not to the console"


async def test_the_log_names_the_seat_in_words(stage: StageMaker) -> None:
    async with stage(branches()) as on:
        on.source.from_elsewhere(c.PressEmergency("seat:guard"), Actor("seat", roles=("guard",)))
        await on.follow()
        await on.press("escape", "shift+tab")
        assert "EMERGENCY pressed: Qiaoxi outlet · Guard" in row(on, "EMERGENCY pressed")


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_frames(stage: StageMaker, check_frame: Callable[[App[Any], str], None], size: tuple[int, int], language: str) -> None:
    async with stage(bank(), size=size, language=language, prepare=signed_in) as on:
        await on.press("enter", "ctrl+g", "ctrl+g", "enter", "enter")
        check_frame(on.app, f"console-head-count-{size[0]}x{size[1]}-{language}")

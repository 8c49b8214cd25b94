"""Presses that come before what the one before them asked for is there: a slow store, a first press of an emergency."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from textual import events

from tabletop.engine import commands as c
from tabletop.engine.events import DecisionMade, InjectReleased, PlanFitted
from tabletop.tui.screens.console import ConsoleScreen
from tabletop.tui.screens.panels.emergency import EmergencyScreen
from tabletop.tui.screens.panels.fit import FitPanel
from tabletop.tui.screens.panels.gap import GapPanel
from tabletop.tui.screens.panels.too_small import TooSmall
from tabletop.tui.screens.station import StationScreen

from .conftest import FakeTime, Stage, StageMaker
from .exercises import bank
from .seated import AtASeat, SeatSource, seat
from .test_time_and_roll import drill, started

SECRET = "teller alone"


class SlowSource(SeatSource):
    """A store that lets nobody sit down while it is `shut`."""

    def __init__(self) -> None:
        super().__init__(bank(), FakeTime())
        self.gate = threading.Event()
        self.gate.set()
        self.sat: list[str] = []

    def sit(self, seat: str, there: str, name: str) -> dict[str, str]:
        if seat:
            self.sat.append(seat)
            assert self.gate.wait(60)
        return super().sit(seat, there, name)


async def typed(on: AtASeat, text: str) -> None:
    """Types without waiting for the store."""
    for character in text:
        on.app.post_message(events.Key(character, character))
    await on.pilot.pause()


async def seated(on: AtASeat) -> StationScreen:
    """Lets the store answer, and waits until a seat is shown."""
    source = on.source
    assert isinstance(source, SlowSource)
    source.gate.set()
    async with asyncio.timeout(60):
        while not isinstance(on.app.screen, StationScreen):
            await on.pilot.pause(0.01)
    await on.settle()
    assert isinstance(on.app.screen, StationScreen)
    return on.app.screen


async def test_who_took_a_terminal_that_goes_round_has_it_and_the_next_press_takes_nothing() -> None:
    source = SlowSource()
    async with seat(bank(), ("teller", "centre"), private=True, name="", source=source) as on:
        await on.press("enter")
        await on.press("f2", "5")
        await on.type(SECRET)
        await on.press("f9")
        assert SECRET not in on.text
        source.gate.clear()
        source.sat.clear()
        for key in ("enter", "down", "enter"):
            await on.pilot.press(key)
        shown = await seated(on)
        assert source.sat == ["seat:teller"]
        assert shown.station.in_hand == "teller"
        assert SECRET in on.text


@pytest.mark.parametrize("private", [True, False])
async def test_a_second_press_leaves_what_is_typed_at_the_seat(private: bool) -> None:
    source = SlowSource()
    async with seat(bank(), ("teller", "centre") if private else ("teller",), private=private, name="", source=source) as on:
        source.gate.clear()
        if not private:
            await on.pilot.press("B")
        await on.pilot.press("enter")
        await on.pilot.press("enter")
        shown = await seated(on)
        await on.press("f3")
        await typed(on, "words typed")
        await on.settle()
        assert on.app.screen is shown
        assert "words typed" in on.text
        assert source.sat == ["seat:teller"]


async def test_one_press_of_the_emergency_leaves_the_cursor_in_the_name_that_is_typed() -> None:
    source = SeatSource(bank(), FakeTime())
    async with seat(bank(), ("teller",), name="", source=source) as on:
        await on.type("B")
        await on.driver(c.PressEmergency("console"))
        await on.wait(20)
        await on.type("o")
        await on.press("enter")
        assert source.name == "Bo"


async def test_a_question_that_opened_above_too_small_a_terminal_leaves_a_large_one_free(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.pilot.resize_terminal(50, 15)
        await on.settle()
        assert isinstance(on.app.screen, TooSmall)
        on.source.time.sleep(60)
        async with asyncio.timeout(60):
            while not isinstance(on.app.screen, GapPanel):
                await on.follow(0.1)
        await on.pilot.resize_terminal(100, 30)
        await on.press("1")
        await on.settle()
        assert not any(isinstance(screen, TooSmall) for screen in on.app.screen_stack)


# `enter` pressed twice at once at the console: the second one is not for what stood below.


def release_of(on: Stage) -> list[str]:
    return [entry.event.inject for entry in on.source.log.entries if isinstance(entry.event, InjectReleased)]


def shut(on: Stage) -> threading.Event:
    """Keeps the store from taking anything until the gate that is given is set."""
    gate, append = threading.Event(), on.source.log.append

    def waiting(*what: Any, **more: Any) -> None:
        assert gate.wait(60)
        append(*what, **more)

    on.source.log.append = waiting  # type: ignore[method-assign]
    return gate


def post(on: Stage, *keys: str) -> None:
    """Presses keys at once, without waiting for what any of them does."""
    for key in keys:
        on.app.post_message(events.Key(key, "\r" if key == "enter" else key))


async def test_enter_twice_in_a_speakers_panel_releases_nothing_while_the_store_is_busy(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("2")
        await on.type("Presses the button")
        gate = shut(on)
        post(on, "enter", "enter", "enter")
        await on.pilot.pause(0.1)
        gate.set()
        await on.settle()
        assert [entry.event.text for entry in on.source.log.entries if isinstance(entry.event, DecisionMade)] == ["Presses the button"]
        assert release_of(on) == []
        await on.press("enter")
        assert release_of(on) == ["knife"], "one that is pressed afterwards does"


async def test_the_next_voice_still_waits_for_no_store(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("2")
        await on.type("no")
        gate = shut(on)
        post(on, "enter", "enter", "3", "g", "o", "enter")
        await on.pilot.pause(0.1)
        gate.set()
        await on.settle()
        await on.settle()
        said = [(entry.event.role, entry.event.text) for entry in on.source.log.entries if isinstance(entry.event, DecisionMade)]
        assert said == [("teller", "no"), ("guard", "go")]
        assert release_of(on) == []


@pytest.mark.parametrize(
    "opened",
    [
        ("2",),
        ("2", *"words"),
        ("o", *"words"),
        ("d", "3", *"words"),
        ("0", "down", "enter"),
        ("f4", "down"),
        ("space",),
        ("question_mark",),
        ("x",),
    ],
    ids=lambda keys: "".join(key[0] for key in keys),
)
async def test_enter_twice_releases_nothing_below_any_panel_that_it_closes(stage: StageMaker, opened: tuple[str, ...]) -> None:
    async with stage(bank(), size=(100, 30), hasty_s=1000.0, notifications=True) as on:
        await on.press(*opened)
        assert not isinstance(on.app.screen, ConsoleScreen)
        await on.press("enter")
        assert isinstance(on.app.screen, ConsoleScreen)
        await on.press("enter", "enter")
        assert release_of(on) == []
        assert "press enter again" not in on.text, "nor is anything made ready for it"


async def test_what_is_swallowed_is_said(stage: StageMaker) -> None:
    async with stage(bank(), size=(100, 30), hasty_s=1000.0, notifications=True) as on:
        await on.press("2", "enter", "enter")
        assert "only the first one counted" in joined(on)


async def test_an_enter_after_any_other_key_is_meant_as_it_is(stage: StageMaker) -> None:
    async with stage(bank(), size=(100, 30), hasty_s=1000.0) as on:
        await on.press("2", "enter", "down", "up", "escape", "enter")
        assert release_of(on) == ["knife"]


async def test_enter_twice_cuts_nothing_unread(stage: StageMaker) -> None:
    async with stage(drill(), pace="discussion", started=False, prepare=started(30), size=(80, 24), hasty_s=1000.0) as on:
        await on.press("enter")
        await on.wait(12 * 60)
        await on.press("f4", "down", "down", "down", "enter", "enter")
        assert isinstance(on.app.screen, FitPanel)
        assert not any(isinstance(entry.event, PlanFitted) for entry in on.source.log.entries)
        on.app.enter_once.within_s = 0.0
        await on.press("enter")
        assert any(isinstance(entry.event, PlanFitted) for entry in on.source.log.entries)


async def test_enter_twice_counts_nobody(stage: StageMaker) -> None:
    async with stage(bank(), size=(100, 30), hasty_s=1000.0) as on:
        await on.press("ctrl+g", "ctrl+g", "2")
        await on.type("ambulance called")
        await on.press("enter", "enter")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert on.state.emergency.counted == ()
        await on.press("down", "enter")
        assert len(on.state.emergency.counted) == 1


def joined(on: Stage) -> str:
    return " ".join("".join(character if character not in "▌▐│" else " " for character in on.text).split())

"""Presses that come before what the one before them asked for is there: a slow store, a first press of an emergency."""

from __future__ import annotations

import asyncio
import threading

import pytest
from textual import events

from tabletop.engine import commands as c
from tabletop.tui.screens.panels.gap import GapPanel
from tabletop.tui.screens.panels.too_small import TooSmall
from tabletop.tui.screens.station import StationScreen

from .conftest import FakeTime, StageMaker
from .exercises import bank
from .seated import AtASeat, SeatSource, seat

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

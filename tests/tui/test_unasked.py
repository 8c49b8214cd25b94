"""What opens by itself at a console takes no key from hands that are at work; what they type goes on where it was."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from textual import events
from textual.widgets import Input

from tabletop.engine import commands as c
from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.engine.events import ClockGap, Noted
from tabletop.engine.rights import Actor
from tabletop.errors import TabletopError
from tabletop.tui.screens.panels.emergency import EmergencyScreen, RaisedPanel
from tabletop.tui.screens.panels.gap import GapPanel
from tabletop.tui.screens.panels.read_only import ReadOnlyPanel
from tabletop.tui.screens.panels.trouble import TroublePanel
from tabletop.tui.unasked import LONG_S

from .conftest import Stage, StageMaker
from .exercises import bank
from .test_console_emergency import signed_in

GUARD = Actor("seat", roles=("guard",))
REST_S = 1.0
"""Longer than it takes from what opens to the first look at the clock."""

HELD_S = 60.0
"""Longer than any of these tests takes: hands go on until they are said to rest."""


@pytest.fixture(autouse=True)
def long_enough(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, hands have not gone on for too long; only who never rests does."""
    if "never_rest" not in request.node.name:
        monkeypatch.setattr("tabletop.tui.unasked.LONG_S", HELD_S)


def rests(on: Stage) -> None:
    """The hands have rested: the next key is meant for what stands there."""
    on.app.unasked.rest_s = 0.0


def key(character: str) -> events.Key:
    return events.Key({"\n": "enter", " ": "space", "\b": "backspace"}.get(character, character), character)


async def types(on: Stage, text: str) -> None:
    """Types as a hand does that does not look up."""
    for character in text:
        on.app.post_message(key(character))
        await on.pilot.pause(0.01)
    await on.settle()


async def pressed_elsewhere(on: Stage, times: int) -> None:
    for _ in range(times):
        on.source.from_elsewhere(c.PressEmergency("seat:guard"), GUARD)
    opens = EmergencyScreen if times == 2 else RaisedPanel
    await comes(on, opens)
    # Before it is drawn nobody is under its cursor, and no key could count anybody.
    await on.settle()


async def comes(on: Stage, opens: type[Any]) -> None:
    async with asyncio.timeout(20):
        while not isinstance(on.app.screen, opens):
            await on.pilot.pause(0.01)
            on.app._tick()


def note(on: Stage) -> str:
    """What stands in the field of the note, wherever that panel is."""
    [field] = [field for screen in on.app.screen_stack for field in screen.query(Input)]
    return field.value


def of(on: Stage, kind: type[Any]) -> list[Any]:
    return [entry.event for entry in on.source.log.entries if isinstance(entry.event, kind)]


async def test_a_note_goes_on_under_an_emergency_and_counts_and_ends_nothing(stage: StageMaker) -> None:
    async with stage(bank(), prepare=signed_in, rest_s=HELD_S) as on:
        await on.press("enter", "f6")
        await types(on, "Zhao: door of")
        await pressed_elsewhere(on, 2)
        await types(on, " room 12\b is locked\n")
        emergency = on.state.emergency
        assert emergency is not None
        assert emergency.counted == ()
        assert isinstance(on.app.screen, EmergencyScreen)
        assert note(on) == "Zhao: door of room 1 is locked"
        assert of(on, Noted) == []
        rests(on)
        await on.press("space", "1")
        assert on.state.emergency is not None
        assert len(on.state.emergency.counted) == 1
        await on.type("a cable smoked")
        await on.press("enter")
        assert on.state.emergency is None
        await on.press("enter")
        assert [event.text for event in of(on, Noted)] == ["Zhao: door of room 1 is locked"]


async def test_words_go_on_from_the_first_press_to_the_second(stage: StageMaker) -> None:
    async with stage(bank(), prepare=signed_in, rest_s=HELD_S) as on:
        await on.press("enter", "f6")
        await types(on, "he ")
        await pressed_elsewhere(on, 1)
        await types(on, "is ")
        await pressed_elsewhere(on, 2)
        await types(on, "out")
        assert note(on) == "he is out"


@pytest.mark.parametrize("hit", ["\n", " ", "1"])
async def test_a_key_in_flight_counts_nobody_and_a_rested_one_does(stage: StageMaker, hit: str) -> None:
    async with stage(bank(), prepare=signed_in, rest_s=HELD_S) as on:
        await on.press("enter")
        await pressed_elsewhere(on, 2)
        await types(on, hit)
        assert on.state.emergency is not None
        assert on.state.emergency.counted == ()
        assert isinstance(on.app.screen, EmergencyScreen)
        rests(on)
        await on.press("enter")
        assert len(on.state.emergency.counted) == 1


@pytest.mark.parametrize("hit", ["\n", "1", "2"])
async def test_time_that_nobody_saw_is_not_settled_by_a_key_in_flight(stage: StageMaker, hit: str) -> None:
    async with stage(bank(), rest_s=HELD_S) as on:
        await on.press("enter")
        on.source.time.sleep(600)
        await comes(on, GapPanel)
        await types(on, hit)
        assert of(on, ClockGap) == []
        assert isinstance(on.app.screen, GapPanel)
        rests(on)
        await on.press("2")
        assert [event.counted for event in of(on, ClockGap)] == [False]


async def test_the_next_speaker_takes_no_run_over(stage: StageMaker) -> None:
    async with stage(bank(), prepare=signed_in, rest_s=HELD_S) as on:
        await on.press("enter")
        on.source.fenced = True
        await comes(on, ReadOnlyPanel)
        on.source.fenced = False
        assert on.app.desk is not None
        await types(on, "2yes")
        assert on.app.desk.read_only
        rests(on)
        await on.press("2")
        assert not on.app.desk.read_only


async def test_a_key_in_flight_answers_no_question_of_the_disk(stage: StageMaker) -> None:
    async with stage(bank(), rest_s=HELD_S) as on:
        await on.press("enter", "f6")
        await on.type("first")
        on.source.log.fail_with = TabletopError("store.no-space", path="x")
        on.app.post_message(key("\n"))
        await comes(on, TroublePanel)
        on.source.log.fail_with = None
        await types(on, "1")
        assert isinstance(on.app.screen, TroublePanel)
        assert of(on, Noted) == []
        rests(on)
        await on.press("1")
        assert [event.text for event in of(on, Noted)] == ["first"]


async def test_what_is_pasted_while_a_note_is_recorded_stands_in_the_next(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "f6")
        await on.type("first note")
        gate, append = threading.Event(), on.source.log.append

        def when_open(*entries: Any, **more: Any) -> Any:
            assert gate.wait(30)
            return append(*entries, **more)

        on.source.log.append = when_open
        for event in (key("\n"), events.Key("f6", None), key("a"), events.Paste("second note"), key("z")):
            on.app.post_message(event)
        await on.pilot.pause(0.1)
        gate.set()
        await on.settle()
        await on.settle()
        assert [event.text for event in of(on, Noted)] == ["first note"]
        assert note(on) == "asecond notez"


async def test_what_is_pasted_or_typed_under_trouble_stands_where_it_was_meant(stage: StageMaker) -> None:
    async with stage(bank(), rest_s=HELD_S) as on:
        await on.press("enter", "f6")
        await types(on, "ab")
        on.source.log.fail_with = TabletopError("store.no-space", path="x")
        on.app.ask(c.AddNote("parked", "another"))
        await comes(on, TroublePanel)
        await types(on, "cd")
        on.app.post_message(events.Paste("ef"))
        await types(on, "gh")
        assert isinstance(on.app.screen, TroublePanel)
        assert note(on) == "abcdefgh"


async def test_a_digit_that_belongs_to_a_panel_does_not_become_a_word(stage: StageMaker) -> None:
    async with stage(bank(), prepare=signed_in, rest_s=HELD_S) as on:
        await on.press("enter", "2")
        await pressed_elsewhere(on, 2)
        await types(on, "3")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert note(on) == ""


async def test_hands_that_never_rest_are_told_or_mean_what_they_see(stage: StageMaker) -> None:
    async with stage(bank(), prepare=signed_in, rest_s=HELD_S) as on:
        await on.press("enter", "f6")
        await types(on, "he ")
        await pressed_elsewhere(on, 2)
        begun = time.monotonic()
        while "Your keys still go into the field below" not in on.text:
            assert time.monotonic() - begun < 20
            await types(on, "x")
        assert time.monotonic() - begun > LONG_S - REST_S
        assert on.state.emergency is not None
        assert on.state.emergency.counted == ()
    async with stage(bank(), prepare=signed_in, rest_s=HELD_S) as on:
        await on.press("enter")
        await pressed_elsewhere(on, 2)
        begun = time.monotonic()
        while on.state.emergency is not None and not on.state.emergency.counted:
            assert time.monotonic() - begun < 20
            await types(on, " ")
            await on.pilot.pause(0.1)
        assert time.monotonic() - begun > LONG_S - REST_S
        assert on.state.emergency is not None
        assert on.state.emergency.counted


@pytest.mark.parametrize("hit", ["space", "f8"])
async def test_space_goes_on_once_nobody_confirmed_a_press_and_not_before(stage: StageMaker, hit: str) -> None:
    async with stage(bank(), prepare=signed_in) as on:
        await on.press("enter")
        await pressed_elsewhere(on, 1)
        await on.press(hit)
        assert isinstance(on.app.screen, RaisedPanel)
        assert on.state.emergency is not None
        await on.wait(SECOND_PRESS_MS / 1000 + 1)
        assert "space resumes" in on.text
        await on.press(hit)
        assert on.state.clock.running
        assert on.state.emergency is None
        assert not isinstance(on.app.screen, RaisedPanel)

"""A station while the store is busy: hiding waits for nothing, and no word that is typed or pasted meanwhile is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual import events

from tabletop.engine.events import AnswerGiven, DecisionMade, MessageAcknowledged
from tabletop.errors import TabletopError
from tabletop.exercise.model import Exercise
from tabletop.tui import keyed_app
from tabletop.tui.screens.handing import HandingScreen

from .conftest import FakeTime
from .exercises import bank
from .seated import AtASeat, SeatSource, below, seat
from .test_hasty_presses import SlowSource
from .test_station_meanwhile import CENTRE_WRITES, GUARD_WRITES, asked_for_words, field, of

TELLER, MANAGER = "seat:teller", "seat:manager"


class BusySource(SeatSource):
    """A store that takes nothing while it is shut."""

    def __init__(self, exercise: Exercise) -> None:
        super().__init__(exercise, FakeTime())
        self.gate = threading.Event()
        self.gate.set()
        self.asked = threading.Event()
        """It was asked to take something while it was shut."""
        append = self.log.append

        def when_open(*entries: Any, **more: Any) -> None:
            if not self.gate.is_set():
                self.asked.set()
            assert self.gate.wait(60)
            append(*entries, **more)

        self.log.append = when_open  # type: ignore[method-assign]


def press(on: AtASeat, *keys: str) -> None:
    """Presses keys, or types text, and waits for nothing."""
    for key in keys:
        if len(key) == 1 or key in ("enter", "f9", "ctrl+c", "ctrl+q"):
            on.app.post_message(events.Key(key, "\r" if key == "enter" else key if len(key) == 1 else None))
        else:
            press(on, *key)


async def until(on: AtASeat, done: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not done():
            await on.pilot.pause(0.01)


@asynccontextmanager
async def busy(exercise: Exercise, *roles: str, private: bool = False) -> AsyncIterator[tuple[AtASeat, threading.Event]]:
    """A station, and the gate of its store."""
    source = BusySource(exercise)
    async with seat(exercise, roles, name="" if private else "Li Wei", private=private, source=source) as on:
        try:
            yield on, source.gate
        finally:
            source.gate.set()


async def opened(on: AtASeat, gate: threading.Event) -> None:
    gate.set()
    await on.settle()
    await on.settle()


async def test_one_key_hides_a_seat_whose_answer_is_on_its_way_and_nothing_of_it_is_left_to_be_sent() -> None:
    async with busy(bank(), "teller", "guard", private=True) as (on, gate):
        await on.press("enter")
        await on.told("knife")
        await on.press("3")
        gate.clear()
        press(on, "enter", "f9")
        await until(on, lambda: isinstance(on.app.screen, HandingScreen))
        assert of(on, AnswerGiven) == []
        assert "What do you do first?" not in on.text
        await opened(on, gate)
        assert [event.role for event in of(on, AnswerGiven)] == ["teller"]
        assert isinstance(on.app.screen, HandingScreen)
        assert not any("ask/" in name for name in on.source.by_seat[TELLER])
        await on.press("down", "enter")
        assert "What do you do first?" in below(on), "the guard owes it still"
        await on.press("f9", "up", "enter", "tab")
        assert "✓ you: " in below(on)


async def test_a_decision_that_was_on_its_way_when_it_was_hidden_leaves_neither_words_nor_a_form() -> None:
    async with busy(bank(), "teller", "guard", private=True) as (on, gate):
        await on.press("enter", "f3")
        await on.type("Doors locked")
        gate.clear()
        press(on, "enter", "f9")
        await until(on, lambda: isinstance(on.app.screen, HandingScreen))
        press(on, "enter")
        await opened(on, gate)
        await until(on, lambda: not isinstance(on.app.screen, HandingScreen))
        await on.settle()
        assert [event.text for event in of(on, DecisionMade)] == ["Doors locked"]
        assert "DECISION  " not in on.text
        await on.press("f3")
        assert field(on).text == ""


async def test_what_could_not_be_recorded_after_it_was_hidden_is_there_again() -> None:
    async with busy(bank(), "teller", "guard", private=True) as (on, gate):
        await on.press("enter", "f3")
        gate.clear()
        press(on, "Doors locked", "enter", "f9")
        await until(on, lambda: isinstance(on.app.screen, HandingScreen))
        on.source.log.fail_with = TabletopError("store.no-space", path="x")
        await opened(on, gate)
        on.source.log.fail_with = None
        assert of(on, DecisionMade) == []
        await on.press("down", "enter")
        assert "Doors" not in on.text
        await on.press("f9", "up", "enter")
        assert field(on).text == "Doors locked"


async def test_words_typed_on_until_the_key_that_hides_them_wait_for_that_seat_alone() -> None:
    async with busy(bank(), "manager", "guard", private=True) as (on, gate):
        await on.press("enter")
        await on.driver(GUARD_WRITES, CENTRE_WRITES)
        gate.clear()
        press(on, "yes", "enter", "two men")
        await on.pilot.pause(0.1)
        press(on, "f9")
        await until(on, lambda: isinstance(on.app.screen, HandingScreen))
        assert "two" not in on.text
        await opened(on, gate)
        assert [event.text for event in of(on, MessageAcknowledged)] == ["yes"]
        await on.press("down", "enter")
        assert "two" not in on.text
        await on.press("f9", "up", "enter")
        assert "Two men, one knife" in on.text
        assert field(on).text == "two men"


async def test_words_typed_while_the_store_is_busy_wait_for_as_long_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyed_app, "HELD_S", 0.05)
    monkeypatch.setattr(keyed_app, "STUCK_S", 0.05)
    async with busy(bank(), "manager") as (on, gate):
        await on.driver(GUARD_WRITES, CENTRE_WRITES)
        gate.clear()
        press(on, "yes", "enter", "two men")
        await until(on, lambda: field(on).text == "yes")
        await on.pilot.pause(0.5)
        assert field(on).text == "yes"
        await opened(on, gate)
        assert [event.text for event in of(on, MessageAcknowledged)] == ["yes"]
        assert field(on).text == "two men"


async def test_what_is_pasted_while_something_is_on_its_way_stands_in_what_comes_up_next_in_its_order() -> None:
    async with busy(bank(), "manager") as (on, gate):
        await on.driver(GUARD_WRITES, CENTRE_WRITES)
        gate.clear()
        press(on, "yes", "enter", "a")
        on.app.post_message(events.Paste("two men"))
        press(on, "z")
        await on.pilot.pause(0.2)
        await opened(on, gate)
        assert [event.text for event in of(on, MessageAcknowledged)] == ["yes"]
        assert field(on).text == "atwo menz"


async def test_a_key_that_waits_for_nothing_lets_no_other_go_before_its_time() -> None:
    async with busy(bank(), "manager") as (on, gate):
        await on.driver(GUARD_WRITES, CENTRE_WRITES)
        gate.clear()
        press(on, "yes", "enter")
        await until(on, lambda: field(on).text == "yes")
        await on.pilot.pause(0.1)
        press(on, "ctrl+c", "two men")
        await on.pilot.pause(0.3)
        assert field(on).text == "yes"
        await opened(on, gate)
        assert field(on).text == "two men"


async def test_who_leaves_while_the_store_is_busy_finds_what_was_typed_on() -> None:
    source = BusySource(asked_for_words())
    async with seat(asked_for_words(), ("manager",), source=source) as on:
        await on.told("knife")
        await on.driver(GUARD_WRITES)
        source.gate.clear()
        press(on, "Wait", "enter", "open")
        await until(on, source.asked.is_set)
        threading.Timer(0.3, source.gate.set).start()
        press(on, "ctrl+q")
        await until(on, lambda: source.closed)
    assert [event.value for event in of(on, AnswerGiven)] == ["Wait"]
    [kept] = [text for name, text in source.by_seat[MANAGER].items() if name.startswith("message/")]
    assert "open" in kept
    assert not any(name.startswith("ask/") for name in source.by_seat[MANAGER])


async def test_a_seat_that_is_hidden_before_it_is_there_does_not_come_up() -> None:
    source = SlowSource()
    async with seat(bank(), ("teller", "centre"), private=True, name="", source=source) as on:
        await on.told("knife")
        source.gate.clear()
        await on.pilot.press("enter")
        await on.pilot.press("f9")
        source.gate.set()
        await on.settle()
        await on.settle()
        assert isinstance(on.app.screen, HandingScreen)
        assert "What do you do first?" not in on.text
        assert "Something new has come" in on.text
        await on.press("enter")
        assert "What do you do first?" in below(on)


async def test_a_draft_that_the_busy_store_did_not_take_is_not_saved_after_its_words_were_recorded() -> None:
    async with busy(bank(), "teller", "guard", private=True) as (on, gate):
        await on.press("enter", "f3")
        await on.type("Doors locked")
        desk, keep = on.app.desk, on.source.keep_draft
        assert desk is not None
        tried = threading.Event()

        def not_now(name: str, text: str) -> None:
            tried.set()
            assert gate.wait(60)
            raise TabletopError("store.in-use", path="x")

        gate.clear()
        on.source.keep_draft = not_now  # type: ignore[method-assign]
        desk._changed_drafts = {"decision": 0.0}
        on.app._tick()
        await until(on, tried.is_set)
        press(on, "enter")
        await until(on, lambda: "sending" in on.text)
        append = on.source.log.append
        recording = threading.Event()

        def record(*entries: Any, **more: Any) -> None:
            assert recording.wait(60)
            append(*entries, **more)

        on.source.log.append = record  # type: ignore[method-assign]
        on.source.keep_draft = keep  # type: ignore[method-assign]
        gate.set()
        await on.pilot.pause(0.3)
        press(on, "f9")
        await until(on, lambda: isinstance(on.app.screen, HandingScreen))
        recording.set()
        await on.settle()
        assert [event.text for event in of(on, DecisionMade)] == ["Doors locked"]
        assert "decision" not in on.source.by_seat[TELLER]

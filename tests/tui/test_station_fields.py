"""A field that stands on a station's screen has the keyboard: what is typed towards it goes into it, and no letter of it is a command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from textual import events
from textual.widgets import TextArea

from tabletop.engine import commands as c
from tabletop.engine.events import AnswerGiven, DecisionMade, MessageAcknowledged, MessageSent
from tabletop.exercise.model import Exercise
from tabletop.tui.screens import seated
from tabletop.tui.widgets.fields import Fields

from .conftest import FakeTime
from .exercises import bank, t
from .seated import AtASeat, SeatSource, below, seat
from .test_station_meanwhile import GUARD_WRITES, field, of, station

ORDER = "Yes, lock the door? 2 men"
CHINESE = "好的，锁上2号门"

AWAY: dict[str, Sequence[str]] = {
    "esc": ("escape", "escape"),
    "up": ("up", "up"),
    "down": ("down",),
    "tab": ("tab",),
    "shift+tab": ("shift+tab",),
    "help": ("f1", "f1"),
    "help, left by esc": ("f1", "escape", "escape"),
    "read": ("f8", "f8"),
    "look": ("f10",),
    "page": ("pageup", "pagedown"),
    "why": ("f4", "ctrl+r"),
}
"""Keys that may be thought to lead out of a field, and that leave it standing."""


def asked(answer: str, **more: Any) -> Exercise:
    """The knife asks the manager."""
    asks = [{"id": "plan", "to": ["manager"], "question": t("What is your plan?", "您打算怎么办？"), "answer": answer, **more}]
    knife = {"id": "knife", "kind": "situation", "at": "0s", "title": t("A knife", "一把刀"), "text": t("Look.", "请看。"), "asks": asks}
    return bank(injects=[knife])


OPTIONS = {"options": [{"id": "x", "text": t("left", "左")}, {"id": "y", "text": t("right", "右")}]}


def second_option(on: AtASeat) -> tuple[str, ...]:
    """What the digit 2 picks of what stands below: options are shuffled."""
    task = station(on).current
    assert task is not None
    assert task.ask is not None
    return (task.ask.options[1].id,)


def unasked(on: AtASeat) -> None:
    """Nothing was recorded, nor opened, that nobody asked for."""
    assert of(on, DecisionMade) == []
    assert of(on, MessageSent) == [] or [event.role for event in of(on, MessageSent)] == ["guard"]
    assert "DECISION" not in below(on)
    assert "To whom?" not in below(on)


@pytest.mark.parametrize("text", [ORDER, CHINESE])
@pytest.mark.parametrize("keys", AWAY.values(), ids=AWAY)
async def test_what_is_typed_after_a_key_that_seems_to_leave_a_read_back_goes_into_it(keys: Sequence[str], text: str) -> None:
    async with seat(bank(), ("manager",)) as on:
        await on.driver(GUARD_WRITES)
        await on.press(*keys)
        await on.type(text)
        assert field(on).text == text
        unasked(on)
        await on.press("enter")
        assert [event.text for event in of(on, MessageAcknowledged)] == [text]
        unasked(on)


@pytest.mark.parametrize("keys", [AWAY["esc"], AWAY["up"]], ids=["esc", "up"])
async def test_an_answer_in_words_keeps_its_field_too(keys: Sequence[str]) -> None:
    async with seat(asked("text"), ("manager",)) as on:
        await on.told("knife")
        await on.type("We ")
        await on.press(*keys)
        await on.type("do it")
        await on.press("enter")
        assert [event.value for event in of(on, AnswerGiven)] == ["We do it"]
        unasked(on)


async def test_every_field_of_a_report_keeps_the_keyboard_and_so_does_the_one_that_asks_for_a_name() -> None:
    elements = [{"id": "who", "title": t("Who", "谁")}, {"id": "what", "title": t("What", "什么")}]
    async with seat(asked("report", elements=elements), ("manager",), name="", size=(100, 40)) as on:
        await on.press("enter")
        await on.told("knife")
        fields = on.app.screen.query_one(Fields)
        assert len(fields.all) == 4
        for number in range(len(fields.all)):
            assert field(on) is fields.all[number]
            await on.press("escape")
            await on.type("md")
            assert fields.all[number].text == "md"
            await on.press("tab")
        unasked(on)


async def test_a_field_that_lost_the_keyboard_by_something_else_has_it_again_with_the_next_key_and_the_next_drawing() -> None:
    async with seat(bank(), ("manager",)) as on:
        await on.driver(GUARD_WRITES)
        await on.type("Yes ")
        on.app.screen.set_focus(None)
        await on.type("do")
        assert field(on).text == "Yes do"
        on.app.screen.set_focus(None)
        await on.tick()
        assert field(on).text == "Yes do"
        on.app.post_message(events.AppBlur())
        await on.settle()
        await on.type(" it")
        assert field(on).text == "Yes do it"
        on.app.screen.set_focus(None)
        on.app.post_message(events.Paste(" now"))
        await on.settle()
        assert field(on).text == "Yes do it now"
        await on.pilot.click("#board")
        await on.type("!")
        assert field(on).text == "Yes do it now!"
        unasked(on)


async def test_the_arrows_show_more_of_the_text_and_leave_the_keyboard_where_it_is() -> None:
    async with seat(bank(), ("manager",)) as on:
        await on.driver(*(c.AddNote("ruling", f"Ruling {number}") for number in range(30)), GUARD_WRITES)
        before = on.text
        await on.press("down", "down", "down")
        assert on.text != before
        assert field(on) is not None
        await on.press("up", "up", "up")
        assert on.text == before


async def test_where_digits_answer_esc_leads_back_to_them_and_letters_go_on_in_the_reason() -> None:
    async with seat(asked("choice", rationale="optional", **OPTIONS), ("manager",)) as on:
        await on.told("knife")
        second = second_option(on)
        await on.press("f4")
        await on.type("he is armed")
        await on.press("escape", "2")
        assert "2 ✓" in below(on)
        assert on.app.screen.focused is None
        await on.type("mad 1")
        assert field(on).text == "he is armedmad 1"
        await on.press("enter")
        [given] = of(on, AnswerGiven)
        assert (given.value, given.rationale) == (second, "he is armedmad 1")
        unasked(on)


async def test_a_line_for_a_reason_that_is_empty_is_closed_by_esc() -> None:
    async with seat(asked("choice", rationale="optional", **OPTIONS), ("manager",)) as on:
        await on.told("knife")
        await on.press("f4")
        assert field(on) is not None
        await on.press("escape")
        assert on.app.screen.query_one(Fields).all == []


@pytest.mark.parametrize("text", ["mad", "德"])
async def test_a_reason_that_must_be_given_takes_letters_and_digits_still_answer(text: str) -> None:
    async with seat(asked("choice", rationale="required", **OPTIONS), ("manager",)) as on:
        await on.told("knife")
        second = second_option(on)
        await on.press("2")
        await on.type(text)
        await on.press("enter")
        [given] = of(on, AnswerGiven)
        assert (given.value, given.rationale) == (second, text)
        unasked(on)


@pytest.mark.parametrize("keys", [("f2",), ("f2", "4", "escape")])
async def test_no_letter_opens_a_decision_while_it_is_chosen_whom_a_message_is_for(keys: Sequence[str]) -> None:
    async with seat(bank(), ("manager",)) as on:
        await on.press(*keys)
        await on.type("send help")
        await on.press("enter")
        assert of(on, DecisionMade) == []
        assert "To whom?" in below(on)
        await on.press("f3")
        assert "DECISION" in below(on), "a function key still does"


async def test_a_letter_among_words_that_go_nowhere_is_no_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seated, "CALM_S", 1000.0)
    async with seat(bank(), ("manager",)) as on:
        await on.type("lock the door")
        await on.press("enter")
        unasked(on)
        await on.press("f3")
        assert "DECISION" in below(on)


async def test_a_letter_alone_opens_a_field() -> None:
    async with seat(bank(), ("manager",)) as on:
        await on.press("d")
        assert "DECISION" in below(on)
        await on.press("escape", "m")
        assert "To whom?" in below(on)


async def test_the_name_that_is_asked_for_has_the_keyboard() -> None:
    async with seat(bank(), ("manager",), name="") as on:
        await on.press("escape", "up", "tab")
        on.app.screen.set_focus(None)
        await on.type("Li")
        assert isinstance(on.app.screen.focused, TextArea)
        assert field(on).text == "Li"


@pytest.mark.parametrize(("language", "heading"), [("en", "YOUR DECISIONS"), ("zh-Hans", "您的决定")])
async def test_a_decision_stands_where_what_was_said_stands(language: str, heading: str) -> None:
    source = SeatSource(bank(), FakeTime(), language=language)
    async with seat(bank(), ("teller",), source=source, language=language, size=(100, 40)) as on:
        await on.driver(c.RecordDecision("teller", "A note of the facilitator"))
        await on.press("f3")
        await on.type("Lock the dor")
        await on.press("tab")
        await on.type("he is armed")
        await on.press("enter")
        assert heading in on.text
        assert "✓ Lock the dor" in on.text
        assert "he is armed" in on.text
        assert "A note of the facilitator" not in on.text


async def test_after_endex_no_clock_is_called_paused() -> None:
    async with seat(bank(), ("teller",)) as on:
        await on.driver(c.Pause("break"))
        assert "‖ 0:00" in on.text
        await on.driver(c.End())
        assert "ENDEX" in on.text
        assert "‖" not in on.text

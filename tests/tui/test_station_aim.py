"""What a key is meant for at a station: nothing that came up by itself under the hand, before it was turned to, touched or seen."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual import events

from tabletop.engine import commands as c
from tabletop.engine.events import AnswerGiven, DecisionMade, InjectAcknowledged, MessageAcknowledged, MessageSent
from tabletop.exercise.model import Exercise
from tabletop.tui import aim

from .exercises import bank, t
from .seated import AtASeat, below, seat
from .test_station_meanwhile import GUARD_WRITES, field, of

NEVER = 1000.0
"""Seconds after which what came up by itself counts as seen, in a test that is over long before."""

ENTER = "\r"


async def fast(on: AtASeat, *keys: str) -> None:
    """Presses keys one after the other, faster than anything comes up."""
    for key in keys:
        on.app.post_message(events.Key("enter", ENTER) if key == "enter" else events.Key(key, key if len(key) == 1 else None))
    await on.settle()


def asked_of_teller(*asks: dict[str, Any]) -> Exercise:
    """The knife puts these asks to the teller."""
    asked = [{"to": ["teller"], "question": t(f"What of {ask['id']}?", f"{ask['id']}？"), **ask} for ask in asks]
    knife = {"id": "knife", "kind": "situation", "at": "0s", "title": t("A knife", "一把刀"), "text": t("Look.", "请看。"), "asks": asked}
    return bank(injects=[knife])


def choice(name: str) -> dict[str, Any]:
    return {"id": name, "answer": "choice", "options": [{"id": "x", "text": t("left", "左")}, {"id": "y", "text": t("right", "右")}]}


async def test_one_more_enter_after_a_decision_sends_nothing_that_was_only_picked() -> None:
    async with seat(bank(), ("teller",), habit_s=NEVER) as on:
        await on.told("knife")
        await on.press("3", "f3")
        await on.type("Doors locked")
        await fast(on, "enter", "enter")
        assert [event.text for event in of(on, DecisionMade)] == ["Doors locked"]
        assert of(on, AnswerGiven) == []
        assert "3 ✓" in below(on)
        await on.press("1", "enter")
        assert len(of(on, AnswerGiven)) == 1, "what somebody picked since is sent"


async def test_one_more_enter_after_a_decision_of_one_role_sends_nothing_of_another() -> None:
    async with seat(bank(), ("teller", "guard"), habit_s=NEVER) as on:
        await on.told("knife")
        await on.press("3", "f3", "3")
        await on.type("Doors locked")
        await fast(on, "enter", "enter")
        assert [event.role for event in of(on, DecisionMade)] == ["guard"]
        assert of(on, AnswerGiven) == []
        aim.HABIT_S = 0.0
        await on.press("enter")
        assert [event.role for event in of(on, AnswerGiven)] == ["teller"], "by now it was seen"


async def test_one_more_enter_after_a_letter_passes_over_no_part_of_a_report() -> None:
    elements = [{"id": "facts", "title": t("Facts", "事实")}, {"id": "needs", "title": t("Needs", "需求")}]
    async with seat(asked_of_teller({"id": "state", "answer": "report", "elements": elements}), ("teller",), habit_s=NEVER) as on:
        await on.told("knife")
        await on.press("f3")
        await on.type("Doors locked")
        await fast(on, "enter", "enter")
        await on.type("two men")
        assert "two men" in on.text.partition("Facts ›")[2].partition("Needs ›")[0]
        await on.press("enter")
        await on.type("doctor")
        assert "doctor" in on.text.partition("Needs ›")[2], "what was typed into is passed over"


@pytest.mark.parametrize("typed", ["ye", ""])
async def test_one_more_enter_after_a_letter_confirms_no_message(typed: str) -> None:
    async with seat(bank(), ("manager",), habit_s=NEVER) as on:
        await on.driver(GUARD_WRITES)
        await on.type(typed)
        await on.press("f2", "4")
        await on.type("Doors locked")
        await fast(on, "enter", "enter")
        assert [event.to for event in of(on, MessageSent)][-1] == "centre"
        assert of(on, MessageAcknowledged) == []
        await on.type("s")
        await on.press("enter")
        assert [event.text for event in of(on, MessageAcknowledged)] == [f"{typed}s"]


async def test_one_more_enter_after_a_receipt_confirms_nothing_else() -> None:
    async with seat(bank(), ("centre",), habit_s=NEVER) as on:
        await on.driver(c.SendMessage("guard", "centre", "The side door is open"))
        await on.told("signal")
        await on.type("open")
        await fast(on, "enter", "enter")
        assert len(of(on, MessageAcknowledged)) == 1
        assert of(on, InjectAcknowledged) == []


async def test_one_more_enter_after_an_answer_does_not_open_it_to_be_changed() -> None:
    async with seat(asked_of_teller({"id": "words", "answer": "text"}), habit_s=1.5) as on:
        await on.told("knife")
        await on.type("Wait")
        await asyncio.sleep(1.6)
        await fast(on, "enter", "enter")
        assert on.app.screen.focused is None
        assert len(of(on, AnswerGiven)) == 1


async def test_one_more_enter_after_a_read_back_sends_no_half_written_letter() -> None:
    async with seat(bank(), ("manager",), habit_s=NEVER) as on:
        await on.press("f2", "3")
        await on.type("Tell them to")
        await on.driver(GUARD_WRITES)
        await on.press("f8")
        await on.type("yes")
        await fast(on, "enter", "enter")
        assert [event.text for event in of(on, MessageAcknowledged)] == ["yes"]
        assert [event.text for event in of(on, MessageSent)] == [GUARD_WRITES.text]
        assert field(on).text == "Tell them to"
        await on.type(" wait")
        await on.press("enter")
        assert [event.text for event in of(on, MessageSent)][-1] == "Tell them to wait"


async def test_enter_that_closes_what_was_only_read_does_not_send_what_comes_back() -> None:
    async with seat(bank(), ("manager",), habit_s=NEVER) as on:
        await on.press("f3")
        await on.type("Lock")
        await on.told("knife")
        await on.press("f8")
        await fast(on, "enter", "enter")
        assert of(on, DecisionMade) == []
        assert field(on).text == "Lock"
        await on.press("f1")
        await fast(on, "enter", "enter")
        assert of(on, DecisionMade) == [], "nor what help was above"


@pytest.mark.parametrize("keys", [("enter",), ("1", "enter")])
async def test_keys_for_a_question_that_has_just_closed_answer_no_other(keys: tuple[str, ...]) -> None:
    async with seat(asked_of_teller(choice("first"), choice("second")), habit_s=NEVER) as on:
        await on.told("knife")
        await on.press("tab", "2", "tab", "1")
        assert "What of first?" in below(on)
        await on.driver(c.CloseAsk("first"))
        assert "What of second?" in below(on)
        await fast(on, *keys)
        assert of(on, AnswerGiven) == []
        assert "2 ✓" in below(on), "what was picked before stands"
        await on.press("tab", "tab")
        await fast(on, "enter")
        assert [(event.ask, event.value) for event in of(on, AnswerGiven)] == [("second", ("y",))]


async def test_an_answer_that_is_being_changed_and_closes_leaves_its_keys_to_no_other_question() -> None:
    async with seat(asked_of_teller({"id": "count", "answer": "number"}, choice("second"))) as on:
        await on.told("knife")
        await on.type("12")
        await on.press("enter", "tab", "enter")
        assert field(on).text == "12"
        await on.driver(c.CloseAsk("count"))
        await on.type("2")
        assert "✓" not in below(on)
        assert not any(name.startswith("ask/second") for name in on.app.desk.drafts)  # type: ignore[union-attr]


async def test_what_somebody_turned_to_by_hand_is_sent_at_once() -> None:
    async with seat(bank(), ("teller", "guard"), habit_s=NEVER) as on:
        await on.told("knife")
        await on.press("tab", "2", "tab", "1", "enter")
        assert [event.role for event in of(on, AnswerGiven)] == ["teller"]
        await fast(on, "tab", "tab", "enter")
        assert [event.role for event in of(on, AnswerGiven)] == ["teller", "guard"]


async def test_enter_that_comes_while_an_alarm_goes_sends_nothing_that_stood_below_it() -> None:
    async with seat(bank(), ("teller",), habit_s=NEVER) as on:
        await on.told("knife")
        await on.press("3")
        await on.driver(c.PressEmergency("wall"), c.PressEmergency("wall"))
        assert "REAL EMERGENCY" in on.text
        await on.driver(c.StandDown("false alarm"))
        await fast(on, "1", "enter")
        assert of(on, AnswerGiven) == []
        assert "3 ✓" in below(on)


async def test_the_enter_that_takes_a_seat_sends_nothing_that_was_left_there() -> None:
    async with seat(bank(), ("teller", "guard"), name="", private=True, habit_s=NEVER) as on:
        await on.press("enter", "f3")
        await on.type("Lock")
        await on.press("f9", "enter", "enter")
        assert field(on).text == "Lock"
        assert of(on, DecisionMade) == []
        await on.type(" it")
        await on.press("enter")
        assert [event.text for event in of(on, DecisionMade)] == ["Lock it"]


async def test_the_words_of_a_role_that_has_left_the_seat_become_no_others_by_themselves() -> None:
    async with seat(bank(), ("teller",)) as on:
        await on.driver(c.StaffRole("guard", "with", "teller"))
        await on.press("f3", "3")
        await on.type("Doors")
        await on.driver(c.StaffRole("guard", "people"))
        await on.press("escape", "f3")
        assert "DECISION T1" not in below(on)
        await on.press("enter")
        assert of(on, DecisionMade) == []
        assert "Press a number first." in on.text
        await on.press("escape")
        await on.driver(c.StaffRole("guard", "with", "teller"))
        await on.press("f3", "enter")
        assert [(event.role, event.text) for event in of(on, DecisionMade)] == [("guard", "Doors")]


async def test_what_was_said_of_a_role_that_nobody_plays_goes_when_it_is_played_again() -> None:
    async with seat(bank(), ("teller",)) as on:
        await on.told("knife")
        await on.press("f3")
        await on.type("Doors")
        await on.driver(c.StaffRole("teller", "nobody"))
        await on.press("enter")
        assert "Nobody plays this role now: nothing is taken from here." in on.text.splitlines()[-2]
        await on.driver(c.StaffRole("teller", "people"))
        assert "Nobody plays this role now" not in on.flat
        await on.press("enter")
        assert [event.text for event in of(on, DecisionMade)] == ["Doors"]


async def test_a_question_that_is_still_open_is_not_called_closed_when_nobody_plays_its_role() -> None:
    async with seat(bank(), ("teller",)) as on:
        await on.told("knife")
        await on.press("1")
        await on.driver(c.StaffRole("teller", "nobody"))
        assert "was closed" not in on.flat
        await on.driver(c.StaffRole("teller", "people"))
        assert "1 ✓" in below(on)


@pytest.mark.parametrize("confirms", [c.ReleaseInject("signal"), GUARD_WRITES])
async def test_an_enter_confirms_nothing_that_came_up_by_itself_before_there_was_time_to_read_it(
    monkeypatch: pytest.MonkeyPatch, confirms: c.Command
) -> None:
    async with seat(bank(), ("teller", "manager", "centre")) as on:
        await on.told("knife")
        await on.press("1")
        await on.driver(confirms)
        monkeypatch.setattr(aim, "READ_TIMES", 1e12)
        aim.HABIT_S = 1e-9
        await on.press("enter", "enter")
        assert len(of(on, AnswerGiven)) == 1
        assert of(on, InjectAcknowledged) == of(on, MessageAcknowledged) == []
        assert "Read it first" in on.text
        await on.press("tab", "shift+tab", "enter")
        assert len(of(on, InjectAcknowledged) + of(on, MessageAcknowledged)) == 1, "somebody turned to it"


@pytest.mark.parametrize(("language", "words"), [("en", "Confirm"), ("zh-Hans", "确认")])
async def test_the_footer_says_that_enter_confirms_a_receipt(language: str, words: str) -> None:
    async with seat(bank(), ("centre",), language=language) as on:
        await on.told("signal")
        assert words in on.text.splitlines()[-1]

"""What comes while somebody writes at a station: it is heard and said, and no character and no focus moves for it."""

from __future__ import annotations

from typing import Any

import pytest
from textual import events
from textual.widgets import TextArea

from tabletop.engine import commands as c
from tabletop.engine.events import AnswerGiven, DecisionMade, MessageAcknowledged, MessageSent
from tabletop.engine.rights import Actor
from tabletop.exercise.model import Exercise
from tabletop.tui.screens.station import StationScreen

from .conftest import FakeTime
from .exercises import bank, t
from .seated import AtASeat, SeatSource, seat

GUARD_WRITES = c.SendMessage("guard", "manager", "The side door is open")
CENTRE_WRITES = c.SendMessage("centre", "manager", "Two men, one knife")


def field(on: AtASeat) -> TextArea:
    """Where the next key goes."""
    focused = on.app.screen.focused
    assert isinstance(focused, TextArea), focused
    return focused


def station(on: AtASeat) -> StationScreen:
    assert isinstance(on.app.screen, StationScreen)
    return on.app.screen


def of(on: AtASeat, kind: type[Any]) -> list[Any]:
    return [event for event in on.log if isinstance(event, kind)]


def asked_for_words() -> Exercise:
    """The knife asks the manager for words."""
    asks = [{"id": "plan", "to": ["manager"], "question": t("What is your plan?", "您打算怎么办？"), "answer": "text"}]
    return bank(
        injects=[
            {"id": "knife", "kind": "situation", "at": "0s", "title": t("A knife", "一把刀"), "text": t("Look.", "请看。"), "asks": asks}
        ]
    )


@pytest.mark.parametrize("roles", [("manager",), ("manager", "teller")])
async def test_a_message_leaves_the_cursor_where_it_is_in_what_is_written_unasked(roles: tuple[str, ...]) -> None:
    async with seat(bank(), roles) as on:
        await on.press("f3", *(["1"] if len(roles) > 1 else []))
        await on.type("Lock the side door")
        await on.press("tab")
        await on.type("beause")
        await on.press(*["left"] * 4)
        writing, place, bells = field(on), field(on).cursor_location, on.bells
        await on.driver(GUARD_WRITES)
        assert on.bells == bells + 1
        assert field(on) is writing
        assert field(on).cursor_location == place
        assert "Message from SG" in on.text
        assert "F8 reads it, your text stays" in on.text
        await on.type("c")
        await on.press("enter")
        assert [(event.text, event.reason) for event in of(on, DecisionMade)] == [("Lock the side door", "because")]


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_a_message_leaves_the_words_of_an_answer_alone_and_f8_leads_there_and_back(size: tuple[int, int]) -> None:
    async with seat(asked_for_words(), ("manager", "teller"), size=size, language="zh-Hans") as on:
        await on.told("knife")
        await on.type("先稳住他")
        await on.press("left", "left")
        await on.driver(GUARD_WRITES)
        assert "发给" in on.flat
        assert "按 F8 查看，已写内容保留" in on.flat
        await on.type("一定")
        assert field(on).text == "先稳一定住他"
        await on.press("f8")
        assert "The side door is open" in on.text
        await on.type("侧门开着")
        await on.press("enter")
        assert [event.text for event in of(on, MessageAcknowledged)] == ["侧门开着"]
        assert field(on).text == "先稳一定住他"
        await on.type("！")
        assert field(on).text == "先稳一定！住他"
        assert "F8" not in on.text


async def test_f8_leads_back_without_an_answer_to_what_was_read() -> None:
    async with seat(bank(), ("manager",)) as on:
        await on.press("f2", "3")
        await on.type("Stay there")
        await on.press("home")
        await on.driver(GUARD_WRITES, CENTRE_WRITES)
        assert "(+1)" in on.text
        await on.press("f8")
        assert "Two men, one knife" in on.text
        await on.press("f8")
        assert "The side door is open" in on.text
        assert "Message from" in on.text
        await on.press("f8")
        assert field(on).text == "Stay there"
        await on.type("> ")
        await on.press("enter")
        assert of(on, MessageSent)[-1].text == "> Stay there"


async def test_what_everybody_is_told_gets_all_the_room_for_a_key_and_the_same_key_leads_back() -> None:
    async with seat(bank(), ("manager",)) as on:
        await on.press("f3")
        await on.type("Doors locked")
        await on.press("left")
        writing, bells = field(on), on.bells
        await on.told("knife")
        assert on.bells == bells + 1
        assert "NEW: A knife at counter 2" in on.text
        await on.press("f8")
        assert "DECISION" not in on.text
        await on.press("d", "1", "m")
        assert "DECISION" not in on.text, "nothing happens to what cannot be seen"
        await on.press("f8")
        assert field(on) is writing
        await on.type("X")
        assert field(on).text == "Doors lockeXd"
        await on.press("enter")
        assert [event.text for event in of(on, DecisionMade)] == ["Doors lockeXd"]


async def test_after_help_and_an_alarm_the_words_go_on_where_they_stopped() -> None:
    async with seat(asked_for_words(), ("manager",)) as on:
        await on.told("knife")
        await on.type("Wat")
        await on.press("left", "f1", "f1")
        await on.type("i")
        await on.driver(c.PressEmergency("wall"))
        on.source.time.wait(9)
        await on.tick()
        await on.type("!")
        assert field(on).text == "Wai!t"


async def test_a_question_that_is_closed_below_the_hands_lets_no_letter_become_a_command() -> None:
    async with seat(asked_for_words(), ("manager",)) as on:
        await on.told("knife")
        await on.type("Stay")
        await on.driver(c.CloseAsk("plan"))
        assert "closed before you sent anything" in on.text
        await on.type("dm")
        assert station(on).letter is None
        station(on).calm_until = 0
        await on.type("d")
        assert station(on).letter is not None


async def test_a_standing_answer_can_be_emptied_and_written_anew() -> None:
    async with seat(asked_for_words(), ("manager",)) as on:
        await on.told("knife")
        await on.type("Wait")
        await on.press("enter", "enter", *["backspace"] * 4)
        await on.driver(GUARD_WRITES)
        await on.type("Go")
        assert field(on).text == "Go"
        await on.press("enter")
        assert on.state.ask("plan").answers["manager"].value == "Go"


async def test_nobody_at_work_gets_what_has_come_without_a_key() -> None:
    async with seat(bank(), ("manager",)) as on:
        await on.driver(GUARD_WRITES)
        assert "The side door is open" in on.text
        assert "F8" not in on.text


async def test_who_shares_a_terminal_hears_of_what_came_for_another_and_never_for_whom() -> None:
    async with seat(bank(), ("manager", "guard"), name="", private=True, source=SeatSource(bank(), FakeTime())) as on:
        await on.press("enter", "f3")
        await on.type("Doors")
        bells = on.bells
        await on.driver(c.SendMessage("centre", "guard", "Leave by the yard"))
        assert on.bells == bells + 1
        assert "somebody else at this screen: F9" in on.flat
        assert "SG" not in on.text
        assert "yard" not in on.text
        await on.type(" locked")
        assert field(on).text == "Doors locked"
        await on.press("f9")
        assert "Something new has come" in on.text
        await on.press("down", "enter")
        assert "Leave by the yard" in on.text
        await on.press("f9")
        assert "Something new has come" not in on.text


async def test_what_was_typed_until_the_very_key_that_hides_it_is_there_again() -> None:
    async with seat(bank(), ("manager", "guard"), name="", private=True, source=SeatSource(bank(), FakeTime())) as on:
        await on.press("enter", "f3")
        for character in "Doors locked":
            on.app.post_message(_key(character))
        on.app.post_message(_key("f9"))
        await on.settle()
        assert on.source.by_seat[str(Actor("seat", roles=("manager",)))]["decision"].count("Doors locked") == 1
        await on.press("down", "enter")
        assert "Doors" not in on.text
        await on.press("f9", "enter")
        assert field(on).text == "Doors locked"


async def test_what_was_typed_towards_an_answer_is_there_when_the_reason_is_opened() -> None:
    async with seat(asked_for_words(), ("manager",), private=True) as on:
        await on.press("enter")
        await on.told("knife")
        for key in ("W", "a", "i", "t", "f4", "c", "a", "l", "m"):
            on.app.post_message(_key(key))
        await on.settle()
        await on.press("enter")
        answer = on.state.ask("plan").answers["manager"]
        assert (answer.value, answer.rationale) == ("Wait", "calm")


async def test_words_where_none_are_taken_say_which_key_opens_a_line_for_them() -> None:
    async with seat(bank(), ("teller",)) as on:
        await on.told("knife")
        await on.press("b")
        assert "F4 opens a line for a reason" in on.text
        await on.press("f4")
        await on.type("because")
        await on.press("escape", "1", "enter")
        assert on.state.ask("first-move").answers["teller"].rationale == "because"


def _key(key: str) -> Any:
    from textual import events

    return events.Key(key, key if len(key) == 1 else None)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_what_is_owed_next_comes_up_as_soon_as_something_is_sent_and_takes_what_is_typed_on(language: str) -> None:
    async with seat(bank(), ("manager",), language=language) as on:
        await on.driver(GUARD_WRITES, CENTRE_WRITES)
        await on.type("yes")
        on.app.post_message(events.Key("enter", "\r"))
        await on.type("两人一刀")
        assert field(on).text == "两人一刀"
        await on.press("enter")
        assert [event.text for event in of(on, MessageAcknowledged)] == ["yes", "两人一刀"]


async def test_an_enter_too_many_sends_nothing_that_was_picked_before_for_another_role() -> None:
    async with seat(bank(), ("teller", "guard"), habit_s=30.0) as on:
        await on.told("knife")
        await on.press("tab", "2", "tab", "1")
        for _ in range(2):
            on.app.post_message(events.Key("enter", "\r"))
        await on.settle()
        assert [(event.role, event.value) for event in of(on, AnswerGiven)] == [("teller", ("comply",))]
        task = station(on).current
        assert task is not None
        assert task.role == "guard"
        await on.press("2", "enter")
        assert [event.role for event in of(on, AnswerGiven)] == ["teller", "guard"]

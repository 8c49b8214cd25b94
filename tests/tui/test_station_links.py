"""A station behind a cut link: what is written there is a draft, nothing comes through, and a real emergency gets out."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.exercise.model import Exercise

from .conftest import FakeTime
from .exercises import t
from .seated import SeatSource, below, seat, wall
from .test_station_safety import cut_off


async def test_a_cut_link_says_so_and_the_wall_of_its_site_goes_on_once_it_is_back() -> None:
    source = SeatSource(cut_off(), FakeTime())
    async with seat(cut_off(), source=source) as on:
        await on.told("knife")
        await on.press("1", "ctrl+r")
        await on.type("wait")
        await on.driver(c.ReleaseInject("dark", reason="now"))
        assert "NO LINK · EXERCISE" in on.text
        await on.driver(c.ReleaseInject("light", reason="now"))
        assert "NO LINK" not in on.text
        assert "1 ✓" in on.text
        assert "wait" in on.text
    async with wall(cut_off(), source=source, site="outlet") as on:
        assert "Lines up" in on.text or "LINES UP" in on.text


@pytest.mark.parametrize(
    ("language", "kept", "back"),
    [
        ("en", "NO LINK · EXERCISE: kept as a draft. Send it once the link is back.", "The link is back · EXERCISE: what you kept"),
        ("zh-Hans", "通信中断 · 演练：已存为草稿，恢复后可发送。", "通信已恢复 · 演练：存为草稿的内容"),
    ],
)
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_what_is_written_behind_a_cut_link_is_a_draft_that_is_sent_once_it_is_back(
    language: str, kept: str, back: str, size: tuple[int, int]
) -> None:
    async with seat(cut_off(), language=language, size=size) as on:
        await on.told("knife")
        await on.driver(c.ReleaseInject("dark", reason="now"))
        before = len(on.log)
        # An option, a reason for it, a message, a decision.
        await on.press("2", "ctrl+r")
        await on.type("he is armed")
        await on.press("enter")
        assert kept in on.text
        await on.press("escape", "f2", "4")
        await on.type("press the button")
        await on.press("enter")
        assert kept in on.text
        await on.press("escape", "f3")
        await on.type("shut the hall")
        await on.press("enter")
        assert kept in on.text
        assert len(on.log) == before, "nothing gets out"
        await on.told("media", "light")
        assert kept not in on.text
        assert back in on.text
        await on.press("enter")
        [decided] = [event for event in on.log if isinstance(event, e.DecisionMade)]
        assert decided.text == "shut the hall"
        assert back not in on.text
        await on.press("enter")
        [given] = [event for event in on.log if isinstance(event, e.AnswerGiven)]
        assert given.rationale == "he is armed"
        await on.press("escape", "f2", "enter")
        [sent] = [event for event in on.log if isinstance(event, e.MessageSent)]
        assert (sent.to, sent.text) == ("centre", "press the button")


async def test_a_link_that_comes_back_takes_its_notice_along_and_says_nothing_where_nothing_was_kept() -> None:
    async with seat(cut_off(), ("manager",)) as on:
        await on.driver(c.SendMessage("guard", "manager", "The door is open"), c.ReleaseInject("dark", reason="now"))
        await on.press("enter")
        assert "NO LINK · EXERCISE: you can confirm this once the link is back." in on.text
        await on.driver(c.ReleaseInject("light", reason="now"))
        assert "ink is back" not in on.text.replace("The lines are back", "")
        await on.press("enter")
        assert [event.role for event in on.log if isinstance(event, e.MessageAcknowledged)] == ["manager"]


async def test_the_end_of_the_exercise_is_no_link_that_comes_back() -> None:
    async with seat(cut_off()) as on:
        await on.driver(c.ReleaseInject("dark", reason="now"))
        await on.press("f3")
        await on.type("shut the hall")
        await on.press("enter")
        await on.driver(c.End("played"))
        assert "NO LINK" not in on.text
        assert "link is back" not in on.text


async def test_a_choice_without_a_number_is_asked_for_it_behind_a_cut_link_too() -> None:
    async with seat(cut_off()) as on:
        await on.told("knife")
        await on.driver(c.ReleaseInject("dark", reason="now"))
        await on.press("enter")
        assert "Press the number of an answer first." in on.text


async def test_what_was_written_behind_a_cut_link_survives_a_kill() -> None:
    source = SeatSource(cut_off(), FakeTime())
    async with seat(cut_off(), source=source) as on:
        await on.told("knife")
        await on.driver(c.ReleaseInject("dark", reason="now"))
        await on.press("f3")
        await on.type("shut the hall")
    async with seat(cut_off(), source=source) as on:
        assert "shut the hall" in on.text
        assert "What do you do first?" in on.text
        await on.driver(c.ReleaseInject("light", reason="now"))
        await on.press("enter")
        assert [event.text for event in on.log if isinstance(event, e.DecisionMade)] == ["shut the hall"]


async def test_one_role_of_a_seat_that_is_cut_off_keeps_drafts_and_the_other_sends() -> None:
    async with seat(cut_off(), ("teller", "district")) as on:
        await on.told("knife")
        await on.driver(c.ReleaseInject("dark", reason="now"))
        assert "T1: NO LINK · EXERCISE" in on.text
        assert on.text.count("NO LINK · EXERCISE: what you enter stays a draft") == 1
        await on.press("1", "enter")
        assert "kept as a draft" in on.text
        await on.press("f3", "8")
        await on.type("send a car")
        await on.press("enter")
        assert [event.role for event in on.log if isinstance(event, e.DecisionMade)] == ["district"]
        assert not [event for event in on.log if isinstance(event, e.AnswerGiven)]


async def test_nothing_comes_through_a_cut_link_but_the_emergency_gets_out() -> None:
    async with seat(cut_off()) as on:
        await on.told("knife")
        await on.driver(c.ReleaseInject("dark", reason="now"))
        await on.press("f3")
        await on.type("shut the hall")
        await on.driver(
            c.ReleaseInject("media"),
            c.SendMessage("centre", "teller", "Are you there?"),
            c.AddNote("ruling", "The side door is open"),
            c.CloseAsk("first-move"),
        )
        for unheard in ("Live from", "Are you there?", "side door", "Message from", "F8"):
            assert unheard not in on.text
        assert "shut the hall" in on.text
        await on.press("ctrl+g", "ctrl+g")
        assert "REAL EMERGENCY · STOPPED" in on.text
        assert on.state.emergency.confirmed


async def test_what_is_asked_of_a_role_with_a_link_comes_up_before_what_is_cut_off_at_the_same_terminal() -> None:
    async with seat(asked_of_district(), ("teller", "district")) as on:
        await on.told("knife")
        assert "What do you do first?" in below(on)
        await on.driver(c.ReleaseInject("dark", reason="now"))
        await on.told("order")
        assert "Where do you send them?" in below(on), "by itself"
        await on.type("to the back door")
        await on.told("second")
        await on.press("enter")
        assert "When are they there?" in below(on), "not what cannot be sent"
        await on.type("soon")
        await on.press("enter")
        assert [event.role for event in on.log if isinstance(event, e.AnswerGiven)] == ["district", "district"]
        assert "What do you do first?" in below(on), "where nothing else is owed it is there to be prepared"


async def test_what_is_written_behind_a_cut_link_and_what_somebody_turned_to_by_hand_stays() -> None:
    async with seat(asked_of_district(), ("teller", "district")) as on:
        await on.told("knife")
        await on.driver(c.ReleaseInject("dark", reason="now"))
        await on.press("2")
        await on.told("order")
        assert "What do you do first?" in below(on), "an option is picked"
        await on.press("f8")
        assert "Where do you send them?" in below(on)
    async with seat(asked_of_district(), ("teller", "district")) as on:
        await on.told("knife")
        await on.driver(c.ReleaseInject("dark", reason="now"))
        await on.told("order")
        await on.press("shift+tab")
        await on.tick()
        assert "What do you do first?" in below(on), "nothing is written, and somebody looks at it"


def asked_of_district() -> Exercise:
    """Of the two sites, the one that has its link is asked twice while the other has none."""
    asked = [("order", "Where do you send them?"), ("second", "When are they there?")]
    return cut_off(
        *(
            {
                "id": name,
                "kind": "situation",
                "at": "hold",
                "to": ["district"],
                "title": t(f"Title of {name}", name),
                "text": t("Text.", "内容。"),
                "asks": [{"id": f"{name}-ask", "question": t(question, question), "answer": "text"}],
            }
            for name, question in asked
        )
    )

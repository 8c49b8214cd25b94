"""What a seat and the facilitator are told, as plain lines, of what a seat has sent."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.tui.told import RunTeller
from tabletop.words import Words

from .conftest import FakeTime
from .test_told import Room


@pytest.mark.parametrize(("language", "words"), [("en", "next report at 0:15:00"), ("zh-Hans", "下次报告：0:15:00")])
def test_a_report_says_when_the_next_one_comes_to_its_seat_and_to_the_facilitator(time: FakeTime, language: str, words: str) -> None:
    room, whole_run = Room(time, ("centre",), language), RunTeller(Words(language))
    room.ask(c.ReleaseInject("signal"))
    room.lines()
    room.ask(c.GiveAnswer("report", "centre", {"fact": "a knife"}, "Zhao", next_report_ms=15 * 60_000))
    [said] = room.said()
    assert words in said.text
    assert any(words.replace("0:15:00", "15:00") in line.text for line, _ in whole_run.told(room.source.conductor))


@pytest.mark.parametrize(
    ("language", "at_the_seat", "of_the_run"),
    [
        ("en", "Confirmed ✓ BM to SG: Lock the door", "SG confirmed: Lock the door"),
        ("zh-Hans", "已确认 ✓ 负责人致保安：Lock the door", "保安确认收到：Lock the door"),
    ],
)
def test_a_message_that_was_confirmed_without_words_is_not_called_read_back(
    time: FakeTime, language: str, at_the_seat: str, of_the_run: str
) -> None:
    room, whole_run = Room(time, ("guard",), language), RunTeller(Words(language))
    room.ask(c.SendMessage("manager", "guard", "Lock the door"))
    room.lines()
    room.ask(c.AcknowledgeMessage(room.source.conductor.state.messages[0].seq, "guard"))
    assert [said.text for said in room.said()] == [at_the_seat]
    assert any(of_the_run in line.text for line, _ in whole_run.told(room.source.conductor))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "0:15:00  The report that you announced for 0:15:00 is due"),
        ("zh-Hans", "0:15:00  您说明的 0:15:00 再次报告已到时间"),
    ],
)
def test_a_report_that_was_announced_is_called_once_when_it_is_due(time: FakeTime, language: str, words: str) -> None:
    room = Room(time, ("centre",), language)
    room.ask(c.ReleaseInject("signal"))
    room.ask(c.GiveAnswer("report", "centre", {"fact": "a knife"}, "Zhao", next_report_ms=15 * 60_000))
    room.lines()
    time.wait(15 * 60 - 1)
    assert words not in room.lines()
    time.wait(1)
    assert room.lines().count(words) == 1
    time.wait(60)
    assert words not in room.lines()

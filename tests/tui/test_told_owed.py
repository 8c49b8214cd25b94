"""What `follow` says of what is owed, decided and read back: that time is over, whose words they are, since when a level holds."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.tui.told import RunTeller
from tabletop.tui.told_seat import Said
from tabletop.words import Words

from .conftest import FakeTime
from .exercises import INJECTS, bank
from .judges import JoinedMemory
from .test_told import Room


def overdue(source: JoinedMemory, teller: RunTeller) -> list[Said]:
    """The lines of what is overdue."""
    source.conductor.catch_up()
    return [said for said, _ in teller.told(source.conductor) if said.kind.startswith("overdue-")]


@pytest.mark.parametrize(
    ("language", "question", "receipt", "message"),
    [
        (
            "en",
            "OVERDUE, no answer from SG: What do you do first?",
            "OVERDUE, receipt not confirmed by MC: Duress alarm, no voice",
            "OVERDUE, not read back by SG, message from BM: Lock the door",
        ),
        (
            "zh-Hans",
            "超时，保安尚未回答：您先做什么？",
            "超时，监控尚未确认收到：紧急报警，无语音",
            "超时，保安尚未复诵负责人的消息：Lock the door",
        ),
    ],
)
def test_the_facilitator_is_told_once_that_something_was_not_given_in_time(
    time: FakeTime, language: str, question: str, receipt: str, message: str
) -> None:
    source, teller = JoinedMemory(bank(), time, language=language), RunTeller(Words(language))
    for command in (c.ReleaseInject("knife"), c.ReleaseInject("signal"), c.SendMessage("manager", "guard", "Lock the door")):
        source.drive(command)
    source.drive(c.GiveAnswer("first-move", "teller", ("comply",)))
    assert overdue(source, teller) == []
    time.wait(90)
    assert [said.text for said in overdue(source, teller)] == [question]
    assert overdue(source, teller) == []
    time.wait(60)
    assert [said.text for said in overdue(source, teller)] == [receipt, message]
    time.wait(60)
    assert overdue(source, teller) == []


def test_what_is_late_again_after_more_time_is_said_again_with_who_owes_it(time: FakeTime) -> None:
    source, teller = JoinedMemory(bank(), time, language="en"), RunTeller(Words("en"))
    source.drive(c.ReleaseInject("knife"))
    time.wait(70)
    [late] = overdue(source, teller)
    assert late.about == {"ask": "first-move", "roles": ["teller", "guard"]}
    source.drive(c.ExtendAsks())
    assert overdue(source, teller) == []
    time.wait(70)
    assert len(overdue(source, teller)) == 1


@pytest.mark.parametrize(
    ("language", "words"), [("en", "OVERDUE, no report from BM: Situation"), ("zh-Hans", "超时，负责人尚未报告：情况")]
)
def test_a_report_that_did_not_come_is_said_to_be_overdue(time: FakeTime, language: str, words: str) -> None:
    cadence = {"id": "updates", "by": "manager", "every": "5m", "after": "knife", "title": {"en": "Situation", "zh-Hans": "情况"}}
    source, teller = JoinedMemory(bank(cadence=[cadence]), time, language=language), RunTeller(Words(language))
    source.drive(c.ReleaseInject("knife"))
    time.wait(290)
    assert words not in [said.text for said in overdue(source, teller)]
    time.wait(30)
    assert words in [said.text for said in overdue(source, teller)]
    assert overdue(source, teller) == []


def test_a_released_inject_says_its_receipt_and_the_options_and_the_time_of_what_it_asks(time: FakeTime) -> None:
    source, teller = JoinedMemory(bank(), time, language="en"), RunTeller(Words("en"))
    source.drive(c.ReleaseInject("knife"))
    source.drive(c.ReleaseInject("signal"))
    knife, signal = [said.text for said, entry in teller.told(source.conductor) if entry is not None and said.kind == "inject_released"]
    options = [option.text["en"] for option in source.view("teller").asks[0].options]  # type: ignore[index]
    numbered = "; ".join(f"{number} {text}" for number, text in enumerate(options, start=1))
    assert f"asked of T1, SG: What do you do first? (one of these; {numbered}; until 0:01:05)" in knife
    assert "confirm receipt" not in knife
    assert "MC to confirm receipt by 0:02:" in signal


@pytest.mark.parametrize(
    ("language", "receipt", "message"),
    [
        ("en", "Time is over, receipt not confirmed: Duress alarm, no voice", "Time is over, message from BM not confirmed: Ring 110"),
        ("zh-Hans", "时间已到，尚未确认收到：紧急报警，无语音", "时间已到，负责人的消息尚未确认：Ring 110"),
    ],
)
def test_a_seat_is_told_once_that_the_time_for_a_receipt_is_over(time: FakeTime, language: str, receipt: str, message: str) -> None:
    room = Room(time, ("centre",), language)
    room.ask(c.ReleaseInject("signal"))
    room.ask(c.SendMessage("manager", "centre", "Ring 110"))
    room.lines()
    time.wait(180)
    assert [said.text for said in room.said()] == [receipt, message]
    assert room.said() == []
    room.ask(c.End())
    assert [said.kind for said in room.said()] == ["endex"]


@pytest.mark.parametrize(("language", "words"), [("en", "Read back ✓ SG to BM: Locked"), ("zh-Hans", "已复诵 ✓ 保安致负责人：Locked")])
def test_what_is_read_back_is_said_by_whom_the_message_went_to(time: FakeTime, language: str, words: str) -> None:
    room = Room(time, ("guard",), language)
    room.ask(c.SendMessage("manager", "guard", "Lock the door"))
    room.lines()
    room.ask(c.AcknowledgeMessage(room.source.conductor.state.messages[0].seq, "guard", "Locked"))
    assert [said.text for said in room.said()] == [words]


@pytest.mark.parametrize(("language", "words"), [("en", "You decided: Shut it; why: smoke"), ("zh-Hans", "您的决定：Shut it；理由：smoke")])
def test_a_seat_hears_what_it_decided_and_nothing_that_was_noted_of_it(time: FakeTime, language: str, words: str) -> None:
    room = Room(time, ("guard",), language)
    room.lines()
    room.ask(c.RecordDecision("guard", "Shut it", "smoke"), Actor("seat", roles=("guard",)))
    room.ask(c.RecordDecision("guard", "Noted by the facilitator"))
    room.ask(c.RecordDecision("manager", "Of another role"), Actor("seat", roles=("manager",)))
    assert [(said.kind, said.text) for said in room.said()] == [("decided", words)]


def test_a_receipt_without_a_time_has_no_stray_space(time: FakeTime) -> None:
    room = Room(time, ("centre",))
    room.source = JoinedMemory(bank(), time, language="en", pace="discussion")
    room.ask(c.ReleaseInject("signal"))
    assert [said.text for said in room.said() if said.kind == "confirm"] == ["Confirm that you received this: Duress alarm, no voice"]


@pytest.mark.parametrize(
    ("at_first", "raised_by", "since"), [("blue", None, "0:00:00"), ("none", "signal", "0:00:40"), ("blue", "signal", "0:00:40")]
)
def test_a_run_that_is_over_says_when_its_alert_began(time: FakeTime, at_first: str, raised_by: str | None, since: str) -> None:
    injects = [{**one, "alert": "red"} if one["id"] == raised_by else one for one in INJECTS]
    room = Room(time, ("centre",), exercise=bank(alert=at_first, injects=injects))
    time.wait(40)
    room.ask(c.ReleaseInject("signal"))
    time.wait(600)
    room.ask(c.End())
    lines = room.lines()
    assert lines[-1].endswith("ENDEX")
    [alert] = [line for line in lines if "Now " in line]
    assert alert.startswith(since)

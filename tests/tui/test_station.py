"""A station: choosing a seat, being told, answering, writing, and what it never shows."""

from __future__ import annotations

import pytest
from textual.events import Paste

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.rights import Actor
from tabletop.errors import TabletopError
from tabletop.text import LONGEST
from tabletop.tui.screens.station import StationScreen
from tabletop.tui.widgets.writing import Writing

from .conftest import SIZES, FakeTime
from .exercises import INJECTS, ROLES, bank, t
from .seated import AtASeat, SeatSource, below, seat

PRIVATE = ("Read slowly", "Who says it aloud", "Think of the button", "Presses the silent alarm", "grey bag", "Keeps a calm voice")
"""What only the facilitator sees of the small exercise."""


def answers(on: AtASeat) -> list[e.AnswerGiven]:
    return [event for event in on.log if isinstance(event, e.AnswerGiven)]


async def test_with_a_role_and_a_name_it_asks_nothing() -> None:
    async with seat(bank(), started=False) as on:
        assert "You are Teller · Li Wei" in on.flat
        assert "Your part: Does its part." in on.flat
        assert on.source.at == "seat:teller"


async def test_what_is_told_is_seen_heard_and_answered_by_a_digit() -> None:
    async with seat(bank()) as on:
        assert "Nothing is asked of you now." in on.text
        assert on.bells == 0
        await on.told("knife")
        assert on.bells == 1
        assert "● NEW EXERCISE · A knife at counter 2" in on.flat
        assert "What do you do first?" in on.text
        assert "left" in on.text
        assert not any(private in on.text for private in PRIVATE)
        number = next(row.split()[0] for row in on.text.splitlines() if "Comply and keep calm" in row)
        await on.press(number)
        assert "✓ Comply" in on.flat
        assert answers(on) == []
        await on.press("enter")
        [given] = answers(on)
        assert (given.role, given.person, given.value, given.said_ms) == ("teller", "Li Wei", ("comply",), None)
        assert "recorded ✓ " in on.text
        assert "you: Comply and keep calm" in on.text


async def test_a_quiet_one_rings_no_bell_and_shows_the_sign() -> None:
    async with seat(bank(), quiet=True) as on:
        await on.told("knife")
        assert on.bells == 0
        assert "● NEW" in on.text


async def test_the_sign_goes_by_itself() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        on.app.screen.fresh_until = 0.0  # type: ignore[attr-defined]
        await on.tick()
        assert "NEW" not in on.text


async def test_nothing_is_called_recorded_before_the_commit() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        on.source.log.fail_with = TabletopError("store.no-space", path="x")
        await on.press("1", "enter")
        assert "NOT RECORDED" in on.text
        assert "recorded ✓" not in on.text
        assert "1 ✓" in on.text
        assert answers(on) == []
        on.source.log.fail_with = None
        await on.press("enter")
        assert "recorded ✓" in on.text
        assert len(answers(on)) == 1


async def test_an_answer_changes_until_its_time_is_over() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        await on.press("1", "enter", "enter", "2", "enter")
        first, second = answers(on)
        assert first.value != second.value
        await on.wait(300)
        assert "What do you do first?" not in on.text.partition("BEFORE")[0]
        await on.press("1", "enter")
        assert len(answers(on)) == 2


async def test_an_answer_that_was_not_changed_is_not_given_twice() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        await on.press("1", "enter", "enter", "enter", "enter", "escape")
        assert len(answers(on)) == 1


async def test_a_first_answer_is_taken_late() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        await on.wait(120)
        assert "over by" in on.text
        await on.press("1", "enter")
        assert len(answers(on)) == 1


async def test_a_closed_question_says_so_and_keeps_what_was_picked() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        await on.press("1")
        await on.driver(c.CloseAsk("first-move"))
        assert "closed before you sent" in on.text
        await on.driver(c.ReopenAsk("first-move"))
        assert "1 ✓" in on.text


async def test_a_report_states_its_elements_and_when_the_next_one_comes() -> None:
    async with seat(bank(), ("centre",), name="", size=(140, 40)) as on:
        await on.press("enter")
        await on.told("signal")
        await on.press("enter")
        await to(on, "What do you report?")
        await on.press("enter")
        await on.type("a knife")
        await on.press("enter")
        await on.type("police")
        await on.press("enter")
        await on.type("soon")
        await on.press("enter")
        assert "A report needs the name" in on.text
        await on.type("Zhao")
        await on.press("enter", "enter", "enter", "enter")
        assert "A number of minutes" in on.text
        await on.press("backspace", "backspace", "backspace", "backspace")
        await on.type("１５")
        await on.press("enter")
        [given] = answers(on)
        assert (given.person, given.value) == ("Zhao", {"fact": "a knife", "need": "police"})
        assert given.next_report_ms == 15 * 60_000
        await to(on, "What do you report?")
        assert "next report at 15:00" in on.text
        assert "! You said that you would report again at 15:00" in on.text
        await on.wait(300)
        assert "10:00 left" in on.text
        await on.press("enter")
        assert on.text.rpartition("next report in ›")[2].lstrip("▎ ").startswith("announced: 15:00; minutes, may stay empty")
        await on.type("!")
        await on.press("enter", "enter", "enter")
        assert [given.next_report_ms for given in answers(on)] == [15 * 60_000] * 2, "a slip of the hand moves nothing"


async def test_the_report_that_was_announced_is_sent_though_it_says_the_same() -> None:
    async with seat(bank(), ("centre",), size=(140, 40)) as on:
        await on.told("signal")
        await on.press("enter")
        await on.type("x")
        await on.press("enter", "enter")
        await on.type("15")
        await on.press("enter")
        await on.wait(15 * 60)
        for typed in ("15", ""):
            await at_the_report(on)
            await on.press("enter", "enter", "enter")
            await on.type(typed)
            await on.press("enter")
            await on.wait(14 * 60)
        assert [given.next_report_ms for given in answers(on)] == [15 * 60_000, 30 * 60_000, 30 * 60_000]
        assert "You said that you would report" not in on.text
        await at_the_report(on)
        await on.press("enter", "enter", "enter", "enter")
        assert len(answers(on)) == 3, "what stands and was not announced is not sent once more"


async def at_the_report(on: AtASeat) -> None:
    """Turns to the question for a report with `tab`, as often as it takes."""
    for _ in range(12):
        if "What do you report?" in below(on).partition("\n")[0]:
            return
        await on.press("tab")
    raise AssertionError(below(on))


async def test_words_need_a_reason_where_the_question_asks_for_one() -> None:
    async with seat(bank(), ("centre",)) as on:
        await on.told("signal")
        await on.press("enter")
        await to(on, "Your words?")
        await on.type("two men, one knife")
        await on.press("enter")
        assert "asks for a reason" in on.text
        assert answers(on) == []
        await on.type("seen on camera 3")
        await on.press("enter")
        [given] = answers(on)
        assert (given.ask, given.value, given.rationale) == ("words", "two men, one knife", "seen on camera 3")


async def to(on: AtASeat, question: str) -> None:
    """Turns to a question with `tab`, as often as it takes."""
    for _ in range(20):
        if question in on.text.rpartition("━")[2]:
            return
        await on.press("tab")
    raise AssertionError(on.text)


@pytest.mark.parametrize(
    ("question", "keys", "value"),
    [
        ("How many people?", ("７", "enter"), 7.0),
        ("Police told?", ("enter",), True),
        ("Whom do you ring?", ("1", "2", "enter"), 2),
        ("In which order?", ("2", "1", "enter"), 2),
    ],
)
async def test_answers_by_digits(question: str, keys: tuple[str, ...], value: object) -> None:
    async with seat(bank(), ("centre",)) as on:
        await on.told("signal")
        await on.press("enter")
        await to(on, question)
        for key in keys:
            await (on.press(key) if key.isascii() else on.type(key))
        [given] = answers(on)
        assert given.value == value or (isinstance(given.value, tuple) and len(given.value) == value)


async def test_an_order_wants_all_and_a_digit_takes_one_out_again() -> None:
    async with seat(bank(), ("centre",)) as on:
        await on.told("signal")
        await on.press("enter")
        await to(on, "In which order?")
        await on.press("1", "enter")
        assert "all of them" in on.text
        await on.press("1", "2", "1", "enter")
        [given] = answers(on)
        assert isinstance(given.value, tuple)
        assert len(given.value) == 2


async def test_an_enter_by_habit_confirms_nothing() -> None:
    async with seat(bank(), ("centre",), habit_s=60.0) as on:
        await on.told("signal")
        await on.press("enter")
        assert not any(isinstance(event, e.InjectAcknowledged) for event in on.log)


async def test_a_reason_is_one_key_away() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        await on.press("1", "ctrl+r")
        await on.type("12 customers stand near")
        await on.press("enter")
        [given] = answers(on)
        assert given.rationale == "12 customers stand near"


async def test_a_group_answers_for_each_of_its_roles() -> None:
    async with seat(bank(), ("teller", "guard"), name="Wang") as on:
        assert "You are T1, SG · Wang" in on.flat
        await on.told("knife")
        await on.press("1", "enter", "2", "enter")
        assert sorted((given.role, given.person) for given in answers(on)) == [("guard", "Wang"), ("teller", "Wang")]
        [first, second] = answers(on)
        assert first.value != second.value


async def test_what_one_person_plays_besides_is_on_the_same_seat() -> None:
    async with seat(bank()) as on:
        await on.driver(c.StaffRole("guard", "with", "teller"))
        await on.told("knife")
        await on.press("1", "enter", "1", "enter")
        assert {given.role for given in answers(on)} == {"teller", "guard"}


async def test_a_draft_is_saved_after_a_second_and_found_again() -> None:
    time = FakeTime()
    source = SeatSource(bank(), time)
    async with seat(bank(), ("centre",), source=source) as on:
        await on.told("signal")
        await on.press("enter")
        await to(on, "Your words?")
        await on.type("half a sen")
        assert source.typing_ms is not None
        on.app.desk._changed_drafts = dict.fromkeys(on.app.desk._changed_drafts, 0.0)  # type: ignore[union-attr]
        await on.tick()
        assert any("half a sen" in text for text in source.kept_drafts.values())
        kept = dict(source.kept_drafts)
    source.by_seat["seat:centre"] = kept
    async with seat(bank(), ("centre",), source=source) as on:
        assert "half a sen" in on.text
        assert "Your words?" in on.text.rpartition("━")[2]
        await on.type("tence")
        await on.press("enter")
        await on.type("because")
        await on.press("enter")
        assert answers(on)[-1].value == "half a sentence"
        assert not any("half" in text for text in source.kept_drafts.values())


async def test_a_message_goes_to_a_role_and_is_read_back() -> None:
    source = SeatSource(bank(), FakeTime())
    async with seat(bank(), source=source) as on:
        await on.told("knife")
        await on.press("f2", "4")
        await on.type("press the button now")
        await on.press("enter")
        assert "recorded ✓" in on.text
        sent = [event for event in on.log if isinstance(event, e.MessageSent)]
        assert [(one.role, one.to, one.text) for one in sent] == [("teller", "centre", "press the button now")]
    async with seat(bank(), ("centre",), source=source, name="") as on:
        await on.press("enter")
        assert "press the button now" in on.text
        await on.type("button, now")
        await on.press("enter")
        [read] = [event for event in on.log if isinstance(event, e.MessageAcknowledged)]
        assert (read.role, read.text) == ("centre", "button, now")
        assert "read back ✓" in on.text
        assert "read back: button, now" in on.text


async def test_a_message_is_read_back_by_the_role_it_went_to_whoever_shares_its_short_name() -> None:
    roles = [{**role, "short": t("TE", "柜员")} if role["id"] in ("teller", "guard") else role for role in ROLES]
    async with seat(bank(roles=roles), ("teller", "guard")) as on:
        on.source.from_elsewhere(c.SendMessage("security", "guard", "Lock the door"), Actor("seat", roles=("security",)))
        await on.wait(1)
        await on.press("enter")
        [read] = [event for event in on.log if isinstance(event, e.MessageAcknowledged)]
        assert read.role == "guard"


@pytest.mark.parametrize(("language", "words"), [("en", "confirmed ✓"), ("zh-Hans", "已确认 ✓")])
async def test_a_message_that_is_confirmed_without_words_is_not_called_read_back(language: str, words: str) -> None:
    async with seat(bank(), ("centre",), language=language) as on:
        await on.driver(c.SendMessage("teller", "centre", "press the button now"))
        await on.press("enter")
        [read] = [event for event in on.log if isinstance(event, e.MessageAcknowledged)]
        assert read.text == ""
        assert words in on.text
        assert "read back" not in on.text
        assert "复诵" not in on.text


async def test_esc_keeps_what_was_begun() -> None:
    async with seat(bank()) as on:
        await on.press("f2", "4")
        await on.type("not yet")
        await on.press("escape", "escape", "f2")
        assert "not yet" in on.text


async def test_a_decision_of_ones_own_is_recorded_with_its_reason() -> None:
    async with seat(bank()) as on:
        await on.told("knife")
        await on.press("f3")
        await on.type("I keep talking")
        await on.press("down")
        await on.type("it calms him")
        await on.press("enter")
        [made] = [event for event in on.log if isinstance(event, e.DecisionMade)]
        assert (made.role, made.person, made.text, made.reason, made.inject) == (
            "teller", "Li Wei", "I keep talking", "it calms him", "knife",
        )  # fmt: skip


async def test_what_is_pasted_stands_there_once_and_is_no_longer_than_what_can_be_kept() -> None:
    async with seat(bank()) as on:
        await on.press("f3")
        on.app.post_message(Paste("Police called. "))
        await on.settle()
        assert on.app.screen.query_one(Writing).text == "Police called. "
        on.app.post_message(Paste("x" * 2 * LONGEST))
        await on.settle()
        assert len(on.app.screen.query_one(Writing).text) == LONGEST


async def test_a_decision_of_one_of_a_group_names_what_that_role_was_told_last() -> None:
    [private] = [{**one, "at": "hold", "to": ["guard"]} for one in INJECTS if one["id"] == "media"]
    async with seat(bank(injects=[*[one for one in INJECTS if one["id"] != "media"], private]), ("teller", "guard")) as on:
        await on.told("knife", "media")
        for number, words in (("2", "I keep talking"), ("3", "I go out")):
            await on.press("f3", number)
            await on.type(words)
            await on.press("enter", "enter")
        made = [(event.role, event.inject) for event in on.log if isinstance(event, e.DecisionMade)]
        assert made == [("teller", "knife"), ("guard", "media")]


async def test_after_the_end_there_is_a_word_to_say_that_is_shown_to_who_said_it_alone() -> None:
    source = SeatSource(bank(), FakeTime())
    async with seat(bank(), source=source) as on:
        await on.driver(c.End())
        assert "ENDEX" in on.text
        await on.press("f2", "2")
        await on.type("nobody told us")
        await on.press("enter")
        [note] = [event for event in on.log if isinstance(event, e.Noted)]
        assert (note.category, note.role, note.text, note.person) == ("gap", "teller", "nobody told us", "Li Wei")
        assert "WHAT YOU SAID AFTERWARDS" in on.text
        assert "nobody told us" in on.flat
    async with seat(bank(), source=source, name="Chen") as on:
        assert "ENDEX" in on.text
        assert "nobody told us" not in on.flat


@pytest.mark.parametrize("sizes", [((80, 24), (140, 40)), ((140, 40), (80, 24))])
async def test_a_form_that_is_open_moves_with_its_card_when_the_terminal_changes(sizes: tuple[tuple[int, int], tuple[int, int]]) -> None:
    async with seat(bank(), size=sizes[0]) as on:
        await on.press("f2", "4")
        await on.type("press the button now")
        await on.press("left", "left")
        place = on.app.screen.query_one(Writing).cursor_location
        await on.pilot.resize_terminal(*sizes[1])
        await on.settle()
        lines = on.text.splitlines()
        heading = next(line for line in lines if "MESSAGE" in line and "──" not in line)
        label = next(line for line in lines if "message ›" in line)
        assert indent(label) == indent(heading) + 2
        assert "press the button now" in label
        writing = on.app.screen.query_one(Writing)
        assert (writing.cursor_location, on.app.focused) == (place, writing)


def indent(line: str) -> int:
    return len(line) - len(line.lstrip())


AFTERWARDS = [("en", "F2 A word afterwards", "Decision"), ("zh-Hans", "F2 演练反馈", "决定")]


@pytest.mark.parametrize(("language", "feedback", "decision"), AFTERWARDS)
async def test_after_endex_the_footer_says_what_the_keys_do_then(language: str, feedback: str, decision: str) -> None:
    async with seat(bank(), language=language) as on:
        assert decision in on.text.splitlines()[-1]
        await on.driver(c.End())
        foot = on.text.splitlines()[-1]
        assert feedback in foot
        assert decision not in foot


async def test_no_word_of_a_new_question_is_lost_beside_the_sign_and_the_counter() -> None:
    question = "The commander has two minutes for you. In which order do you hand over?"
    asks = [{"id": n, "to": ["teller"], "question": t(question, question), "answer": "text"} for n in ("one", "two")]
    told = {"id": "knife", "kind": "situation", "at": "0s", "title": t("A knife", "刀"), "text": t("Look.", "看。"), "asks": asks}
    async with seat(bank(injects=[told])) as on:
        await on.told("knife")
        screen = on.app.screen
        assert isinstance(screen, StationScreen)
        task = screen.current
        assert task is not None
        for width in range(60, 100):
            lines = screen._page(screen.view(), width).task(task, screen.reply(task.key), (1, 2))
            shown = " ".join(" ".join(line.plain for line in lines).replace("1 of 2", "").split())
            assert shown.startswith(f"● {question} "), width


async def test_a_report_is_set_in_full_width_punctuation_in_chinese() -> None:
    async with seat(bank(), ("centre",), size=(140, 40), language="zh-Hans") as on:
        await on.told("signal")
        await on.press("enter")
        await to(on, "您报告什么？")
        await on.type("歹徒")
        await on.press("enter", "enter", "enter")
        assert "事实：歹徒" in on.text
        assert "事实:" not in on.text


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_what_a_question_is_about_stands_once_above_it_and_not_among_what_was_before(size: tuple[int, int]) -> None:
    async with seat(bank(), ("teller", "centre"), size=size) as on:
        await on.told("knife")
        await on.type("stay calm")
        await on.told("signal")
        assert "About “A knife at counter 2”" in on.text
        assert "EXERCISE · A knife at counter 2" in on.text
        before = on.text.partition("BEFORE")[2]
        assert "A knife at counter 2" not in before, on.text

"""What a station asks is asked under its own text: that stands there, or a key shows it; what was typed in vain is said and shown."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.events import AnswerGiven, DecisionMade, InjectAcknowledged, MessageSent
from tabletop.exercise.model import Exercise
from tabletop.tui.screens.handing import HandingScreen

from .conftest import SIZES, FakeTime
from .exercises import bank, t
from .seated import AtASeat, SeatSource, below, seat
from .test_station_fields import second_option
from .test_station_meanwhile import of, station

LANGUAGES = ("en", "zh-Hans")
ORDER = {"en": "Nobody answers the telephone at counter two.", "zh-Hans": "2号柜台的电话谁也不要接。"}
CROWD = {"en": "Four people step out of the alley.", "zh-Hans": "四个人从小巷走出来。"}


def orders(lines: int = 4) -> Exercise:
    """Orders to the manager alone, then something for everybody, and a question to the manager before both."""
    crowd = t("\n".join([CROWD["en"], *["More people."] * lines]), "\n".join([CROWD["zh-Hans"], *["还有人。"] * lines]))
    asks = [
        {
            "id": "plan",
            "to": ["manager"],
            "question": t("What is your plan?", "您打算怎么办？"),
            "answer": "choice",
            "within": "60s",
            "rationale": "optional",
            "options": [{"id": "x", "text": t("wait", "等")}, {"id": "y", "text": t("go", "走")}],
        }
    ]
    injects = [
        {"id": "knife", "kind": "situation", "at": "0s", "title": t("A knife", "刀"), "text": t("A knife.", "一把刀。"), "asks": asks},
        {
            "id": "orders",
            "kind": "order",
            "at": "1m",
            "to": ["manager"],
            "title": t("Three orders", "三条指令"),
            "text": t(ORDER["en"], ORDER["zh-Hans"]),
            "acknowledge": {"within": "3m"},
        },
        {"id": "crowd", "kind": "situation", "at": "2m", "title": t("People", "有人"), "text": crowd},
    ]
    return bank(injects=injects)


def source_of(exercise: Exercise, language: str = "en") -> SeatSource:
    return SeatSource(exercise, FakeTime(), language=language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_nobody_confirms_a_text_that_is_not_in_sight(language: str, size: tuple[int, int]) -> None:
    exercise = orders(2 if size[1] > 30 else 12)
    async with seat(exercise, ("manager",), source=source_of(exercise, language), language=language, size=size) as on:
        await on.told("orders", "crowd")
        assert ("Three orders" if language == "en" else "三条指令") in below(on)
        assert "F8" in below(on)
        if size[1] > 30:
            assert ORDER[language] in on.text
        else:
            assert ORDER[language] not in on.text
            await on.press("enter")
            assert of(on, InjectAcknowledged) == []
            assert ORDER[language] in on.text, "it is opened first"
            await on.press("enter")
        await on.press("enter")
        assert [event.inject for event in of(on, InjectAcknowledged)] == ["orders"]


async def test_what_was_told_can_be_read_again_and_what_is_written_waits() -> None:
    exercise = orders(12)
    async with seat(exercise, ("manager",), source=source_of(exercise), size=(80, 24)) as on:
        await on.told("orders", "crowd")
        assert ORDER["en"] not in on.text
        await on.press("f8")
        lines = on.text.splitlines()
        assert lines.index(next(row for row in lines if ORDER["en"] in row)) < next(n for n, row in enumerate(lines) if CROWD["en"] in row)
        assert "F8 goes back." in on.text
        await on.press("f8")
        assert ORDER["en"] not in on.text
        # Also from the middle of a word.
        await on.press("f3")
        await on.type("Lock the ")
        await on.press("f8")
        assert CROWD["en"] in on.text
        await on.press("f8")
        await on.type("door")
        await on.press("enter")
        assert [event.text for event in of(on, DecisionMade)] == ["Lock the door"]


async def test_what_has_come_is_at_the_head_though_something_else_is_asked() -> None:
    exercise = orders(1)
    async with seat(exercise, ("manager",), source=source_of(exercise), size=(80, 24)) as on:
        await on.told("knife")
        await on.press("f4")
        await on.type("because")
        await on.told("crowd")
        await on.press("f8")
        board = on.text
        assert board.index(CROWD["en"]) < board.index("A knife.")
        await on.type("d so ")
        assert "F4" not in "".join(on.text.splitlines()[-3:]), "nothing that is hidden is spoken of"
        await on.press("escape")
        assert "A knife" in below(on), "what is asked says what it is about"
        await on.type(" we wait")
        await on.press("escape", "1", "enter")
        assert [event.rationale for event in of(on, AnswerGiven)] == ["because we wait"]


async def amending(on: AtASeat, words: str) -> tuple[str, ...]:
    """The answer stands, and somebody types a reason that they do not send."""
    await on.told("knife")
    given = second_option(on)
    await on.press("2", "enter", "f4")
    await on.type(words)
    return given


@pytest.mark.parametrize(
    ("language", "said", "heading"),
    [
        ("en", "This question was closed before you sent the change", "TYPED AND NOT SENT"),
        ("zh-Hans", "您发送更改之前，这个提问已关闭", "已输入、未发送"),
    ],
)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("by", ["the clock", "the facilitator"])
async def test_a_change_that_was_not_sent_in_time_is_said_and_stands_there(
    language: str, said: str, heading: str, size: tuple[int, int], by: str
) -> None:
    words, exercise = "八位客户在里面", orders()
    source = source_of(exercise, language)
    async with seat(exercise, ("manager",), source=source, language=language, size=size) as on:
        given = await amending(on, words)
        on.app.notify("The input method is on: these keys work all the same, whatever it says", timeout=60)
        if by == "the clock":
            await on.wait(90)
        else:
            await on.driver(c.CloseAsk("plan"))
        assert said in on.flat
        assert words in on.text
        assert heading in on.text
        assert [event.value for event in of(on, AnswerGiven)] == [given]
    # It stands there after a restart, too.
    async with seat(exercise, ("manager",), source=source, language=language, size=size) as on:
        await on.tick()
        assert words in on.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_change_that_was_begun_stands_there_again_after_a_kill(language: str, size: tuple[int, int]) -> None:
    words, exercise = "八位客户在里面", orders()
    source = source_of(exercise, language)
    async with seat(exercise, ("manager",), source=source, language=language, size=size) as on:
        given = await amending(on, words)
    async with seat(exercise, ("manager",), source=source, language=language, size=size) as on:
        await on.tick()
        assert words in on.text
        await on.press("enter")
        assert [(event.value, event.rationale) for event in of(on, AnswerGiven)] == [(given, ""), (given, words)]
    async with seat(exercise, ("manager",), source=source, language=language, size=size) as on:
        assert station(on).open_field is None, "what was sent is done with"


async def test_what_was_typed_at_a_groups_seat_stands_there_again_in_whatever_order_its_roles_are_named() -> None:
    exercise = orders()
    source = source_of(exercise)
    async with seat(exercise, ("guard", "manager"), source=source) as on:
        await amending(on, "eight people")
    async with seat(exercise, ("BM", "3"), source=source) as on:
        await on.tick()
        assert "eight people" in on.text


async def test_what_was_sent_stands_nowhere_as_not_sent() -> None:
    exercise = orders()
    async with seat(exercise, ("manager",), source=source_of(exercise)) as on:
        await amending(on, "eight people")
        await on.press("enter")
        assert [event.rationale for event in of(on, AnswerGiven)] == ["", "eight people"]
        await on.driver(c.CloseAsk("plan"))
        assert "NOT SENT" not in on.text
        assert "closed before" not in on.flat


@pytest.mark.parametrize("reason", ["because 1 child is inside", "dont do it, 3 men", "里面有1个孩子", "“1 child”", "m 1"])
async def test_words_after_a_digit_are_its_reason_and_no_command_and_digits_among_them_no_other_choice(reason: str) -> None:
    exercise = orders()
    async with seat(exercise, ("manager",), source=source_of(exercise)) as on:
        await on.told("knife")
        chosen = second_option(on)
        await on.type(f"2{reason}")
        assert (station(on).open_field or on).text == reason
        await on.press("enter")
        assert of(on, DecisionMade) == of(on, MessageSent) == []
        assert [(event.value, event.rationale) for event in of(on, AnswerGiven)] == [(chosen, reason)]


@pytest.mark.parametrize(("language", "said"), [("en", "This begins the reason; F2 writes a message"), ("zh-Hans", "写消息按 F2")])
@pytest.mark.parametrize("letter", ["m", "d"])
async def test_a_letter_that_opens_another_field_is_told_that_it_began_a_reason(letter: str, language: str, said: str) -> None:
    exercise = orders()
    async with seat(exercise, ("manager",), source=source_of(exercise), language=language) as on:
        await on.told("knife")
        await on.press("2", letter)
        assert said in on.text
        await on.type("y")
        await on.tick()
        assert said not in on.text
        await on.press("backspace", "backspace", "escape")
        assert station(on).open_field is None, "nothing is left of it"


async def test_a_digit_among_words_that_are_not_taken_chooses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    exercise = orders()
    async with seat(exercise, ("manager",), source=source_of(exercise)) as on:
        await on.told("knife")
        await on.type("we do 2 now")
        await on.press("enter")
        assert of(on, AnswerGiven) == []
        assert "✓" not in below(on)
        monkeypatch.setattr("tabletop.tui.screens.seated.CALM_S", 0.0)
        await on.type("x")
        await on.press("2", "enter")
        assert len(of(on, AnswerGiven)) == 1


async def test_a_reason_goes_on_with_a_space_after_esc() -> None:
    exercise = orders()
    async with seat(exercise, ("manager",), source=source_of(exercise)) as on:
        await on.told("knife")
        await on.press("2")
        await on.type("do not")
        await on.press("escape")
        await on.type(" 2 men")
        assert station(on).open_field is not None
        await on.press("enter")
        assert [event.rationale for event in of(on, AnswerGiven)] == ["do not 2 men"]


@pytest.mark.parametrize("more", [", men inside", "，里面有人", "？", " (two)"])
async def test_a_reason_that_stands_there_goes_on_with_whatever_is_typed_but_a_digit(more: str) -> None:
    exercise = orders()
    async with seat(exercise, ("manager",), source=source_of(exercise)) as on:
        given = await amending(on, "先稳住他")
        await on.press("enter", "enter")
        await on.type(more)
        await on.press("enter")
        assert [(event.value, event.rationale) for event in of(on, AnswerGiven)][-1] == (given, f"先稳住他{more}")
        await on.press("enter")
        await on.type("1")
        await on.press("enter")
        assert [event.rationale for event in of(on, AnswerGiven)][-1] == f"先稳住他{more}"
        assert of(on, AnswerGiven)[-1].value != given


async def test_a_question_that_is_open_again_is_not_said_to_be_closed() -> None:
    exercise = orders()
    async with seat(exercise, ("manager",), source=source_of(exercise)) as on:
        await on.told("knife")
        await on.press("2")
        await on.driver(c.CloseAsk("plan"))
        assert "was closed before you sent" in on.flat
        await on.driver(c.ReopenAsk("plan"))
        await on.tick()
        assert "was closed before you sent" not in on.flat
        await on.press("enter")
        assert len(of(on, AnswerGiven)) == 1


@pytest.mark.parametrize("private", [False, True])
async def test_an_answer_that_can_be_changed_stands_there_when_its_seat_is_opened_again(private: bool) -> None:
    exercise = orders()
    source = source_of(exercise)
    async with seat(exercise, ("manager",), source=source, private=private) as on:
        if private:
            await on.press("enter")
        await on.told("knife")
        await on.press("2", "enter")
        given = of(on, AnswerGiven)[-1].value
        if private:
            await on.press("f9", "enter")
            assert "changes it" in below(on)
    async with seat(exercise, ("manager",), source=source, private=private) as on:
        if private:
            await on.press("enter")
        await on.tick()
        assert "changes it" in below(on)
        await on.press("enter", "1", "enter")
        assert of(on, AnswerGiven)[-1].value != given
        await on.driver(c.CloseAsk("plan"))
        await on.tick()
        assert "Next" not in on.text.splitlines()[-1]
        await on.driver(c.ReopenAsk("plan"))
        await on.tick()
        assert "tab Next" in on.text.splitlines()[-1]
        await on.press("tab")
        assert "changes it" in below(on)


@pytest.mark.parametrize("hidden", ["help", "alarm"])
async def test_a_letter_begins_no_reason_while_what_was_picked_is_hidden(hidden: str) -> None:
    exercise = orders()
    async with seat(exercise, ("manager",), source=source_of(exercise)) as on:
        await on.told("knife")
        await on.press("2")
        if hidden == "help":
            await on.press("f1")
        else:
            await on.driver(c.PressEmergency("console"), c.PressEmergency("console"))
        await on.type("bdm x")
        await on.settle()
        assert of(on, DecisionMade) == of(on, MessageSent) == []
        if hidden == "help":
            await on.press("f1")
        else:
            await on.driver(c.StandDown("a slip"), c.Resume())
            await on.tick()
        assert station(on).open_field is None
        await on.type("yes")
        assert (station(on).open_field or on).text == "yes"


@pytest.mark.parametrize("between", ["comma", "full_stop", "plus", "space", "，", "、"])
async def test_what_stands_between_two_digits_begins_no_reason(between: str) -> None:
    options = [{"id": f"o{number}", "text": t(f"option {number}", f"选项{number}")} for number in (1, 2, 3)]
    ask = {"id": "several", "to": ["manager"], "question": t("Which?", "哪些？"), "answer": "choices", "options": options}
    knife = {"id": "knife", "kind": "situation", "at": "0s", "title": t("A knife", "刀"), "text": t("A knife.", "刀。"), "asks": [ask]}
    exercise = bank(injects=[knife])
    async with seat(exercise, ("manager",), source=source_of(exercise)) as on:
        await on.told("knife")
        for key in ("1", between, "3", "enter"):
            await (on.press(key) if key.isascii() else on.type(key))
        [given] = of(on, AnswerGiven)
        assert (len(given.value), given.rationale) == (2, "")


@pytest.mark.parametrize("private", [False, True])
async def test_a_reason_may_begin_with_the_letter_that_hides_a_seat(private: bool) -> None:
    exercise = orders()
    async with seat(exercise, ("manager",), source=source_of(exercise), private=private) as on:
        if private:
            await on.press("enter")
        await on.told("knife")
        await on.press("2", "h")
        assert ("F9 hides the seat" in on.text) == private
        await on.press("e", "space", "4", "enter")
        assert [event.rationale for event in of(on, AnswerGiven)] == ["he 4"]
        await on.press("h")
        assert isinstance(on.app.screen, HandingScreen) == private

"""A digit that may have begun the words of a reason is asked about before anything is sent."""

from __future__ import annotations

import pytest

from tabletop.engine.events import AnswerGiven
from tabletop.exercise.model import Exercise
from tabletop.tui.picking import AT_ONCE_S, Picking
from tabletop.words import Words

from .exercises import bank, t
from .seated import AtASeat, seat
from .test_station_meanwhile import of, station

KEPT = '[["x"], {"#why": "people"}]'


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def picking(clock: Clock) -> Picking:
    return Picking(clock)


def test_words_after_a_first_choice_are_its_reason(picking: Picking) -> None:
    picking.picked("a", instead=False)
    picking.words_begin("a")
    assert not picking.asks("a", KEPT)


def test_words_after_another_choice_are_asked_about_once_for_the_same_words(picking: Picking) -> None:
    picking.picked("a", instead=True)
    picking.words_begin("a")
    assert not picking.asks("b", KEPT)
    assert picking.asks("a", KEPT)
    assert picking.asks("a", KEPT + "!"), "other words"
    assert not picking.asks("a", KEPT + "!")
    assert not picking.asks("a", KEPT)


@pytest.mark.parametrize(("after_s", "asked"), [(AT_ONCE_S / 2, True), (AT_ONCE_S * 2, False)])
def test_a_digit_and_a_space_in_one_go_may_begin_words(picking: Picking, clock: Clock, after_s: float, asked: bool) -> None:
    picking.picked("a", instead=False)
    clock.now += after_s
    picking.space()
    clock.now += 5
    picking.words_begin("a")
    assert picking.asks("a", KEPT) is asked


def test_a_key_that_opens_the_reason_or_another_choice_leaves_no_doubt(picking: Picking) -> None:
    picking.picked("a", instead=True)
    picking.other()
    picking.words_begin("a")
    assert not picking.asks("a", KEPT)
    picking.picked("a", instead=True)
    picking.words_begin("a")
    picking.picked("a", instead=True)
    assert not picking.asks("a", KEPT)


def asked(answer: str, rationale: str) -> Exercise:
    """The knife asks the teller, with three answers and a reason."""
    names = ("wait", "等"), ("hand over", "交出"), ("shout", "喊")
    options = [{"id": id_, "text": t(*name)} for id_, name in zip("xyz", names, strict=True)]
    ask = {
        "id": "first",
        "to": ["teller"],
        "question": t("What now?", "怎么办？"),
        "answer": answer,
        "rationale": rationale,
        "options": options,
    }
    inject = {"id": "knife", "kind": "situation", "at": "0s", "title": t("A knife", "刀"), "text": t("A knife.", "一把刀。"), "asks": [ask]}
    return bank(injects=[inject])


def given(on: AtASeat) -> list[tuple[object, str]]:
    return [(event.value, event.rationale) for event in of(on, AnswerGiven)]


def shown(on: AtASeat) -> tuple[str, ...]:
    """The ids of the options, as their numbers go."""
    task = station(on).current
    assert task is not None
    assert task.ask is not None
    return tuple(option.id for option in task.ask.options)


@pytest.mark.parametrize(
    ("language", "size", "rationale"),
    [
        ("en", (60, 20), "required"),
        ("zh-Hans", (60, 20), "optional"),
        ("zh-Hans", (80, 24), "required"),
        ("en", (140, 40), "optional"),
    ],
    ids=["60x20-en", "60x20-zh", "80x24-zh", "140x40-en"],
)
async def test_a_number_that_begins_a_reason_is_asked_about_and_nothing_is_sent(
    language: str, size: tuple[int, int], rationale: str
) -> None:
    exercise = asked("choice", rationale)
    people, option = (
        (" people", {"x": "wait", "y": "hand over", "z": "shout"}) if language == "en" else ("个人", {"x": "等", "y": "交出", "z": "喊"})
    )
    async with seat(exercise, size=size, language=language) as on:
        await on.told("knife")
        first, _, third = shown(on)
        await on.press("1", "3")
        await on.type(people)
        await on.press("enter")
        assert given(on) == []
        said = Words(language)("station.which-meant", option=option[third])
        assert "".join(said.split()) in "".join(on.text.split())
        await on.press("up", "1", "f4", "home")
        await on.type("3")
        await on.press("enter")
        assert given(on) == [((first,), f"3{people.strip()}")]


async def test_who_did_choose_another_answer_sends_it_with_one_more_enter() -> None:
    async with seat(asked("choice", "required")) as on:
        await on.told("knife")
        third = shown(on)[2]
        await on.press("1", "3")
        await on.type("because")
        await on.press("enter", "enter")
        assert given(on) == [((third,), "because")]


@pytest.mark.parametrize("answer", ["choices", "order"])
async def test_among_several_answers_a_number_with_a_space_behind_it_is_asked_about(answer: str) -> None:
    async with seat(asked(answer, "required")) as on:
        await on.told("knife")
        await on.press("1", "2")
        await on.type("3 people")
        await on.press("enter")
        assert given(on) == []
        assert "Does the number belong to the reason?" in on.flat
        await on.press("enter")
        assert [rationale for _, rationale in given(on)] == ["people"]


async def test_several_answers_and_their_reason_are_sent_at_once() -> None:
    async with seat(asked("choices", "required")) as on:
        await on.told("knife")
        await on.press("1", "2")
        await on.type("because")
        await on.press("enter")
        assert len(given(on)) == 1


async def test_an_enter_that_is_pressed_twice_does_not_send_what_is_asked_about() -> None:
    async with seat(asked("choice", "required"), habit_s=30.0) as on:
        await on.told("knife")
        await on.press("1", "3")
        await on.type("people")
        await on.press("enter", "enter", "enter")
        assert given(on) == []

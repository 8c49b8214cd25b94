"""What is typed at a station stands in sight, folded for the terminal as it is, whatever size that is and was."""

from __future__ import annotations

import pytest

from tabletop.exercise.model import Exercise

from .exercises import bank, t
from .seated import seat
from .test_station_meanwhile import GUARD_WRITES, station
from .test_station_texts import source_of

LINE = "Empty the whole drawer into the bag as fast as I can, so that he has no reason at all to stay in the hall"

LONG = " ".join(["A chair tips over, and seven more customers are in the hall."] * 8)


def crowded() -> Exercise:
    """A question whose four options fill a small terminal, below a long text."""
    options = [
        {"id": f"o{number}", "text": t(f"{number} {LINE}", f"{number} {'尽快把抽屉里的现金全部装进袋子，让他没有理由再留在大厅里。' * 2}")}
        for number in range(4)
    ]
    ask = {"id": "plan", "to": ["manager"], "question": t("He is looking straight at you. What do you do?", "他正盯着您。您怎么做？")}
    asks = [{**ask, "answer": "choice", "rationale": "optional", "options": options}]
    knife = {"id": "knife", "kind": "situation", "at": "0s", "title": t("A knife", "刀"), "text": t(LONG, LONG), "asks": asks}
    return bank(injects=[knife])


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=["60x20", "80x24"])
async def test_a_reason_is_in_sight_while_it_is_typed_however_much_is_asked_above_it(language: str, size: tuple[int, int]) -> None:
    exercise = crowded()
    async with seat(exercise, ("manager",), source=source_of(exercise, language), language=language, size=size) as on:
        await on.told("knife")
        assert "3 " in on.text
        await on.press("2")
        await on.type("because " * 12 + "FIRST")
        await on.tick()
        assert "FIRST" in on.text
        await on.press("enter")
        await on.press("enter")
        assert all(f"{number} {'Empty' if language == 'en' else '尽快'}" in on.text for number in range(4)), "what can be chosen instead"
        await on.press("f4")
        await on.type(" and " * 12 + "LAST")
        await on.tick()
        assert "LAST" in on.text
        await on.press("enter")
        assert "LAST" in on.state.ask("plan").answers["manager"].rationale
        await on.tick()
        assert ("He is looking" if language == "en" else "他正盯着您") in on.text, "it comes down again"


SIZES = [[(80, 24), (140, 40)], [(140, 40), (81, 24)], [(60, 20), (140, 40)], [(140, 40), (60, 20), (80, 24), (140, 40), (81, 24)]]


@pytest.mark.parametrize("sizes", SIZES)
async def test_words_are_folded_for_the_terminal_as_it_is(sizes: list[tuple[int, int]]) -> None:
    text = "Yes we hear you, loud and clear. A long read-back that wraps over more than one line so that a narrow terminal must fold it"
    exercise = crowded()
    async with seat(exercise, ("manager",), source=source_of(exercise), size=sizes[0]) as on:
        await on.told("knife")
        await on.press("1", "enter")
        await on.driver(GUARD_WRITES)
        await on.type(text)
        for size in sizes[1:]:
            await on.pilot.resize_terminal(*size)
            await on.tick()
            field = station(on).open_field
            assert field is not None
            shown = "".join(strip.text for strip in (field.render_line(row) for row in range(field.size.height)))
            assert "".join(shown.split()) == "".join(text.split()), size

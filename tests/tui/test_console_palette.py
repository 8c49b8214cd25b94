"""What the palette and the menu offer beside the keys, hands, and injects from a deck."""

from __future__ import annotations

import asyncio

import pytest
from textual.command import CommandList

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.shuffle import shuffled
from tabletop.library import Library, Shelf
from tabletop.tui.screens.panels.deck import DeckPanel

from .conftest import Stage, StageMaker
from .exercises import bank


def last(on: Stage) -> object:
    return on.source.log.entries[-1].event


async def test_the_clock_jumps_by_minutes_or_seconds(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        for typed, by_ms in (("2", 120_000), ("90s", 90_000), ("１", 60_000)):
            await on.run_action("jump")
            await on.type(typed)
            await on.press("enter")
            event = last(on)
            assert isinstance(event, e.ClockJumped)
            assert event.by_ms == by_ms


async def test_the_speed_by_a_digit(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.run_action("speed")
        await on.press("3")
        event = last(on)
        assert isinstance(event, e.SpeedChanged)
        assert event.speed == 2
        assert "2×" in on.text


async def test_find_selects_an_inject_by_title_or_number(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        for typed, title in (("road", "Live from across the road"), ("6", "Two tellers in shock")):
            await on.run_action("find")
            await on.type(typed)
            await on.press("enter")
            assert title in next(line for line in on.text.splitlines() if "EXERCISE No." in line)
        await on.press("enter", "enter")
        assert on.state.released == ("shock",)


async def test_a_question_is_closed_and_opened_again(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        await on.run_action("ask_state")
        await on.press("1")
        assert on.state.asks["first-move"].closed
        await on.run_action("ask_state")
        await on.press("1")
        assert not on.state.asks["first-move"].closed


async def test_answers_are_revealed_as_counts_then_with_names(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        on.source.conductor.dispatch(c.GiveAnswer("first-move", "teller", ("comply",)))
        await on.wait(1)
        for revealed in ("counts", "names"):
            await on.run_action("reveal")
            await on.press("1")
            assert on.state.asks["first-move"].revealed == revealed


async def test_an_indicator_is_taken_down(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.run_action("indicators")
        await on.press("1")
        await on.type("3.5")
        await on.press("enter")
        assert on.state.indicators == {"minutes": 3.5}


async def test_hands_take_one_digit_for_each_role_asked(stage: StageMaker) -> None:
    exercise = bank()
    async with stage(exercise) as on:
        await on.press("enter", "1", "escape", "2")
        order = [option.id for option in shuffled(exercise.injects[0].asks[0], 7)]
        await on.press("4")
        assert "one digit for each person asked" in on.text
        await on.press("2", "3")
        given = [entry.event for entry in on.source.log.entries if isinstance(entry.event, e.AnswerGiven)]
        assert [(answer.role, answer.value) for answer in given] == [("teller", (order[1],)), ("guard", (order[2],))]


async def test_options_stand_in_the_order_of_the_run_everywhere() -> None:
    ask = bank().injects[0].asks[0]
    orders = {tuple(option.id for option in shuffled(ask, seed)) for seed in range(40)}
    assert len(orders) == 6
    assert shuffled(ask, 7) == shuffled(ask, 7)
    assert [option.id for option in shuffled(ask, 7)] == ["comply", "grab", "refuse"]


DECK = """
format: 1
deck: extra
title: {en: Extra, zh-Hans: 附加}
languages: [en, zh-Hans]
slots: {spokesperson: role, voice: objective}
injects:
  - id: reporter
    kind: media
    at: hold
    to: [spokesperson]
    title: {en: A reporter rings, zh-Hans: 记者来电}
    text: {en: She asks what happened., zh-Hans: 她问发生了什么。}
    expects:
      - id: no-comment
        title: {en: Says no more than agreed, zh-Hans: 统一口径}
        by: spokesperson
        criticality: major
        category: notify
        objective: voice
  - id: smoke
    kind: facility
    at: hold
    title: {en: Smoke in the hall, zh-Hans: 大厅冒烟}
    text: {en: Smoke., zh-Hans: 烟。}
"""


async def test_an_inject_from_a_deck_is_found_filled_and_released(stage: StageMaker, tmp_path_factory) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "injects").mkdir()
    (folder / "injects" / "extra.yaml").write_text(DECK, encoding="utf-8")
    async with stage(bank()) as on:
        on.app.library = Library([Shelf.under("project", folder)])
        await on.press("enter", "a", "2")
        assert isinstance(on.app.screen, DeckPanel)
        await on.app.workers.wait_for_complete()
        await on.type("reporter")
        assert "A reporter rings" in on.text
        assert "Smoke" not in on.text
        await on.press("enter", "6", "2")
        event = last(on)
        assert isinstance(event, e.InjectAdded)
        assert event.origin == "extra/reporter"
        assert on.state.added[0].to == ("press",)
        assert on.state.added[0].expects[0].objective == "covert"
        await on.press("enter")
        assert on.state.released == ("knife", "reporter")


async def test_what_is_pressed_before_the_run_is_open_is_played_in_order(stage: StageMaker, time) -> None:  # type: ignore[no-untyped-def]
    import threading

    from .conftest import MemorySource

    gate = threading.Event()

    class Slow(MemorySource):
        def open(self):  # type: ignore[no-untyped-def]
            gate.wait(5)
            return super().open()

    from tabletop.tui.app import TabletopApp

    source = Slow(bank(), time)
    app = TabletopApp(language="en", source=source, first="console", quiet=True)
    async with app.run_test(size=(140, 40)) as pilot:
        while app.desk is None:
            await pilot.pause()
        app.ask(c.ReleaseInject("knife"))
        app.ask(c.RecordDecision("manager", "first"))
        assert "Opening the run" in Stage(app, pilot, source).text
        gate.set()
        await Stage(app, pilot, source).settle()
        assert [entry.event.kind for entry in source.log.entries][2:] == ["inject_released", "decision_made"]
        app.desk.close(pause=False)


NOTHING = [("en", "zzz", "Nothing is called so."), ("zh-Hans", "通信", "没有找到这样的操作。")]


@pytest.mark.parametrize(("language", "wanted", "said"), NOTHING)
async def test_the_palette_speaks_the_language_of_the_interface(stage: StageMaker, language: str, wanted: str, said: str) -> None:
    async with stage(bank(), language=language) as on:
        await on.press("ctrl+p")
        assert "Search for commands" not in on.text
        await on.type(wanted)
        async with asyncio.timeout(20):
            while said not in on.text:
                await on.pilot.pause(0.1)
        assert "No matches" not in on.text


OVER_A_PANEL = [("en", "pause", "A panel is open: esc closes it."), ("zh-Hans", "暂停", "有面板打开：按 Esc 关闭")]


@pytest.mark.parametrize(("language", "wanted", "said"), OVER_A_PANEL)
async def test_over_a_panel_the_palette_says_why_there_is_nothing_of_the_console_in_it(
    stage: StageMaker, language: str, wanted: str, said: str
) -> None:
    nothing = next(told for spoken, _, told in NOTHING if spoken == language)
    async with stage(bank(), language=language) as on:
        await on.press("enter", "v", "ctrl+p")
        assert said in on.text, "before anything is typed"
        await on.type(wanted)
        async with asyncio.timeout(20):
            while said not in on.text:
                await on.pilot.pause(0.1)
        assert nothing not in on.text
        await on.press("escape", "escape", "ctrl+p")
        await on.type(wanted)
        await on.pilot.pause(0.5)
        async with asyncio.timeout(20):
            while wanted not in str(on.app.screen.query_one(CommandList).get_option_at_index(0).prompt).lower():
                await on.pilot.pause(0.1)
        assert said not in on.text
        await on.press("enter", "enter")
        assert on.state.paused


async def test_over_a_real_emergency_the_palette_names_no_way_out_that_is_none(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("ctrl+g", "ctrl+g", "ctrl+p")
        assert "A real emergency: use the keys that its screen names." in on.text
        assert "esc closes it" not in on.text

"""Toasts that refuse something or ask for a second key: none stays once what it speaks of has happened or cannot happen any more."""

from __future__ import annotations

import asyncio

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.errors import TabletopError
from tabletop.tui.notices import Notices
from tabletop.words import Words

from .conftest import Stage, StageMaker
from .exercises import INJECTS, bank

SMALL = (80, 24)


def told(on: Stage, code: str, **values: object) -> bool:
    """Whether a toast says that."""
    sentence = Words(on.app.words.language)(code, **values)
    return any(notification.message == sentence for notification in on.app._notifications)


class Wall:
    """Where toasts stand, without a screen."""

    def __init__(self) -> None:
        self.up: list[str] = []

    def take_down(self, sentence: str) -> bool:
        there = sentence in self.up
        self.up = [one for one in self.up if one != sentence]
        return there


def test_one_that_is_not_up_yet_goes_as_soon_as_it_is_and_the_same_one_again_stays() -> None:
    wall, holds = Wall(), [True]
    notices = Notices(wall)
    notices.put("again?", lambda: holds[0], 3)
    holds[0] = False
    notices.mind()
    wall.up.append("again?")
    notices.mind()
    assert not wall.up
    holds[0] = True
    notices.put("again?", lambda: holds[0], 3)
    wall.up.append("again?")
    notices.mind()
    assert wall.up == ["again?"]
    assert len(notices.standing) == 1
    notices.end(notices.standing)
    assert not wall.up
    assert not notices.standing


@pytest.mark.parametrize("keys", [(), ("w", "f4")], ids=["at the foot", "above a panel"])
@pytest.mark.parametrize("word", ["ab ", "卡片"], ids=["en", "zh-Hans"])
async def test_a_toast_is_whole_whatever_it_says(stage: StageMaker, keys: tuple[str, ...], word: str) -> None:
    async with stage(bank(), size=SMALL, notifications=True) as on:
        await on.press(*keys)
        for width in (72, 73, 74, 75, 76, 77, 78, 79, 150, 152, 154):
            sentence = (word * width)[: width // (1 if word.isascii() else 2) - 4] + " end."
            on.app.clear_notifications()
            on.app.notify(sentence, timeout=60, markup=False)
            await on.settle()
            assert " end." in on.text, width


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_endex_is_not_asked_for_once_more_when_it_is_being_done(stage: StageMaker, language: str) -> None:
    async with stage(bank(), size=SMALL, language=language, notifications=True) as on:
        await on.press("e")
        assert told(on, "console.endex-again")
        await on.press("e")
        on.app._tick()
        assert not told(on, "console.endex-again")
        await on.press("1")
        assert on.state.phase == "ended"
        await on.press("f8")
        assert told(on, "evaluation.reopen-again")
        await on.press("f8")
        assert on.state.phase == "running"
        assert not told(on, "evaluation.reopen-again")


async def test_what_was_refused_goes_with_what_is_done_next_and_a_confirmation_stays(stage: StageMaker) -> None:
    async with stage(bank(), size=SMALL, notifications=True) as on:
        await on.press("enter", "+")
        assert told(on, "console.more-given")
        await on.press("pagedown")
        assert told(on, "console.page-down-never-early")
        await on.press("space", "escape")
        assert on.state.paused
        assert not told(on, "console.page-down-never-early")
        assert told(on, "console.more-given")


async def test_nobody_has_answered_goes_once_somebody_has(stage: StageMaker) -> None:
    room = [{**INJECTS[0], "asks": [{key: value for key, value in INJECTS[0]["asks"][0].items() if key != "to"}]}, *INJECTS[1:]]
    async with stage(bank(injects=room), size=SMALL, notifications=True) as on:
        await on.press("enter", "v", "5")
        assert told(on, "wall.nothing-to-reveal")
        on.source.from_elsewhere(c.GiveAnswer("first-move", "guard", ("comply",)), Actor("seat", roles=("guard",)))
        await on.follow()
        assert not told(on, "wall.nothing-to-reveal")
        await on.press("v", "5")
        assert on.state.ask("first-move").revealed == "counts"


async def test_a_refusal_goes_when_the_same_would_be_taken(stage: StageMaker) -> None:
    async with stage(bank(), size=SMALL, notifications=True) as on:
        await on.press("enter")
        on.app.ask(c.Resume())
        await on.settle()
        assert told(on, "refused.not-paused")
        on.source.from_elsewhere(c.Pause("safety", "outlet"), Actor("site", "outlet"))
        await asyncio.sleep(0)
        await on.follow()
        assert on.state.paused
        assert not told(on, "refused.not-paused")


async def test_a_refusal_goes_with_the_panel_it_was_said_on(stage: StageMaker) -> None:
    async with stage(bank(), size=SMALL, notifications=True) as on:
        await on.press("2")
        await on.press("9")
        assert told(on, "panel.no-such-row", number=9)
        await on.press("escape")
        on.app._tick()
        assert not told(on, "panel.no-such-row", number=9)


async def test_that_an_emergency_is_not_recorded_is_said_whatever_works_meanwhile(stage: StageMaker) -> None:
    async with stage(bank(), size=SMALL, notifications=True) as on:
        on.source.log.fail_with = TabletopError("store.no-space", path="x")
        await on.press("ctrl+g")
        on.source.log.fail_with = None
        said = [notification.message for notification in on.app._notifications if notification.severity == "warning"]
        assert said
        await on.press("3", "escape")
        await on.press("o")
        await on.type("seen")
        await on.press("enter")
        assert [one.message for one in on.app._notifications if one.severity == "warning"] == said


async def test_a_tick_that_comes_after_the_screens_are_gone_draws_nothing(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        app = on.app
    assert not app.screen_stack
    app._redraws = 1
    app._tick()

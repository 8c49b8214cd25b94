"""Whose word stands, who sits where and where something was pressed: said with names, once, on every screen of the facilitator."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.rights import Actor
from tabletop.engine.views import PressedAt, RealEmergency
from tabletop.tui.crowd import Crowd, Device
from tabletop.tui.pages.alarm import place_text
from tabletop.tui.seat_names import seat_and_name
from tabletop.tui.told import RunTeller
from tabletop.tui.widgets.log_rows import entry_text
from tabletop.words import Words

from .conftest import SIZES, Stage, StageMaker
from .exercises import bank
from .test_console_room import branches, seen

MO = Actor("evaluator", "Mo")
KEPT = {"en": "kept; Mo’s stands: done", "zh-Hans": "已保留；以Mo的为准：完成"}
BESIDE = {"en": "Mo: done 0:20 · you: partly", "zh-Hans": "Mo：完成 0:20 · 您：部分"}


ALARM = {"en": "Presses the silent alarm", "zh-Hans": "触发无声报警"}


def digit_of_alarm(on: Stage) -> str:
    """The digit of the silent alarm in the panel that is open."""
    return next(line for line in on.text.splitlines() if line.startswith("│") and ALARM[on.app.words.language] in line).split()[1]


async def overruled(on: Stage) -> None:
    """An evaluator has marked the silent alarm as done; the facilitator says it was done in part."""
    await on.press("enter")
    await on.wait(20)
    on.source.from_elsewhere(c.MarkAction("silent-alarm", "done"), MO)
    await on.follow()
    await on.press("2", "down")
    await on.press(digit_of_alarm(on))


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_mark_that_does_not_stand_says_that_it_is_kept_and_whose_does(
    stage: StageMaker, size: tuple[int, int], language: str
) -> None:
    async with stage(bank(), size=size, language=language) as on:
        await overruled(on)
        assert [(mark.actor, mark.state) for mark in on.state.marks["silent-alarm"]] == [("evaluator:Mo", "done"), ("driver", "partial")]
        if size == (80, 24):
            assert KEPT[language] in on.text, "what was recorded a moment ago"
        assert BESIDE[language] in on.text, "the row of the action"
        await on.play(["page:log"])
        assert KEPT[language] in on.text, "the log"


async def test_pressed_again_it_corrects_what_was_said_here_and_adds_nothing(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await overruled(on)
        await on.press("u", "1")
        assert "you:" not in on.text
        await on.press("2", "down")
        digit = digit_of_alarm(on)
        await on.press(digit)
        marks = on.state.marks["silent-alarm"]
        assert [mark.actor for mark in marks] == ["evaluator:Mo", "driver"]
        await on.press("2", digit)
        assert on.state.marks["silent-alarm"][-1].state == "done", "what was said here is turned to done, not said once more"
        assert "you:" not in on.text, "both say the same"


async def test_the_same_word_from_both_needs_no_telling_and_the_lines_of_follow_say_whose_stands(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await overruled(on)
        lines = [said.text for said, _ in RunTeller(Words("en")).told(on.source.conductor)]
        assert [line for line in lines if KEPT["en"] in line] == [lines[-1]]
        on.source.from_elsewhere(c.MarkAction("silent-alarm", "partial"), MO)
        await on.follow()
        assert "you:" not in on.text
        assert "kept;" not in on.text


# Names, once.


async def test_who_is_sent_out_is_named_once(stage: StageMaker) -> None:
    mo = Device("p1", "evaluator:Mo", "mo ", "browser", pass_id="p1")
    async with stage(bank(), size=(80, 24), notifications=True) as on:
        await seen(on, Crowd((mo, Device("p2", "seat:teller", "Li Wei", "browser", pass_id="p2"))))
        await on.press("w", "f4", "4", "1")
        assert "Send out: Evaluator Mo? The code" in on.text
        await on.press("2")
        assert "Sent out: Evaluator Mo." in on.text
        await on.press("1")
        assert "Send out: Teller (Li Wei)? The code" in " ".join(on.text.split())


def test_a_name_that_is_not_the_seats_own_is_said_beside_it() -> None:
    from tabletop.engine.plan import plan_of
    from tabletop.engine.state import State

    plan, words = plan_of(branches(), State()), Words("en")
    assert seat_and_name(plan, "site:outlet", "Outlet", words) == "Site controller: Qiaoxi outlet (Outlet)"
    assert seat_and_name(plan, "lead:Mo", "Mo", words) == "Lead evaluator Mo"
    assert seat_and_name(plan, "seat:guard", "", words) == "Guard"


# No ids.


@pytest.mark.parametrize(
    ("seat", "site", "told"),
    [
        ("wall:outlet", "outlet", "Qiaoxi outlet · the wall"),
        ("viewer:outlet", "outlet", "Qiaoxi outlet · a wall in a browser"),
        ("viewer", "", "a wall in a browser"),
        ("site:outlet", "outlet", "Qiaoxi outlet · the site controller"),
    ],
)
def test_screens_of_players_say_where_it_was_pressed_in_words(seat: str, site: str, told: str) -> None:
    raised = RealEmergency(seat, site, 0, 0, confirmed=False, place="Qiaoxi outlet" if site else "", seats=(PressedAt(seat),))
    assert place_text(raised, Words("en"), "en") == told


async def test_a_refusal_names_the_seat(stage: StageMaker) -> None:
    from tabletop.errors import Refused

    async with stage(branches(), notifications=True) as on:
        on.app.say(Refused("refused.emergency", seat="seat:guard"))
        on.app.say(Refused("refused.not-yours", actor="site:outlet"))
        await on.settle()
        text = " ".join(on.text.split())
        assert "raised at Guard" in text
        assert "Site controller: Qiaoxi outlet" in text


async def test_the_log_names_checks_and_parameters(stage: StageMaker) -> None:
    parameters = {"branch": {"title": {"en": "Name of the outlet", "zh-Hans": "网点名称"}, "default": "x"}, "bare": {"default": "y"}}
    async with stage(bank(parameters=parameters)) as on:
        scene = on.app.screen.scene()
        assert entry_text(scene, e.CheckTicked(check="police", done=True)) == "check ✓ Police told"
        assert entry_text(scene, e.ParameterSet(name="branch", value="West")) == "Name of the outlet is West"
        assert entry_text(scene, e.ParameterSet(name="bare", value="z")) == "bare is z"

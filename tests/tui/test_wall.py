"""This terminal turned to players: the wall, a seat, and the way back. Nothing private in between, nothing opens above by itself."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.content import Content
from textual.screen import Screen

from tabletop.engine import commands as c
from tabletop.engine.events import WallKind
from tabletop.engine.seats import wall_view
from tabletop.engine.views import Paused
from tabletop.errors import Exit, TabletopError
from tabletop.exercise.model import Exercise
from tabletop.text import cells, count_words
from tabletop.tui import pages
from tabletop.tui.actions import FIRST_IN_MENU
from tabletop.tui.pages.board import MOST_CELLS, MOST_WORDS, set_lines
from tabletop.tui.pages.wall import paused_text
from tabletop.tui.screens.console import ConsoleScreen
from tabletop.tui.screens.evaluation import EvaluationScreen
from tabletop.tui.screens.panels.emergency import EmergencyScreen, RaisedPanel
from tabletop.tui.screens.panels.frame import Prompt
from tabletop.tui.screens.panels.gap import GapPanel
from tabletop.tui.screens.panels.menu import GROUPS
from tabletop.tui.screens.panels.read_only import ReadOnlyPanel
from tabletop.tui.screens.panels.too_small import TooSmall
from tabletop.tui.screens.panels.trouble import TroublePanel
from tabletop.tui.screens.public import PublicScreen
from tabletop.tui.screens.seat import SeatScreen
from tabletop.tui.screens.wall import WallScreen
from tabletop.words import Words

from .conftest import SIZES, FakeTime, MemorySource, Stage, StageMaker
from .exercises import bank

LANGUAGES = ("en", "zh-Hans")

PRIVATE = ("Read slowly", "Who says it aloud", "Think of the button", "Presses the silent alarm", "Duress alarm", "grey bag", "recorded")
"""What only the facilitator sees of the small exercise, or what is the monitoring centre's."""

FACILITATORS = (
    *("enter", "n", "1", "2", "0", "d", "f2", "x", "f3", "s", "f4", "o", "f6", "h", "f7", "v", "f9", "plus", "a", "w", "u", "e", "e"),
    *("escape", "tab", "shift+tab", "up", "down", "question_mark", "f1", "ctrl+p", "ctrl+q", "ctrl+c", "k", "ctrl+o"),
)
"""Keys that do something at the console and nothing on the wall."""


MENU_DIGIT = str(len(FIRST_IN_MENU) + GROUPS.index("wall") + 1)
"""What opens the wall's own part of the menu."""


def on_top(on: Stage, screen: type[Screen[Any]]) -> bool:
    """Whether a screen of that class is what is seen."""
    return isinstance(on.app.screen, screen)


def ask(on: Stage, command: c.Command) -> None:
    on.app.ask(command)


async def told(on: Stage) -> None:
    """The room has been told of the knife, twenty seconds ago."""
    await on.press("enter")
    await on.wait(20)


async def test_t_turns_to_the_wall_and_t_t_leads_back(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await told(on)
        await on.press("t", "1")
        assert on_top(on, WallScreen)
        assert len(on.app.screen_stack) == 2
        assert "A KNIFE AT COUNTER 2" in on.text
        assert "EXERCISE EXERCISE EXERCISE" in on.text
        assert not any(word in on.text for word in PRIVATE)
        await on.press("t")
        assert on_top(on, WallScreen)
        assert "The same key again turns this screen back." in on.text
        await on.press("t")
        assert on_top(on, ConsoleScreen)
        assert "Read slowly" in on.text


async def test_one_press_alone_is_forgotten(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("t", "1", "t")
        on.app.screen._turning_at -= 10
        await on.press("t")
        assert on_top(on, WallScreen)


@pytest.mark.parametrize("keys", [("f10", "1"), ("ｔ", "1"), ("escape", MENU_DIGIT, "2", "1")])
async def test_with_an_input_method_on_it_works_without_letters(stage: StageMaker, keys: tuple[str, ...]) -> None:
    async with stage(bank(), language="zh-Hans") as on:
        await told(on)
        await on.press(*keys)
        assert on_top(on, WallScreen)
        await on.press("f10", "f10")
        assert on_top(on, ConsoleScreen)


async def test_escape_leaves_the_choice_with_nothing_turned(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("t", "escape")
        assert on_top(on, ConsoleScreen)
        await on.press("t", "2", "escape", "escape")
        assert on_top(on, ConsoleScreen)
        assert not on.app.faces_players


async def test_a_seat_shows_what_is_its_own(stage: StageMaker) -> None:
    async with stage(bank(), size=(140, 40)) as on:
        await told(on)
        ask(on, c.GiveAnswer("first-move", "teller", ("comply",)))
        await on.wait(170)
        await on.press("enter", "enter")
        await on.press("t", "2", "2")
        assert on_top(on, SeatScreen)
        assert "You are  Teller" in on.text
        assert "you: Comply and keep calm" in on.text
        assert "Duress alarm" not in on.text
        await on.press("t", "t", "t", "2", "4")
        assert "Duress alarm, no voice" in on.text
        assert "TO YOU, NOT THE ROOM" in on.text
        assert "Confirm that you received this." in on.text
        assert "Comply" not in on.text


async def test_roles_that_one_person_plays_share_a_seat(stage: StageMaker) -> None:
    async with stage(bank(), prepare=lambda conductor: conductor.dispatch(c.StaffRole("guard", "with", "teller"))) as on:
        await told(on)
        await on.press("t", "2", "2")
        assert "Teller, Guard" in on.text


async def test_a_long_seat_can_be_scrolled(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 20)) as on:
        await told(on)
        await on.wait(170)
        await on.press("enter", "enter", "t", "2", "4")
        assert "↓ more below" in on.text
        first = on.text
        await on.press("down", "down")
        assert on.text != first
        assert "↑ more above" in on.text
        await on.press("up", "up", "up")
        assert on.text == first


async def test_no_key_of_the_facilitator_works_on_the_wall(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("t", "1")
        before, shown = len(on.source.log.entries), on.text
        await on.press(*FACILITATORS)
        assert on_top(on, WallScreen)
        assert len(on.app.screen_stack) == 2
        assert len(on.source.log.entries) == before
        assert on.text == shown


async def test_a_seat_has_its_own_few_keys_alone(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("t", "2", "2")
        before = len(on.source.log.entries)
        await on.press(*FACILITATORS, "pagedown", "pageup", "space", "f8", "full_stop")
        assert on_top(on, SeatScreen)
        assert len(on.source.log.entries) == before


async def test_page_down_releases_what_is_due_and_never_early(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("t", "1", "pagedown")
        assert on.state.released == ("knife",)
        await on.wait(30)
        await on.press("pagedown", "pagedown")
        assert on.state.released == ("knife",)


async def test_page_down_leaves_to_the_console_what_is_not_for_the_room(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.wait(200)
        await on.press("t", "1", "pagedown")
        assert on.state.released == ("knife",)
        assert "The facilitator is wanted at the console." in on.text
        assert not any(word in on.text for word in PRIVATE)


async def test_page_up_shows_the_earlier_text_and_page_down_goes_on(stage: StageMaker) -> None:
    async with stage(bank(), language="zh-Hans") as on:
        await told(on)
        ask(on, c.ReleaseInject("media"))
        await on.press("t", "1")
        assert "【演练】马路对面的直播" in on.text
        await on.press("pageup")
        assert "【演练】2号柜台前亮出了刀" in on.text
        await on.press("pageup")
        assert "【演练】2号柜台前亮出了刀" in on.text
        await on.press("pagedown")
        assert "【演练】马路对面的直播" in on.text
        assert on.state.released == ("knife", "media")


@pytest.mark.parametrize("key", [".", "。", "．"])
async def test_a_full_stop_blanks_the_wall_and_shows_it_again(stage: StageMaker, key: str) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("t", "1")
        await (on.press("full_stop") if key == "." else on.type(key))
        assert "KNIFE" not in on.text
        assert "EXERCISE EXERCISE EXERCISE" in on.text
        await (on.press("full_stop") if key == "." else on.type(key))
        assert "KNIFE" in on.text


async def test_space_pauses_and_goes_on_and_no_question_opens(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("t", "1", "space")
        assert on.state.paused
        assert on_top(on, WallScreen)
        assert "PAUSED" in on.text
        await on.press("f8")
        assert not on.state.paused


async def test_why_it_is_paused_stands_there_where_it_concerns_the_room(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("space", "2", "t", "1")
        assert "PAUSED · break" in on.text
        ask(on, c.ExplainPause("quit"))
        await on.settle()
        assert "PAUSED · " not in on.text


def test_a_pause_from_a_site_says_which() -> None:
    assert paused_text(Paused("a customer fainted", "hall", "Hall"), Words("en"), "en") == "PAUSED · a customer fainted · from Hall"
    assert paused_text(Paused("", "hall", "大厅"), Words("zh-Hans"), "zh-Hans").endswith("来自大厅")


async def test_what_was_about_to_open_does_not_open_over_the_wall(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        on.app.turn_to_players(WallScreen())
        on.app.push_screen(Prompt(Content("Why is it paused?")))
        await on.settle()
        assert on_top(on, WallScreen)
        on.app.go("evaluation")
        await on.settle()
        assert on_top(on, WallScreen)


async def test_only_screens_made_for_players_are_turned_to_or_painted(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        console = on.app.screen
        with pytest.raises(ValueError, match="not made for players"):
            on.app.turn_to_players(console)
        assert on.app.may_paint(console)
        await on.press("t", "1")
        assert not on.app.may_paint(console)
        assert on.app.may_paint(on.app.screen)
        assert not on.app.screen.query("ToastRack")


async def test_toasts_are_gone_and_none_comes(stage: StageMaker) -> None:
    async with stage(bank(), notifications=True) as on:
        await told(on)
        on.app.tell("console.nothing-left")
        on.app.screen.action_turn_terminal()
        await on.settle()
        await on.press("1")
        on.app.tell("console.more-given")
        ask(on, c.ReleaseInject("knife"))
        await on.settle()
        assert "No inject is left" not in on.text
        assert "already" not in on.text
        await on.press("t", "t")
        assert "A knife at counter 2" in on.text
        assert any("released already" in toast.message or "already" in toast.message for toast in on.app._notifications)


async def test_what_cannot_be_recorded_waits_for_the_facilitator(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("t", "1")
        on.source.log.fail_with = TabletopError("store.no-space", exit_code=Exit.NO_SPACE, path="/store.db", reason="SQLITE_FULL")
        await on.press("space", "full_stop")
        await on.wait(1)
        assert on_top(on, WallScreen)
        assert "NOT RECORDED" not in on.text
        assert "/store.db" not in on.text
        assert "The facilitator is wanted at the console." in on.text
        await on.press("t", "t")
        on.app._tick()
        await on.settle()
        assert on_top(on, TroublePanel)
        assert len([screen for screen in on.app.screen_stack if isinstance(screen, TroublePanel)]) == 1


async def test_a_gap_in_time_waits_for_the_facilitator(stage: StageMaker, time: FakeTime) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("t", "1")
        time.sleep(300)
        await on.follow()
        assert on_top(on, WallScreen)
        assert on.state.paused
        assert "PAUSED" in on.text
        assert "gap" not in on.text
        await on.press("t", "t")
        on.app._tick()
        await on.settle()
        assert on_top(on, GapPanel)


async def test_that_somebody_else_drives_is_told_at_the_console(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("t", "1")
        on.source.fenced = True
        await on.follow(1.3)
        assert on_top(on, WallScreen)
        assert "another console" not in on.text
        await on.press("t", "t")
        on.app._tick()
        await on.settle()
        assert on_top(on, ReadOnlyPanel)


async def test_a_second_console_that_only_watches_is_a_display_of_its_own(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(bank(), time, driver="desk-1")
    async with stage(bank(), source=source) as on:
        await on.press("1", "t", "1")
        source.from_elsewhere(c.ReleaseInject("knife"))
        source.from_elsewhere(c.TurnWall("rules"))
        await on.follow()
        assert "RULES OF THE ROOM" in on.text
        assert "console" not in on.text
        await on.press("pagedown", "pageup", "full_stop", "space")
        assert "RULES OF THE ROOM" in on.text
        assert not on.state.paused


async def test_an_emergency_works_from_the_wall_and_leads_back_to_it(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("t", "1", "f12")
        assert on_top(on, RaisedPanel)
        assert on.state.paused
        assert not any(word in on.text for word in PRIVATE)
        await on.press("f12")
        assert on_top(on, EmergencyScreen)
        assert "EXERCISE" not in on.text
        assert "110" in on.text
        await on.press("1")
        assert on.app.may_paint(on.app.screen)
        await on.type("false alarm")
        await on.press("enter")
        assert on_top(on, WallScreen)
        assert "the exercise stands paused" in on.text


async def test_it_stays_the_wall_when_the_run_ends_elsewhere(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        await on.press("t", "1")
        on.source.from_elsewhere(c.End())
        await on.follow()
        assert on_top(on, WallScreen)
        assert "ENDEX 0:00:20" in on.text
        assert "HOT WASH" in on.text
        await on.press("t", "t")
        assert on_top(on, EvaluationScreen)


async def test_after_endex_the_wall_can_be_looked_at_for_the_hot_wash(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        ask(on, c.AddNote("parked", "Who pays?"))
        ask(on, c.End())
        await on.settle()
        on.app.go("evaluation")
        await on.settle()
        await on.press("f9", "4", "f10", "1")
        assert on_top(on, WallScreen)
        assert "Who pays?" in on.text
        assert not any(word in on.text for word in (*PRIVATE, "score", "%"))


async def test_a_small_terminal_shows_nothing_but_that(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await told(on)
        await on.press("t", "1")
        await on.pilot.resize_terminal(50, 15)
        await on.settle()
        assert on_top(on, TooSmall)
        assert not any(word in on.text for word in PRIVATE)
        await on.pilot.resize_terminal(80, 24)
        await on.settle()
        assert on_top(on, WallScreen)
        assert "KNIFE" in on.text


async def test_a_draft_does_not_open_over_the_wall(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(bank(), time)
    source.kept_drafts = {"decision": '{"role": "manager", "text": "half a secret"}'}
    async with stage(bank(), source=source) as on:
        await on.press("escape", "t", "1")
        await on.wait(2)
        assert "half a secret" not in on.text
        assert on_top(on, WallScreen)


# The driver turns the wall.


@pytest.mark.parametrize(
    ("digit", "view"), [("1", "inject"), ("2", "rules"), ("3", "rulings"), ("4", "parked"), ("7", "timeline"), ("0", "blank")]
)
async def test_v_and_a_digit_turn_the_wall(stage: StageMaker, digit: str, view: str) -> None:
    async with stage(bank()) as on:
        await told(on)
        ask(on, c.TurnWall("timer", span_ms=60_000))
        await on.press("v", digit)
        assert on.state.wall.view == view
        assert on_top(on, ConsoleScreen)


async def test_the_timeline_sets_the_reason_of_a_pause_apart_and_leaves_out_what_the_room_need_not_know(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        for reason in ("discussion", "recovered"):
            ask(on, c.Pause(reason))
            ask(on, c.Resume())
        ask(on, c.TurnWall("timeline"))
        await on.press("t", "1")
        assert "pause: discussion" in on.text
        assert "ecovered" not in on.text
        assert [line.strip()[-5:] for line in on.text.splitlines() if line.strip().endswith("pause")] == ["pause"]


async def test_the_minutes_of_a_timer_stand_on_one_line(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await told(on)
        await on.press("f9", "6")
        assert "1  2  3  4  5  6  7  8  9  10" in on.text
        await on.press("right", "enter")
        assert on.state.wall.span_ms == 360_000


async def test_a_timer_takes_its_minutes_by_a_digit(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await told(on)
        await on.press("f9", "6", "3")
        assert (on.state.wall.view, on.state.wall.span_ms) == ("timer", 180_000)
        await on.press("t", "1")
        await on.wait(181)
        assert "TIME" in on.text


async def test_five_reveals_counts_and_again_names(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await told(on)
        ask(on, c.GiveAnswer("first-move", "teller", ("comply",)))
        await on.settle()
        await on.press("v", "5")
        assert on.state.ask("first-move").revealed == "counts"
        await on.press("t", "1")
        assert "1  Comply and keep calm" in on.text
        assert "T1" not in on.text
        await on.press("t", "t", "v", "5", "t", "1")
        assert on.state.ask("first-move").revealed == "names"
        assert "T1" in on.text


async def test_names_are_revealed_only_while_the_counts_stand_on_the_wall(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        ask(on, c.GiveAnswer("first-move", "teller", ("comply",)))
        await on.settle()
        await on.press("v", "5", "v", "1", "v", "5")
        assert on.state.ask("first-move").revealed == "counts"
        assert on.state.wall.view == "answers"


def twice_asked() -> Exercise:
    """The bank, where the room is asked a second thing."""
    injects = bank().model_dump(mode="json", by_alias=True, exclude_none=True)["injects"]
    injects[0]["asks"].append({"id": "second", "to": ["guard"], "question": "And then?", "answer": "text"})
    return bank(injects=[bank_inject(each) for each in injects])


def revealed(on: Stage) -> tuple[str, str, str]:
    """How far each question was revealed, and whose answers stand on the wall."""
    assert on.app.desk is not None
    now = wall_view(on.app.desk.plan, on.state, 0)
    return on.state.ask("first-move").revealed, on.state.ask("second").revealed, "" if now.answers is None else now.answers.ask


async def test_the_counts_of_the_next_question_come_before_the_names_of_the_one_before(stage: StageMaker) -> None:
    async with stage(twice_asked()) as on:
        await told(on)
        ask(on, c.GiveAnswer("first-move", "teller", ("comply",)))
        await on.settle()
        await on.press("v", "5")
        assert revealed(on) == ("counts", "", "first-move")
        ask(on, c.GiveAnswer("second", "guard", "lock the door"))
        await on.settle()
        await on.press("v")
        assert "reveal COUNTS, no names: And then?" in on.text
        await on.press("5")
        assert revealed(on) == ("counts", "counts", "second")
        await on.press("v")
        assert "reveal NAMES, who said what: And then?" in on.text
        await on.press("5")
        assert revealed(on) == ("counts", "names", "second")
        await on.press("v", "5")
        assert revealed(on) == ("counts", "names", "second"), "nobody's name follows by itself"


async def test_another_question_is_chosen_and_its_names_take_a_key_of_their_own(stage: StageMaker) -> None:
    async with stage(twice_asked(), language="zh-Hans") as on:
        await told(on)
        ask(on, c.GiveAnswer("first-move", "teller", ("comply",)))
        ask(on, c.GiveAnswer("second", "guard", "lock the door"))
        await on.settle()
        await on.press("v", "8")
        assert "公布人数（不含姓名）：And then?" in on.text
        await on.press("2")
        assert revealed(on) == ("counts", "", "first-move")
        await on.press("v", "5", "v", "8", "2")
        assert revealed(on) == ("counts", "counts", "first-move"), "shown again, with no names yet"
        await on.press("v", "5")
        assert revealed(on) == ("names", "counts", "first-move")


@pytest.mark.parametrize(
    ("language", "counts", "names"),
    [("en", "◂ counts on the wall", "reveal NAMES"), ("zh-Hans", "◂ 大屏现为人数", "公布姓名")],
)
async def test_no_other_question_is_marked_as_the_one_on_the_wall(stage: StageMaker, language: str, counts: str, names: str) -> None:
    """Who takes the mark for what stands there already would publish the answers to the other one."""

    def marked(on: Stage) -> list[str]:
        return [line for line in on.text.splitlines() if "◂" in line]

    async with stage(twice_asked(), language=language, size=(80, 24)) as on:
        await told(on)
        ask(on, c.GiveAnswer("first-move", "teller", ("comply",)))
        await on.settle()
        given = on.source.log.entries[-1]
        await on.press("v", "5", "v")
        assert [names in line for line in marked(on)] == [True], "the names of the answers that stand there"
        assert counts in marked(on)[0], "which are not out yet"
        await on.press("escape")
        ask(on, c.GiveAnswer("second", "guard", "lock the door"))
        await on.settle()
        await on.press("v")
        assert "And then?" in on.text
        assert marked(on) == []
        await on.press("8")
        assert [names in line for line in marked(on)] == [True], "of the two that can be chosen, the one that stands there"
        await on.press("escape")
        ask(on, c.Retract(given, "misheard"))
        await on.settle()
        assert revealed(on) == ("counts", "", "first-move"), "it stands there still, with nobody's answer"
        await on.press("v")
        assert "And then?" in on.text
        assert marked(on) == []
        await on.press("enter")
        assert revealed(on)[1] == "", "nor does the cursor stand on the other"


async def test_what_a_row_said_is_done_or_nothing(stage: StageMaker) -> None:
    async with stage(twice_asked()) as on:
        await told(on)
        ask(on, c.GiveAnswer("first-move", "teller", ("comply",)))
        await on.settle()
        await on.press("v", "5", "v")
        assert "reveal NAMES" in on.text
        ask(on, c.TurnWall("rules"))
        await on.settle()
        await on.press("5")
        assert on.state.ask("first-move").revealed == "counts"


def bank_inject(inject: dict[str, Any]) -> dict[str, Any]:
    """A dumped inject as a file would write its times."""
    shown = dict(inject)
    if isinstance(shown.get("at"), int):
        shown["at"] = f"{shown['at']}s"
    for part in (*shown.get("asks", ()), *shown.get("expects", ())):
        if isinstance(part.get("within"), int):
            part["within"] = f"{part['within']}s"
    if isinstance(shown.get("acknowledge"), dict):
        shown["acknowledge"] = True
    if isinstance(shown.get("cue"), dict) and "not_done_within" in shown["cue"]:
        shown["cue"]["not_done_within"] = f"{shown['cue']['not_done_within']}s"
    return shown


async def test_the_presenter_remote_reaches_the_wall_from_the_console_too(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await told(on)
        ask(on, c.ReleaseInject("media"))
        await on.settle()
        await on.press("pageup")
        assert (on.state.wall.view, on.state.wall.inject) == ("inject", "knife")
        await on.press("full_stop")
        assert on.state.wall.view == "blank"
        await on.press("full_stop")
        assert (on.state.wall.view, on.state.wall.inject) == ("inject", "knife")


@pytest.mark.parametrize("view", ["blank", "inject"])
async def test_why_it_does_not_go_on_stands_on_every_wall(stage: StageMaker, view: WallKind) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await told(on)
        ask(on, c.TurnWall(view))
        await on.press("t", "1")
        assert "PAUSED" not in on.text
        ask(on, c.Pause("break"))
        await on.settle()
        assert "PAUSED · break" in on.text
        assert ("knife" in on.text.lower()) == (view == "inject")
        for command in (c.PressEmergency("wall"), c.PressEmergency("wall"), c.StandDown("a cable smoked")):
            ask(on, command)
            await on.settle()
        assert "The real emergency is over." in on.text
        # Another pause has a reason of its own, however short ago that was.
        ask(on, c.Resume())
        await on.settle()
        assert "The real emergency is over." in on.text
        ask(on, c.Pause("technical"))
        await on.settle()
        assert "PAUSED · technical trouble" in on.text
        assert "The real emergency is over." in on.text


# How it looks.

WALLS: dict[str, tuple[Any, ...]] = {
    "inject": (c.AddNote("ruling", "会议室没有摄像头 no camera in the meeting room"),),
    "before": (),
    "rules": (c.TurnWall("rules"),),
    "rulings": (c.AddNote("ruling", "no camera in the meeting room"), c.AddNote("ruling", "侧门开着"), c.TurnWall("rulings")),
    "answers": (
        c.GiveAnswer("first-move", "teller", ("comply",)),
        c.GiveAnswer("first-move", "guard", ("grab",)),
        c.RevealAnswers("first-move", names=True),
    ),
    "timer": (c.TurnWall("timer", span_ms=300_000),),
    "paused": (c.Pause(), c.ExplainPause("discussion")),
    "blank": (c.TurnWall("blank"),),
    "ended": (c.AddNote("ruling", "侧门开着"), c.End()),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", [*WALLS, "seat"])
async def test_frames(
    stage: StageMaker, check_frame: Callable[[App[Any], str], None], name: str, size: tuple[int, int], language: str
) -> None:
    async with stage(bank(alert="red"), size=size, language=language) as on:
        if name != "before":
            await told(on)
        for command in WALLS.get(name, (c.GiveAnswer("first-move", "teller", ("comply",), rationale="calm"),)):
            ask(on, command)
            await on.settle()
        await on.wait(15)
        on.app.turn_to_players(SeatScreen("teller") if name == "seat" else WallScreen())
        await on.settle()
        assert on_top(on, PublicScreen)
        check_frame(on.app, f"wall-{name}-{size[0]}x{size[1]}-{language}")
        assert Words(language)("console.exercise-mark") in on.text
        assert ("INTERNAL" if language == "en" else "内部资料") in on.text
        assert all(cells(line) <= size[0] for line in on.text.splitlines())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("view", ["inject", "rules", "rulings", "parked", "timeline", "timer", "blank"])
async def test_the_smallest_terminal_shows_it_all(stage: StageMaker, view: WallKind, language: str) -> None:
    async with stage(bank(alert="red"), size=(60, 20), language=language) as on:
        await told(on)
        ask(on, c.TurnWall(view, span_ms=60_000))
        await on.settle()
        await on.press("t", "1")
        assert "…" not in on.text
        assert Words(language)("console.exercise-mark") in on.text


NASTY = "[/nope] [b \x1b]0;x\x07"


def nasty(value: Any, key: str = "") -> Any:
    """The exercise with every text of it a trap."""
    if isinstance(value, dict):
        return {name: nasty(part, name) for name, part in value.items()}
    if isinstance(value, list):
        return [nasty(part, key) for part in value]
    return NASTY if isinstance(value, str) and key in ("en", "zh-Hans") else value


@pytest.mark.parametrize("keys", [("t", "1"), ("v", "2", "t", "1"), ("v", "5", "t", "1"), ("v", "7", "t", "1"), ("t", "2", "2")])
async def test_no_text_is_markup_or_reaches_the_terminal_raw(stage: StageMaker, keys: tuple[str, ...]) -> None:
    from .exercises import INJECTS, ROLES

    exercise = bank(injects=nasty(INJECTS), roles=nasty([{k: v for k, v in role.items() if k != "short"} for role in ROLES]))
    async with stage(exercise) as on:
        await on.press("enter")
        ask(on, c.AddNote("ruling", NASTY))
        ask(on, c.GiveAnswer("first-move", "teller", ("comply",), rationale=NASTY))
        await on.settle()
        await on.press(*keys)
        assert on_top(on, PublicScreen)
        assert "\x1b" not in on.text
        if keys[-2:] == ("t", "1") and "2" not in keys:
            assert "[/nope] [b" in on.text.replace("[/NOPE] [B", "[/nope] [b")


@pytest.mark.parametrize("name", ["wall", "seat", "board"])
def test_what_players_see_is_drawn_from_views_alone(name: str) -> None:
    source = (Path(pages.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
    taken = {
        (node.module, alias.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module and "engine" in node.module
        for alias in node.names
    }
    assert {module for module, _ in taken} <= {"tabletop.engine.views", "tabletop.engine.events"}
    assert {each for module, each in taken if module == "tabletop.engine.events"} <= {"AnswerValue"}


async def test_a_practice_run_says_so_on_the_wall_too(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        on.app.desk.source.kind = "practice"
        await told(on)
        await on.press("t", "1")
        assert "INTERNAL · PRACTICE" in on.text


def test_no_line_begins_with_a_stop_or_holds_more_than_can_be_read_from_afar() -> None:
    chance = random.Random(7)
    han, stops = "一二三四五六七八九十银行柜台客户现金报警疏散", "，。；：！？）》、"
    for _ in range(60):
        text = "".join(chance.choice(han) + (chance.choice(stops) if chance.random() < 0.2 else "") for _ in range(chance.randint(3, 120)))
        for line in set_lines(text, chance.choice([48, 56, 128])):
            assert not line.startswith(tuple(stops))
            assert cells(line) <= MOST_CELLS + 2
        words = " ".join("".join(chance.choice("abcdei") for _ in range(chance.randint(1, 9))) for _ in range(chance.randint(1, 80)))
        for line in set_lines(words, chance.choice([54, 68, 128])):
            assert count_words(line) <= MOST_WORDS
            assert cells(line) <= MOST_CELLS

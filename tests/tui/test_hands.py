"""The facilitator's hands: a room that talks, and no key and no second of it lost."""

from __future__ import annotations

import time as real
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from textual import events

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.events import Entry
from tabletop.engine.shuffle import shuffled
from tabletop.errors import TabletopError
from tabletop.exercise.model import Exercise
from tabletop.tui.screens.panels.frame import Field

from .conftest import FakeTime, MemorySource, Stage, StageMaker
from .exercises import INJECTS, bank, role, t

CHARACTERS = {"enter": "\r", "tab": "\t"}


def post(on: Stage, keys: Iterable[str]) -> None:
    """Presses keys faster than any screen can follow."""
    for key in keys:
        on.app.post_message(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))


async def pressed(on: Stage, *keys: str) -> None:
    """Presses keys faster than any screen can follow, and waits until all they asked for is done."""
    before = len(on.source.log.entries)
    post(on, keys)
    await on.settle()
    assert len(on.source.log.entries) >= before


def recorded(on: Stage, since: int = 2) -> list[Any]:
    return [entry.event for entry in on.source.log.entries[since:] if not isinstance(entry.event, e.InjectReleased)]


def marks(on: Stage) -> list[tuple[str, str, bool, str, int | None]]:
    found = [event for event in recorded(on) if isinstance(event, e.ActionMarked)]
    return [(mark.action, mark.state, mark.prompted, mark.other_role, mark.said_ms) for mark in found]


class SlowLog:
    """A disk that takes its time over every entry."""

    def __init__(self, on: Stage, seconds: float) -> None:
        append = on.source.log.append

        def slow(entries: Sequence[Entry], **more: Any) -> None:
            real.sleep(seconds)
            append(entries, **more)

        on.source.log.append = slow  # type: ignore[method-assign]


THREE_VOICES = ("2", "5", "3", "5", "5", *"看守侧门", "enter", "1", "enter")


@pytest.mark.parametrize("disk_s", [0.0, 0.15])
async def test_four_voices_at_once_lose_no_key(stage: StageMaker, disk_s: float) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        SlowLog(on, disk_s)
        await pressed(on, *THREE_VOICES)
        assert [type(event).__name__ for event in recorded(on)] == ["ActionMarked", "ActionMarked", "DecisionMade", "RoleHeard"]
        assert [mark[0] for mark in marks(on)] == ["keep-calm", "clear-hall"]
        assert (recorded(on)[2].role, recorded(on)[2].text) == ("security", "看守侧门")
        assert recorded(on)[3].role == "manager"


async def test_function_keys_between_voices_find_their_way(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        SlowLog(on, 0.1)
        await pressed(on, "2", "5", "f2", "5", *"断电", "enter", "f8", "2", "f8", "3", "5")
        names = [type(event).__name__ for event in recorded(on)]
        assert names == ["ActionMarked", "DecisionMade", "ClockPaused", "PauseExplained", "ClockResumed", "ActionMarked"]


async def test_a_panel_that_opens_late_is_timed_at_its_digit(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        await on.wait(20)
        on.app.key_clock = lambda: 1000.0
        for key, seconds in (("2", 3.0), ("5", 2.5)):
            event = events.Key(key, key)
            event.time = 1000.0 - seconds
            on.app.post_message(event)
        await on.settle()
        await on.settle()
        assert marks(on) == [("keep-calm", "done", False, "", 17_000)]


async def test_keys_kept_while_the_disk_is_busy_keep_their_times(stage: StageMaker, time: FakeTime) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        await on.wait(30)
        SlowLog(on, 0.2)
        on.app.key_clock = lambda: 1000.0
        for key, seconds in (("2", 9.0), ("5", 8.5), ("3", 4.0), ("5", 3.5)):
            event = events.Key(key, key)
            event.time = 1000.0 - seconds
            on.app.post_message(event)
        await on.settle()
        assert [mark[4] for mark in marks(on)] == [21_000, 26_000]


async def test_what_could_not_be_recorded_swallows_no_digit_for_another_role(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "5")
        await on.type("先撤")
        on.source.log.fail_with = TabletopError("store.no-space")
        await pressed(on, "enter", "2", "1")
        assert [field.value for screen in on.app.screen_stack for field in screen.query(Field)] == ["先撤"]
        on.source.log.fail_with = None
        await on.press("1")
        assert [type(event).__name__ for event in recorded(on) if isinstance(event, e.DecisionMade | e.ActionMarked)] == ["DecisionMade"]


async def test_an_action_keeps_its_number_once_it_is_marked(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "2", "5", "2", "6")
        assert [mark[:2] for mark in marks(on)] == [("keep-calm", "done"), ("silent-alarm", "done")]
        assert on.app.screen.is_modal is False


async def test_the_same_digit_again_changes_nothing_and_notes_that_somebody_spoke(stage: StageMaker) -> None:
    async with stage(bank(), notifications=True) as on:
        await on.press("enter", "2", "5")
        await on.wait(50)
        await on.press("2", "5")
        assert len(marks(on)) == 1
        assert isinstance(recorded(on)[-1], e.RoleHeard)
        assert "marked already" in on.text


async def test_arrows_correct_a_mark_and_leave_its_time(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        await on.wait(10)
        await on.press("2", "5")
        await on.wait(50)
        await on.press("2", "right", "5", "2", "down", "5", "2", "right", "5")
        assert marks(on) == [
            ("keep-calm", "done", False, "", 10_000),
            ("keep-calm", "done", True, "", 10_000),
            ("keep-calm", "partial", True, "", 10_000),
            ("keep-calm", "done", False, "", 60_000),
        ]


async def test_what_was_done_partly_is_done_later(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "2", "down", "5")
        await on.wait(40)
        await on.press("2", "5")
        assert marks(on) == [("keep-calm", "partial", False, "", 0), ("keep-calm", "done", False, "", 40_000)]


async def test_earlier_corrects_the_time_of_a_mark(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        await on.wait(60)
        await on.press("2", "5", "2", "left", "left", "5")
        assert [mark[4] for mark in marks(on)] == [60_000, 30_000]


async def test_a_mark_by_another_role_is_its_owners_once_the_owner_does_it(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "3", "tab", "1", "2", "5")
        assert [mark[3] for mark in marks(on)] == ["guard", ""]


async def test_a_voice_is_taken_back_by_name(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter", "2", "5", "escape", "1")
        assert "Keeps a calm voice" in on.text
        await on.press("1")
        assert on.state.marks == {} or not on.state.marks.get("keep-calm")


def many_actions() -> Exercise:
    """A role with more actions than any screen has rows."""
    first = INJECTS[0]
    more = [
        {
            "id": f"task-{number}",
            "title": t(f"Task number {number}", f"任务{number}"),
            "by": "teller",
            "criticality": "normal",
            "category": "safety",
            "objective": "calm",
        }
        for number in range(1, 31)
    ]
    return bank(injects=[{**first, "expects": [*first["expects"], *more]}, *INJECTS[1:]])


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_every_row_is_reached_however_many_there_are(stage: StageMaker, size: tuple[int, int]) -> None:
    async with stage(many_actions(), size=size) as on:
        await on.press("enter", "2")
        seen: set[str] = set()
        wanted = {f"Task number {number}" for number in range(1, 31)}
        for _ in range(6):
            seen |= {line.strip()[3:].strip().split("  ")[0] for line in on.text.splitlines() if "Task number" in line and "│" in line[:2]}
            shown = {title for title in wanted if f"{title} " in on.text + " "}
            seen |= shown
            assert len(on.text.splitlines()) <= size[1] + 1
            await on.press("pagedown")
        assert wanted <= seen
        assert on.state.released == ("knife",)
        await on.press("pageup")
        last_page = on.text
        assert "page" in last_page
        await on.press("1")
        assert len(marks(on)) == 1


async def test_a_row_that_is_not_there_is_said(stage: StageMaker) -> None:
    async with stage(bank(), notifications=True) as on:
        await on.press("enter", "1", "7")
        assert "no row 7" in on.text
        assert recorded(on) == []


async def test_a_role_that_left_and_one_played_by_control_can_speak(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        on.source.conductor.dispatch(c.SeatPerson("teller", "王芳"))
        on.source.conductor.dispatch(c.PersonLeaves("teller"))
        on.source.conductor.dispatch(c.StaffRole("guard", "control"))
        await on.follow()
        await on.press("enter", "2")
        assert "left" in on.text
        await on.press("5", "3")
        assert "control" in on.text
        await on.press("5")
        assert [mark[0] for mark in marks(on)] == ["keep-calm", "clear-hall"]


async def test_a_role_by_two_digits_and_its_action_at_once(stage: StageMaker) -> None:
    roles = [role(f"role-{n}", t(f"R{n}", f"岗{n}"), t(f"Role {n}", f"岗位{n}")) for n in range(1, 12)]
    roles += [role("teller", t("TE", "柜员"), t("Teller", "柜员")), role("guard", t("GU", "保安"), t("Guard", "保安员"))]
    roles += [role("centre", t("MC", "监控"), t("Centre", "监控中心"))]
    async with stage(bank(roles=roles)) as on:
        await on.press("enter")
        await pressed(on, "0", "2", "5", "0", "3", "5", "0", "3", *"good", "enter")
        assert [mark[0] for mark in marks(on)] == ["keep-calm", "clear-hall"]
        assert recorded(on)[-1].text == "good"


async def test_two_letters_in_any_script_choose_a_role(stage: StageMaker) -> None:
    roles = [role(f"role-{n}", t(f"R{n}", f"岗{n}"), t(f"Role {n}", f"岗位{n}")) for n in range(1, 20)]
    roles += [role("teller", t("TE", "柜员"), t("Teller", "柜员")), role("guard", t("GU", "保安"), t("Guard", "保安员"))]
    roles += [role("centre", t("MC", "监控"), t("Centre", "监控中心"))]
    async with stage(bank(roles=roles), notifications=True, language="zh-Hans") as on:
        await on.press("0")
        await on.type("保安")
        assert "保安员" in on.text
        assert "输入法已打开" not in on.text
        await on.press("enter")
        assert recorded(on)[-1].role == "guard"


# Hands.


def everybody_asked(**ask: Any) -> Exercise:
    first = INJECTS[0]
    return bank(injects=[{**first, "asks": [{**first["asks"][0], "to": ["manager", "teller", "guard", "security"], **ask}]}, *INJECTS[1:]])


async def to_hands(on: Stage) -> None:
    await on.press("enter")
    await on.wait(5)
    await on.press("1", "4")


def answers(on: Stage) -> dict[str, Any]:
    return {name: answer.value for name, answer in on.state.ask("first-move").answers.items()}


def order(exercise: Exercise) -> list[str]:
    return [option.id for option in shuffled(exercise.injects[0].asks[0], 7)]


async def test_hands_take_one_digit_a_person_in_tent_order(stage: StageMaker) -> None:
    exercise = everybody_asked()
    async with stage(exercise) as on:
        await to_hands(on)
        await on.wait(7)
        await pressed(on, "1", "2", "2", "3")
        cards = order(exercise)
        assert answers(on) == {"manager": (cards[0],), "teller": (cards[1],), "guard": (cards[1],), "security": (cards[2],)}
        assert {answer.at_ms for answer in on.state.ask("first-move").answers.values()} == {12_000}
        assert "4 of 4" in on.text
        assert "counts on the wall" in on.text
        await on.press("enter")
        assert not on.app.screen.is_modal


@pytest.mark.parametrize("late", [0, 300])
async def test_a_wrong_digit_is_corrected_even_after_the_deadline(stage: StageMaker, late: int) -> None:
    exercise = everybody_asked()
    async with stage(exercise) as on:
        await on.press("enter")
        await on.wait(5 + late)
        await on.press("1", "4", "1", "2", "left", "3", "2")
        cards = order(exercise)
        assert answers(on) == {"manager": (cards[0],), "teller": (cards[2],), "guard": (cards[1],)}


async def test_a_slip_is_taken_back_however_fast_it_is_corrected(stage: StageMaker) -> None:
    exercise = everybody_asked()
    async with stage(exercise) as on:
        await on.press("enter")
        await on.wait(300)
        SlowLog(on, 0.1)
        await pressed(on, "1", "4", "1", "2", "left", "3", "2")
        cards = order(exercise)
        assert answers(on) == {"manager": (cards[0],), "teller": (cards[2],), "guard": (cards[1],)}


async def test_esc_and_the_digit_after_it_are_two_keys() -> None:
    from textual._xterm_parser import XTermParser

    for sent, keys in (("\x1b4", ["escape", "4"]), ("\x1b12", ["escape", "1", "2"]), ("\x1b\r", ["escape", "enter"])):
        assert [event.key for event in XTermParser().feed(sent) if isinstance(event, events.Key)] == keys


async def test_esc_and_the_letter_after_it_are_two_keys(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        on.app.post_message(events.Key("2", "2"))
        on.app.post_message(events.Key("alt+n", "n"))
        await on.settle()
        assert on.state.released == ("knife",)
        assert recorded(on) == []


async def test_who_holds_up_nothing_has_not_answered(stage: StageMaker) -> None:
    exercise = everybody_asked()
    async with stage(exercise) as on:
        await to_hands(on)
        await on.press("1", "0", "right", "2", "left", "0", "enter")
        assert answers(on) == {"manager": (order(exercise)[0],)}


async def test_hands_ask_only_those_who_sit_in_the_room(stage: StageMaker) -> None:
    async with stage(everybody_asked()) as on:
        on.source.conductor.dispatch(c.StaffRole("teller", "control"))
        on.source.conductor.dispatch(c.SeatPerson("guard", "赵强"))
        on.source.conductor.dispatch(c.PersonLeaves("guard"))
        await on.follow()
        await to_hands(on)
        await on.press("1", "2")
        assert set(answers(on)) == {"manager", "security"}


async def test_after_the_last_hand_the_next_voice_closes_the_panel_by_itself(stage: StageMaker) -> None:
    async with stage(everybody_asked()) as on:
        await to_hands(on)
        await pressed(on, "1", "2", "2", "3", "2", "5")
        assert len(answers(on)) == 4
        assert [mark[0] for mark in marks(on)] == ["keep-calm"]


async def test_hands_confirm_and_hands_with_numbers(stage: StageMaker) -> None:
    async with stage(everybody_asked(answer="confirm", options=[])) as on:
        await on.press("enter", "1", "2", "1", "0", "1", "right", "enter")
        assert answers(on) == {"manager": True, "guard": True}
    async with stage(everybody_asked(answer="number", options=[])) as on:
        await on.press("enter", "1", "2", "1", "2", "enter", "7", "8", "left", "enter", "enter", "0", "enter", "enter")
        assert answers(on) == {"manager": 12.0, "teller": 7.0, "security": 0.0}


# Pause, notes, what an input method commits.


async def test_the_digit_after_a_pause_is_a_reason_however_slow_the_disk(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        SlowLog(on, 0.2)
        await pressed(on, "f8", "1")
        assert on.state.paused
        assert on.state.pauses[-1].reason == "discussion"
        assert on.app.screen.is_modal is False


async def test_the_same_key_goes_on_without_a_reason(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("space", "space")
        assert not on.state.paused
        await on.press("f8", "f8")
        assert not on.state.paused


async def test_every_kind_of_note_without_a_letter(stage: StageMaker) -> None:
    async with stage(bank(), language="zh-Hans") as on:
        for digit, category in enumerate(("note", "observation", "strength", "gap", "ruling", "parked"), start=1):
            await on.press("f6", str(digit))
            await on.type("理财室没有摄像头")
            await on.press("enter")
            assert recorded(on)[-1].category == category
        await on.press("f6", "7", "down", "enter", "2", "escape")
        breach = recorded(on)[-1]
        assert (breach.prohibited, breach.corrected, breach.role) == ("heroics", False, "")


@pytest.mark.parametrize("text", ["先稳住他，等警方。３人受伤？１１０", "好。", "他走了？", "按＋号"])
async def test_text_committed_where_none_is_taken_does_nothing(stage: StageMaker, text: str) -> None:
    async with stage(bank(), notifications=True, language="zh-Hans") as on:
        before = list(on.source.log.entries)
        await on.type(text)
        assert on.source.log.entries == before
        assert not on.app.screen.is_modal
        assert "输入法已打开" in on.text


async def test_a_long_text_is_committed_whole(stage: StageMaker) -> None:
    text = "请柜员按下按钮，其他人向侧门移动，不要跑，不要喊；" * 8
    async with stage(bank(), language="zh-Hans") as on:
        await on.press("2")
        post(on, text)
        post(on, ("enter", "3", "enter"))
        await on.settle()
        assert [type(event).__name__ for event in recorded(on)] == ["DecisionMade", "RoleHeard"]
        assert recorded(on)[0].text == text


async def test_every_screen_has_a_menu_with_the_way_out(stage: StageMaker) -> None:
    from tabletop.tui.actions import EVALUATION_ACTIONS, START_ACTIONS
    from tabletop.tui.screens.panels.menu import MOST, small_menu

    for actions in (EVALUATION_ACTIONS, START_ACTIONS):
        shown = small_menu(actions)
        assert "leave" in {action.id for action in shown}
        assert len(shown) <= MOST
    source = MemorySource(bank(), FakeTime(), language="zh-Hans")
    source.conductor.dispatch(c.ReleaseInject("knife"))
    source.conductor.dispatch(c.End())
    async with stage(bank(), language="zh-Hans", first="evaluation", source=source) as on:
        await on.press("escape")
        assert "锁定" in on.text
        assert "离开" in on.text


async def test_half_a_sentence_waits_while_another_speaks(stage: StageMaker) -> None:
    async with stage(bank()) as on:
        await on.press("enter")
        await on.wait(10)
        await on.press("1")
        await on.type("先稳住")
        await on.wait(5)
        await on.press("escape", "2", "5", "1")
        assert "先稳住" in on.text
        await on.type("他")
        await on.press("enter", "1")
        assert [type(event).__name__ for event in recorded(on)] == ["ActionMarked", "DecisionMade"]
        assert (recorded(on)[1].text, recorded(on)[1].said_ms) == ("先稳住他", 10_000)
        assert "先稳住他" not in [field.value for field in on.app.screen.query(Field)]

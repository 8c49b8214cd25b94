"""The time a room is booked for, and who is here: planned in the briefing, fitted in play, with digits and function keys alone."""

from __future__ import annotations

from typing import Any

import pytest

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.booking import MINUTE_MS
from tabletop.exercise.model import Exercise
from tests.builders import ExerciseDraft

from .conftest import BEGIN_MS, FakeTime, StageMaker
from .judged import events

ROLES = {
    "manager": "负责人",
    "lobby": "大堂经理",
    "teller-1": "柜员1",
    "teller-2": "柜员2",
    "guard": "保安",
    "centre": "监控",
    "security": "保卫部",
}


def t(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh-Hans": chinese}


def drill() -> Exercise:
    """Eight core injects of forty seconds, three others, a hold; every title begins with SECRET."""
    draft = ExerciseDraft(
        "impostor", duration="55m", title=t("Impostor at the machine", "冒充员工"), setting=t("Pension day.", "养老金发放日。")
    )
    for role, name in ROLES.items():
        draft.role(role, title=t(role.capitalize(), name), short=t(role[:4], name[:3]), holders=2 if role == "guard" else 1)
    for number in range(4):
        draft.objective(f"o{number}", title=t(f"HUSH {number}", f"保密目标{number}"))
    roles = list(ROLES)
    for number in range(11):
        kind = "recovery" if number == 10 else "situation"
        title = t(f"SECRET {number}", f"机密{number}")
        draft.inject(f"i{number}", at=f"{4 * number}m", core=number % 3 != 2, read="40s", kind=kind, title=title)
        draft.expects(f"a{number}", by=roles[number % 5], objective=f"o{min(3, number // 3)}", within="2m")
    return draft.inject("spare", at="hold", title=t("SECRET hold", "机密备用")).build()


def booked(minutes: int = 30) -> Any:
    def prepare(conductor: Conductor) -> None:
        conductor.dispatch(c.Book(slot_ms=minutes * MINUTE_MS))

    return prepare


def started(minutes: int = 30) -> Any:
    def prepare(conductor: Conductor) -> None:
        booked(minutes)(conductor)
        conductor.dispatch(c.Start())

    return prepare


def dark(text: str) -> bool:
    return "SECRET" not in text and "机密" not in text and "HUSH" not in text and "保密目标" not in text


# In the briefing.


async def test_four_digits_and_a_function_key_book_the_room_and_plan_it_backwards(stage: StageMaker) -> None:
    async with stage(drill(), first="briefing", started=False, size=(80, 24), language="zh-Hans", pace="discussion") as on:
        assert "推演到" not in on.text
        await on.press("f4", "0", "1", "3", "0", "enter")
        assert [(event.slot_ms, event.until_wall_ms) for event in events(on, e.SlotBooked)] == [(0, BEGIN_MS + 30 * MINUTE_MS)]
        assert "交底到 01:03 · 推演到 01:25 · 现场点评到 01:30 · 推演 8 条，共 11 条" in on.text
        assert "空格或 F8  演练开始" in on.text


async def test_the_arrows_turn_through_the_usual_lengths(stage: StageMaker) -> None:
    async with stage(drill(), first="briefing", started=False, size=(80, 24), pace="discussion") as on:
        on.app.screen.sheet.go("booking")
        await on.press("right", "right", "left", "left")
        assert [event.slot_ms // MINUTE_MS for event in events(on, e.SlotBooked)] == [30, 45, 30, 0]


async def test_what_is_no_time_says_so_and_stays_in_the_field(stage: StageMaker) -> None:
    async with stage(drill(), first="briefing", started=False, size=(80, 24), pace="discussion", notifications=True) as on:
        await on.press("f4", "x", "enter")
        assert "Minutes (30), or a time of day" in on.text
        await on.press("backspace", "5", "enter")
        assert "A booking takes 15 minutes to 12 hours" in on.text
        assert events(on, e.SlotBooked) == []


async def test_the_room_sees_counts_and_names_only_after_a_question(stage: StageMaker) -> None:
    async with stage(drill(), first="briefing", started=False, size=(80, 60), pace="discussion", prepare=booked(20)) as on:
        assert "4 of 11 injects" in on.text
        assert "Not played: 4 for lack of time · 3 that this pace does not play · 1 of 4 objectives stay untested" in " ".join(
            on.text.split()
        )
        assert dark(on.text)
        on.app.screen.sheet.go("fitting")
        await on.press("enter")
        assert "Nobody else must see this screen" in on.text
        assert dark(on.text)
        await on.press("enter")
        assert dark(on.text), "enter alone leaves it"
        await on.press("enter", "2")
        assert "SECRET 6" in on.text
        assert "HUSH 2" in on.text
        await on.press("enter")
        assert dark(on.text)
        assert events(on, e.PlanFitted) == [], "in the briefing it only shows"


async def test_the_plan_shown_moves_on_with_the_clock_and_comes_true_at_startex(stage: StageMaker, time: FakeTime) -> None:
    async with stage(drill(), first="briefing", started=False, size=(80, 24), pace="discussion", prepare=booked(20)) as on:
        before = on.text
        await on.wait(600)
        assert before != on.text, "the briefing has taken seven minutes more than its share"
        await on.press("space")
        assert [len(event.cut) for event in events(on, e.PlanFitted)] == [4]
        assert on.state.inject("i9").gone == "skipped"
        await on.press("u", "1")
        assert on.state.inject("i9").gone == ""


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_five_people_are_staffed_with_seven_keys_and_no_letter(stage: StageMaker, language: str) -> None:
    async with stage(drill(), first="briefing", started=False, size=(80, 24), language=language, pace="discussion") as on:
        await on.press("f3", "1", "2", "3", "4", "5", "enter")
        assert events(on, e.RolesStaffed) == [e.RolesStaffed(people=tuple(ROLES)[:5], control=("centre", "security"))]
        staffed = [role for role in ROLES if on.app.desk.plan.staffed(on.state, role)]
        assert staffed == list(ROLES)[:5]


async def test_a_roll_of_nobody_is_not_taken_and_a_second_digit_takes_one_back(stage: StageMaker) -> None:
    async with stage(drill(), first="briefing", started=False, size=(80, 24), pace="discussion", notifications=True) as on:
        await on.press("f3", "enter")
        assert "Somebody must be here" in on.text
        await on.press("1", "2", "1", "down", "right", "backspace", "7", "0", "1", "enter")
        assert [event.control for event in events(on, e.RolesStaffed)] == [tuple(ROLES)[:6]]


# In play.


async def test_s_4_shows_what_it_cuts_and_does_it_as_one(stage: StageMaker) -> None:
    async with stage(drill(), pace="discussion", started=False, prepare=started(30), size=(80, 24)) as on:
        await on.press("enter")
        await on.wait(12 * 60)
        await on.press("f4", "4")
        assert "Fit to the end: 13 min of play left" in on.text
        assert " 7  SECRET 6" in on.text.partition("Stays untested")[0]
        assert " 2  SECRET 1" in on.text.partition("Stays untested")[2]
        assert events(on, e.PlanFitted) == []
        await on.press("enter")
        assert [event.cut for event in events(on, e.PlanFitted)] == [("i6", "i7", "i9")]
        await on.press("u", "1")
        assert on.state.fitted is None
        assert on.state.inject("i7").gone == ""


async def test_nothing_to_cut_says_so_and_changes_nothing(stage: StageMaker) -> None:
    async with stage(drill(), pace="discussion", started=False, prepare=started(60), size=(80, 24), notifications=True) as on:
        await on.press("f4", "4")
        assert "nothing: what is still to come fits" in on.text
        await on.press("enter")
        assert events(on, e.PlanFitted) == []
        assert "fits already" in on.text


async def test_the_end_can_be_moved_from_there(stage: StageMaker) -> None:
    async with stage(drill(), pace="discussion", started=False, prepare=started(60), size=(80, 24)) as on:
        await on.press("f4", "4", "tab", "1", "5", "enter")
        assert events(on, e.SlotBooked)[-1].until_wall_ms == BEGIN_MS + 15 * MINUTE_MS
        assert "Fit to the end: 10 min of play left" in on.text
        await on.press("enter")
        assert [event.cut for event in events(on, e.PlanFitted)] == [("i3", "i4", "i6", "i7", "i9")]


async def test_without_a_booking_it_fits_to_the_end_of_the_file_and_draws_forward_on_the_clock(stage: StageMaker) -> None:
    async with stage(drill(), pace="timed", size=(80, 24)) as on:
        await on.press("enter")
        await on.wait(40 * 60)
        await on.press("f4", "4")
        assert "until 0:55:00 on the exercise clock" in on.text
        await on.press("enter")
        fitted = events(on, e.PlanFitted)
        assert "i10" not in [name for event in fitted for name in event.cut]


async def test_who_leaves_of_two_is_asked_and_the_roll_can_be_called_again(stage: StageMaker) -> None:
    def prepare(conductor: Conductor) -> None:
        for holder, name in (("A", "Zhao"), ("B", "Qian")):
            conductor.dispatch(c.SeatPerson("guard", name, holder))  # type: ignore[arg-type]

    async with stage(drill(), pace="discussion", prepare=prepare, size=(80, 24)) as on:
        await on.press("w", "5", "backspace", "2", "backspace")
        assert [(event.role, event.holder) for event in events(on, e.PersonLeft)] == [("guard", "B"), ("guard", "A")]
        assert "Nobody sits at Guard any more" in on.text
        await on.press("2")
        assert [(event.role, event.by) for event in events(on, e.RoleStaffed)] == [("guard", "nobody")]
        await on.press("f3", "1", "2", "enter")
        assert [event.control for event in events(on, e.RolesStaffed)] == [tuple(ROLES)[2:]]
        await on.press("f3", "3", "enter")
        assert events(on, e.RolesStaffed)[-1] == e.RolesStaffed(people=tuple(ROLES)[:3], control=tuple(ROLES)[3:]), (
            "a late joiner: those here are marked already"
        )


async def test_who_leaves_without_a_name_gives_the_role_up_by_two_keys(stage: StageMaker) -> None:
    async with stage(drill(), pace="discussion", size=(80, 24)) as on:
        await on.press("w", "4", "backspace", "1")
        assert [(event.role, event.by) for event in events(on, e.RoleStaffed)] == [("teller-2", "control")]


async def test_somebody_who_joins_a_role_that_was_given_up_plays_it(stage: StageMaker) -> None:
    def prepare(conductor: Conductor) -> None:
        conductor.dispatch(c.StaffRole("teller-1", "nobody"))

    async with stage(drill(), pace="discussion", prepare=prepare, size=(80, 24)) as on:
        await on.press("w", "3", "enter")
        await on.type("孙")
        await on.press("enter")
        assert on.app.desk.plan.staffed(on.state, "teller-1")
        assert [person.name for person in on.state.people] == ["孙"]


@pytest.mark.parametrize("view", ["lectern", "sitting"])
async def test_the_console_counts_to_the_end_of_the_booking_and_not_of_the_file(stage: StageMaker, view: str) -> None:
    async with stage(drill(), pace="discussion", started=False, prepare=started(30), view=view) as on:
        await on.press("enter")
        await on.wait(15 * 60)
        assert "to 01:30 15 min left" in on.text
        assert "behind" in on.text
        assert "55" not in on.text.splitlines()[1]
        scene = on.app.screen.scene()
        assert scene.used_ms(on.source.time.now_ms()) == (15 * MINUTE_MS, 30 * MINUTE_MS)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_frames(stage: StageMaker, check_frame: Any, language: str, size: tuple[int, int]) -> None:
    async with stage(drill(), first="briefing", started=False, size=size, language=language, pace="discussion", prepare=booked(20)) as on:
        on.app.screen.sheet.go("fitting")
        await on.settle()
        check_frame(on.app, f"briefing-booked-{language}-{size[0]}")
        await on.press("enter", "2")
        check_frame(on.app, f"briefing-fitting-{language}-{size[0]}")
        await on.press("escape", "f3", "1", "2", "4")
        check_frame(on.app, f"briefing-roll-{language}-{size[0]}")

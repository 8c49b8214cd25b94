"""After ENDEX: confirm, rate, lock; what people say goes into the log, silence never becomes a miss, the score stays behind the lock."""

from __future__ import annotations

from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.around import AtDevice
from tabletop.engine.clock import milliseconds_of
from tabletop.engine.rights import Actor
from tabletop.tui.actions import EVALUATION_ACTIONS, footer_key
from tabletop.tui.screens.evaluation import NAME
from tabletop.tui.widgets.question import Question
from tabletop.words import Words

from .conftest import FakeTime, MemorySource, StageMaker
from .judged import BRACKETS, events, judged_bank, play

SMALL = (80, 24)


@pytest.fixture
def source(time: FakeTime) -> MemorySource:
    """A run that has ended; the name of the evaluator is known."""
    made = MemorySource(judged_bank(), time)
    play(time)(made.conductor)
    made.kept_drafts[NAME] = "self:Wu Min"
    return made


async def test_the_confirm_list_shows_the_log_around_the_deadline(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=(80, 40)) as on:
        assert on.app.screen.row == "action:silent-alarm"
        lines = on.text.split("\n")
        deadline = next(number for number, line in enumerate(lines) if "── deadline 0:01:35 ──" in line)
        decided = next(number for number, line in enumerate(lines) if "Stall for time [/nope] [b" in line)
        gap = next(number for number, line in enumerate(lines) if "Nobody knew the number" in line)
        assert decided < deadline < gap
        assert "No record is not a miss" in on.text
        assert "missed" not in on.text.replace("only a person says “missed”", "").replace("3 missed", "")


async def test_nothing_is_said_by_looking(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        before = len(source.log.entries)
        await on.press("down", "up", "enter", "f3", "tab", "f7", "end", "home", "tab")
        assert len(source.log.entries) == before


@pytest.mark.parametrize(
    ("digit", "state"), [("2", "partial"), ("3", "missed"), ("4", "not_observed"), ("5", "not_applicable")], ids=lambda value: str(value)
)
async def test_a_digit_says_what_became_of_an_action(stage: StageMaker, source: MemorySource, digit: str, state: str) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press(digit)
        marked = [mark for mark in events(on, e.ActionMarked) if mark.action == "silent-alarm"]
        assert [(mark.state, mark.said_ms) for mark in marked] == [(state, None)]
        assert on.state.marks["silent-alarm"][-1].after_endex


async def test_done_asks_when(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("1", *"1:99", "enter")
        assert "That is no time like 14:32" in on.text
        await on.press(*["backspace"] * 4, *"59:00", "enter")
        assert "The exercise ended at 0:08:00." in on.text
        await on.press(*["backspace"] * 5, *"1:15", "enter")
        marked = [mark for mark in events(on, e.ActionMarked) if mark.action == "silent-alarm"]
        assert [(mark.state, mark.said_ms) for mark in marked] == [("done", 75_000)]


async def test_done_at_a_time_nobody_knows(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("1", "enter")
        assert events(on, e.ActionMarked)[-1].said_ms is None


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_done_while_nobody_played_the_owner_asks_who_did_it(stage: StageMaker, time: FakeTime, language: str) -> None:
    source = MemorySource(judged_bank(), time, language=language)
    ask = source.conductor.dispatch
    ask(c.StaffRole("teller", "nobody"))
    ask(c.ReleaseInject("knife"))
    time.wait(80)
    ask(c.StaffRole("teller", "people"))
    time.wait(200)
    ask(c.End("time"))
    source.kept_drafts[NAME] = "self:Wu Min"
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL, language=language) as on:
        on.app.screen.sheet.go("action:silent-alarm")
        await on.press("1", *"0:30", "enter")
        assert {"en": "Nobody played T1 then. Who did it?", "zh-Hans": "当时柜员无人扮演。是谁做到的？"}[language] in on.text
        await on.press("2")
        assert not events(on, e.ActionMarked), "nobody played that role"
        await on.press("escape")
        assert not events(on, e.ActionMarked)
        await on.press("1", *"0:30", "enter", "3")
        assert [(mark.said_ms, mark.other_role) for mark in events(on, e.ActionMarked)] == [(30_000, "guard")]
        assert on.app.screen.judged()[0].actions[1].case.standing.state == "done"
        on.app.screen.sheet.go("action:silent-alarm")
        await on.press("1", *"1:25", "enter")
        assert [(mark.said_ms, mark.other_role) for mark in events(on, e.ActionMarked)][1:] == [(85_000, "")], "the owner was there by then"


async def test_leaving_open_records_nothing_and_takes_back_what_was_said_here(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        before = len(source.log.entries)
        await on.press("6")
        assert len(source.log.entries) == before
        on.app.screen.sheet.go("action:silent-alarm")
        await on.press("3", "6")
        assert [mark.state for mark in events(on, e.ActionMarked)][-2:] == ["missed", "no_record"]


async def test_the_others_are_listed_if_wanted(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        assert "Keeps the customers back" not in on.text
        await on.press("x")
        assert "Keeps the customers back" in on.text
        on.app.screen.sheet.go("action:clear-hall")
        await on.press("3")
        assert (events(on, e.ActionMarked)[-1].action, events(on, e.ActionMarked)[-1].state) == ("clear-hall", "missed")


async def test_who_evaluates_is_asked_once_and_whether_that_is_the_facilitator(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(judged_bank(), time)
    play(time)(source.conductor)
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        assert on.app.screen.row == "evaluator"
        await on.press("down", "3")
        assert "Who evaluates? Name" in on.text
        await on.type("吴敏")
        await on.press("enter", "2")
        entry = source.log.entries[-1]
        assert (entry.actor, entry.event.kind) == ("lead:吴敏", "action_marked")
        await on.press("tab", "4")
        assert source.log.entries[-1].actor == "lead:吴敏"
        assert source.kept_drafts.get(NAME, on.app.desk.drafts[NAME]) == "other:吴敏"


async def test_a_function_key_in_a_line_says_so_and_the_text_goes_on(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(judged_bank(), time)
    play(time)(source.conductor)
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL, notifications=True) as on:
        await on.press("enter")
        await on.type("Li")
        await on.press("f6", "4")
        assert "F6 is not for this line: enter or esc first." in on.text
        assert on.app.screen.question.typed == "Li4"
        # The program is being left: its lines go before its timer does.
        await on.app.screen.query(Question).remove()
        on.app.notices.mind()


async def test_the_footer_says_what_digits_mean_on_the_page_and_row(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        assert "1-6 Set" in on.text.splitlines()[-1]
        await on.press("tab")
        assert "4-1 P S M U" in on.text.splitlines()[-1]
        on.app.screen.sheet.go("behaviour:calm")
        await on.settle()
        assert "5-1 Score" in on.text.splitlines()[-1]


async def test_an_enter_by_habit_after_a_digit_opens_nothing(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(judged_bank(), time)
    play(time)(source.conductor)
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("enter")
        await on.type("吴敏")
        await on.press("enter")
        assert "1 2 Choose" in on.text
        await on.press("1")
        on.app.screen.sheet.go("evaluator")
        await on.press("enter")
        assert not on.app.screen.question.is_open
        on.app.screen.question._chosen_at -= 2
        await on.press("enter")
        assert "Who evaluates? Name" in on.text


async def test_a_rating_below_p_asks_for_a_note_and_is_one_entry(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("tab", "3")
        assert "S · why" in on.text
        await on.type(f"slow {BRACKETS}")
        await on.press("enter", "4")
        rated = [(rating.evaluator, rating.objective, rating.rating, rating.note) for rating in events(on, e.Rated)]
        assert rated == [("Wu Min", "calm", "S", f"slow {BRACKETS}"), ("Wu Min", "covert", "P", "")]
        assert f"slow {BRACKETS}" in on.text
        assert "2 of 2 rated" in on.text


async def test_a_rating_left_by_escape_is_not_given(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("tab", "1", "n", "o", "escape")
        assert events(on, e.Rated) == []


async def test_a_rating_without_a_note_stands_and_says_so(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("tab", "2", "enter")
        assert "a note is missing" in on.text
        await on.press("end")
        assert "1 objective not rated · 1 rating below P without a note · 1 critical action without a record" in " ".join(on.text.split())


async def test_the_suggestion_waits_for_an_own_rating_or_a_key(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=(140, 40)) as on:
        await on.press("tab")
        assert "One voice at a time" in on.text
        assert "a prohibited act occurred" not in on.text
        await on.press("f7")
        assert "M: a prohibited act occurred: Tackles the man" in on.text
        await on.press("down")
        assert "suggested" not in on.text.replace("suggests", "")
        await on.press("3", "x", "enter")
        on.app.screen.sheet.go("objective:covert")
        await on.settle()
        assert "record: P" in on.text


async def test_behaviour_and_indicators(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("tab")
        on.app.screen.sheet.go("behaviour:division")
        await on.press("5", "4", "6", "3", "2", "1")
        assert [(line.line, line.score) for line in events(on, e.BehaviourScored)] == [
            ("division", 5),
            ("calm", 4),
            ("measures", 3),
            ("sharing", 2),
            ("one-voice", 1),
        ]
        await on.press("3", "x", "enter")
        assert "That is no number. Write it like 1000, 1,000 or 3.5." in on.text
        await on.press("backspace", ".", "5", "enter")
        assert [(each.indicator, each.value) for each in events(on, e.IndicatorMeasured)] == [("minutes", 3.5)]
        assert source.log.entries[-1].actor == "driver"


async def test_the_lock_takes_two_strokes_and_then_nothing_changes(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("tab", "end", "enter")
        assert events(on, e.RatingsLocked) == []
        assert "Press enter once more to lock" in on.text
        await on.press("up", "end")
        assert "Press enter once more to lock" not in on.text
        await on.press("enter", "enter")
        assert len(events(on, e.RatingsLocked)) == 1
        before = len(source.log.entries)
        await on.press("home", "down", "4", "tab", "3")
        assert len(source.log.entries) == before


@pytest.mark.parametrize(
    ("language", "said", "again"),
    [
        ("en", ("Ann", "no objective rated", "Bo", "not rated: Covert alarm", "behaviour not rated: "), "lock all the same"),
        ("zh-Hans", ("Ann", "目标全部未评", "Bo", "未评：隐蔽报警", "未评的行为项："), "再按一次回车仍将锁定"),
    ],
)
@pytest.mark.parametrize("size", [SMALL, (140, 40)])
async def test_before_the_lock_it_says_who_has_not_rated_what(
    stage: StageMaker, time: FakeTime, language: str, said: tuple[str, ...], again: str, size: tuple[int, int]
) -> None:
    source = MemorySource(judged_bank(), time, language=language)
    play(time)(source.conductor)
    source.kept_drafts[NAME] = "self:Wu Min"
    bo = Actor("evaluator", "Bo")
    source.conductor.dispatch(c.Rate("Bo", "calm", "P"), bo)
    source.conductor.dispatch(c.ScoreBehaviour("Bo", "calm", 4), bo)
    source.conductor.devices = (AtDevice("evaluator:Ann", "Ann", 0, gone=True), AtDevice("seat:teller", "Li Wei", 0))
    async with stage(source.exercise, first="evaluation", source=source, size=size, language=language) as on:
        await on.press("tab", "end", "enter")
        assert events(on, e.RatingsLocked) == []
        assert again in on.text
        assert not [words for words in said if words not in on.text]
        assert "Li Wei" not in on.text
        await on.press("enter")
        assert len(events(on, e.RatingsLocked)) == 1


async def test_the_score_stands_behind_the_lock(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.run_action("score")
        assert type(on.app.screen).__name__ == "EvaluationScreen"
        seen = on.text
        await on.press("tab", "4", "4", "end")
        assert "Score " not in seen + on.text
        await on.press("enter", "enter")
        assert "Show score and debrief" in on.text
        await on.press("enter")
        assert type(on.app.screen).__name__ == "DebriefScreen"


async def test_endex_is_reopened_by_two_strokes(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("e")
        assert events(on, e.ExerciseReopened) == []
        await on.press("e")
        assert [event.reason for event in events(on, e.ExerciseReopened)] == [""]
        assert type(on.app.screen).__name__ == "ConsoleScreen"


async def test_late_reopening_asks_for_a_reason(stage: StageMaker, source: MemorySource, time: FakeTime) -> None:
    time.wait(700)
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("f8", "f8", "enter")
        assert events(on, e.ExerciseReopened) == []
        assert "A reason is needed." in on.text
        await on.type("forgot the hand-over")
        await on.press("enter")
        assert [event.reason for event in events(on, e.ExerciseReopened)] == ["forgot the hand-over"]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_a_locked_page_offers_no_key_that_takes_endex_back(stage: StageMaker, source: MemorySource, language: str) -> None:
    words = Words(language)
    key = footer_key(next(one for one in EVALUATION_ACTIONS if one.id == "reopen"), words)
    shown = {"first": "evaluation", "source": source, "size": SMALL, "language": language, "notifications": True}
    async with stage(source.exercise, **shown) as on:
        for page in range(2):
            assert f"{key} {words('evaluation.reopen')}" in on.text.rstrip().split("\n")[-1], page
            await on.press("tab")
        source.from_elsewhere(c.LockRatings(), Actor("lead", "E1"))
        await on.follow()
        assert on.state.locked
        for page in range(2):
            assert words("evaluation.turn") in on.text.rstrip().split("\n")[-1], page
            assert words("evaluation.reopen") not in on.text, page
            await on.press("tab")
        await on.press("escape")
        assert words("evaluation.suggest") in on.text
        assert words("evaluation.reopen") not in on.text
        await on.press("escape", "f8", "f8")
        assert words("refused.reopen-locked") in on.text
        assert words("refused.reopen-locked.hint")[:20] in on.text
        assert events(on, e.ExerciseReopened) == []
        assert on.state.locked


async def test_what_the_room_writes_down_is_noted(stage: StageMaker, source: MemorySource) -> None:
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press("f6", "3")
        await on.type("the teller kept calm")
        await on.press("enter")
        assert [(note.category, note.text) for note in events(on, e.Noted)][-1] == ("strength", "the teller kept calm")
        assert type(on.app.screen).__name__ == "EvaluationScreen"


async def test_words_that_differ_are_listed(stage: StageMaker, source: MemorySource) -> None:
    source.conductor.dispatch(c.MarkAction("keep-calm", "missed"))
    async with stage(source.exercise, first="evaluation", source=source, size=(80, 40)) as on:
        assert "DIFFERENT MARKS" in on.text
        assert "facilitator: not done · chosen option: done" in " ".join(on.text.split())


async def test_a_note_that_was_being_typed_survives_a_kill(stage: StageMaker, source: MemorySource) -> None:
    source.kept_drafts["note:covert:M"] = "half a sen"
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        await on.press(*"tence", "enter")
        assert [(rating.rating, rating.note) for rating in events(on, e.Rated)] == [("M", "half a sentence")]


async def test_the_discussion_pace_shows_the_log_after_the_release(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(judged_bank(), time, pace="discussion")
    play(time)(source.conductor)
    source.kept_drafts[NAME] = "self:Wu Min"
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL) as on:
        assert "The log after it was told" in on.text
        assert "deadline" not in on.text


TIMES = [("14:32", 872), ("0:14:32", 872), ("１：０５", 65), ("1：05", 65), ("1:5", None), ("", None), ("1:60", None), ("2:00:01", 7201)]


@pytest.mark.parametrize(("text", "seconds"), TIMES)
def test_times_are_read_as_people_write_them(text: str, seconds: int | None) -> None:
    assert milliseconds_of(text) == (None if seconds is None else seconds * 1000)


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_frames(stage: StageMaker, check_frame: Any, time: FakeTime, language: str, size: tuple[int, int]) -> None:
    source = MemorySource(judged_bank(), time, language=language)
    play(time)(source.conductor)
    source.kept_drafts[NAME] = "other:吴敏"
    async with stage(source.exercise, first="evaluation", source=source, size=size, language=language) as on:
        check_frame(on.app, f"confirm-{language}-{size[0]}")
        await on.press("3", "tab", "2", *"slow", "enter")
        check_frame(on.app, f"ratings-{language}-{size[0]}")
        await on.press("end", "enter")
        check_frame(on.app, f"lock-{language}-{size[0]}")


async def test_an_emergency_after_the_lock_is_shown_and_changes_no_record(stage: StageMaker, source: MemorySource) -> None:
    from tabletop.tui.screens.panels.emergency import EmergencyScreen

    async with stage(source.exercise, first="evaluation", source=source, size=SMALL, notifications=True) as on:
        await on.press("tab", "4", "4", "end", "enter", "enter", "enter")
        assert on.state.locked
        before = len(source.log.entries)
        await on.press("f12")
        assert "Press again" in on.text
        assert not isinstance(on.app.screen, EmergencyScreen)
        await on.press("f12")
        assert isinstance(on.app.screen, EmergencyScreen)
        assert len(source.log.entries) == before


@pytest.mark.parametrize(("language", "who"), [("en", "rated at other screens: Ann"), ("zh-Hans", "已在其他屏幕评分：Ann")])
async def test_who_rated_at_another_screen_is_named_where_nobody_evaluates_here(
    stage: StageMaker, time: FakeTime, source: MemorySource, language: str, who: str
) -> None:
    source.kept_drafts.clear()
    source.conductor.dispatch(c.Rate("Ann", "calm", "P"), Actor("evaluator", "Ann"))
    async with stage(source.exercise, first="evaluation", source=source, size=SMALL, language=language) as on:
        assert who in on.text
        assert "nobody has said" not in on.text
        await on.press("tab")
        assert who in on.text

"""Evaluators and recorders at screens of their own: what they mark is theirs, what they may not do does not happen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.app import App

from tabletop.conductor.watching import Kept
from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.rights import Actor
from tabletop.engine.standing import standing
from tabletop.errors import Refused
from tabletop.text import cells
from tabletop.tui.actions import footer_of
from tabletop.tui.judge_actions import EVALUATOR_ACTIONS, RATINGS_ACTIONS, RECORDER_ACTIONS
from tabletop.tui.judge_app import actor_here
from tabletop.words import Words

from .conftest import SIZES, FakeTime, Stage
from .judged import bracketed, events, judged_bank, play
from .judges import JoinedMemory, judging
from .test_station_safety import cut_off

ANN = Actor("evaluator", "Ann")
LEE = Actor("recorder", "Lee")
LEAD = Actor("lead", "Wu Min")


def released(source: JoinedMemory) -> None:
    """The first inject is on the table, twenty seconds ago."""
    source.drive(c.ReleaseInject("knife"))
    source.time.wait(20)


def ended(source: JoinedMemory) -> None:
    play(source.time)(source.conductor)


def entries(on: Stage, kind: type[e.Event]) -> list[Any]:
    return [entry for entry in on.source.log.entries if isinstance(entry.event, kind)]


async def test_two_digits_mark_an_action_in_ones_own_name_at_the_time_of_the_first(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released) as on:
        await on.press("2")
        time.wait(7)
        await on.press("2")
        (marked,) = entries(on, e.ActionMarked)
        assert (marked.actor, marked.event.action, marked.event.state) == ("evaluator:Ann", "silent-alarm", "done")
        assert (marked.event.said_ms, marked.exercise_ms) == (20_000, 27_000)
        assert "done 0:20" in on.text
        assert "ENTERED HERE 1" in on.text


@pytest.mark.parametrize("who", [ANN, LEE])
@pytest.mark.parametrize(
    ("language", "told"), [("en", "NO LINK · EXERCISE: Qiaoxi since 0:00:20."), ("zh-Hans", "通信中断 · 演练：桥西，自 0:00:20 起")]
)
async def test_a_cut_link_is_told_while_it_lasts(time: FakeTime, who: Actor, language: str, told: str) -> None:
    async with judging(time, who, exercise=cut_off(), language=language, prepare=released) as on:
        assert told not in on.text
        on.source.drive(c.ReleaseInject("dark"))  # type: ignore[attr-defined]
        await on.follow()
        assert told in on.text
        on.source.drive(c.ReleaseInject("light"))  # type: ignore[attr-defined]
        await on.follow()
        assert told not in on.text


async def test_arrows_say_partly_after_a_hint_and_earlier(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released) as on:
        await on.press("2", "down", "right", "left", "1")
        (marked,) = events(on, e.ActionMarked)
        assert (marked.action, marked.state, marked.prompted, marked.said_ms) == ("keep-calm", "partial", True, 5_000)


async def test_the_panel_and_what_was_entered_say_at_what_time_a_mark_counts(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released) as on:
        await on.press("2", "left")
        assert "counts at 0:00:05" in on.text
        time.wait(40)
        await on.press("2")
        assert "0:05" in on.text.rpartition("ENTERED HERE")[2]
        assert "entered 1:00" in on.text
        await on.press("x")
        assert "counts at 0:01:00" in on.text
        await on.press("pageup", "pageup", "pageup", "pagedown", "1", "enter")
        assert [(event.action, event.said_ms) for event in events(on, e.ActionMarked)] == [("silent-alarm", 5_000), ("keep-calm", 30_000)]


@pytest.mark.parametrize(("typed", "said_ms"), [("1:05", 65_000), ("", None), ("１：０５", 65_000)])
async def test_after_endex_a_mark_is_not_timed_by_its_key(time: FakeTime, typed: str, said_ms: int | None) -> None:
    async with judging(time, ANN, prepare=ended) as on:
        await on.press("2")
        assert "after ENDEX: asks when" in on.text
        await on.press("2")
        await on.type(typed)
        await on.press("enter")
        marked = entries(on, e.ActionMarked)[-1]
        assert (marked.actor, marked.event.state, marked.event.said_ms) == ("evaluator:Ann", "done", said_ms)
        assert ("time not known" in on.text) == (said_ms is None)
        assert "1:05" in on.text or said_ms is None


async def test_after_endex_no_time_is_later_than_the_end(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=ended, notifications=True) as on:
        await on.press("2", "2")
        await on.type("59:00")
        await on.press("enter")
        assert "The exercise ended at" in on.text
        assert not [entry for entry in entries(on, e.ActionMarked) if entry.actor == "evaluator:Ann"]
        await on.press("escape", "escape", "x")
        assert "time not known" in on.text


@pytest.mark.parametrize("keys", [("o",), ("1",), ("r", "3")])
async def test_what_is_released_is_heard_and_said_while_something_is_written(time: FakeTime, keys: tuple[str, ...]) -> None:
    async with judging(time, ANN, prepare=released, notifications=True) as on:
        bells: list[int] = []
        on.app.bell = lambda: bells.append(1)  # type: ignore[method-assign]
        on.app.quiet = False
        await on.press(*keys)
        await on.type("slw")
        await on.press("left")
        on.source.drive(c.ReleaseInject("signal"))  # type: ignore[attr-defined]
        await on.follow()
        assert bells
        assert "NEW: Duress alarm, no voice" in on.text
        await on.type("o")
        assert "slow" in on.text
        await on.press("escape", "escape")
        assert "NEW: " not in on.text


async def test_everybodys_actions_set_the_other_role(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released) as on:
        await on.press("1", "tab", "2")
        (marked,) = events(on, e.ActionMarked)
        assert (marked.action, marked.other_role) == ("silent-alarm", "manager")


async def test_an_evaluator_marks_again_what_the_console_has_marked_and_both_stand(time: FakeTime) -> None:
    def prepare(source: JoinedMemory) -> None:
        released(source)
        source.drive(c.MarkAction("silent-alarm", "done"))

    async with judging(time, ANN, prepare=prepare) as on:
        assert "console: done 0:20" in on.text
        time.wait(10)
        await on.press("2", "2")
        assert [(entry.actor, entry.event.said_ms) for entry in entries(on, e.ActionMarked)] == [
            ("driver", 20_000),
            ("evaluator:Ann", 30_000),
        ]
        known = standing(on.app.desk.plan, on.state, "silent-alarm", 40_000)  # type: ignore[union-attr]
        assert (known.source, known.at_ms) == ("evaluator", 30_000)
        await on.press("2", "down", "2")
        assert on.state.marks["silent-alarm"][-1].state == "partial"
        assert standing(on.app.desk.plan, on.state, "silent-alarm", 40_000).state == "partial"  # type: ignore[union-attr]
        assert "partly 0:30  console: done 0:20" in on.text


async def test_what_an_evaluator_types_is_an_observation_and_a_recorder_a_decision(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released) as on:
        await on.press("1")
        await on.type("沉着 speaks last")
        await on.press("enter")
        (noted,) = entries(on, e.Noted)
        assert (noted.actor, noted.event.category, noted.event.role, noted.event.evaluator) == (
            "evaluator:Ann",
            "observation",
            "manager",
            "Ann",
        )
        assert (noted.event.text, noted.event.said_ms) == ("沉着 speaks last", 20_000)
        assert not events(on, e.DecisionMade)
    async with judging(time, LEE, prepare=released) as on:
        await on.press("1")
        await on.type("Stall for time")
        await on.press("enter", "2", "enter")
        (decided,) = entries(on, e.DecisionMade)
        assert (decided.actor, decided.event.role, decided.event.text) == ("recorder:Lee", "manager", "Stall for time")
        assert [(entry.actor, entry.event.role) for entry in entries(on, e.RoleHeard)] == [("recorder:Lee", "teller")]


async def test_a_recorder_takes_down_a_decision_with_its_reason_and_never_rates(time: FakeTime) -> None:
    async with judging(time, LEE, prepare=released) as on:
        await on.press("d", "1")
        await on.type("Lock the doors")
        await on.press("tab")
        await on.type("nobody comes in")
        await on.press("enter")
        (decided,) = events(on, e.DecisionMade)
        assert (decided.text, decided.reason) == ("Lock the doors", "nobody comes in")
        await on.press("r", "f4")
        assert "OBJECTIVES" not in on.text


async def test_notes_have_their_categories_but_no_ruling(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released) as on:
        await on.press("f6", "tab", "tab")
        assert "ruling" not in on.text
        await on.type("One voice")
        await on.press("enter")
        (noted,) = events(on, e.Noted)
        assert (noted.category, noted.text, noted.evaluator) == ("strength", "One voice", "Ann")
        await on.press("o", "6", "1", "1", "3")
        (breach,) = entries(on, e.BreachRecorded)
        assert (breach.actor, breach.event.prohibited, breach.event.role, breach.event.corrected) == (
            "evaluator:Ann",
            "heroics",
            "guard",
            True,
        )


@pytest.mark.parametrize("actor", [ANN, LEE, LEAD], ids=str)
@pytest.mark.parametrize(
    "command",
    [
        c.ReleaseInject("signal"),
        c.Pause(),
        c.Resume(),
        c.TurnWall("blank"),
        c.AddNote("ruling", "no camera"),
        c.ShowHint("knife"),
        c.GiveAnswer("first-move", "teller", ("comply",)),
        c.End(),
        c.StandDown("over"),
        c.Rate("Somebody", "calm", "P"),
    ],
    ids=lambda command: type(command).__name__,
)
async def test_what_is_not_theirs_is_refused_by_the_engine(time: FakeTime, actor: Actor, command: c.Command) -> None:
    refused: list[Any] = []
    async with judging(time, actor, prepare=released) as on:
        before = len(on.source.log.entries)
        on.app.ask(command, failed=refused.append)
        await on.settle()
        assert [error.code for error in refused if isinstance(error, Refused)] == ["refused.not-yours"]
        assert len(on.source.log.entries) == before


async def test_no_key_of_the_console_does_anything_here(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released) as on:
        before = len(on.source.log.entries)
        for key in ("enter", "n", "space", "s", "h", "v", "f9", "t", "f10", "plus", "a", "w", "full_stop", "e", "e", "f7"):
            await on.press(key)
            await on.press("escape")
            while len(on.app.screen_stack) > 2:
                await on.press("escape")
        assert len(on.source.log.entries) == before
        assert not on.app.faces_players


async def test_u_takes_back_the_own_last_entry_and_never_somebody_elses(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released) as on:
        await on.press("2", "2")
        on.source.drive(c.MarkAction("clear-hall", "done"))  # type: ignore[attr-defined]
        await on.follow()
        await on.press("u")
        assert "Presses the silent alarm" in on.text
        await on.press("1")
        (back,) = entries(on, e.Retracted)
        assert (back.actor, on.state.marks.get("silent-alarm", ())) == ("evaluator:Ann", ())
        assert on.state.marks["clear-hall"]
        await on.press("u")
        assert len(entries(on, e.Retracted)) == 1


async def test_any_own_entry_is_taken_back_on_the_page_of_them(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released) as on:
        await on.press("2", "1", "2", "2", "tab", "tab", "down", "u", "1")
        (back,) = events(on, e.Retracted)
        gone = next(entry for entry in on.source.log.entries if entry.seq == back.event)
        assert gone.event.action == "keep-calm"  # type: ignore[union-attr]
        assert "taken back" in on.text


async def test_ratings_are_given_in_play_in_ones_own_name(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released, size=(80, 40)) as on:
        await on.press("r", "4")
        await on.press("2")
        await on.type("two spoke at once")
        await on.press("enter")
        given = [(entry.actor, entry.event.objective, entry.event.rating, entry.event.note) for entry in entries(on, e.Rated)]
        assert given == [("evaluator:Ann", "calm", "P", ""), ("evaluator:Ann", "covert", "M", "two spoke at once")]
        await on.press("5", "1")
        scored = [(entry.event.evaluator, entry.event.line, entry.event.score) for entry in entries(on, e.BehaviourScored)]
        assert scored == [("Ann", "division", 5), ("Ann", "calm", 1)]
        assert "MEASURED" not in on.text
        assert "LOCK" not in on.text
        await on.press("escape")
        assert "EXPECTED" in on.text


async def test_what_others_rated_shows_only_after_the_own_rating(time: FakeTime) -> None:
    def prepare(source: JoinedMemory) -> None:
        released(source)
        source.drive(c.Rate("Bo", "calm", "U", "shouting"), Actor("evaluator", "Bo"))

    async with judging(time, ANN, prepare=prepare, size=(80, 40)) as on:
        await on.press("r")
        assert "Bo" not in on.text
        await on.press("4", "up")
        assert "Bo U" in on.text


async def test_after_endex_the_confirm_list_comes_first_and_a_mark_is_the_evaluators(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=ended, size=(80, 40)) as on:
        assert "ENDEX. F4" in on.text
        await on.press("f4")
        assert on.app.screen.row == "action:silent-alarm"  # type: ignore[attr-defined]
        await on.press("3")
        marked = entries(on, e.ActionMarked)[-1]
        assert (marked.actor, marked.event.state) == ("evaluator:Ann", "missed")


async def test_only_the_one_who_leads_locks(time: FakeTime) -> None:
    async with judging(time, LEAD, prepare=ended, size=(80, 40)) as on:
        await on.press("f4", "tab", "end", "enter", "enter")
        (locked,) = entries(on, e.RatingsLocked)
        assert locked.actor == "lead:Wu Min"
        assert "locked" in on.text
        await on.press("escape", "2", "2")
        assert not [entry for entry in entries(on, e.ActionMarked) if entry.actor == "lead:Wu Min"]

    def second(source: JoinedMemory) -> None:
        ended(source)
        source.drive(c.Rate("Bo", "calm", "P"), Actor("evaluator", "Bo"))

    async with judging(time, ANN, prepare=second, size=(80, 40)) as on:
        await on.press("f4", "tab", "end", "enter", "enter")
        assert not events(on, e.RatingsLocked)
        assert "LOCK" not in on.text


async def test_who_comes_back_to_lead_goes_on_under_the_name_of_before(time: FakeTime) -> None:
    def prepare(source: JoinedMemory) -> None:
        ended(source)
        source.drive(c.Rate("Wu Min", "calm", "M", "slow"), Actor("evaluator", "Wu Min"))

    async with judging(time, LEAD, prepare=prepare, size=(80, 40)) as on:
        await on.press("f4", "tab", "4")
        rated = entries(on, e.Rated)[-1]
        assert (rated.actor, rated.event.objective, rated.event.rating) == ("evaluator:Wu Min", "calm", "P")
        await on.press("end", "enter", "enter")
        assert [entry.actor for entry in entries(on, e.RatingsLocked)] == ["lead:Wu Min"]


def test_a_recorder_is_never_taken_for_an_evaluator_of_the_same_name() -> None:
    assert actor_here(Actor("recorder", "Ann"), []) == Actor("recorder", "Ann")


async def test_the_emergency_is_pressed_here_and_stood_down_elsewhere(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released, notifications=True) as on:
        await on.press("ctrl+g")
        (raised,) = entries(on, e.EmergencyRaised)
        assert (raised.actor, raised.event.seat) == ("evaluator:Ann", "evaluator:Ann")
        assert not on.state.clock.running
        await on.press("ctrl+g")
        assert on.state.emergency.confirmed
        assert "EXERCISE" not in on.text
        assert "Only the console counts and stands down" in on.text
        await on.press("enter")
        assert on.state.emergency.counted == ()
        on.source.drive(c.CountPerson("seat:manager"))  # type: ignore[attr-defined]
        await on.follow()
        assert "[✓] (no name) · Branch manager" in on.text
        await on.press("1")
        await on.type("over")
        await on.press("enter")
        assert on.state.emergency is not None
        on.source.drive(c.StandDown("a drill of the alarm company"))  # type: ignore[attr-defined]
        await on.follow()
        assert "EXPECTED" in on.text
        assert "The real emergency is over." in " ".join(on.text.split())


async def test_the_others_see_who_sits_here(time: FakeTime) -> None:
    async with judging(time, Actor("evaluator", " Ann\x1b  Li ")) as on:
        source: Any = on.source
        assert (source.seat, source.there, source.name) == ("evaluator:Ann\ufffd Li", "evaluator:Ann\ufffd Li", "Ann\ufffd Li")


async def test_the_others_see_that_somebody_types(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=released) as on:
        source: Any = on.source
        before = source.typing_ms
        assert before is None
        await on.press("o", "x")
        assert source.typing_ms == time.now_ms()
        await on.follow(1.2)
        assert source.beats


async def test_what_was_being_typed_is_there_again_after_a_kill(time: FakeTime) -> None:
    def prepare(source: JoinedMemory) -> None:
        released(source)
        source.kept_drafts["speaker:guard"] = '{"said_ms": 4000, "text": "half a senten"}'

    async with judging(time, ANN, prepare=prepare) as on:
        assert "half a senten" in on.text
        await on.type("ce")
        await on.press("enter")
        (noted,) = events(on, e.Noted)
        assert (noted.text, noted.role, noted.said_ms) == ("half a sentence", "guard", 4_000)


async def test_before_startex_only_notes_are_taken(time: FakeTime) -> None:
    source = JoinedMemory(judged_bank(), time, started=False)
    from tabletop.tui.judge_app import JudgeApp

    app = JudgeApp(source, ANN, quiet=True)  # type: ignore[arg-type]
    app.key_clock = lambda: 0.0
    async with app.run_test(size=(80, 24)) as pilot:
        on = Stage(app, pilot, source)
        await on.opened()
        await on.press("2", "r")
        assert len(app.screen_stack) == 2
        await on.press("o")
        await on.type("room is too small")
        await on.press("enter")
        assert [note.text for note in events(on, e.Noted)] == ["room is too small"]
        assert app.desk is not None
        app.desk.close()


async def test_arrows_look_at_what_was_released_before_and_never_at_what_comes(time: FakeTime) -> None:
    def prepare(source: JoinedMemory) -> None:
        released(source)
        source.time.wait(200)
        source.drive(c.ReleaseInject("signal"))

    async with judging(time, ANN, prepare=prepare, size=(100, 40)) as on:
        assert "Duress alarm, no voice" in on.text
        await on.press("up")
        assert "A knife at counter 2" in on.text
        await on.press("up", "up", "down", "down", "down")
        assert "Duress alarm, no voice" in on.text
        titles = {inject.title["en"] for inject in on.app.desk.exercise.injects if inject.id not in ("knife", "signal")}  # type: ignore[union-attr,index]
        assert titles
        assert not [title for title in titles if title in on.text]


async def test_brackets_are_text(time: FakeTime) -> None:
    async with judging(time, ANN, prepare=lambda source: play(time, rated=True)(source.conductor), exercise=bracketed(judged_bank())) as on:
        for key in ("tab", "tab", "tab", "f4", "tab", "escape", "o"):
            await on.press(key)
            assert "[/nope]" in on.text or key == "o"


def marked(source: JoinedMemory) -> None:
    """The console marked one action, the evaluator one; both wrote something."""
    released(source)
    source.drive(c.MarkAction("keep-calm", "done"))
    source.drive(c.MarkAction("keep-calm", "partial", said_ms=12_000), ANN)
    source.drive(c.AddNote("strength", "One voice at the counter", evaluator="Ann"), ANN)
    source.drive(c.RecordDecision("manager", "Stall for time"), LEE)
    source.time.wait(15)


SCENES: dict[str, tuple[Actor, Callable[[JoinedMemory], None] | None, tuple[str, ...]]] = {
    "judging-before": (ANN, None, ()),
    "judging-table": (ANN, marked, ()),
    "judging-speaker": (ANN, marked, ("2",)),
    "judging-note": (ANN, marked, ("o", "tab")),
    "judging-actions": (ANN, marked, ("tab", "down")),
    "judging-own": (ANN, marked, ("tab", "tab")),
    "judging-menu": (ANN, marked, ("escape",)),
    "judging-emergency": (ANN, marked, ("ctrl+g", "ctrl+g")),
    "judging-ratings": (ANN, marked, ("r", "4")),
    "judging-confirm": (ANN, ended, ("f4",)),
    "judging-lock": (LEAD, ended, ("f4", "tab", "end", "enter")),
    "recording-table": (LEE, marked, ()),
    "recording-speaker": (LEE, marked, ("1",)),
}


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
async def test_frames(
    time: FakeTime, check_frame: Callable[[App[Any], str], None], name: str, size: tuple[int, int], language: str
) -> None:
    actor, prepare, keys = SCENES[name]
    async with judging(time, actor, size=size, language=language, prepare=prepare) as on:
        await on.press(*keys)
        check_frame(on.app, f"{name}-{size[0]}x{size[1]}-{language}")
        assert all(cells(line) <= size[0] for line in on.text.splitlines())
        if name != "judging-emergency":
            assert Words(language)("console.exercise-mark") in on.text


@pytest.mark.parametrize("table", [EVALUATOR_ACTIONS, RECORDER_ACTIONS, RATINGS_ACTIONS])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_action_has_its_words_and_the_footer_six(table: Any, language: str) -> None:
    words = Words(language)
    assert all(words(action.title) and words(action.help) for action in table if "(" not in action.id)
    assert len(footer_of(table)) == 6


@pytest.mark.parametrize(("language", "stands"), [("en", "‖ Nobody drives: the clock stands."), ("zh-Hans", "‖ 无人导调，时钟停住。")])
@pytest.mark.parametrize("kind", ["evaluator", "recorder"])
async def test_the_clock_stands_here_too_while_nobody_drives(time: FakeTime, kind: str, language: str, stands: str) -> None:
    async with judging(time, Actor(kind, "Ann"), language=language) as on:  # type: ignore[arg-type]
        assert "▶" in on.text
        on.source.own.kept = Kept(on.source.own.elapsed_ms(), driven=False)  # type: ignore[attr-defined]
        await on.wait(2)
        assert "▶" not in on.text
        assert stands in on.text
        on.source.own.kept = None  # type: ignore[attr-defined]
        await on.wait(2)
        assert "▶" in on.text


async def test_after_endex_a_recorder_is_offered_no_decision(time: FakeTime) -> None:
    async with judging(time, Actor("recorder", "Bo"), notifications=True) as on:
        assert "F2 Decision" in on.text.splitlines()[-1] or "d Decision" in on.text.splitlines()[-1]
        on.source.drive(c.End())  # type: ignore[attr-defined]
        await on.follow()
        assert "Decision" not in on.text.splitlines()[-1]
        await on.press("f2")
        assert "Nothing more is decided" in on.text

"""A practice run at the console: voices and tips below the clock, ten minutes of it, in a store and in memory."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tabletop.conductor import Conductor, RunOptions
from tabletop.debrief.build import debrief
from tabletop.debrief.model import RunInfo
from tabletop.engine import commands as c
from tabletop.engine.rights import PRACTICE
from tabletop.exercise.injects import Inject
from tabletop.exercise.loading import load_exercise
from tabletop.exercise.model import Exercise
from tabletop.library import Library
from tabletop.report.to_markdown import render
from tabletop.store import Store
from tabletop.tui import start
from tabletop.tui.practice import act, first_clause, inside, seat_people
from tabletop.tui.sources import StoredRun
from tabletop.tui.widgets.practice import PracticeStrip
from tabletop.words import Words

from .conftest import FakeTime, MemorySource, StageMaker

PATH = Path(__file__).parents[2] / "exercises" / "armed-hostage.yaml"


@pytest.fixture(scope="module")
def exercise() -> Exercise:
    return load_exercise(PATH).exercise


def practising(exercise: Exercise, time: FakeTime, *, language: str = "en", started: bool = True) -> MemorySource:
    source = MemorySource(exercise, time, pace="discussion", language=language, started=False)
    source.kind = PRACTICE
    seat_people(source.conductor)
    if started:
        source.conductor.dispatch(c.Start())
    return source


def strip(on: Any) -> str:
    """What stands in the lines of the practice run."""
    return "\n".join(line.plain for line in on.app.screen.query_one(PracticeStrip).lines)


async def minutes(on: Any, source: MemorySource, seconds: float) -> None:
    """Lets exercise time pass second by second, as the desk's thread would, and draws."""
    for _ in range(round(seconds)):
        source.time.wait(1)
        on.app.desk._submit(partial(act, source.conductor), lambda _: None, None)
        await on.app.desk.idle()
    on.app._tick()
    await on.settle()


@pytest.mark.parametrize(
    ("language", "first", "mark"), [("en", "Try: enter releases the first", "PRACTICE"), ("zh-Hans", "提示：按回车下达第一条", "练习")]
)
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_ten_minutes_of_practice(
    stage: StageMaker, time: FakeTime, exercise: Exercise, language: str, first: str, mark: str, size: tuple[int, int]
) -> None:
    source = practising(exercise, time, language=language)
    async with stage(exercise, source=source, language=language, size=size) as on:
        assert mark in on.text.splitlines()[0]
        assert first in strip(on)
        seen: set[str] = set()
        for _ in range(9):
            await on.press("pagedown")
            await minutes(on, source, 50)
            newest = [note for note in on.state.notes if note.actor.startswith(PRACTICE)]
            if newest:
                assert "".join(newest[-1].text.split())[:12] in "".join(strip(on).split())
            seen.update(strip(on).splitlines())
            await minutes(on, source, 17)
        assert on.state.released[:3] == ("knife-at-counter-2", "duress-alarm", "ten-minutes")
        assert len([line for line in seen if line.startswith(("Try", "提示"))]) >= 5
        assert ("ten minutes" if language == "en" else "十分钟到了") in strip(on)
        assert not on.state.marks
        await on.press("e", "e", "enter")
        assert on.app.screen.__class__.__name__ == "EvaluationScreen"
        assert ("rates nobody" if language == "en" else "不评价任何人") in on.text
        assert mark in on.text.splitlines()[0]


async def test_the_digit_of_who_speaks_and_the_number_of_what_they_did(stage: StageMaker, time: FakeTime, exercise: Exercise) -> None:
    source = practising(exercise, time)
    async with stage(exercise, source=source, size=(80, 24)) as on:
        await on.press("enter")
        await minutes(on, source, 30)
        assert "read aloud" in strip(on)
        spoken = None
        for _ in range(30):
            await minutes(on, source, 1)
            spoken = next((note for note in on.state.notes if note.role == "teller-1"), None)
            if spoken is not None:
                break
        assert spoken is not None
        assert "press 3, then the number" in " ".join(strip(on).split())
        await on.press("3")
        # One goes on seeing what was said while the panel is open.
        assert "T1 Carla Voss" in on.text
        # The options of what they are asked stand before what they should do.
        await on.press("5")
        mark = on.state.marks["stay-calm"][-1]
        assert (mark.actor, mark.state, mark.other_role) == ("driver", "done", "")
        assert "press 3, then the number" not in " ".join(strip(on).split())


async def test_the_people_act_on_the_desks_own_tick_and_only_in_a_practice_run(
    stage: StageMaker, time: FakeTime, exercise: Exercise
) -> None:
    for kind, people in ((PRACTICE, True), ("live", False)):
        source = practising(exercise, FakeTime())
        source.kind = kind
        async with stage(exercise, source=source) as on:
            await on.press("enter")
            for _ in range(8):
                source.time.wait(7)
                await on.follow(0.3)
            said = [note for note in on.state.notes if note.actor.startswith(PRACTICE)]
            assert bool(said) is people
            assert on.app.screen.query_one(PracticeStrip).display is people


async def test_who_only_reads_hears_nobody_new(stage: StageMaker, exercise: Exercise) -> None:
    source = practising(exercise, FakeTime())
    source.conductor.dispatch(c.ReleaseInject("knife-at-counter-2"))
    source.driver_name = "another console"
    async with stage(exercise, source=source) as on:
        before = len(source.log.entries)
        source.time.wait(60)
        await on.follow(0.6)
        assert len(source.log.entries) == before


async def test_tips_are_turned_off_and_on(stage: StageMaker, time: FakeTime, exercise: Exercise) -> None:
    source = practising(exercise, time)
    async with stage(exercise, source=source, notifications=True) as on:
        assert "Try:" in strip(on)
        await on.run_action("tips")
        assert "Try:" not in strip(on)
        assert "Tips are off." in on.text
        await on.run_action("tips")
        assert "Try:" in strip(on)


async def test_tips_belong_to_a_practice_run(stage: StageMaker, time: FakeTime, exercise: Exercise) -> None:
    async with stage(exercise, notifications=True) as on:
        assert not on.app.screen.query_one(PracticeStrip).display
        await on.run_action("tips")
        assert "Tips belong to a practice run" in " ".join(on.text.split())
        assert on.app.tips


async def test_a_person_with_markup_in_the_exercise_breaks_nothing(stage: StageMaker, time: FakeTime, exercise: Exercise) -> None:
    nasty = "[/nope] [b {boom} \u202e"

    def of(inject: Inject) -> Inject:
        expects = tuple(action.model_copy(update={"title": nasty}) for action in inject.expects)
        asks = tuple(
            ask.model_copy(update={"options": tuple(option.model_copy(update={"text": nasty}) for option in ask.options)})
            for ask in inject.asks
        )
        return inject.model_copy(update={"expects": expects, "asks": asks})

    strange = exercise.model_copy(update={"injects": tuple(of(inject) for inject in exercise.injects)})
    source = practising(strange, time)
    async with stage(source.exercise, source=source, size=(80, 24)) as on:
        for _ in range(3):
            await on.press("pagedown")
            await minutes(on, source, 60)
        assert [note for note in on.state.notes if note.actor.startswith(PRACTICE) and "[/nope] [b {boom}" in note.text]
        assert "[/nope]" in on.text
        assert "\u202e" not in on.text


# In a store.


def begun(tmp_path: Path, options: RunOptions | None = None) -> Any:
    return start.begun(tmp_path / "tabletop.db", Library(), PATH, options, PRACTICE)


def test_a_practice_run_is_stored_as_one_with_its_people_and_ten_minutes_of_play(tmp_path: Path) -> None:
    opened = begun(tmp_path)
    run = opened.conductor.run
    seated = {person.role: person.name for person in opened.conductor.state.people}
    booking = opened.conductor.state.booking
    opened.close()
    opened.store.close()
    assert len(seated) == 11
    assert len(set(seated.values())) == 11
    assert booking is not None
    assert booking.slot_ms - booking.brief_ms - booking.wash_ms == 600_000
    with Store.open(tmp_path / "tabletop.db") as store:
        assert store.find_run("latest").kind == PRACTICE
        [summary] = store.view("run_summary")
        assert (summary["run"], summary["kind"], summary["score"]) == (run, PRACTICE, None)


def test_another_booking_is_kept(tmp_path: Path) -> None:
    opened = begun(tmp_path, RunOptions(slot_ms=45 * 60_000))
    assert opened.conductor.state.booking is not None
    assert opened.conductor.state.booking.slot_ms == 45 * 60_000
    opened.close()
    opened.store.close()


def test_a_resumed_practice_run_goes_on_practising(tmp_path: Path) -> None:
    first = begun(tmp_path)
    first.conductor.dispatch(c.Start())
    first.conductor.dispatch(c.ReleaseInject("knife-at-counter-2"))
    seed = first.conductor.state.created
    first.close()
    first.store.close()
    again = start.opened_again(tmp_path / "tabletop.db", "latest")
    try:
        assert again.kind == PRACTICE
        assert again.conductor.state.created == seed
        source = StoredRun(lambda: again)
        assert source.kind == "live"
        source.open()
        assert source.kind == PRACTICE
    finally:
        again.close()
        again.store.close()


def test_the_document_of_a_practice_run_says_that_it_rates_nobody(time: FakeTime, exercise: Exercise) -> None:
    source = practising(exercise, time)
    conductor: Conductor = source.conductor
    conductor.dispatch(c.ReleaseInject("knife-at-counter-2"))
    time.wait(60)
    act(conductor)
    conductor.dispatch(c.End())
    conductor.dispatch(c.LockRatings())
    made = debrief(exercise, conductor.entries, RunInfo("run-1", PRACTICE), conductor.state)
    text = render(made, "en").decode()
    assert "practice with simulated people: rates nobody" in text
    assert "people took part" not in text
    assert "练习（人员由程序模拟）：不评价任何人" in render(made, "zh-Hans").decode()


def test_wording() -> None:
    assert inside("Keeps a calm voice") == "keeps a calm voice"
    assert inside("CCTV stays on") == "CCTV stays on"
    assert inside("视频复核") == "视频复核"
    assert first_clause("视频复核，不回拨", "，") == "视频复核"
    assert first_clause("no clause", ",;") == "no clause"
    for language in ("en", "zh-Hans"):
        words = Words(language)
        names = words("practice.names").split(words("practice.names-between"))
        assert len(names) == len(set(names)) == 20

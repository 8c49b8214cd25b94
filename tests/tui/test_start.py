"""The start screen: what waits, what is on the shelf, searched in any script; opening leads where the run stands, and no key is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual import events as keys

from tabletop.conductor import open_store
from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.errors import TabletopError
from tabletop.library import Library, Shelf
from tabletop.store.runs import RunRow
from tabletop.tui import start
from tabletop.tui.app import TabletopApp
from tabletop.tui.pages.start import Shown, fits, start_lines
from tabletop.tui.sources import StoredRun
from tabletop.words import Words

from .conftest import frame

EXERCISE = """
format: 1
id: {id}
title: {{en: "{en}", zh-Hans: "{zh}"}}
version: "1.0"
languages: [en, zh-Hans]
subject: {subject}
duration: 30m
summary: {{en: A man offers help at the machine., zh-Hans: 一名男子在自助机旁主动帮忙。}}
setting: {{en: A calm morning., zh-Hans: 平静的上午。}}
roles: [{{id: guard, title: {{en: Guard, zh-Hans: 保安员}}, duty: {{en: Watches., zh-Hans: 观察。}}}}]
objectives: [{{id: spot, title: {{en: Spot, zh-Hans: 发现}}, lines: [{{id: a, title: {{en: A, zh-Hans: 一}}}}]}}]
injects:
  - id: offer
    at: 0s
    kind: situation
    core: true
    title: {{en: Offer, zh-Hans: 帮忙}}
    text: {{en: A man offers help., zh-Hans: 一名男子主动帮忙。}}
    expects:
      - {{id: greet, title: {{en: Greets, zh-Hans: 问候}}, by: guard, within: 60s, criticality: critical,
         category: safety, objective: spot}}
"""

ATM = EXERCISE.format(id="atm", en="Impostor at the machine", zh="自助机旁冒充员工", subject="fraud")
FIRE = EXERCISE.format(id="fire", en="Smoke in the hall", zh="大厅冒烟", subject="fire")


class Place:
    """A home with a shelf and a store."""

    def __init__(self, root: Path) -> None:
        self.store = root / "runs.db"
        self.shelf = root / "exercises"
        self.shelf.mkdir()
        self.library = Library((Shelf.under("project", root),))

    def write(self, name: str, text: str) -> None:
        (self.shelf / f"{name}.yaml").write_text(text, encoding="utf-8")

    def begun(self, name: str, *commands: c.Command) -> str:
        """A run of an exercise, as far as some commands bring it; left as a console leaves it."""
        opened = start.begun(self.store, self.library, self.shelf / f"{name}.yaml", None)
        for command in commands:
            opened.conductor.dispatch(command)
        opened.close()
        opened.store.close()
        return opened.conductor.run

    def log(self, run: str) -> list[e.Entry]:
        with open_store(self.store, create=False) as store:
            return store.log(run).read()

    @asynccontextmanager
    async def shown(
        self, *, language: str = "en", size: tuple[int, int] = (80, 24), slow: Callable[[], object] | None = None
    ) -> AsyncIterator[Any]:
        def open_it(work: Callable[..., Any], *args: Any) -> StoredRun:
            def opened() -> Any:
                if slow is not None:
                    slow()
                return work(*args)

            return StoredRun(opened)

        app = TabletopApp(
            language=language,
            library=self.library,
            open_run=lambda run: open_it(start.opened_again, self.store, run),
            begin_run=lambda path, options, kind: open_it(start.begun, self.store, self.library, path, options, kind),
            list_runs=partial(start.stored_runs, self.store),
        )
        async with app.run_test(size=size) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            yield Shows(app, pilot)
            if app.desk is not None:
                app.desk.close()


class Shows:
    """The app and what it shows."""

    def __init__(self, app: TabletopApp, pilot: Any) -> None:
        self.app, self.pilot = app, pilot

    @property
    def text(self) -> str:
        return frame(self.app)

    @property
    def where(self) -> str:
        return type(self.app.screen).__name__

    async def press(self, *pressed: str) -> None:
        for key in pressed:
            await self.pilot.press(key)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        for character in text:
            self.app.post_message(keys.Key(character, character))
        await self.pilot.pause()
        await self.pilot.pause()

    async def arrives(self, where: str) -> None:
        """Waits until a screen is shown and everything asked is recorded."""
        for _ in range(400):
            await self.pilot.pause(0.01)
            if self.where == where:
                break
        assert self.where == where
        if self.app.desk is not None:
            await self.app.desk.idle()
        await self.pilot.pause()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.write("atm", ATM)
    return made


async def test_an_empty_house_says_what_to_do(tmp_path: Path) -> None:
    async with Place(tmp_path).shown() as on:
        assert "No run is waiting. Choose an exercise below" in on.text
        assert "`tabletop new ID` writes one" in on.text


async def test_the_library_by_subject_with_language_duration_roles_and_problems(place: Place) -> None:
    place.write("fire", FIRE)
    place.write("broken", "format: 1\nid: broken\ntitle: [/nope] [b\n")
    async with place.shown() as on:
        shown = on.text
        assert shown.index("Fraud") < shown.index("Impostor at the machine") < shown.index("Fire") < shown.index("Smoke in the hall")
        line = next(line for line in shown.split("\n") if "Impostor" in line)
        assert "English 简体中文" in line
        assert "30 min" in line
        assert "1 role" in line
        assert "! cannot be played" in shown
        await on.press("3")
        assert on.where == "StartScreen"
        assert "1 problem: tabletop check" in " ".join(on.text.split())


async def test_runs_to_resume_say_where_they_stand(place: Place) -> None:
    place.begun("atm", c.Start(), c.ReleaseInject("offer"), c.Jump(62_000), c.Pause())
    place.begun("atm", c.SeatPerson("guard", "Wu"))
    async with place.shown() as on:
        lines = [line for line in on.text.split("\n") if "today" in line]
        assert "in the briefing" in lines[0]
        assert "stands at 0:01:02" in lines[1]


@pytest.mark.parametrize("typed", ["smoke", "冒烟", "ＳＭＯＫＥ", "火", "fire"])
async def test_typing_searches_in_any_script(place: Place, typed: str) -> None:
    place.write("fire", FIRE.replace("subject: fire", "subject: fire"))
    async with place.shown() as on:
        await on.type(typed)
        assert "Smoke in the hall" in on.text
        assert "Impostor" not in on.text
        await on.press("escape")
        assert "Impostor" in on.text


async def test_a_search_without_a_hit_says_so(place: Place) -> None:
    async with place.shown() as on:
        await on.press("slash")
        await on.type("[/nope] [b")
        assert "Nothing fits “[/nope] [b”" in on.text


async def test_a_kept_search_can_be_opened_from(place: Place) -> None:
    place.write("fire", FIRE)
    async with place.shown() as on:
        await on.type("smoke")
        await on.press("enter", "enter", "enter")
        await on.arrives("BriefingScreen")
        assert on.app.desk is not None
        assert on.app.desk.exercise.id == "fire"


@pytest.mark.parametrize(("pressed", "pace"), [("enter", "discussion"), ("1", "discussion"), ("2", "timed")])
async def test_an_exercise_is_opened_at_a_pace(place: Place, pressed: str, pace: str) -> None:
    async with place.shown() as on:
        await on.press("1")
        assert "At which pace?" in on.text
        await on.press(pressed)
        await on.arrives("BriefingScreen")
        created = place.log(on.app.desk.run)[0].event
        assert isinstance(created, e.RunCreated)
        assert (created.kind, created.pace, created.language) == ("run_created", pace, "en")


async def test_the_third_choice_is_half_an_hour_of_discussion(place: Place) -> None:
    async with place.shown() as on:
        await on.press("1", "3")
        await on.arrives("BriefingScreen")
        made, booked = (entry.event for entry in place.log(on.app.desk.run)[:2])
        assert isinstance(made, e.RunCreated)
        assert isinstance(booked, e.SlotBooked)
        assert (made.pace, booked.slot_ms) == ("discussion", 30 * 60_000)


async def test_an_exercise_is_practised_from_the_start_screen(place: Place) -> None:
    async with place.shown() as on:
        await on.press("1", "4")
        await on.arrives("BriefingScreen")
        assert on.app.desk.kind == "practice"
        assert "PRACTICE" in on.text
    [run] = start.stored_runs(place.store)
    assert run.kind == "practice"


async def test_the_choice_of_a_pace_can_be_left(place: Place) -> None:
    async with place.shown() as on:
        await on.press("enter", "escape")
        assert "At which pace?" not in on.text
        assert on.where == "StartScreen"


async def test_a_run_is_gone_on_with_where_it_stands(place: Place) -> None:
    briefing = place.begun("atm", c.SeatPerson("guard", "Wu Min"))
    async with place.shown() as on:
        await on.press("1")
        await on.arrives("BriefingScreen")
        assert on.app.desk.run == briefing
        assert "Wu Min" in on.text
        await on.press("escape")
        await on.arrives("StartScreen")
        await on.app.workers.wait_for_complete()
        await on.pilot.pause()
        assert "in the briefing" in on.text


async def test_a_running_exercise_is_gone_on_with_paused(place: Place) -> None:
    place.begun("atm", c.Start(), c.ReleaseInject("offer"))
    async with place.shown() as on:
        await on.press("enter")
        await on.arrives("ConsoleScreen")
        assert on.app.desk.state.paused


async def test_ended_runs_open_their_evaluation_or_debrief(place: Place) -> None:
    place.begun("atm", c.Start(), c.ReleaseInject("offer"), c.End())
    place.begun("atm", c.Start(), c.ReleaseInject("offer"), c.End(), c.LockRatings())
    async with place.shown() as on:
        assert on.text.index("LIBRARY") < on.text.index("ENDED")
        await on.press("2")
        await on.arrives("DebriefScreen")
    async with place.shown() as on:
        await on.press("3")
        await on.arrives("EvaluationScreen")


async def test_what_is_typed_while_opening_is_played_in_order(place: Place) -> None:
    gate = threading.Event()
    async with place.shown(slow=lambda: gate.wait(5)) as on:
        await on.press("1", "enter")
        assert on.where == "LoadingScreen"
        assert "Impostor at the machine" in on.text
        assert "What you type is kept." in on.text
        assert "INTERNAL · EXERCISE EXERCISE EXERCISE" in on.text
        await on.type("李 Wei")
        await on.press("enter")
        gate.set()
        await on.arrives("BriefingScreen")
        for _ in range(100):
            await on.pilot.pause(0.02)
            if any(entry.event.kind == "person_seated" for entry in place.log(on.app.desk.run)):
                break
        await on.app.desk.idle()
        seated = [entry.event for entry in place.log(on.app.desk.run) if isinstance(entry.event, e.PersonSeated)]
        assert [(event.role, event.name) for event in seated] == [("guard", "李 Wei")]


async def test_a_run_that_cannot_be_opened_leads_back(place: Place) -> None:
    def fail() -> None:
        raise TabletopError("store.in-use", path="runs.db")

    async with place.shown(slow=fail) as on:
        await on.press("1", "enter")
        await on.arrives("StartScreen")
        await on.app.workers.wait_for_complete()
        await on.pilot.pause()
        assert "Impostor at the machine" in on.text


async def test_the_language_is_turned(place: Place) -> None:
    async with place.shown() as on:
        await on.press("f2")
        await on.app.workers.wait_for_complete()
        await on.pilot.pause()
        assert "演练库" in on.text
        assert "自助机旁冒充员工" in on.text
        assert "内部资料 · 演练 演练 演练" in on.text
        await on.press("f2")
        assert "LIBRARY" in on.text


async def test_a_store_that_cannot_be_read_is_told_and_the_library_stays(place: Place) -> None:
    place.store.write_bytes(b"no store at all, but long enough to be looked at" * 40)
    async with place.shown() as on:
        assert "The runs cannot be read:" in on.text
        assert "Impostor at the machine" in on.text


def row(number: int, title: str, **changes: Any) -> RunRow:
    given: dict[str, Any] = {
        "id": f"atm-2026111{number}-0900-00aa", "number": number, "kind": "live", "status": "open", "exercise": "atm", "version": "1.0",
        "title_json": f'{{"en":"{title}","zh-Hans":"自助机旁冒充员工"}}', "created": "2026-11-18T01:00:00.000Z", "started": None,
        "ended": None, "events": 3, "head": "ab", "pace": "timed", "subject": "fraud", "site": "Chongli", "level": None, "people": None,
        "score": None, "grade": None, "evidence": None, "exercise_hash": "cd", "exercise_ms": 872_000, "last": "2026-11-18T02:00:00.000Z",
    }  # fmt: skip
    return RunRow(**{**given, **changes})


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_frames(tmp_path: Path, check_frame: Any, language: str, size: tuple[int, int]) -> None:
    place = Place(tmp_path)
    place.write("atm", ATM)
    place.write("fire", FIRE)
    runs = (
        row(3, "[/nope] [b", started="2026-11-18T01:30:00.000Z"),
        row(2, "Impostor", kind="practice", last="2026-11-17T23:05:00.000Z"),
        row(1, "Impostor", status="ended", ended="2026-10-18T02:00:00.000Z"),
    )
    async with place.shown(language=language, size=size) as on:
        on.app.screen._shown = Shown(runs, tuple(place.library.entries()), today=date(2026, 11, 18))
        on.app.screen.draw()
        await on.press("down")
        check_frame(on.app, f"start-{language}-{size[0]}")
        on.app.screen.sheet.go("exercise:atm")
        await on.press("enter")
        check_frame(on.app, f"start-pace-{language}-{size[0]}")


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_loading_frames(place: Place, check_frame: Any, language: str, size: tuple[int, int]) -> None:
    gate = threading.Event()
    async with place.shown(language=language, size=size, slow=lambda: gate.wait(5)) as on:
        await on.press("1", "enter")
        check_frame(on.app, f"loading-{language}-{size[0]}")
        gate.set()
        await on.arrives("BriefingScreen")


def test_nothing_of_a_long_list_of_ended_runs_hides_what_waits() -> None:
    many = [row(number % 9, f"Run {number}", id=f"r{number}", status="ended") for number in range(60)]
    lines = start_lines(Shown([*many, row(1, "Waiting")], today=date(2026, 11, 18)), Words("en"), 76)
    assert sum("Run " in line.text.plain for line in lines) == 20
    found = start_lines(Shown(many, query="run 59", today=date(2026, 11, 18)), Words("en"), 76)
    assert [line.row for line in found if line.row] == ["run:r59"]


@pytest.mark.parametrize(
    ("query", "hit"), [("impostor MACHINE", True), ("machine impostor", True), ("冒充", True), ("冒烟", False), ("", True)]
)
def test_every_word_of_a_query_must_fit(query: str, hit: bool) -> None:
    assert fits(query, ["Impostor at the machine", "自助机旁冒充员工"]) is hit


async def test_leaving_lets_go_of_everything(place: Place) -> None:
    async with place.shown() as on:
        await on.press("1", "enter")
        await on.arrives("BriefingScreen")
        run = on.app.desk.run
        await on.press("ctrl+q")
        await asyncio.sleep(0.05)
    with open_store(place.store, create=False) as store:
        assert store.find_run(run).status == "open"

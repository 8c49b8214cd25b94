"""What tests of screens share: a run in memory, a clock the test sets, and screens kept as text."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import textual.app
import textual.pilot
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.pilot import Pilot

from tabletop.conductor import Clockwork, Conductor, Fenced
from tabletop.debrief.model import RunInfo
from tabletop.engine import commands as c
from tabletop.engine.events import Entry, Pace, RunCreated
from tabletop.engine.rights import DRIVER, Actor
from tabletop.errors import TabletopError
from tabletop.exercise.model import Exercise
from tabletop.tui.app import TabletopApp
from tabletop.tui.crowd import NOBODY, Code, Crowd

FRAMES = Path(__file__).parents[1] / "frames"
"""Where screens are kept as text."""

BEGIN_MS = 1_795_050_000_000
"""When every run of these tests is made: 2026-11-18 21:00 UTC."""

SIZES = ((80, 24), (140, 40))


@pytest.fixture(autouse=True, scope="session")
def sheets_read_once() -> Iterator[None]:
    """Every app of these tests reads the same style sheets in the same colours: each is parsed once, not once for every app."""
    parsed: dict[tuple[object, ...], list[RuleSet]] = {}
    parse = Stylesheet._parse_rules

    def parse_once(sheet: Stylesheet, css: str, read_from: CSSLocation, **more: Any) -> list[RuleSet]:
        key = (tuple(sheet._variables.items()), css, read_from, *more.values())
        if key not in parsed:
            parsed[key] = parse(sheet, css, read_from, **more)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


async def all_done(min_sleep: float = 0, max_sleep: float = 0) -> None:
    """Returns once nothing is left to do in this thread but to wait: for a key, for another thread, or for a moment to come."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(0)
        if not loop._ready:  # type: ignore[attr-defined]
            return


async def all_drawn(pilot: Pilot[Any], delay: float | None = None) -> None:
    """Waits `delay` seconds, then until nothing is left to do and what it changed is drawn."""
    await pilot._wait_for_screen()
    await asyncio.sleep(delay or 0)
    while pilot.app.is_running:
        await all_done()
        if pilot.app._resize_timer is not None:
            await asyncio.sleep(0.005)
            continue
        # The timer by which a screen is drawn stands still while there is nothing to draw.
        seen = [pilot.app.screen, *pilot.app._background_screens]
        stale = [screen for screen in seen if screen._callbacks or screen._update_timer._active.is_set()]
        if not stale:
            return
        # Where two programs run in one test, a screen would ask the other whether it is on top.
        with pilot.app._context():
            for screen in stale:
                screen._on_timer_update()


@pytest.fixture(autouse=True, scope="session")
def nothing_left_to_do() -> Iterator[None]:
    """A pilot waits until all is done and drawn, not until the process seems to rest.

    By itself it compares the processor's time with the clock: on a busy machine a process that gets no turn looks as if it
    rested, and where nothing is to be done it sleeps all the same.
    """
    with pytest.MonkeyPatch.context() as patch:
        for module in (textual.app, textual.pilot):
            patch.setattr(module, "wait_for_idle", all_done)
        patch.setattr(Pilot, "pause", all_drawn)
        yield


class FakeTime:
    """Wall and monotonic clock of a test."""

    def __init__(self) -> None:
        self.wall_s = BEGIN_MS / 1000
        self.unseen_s = 0.0

    def now_ms(self) -> int:
        return round(self.wall_s * 1000)

    def wait(self, seconds: float) -> None:
        """Lets time pass as usual."""
        self.wall_s += seconds

    def sleep(self, seconds: float) -> None:
        """Lets time pass that nobody saw, as in a laptop that slept."""
        self.wall_s += seconds
        self.unseen_s += seconds


class MemoryLog:
    """A log in memory that can be told to fail."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.fail_with: TabletopError | None = None
        self.news = False

    def append(self, entries: Sequence[Entry], *, expected_head: int, rows: Any = None, fence: int | None = None) -> None:
        if self.fail_with is not None:
            raise self.fail_with
        self.entries.extend(entries)

    def read(self, after: int = 0) -> list[Entry]:
        return self.entries[after:]

    def changed(self) -> bool:
        news, self.news = self.news, False
        return news

    def prepare(self) -> None:
        """There is nothing to open."""

    def turn(self) -> AbstractContextManager[None]:
        return nullcontext()


class Beside(MemoryLog):
    """The same log as another process looks at it."""

    def __init__(self, log: MemoryLog) -> None:
        super().__init__()
        self.log = log
        self.entries = log.entries
        self.looked = len(log.entries)

    def append(self, entries: Sequence[Entry], *, expected_head: int, rows: Any = None, fence: int | None = None) -> None:
        self.log.append(entries, expected_head=expected_head, rows=rows, fence=fence)
        self.log.news = True

    def changed(self) -> bool:
        before, self.looked = self.looked, len(self.entries)
        return self.looked > before


class MemorySource:
    """A run in memory for a desk."""

    takes_part = False

    def __init__(
        self, exercise: Exercise, time: FakeTime, *, pace: Pace = "timed", language: str = "en", started: bool = True, driver: str = ""
    ) -> None:
        self.exercise = exercise
        self.time = time
        self.log = MemoryLog()
        self.driver_name = driver
        self.kept_drafts: dict[str, str] = {}
        self.beats: list[int] = []
        self.fenced = False
        self.beat_error: TabletopError | None = None
        self.closed = False
        self.kind = "live"
        self.numbers = 0
        conductor = self._conductor(self.log)
        created = RunCreated(exercise=exercise.id, version=exercise.version, pace=pace, language=language, seed=7, site="")
        self.log.append([Entry(1, self._id(), time.now_ms(), 0, "driver", 0, created)], expected_head=0)
        conductor.catch_up()
        if started:
            conductor.dispatch(c.Start())
        self.conductor = conductor
        self.there = NOBODY
        """Who is at a device; a test sets it."""
        self.kicked: list[str] = []
        self.gave_up = 0

    def _conductor(self, log: MemoryLog) -> Conductor:
        clockwork = Clockwork(lambda: BEGIN_MS / 1000 + self.time.unseen_s, lambda: 1000.0)
        return Conductor(self.exercise, log, "run-1", now_ms=self.time.now_ms, new_id=self._id, clockwork=clockwork)

    def _id(self) -> str:
        self.numbers += 1
        return f"00000000-0000-4000-8000-{self.numbers:012d}"

    def open(self) -> Conductor:
        return self.conductor

    @property
    def drives(self) -> bool:
        return not self.driver_name

    @property
    def driver(self) -> str:
        return self.driver_name

    def take_over(self) -> None:
        self.driver_name = ""
        self.conductor.dispatch(c.TakeWheel("this console"))

    def beat(self, exercise_ms: int) -> None:
        if self.fenced:
            self.driver_name = "another console"
            raise Fenced("store.fenced", run="run-1")
        if self.beat_error is not None:
            raise self.beat_error
        self.beats.append(exercise_ms)

    def drafts(self) -> dict[str, str]:
        return dict(self.kept_drafts)

    def keep_draft(self, name: str, text: str) -> None:
        if text:
            self.kept_drafts[name] = text
        else:
            self.kept_drafts.pop(name, None)

    def info(self) -> RunInfo:
        return RunInfo("run-1", events=len(self.log.entries), head="ab" * 32)

    def close(self) -> None:
        self.closed = True

    def crowd(self) -> Crowd:
        return self.there

    def new_codes(self, seats: Sequence[str]) -> dict[str, str]:
        self.there = replace(self.there, codes=tuple(Code(seat, False) for seat in seats))
        return dict.fromkeys(seats, "7K2M-9QXD")

    def kick(self, pass_id: str) -> None:
        self.kicked.append(pass_id)
        self.there = replace(self.there, devices=tuple(one for one in self.there.devices if one.pass_id != pass_id))

    def set_lobby(self, *, locked: bool | None = None, paper: bool | None = None) -> None:
        now = self.there
        self.there = replace(now, locked=now.locked if locked is None else locked, paper=now.paper if paper is None else paper)

    def give_up(self) -> None:
        self.gave_up += 1

    def from_elsewhere(self, command: c.Command, actor: Actor = DRIVER) -> None:
        """What another process records meanwhile."""
        other = Conductor(self.exercise, self.log, "run-1", now_ms=self.time.now_ms, new_id=self._id)
        other.dispatch(command, actor)
        self.log.news = True


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


def frame(app: App[Any]) -> str:
    """The screen as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips) + "\n"


async def settled(on: Any) -> None:
    """Waits until every key is followed, and what it asked for recorded and drawn."""
    async with asyncio.timeout(60):
        await on.pilot.pause()
        while (desk := on.app.desk) is not None and on.app.is_running:
            await desk.idle()
            await on.pilot.pause()
            if desk.is_idle and on.app._out is None and not on.app._waiting:
                return


async def caught_up(on: Any) -> None:
    """Waits until a screen shows all that stands in the log, whoever wrote it."""
    async with asyncio.timeout(60):
        while (desk := on.app.desk) is not None and len(desk.entries) < len(on.source.log.entries):
            await on.pilot.pause(0.01)
    await on.settle()


class Stage:
    """An app under test."""

    def __init__(self, app: TabletopApp, pilot: Pilot[None], source: MemorySource) -> None:
        self.app = app
        self.pilot = pilot
        self.source = source

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return frame(self.app)

    @property
    def state(self) -> Any:
        assert self.app.desk is not None
        return self.app.desk.state

    async def press(self, *keys: str) -> None:
        """Presses keys and waits until what they asked for is recorded and drawn."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Types text, any script: each character is one key."""
        from textual import events

        for character in text:
            key = events.Key(character, character)
            self.app.post_message(key)
        await self.settle()

    async def opened(self) -> None:
        """Waits until the run is open and shown."""
        while self.app.desk is None:
            await self.pilot.pause()
        await self.settle()

    async def settle(self) -> None:
        await settled(self)

    async def follow(self, seconds: float = 0.4) -> None:
        """Gives the desk real time to notice what others wrote, a gap, a lost lease."""
        await asyncio.sleep(seconds)
        self.app._tick()
        await self.settle()

    async def play(self, steps: Sequence[str]) -> None:
        """Presses keys one after the other; `wait:20` lets twenty seconds pass, `page:room` turns to that page of the console."""
        for step in steps:
            word, _, value = step.partition(":")
            if word == "wait":
                await self.wait(float(value))
            elif word == "page":
                while getattr(self.app.screen, "page", value) != value:
                    await self.press("tab")
            else:
                await self.press(step)

    async def run_action(self, action: str) -> None:
        """Does what an action does that has no key."""
        await self.app.screen.run_action(action)
        await self.settle()

    async def wait(self, seconds: float) -> None:
        """Lets exercise time pass and ticks once; what others wrote until then is shown."""
        self.source.time.wait(seconds)
        self.app._tick()
        await caught_up(self)


StageMaker = Callable[..., Any]


@pytest.fixture
def stage(time: FakeTime) -> StageMaker:
    """Makes an app with a run in memory: `async with stage(exercise) as on:`."""

    @asynccontextmanager
    async def make(
        exercise: Exercise,
        *,
        size: tuple[int, int] = (140, 40),
        language: str = "en",
        first: str = "console",
        quiet: bool = True,
        notifications: bool = False,
        source: MemorySource | None = None,
        theme: str = "tabletop-dark",
        view: str = "lectern",
        prepare: Callable[[Conductor], None] | None = None,
        hasty_s: float = 0.0,
        rest_s: float = 0.0,
        **run: Any,
    ) -> AsyncIterator[Stage]:
        made = source or MemorySource(exercise, time, language=language, **run)
        if prepare is not None:
            prepare(made.conductor)
        app = TabletopApp(language=language, source=made, first=first, quiet=quiet, theme=theme)  # type: ignore[arg-type]
        app.console_view = view
        app.key_clock = lambda: 0.0
        app.enter_once.within_s = hasty_s
        app.unasked.rest_s = rest_s
        async with app.run_test(size=size, notifications=notifications) as pilot:
            on = Stage(app, pilot, made)
            await on.opened()
            yield on
            if app.desk is not None:
                app.desk.close(pause=False)

    return make


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-frames", action="store_true", help="write the screens of this run to tests/frames")


@pytest.fixture
def check_frame(request: pytest.FixtureRequest) -> Callable[[App[Any], str], None]:
    """Compares a screen with `tests/frames/NAME.txt`; `--update-frames` writes it."""

    def check(app: App[Any], name: str) -> None:
        path = FRAMES / f"{name}.txt"
        shown = re.sub(r"[ ]+$", "", frame(app), flags=re.MULTILINE)
        if request.config.getoption("--update-frames", default=False) or os.environ.get("UPDATE_FRAMES"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(shown, encoding="utf-8", newline="\n")
            return
        assert shown == path.read_text(encoding="utf-8"), f"{name} looks different; --update-frames takes it as it is now"

    return check

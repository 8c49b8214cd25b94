"""A run in memory as one of those sees it who judge or record, while the console drives it elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from tabletop.conductor import Clockwork, Conductor
from tabletop.engine import commands as c
from tabletop.engine.around import QUIET, Around
from tabletop.engine.events import Entry
from tabletop.engine.rights import Actor
from tabletop.engine.seats import seat_view
from tabletop.engine.views import SeatView
from tabletop.exercise.model import Exercise
from tabletop.tui.crowd import NOBODY, Crowd
from tabletop.tui.judge_app import JudgeApp

from .conftest import BEGIN_MS, FakeTime, MemorySource, Stage
from .judged import judged_bank


class JoinedMemory(MemorySource):
    """The run of a `MemorySource`, joined; `drive` is what the console does meanwhile."""

    takes_part = True
    drives = False
    driver = ""

    def __init__(self, exercise: Exercise, time: FakeTime, **run: object) -> None:
        super().__init__(exercise, time, **run)  # type: ignore[arg-type]
        self.seat = self.name = ""
        self.there = ""  # type: ignore[assignment]  # of a seat: which one the others see
        self.typing_ms: int | None = None
        self.driven = True
        self.own: Conductor | None = None

    def open(self) -> Conductor:
        clockwork = Clockwork(lambda: BEGIN_MS / 1000, lambda: 1000.0)
        self.own = Conductor(self.exercise, self.log, "run-1", now_ms=self.time.now_ms, new_id=self._id, clockwork=clockwork)
        return self.own

    def crowd(self) -> Crowd:
        return NOBODY

    def beat(self, exercise_ms: int) -> None:
        self.beats.append(exercise_ms)

    def drive(self, command: c.Command, actor: Actor | None = None) -> list[Entry]:
        """What the console, or somebody else, has recorded."""
        self.conductor.catch_up()
        entries = self.conductor.dispatch(command, actor)
        self.log.news = True
        return entries

    def view(self, *roles: str, around: Around = QUIET) -> SeatView:
        """What a seat of these roles may see now."""
        self.conductor.catch_up()
        return seat_view(self.conductor.plan, self.conductor.state, roles, self.conductor.elapsed_ms(), around=around)


@asynccontextmanager
async def judging(
    time: FakeTime,
    actor: Actor,
    *,
    size: tuple[int, int] = (80, 24),
    language: str = "en",
    prepare: Callable[[JoinedMemory], None] | None = None,
    notifications: bool = False,
    exercise: Exercise | None = None,
) -> AsyncIterator[Stage]:
    """The screen of an evaluator or a recorder: `async with judging(time, Actor("evaluator", "Ann")) as on:`."""
    source = JoinedMemory(exercise or judged_bank(), time, language=language)
    if prepare is not None:
        prepare(source)
    app = JudgeApp(source, actor, language=language, quiet=True)  # type: ignore[arg-type]  # a run in memory
    app.key_clock = lambda: 0.0
    app.unasked.rest_s = 0.0
    async with app.run_test(size=size, notifications=notifications) as pilot:
        on = Stage(app, pilot, source)
        await on.opened()
        yield on
        if app.desk is not None:
            app.desk.close()

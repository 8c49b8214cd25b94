"""What tests of players' screens share: a run in memory that somebody else drives, and the program of a seat or the wall on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine.events import AnyEvent
from tabletop.exercise.model import Exercise
from tabletop.tui import aim
from tabletop.tui.player_app import PlayerApp
from tabletop.tui.room_app import RoomApp
from tabletop.tui.screens import seated
from tabletop.tui.station_app import StationApp
from tabletop.tui.widgets.lines import Lines

from .conftest import Beside, FakeTime, MemorySource, caught_up, frame, settled


class SeatSource(MemorySource):
    """A run in memory that this process takes part in; `from_elsewhere` is what its driver does."""

    takes_part = True

    def __init__(self, exercise: Exercise, time: FakeTime, **run: Any) -> None:
        super().__init__(exercise, time, **run)
        self.driver_name = "console"
        self.seat = self.at = self.name = ""
        self.typing_ms: int | None = None
        self.driven = True
        self.seats_here: tuple[tuple[str, str], ...] = ()
        self.left_seats: tuple[tuple[str, str], ...] = ()
        self.by_seat: dict[str, dict[str, str]] = {}
        self.conductors: list[Conductor] = []
        """Those of the programs that have it open."""

    def open(self) -> Conductor:
        """Each program beside the first has a conductor of its own: one is not for two threads."""
        conductor = self._conductor(Beside(self.log)) if self.conductors else self.conductor
        conductor.catch_up()
        self.conductors.append(conductor)
        return conductor

    def close(self) -> None:
        super().close()
        self.conductors.pop()

    def sit(self, seat: str, there: str, name: str) -> dict[str, str]:
        self.seat, self.at, self.name = seat, there, name
        self.kept_drafts = self.by_seat.setdefault(seat, {})
        return self.drafts()


class AtASeat:
    """A player's program under test."""

    def __init__(self, app: PlayerApp, pilot: Pilot[None], source: SeatSource) -> None:
        self.app = app
        self.pilot = pilot
        self.source = source
        self.bells = 0

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return frame(self.app)

    @property
    def flat(self) -> str:
        """What stands on the screen, in one line."""
        return " ".join(self.text.split())

    @property
    def state(self) -> Any:
        assert self.app.desk is not None
        return self.app.desk.state

    @property
    def log(self) -> list[AnyEvent]:
        return [entry.event for entry in self.source.log.entries]

    async def settle(self) -> None:
        await settled(self)

    async def press(self, *keys: str) -> None:
        """Presses keys and waits until what they asked for is recorded and drawn."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Types text, any script: each character is one key."""
        for character in text:
            self.app.post_message(events.Key(_character_to_key(character), character))
        await self.settle()

    async def tick(self) -> None:
        self.app._tick()
        await self.settle()

    async def wait(self, seconds: float) -> None:
        """Lets exercise time pass and ticks once; what others wrote until then is shown."""
        self.source.time.wait(seconds)
        await self.tick()
        await caught_up(self)

    async def driver(self, *commands: c.Command) -> None:
        """What the console does meanwhile; waits until this screen has followed."""
        for command in commands:
            self.source.from_elsewhere(command)
        await caught_up(self)

    async def told(self, *injects: str) -> None:
        await self.driver(*(c.ReleaseInject(inject) for inject in injects))


def below(on: AtASeat) -> str:
    """What stands below to be answered."""
    return "\n".join(line.plain.strip() for line in on.app.screen.query_one("#task", Lines).lines)


async def _open(app: PlayerApp, on: AtASeat) -> None:
    app.key_clock = lambda: 0.0

    def rung() -> None:
        on.bells += 1

    app.bell = rung  # type: ignore[method-assign]
    async with asyncio.timeout(60):
        while app.desk is None or not app.desk.ready or len(app.screen_stack) < 2 or type(app.screen).__name__ == "JoiningScreen":
            if app.failure is not None:
                raise app.failure
            await on.pilot.pause(0.01)
    await on.settle()


@asynccontextmanager
async def seat(
    exercise: Exercise,
    roles: Sequence[str] = ("teller",),
    *,
    time: FakeTime | None = None,
    name: str = "Li Wei",
    private: bool = False,
    size: tuple[int, int] = (80, 24),
    language: str = "en",
    quiet: bool = False,
    source: SeatSource | None = None,
    habit_s: float = 0.0,
    **run: Any,
) -> AsyncIterator[AtASeat]:
    """A station with a run in memory."""
    made = source or SeatSource(exercise, time or FakeTime(), language=language, **run)
    app = StationApp(made, language=language, quiet=quiet, roles=roles, name=name, private=private)  # type: ignore[arg-type]
    aim.HABIT_S, seated.FRESH_S = habit_s, 1000.0
    async with app.run_test(size=size) as pilot:
        on = AtASeat(app, pilot, made)
        await _open(app, on)
        yield on
        app.let_go()


@asynccontextmanager
async def wall(
    exercise: Exercise,
    *,
    time: FakeTime | None = None,
    size: tuple[int, int] = (80, 24),
    language: str = "en",
    site: str = "",
    source: SeatSource | None = None,
    **run: Any,
) -> AsyncIterator[AtASeat]:
    """A wall with a run in memory."""
    made = source or SeatSource(exercise, time or FakeTime(), language=language, **run)
    app = RoomApp(made, language=language, site=site)  # type: ignore[arg-type]
    async with app.run_test(size=size) as pilot:
        on = AtASeat(app, pilot, made)
        await _open(app, on)
        yield on
        app.let_go()

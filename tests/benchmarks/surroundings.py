"""What surrounds a facilitator who is measured: a run in a store, a clock that is pushed, seats and evaluators that write to the same run.

Owns: who writes as whom. Refuses to own: what is written when (`facilitator`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot

from tabletop.conductor import Clockwork, Conductor, Opened, RunOptions, begin, join, open_store
from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.exercise.loading import load_exercise
from tabletop.scoring.projection import rows
from tabletop.store import Store
from tabletop.tui.app import TabletopApp
from tabletop.tui.sources import StoredRun

EXERCISE = Path(__file__).parents[2] / "exercises" / "armed-hostage.yaml"

SIZE = (100, 32)
LANGUAGE = "en"
BEGIN_S = 1_795_050_000.0

SEED = 6
"""Shuffles the options so that the one that is taken stands where it stands on average, between second and third."""


class PushedClock(Clockwork):
    """A clock that the play pushes; no time passes on it unseen."""

    def __init__(self) -> None:
        self.seconds = BEGIN_S
        super().__init__(self._now, self._now)

    def _now(self) -> float:
        return self.seconds

    def now_ms(self) -> int:
        return round(self.seconds * 1000)

    def look(self) -> int:
        return 0

    def unseen(self) -> bool:
        return False


class Others:
    """Seats, an evaluator and a recorder: each writes to the same run as its own process would."""

    def __init__(self, store: Store, run: str, clock: Clockwork) -> None:
        self._store, self._run, self._clock = store, run, clock
        self._known: dict[str, Conductor] = {}

    def _as(self, actor: Actor) -> Conductor:
        if str(actor) not in self._known:
            row = self._store.find_run(self._run)
            self._known[str(actor)] = join(self._store, row, actor, rows=rows, clockwork=self._clock).conductor
        return self._known[str(actor)]

    def seat(self, role: str, command: c.Command) -> int:
        """What people do at their own device; how long the log is then."""
        return self._done(self._as(Actor("seat", roles=(role,))), command)

    def evaluator(self, command: c.Command) -> int:
        return self._done(self._as(Actor("evaluator", "E1")), command)

    def recorder(self, command: c.Command) -> int:
        return self._done(self._as(Actor("recorder", "R1")), command)

    def _done(self, conductor: Conductor, command: c.Command) -> int:
        conductor.catch_up()
        conductor.dispatch(command)
        return conductor.head


@asynccontextmanager
async def console(folder: Path, clock: PushedClock) -> AsyncIterator[tuple[TabletopApp, Pilot[None], Path]]:
    """The console of a run that has begun, in a store in `folder`."""
    path = folder / "store.db"
    loaded = load_exercise(EXERCISE)

    def opened() -> Opened:
        # The options of a run are shuffled at random; here the measure is the same every time.
        with patch("tabletop.conductor.opening.secrets.randbelow", return_value=SEED):
            made = begin(
                open_store(path), loaded.exercise, loaded.text, RunOptions(pace="timed", language=LANGUAGE), rows=rows, clockwork=clock
            )
        made.conductor.dispatch(c.Start())
        return made

    app = TabletopApp(language=LANGUAGE, source=StoredRun(opened), first="console", quiet=True)
    app.key_clock = lambda: 0.0
    app.enter_once.within_s = 0.0
    app.unasked.rest_s = 0.0
    async with app.run_test(size=SIZE) as pilot:
        async with asyncio.timeout(60):
            while app.desk is None or not app.desk.ready:
                await pilot.pause(0.02)
        try:
            yield app, pilot, path
        finally:
            app.desk.close(pause=False)

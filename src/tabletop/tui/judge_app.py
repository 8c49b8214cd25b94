"""The program of evaluators and recorders: it takes part in a run that somebody else drives, and never drives it.

Owns: who sits here, in whose name everything is recorded, that the others see it. Refuses to own: what may be recorded
(`engine.rights`), and what the screens show.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events

from tabletop import platform
from tabletop.engine.events import InjectReleased
from tabletop.engine.rights import Actor
from tabletop.text import Text, clean_line

from .app import TabletopApp
from .desk_app import DeskApp
from .places import Place
from .seat_source import JoinedRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tabletop.conductor import Joined
    from tabletop.engine.events import Entry
    from tabletop.engine.state import State

LONGEST_NAME = 80
"""Characters of a name; as long as the log keeps."""


def actor_here(asked: Actor, entries: Sequence[Entry]) -> Actor:
    """The name under which somebody who was here before goes on: what was entered as an evaluator is not somebody else's once they lead."""
    if asked.kind == "recorder":
        return asked
    before = {entry.actor for entry in entries}
    known = (Actor("lead", asked.name), Actor("evaluator", asked.name))
    return next((actor for actor in known if str(actor) in before), asked)


class JudgeApp(TabletopApp):
    """An evaluator's or a recorder's program."""

    MAY_STAND_DOWN: ClassVar = False

    def __init__(self, source: JoinedRun, actor: Actor, *, language: str = "en", title: Text = "", quiet: bool = False) -> None:
        super().__init__(language=language, source=source, first="loading", title=title, quiet=quiet)
        self.joined = source
        self.who = Actor(actor.kind, clean_line(actor.name, longest=LONGEST_NAME))
        """In whose name everything is recorded."""
        self.lead = self.who
        """In whose name the ratings are locked."""
        self.came = ""
        """The inject that was released last, until the table was looked at; empty: nothing new."""
        source.seat = source.there = str(self.who)
        source.name = self.who.name

    def desk_opened(self) -> None:
        desk = self.desk
        if desk is not None:
            self.who = actor_here(self.lead, desk.entries)
            desk.conductor.actor = self.who
        DeskApp.desk_opened(self)

    def desk_changed(self, fresh: Sequence[Entry]) -> None:
        """What is released is heard whatever is being written here; where it is said is the screens' business."""
        released = [entry.event.inject for entry in fresh if isinstance(entry.event, InjectReleased)]
        if released and self.desk is not None and self.desk.ready:
            self.came = released[-1]
            if not self.quiet:
                self.bell()
        super().desk_changed(fresh)

    def place_for(self, state: State) -> Place:
        """The table, whatever the run does: ratings are turned to by a key."""
        return "recording" if self.who.kind == "recorder" else "judging"

    async def on_event(self, event: events.Event) -> None:
        """The others see that somebody types."""
        if isinstance(event, events.Key) and self.desk is not None and self.desk.ready and self.takes_text():
            self.joined.typing_ms = self.desk.conductor.wall_ms()
        await super().on_event(event)

    @property
    def emergency_seat(self) -> str:
        """Where an emergency is pressed when it is pressed here."""
        return str(self.who)


def run_judge(*, store: Path, run: str, actor: Actor, language: str, quiet: bool = False) -> int:
    """The screen of an evaluator or a recorder at a run; the exit code. Raises TabletopError where the run cannot be joined."""
    from .start import left

    platform.drop_empty_no_color()
    app = JudgeApp(JoinedRun(partial(_joined, store, run, actor)), actor, language=language, title=run, quiet=quiet)
    app.run()
    return left(app)


def _joined(store: Path, run: str, actor: Actor) -> Joined:
    from tabletop.conductor import join, open_store
    from tabletop.scoring.projection import rows

    kept = open_store(store, create=False)
    try:
        return join(kept, kept.find_run(run, open_only=True), actor, rows=rows)
    except BaseException:
        kept.close()
        raise

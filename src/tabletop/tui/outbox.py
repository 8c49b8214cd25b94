"""What a seat sends: it is called recorded once the commit has returned, and stays where it was typed until then.

Owns: what is on its way, and what is said of it. Refuses to own: what may be recorded (engine).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from tabletop.engine import commands as c
from tabletop.errors import TabletopError

if TYPE_CHECKING:
    from tabletop.engine.events import Entry
    from tabletop.engine.rights import Actor

    from .player_app import PlayerApp


OF_STANDING = frozenset(
    f"station.{name}"
    for name in (
        *("refused-no-link", "receipt-no-link", "link-back", "refused", "refused-not-started", "refused-ended", "refused-emergency"),
        *("refused-seat-control", "refused-seat-nobody", "refused-seat-left"),
    )
)
"""What is said of how the seat stands: of its links, of who plays its roles, of whether the exercise goes on."""


class Outbox:
    """The commands of one seat."""

    def __init__(self, app: PlayerApp, changed: Callable[[], None], settled: Callable[[], None], shown: Callable[[], bool]) -> None:
        self._app = app
        self._shown = shown
        """Whether the seat is shown yet: whoever has the terminal since is told nothing of what was sent from it."""
        self._changed = changed
        """Called when something else is to be said."""
        self._settled = settled
        """Called when what was on its way is recorded, or is not: keys were held meanwhile."""
        self._on_the_way: set[str] = set()
        self._unsent: dict[str, c.Command] = {}
        """What could not be recorded: the same command is handed over again, so that it is recorded once."""
        self.said = ""
        """What is said of the last one."""
        self.style = ""
        self._of_standing = False
        """Whether that is said of how the seat stands, which may change."""

    def say(self, code: str, style: str = "bold $text-warning", **values: object) -> None:
        self.said, self.style, self._of_standing = self._app.words(code, **values), style, code in OF_STANDING

    def quiet(self) -> None:
        """Nothing more is said of what was sent."""
        if not self._on_the_way:
            self.said = ""

    def standing_changed(self) -> None:
        """What was said of how the seat stood holds no more."""
        if self._of_standing:
            self.said, self._of_standing = "", False

    @property
    def busy(self) -> bool:
        """Whether anything is on its way."""
        return bool(self._on_the_way)

    def carries(self, key: str) -> bool:
        """Whether a command is on its way."""
        return key in self._on_the_way

    def send(self, key: str, command: c.Command, actor: Actor, recorded: Callable[[], None], drafts: Mapping[str, str]) -> None:
        """Sends a command; `recorded` is called after the commit. While it is on its way it is not sent again.

        `drafts`: what is kept, by name, once it is recorded, wherever the terminal is then; empty: nothing more.
        """
        if key in self._on_the_way:
            return
        kept = self._unsent.get(key)
        if kept == command:
            command = kept
        self._on_the_way.add(key)
        self.say("station.sending", "$text-muted")
        # What is typed on belongs to what comes up next, not to the words that are on their way and gone with it.
        self._app.hold_until_recorded()

        def done(entries: list[Entry]) -> None:
            self._unsent.pop(key, None)
            if not self._shown():
                return
            wall_ms = entries[-1].wall_ms if entries else self._app.desk.conductor.wall_ms() if self._app.desk is not None else 0
            self.say("station.recorded", "bold $text-success", time=f"{datetime.fromtimestamp(wall_ms / 1000):%H:%M:%S}")
            recorded()
            self._on_the_way.discard(key)
            self._settled()

        def failed(error: TabletopError) -> None:
            self._on_the_way.discard(key)
            self._unsent[key] = command
            if self._shown():
                self.say(self._app.why_not(error), "bold $text-error")
                self._changed()
                self._settled()

        self._app.ask(command, done, failed, actor, drafts)

"""What a seat sends: it is called recorded once the commit has returned, and stays where it was typed until then.

Owns: what is on its way, and what is said of it. Refuses to own: what may be recorded (engine).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from tabletop.engine import commands as c
from tabletop.errors import TabletopError

if TYPE_CHECKING:
    from tabletop.engine.events import Entry
    from tabletop.engine.rights import Actor

    from .player_app import PlayerApp


OF_LINKS = frozenset({"station.refused-no-link", "station.receipt-no-link", "station.link-back"})
"""What is said of a link."""


class Outbox:
    """The commands of one seat."""

    def __init__(self, app: PlayerApp, changed: Callable[[], None], settled: Callable[[], None]) -> None:
        self._app = app
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
        self._of_links = False
        """Whether that is said of a link, which may be cut or restored meanwhile."""

    def say(self, code: str, style: str = "bold $text-warning", **values: object) -> None:
        self.said, self.style, self._of_links = self._app.words(code, **values), style, code in OF_LINKS

    def quiet(self) -> None:
        """Nothing more is said of what was sent."""
        if not self._on_the_way:
            self.said = ""

    def link_changed(self) -> None:
        """What was said of a link holds no more."""
        if self._of_links:
            self.said, self._of_links = "", False

    def carries(self, key: str) -> bool:
        """Whether a command is on its way."""
        return key in self._on_the_way

    def send(self, key: str, command: c.Command, actor: Actor, recorded: Callable[[], None]) -> None:
        """Sends a command; `recorded` is called after the commit. While it is on its way it is not sent again."""
        if key in self._on_the_way:
            return
        kept = self._unsent.get(key)
        if kept == command:
            command = kept
        self._on_the_way.add(key)
        self.say("station.sending", "$text-muted")
        # What is typed on belongs to what comes up next, not to the words that are on their way and gone with it.
        self._app.hold_keys()

        def done(entries: list[Entry]) -> None:
            self._on_the_way.discard(key)
            self._unsent.pop(key, None)
            wall_ms = entries[-1].wall_ms if entries else self._app.desk.conductor.wall_ms() if self._app.desk is not None else 0
            self.say("station.recorded", "bold $text-success", time=f"{datetime.fromtimestamp(wall_ms / 1000):%H:%M:%S}")
            recorded()
            self._settled()

        def failed(error: TabletopError) -> None:
            self._on_the_way.discard(key)
            self._unsent[key] = command
            self.said, self.style = self._app.why_not(error), "bold $text-error"
            self._of_links = error.code == "refused.no-link"
            self._changed()
            self._settled()

        self._app.ask(command, done, failed, actor)

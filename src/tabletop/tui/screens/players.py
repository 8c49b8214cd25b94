"""What screens of players have in common: drawing at every change and four times a second, and a real emergency above all.

Owns: when something is drawn. Refuses to own: what (`pages`), and what may be (`engine.seats`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import getters
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from tabletop.engine.emergency import real_emergency
from tabletop.engine.state import Emergency
from tabletop.engine.views import RealEmergency
from tabletop.text import Text
from tabletop.words import Words

from ..pages.alarm import AlarmPage
from ..player_app import PlayerApp

if TYPE_CHECKING:
    from tabletop.engine.state import State

    from ..desk import Desk

RAISED_MS = 8_000
"""Wall milliseconds for which a first press stands above everything; afterwards a line says it."""


class PlayerScreen(Screen[None]):
    """A screen for players. It has no place for toasts or tooltips, and nothing opens above it."""

    app = getters.app(PlayerApp)
    AUTO_FOCUS = ""
    _alarmed = False
    """Whether an emergency stands above everything."""

    @property
    def words(self) -> Words:
        return self.app.words

    @property
    def language(self) -> str:
        return self.app.language

    @property
    def desk(self) -> Desk:
        desk = self.app.desk
        if desk is None:
            raise RuntimeError("no run is open")
        return desk

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """Textual would put toasts and tooltips here: players get none."""

    def on_mount(self) -> None:
        self.app.run_changed.subscribe(self, self._changed)
        self.app.ticked.subscribe(self, self._ticked)
        self.call_after_refresh(self.draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def _changed(self, state: State) -> None:
        self.draw()

    def _ticked(self, now_ms: int) -> None:
        self.draw()

    @property
    def drawable(self) -> bool:
        """Whether there is a run, and a screen that is not being left."""
        desk = self.app.desk
        return desk is not None and desk.ready and self.is_mounted and self.is_attached and bool(self.children)

    def draw(self) -> None:
        """Draws what players may see now."""

    def alarm(self, raised: RealEmergency | None, width: int, height: int) -> list[Content] | None:
        """An emergency, where it stands above everything else; None: there is none, or its first press is old."""
        shown = self._alarm_lines(raised, width, height)
        self._alarmed = shown is not None
        return shown

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key does anything unseen below an emergency; those of the app work."""
        return not self._alarmed and super().check_action(action, parameters)

    def _alarm_lines(self, raised: RealEmergency | None, width: int, height: int) -> list[Content] | None:
        wall_ms, unrecorded_ms = self.desk.conductor.wall_ms(), self.app.unrecorded_emergency_ms
        if unrecorded_ms is not None and (raised is None or not raised.confirmed):
            # The store did not take it; it is real all the same.
            raised = self.unrecorded(unrecorded_ms)
            return AlarmPage(raised, self.words, self.language, width, height, wall_ms, recorded=False).stopped()
        if raised is None:
            return None
        page = AlarmPage(raised, self.words, self.language, width, height, wall_ms)
        if raised.confirmed:
            return page.stopped()
        return page.first_press() if wall_ms - raised.raised_wall_ms < RAISED_MS else None

    def unrecorded(self, at_wall_ms: int) -> RealEmergency:
        """What is known of an emergency that was pressed here and could not be recorded: what the plan says of any."""
        pressed = Emergency(self.app.place_name, self.app.site, at_wall_ms, confirmed=True)
        raised = real_emergency(self.desk.plan, replace(self.desk.state, emergency=pressed))
        if raised is None:
            raise RuntimeError("an emergency that is there")
        return raised

    def raised_line(self, raised: RealEmergency | None) -> str:
        """What stays said of a first press that nobody confirmed."""
        if raised is None:
            return ""
        place = raised.place or raised.site
        return self.words("station.raised-line", place=self._said(place)) if place else self.words("station.raised-somewhere")

    def _said(self, text: Text) -> str:
        from ..look import line

        return line(text, self.language)


def too_small(words: Words, width: int, height: int) -> Iterable[Content]:
    """What is said where the terminal has no room."""
    return (Content(words("console.too-small")), Content(f"{width}×{height} < 60×20"))

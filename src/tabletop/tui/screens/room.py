"""The wall on a terminal of its own, for a projector. Drawn from `wall_view` alone; turned from the console.

Owns: drawing it. Refuses to own: what may be shown, and how (`engine.seats`, `pages.wall`).
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content

from tabletop.engine.seats import wall_view

from ..actions import bindings
from ..pages.wall import WallPage
from ..player_actions import ROOM_ACTIONS
from ..room_app import RoomApp
from ..widgets.lines import Lines
from .players import PlayerScreen


class RoomScreen(PlayerScreen):
    """The shared display."""

    BINDINGS: ClassVar = bindings(ROOM_ACTIONS)

    def compose(self) -> ComposeResult:
        yield Lines(id="board")

    def draw(self) -> None:
        if self.drawable:
            board = self.query_one("#board", Lines)
            width, height = board.size
            if width and height:
                board.show(self._made(width, height)[:height])

    def _made(self, width: int, height: int) -> list[Content]:
        desk, app = self.desk, self.app
        alarm = self.alarm(width, height)
        if alarm is not None:
            return alarm
        if self.is_small:
            return self.too_small(width)
        site = app.asked_site if isinstance(app, RoomApp) else ""
        view = wall_view(desk.plan, desk.state, desk.elapsed_ms(), site, desk.conductor.around)
        mark = self.words("practice.mark") if desk.kind == "practice" else ""
        return WallPage(view, self.words, self.language, width, height, desk.conductor.wall_ms(), app.notice, mark).lines()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The colours may be changed whatever stands there."""
        return True

    def action_theme(self) -> None:
        """The next of the three looks."""
        self.app.action_theme()

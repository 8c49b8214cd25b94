"""The wall: the display that the whole room sees. Drawn from `wall_view` alone; turned by the driver.

Owns: what the few keys do that work here. Refuses to own: what may be shown, and how (`engine.seats`, `pages.wall`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.schedule import due
from tabletop.engine.seats import wall_view
from tabletop.engine.wall import step

from ..actions import WALL_ACTIONS, bindings
from ..pages.wall import WallPage
from .public import PublicScreen
from .turning import turn_blank, turn_earlier


class WallScreen(PublicScreen):
    """The shared display."""

    CSS_PATH = "wall.tcss"
    ACTIONS = WALL_ACTIONS
    BINDINGS: ClassVar = bindings(WALL_ACTIONS)
    EMERGENCY_SEAT: ClassVar = "wall"
    """How this screen is named in an emergency that is pressed here."""

    def made(self, width: int, height: int) -> Iterable[Content]:
        desk = self.desk
        view = wall_view(desk.plan, desk.state, desk.elapsed_ms())
        return WallPage(view, self.words, self.language, width, height, desk.conductor.wall_ms(), self.notice, self.mark).lines()

    def action_show_due(self) -> None:
        """Releases what is due to the whole room, never early; what some roles get is for the console. From an earlier text, goes on."""
        desk = self.desk
        waiting = due(desk.plan, desk.state, desk.elapsed_ms()) if desk.state.clock.running else ()
        later = step(desk.plan, desk.state, 1)
        if waiting and not waiting[0].inject.private:
            self.app.ask(c.ReleaseInject(waiting[0].inject.id, as_planned=True))
        elif waiting and later is None:
            self.note("wall.to-console")
        elif later is not None:
            self.app.ask(c.TurnWall("inject", later))

    def action_earlier_text(self) -> None:
        turn_earlier(self)

    def action_blank(self) -> None:
        turn_blank(self)

    def action_pause(self) -> None:
        """Pauses, or goes on; the reason is for the console."""
        if self.desk.state.phase == "running":
            self.app.ask(c.Pause() if self.desk.state.clock.running else c.Resume())

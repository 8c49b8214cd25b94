"""Turning this terminal to players: the wall, or whose seat. From the digit on, nothing private reaches the terminal."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.content import Content

from tabletop.words import Words

from ...look import plain
from .frame import Choice
from .roles import RolePanel

READ_FROM_AFAR = 100
"""Columns beyond which the letters on a projector are too small for eight metres."""


class TerminalPanel(Choice):
    """`1` the wall, `2` a seat."""

    def __init__(self, words: Words) -> None:
        choices = [plain(words("wall.terminal-wall")), plain(words("wall.terminal-seat"))]
        super().__init__(plain(words("wall.terminal-title"), "bold"), choices)

    def rows(self) -> list[Content]:
        shown = super().rows()
        if self.app.size.width > READ_FROM_AFAR:
            shown.append(plain(self.words("wall.terminal-zoom"), "$text-muted"))
        return shown

    def dismiss(self, result: int | None = None) -> AwaitComplete:
        """Does not go back to the console first: it would be painted once more."""
        if result == 0:
            from ..wall import WallScreen

            self.app.turn_to_players(WallScreen())
            return AwaitComplete()
        if result == 1:
            self.app.push_screen(SeatPanel(self.words("wall.terminal-which")), self._chosen)
            return AwaitComplete()
        return super().dismiss(result)

    def _chosen(self, role: str | None) -> None:
        """A seat was turned to, and this panel is gone with all others; without one it stays."""


class SeatPanel(RolePanel):
    """Whose seat, by the digit of the name tent."""

    def dismiss(self, result: str | None = None) -> AwaitComplete:
        if result is None:
            return super().dismiss(result)
        from ..seat import SeatScreen

        self.app.turn_to_players(SeatScreen(result))
        return AwaitComplete()

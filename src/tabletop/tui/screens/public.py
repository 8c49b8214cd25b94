"""What wall and seat have in common: a screen that players look at, with the keys of its table and no others.

Owns: drawing four times a second, a neutral line to the facilitator, the way back. Refuses to own: what is drawn (`pages`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.content import Content

from tabletop.engine.rights import PRACTICE

from ..actions import Action
from ..widgets.lines import Lines
from .base import OfTheApp
from .drawn import Drawn

TWICE_S = 3.0
"""Seconds within which the second press turns back."""

NOTICE_S = 6.0
"""Seconds for which a neutral line stays."""


class PublicScreen(Drawn, OfTheApp[None]):
    """A screen for players. Nothing opens above it but what concerns everybody."""

    PUBLIC: ClassVar = True
    """Whether its bytes may reach a terminal that players look at."""
    ACTIONS: ClassVar[tuple[Action, ...]] = ()

    board = getters.query_one("#board", Lines)

    def __init__(self) -> None:
        super().__init__()
        self._notice, self._notice_until = "", float("-inf")
        self._turning_at = float("-inf")
        self._only_watches = False
        """Whether this terminal drove nothing when it was turned: a second console may well be a display."""

    def compose(self) -> ComposeResult:
        yield Lines(id="board")

    def on_mount(self) -> None:
        self._only_watches = self.desk.read_only
        super().on_mount()

    def draw(self) -> None:
        """Draws what players may see now."""
        if self.drawable:
            width, height = self.board.size
            if width and height:
                self.board.show(list(self.made(width, height))[:height])

    def made(self, width: int, height: int) -> Iterable[Content]:
        """The lines of the screen."""
        return ()

    @property
    def mark(self) -> str:
        """That it is a practice run, where it is one."""
        return self.words("practice.mark") if self.desk.kind == PRACTICE else ""

    @property
    def notice(self) -> str:
        """A neutral line, where there is one: a key that was half pressed, or that the facilitator is wanted."""
        if time.monotonic() < self._notice_until:
            return self.words(self._notice)
        desk = self.app.desk
        if desk is None:
            return ""
        lost = desk.read_only and not self._only_watches
        troubled = lost or desk.trouble is not None or desk.gap is not None or desk.warning is not None
        return self.words("wall.to-console") if troubled else ""

    def note(self, code: str, seconds: float = NOTICE_S) -> None:
        """Shows a neutral line for some seconds."""
        self._notice, self._notice_until = code, time.monotonic() + seconds
        self.draw()

    def action_turn_back(self) -> None:
        """The first press says so in neutral words; a second within three seconds turns this terminal back."""
        now = time.monotonic()
        if now - self._turning_at > TWICE_S:
            self._turning_at = now
            self.note("wall.back-again", TWICE_S)
        else:
            self.app.turn_back()

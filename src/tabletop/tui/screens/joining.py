"""Stands until the run is open. Says nothing of it."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult

from ..keyed_app import AT_ONCE
from ..look import plain
from ..widgets.lines import Lines
from .players import PlayerScreen


class JoiningScreen(PlayerScreen):
    """An empty screen with one neutral line. Keys that come too early are for the screen that follows."""

    def __init__(self) -> None:
        super().__init__()
        self._early: list[events.Key] = []

    def keep_early(self, event: events.Key) -> bool:
        self._early.append(event)
        return event.key not in AT_ONCE

    def take_keys(self) -> list[events.Key]:
        """What was typed meanwhile, in its order."""
        kept, self._early = [event for event in self._early if event.key not in AT_ONCE], []
        return kept

    def compose(self) -> ComposeResult:
        yield Lines(id="board")

    def draw(self) -> None:
        self.query_one("#board", Lines).show([plain(""), plain(f"  {self.words('station.joining')}")])

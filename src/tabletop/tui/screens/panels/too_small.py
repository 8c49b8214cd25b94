"""The terminal is too small: says how large it must be. What lies below stays as it is."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from ...look import plain
from ...widgets.lines import Lines
from ..base import Panel


class TooSmall(Panel[None]):
    """Stands above everything until the terminal is larger."""

    PUBLIC: ClassVar = True

    def compose(self) -> ComposeResult:
        yield Lines()

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        size = self.app.size
        self.query_one(Lines).show([plain(self.words("console.too-small"), "bold"), plain(f"{size.width}×{size.height} < 60×20")])

    def action_close(self) -> None:
        """Nothing to close: the screen below has no room."""

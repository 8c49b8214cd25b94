"""The terminal is too small: says how large it must be. What lies below stays as it is."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from ...look import plain
from ...pages.lines import wrapped
from ...sizes import SMALLEST, lacking
from ...widgets.lines import Lines
from ..base import Panel


class TooSmall(Panel[None]):
    """Stands above what was open, until the terminal is larger; below what opens by itself meanwhile: an emergency, a question."""

    PUBLIC: ClassVar = True
    AT_ANY_SIZE: ClassVar = True

    def compose(self) -> ComposeResult:
        yield Lines()

    def on_mount(self) -> None:
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        size = self.app.size
        told = wrapped(self.words("console.too-small", columns=SMALLEST[0], rows=SMALLEST[1]), max(10, size.width))
        self.query_one(Lines).show([*(plain(piece, "bold") for piece in told), plain(lacking(*size))])

    def on_screen_resume(self) -> None:
        """What stood above it is gone; the terminal may have grown meanwhile."""
        super().on_screen_resume()
        self.call_next(self.app.mind_size)

    def action_close(self) -> None:
        """Nothing to close: the screen below has no room."""

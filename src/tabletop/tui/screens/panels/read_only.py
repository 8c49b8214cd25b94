"""Somebody else drives this run: watch, or take over."""

from __future__ import annotations

from textual.content import Content

from tabletop.words import Words

from ...look import plain
from .frame import Choice


class ReadOnlyPanel(Choice):
    """Offers to take over."""

    def __init__(self, words: Words, driver: str, *, driven: bool = True) -> None:
        told = words("panel.read-only-title", holder=driver or "?") if driven else words("panel.undriven-title")
        title = plain(told, "bold reverse $text-warning")
        above = [Content(words("panel.read-only-note" if driven else "panel.undriven-note"))]
        super().__init__(title, [plain(words("panel.watch")), plain(words("panel.take-over"))], above=above)

"""Somebody else drives this run: watch, or take over."""

from __future__ import annotations

from textual.content import Content

from tabletop.words import Words

from ...look import plain
from .frame import Choice


class ReadOnlyPanel(Choice):
    """Offers to take over. Says who drives as long as it stands open: the one that drove may be gone meanwhile, or be this one."""

    STAYS = True

    def __init__(self, words: Words) -> None:
        super().__init__(Content(""), [plain(words("panel.watch")), plain(words("panel.take-over"))])

    def heading(self) -> Content:
        words, desk = self.words, self.desk
        holder = self.app.driver_named(desk.driver)
        told = words("panel.read-only-title", holder=holder) if desk.crowd.driven else words("panel.undriven-title")
        return plain(told, "bold reverse $text-warning")

    def tick(self, now_ms: int) -> None:
        """Goes once this console drives, however it came to."""
        if self.desk.read_only:
            super().tick(now_ms)
        else:
            self.dismiss(None)

    def rows(self) -> list[Content]:
        note = self.words("panel.read-only-note" if self.desk.crowd.driven else "panel.undriven-note")
        return [*Content(note).wrap(self.inner), *super().rows()]

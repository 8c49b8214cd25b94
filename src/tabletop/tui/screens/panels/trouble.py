"""NOT RECORDED: the store could not take it. What was typed stays on the screen below (safety: F3, F4, F6)."""

from __future__ import annotations

from textual.content import Content

from tabletop.errors import TabletopError
from tabletop.words import Words

from ...look import plain
from .frame import Choice


class TroublePanel(Choice):
    """Tries again, or goes back to what was typed."""

    def __init__(self, words: Words, error: TabletopError) -> None:
        sentence = " ".join(part for part in (words(error.code, **error.values), words.hint(error.code, **error.values)) if part)
        title = plain(f" {words('console.not-recorded')} ", "bold reverse $text-error")
        above = [plain(sentence), Content(words("panel.trouble-note"))]
        super().__init__(title, [plain(words("panel.trouble-again")), plain(words("panel.trouble-back"))], above=above)

"""Real time passed that nobody saw: the clock stands, and a person says whether it counts (house: *Exercise time*)."""

from __future__ import annotations

from textual.content import Content

from tabletop.conductor import Gap
from tabletop.words import Words

from ...look import clock_text, plain, span_text
from .frame import Choice


class GapPanel(Choice):
    """Counts the gap, or leaves it out. The clock stays paused either way."""

    def __init__(self, words: Words, gap: Gap) -> None:
        title = plain(words("panel.gap-title", time=span_text(gap.gap_ms)), "bold")
        above = [Content(words("panel.gap-note", at=clock_text(gap.at_ms)))]
        super().__init__(title, [plain(words("panel.gap-count")), plain(words("panel.gap-skip"))], above=above)

    def action_close(self) -> None:
        """`esc` answers nothing: the question stays."""

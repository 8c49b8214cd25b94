"""ENDEX: how it ended, by one digit."""

from __future__ import annotations

from typing import get_args

from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.events import EndedHow
from tabletop.words import Words

from ...look import plain
from .frame import Choice

HOW: tuple[EndedHow, ...] = get_args(EndedHow)


class EndexPanel(Choice):
    """Asks how it ended and ends it; afterwards comes the evaluation."""

    def __init__(self, words: Words) -> None:
        title = plain(words("panel.endex-title"), "bold")
        above = [Content(words("panel.endex-note"))]
        super().__init__(title, [plain(words(f"console.ended-{how}")) for how in HOW], above=above)


def end_as(at: int) -> c.End:
    """The command for a row of the panel."""
    return c.End(HOW[at])

"""For how many minutes the timer on the wall runs: one line of numbers, one digit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from tabletop.words import Words

from ...look import plain
from .frame import Choice

KEYS = "1234567890"
"""The digit of each number of minutes; `0` is ten."""

USUAL = 4
"""The place of the number that stands chosen at first."""


class MinutesPanel(Choice):
    """Numbers of minutes side by side. Gives the index."""

    BINDINGS: ClassVar = [("left", "move(-1)", "left"), ("right", "move(1)", "right")]

    def __init__(self, words: Words, minutes: Sequence[int]) -> None:
        super().__init__(plain(words("wall.minutes"), "bold"), [plain(str(each)) for each in minutes], keys=KEYS, first=USUAL)

    def rows(self) -> list[Content]:
        shown = [choice.stylize("reverse") if index == self.cursor else choice for index, choice in enumerate(self._padded())]
        return [Content("").join(shown).truncate(self.inner, ellipsis=True)]

    def _padded(self) -> list[Content]:
        return [Content.assemble(" ", choice, " ") for choice in self._choices]

    def keys(self) -> str:
        return self.words("wall.minutes-keys")

"""The table as those see it who judge or record: the card, what is expected and asked, what they entered.

Owns: what stands where, and what gives way where there is little room. Refuses to own: how a row looks (`card`, `judge_rows`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from tabletop.engine.events import Entry
from tabletop.engine.standing import Standing

from ..look import say
from ..pages.lines import wrapped
from ..scene import Scene
from .card import ALOUD, BLANK, Card, OnTable, cut_lines, ruled
from .judge_rows import judge_keys, judged_row, own_block, own_rows
from .owed import answered_rows, ask_row

FEWEST = 3
"""Rows that the expected actions keep though the card has no room."""

OWN_ROWS = 3
"""Rows of what was entered last, where there is no room beside the card."""


@dataclass(frozen=True, slots=True)
class JudgeTable:
    """The table at one moment."""

    scene: Scene
    actor: str
    inject: str | None
    """Whose card is shown; None before the first release."""
    own: Sequence[Entry]
    """What was entered here, the newest first."""
    panel_rows: int
    """Rows that a speaker panel shows on one page: as far as these an action has a second key."""

    def lines(self, width: int, height: int, scrolled: int, *, own: bool) -> tuple[list[Content], int]:
        """Card, expected actions, questions, and with `own` what was entered last; and how far the card is scrolled really."""
        foot = [self._own_heading(width), *own_rows(self.scene, self.own, width, OWN_ROWS)] if own else []
        actions, asked, card = self._actions(), self._asked(width), self._card(width)
        room = height - len(foot) - 1
        rows = max(min(len(actions), FEWEST), min(len(actions), room - card.least))
        asked = asked[: max(0, room - rows - card.least)]
        listed = [*self._listed(actions, rows, width), *asked]
        lines = card.lines(card.air(max(1, room - rows - len(asked))))
        shown, scrolled = cut_lines(self.scene, lines, max(1, room + 1 - len(listed)), scrolled)
        return [*shown, *[BLANK] * (room + 1 - len(shown) - len(listed)), *listed, *foot], scrolled

    def own_block(self, width: int, height: int) -> list[Content]:
        """What was entered here, beside the table."""
        return [self._own_heading(width), *own_block(self.scene, self.own, width, height - 1)]

    def _own_heading(self, width: int) -> Content:
        return ruled(Content.styled(self.scene.words("judge.own", n=len(self.own)), "bold"), BLANK, width)

    def _card(self, width: int) -> Card:
        scene = self.scene
        if self.inject is None:
            head = [Content.styled(piece, "bold") for piece in wrapped(scene.words("judge.nothing-released"), width)]
            return Card(head, [], say(scene.exercise.setting, scene.language), ALOUD, "", [], width)
        return Card.of(scene, OnTable(self.inject), width, keys=False)

    def _actions(self) -> list[Standing]:
        """The expected actions of the inject of the card, then what is open from before."""
        known = self.scene.all_actions()
        own = [one for one in known if one.inject.id == self.inject]
        return [*own, *(one for one in known if one.inject.id != self.inject and one.state in ("open", "no_record"))]

    def _listed(self, actions: Sequence[Standing], rows: int, width: int) -> list[Content]:
        scene = self.scene
        keys = judge_keys(scene, self.panel_rows)
        wide = max([3, *(len(keys.get(one.action.id, "")) for one in actions[:rows])]) + 2
        hidden = len(actions) - rows
        more = Content.styled(scene.words("lectern.more-owed", n=hidden), "bold $text-warning") if hidden > 0 else BLANK
        heading = ruled(Content.styled(scene.words("lectern.expected", n=len(actions)), "bold"), more, width)
        return [heading, *(judged_row(scene, one, self.actor, width, keys.get(one.action.id, ""), wide) for one in actions[:rows])]

    def _asked(self, width: int) -> list[Content]:
        """What the inject of the card asks: who has not answered, and what was answered."""
        if self.inject is None:
            return []
        open_asks = [ask_row(self.scene, ask, width) for ask in self.scene.owed_asks() if ask.inject == self.inject]
        return [*open_asks, *answered_rows(self.scene, self.inject, width)]

"""Help: every key of the screen and what it does, from the table of actions, and what the signs mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content

from ...actions import EVERYWHERE, Action, key_name, keys_shown
from ...look import STANDING_SIGNS, STATUS_SIGNS, column, plain
from ...pages.lines import wrapped
from ...widgets.banner import Banner
from ...widgets.footer import Footer
from ...widgets.rows import Rows
from ..base import Panel

OPENS_MENU = frozenset({"menu", "clear"})
"""Actions of `esc` that open a menu; elsewhere `esc` goes back."""

KEYS_WIDTH = 24
"""Cells of the column of keys."""


class HelpScreen(Panel[None]):
    """All keys; arrows and page keys scroll, `esc` closes."""

    BINDINGS: ClassVar = [
        ("up", "scroll(-1)", "up"),
        ("down", "scroll(1)", "down"),
        ("pageup", "scroll(-10)", "page up"),
        ("pagedown,space", "scroll(10)", "page down"),
        ("question_mark,f1,enter", "close", "close"),
    ]

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        self._actions = tuple(actions)
        self._lines: list[Content] = []

    def compose(self) -> ComposeResult:
        yield Banner(self.words)
        yield Rows(id="help")
        yield Footer(self.words)

    def on_mount(self) -> None:
        banner, desk = self.query_one(Banner), self.app.desk
        mark = ""
        if desk is not None and desk.ready:
            from tabletop.text import localise

            mark = localise(desk.exercise.handling, self.language)
        banner.tell(mark, self.words("console.help"))
        self.query_one(Footer).tell([("↑↓", self.words("panel.scroll")), (key_name("escape", self.words), self.words("panel.close"))])
        self.call_after_refresh(self._fill)

    def on_resize(self) -> None:
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        rows = self.query_one(Rows)
        width = rows.size.width
        self._lines = self._made(max(20, width))
        rows.fill(len(self._lines), lambda index, _: self._lines[index])

    def _made(self, width: int) -> list[Content]:
        words = self.words
        made: list[Content] = []
        table = {action.id: action for action in self._actions}
        for action in EVERYWHERE:
            table.setdefault(action.id, action)
        for action in table.values():
            keys = keys_shown(action, words, twins=True) or words("keys.palette-only")
            text = wrapped(f"{words(action.title)}: {words(action.help)}", width - KEYS_WIDTH)
            for number, piece in enumerate(text):
                made.append(Content.assemble(column(keys if number == 0 else "", KEYS_WIDTH, "bold $text-accent"), plain(piece)))
        made.append(Content(""))
        told = words("console.help-input-method")
        if any(action.id in OPENS_MENU for action in self._actions):
            told += ("" if words.language.startswith("zh") else " ") + words("console.help-menu")
        made.extend(plain(piece) for piece in wrapped(told, width))
        made.append(Content(""))
        made.append(plain(words("console.help-signs"), "bold"))
        made.extend(plain(f"  {sign or ' '}  {words(f'console.status-{status}')}") for status, sign in STATUS_SIGNS.items())
        made.extend(plain(f"  {sign or ' '}  {words(f'console.standing-{state}')}") for state, sign in STANDING_SIGNS.items())
        return made

    def action_scroll(self, by: int) -> None:
        rows = self.query_one(Rows)
        rows.top += by
        rows.fill(rows.count, lambda index, _: self._lines[index])

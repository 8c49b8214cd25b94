"""The keys at the foot of a screen: six at most, in the language of the interface."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from textual.content import Content

from tabletop.text import cells
from tabletop.words import Words

from ..actions import Action, footer_key, footer_of
from ..look import join
from .lines import Lines


class Footer(Lines):
    """The six keys that matter most on a screen."""

    DEFAULT_CSS = """
    Footer { dock: bottom; height: 1; background: $footer-background; color: $footer-foreground; }
    """

    def __init__(self, words: Words, actions: Sequence[Action] = ()) -> None:
        super().__init__()
        self.words = words
        self._actions = tuple(footer_of(actions))
        self._entries = tuple((footer_key(action, words), words(action.title)) for action in self._actions)

    def tell(self, entries: Sequence[tuple[str, str]]) -> None:
        """Shows other keys: pairs of key and what it does."""
        self._entries = tuple(entries)
        self._draw()

    def call(self, action_id: str, code: str) -> None:
        """What the key of an action does just now: a clock that stands is not paused but goes on."""
        named = {action_id: self.words(code)}
        entries = tuple((footer_key(one, self.words), named.get(one.id, self.words(one.title))) for one in self._actions)
        if entries != self._entries:
            self.tell(entries)

    def leave_out(self, action_ids: Collection[str]) -> None:
        """Shows the keys of all actions but these: nothing answers to them now."""
        entries = tuple((footer_key(one, self.words), self.words(one.title)) for one in self._actions if one.id not in action_ids)
        if entries != self._entries:
            self.tell(entries)

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        width = sum(cells(key) + 1 + cells(title) for key, title in self._entries)
        gap = max(1, min(3, (self.size.width - 2 - width) // max(1, len(self._entries) - 1)))
        shown = [Content.assemble((key, "$footer-key-foreground bold"), f" {title}") for key, title in self._entries]
        self.show([Content.assemble(" ", join(shown, " " * gap))])

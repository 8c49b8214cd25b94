"""The palette: the actions of the screen that is open, and the themes. Titles are `Content`, never markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets.option_list import Option

from .actions import EVERYWHERE, Action, keys_shown
from .theme import THEMES

if TYPE_CHECKING:
    from textual.screen import Screen

    from tabletop.words import Words

    from .app import TabletopApp

NOT_IN_PALETTE = frozenset({"palette", "speaker"})


class ActionProvider(Provider):
    """What the screen below the palette can do, by its table; nothing else, so that no title gives anything away."""

    def offers(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Titles and what they do."""
        app = cast("TabletopApp", self.app)
        words = app.words
        actions: dict[str, Action] = {action.id: action for action in (*getattr(self.screen, "ACTIONS", ()), *EVERYWHERE)}
        for action in actions.values():
            if action.id in NOT_IN_PALETTE:
                continue
            key = keys_shown(action, words)
            title = f"{words(f'panel.group-{action.group}')}: {words(action.title)}" + (f"  ({key})" if key else "")
            yield title, lambda action=action: app.start_action(self.screen, action)  # type: ignore[misc]
        for theme in THEMES:
            yield words(f"console.theme-{theme.name.removeprefix('tabletop-')}"), lambda name=theme.name: setattr(app, "theme", name)  # type: ignore[misc]

    async def discover(self) -> Hits:
        for title, run in self.offers():
            yield DiscoveryHit(Content(title), run, text=title)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for title, run in self.offers():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, Content(title), run, text=title)


class ActionPalette(CommandPalette):
    """Textual's palette in the language of the interface. Over a panel it has what works everywhere, and says that the rest waits."""

    def __init__(self, words: Words, below: Screen[Any]) -> None:
        over = getattr(below, "PALETTE", "")
        super().__init__(placeholder=words(over or "console.palette-search"), id="--command-palette")
        self._nothing = words(over or "console.palette-nothing")

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()
        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, partial(self._say_nothing, search_value))

    def _say_nothing(self, wanted: str) -> None:
        """Says that nothing is called so; before anything is typed, there is nothing to say."""
        if wanted:
            self.query_one(CommandList).add_option(Option(Content(f" {self._nothing}"), disabled=True, id=self._NO_MATCHES))
        self._list_visible = bool(wanted)

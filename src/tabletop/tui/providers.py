"""The palette: the actions of the screen that is open, and the themes. Titles are `Content`, never markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from .actions import EVERYWHERE, Action, keys_shown
from .theme import THEMES

if TYPE_CHECKING:
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

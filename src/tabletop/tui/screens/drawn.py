"""What screens of a run have in common, whoever looks at them; and what those have that players look at.

Owns: the words, the run, when something is drawn. Refuses to own: what is drawn (`pages`), and what may be shown (`engine.seats`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from textual import getters
from textual.screen import Screen
from textual.widget import Widget

from tabletop.words import Words

from ..guarded_app import GuardedApp

if TYPE_CHECKING:
    from tabletop.engine.state import State

    from ..desk import Desk

Result = TypeVar("Result")


class OfARun(Screen[Result]):
    """A screen of an app with a run."""

    app = getters.app(GuardedApp)
    AUTO_FOCUS = ""

    @property
    def words(self) -> Words:
        return self.app.words

    @property
    def language(self) -> str:
        """The language in which the exercise is shown."""
        return self.app.language

    @property
    def desk(self) -> Desk:
        desk = self.app.desk
        if desk is None:
            raise RuntimeError("no run is open")
        return desk

    @property
    def drawable(self) -> bool:
        """Whether there is a run, and a screen that is not being left."""
        desk = self.app.desk
        return desk is not None and desk.ready and self.is_mounted and self.is_attached and bool(self.children)


class Drawn(OfARun[None]):
    """A screen that players look at: drawn at every change and four times a second, with no place for toasts or tooltips."""

    def _extend_compose(self, widgets: list[Widget]) -> None:
        """Textual would put toasts and tooltips here: players get none."""

    @property
    def drawable(self) -> bool:
        """Also whether it is still to be seen: the parts of a screen that was left go one after the other."""
        return super().drawable and self in self.app.screen_stack

    def on_mount(self) -> None:
        self.app.run_changed.subscribe(self, self._changed)
        self.app.ticked.subscribe(self, self._ticked)
        self.call_after_refresh(self.draw)

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def _changed(self, state: State) -> None:
        self.draw()

    def _ticked(self, now_ms: int) -> None:
        self.draw()

    def draw(self) -> None:
        """Draws what players may see now."""

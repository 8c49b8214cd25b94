"""What every screen has: the banner, the keys of its table, the words of the interface, the run it shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult, RenderResult
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen
from textual.widget import Widget

from tabletop.engine.rights import PRACTICE
from tabletop.text import localise

from ..actions import Action
from ..app import TabletopApp
from ..widgets.banner import Banner
from ..widgets.below import Below
from ..widgets.footer import Footer
from .drawn import OfARun, Result

if TYPE_CHECKING:
    from tabletop.engine.state import State


class OfTheApp(OfARun[Result]):
    """What screens and panels of the facilitator's program share."""

    app = getters.app(TabletopApp)


class TabletopScreen(OfTheApp[Result]):
    """A full screen: banner, body, footer. Subclasses give `ACTIONS`, `body` and `show`."""

    ACTIONS: ClassVar[tuple[Action, ...]] = ()

    def compose(self) -> ComposeResult:
        yield Banner(self.words)
        yield from self.body()
        yield Footer(self.words, self.ACTIONS)

    def body(self) -> Iterable[Widget]:
        """The widgets between banner and footer."""
        return ()

    def on_mount(self) -> None:
        self.app.run_changed.subscribe(self, self._changed)
        self.app.ticked.subscribe(self, self.tick)
        if self.app.desk is not None and self.app.desk.ready:
            self._changed(self.app.desk.state)

    def _changed(self, state: State) -> None:
        exercise = self.desk.exercise
        site = "" if state.created is None else state.created.site
        parts = (localise(exercise.title, self.language), site)
        mark = localise(exercise.handling, self.language)
        if self.desk.kind == PRACTICE:
            mark = f"{mark} · {self.words('practice.mark')}"
        self.query_one(Banner).tell(mark, " · ".join(part for part in parts if part))
        self.show(state)

    def show(self, state: State) -> None:
        """Shows a state. Called once the run is open and whenever it changed."""

    def tick(self, now_ms: int) -> None:
        """Exercise time is `now_ms` milliseconds; four times a second."""


class Panel(OfTheApp[Result], ModalScreen[Result]):
    """Something small that opens over a screen, for one thing to do. `esc` leaves it with nothing done."""

    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    PALETTE: ClassVar[str] = "console.palette-panel"
    """Word code of what the palette says above it: what the screen below it can do is not to be had from there."""
    BINDINGS: ClassVar = [("escape", "close", "close")]

    def __init__(self) -> None:
        super().__init__()
        self._left_with: tuple[Result | None] | None = None

    def render(self) -> RenderResult:  # type: ignore[override]  # Textual takes a Visual here, too
        """What lies below shows through a panel; one that fills the screen hides it. What waits to leave is not there any more."""
        stack = self.app.screen_stack
        at = stack.index(self) if self in stack else 0
        if at == 0 or self.styles.background.a == 1:
            return super().render()
        stays = (screen for screen in reversed(stack[:at]) if not (isinstance(screen, Panel) and screen.leaves))
        return Below(next(stays, stack[at - 1]))

    @property
    def leaves(self) -> bool:
        """Whether it was left and something stands above it still."""
        return self._left_with is not None

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leaves the panel. Where something stands above it (an emergency, a gap), it leaves once that is gone."""
        if self.app.screen is not self:
            self._left_with = (result,)
            return AwaitComplete()
        told = self._result_callbacks[-1].requester if self._result_callbacks else self.app
        self.app.hold_keys()
        gone = super().dismiss(result)
        # After the callback, which may open what the next key is for.
        told.call_next(self.app.go_on_with_keys)
        return gone

    def on_screen_resume(self) -> None:
        left, self._left_with = self._left_with, None
        if left is not None:
            self.dismiss(left[0])

    def action_close(self) -> None:
        self.dismiss(None)

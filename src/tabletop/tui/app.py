"""The program on the screen: one app, one timer, one desk; which screen is shown, and what a refusal looks like.

Owns: the way between screens, keys that work everywhere, toasts, themes. Refuses to own: what a screen shows, and rules.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import Binding

from tabletop.errors import TabletopError
from tabletop.text import Text
from tabletop.words import Words

from .actions import EVERYWHERE, Action, bindings
from .desk_app import DeskApp
from .places import Place, place_for, screen_for
from .sizes import too_small
from .theme import THEMES

if TYPE_CHECKING:
    from textual.command import Provider
    from textual.geometry import Size
    from textual.screen import Screen

    from tabletop.engine.state import State
    from tabletop.library import Library
    from tabletop.store.runs import RunRow

    from .crowd import MakeCards
    from .desk import Source

TICKS_S = 0.25
"""Seconds between two ticks of the screens."""

BELOW = 2
"""Screens below a panel: Textual's own empty one, and the place that is shown."""


def _palette() -> type[Provider]:
    from .providers import ActionProvider

    return ActionProvider


class TabletopApp(DeskApp, inherit_bindings=False):
    """The facilitator's program: start, briefing, console, evaluation, debrief."""

    TITLE = "tabletop"
    CSS_PATH = "tabletop.tcss"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    COMMANDS: ClassVar = {_palette}
    BINDINGS: ClassVar = [*bindings(EVERYWHERE), Binding("ctrl+c", "not_by_ctrl_c", show=False, priority=True, system=True)]

    def __init__(
        self,
        *,
        language: str = "en",
        source: Source | None = None,
        first: Place = "start",
        library: Library | None = None,
        quiet: bool = False,
        theme: str = THEMES[0].name,
        title: Text = "",
        open_run: Callable[[str], Source] | None = None,
        begin_run: Callable[..., Source] | None = None,
        list_runs: Callable[[], list[RunRow]] | None = None,
        make_cards: MakeCards | None = None,
    ) -> None:
        super().__init__(Words(language))
        self.library = library
        self.quiet = quiet
        self.failure: TabletopError | None = None
        """What kept the run from being opened; the command line words it after the screen is gone."""
        self.console_view = "lectern"
        """The view of the console that was asked for last, `lectern` or `sitting`: kept while the program runs."""
        self.tips = True
        """Whether a practice run says what could be done now."""
        self.what = title
        """What is being opened, for the screen that stands until it is open."""
        self.make_cards = make_cards
        """None: there is no such part."""
        self.open_run = open_run
        """Makes the source of a stored run from its id, for `sit_down`."""
        self.begin_run = begin_run
        """Makes the source of a new run from the path of an exercise and RunOptions, for `sit_down`."""
        self.list_runs = list_runs
        """Every run of the store, the one made last first. Reads the disk: for a thread. Raises TabletopError."""
        self._source = source
        self._first: Place = first
        self._place: Place | None = None
        self._began_at_start = False
        """Whether the run is opened from the start screen: then a failure leads back there."""
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme

    async def on_mount(self) -> None:
        self._place = self._first
        await self.push_screen(screen_for(self._first, self.what))
        self.mind_size()
        self.take_signals()
        self.set_interval(TICKS_S, self._tick)
        if self._source is not None:
            self.call_after_refresh(self.sit_down, self._source)

    def let_go(self) -> None:
        if self.desk is not None:
            self.desk.close()

    def sit_down(self, source: Source, then: Place | None = None) -> None:
        """Opens the run of `source`; with `then`, goes there once it is open."""
        # The engine and the store are loaded once there is something to look at.
        from .desk import Desk

        self.desk = Desk(source)
        self._after_opening: Place | None = then
        self.desk.start(self, self)

    def open_source(self, source: Source, opening: Screen[Any]) -> None:
        """Shows `opening` while the run of `source` is opened; then the screen that belongs to it, or the start screen again."""
        self._place = "loading"
        self._began_at_start = True
        self.switch_screen(opening)
        self.sit_down(source)

    def go(self, place: Place) -> None:
        """Shows another screen; whatever was open over the old one is closed. While players look, it stays what they look at."""
        if not self.faces_players:
            self._place = place
            self.show_only(screen_for(place, self.what))

    def show_only(self, screen: Screen[Any]) -> None:
        while len(self.screen_stack) > BELOW:
            self.pop_screen()
        kept: list[events.Key] = getattr(self.screen, "take_keys", list)()
        shown = self.switch_screen(screen)
        self.call_next(self.mind_size)
        self.go_on_with_keys()
        if kept:
            self.call_next(self._play_keys, shown, kept)

    def turn_back(self) -> None:
        """Turns this terminal from players to the screen that belongs to the run now."""
        if self.desk is not None:
            self._place = self.place_for(self.desk.state)
            self.turn_to_facilitator(screen_for(self._place, self.what))

    async def _play_keys(self, shown: Awaitable[None], kept: Sequence[events.Key]) -> None:
        """What was typed while the run was being opened goes, in its order, to the screen that followed."""
        await shown
        self.hand_again(kept)

    def leave_run(self) -> None:
        """Lets go of the run and shows the start screen; where there is no way back to one, leaves."""
        if self.open_run is None:
            self.action_leave()
            return
        desk, self.desk = self.desk, None
        if desk is not None:
            desk.close()
        self.go("start")

    place_for = staticmethod(place_for)

    def run_opened(self, state: State) -> None:
        place = self._after_opening or self.place_for(state)
        if place != self._place:
            self.go(place)

    def run_not_opened(self, error: TabletopError) -> None:
        if self._began_at_start:
            desk, self.desk = self.desk, None
            if desk is not None:
                desk.close()
            self.go("start")
            self.say(error)
            return
        self.failure = error
        self.exit(return_code=int(error.exit_code))

    # Keys everywhere.

    def on_resize(self, event: events.Resize) -> None:
        self.mind_size(event.size)

    def mind_size(self, size: Size | None = None) -> None:
        """Says so where the terminal is too small, and takes it back once it is not. A real emergency is shown at any size."""
        from .screens.panels.too_small import TooSmall

        width, height = size or self.size
        small = too_small(width, height)
        if len(self.screen_stack) < BELOW:
            # What is shown first would stand above it.
            return
        if small and not any(getattr(screen, "AT_ANY_SIZE", False) for screen in self.screen_stack):
            self.push_screen(TooSmall())
        elif not small and isinstance(self.screen, TooSmall):
            self.pop_screen()

    def action_help(self) -> None:
        from .screens.panels.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(getattr(self.screen, "ACTIONS", ())))

    def action_palette(self) -> None:
        from textual.command import CommandPalette

        from .providers import ActionPalette

        if not isinstance(self.screen, CommandPalette):
            self.push_screen(ActionPalette(self.words, self.screen))

    def start_action(self, screen: Screen[Any], action: Action) -> None:
        """Does what the key of `action` does on `screen`; for palette and menu."""
        method = getattr(screen, f"action_{action.id}", None) or getattr(self, f"action_{action.id}")
        if action.id == "endex":
            method = screen.end  # type: ignore[attr-defined]  # the console alone has ENDEX
            method()
        elif action.keyed:
            method(action.keys[0])
        else:
            method()

    def action_leave(self) -> None:
        """Leaves: the run stays, paused."""
        if self.desk is not None:
            self.desk.close()
        self.exit()

    def action_not_by_ctrl_c(self) -> None:
        self.tell("console.not-ctrl-c")

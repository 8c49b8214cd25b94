"""The program of players: a seat or the wall of a run that somebody else drives. It knows no screen of the facilitator's.

Owns: one desk, one timer, the emergency, the three looks, what is said in place of toasts. Refuses to own: what may be shown
(`engine.seats`), what may be recorded (`engine.rights`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import Binding
from textual.signal import Signal

from tabletop.errors import Refused, TabletopError
from tabletop.words import Words

from .actions import bindings
from .guarded_app import GuardedApp
from .player_actions import OF_PLAYERS
from .theme import THEMES

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from tabletop.conductor import Gap
    from tabletop.engine import commands as c
    from tabletop.engine.events import Entry
    from tabletop.engine.rights import Actor
    from tabletop.engine.state import State

    from .desk import Desk, Trouble
    from .seat_source import JoinedRun

TICKS_S = 0.25
"""Seconds between two ticks of the screens."""

NOTICE_S = 6.0
"""Seconds for which a line at the foot stays."""

PRESSES_S = 5.0
"""Seconds within which a second press confirms an emergency that could not be recorded (semantics: *Emergency*)."""

WIPE = "\x1b[0m\x1b[2J\x1b[H"
"""Empties the terminal before anything else is painted."""


class PlayerApp(GuardedApp, inherit_bindings=False):
    """What stations and walls have in common."""

    TITLE = "tabletop"
    CSS_PATH = "player.tcss"
    ENABLE_COMMAND_PALETTE = False
    INPUT_METHOD_HINT: ClassVar = "station.input-method"
    BINDINGS: ClassVar = [*bindings(OF_PLAYERS), Binding("ctrl+c", "not_by_ctrl_c", show=False, priority=True, system=True)]

    def __init__(self, source: JoinedRun, *, language: str = "en", theme: str = THEMES[0].name, quiet: bool = False) -> None:
        super().__init__()
        self.words = Words(language)
        self.source = source
        self.quiet = quiet
        self.desk: Desk | None = None
        self.failure: TabletopError | None = None
        """What kept the run from being joined; the command line words it after the screen is gone."""
        self.run_changed: Signal[State] = Signal(self, "run_changed")
        self.ticked: Signal[int] = Signal(self, "ticked")
        self.unrecorded_emergency_ms: int | None = None
        """When an emergency was confirmed that the store did not take, in wall milliseconds: it is real all the same."""
        self._unrecorded_press = float("-inf")
        self._pressed_early = False
        """Whether somebody pressed while the run was being opened: it counts once it is."""
        self._notice, self._notice_until = "", float("-inf")
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme

    # What a seat and the wall say of themselves.

    @property
    def actor(self) -> Actor:
        """Who asks, where something is asked."""
        raise NotImplementedError

    @property
    def place_name(self) -> str:
        """How this screen is named in an emergency, in the language of the run."""
        raise NotImplementedError

    @property
    def site(self) -> str:
        """Where this screen stands, where that is known."""
        created = None if self.desk is None else self.desk.state.created
        return "" if created is None else created.site

    async def first_screen(self) -> None:
        """The run is open: shows what comes first. Raises TabletopError where what was named is not there."""
        raise NotImplementedError

    # The way through the program.

    async def on_mount(self) -> None:
        from .screens.joining import JoiningScreen

        await self.push_screen(JoiningScreen())
        self.take_signals()
        self.set_interval(TICKS_S, self._tick)
        self.call_after_refresh(self._join)

    def _join(self) -> None:
        # The engine and the store are loaded once there is something to look at.
        from .desk import Desk

        self.desk = Desk(self.source)
        self.desk.start(self, self)

    def _tick(self) -> None:
        desk = self.desk
        if desk is not None and desk.ready:
            desk.tick()
            self.ticked.publish(desk.elapsed_ms())

    def let_go(self) -> None:
        if self.desk is not None:
            self.desk.close()

    def wipe(self) -> None:
        """What stands on the terminal is gone at once, even if nothing were painted after it."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(WIPE)

    # What is said at the foot, in place of toasts.

    def notify(
        self, message: str, *, title: str = "", severity: SeverityLevel = "information", timeout: float | None = None, markup: bool = True
    ) -> None:
        """A line at the foot of the screen for some seconds; nothing ever opens above a player's screen."""
        self._notice, self._notice_until = message, time.monotonic() + (timeout or NOTICE_S)
        if self.desk is not None and self.desk.ready:
            self.run_changed.publish(self.desk.state)

    def tell(self, code: str, **values: object) -> None:
        """Says something at the foot of the screen."""
        self.notify(self.words(code, **values))

    @property
    def notice(self) -> str:
        """What is said at the foot now: what was told last, else whether nobody drives; empty: nothing."""
        if time.monotonic() < self._notice_until:
            return self._notice
        desk = self.desk
        if desk is not None and desk.warning is not None:
            return self.words("station.store-busy")
        ended = desk is not None and desk.state.phase == "ended"
        return "" if self.source.driven or ended else self.words("station.not-driven")

    # What is asked of the desk, and what it tells.

    def ask(
        self,
        command: c.Command,
        then: Callable[[list[Entry]], None],
        failed: Callable[[TabletopError], None],
        actor: Actor | None = None,
        drafts: Mapping[str, str] | None = None,
    ) -> None:
        """Has `command` decided and recorded; `then` runs after the commit, and with it these `drafts` are kept (`Desk.ask`)."""
        if self.desk is not None:
            self.desk.ask(command, then=then, failed=failed, actor=actor or self.actor, drafts=drafts)

    def why_not(self, error: TabletopError) -> str:
        """The code of the words for players that say why something was not recorded: nothing of what is the facilitator's to do."""
        code = error.code.replace(".", "-")
        if code in PLAYERS_REFUSALS:
            return f"station.{code}"
        return "station.refused" if isinstance(error, Refused) else "station.not-recorded"

    def desk_opened(self) -> None:
        self.run_worker(self._opened())

    async def _opened(self) -> None:
        try:
            await self.first_screen()
        except TabletopError as error:
            self.desk_failed(error)
            return
        self.loaded()
        if self.desk is not None:
            self.run_changed.publish(self.desk.state)
        if self._pressed_early:
            self.action_emergency()

    def desk_failed(self, error: TabletopError) -> None:
        self.failure = error
        self.let_go()
        self.exit(return_code=int(error.exit_code))

    def desk_changed(self, fresh: Sequence[Entry]) -> None:
        if self.desk is not None and self.desk.ready:
            if self.desk.state.emergency is None and any(entry.event.kind == "emergency_stood_down" for entry in fresh):
                self.unrecorded_emergency_ms = None
            self.run_changed.publish(self.desk.state)

    def desk_gap(self, gap: Gap) -> None:
        """A seat has no clock of its own that could miss time."""

    def desk_trouble(self, trouble: Trouble) -> None:
        """A seat keeps what it could not send where it was typed."""

    def desk_read_only(self) -> None:
        """A seat never drives."""

    # Keys everywhere.

    def action_emergency(self) -> None:
        from tabletop.engine import commands as c

        desk = self.desk
        if desk is None or not desk.ready:
            self._pressed_early = True
            return
        self.ask(c.PressEmergency(self.place_name, self.site), lambda _: None, self._emergency_not_recorded)

    def _emergency_not_recorded(self, error: TabletopError) -> None:
        """An emergency is real whether or not the disk takes it: the second press shows the screen all the same."""
        now, last = time.monotonic(), self._unrecorded_press
        self._unrecorded_press = now
        if now - last > PRESSES_S:
            self.tell("station.emergency-again")
        elif self.desk is not None:
            self.unrecorded_emergency_ms = self.desk.conductor.wall_ms()
            self.run_changed.publish(self.desk.state)

    def action_leave(self) -> None:
        """Leaves in good order; the run goes on."""
        self.let_go()
        self.exit()

    def action_not_by_ctrl_c(self) -> None:
        self.tell("station.not-ctrl-c")

    def action_theme(self) -> None:
        """The next of the three looks."""
        names = [one.name for one in THEMES]
        self.theme = names[(names.index(self.theme) + 1) % len(names)]

    async def show_alone(self, screen: Any) -> None:
        """Shows `screen` and nothing else; what stood there is gone before it is painted."""
        self.wipe()
        while len(self.screen_stack) > 2:
            self.pop_screen()
        kept: list[events.Key] = getattr(self.screen, "take_keys", list)()
        await self.switch_screen(screen)
        self.go_on_with_keys()
        self.hand_again(kept)


PLAYERS_REFUSALS = frozenset(
    f"refused-{name}"
    for name in (
        *("ask-closed", "answer-fixed", "ended", "not-started", "no-link", "emergency", "rationale-needed", "bad-answer", "no-text"),
        *("seat-control", "seat-nobody", "seat-left"),
    )
)
"""Refusals that players have words for; any other is said in general."""

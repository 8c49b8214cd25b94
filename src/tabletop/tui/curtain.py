"""Turning the facilitator's terminal to players and back: what is private is gone before anything is painted.

Owns: the moment of turning, and what may reach the terminal while players look at it: bytes of public screens alone, no toast,
no palette, no help. Refuses to own: what public screens show (`engine.seats`), and the keys that turn (`actions`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.await_complete import AwaitComplete

from .guarded_app import GuardedApp

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.notifications import SeverityLevel
    from textual.screen import Screen

WIPE = "\x1b[0m\x1b[2J\x1b[H"
"""Empties the terminal: what stood there is gone even if nothing were painted after it."""

NOT_FOR_PLAYERS = frozenset({"help", "palette", "leave", "not_by_ctrl_c"})
"""What works on every screen but those that players look at."""

KEPT_WARNINGS = 3
"""Warnings that came while players were looking; the newest are told once the facilitator is back."""


class CurtainApp(GuardedApp, inherit_bindings=False):
    """An app whose terminal can face players."""

    def __init__(self) -> None:
        super().__init__()
        self._faces_players = False
        self._untold: list[tuple[str, SeverityLevel]] = []

    @property
    def faces_players(self) -> bool:
        """Whether players look at this terminal."""
        return self._faces_players

    def turn_to_players(self, screen: Screen[None]) -> None:
        """Shows `screen` and nothing else from this moment on. Whatever was open is closed, every toast is gone."""
        if not getattr(screen, "PUBLIC", False):
            raise ValueError(f"{type(screen).__name__} is not made for players")
        self._faces_players = True
        self._untold.clear()
        self.clear_notifications()
        if self._driver is not None and not self.is_headless:
            self._driver.write(WIPE)
        self.show_only(screen)

    def turn_to_facilitator(self, screen: Screen[None]) -> None:
        """Shows a screen of the facilitator's again, then what could not be told meanwhile."""
        self._faces_players = False
        self.show_only(screen)
        untold, self._untold = self._untold[-KEPT_WARNINGS:], []
        for message, severity in untold:
            self.notify(message, severity=severity, markup=False)

    def show_only(self, screen: Screen[None]) -> None:
        """Closes everything and shows `screen`."""
        raise NotImplementedError

    def may_paint(self, screen: Screen[object]) -> bool:
        """Whether a screen's bytes may reach the terminal: while it faces players, only those of public screens.

        What opens above a real emergency may be painted too: its fields are where somebody stands it down.
        """
        if not self._faces_players or getattr(screen, "PUBLIC", False):
            return True
        below = self.screen_stack[: self.screen_stack.index(screen)] if screen in self.screen_stack else []
        return any(getattr(other, "OPENS_PANELS", False) for other in below)

    def push_screen(self, screen: Any, *how: Any, **named: Any) -> Any:
        """While players look, what was about to open for the facilitator does not: it would take keys unseen."""
        if self._faces_players and not isinstance(screen, str) and not self._may_open(screen):
            return AwaitComplete()
        return super().push_screen(screen, *how, **named)

    def _may_open(self, screen: Screen[object]) -> bool:
        return getattr(screen, "PUBLIC", False) or any(getattr(other, "OPENS_PANELS", False) for other in self.screen_stack)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if self.may_paint(screen):
            super()._display(screen, renderable)

    def notify(
        self, message: str, *, title: str = "", severity: SeverityLevel = "information", timeout: float | None = None, markup: bool = True
    ) -> None:
        """A toast; while players look, none is shown, and warnings wait."""
        if not self._faces_players:
            super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)
        elif severity != "information":
            self._untold.append((message, severity))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if self._faces_players and action in NOT_FOR_PLAYERS:
            return False
        return super().check_action(action, parameters)

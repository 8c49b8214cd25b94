"""What screens of players' own programs have in common: a real emergency stands above all, and what is said where there is no room.

Owns: when it does, how long its end is told, that no key acts unseen. Refuses to own: how an emergency looks (`pages.alarm`), how much
room a screen needs (`sizes`), and everything else on the screen.
"""

from __future__ import annotations

from dataclasses import replace

from textual import getters
from textual.content import Content

from tabletop.engine.emergency import emergency_over, real_emergency
from tabletop.engine.state_emergency import confirmed
from tabletop.engine.views import RealEmergency
from tabletop.text import Text

from ..look import plain
from ..pages.alarm import AlarmPage, over_text, place_text
from ..pages.lines import wrapped
from ..player_app import PlayerApp
from ..sizes import SMALLEST, lacking, too_small
from .drawn import Drawn

RAISED_MS = 8_000
"""Wall milliseconds for which a first press stands above everything; afterwards a line says it."""

AT_ANY_SIZE = frozenset({"hide"})
"""What a key does on a screen however small the terminal is: it takes away what stands there, unseen as it may be."""


class PlayerScreen(Drawn):
    """A screen for players. Nothing opens above it."""

    app = getters.app(PlayerApp)
    _alarmed = False
    """Whether an emergency stands above everything."""

    def alarm(self, width: int, height: int) -> list[Content] | None:
        """An emergency, where it stands above everything else; None: there is none, or its first press is old."""
        conductor = self.desk.conductor
        shown = self._alarm_lines(real_emergency(self.desk.plan, self.desk.state, conductor.devices), width, height)
        self._alarmed = shown is not None
        return shown

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No key does anything unseen, below an emergency or where there is no room; those of the app work."""
        if self._alarmed or (self.is_small and action not in AT_ANY_SIZE):
            return False
        return super().check_action(action, parameters)

    def _alarm_lines(self, raised: RealEmergency | None, width: int, height: int) -> list[Content] | None:
        wall_ms, unrecorded_ms = self.desk.conductor.wall_ms(), self.app.unrecorded_emergency_ms
        if unrecorded_ms is not None and (raised is None or not raised.confirmed):
            # The store did not take it; it is real all the same.
            raised = self.unrecorded(unrecorded_ms)
            return AlarmPage(raised, self.words, self.language, width, height, wall_ms, recorded=False).stopped()
        if raised is None:
            return None
        page = AlarmPage(raised, self.words, self.language, width, height, wall_ms)
        if raised.confirmed:
            return page.stopped()
        return page.first_press() if wall_ms - raised.raised_wall_ms < RAISED_MS else None

    def unrecorded(self, at_wall_ms: int) -> RealEmergency:
        """What is known of an emergency that was pressed here and could not be recorded: what the plan says of any."""
        state = self.desk.state
        pressed = confirmed(state.emergency, self.app.place_name, self.app.site, at_wall_ms)
        raised = real_emergency(self.desk.plan, replace(state, emergency=pressed), self.desk.conductor.devices)
        if raised is None:
            raise RuntimeError("an emergency that is there")
        return raised

    def raised_line(self, raised: RealEmergency | None) -> str:
        """What stays said of a first press that nobody confirmed."""
        if raised is None:
            return ""
        place = place_text(raised, self.words, self.language)
        return self.words("station.raised-line", place=place) if place else self.words("station.raised-somewhere")

    @property
    def is_small(self) -> bool:
        """Whether the terminal has too little room for anything but an emergency."""
        return too_small(*self.app.size)

    def too_small(self, width: int) -> list[Content]:
        """What is said where the terminal has no room; that somebody pressed, or that it is over, is said at any size."""
        told = self.raised_line(real_emergency(self.desk.plan, self.desk.state, self.desk.conductor.devices))
        shown = [plain(piece, "bold reverse $text-error") for piece in wrapped(told, max(1, width))] if told else []
        if over := self.over():
            shown += [plain(piece, "bold reverse $text-success") for piece in wrapped(over, max(1, width))]
        small = self.words("console.too-small", columns=SMALLEST[0], rows=SMALLEST[1])
        shown += [plain(piece) for piece in wrapped(small, max(1, width))]
        return [*shown, plain(lacking(*self.app.size))]

    def over(self) -> str:
        """That a real emergency is over and what becomes of the exercise, while that is to be said; else empty."""
        return over_text(emergency_over(self.desk.state), self.words, self.desk.conductor.wall_ms())

    def _said(self, text: Text) -> str:
        from ..look import line

        return line(text, self.language)

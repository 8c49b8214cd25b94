"""A seat on this terminal: what one role, and those played with it, may see. Drawn from `seat_view` alone.

Owns: whose seat it is, and scrolling. Refuses to own: what may be shown, and how (`engine.seats`, `pages.seat`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.content import Content

from tabletop.engine.roles import with_roles
from tabletop.engine.seats import seat_view

from ..actions import SEAT_ACTIONS, bindings
from ..look import line, plain, spread
from ..pages.seat import SeatPage
from .public import PublicScreen


class SeatScreen(PublicScreen):
    """One role's view, for its own eyes."""

    CSS_PATH = "seat.tcss"
    ACTIONS = SEAT_ACTIONS
    BINDINGS: ClassVar = bindings(SEAT_ACTIONS)

    def __init__(self, role: str) -> None:
        super().__init__()
        self.role = role
        self._above = 0
        """Lines that are scrolled away."""
        self._told = 0

    @property
    def EMERGENCY_SEAT(self) -> str:
        """How this screen is named in an emergency that is pressed here."""
        return f"seat:{self.role}"

    @property
    def roles(self) -> tuple[str, ...]:
        """The role, and those that its people play with it now (semantics: *Staffing*)."""
        return with_roles(self.desk.state, self.desk.plan, self.role)

    def made(self, width: int, height: int) -> Iterable[Content]:
        desk, words = self.desk, self.words
        view = seat_view(desk.plan, desk.state, self.roles, desk.elapsed_ms())
        if len(view.told) != self._told:
            # What came in is what is looked at.
            self._told, self._above = len(view.told), 0
        page = SeatPage(view, words, self.language, width)
        level = "" if view.shared.alert == "none" else words(f"alert.{view.shared.alert}")
        mark = " · ".join(part for part in (line(view.shared.handling, self.language), self.mark, level) if part)
        banner = spread(Content.styled(f" {words('console.exercise-mark')}", "bold $text-warning"), plain(f"{mark} ", "bold"), width)
        head, body = page.head(), page.body()
        room = height - len(head) - 2
        self._above = max(0, min(self._above, len(body) - room))
        below = len(body) - self._above - room
        signs = [words("seat.above")] * (self._above > 0) + [words("seat.below")] * (below > 0)
        foot = plain(self.notice or "   ".join(signs), "$text-muted")
        shown = body[self._above : self._above + room]
        return [banner, *head, *shown, *[Content("")] * (room - len(shown)), foot.pad_left(max(2, (width - foot.cell_length) // 2))]

    def action_scroll_up(self) -> None:
        self._above -= 1
        self.draw()

    def action_scroll_down(self) -> None:
        self._above += 1
        self.draw()

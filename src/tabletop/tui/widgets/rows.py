"""A list of any length with a cursor: only the rows in sight are made and drawn."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content

from .lines import Lines

Row = Callable[[int, bool], Content]
"""Makes row `index`; True where the cursor stands on it."""


class Rows(Lines):
    """Rows in sight of a long list. What a key does to the cursor is the screen's business."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.count = 0
        self.cursor: int | None = None
        self.top = 0
        self._row: Row | None = None

    def fill(self, count: int, row: Row, *, cursor: int | None = None, follow: int | None = None) -> None:
        """Shows `count` rows; `cursor` is kept in sight, else row `follow` is kept in the upper third."""
        self.count, self._row, self.cursor = count, row, cursor
        height = max(1, self.size.height)
        if cursor is not None:
            self.top = min(max(self.top, cursor - height + 1), cursor)
        elif follow is not None:
            self.top = follow - height // 3
        self.top = max(0, min(self.top, count - height))
        self.draw()

    def draw(self) -> None:
        """Makes the rows in sight again."""
        row = self._row
        if row is not None and self.size.height:
            last = min(self.count, self.top + self.size.height)
            above, below = self.top, self.count - last
            # On the frame, where there is one: no row is hidden without a sign.
            hidden = "  ".join(f"{arrow} {n}" for arrow, n in (("↑", above), ("↓", below)) if n)
            if self.border_subtitle != hidden:
                # Setting it draws the whole widget again.
                self.border_subtitle = hidden
            self.show([row(index, index == self.cursor) for index in range(self.top, last)])

    def on_resize(self) -> None:
        self.draw()

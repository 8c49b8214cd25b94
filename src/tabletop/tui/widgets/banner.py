"""The line that stands on every screen: handling mark and EXERCISE."""

from __future__ import annotations

from textual.content import Content

from tabletop.words import Words

from ..look import join, plain, spread
from .lines import Lines


class Banner(Lines):
    """Handling mark and the word EXERCISE on the left, what is played and where on the right (safety: T25)."""

    DEFAULT_CSS = """
    Banner { dock: top; height: 1; background: $panel; color: $text; }
    """

    def __init__(self, words: Words) -> None:
        super().__init__()
        self.words = words
        self._mark, self._title = "", ""

    def tell(self, mark: str, title: str = "") -> None:
        """Shows `mark`, the handling mark of the exercise, and `title`, what is played."""
        self._mark, self._title = mark, title
        self._draw()

    def on_resize(self) -> None:
        self._draw()

    def _draw(self) -> None:
        left = join((plain(f" {self._mark}", "bold"), Content.styled(self.words("console.exercise-mark"), "bold $text-warning")), " · ")
        # The mark and the word EXERCISE are never cut: what is played gives way (safety: T25).
        title = plain(f"{self._title} ").truncate(max(0, self.size.width - left.cell_length - 1), ellipsis=True)
        self.show([spread(left, title, self.size.width)])

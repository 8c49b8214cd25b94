"""A page of lines with rows one can stand on: scrolls, keeps its place, shows where one stands by a sign as well as by colour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from ..pages.lines import Line, rows_of

GUTTER = 2
"""Cells left of every line, for the sign of the row one stands on."""

Build = Callable[[int], Sequence[Line]]
"""Makes the lines of a page for a width in cells."""

HERE = "▸ "
"""Stands before the first line of that row."""


class Sheet(ScrollView, can_focus=False):
    """Shows lines, one of whose rows is current. Takes no keys: its screen moves it, so that text fields keep theirs."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"sheet--current"}
    DEFAULT_CSS = """
    Sheet {
        height: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        overflow-x: hidden;
        overflow-y: auto;
        & > .sheet--current { background: $panel; }
    }
    """

    row: reactive[str] = reactive("", init=False)
    """The row one stands on; empty where the page has none."""

    @dataclass
    class Picked(Message):
        """A row was clicked on while it was current already."""

        row: str

    @dataclass
    class Moved(Message):
        """Another row is current."""

        row: str

    def __init__(self, *, name: str | None = None, id: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, id=id)
        self._build: Build = lambda _: ()
        self._lines: tuple[Line, ...] = ()
        self._rows: tuple[str, ...] = ()

    @property
    def line_width(self) -> int:
        """Cells a line may take."""
        return max(10, self.scrollable_content_region.width - GUTTER)

    def show(self, build: Build, row: str | None = None) -> None:
        """Show other lines; stays on the row it was on, or the one that took its place, or goes to `row`."""
        self._build = build
        if self.size.width:
            self._lay_out(row)
        elif row is not None:
            self.set_reactive(Sheet.row, row)

    def on_resize(self) -> None:
        self._lay_out(self.row)

    def _lay_out(self, row: str | None) -> None:
        index = self._rows.index(self.row) if self.row in self._rows else 0
        self._lines = tuple(self._build(self.line_width))
        self._rows = rows_of(self._lines)
        wanted = self.row if row is None else row
        if wanted not in self._rows:
            wanted = self._rows[min(index, len(self._rows) - 1)] if self._rows else ""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines))
        moved = wanted != self.row
        self.row = wanted
        if moved or row is not None:
            self.call_after_refresh(self._bring_into_view)
        self.refresh()

    def watch_row(self, row: str) -> None:
        self.refresh()
        self.post_message(self.Moved(row))

    def move(self, by: int) -> None:
        """Go `by` rows on (back: negative); at an end, and where there are no rows, the page scrolls."""
        if self._rows:
            index = self._rows.index(self.row) if self.row in self._rows else 0
            wanted = max(0, min(len(self._rows) - 1, index + by))
            if wanted != index:
                self.go(self._rows[wanted])
                return
        self.scroll_relative(y=by, animate=False)

    def go(self, row: str) -> None:
        """Stand on `row`; nothing happens where there is no such row."""
        if row in self._rows:
            self.row = row
            self._bring_into_view()

    def leap(self, by: int) -> None:
        """Go to the first row of the next part of the page (back: the one before): the rows of one kind, named before their `:`."""
        parts: dict[str, str] = {}
        for row in self._rows:
            parts.setdefault(row.partition(":")[0], row)
        names = list(parts)
        if names:
            at = names.index(self.row.partition(":")[0]) if self.row in self._rows else 0
            self.go(parts[names[(at + by) % len(names)]])

    def leaf(self, pages: int) -> None:
        """Scroll by whole pages and stand on the first row that then begins in sight."""
        height = max(1, self.scrollable_content_region.height - 1)
        self.scroll_relative(y=pages * height, animate=False)
        first = self.scroll_offset.y if pages > 0 or self.scroll_offset.y else 0
        seen = [line.row for line in self._lines[first : first + height + 1] if line.row]
        if seen:
            self.row = seen[0] if self.scroll_offset.y < self.max_scroll_y or pages < 0 else seen[-1]

    def to_end(self, last: bool) -> None:
        """Stand on the first or the last row, and scroll all the way."""
        if self._rows:
            self.row = self._rows[-1 if last else 0]
        self.scroll_to(y=self.max_scroll_y if last else 0, animate=False)

    def _bring_into_view(self) -> None:
        span = [number for number, line in enumerate(self._lines) if line.row and line.row == self.row]
        if not span:
            return
        top = span[0] - 1 if span[0] and not self._lines[span[0] - 1].row else span[0]
        self.scroll_to_region(Region(0, top, 1, span[-1] - top + 1), animate=False, force=True, immediate=True)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        if number >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        line = self._lines[number]
        current = bool(line.row) and line.row == self.row
        first = current and (number == 0 or self._lines[number - 1].row != line.row)
        content = Content.assemble((HERE, "bold") if first else " " * GUTTER, line.text)
        if first:
            content = content.stylize("bold")
        style = self.get_visual_style("sheet--current") if current else self.visual_style
        strips = Visual.to_strips(self, content, width, 1, style)
        return strips[0].adjust_cell_length(width, style.rich_style) if strips else Strip.blank(width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        number = int(event.y) + self.scroll_offset.y
        row = self._lines[number].row if 0 <= number < len(self._lines) else ""
        if not row:
            return
        if row == self.row:
            self.post_message(self.Picked(row))
        else:
            self.row = row

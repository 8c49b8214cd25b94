"""Lines of text, drawn one by one: what did not change is not drawn again.

Owns: turning `Content` into strips, and which lines of a widget need repainting. Refuses to own: what the lines say.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.visual import RenderOptions
from textual.widget import Widget

BLANK = Content("")


class Lines(Widget, can_focus=False):
    """A block of lines, as many as fit; `show` repaints those that differ."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes)
        self._lines: tuple[Content, ...] = ()
        self._strips: dict[int, Strip] = {}
        self._whole: tuple[Region, list[Strip]] | None = None
        """What was drawn last, all of it."""

    @property
    def lines(self) -> tuple[Content, ...]:
        return self._lines

    def show(self, lines: Sequence[Content]) -> None:
        """Shows `lines` from the top; a change of their number lays the widget out anew where its height follows its content."""
        fresh, old = tuple(lines), self._lines
        if len(fresh) != len(old) and self.styles.is_auto_height:
            self._lines = fresh
            self._strips.clear()
            self.refresh(layout=True)
            return
        width = self.size.width
        for y in range(max(len(fresh), len(old))):
            before = old[y] if y < len(old) else BLANK
            after = fresh[y] if y < len(fresh) else BLANK
            if before is not after and not before.is_same(after):
                self._strips.pop(y, None)
                self.refresh(Region(0, y, width, 1))
        self._lines = fresh

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines)

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """All lines; the same as last time while nothing changed, because Textual asks every widget for all of it at every key."""
        kept, cache = self._whole, self._styles_cache
        if kept is not None and kept[0] == crop and cache._cache and not cache._dirty_lines:
            return kept[1]
        strips = super().render_lines(crop)
        self._whole = crop, strips
        return strips

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        kept = self._strips.get(y)
        if kept is not None and kept.cell_length == width:
            return kept
        strip = strip_of(self, self._lines[y], width) if y < len(self._lines) else Strip.blank(width, self.rich_style)
        self._strips[y] = strip
        return strip


def strip_of(widget: Widget, content: Content, width: int) -> Strip:
    """One line of `content` in exactly `width` cells, cut with an ellipsis where it is longer."""
    if width <= 0:
        return Strip([])
    style = widget.visual_style
    if "\n" in content.plain or "\t" in content.plain:
        # Textual's own way costs twice as much, and knows what to do with these.
        strips = content.truncate(width, ellipsis=True).render_strips(width, 1, style, RenderOptions(widget._get_style, {}))
        return strips[0].adjust_cell_length(width, style.rich_style)
    if content.cell_length > width:
        content = content.truncate(width, ellipsis=True)
    segments = [Segment(text, run.rich_style) for text, run in content.render(style, "", parse_style=widget._get_style)]
    return Strip(segments).adjust_cell_length(width, style.rich_style)

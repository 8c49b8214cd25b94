"""A field for words at a seat: it grows with what is typed, `enter` sends, and nothing but text is taken from an input method.

Owns: which keys leave the field. Refuses to own: what happens to the text.
"""

from __future__ import annotations

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widgets import TextArea

from tabletop.text import LONGEST


class Writing(TextArea, inherit_bindings=True):
    """Words on one or more lines."""

    class Entered(Message):
        """`enter`, or an arrow beyond the first or last line: the screen says what comes next."""

        def __init__(self, writing: Writing, by: int, *, sent: bool) -> None:
            super().__init__()
            self.writing = writing
            self.by = by
            """1: the field below, -1: the one above."""
            self.sent = sent
            """Whether it was `enter`."""

    class Left(Message):
        """`esc`: keys are commands again."""

    def __init__(self, field: str, text: str = "", placeholder: str = "") -> None:
        super().__init__(text, compact=True, highlight_cursor_line=False, placeholder=placeholder)
        self.field = field
        """Its name in the reply."""
        self._folded_at = 0
        """The width in cells at which its lines were folded last."""
        self.move_cursor(self.document.end)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Nothing, once the field is being taken away: Textual may still ask for what it showed, and has no styles for it any more."""
        if not self._component_styles:
            return [Strip.blank(crop.width, self.rich_style)] * crop.height
        if self.wrap_width != self._folded_at:
            # Of two changes of its width at once Textual may fold for the first alone.
            self._folded_at = self.wrap_width
            self.call_next(self._fold)
        return super().render_lines(crop)

    def _fold(self) -> None:
        """Folds its lines anew, with where the next letter goes in sight."""
        self._rewrap_and_refresh_virtual_size()
        self.refresh(layout=True)
        self.call_after_refresh(self.scroll_cursor_visible, animate=False)

    async def _on_key(self, event: events.Key) -> None:
        key = event.key
        row = self.wrapped_document.location_to_offset(self.cursor_location).y
        if key == "enter":
            self._leave(event, self.Entered(self, 1, sent=True))
        elif key == "up" and row == 0:
            self._leave(event, self.Entered(self, -1, sent=False))
        elif key == "down" and row >= self.wrapped_document.height - 1:
            self._leave(event, self.Entered(self, 1, sent=False))
        elif key == "escape":
            self._leave(event, self.Left())
        elif event.is_printable and len(self.text) >= LONGEST:
            event.stop()
            event.prevent_default()
        else:
            await super()._on_key(event)

    def _leave(self, event: events.Key, message: Message) -> None:
        event.stop()
        event.prevent_default()
        self.post_message(message)

    async def _on_paste(self, event: events.Paste) -> None:
        """No more is pasted than can be kept (F21); Textual has the field insert it after this."""
        event.text = event.text[: max(0, LONGEST - len(self.text))]

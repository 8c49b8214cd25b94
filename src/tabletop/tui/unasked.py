"""Hands that were at work when something opened that nobody asked for: they go on, and mean what stood there before.

An emergency, a question about time that nobody saw, somebody else who drives: it opens above whatever is being done. A key that is pressed
then, and every one that follows without a rest, does nothing there; what was being typed goes on into the field it was typed into.
Hands that never rest are told so, or mean what they see after a while, where nothing was being typed.

Owns: for whom a key is meant then. Refuses to own: what opens, and what a key does to it.
"""

from __future__ import annotations

from typing import Any

from textual import events
from textual._time import get_time
from textual.screen import Screen
from textual.widgets import Input, TextArea

REST_S = 0.6
"""Seconds without a key after which hands mean what they see."""

LONG_S = 2.0
"""Seconds after which even hands that never rested have seen it."""

SAID_S = 3.0
"""Seconds for which they are told that they have to."""


class Unasked:
    """Which screen opened by itself, and since when no key was pressed."""

    def __init__(self) -> None:
        self.rest_s = REST_S
        """After how many seconds; a test that presses faster than a hand sets less."""
        self._screen: Screen[Any] | None = None
        self._field: Input | TextArea | None = None
        """Into which something was being typed below it."""
        self._since = 0.0
        """When it opened, or the last key that was not meant for it was pressed, in seconds on the monotonic clock."""
        self._told = self._said = 0.0
        """When it opened, or whoever goes on was told last, on that clock; and only the latter."""

    def opens(self, screen: Screen[Any], field: Input | TextArea | None = None) -> None:
        """`screen` is about to open by itself; `field`: what is being typed into, and may be typed into meanwhile."""
        now = get_time()
        if self._screen is None or not self._screen.is_attached or now - self._since >= self.rest_s:
            self._field = None
        self._screen, self._field, self._since, self._told = screen, field or self._field, now, now

    def takes(self, event: events.Key, top: Screen[Any]) -> bool:
        """Whether a key is not meant for `top`, because that opened under the hand; a letter stands in its field then."""
        if not self._goes_on(event, top):
            return False
        if self._field is not None and self._field.is_attached:
            _type(self._field, event)
        return True

    def takes_pasted(self, event: events.Paste, top: Screen[Any]) -> bool:
        """Whether what is pasted is not meant for `top`; it stands in the field below then."""
        if not self._goes_on(event, top):
            return False
        if self._field is not None and self._field.is_attached:
            _write(self._field, event.text)
        return True

    def _goes_on(self, event: events.Key | events.Paste, top: Screen[Any]) -> bool:
        """Whether hands go on with what they were at when `top` opened."""
        if self._screen is not top:
            return False
        if event.time - self._since >= self.rest_s or (self._field is None and event.time - self._told >= LONG_S):
            self._screen = self._field = None
            return False
        self._since = max(self._since, event.time)
        return True

    def is_to_be_told(self, event: events.Key) -> bool:
        """Whether whoever pressed a key that was not meant for what they see has gone on for so long that they are told again."""
        if event.time - self._told < LONG_S:
            return False
        self._told = self._said = event.time
        return True

    def is_telling(self, top: Screen[Any]) -> bool:
        """Whether whoever goes on is being told so by `top`, where no toast may stand."""
        return self._screen is top and get_time() - self._said < SAID_S


def _type(field: Input | TextArea, event: events.Key) -> None:
    """What a key writes; a key that does anything else does nothing."""
    leaves_to_panel = getattr(field, "leaves_to_panel", None)
    if leaves_to_panel is not None and leaves_to_panel(event):
        return
    if event.is_printable and event.character is not None:
        _write(field, event.character)
    elif event.key == "backspace":
        field.action_delete_left()


def _write(field: Input | TextArea, text: str) -> None:
    """Writes at the cursor; into a line, the first line of it."""
    if isinstance(field, TextArea):
        field.insert(text)
    elif lines := text.splitlines():
        field.insert_text_at_cursor(lines[0])

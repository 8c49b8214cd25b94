"""Hands that were at work when something opened that nobody asked for: they go on, and mean what stood there before.

An emergency, a question about time that nobody saw, somebody else who drives: it opens above whatever is being done. A key that is pressed
then, and every one that follows without a rest, does nothing there; what was being typed goes on into the field it was typed into.

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

    def opens(self, screen: Screen[Any], field: Input | TextArea | None = None) -> None:
        """`screen` is about to open by itself; `field`: what is being typed into, and may be typed into meanwhile."""
        if self._screen is None or not self._screen.is_attached:
            self._field = None
        self._screen, self._field, self._since = screen, field or self._field, get_time()

    def takes(self, event: events.Key, top: Screen[Any]) -> bool:
        """Whether a key is not meant for `top`, because that opened under the hand; a letter stands in its field then."""
        if self._screen is not top:
            return False
        if event.time - self._since >= self.rest_s:
            self._screen = self._field = None
            return False
        self._since = max(self._since, event.time)
        if self._field is not None and self._field.is_attached:
            _type(self._field, event)
        return True


def _type(field: Input | TextArea, event: events.Key) -> None:
    """What a key writes; a key that does anything else does nothing."""
    if event.is_printable and event.character is not None:
        if isinstance(field, Input):
            field.insert_text_at_cursor(event.character)
        else:
            field.insert(event.character)
    elif event.key == "backspace":
        field.action_delete_left()

"""One line at the foot of a screen in which something is typed: a name, a note, a time, a reason."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from tabletop.text import cells, first_cells

LABEL_AT_MOST = 44
"""Cells that the label takes at most; the rest is for what is typed."""

HABIT_S = 0.8
"""Seconds within which an `enter` that follows a choice is taken for a part of it."""

Then = Callable[[str], str | None]
"""Takes what was typed; returns why it cannot be taken, or None."""


class Question(Vertical):
    """Hidden until asked; `enter` gives what was typed, `esc` leaves everything as it was."""

    DEFAULT_CSS = """
    Question {
        display: none;
        height: auto;
        &.-open { display: block; }
        & > Static { display: none; }
        &.-wrong > Static { display: block; }
    }
    """

    @dataclass
    class Turned(Message):
        """It opened or closed."""

        opened: bool
        choices: tuple[str, ...] = ()
        """What is taken as soon as it is typed."""

    @dataclass
    class Arrow(Message):
        """Up or down was pressed in the field."""

        by: int

    def __init__(self) -> None:
        super().__init__(id="question")
        self._then: Then | None = None
        self._left: Callable[[], None] | None = None
        self._changed: Callable[[str], None] | None = None
        self._choices: Collection[str] = ()
        self._chosen_at = float("-inf")

    def compose(self) -> ComposeResult:
        yield Static(markup=False)
        with Horizontal():
            yield Static(markup=False, id="label")
            yield Input(select_on_focus=False, compact=True)

    @property
    def is_open(self) -> bool:
        return self._then is not None

    @property
    def has_just_closed_by_choice(self) -> bool:
        """Whether a choice was taken a moment ago: the `enter` of a hand that does not know yet that none is needed means it, too."""
        return time.monotonic() - self._chosen_at < HABIT_S

    @property
    def typed(self) -> str:
        return self.query_one(Input).value

    def ask(
        self,
        label: str,
        then: Then,
        *,
        value: str = "",
        placeholder: str = "",
        choices: Collection[str] = (),
        left: Callable[[], None] | None = None,
        changed: Callable[[str], None] | None = None,
    ) -> None:
        """Opens with `value` to go on from.

        One of `choices` is taken as soon as it is typed, without `enter`. `changed` hears every key, for drafts; `left` is
        called on `esc`.
        """
        self._then, self._left, self._changed, self._choices = then, left, changed, choices
        self._chosen_at = float("-inf")
        self.query_one("#label", Static).update(Content(first_cells(label, min(LABEL_AT_MOST, max(10, self.app.size.width // 2)))))
        field = self.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = value
        field.placeholder = first_cells(placeholder, max(0, self.app.size.width - cells(label) - 8))
        field.cursor_position = len(value)
        self.remove_class("-wrong")
        self.add_class("-open")
        self.screen.set_focus(field)
        self.post_message(self.Turned(True, tuple(choices)))

    def overtaken(self, event: events.Key) -> bool:
        """Takes a key that the field should have had, because the field had no focus yet; False for one that is no key of a field."""
        field = self.query_one(Input)
        if event.key == "enter":
            self._submit(field.value.strip())
        elif event.key == "escape":
            self._leave()
        elif event.key == "backspace":
            field.action_delete_left()
        elif event.character is not None and event.character.isprintable():
            field.insert_text_at_cursor(event.character)
        else:
            return False
        return True

    def close(self) -> None:
        """Hides it; what stood there is gone."""
        self._then = self._left = self._changed = None
        self.remove_class("-open", "-wrong")
        field = self.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = ""
        self.screen.set_focus(None)
        self.post_message(self.Turned(False))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self._changed is not None:
            self._changed(event.value)
        plain = unicodedata.normalize("NFKC", event.value)
        if plain in self._choices:
            self._chosen_at = time.monotonic()
            self._submit(plain)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._submit(event.value.strip())

    def _submit(self, text: str) -> None:
        then = self._then
        if then is None:
            return
        wrong = then(text)
        if wrong is not None:
            self.query_one(Static).update(Content(wrong))
            self.add_class("-wrong")
        elif self._then is then:
            self.close()

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape" and self.is_open:
            event.stop()
            self._leave()
        elif event.key in ("up", "down"):
            event.stop()
            self.post_message(self.Arrow(1 if event.key == "down" else -1))

    def _leave(self) -> None:
        left = self._left
        self.close()
        if left is not None:
            left()

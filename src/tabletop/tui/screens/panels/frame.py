"""What panels are made of: a box at the foot of the screen, a text field, a choice by digits, a line to type.

Owns: digits, arrows and `enter` in a panel, and what happens to text that was typed and not sent. Refuses to own: what
is chosen or typed for.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, TypeVar

from textual import events, getters
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from tabletop.errors import TabletopError
from tabletop.text import LONGEST

from ...in_sight import listed
from ...keyed_app import Typed
from ...pages.lines import wrapped
from ...scene import Scene
from ...widgets.lines import Lines
from ..base import Panel

Result = TypeVar("Result")


def digit_of(character: str | None) -> str | None:
    """The digit that a character is, full-width ones too; None where it is none."""
    plain_form = unicodedata.normalize("NFKC", character or "")
    return plain_form if len(plain_form) == 1 and plain_form.isascii() and plain_form.isdigit() else None


class Field(Input):
    """A line to type on. While it is empty, digits and some keys belong to the panel."""

    class Command(Message):
        """A key that an empty field leaves to its panel."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    class Left(Message):
        """`tab` was pressed: the panel says what comes next."""

    BINDINGS: ClassVar = [("tab", "leave_field", "next")]

    def __init__(self, placeholder: str = "", *, commands: Iterable[str] = (), value: str = "", id: str | None = None) -> None:  # noqa: A002
        super().__init__(value, placeholder=placeholder, max_length=LONGEST, id=id, select_on_focus=False)
        self._commands = frozenset(commands)

    def action_leave_field(self) -> None:
        self.post_message(self.Left())

    def leaves_to_panel(self, event: events.Key) -> bool:
        """Whether a key belongs to the panel, as long as nothing stands here."""
        return not self.value and self._key_of(event) in self._commands

    @staticmethod
    def _key_of(event: events.Key) -> str:
        return digit_of(event.character) or event.key

    async def _on_key(self, event: events.Key) -> None:
        if self.leaves_to_panel(event):
            event.stop()
            event.prevent_default()
            self.post_message(self.Command(self._key_of(event)))
            return
        await super()._on_key(event)


DIGITS = tuple("1234567890")

EARLIER_MS = 15_000
"""What one press takes off the time at which something was said."""

EARLY = frozenset({"enter", "tab", "backspace", "left", "right", "up", "down"})
"""Keys beside letters and digits that are kept until a field is there."""


class Box(Panel[Result]):
    """A panel with a title, rows, fields and a line of keys at its foot."""

    STAYS: ClassVar[bool] = False
    """Whether it stays open when another console comes to drive: something typed stands in it, or it is about that."""

    def __init__(self) -> None:
        super().__init__()
        self._opened = False
        """Whether the field had the focus once."""
        self._early: list[events.Key] = []
        self._late: list[Typed] = []
        """What was typed for whatever stands here once the panel is gone."""

    title_line = getters.query_one("#panel-title", Lines)
    rows_shown = getters.query_one("#panel-rows", Lines)
    foot = getters.query_one("#panel-foot", Lines)

    def compose(self) -> ComposeResult:
        with Container(id="panel"):
            yield Lines(id="panel-title")
            yield Lines(id="panel-rows")
            yield from self.fields()
            yield Lines(id="panel-foot")

    def fields(self) -> Iterable[Widget]:
        """Text fields between rows and foot."""
        return ()

    def on_mount(self) -> None:
        self.app.ticked.subscribe(self, self.tick)
        self.draw()

    def keep_early(self, event: events.Key) -> bool:
        """Keeps a key that comes before the field is there, or once the panel is left; False where it can have the key now."""
        if self._left_with is not None:
            self._late.append(event)
            return True
        if not self.AUTO_FOCUS or self._opened or not (event.is_printable or event.key in EARLY):
            return False
        self._early.append(event)
        return True

    def keep_pasted(self, event: events.Paste) -> bool:
        """Keeps what is pasted once the panel is left; False where it can have it now."""
        if self._left_with is not None:
            self._late.append(event)
        return self._left_with is not None

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        gone = super().dismiss(result)
        if self.app.screen is not self and self._left_with is None:
            late, self._late = self._late, []
            self.app.hand_again(late)
        return gone

    def on_descendant_focus(self) -> None:
        self._opened = True
        early, self._early = self._early, []
        for event in early:
            self._forward_event(event)

    def on_resize(self) -> None:
        self.draw()

    @property
    def inner(self) -> int:
        """Cells of a line inside the box."""
        return max(20, self.app.size.width - 4)

    @property
    def most_rows(self) -> int:
        """Rows a list in the panel may take without hiding the clock."""
        return max(3, self.app.size.height - 10)

    def listed(self, count: int, row: Callable[[int], Content], cursor: int | None, room: int) -> list[Content]:
        """The rows of a list that are in sight in `room` lines, and how many are not."""
        return listed(count, row, cursor, room, self.words)

    def scene(self) -> Scene:
        """The run as it is now."""
        desk = self.desk
        return Scene(desk.exercise, desk.plan, desk.state, desk.elapsed_ms(), self.words, self.language, desk.crowd)

    def heading(self) -> Content:
        """The title line."""
        return Content("")

    def rows(self) -> list[Content]:
        """The rows."""
        return []

    def keys(self) -> str:
        """The line that says which keys do what."""
        return self.words("panel.esc")

    def draw(self) -> None:
        """Draws title, rows and foot; what did not change is left alone."""
        self.title_line.show(self.heading().wrap(self.inner))
        self.rows_shown.show(self.rows())
        self.foot.show([Content.styled(piece, "$text-muted") for piece in wrapped(self.keys(), self.inner)])

    def tick(self, now_ms: int) -> None:
        """Time goes on below an open panel too."""
        self.draw()


GIVES_WAY = frozenset(f"f{number}" for number in range(2, 12))
"""Keys that do on a list what they do on the screen below it: nothing typed is lost, and the next digit is not taken for a row."""


class Choice(Box[int]):
    """One of some rows, by its digit or with arrows and `enter`. Gives the index. A function key closes it and does its own work."""

    BINDINGS: ClassVar = [("up", "move(-1)", "up"), ("down", "move(1)", "down"), ("enter", "take", "take")]

    def __init__(
        self, title: Content, choices: Sequence[Content], *, keys: str = "123456789", first: int = 0, above: Sequence[Content] = ()
    ) -> None:
        super().__init__()
        self._title = title
        self._keys = keys
        self._choices = tuple(choices)
        self._above = list(above)
        self.cursor = first

    def heading(self) -> Content:
        return self._title

    def rows(self) -> list[Content]:
        shown = [piece for content in self._above for piece in content.wrap(self.inner)]
        return [*shown, *self.listed(len(self._choices), self._row, self.cursor, max(1, self.most_rows - len(shown)))]

    def _row(self, index: int) -> Content:
        return Content.assemble((f" {self.key_of(index)} ", "bold $text-accent"), self._choices[index]).truncate(self.inner, ellipsis=True)

    def key_of(self, index: int) -> str:
        """The key of a row, or a space."""
        return self._keys[index] if index < len(self._keys) else " "

    def keys(self) -> str:
        return self.words("panel.choose")

    def action_move(self, by: int) -> None:
        self.cursor = (self.cursor + by) % len(self._choices)
        self.draw()

    def action_take(self) -> None:
        self.dismiss(self.cursor)

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        if digit is not None:
            event.stop()
            at = self._keys.find(digit)
            if 0 <= at < len(self._choices):
                self.dismiss(at)
        else:
            self.give_way(event)

    def give_way(self, event: events.Key) -> None:
        """Closes for a function key and leaves it to the screen below."""
        if event.key in GIVES_WAY:
            event.stop()
            event.prevent_default()
            self._late.append(event)
            self.dismiss(None)


class Prompt(Box[str]):
    """A line to type, for a reason or a number. Gives what was typed, stripped."""

    AUTO_FOCUS = "Field"
    STAYS = True

    def __init__(
        self,
        title: Content,
        *,
        hint: str = "",
        needed: bool = True,
        value: str = "",
        above: Sequence[Content] = (),
        recorded: bool = True,
    ) -> None:
        super().__init__()
        self._recorded = recorded
        """Whether it is typed to be recorded."""
        self._title = title
        self._hint = hint
        self._needed = needed
        self._value = value
        self._above = list(above)

    def fields(self) -> Iterable[Widget]:
        yield Field(self._hint, value=self._value)

    def heading(self) -> Content:
        return self._title

    def rows(self) -> list[Content]:
        return [piece for content in self._above for piece in content.wrap(self.inner)]

    def keys(self) -> str:
        return self.words("panel.type" if self._needed else "panel.type-or-not")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        if not text and self._needed:
            self.app.refuse("panel.needed")
        elif self._recorded and self.app.desk is not None and self.app.desk.read_only:
            # Nothing is recorded from here: what was typed stays, for whoever takes over.
            self.app.offer_to_take_over()
        else:
            self.dismiss(text)


class Recording(Box[Result]):
    """A panel whose text is kept until it is recorded: saved while typing, back after a kill (semantics: *Keys*)."""

    STAYS = True
    DRAFT: ClassVar[str] = ""
    """The name under which its text is kept; empty: it is not kept."""

    def __init__(self) -> None:
        super().__init__()
        self.sending = False
        """Whether something was handed over and its fate is not known yet."""

    def keep_early(self, event: events.Key) -> bool:
        """While something is being recorded, keys are kept for what stands there afterwards: the next voice waits for no disk.

        An `enter` right behind the one that sends is that one, pressed twice: whatever stands below, it is not meant for that.
        """
        if self.sending and event.key != "escape":
            if self._late or event.key != "enter":
                self._late.append(event)
            return True
        return super().keep_early(event)

    def keep_pasted(self, event: events.Paste) -> bool:
        """As for keys, while something is being recorded."""
        if self.sending:
            self._late.append(event)
        return self.sending or super().keep_pasted(event)

    @property
    def draft(self) -> str:
        """The name under which its text is kept; a panel that can be open for several roles has one for each."""
        return self.DRAFT

    def draft_values(self) -> dict[str, object]:
        """What is to be kept; nothing worth keeping: empty."""
        return {}

    def kept(self) -> dict[str, object]:
        """What was kept of an earlier time, for `__init__` of a panel that is opened again."""
        return read_draft(self.app.desk.drafts.get(self.draft, "") if self.app.desk is not None else "")

    def keep(self) -> None:
        """Keeps what stands in the fields."""
        if self.draft and not self.sending:
            values = self.draft_values()
            self.desk.keep_draft(self.draft, json.dumps(values, ensure_ascii=False) if values else "")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.keep()

    def sent(self) -> None:
        """Recorded: the text is the log's now."""
        self.sending = False
        if self.draft:
            self.desk.drop_draft(self.draft)

    def failed(self, error: TabletopError) -> None:
        """Not recorded: what was typed stays on the screen, and what was pressed since then was meant for another."""
        self.sending = False
        self._late.clear()


def read_draft(text: str) -> dict[str, object]:
    """A draft as `keep` wrote it; an unreadable one is none."""
    try:
        values = json.loads(text) if text else {}
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}

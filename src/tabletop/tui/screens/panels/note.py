"""A note: `tab` turns it into an observation, a strength, a gap, a ruling, a parked item, or a prohibited act."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, get_args

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tabletop.engine import commands as c
from tabletop.engine.events import NoteCategory

from ...look import clock_text, line, plain, spread
from .frame import DIGITS, Choice, Field, Recording
from .roles import RolePanel

CATEGORIES: tuple[str, ...] = (*get_args(NoteCategory), "prohibited")


class NotePanel(Recording[None]):
    """Records a note or a breach. Its time is that of the key that opened it."""

    DRAFT: ClassVar[str] = "note"
    AUTO_FOCUS = "Field"

    def __init__(self, said_ms: int) -> None:
        super().__init__()
        self.said_ms = said_ms
        self.categories = CATEGORIES
        """What a note can be here."""
        self.category = CATEGORIES[0]
        self.act = ""
        self._text = ""

    def compose(self) -> ComposeResult:
        kept = self.kept()
        self._text = str(kept.get("text", ""))
        category, said_ms = kept.get("category"), kept.get("said_ms")
        if category in self.categories:
            self.category = str(category)
        if isinstance(said_ms, int):
            self.said_ms = said_ms
        yield from super().compose()

    def fields(self) -> Iterable[Widget]:
        yield Field(self.words("panel.note-text"), commands=(*DIGITS, "up", "down"), value=self._text)

    def draft_values(self) -> dict[str, object]:
        text = self.query_one(Field).value
        return {"text": text, "category": self.category, "said_ms": self.said_ms} if text.strip() else {}

    def heading(self) -> Content:
        return spread(plain(self.words(f"console.category-{self.category}"), "bold"), plain(clock_text(self.said_ms)), self.inner)

    @property
    def evaluator(self) -> str:
        """In whose name it is noted, where that is an evaluator's."""
        return ""

    @property
    def acts(self) -> tuple[str, ...]:
        """Prohibited acts of the exercise."""
        return tuple(act.id for act in self.desk.exercise.prohibited)

    def rows(self) -> list[Content]:
        if self.category != "prohibited":
            cells = []
            for number, category in enumerate(self.categories, start=1):
                cell = plain(f" {number} {self.words(f'console.category-{category}')} ")
                cells.append(cell.stylize("reverse bold") if category == self.category else cell)
            return [Content("").join(cells).truncate(self.inner, ellipsis=True)]
        if not self.acts:
            return [plain(self.words("panel.no-prohibited"))]
        acts = self.desk.exercise.prohibited

        def row(index: int) -> Content:
            number = index + 1 if index < 9 else " "
            return plain(f" {number} {line(acts[index].title, self.language)}").truncate(self.inner, ellipsis=True)

        return self.listed(len(acts), row, self.acts.index(self.act) if self.act else None, self.most_rows)

    def keys(self) -> str:
        return self.words("panel.breach-keys" if self.category == "prohibited" else "panel.note-keys")

    def on_field_command(self, message: Field.Command) -> None:
        message.stop()
        if message.key in ("up", "down"):
            self._move(1 if message.key == "down" else -1)
            return
        at = int(message.key) - 1
        if self.category == "prohibited":
            if 0 <= at < len(self.acts):
                self.act = self.acts[at]
                self._ask_corrected()
        elif 0 <= at < len(self.categories):
            self.category = self.categories[at]
        self.keep()
        self.draw()

    def _move(self, by: int) -> None:
        """To the next or the last prohibited act; `enter` takes it."""
        if self.category == "prohibited" and self.acts:
            self.act = self.acts[(self.acts.index(self.act) + by) % len(self.acts)] if self.act else self.acts[0 if by > 0 else -1]
            self.draw()

    def on_field_left(self, message: Field.Left) -> None:
        message.stop()
        self.category = self.categories[(self.categories.index(self.category) + 1) % len(self.categories)]
        self.keep()
        self.draw()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.sending:
            return
        if self.category != "prohibited":
            note = c.AddNote(self.category, event.value, evaluator=self.evaluator, said_ms=self.said_ms)  # type: ignore[arg-type]  # one of NoteCategory
            self._send(note)
        elif self.act:
            self._ask_corrected()
        else:
            self._ask_act()

    def _ask_act(self) -> None:
        if not self.acts:
            self.app.refuse("panel.no-prohibited")
            return
        choices = [plain(line(act.title, self.language)) for act in self.desk.exercise.prohibited]

        def chosen(at: int | None) -> None:
            if at is not None:
                self.act = self.acts[at]
                self._ask_corrected()

        self.app.push_screen(Choice(plain(self.words("panel.which-act"), "bold"), choices), chosen)

    def _ask_corrected(self) -> None:
        choices = [plain(self.words("panel.corrected-yes")), plain(self.words("panel.corrected-no"))]
        self.app.push_screen(Choice(plain(self.words("panel.corrected"), "bold"), choices), self._ask_role)

    def _ask_role(self, corrected: int | None) -> None:
        if corrected is None:
            return

        def chosen(role: str | None) -> None:
            text = self.query_one(Field).value
            self._send(c.RecordBreach(self.act, role or "", corrected == 0, text, self.said_ms))

        self.app.push_screen(RolePanel(self.words("panel.breach-who")), chosen)

    def _send(self, command: c.Command) -> None:
        self.sending = True
        self.app.ask(command, then=lambda _: self._done(), failed=self.failed)

    def _done(self) -> None:
        self.sent()
        self.dismiss(None)

"""Adding an inject on the spot: typed, or from a deck. It is held; the next `enter` releases it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tabletop.engine import commands as c
from tabletop.engine.events import Entry, InjectAdded
from tabletop.exercise.injects import KINDS

from ...look import KIND_SIGNS, plain, role_key, spread
from ...two_digits import TwoDigits
from .frame import DIGITS, Choice, Field, Recording
from .roles import role_of_number

if TYPE_CHECKING:
    from ..console import ConsoleScreen


def open_add(screen: ConsoleScreen) -> None:
    """Asks first whether it is typed or taken from a deck."""
    choices = [plain(screen.words("panel.add-typed")), plain(screen.words("panel.add-deck"))]

    def chosen(at: int | None) -> None:
        if at == 0:
            screen.app.push_screen(TypedPanel(), screen.added)
        elif at == 1:
            from .deck import DeckPanel

            screen.app.push_screen(DeckPanel(), screen.added)

    kept = screen.app.desk is not None and screen.app.desk.drafts.get(TypedPanel.DRAFT)
    if kept:
        screen.app.push_screen(TypedPanel(), screen.added)
    else:
        screen.app.push_screen(Choice(plain(screen.words("console.add"), "bold"), choices), chosen)


def id_added(entries: list[Entry]) -> str | None:
    """The id of the inject that these entries added."""
    return next((str(entry.event.inject.get("id")) for entry in entries if isinstance(entry.event, InjectAdded)), None)


def free_id(taken: Iterable[str], stem: str = "added") -> str:
    """An id that no inject has: `added-1`, `added-2`, ..."""
    known = set(taken)
    return next(name for number in range(1, len(known) + 2) if (name := f"{stem}-{number}") not in known)


class TypedPanel(Recording[str]):
    """Kind, roles, title and text of a new inject. Gives its id once it is recorded."""

    DRAFT: ClassVar[str] = "add"
    AUTO_FOCUS = "#title"

    def __init__(self) -> None:
        super().__init__()
        self.kind = 0
        self.to: list[str] = []
        self._kept: dict[str, object] = {}
        self._number = TwoDigits()

    def compose(self) -> ComposeResult:
        self._kept = self.kept()
        kind, to = self._kept.get("kind"), self._kept.get("to")
        if kind in KINDS:
            self.kind = KINDS.index(kind)
        if isinstance(to, list):
            self.to = [role for role in to if role in self.desk.exercise.role_by_id]
        yield from super().compose()

    def fields(self) -> Iterable[Widget]:
        commands = (*DIGITS, "left", "right")
        yield Field(self.words("panel.add-title"), commands=commands, value=str(self._kept.get("title", "")), id="title")
        yield Field(self.words("panel.add-text"), commands=commands, value=str(self._kept.get("text", "")), id="text")

    def draft_values(self) -> dict[str, object]:
        title, text = self.query_one("#title", Field).value, self.query_one("#text", Field).value
        return {"kind": KINDS[self.kind], "to": self.to, "title": title, "text": text} if (title + text).strip() else {}

    def heading(self) -> Content:
        kind = KINDS[self.kind]
        left = plain(f"{self.words('console.add')} · ‹ {KIND_SIGNS[kind]} {self.words(f'kind.{kind}')} ›", "bold")
        if not self.to:
            return spread(left, plain(self.words("panel.to-room"), "bold $text-accent"), self.inner)
        private = self.words("panel.to-roles", roles=self.scene().roles(tuple(self.to)))
        return spread(left, plain(f" × {private} ", "bold reverse $text-error"), self.inner)

    def rows(self) -> list[Content]:
        scene = self.scene()
        cells = []
        for role in scene.exercise.roles:
            cell = Content.assemble(" ", (role_key(scene.exercise, role.id), "bold $text-accent"), " ", plain(scene.role(role.id)), " ")
            cells.append(cell.stylize("reverse bold") if role.id in self.to else cell)
        return [Content("").join(cells).truncate(self.inner, ellipsis=True)]

    def keys(self) -> str:
        return self.words("panel.add-keys")

    def on_field_command(self, message: Field.Command) -> None:
        message.stop()
        if message.key in ("left", "right"):
            self.kind = (self.kind + (1 if message.key == "right" else -1)) % len(KINDS)
        else:
            number = self._number.take(message.key)
            role = None if number is None else role_of_number(self.desk.exercise, number)
            if role is not None and role in self.to:
                self.to.remove(role)
            elif role is not None:
                self.to.append(role)
        self.keep()
        self.draw()

    def on_field_left(self, message: Field.Left) -> None:
        message.stop()
        self.focus_next("Field")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        title, text = self.query_one("#title", Field).value.strip(), self.query_one("#text", Field).value.strip()
        if event.input.id == "title":
            self.query_one("#text").focus()
        elif not title or not text:
            self.app.refuse("panel.add-needs")
        elif not self.sending:
            self.sending = True
            data: dict[str, object] = {"id": free_id(self.desk.plan.inject_by_id), "kind": KINDS[self.kind], "title": title, "text": text}
            data |= {"at": "hold"} | ({"to": list(self.to)} if self.to else {})
            self.app.ask(c.AddInject(data), then=self._done, failed=self.failed)

    def _done(self, entries: list[Entry]) -> None:
        self.sent()
        self.dismiss(id_added(entries))

"""A decision: who, what, and if wanted why, what else was considered, who disagreed. Its time is that of `d`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tabletop.engine import commands as c

from ...look import clock_text, plain, role_key, role_title, spread
from ...two_digits import TwoDigits
from .frame import DIGITS, Field, Recording
from .roles import RolePanel, role_of_number

PARTS = ("text", "reason", "options", "dissent")


class DecisionPanel(Recording[None]):
    """Records a decision. What was typed before is there again."""

    DRAFT: ClassVar[str] = "decision"
    AUTO_FOCUS = "#text"

    def __init__(self, said_ms: int) -> None:
        super().__init__()
        self._kept: dict[str, object] = {}
        self.role = ""
        self.said_ms = said_ms
        self._number = TwoDigits()

    def compose(self):  # type: ignore[no-untyped-def]
        self._kept = self.kept()
        role, said_ms = self._kept.get("role"), self._kept.get("said_ms")
        if isinstance(role, str) and role in self.desk.exercise.role_by_id:
            self.role = role
        if isinstance(said_ms, int):
            self.said_ms = said_ms
        yield from super().compose()

    def fields(self) -> Iterable[Widget]:
        for part in PARTS:
            field = Field(
                self.words(f"panel.decision-{part}"),
                commands=DIGITS if part == "text" else (),
                value=str(self._kept.get(part, "")),
                id=part,
            )
            field.display = part == "text" or bool(self._kept.get(part))
            yield field

    def draft_values(self) -> dict[str, object]:
        values: dict[str, object] = {part: self.query_one(f"#{part}", Field).value for part in PARTS}
        if not any(str(value).strip() for value in values.values()):
            return {}
        return values | {"role": self.role, "said_ms": self.said_ms}

    def heading(self) -> Content:
        who = role_title(self.desk.exercise, self.role, self.language) if self.role else self.words("panel.decision-who")
        when = self.words("panel.decided-at", time=clock_text(self.said_ms))
        return spread(plain(f"{self.words('console.decision')} · {who}{self._number.shown()}", "bold"), plain(when), self.inner)

    def rows(self) -> list[Content]:
        exercise, scene = self.desk.exercise, self.scene()
        cells = []
        for role in exercise.roles:
            chosen = role.id == self.role
            cell = Content.assemble((role_key(exercise, role.id), "bold $text-accent"), " ", plain(scene.role(role.id)))
            cells.append(Content.assemble(" ", cell.stylize("reverse bold"), " ") if chosen else Content.assemble(" ", cell, " "))
        lines: list[Content] = [Content("")]
        for cell in cells:
            if lines[-1].cell_length + cell.cell_length > self.inner:
                lines.append(Content(""))
            lines[-1] = Content.assemble(lines[-1], cell)
        return lines

    def keys(self) -> str:
        return self.words("panel.decision-keys")

    def on_field_command(self, message: Field.Command) -> None:
        message.stop()
        number = self._number.take(message.key)
        if number is not None:
            role = role_of_number(self.desk.exercise, number)
            if role is None:
                self.app.refuse("panel.no-such-role", number=number)
            else:
                self.role = role
        self.keep()
        self.draw()

    def on_field_left(self, message: Field.Left) -> None:
        message.stop()
        for part in PARTS:
            self.query_one(f"#{part}", Field).display = True
        self.call_after_refresh(self.focus_next, "Field")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.sending:
            return
        if not self.role:
            self.app.push_screen(RolePanel(self.words("panel.decision-who")), self._chosen)
            return
        self._send()

    def _chosen(self, role: str | None) -> None:
        if role is not None:
            self.role = role
            self.keep()
            self.draw()
            self._send()

    def _send(self) -> None:
        text, reason, options, dissent = (self.query_one(f"#{part}", Field).value for part in PARTS)
        self.sending = True
        command = c.RecordDecision(self.role, text, reason=reason, options=options, dissent=dissent, said_ms=self.said_ms)
        self.app.ask(command, then=lambda _: self._done(), failed=self.failed)

    def _done(self) -> None:
        self.sent()
        self.dismiss(None)

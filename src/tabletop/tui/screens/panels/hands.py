"""Hands: cards held up on "three, two, one". One digit for each role that was asked, in the order of the name tents."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.shuffle import shuffled
from tabletop.errors import TabletopError

from ...look import column, line, plain, role_key, role_title
from .frame import Box, digit_of


class HandsPanel(Box[None]):
    """First answers of the whole room with no device at all; every digit is recorded at once."""

    BINDINGS: ClassVar = [("right,enter", "pass_over", "next"), ("left,backspace", "step_back", "back")]

    def __init__(self, ask: str, said_ms: int) -> None:
        super().__init__()
        self.ask_id = ask
        self.said_ms = said_ms
        self.cursor = 0
        self.given: dict[str, int] = {}
        """Place of the option each role held up."""

    @property
    def roles(self) -> list[str]:
        """The roles that were asked, in the order of the name tents."""
        desk = self.desk
        inject, ask = desk.plan.asks[self.ask_id]
        return sorted(desk.plan.addressees(desk.state, inject, ask), key=lambda role: desk.exercise.number_of_role.get(role, 0))

    @property
    def options(self) -> list[str]:
        """Ids of the options in the order printed on the cards."""
        created = self.desk.state.created
        return [option.id for option in shuffled(self.desk.plan.asks[self.ask_id][1], 0 if created is None else created.seed)]

    def heading(self) -> Content:
        return plain(f"{self.words('panel.hands')} · {line(self.desk.plan.asks[self.ask_id][1].question, self.language)}", "bold")

    def rows(self) -> list[Content]:
        exercise, ask = self.desk.exercise, self.desk.plan.asks[self.ask_id][1]
        shown = [
            Content.assemble((f" {number} ", "bold $text-accent"), plain(line(ask.option(option).text, self.language)))
            for number, option in enumerate(self.options, start=1)
        ]
        for index, role in enumerate(self.roles):
            held = self.given.get(role)
            mark = "›" if index == self.cursor else "✓" if held is not None else " "
            name = column(f"{role_key(exercise, role)} {role_title(exercise, role, self.language)}", 40)
            row = Content.assemble((f" {mark} ", "bold"), name, str(held + 1) if held is not None else "")
            shown.append(row.stylize("reverse") if index == self.cursor else row)
        return [row.truncate(self.inner, ellipsis=True) for row in shown[: self.most_rows]]

    def keys(self) -> str:
        return self.words("panel.hands-keys")

    def action_pass_over(self) -> None:
        self.cursor += 1
        if self.cursor >= len(self.roles):
            self.dismiss(None)
        else:
            self.draw()

    def action_step_back(self) -> None:
        self.cursor = max(0, self.cursor - 1)
        self.draw()

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        if digit is None:
            return
        event.stop()
        at, options, roles = int(digit) - 1, self.options, self.roles
        if not 0 <= at < len(options) or self.cursor >= len(roles):
            return
        role = roles[self.cursor]
        self.given[role] = at
        command = c.GiveAnswer(self.ask_id, role, (options[at],), said_ms=self.said_ms)
        self.app.ask(command, failed=lambda error: self._failed(role, error))
        self.action_pass_over()

    def _failed(self, role: str, error: TabletopError) -> None:
        self.given.pop(role, None)

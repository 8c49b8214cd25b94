"""Calling the roll: a digit for everybody who is here, `enter`, and control plays the rest."""

from __future__ import annotations

from typing import ClassVar

from textual.content import Content
from textual.events import Key

from tabletop.engine import commands as c
from tabletop.engine import events as e

from ...look import column, line, plain, role_key
from ...two_digits import TwoDigits
from .frame import Box, digit_of
from .roles import role_of_number


class RollPanel(Box[None]):
    """All roles with their digits; those marked are here. Nobody types a name."""

    BINDINGS: ClassVar = [
        ("up", "move(-1)", "up"),
        ("down", "move(1)", "down"),
        ("right,left", "mark", "here"),
        ("backspace,delete", "nobody", "nobody"),
        ("enter", "take", "take"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.here: set[str] = set()
        self.cursor = 0
        self._number = TwoDigits()

    def on_mount(self) -> None:
        retracted = self.desk.state.retracted
        if any(isinstance(entry.event, e.RolesStaffed) and entry.seq not in retracted for entry in self.desk.entries):
            # The roll was called before: now one joined or left.
            played = (role.id for role in self.desk.exercise.roles if self.desk.plan.staffed_by(self.desk.state, role.id) == "people")
            self.here.update(played)
        super().on_mount()

    def heading(self) -> Content:
        return plain(self.words("roll.title") + self._number.shown("1·"), "bold")

    def rows(self) -> list[Content]:
        exercise, scene = self.desk.exercise, self.scene()

        def row(index: int) -> Content:
            role = exercise.roles[index]
            here = role.id in self.here
            told = self.words("roll.here") if here else self._played(role.id)
            return Content.assemble(
                column(role_key(exercise, role.id), 4, "bold $text-accent"),
                column("✓" if here else "", 3, "bold"),
                column(told, 16, "bold" if here else "$text-muted"),
                column(scene.role(role.id), 8, "bold"),
                plain(line(role.title, self.language)),
                "  ",
                plain(scene.person(role.id)),
            ).truncate(self.inner, ellipsis=True)

        return self.listed(len(exercise.roles), row, self.cursor, self.most_rows)

    def _played(self, role: str) -> str:
        """How a role that is not marked will be played."""
        chain = self.desk.plan.played_with(self.desk.state, role)
        if len(chain) > 1 and self.here & set(chain):
            return self.words("roll.with", role=self.scene().role(chain[1]))
        return self.words("roll.control")

    def keys(self) -> str:
        return self.words("roll.keys")

    def action_move(self, by: int) -> None:
        self.cursor = (self.cursor + by) % len(self.desk.exercise.roles)
        self.draw()

    def action_mark(self) -> None:
        self._turn(self.desk.exercise.roles[self.cursor].id)

    def action_nobody(self) -> None:
        self.here.clear()
        self.draw()

    def action_take(self) -> None:
        if not self.here:
            self.app.refuse("refused.nobody-here")
            return
        here = tuple(role.id for role in self.desk.exercise.roles if role.id in self.here)
        self.app.ask(c.CallRoll(here), then=lambda _: self._done())

    def _done(self) -> None:
        by = [self.desk.plan.staffed_by(self.desk.state, role.id) for role in self.desk.exercise.roles]
        self.app.tell("roll.done", here=len(self.here), control=by.count("control"))
        self.dismiss(None)

    def _turn(self, role: str) -> None:
        self.here ^= {role}
        self.draw()

    def on_key(self, event: Key) -> None:
        digit = digit_of(event.character)
        if digit is None:
            return
        event.stop()
        number = self._number.take(digit)
        if number is None:
            self.draw()
            return
        role = role_of_number(self.desk.exercise, number)
        if role is None:
            self.app.refuse("panel.no-such-role", number=number)
            self.draw()
            return
        self.cursor = [each.id for each in self.desk.exercise.roles].index(role)
        self._turn(role)

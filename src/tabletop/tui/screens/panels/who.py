"""Who is where: how each role is played, and by whom."""

from __future__ import annotations

from typing import ClassVar, get_args

from textual import events
from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.events import Holder, StaffedBy

from ...look import plain, role_title
from ...widgets.room_rows import room_row
from .frame import Box, Prompt, digit_of
from .roles import RolePanel, role_of_number

BY: tuple[StaffedBy, ...] = get_args(StaffedBy)


class WhoPanel(Box[None]):
    """Roles with their people; every change is recorded at once."""

    BINDINGS: ClassVar = [
        ("up", "move(-1)", "up"),
        ("down", "move(1)", "down"),
        ("left", "turn(-1)", "left"),
        ("right", "turn(1)", "right"),
        ("enter", "name('A')", "name"),
        ("tab", "name('B')", "name of B"),
        ("backspace,delete", "leave_seat", "leaves"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.cursor = 0
        self._zero = False

    @property
    def role(self) -> str:
        return self.desk.exercise.roles[self.cursor].id

    def heading(self) -> Content:
        return plain(self.words("console.who") + (" 0·" if self._zero else ""), "bold")

    def rows(self) -> list[Content]:
        scene, roles = self.scene(), self.desk.exercise.roles
        room = self.most_rows
        top = max(0, min(self.cursor - room + 1, len(roles) - room))
        return [
            room_row(scene, role.id, self.inner, cursor=index == self.cursor)
            for index, role in enumerate(roles[top : top + room], start=top)
        ]

    def keys(self) -> str:
        return self.words("panel.who-keys")

    def action_move(self, by: int) -> None:
        self.cursor = (self.cursor + by) % len(self.desk.exercise.roles)
        self.draw()

    def action_turn(self, by: int) -> None:
        scene = self.scene()
        wanted = BY[(BY.index(scene.plan.staffed_by(scene.state, self.role)) + by) % len(BY)]
        role = self.role
        if wanted == "with":
            self.app.push_screen(
                RolePanel(self.words("panel.played-with", role=scene.role(role))), lambda other: self._with(role, other, by)
            )
        else:
            self._ask(c.StaffRole(role, wanted))

    def _with(self, role: str, other: str | None, by: int) -> None:
        """Played with `other`; where nobody was named, the turn goes on past it."""
        if other is not None:
            self._ask(c.StaffRole(role, "with", other))
        else:
            self._ask(c.StaffRole(role, BY[(BY.index("with") + by) % len(BY)]))

    def action_name(self, holder: Holder) -> None:
        role = self.role
        if holder == "B" and self.desk.exercise.role_by_id[role].holders == 1:
            self.app.tell("panel.one-holder")
            return
        title = self.words("panel.name-of", role=role_title(self.desk.exercise, role, self.language), holder=holder)
        self.app.push_screen(
            Prompt(plain(title, "bold"), hint=self.words("panel.name")),
            lambda name: None if name is None else self._ask(c.SeatPerson(role, name, holder)),
        )

    def action_leave_seat(self) -> None:
        self._ask(c.PersonLeaves(self.role))

    def _ask(self, command: c.Command) -> None:
        self.app.ask(command, then=lambda _: self.draw())

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        if digit is None:
            return
        event.stop()
        if digit == "0" and not self._zero:
            self._zero = True
        else:
            found = role_of_number(self.desk.exercise, int(digit) + (10 if self._zero else 0))
            self._zero = False
            if found is not None:
                self.cursor = [role.id for role in self.desk.exercise.roles].index(found)
        self.draw()

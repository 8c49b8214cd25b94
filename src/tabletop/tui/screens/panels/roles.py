"""Choosing a role: by the digit of its name tent, by two letters of its short name, or with arrows and `enter`."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence

from textual import events
from textual.content import Content

from tabletop.exercise.model import Exercise, Role

from ...look import column, line, plain, role_key
from ...two_digits import TwoDigits
from .frame import Box, digit_of


def role_of_digit(exercise: Exercise, digit: str) -> str | None:
    """The role with that digit."""
    return role_of_number(exercise, int(digit))


def role_of_number(exercise: Exercise, number: int) -> str | None:
    """The role with that number on its name tent."""
    return next((role for role, own in exercise.number_of_role.items() if own == number), None)


class RolePanel(Box[str]):
    """All roles with their keys. Gives the role's id."""

    takes_typing = True
    """Two letters of a short name are no command that an input method kept from arriving."""

    BINDINGS = [("up", "move(-1)", "up"), ("down", "move(1)", "down"), ("enter", "take", "take")]  # noqa: RUF012

    def __init__(self, title: str, *, zero: bool = False, among: Collection[str] | None = None) -> None:
        super().__init__()
        self._title = title
        self._number = TwoDigits(waiting=zero)
        """With `zero`, `0` was pressed already."""
        self._typed = ""
        self._among = among
        """The roles there are to choose from; None: all."""
        self.cursor = 0

    @property
    def roles(self) -> Sequence[Role]:
        """The roles to choose from, in the order of the file."""
        return [role for role in self.desk.exercise.roles if self._among is None or role.id in self._among]

    def heading(self) -> Content:
        waiting = self._number.shown("1·") or (f" {self._typed}" if self._typed else "")
        return plain(f"{self._title}{waiting}", "bold")

    def rows(self) -> list[Content]:
        exercise, scene = self.desk.exercise, self.scene()
        roles = self.roles

        def row(index: int) -> Content:
            role = roles[index]
            return Content.assemble(
                column(role_key(exercise, role.id), 4, "bold $text-accent"),
                column(scene.role(role.id), 8, "bold"),
                plain(line(role.title, self.language)),
                "  ",
                plain(scene.person(role.id)),
            ).truncate(self.inner, ellipsis=True)

        return self.listed(len(roles), row, self.cursor, self.most_rows)

    def keys(self) -> str:
        return self.words("panel.role-keys")

    def action_move(self, by: int) -> None:
        self.cursor = (self.cursor + by) % max(1, len(self.roles))
        self.draw()

    def action_take(self) -> None:
        if self.roles:
            self.dismiss(self.roles[self.cursor].id)

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        if digit is not None:
            event.stop()
            self._digit(digit)
        elif event.character is not None and event.character.isprintable() and not event.character.isspace():
            event.stop()
            self._letter(event.character)

    def _digit(self, digit: str) -> None:
        number = self._number.take(digit)
        if number is None:
            self.draw()
            return
        role = role_of_number(self.desk.exercise, number)
        if role is None or role not in {each.id for each in self.roles}:
            self.app.refuse("panel.no-such-role", number=number)
            self.draw()
        else:
            self.dismiss(role)

    def _letter(self, character: str) -> None:
        self._typed = (self._typed + unicodedata.normalize("NFKC", character).casefold())[-2:]
        names = [role.short_name(self.language).casefold() for role in self.roles]
        found = [index for index, name in enumerate(names) if name.startswith(self._typed)]
        whole = len(self._typed) == 2 or (found and names[found[0]] == self._typed)
        if len(found) == 1 and whole:
            self.dismiss(self.roles[found[0]].id)
            return
        if found:
            self.cursor = found[0]
        else:
            self._typed = ""
        self.draw()

"""Who is where: how each role is played, by whom and at which device; below, messages between roles and the way to the lobby.

Owns: what can be changed about a role, at any time. Refuses to own: codes and the lobby (`door`), words of a message (`message`).
"""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.events import Holder, StaffedBy
from tabletop.engine.plan import Plan
from tabletop.engine.rights import Actor
from tabletop.engine.state import State
from tabletop.words import Words

from ...crowd import there_now
from ...look import plain, role_name, role_title
from ...two_digits import TwoDigits
from ...widgets.room_rows import room_row
from .door import LobbyPanel, show_code
from .frame import Box, Choice, Prompt, digit_of
from .message import open_message
from .roles import RolePanel, role_of_number
from .roll import RollPanel

TURNS: tuple[StaffedBy, ...] = ("people", "control", "nobody", "with")
"""The order in which a key turns who plays a role."""

LEFT_TO: tuple[StaffedBy, ...] = ("control", "nobody", "with", "people")
"""Who may play a role whose last person has left; the commonest first."""

BELOW = ("message", "more")
"""Rows below the roles."""


def joins(plan: Plan, state: State, role: str) -> bool:
    """Whether somebody who is named at a role becomes its player: it was given up, and is not one that control plays anyway."""
    return plan.staffed_by(state, role) in ("control", "nobody") and not plan.role(role).simulated


def with_panel(words: Words, plan: Plan, state: State, role: str) -> RolePanel:
    """Asks with which other role people play this one, too."""
    others = [other.id for other in plan.exercise.roles if other.id != role and plan.staffed_by(state, other.id) == "people"]
    return RolePanel(words("panel.played-with", role=role_name(plan.exercise, role, plan.language)), among=others)


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
        ("f2", "about_role", "more"),
        ("f3", "roll", "roll"),
        ("f4", "below('more')", "lobby"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.cursor = 0
        self._number = TwoDigits()

    @property
    def role(self) -> str:
        """The role the cursor stands on; below the roles, the last of them."""
        roles = self.desk.exercise.roles
        return roles[min(self.cursor, len(roles) - 1)].id

    @property
    def row_below(self) -> str:
        """The row of `BELOW` on which the cursor stands; empty: it is on a role."""
        at = self.cursor - len(self.desk.exercise.roles)
        return BELOW[at] if at >= 0 else ""

    def heading(self) -> Content:
        return plain(self.words("console.who") + self._number.shown(), "bold")

    def rows(self) -> list[Content]:
        scene, roles = self.scene(), self.desk.exercise.roles
        one = lambda index: room_row(scene, roles[index].id, self.inner, cursor=False)  # noqa: E731
        shown = self.listed(len(roles), one, self.cursor, self.most_rows - len(BELOW))
        for name in BELOW:
            row = Content.assemble(("    … ", "bold $text-accent"), plain(self.words(f"door.who-{name}")), plain(self._devices(name)))
            shown.append(row.stylize("reverse") if name == self.row_below else row)
        return shown

    def _devices(self, name: str) -> str:
        """Beside the way to the lobby, how many phones have said hello, how many are there, and what is set there."""
        crowd = self.desk.crowd
        if name != "more" or not (crowd.expects_devices or crowd.paper or crowd.locked):
            return ""
        told = [self.words("door.hellos", n=crowd.hellos)] if crowd.hellos else []
        told += there_now(crowd, self.words)
        told += [self.words(f"door.{code}") for code, on in (("paper", crowd.paper), ("locked", crowd.locked)) if on]
        return f"   {' · '.join(told)}"

    def keys(self) -> str:
        return self.words("panel.who-keys")

    def action_move(self, by: int) -> None:
        self.cursor = (self.cursor + by) % (len(self.desk.exercise.roles) + len(BELOW))
        self.draw()

    def action_below(self, name: str) -> None:
        """Does what a row below the roles does."""
        if name == "message":
            open_message(self, self.app.pressed_ms())
        else:
            self.app.push_screen(LobbyPanel(), lambda _: self.draw())

    def action_turn(self, by: int) -> None:
        if self.row_below:
            return
        state, role = self.desk.state, self.role
        wanted = TURNS[(TURNS.index(self.desk.plan.staffed_by(state, role)) + by) % len(TURNS)]
        if wanted == "with":
            self._ask_with(role)
        else:
            self._ask(c.StaffRole(role, wanted))

    def _ask_with(self, role: str) -> None:
        def chosen(other: str | None) -> None:
            if other is not None:
                self._ask(c.StaffRole(role, "with", other))

        self.app.push_screen(with_panel(self.words, self.desk.plan, self.desk.state, role), chosen)

    def action_name(self, holder: Holder) -> None:
        if self.row_below:
            self.action_below(self.row_below)
            return
        role = self.role
        if holder == "B" and self.desk.exercise.role_by_id[role].holders == 1:
            self.app.refuse("panel.one-holder")
            return
        asked = "door.name-joins" if holder == "+" else "panel.name-of"
        title = self.words(asked, role=role_title(self.desk.exercise, role, self.language), holder=holder)
        self.app.push_screen(
            Prompt(plain(title, "bold"), hint=self.words("panel.name")),
            lambda name: None if name is None else self._seat(role, name, holder),
        )

    def _seat(self, role: str, name: str, holder: Holder) -> None:
        """Somebody who joins plays the role from now on."""
        if joins(self.desk.plan, self.desk.state, role):
            self.app.ask(c.StaffRole(role, "people"))
        self._ask(c.SeatPerson(role, name, holder))

    def action_leave_seat(self) -> None:
        """Whoever sits there leaves; of several, the one that is named."""
        if self.row_below:
            return
        role = self.role
        people = self.desk.state.people_at(role)
        leaves = [c.PersonLeaves(role, one.holder, one.name) for one in people]
        if not leaves and self.desk.plan.staffed(self.desk.state, role):
            # Nobody typed a name, and somebody goes all the same.
            self._given_up(role)
            return
        if len(leaves) < 2:
            self.app.ask(leaves[0] if leaves else c.PersonLeaves(role), then=lambda _: self._given_up(role))
            return
        choices = [plain(f"{one.holder} {one.name}") for one in people]
        chosen = lambda at: None if at is None else self._ask(leaves[at])  # noqa: E731
        self.app.push_screen(Choice(plain(self.words("roll.leaves-who"), "bold"), choices), chosen)

    def _given_up(self, role: str) -> None:
        """Nobody sits there any more: one digit says who plays the role, so that nothing is owed by an empty chair."""
        self.draw()
        words = self.words
        choices = [plain(words(f"roll.left-{by}")) for by in LEFT_TO]

        def chosen(at: int | None) -> None:
            if at is None or LEFT_TO[at] == "people":
                return
            if LEFT_TO[at] == "with":
                self._ask_with(role)
            else:
                self._ask(c.StaffRole(role, LEFT_TO[at]))

        title = words("roll.left", role=role_title(self.desk.exercise, role, self.language))
        self.app.push_screen(Choice(plain(title, "bold"), choices), chosen)

    def action_about_role(self) -> None:
        """Everything about one role, numbered."""
        role = self.role
        if self.row_below:
            return
        two = self.desk.exercise.role_by_id[role].holders == 2
        names = [*(("name-ab", "name-b", "swap-ab") if two else ("name-a",)), "swap", "leaves", "code", "message-of", "joins"]

        def chosen(at: int | None) -> None:
            if at is not None:
                self._about(role, names[at])

        title = role_title(self.desk.exercise, role, self.language)
        self.app.push_screen(Choice(plain(title, "bold"), [plain(self.words(f"door.{name}")) for name in names]), chosen)

    def _about(self, role: str, name: str) -> None:
        match name:
            case "name-a" | "name-ab":
                self.action_name("A")
            case "name-b":
                self.action_name("B")
            case "joins":
                self.action_name("+")
            case "swap-ab":
                self._swap((role, "A"), (role, "B"))
            case "swap":
                self._ask_swap(role)
            case "leaves":
                self.action_leave_seat()
            case "code":
                control = self.desk.plan.staffed_by(self.desk.state, role) == "control"
                show_code(self.app, str(Actor("control" if control else "seat", roles=(role,))))
            case _:
                open_message(self, self.app.pressed_ms(), role)

    def _ask_swap(self, role: str) -> None:
        def chosen(other: str | None) -> None:
            if other is not None:
                self._swap((role, "A"), (other, "A"))

        others = [other.id for other in self.desk.exercise.roles if other.id != role]
        title = self.words("door.swap-with", role=role_title(self.desk.exercise, role, self.language))
        self.app.push_screen(RolePanel(title, among=others), chosen)

    def _swap(self, one: tuple[str, Holder], other: tuple[str, Holder]) -> None:
        """Two people change places; where only one is named, that one moves."""
        seated = {(person.role, person.holder): person.name for person in self.desk.state.people if person.left_ms is None}
        if one not in seated and other not in seated:
            self.app.refuse("door.swap-nobody")
            return
        for come, go in ((one, other), (other, one)):
            if go in seated:
                self._seat(come[0], seated[go], come[1])
            else:
                self._ask(c.PersonLeaves(*come))

    def action_roll(self) -> None:
        self.app.push_screen(RollPanel(), lambda _: self.draw())

    def _ask(self, command: c.Command) -> None:
        def recorded(_: object) -> None:
            self.app.go_on_with_keys()
            self.draw()

        # The next arrow turns on from what this one has made of the role.
        self.app.hold_keys()
        self.app.ask(command, then=recorded, failed=recorded)

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        if digit is None:
            return
        event.stop()
        number = self._number.take(digit)
        found = None if number is None else role_of_number(self.desk.exercise, number)
        if found is not None:
            at = [role.id for role in self.desk.exercise.roles].index(found)
            again, self.cursor = at == self.cursor, at
            if again:
                self.action_about_role()
        self.draw()

"""A seat to make a code for: a role or several on one device, a control seat, an evaluator, a recorder, a site, the room."""

from __future__ import annotations

from typing import ClassVar, get_args

from textual import events
from textual.content import Content

from tabletop.engine.joining import NAMED, VIEWER
from tabletop.engine.rights import Actor, ActorKind
from tabletop.text import clean_line

from ...in_sight import still_at
from ...look import column, line, plain, role_key
from ...seat_names import seat_title
from ...two_digits import TwoDigits
from ...widgets.room_rows import sign
from .frame import Box, Prompt, digit_of
from .roles import role_of_number

NAME_LENGTH = 80


class SeatsPanel(Box[str]):
    """Every seat there can be. Gives it as the log names it: `seat:teller-1`, `evaluator:Li Wei`."""

    BINDINGS: ClassVar = [
        ("up", "move(-1)", "up"),
        ("down", "move(1)", "down"),
        ("right,left", "mark", "one device"),
        ("enter", "take", "take"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.cursor = 0
        """Where the cursor stood last."""
        self._on = ""
        """The seat it stood on: seats come and go while the panel is open."""
        self.marked: list[str] = []
        """Roles that will sit at one device, in the order in which they were marked."""
        self._number = TwoDigits()

    @property
    def seats(self) -> list[str]:
        """What there is to choose from: role ids, seats, and `evaluator`, `lead`, `recorder` for one that is to be named."""
        desk = self.desk
        roles = [role.id for role in desk.exercise.roles if desk.plan.staffed_by(desk.state, role.id) in ("people", "control")]
        sites = [f"site:{site.id}" for site in desk.exercise.sites]
        named = [code.seat for code in desk.crowd.codes if code.seat.partition(":")[0] in NAMED]
        return [*roles, *named, *NAMED, *sites, VIEWER]

    def heading(self) -> Content:
        if not self.marked:
            told = self.words("door.seats-title")
        else:
            told = self.words("door.seats-title-marked", n=len(self.marked), roles=self.scene().roles(tuple(self.marked)))
        return plain(told + self._number.shown(), "bold")

    def rows(self) -> list[Content]:
        seats = self.seats
        self._stand_on(still_at(seats, self._on, self.cursor), seats)
        self.marked = [role for role in self.marked if role in seats]
        row = lambda index: self._row(seats[index]).truncate(self.inner, ellipsis=True)  # noqa: E731
        return self.listed(len(seats), row, self.cursor, self.most_rows)

    def _row(self, seat: str) -> Content:
        desk, words = self.desk, self.words
        role = desk.exercise.role_by_id.get(seat)
        if role is None:
            what = words(f"door.new-{seat}") if seat in NAMED else seat_title(desk.plan, seat, words)
            return Content.assemble(column("", 4), column("", 3), column(what, 46, "bold"), plain(self._code_state(seat), "$text-muted"))
        kind = "control" if self._seat_of(seat).startswith("control") else "role"
        return Content.assemble(
            column(role_key(desk.exercise, seat), 4, "bold $text-accent"),
            column("✓" if seat in self.marked else "", 3, "bold"),
            column(f"{sign(self.scene(), seat)} {line(role.title, self.language)}", 32, "bold"),
            column(words(f"door.seat-{kind}"), 14),
            plain(self._code_state(self._seat_of(seat)), "$text-muted"),
        )

    def _code_state(self, seat: str) -> str:
        known = next((code for code in self.desk.crowd.codes if code.seat == seat), None)
        return "" if known is None else self.words("door.code-used" if known.used and seat != VIEWER else "door.code-open")

    def _seat_of(self, *roles: str) -> str:
        """The seat of a role, or of several at one device: the control team's where it plays all of them."""
        desk = self.desk
        control = all(desk.plan.staffed_by(desk.state, role) == "control" for role in roles)
        return str(Actor("control" if control else "seat", roles=roles))

    def keys(self) -> str:
        return self.words("door.seats-keys")

    def action_move(self, by: int) -> None:
        seats = self.seats
        self._stand_on((still_at(seats, self._on, self.cursor) + by) % len(seats), seats)
        self.draw()

    def _stand_on(self, at: int, seats: list[str]) -> None:
        self.cursor, self._on = at, seats[at]

    def _gone(self) -> bool:
        """Whether the seat that the cursor stood on is no more: then nothing is done to the one that is there now, and that is shown."""
        gone = self._on not in self.seats
        if gone:
            self.draw()
        return gone

    def action_mark(self) -> None:
        """Puts the role on the device of those marked before, or takes it off it; the control team's roles and others do not mix."""
        seat = self._on
        if self._gone() or seat not in self.desk.exercise.role_by_id:
            return
        if seat in self.marked:
            self.marked.remove(seat)
        else:
            kind = self._seat_of(seat).partition(":")[0]
            self.marked = [role for role in self.marked if self._seat_of(role).partition(":")[0] == kind] + [seat]
        self.draw()

    def action_take(self) -> None:
        seat = self._on
        if self._gone():
            return
        if self.marked:
            in_order = [role.id for role in self.desk.exercise.roles if role.id in self.marked]
            self.dismiss(self._seat_of(*in_order))
        elif seat in self.desk.exercise.role_by_id:
            self.dismiss(self._seat_of(seat))
        elif seat in NAMED:
            title = plain(self.words(f"door.{seat}-name"), "bold")
            self.app.push_screen(Prompt(title, hint=self.words("panel.name")), lambda name: self._named(seat, name))
        else:
            self.dismiss(seat)

    def _named(self, kind: str, name: str | None) -> None:
        plain_name = clean_line(name or "", longest=NAME_LENGTH).strip()
        found = next((known for known in get_args(ActorKind) if known == kind), None)
        if plain_name and found is not None:
            self.dismiss(str(Actor(found, plain_name)))

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        if digit is None:
            return
        event.stop()
        number = self._number.take(digit)
        if number is None:
            self.draw()
            return
        role = role_of_number(self.desk.exercise, number)
        if role is None or role not in self.seats:
            self.app.refuse("panel.no-such-role", number=number)
            self.draw()
            return
        seats = self.seats
        self._stand_on(seats.index(role), seats)
        if self.marked:
            self.action_mark()
        else:
            self.action_take()

"""Who sits here: one role or several, and a name for them. Shows what stands on the name tents, and no more.

Owns: choosing. Refuses to own: who may sit where (engine, facilitator).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content

from tabletop.engine.joining import roles_of
from tabletop.engine.roles import Tent
from tabletop.engine.state import same_person
from tabletop.errors import TabletopError
from tabletop.text import clean_line

from ..actions import Action, bindings, footer_key
from ..look import line, number_key, plain, spread
from ..pages.lines import wrapped
from ..station_app import StationApp, require_one_side
from ..two_digits import TwoDigits
from ..widgets.footer import Footer
from ..widgets.lines import Lines
from ..widgets.writing import Writing
from .players import PlayerScreen

CHOOSING_ACTIONS: tuple[Action, ...] = (
    Action("digit", tuple("1234567890"), "station.take-digit", footer=1, keyed=True),
    Action("mark", ("space",), "station.take-mark", footer=2),
    Action("go_on", ("enter",), "station.take-go-on", footer=3),
    Action("move(-1)", ("up",), "station.up"),
    Action("move(1)", ("down",), "station.down"),
    Action("back", ("escape",), "station.back"),
)


class ChoosingScreen(PlayerScreen):
    """First the roles, then a name."""

    CSS_PATH = "station.tcss"
    BINDINGS: ClassVar = bindings(CHOOSING_ACTIONS)

    def __init__(self, roles: Sequence[str] = ()) -> None:
        super().__init__()
        self.marked = list(roles)
        self.naming = bool(roles)
        """Whether the roles are chosen and a name is asked for."""
        self._settled_roles = bool(roles)
        self._cursor = 0
        self._number = TwoDigits()
        self._left_name = ""
        self._problem = ""
        self._touched = False
        """Whether somebody has begun to choose: then nothing is offered any more."""

    def compose(self) -> ComposeResult:
        yield Lines(id="board")
        yield Writing("name", placeholder="")
        yield Footer(self.words)

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one(Writing).display = False
        if self.naming:
            self.call_after_refresh(self._ask_name)

    @property
    def station(self) -> StationApp:
        app = self.app
        if not isinstance(app, StationApp):
            raise TypeError(type(app).__name__)
        return app

    @property
    def tents(self) -> tuple[Tent, ...]:
        """Those who may sit here: the room's roles first, then control's."""
        return tuple(sorted(self.station.tents(), key=lambda tent: tent.by == "control"))

    def _offer_what_was_left(self) -> None:
        """The seat that a terminal left without a word is offered again, with the name that sat there."""
        known = {tent.id for tent in self.tents}
        for seat, name in self.station.source.left_seats:
            roles = roles_of(seat)
            if roles and known.issuperset(roles):
                self.marked, self._left_name = list(roles), name
                self._cursor = next(at for at, tent in enumerate(self.tents) if tent.id == roles[0])
                return

    def draw(self) -> None:
        if not self.drawable:
            return
        if not self._touched and not self.naming:
            self._offer_what_was_left()
        self.set_class(self.naming, "-naming")
        names = ("go_on", "back") if self.naming else ("digit", "mark", "go_on")
        table = {action.id: action for action in CHOOSING_ACTIONS}
        self.query_one(Footer).tell([(footer_key(table[name], self.words), self.words(table[name].title)) for name in names])
        board = self.query_one("#board", Lines)
        width, height = self.app.size
        alarm = self.alarm(width, height)
        whole = alarm is not None or self.is_small
        self.query_one(Writing).display = self.naming and not whole
        self.query_one(Footer).display = not whole
        if whole:
            self.set_class(False, "-naming")
            board.show(alarm or self.too_small(width))
            return
        board.show(list(self._lines(width, height - 1))[: height - 1])
        if self.naming and self.focused is None:
            # It was hidden for a while.
            self.query_one(Writing).focus()

    def _lines(self, width: int, height: int) -> Iterator[Content]:
        words, tents = self.words, self.tents
        mark = line(self.desk.exercise.handling, self.language)
        yield spread(Content.styled(f" {words('console.exercise-mark')}", "bold $text-warning"), plain(f"{mark} ", "bold"), width)
        yield Content("")
        heading = "station.who-are-you" if self.station.private else "station.which-seats"
        yield plain(f"  {words('station.your-name' if self.naming else heading)}", "bold $text-accent")
        for piece in wrapped(words("station.name-about" if self.naming else "station.seats-about"), width - 4):
            yield plain(f"  {piece}", "$text-muted")
        yield Content("")
        shown = [tent for tent in tents if not self.naming or tent.id in self.marked]
        room = max(3, height - 8)
        top = 0 if self.naming else max(0, min(self._cursor - room + 1, len(shown) - room))
        for at, tent in enumerate(shown[top : top + room], start=top):
            yield self._row(tent, width, here=at == self._cursor and not self.naming)
        yield Content("")
        yield plain(f"  {self._problem or self.over() or self.app.notice}", "bold $text-warning")

    def _row(self, tent: Tent, width: int, *, here: bool) -> Content:
        words = self.words
        between = "、" if words.language.startswith("zh") else ", "
        who = between.join(tent.people)
        if tent.by == "control":
            who = words("station.by-control")
        elif tent.by == "with":
            other = next((one for one in self.station.tents() if one.id == tent.with_role), None)
            who = words("station.by-with", role="" if other is None else line(other.title, self.language))
        at_screens = [name for seat, name in self.station.source.seats_here if tent.id in roles_of(seat)]
        if at_screens:
            names = between.join(name for name in at_screens if name)
            there = words("station.at-a-screen-named", names=names) if names else words("station.at-a-screen")
            who = f"{who}  {there}".strip()
        sign = "✓" if tent.id in self.marked else " "
        title = plain(f" {sign} {line(tent.title, self.language)}")
        left = Content.assemble((f" {number_key(tent.number):>3} ", "bold $text-accent"), title)
        row = spread(left, plain(f"{who}  ", "$text-muted"), width)
        return row.stylize("reverse") if here else row

    # Keys.

    def action_move(self, by: int) -> None:
        if not self.naming:
            self._touched = True
            self._cursor = max(0, min(len(self.tents) - 1, self._cursor + by))
            self.draw()

    def action_digit(self, key: str) -> None:
        if self.naming:
            return
        number = self._number.take(key)
        for at, tent in enumerate(self.tents):
            if tent.number == number:
                self._cursor = at
                self._turn(tent.id)

    def action_mark(self) -> None:
        if not self.naming:
            self._turn(self.tents[self._cursor].id)

    def _turn(self, role: str) -> None:
        self._problem, self._left_name, self._touched = "", "", True
        if role in self.marked:
            self.marked.remove(role)
        else:
            self.marked.append(role)
        self.draw()

    async def action_go_on(self) -> None:
        """Takes what is marked, else the row of the cursor."""
        if self.naming:
            return
        order = [tent.id for tent in self.tents]
        roles = sorted(self.marked or [order[self._cursor]], key=order.index)
        try:
            require_one_side(self.desk.plan, self.desk.state, roles)
        except TabletopError as error:
            self._problem = self.words(error.code, **error.values)
            self.draw()
            return
        self.marked = roles
        if self.station.private or self.station.person:
            await self.station.take_seats(roles, self.station.person)
            return
        self.naming = True
        self._ask_name()

    def _ask_name(self) -> None:
        field = self.query_one(Writing)
        people = next((tent.people for tent in self.tents if self.marked == [tent.id]), ())
        elsewhere = {same_person(name) for seat, name in self.station.source.seats_here if set(self.marked).intersection(roles_of(seat))}
        known = [name for name in people if len(people) == 1 and same_person(name) not in elsewhere]
        field.text = self._left_name or "".join(known)
        field.move_cursor(field.document.end)
        self.draw()

    def keep_early(self, event: events.Key) -> bool:
        """A key that comes while nothing has the keyboard is for the name, where that is asked for."""
        field = self.query_one(Writing)
        if self.naming and field.display and self.focused is None:
            self.set_focus(field)
        return False

    @on(Writing.Entered)
    async def _named(self, message: Writing.Entered) -> None:
        if message.sent:
            await self.station.take_seats(self.marked, clean_line(message.writing.text, longest=80))

    @on(Writing.Left)
    def _unnamed(self) -> None:
        self.action_back()

    def action_back(self) -> None:
        if self.naming and not self._settled_roles:
            self.naming = False
            self.query_one(Writing).display = False
            self.set_focus(None)
            self.draw()

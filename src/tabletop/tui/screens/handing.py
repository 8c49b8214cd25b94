"""Between two people at a terminal that goes from hand to hand: nothing of anybody's stands here.

Owns: whose turn it is. Refuses to own: what their seat shows (`screens.station`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content

from tabletop.engine.seats import seat_view

from ..actions import Action, bindings, footer_key
from ..look import line, number_key, plain, spread
from ..pages.lines import wrapped
from ..player_actions import HIDE
from ..station_app import StationApp
from ..tasks import news
from ..two_digits import TwoDigits
from ..widgets.footer import Footer
from ..widgets.lines import Lines
from .players import PlayerScreen

HANDING_ACTIONS: tuple[Action, ...] = (
    Action("digit", tuple("1234567890"), "station.hand-digit", footer=1, keyed=True),
    Action("take", ("enter",), "station.hand-take", footer=2),
    Action("move(-1)", ("up",), "station.up"),
    Action("move(1)", ("down",), "station.down"),
)


class HandingScreen(PlayerScreen):
    """Whose eyes come next. Whether something new has come is said, never for whom."""

    CSS_PATH = "station.tcss"
    BINDINGS: ClassVar = bindings((*HANDING_ACTIONS, HIDE))

    def __init__(self) -> None:
        super().__init__()
        self._cursor = 0
        self._number = TwoDigits()
        self._known: frozenset[str] | None = None
        self._new = False

    def compose(self) -> ComposeResult:
        yield Lines(id="board")
        yield Footer(self.words)

    def on_mount(self) -> None:
        super().on_mount()
        shown = [action for action in HANDING_ACTIONS if action.footer is not None]
        self.query_one(Footer).tell([(footer_key(action, self.words), self.words(action.title)) for action in shown])

    @property
    def station(self) -> StationApp:
        app = self.app
        if not isinstance(app, StationApp):
            raise TypeError(type(app).__name__)
        return app

    def draw(self) -> None:
        if not self.drawable:
            return
        self._listen()
        board = self.query_one("#board", Lines)
        width, height = self.app.size
        alarm = self.alarm(width, height)
        self.query_one(Footer).display = alarm is None and not self.is_small
        if alarm is not None:
            board.show(alarm)
        elif self.is_small:
            board.show(self.too_small(width))
        else:
            board.show(list(self._lines(width))[: height - 1])

    def _listen(self) -> None:
        """A bell when something comes for anybody who shares this terminal."""
        desk = self.desk
        marks = news(seat_view(desk.plan, desk.state, self.station.chosen, desk.elapsed_ms()))
        if self._known is not None and marks - self._known:
            self._new = True
            if not self.app.quiet:
                self.app.bell()
        self._known = marks
        self._new = self._new or bool(self.station.unseen())

    def _lines(self, width: int) -> Iterator[Content]:
        words = self.words
        mark = line(self.desk.exercise.handling, self.language)
        yield spread(Content.styled(f" {words('console.exercise-mark')}", "bold $text-warning"), plain(f"{mark} ", "bold"), width)
        yield Content("")
        yield plain(f"  {words('station.hand-title')}", "bold $text-accent")
        for piece in wrapped(words("station.hand-about"), width - 4):
            yield plain(f"  {piece}", "$text-muted")
        yield Content("")
        tents = {tent.id: tent for tent in self.station.tents()}
        between = "、" if words.language.startswith("zh") else ", "
        for at, role in enumerate(self.station.chosen):
            tent = tents[role]
            left = Content.assemble((f" {number_key(tent.number):>3} ", "bold $text-accent"), plain(f" {line(tent.title, self.language)}"))
            row = spread(left, plain(f"{between.join(tent.people)}  ", "$text-muted"), width)
            yield row.stylize("reverse") if at == self._cursor else row
        yield Content("")
        if self._new:
            yield plain(f"  ● {words('station.hand-new')}", "bold reverse $text-accent")
        if over := self.over():
            yield plain(f"  ✓ {over}  ", "bold reverse $text-success")
        if self.app.notice:
            yield plain(f"  {self.app.notice}", "$text-muted")

    def action_move(self, by: int) -> None:
        if self.station.sitting_down:
            # Whoever pressed has the terminal; what is marked here says nothing else.
            return
        self._cursor = max(0, min(len(self.station.chosen) - 1, self._cursor + by))
        self.draw()

    def action_digit(self, key: str) -> None:
        number = self._number.take(key)
        if number is None:
            return
        tent = next((tent for tent in self.station.tents() if tent.number == number and tent.id in self.station.chosen), None)
        if tent is not None and not self.station.sitting_down:
            self._cursor = self.station.chosen.index(tent.id)
            self.draw()

    def action_take(self) -> None:
        """The person of this row has the terminal and is alone with it."""
        self.station.take_in_hand(self.station.chosen[self._cursor])

    async def action_hide(self) -> None:
        """Whoever took the terminal hides their seat before it is there."""
        if self.station.sitting_down:
            await self.station.pass_on()

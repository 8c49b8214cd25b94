"""What the console's keys do to the wall: `v` turns it, `PgUp` and `.` as a presenter remote sends them, `t` turns this terminal.

Owns: the way from a key to a turn. Refuses to own: what the wall then shows (`engine.seats`), and what reaches players (`curtain`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.state import WallTurn
from tabletop.engine.wall import room_asks, shown

from ..look import line, plain
from .panels.frame import Choice
from .panels.minutes import MinutesPanel
from .panels.terminal import TerminalPanel
from .turning import turn_blank, turn_earlier

if TYPE_CHECKING:
    from tabletop.engine.events import WallKind

    from .console import ConsoleScreen
    from .evaluation import EvaluationScreen

    Facing: TypeAlias = ConsoleScreen | EvaluationScreen

VIEWS: tuple[WallKind, ...] = ("inject", "rules", "rulings", "parked", "answers", "timer", "timeline", "blank")
VIEW_KEYS = "12345670"
"""The digit of each view (contract: *Keys*, `v`)."""

MINUTES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)


def turn_wall(console: Facing) -> None:
    """Asks what the wall is to show; `5` reveals answers."""
    if not console.ready:
        return
    words = console.words
    now = _now(console)

    def chosen(at: int | None) -> None:
        if at is None:
            return
        view = VIEWS[at]
        if view == "answers":
            reveal(console)
        elif view == "timer":
            _ask_minutes(console)
        else:
            console.app.ask(c.TurnWall(view))

    rows = [_row(console, view, now) for view in VIEWS]
    panel = Choice(plain(words("wall.turn-title"), "bold"), rows, keys=VIEW_KEYS, first=VIEWS.index(now.view))
    console.app.push_screen(panel, chosen)


def _now(console: Facing) -> WallTurn:
    return shown(console.desk.plan, console.desk.state)


def _row(console: Facing, view: WallKind, now: WallTurn) -> Content:
    words = console.words
    code = f"wall.turn-{view}"
    if view == "answers":
        code = _what_reveal_does(console, now)
    here = Content.styled(f"  ◂ {words('wall.turn-now')}", "$text-accent") if view == now.view else Content("")
    return Content.assemble(plain(words(code)), here)


def _candidates(console: Facing) -> list[str]:
    """The questions put to the whole room that somebody has answered, the newest first."""
    state = console.desk.state
    return [ask for ask in reversed(room_asks(console.desk.plan, state)) if state.ask(ask).answers]


def _what_reveal_does(console: Facing, now: WallTurn) -> str:
    state, asks = console.desk.state, _candidates(console)
    if not asks:
        return "wall.turn-no-answers"
    if now.view == "answers" and state.ask(now.ask).revealed == "counts":
        return "wall.turn-names"
    if len(asks) > 1:
        return "wall.turn-choose"
    return "wall.turn-answers" if state.ask(asks[0]).revealed else "wall.turn-counts"


def reveal(console: Facing) -> None:
    """Counts first; names where the counts stand on the wall; asks which question where several were answered."""
    now, asks = _now(console), _candidates(console)
    if now.view == "answers" and console.desk.state.ask(now.ask).revealed == "counts":
        console.app.ask(c.RevealAnswers(now.ask, names=True))
    elif not asks:
        console.app.tell("wall.nothing-to-reveal")
    elif len(asks) == 1:
        _reveal(console, asks[0])
    else:
        _ask_which(console, asks)


def _reveal(console: Facing, ask: str) -> None:
    """Counts of a question that was not revealed; one that was is only shown again."""
    revealed = console.desk.state.ask(ask).revealed
    console.app.ask(c.TurnWall("answers", ask=ask) if revealed else c.RevealAnswers(ask))


def _ask_which(console: Facing, asks: list[str]) -> None:
    words, desk = console.words, console.desk
    rows = []
    for ask in asks:
        how = words("wall.reveal-shown" if desk.state.ask(ask).revealed else "wall.reveal-counts")
        rows.append(plain(f"{how}  {line(desk.plan.asks[ask][1].question, console.language)}"))

    def chosen(at: int | None) -> None:
        if at is not None:
            _reveal(console, asks[at])

    console.app.push_screen(Choice(plain(words("wall.reveal-which"), "bold"), rows), chosen)


def _ask_minutes(console: Facing) -> None:
    def chosen(at: int | None) -> None:
        if at is not None:
            console.app.ask(c.TurnWall("timer", span_ms=MINUTES[at] * 60_000))

    console.app.push_screen(MinutesPanel(console.words, MINUTES), chosen)


def earlier(console: Facing) -> None:
    """The text before the one on the wall."""
    if console.ready and not turn_earlier(console):
        console.app.tell("wall.no-earlier")


def blank(console: Facing) -> None:
    """Nothing on the wall; again: what it showed before."""
    if console.ready:
        turn_blank(console)


def turn_terminal(console: Facing) -> None:
    """Asks whether this terminal becomes the wall or a seat."""
    if console.ready:
        console.app.push_screen(TerminalPanel(console.words))

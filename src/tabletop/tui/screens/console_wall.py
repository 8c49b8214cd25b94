"""What the console's keys do to the wall: `v` turns it, `PgUp` and `.` as a presenter remote sends them, `t` turns this terminal.

Owns: the way from a key to a turn. Refuses to own: what the wall then shows (`engine.seats`), and what reaches players (`curtain`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.wall import Reveal, answered, next_reveal, reveal_of, shown

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

OTHER = "8"
"""The digit that asks whose answers, where several questions were answered."""

MINUTES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)


def turn_wall(console: Facing) -> None:
    """Asks what the wall is to show; `5` reveals answers as its row says, whatever was answered since."""
    if not console.ready:
        return
    words, plan, state = console.words, console.desk.plan, console.desk.state
    now, following = shown(plan, state), next_reveal(plan, state)
    asks = answered(plan, state)
    here = None if now.view == "answers" and (following is None or following.ask != now.ask) else now.view
    rows = [_row(console, view, following, here=view == here) for view in VIEWS]
    keys = VIEW_KEYS
    if len(asks) > 1:
        rows.insert(VIEWS.index("blank"), plain(words("wall.turn-choose")))
        keys = VIEW_KEYS[:-1] + OTHER + VIEW_KEYS[-1]

    def chosen(at: int | None) -> None:
        if at is None:
            return
        if keys[at] == OTHER:
            _ask_which(console, asks)
            return
        view = VIEWS[VIEW_KEYS.index(keys[at])]
        if view == "answers":
            _reveal(console, following)
        elif view == "timer":
            _ask_minutes(console)
        else:
            console.app.ask(c.TurnWall(view))

    # No row speaks of whose answers stand there: then `enter` alone publishes nothing new.
    first = 0 if here is None else keys.index(VIEW_KEYS[VIEWS.index(here)])
    console.app.push_screen(Choice(plain(words("wall.turn-title"), "bold"), rows, keys=keys, first=first), chosen)


def _row(console: Facing, view: WallKind, following: Reveal | None, *, here: bool) -> Content:
    if view == "answers":
        return _marked(console, _told(console, following), here=here, following=following)
    return _marked(console, console.words(f"wall.turn-{view}"), here=here)


def _marked(console: Facing, text: str, *, here: bool, following: Reveal | None = None) -> Content:
    """A row that says so where it is what the wall shows; of names that are yet to be revealed the wall shows the counts."""
    code = "wall.turn-now-counts" if following is not None and following.how == "names" else "wall.turn-now"
    mark = Content.styled(f"  ◂ {console.words(code)}", "$text-accent") if here else Content("")
    return Content.assemble(plain(text), mark)


def _told(console: Facing, following: Reveal | None) -> str:
    """What the press reveals, in words, and of which question."""
    words, desk = console.words, console.desk
    if following is None:
        return words("wall.turn-no-answers")
    question = line(desk.plan.asks[following.ask][1].question, console.language)
    how = desk.state.ask(following.ask).revealed if following.how == "again" else ""
    return words(f"wall.reveal-{following.how}{f'-{how}' if how else ''}", question=question)


def _reveal(console: Facing, following: Reveal | None) -> None:
    """Does what was said before the press; where it is no longer to be had, says so: names are never shown unawares."""
    desk = console.desk
    if following is None:
        console.app.refuse("wall.nothing-to-reveal", stands=lambda: next_reveal(desk.plan, desk.state) is None)
    elif reveal_of(desk.plan, desk.state, following.ask) != following:
        console.app.refuse("wall.reveal-changed")
    elif following.how == "again":
        console.app.ask(c.TurnWall("answers", ask=following.ask))
    else:
        console.app.ask(c.RevealAnswers(following.ask, names=following.how == "names"))


def _ask_which(console: Facing, asks: Sequence[str]) -> None:
    desk = console.desk
    each, now = [reveal_of(desk.plan, desk.state, ask) for ask in asks], shown(desk.plan, desk.state)

    def chosen(at: int | None) -> None:
        if at is not None:
            _reveal(console, each[at])

    rows = [_marked(console, _told(console, one), here=now.view == "answers" and one.ask == now.ask, following=one) for one in each]
    console.app.push_screen(Choice(plain(console.words("wall.reveal-which"), "bold"), rows), chosen)


def _ask_minutes(console: Facing) -> None:
    def chosen(at: int | None) -> None:
        if at is not None:
            console.app.ask(c.TurnWall("timer", span_ms=MINUTES[at] * 60_000))

    console.app.push_screen(MinutesPanel(console.words, MINUTES), chosen)


def earlier(console: Facing) -> None:
    """The text before the one on the wall."""
    if console.ready and not turn_earlier(console):
        console.app.refuse("wall.no-earlier")


def blank(console: Facing) -> None:
    """Nothing on the wall; again: what it showed before."""
    if console.ready:
        turn_blank(console)


def turn_terminal(console: Facing) -> None:
    """Asks whether this terminal becomes the wall or a seat."""
    if console.ready:
        console.app.push_screen(TerminalPanel(console.words))

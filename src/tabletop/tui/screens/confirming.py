"""What a digit on the confirm list says of an action, and what it asks for first: when it was done, and by whom where the owner was away.

Owns: that a confirmed action is somebody's who was there. Refuses to own: the list (`pages.confirm`), whose word stands (`standing`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tabletop.engine import commands as c
from tabletop.engine.clock import milliseconds_of
from tabletop.engine.standing import could_stand_in, owner_there, stood_in

from ..look import clock_text, role_name
from .panels.roles import RolePanel

if TYPE_CHECKING:
    from .evaluation import EvaluationScreen

STATE_OF_DIGIT = {1: "done", 2: "partial", 3: "missed", 4: "not_observed", 5: "not_applicable"}
"""What a digit says of an action; 6 leaves it open."""


def confirm(screen: EvaluationScreen, action: str, digit: int, then: Callable[[], None]) -> None:
    """Record what `digit` says of an action; `then` once that is done, or where nothing is to be recorded."""

    def mark(state: str, said_ms: int | None = None, other_role: str = "") -> None:
        screen.app.ask(c.MarkAction(action, state, other_role=other_role, said_ms=said_ms), then=lambda _: then(), actor=screen.actor)

    state = STATE_OF_DIGIT.get(digit)
    if state == "done":
        _ask_when(screen, lambda said_ms: _ask_who(screen, action, said_ms, lambda role: mark("done", said_ms, role)))
    elif state == "partial":
        _ask_who(screen, action, None, lambda role: mark("partial", None, role))
    elif state is not None:
        mark(state)
    elif any(each.after_endex for each in screen.desk.state.marks.get(action, ())):
        mark("no_record")
    else:
        then()


def _ask_when(screen: EvaluationScreen, then: Callable[[int | None], None]) -> None:
    words = screen.words

    def said(text: str) -> str | None:
        if not text:
            then(None)
            return None
        at_ms = milliseconds_of(text)
        if at_ms is None:
            return words("evaluation.bad-time")
        ended = screen.desk.state.ended_ms or 0
        if at_ms > ended:
            return words("evaluation.time-too-late", time=clock_text(ended))
        then(at_ms)
        return None

    screen.ask_for(words("evaluation.ask.when"), said, placeholder=words("evaluation.ask.when.hint"))


def _ask_who(screen: EvaluationScreen, action: str, at_ms: int | None, then: Callable[[str], None]) -> None:
    """Asks who did it where nobody played the owner then and nobody's name is on record: without one it would count for nothing."""
    desk = screen.desk
    able = could_stand_in(desk.plan, desk.state, action, at_ms)
    if not able or owner_there(desk.plan, desk.state, action, at_ms) or stood_in(desk.plan, desk.state, action, at_ms):
        then("")
        return

    def chosen(role: str | None) -> None:
        if role is not None:
            then(role)

    owner = role_name(desk.exercise, desk.plan.actions[action][1].by, screen.language)
    screen.app.push_screen(RolePanel(screen.words("evaluation.ask.who", role=owner), among=able), chosen)

"""Deciding about the wall: what it may be turned to."""

from __future__ import annotations

from tabletop.errors import Refused

from . import events as e
from .commands import WallCommand
from .events import AnyEvent
from .plan import Plan
from .state import State
from .wall import revealed, room_injects, shown

LONGEST_TIMER_MS = 10 * 3_600_000
"""A timer of more than ten hours is a slip of the finger."""


def decide_wall(plan: Plan, state: State, command: WallCommand) -> list[AnyEvent]:
    """The events of a command about the wall. Raises Refused."""
    inject, ask = command.inject, command.ask
    if inject:
        _require_told(plan, state, inject)
        inject = "" if inject == room_injects(plan, state)[-1].id else inject
    if command.view == "answers":
        asks = revealed(plan, state)
        if not asks or (ask and ask not in asks):
            raise Refused("refused.not-revealed")
        ask = ask or asks[-1]
    if command.view == "timer" and not 0 < command.span_ms <= LONGEST_TIMER_MS:
        raise Refused("refused.no-span")
    turn = e.WallTurned(
        view=command.view,
        inject=inject if command.view == "inject" else "",
        ask=ask if command.view == "answers" else "",
        span_ms=command.span_ms if command.view == "timer" else 0,
    )
    return [] if _same(plan, state, turn) else [turn]


def _require_told(plan: Plan, state: State, inject_id: str) -> None:
    """What was meant for some roles is never on the wall; raises Refused."""
    inject = plan.inject_by_id.get(inject_id)
    if inject is None:
        raise Refused("refused.no-inject", inject=inject_id)
    if inject.private:
        raise Refused("refused.private", inject=inject_id)
    if state.inject(inject_id).released_ms is None:
        raise Refused("refused.not-released", inject=inject_id)


def _same(plan: Plan, state: State, turn: e.WallTurned) -> bool:
    """Whether the wall shows just that already. A timer always begins anew."""
    now = shown(plan, state)
    return turn.view != "timer" and (now.view, now.inject, now.ask) == (turn.view, turn.inject, turn.ask)

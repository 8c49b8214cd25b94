"""Turning the wall by a key, from the console and from the wall itself (contract: *Keys*, a presenter remote)."""

from __future__ import annotations

from tabletop.engine import commands as c
from tabletop.engine.wall import shown, step, unblanked

from .base import OfTheApp


def turn_earlier(screen: OfTheApp[None]) -> bool:
    """Shows on the wall what the room was told before; False where there is nothing before it."""
    desk = screen.desk
    earlier = step(desk.plan, desk.state, -1)
    if earlier is not None:
        screen.app.ask(c.TurnWall("inject", earlier))
    return earlier is not None


def turn_blank(screen: OfTheApp[None]) -> None:
    """Shows nothing on the wall; again: what it showed before."""
    desk = screen.desk
    if shown(desk.plan, desk.state).view != "blank":
        screen.app.ask(c.TurnWall("blank"))
        return
    back = unblanked(desk.plan, desk.state)
    left_ms = back.wall_ms + back.span_ms - desk.conductor.wall_ms()
    if back.view == "timer" and left_ms <= 0:
        screen.app.ask(c.TurnWall("inject"))
    else:
        screen.app.ask(c.TurnWall(back.view, back.inject, back.ask, left_ms if back.view == "timer" else 0))

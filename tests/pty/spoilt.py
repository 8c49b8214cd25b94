"""`python -m tests.pty.spoilt` is `tabletop` with a door that lets too much through: the room is told what nobody released."""

from __future__ import annotations

from tabletop.cli import main
from tabletop.engine import seats
from tabletop.engine.plan import Plan
from tabletop.engine.state import State
from tabletop.exercise.injects import Inject


def everything(plan: Plan, state: State) -> tuple[Inject, ...]:
    """Every text of the exercise, released or not."""
    return tuple(plan.injects)


if __name__ == "__main__":
    seats.room_injects = everything  # type: ignore[attr-defined]
    main()

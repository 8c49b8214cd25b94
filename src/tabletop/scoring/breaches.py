"""Prohibited acts that occurred: what people recorded, and what standing answers brought about."""

from __future__ import annotations

from dataclasses import dataclass

from tabletop.engine.plan import Plan
from tabletop.engine.state import State


@dataclass(frozen=True, slots=True)
class Occurred:
    """One prohibited act that occurred."""

    prohibited: str
    role: str
    """Empty: nobody said who."""
    at_ms: int
    corrected: bool
    seq: int
    note: str = ""
    chosen: bool = False
    """Whether an answer brought it about, rather than somebody recording it."""


def breaches_of(plan: Plan, state: State) -> tuple[Occurred, ...]:
    """Every prohibited act that occurred, in order of time."""
    found = [Occurred(act.prohibited, act.role, act.at_ms, act.corrected, act.seq, act.note) for act in state.breaches]
    for target in plan.exercise.prohibited_by_id:
        for record in state.effects.get(target, ()):
            if record.effect.what == "breaks":
                found.append(Occurred(target, record.effect.role, record.at_ms, False, record.seq, chosen=True))
    return tuple(sorted(found, key=lambda act: (act.at_ms, act.seq, act.prohibited)))

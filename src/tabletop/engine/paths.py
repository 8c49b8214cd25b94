"""Whether a condition holds: judged on what stands, at a moment (semantics: *Conditions*)."""

from __future__ import annotations

from typing import assert_never

from tabletop.exercise.conditions import (
    ActionIs,
    Answered,
    Breached,
    Condition,
    Elapsed,
    Every,
    Not,
    NotDoneWithin,
    ParameterIs,
    Released,
    Some,
)

from .clock import after_played
from .plan import Plan
from .standing import standing, window_start
from .state import State


def holds(condition: Condition, plan: Plan, state: State, now_ms: int) -> bool:
    """Whether `condition` holds at exercise time `now_ms`."""
    match condition:
        case Released(released=inject_id):
            return state.inject(inject_id).released_ms is not None
        case Answered(answer=ask_id, is_=options):
            answers = state.ask(ask_id).answers.values()
            return any(isinstance(answer.value, tuple) and not set(options).isdisjoint(answer.value) for answer in answers)
        case ActionIs(action=action_id, state=wanted):
            return standing(plan, state, action_id, now_ms).state == wanted
        case NotDoneWithin(action=action_id, not_done_within=seconds):
            return _not_done(plan, state, action_id, seconds, now_ms)
        case Breached(breach=prohibited):
            return any(breach.prohibited == prohibited for breach in state.breaches) or bool(_broken(state, prohibited))
        case Elapsed(elapsed=seconds):
            return state.pace == "timed" and now_ms >= seconds * 1000
        case ParameterIs(parameter=name, is_=values):
            return _parameter(plan, state, name) in values
        case Every(all=parts):
            return all(holds(part, plan, state, now_ms) for part in parts)
        case Some(any=parts):
            return any(holds(part, plan, state, now_ms) for part in parts)
        case Not(not_=part):
            return not holds(part, plan, state, now_ms)
        case _:
            assert_never(condition)


def _broken(state: State, prohibited: str) -> list[object]:
    return [record for record in state.effects.get(prohibited, ()) if record.effect.what == "breaks"]


def _not_done(plan: Plan, state: State, action_id: str, seconds: int, now_ms: int) -> bool:
    inject, _ = plan.actions[action_id]
    start = window_start(plan, state, inject)
    if start is None or state.pace == "discussion":
        return False
    if standing(plan, state, action_id, now_ms).state in ("done", "not_applicable"):
        return False
    return now_ms >= after_played(state.jumps, start, seconds * 1000)


def _parameter(plan: Plan, state: State, name: str) -> str:
    if name in state.parameters:
        return state.parameters[name]
    parameter = plan.exercise.parameters.get(name)
    default = None if parameter is None else parameter.default
    return str(next(iter(default.values()), "")) if isinstance(default, dict) else str(default or "")


def on_path(plan: Plan, state: State, inject_id: str, now_ms: int) -> bool:
    """Whether an inject belongs to the path being played."""
    when = plan.inject_by_id[inject_id].when
    return when is None or holds(when, plan, state, now_ms)


def wanted(plan: Plan, state: State, inject_id: str, now_ms: int) -> bool:
    """Whether a held inject is called for by its cue."""
    cue = plan.inject_by_id[inject_id].cue
    return cue is not None and holds(cue, plan, state, now_ms)

"""Whether a condition holds: judged on what stands, at a moment (semantics: *Conditions*)."""

from __future__ import annotations

from functools import reduce
from operator import is_, or_
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
from tabletop.exercise.injects import Inject
from tabletop.exercise.parameters import shown

from .plan import Plan
from .standing import role_window_end, standing
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
            # An action can be gone from the plan: of an added inject that was taken back.
            return action_id in plan.actions and standing(plan, state, action_id, now_ms).state == wanted
        case NotDoneWithin(action=action_id, not_done_within=seconds):
            return _not_done(plan, state, action_id, seconds, now_ms)
        case Breached(breach=prohibited):
            return any(breach.prohibited == prohibited for breach in state.breaches) or bool(_broken(state, prohibited))
        case Elapsed(elapsed=seconds):
            return state.pace == "timed" and now_ms >= seconds * 1000
        case ParameterIs(parameter=name, is_=values):
            return not set(values).isdisjoint(_parameter(plan, state, name))
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
    if action_id not in plan.actions:
        return False
    inject, action = plan.actions[action_id]
    over_ms = role_window_end(plan, state, inject.id, action.by, seconds)
    if over_ms is None or now_ms < over_ms:
        return False
    return standing(plan, state, action_id, now_ms).state not in ("done", "not_applicable")


def _parameter(plan: Plan, state: State, name: str) -> tuple[str, ...]:
    """What a parameter stands for, as a file would write it: its value in this run, or its default in any language."""
    if name in state.parameters:
        return (state.parameters[name],)
    parameter = plan.exercise.parameters.get(name)
    default = None if parameter is None else parameter.default
    if isinstance(default, dict):
        return tuple(default.values())
    return ("" if default is None else default if isinstance(default, str) else shown(default),)


INJECTS, ASKS, MARKS, EFFECTS, BREACHES, STAFFING, PARAMETERS, PHASE, TIME = (1 << bit for bit in range(9))
"""What a condition looks at, as bits: the parts of a state, and the time."""


def looks_at(condition: Condition) -> int:
    """The parts of a state on which it depends whether `condition` holds."""
    match condition:
        case Released():
            return INJECTS
        case Answered():
            return ASKS
        case ActionIs(state=wanted):
            return INJECTS | MARKS | EFFECTS | PHASE | STAFFING | (TIME if wanted == "not_applicable" else 0)
        case Breached():
            return BREACHES | EFFECTS
        case ParameterIs():
            return PARAMETERS
        case NotDoneWithin() | Elapsed():
            return TIME
        case Every(all=parts) | Some(any=parts):
            return reduce(or_, map(looks_at, parts), 0)
        case Not(not_=part):
            return looks_at(part)
        case _:
            assert_never(condition)


class Paths:
    """Which injects belong to the path being played, remembered from one look to the next as far as nothing changed."""

    def __init__(self, plan: Plan, state: State, looked_at: dict[str, int], verdicts: dict[str, bool]) -> None:
        self.plan = plan
        self._parts = _parts(state)
        self._looked_at = looked_at
        self._verdicts = verdicts

    def fits(self, plan: Plan, state: State) -> bool:
        """Whether what is remembered still holds."""
        return self.plan is plan and all(map(is_, self._parts, _parts(state)))

    def after(self, state: State) -> Paths:
        """What can be kept of this for another state of the same plan."""
        changed = sum(1 << bit for bit, (old, new) in enumerate(zip(self._parts, _parts(state), strict=True)) if old is not new)
        # A copy, because screens and the thread that records both look here.
        kept = {name: verdict for name, verdict in self._verdicts.copy().items() if not self._looked_at[name] & changed}
        return Paths(self.plan, state, self._looked_at, kept)

    def open(self, inject: Inject, state: State, now_ms: int) -> bool:
        """Whether `inject` belongs to the path being played at exercise time `now_ms`."""
        if inject.when is None:
            return True
        verdict = self._verdicts.get(inject.id)
        if verdict is not None:
            return verdict
        looked_at = self._looked_at.get(inject.id)
        if looked_at is None:
            looked_at = self._looked_at[inject.id] = looks_at(inject.when)
        verdict = holds(inject.when, self.plan, state, now_ms)
        if not looked_at & TIME:
            self._verdicts[inject.id] = verdict
        return verdict


def _parts(state: State) -> tuple[object, ...]:
    """In the order of the bits."""
    return state.injects, state.asks, state.marks, state.effects, state.breaches, state.staffing, state.parameters, state.phase


_LATEST: list[Paths] = []


def paths_of(plan: Plan, state: State) -> Paths:
    """The paths of a state."""
    near = None
    for paths in _LATEST:
        if paths.fits(plan, state):
            return paths
        if near is None and paths.plan is plan:
            near = paths
    paths = Paths(plan, state, {}, {}) if near is None else near.after(state)
    _LATEST[:] = [paths, *_LATEST[:3]]
    return paths


def on_path(plan: Plan, state: State, inject_id: str, now_ms: int) -> bool:
    """Whether an inject belongs to the path being played."""
    return paths_of(plan, state).open(plan.inject_by_id[inject_id], state, now_ms)


def wanted(plan: Plan, state: State, inject_id: str, now_ms: int) -> bool:
    """Whether a held inject is called for by its cue."""
    cue = plan.inject_by_id[inject_id].cue
    return cue is not None and holds(cue, plan, state, now_ms)

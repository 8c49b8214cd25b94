"""Deciding about injects: release, skip, delay, keep back, slide, add, acknowledge, probes and hints, and what releases itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from pydantic import ValidationError

from tabletop.errors import Refused
from tabletop.exercise.injects import Inject
from tabletop.exercise.model import Exercise
from tabletop.text import Text, clean, clean_line

from . import events as e
from .commands import (
    AcknowledgeInject,
    AddInject,
    DelayInject,
    FitPlan,
    InjectCommand,
    KeepInjectBack,
    ReleaseInject,
    ShowHint,
    ShowProbe,
    SkipInject,
    SlideInjects,
    Tick,
)
from .events import AnyEvent, Entry
from .evolve import fold
from .paths import on_path
from .plan import Plan
from .schedule import Line, due, timetable
from .state import State


def decide_inject(plan: Plan, state: State, command: InjectCommand, wall_ms: int, at_ms: int) -> list[AnyEvent]:
    """The events of a command about injects. Raises Refused."""
    if isinstance(command, Tick):
        return _tick(plan, state, wall_ms, at_ms)
    if state.phase == "ended":
        raise Refused("refused.ended")
    if isinstance(command, AddInject):
        return [e.InjectAdded(inject=_checked(plan, command.data), origin=clean_line(command.origin))]
    if state.phase == "briefing":
        raise Refused("refused.not-started")
    if isinstance(command, SlideInjects):
        return _slide(plan, state, command.by_ms)
    if isinstance(command, FitPlan):
        return [_fitted(plan, state, command)]
    inject = plan.inject_by_id.get(command.inject)
    if inject is None:
        raise Refused("refused.no-inject", inject=command.inject)
    match command:
        case ReleaseInject():
            return [_release(plan, state, inject, command, at_ms)]
        case SkipInject(reason=reason, overtaken=overtaken):
            _require_pending(state, inject)
            return [e.InjectSkipped(inject=inject.id, reason=clean_line(reason), overtaken=overtaken)]
        case DelayInject(by_ms=by_ms):
            _require_in_plan(state, inject)
            if inject.held or state.pace == "discussion":
                raise Refused("refused.no-time", inject=inject.id)
            return [_delayed(plan, state, inject, by_ms, at_ms)]
        case KeepInjectBack(reason=reason):
            return [_kept_back(plan, state, inject, clean_line(reason))]
        case AcknowledgeInject(role=role):
            return _acknowledge(plan, state, inject, role)
        case ShowProbe() | ShowHint() if state.inject(inject.id).released_ms is None:
            raise Refused("refused.not-released", inject=inject.id)
        case ShowProbe():
            return [e.ProbeShown(inject=inject.id, index=_next(inject.probes, state.inject(inject.id).probes, "refused.no-probe"))]
        case ShowHint():
            return [e.HintShown(inject=inject.id, index=_next(inject.hints, state.inject(inject.id).hints, "refused.no-hint"))]
        case _:
            assert_never(command)


def _next(there: tuple[object, ...], shown: tuple[int, ...], code: str) -> int:
    for index in range(len(there)):
        if index not in shown:
            return index
    raise Refused(code)


def _require_pending(state: State, inject: Inject) -> None:
    record = state.inject(inject.id)
    if record.released_ms is not None:
        raise Refused("refused.already-released", inject=inject.id)
    if record.gone:
        raise Refused("refused.already-skipped", inject=inject.id)


def _require_in_plan(state: State, inject: Inject) -> None:
    _require_pending(state, inject)
    if state.inject(inject.id).kept is not None:
        raise Refused("refused.already-kept-back", inject=inject.id)


def _release(plan: Plan, state: State, inject: Inject, command: ReleaseInject, at_ms: int) -> AnyEvent:
    record, reason = state.inject(inject.id), clean_line(command.reason)
    if record.released_ms is not None:
        raise Refused("refused.already-released", inject=inject.id)
    if command.as_planned and record.kept_back is not None:
        raise Refused("refused.already-kept-back", inject=inject.id)
    if not state.clock.running:
        raise Refused("refused.paused")
    off_path = not on_path(plan, state, inject.id, at_ms)
    if off_path and not reason:
        raise Refused("refused.off-path", inject=inject.id)
    return _released(plan, state, inject, timetable(plan, state).due_of.get(inject.id), off_path=off_path, reason=reason)


def _released(plan: Plan, state: State, inject: Inject, due_ms: int | None, **how: Any) -> AnyEvent:
    touched = (ask.id for ask in inject.asks if state.ask(ask.id).closed or state.ask(ask.id).extended_ms)
    return e.InjectReleased(inject=inject.id, due_ms=due_ms, read_ms=plan.reading_ms(inject), anew=tuple(touched), **how)


def _tick(plan: Plan, state: State, wall_ms: int, at_ms: int) -> list[AnyEvent]:
    """What releases itself now, oldest first: in the timed pace, on the path, while the clock runs.

    Neither what a jump went over, nor what fell due while something stood against it that was taken back since. A release may close the
    path of the next.
    """
    if state.phase != "running" or not state.clock.running or state.pace != "timed":
        return []
    released: list[AnyEvent] = []
    folded, then = 0, state
    for line in due(plan, state, at_ms):
        if not releases_itself(state, line):
            continue
        if line.inject.when is not None and folded < len(released):
            then = fold((Entry(0, "", wall_ms, at_ms, "", 0, event) for event in released[folded:]), then)
            folded = len(released)
        if on_path(plan, then, line.inject.id, at_ms):
            released.append(_released(plan, state, line.inject, line.due_ms, auto=True))
    return released


def releases_itself(state: State, line: Line, *, all_do: bool = False) -> bool:
    """Whether a due inject needs nobody: it or the run (or `all_do`, a rehearsal) says so, and no jump, gap or person is against it."""
    if not (all_do or state.auto or line.inject.release == "auto") or state.taken_back(line.inject.id):
        return False
    return line.due_ms is None or not (state.leapt_over(line.due_ms) or state.put_off_past(line.inject.id, line.due_ms))


def _kept_back(plan: Plan, state: State, inject: Inject, reason: str) -> AnyEvent:
    """From now on a person decides when it comes, as with a hold: it is never due, and nothing counts it as late.

    What waits for a person anyway, a hold or what the discussion pace sets aside, cannot be kept back as well.
    """
    _require_in_plan(state, inject)
    if not timetable(plan, state).played(inject):
        raise Refused("refused.by-hand-anyway", inject=inject.id)
    return e.InjectKeptBack(inject=inject.id, reason=reason)


def _delayed(plan: Plan, state: State, inject: Inject, by_ms: int, at_ms: int) -> AnyEvent:
    """Later than planned; where it is due already, later than now."""
    if by_ms <= 0:
        raise Refused("refused.no-span")
    due_ms = timetable(plan, state).due_of.get(inject.id)
    overdue = 0 if due_ms is None else max(0, at_ms - due_ms)
    return e.InjectDelayed(inject=inject.id, by_ms=by_ms + overdue)


def _slide(plan: Plan, state: State, by_ms: int) -> list[AnyEvent]:
    if state.pace == "discussion":
        raise Refused("refused.no-times")
    if by_ms <= 0:
        raise Refused("refused.no-span")
    table = timetable(plan, state)
    if not any(isinstance(inject.at, int) and inject.id not in table.kept for inject in table.pending):
        raise Refused("refused.nothing-to-slide")
    # What was skipped or is kept back moves too: that may be taken back.
    waiting = (inject for inject in plan.order if isinstance(inject.at, int) and state.inject(inject.id).released_ms is None)
    return [e.InjectsSlid(injects=tuple(inject.id for inject in waiting), by_ms=by_ms)]


def _fitted(plan: Plan, state: State, command: FitPlan) -> AnyEvent:
    """What was proposed and agreed to, as far as it is still to come. Raises Refused."""
    for name in (*command.cut, *dict(command.moved)):
        if name not in plan.inject_by_id:
            raise Refused("refused.no-inject", inject=name)
    table = timetable(plan, state)
    pending = {inject.id: inject for inject in table.pending if inject.id not in table.kept}
    cut = tuple(name for name in dict.fromkeys(command.cut) if name in pending)
    if wrong := next((name for name in cut if pending[name].held or pending[name].kind == "recovery"), None):
        raise Refused("refused.never-cut", inject=wrong)
    timed = state.pace == "timed"
    moved = {name: by_ms for name, by_ms in command.moved if timed and name in pending and not pending[name].held and name not in cut}
    if not cut and not moved:
        raise Refused("refused.fits-already")
    return e.PlanFitted(
        cut=cut, moved=tuple(moved), moved_ms=tuple(moved.values()), ends_ms=command.ends_ms, talk_ms=max(0, command.talk_ms)
    )


def _acknowledge(plan: Plan, state: State, inject: Inject, role: str) -> list[AnyEvent]:
    record = state.inject(inject.id)
    if role not in plan.exercise.role_by_id:
        raise Refused("refused.no-role", role=role)
    if record.released_ms is None:
        raise Refused("refused.not-released", inject=inject.id)
    if inject.acknowledge is None:
        raise Refused("refused.no-receipt", inject=inject.id)
    if role not in plan.addressees(state, inject):
        raise Refused("refused.not-addressed", role=role)
    return [] if role in record.acknowledged else [e.InjectAcknowledged(inject=inject.id, role=role)]


def _checked(plan: Plan, data: Mapping[str, Any]) -> dict[str, Any]:
    """An added inject, cleaned, valid, with ids of its own and naming nothing that is not there. Raises Refused."""
    kept: dict[str, Any] = _cleaned(data)
    try:
        inject = Inject.model_validate(kept)
    except ValidationError as error:
        raise Refused("refused.bad-inject", where=".".join(str(part) for part in error.errors()[0]["loc"])) from error
    for key, wrong in (("at", not inject.held), ("title", _blank(inject.title)), ("text", _blank(inject.text))):
        if wrong:
            raise Refused("refused.bad-inject", where=key)
    names = {inject.id, *(ask.id for ask in inject.asks), *(action.id for action in inject.expects)}
    if inject.id in plan.inject_by_id or names & (plan.asks.keys() | plan.actions.keys()):
        raise Refused("refused.id-taken", inject=inject.id)
    roles = {*inject.to, *(role for ask in inject.asks for role in ask.to), *(action.by for action in inject.expects)}
    unknown = sorted(roles - plan.exercise.role_by_id.keys())
    if unknown:
        raise Refused("refused.no-role", role=unknown[0])
    _require_names(plan, kept)
    return kept


def _cleaned(value: Any) -> Any:
    """Typed or pasted data with every text in it fit to be kept."""
    if isinstance(value, Mapping):
        return {key: _cleaned(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_cleaned(part) for part in value]
    return clean(value) if isinstance(value, str) else value


def _blank(text: Text) -> bool:
    return not all(said.strip() for said in (text.values() if isinstance(text, dict) else (text,)))


def _require_names(plan: Plan, data: Mapping[str, Any]) -> None:
    """What an added inject names must be in the plan, or every look at its path or its answers would fail. Raises Refused."""
    # Imported here, because reading files is no business of a run that adds nothing.
    from tabletop.exercise.loading import parse_inject
    from tabletop.exercise.problems import InvalidExercise

    whole = Exercise.model_construct(**{**dict(plan.exercise), "injects": plan.injects})
    try:
        parse_inject(data, whole)
    except InvalidExercise as error:
        raise Refused("refused.bad-inject", where=error.problems[0].key) from error

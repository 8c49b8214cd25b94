"""Deciding about injects: release, skip, delay, slide, add, acknowledge, probes and hints, and what releases itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from pydantic import ValidationError

from tabletop.errors import Refused
from tabletop.exercise.injects import Inject
from tabletop.text import clean_line

from . import events as e
from .commands import (
    AcknowledgeInject,
    AddInject,
    DelayInject,
    InjectCommand,
    ReleaseInject,
    ShowHint,
    ShowProbe,
    SkipInject,
    SlideInjects,
    Tick,
)
from .events import AnyEvent
from .paths import on_path
from .plan import Plan
from .schedule import due, timetable
from .state import State


def decide_inject(plan: Plan, state: State, command: InjectCommand, at_ms: int) -> list[AnyEvent]:
    """The events of a command about injects. Raises Refused."""
    if isinstance(command, Tick):
        return _tick(plan, state, at_ms)
    if state.phase == "ended":
        raise Refused("refused.ended")
    if isinstance(command, AddInject):
        return [e.InjectAdded(inject=_checked(plan, command.data), origin=command.origin)]
    if state.phase == "briefing":
        raise Refused("refused.not-started")
    if isinstance(command, SlideInjects):
        return _slide(plan, state, command.by_ms)
    inject = plan.inject_by_id.get(command.inject)
    if inject is None:
        raise Refused("refused.no-inject", inject=command.inject)
    match command:
        case ReleaseInject(reason=reason):
            return [_release(plan, state, inject, clean_line(reason), at_ms)]
        case SkipInject(reason=reason, overtaken=overtaken):
            _require_pending(state, inject)
            return [e.InjectSkipped(inject=inject.id, reason=clean_line(reason), overtaken=overtaken)]
        case DelayInject(by_ms=by_ms):
            _require_pending(state, inject)
            if inject.held or state.pace == "discussion":
                raise Refused("refused.no-time", inject=inject.id)
            return [e.InjectDelayed(inject=inject.id, by_ms=by_ms)]
        case AcknowledgeInject(role=role):
            return _acknowledge(plan, state, inject, role)
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


def _release(plan: Plan, state: State, inject: Inject, reason: str, at_ms: int, *, auto: bool = False) -> AnyEvent:
    record = state.inject(inject.id)
    if record.released_ms is not None:
        raise Refused("refused.already-released", inject=inject.id)
    if not state.clock.running:
        raise Refused("refused.paused")
    off_path = not on_path(plan, state, inject.id, at_ms)
    if off_path and not reason:
        raise Refused("refused.off-path", inject=inject.id)
    due_ms = timetable(plan, state).due_of.get(inject.id)
    return e.InjectReleased(inject=inject.id, due_ms=due_ms, read_ms=plan.reading_ms(inject), off_path=off_path, reason=reason, auto=auto)


def _tick(plan: Plan, state: State, at_ms: int) -> list[AnyEvent]:
    """What releases itself now, oldest first: in the timed pace, on the path, while the clock runs, not what a jump went over."""
    if state.phase != "running" or not state.clock.running or state.pace != "timed":
        return []
    return [
        _release(plan, state, line.inject, "", at_ms, auto=True)
        for line in due(plan, state, at_ms)
        if (state.auto or line.inject.release == "auto") and not (line.due_ms is not None and state.leapt_over(line.due_ms))
    ]


def _slide(plan: Plan, state: State, by_ms: int) -> list[AnyEvent]:
    if state.pace == "discussion":
        raise Refused("refused.no-times")
    waiting = tuple(inject.id for inject in timetable(plan, state).pending if isinstance(inject.at, int))
    if not waiting:
        raise Refused("refused.nothing-to-slide")
    return [e.InjectsSlid(injects=waiting, by_ms=by_ms)]


def _acknowledge(plan: Plan, state: State, inject: Inject, role: str) -> list[AnyEvent]:
    record = state.inject(inject.id)
    if role not in plan.exercise.role_by_id:
        raise Refused("refused.no-role", role=role)
    if record.released_ms is None:
        raise Refused("refused.not-released", inject=inject.id)
    if role not in plan.addressees(state, inject):
        raise Refused("refused.not-addressed", role=role)
    return [] if role in record.acknowledged else [e.InjectAcknowledged(inject=inject.id, role=role)]


def _checked(plan: Plan, data: Mapping[str, Any]) -> dict[str, Any]:
    """An added inject, valid and with ids of its own. Raises Refused."""
    try:
        inject = Inject.model_validate(dict(data))
    except ValidationError as error:
        raise Refused("refused.bad-inject", where=".".join(str(part) for part in error.errors()[0]["loc"])) from error
    if not inject.held:
        raise Refused("refused.bad-inject", where="at")
    names = {inject.id, *(ask.id for ask in inject.asks), *(action.id for action in inject.expects)}
    if inject.id in plan.inject_by_id or names & (plan.asks.keys() | plan.actions.keys()):
        raise Refused("refused.id-taken", inject=inject.id)
    roles = {*inject.to, *(role for ask in inject.asks for role in ask.to), *(action.by for action in inject.expects)}
    unknown = sorted(roles - plan.exercise.role_by_id.keys())
    if unknown:
        raise Refused("refused.no-role", role=unknown[0])
    return dict(data)

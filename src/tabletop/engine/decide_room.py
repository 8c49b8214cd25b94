"""Deciding about what the room does and how it is judged: decisions, marks, breaches, notes, messages, ratings."""

from __future__ import annotations

import math
from typing import assert_never, get_args

from tabletop.errors import Refused
from tabletop.exercise.conditions import ActionState
from tabletop.text import clean, clean_line

from . import events as e
from .commands import (
    AcknowledgeMessage,
    AddNote,
    EvaluationCommand,
    HearRole,
    LockRatings,
    MarkAction,
    MeasureIndicator,
    Rate,
    RecordBreach,
    RecordDecision,
    RoomCommand,
    ScoreBehaviour,
    SendMessage,
)
from .events import AnyEvent, BehaviourLine
from .plan import Plan
from .rights import DRIVER, OF_ROLES, Actor
from .standing import prompted_by_hint, stood_in
from .state import BehaviourScore, Rating, State

STATES: tuple[str, ...] = (*get_args(ActionState), "no_record")


def decide_room(plan: Plan, state: State, command: RoomCommand | EvaluationCommand, at_ms: int, actor: Actor = DRIVER) -> list[AnyEvent]:
    """The events of a command about the room or its evaluation. Raises Refused."""
    if state.phase == "briefing" and not isinstance(command, AddNote):
        raise Refused("refused.not-started")
    match command:
        case RecordDecision() | HearRole() | SendMessage() | AcknowledgeMessage():
            if state.phase == "ended":
                raise Refused("refused.ended")
            return _said(plan, state, command, at_ms)
        case MarkAction():
            return _mark(plan, state, command, at_ms)
        case RecordBreach():
            return _breach(plan, state, command, at_ms)
        case AddNote():
            return _note(plan, state, command, at_ms, actor)
        case Rate() | ScoreBehaviour() | MeasureIndicator() | LockRatings():
            return _evaluate(plan, state, command, actor)
        case _:
            assert_never(command)


def said_at(state: State, said_ms: int | None, at_ms: int) -> int:
    """When something was said: never before STARTEX, never later than now."""
    return at_ms if said_ms is None else max(0, min(said_ms, at_ms))


def _require_role(plan: Plan, role: str) -> None:
    if role not in plan.exercise.role_by_id:
        raise Refused("refused.no-role", role=role)


def _require_text(text: str) -> str:
    if not (cleaned := clean(text).strip()):
        raise Refused("refused.no-text")
    return cleaned


def _said(plan: Plan, state: State, command: RecordDecision | HearRole | SendMessage | AcknowledgeMessage, at_ms: int) -> list[AnyEvent]:
    _require_role(plan, command.role)
    match command:
        case RecordDecision(role=role, text=text):
            last = state.released[-1] if state.released else ""
            inject = last if command.inject is None else command.inject
            if inject and inject not in plan.inject_by_id:
                raise Refused("refused.no-inject", inject=inject)
            return [
                e.DecisionMade(
                    role=role,
                    person=clean_line(command.person, longest=80),
                    text=_require_text(text),
                    reason=clean(command.reason).strip(),
                    options=clean(command.options).strip(),
                    dissent=clean(command.dissent).strip(),
                    inject=inject,
                    said_ms=said_at(state, command.said_ms, at_ms),
                )
            ]
        case HearRole(role=role, said_ms=said_ms):
            return [e.RoleHeard(role=role, said_ms=said_at(state, said_ms, at_ms))]
        case SendMessage(role=role, to=to, text=text, said_ms=said_ms):
            _require_role(plan, to)
            return [e.MessageSent(role=role, to=to, text=_require_text(text), said_ms=said_at(state, said_ms, at_ms))]
        case AcknowledgeMessage(message=message, role=role, text=text):
            found = next((sent for sent in state.messages if sent.seq == message), None)
            if found is None or found.to != role:
                raise Refused("refused.no-message")
            if found.acknowledged_ms is not None:
                return []
            return [e.MessageAcknowledged(message=message, role=role, text=clean(text).strip())]
        case _:
            assert_never(command)


def _mark(plan: Plan, state: State, command: MarkAction, at_ms: int) -> list[AnyEvent]:
    if command.action not in plan.actions:
        raise Refused("refused.no-action", action=command.action)
    if command.state not in STATES:
        raise Refused("refused.no-state", state=command.state)
    if state.locked:
        raise Refused("refused.locked")
    owner = plan.actions[command.action][1].by
    if command.other_role:
        _require_role(plan, command.other_role)
    acted = command.state in ("done", "partial")
    if not acted:
        said_ms = None
    elif command.said_ms is not None or state.phase != "ended":
        said_ms = said_at(state, command.said_ms, at_ms)
    else:
        said_ms = None
    given_away = command.prompted
    if given_away is None:
        given_away = acted and prompted_by_hint(plan, state, command.action, said_ms)
    # Who was not there cannot have done it: the mark is of the one who did, where that is on record.
    other = command.other_role or (stood_in(plan, state, command.action, said_ms) if acted else "")
    return [
        e.ActionMarked(
            action=command.action,
            state=command.state,
            how=command.how,
            prompted=given_away and acted,
            prompted_said=command.prompted is not None and acted,
            other_role="" if other == owner else other,
            said_ms=said_ms,
            note=clean(command.note).strip(),
        )
    ]


def _breach(plan: Plan, state: State, command: RecordBreach, at_ms: int) -> list[AnyEvent]:
    if command.prohibited not in plan.exercise.prohibited_by_id:
        raise Refused("refused.no-prohibited", prohibited=command.prohibited)
    if state.locked:
        raise Refused("refused.locked")
    if command.role:
        _require_role(plan, command.role)
    said_ms = said_at(state, command.said_ms, at_ms)
    note = clean(command.note).strip()
    return [e.BreachRecorded(prohibited=command.prohibited, role=command.role, corrected=command.corrected, note=note, said_ms=said_ms)]


def _note(plan: Plan, state: State, command: AddNote, at_ms: int, actor: Actor) -> list[AnyEvent]:
    if command.role:
        _require_role(plan, command.role)
    if command.objective and command.objective not in plan.exercise.objective_by_id:
        raise Refused("refused.no-objective", objective=command.objective)
    return [
        e.Noted(
            category=command.category,
            text=_require_text(command.text),
            role=command.role,
            objective=command.objective,
            evaluator=clean_line(command.evaluator, longest=80),
            person=clean_line(actor.person, longest=80) if actor.kind in OF_ROLES else "",
            said_ms=said_at(state, command.said_ms, at_ms),
        )
    ]


def _evaluate(plan: Plan, state: State, command: EvaluationCommand, actor: Actor) -> list[AnyEvent]:
    if state.locked:
        raise Refused("refused.locked")
    match command:
        case Rate(evaluator=evaluator, objective=objective, rating=rating, note=note):
            if objective not in plan.exercise.objective_by_id:
                raise Refused("refused.no-objective", objective=objective)
            name = _named(evaluator)
            _require_own(state.ratings.get((name, objective)), actor)
            return [e.Rated(evaluator=name, objective=objective, rating=rating, note=clean(note).strip())]
        case ScoreBehaviour(evaluator=evaluator, line=line, score=score):
            if line not in get_args(BehaviourLine) or not 1 <= score <= 5:
                raise Refused("refused.no-line", line=line)
            name = _named(evaluator)
            _require_own(state.behaviour.get((name, line)), actor)
            return [e.BehaviourScored(evaluator=name, line=line, score=score)]
        case MeasureIndicator(indicator=indicator, value=value):
            if not any(known.id == indicator for known in plan.exercise.indicators):
                raise Refused("refused.no-indicator", indicator=indicator)
            if not math.isfinite(value) or abs(value) >= 1e15:
                raise Refused("refused.bad-number")
            return [e.IndicatorMeasured(indicator=indicator, value=value)]
        case LockRatings():
            if state.phase != "ended":
                raise Refused("refused.not-ended")
            return [e.RatingsLocked()]
        case _:
            assert_never(command)


def _require_own(before: Rating | BehaviourScore | None, actor: Actor) -> None:
    """Nobody, the driver neither, writes over what an evaluator gave at a seat of their own. Raises Refused."""
    if before is not None and before.actor != str(actor) and before.actor.startswith(("evaluator", "lead")):
        raise Refused("refused.not-yours", actor=str(actor))


def _named(evaluator: str) -> str:
    if not (name := clean_line(evaluator, longest=80)):
        raise Refused("refused.no-name")
    return name

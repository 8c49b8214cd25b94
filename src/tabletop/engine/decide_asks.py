"""Deciding about asks: answers and their effects, more time, close, reopen, reveal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from tabletop.errors import Refused
from tabletop.exercise.asks import Ask, Option
from tabletop.exercise.injects import Inject
from tabletop.text import clean, clean_line

from . import events as e
from .clock import played_between
from .commands import AskCommand, CloseAsk, ExtendAsks, GiveAnswer, ReopenAsk, RevealAnswers
from .events import AnswerValue, AnyEvent
from .links import overdue
from .plan import Plan
from .standing import ask_deadline, open_asks, prompted_by_hint, role_deadline, unanswered
from .state import Answer, State


def decide_ask(plan: Plan, state: State, command: AskCommand, at_ms: int) -> list[AnyEvent]:
    """The events of a command about asks. Raises Refused."""
    if state.phase == "briefing":
        raise Refused("refused.not-started")
    if state.phase == "ended":
        raise Refused("refused.ended")
    if isinstance(command, ExtendAsks):
        return _extend(plan, state, command, at_ms)
    if command.ask not in plan.asks:
        raise Refused("refused.no-ask", ask=command.ask)
    inject, ask = plan.asks[command.ask]
    if state.inject(inject.id).released_ms is None:
        raise Refused("refused.not-released", inject=inject.id)
    record = state.ask(ask.id)
    match command:
        case GiveAnswer():
            if record.closed:
                raise Refused("refused.ask-closed", ask=ask.id)
            return _answer(plan, state, inject, ask, command, at_ms)
        case CloseAsk():
            return [] if record.closed else [e.AskClosed(ask=ask.id)]
        case ReopenAsk():
            if record.revealed:
                raise Refused("refused.revealed", ask=ask.id)
            return [e.AskReopened(ask=ask.id)] if record.closed else []
        case RevealAnswers(names=names):
            if record.revealed == ("names" if names else "counts"):
                return []
            return [e.AnswersRevealed(ask=ask.id, names=names)]
        case _:
            assert_never(command)


def _extend(plan: Plan, state: State, command: ExtendAsks, at_ms: int) -> list[AnyEvent]:
    if command.by_ms <= 0:
        raise Refused("refused.no-span")
    opened = open_asks(plan, state)
    # Where everybody has answered nobody waits for a minute; only where that is so everywhere, it is for changes.
    waited_for = tuple(ask for ask in opened if unanswered(plan, state, ask)) or opened
    asks = tuple(ask for ask in command.asks if ask in opened) if command.asks else waited_for
    if not asks:
        raise Refused("refused.nothing-open")
    over = tuple(_overdue_ms(plan, state, ask, at_ms) for ask in asks)
    each = tuple(command.by_ms + span for span in over) if any(over) else ()
    return [e.AskExtended(asks=asks, by_ms=command.by_ms, each_ms=each)]


def _overdue_ms(plan: Plan, state: State, ask_id: str, at_ms: int) -> int:
    """How long the window of an ask has been over for a role that is waited for: one more minute is a minute from now."""
    if plan.has_cuts and (waiting := unanswered(plan, state, ask_id)):
        ends = {role: role_deadline(plan, state, ask_id, role) for role in waiting}
        late = [overdue(plan, state, role, end, at_ms).late_ms(at_ms) for role, end in ends.items() if end is not None and end < at_ms]
        return max(late, default=0)
    deadline = ask_deadline(plan, state, ask_id)
    return 0 if deadline is None or deadline >= at_ms else played_between(state.jumps, deadline, at_ms)


def _answer(plan: Plan, state: State, inject: Inject, ask: Ask, command: GiveAnswer, at_ms: int) -> list[AnyEvent]:
    role = command.role
    if role not in plan.exercise.role_by_id:
        raise Refused("refused.no-role", role=role)
    if role not in plan.addressees(state, inject, ask):
        raise Refused("refused.not-addressed", role=role)
    before = state.ask(ask.id).answers.get(role)
    earliest = state.inject(inject.id).released_ms or 0
    if before is not None:
        earliest = max(earliest, before.at_ms)
    said_ms = None if command.said_ms is None else min(at_ms, max(earliest, command.said_ms))
    moment = at_ms if said_ms is None else said_ms
    deadline = role_deadline(plan, state, ask.id, role)
    if before is not None and deadline is not None and moment > deadline:
        raise Refused("refused.answer-fixed", ask=ask.id)
    rationale = clean(command.rationale).strip()
    if ask.rationale == "required" and not rationale:
        raise Refused("refused.rationale-needed")
    value = _value(ask, command.value)
    chosen = [ask.option(option) for option in value] if isinstance(value, tuple) else []
    return [
        e.AnswerGiven(
            ask=ask.id,
            role=role,
            person=clean_line(command.person, longest=80),
            value=value,
            rationale="" if ask.rationale == "none" else rationale,
            effects=tuple(_effects(plan, state, chosen, role, moment)),
            next_report_ms=_next_report(ask, before, command.next_report_ms, moment),
            said_ms=said_ms,
        )
    ]


def _next_report(ask: Ask, before: Answer | None, in_ms: int | None, at_ms: int) -> int | None:
    """When the next report comes: in `in_ms` from now; where a changed report says nothing of it, as announced, if that is to come."""
    if ask.answer != "report":
        return None
    if in_ms is not None:
        return at_ms + max(0, in_ms)
    announced = None if before is None else before.next_report_ms
    return announced if announced is not None and announced > at_ms else None


def _effects(plan: Plan, state: State, chosen: list[Option], role: str, at_ms: int) -> Iterator[e.Effect]:
    """What the chosen options bring about; `does` by another than the owner is *other role* (semantics: *Answers*)."""
    seen: set[tuple[str, str]] = set()
    for option in chosen:
        acting = option.acting or role
        for action in option.does:
            if action in plan.actions and ("does", action) not in seen:
                seen.add(("does", action))
                owner = plan.actions[action][1].by
                prompted = prompted_by_hint(plan, state, action, at_ms)
                yield e.Effect(what="does", target=action, role=acting, other_role=acting != owner, prompted=prompted)
        for action in option.misses:
            if action in plan.actions and ("misses", action) not in seen:
                seen.add(("misses", action))
                yield e.Effect(what="misses", target=action, role=acting)
        for prohibited in option.breaks:
            if ("breaks", prohibited) not in seen:
                seen.add(("breaks", prohibited))
                yield e.Effect(what="breaks", target=prohibited, role=acting)


def _value(ask: Ask, value: AnswerValue) -> AnswerValue:
    """The answer in the form its ask wants. Raises Refused."""
    match ask.answer, value:
        case "choice", tuple() if len(value) == 1 and _known(ask, value):
            return value
        case "choices", tuple() if value and len(set(value)) == len(value) and _known(ask, value):
            return value
        case "order", tuple() if sorted(value) == sorted(option.id for option in ask.options):
            return value
        case "text", str() if text := clean(value).strip():
            return text
        case "number", float() | int() if not isinstance(value, bool) and abs(value) < 1e15:
            return float(value)
        case "confirm", True:
            return True
        case "report", dict():
            known = {element.id for element in ask.elements}
            stated = {key: clean(text).strip() for key, text in value.items() if key in known and text.strip()}
            if stated and value.keys() <= known:
                return stated
    raise Refused("refused.bad-answer", ask=ask.id, type=ask.answer)


def _known(ask: Ask, value: tuple[str, ...]) -> bool:
    return {option.id for option in ask.options} >= set(value)

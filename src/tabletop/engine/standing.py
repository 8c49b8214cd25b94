"""What stands: windows, and the state of every expected action, worked out from plan and state.

Owns: from when a window runs, whose word stands, when no record is a miss (never). Refuses to own: points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tabletop.exercise.injects import ExpectedAction, Inject

from .clock import after_played, played_between
from .events import How
from .plan import Plan
from .state import ActionMark, EffectRecord, State

StandingState = Literal["waiting", "open", "done", "partial", "missed", "not_observed", "not_applicable", "no_record", "pending"]
"""`waiting`: its inject is not released. `open`: due, nothing recorded. `no_record`: its time is over, nothing recorded.
`pending`: ENDEX came before its deadline."""

Source = Literal["none", "evaluator", "facilitator", "option", "release"]
"""Whose word it is, the weightier first: an evaluator's, the facilitator's, an option's effect, a later release."""

RECORDED: frozenset[StandingState] = frozenset({"done", "partial", "missed"})
"""States that count for coverage."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one expected action."""

    action: ExpectedAction
    inject: Inject
    state: StandingState
    deadline_ms: int | None = None
    """On the exercise clock; None where there is none, or before the release."""
    at_ms: int | None = None
    latency_ms: int | None = None
    """From when the inject was read to when it was done; jumps and pauses excluded, never negative."""
    how: How | None = None
    prompted: bool = False
    other_role: str = ""
    source: Source = "none"
    seq: int = 0
    """The log entry that evidences it; 0: none."""
    note: str = ""

    @property
    def late_ms(self) -> int:
        """How much later than its deadline it was done; 0 where there is none, as in the discussion pace."""
        if self.latency_ms is None or self.action.within is None or self.deadline_ms is None:
            return 0
        return max(0, self.latency_ms - self.action.within * 1000)

    @property
    def due(self) -> bool:
        """Whether it counts as due: its inject was released and its role is played by participants."""
        return self.state not in ("waiting", "not_applicable", "pending", "open")


def window_start(plan: Plan, state: State, inject: Inject) -> int | None:
    """From when the windows of an inject run: its release and reading, never later than the first answer or mark; None before it."""
    record = state.inject(inject.id)
    if record.released_ms is None:
        return None
    begin = record.released_ms + record.read_ms
    for ask in inject.asks:
        for answer in state.ask(ask.id).answers.values():
            begin = min(begin, max(answer.first_ms, record.released_ms))
    for action in inject.expects:
        for mark in state.marks.get(action.id, ()):
            if mark.at_ms is not None and mark.state in RECORDED:
                begin = min(begin, max(mark.at_ms, record.released_ms))
    return begin


def ask_deadline(plan: Plan, state: State, ask_id: str) -> int | None:
    """When the window of an ask ends, in exercise milliseconds; None without one, before the release and in the discussion pace."""
    inject, ask = plan.asks[ask_id]
    start = window_start(plan, state, inject)
    if start is None or ask.within is None or state.pace == "discussion":
        return None
    return after_played(state.jumps, start, ask.within * 1000 + state.ask(ask_id).extended_ms)


def action_deadline(plan: Plan, state: State, action_id: str) -> int | None:
    """When the time for an expected action ends; None as for asks."""
    inject, action = plan.actions[action_id]
    start = window_start(plan, state, inject)
    if start is None or action.within is None or state.pace == "discussion":
        return None
    return after_played(state.jumps, start, action.within * 1000)


def prompted_by_hint(plan: Plan, state: State, action_id: str, at_ms: int) -> bool:
    """Whether something given away by `at_ms` names the action: a hint of its inject, or a contingency inject (scoring: *Prompted*)."""
    inject, _ = plan.actions[action_id]
    hinted = state.inject(inject.id).hinted_ms
    if hinted is not None and hinted <= at_ms:
        return True
    released = (state.inject(held).released_ms for held in plan.contingencies.get(action_id, ()))
    return any(when is not None and when <= at_ms for when in released)


def _by_weight(mark: ActionMark) -> Source:
    return "evaluator" if mark.actor.startswith(("evaluator", "lead")) else "facilitator"


def _standing_mark(marks: tuple[ActionMark, ...]) -> tuple[ActionMark, Source] | None:
    newest: dict[str, ActionMark] = {mark.actor: mark for mark in marks}
    said = [mark for mark in newest.values() if mark.state != "no_record"]
    for source in ("evaluator", "facilitator"):
        of_source = [mark for mark in said if _by_weight(mark) == source]
        if of_source:
            return max(of_source, key=lambda mark: mark.seq), _by_weight(of_source[0])
    return None


def _standing_effect(effects: tuple[EffectRecord, ...]) -> EffectRecord | None:
    done = [record for record in effects if record.effect.what == "does"]
    if done:
        return min(done, key=lambda record: (record.at_ms, record.seq))
    missed = [record for record in effects if record.effect.what == "misses"]
    return min(missed, key=lambda record: (record.at_ms, record.seq)) if missed else None


def standing(plan: Plan, state: State, action_id: str, now_ms: int) -> Standing:
    """What is known of an expected action at exercise time `now_ms`."""
    inject, action = plan.actions[action_id]
    record = state.inject(inject.id)
    deadline = action_deadline(plan, state, action_id)
    known = _known(plan, state, inject, action, deadline)
    if record.released_ms is None:
        if known is not None and (record.gone == "overtaken" or state.phase != "ended") and record.gone != "skipped":
            return known
        over = bool(record.gone) or state.phase == "ended"
        return Standing(action, inject, "not_applicable" if over else "waiting")
    if known is not None:
        return known
    given_up = _given_up_ms(plan, state, action.by)
    if given_up is not None and (deadline is None or given_up <= deadline):
        return Standing(action, inject, "not_applicable", deadline)
    if state.phase == "ended" and state.ended_ms is not None:
        pending = deadline is not None and state.ended_ms < deadline
        return Standing(action, inject, "pending" if pending else "no_record", deadline)
    over = deadline is not None and now_ms > deadline
    return Standing(action, inject, "no_record" if over else "open", deadline)


def _given_up_ms(plan: Plan, state: State, role: str) -> int | None:
    """Since when participants no longer play a role; None while they do."""
    if plan.staffed(state, role):
        return None
    since = 0
    for change in reversed(state.staffing.get(role, ())):
        if change.by in ("people", "with"):
            break
        since = change.at_ms
    return since


def _known(plan: Plan, state: State, inject: Inject, action: ExpectedAction, deadline: int | None) -> Standing | None:
    """What somebody or something recorded, by the weight of the word; None: nothing."""
    by_person = _standing_mark(state.marks.get(action.id, ()))
    if by_person is not None:
        mark, source = by_person
        at_ms = mark.at_ms if mark.state in ("done", "partial") else None
        return Standing(
            action,
            inject,
            mark.state,  # type: ignore[arg-type]  # the events hold only these states
            deadline,
            at_ms,
            _latency(plan, state, inject, at_ms),
            mark.how,
            mark.prompted,
            mark.other_role,
            source,
            mark.seq,
            mark.note,
        )
    chosen = _standing_effect(state.effects.get(action.id, ()))
    if chosen is not None and chosen.effect.what == "does":
        other = chosen.effect.role if chosen.effect.other_role else ""
        latency = _latency(plan, state, inject, chosen.at_ms)
        return Standing(
            action, inject, "done", deadline, chosen.at_ms, latency, "chosen", chosen.effect.prompted, other, "option", chosen.seq
        )
    if action.done_by is not None:
        later = state.inject(action.done_by.released)
        if later.released_ms is not None:
            latency = _latency(plan, state, inject, later.released_ms)
            return Standing(action, inject, "done", deadline, later.released_ms, latency, "seen", False, "", "release", later.released_seq)
    if chosen is not None:
        return Standing(action, inject, "missed", deadline, how="chosen", source="option", seq=chosen.seq)
    return None


def _latency(plan: Plan, state: State, inject: Inject, at_ms: int | None) -> int | None:
    start = window_start(plan, state, inject)
    if at_ms is None:
        return None
    if start is None:
        return 0
    return max(0, played_between(state.jumps, start, at_ms)) if at_ms > start else 0


def open_asks(plan: Plan, state: State) -> tuple[str, ...]:
    """The asks that take answers, in the order in which their injects were released (semantics: *An ask is open*)."""
    if state.phase != "running":
        return ()
    return tuple(
        ask.id
        for inject_id in state.released
        if inject_id in plan.inject_by_id
        for ask in plan.inject_by_id[inject_id].asks
        if not state.ask(ask.id).closed
    )


def unanswered(plan: Plan, state: State, ask_id: str) -> tuple[str, ...]:
    """The addressed roles that have not answered an ask."""
    inject, ask = plan.asks[ask_id]
    answers = state.ask(ask_id).answers
    return tuple(role for role in plan.addressees(state, inject, ask) if role not in answers)

"""Coordination: whether messages were confirmed, reports complete and in time, and how people behaved (scoring 2.3, C).

A part is one decorated function of plan and state; the dimension is the weighted mean of the parts that have a value. A run in
which no seat took part may have been played by voice and on paper: there, nothing recorded is no miss (scoring, amendment 1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median_low
from typing import TypeVar, get_args

from tabletop.engine.events import BehaviourLine
from tabletop.engine.links import reached_ms, unheard_since
from tabletop.engine.owing import Loop, loops, reports
from tabletop.engine.plan import Plan
from tabletop.engine.standing import owes, role_deadline
from tabletop.engine.state import Answer, BehaviourScore, State
from tabletop.exercise.asks import Ask
from tabletop.exercise.injects import Inject

from .because import Because, because
from .marks import Mark, weighted_mean
from .people import by_evaluator

CRITERION = "coordination"

BEST = 5
"""The best score of a line of behaviour."""

WithEvidence = tuple[float | None, Because, tuple[int, ...]]
OfRun = Callable[[Plan, State], WithEvidence]
PARTS: dict[str, tuple[int, OfRun]] = {}
"""The parts by name: what each counts for, in per cent of the dimension, and how it is judged."""

PartT = TypeVar("PartT", bound=OfRun)


def part(name: str, weight: int) -> Callable[[PartT], PartT]:
    """Register a part of coordination."""

    def keep(judge: PartT) -> PartT:
        PARTS[name] = (weight, judge)
        return judge

    return keep


def coordination_marks(plan: Plan, state: State) -> tuple[Mark, ...]:
    """A mark for every part; they belong to no objective."""
    made = []
    for name, (weight, judge) in PARTS.items():
        points, why, evidence = judge(plan, state)
        made.append(Mark(CRITERION, name, "", points, weight, why, evidence))
    return tuple(made)


def coordination(marks: tuple[Mark, ...]) -> float | None:
    """The dimension, 0 to 100: over the parts that have a value (semantics: *Closed loop*)."""
    mean = weighted_mean((mark.points, mark.weight) for mark in marks)
    return None if mean is None else 100 * mean


def _until_ms(state: State) -> int:
    return state.last_ms if state.ended_ms is None else state.ended_ms


def seats_took_part(state: State) -> bool:
    """Whether anything was recorded at a seat of a role: then silence there is silence, and not play by voice."""
    authors = (answer.actor for record in state.asks.values() for answer in record.history)
    spoken = (one.actor for those in (state.decisions, state.messages) for one in those)
    return any(actor.startswith(("seat:", "control:")) for actors in (authors, spoken) for actor in actors)


@part("closed-loop", 20)
def closed_loop(plan: Plan, state: State) -> WithEvidence:
    """Messages that needed a receipt and got one in time, of all that needed one; in the discussion pace, at all."""
    settled = [loop for loop in loops(plan, state) if loop.confirmed_ms is not None or receipt_over(state, loop)]
    evidence = tuple(dict.fromkeys(loop.seq for loop in settled))
    if not settled:
        return None, because("marks.no-receipts"), ()
    if not any(loop.confirmed_ms is not None for loop in settled) and not seats_took_part(state):
        return None, because("marks.receipts-unrecorded", n=len(settled)), evidence
    closed = sum(loop.closed for loop in settled)
    code = "marks.closed-loop" if state.pace == "timed" else "marks.closed-loop-untimed"
    return closed / len(settled), because(code, closed=closed, n=len(settled)), evidence


def receipt_over(state: State, loop: Loop) -> bool:
    """Whether the time for a receipt is over: what ENDEX overtook is out (scoring 2.5)."""
    return state.phase == "ended" if loop.due_ms is None else loop.due_ms < _until_ms(state)


@part("completeness", 20)
def completeness(plan: Plan, state: State) -> WithEvidence:
    """Elements with text, of all elements, over every report that was asked for; one for each role that was asked."""
    asked = list(_reports_asked(plan, state))
    given = [answer for _, answer in asked if answer is not None]
    evidence = tuple(answer.seq for answer in given)
    whole = sum(len(ask.elements) for ask, _ in asked)
    if not whole:
        return None, because("marks.no-reports"), ()
    if not given and not seats_took_part(state):
        return None, because("marks.reports-unrecorded", n=len(asked)), ()
    stated = sum(_stated(ask, answer) for ask, answer in asked)
    return stated / whole, because("marks.completeness", stated=stated, n=whole), evidence


def _stated(ask: Ask, answer: Answer | None) -> int:
    value = {} if answer is None or not isinstance(answer.value, dict) else answer.value
    return sum(bool(value.get(element.id, "").strip()) for element in ask.elements)


def _reports_asked(plan: Plan, state: State) -> Iterator[tuple[Ask, Answer | None]]:
    """Every report that people of the room were asked for, with what came."""
    for inject_id in state.released:
        inject = plan.inject_by_id.get(inject_id)
        for ask in () if inject is None else inject.asks:
            if ask.answer == "report" and inject is not None:
                answers = state.ask(ask.id).answers
                for role in dict.fromkeys((*plan.addressees(state, inject, ask), *answers)):
                    if answer_owed(plan, state, inject, ask, role, answers.get(role)):
                        yield ask, answers.get(role)


def answer_owed(plan: Plan, state: State, inject: Inject, ask: Ask, role: str, answer: Answer | None) -> bool:
    """Whether a role of the room gave an answer, or had its whole time for one: nobody owes what did not reach them."""
    if answer is not None:
        return plan.staffed_at(state, role, answer.first_ms)
    record, deadline, until_ms = state.inject(inject.id), role_deadline(plan, state, ask.id, role), _until_ms(state)
    if reached_ms(plan, state, role, record.released_ms or 0, record.released_seq) is None:
        return False
    silent_ms = unheard_since(plan, state, role)
    if silent_ms is not None and (deadline is None or silent_ms < deadline):
        return False
    over = state.phase == "ended" if deadline is None else deadline < until_ms
    return over and owes(plan, state, role, deadline, until_ms)


@part("cadence", 10)
def cadence(plan: Plan, state: State) -> WithEvidence:
    """Situation reports that came in the last half of their period, of all that fell due: by a cadence, or as a role announced itself."""
    due = list(reports(plan, state))
    if not due:
        return None, because("marks.no-cadence"), ()
    kept = [report.seq for report in due if report.seq]
    if not kept and not seats_took_part(state):
        return None, because("marks.cadence-unrecorded", n=len(due)), ()
    share, announced = len(kept) / len(due), sum(not report.cadence for report in due)
    if announced:
        return share, because("marks.cadence-announced", kept=len(kept), n=len(due), announced=announced), tuple(kept)
    return share, because("marks.cadence", kept=len(kept), n=len(due)), tuple(kept)


@part("behaviour", 50)
def behaviour(plan: Plan, state: State) -> WithEvidence:
    """The mean of the lines that were scored, each the lower median of those whose word counts."""
    lines = [scores for line in get_args(BehaviourLine) if (scores := counted_scores(state, line))]
    if not lines:
        return None, because("marks.no-behaviour"), ()
    mean = sum(lower_median(scores) for scores in lines) / len(lines)
    evidence = tuple(score.seq for scores in lines for score in scores)
    return mean / BEST, because("marks.behaviour", mean=f"{mean:.3g}", n=len(lines)), evidence


def counted_scores(state: State, line: BehaviourLine) -> tuple[BehaviourScore, ...]:
    """The scores of a line that count: the evaluators', or the facilitator's where no evaluator scored it (amendment 7)."""
    scores = tuple(score for score in state.behaviour.values() if score.line == line)
    return tuple(score for score in scores if by_evaluator(score.actor)) or scores


def lower_median(scores: tuple[BehaviourScore, ...]) -> int:
    """The middle score of a line, of two middle ones the lower."""
    return median_low(score.score for score in scores)

"""The scorecard: marks added up, how sure they are, and whose word they rest on (scoring, with its amendments).

Formula 1. Coverage, timeliness and rating of an objective are weighted means of its marks, those of the exercise are
means over the objectives that have a value, coordination is the mean over its parts, the score is the mean over the dimensions that
have one. What has no value is in no mean: it is never 0. Caps and agreement have no value in this formula's first form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from tabletop.engine.events import BehaviourLine, RatingLetter
from tabletop.engine.plan import Plan, plan_of
from tabletop.engine.standing import RECORDED, Standing, standing
from tabletop.engine.state import BehaviourScore, Rating, State
from tabletop.exercise.model import Exercise, Objective

from .because import Because
from .breaches import Occurred, breaches_of
from .coordination import CRITERION, coordination, coordination_marks, counted_scores
from .grades import Grade, Status, grade_of, status_of
from .marks import OF_ACTIONS, OF_OBJECTIVES, WEIGHT_OF, Case, Mark, NotPlayed, lower_median, marks_of, marks_of_objective
from .marks import weighted_mean as weighted_mean
from .people import by_evaluator as by_evaluator
from .suggestion import suggest

FORMULA = "1"
"""Version of the arithmetic; scores of different formulas are not comparable."""

WEIGHTS: Mapping[str, int] = {"coverage": 35, "timeliness": 20, "rating": 25, "coordination": 20}
"""What each dimension counts for, in per cent, before those without a value are left out. Whole numbers, so that a sum of them is exact."""

Assessed = Literal["evaluator", "partly", "facilitator", "answers", "nobody"]
"""Whose judgement the score rests on: an evaluator's, the facilitator's own, only the players' answers, nobody's."""


@dataclass(frozen=True, slots=True)
class ObjectiveScore:
    """What became of one objective; numbers are 0 to 100, None where nothing can be said."""

    objective: Objective
    coverage: float | None
    timeliness: float | None
    points: float | None
    """What the rating is worth."""
    ratings: Mapping[str, RatingLetter]
    """Everybody's rating, by evaluator."""
    rating: RatingLetter | None
    """The lower median of those that count."""
    suggested: RatingLetter | None
    because: Because
    """Why that rating is suggested."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """How good it was, and how sure that is. Numbers are unrounded; None where nothing can be said."""

    value: float | None
    raw_grade: Grade | None
    grade: Grade | None
    status: Status
    evidence: float | None
    """Weight of the due actions that somebody or something evidences, of all due ones: 0 to 1."""
    recorded: int
    """How many due actions are evidenced ..."""
    due: int
    """... of how many."""
    rating_coverage: float | None
    """Rated core objectives of all: 0 to 1."""
    range: tuple[float, float] | None
    """The value if all that is due without a record had been missed, and if all of it had been done on time."""
    dimensions: Mapping[str, float | None]
    objectives: tuple[ObjectiveScore, ...]
    marks: tuple[Mark, ...]
    cases: tuple[Case, ...]
    breaches: tuple[Occurred, ...]
    assessed: Assessed
    one_persons_share: float | None
    """How much of the value is one evaluator's judgement, 0 to 1; None where several judged or nobody did."""
    caps: tuple[()] = ()
    weights: Mapping[str, int] = field(default_factory=lambda: WEIGHTS)
    formula: str = FORMULA

    @property
    def coordination(self) -> tuple[Mark, ...]:
        """What each part of coordination gave."""
        return tuple(mark for mark in self.marks if mark.criterion == CRITERION)

    @property
    def self_assessed(self) -> bool:
        """自评: no evaluator but the facilitator said anything that counts (scoring, amendment 8)."""
        return self.assessed != "evaluator"


def cases_of(plan: Plan, state: State, now_ms: int | None = None) -> tuple[Case, ...]:
    """Every expected action as it stands, in the order of the plan."""
    moment = state.last_ms if now_ms is None else now_ms
    timed = state.pace == "timed"
    known = (standing(plan, state, action_id, moment) for action_id in plan.actions)
    return tuple(Case(one, timed, _not_played(plan, state, one)) for one in known)


def _not_played(plan: Plan, state: State, known: Standing) -> NotPlayed:
    if known.state != "not_applicable" or known.source != "none":
        return ""
    record = state.inject(known.inject.id)
    if record.released_ms is not None:
        return "unstaffed"
    return record.gone or "unreleased"


def score(exercise: Exercise | Plan, state: State) -> Scorecard:
    """The scorecard of a run in its present state."""
    plan = exercise if isinstance(exercise, Plan) else plan_of(exercise, state)
    cases = cases_of(plan, state)
    counted = {objective.id: counted_ratings(state, objective.id) for objective in plan.exercise.objectives}
    rated = [mark for objective in plan.exercise.objectives for mark in marks_of_objective(objective, counted[objective.id])]
    together = coordination_marks(plan, state)
    marks = [*(mark for case in cases for mark in marks_of(case)), *rated, *together]
    breaches = breaches_of(plan, state)
    per_objective = _by_objective(plan, marks)
    dimensions = _dimensions(plan, per_objective, coordination(together))
    value = weighted_mean((dimensions[name], weight) for name, weight in WEIGHTS.items())
    evidence, recorded, due = _evidence(cases)
    rating_coverage = _rating_coverage(plan, counted)
    status = status_of(value, evidence, rating_coverage)
    value = value if status != "none" else None
    grade = None if value is None else grade_of(value)
    return Scorecard(
        value=value,
        raw_grade=grade,
        grade=grade,
        status=status,
        evidence=evidence,
        recorded=recorded,
        due=due,
        rating_coverage=rating_coverage,
        range=None if value is None else _range(plan, cases, [*rated, *together], value),
        dimensions=dimensions,
        objectives=_objective_scores(plan, state, cases, per_objective, counted, breaches),
        marks=tuple(marks),
        cases=cases,
        breaches=breaches,
        assessed=_assessed(state, counted),
        one_persons_share=_one_persons_share(state, dimensions, counted, together),
    )


def counted_ratings(state: State, objective: str) -> tuple[Rating, ...]:
    """The ratings of an objective that count: the evaluators', or the facilitator's where no evaluator rated it (amendment 7)."""
    ratings = tuple(rating for rating in state.ratings.values() if rating.objective == objective)
    independent = tuple(rating for rating in ratings if by_evaluator(rating.actor))
    return independent or ratings


Values = Mapping[str, Mapping[str, float | None]]
"""By objective, by criterion, 0 to 100."""


def _by_objective(plan: Plan, marks: Sequence[Mark]) -> Values:
    grouped: dict[tuple[str, str], list[tuple[float | None, float]]] = {}
    for mark in marks:
        grouped.setdefault((mark.objective, mark.criterion), []).append((mark.points, mark.weight))
    values: dict[str, dict[str, float | None]] = {}
    for objective in plan.exercise.objectives:
        means = {name: weighted_mean(grouped.get((objective.id, name), ())) for name in (*OF_ACTIONS, *OF_OBJECTIVES)}
        values[objective.id] = {name: None if mean is None else 100 * mean for name, mean in means.items()}
    return values


def _dimensions(plan: Plan, values: Values, together: float | None) -> dict[str, float | None]:
    objectives = plan.exercise.objectives
    means = {name: weighted_mean((values[each.id].get(name), each.weight) for each in objectives) for name in WEIGHTS}
    return {**means, CRITERION: together}


def evidence_of(plan: Plan, state: State) -> float | None:
    """Weight of the due actions that are evidenced, of all due ones: 0 to 1; None where nothing is due."""
    return _evidence(cases_of(plan, state))[0]


def _evidence(cases: Sequence[Case]) -> tuple[float | None, int, int]:
    due = [case.standing for case in cases if case.standing.due]
    recorded = [known for known in due if known.state in RECORDED]
    total = sum(WEIGHT_OF[known.action.criticality] for known in due)
    known_weight = sum(WEIGHT_OF[known.action.criticality] for known in recorded)
    return (known_weight / total if total else None), len(recorded), len(due)


def _rating_coverage(plan: Plan, counted: Mapping[str, Sequence[Rating]]) -> float:
    objectives = [each for each in plan.exercise.objectives if each.core] or list(plan.exercise.objectives)
    return sum(1 for each in objectives if counted[each.id]) / len(objectives)


def _range(plan: Plan, cases: Sequence[Case], fixed: Sequence[Mark], value: float) -> tuple[float, float]:
    """`value` if every due action without a record had been missed, and if every one had been done on time.

    The `fixed` marks, ratings and coordination, stay as they are.
    """
    if not any(case.standing.due and case.standing.state not in RECORDED for case in cases):
        return value, value
    worst, best = (_supposing(plan, cases, fixed, state) for state in ("missed", "done"))
    return min(worst, value), max(best, value)


def _supposing(plan: Plan, cases: Sequence[Case], fixed: Sequence[Mark], state: Literal["missed", "done"]) -> float:
    latency = 0 if state == "done" else None
    marks: list[Mark] = list(fixed)
    for case in cases:
        known = case.standing
        if known.due and known.state not in RECORDED:
            case = replace(case, standing=replace(known, state=state, latency_ms=latency, prompted=False, other_role=""))
        marks += marks_of(case)
    together = coordination(tuple(mark for mark in fixed if mark.criterion == CRITERION))
    dimensions = _dimensions(plan, _by_objective(plan, marks), together)
    supposed = weighted_mean((dimensions[name], weight) for name, weight in WEIGHTS.items())
    return 0.0 if supposed is None else supposed


def _objective_scores(
    plan: Plan,
    state: State,
    cases: Sequence[Case],
    values: Values,
    counted: Mapping[str, Sequence[Rating]],
    breaches: Sequence[Occurred],
) -> tuple[ObjectiveScore, ...]:
    own: dict[str, list[Case]] = {}
    for case in cases:
        own.setdefault(case.standing.action.objective, []).append(case)
    made = []
    for objective in plan.exercise.objectives:
        value = values[objective.id]
        suggested, why = suggest(own.get(objective.id, ()), value["coverage"], value["timeliness"], breaches)
        everybody = {rating.evaluator: rating.rating for rating in state.ratings.values() if rating.objective == objective.id}
        letter = lower_median([rating.rating for rating in counted[objective.id]])
        made.append(ObjectiveScore(objective, value["coverage"], value["timeliness"], value["rating"], everybody, letter, suggested, why))
    return tuple(made)


def _assessed(state: State, counted: Mapping[str, Sequence[Rating]]) -> Assessed:
    """Whose judgement it is: that of whoever rated or scored; where nobody did, of whoever marked what became of the actions."""
    actors = [rating.actor for ratings in counted.values() for rating in ratings] + [score.actor for score in _scores(state)]
    if not actors:
        newest = {(action, mark.actor): mark.state for action, marks in state.marks.items() for mark in marks}
        actors = [actor for (_, actor), said in newest.items() if said != "no_record"]
    alone = [rating for ratings in counted.values() for rating in ratings if not by_evaluator(rating.actor)]
    if any(by_evaluator(actor) for actor in actors):
        # Where an evaluator rated one objective of six, the rest is still the facilitator's own word.
        return "partly" if alone else "evaluator"
    if actors:
        return "facilitator"
    return "answers" if state.effects else "nobody"


def _scores(state: State) -> list[BehaviourScore]:
    """The scores of behaviour that count."""
    return [score for line in get_args(BehaviourLine) for score in counted_scores(state, line)]


def _one_persons_share(
    state: State, dimensions: Mapping[str, float | None], counted: Mapping[str, Sequence[Rating]], together: Sequence[Mark]
) -> float | None:
    """What the ratings count for, and behaviour within coordination, where both are one person's (amendment 8)."""
    rated = {rating.evaluator for ratings in counted.values() for rating in ratings}
    scored = {score.evaluator for score in _scores(state)}
    if len(rated | scored) != 1:
        return None
    parts = {mark.subject: mark.weight for mark in together if mark.points is not None}
    judged = WEIGHTS["rating"] * bool(rated) + (WEIGHTS[CRITERION] * parts["behaviour"] / sum(parts.values()) if scored else 0)
    return judged / sum(weight for name, weight in WEIGHTS.items() if dimensions[name] is not None)

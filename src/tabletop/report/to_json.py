"""The debrief as one JSON object, as the public contract lays it down. What cannot be worked out is null, never 0."""

from __future__ import annotations

import json

from tabletop.debrief.model import ActionLine, Debrief, DecisionLine, Late, Suggestion
from tabletop.engine.state import Answer
from tabletop.scoring.grades import printed
from tabletop.scoring.marks import Mark
from tabletop.scoring.projection import answer_row, decision_row, inject_row
from tabletop.scoring.scorecard import ObjectiveScore
from tabletop.scoring.times import seconds, wall_time

from .wording import Wording

SCHEMA_VERSION = 1

DECISION_COLUMNS = (
    *("seq", "wall_time", "exercise_s", "role", "person", "inject", "ask", "decision", "rationale"),
    *("latency_s", "amends", "retracted"),
)
"""As in the view `decision_log`."""

Object = dict[str, object]


def render(debrief: Debrief, language: str = "en") -> bytes:
    """UTF-8 JSON; sentences and option texts are in `language`, numbers rounded half to even to two decimals."""
    wording = Wording(debrief, language)
    card = debrief.card
    made = {
        "schema_version": SCHEMA_VERSION,
        "run": _run(debrief),
        "score": _score(debrief, wording),
        "objectives": [_objective(each, wording) for each in card.objectives],
        "agreement": {"alpha": None, "units": None, "note": None},
        "actions": [_action(line, wording) for line in debrief.actions],
        "late": [_late(each, wording) for each in debrief.late],
        "breaches": [
            {"prohibited": act.prohibited, "role": act.role or None, "at_s": seconds(act.at_ms), "corrected": act.corrected, "seq": act.seq}
            for act in debrief.breaches
        ],
        "injects": [{"run": debrief.run.id, **inject_row(debrief.plan, debrief.state, each.id)} for each in debrief.plan.injects],
        "decisions": [_decision(debrief, line, language) for line in debrief.decisions],
        "findings": [_finding(each, wording) for each in debrief.suggestions],
        "improvement_plan": [],
        "indicators": [
            {"id": each.indicator, "title": wording.title("indicator", each.indicator), "unit": each.unit, "value": each.value}
            for each in debrief.indicators
        ],
    }
    return (json.dumps(made, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode("utf-8")


def _run(debrief: Debrief) -> Object:
    state, exercise = debrief.state, debrief.plan.exercise
    return {
        "id": debrief.run.id,
        "exercise": exercise.id,
        "version": exercise.version,
        "kind": debrief.run.kind,
        "status": debrief.status,
        "started": None if state.started_wall_ms is None else wall_time(state.started_wall_ms),
        "ended": None if state.ended_wall_ms is None else wall_time(state.ended_wall_ms),
        "exercise_seconds": seconds(debrief.exercise_ms),
        "seal": {"events": debrief.run.events, "head": debrief.run.head},
    }


def _score(debrief: Debrief, wording: Wording) -> Object:
    """The score; before ratings are locked no number that holds them together is given away."""
    card = debrief.card
    shown = debrief.locked
    return {
        "value": printed(card.value) if shown else None,
        "grade": card.grade if shown else None,
        "raw_grade": card.raw_grade if shown else None,
        "caps": list(card.caps),
        "status": card.status if shown else "none",
        "evidence": printed(card.evidence),
        "rating_coverage": printed(card.rating_coverage),
        "range": [printed(end) for end in card.range] if shown and card.range is not None else None,
        "dimensions": {name: printed(value) if shown else None for name, value in card.dimensions.items()},
        "coordination": [_part(mark, wording) for mark in card.coordination] if shown else [],
        "weights": {name: weight / 100 for name, weight in card.weights.items()},
        "formula": card.formula,
    }


def _part(mark: Mark, wording: Wording) -> Object:
    """What a part of coordination gave."""
    return {
        "part": mark.subject,
        "value": None if mark.points is None else printed(100 * mark.points),
        "weight": mark.weight / 100,
        "because": wording.because(mark.because),
        "evidence": list(mark.evidence),
    }


def _objective(each: ObjectiveScore, wording: Wording) -> Object:
    return {
        "id": each.objective.id,
        "coverage": printed(each.coverage),
        "timeliness": printed(each.timeliness),
        "ratings": dict(each.ratings),
        "rating": each.rating,
        "suggested": each.suggested,
        "because": wording.because(each.because),
    }


def _action(line: ActionLine, wording: Wording) -> Object:
    known, within = line.case.standing, line.case.within_ms
    timed = within is not None and known.latency_ms is not None
    return {
        "id": line.id,
        "state": known.state,
        "latency_s": seconds(known.latency_ms),
        "deadline_s": seconds(within),
        "late_s": seconds(line.case.late_ms) if timed else None,
        "how": known.how if line.done else None,
        "because": wording.reasons(line.because),
    }


def _late(each: Late, wording: Wording) -> Object:
    """What was late or stayed out; the time of what has no record is null."""
    return {
        "kind": each.kind,
        "roles": list(each.roles),
        "what": wording.because(each.what),
        "due_s": seconds(each.due_ms),
        "came_s": seconds(each.came_ms),
        "late_s": seconds(each.shown_ms),
        "times": each.times,
        "seq": each.seq or None,
    }


def _decision(debrief: Debrief, line: DecisionLine, language: str) -> Object:
    match line.decision:
        case Answer() as answer:
            row = answer_row(debrief.plan, debrief.state, line.ask, answer, line.wall_ms, language)
        case spoken:
            row = decision_row(debrief.plan, debrief.state, spoken)
    return {"run": debrief.run.id, **{name: row[name] for name in DECISION_COLUMNS}}


def _finding(each: Suggestion, wording: Wording) -> Object:
    return {
        "id": each.id,
        "severity": each.severity,
        "statement": wording.because(each.because),
        "objective": each.objective or None,
        "clause": each.clause or None,
        "evidence": list(each.evidence),
        "draft": True,
    }

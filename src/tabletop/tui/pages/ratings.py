"""The ratings page: objectives with their evidence, behaviour lines, indicators, the lock.

Owns: what an evaluator sees while judging. Refuses to own: any total; the score stands behind the lock (scoring 2.9).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from tabletop.engine.events import BehaviourLine, RatingLetter
from tabletop.engine.plan import Plan
from tabletop.engine.standing import Standing
from tabletop.engine.state import Rating, State
from tabletop.exercise.model import Objective
from tabletop.scoring import ObjectiveScore, Scorecard
from tabletop.words import Words

from ..look import STANDING_SIGNS, line, role_name, span_text
from .evidence import reason
from .lines import QUIET, STRONG, WARN, Cell, Line, Page

DIGIT_OF: Mapping[RatingLetter, int] = {"P": 4, "S": 3, "M": 2, "U": 1}
"""The key of each rating: bigger is better everywhere."""

LETTER_OF: Mapping[int, RatingLetter] = {digit: letter for letter, digit in DIGIT_OF.items()}

BEHAVIOUR: tuple[BehaviourLine, ...] = get_args(BehaviourLine)

LOCK = "lock"
"""The row that locks the ratings, and after the lock opens the score."""


@dataclass(frozen=True, slots=True)
class Judging:
    """Who is judging, and what that person has been shown."""

    evaluator: str = ""
    shown: frozenset[str] = field(default_factory=frozenset)
    """Objectives whose suggestion was asked for before they were rated (halo: scoring 2.9)."""
    row: str = ""
    """The row one stands on; it alone is unfolded."""


def own_rating(state: State, objective: str, evaluator: str) -> Rating | None:
    """What this evaluator gave the objective."""
    return state.ratings.get((evaluator, objective))


def needs_note(rating: Rating) -> bool:
    """A rating below P needs a note (scoring 2.9); without one it stands and says so."""
    return rating.rating != "P" and not rating.note


def missing(plan: Plan, state: State, unrecorded: Collection[str]) -> tuple[tuple[str, int], ...]:
    """What is still missing before the lock: word codes with counts. It only warns."""
    rated = {objective for _, objective in state.ratings}
    counts = (
        ("evaluation.lock.missing-ratings", sum(objective.id not in rated for objective in plan.exercise.objectives)),
        ("evaluation.lock.missing-notes", sum(map(needs_note, state.ratings.values()))),
        ("evaluation.lock.missing-records", len(unrecorded)),
    )
    return tuple((code, count) for code, count in counts if count)


def ratings_lines(
    plan: Plan,
    state: State,
    card: Scorecard,
    words: Words,
    width: int,
    judging: Judging,
    *,
    unrecorded: Collection[str] = (),
    armed: bool = False,
) -> Sequence[Line]:
    """The page in lines of `width` cells; `armed`: the lock was pressed once."""
    page = Page(width)
    rated = sum(own_rating(state, each.id, judging.evaluator) is not None for each in plan.exercise.objectives)
    scale = "  ".join(f"{digit} {letter} {words(f'evaluation.rating.{letter}')}" for letter, digit in DIGIT_OF.items())
    page.heading(words("evaluation.ratings.title"), words("evaluation.ratings.rated", rated=rated, n=len(plan.exercise.objectives)))
    page.text(scale, QUIET)
    for known in card.objectives:
        _objective(page, plan, state, card, known, words, judging)
    _behaviour(page, state, words, judging)
    _indicators(page, plan, state, words)
    _lock(page, plan, state, words, unrecorded, armed)
    return page.lines


def _objective(page: Page, plan: Plan, state: State, card: Scorecard, known: ObjectiveScore, words: Words, judging: Judging) -> None:
    objective = known.objective
    row = f"objective:{objective.id}"
    rating = own_rating(state, objective.id, judging.evaluator)
    letter = rating.rating if rating is not None else words("evaluation.ratings.unrated")
    word = words(f"evaluation.rating.{rating.rating}") if rating is not None else ""
    core = words("evaluation.ratings.core") if objective.core else ""
    fields = [Cell(letter, 2, STRONG), Cell(line(objective.title, plan.language)), Cell(core, 4, QUIET), Cell(word, 34 if word else 2)]
    page.fields(fields, row=row)
    if rating is not None and rating.note:
        page.text(rating.note, indent=4, row=row)
    elif rating is not None and needs_note(rating):
        page.text(words("evaluation.ratings.note-missing"), WARN, indent=4, row=row)
    if judging.row == row:
        _evidence(page, plan, state, card, known, words, judging, row)


def _evidence(
    page: Page, plan: Plan, state: State, card: Scorecard, known: ObjectiveScore, words: Words, judging: Judging, row: str
) -> None:
    objective = known.objective
    for number, looked_at in enumerate(objective.lines):
        label = words("evaluation.ratings.look") if number == 0 else ""
        page.labelled(label, line(looked_at.title, plan.language), row)
    own = [case.standing for case in card.cases if case.standing.action.objective == objective.id and case.standing.state != "waiting"]
    for number, standing in enumerate(own):
        page.fields(_action(plan, standing, words, words("evaluation.ratings.actions") if number == 0 else ""), row=row, indent=4)
    for number, note in enumerate(note for note in state.notes if note.objective == objective.id):
        page.labelled(words("evaluation.ratings.notes") if number == 0 else "", note.text, row)
    rated = own_rating(state, objective.id, judging.evaluator) is not None
    others = {name: letter for name, letter in known.ratings.items() if name != judging.evaluator}
    if others and rated:
        page.labelled(words("evaluation.ratings.others"), " · ".join(f"{name} {letter}" for name, letter in others.items()), row)
    if rated or objective.id in judging.shown:
        because = reason(known.because, plan, words)
        text = f"{known.suggested}: {because}" if known.suggested else f"{words('evaluation.ratings.suggested-none')}"
        page.labelled(words("evaluation.ratings.suggested"), text, row)
    else:
        page.text(words("evaluation.ratings.suggested-hidden"), QUIET, indent=4, row=row)


def _action(plan: Plan, standing: Standing, words: Words, label: str) -> list[Cell]:
    state = standing_text(plan, standing, words)
    criticality = words(f"evaluation.criticality.{standing.action.criticality}")
    return [
        Cell(label, 12, QUIET),
        Cell(role_name(plan.exercise, standing.action.by, plan.language), 6, STRONG),
        Cell(line(standing.action.title, plan.language)),
        Cell(criticality, 8, QUIET),
        Cell(state, 24),
    ]


def standing_text(plan: Plan, standing: Standing, words: Words) -> str:
    """What is known of an action: its sign, its state in words, how long it took, after a hint or by whom else."""
    parts = [f"{STANDING_SIGNS[standing.state]} {words(f'evaluation.state.{standing.state}')}"]
    if standing.latency_ms is not None:
        parts.append(span_text(standing.latency_ms))
    if standing.prompted:
        parts.append(words("evaluation.state.prompted"))
    if standing.other_role:
        parts.append(words("evaluation.state.other-role", role=role_name(plan.exercise, standing.other_role, plan.language)))
    return " ".join(parts)


def _behaviour(page: Page, state: State, words: Words, judging: Judging) -> None:
    page.heading(words("evaluation.behaviour.title"))
    for name in BEHAVIOUR:
        scored = state.behaviour.get((judging.evaluator, name))
        value = str(scored.score) if scored is not None else words("evaluation.ratings.unrated")
        page.fields([Cell(value, 2, STRONG), Cell(words(f"evaluation.behaviour.{name}"))], row=f"behaviour:{name}")


def _indicators(page: Page, plan: Plan, state: State, words: Words) -> None:
    if not plan.exercise.indicators:
        return
    page.heading(words("evaluation.indicators.title"))
    for indicator in plan.exercise.indicators:
        value = state.indicators.get(indicator.id)
        shown = number_text(value) if value is not None else words("evaluation.ratings.unrated")
        unit = f" {indicator.unit}" if indicator.unit and value is not None else ""
        page.fields(
            [Cell(f"{shown}{unit}", 12, STRONG, right=True), Cell(line(indicator.title, plan.language))], row=f"indicator:{indicator.id}"
        )


def number_text(value: float) -> str:
    """A measured number without a fraction where there is none."""
    return f"{value:.15g}"


def _lock(page: Page, plan: Plan, state: State, words: Words, unrecorded: Collection[str], armed: bool) -> None:
    page.heading(words("evaluation.lock.title"))
    if state.locked:
        page.fields([Cell(words("evaluation.lock.score"), 0, STRONG)], row=LOCK)
        page.text(words("evaluation.lock.locked"), QUIET, indent=2)
        return
    page.fields([Cell(words("evaluation.lock.again" if armed else "evaluation.lock.row"), 0, WARN if armed else STRONG)], row=LOCK)
    open_points = [words(code, n=count) for code, count in missing(plan, state, unrecorded)]
    page.text(" · ".join(open_points) or words("evaluation.lock.nothing-missing"), "" if open_points else QUIET, indent=2, row=LOCK)


def objective_of(plan: Plan, row: str) -> Objective | None:
    """The objective a row stands for."""
    kind, _, name = row.partition(":")
    return plan.exercise.objective_by_id.get(name) if kind == "objective" else None

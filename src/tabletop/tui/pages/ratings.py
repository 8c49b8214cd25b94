"""The ratings page: objectives with their evidence, behaviour lines, indicators, the lock.

Owns: what an evaluator sees while judging. Refuses to own: any total; the score stands behind the lock (scoring 2.9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from tabletop.debrief.model import Debrief
from tabletop.engine.events import BehaviourLine, RatingLetter
from tabletop.engine.judging import Unrated
from tabletop.engine.standing import Standing
from tabletop.engine.state import Rating, State
from tabletop.report.wording import Wording
from tabletop.scoring.scorecard import ObjectiveScore
from tabletop.text import cells

from ..look import STANDING_SIGNS, line, role_name, span_text
from .lines import QUIET, STRONG, WARN, Cell, Line, Page

DIGIT_OF: Mapping[RatingLetter, int] = {"P": 4, "S": 3, "M": 2, "U": 1}
"""The key of each rating: bigger is better everywhere."""

LETTER_OF: Mapping[int, RatingLetter] = {digit: letter for letter, digit in DIGIT_OF.items()}

BEHAVIOUR: tuple[BehaviourLine, ...] = get_args(BehaviourLine)

EVALUATOR = "evaluator"
"""The row that says who evaluates."""

LOCK = "lock"
"""The row that locks the ratings, and after the lock opens the score."""


@dataclass(frozen=True, slots=True)
class Judging:
    """Who is judging, where that person stands, and what that person has been shown."""

    evaluator: str = ""
    independent: bool = False
    """Whether somebody else facilitated: then the word is an evaluator's (scoring, amendments 7 and 8)."""
    row: str = ""
    """The row one stands on; it alone is unfolded."""
    shown: frozenset[str] = frozenset()
    """Objectives whose suggestion was asked for before they were rated (halo: scoring 2.9)."""
    every: bool = False
    """Whether the confirm list has all actions, not only the critical ones."""
    armed: bool = False
    """Whether the lock was pressed once."""
    measures: bool = True
    """Whether what is measured is taken down here."""
    locks: bool = True
    """Whether the ratings are locked from here."""
    unrated: tuple[Unrated, ...] = ()
    """Evaluators whose ratings are incomplete."""


def own_rating(state: State, objective: str, evaluator: str) -> Rating | None:
    """What this evaluator gave the objective."""
    return state.ratings.get((evaluator, objective))


def needs_note(rating: Rating) -> bool:
    """A rating below P needs a note (scoring 2.9); without one it stands and says so."""
    return rating.rating != "P" and not rating.note


def missing(debrief: Debrief) -> tuple[tuple[str, int], ...]:
    """What is still missing before the lock: word codes with counts. It only warns."""
    state = debrief.state
    rated = {objective for _, objective in state.ratings}
    counts = (
        ("evaluation.lock.missing-ratings", sum(objective.id not in rated for objective in debrief.plan.exercise.objectives)),
        ("evaluation.lock.missing-notes", sum(map(needs_note, state.ratings.values()))),
        ("evaluation.lock.missing-records", len(debrief.unrecorded)),
    )
    return tuple((code, count) for code, count in counts if count)


def evaluator_row(page: Page, wording: Wording, judging: Judging, state: State) -> None:
    """Who evaluates; the first row of both pages. Where nobody has said so here, who has rated elsewhere."""
    rated = tuple(dict.fromkeys(evaluator for evaluator, _ in state.ratings))
    if not judging.evaluator and rated:
        text = wording("evaluation.evaluator.elsewhere", names=wording("report.join").join(rated))
    elif not judging.evaluator:
        text = wording("evaluation.evaluator.nobody")
    else:
        text = wording("evaluation.evaluator" if judging.independent else "evaluation.evaluator.self", name=judging.evaluator)
    page.fields([Cell(text, 0, STRONG if judging.evaluator or rated else WARN)], row=EVALUATOR)


def ratings_lines(debrief: Debrief, wording: Wording, width: int, judging: Judging) -> Sequence[Line]:
    """The page in lines of `width` cells."""
    page, state = Page(width), debrief.state
    objectives = debrief.card.objectives
    rated = sum(own_rating(state, each.objective.id, judging.evaluator) is not None for each in objectives)
    evaluator_row(page, wording, judging, state)
    page.heading(wording("evaluation.ratings.title"), wording("evaluation.ratings.rated", rated=rated, n=len(objectives)))
    for letter, digit in DIGIT_OF.items():
        page.text(f"{digit}  {wording(f'marks.rating-{letter}')}", QUIET, indent=2)
    for known in objectives:
        _objective(page, debrief, known, wording, judging)
    _behaviour(page, state, wording, judging)
    if judging.measures:
        _indicators(page, debrief, wording)
    if judging.locks:
        _lock(page, debrief, wording, judging)
    return page.lines


def _objective(page: Page, debrief: Debrief, known: ObjectiveScore, wording: Wording, judging: Judging) -> None:
    objective = known.objective
    row = f"objective:{objective.id}"
    rating = own_rating(debrief.state, objective.id, judging.evaluator)
    letter = rating.rating if rating is not None else wording("evaluation.ratings.unrated")
    core = wording("evaluation.ratings.core") if objective.core else ""
    other = rating is not None and known.suggested is not None and known.suggested != rating.rating
    differs = wording("evaluation.ratings.differs", rating=known.suggested) if other else ""
    fields = [Cell(letter, 2, STRONG), Cell(line(objective.title, wording.language)), Cell(differs, 10, QUIET), Cell(core, 4, QUIET)]
    page.fields(fields, row=row)
    if rating is not None and rating.note:
        page.text(rating.note, indent=4, row=row)
    elif rating is not None and needs_note(rating):
        page.text(wording("evaluation.ratings.note-missing"), WARN, indent=4, row=row)
    if judging.row == row:
        _evidence(page, debrief, known, wording, judging, row)


def _evidence(page: Page, debrief: Debrief, known: ObjectiveScore, wording: Wording, judging: Judging, row: str) -> None:
    """What the record has on an objective: lines to look at, actions as they stand, notes; the suggestion only after an own rating."""
    objective, state = known.objective, debrief.state
    for number, looked_at in enumerate(objective.lines):
        page.labelled(wording("evaluation.ratings.look") if not number else "", line(looked_at.title, wording.language), row)
    own = [each.case.standing for each in debrief.actions if each.case.standing.action.objective == objective.id]
    for standing in own:
        if standing.state not in ("waiting", "not_applicable"):
            page.fields(_action(debrief, standing, wording, page.width - 4), row=row, indent=4)
    for number, note in enumerate(note for note in state.notes if note.objective == objective.id):
        page.labelled(wording("evaluation.ratings.notes") if not number else "", note.text, row)
    rated = own_rating(state, objective.id, judging.evaluator) is not None
    others = {name: letter for name, letter in known.ratings.items() if name != judging.evaluator}
    if others and rated:
        page.labelled(wording("evaluation.ratings.others"), " · ".join(f"{name} {letter}" for name, letter in others.items()), row)
    if rated or objective.id in judging.shown:
        reason = wording.because(known.because)
        suggested = wording.labelled(known.suggested, reason) if known.suggested else reason
        page.labelled(wording("evaluation.ratings.suggested"), suggested, row)
    else:
        page.text(wording("evaluation.ratings.suggested-hidden"), QUIET, indent=4, row=row)


def _action(debrief: Debrief, standing: Standing, wording: Wording, width: int) -> list[Cell]:
    title, stands = line(standing.action.title, wording.language), standing_text(standing, wording)
    return [
        Cell(role_name(debrief.plan.exercise, standing.action.by, wording.language), 6, STRONG),
        Cell(title),
        Cell(wording(f"marks.criticality-{standing.action.criticality}"), 8, QUIET),
        Cell(stands, room_for(stands, 20, width - 20 - cells(title))),
    ]


def room_for(text: str, usual: int, free: int) -> int:
    """Cells of the last column of a line: the usual ones, more where a longer text finds room beside the title (`free` cells)."""
    return max(usual, min(cells(text), free))


def standing_text(standing: Standing, wording: Wording) -> str:
    """What is known of an action: its sign, its state in words, how long it took, after a hint or by whom else."""
    after_hint = wording("marks.after-hint") if standing.prompted else ""
    parts = [f"{STANDING_SIGNS[standing.state]} {wording(f'marks.state-{standing.state}')}{after_hint}"]
    if standing.latency_ms is not None:
        parts.append(wording("evaluation.state.took", span=span_text(standing.latency_ms)))
    if standing.other_role:
        parts.append(wording("evaluation.state.other-role", role=wording.title("role", standing.other_role)))
    return " ".join(parts)


def _behaviour(page: Page, state: State, wording: Wording, judging: Judging) -> None:
    page.heading(wording("evaluation.behaviour.title"))
    for name in BEHAVIOUR:
        scored = state.behaviour.get((judging.evaluator, name))
        value = str(scored.score) if scored is not None else wording("evaluation.ratings.unrated")
        page.fields([Cell(value, 2, STRONG), Cell(wording(f"evaluation.behaviour.{name}"))], row=f"behaviour:{name}")


def _indicators(page: Page, debrief: Debrief, wording: Wording) -> None:
    if not debrief.indicators:
        return
    page.heading(wording("evaluation.indicators.title"))
    for measured in debrief.indicators:
        page.fields(
            [Cell(measured_text(measured.value, measured.unit, wording), 14, STRONG), Cell(wording.title("indicator", measured.indicator))],
            row=f"indicator:{measured.indicator}",
        )


def measured_text(value: float | None, unit: str, wording: Wording) -> str:
    """A measured number with its unit, without a fraction where there is none; a dash where nothing was measured."""
    if value is None:
        return wording("evaluation.ratings.unrated")
    return f"{value:.15g} {unit}".rstrip()


def _lock(page: Page, debrief: Debrief, wording: Wording, judging: Judging) -> None:
    page.heading(wording("evaluation.lock.title"))
    if debrief.locked:
        page.fields([Cell(wording("evaluation.lock.score"), 0, STRONG)], row=LOCK)
        page.text(wording("evaluation.lock.locked"), QUIET, indent=2, row=LOCK)
        return
    again = "evaluation.lock.again-missing" if judging.unrated else "evaluation.lock.again"
    code = again if judging.armed else "evaluation.lock.row"
    page.fields([Cell(wording(code), 0, WARN if judging.armed else STRONG)], row=LOCK)
    open_points = [wording(code, n=count) for code, count in missing(debrief)]
    if open_points or not judging.unrated:
        text = " · ".join(open_points) or wording("evaluation.lock.nothing-missing")
        page.text(text, "" if open_points else QUIET, indent=2, row=LOCK)
    for one in judging.unrated:
        page.labelled(one.evaluator, _unrated(debrief, one, wording), LOCK, indent=2, style=WARN if judging.armed else "")


def _unrated(debrief: Debrief, one: Unrated, wording: Wording) -> str:
    """What an evaluator has not rated, by its titles; nothing at all is said as such."""
    between = "、" if wording.language.startswith("zh") else ", "
    objectives = debrief.plan.exercise.objectives
    missed = [line(each.title, wording.language) for each in objectives if each.id in one.objectives]
    lines = [wording(f"evaluation.behaviour.{name}") for name in one.behaviour]
    parts = []
    if len(missed) == len(objectives):
        parts.append(wording("evaluation.lock.no-objective"))
    elif missed:
        parts.append(wording("evaluation.lock.objectives", titles=between.join(missed)))
    if len(lines) == len(BEHAVIOUR):
        parts.append(wording("evaluation.lock.no-behaviour"))
    elif lines:
        parts.append(wording("evaluation.lock.behaviour", titles=between.join(lines)))
    return " · ".join(parts)

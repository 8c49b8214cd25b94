"""Marks: what one criterion gave, and why (scoring 2.3).

A criterion is one decorated function: of an expected action, of an objective, or, in `coordination`, of the whole run. A criterion's
weight in the score stands in `scorecard.WEIGHTS`, and an objective's value under it is the weighted mean of its marks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Literal, TypeVar

from tabletop.engine.events import RatingLetter
from tabletop.engine.standing import RECORDED, Standing
from tabletop.engine.state import Rating
from tabletop.exercise.injects import Criticality
from tabletop.exercise.model import Objective

from .because import Because, because

WEIGHT_OF: dict[Criticality, int] = {"critical": 3, "major": 2, "normal": 1}
"""What an expected action counts for."""

POINTS_OF_STATE: dict[str, float] = {"done": 1.0, "partial": 0.5, "missed": 0.0}

POINTS_AFTER_HINT = 0.5
"""What is left of an action's points when it came only after a hint or a contingency inject."""

LATE_FACTOR = 1.0
"""Lateness at which no points for time are left, as a multiple of the deadline ..."""

LATE_AT_LEAST_MS = 60_000
"""... but never sooner than this many milliseconds after the deadline."""

POINTS_OF_RATING: dict[RatingLetter, float] = {"P": 1.0, "S": 0.8, "M": 0.6, "U": 0.2}

WORST_FIRST: tuple[RatingLetter, ...] = ("U", "M", "S", "P")

NotPlayed = Literal["", "skipped", "overtaken", "unreleased", "unstaffed"]


@dataclass(frozen=True, slots=True)
class Case:
    """An expected action as the marks see it."""

    standing: Standing
    timed: bool
    """Whether the run has windows: there is no timeliness in the discussion pace."""
    not_played: NotPlayed = ""
    """Why nobody owed it."""

    @property
    def within_ms(self) -> int | None:
        """Its deadline in milliseconds from when the inject was read; None where there is none."""
        within = self.standing.action.within
        return within * 1000 if self.timed and within is not None else None

    @property
    def late_ms(self) -> int:
        """How much later than its deadline it was done; 0 where nothing can be late."""
        if self.within_ms is None or self.standing.latency_ms is None:
            return 0
        return max(0, self.standing.latency_ms - self.within_ms)


@dataclass(frozen=True, slots=True)
class Mark:
    """What one criterion gave."""

    criterion: str
    subject: str
    """The expected action, the objective or the part of coordination it judges."""
    objective: str
    """Empty: it is of the whole run."""
    points: float | None
    """0 to 1; None: nothing to judge, so it is in no mean."""
    weight: float
    because: Because
    evidence: tuple[int, ...] = ()
    """The log entries behind it."""


Verdict = tuple[float | None, Because]
OfAction = Callable[[Case], Verdict]
OfObjective = Callable[[Objective, Sequence[Rating]], Verdict]
OF_ACTIONS: dict[str, OfAction] = {}
"""Criteria that judge expected actions, by name."""
OF_OBJECTIVES: dict[str, OfObjective] = {}
"""Criteria that judge objectives, by name."""

ActionT = TypeVar("ActionT", bound=OfAction)
ObjectiveT = TypeVar("ObjectiveT", bound=OfObjective)


def of_action(name: str) -> Callable[[ActionT], ActionT]:
    """Register a criterion that judges expected actions."""

    def keep(judge: ActionT) -> ActionT:
        OF_ACTIONS[name] = judge
        return judge

    return keep


def of_objective(name: str) -> Callable[[ObjectiveT], ObjectiveT]:
    """Register a criterion that judges objectives."""

    def keep(judge: ObjectiveT) -> ObjectiveT:
        OF_OBJECTIVES[name] = judge
        return judge

    return keep


def weighted_mean(pairs: Iterable[tuple[float | None, float]]) -> float | None:
    """The mean over the values that are there, by weight; None where none is."""
    there = [(value, weight) for value, weight in pairs if value is not None]
    total = sum(weight for _, weight in there)
    return sum(value * weight for value, weight in there) / total if total else None


@of_action("coverage")
def coverage(case: Case) -> Verdict:
    """Full points for done, half for partly done, half of that after a hint. Nothing recorded is no mark, never a miss."""
    known = case.standing
    if known.state not in RECORDED:
        return None, _unrecorded(case)
    points = POINTS_OF_STATE[known.state]
    if known.prompted and known.state != "missed":
        return points * POINTS_AFTER_HINT, because(f"marks.{known.state}-prompted")
    return points, because(f"marks.{known.state}")


def _unrecorded(case: Case) -> Because:
    state = case.standing.state
    if state == "not_applicable" and case.not_played:
        return because(f"marks.{case.not_played}")
    return because(f"marks.{state.replace('_', '-')}")


@of_action("timeliness")
def timeliness(case: Case) -> Verdict:
    """Full points by the deadline, then fewer until none are left; none for a miss, so that acting once, on time, is not enough."""
    known, within = case.standing, case.within_ms
    if known.state not in RECORDED or within is None:
        return None, because("marks.no-deadline" if case.timed else "marks.no-windows")
    if known.state == "missed":
        return 0.0, because("marks.missed")
    if known.latency_ms is None:
        return None, because("marks.time-unknown")
    if case.late_ms == 0:
        return 1.0, because("marks.on-time", latency_ms=known.latency_ms, within_ms=within)
    span = max(LATE_FACTOR * within, LATE_AT_LEAST_MS)
    points = max(0.0, 1 - case.late_ms / span)
    return points, because("marks.late", latency_ms=known.latency_ms, within_ms=within, late_ms=case.late_ms)


@of_objective("rating")
def rating(objective: Objective, ratings: Sequence[Rating]) -> Verdict:
    """The lower median of what the evaluators said of an objective."""
    letter = lower_median([rating.rating for rating in ratings])
    if letter is None:
        return None, because("marks.unrated")
    return POINTS_OF_RATING[letter], because("marks.rated", rating=letter, n=len(ratings))


def lower_median(letters: Sequence[RatingLetter]) -> RatingLetter | None:
    """The middle rating, of two middle ones the worse; None of none."""
    if not letters:
        return None
    return WORST_FIRST[median_low(WORST_FIRST.index(letter) for letter in letters)]


def marks_of(case: Case) -> list[Mark]:
    """Every criterion's mark of an expected action."""
    action, seq = case.standing.action, case.standing.seq
    evidence = (seq,) if seq else ()
    made = []
    for name, judge in OF_ACTIONS.items():
        points, why = judge(case)
        made.append(Mark(name, action.id, action.objective, points, WEIGHT_OF[action.criticality], why, evidence))
    return made


def marks_of_objective(objective: Objective, ratings: Sequence[Rating]) -> list[Mark]:
    """Every criterion's mark of an objective; `ratings` are those that count."""
    evidence = tuple(rating.seq for rating in ratings)
    made = []
    for name, judge in OF_OBJECTIVES.items():
        points, why = judge(objective, ratings)
        made.append(Mark(name, objective.id, objective.id, points, 1, why, evidence))
    return made

"""Suggested ratings: advice to the evaluator from what was recorded, never part of the score (scoring 2.3)."""

from __future__ import annotations

from collections.abc import Sequence

from tabletop.engine.events import RatingLetter
from tabletop.engine.standing import RECORDED

from .because import Because, because
from .breaches import Occurred
from .marks import Case

UNABLE_BELOW = 50.0
"""Coverage of an objective under which `U` is suggested."""

COVERAGE_OF_P = 90.0
TIMELINESS_OF_P = 80.0
"""What an objective needs for `P`."""

FAR_TOO_LATE = 2
"""A critical action that took longer than so many times its deadline suggests `M`."""


def suggest(
    cases: Sequence[Case], coverage: float | None, timeliness: float | None, breaches: Sequence[Occurred]
) -> tuple[RatingLetter | None, Because]:
    """The rating that the recorded actions of an objective suggest, and why; None where nothing of it was recorded.

    A prohibited act bears on the objectives in which the role that committed it owed an action; one that names no role
    bears on all.
    """
    if coverage is None:
        return None, because("marks.suggest-nothing-recorded")
    critical = [case for case in cases if case.standing.action.criticality == "critical"]
    for case in critical:
        if case.standing.state == "missed":
            return "U", because("marks.suggest-critical-missed", action=case.standing.action.id)
    if coverage < UNABLE_BELOW:
        return "U", because("marks.suggest-little-done", percent=coverage, least=UNABLE_BELOW)
    reason = _major_challenge(cases, critical, breaches)
    if reason is not None:
        return "M", reason
    if coverage < COVERAGE_OF_P:
        return "S", because("marks.suggest-not-all-done", percent=coverage, least=COVERAGE_OF_P)
    if timeliness is not None and timeliness < TIMELINESS_OF_P:
        return "S", because("marks.suggest-slow", percent=timeliness, least=TIMELINESS_OF_P)
    return "P", because("marks.suggest-all-done" if timeliness is None else "marks.suggest-all-in-time", percent=coverage)


def _major_challenge(cases: Sequence[Case], critical: Sequence[Case], breaches: Sequence[Occurred]) -> Because | None:
    owing = {case.standing.action.by for case in cases if case.standing.state != "not_applicable"}
    for act in breaches:
        if not act.role or act.role in owing:
            return because("marks.suggest-breach", prohibited=act.prohibited)
    for case in critical:
        within, latency = case.within_ms, case.standing.latency_ms
        if within is not None and latency is not None and latency > FAR_TOO_LATE * within:
            return because("marks.suggest-far-too-late", action=case.standing.action.id, latency_ms=latency, within_ms=within)
    for case in cases:
        if case.standing.other_role and case.standing.state in RECORDED - {"missed"}:
            return because("marks.suggest-other-role", action=case.standing.action.id, role=case.standing.other_role)
    return None

"""What the log suggests to improve: facts by weight, worded by people later (R000-14).

Silence suggests nothing: an action without a record is never among these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tabletop.engine.plan import Plan
from tabletop.scoring.because import Because, because
from tabletop.scoring.breaches import Occurred
from tabletop.scoring.marks import WEIGHT_OF

from .model import ActionLine, Severity, Suggestion, SuggestionKind

GRAVEST_FIRST: tuple[SuggestionKind, ...] = ("breach", "missed", "late", "prompted", "partial", "other-role")

WEIGHT_OF_BREACH = {True: 4, False: 3}
"""What a prohibited act weighs, safety-critical or not: a safety-critical one more than any action."""


def suggestions_of(plan: Plan, actions: Sequence[ActionLine], breaches: Sequence[Occurred]) -> tuple[Suggestion, ...]:
    """One suggestion for each prohibited act and each action that did not go as planned, the weightiest first."""
    found = [*_of_breaches(plan, breaches), *(made for line in actions if (made := _of_action(line)) is not None)]
    return tuple(sorted(found, key=lambda made: (-made.weight, GRAVEST_FIRST.index(made.kind))))


def _of_breaches(plan: Plan, breaches: Sequence[Occurred]) -> Iterable[Suggestion]:
    by_act: dict[str, list[Occurred]] = {}
    for act in breaches:
        by_act.setdefault(act.prohibited, []).append(act)
    for prohibited, acts in by_act.items():
        critical = plan.exercise.prohibited_by_id[prohibited].safety_critical
        corrected = all(act.corrected for act in acts)
        code = "debrief.suggest-breach-corrected" if corrected else "debrief.suggest-breach"
        yield Suggestion(
            id=f"breach-{prohibited}",
            kind="breach",
            severity="deficiency" if critical and not corrected else "corrective",
            weight=WEIGHT_OF_BREACH[critical],
            because=because(code, prohibited=prohibited, n=len(acts)),
            evidence=tuple(act.seq for act in acts),
        )


def _of_action(line: ActionLine) -> Suggestion | None:
    kind = _kind(line)
    if kind is None:
        return None
    known = line.case.standing
    action = known.action
    return Suggestion(
        id=f"{kind}-{action.id}",
        kind=kind,
        severity=_severity(line, kind),
        weight=WEIGHT_OF[action.criticality],
        because=_because(line, kind),
        action=action.id,
        objective=action.objective,
        clause=action.clause or "",
        evidence=(known.seq,) if known.seq else (),
    )


def _kind(line: ActionLine) -> SuggestionKind | None:
    known = line.case.standing
    if known.state == "missed":
        return "missed"
    if not line.done:
        return None
    if line.case.late_ms:
        return "late"
    if known.prompted:
        return "prompted"
    if known.state == "partial":
        return "partial"
    return "other-role" if known.other_role else None


def _severity(line: ActionLine, kind: SuggestionKind) -> Severity:
    """A proposal only: people grade findings."""
    action = line.case.standing.action
    if kind == "missed" and action.criticality == "critical":
        return "deficiency" if action.category == "safety" else "corrective"
    return "corrective" if action.criticality == "critical" or kind == "missed" else "improvement"


def _because(line: ActionLine, kind: SuggestionKind) -> Because:
    known = line.case.standing
    action = known.action
    if kind == "late":
        return because("debrief.suggest-late", action=action.id, role=action.by, late_ms=line.case.late_ms, within_ms=line.case.within_ms)
    if kind == "other-role":
        return because("debrief.suggest-other-role", action=action.id, role=action.by, other=known.other_role)
    return because(f"debrief.suggest-{kind}", action=action.id, role=action.by)

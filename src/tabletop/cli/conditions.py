"""Conditions of paths and contingencies, put into words for the facilitator."""

from __future__ import annotations

from tabletop.exercise import conditions as form
from tabletop.exercise.durations import written
from tabletop.words import Words


def condition_text(condition: form.Condition, words: Words) -> str:
    """One condition as a phrase; ids stay as the file writes them."""
    match condition:
        case form.Released():
            return words("condition.released", inject=condition.released)
        case form.Answered():
            return words("condition.answered", ask=condition.answer, options=", ".join(condition.is_))
        case form.NotDoneWithin():
            return words("condition.not-done-within", action=condition.action, time=written(condition.not_done_within))
        case form.ActionIs():
            return words("condition.action-is", action=condition.action, state=words(f"condition.state.{condition.state}"))
        case form.Breached():
            return words("condition.breached", act=condition.breach)
        case form.Elapsed():
            return words("condition.elapsed", time=written(condition.elapsed))
        case form.ParameterIs():
            return words("condition.parameter-is", parameter=condition.parameter, values=", ".join(condition.is_))
        case form.Every():
            return _joined(condition.all, "condition.and", words)
        case form.Some():
            return _joined(condition.any, "condition.or", words)
        case form.Not():
            return words("condition.not", condition=condition_text(condition.not_, words))


def _joined(conditions: tuple[form.Condition, ...], between: str, words: Words) -> str:
    parts = [condition_text(one, words) for one in conditions]
    return parts[0] if len(parts) == 1 else f"({words(between).join(parts)})"

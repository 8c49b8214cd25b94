"""Answers as people read them: the texts of the chosen options, the words, the number, the elements of a report."""

from __future__ import annotations

from tabletop.engine.events import AnswerValue
from tabletop.exercise.asks import Ask
from tabletop.text import localise

YES = "✓"
"""A plain yes, in any language."""

BETWEEN = {"zh": ("：", "；")}
"""What stands behind a name and between two things, by the first part of a language; elsewhere as in English."""


def answer_text(ask: Ask, value: AnswerValue, language: str) -> str:
    """What was answered, in `language` where the exercise has it; what people typed stays as they typed it."""
    colon, stop = BETWEEN.get(language.partition("-")[0], (": ", "; "))
    if isinstance(value, bool):
        return YES
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        titles = {element.id: localise(element.title, language) for element in ask.elements}
        return stop.join(f"{titles.get(element, element)}{colon}{text}" for element, text in ask.in_order(value).items())
    texts = {option.id: localise(option.text, language) for option in ask.options}
    chosen = [texts.get(option, option) for option in value]
    return " → ".join(chosen) if ask.answer == "order" else stop.join(chosen)

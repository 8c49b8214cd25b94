"""Answers as people read them: the texts of the chosen options, the words, the number, the elements of a report."""

from __future__ import annotations

from tabletop.engine.events import AnswerValue
from tabletop.exercise.asks import Ask
from tabletop.text import localise

YES = "✓"
"""A plain yes, in any language."""


def answer_text(ask: Ask, value: AnswerValue, language: str) -> str:
    """What was answered, in `language` where the exercise has it; what people typed stays as they typed it."""
    if isinstance(value, bool):
        return YES
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        titles = {element.id: localise(element.title, language) for element in ask.elements}
        return "; ".join(f"{titles.get(element, element)}: {text}" for element, text in value.items())
    texts = {option.id: localise(option.text, language) for option in ask.options}
    chosen = [texts.get(option, option) for option in value]
    return " → ".join(chosen) if ask.answer == "order" else "; ".join(chosen)

"""Everything in an exercise, for the facilitator's eyes: notes, prompts, expected actions, what an option brings about."""

from __future__ import annotations

from collections.abc import Iterator

from tabletop.exercise.asks import Ask, Option
from tabletop.exercise.durations import written
from tabletop.exercise.injects import ExpectedAction, Inject
from tabletop.exercise.model import Exercise
from tabletop.text import Text, clean_line, localise
from tabletop.words import Words

from .conditions import condition_text
from .layout import indented

PROSE_CELLS = 78


def facilitator_lines(exercise: Exercise, words: Words) -> Iterator[str]:
    """What players must not see, inject by inject; then what nobody may do and the warnings the author accepts."""
    yield from ("", words("show.private"))
    yield from ("", words("show.setting"), *_prose(exercise.setting, words, 2))
    for number, inject in enumerate(exercise.injects, 1):
        yield from ("", f"{number}  {inject.id}  {_line(inject.title, words)}")
        yield from _inject(exercise, inject, words)
    if exercise.prohibited:
        yield from ("", words("show.prohibited"))
        for act in exercise.prohibited:
            critical = words("show.safety-critical") if act.safety_critical else ""
            yield f"  {act.id}  {_line(act.title, words)}{critical}"
    if exercise.accept:
        yield from ("", words("show.accepted"))
        for accepted in exercise.accept:
            yield from indented(words("show.accepted-one", lint=accepted.lint, on=accepted.on, because=accepted.because), PROSE_CELLS)


def _inject(exercise: Exercise, inject: Inject, words: Words) -> Iterator[str]:
    if inject.when is not None:
        yield from indented(words("show.only-if", condition=condition_text(inject.when, words)), PROSE_CELLS, 3)
    if inject.cue is not None:
        yield from indented(words("show.wanted-if", condition=condition_text(inject.cue, words)), PROSE_CELLS, 3)
    if inject.sender is not None:
        yield f"   {words('show.from', sender=_line(inject.sender, words))}"
    yield from _prose(inject.text, words, 3)
    for label, texts in (
        ("notes", (inject.notes,) if inject.notes else ()),
        ("probe", inject.probes),
        ("hint", inject.hints),
        ("prop", inject.props),
    ):
        for text in texts:
            yield from indented(f"{words(f'show.{label}')}{_line(text, words)}", PROSE_CELLS, 3)
    for name in inject.attachments:
        yield f"   {words('show.attachment')}{name}"
    for ask in inject.asks:
        yield from _ask(exercise, inject, ask, words)
    for action in inject.expects:
        yield from _action(exercise, action, words)


def _ask(exercise: Exercise, inject: Inject, ask: Ask, words: Words) -> Iterator[str]:
    to = _names(exercise, ask.to or inject.to, words)
    within = words("show.within", time=written(ask.within)) if ask.within is not None else ""
    yield from indented(words("show.ask", to=to, question=_line(ask.question, words)) + within, PROSE_CELLS, 3)
    for option in ask.options:
        yield from indented(f"{option.id}: {_line(option.text, words)}{_effects(option, words)}", PROSE_CELLS, 6)
    for element in ask.elements:
        yield from indented(f"{element.id}: {_line(element.title, words)}", PROSE_CELLS, 6)


def _effects(option: Option, words: Words) -> str:
    told = [
        words(f"show.{verb}", ids=", ".join(ids))
        for verb, ids in (("does", option.does), ("misses", option.misses), ("breaks", option.breaks))
        if ids
    ]
    if option.acting is not None:
        told.append(words("show.acting", role=option.acting))
    return words("show.effects", effects=words("show.between").join(told)) if told else ""


def _action(exercise: Exercise, action: ExpectedAction, words: Words) -> Iterator[str]:
    facts = [words(f"show.criticality.{action.criticality}"), action.objective]
    if action.within is not None:
        facts.insert(0, words("show.deadline", time=written(action.within)))
    if action.clause:
        facts.append(words("show.clause", clause=action.clause))
    by = exercise.role_by_id[action.by].short_name(words.language)
    told = words("show.action", by=by, title=_line(action.title, words), id=action.id, facts=words("show.between").join(facts))
    yield from indented(told, PROSE_CELLS, 3)


def _names(exercise: Exercise, roles: tuple[str, ...], words: Words) -> str:
    return ", ".join(exercise.role_by_id[role].short_name(words.language) for role in roles) or words("show.room")


def _prose(text: Text, words: Words, indent: int) -> list[str]:
    return indented(localise(text, words.language).strip(), PROSE_CELLS, indent)


def _line(text: Text, words: Words) -> str:
    return clean_line(localise(text, words.language))

"""Loads exercise and deck files: the model, or every problem at once.

Owns: the order in which a file is read, expanded, checked and looked over, and the canonical text that a run keeps.
Refuses to own: the single checks, and where files lie.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tabletop.errors import Exit, TabletopError

from .attachments import attachments_of
from .decks import DeckFinder, Expansion
from .injects import Inject
from .lint import lint_deck, lint_exercise
from .model import Deck, Exercise
from .nodes import Map, Seq, noded
from .parameters import filled_data, longest_of, typed, value_of, values_of
from .problems import InvalidExercise, Problem, Problems, near
from .reading import Anything, Reading
from .references import Names, check_injects, check_languages, check_roles, ids_of, names_of
from .source import Source, collector_off, read_source
from .validation import Silence, validated

ScriptCheck = Callable[[Source], Iterable[Problem]]
"""Finds what is wrong with a rehearsal script beyond its YAML."""

FORMAT = 1

MOST_FILLED = 64 * 1024 * 1024
"""Characters that all placeholders of a file together may be filled with, at the very most."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An exercise that can be played."""

    path: Path
    exercise: Exercise
    """With every parameter at its default."""
    text: str
    """The exercise as a run stores and hashes it: canonical JSON, decks put in, placeholders kept."""
    warnings: tuple[Problem, ...]
    """Lints the file does not accept."""
    attachments: Mapping[str, Path]
    """The file of each attachment, by the name the injects use."""


def load_exercise(path: Path, decks: DeckFinder | None = None) -> Loaded:
    """The exercise of a file. Raises InvalidExercise with every problem, NotFound where there is no file."""
    with collector_off():
        return _exercise(read_source(path), decks)


def load_deck(path: Path) -> Deck:
    """The deck of a file. Raises InvalidExercise with every problem, NotFound where there is no file."""
    return _deck(read_source(path))[0]


def check_file(path: Path, decks: DeckFinder | None = None, script: ScriptCheck | None = None) -> list[Problem]:
    """Every problem and lint of a file: `deck:` makes it a deck, `steps:` a script, else it is an exercise. Raises NotFound."""
    source = read_source(path)
    try:
        if source.data is not None and "deck" in source.data:
            return list(_deck(source)[1])
        if source.data is not None and "steps" in source.data:
            return sorted({*source.problems, *(script(source) if script is not None else ())})
        return list(_exercise(source, decks).warnings)
    except InvalidExercise as error:
        return list(error.problems)


def _exercise(source: Source, decks: DeckFinder | None) -> Loaded:
    problems = Problems()
    problems.extend(source.problems)
    if source.data is None:
        raise InvalidExercise(problems.sorted())
    _check_kind(source.data, problems, f"problems.is-a-{'deck' if 'deck' in source.data else 'script'}", ("deck", "steps"))
    expansion = Expansion(source.data, decks, problems)
    data = expansion.expanded()
    names = names_of(data, problems)
    check_injects(data, problems)
    check_roles(data, problems)
    known: dict[str, Container[str]] = dict(names.of_kind)
    if expansion.failed or expansion.overlays_failed:
        known |= {kind: Anything() for kind in ("inject", "ask", "action")}
    reading = Reading(check_languages(data, problems), values_of(data.get("parameters")), known, names.options)
    silence = Silence(expansion.failed, expansion.untranslated, _places(source), expansion.filled)
    text = canonical(data)
    if text.count("{") * longest_of(reading.parameters) > MOST_FILLED:
        problems.add_at(data, ("parameters",), "problems.parameters-too-large", of_key=True)
        raise InvalidExercise(problems.sorted())
    exercise = validated(Exercise, data, reading, problems, silence)
    attachments = attachments_of(data, problems)
    if exercise is None or problems:
        raise InvalidExercise(problems.sorted())
    return Loaded(source.path, exercise, text, lint_exercise(exercise, data, source.comments), attachments)


def _deck(source: Source) -> tuple[Deck, tuple[Problem, ...]]:
    problems = Problems()
    problems.extend(source.problems)
    data = source.data
    if data is None:
        raise InvalidExercise(problems.sorted())
    _check_kind(data, problems, "problems.is-no-deck", ())
    names = names_of(data, problems)
    check_injects(data, problems, timed=data.get("overlay") is True)
    reading = Reading(check_languages(data, problems), values_of(data.get("parameters")), _known_in_deck(data, names), names.options)
    deck = validated(Deck, data, reading, problems, Silence(places=_places(source)))
    attachments_of(data, problems)
    if deck is None or problems:
        raise InvalidExercise(problems.sorted())
    return deck, lint_deck(deck, data, source.comments)


def _known_in_deck(data: Map, names: Names) -> dict[str, Container[str]]:
    """What a deck's injects may name: each other, the slots, and of the exercise what cannot be known before it takes them."""
    known: dict[str, Container[str]] = dict(names.of_kind)
    slots = data.get("slots")
    for kind in ("role", "objective"):
        known[kind] = [name for name, filled in slots.items() if filled == kind] if isinstance(slots, Map) else []
    return known | {kind: Anything() for kind in ("phase", "site", "clause", "prohibited")}


def _places(source: Source) -> set[tuple[int, int]]:
    """Lines and columns at which the text of the file is wrong: what the values there mean is no matter."""
    return {(problem.line, problem.column) for problem in source.problems}


def _check_kind(data: Map, problems: Problems, code: str, foreign: tuple[str, ...]) -> None:
    """Whether the file is what it is taken for, in a format this version knows. Raises InvalidExercise: all else would be noise."""
    wrong = [key for key in foreign if key in data and "id" not in data]
    given = data.get("format", FORMAT)
    newer = type(given) is int and given > FORMAT
    if newer:
        problems.add_at(data, ("format",), "problems.format-newer", given=given, limit=FORMAT)
    elif wrong or (not foreign and "deck" not in data):
        problems.add_at(data, wrong[:1], code, of_key=True)
    else:
        if given == FORMAT and type(given) is not int:
            problems.add_at(data, ("format",), "problems.not-one-of", given=given, known=(FORMAT,))
        return
    raise InvalidExercise(problems.sorted())


def canonical(data: Mapping[str, object]) -> str:
    """JSON with sorted keys, no spaces, nothing escaped that need not be: one exercise, one text."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def bind(text: str, values: Mapping[str, object] | None = None) -> Exercise:
    """The exercise of a stored text, with parameter values put in. Raises TabletopError for values it does not take."""
    data: dict[str, Any] = json.loads(text)
    parameters = data.get("parameters", {})
    for name, given in (values or {}).items():
        parameters[name]["default"] = _taken(name, given, parameters)
    reading = Reading(tuple(data["languages"]), values_of(parameters))
    with collector_off():
        return Exercise.model_validate(data, context=reading, by_alias=True, by_name=False)


def _taken(name: str, given: object, parameters: Mapping[str, Any]) -> object:
    """A chosen value in the form a file would give it."""
    if name not in parameters:
        hint = near(name, parameters)
        code = "problems.parameter-unknown-near" if hint else "problems.parameter-unknown"
        raise TabletopError(code, exit_code=Exit.USAGE, name=name, known=", ".join(parameters), **hint)
    kind = parameters[name].get("kind", "text")
    options = parameters[name].get("options", ())
    value = typed(kind, given)
    if value_of(kind, value) is None:
        raise TabletopError(f"problems.parameter-{kind}", exit_code=Exit.USAGE, name=name, given=str(given))
    if options and value not in options:
        raise TabletopError("problems.parameter-choice", exit_code=Exit.USAGE, name=name, given=str(given), known=", ".join(options))
    return value


def parse_inject(data: Mapping[str, object], exercise: Exercise | None = None) -> Inject:
    """An inject that did not come from a file, in the form files use; with `exercise`, what it names must be in there.

    Its texts are taken as they are. Raises InvalidExercise; the problems have keys and no lines to speak of.
    """
    problems = Problems()
    root = noded(data, Path("-"))
    alone = Map.begun(root.origin, root.at)
    alone.put("injects", Seq.begun(root.origin, root.at), root.at, root.at)
    injects = alone["injects"]
    assert isinstance(injects, Seq)
    injects.put(root, root.at)
    own = names_of(alone, problems)
    check_injects(alone, problems)
    known: dict[str, Container[str]] = {kind: Anything() for kind in own.of_kind}
    if exercise is not None:
        theirs = ids_of(exercise)
        known = {kind: {**theirs[kind], **ids} for kind, ids in own.of_kind.items()}
        for kind in ("inject", "ask", "action"):
            for taken in own.of_kind[kind].keys() & theirs[kind].keys():
                problems.add("problems.duplicate-id", own.of_kind[kind][taken].place("id"), given=taken, first=exercise.id)
    inject = validated(Inject, root, Reading(names=known, options=own.options, verbatim=True), problems)
    if inject is None or problems:
        raise InvalidExercise(problems.sorted())
    return inject


def inject_of_deck(path: Path, name: str, slots: Mapping[str, str], exercise: Exercise, **beside: object) -> dict[str, object]:
    """An inject of a deck as data for `parse_inject`: slots filled, the exercise's parameter values put in, `beside` replacing its keys.

    Raises InvalidExercise: an unknown inject, a slot left open; NotFound where there is no deck.
    """
    problems = Problems()
    deck = read_source(path)
    problems.extend(deck.problems)
    problems.raise_if_any()
    use: dict[str, object] = {"use": f"deck/{name}", "with": dict(slots), **beside}
    parameters = {name: parameter.model_dump(exclude_none=True) for name, parameter in exercise.parameters.items()}
    root = noded({"parameters": parameters, "injects": [use]}, Path("-"))
    data = Expansion(root, lambda _: path, problems, overlays_too=True).expanded()
    problems.raise_if_any()
    injects = data["injects"]
    assert isinstance(injects, Seq)
    filled = filled_data(injects[0], values_of(data.get("parameters")), exercise.languages)
    assert isinstance(filled, dict)
    return filled

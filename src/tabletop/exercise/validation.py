"""From the data of a file to its model: what pydantic refuses becomes problems with places, worded by error type."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from .conditions import FORMS
from .injects import Inject
from .model import Exercise
from .nodes import Loc, Map, Place, is_form, locate
from .problems import Problems, near
from .reading import FAULTS, Fault, Reading

Model = TypeVar("Model", bound=BaseModel)

ALSO_KNOWN: Mapping[type[BaseModel], tuple[str, ...]] = {Exercise: ("overlays",), Inject: ("use", "with")}
"""Keys a file may have that are gone before the model is made."""


@dataclass(frozen=True, slots=True)
class Silence:
    """What is not to be told, because the reason was told before."""

    injects: Collection[int] = ()
    """Injects of the list that could not be taken from their deck."""
    untranslated: Collection[Path] = ()
    """Decks that lack one of the languages."""
    places: Collection[tuple[int, int]] = ()
    """Lines and columns of the file at which the text itself is wrong."""
    slots: Mapping[Place, str] = field(default_factory=dict)
    """Where slots were filled, and the path of keys there: told once, however often the slot is named."""

    def covers(self, loc: Loc) -> bool:
        """Whether nothing at a path of keys is to be told."""
        return len(loc) > 1 and loc[0] == "injects" and loc[1] in self.injects

    def hides(self, fault: Fault, place: Place, path: Path) -> bool:
        """Whether a fault at a place is not to be told."""
        if fault.code == "problems.languages-missing" and place.path in self.untranslated:
            return True
        return place.path == path and (place.line, place.column) in self.places


def validated(model: type[Model], data: Map, reading: Reading, problems: Problems, silence: Silence | None = None) -> Model | None:
    """The model of a file's data; None, and problems, where it is not one."""
    silence = silence or Silence()
    try:
        return model.model_validate(data, context=reading, by_alias=True, by_name=False)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    for details in errors:
        loc = details["loc"]
        if silence.covers(loc) or (details["type"] == "too_short" and details["input"]):
            continue
        if problems.full():
            problems.skip()
            continue
        for fault in _faults(model, loc, details):
            if problems.full():
                problems.skip()
                continue
            loc = loc[:-1] if loc and loc[-1] == "[key]" else loc
            found = locate(data, (*loc, *fault.steps), of_key=fault.of_key)
            if not silence.hides(fault, found.place, data.origin.path):
                found = found._replace(key=silence.slots.get(found.place, found.key))
                problems.add_found(found, fault.code, **_told(fault.values))
    return None


def _told(values: Mapping[str, object]) -> dict[str, object]:
    """Values with the known name that comes closest to the given one, where there is one."""
    known = values.get("known")
    return {**values, **near(values.get("given"), known)} if isinstance(known, Iterable) else dict(values)


_BY_TYPE: Mapping[str, str] = {
    "missing": "problems.missing-key",
    "string_too_long": "problems.id-too-long",
    "bool_type": "problems.truth",
    "int_type": "problems.whole-number",
    "int_from_float": "problems.whole-number",
    "float_type": "problems.number",
    "tuple_type": "problems.list",
    "model_type": "problems.map",
    "dict_type": "problems.map",
    "too_short": "problems.empty-list",
    "string_too_short": "problems.empty-text",
    "greater_than": "problems.more-than",
    "greater_than_equal": "problems.at-least",
    "less_than_equal": "problems.at-most",
}
"""pydantic's error types and our codes, where nothing else needs to be known."""

_FORMS_OF: dict[str, tuple[str, Mapping[str, type[BaseModel]]]] = {"condition_form": ("problems.condition-form", FORMS)}
"""Where a map comes in several forms: by pydantic's error type, our code and the forms by the key that tells them."""


def add_forms(error_type: str, code: str, forms: Mapping[str, type[BaseModel]]) -> None:
    """Another sort of map that comes in several forms: by `SORT:KEY`, the sort's name and the key that tells a form."""
    _FORMS_OF[error_type] = (code, forms)


_LIMITS = ("gt", "ge", "le", "max_length", "min_length")


def _faults(model: type[BaseModel], loc: Loc, details: Mapping[str, Any]) -> Iterable[Fault]:
    """What one error of pydantic's says, in our codes."""
    kind, given = details["type"], details.get("input")
    context: Mapping[str, Any] = details.get("ctx", {})
    if kind == FAULTS:
        return tuple(context[FAULTS])
    limits = [context[name] for name in _LIMITS if name in context]
    if kind == "extra_forbidden":
        return (Fault("problems.unknown-key", {"given": loc[-1], "known": known_keys(model, loc[:-1])}, of_key=True),)
    if kind == "literal_error":
        known = literals(model, loc)
        if isinstance(given, str) and given in known:
            return (Fault("problems.whole-number"),)
        return (Fault("problems.not-one-of", {"given": _plain(given), "known": known}),)
    if kind in _FORMS_OF:
        code, forms = _FORMS_OF[kind]
        wrong = next(iter(given), "") if isinstance(given, dict) else _plain(given)
        return (Fault(code, {"given": wrong, "known": tuple(form.rpartition(":")[2] for form in forms)}),)
    if kind == "string_type":
        return (Fault("problems.text-unquoted" if isinstance(given, (bool, int, float)) else "problems.string"),)
    if kind == "string_pattern_mismatch":
        code = "problems.language-tag" if loc[0] == "languages" else "problems.id-form"
        return (Fault(code, {"given": _plain(given)}, of_key=loc[-1] == "[key]"),)
    if kind not in _BY_TYPE:
        return (Fault("problems.invalid-value", {"type": kind}),)
    return (Fault(_BY_TYPE[kind], {"limit": limits[0]} if limits else {}),)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int, float)) else ""


def _annotation(model: type[BaseModel], loc: Loc) -> Any:
    """The annotation that stands for a path of keys in the models; None where the models have none."""
    annotation: Any = model
    for step in loc:
        if isinstance(step, int) or step == "[key]":
            continue
        if is_form(step):
            annotation = next((forms[step[1:-1]] for _, forms in _FORMS_OF.values() if step[1:-1] in forms), None)
            continue
        if get_origin(annotation) is dict:
            annotation = get_args(annotation)[1]
            continue
        part = _part(annotation)
        fields = {} if part is None else part.model_fields
        annotation = next((field.annotation for name, field in fields.items() if (field.alias or name) == step), None)
    return annotation


def _part(annotation: Any) -> type[BaseModel] | None:
    """The model in an annotation, behind lists, maps and options."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((part for argument in get_args(annotation) if (part := _part(argument)) is not None), None)


def known_keys(model: type[BaseModel], loc: Loc) -> tuple[str, ...]:
    """The keys that a map at `loc` may have."""
    part = _part(_annotation(model, loc))
    if part is None:
        return ()
    return tuple(field.alias or name for name, field in part.model_fields.items()) + ALSO_KNOWN.get(part, ())


def literals(model: type[BaseModel], loc: Loc) -> tuple[str, ...]:
    """The values that may stand at `loc`, where they can be listed."""

    def search(annotation: Any) -> tuple[str, ...]:
        if get_origin(annotation) is Literal:
            return tuple(str(value) for value in get_args(annotation))
        return next((found for argument in get_args(annotation) if (found := search(argument))), ())

    return search(_annotation(model, loc))

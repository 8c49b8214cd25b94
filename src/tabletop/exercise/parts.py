"""What every model of the exercise file shares: strictness, ids and texts."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainValidator, Strict, StringConstraints, ValidationInfo, WithJsonSchema

from tabletop.text import Text as Text

from .parameters import fault_in, fill, fill_all
from .reading import Fault, Reading, faulty, names_a


class Part(BaseModel):
    """A part of an exercise file: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
"""An id: lower-case letters, digits and hyphens, unique among its kind in the file."""

RoleId = Annotated[Slug, names_a("role")]
ObjectiveId = Annotated[Slug, names_a("objective")]
PhaseId = Annotated[Slug, names_a("phase")]
SiteId = Annotated[Slug, names_a("site")]
InjectId = Annotated[Slug, names_a("inject")]
AskId = Annotated[Slug, names_a("ask")]
ActionId = Annotated[Slug, names_a("action")]
ProhibitedId = Annotated[Slug, names_a("prohibited")]
ParameterName = Annotated[Slug, names_a("parameter")]
ClauseId = Annotated[str, names_a("clause")]

Truth = Annotated[bool, Strict()]
"""`true` or `false`; `yes` and `no` are text."""

WholeNumber = Annotated[int, Strict()]

LANGUAGE_TAG = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$"

_TAG = re.compile(LANGUAGE_TAG)


def _words(value: object, info: ValidationInfo) -> Text:
    """A text or language map, checked and filled in as the reading says."""
    reading = info.context if isinstance(info.context, Reading) and not info.context.verbatim else None
    if isinstance(value, str):
        if reading is None or ("{" not in value and "}" not in value and value and not value.isspace()):
            return value
        if reading.names is not None:
            _check(value, reading)
        return fill_all(value, reading.parameters, reading.languages)
    if not isinstance(value, dict):
        faulty(Fault("problems.text-unquoted" if isinstance(value, (bool, int, float)) else "problems.text"))
    if reading is None:
        return _plain_map(value)
    kept = {}
    for language in reading.languages:
        said = value.get(language)
        if not isinstance(said, str) or not said or said.isspace():
            break
        if "{" in said or "}" in said:
            if reading.names is not None and fault_in(said, reading.parameters):
                break
            said = fill(said, reading.parameters, language)
        kept[language] = said
    return kept if kept and len(kept) == len(value) == len(reading.languages) else _language_map(value, reading)


def _plain_map(value: dict[Any, Any]) -> dict[str, str]:
    if not value or not all(isinstance(part, str) for pair in value.items() for part in pair):
        faulty(Fault("problems.text"))
    return dict(value)


def _language_map(value: dict[str, Any], reading: Reading) -> Text:
    """A language map that needs a closer look: a language too few or too many, an odd value, a placeholder."""
    if reading.names is not None:
        faults = []
        missing = [language for language in reading.languages if language not in value]
        if missing or not value:
            faults.append(Fault("problems.languages-missing", {"missing": missing or reading.languages}))
        for language, said in value.items():
            if language not in reading.languages and not (_TAG.fullmatch(language) and isinstance(said, str)):
                faults.append(Fault("problems.unknown-language", {"given": language, "known": reading.languages}, (language,), of_key=True))
            elif not isinstance(said, str):
                unquoted = isinstance(said, (bool, int, float))
                faults.append(Fault("problems.text-unquoted" if unquoted else "problems.text", steps=(language,)))
            elif fault := _fault(said, reading):
                faults.append(fault._replace(steps=(language,)))
        if faults:
            faulty(*faults)
    order = sorted(value, key=lambda language: reading.languages.index(language) if language in reading.languages else len(value))
    return fill_all({language: value[language] for language in order}, reading.parameters, reading.languages)


def _fault(text: str, reading: Reading) -> Fault | None:
    if not text or text.isspace():
        return Fault("problems.empty-text")
    if found := fault_in(text, reading.parameters):
        code, given = found
        return Fault(code, {"given": given, "known": reading.parameters.keys()})
    return None


def _check(text: str, reading: Reading) -> None:
    if fault := _fault(text, reading):
        faulty(fault)


TEXT_SCHEMA: dict[str, Any] = {"part": "Text"}
"""Stands in the models' JSON Schema for what schema.py says about texts."""

Words = Annotated[Text, PlainValidator(_words), WithJsonSchema(TEXT_SCHEMA)]
"""A text for people: one string, or a map of languages."""


class Titled(Part):
    """An id and what people read in its place."""

    id: Slug
    title: Words

"""JSON Schema of exercise and deck files, for editors: completion, descriptions and most of what is checked.

Worked out from the models; what a file may say and the models never see (`use`, `overlays`) is added here. Refuses to
own: correctness. The loader has the last word, and `tabletop check` is how to hear it.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import BaseModel

from . import asks, conditions, injects, model, parts
from .asks import WITH_OPTIONS
from .model import SUBJECTS, Deck, Exercise
from .parts import LANGUAGE_TAG

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What editors' YAML support knows best."""

SLUG = "^[a-z0-9][a-z0-9-]*$"

DURATION = r"^((?=[0-9])([0-9]{1,6}h)?([0-9]{1,6}m)?([0-9]{1,6}s)?|[0-9]{1,3}:[0-5][0-9]:[0-5][0-9]|\{[a-z0-9][a-z0-9-]*\})$"

_LANGUAGE_MAP: Schema = {
    "type": "object",
    "description": "The text in each language of the file.",
    "properties": {language: {"type": "string", "minLength": 1} for language in ("en", "zh-Hans", "zh-Hant")},
    "propertyNames": {"pattern": LANGUAGE_TAG},
    "additionalProperties": {"type": "string", "minLength": 1},
    "minProperties": 1,
}

_SHARED: dict[str, Schema] = {
    "Text": {
        "description": "A text for people: one string, or a map of languages. {name} stands for a parameter; {{ and }} are braces.",
        "anyOf": [{"type": "string", "minLength": 1}, _LANGUAGE_MAP],
    },
    "Duration": {
        "description": "A duration with units, like 90s, 3m, 1h05m, or 0:03:00; or {name} of a parameter.",
        "type": "string",
        "pattern": DURATION,
        "examples": ["90s", "3m", "1h05m"],
    },
    "With": {
        "description": "What stands in the deck's slots: ids of roles and objectives.",
        "type": "object",
        "additionalProperties": {"type": "string", "pattern": SLUG},
    },
    "Overlay": {
        "description": "A deck whose injects are added together; their times count from `at`.",
        "type": "object",
        "properties": {
            "use": {"type": "string", "pattern": SLUG, "description": "The deck."},
            "at": {"$ref": "#/$defs/Duration"},
            "with": {"$ref": "#/$defs/With"},
            "id": {"type": "string", "pattern": SLUG, "description": "Put before the ids of its injects, asks and actions."},
        },
        "required": ["use", "at"],
        "additionalProperties": False,
    },
}


def exercise_schema() -> Schema:
    """JSON Schema of an exercise file."""
    schema = _finished(Exercise, "A tabletop exercise, format 1.")
    inject = schema["$defs"]["Inject"]
    use: Schema = {
        "description": "An inject of a deck. A key beside `use` replaces that key.",
        "type": "object",
        "properties": {
            "use": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*$", "description": "DECK/ID"},
            "with": {"$ref": "#/$defs/With"},
            **inject["properties"],
        },
        "required": ["use"],
        "additionalProperties": False,
    }
    schema["$defs"] |= {"Use": use, "With": _SHARED["With"], "Overlay": _SHARED["Overlay"]}
    schema["properties"]["injects"]["items"] = {"anyOf": [{"$ref": "#/$defs/Inject"}, {"$ref": "#/$defs/Use"}]}
    schema["properties"]["overlays"] = {
        "description": "Decks that are taken whole.",
        "type": "array",
        "items": {"$ref": "#/$defs/Overlay"},
    }
    inject["oneOf"] = [{"required": ["at"]}, {"required": ["after"]}]
    return schema


def deck_schema() -> Schema:
    """JSON Schema of a file of injects to be used by exercises."""
    schema = _finished(Deck, "A deck of injects for exercises to use, format 1.")
    schema["$defs"]["Inject"]["not"] = {"required": ["at", "after"]}
    return schema


def written(schema: Schema) -> str:
    """The schema as its file has it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(exercises: Path, injects: Path) -> None:
    """Writes both schemas beside the files that name them."""
    for path, schema in ((exercises / "exercise.schema.json", exercise_schema()), (injects / "deck.schema.json", deck_schema())):
        path.write_text(written(schema), encoding="utf-8", newline="\n")


def _finished(root: type[BaseModel], description: str) -> Schema:
    """A model's schema with our descriptions, references to the shared parts, and what pydantic cannot know."""
    schema: Schema = _simplified(root.model_json_schema(by_alias=True))
    definitions: dict[str, Schema] = schema.pop("$defs")
    for name, part in [(root.__name__, schema), *definitions.items()]:
        for key, text in _descriptions().get(name, {}).items():
            if key in part.get("properties", {}):
                part["properties"][key] = {"description": text, **part["properties"][key]}
    definitions |= {name: _SHARED[name] for name in ("Text", "Duration")}
    definitions["Inject"]["properties"]["acknowledge"] = {
        "description": "Addressed roles confirm receipt: `true` is within two minutes.",
        "anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/Acknowledge"}],
    }
    definitions["ParameterIs"]["properties"]["is"]["items"] = {"type": ["string", "number"]}
    definitions["Parameter"]["required"] = ["default"]
    definitions["Ask"]["allOf"] = [
        {"if": {"properties": {"answer": {"enum": sorted(WITH_OPTIONS)}}, "required": ["answer"]}, "then": {"required": ["options"]}},
        {"if": {"properties": {"answer": {"const": "report"}}, "required": ["answer"]}, "then": {"required": ["elements"]}},
    ]
    schema["properties"]["parameters"]["additionalProperties"] = False
    if root is Exercise:
        schema["properties"]["subject"]["examples"] = list(SUBJECTS)
    return {"$schema": DRAFT, **schema, "description": description, "$defs": dict(sorted(definitions.items()))}


def _simplified(schema: Any, *, names: bool = False) -> Any:
    """A schema without titles and empty defaults (editors would type them), its placeholders references. In a map of `names` nothing is
    a keyword."""
    if isinstance(schema, list):
        return [_simplified(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if not names and "part" in schema:
        return {"$ref": f"#/$defs/{schema['part']}"}
    return {
        key: _simplified(part, names=not names and key in ("properties", "$defs"))
        for key, part in schema.items()
        if names or not ((key == "title" and isinstance(part, str)) or (key == "default" and not isinstance(part, (str, int, float))))
    }


@cache
def _descriptions() -> dict[str, dict[str, str]]:
    """The docstring of every field of every model, by the key that files use."""
    return {name: dict(fields) for module in (parts, asks, conditions, injects, model) for name, fields in _documented(module)}


def _documented(module: ModuleType) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for part in ast.parse(inspect.getsource(module)).body:
        if isinstance(part, ast.ClassDef):
            fields = getattr(getattr(module, part.name), "model_fields", {})
            yield (
                part.name,
                [
                    (fields[field.target.id].alias or field.target.id, " ".join(text.value.value.split()))
                    for field, text in zip(part.body, part.body[1:], strict=False)
                    if isinstance(field, ast.AnnAssign)
                    and isinstance(field.target, ast.Name)
                    and field.target.id in fields
                    and isinstance(text, ast.Expr)
                    and isinstance(text.value, ast.Constant)
                    and isinstance(text.value.value, str)
                ],
            )

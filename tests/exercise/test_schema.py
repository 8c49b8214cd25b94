"""The schemas for editors: what is shipped is what the code makes, and it says what the loader says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tabletop.exercise.model import Exercise
from tabletop.exercise.parts import Part
from tabletop.exercise.schema import deck_schema, exercise_schema, written
from tabletop.exercise.source import parse
from tests.exercise.samples import BAD, SMALL
from tests.exercise.test_decks import DECK, OVERLAY, USE
from tests.exercise.test_loading import EVERYTHING

ROOT = Path(__file__).parents[2]

EXERCISE = Draft7Validator(exercise_schema())
DECKS = Draft7Validator(deck_schema())


def data(text: str) -> Any:
    source = parse(text, Path("x"))
    assert source.problems == ()
    return source.data


def test_the_shipped_schemas_are_what_the_code_makes() -> None:
    assert (ROOT / "exercises" / "exercise.schema.json").read_text("utf-8") == written(exercise_schema())
    assert (ROOT / "injects" / "deck.schema.json").read_text("utf-8") == written(deck_schema())


def test_the_schemas_are_schemas() -> None:
    Draft7Validator.check_schema(exercise_schema())
    Draft7Validator.check_schema(deck_schema())


@pytest.mark.parametrize(
    "path", [*sorted((ROOT / "exercises").glob("*.yaml")), *sorted((ROOT / "injects").glob("*.yaml"))], ids=lambda path: str(path.stem)
)
def test_the_shipped_files_are_valid_and_name_their_schema(path: Path) -> None:
    text = path.read_text("utf-8")
    deck = path.parent.name == "injects"
    assert text.startswith(f"# yaml-language-server: $schema={'deck' if deck else 'exercise'}.schema.json\n")
    assert list((DECKS if deck else EXERCISE).iter_errors(data(text))) == []


@pytest.mark.parametrize(
    "text", [SMALL, EVERYTHING, SMALL + USE, SMALL + "overlays: [{use: dark, at: 5m, id: x}]\n", SMALL + "  - {use: a/b, cue: null}\n"]
)
def test_what_loads_is_valid(text: str) -> None:
    assert list(EXERCISE.iter_errors(data(text))) == []


@pytest.mark.parametrize("text", [DECK, OVERLAY])
def test_decks_that_load_are_valid(text: str) -> None:
    assert list(DECKS.iter_errors(data(text))) == []


SEEN_BY_EDITORS = (
    "acknowledge", "at-two-fields", "bad-id", "bad-kind", "bad-language", "condition-empty", "condition-key", "condition-no-form",
    "condition-state", "condition-text", "duration-number", "duration-order", "duration-two-fields", "duration-words", "empty-map",
    "empty-text", "format-text", "language-case", "language-number", "missing-in-inject", "missing-keys", "newer-format", "no-elements",
    "no-injects", "no-is-text", "no-options", "no-time", "number-no-number", "number-range", "overlay-keys", "parameter-name",
    "parameter-no-default", "role-no-map", "roles-no-list", "title-list", "title-number", "two-times", "unknown-key", "unknown-key-far",
    "unknown-key-inside", "unquoted-version", "use-form", "use-unknown-key", "weight-zero",
)  # fmt: skip


@pytest.mark.parametrize("name", SEEN_BY_EDITORS)
def test_editors_see_what_a_schema_can_see(name: str) -> None:
    text = (BAD / f"{name}.yaml").read_text("utf-8")
    assert list(EXERCISE.iter_errors(data(text)))


def test_every_key_of_an_inject_and_a_role_is_described() -> None:
    schema = exercise_schema()
    for name in ("Inject", "Role", "Ask", "ExpectedAction"):
        properties = schema["$defs"][name]["properties"]
        silent = [
            key
            for key, part in properties.items()
            if "description" not in part and key not in ("id", "title", "clause", "objective", "question", "live_standard")
        ]
        assert silent == [], name


def test_every_model_is_in_the_schema() -> None:
    models = {part.__name__ for part in Part.__subclasses__() if part.__module__.startswith("tabletop.exercise.")} - {"Exercise", "Deck"}
    assert models <= set(exercise_schema()["$defs"])


def test_the_needed_keys_are_those_of_the_format() -> None:
    needed = {
        "format",
        "id",
        "title",
        "version",
        "languages",
        "subject",
        "duration",
        "summary",
        "setting",
        "roles",
        "objectives",
        "injects",
    }
    assert set(exercise_schema()["required"]) == needed
    assert json.loads(written(exercise_schema())) == exercise_schema()
    assert set(exercise_schema()["properties"]) - {"overlays"} == set(Exercise.model_fields)

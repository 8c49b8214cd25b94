"""Parameters: values an author leaves open, and the placeholders they are put into.

Owns: what `{name}` means in a text and as a whole duration, and what value each kind of parameter takes. Refuses to
own: where texts stand, and which values a run chooses.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tabletop.text import Text, clean, localise

from .durations import seconds_of

LONGEST_VALUE = 500
"""Characters of a value; texts may name it thousands of times."""

KINDS = ("text", "number", "duration", "choice")

_BRACES = re.compile(r"(?:\{\{)+|(?:\}\})+|\{([^{}\n]*)\}|[{}]")


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter stands for in one run."""

    kind: str
    text: Text
    """As a text shows it."""
    seconds: int | None = None
    """Of a duration."""
    options: tuple[str, ...] = ()
    """Of a choice: what it may be."""


Values = Mapping[str, Value]


def placeholders_in(text: str) -> Iterator[str]:
    """Every name a text has between single braces, known or not."""
    if "{" in text:
        yield from (found[1] for found in _BRACES.finditer(text) if found[1] is not None)


def fault_in(text: str, names: Container[str]) -> tuple[str, str] | None:
    """Code and name of the first placeholder that cannot be filled; None where all can."""
    for found in _BRACES.finditer(text):
        if found[1] is not None and found[1] not in names:
            return "problems.placeholder-unknown", found[1]
        if len(found[0]) == 1:
            return "problems.brace", found[0]
    return None


def fill(text: str, values: Values, language: str) -> str:
    """A text with the parameters' values in one language; names without a value stay as they are written."""

    def put(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0][: (len(found[0]) + 1) // 2]
        value = values.get(found[1])
        return found[0] if value is None else localise(value.text, language)

    return _BRACES.sub(put, text)


def fill_all(text: Text, values: Values, languages: Iterable[str]) -> Text:
    """A text or language map with the values put in. One string becomes a map where a value differs between `languages`."""
    if isinstance(text, dict):
        return {language: fill(said, values, language) for language, said in text.items()}
    if any(isinstance(values[name].text, dict) for name in placeholders_in(text) if name in values):
        return {language: fill(text, values, language) for language in languages}
    return fill(text, values, "")


def filled_data(data: object, values: Values, languages: Iterable[str], language: str = "") -> object:
    """Plain data of a file with the values put into every string, whatever it is: ids and names have no braces."""
    if isinstance(data, dict):
        return {key: filled_data(part, values, languages, key if key in languages else language) for key, part in data.items()}
    if isinstance(data, list):
        return [filled_data(part, values, languages, language) for part in data]
    if not isinstance(data, str) or ("{" not in data and "}" not in data):
        return data
    return fill(data, values, language) if language else fill_all(data, values, languages)


def shown(number: float) -> str:
    """A number as a text shows it: without a fraction where there is none."""
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def value_of(kind: str, raw: object) -> Value | None:
    """The value that a file's `default`, or a run's choice, stands for; None where it is not of that kind."""
    if kind == "duration":
        seconds = seconds_of(raw) if isinstance(raw, str) else None
        return None if seconds is None else Value(kind, str(raw), seconds)
    if kind == "number":
        return Value(kind, shown(raw)) if isinstance(raw, (int, float)) and not isinstance(raw, bool) else None
    if isinstance(raw, str):
        return Value(kind, raw) if len(raw) <= LONGEST_VALUE else None
    if (
        kind == "text"
        and isinstance(raw, dict)
        and raw
        and all(isinstance(said, str) and len(said) <= LONGEST_VALUE for said in raw.values())
    ):
        return Value(kind, {str(language): said for language, said in raw.items()})
    return None


def longest_of(values: Values) -> int:
    """Characters of the longest value in any language."""
    texts = [text for value in values.values() for text in (value.text.values() if isinstance(value.text, dict) else (value.text,))]
    return max(map(len, texts), default=0)


_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def typed(kind: str, raw: object) -> object:
    """A value as somebody typed it, in the form a file would give it: `"5"` for a number is 5."""
    if not isinstance(raw, str):
        return raw
    text = clean(raw).strip()
    if kind == "number" and (number := _NUMBER.fullmatch(text)):
        return float(text) if number[1] else int(text)
    return text


def values_of(parameters: object) -> dict[str, Value]:
    """The values of a file's `parameters:`, whatever shape they are in; what is not usable gets an empty text."""
    if not isinstance(parameters, dict):
        return {}
    values = {}
    for name, parameter in parameters.items():
        raw = parameter if isinstance(parameter, dict) else {}
        kind = raw.get("kind", "text")
        kind = kind if kind in KINDS else "text"
        value = value_of(kind, raw.get("default")) or Value(kind, "", 0 if kind == "duration" else None)
        options = raw.get("options") if kind == "choice" else None
        values[str(name)] = replace(value, options=tuple(map(str, options))) if isinstance(options, list) else value
    return values

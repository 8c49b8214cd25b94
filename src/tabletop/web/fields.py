"""What stands in the fields of a form: typed and refused, typed and not sent, or recorded; and an answer out of a form.

Owns: the names of fields, what a draft says. Refuses to own: what an answer may be (engine), whose a draft is (`drafts`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import FormData

from tabletop.engine.events import AnswerValue
from tabletop.engine.views import SeatAsk
from tabletop.errors import Refused
from tabletop.text import clean, number_text, typed_number

LONGEST_KEY = 200
"""Characters of the name of a form at most."""

MOST_DRAFTS = 200
"""Drafts of one seat at most: no page has so many forms."""

MOST_MINUTES = 24 * 60
"""Minutes until a next report at most."""

MINUTE_MS = 60_000

BESIDE = frozenset({"once", "part", "first", "open"})
"""Fields that are no part of what a form says: its name, whose it is, what was chosen by itself, whose panel is open beside it."""

UNSAVED = BESIDE | {"key", "ask", "inject", "message"}
"""Fields that nobody types."""

CHOSEN_BY_ITSELF = frozenset({"role"})
"""Fields that always have a value: one alone is a draft only where it is not that which the form came with, its `first`."""


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of a form by field."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    typed: bool = False
    """Whether somebody typed them and they are not recorded."""

    def one(self, name: str) -> str:
        """The value of a field; empty where it has none."""
        values = self.values.get(name, ())
        return values[0] if values else ""

    def has(self, name: str, value: str) -> bool:
        """Whether a box or an option is chosen."""
        return value in self.values.get(name, ())


EMPTY = Fields()


def fields_of(form: FormData) -> Fields:
    """What was sent, cleaned."""
    values: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            values.setdefault(name, []).append(clean(value))
    return Fields(values, typed=True)


def kept(fields: Fields) -> str:
    """The fields as a draft is kept; empty where nothing is typed."""
    typed = [(name, value) for name, values in fields.values.items() if name not in UNSAVED for value in values if value]
    first = fields.one("first")
    chosen = bool(first) and fields.one("role") not in ("", first)
    return urlencode(typed) if chosen or {name for name, _ in typed} - CHOSEN_BY_ITSELF else ""


def of_draft(text: str) -> Fields:
    """The fields of a draft."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    return Fields(values, typed=True)


def said(draft: str, fields: Fields) -> bool:
    """Whether nothing stands in a draft but what was sent."""
    return all(fields.has(name, value) for name, values in of_draft(draft).values.items() for value in values)


def name_of(path: str, fields: Fields) -> str:
    """The name of what a form says that is sent to a path: the same when it is sent again, another once anything else stands in it. Empty
    where it has none."""
    token = fields.one("once")[:64]
    said = urlencode([(name, value) for name, values in sorted(fields.values.items()) if name not in BESIDE for value in values])
    return f"{token} {hashlib.sha256(f'{path}?{said}'.encode()).hexdigest()}" if token else ""


def answer_key(ask: str, role: str) -> str:
    """The name of the form with which a role answers an ask."""
    return f"answer.{ask}.{role}"


def of_answer(ask: SeatAsk, role: str) -> Fields:
    """The fields of the answer that stands; without when the next report comes, which was said of another moment."""
    own = next((answer for answer in ask.mine if answer.role == role), None)
    if own is None:
        return EMPTY
    values: dict[str, Sequence[str]] = {"rationale": [own.rationale], "reporter": [own.person]}
    match own.value:
        case bool():
            pass
        case tuple() if ask.answer == "order":
            values |= {f"place.{option}": [str(place)] for place, option in enumerate(own.value, start=1)}
        case tuple():
            values["value"] = own.value
        case dict():
            values |= {f"element.{element}": [text] for element, text in own.value.items()}
        case float():
            values["value"] = [number_text(own.value)]
        case str():
            values["value"] = [own.value]
    return Fields(values)


def value_of(ask: SeatAsk, fields: Fields) -> AnswerValue:
    """The answer that a form gives. Raises Refused where it gives none, or two options have one place."""
    match ask.answer:
        case "choice" | "choices":
            chosen = tuple(fields.values.get("value", ()))
            if not chosen:
                raise Refused("web.choose-one")
            return chosen
        case "order":
            places = {option.id: fields.one(f"place.{option.id}") for option in ask.options}
            if sorted(places.values()) != sorted(str(place) for place in range(1, len(places) + 1)):
                raise Refused("web.order-twice")
            return tuple(sorted(places, key=lambda option: int(places[option])))
        case "text":
            if not fields.one("value").strip():
                raise Refused("web.nothing-typed")
            return fields.one("value")
        case "number":
            return number_of(fields.one("value"))
        case "confirm":
            return True
        case "report":
            stated = {element.id: fields.one(f"element.{element.id}") for element in ask.elements}
            if not any(text.strip() for text in stated.values()):
                raise Refused("web.nothing-typed")
            return {name: text for name, text in stated.items() if text.strip()}


def number_of(typed: str) -> float:
    """The number that somebody typed. Raises Refused where it is none, with how one is written."""
    number = typed_number(typed)
    if number is None:
        raise Refused("web.not-a-number")
    return number


def next_report_ms(ask: SeatAsk, fields: Fields) -> int | None:
    """In how many milliseconds the next report is promised; None where nobody said. Raises Refused."""
    typed = fields.one("next")
    if ask.answer != "report" or not typed.strip():
        return None
    minutes = number_of(typed)
    if not 0 < minutes <= MOST_MINUTES:
        raise Refused("web.not-a-number")
    return round(minutes * MINUTE_MS)

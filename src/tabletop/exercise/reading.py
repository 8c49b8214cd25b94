"""What texts, durations and references are read against: the languages promised, the parameters, the names known.

Handed to pydantic as its validation context, so that a value is checked and filled in where it is read. Without one
(values made by code) nothing but the shape is checked.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from pydantic import AfterValidator, ValidationInfo
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from .parameters import Values


class Fault(NamedTuple):
    """Something wrong with the value being read, or, with `steps`, with a part of it; with `of_key`, with that part's key."""

    code: str
    values: Mapping[str, object] = {}
    steps: tuple[str | int, ...] = ()
    of_key: bool = False


FAULTS = "faults"
"""The error type under which faults travel through pydantic."""


class Faults(tuple[Fault, ...]):
    """Faults that pydantic need not write out: it would do so for every one, with every name they know."""

    def __repr__(self) -> str:
        return FAULTS


def faulty(*faults: Fault) -> NoReturn:
    """Ends the reading of a value with one or more faults."""
    raise PydanticCustomError(FAULTS, FAULTS, {FAULTS: Faults(faults)})


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is to be read."""

    languages: tuple[str, ...] = ()
    """What every language map must have; also the order in which maps are kept."""
    parameters: Values = field(default_factory=dict)
    """The value of every parameter, by name."""
    names: Mapping[str, Container[str]] | None = None
    """Ids of each kind (`role`, `inject`, ...); None where the file was checked before."""
    options: Mapping[str, Container[str]] = field(default_factory=dict)
    """Option ids of each ask."""
    verbatim: bool = False
    """Texts are what somebody typed: no placeholders, no language that must be there."""


class Anything(Container[str]):
    """Holds every name: for what only the exercise knows that takes a deck inject."""

    def __contains__(self, name: object) -> bool:
        return True


def unknown_name(code: str, name: str, known: Container[str], *steps: str | int) -> Fault:
    """The fault of a name that `known` does not hold."""
    return Fault(code, {"given": name, "known": known if isinstance(known, Iterable) else ()}, steps)


def names_a(kind: str) -> AfterValidator:
    """Checks that an id names a `kind` of the file."""

    def check(name: str, info: ValidationInfo) -> str:
        reading = info.context
        if isinstance(reading, Reading) and reading.names is not None and name not in reading.names[kind]:
            faulty(unknown_name(f"problems.no-{kind}", name, reading.names[kind]))
        return name

    return AfterValidator(check)

"""Conditions of paths (`when`) and contingencies (`cue`): what a file may say, not whether it holds."""

from __future__ import annotations

from collections.abc import Container
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, ValidationInfo

from .durations import Duration
from .parameters import shown
from .parts import ActionId, AskId, InjectId, ParameterName, Part, ProhibitedId, Slug
from .reading import Anything, Reading, faulty, unknown_name

ActionState = Literal["done", "partial", "missed", "not_observed", "not_applicable"]
"""What can be recorded of an expected action; `done` also holds for actions done after a hint or by another role."""


def _options(options: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    reading, ask = info.context, info.data.get("answer")
    if isinstance(reading, Reading) and reading.names is not None and isinstance(ask, str):
        _known("problems.no-option", options, reading.options.get(ask, Anything()))
    return options


def _choices(values: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    reading, name = info.context, info.data.get("parameter")
    if isinstance(reading, Reading) and reading.names is not None and isinstance(name, str):
        value = reading.parameters.get(name)
        _known("problems.no-choice", values, (value and value.options) or Anything())
    return values


def _known(code: str, given: tuple[str, ...], known: Container[str]) -> None:
    if faults := [unknown_name(code, name, known, at) for at, name in enumerate(given) if name not in known]:
        faulty(*faults)


def _value(value: object) -> object:
    return shown(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


class Released(Part):
    """An inject has been released."""

    released: InjectId


class Answered(Part):
    """The standing answer of any role to an ask has one of the options."""

    answer: AskId
    is_: Annotated[tuple[Slug, ...], AfterValidator(_options)] = Field(alias="is", min_length=1)


class ActionIs(Part):
    """An expected action has a recorded state."""

    action: ActionId
    state: ActionState


class NotDoneWithin(Part):
    """An expected action is not done that long after its inject was read; false before the release."""

    action: ActionId
    not_done_within: Duration


class Breached(Part):
    """A prohibited act was recorded."""

    breach: ProhibitedId


class Elapsed(Part):
    """The exercise clock has reached a time."""

    elapsed: Duration


class ParameterIs(Part):
    """A parameter of this run has one of the values."""

    parameter: ParameterName
    is_: Annotated[tuple[Annotated[str, BeforeValidator(_value)], ...], AfterValidator(_choices)] = Field(alias="is", min_length=1)


class Every(Part):
    """All of them hold."""

    all: tuple[Condition, ...] = Field(min_length=1)


class Some(Part):
    """At least one of them holds."""

    any: tuple[Condition, ...] = Field(min_length=1)


class Not(Part):
    """It does not hold."""

    not_: Condition = Field(alias="not")


FORMS: dict[str, type[Part]] = {
    "released": Released,
    "answer": Answered,
    "not_done_within": NotDoneWithin,
    "action": ActionIs,
    "breach": Breached,
    "elapsed": Elapsed,
    "parameter": ParameterIs,
    "all": Every,
    "any": Some,
    "not": Not,
}
"""The keys that tell the forms of a condition apart, in the order in which they are looked for."""


def _form(value: object) -> str | None:
    """The tag of a condition's form; tags are no keys of any file, so that a path of keys can be told from them."""
    if isinstance(value, Part):
        return next((f"<{key}>" for key, form in FORMS.items() if isinstance(value, form)), None)
    return next((f"<{key}>" for key in FORMS if key in value), None) if isinstance(value, dict) else None


Condition = Annotated[
    Annotated[Released, Tag("<released>")]
    | Annotated[Answered, Tag("<answer>")]
    | Annotated[NotDoneWithin, Tag("<not_done_within>")]
    | Annotated[ActionIs, Tag("<action>")]
    | Annotated[Breached, Tag("<breach>")]
    | Annotated[Elapsed, Tag("<elapsed>")]
    | Annotated[ParameterIs, Tag("<parameter>")]
    | Annotated[Every, Tag("<all>")]
    | Annotated[Some, Tag("<any>")]
    | Annotated[Not, Tag("<not>")],
    Discriminator(_form, custom_error_type="condition_form", custom_error_message="no form of a condition"),
]

for _class in (Every, Some, Not):
    _class.model_rebuild()

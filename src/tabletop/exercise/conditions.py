"""Conditions of paths (`when`) and contingencies (`cue`): what a file may say, not whether it holds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from .durations import Duration
from .parts import Part, Slug

ActionState = Literal["done", "partial", "missed", "not_observed", "not_applicable"]
"""What can be recorded of an expected action; `done` also holds for actions done after a hint or by another role."""


class Released(Part):
    """An inject has been released."""

    released: Slug


class Answered(Part):
    """The standing answer of any role to an ask has one of the options."""

    answer: Slug
    is_: tuple[Slug, ...] = Field(alias="is", min_length=1)


class ActionIs(Part):
    """An expected action has a recorded state."""

    action: Slug
    state: ActionState


class NotDoneWithin(Part):
    """An expected action is not done that long after its inject was read; false before the release."""

    action: Slug
    not_done_within: Duration


class Breached(Part):
    """A prohibited act was recorded."""

    breach: Slug


class Elapsed(Part):
    """The exercise clock has reached a time."""

    elapsed: Duration


class ParameterIs(Part):
    """A parameter of this run has one of the values."""

    parameter: Slug
    is_: tuple[str, ...] = Field(alias="is", min_length=1)


class Every(Part):
    """All of them hold."""

    all: tuple[Condition, ...] = Field(min_length=1)


class Some(Part):
    """At least one of them holds."""

    any: tuple[Condition, ...] = Field(min_length=1)


class Not(Part):
    """It does not hold."""

    not_: Condition = Field(alias="not")


FORMS = ("released", "answer", "not_done_within", "action", "breach", "elapsed", "parameter", "all", "any", "not")
"""The keys that tell the forms of a condition apart, in the order in which they are looked for."""


def _form(value: Any) -> str | None:
    if isinstance(value, Part):
        return type(value).__name__
    if not isinstance(value, dict):
        return None
    return next((form for form in FORMS if form in value), None)


Condition = Annotated[
    Annotated[Released, Tag("released")]
    | Annotated[Answered, Tag("answer")]
    | Annotated[NotDoneWithin, Tag("not_done_within")]
    | Annotated[ActionIs, Tag("action")]
    | Annotated[Breached, Tag("breach")]
    | Annotated[Elapsed, Tag("elapsed")]
    | Annotated[ParameterIs, Tag("parameter")]
    | Annotated[Every, Tag("all")]
    | Annotated[Some, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(_form, custom_error_type="condition_form", custom_error_message="no form of a condition"),
]

for _class in (Every, Some, Not):
    _class.model_rebuild()

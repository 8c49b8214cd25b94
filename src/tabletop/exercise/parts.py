"""What every model of the exercise file shares: strictness, ids and texts."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from tabletop.text import Text as Text


class Part(BaseModel):
    """A part of an exercise file: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, hide_input_in_errors=True)


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
"""An id: lower-case letters, digits and hyphens, unique among its kind in the file."""

Words = Annotated[Text, Field(union_mode="left_to_right")]
"""A text for people: one string, or a map of languages."""


class Titled(Part):
    """An id and what people read in its place."""

    id: Slug
    title: Words

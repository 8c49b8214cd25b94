"""Why something is as it is: a code with values, worded where it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Because:
    """A reason that can be worded in any language.

    The name of a value says what it is: `..._ms` milliseconds, `role`, `action`, `inject`, `objective`, `ask`, `prohibited`
    ids of the exercise, `n` a number that decides between one and many, `state`, `how`, `pace` and the like codes.
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)


def because(code: str, **values: Value) -> Because:
    """A `Because` with its values by name."""
    return Because(code, values)

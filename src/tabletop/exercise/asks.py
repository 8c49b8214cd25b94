"""Asks: the prompts an inject puts to roles, and what an answer brings about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from .durations import Duration
from .parts import ActionId, Part, ProhibitedId, RoleId, Slug, Titled, Words

AnswerType = Literal["choice", "choices", "order", "text", "number", "confirm", "report"]
"""How an ask is answered: one option, several, all in order, words, a number, a plain yes, or the elements of a report."""

WITH_OPTIONS: frozenset[AnswerType] = frozenset({"choice", "choices", "order"})
"""Answer types that need `options`."""


class Option(Part):
    """One way to answer, and its consequence."""

    id: Slug
    text: Words
    does: tuple[ActionId, ...] = ()
    """Expected actions that this answer marks as done, with the time of the answer."""
    misses: tuple[ActionId, ...] = ()
    """Expected actions that this answer proposes as missed."""
    breaks: tuple[ProhibitedId, ...] = ()
    """Prohibited acts that this answer records."""
    acting: RoleId | None = Field(None, alias="for")
    """The role that acts when the answering role only orders it; else the answering role."""


class Ask(Part):
    """A question an inject puts to roles."""

    id: Slug
    to: tuple[RoleId, ...] = ()
    """Who is asked; empty: the roles the inject is addressed to."""
    question: Words
    answer: AnswerType
    """How it is answered."""
    options: tuple[Option, ...] = ()
    """What can be chosen, for choice, choices and order."""
    elements: tuple[Titled, ...] = ()
    """What a complete report states."""
    rationale: Literal["none", "optional", "required"] = "optional"
    """Whether a reason is asked for."""
    within: Duration | None = None
    """Answer window, in seconds from when the inject has been read; left out: no deadline."""

    def option(self, option_id: str) -> Option:
        """The option of that id. Raises KeyError."""
        for option in self.options:
            if option.id == option_id:
                return option
        raise KeyError(option_id)

    def in_order(self, report: Mapping[str, str]) -> dict[str, str]:
        """The elements of a report in the order in which the ask lists them; a log keeps them by id."""
        listed = [element.id for element in self.elements if element.id in report]
        return {element: report[element] for element in dict.fromkeys((*listed, *report))}

"""The exercise: everything a file says, frozen, with parameters already put in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, PlainValidator, Strict, StringConstraints, ValidationInfo, WithJsonSchema, model_validator

from tabletop.text import Text, cells, first_cells, localise

from .asks import Ask
from .durations import Span
from .injects import AlertLevel, ExpectedAction, Inject
from .parameters import value_of
from .parts import LANGUAGE_TAG, TEXT_SCHEMA, InjectId, Part, RoleId, SiteId, Slug, Titled, Truth, WholeNumber, Words
from .reading import Fault, Reading, faulty, unknown_name

Language = Annotated[str, StringConstraints(pattern=LANGUAGE_TAG)]
"""A language tag: `en`, `zh-Hans`, `zh-Hant`."""

SUBJECTS = (
    "hostage",
    "robbery",
    "disorder",
    "fraud",
    "explosive",
    "attack",
    "biochemical",
    "fire",
    "burglary",
    "disaster",
    "network",
    "other",
)
"""Drill subjects (科目) the shelf uses, in the order it lists them; a file may name others."""


class ExerciseType(Part):
    """What sort of exercise it is (R000-01)."""

    mode: Literal["tabletop", "live", "network"] = "tabletop"
    breadth: Literal["single", "comprehensive"] = "single"
    purpose: Literal["test", "demonstration", "research"] = "test"


class RealEmergency(Part):
    """What the emergency screen shows."""

    number: str = Field(min_length=1)
    """Whom to ring."""
    muster: Words | None = None


class Plan(Part):
    """The response plan under test (R000-04, R001-36)."""

    title: Words
    version: str = ""
    clauses: dict[str, Words] = Field(default_factory=dict)


def _default(value: object) -> Text | int | float | None:
    if value is None or (isinstance(value, (str, int, float)) and not isinstance(value, bool)):
        return value
    if isinstance(value, dict) and all(isinstance(part, str) for pair in value.items() for part in pair):
        return dict(value)
    faulty(Fault("problems.default"))


class Parameter(Part):
    """A value the author leaves open: `{name}` in any text."""

    title: Words | None = None
    """How the briefing names it."""
    kind: Literal["text", "number", "duration", "choice"] = "text"
    default: Annotated[
        Text | int | float | None, PlainValidator(_default), WithJsonSchema({"anyOf": [TEXT_SCHEMA, {"type": "number"}]})
    ] = None
    """Its value unless a run says otherwise; in an exercise bound to a run, that run's value."""
    options: tuple[str, ...] = ()
    """What a choice may be."""

    @model_validator(mode="after")
    def _fits(self, info: ValidationInfo) -> Self:
        if isinstance(info.context, Reading) and info.context.names is not None:
            faults = list(self._faults(info.context))
            if faults:
                faulty(*faults)
        return self

    def _faults(self, reading: Reading) -> Iterator[Fault]:
        if self.kind == "choice" and not self.options:
            yield Fault("problems.missing-key", steps=("options",))
        if self.kind != "choice" and self.options:
            yield Fault("problems.options-unwanted", steps=("options",), of_key=True)
        if self.default is None:
            yield Fault("problems.missing-key", steps=("default",))
        elif value_of(self.kind, self.default) is None:
            yield Fault(f"problems.default-{self.kind}", steps=("default",))
        elif self.options and self.default not in self.options:
            yield unknown_name("problems.no-choice", str(self.default), self.options, "default")
        elif isinstance(self.default, dict) and (missing := [name for name in reading.languages if name not in self.default]):
            yield Fault("problems.languages-missing", {"missing": missing}, ("default",))


class Site(Titled):
    """A place that plays (R002-01)."""

    level: Literal["outlet", "sub-branch", "city", "province", "head-office", "external"] = "outlet"


SHORT_CELLS = 6
"""Terminal cells that lines on the console have for the name of a role."""


def _short(text: Text, info: ValidationInfo) -> Text:
    if isinstance(info.context, Reading) and info.context.names is not None:
        said = text if isinstance(text, dict) else {"": text}
        wide = [(language, cells(short)) for language, short in said.items() if cells(short) > SHORT_CELLS]
        if wide:
            faulty(*(Fault("problems.short-too-wide", {"cells": n, "limit": SHORT_CELLS}, (tag,) if tag else ()) for tag, n in wide))
    return text


class Role(Titled):
    """A post that acts in the exercise."""

    duty: Words
    """One line, on the role card."""
    short: Annotated[Words, AfterValidator(_short)] | None = None
    """Six cells at most: how lines on the console name it."""
    number: WholeNumber | None = Field(None, ge=1, le=99)
    """The digit on the name tent, and the key."""
    meanwhile: Words | None = None
    """What it does while nothing is addressed to it."""
    rank: WholeNumber | None = None
    """Its turn in the hot wash, lowest first; left out: file order."""
    site: SiteId | None = None
    """The place it plays at."""
    holders: WholeNumber = Field(1, ge=1, le=2)
    """2: an A and a B person."""
    simulated: Truth = False
    """Played by the control team, not by participants."""

    def short_name(self, language: str) -> str:
        """At most six cells, in `language`."""
        return first_cells(localise(self.short or self.title, language), SHORT_CELLS)


class Objective(Titled):
    """What the exercise is for, and what counts towards the score."""

    weight: Annotated[float, Strict()] = Field(1, gt=0, le=1000)
    """How much it counts beside the others."""
    core: Truth = False
    """Whether the score has to have it covered."""
    lines: tuple[Titled, ...] = ()
    """What an evaluator looks at beside the actions."""


class Indicator(Titled):
    """Measured and reported, never scored (R000-18, R001-03)."""

    unit: str = ""


class ProhibitedAct(Titled):
    """What nobody may do."""

    safety_critical: Truth = False


class Cadence(Part):
    """Situation reports expected while the run lasts (R001-10, R001-16)."""

    id: Slug
    by: RoleId
    every: Span
    """The time from one report to the next, in seconds."""
    after: InjectId | None = None
    """The inject from whose release it counts; left out: STARTEX."""
    title: Words


class Accepted(Part):
    """A lint the author has looked at and keeps."""

    lint: str
    """The code that stands in brackets behind `warning`."""
    on: str
    """The id it is about; the exercise's own where it is about the whole."""
    because: str
    """Why it is right as it is."""


class Exercise(Part):
    """One exercise. Decks are expanded and parameters put in before it is made."""

    format: Literal[1]
    id: Slug
    title: Words
    version: str = Field(min_length=1)
    """The version of this content; kept with every run."""
    languages: tuple[Language, ...] = Field(min_length=1)
    """The languages every text of the file has."""
    subject: Slug
    """The drill subject, by which programmes count."""
    type: ExerciseType = ExerciseType()
    alert: AlertLevel = "none"
    """The alert level at STARTEX."""
    duration: Span
    """From STARTEX to ENDEX, in seconds."""
    handling: Words = Field(default_factory=lambda: {"en": "INTERNAL", "zh-Hans": "内部资料"})
    """The mark on every screen and document."""
    real_emergency: RealEmergency | None = None
    """What the emergency screen shows."""
    summary: Words
    """One paragraph for the library."""
    setting: Words
    """The scene, shown to everybody at STARTEX."""
    plan: Plan | None = None
    parameters: dict[Slug, Parameter] = Field(default_factory=dict)
    """Values left open, each put in for {name}."""
    sites: tuple[Site, ...] = ()
    """Places that play; left out: one room."""
    roles: tuple[Role, ...] = Field(min_length=1)
    objectives: tuple[Objective, ...] = Field(min_length=1)
    phases: tuple[Titled, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    prohibited: tuple[ProhibitedAct, ...] = ()
    cadence: tuple[Cadence, ...] = ()
    injects: tuple[Inject, ...] = Field(min_length=1)
    """What the room is told, in time order."""
    accept: tuple[Accepted, ...] = ()
    """Lints that are meant so."""

    @cached_property
    def role_by_id(self) -> dict[str, Role]:
        return {role.id: role for role in self.roles}

    @cached_property
    def objective_by_id(self) -> dict[str, Objective]:
        return {objective.id: objective for objective in self.objectives}

    @cached_property
    def prohibited_by_id(self) -> dict[str, ProhibitedAct]:
        return {act.id: act for act in self.prohibited}

    @cached_property
    def inject_by_id(self) -> dict[str, Inject]:
        return {inject.id: inject for inject in self.injects}

    @cached_property
    def number_of_role(self) -> dict[str, int]:
        """The digit of each role: its own `number`, else the first free one in file order."""
        taken = {role.number for role in self.roles if role.number is not None}
        free = iter(number for number in range(1, 1000) if number not in taken)
        return {role.id: role.number if role.number is not None else next(free) for role in self.roles}


class Deck(Part):
    """A list of reusable injects."""

    format: Literal[1]
    deck: Slug
    title: Words
    languages: tuple[Language, ...] = Field(min_length=1)
    overlay: Truth = False
    """Taken whole by `overlays`; `at` then counts from the overlay's `at`."""
    slots: dict[Slug, Literal["role", "objective"]] = Field(default_factory=dict)
    """Names that stand where only the exercise knows the role or objective."""
    parameters: dict[Slug, Parameter] = Field(default_factory=dict)
    injects: tuple[Inject, ...] = Field(min_length=1)


def asks_of(injects: tuple[Inject, ...]) -> dict[str, tuple[Inject, Ask]]:
    """Every ask by its id, with the inject that puts it."""
    return {ask.id: (inject, ask) for inject in injects for ask in inject.asks}


def actions_of(injects: tuple[Inject, ...]) -> dict[str, tuple[Inject, ExpectedAction]]:
    """Every expected action by its id, with its inject."""
    return {action.id: (inject, action) for inject in injects for action in inject.expects}

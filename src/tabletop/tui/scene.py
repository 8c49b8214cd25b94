"""What a screen draws from: one run at one moment, in one language.

Owns: what is owed now, and in which order. Refuses to own: how it looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tabletop.engine.plan import Plan
from tabletop.engine.schedule import Line, due, held_wanted, upcoming
from tabletop.engine.standing import Standing, ask_deadline, open_asks, standing, unanswered
from tabletop.engine.state import State
from tabletop.exercise.model import Exercise
from tabletop.words import Words

from .look import inject_title, line, role_name, role_names

SETTLED = frozenset({"done", "partial", "missed", "not_observed", "not_applicable"})
"""States of an expected action that need nobody any more."""


@dataclass(frozen=True, slots=True)
class OwedAsk:
    """A question that some role has not answered."""

    id: str
    inject: str
    question: str
    roles: tuple[str, ...]
    """Who has not answered."""
    asked: int
    """How many were asked."""
    deadline_ms: int | None
    since_ms: int


@dataclass(frozen=True, slots=True)
class OwedAction:
    """An expected action of which nothing is recorded."""

    standing: Standing
    since_ms: int

    @property
    def deadline_ms(self) -> int | None:
        return self.standing.deadline_ms


def _urgency(owed: OwedAsk | OwedAction) -> tuple[bool, int]:
    """Running deadlines before what has none; the oldest first in both."""
    return owed.deadline_ms is None, owed.since_ms if owed.deadline_ms is None else owed.deadline_ms


Owed = tuple[list[OwedAsk], list[OwedAction]]
"""Questions and actions, each the most urgent first."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One run at one moment."""

    exercise: Exercise
    plan: Plan
    state: State
    now_ms: int
    words: Words
    language: str

    def role(self, role_id: str) -> str:
        """Short name of a role."""
        return role_name(self.exercise, role_id, self.language)

    def roles(self, role_ids: tuple[str, ...]) -> str:
        """Short names side by side."""
        return role_names(self.exercise, role_ids, self.language)

    def title(self, inject_id: str) -> str:
        """Title of an inject."""
        return inject_title(self.plan, inject_id, self.language)

    def number(self, inject_id: str) -> int:
        """The number printed on an inject's card: its place in the plan, from 1."""
        return _numbers(self.plan).get(inject_id, 0)

    def person(self, role_id: str) -> str:
        """Who holds a role now; empty where nobody is named."""
        return " / ".join(person.name for person in self.state.people if person.role == role_id and person.left_ms is None)

    def due(self) -> tuple[Line, ...]:
        """Injects that are due, oldest first."""
        return due(self.plan, self.state, self.now_ms)

    def upcoming(self) -> Iterator[Line]:
        """Injects to come, soonest first."""
        return upcoming(self.plan, self.state, self.now_ms)

    def wanted(self) -> tuple[Line, ...]:
        """Held injects that their cues call for."""
        return held_wanted(self.plan, self.state, self.now_ms) if self.state.phase == "running" else ()

    def next_line(self) -> Line | None:
        """What `enter` would release: the oldest due inject, else the next."""
        waiting = self.due()
        return waiting[0] if waiting else next(self.upcoming(), None)

    def owed_asks(self) -> list[OwedAsk]:
        """Open questions that somebody has not answered, the most urgent first."""
        owed = []
        for ask_id in open_asks(self.plan, self.state):
            inject, ask = self.plan.asks[ask_id]
            missing = tuple(role for role in unanswered(self.plan, self.state, ask_id) if self._plays(role))
            if missing:
                since = self.state.inject(inject.id).released_ms or 0
                asked = len(self.plan.addressees(self.state, inject, ask))
                deadline = ask_deadline(self.plan, self.state, ask_id)
                owed.append(OwedAsk(ask_id, inject.id, line(ask.question, self.language), missing, asked, deadline, since))
        return sorted(owed, key=_urgency)

    def owed_actions(self) -> list[OwedAction]:
        """Expected actions of released injects of which nothing is recorded, the most urgent first."""
        owed = []
        for inject_id in self.state.released:
            inject = self.plan.inject_by_id.get(inject_id)
            for action in () if inject is None else inject.expects:
                known = standing(self.plan, self.state, action.id, self.now_ms)
                if known.state in ("open", "no_record", "pending"):
                    owed.append(OwedAction(known, self.state.inject(inject_id).released_ms or 0))
        return sorted(owed, key=_urgency)

    def owed(self) -> Owed:
        """Everything somebody still owes the room."""
        return self.owed_asks(), self.owed_actions()

    def _plays(self, role_id: str) -> bool:
        return self.plan.staffed_by(self.state, role_id) != "nobody"


_NUMBERS: list[tuple[Plan, dict[str, int]]] = []


def _numbers(plan: Plan) -> dict[str, int]:
    for known, numbers in _NUMBERS:
        if known is plan:
            return numbers
    numbers = {inject.id: number for number, inject in enumerate(plan.injects, start=1)}
    _NUMBERS[:] = [(plan, numbers), *_NUMBERS[:1]]
    return numbers

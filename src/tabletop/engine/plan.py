"""The plan of one run: the exercise with the injects added on the spot, indexed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tabletop.exercise.asks import Ask
from tabletop.exercise.conditions import ActionIs, Condition, Every, Not, NotDoneWithin, Some
from tabletop.exercise.injects import ExpectedAction, Inject
from tabletop.exercise.model import Exercise, Role
from tabletop.text import count_han, count_words, localise

from .events import StaffedBy
from .state import Staffing, State


class Plan:
    """An exercise and the injects added to it in this run. Never changes; a new inject makes a new plan."""

    def __init__(self, exercise: Exercise, added: tuple[Inject, ...] = (), language: str = "en") -> None:
        self.exercise = exercise
        self.added = added
        self.language = language
        self.injects: tuple[Inject, ...] = (*exercise.injects, *added)
        self.inject_by_id = {inject.id: inject for inject in self.injects}
        self.asks: dict[str, tuple[Inject, Ask]] = {ask.id: (inject, ask) for inject in self.injects for ask in inject.asks}
        self.actions: dict[str, tuple[Inject, ExpectedAction]] = {
            action.id: (inject, action) for inject in self.injects for action in inject.expects
        }
        self.has_core = any(inject.core for inject in exercise.injects)
        self.has_cuts = any(inject.cut is not None for inject in self.injects)
        """Whether any inject cuts the link of a site."""
        self.planned_ms = {inject.id: self._planned(inject) for inject in self.injects}
        """When each inject is due if everything before it happens on time; None for holds and what follows them."""
        self.order: tuple[Inject, ...] = tuple(sorted(self.injects, key=lambda inject: _never(self.planned_ms[inject.id])))
        """By planned time, holds last."""
        self.rank = {inject.id: rank for rank, inject in enumerate(self.order)}
        self.followers: dict[str, tuple[str, ...]] = {}
        """The injects that come `after` each inject."""
        for inject in self.injects:
            if inject.after is not None:
                self.followers[inject.after.inject] = (*self.followers.get(inject.after.inject, ()), inject.id)
        self.contingencies: dict[str, tuple[str, ...]] = {}
        """Held injects by the expected action whose absence they answer."""
        for inject in self.injects:
            if inject.held and inject.cue is not None:
                for action in missing_actions(inject.cue):
                    self.contingencies[action] = (*self.contingencies.get(action, ()), inject.id)

    def _planned(self, inject: Inject) -> int | None:
        offset, seen = 0, set()
        while inject.after is not None and inject.id not in seen:
            seen.add(inject.id)
            offset += inject.after.delay
            inject = self.inject_by_id[inject.after.inject]
        return (inject.at + offset) * 1000 if isinstance(inject.at, int) else None

    def role(self, role_id: str) -> Role:
        """The role of that id. Raises KeyError."""
        return self.exercise.role_by_id[role_id]

    def staffed_by(self, state: State, role_id: str) -> StaffedBy:
        """Who plays a role: a simulated role is played by control unless said otherwise (semantics: *Staffing*)."""
        if role_id not in state.staffing and self.role(role_id).simulated:
            return "control"
        return state.staffed_by(role_id)

    def staffed(self, state: State, role_id: str) -> bool:
        """Whether participants play a role; one played with another role, whether they play that one."""
        if role_id not in state.staffing:
            return not self.role(role_id).simulated
        return self._people_play(state, self.played_with(state, role_id)[-1], None)

    def staffed_at(self, state: State, role_id: str, at_ms: int) -> bool:
        """Whether participants played a role at exercise time `at_ms`."""
        if role_id not in state.staffing:
            return not self.role(role_id).simulated
        return self._people_play(state, self.played_with(state, role_id, at_ms)[-1], at_ms)

    def played_with(self, state: State, role_id: str, at_ms: int | None = None) -> tuple[str, ...]:
        """A role, the one whose people play it as well, and so on to the one that has people of its own, or nobody; now or at a time."""
        chain = [role_id]
        while (change := _change(state, chain[-1], at_ms)) is not None and change.by == "with" and change.with_role not in chain:
            chain.append(change.with_role)
        return tuple(chain)

    def _people_play(self, state: State, role_id: str, at_ms: int | None) -> bool:
        change = _change(state, role_id, at_ms)
        if change is None:
            return not self.role(role_id).simulated
        return change.by in ("people", "with")

    def addressees(self, state: State, inject: Inject, ask: Ask | None = None) -> tuple[str, ...]:
        """The roles an inject, or one of its asks, is meant for; without `to` every staffed role that is not simulated."""
        named = (ask.to if ask is not None else ()) or inject.to
        return named or tuple(role.id for role in self.exercise.roles if not role.simulated and self.staffed(state, role.id))

    def reading_ms(self, inject: Inject) -> int:
        """How long reading an inject aloud takes: its own `read`, 0 for a private one, else by its words (semantics: *Reading*)."""
        if inject.read is not None:
            return inject.read * 1000
        if inject.private:
            return 0
        return _reading_ms(localise(inject.text, self.language))


def _change(state: State, role_id: str, at_ms: int | None) -> Staffing | None:
    """What was last said of who plays a role, now or by exercise time `at_ms`; None: nothing."""
    changes = state.staffing.get(role_id, ())
    return next((change for change in reversed(changes) if at_ms is None or change.at_ms <= at_ms), None)


@lru_cache(maxsize=8192)
def _reading_ms(text: str) -> int:
    seconds = 60 * count_words(text) / 140 + 60 * count_han(text) / 230
    return int(seconds // 5) * 5000


def _never(planned_ms: int | None) -> tuple[bool, int]:
    return planned_ms is None, planned_ms or 0


def missing_actions(condition: Condition, *, negated: bool = False) -> Iterator[str]:
    """The expected actions whose absence a condition speaks of: not done in time, missed, done in part, or not done (`negated`)."""
    match condition:
        case NotDoneWithin(action=action) if not negated:
            yield action
        case ActionIs(action=action, state=state) if state in (("done",) if negated else ("missed", "partial")):
            yield action
        case Every(all=parts) | Some(any=parts):
            for part in parts:
                yield from missing_actions(part, negated=negated)
        case Not(not_=part):
            yield from missing_actions(part, negated=not negated)
        case _:
            pass


_LATEST: list[Plan] = []


def plan_of(exercise: Exercise, state: State) -> Plan:
    """The plan of a run in its present state; the same object while nothing was added."""
    language = state.created.language if state.created is not None else "en"
    for plan in _LATEST:
        if plan.exercise is exercise and plan.added is state.added and plan.language == language:
            return plan
    plan = Plan(exercise, state.added, language)
    _LATEST[:] = [plan, *_LATEST[:3]]
    return plan

"""What is left of a log once an added inject was taken back: nothing that speaks of it, its questions or its actions. Pure.

Some of that cannot be taken back itself, as the reopening of a question, and some is others' word, as an evaluator's mark. The log keeps
it; the state must not, or it would hold what no plan knows, and what the next inject of that id would inherit.

Owns: which entries fall with an added inject, what of them stays, and what they spoke of. Refuses to own: whether it may be taken back
(`decide`).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field, replace

from tabletop.exercise.injects import Inject

from . import events as e
from .events import AnyEvent, Entry
from .plan import Plan
from .state import State


@dataclass(slots=True)
class Gone:
    """The ids of added injects that were taken back, of their asks and of their expected actions."""

    injects: set[str] = field(default_factory=set)
    asks: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)

    def add(self, inject: Inject) -> None:
        """From here on whatever names it speaks of what is gone."""
        self.injects.add(inject.id)
        self.asks.update(ask.id for ask in inject.asks)
        self.actions.update(action.id for action in inject.expects)

    def discard(self, inject: Inject) -> None:
        """From here on its ids are those of an inject that stands."""
        self.injects.discard(inject.id)
        self.asks.difference_update(ask.id for ask in inject.asks)
        self.actions.difference_update(action.id for action in inject.expects)

    def left_of(self, event: AnyEvent) -> AnyEvent | None:
        """The event without what is gone; None: it speaks of nothing else.

        A slide and a fit name no added inject, because those are held. A decision keeps the inject in whose time it was made, and the
        wall looks for what it points at (`wall.shown`).
        """
        match event:
            case (
                e.InjectReleased(inject=inject)
                | e.InjectSkipped(inject=inject)
                | e.InjectDelayed(inject=inject)
                | e.InjectKeptBack(inject=inject)
                | e.InjectAcknowledged(inject=inject)
                | e.ProbeShown(inject=inject)
                | e.HintShown(inject=inject)
            ):
                return None if inject in self.injects else event
            case e.AskClosed(ask=ask) | e.AskReopened(ask=ask) | e.AnswersRevealed(ask=ask):
                return None if ask in self.asks else event
            case e.ActionMarked(action=action):
                return None if action in self.actions else event
            case e.AnswerGiven(ask=ask, effects=effects):
                return None if ask in self.asks else self._answer(event, effects)
            case e.AskExtended(asks=asks):
                return event if self.asks.isdisjoint(asks) else self._extended(event)
            case _:
                return event

    def _answer(self, event: e.AnswerGiven, effects: tuple[e.Effect, ...]) -> e.AnswerGiven:
        """An answer to another added inject may have brought about an action of this one."""
        left = tuple(effect for effect in effects if effect.what == "breaks" or effect.target not in self.actions)
        return event if left == effects else event.model_copy(update={"effects": left})

    def _extended(self, event: e.AskExtended) -> e.AskExtended | None:
        kept = [place for place, ask in enumerate(event.asks) if ask not in self.asks]
        if not kept:
            return None
        asks, each_ms = (tuple(values[place] for place in kept) if values else () for values in (event.asks, event.each_ms))
        return event.model_copy(update={"asks": asks, "each_ms": each_ms})


def without_what_is_gone(entries: Sequence[Entry], taken_back: Container[int]) -> list[Entry]:
    """The entries that were not `taken_back`, by number, without what speaks of added injects that were."""
    gone, left = Gone(), []
    for entry in entries:
        taken = entry.seq in taken_back
        if isinstance(entry.event, e.InjectAdded):
            change = gone.add if taken else gone.discard
            change(Inject.model_validate(entry.event.inject))
        event = None if taken else gone.left_of(entry.event)
        if event is not None:
            left.append(entry if event is entry.event else replace(entry, event=event))
    return left


def plan_with_what_is_gone(plan: Plan, state: State) -> Plan:
    """The plan with the added injects that were taken back, for words about entries that speak of them."""
    events = (why.entry.event for why in state.retracted.values() if why.entry is not None)
    gone = tuple(Inject.model_validate(event.inject) for event in events if isinstance(event, e.InjectAdded))
    return Plan(plan.exercise, (*gone, *plan.added), plan.language) if gone else plan

"""The state while entries are applied to it, and the table of what applies them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from operator import attrgetter
from typing import Any, TypeVar

from tabletop.exercise.injects import Inject

from . import events as e
from .clock import Clock, Jump
from .events import Entry, Pace
from .state import (
    UNASKED,
    UNTOUCHED,
    ActionMark,
    Answer,
    AskRecord,
    BehaviourScore,
    Breach,
    Decision,
    EffectRecord,
    InjectRecord,
    Note,
    Person,
    Phase,
    Rating,
    Retraction,
    RoleMessage,
    Staffing,
    State,
    WallTurn,
)
from .state_emergency import Emergency
from .state_time import Booking, Fitted, Pause


@dataclass(slots=True)
class Draft:
    """A state while entries are applied to it. Field for field the same as `State`, with containers that can grow."""

    phase: Phase
    created: e.RunCreated | None
    pace: Pace
    parameters: dict[str, str]
    checks: dict[str, bool]
    clock: Clock
    jumps: tuple[Jump, ...]
    gaps: tuple[Jump, ...]
    last_ms: int
    created_wall_ms: int
    started_wall_ms: int | None
    ended_wall_ms: int | None
    ended_ms: int | None
    ended_how: e.EndedHow | None
    locked: bool
    injects: dict[str, InjectRecord]
    released: list[str]
    added: tuple[Inject, ...]
    asks: dict[str, AskRecord]
    marks: dict[str, tuple[ActionMark, ...]]
    effects: dict[str, tuple[EffectRecord, ...]]
    breaches: list[Breach]
    decisions: list[Decision]
    notes: list[Note]
    messages: list[RoleMessage]
    heard: dict[str, int]
    ratings: dict[tuple[str, str], Rating]
    behaviour: dict[tuple[str, str], BehaviourScore]
    indicators: dict[str, float]
    staffing: dict[str, tuple[Staffing, ...]]
    people: list[Person]
    pauses: list[Pause]
    emergency: Emergency | None
    emergencies: list[Emergency]
    retracted: dict[int, Retraction]
    driver: str
    auto: bool
    wall: WallTurn
    booking: Booking | None
    fitted: Fitted | None
    touched: set[str] = field(default_factory=set)
    """Containers already copied; all others still belong to the state the draft began with."""
    new_marks: dict[str, list[ActionMark]] = field(default_factory=dict)
    new_answers: dict[str, list[Answer]] = field(default_factory=dict)
    """Marks of actions and answers to asks, put behind those that were there when the draft is frozen: adding to a tuple each time
    would take time with the square of their number."""

    def own(self, name: str) -> Any:
        """The container of that name, copied on its first change."""
        value = getattr(self, name)
        if name not in self.touched:
            self.touched.add(name)
            value = dict(value) if isinstance(value, Mapping) else list(value)
            setattr(self, name, value)
        return value


NAMES = tuple(f.name for f in fields(State))
VALUES: Callable[[State | Draft], tuple[Any, ...]] = attrgetter(*NAMES)
_LISTS = ("released", "breaches", "decisions", "notes", "messages", "people", "pauses", "emergencies")


def change_inject(draft: Draft, inject_id: str, **changes: Any) -> None:
    injects = draft.own("injects")
    injects[inject_id] = replace(injects.get(inject_id, UNTOUCHED), **changes)


def change_ask(draft: Draft, ask_id: str, **changes: Any) -> None:
    asks = draft.own("asks")
    asks[ask_id] = replace(asks.get(ask_id, UNASKED), **changes)


def hear(draft: Draft, role: str, at_ms: int) -> None:
    """Somebody of a role spoke. What is entered late was still said when it was said."""
    if at_ms > draft.heard.get(role, -1):
        draft.own("heard")[role] = at_ms


def freeze(draft: Draft) -> State:
    for action, marks in draft.new_marks.items():
        draft.own("marks")[action] = (*draft.marks.get(action, ()), *marks)
    for ask, answers in draft.new_answers.items():
        change_ask(draft, ask, history=(*draft.asks[ask].history, *answers))
    values = dict(zip(NAMES, VALUES(draft), strict=True))
    for name in _LISTS:
        if name in draft.touched:
            values[name] = tuple(values[name])
    return State(**values)


EventT = TypeVar("EventT", bound=e.Event)
Handler = Callable[[Draft, Entry, Any], None]
HANDLERS: dict[type[e.Event], Handler] = {}
"""What each event does to a state; a test holds that no event is forgotten."""


def on(cls: type[EventT]) -> Callable[[Callable[[Draft, Entry, EventT], None]], Callable[[Draft, Entry, EventT], None]]:
    def keep(handler: Callable[[Draft, Entry, EventT], None]) -> Callable[[Draft, Entry, EventT], None]:
        HANDLERS[cls] = handler
        return handler

    return keep

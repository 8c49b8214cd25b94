"""Events of what the room is told and asked: injects, questions and their answers, the wall."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from .events_base import Event

WallKind = Literal["inject", "rules", "rulings", "parked", "answers", "timer", "timeline", "blank"]
"""What the wall can show (contract: *Keys*, `v`)."""
AnswerValue = tuple[str, ...] | str | float | bool | dict[str, str]
"""Option ids, words, a number, a plain yes, or report elements by id."""


class InjectReleased(Event):
    """The room, or the addressed roles, were told."""

    kind = "inject_released"
    inject: str
    due_ms: int | None = None
    """When it was due; None where it had no time (a hold, the discussion pace)."""
    read_ms: int = 0
    """Reading aloud takes this long; windows run from its end."""
    off_path: bool = False
    reason: str = ""
    auto: bool = False
    anew: tuple[str, ...] = ()
    """Its asks that were closed, revealed or given time under a release that was taken back: they open anew."""


class InjectSkipped(Event):
    """An inject will not be played."""

    kind = "inject_skipped"
    inject: str
    reason: str = ""
    overtaken: bool = False
    """Overtaken by what the room did, rather than left out."""


class InjectDelayed(Event):
    """An inject falls due later than planned."""

    kind = "inject_delayed"
    inject: str
    by_ms: int = Field(gt=0)


class InjectKeptBack(Event):
    """An inject is kept back, like a hold, until somebody releases it or this is taken back."""

    kind = "inject_kept_back"
    inject: str
    reason: str = ""


class InjectsSlid(Event):
    """The injects not yet released fall due later, all by the same."""

    kind = "injects_slid"
    injects: tuple[str, ...]
    by_ms: int = Field(gt=0)


class PlanFitted(Event):
    """What is still to come was fitted into the time left: some is cut, in the timed pace the rest may be drawn forward."""

    kind = "plan_fitted"
    cut: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    moved_ms: tuple[int, ...] = ()
    """By how much each of `moved` falls due later; negative: earlier."""
    ends_ms: int
    """When play is to end."""
    talk_ms: int = 0
    """Milliseconds of talk after reading that each inject was given, in the discussion pace."""


class InjectAdded(Event):
    """An inject was added on the spot, held until it is released."""

    kind = "inject_added"
    inject: dict[str, Any]
    """As a file would write it."""
    origin: str = ""
    """`DECK/ID` where it came from a deck."""


class InjectAcknowledged(Event):
    """A role confirmed receipt."""

    kind = "inject_acknowledged"
    inject: str
    role: str


class ProbeShown(Event):
    """An open question was put to a silent room; free of charge."""

    kind = "probe_shown"
    inject: str
    index: int


class HintShown(Event):
    """Something was given away; marks that follow from it say `prompted`."""

    kind = "hint_shown"
    inject: str
    index: int


class Effect(BaseModel):
    """What an answer brought about, as its option said when it was given."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    what: Literal["does", "misses", "breaks"]
    target: str
    role: str
    """The role that acted."""
    other_role: bool = False
    prompted: bool = False


class AnswerGiven(Event):
    """A role answered an ask, or changed its answer."""

    kind = "answer_given"
    ask: str
    role: str
    person: str = ""
    value: tuple[str, ...] | StrictBool | str | float | dict[str, str] = Field(union_mode="left_to_right")
    rationale: str = ""
    effects: tuple[Effect, ...] = ()
    next_report_ms: int | None = None
    """When the next report is due, where a report states it."""
    said_ms: int | None = None
    """When it was said, where that is not when it was entered."""


class AskExtended(Event):
    """Open asks got more time."""

    kind = "ask_extended"
    asks: tuple[str, ...]
    by_ms: int = Field(gt=0)
    each_ms: tuple[int, ...] = ()
    """By how much each deadline moved, in the order of `asks`, where one was over: there `by_ms` counts from now. Empty: by `by_ms`."""


class AskClosed(Event):
    """An ask takes no more answers."""

    kind = "ask_closed"
    ask: str


class AskReopened(Event):
    """An ask takes answers again."""

    kind = "ask_reopened"
    ask: str


class AnswersRevealed(Event):
    """The answers to an ask may be shown: as counts, then with names. Closes the ask."""

    kind = "answers_revealed"
    ask: str
    names: bool = False


class WallTurned(Event):
    """The driver turned the wall. A release to the room and revealed answers turn it by themselves."""

    kind = "wall_turned"
    view: WallKind
    inject: str = ""
    """Which text, of those the room was told; empty: the newest."""
    ask: str = ""
    """Whose revealed answers; empty: those revealed last."""
    span_ms: int = Field(0, ge=0)
    """How long the timer runs, in real milliseconds from the time of this entry."""


def puts_off(event: Event, inject_id: str) -> bool:
    """Whether an event keeps an inject back, leaves it out, or has it fall due at another time."""
    match event:
        case InjectKeptBack(inject=name) | InjectSkipped(inject=name) | InjectDelayed(inject=name):
            return name == inject_id
        case InjectsSlid(injects=names):
            return inject_id in names
        case PlanFitted(cut=cut, moved=moved):
            return inject_id in cut or inject_id in moved
        case _:
            return False

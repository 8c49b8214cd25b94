"""The timeline: what was planned beside what happened, one row a thing, as codes with values and times.

Screens and documents read the same rows. A row stands at the time something was said or done, not when it was typed; what
was taken back keeps its row, marked so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple, TypeVar

from tabletop.engine import events as e
from tabletop.engine.emergency import pressed_at
from tabletop.engine.events import AnswerValue, Entry
from tabletop.engine.paths import on_path
from tabletop.engine.plan import Plan
from tabletop.engine.state import State

from .walls import Walls

RowValue = AnswerValue | int | None


class Row(NamedTuple):
    """One thing that happened, or was planned and did not."""

    code: str
    """`released`, `decided`, `paused` ...: `debrief.row-CODE` words it."""
    values: Mapping[str, RowValue]
    """Named as in `because.Because`; `text` and the like were typed by people."""
    at_ms: int | None
    """Exercise milliseconds; None for what never happened."""
    wall_ms: int | None
    """The time of day that belongs to `at_ms`, milliseconds since 1970 UTC; that of its entry where nothing else was said."""
    seq: int = 0
    """Its log entry; 0: none."""
    actor: str = ""
    planned_ms: int | None = None
    """When the plan had it; None for what no plan foresaw."""
    retracted: bool = False


COMPLETED = frozenset({"released", "skipped", "overtaken", "kept-back", "paused"})
"""Rows that say more than their event alone."""

BY_TIME = attrgetter("at_ms", "seq")

Made = tuple[int | None, str, dict[str, RowValue]]
"""When it was said (None: when it was entered), its code, its values."""

EventT = TypeVar("EventT", bound=e.Event)
ROWS: dict[type[e.Event], Callable[[e.AnyEvent], Made]] = {}

SILENT: frozenset[type[e.Event]] = frozenset(
    {
        *(e.RunCreated, e.ParameterSet, e.PaceChosen, e.SlotBooked, e.CheckTicked, e.PersonSeated, e.PersonLeft, e.PauseExplained),
        *(e.AskClosed, e.AskReopened, e.WallTurned, e.Rated, e.BehaviourScored, e.IndicatorMeasured),
    }
)
"""Events without a row: the briefing, to which the staffing before STARTEX belongs, who sits where, what another row tells, and ratings."""


def _row(cls: type[EventT]) -> Callable[[Callable[[EventT], Made]], Callable[[EventT], Made]]:
    def keep(make: Callable[[EventT], Made]) -> Callable[[EventT], Made]:
        ROWS[cls] = make  # type: ignore[assignment]  # the key says which event it takes
        return make

    return keep


def timeline(plan: Plan, state: State, entries: Sequence[Entry]) -> tuple[Row, ...]:
    """What happened in the order of exercise time; after ENDEX, the injects that were never played come last."""
    until = {pause.seq: (pause.reason, pause.wall_ms, pause.until_wall_ms) for pause in state.pauses}
    retracted, walls = state.retracted, Walls(entries)
    changed = {answer.seq for record in state.asks.values() for answer in record.history if answer.amends}
    rows: list[Row] = []
    begun = False
    for entry in entries:
        event = entry.event
        make = ROWS.get(type(event))
        if make is None or (not begun and isinstance(event, e.RoleStaffed | e.RolesStaffed)):
            continue
        said_ms, code, values = make(event)
        begun = begun or code == "started"
        at_ms = entry.exercise_ms if said_ms is None else said_ms
        wall_ms = entry.wall_ms if at_ms == entry.exercise_ms else walls.at(at_ms)
        row = Row(code, values, at_ms, wall_ms, entry.seq, entry.actor, None, entry.seq in retracted)
        if entry.seq in changed:
            row = row._replace(code="answer-changed")
        if isinstance(event, e.EmergencyRaised | e.EmergencyConfirmed):
            row = row._replace(values={**values, "place": pressed_at(plan, event)})
        rows.append(_completed(row, plan, until) if code in COMPLETED else row)
    rows.sort(key=BY_TIME)
    return (*rows, *_never(plan, state))


def _completed(row: Row, plan: Plan, until: Mapping[int, tuple[str, int, int | None]]) -> Row:
    """The row with what its event alone does not say: the planned time, who keeps an inject back, the end of a pause and its reason."""
    if row.code in ("released", "skipped", "overtaken", "kept-back"):
        row = row._replace(planned_ms=plan.planned_ms.get(str(row.values["inject"])))
    if row.code == "kept-back":
        row = row._replace(values={**row.values, "seat": row.actor})
    if row.code == "paused" and row.seq in until:
        reason, begin, end = until[row.seq]
        return row._replace(values={**row.values, "reason": reason, "lasted_ms": None if end is None else end - begin})
    return row


def _never(plan: Plan, state: State) -> list[Row]:
    """The injects that were neither played nor put aside by anybody, in the order of the plan."""
    if state.phase != "ended":
        return []
    rows = []
    for inject in plan.injects:
        record = state.inject(inject.id)
        if record.released_ms is None and not record.gone:
            code = "never-held" if inject.held else "never" if on_path(plan, state, inject.id, state.last_ms) else "never-off-path"
            values: dict[str, RowValue] = {"inject": inject.id}
            if (kept := record.kept_back) is not None:
                code, values = "never-kept-back", {**values, "seat": kept.actor, "reason": kept.reason}
            rows.append(Row(code, values, None, None, planned_ms=plan.planned_ms[inject.id]))
    rows.sort(key=lambda row: (row.planned_ms is None, row.planned_ms or 0))
    return rows


@_row(e.RoleStaffed)
def _(event: e.RoleStaffed) -> Made:
    return None, "staffed", {"role": event.role, "by": event.by, "with_role": event.with_role}


@_row(e.RolesStaffed)
def _(event: e.RolesStaffed) -> Made:
    return None, "roll", {"people": len(event.people), "control": len(event.control)}


@_row(e.ExerciseStarted)
def _(event: e.ExerciseStarted) -> Made:
    return None, "started", {}


@_row(e.ClockPaused)
def _(event: e.ClockPaused) -> Made:
    return None, "paused", {"reason": event.reason, "lasted_ms": None, "site": event.site}


@_row(e.ClockResumed)
def _(event: e.ClockResumed) -> Made:
    return None, "resumed", {}


@_row(e.SpeedChanged)
def _(event: e.SpeedChanged) -> Made:
    return None, "speed", {"speed": event.speed}


@_row(e.ClockJumped)
def _(event: e.ClockJumped) -> Made:
    return None, "jumped", {"by_ms": event.by_ms}


@_row(e.ClockRecovered)
def _(event: e.ClockRecovered) -> Made:
    return None, "recovered", {}


@_row(e.ClockGap)
def _(event: e.ClockGap) -> Made:
    return None, "gap-counted" if event.counted else "gap-left-out", {"gap_ms": event.gap_ms}


@_row(e.InjectReleased)
def _(event: e.InjectReleased) -> Made:
    return None, "released", {"inject": event.inject, "due_ms": event.due_ms, "off_path": event.off_path, "reason": event.reason}


@_row(e.InjectSkipped)
def _(event: e.InjectSkipped) -> Made:
    return None, "overtaken" if event.overtaken else "skipped", {"inject": event.inject, "reason": event.reason}


@_row(e.InjectDelayed)
def _(event: e.InjectDelayed) -> Made:
    return None, "delayed", {"inject": event.inject, "by_ms": event.by_ms}


@_row(e.InjectKeptBack)
def _(event: e.InjectKeptBack) -> Made:
    return None, "kept-back", {"inject": event.inject, "seat": "", "reason": event.reason}


@_row(e.InjectsSlid)
def _(event: e.InjectsSlid) -> Made:
    return None, "slid", {"n": len(event.injects), "by_ms": event.by_ms}


@_row(e.PlanFitted)
def _(event: e.PlanFitted) -> Made:
    return None, "fitted-moved" if event.moved else "fitted", {"n": len(event.cut), "moved": len(event.moved)}


@_row(e.InjectAdded)
def _(event: e.InjectAdded) -> Made:
    return None, "added", {"inject": str(event.inject.get("id", ""))}


@_row(e.InjectAcknowledged)
def _(event: e.InjectAcknowledged) -> Made:
    return None, "acknowledged", {"inject": event.inject, "role": event.role}


@_row(e.ProbeShown)
def _(event: e.ProbeShown) -> Made:
    return None, "probe", {"inject": event.inject, "index": event.index}


@_row(e.HintShown)
def _(event: e.HintShown) -> Made:
    return None, "hint", {"inject": event.inject, "index": event.index}


@_row(e.AnswerGiven)
def _(event: e.AnswerGiven) -> Made:
    values: dict[str, RowValue] = {"role": event.role, "ask": event.ask, "value": event.value, "rationale": event.rationale}
    return event.said_ms, "answered", values | {"next_report_ms": event.next_report_ms}


@_row(e.AskExtended)
def _(event: e.AskExtended) -> Made:
    return None, "extended", {"n": len(event.asks), "by_ms": event.by_ms}


@_row(e.AnswersRevealed)
def _(event: e.AnswersRevealed) -> Made:
    return None, "revealed-names" if event.names else "revealed", {"ask": event.ask}


@_row(e.DecisionMade)
def _(event: e.DecisionMade) -> Made:
    return event.said_ms, "decided", {"role": event.role, "text": event.text, "rationale": event.reason}


@_row(e.RoleHeard)
def _(event: e.RoleHeard) -> Made:
    return event.said_ms, "heard", {"role": event.role}


@_row(e.ActionMarked)
def _(event: e.ActionMarked) -> Made:
    values: dict[str, RowValue] = {"action": event.action, "state": event.state, "how": event.how, "prompted": event.prompted}
    return event.said_ms, "marked", values


@_row(e.BreachRecorded)
def _(event: e.BreachRecorded) -> Made:
    code = "breach-corrected" if event.corrected else "breach"
    return event.said_ms, code, {"prohibited": event.prohibited, "role": event.role}


@_row(e.Noted)
def _(event: e.Noted) -> Made:
    return event.said_ms, "noted", {"category": event.category, "text": event.text}


@_row(e.MessageSent)
def _(event: e.MessageSent) -> Made:
    return event.said_ms, "message", {"role": event.role, "to": event.to, "text": event.text}


@_row(e.MessageAcknowledged)
def _(event: e.MessageAcknowledged) -> Made:
    if not event.text:
        return None, "message-confirmed", {"role": event.role}
    return None, "message-acknowledged", {"role": event.role, "text": event.text}


@_row(e.RatingsLocked)
def _(event: e.RatingsLocked) -> Made:
    return None, "locked", {}


@_row(e.ExerciseEnded)
def _(event: e.ExerciseEnded) -> Made:
    return None, "ended", {"ended": event.how, "text": event.note}


@_row(e.ExerciseReopened)
def _(event: e.ExerciseReopened) -> Made:
    return None, "reopened", {"reason": event.reason}


@_row(e.EmergencyRaised)
def _(event: e.EmergencyRaised) -> Made:
    return None, "emergency-raised", {"seat": event.seat, "place": ""}


@_row(e.EmergencyConfirmed)
def _(event: e.EmergencyConfirmed) -> Made:
    return None, "emergency-confirmed", {"seat": event.seat, "place": ""}


@_row(e.PersonCounted)
def _(event: e.PersonCounted) -> Made:
    return None, "person-counted" if event.there else "person-missing", {"seat": event.person}


@_row(e.EmergencyStoodDown)
def _(event: e.EmergencyStoodDown) -> Made:
    return None, "emergency-over", {"reason": event.reason, "missing": event.missing}


@_row(e.Retracted)
def _(event: e.Retracted) -> Made:
    return None, "retracted", {"seq": event.event, "reason": event.reason}


@_row(e.DriverChanged)
def _(event: e.DriverChanged) -> Made:
    return None, "driver", {}

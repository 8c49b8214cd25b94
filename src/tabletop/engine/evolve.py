"""Folding: state and an event give the next state. Never sees an event that was taken back.

`fold` copies the containers of a state once and applies any number of entries to the copy, so that replaying a log takes
time in proportion to its length, and a state that was handed out never changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    Emergency,
    InjectRecord,
    Note,
    Pause,
    Person,
    Phase,
    Rating,
    Retraction,
    RoleMessage,
    Staffing,
    State,
)


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
    ended_note: str
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


_NAMES = tuple(f.name for f in fields(State))
_VALUES: Callable[[State | Draft], tuple[Any, ...]] = attrgetter(*_NAMES)
_LISTS = ("released", "breaches", "decisions", "notes", "messages", "people", "pauses", "emergencies")


def _freeze(draft: Draft) -> State:
    for action, marks in draft.new_marks.items():
        draft.own("marks")[action] = (*draft.marks.get(action, ()), *marks)
    for ask, answers in draft.new_answers.items():
        _change_ask(draft, ask, history=(*draft.asks[ask].history, *answers))
    values = dict(zip(_NAMES, _VALUES(draft), strict=True))
    for name in _LISTS:
        if name in draft.touched:
            values[name] = tuple(values[name])
    return State(**values)


EventT = TypeVar("EventT", bound=e.Event)
Handler = Callable[[Draft, Entry, Any], None]
HANDLERS: dict[type[e.Event], Handler] = {}
"""What each event does to a state; a test holds that no event is forgotten."""


def _on(cls: type[EventT]) -> Callable[[Callable[[Draft, Entry, EventT], None]], Callable[[Draft, Entry, EventT], None]]:
    def keep(handler: Callable[[Draft, Entry, EventT], None]) -> Callable[[Draft, Entry, EventT], None]:
        HANDLERS[cls] = handler
        return handler

    return keep


def fold(entries: Iterable[Entry], start: State | None = None) -> State:
    """The state after `entries`, which must all stand."""
    begin = start if start is not None else State()
    draft = Draft(**dict(zip(_NAMES, _VALUES(begin), strict=True)))
    for entry in entries:
        HANDLERS[type(entry.event)](draft, entry, entry.event)
        if entry.exercise_ms > draft.last_ms:
            draft.last_ms = entry.exercise_ms
    return _freeze(draft)


def evolve(state: State, entry: Entry) -> State:
    """The state after one more entry."""
    return fold((entry,), state)


def standing(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that were not taken back, retractions included."""
    gone = {entry.event.event for entry in entries if isinstance(entry.event, e.Retracted)}
    return [entry for entry in entries if entry.seq not in gone] if gone else list(entries)


def replay(entries: Sequence[Entry]) -> State:
    """The state of a whole log: folded without what was taken back (semantics: *taking back*)."""
    state = fold(standing(entries))
    if not state.retracted:
        return state
    by_seq = {entry.seq: entry for entry in entries}
    return replace(state, retracted={seq: replace(why, entry=by_seq.get(seq)) for seq, why in state.retracted.items()})


def advance(state: State, past: Sequence[Entry], fresh: Sequence[Entry]) -> State:
    """The state after `fresh` entries that follow `past`: folded on, or from the start where something was taken back."""
    if any(isinstance(entry.event, e.Retracted) for entry in fresh):
        return replay([*past, *fresh])
    return fold(fresh, state)


def _change_inject(draft: Draft, inject_id: str, **changes: Any) -> None:
    injects = draft.own("injects")
    injects[inject_id] = replace(injects.get(inject_id, UNTOUCHED), **changes)


def _change_ask(draft: Draft, ask_id: str, **changes: Any) -> None:
    asks = draft.own("asks")
    asks[ask_id] = replace(asks.get(ask_id, UNASKED), **changes)


@_on(e.RunCreated)
def _(draft: Draft, entry: Entry, event: e.RunCreated) -> None:
    draft.created, draft.pace, draft.auto, draft.created_wall_ms = event, event.pace, event.auto, entry.wall_ms


@_on(e.ParameterSet)
def _(draft: Draft, entry: Entry, event: e.ParameterSet) -> None:
    draft.own("parameters")[event.name] = event.value


@_on(e.PaceChosen)
def _(draft: Draft, entry: Entry, event: e.PaceChosen) -> None:
    draft.pace = event.pace


@_on(e.CheckTicked)
def _(draft: Draft, entry: Entry, event: e.CheckTicked) -> None:
    draft.own("checks")[event.check] = event.done


@_on(e.RoleStaffed)
def _(draft: Draft, entry: Entry, event: e.RoleStaffed) -> None:
    staffing = draft.own("staffing")
    staffing[event.role] = (*staffing.get(event.role, ()), Staffing(entry.exercise_ms, event.by, event.with_role))


@_on(e.PersonSeated)
def _(draft: Draft, entry: Entry, event: e.PersonSeated) -> None:
    _leave(draft, event.role, event.holder, entry.exercise_ms)
    draft.own("people").append(Person(event.role, event.holder, event.name, entry.exercise_ms))


@_on(e.PersonLeft)
def _(draft: Draft, entry: Entry, event: e.PersonLeft) -> None:
    _leave(draft, event.role, event.holder, entry.exercise_ms)


def _hear(draft: Draft, role: str, at_ms: int) -> None:
    """What is entered late was still said when it was said."""
    if at_ms > draft.heard.get(role, -1):
        draft.own("heard")[role] = at_ms


def _leave(draft: Draft, role: str, holder: str, at_ms: int) -> None:
    for index, person in enumerate(draft.people):
        if person.role == role and person.holder == holder and person.left_ms is None:
            draft.own("people")[index] = replace(person, left_ms=at_ms)


@_on(e.ExerciseStarted)
def _(draft: Draft, entry: Entry, event: e.ExerciseStarted) -> None:
    draft.phase, draft.started_wall_ms = "running", entry.wall_ms
    draft.clock = draft.clock.run(entry.exercise_ms, entry.wall_ms)
    _drop_emergency(draft)


def _drop_emergency(draft: Draft) -> None:
    """What was raised is over: somebody stood it down, or play goes on without a second press. It stays on record."""
    if draft.emergency is not None:
        draft.own("emergencies").append(draft.emergency)
        draft.emergency = None


@_on(e.ClockPaused)
def _(draft: Draft, entry: Entry, event: e.ClockPaused) -> None:
    _stand(draft, entry, event.reason, event.site)


def _stand(draft: Draft, entry: Entry, reason: str, site: str = "") -> None:
    draft.clock = draft.clock.stand(entry.exercise_ms)
    draft.own("pauses").append(Pause(entry.seq, entry.exercise_ms, entry.wall_ms, reason, site))


@_on(e.PauseExplained)
def _(draft: Draft, entry: Entry, event: e.PauseExplained) -> None:
    if draft.pauses:
        draft.own("pauses")[-1] = replace(draft.pauses[-1], reason=event.reason)


@_on(e.ClockResumed)
def _(draft: Draft, entry: Entry, event: e.ClockResumed) -> None:
    draft.clock = draft.clock.run(entry.exercise_ms, entry.wall_ms)
    if draft.pauses and draft.pauses[-1].until_wall_ms is None:
        draft.own("pauses")[-1] = replace(draft.pauses[-1], until_wall_ms=entry.wall_ms)
    _drop_emergency(draft)


@_on(e.SpeedChanged)
def _(draft: Draft, entry: Entry, event: e.SpeedChanged) -> None:
    draft.clock = draft.clock.with_speed(event.speed, entry.exercise_ms, entry.wall_ms)


@_on(e.ClockJumped)
def _(draft: Draft, entry: Entry, event: e.ClockJumped) -> None:
    jump = Jump(entry.exercise_ms, event.by_ms)
    draft.jumps = (*draft.jumps, jump)
    _move_to(draft, entry, entry.exercise_ms + event.by_ms)


def _move_to(draft: Draft, entry: Entry, at_ms: int) -> None:
    draft.clock = draft.clock.run(at_ms, entry.wall_ms) if draft.clock.running else draft.clock.stand(at_ms)
    draft.last_ms = at_ms


@_on(e.ClockRecovered)
def _(draft: Draft, entry: Entry, event: e.ClockRecovered) -> None:
    draft.clock = draft.clock.stand(max(draft.last_ms, event.at_ms))
    draft.own("pauses").append(Pause(entry.seq, entry.exercise_ms, entry.wall_ms, "recovered", ""))


@_on(e.ClockGap)
def _(draft: Draft, entry: Entry, event: e.ClockGap) -> None:
    if event.counted:
        gap = Jump(entry.exercise_ms, round(event.gap_ms * draft.clock.speed))
        draft.gaps = (*draft.gaps, gap)
        _move_to(draft, entry, gap.at_ms + gap.by_ms)


@_on(e.InjectReleased)
def _(draft: Draft, entry: Entry, event: e.InjectReleased) -> None:
    _change_inject(
        draft,
        event.inject,
        released_ms=entry.exercise_ms,
        released_seq=entry.seq,
        due_ms=event.due_ms,
        read_ms=event.read_ms,
        off_path=event.off_path,
        auto=event.auto,
        reason=event.reason,
        released_by=entry.actor,
        gone="",
    )
    draft.own("released").append(event.inject)
    for ask in event.anew:
        _change_ask(draft, ask, closed=False, revealed="", extended_ms=0)


@_on(e.InjectSkipped)
def _(draft: Draft, entry: Entry, event: e.InjectSkipped) -> None:
    gone = "overtaken" if event.overtaken else "skipped"
    _change_inject(draft, event.inject, gone=gone, gone_ms=entry.exercise_ms, gone_seq=entry.seq, reason=event.reason)


@_on(e.InjectDelayed)
def _(draft: Draft, entry: Entry, event: e.InjectDelayed) -> None:
    record = draft.injects.get(event.inject, UNTOUCHED)
    _change_inject(draft, event.inject, delayed_ms=record.delayed_ms + event.by_ms)


@_on(e.InjectsSlid)
def _(draft: Draft, entry: Entry, event: e.InjectsSlid) -> None:
    injects = draft.own("injects")
    for inject_id in event.injects:
        record = injects.get(inject_id, UNTOUCHED)
        injects[inject_id] = replace(record, delayed_ms=record.delayed_ms + event.by_ms)


@_on(e.InjectAdded)
def _(draft: Draft, entry: Entry, event: e.InjectAdded) -> None:
    draft.added = (*draft.added, Inject.model_validate(event.inject))


@_on(e.InjectAcknowledged)
def _(draft: Draft, entry: Entry, event: e.InjectAcknowledged) -> None:
    record = draft.injects.get(event.inject, UNTOUCHED)
    if event.role not in record.acknowledged:
        _change_inject(draft, event.inject, acknowledged={**record.acknowledged, event.role: entry.exercise_ms})
    _hear(draft, event.role, entry.exercise_ms)


@_on(e.ProbeShown)
def _(draft: Draft, entry: Entry, event: e.ProbeShown) -> None:
    record = draft.injects.get(event.inject, UNTOUCHED)
    _change_inject(draft, event.inject, probes=(*record.probes, event.index))


@_on(e.HintShown)
def _(draft: Draft, entry: Entry, event: e.HintShown) -> None:
    record = draft.injects.get(event.inject, UNTOUCHED)
    first = (entry.exercise_ms, entry.seq) if record.hinted_ms is None else (record.hinted_ms, record.hinted_seq)
    _change_inject(draft, event.inject, hints=(*record.hints, event.index), hinted_ms=first[0], hinted_seq=first[1])


@_on(e.AnswerGiven)
def _(draft: Draft, entry: Entry, event: e.AnswerGiven) -> None:
    record = draft.asks.get(event.ask, UNASKED)
    before = record.answers.get(event.role)
    at_ms = entry.exercise_ms if event.said_ms is None else event.said_ms
    kept = {} if before is None else {(old.effect.what, old.effect.target): old for old in before.effects}
    effects = tuple(_effect(effect, kept.get((effect.what, effect.target)), at_ms, entry.seq) for effect in event.effects)
    answer = Answer(
        seq=entry.seq,
        actor=entry.actor,
        role=event.role,
        person=event.person,
        value=event.value,
        rationale=event.rationale,
        at_ms=at_ms,
        first_ms=at_ms if before is None else before.first_ms,
        effects=effects,
        amends=0 if before is None else before.seq,
        next_report_ms=event.next_report_ms,
    )
    _change_ask(draft, event.ask, answers={**record.answers, event.role: answer})
    draft.new_answers.setdefault(event.ask, []).append(answer)
    _put_effects(draft, () if before is None else before.effects, effects)
    _hear(draft, event.role, at_ms)


def _effect(effect: e.Effect, before: EffectRecord | None, at_ms: int, seq: int) -> EffectRecord:
    """An effect that the answer before had too keeps its first time; who acts is as the new answer says (semantics: *Answers*)."""
    return EffectRecord(effect, at_ms, seq) if before is None else EffectRecord(effect, before.at_ms, before.seq)


def _put_effects(draft: Draft, old: tuple[EffectRecord, ...], new: tuple[EffectRecord, ...]) -> None:
    if not old and not new:
        return
    effects = draft.own("effects")
    for record in old:
        effects[record.effect.target] = tuple(other for other in effects[record.effect.target] if other is not record)
    for record in new:
        effects[record.effect.target] = (*effects.get(record.effect.target, ()), record)
    for record in old:
        if not effects.get(record.effect.target, True):
            del effects[record.effect.target]


@_on(e.AskExtended)
def _(draft: Draft, entry: Entry, event: e.AskExtended) -> None:
    spans = event.each_ms or (event.by_ms,) * len(event.asks)
    for ask_id, by_ms in zip(event.asks, spans, strict=True):
        _change_ask(draft, ask_id, extended_ms=draft.asks.get(ask_id, UNASKED).extended_ms + by_ms)


@_on(e.AskClosed)
def _(draft: Draft, entry: Entry, event: e.AskClosed) -> None:
    _change_ask(draft, event.ask, closed=True)


@_on(e.AskReopened)
def _(draft: Draft, entry: Entry, event: e.AskReopened) -> None:
    _change_ask(draft, event.ask, closed=False)


@_on(e.AnswersRevealed)
def _(draft: Draft, entry: Entry, event: e.AnswersRevealed) -> None:
    _change_ask(draft, event.ask, closed=True, revealed="names" if event.names else "counts")


@_on(e.DecisionMade)
def _(draft: Draft, entry: Entry, event: e.DecisionMade) -> None:
    draft.own("decisions").append(
        Decision(
            entry.seq,
            entry.actor,
            entry.wall_ms,
            event.said_ms,
            event.role,
            event.person,
            event.text,
            event.reason,
            event.options,
            event.dissent,
            event.inject,
        )
    )
    _hear(draft, event.role, event.said_ms)


@_on(e.RoleHeard)
def _(draft: Draft, entry: Entry, event: e.RoleHeard) -> None:
    _hear(draft, event.role, event.said_ms)


@_on(e.ActionMarked)
def _(draft: Draft, entry: Entry, event: e.ActionMarked) -> None:
    mark = ActionMark(
        entry.seq,
        entry.actor,
        event.state,
        event.how,
        event.prompted,
        event.other_role,
        event.said_ms,
        event.note,
        draft.phase == "ended",
        event.prompted_said,
    )
    draft.new_marks.setdefault(event.action, []).append(mark)


@_on(e.BreachRecorded)
def _(draft: Draft, entry: Entry, event: e.BreachRecorded) -> None:
    draft.own("breaches").append(Breach(entry.seq, entry.actor, event.said_ms, event.prohibited, event.role, event.corrected, event.note))


@_on(e.Noted)
def _(draft: Draft, entry: Entry, event: e.Noted) -> None:
    draft.own("notes").append(
        Note(entry.seq, entry.actor, event.said_ms, event.category, event.text, event.role, event.objective, event.evaluator)
    )


@_on(e.MessageSent)
def _(draft: Draft, entry: Entry, event: e.MessageSent) -> None:
    draft.own("messages").append(RoleMessage(entry.seq, event.said_ms, event.role, event.to, event.text))
    _hear(draft, event.role, event.said_ms)


@_on(e.MessageAcknowledged)
def _(draft: Draft, entry: Entry, event: e.MessageAcknowledged) -> None:
    for index, message in enumerate(draft.messages):
        if message.seq == event.message and message.acknowledged_ms is None:
            draft.own("messages")[index] = replace(message, acknowledged_ms=entry.exercise_ms)


@_on(e.Rated)
def _(draft: Draft, entry: Entry, event: e.Rated) -> None:
    key = (event.evaluator, event.objective)
    draft.own("ratings")[key] = Rating(entry.seq, event.evaluator, event.objective, event.rating, event.note, entry.actor)


@_on(e.BehaviourScored)
def _(draft: Draft, entry: Entry, event: e.BehaviourScored) -> None:
    key = (event.evaluator, event.line)
    draft.own("behaviour")[key] = BehaviourScore(entry.seq, event.evaluator, event.line, event.score, entry.actor)


@_on(e.IndicatorMeasured)
def _(draft: Draft, entry: Entry, event: e.IndicatorMeasured) -> None:
    draft.own("indicators")[event.indicator] = event.value


@_on(e.RatingsLocked)
def _(draft: Draft, entry: Entry, event: e.RatingsLocked) -> None:
    draft.locked = True


@_on(e.ExerciseEnded)
def _(draft: Draft, entry: Entry, event: e.ExerciseEnded) -> None:
    draft.phase, draft.clock = "ended", draft.clock.stand(entry.exercise_ms)
    draft.ended_wall_ms, draft.ended_ms = entry.wall_ms, entry.exercise_ms
    draft.ended_how, draft.ended_note = event.how, event.note
    if draft.pauses and draft.pauses[-1].until_wall_ms is None:
        draft.own("pauses")[-1] = replace(draft.pauses[-1], until_wall_ms=entry.wall_ms)


@_on(e.ExerciseReopened)
def _(draft: Draft, entry: Entry, event: e.ExerciseReopened) -> None:
    draft.phase, draft.locked = "running", False
    draft.ended_wall_ms = draft.ended_ms = draft.ended_how = None
    draft.ended_note = ""
    draft.own("pauses").append(Pause(entry.seq, entry.exercise_ms, entry.wall_ms, "reopened", ""))


@_on(e.EmergencyRaised)
def _(draft: Draft, entry: Entry, event: e.EmergencyRaised) -> None:
    _drop_emergency(draft)
    draft.emergency = Emergency(event.seat, event.site, entry.wall_ms)
    if draft.clock.running:
        _stand(draft, entry, "emergency", event.site)


@_on(e.EmergencyConfirmed)
def _(draft: Draft, entry: Entry, event: e.EmergencyConfirmed) -> None:
    raised = entry.wall_ms if draft.emergency is None else draft.emergency.raised_wall_ms
    draft.emergency = Emergency(event.seat, event.site, raised, confirmed=True)
    if draft.clock.running:
        _stand(draft, entry, "emergency", event.site)


@_on(e.EmergencyStoodDown)
def _(draft: Draft, entry: Entry, event: e.EmergencyStoodDown) -> None:
    _drop_emergency(draft)


@_on(e.Retracted)
def _(draft: Draft, entry: Entry, event: e.Retracted) -> None:
    draft.own("retracted")[event.event] = Retraction(entry.seq, event.reason, entry.actor)


@_on(e.DriverChanged)
def _(draft: Draft, entry: Entry, event: e.DriverChanged) -> None:
    draft.driver = event.holder

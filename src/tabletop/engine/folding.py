"""What each event does to a state: one function an event."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tabletop.exercise.injects import Inject

from . import events as e
from .clock import Jump
from .draft import HANDLERS as HANDLERS
from .draft import Draft, change_ask, change_inject, on
from .events import Entry
from .state import (
    UNASKED,
    UNTOUCHED,
    ActionMark,
    Answer,
    AskTurn,
    BehaviourScore,
    Booking,
    Breach,
    Decision,
    EffectRecord,
    Emergency,
    Fitted,
    Note,
    Pause,
    Person,
    Rating,
    Retraction,
    RoleMessage,
    Staffing,
    WallTurn,
)

OUT_OF_TIME = "out-of-time"
"""Why a cut inject is not played: a code, worded where it is shown."""


@on(e.RunCreated)
def _(draft: Draft, entry: Entry, event: e.RunCreated) -> None:
    draft.created, draft.pace, draft.auto, draft.created_wall_ms = event, event.pace, event.auto, entry.wall_ms


@on(e.ParameterSet)
def _(draft: Draft, entry: Entry, event: e.ParameterSet) -> None:
    draft.own("parameters")[event.name] = event.value


@on(e.PaceChosen)
def _(draft: Draft, entry: Entry, event: e.PaceChosen) -> None:
    draft.pace = event.pace


@on(e.SlotBooked)
def _(draft: Draft, entry: Entry, event: e.SlotBooked) -> None:
    there = event.slot_ms or event.until_wall_ms
    draft.booking = Booking(entry.wall_ms, event.slot_ms, event.until_wall_ms, event.brief_ms, event.wash_ms) if there else None


@on(e.CheckTicked)
def _(draft: Draft, entry: Entry, event: e.CheckTicked) -> None:
    draft.own("checks")[event.check] = event.done


@on(e.RoleStaffed)
def _(draft: Draft, entry: Entry, event: e.RoleStaffed) -> None:
    staffing = draft.own("staffing")
    staffing[event.role] = (*staffing.get(event.role, ()), Staffing(entry.exercise_ms, event.by, event.with_role))


@on(e.RolesStaffed)
def _(draft: Draft, entry: Entry, event: e.RolesStaffed) -> None:
    staffing = draft.own("staffing")
    for role in (*event.people, *event.control):
        by: e.StaffedBy = "people" if role in event.people else "control"
        staffing[role] = (*staffing.get(role, ()), Staffing(entry.exercise_ms, by))


@on(e.PersonSeated)
def _(draft: Draft, entry: Entry, event: e.PersonSeated) -> None:
    _leave(draft, event.role, event.holder, entry.exercise_ms)
    draft.own("people").append(Person(event.role, event.holder, event.name, entry.exercise_ms))


@on(e.PersonLeft)
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


@on(e.ExerciseStarted)
def _(draft: Draft, entry: Entry, event: e.ExerciseStarted) -> None:
    draft.phase, draft.started_wall_ms = "running", entry.wall_ms
    draft.clock = draft.clock.run(entry.exercise_ms, entry.wall_ms)
    _drop_emergency(draft)


def _drop_emergency(draft: Draft) -> None:
    """What was raised is over: somebody stood it down, or play goes on without a second press. It stays on record."""
    if draft.emergency is not None:
        draft.own("emergencies").append(draft.emergency)
        draft.emergency = None


@on(e.ClockPaused)
def _(draft: Draft, entry: Entry, event: e.ClockPaused) -> None:
    _stand(draft, entry, event.reason, event.site)


def _stand(draft: Draft, entry: Entry, reason: str, site: str = "") -> None:
    draft.clock = draft.clock.stand(entry.exercise_ms)
    draft.own("pauses").append(Pause(entry.seq, entry.exercise_ms, entry.wall_ms, reason, site))


@on(e.PauseExplained)
def _(draft: Draft, entry: Entry, event: e.PauseExplained) -> None:
    if draft.pauses:
        draft.own("pauses")[-1] = replace(draft.pauses[-1], reason=event.reason)


@on(e.ClockResumed)
def _(draft: Draft, entry: Entry, event: e.ClockResumed) -> None:
    draft.clock = draft.clock.run(entry.exercise_ms, entry.wall_ms)
    if draft.pauses and draft.pauses[-1].until_wall_ms is None:
        draft.own("pauses")[-1] = replace(draft.pauses[-1], until_wall_ms=entry.wall_ms)
    _drop_emergency(draft)


@on(e.SpeedChanged)
def _(draft: Draft, entry: Entry, event: e.SpeedChanged) -> None:
    draft.clock = draft.clock.with_speed(event.speed, entry.exercise_ms, entry.wall_ms)


@on(e.ClockJumped)
def _(draft: Draft, entry: Entry, event: e.ClockJumped) -> None:
    jump = Jump(entry.exercise_ms, event.by_ms)
    draft.jumps = (*draft.jumps, jump)
    _move_to(draft, entry, entry.exercise_ms + event.by_ms)


def _move_to(draft: Draft, entry: Entry, at_ms: int) -> None:
    draft.clock = draft.clock.run(at_ms, entry.wall_ms) if draft.clock.running else draft.clock.stand(at_ms)
    draft.last_ms = at_ms


@on(e.ClockRecovered)
def _(draft: Draft, entry: Entry, event: e.ClockRecovered) -> None:
    draft.clock = draft.clock.stand(max(draft.last_ms, event.at_ms))
    draft.own("pauses").append(Pause(entry.seq, entry.exercise_ms, entry.wall_ms, "recovered", ""))


@on(e.ClockGap)
def _(draft: Draft, entry: Entry, event: e.ClockGap) -> None:
    if event.counted:
        gap = Jump(entry.exercise_ms, round(event.gap_ms * draft.clock.speed))
        draft.gaps = (*draft.gaps, gap)
        _move_to(draft, entry, gap.at_ms + gap.by_ms)


@on(e.InjectReleased)
def _(draft: Draft, entry: Entry, event: e.InjectReleased) -> None:
    change_inject(
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
        change_ask(draft, ask, closed=False, revealed="", extended_ms=0, turns=())


@on(e.InjectSkipped)
def _(draft: Draft, entry: Entry, event: e.InjectSkipped) -> None:
    gone = "overtaken" if event.overtaken else "skipped"
    change_inject(draft, event.inject, gone=gone, gone_ms=entry.exercise_ms, gone_seq=entry.seq, reason=event.reason)


@on(e.InjectDelayed)
def _(draft: Draft, entry: Entry, event: e.InjectDelayed) -> None:
    record = draft.injects.get(event.inject, UNTOUCHED)
    change_inject(draft, event.inject, delayed_ms=record.delayed_ms + event.by_ms)


@on(e.InjectsSlid)
def _(draft: Draft, entry: Entry, event: e.InjectsSlid) -> None:
    injects = draft.own("injects")
    for inject_id in event.injects:
        record = injects.get(inject_id, UNTOUCHED)
        injects[inject_id] = replace(record, delayed_ms=record.delayed_ms + event.by_ms)


@on(e.PlanFitted)
def _(draft: Draft, entry: Entry, event: e.PlanFitted) -> None:
    for inject_id in event.cut:
        change_inject(draft, inject_id, gone="skipped", gone_ms=entry.exercise_ms, gone_seq=entry.seq, reason=OUT_OF_TIME)
    for inject_id, by_ms in zip(event.moved, event.moved_ms, strict=True):
        change_inject(draft, inject_id, delayed_ms=draft.injects.get(inject_id, UNTOUCHED).delayed_ms + by_ms)
    draft.fitted = Fitted(entry.seq, event.ends_ms, event.talk_ms, event.cut)


@on(e.InjectAdded)
def _(draft: Draft, entry: Entry, event: e.InjectAdded) -> None:
    draft.added = (*draft.added, Inject.model_validate(event.inject))


@on(e.InjectAcknowledged)
def _(draft: Draft, entry: Entry, event: e.InjectAcknowledged) -> None:
    record = draft.injects.get(event.inject, UNTOUCHED)
    if event.role not in record.acknowledged:
        change_inject(draft, event.inject, acknowledged={**record.acknowledged, event.role: entry.exercise_ms})
    _hear(draft, event.role, entry.exercise_ms)


@on(e.ProbeShown)
def _(draft: Draft, entry: Entry, event: e.ProbeShown) -> None:
    record = draft.injects.get(event.inject, UNTOUCHED)
    change_inject(draft, event.inject, probes=(*record.probes, event.index))


@on(e.HintShown)
def _(draft: Draft, entry: Entry, event: e.HintShown) -> None:
    record = draft.injects.get(event.inject, UNTOUCHED)
    first = (entry.exercise_ms, entry.seq) if record.hinted_ms is None else (record.hinted_ms, record.hinted_seq)
    change_inject(draft, event.inject, hints=(*record.hints, event.index), hinted_ms=first[0], hinted_seq=first[1])


@on(e.AnswerGiven)
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
    change_ask(draft, event.ask, answers={**record.answers, event.role: answer})
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


@on(e.AskExtended)
def _(draft: Draft, entry: Entry, event: e.AskExtended) -> None:
    spans = event.each_ms or (event.by_ms,) * len(event.asks)
    for ask_id, by_ms in zip(event.asks, spans, strict=True):
        _turn_ask(draft, entry, ask_id, extended_ms=draft.asks.get(ask_id, UNASKED).extended_ms + by_ms)


def _turn_ask(draft: Draft, entry: Entry, ask_id: str, **changes: Any) -> None:
    """Change what an ask takes, and keep how it stands from this entry on."""
    change_ask(draft, ask_id, **changes)
    record = draft.asks[ask_id]
    change_ask(draft, ask_id, turns=(*record.turns, AskTurn(entry.seq, record.closed, record.extended_ms)))


@on(e.AskClosed)
def _(draft: Draft, entry: Entry, event: e.AskClosed) -> None:
    _turn_ask(draft, entry, event.ask, closed=True)


@on(e.AskReopened)
def _(draft: Draft, entry: Entry, event: e.AskReopened) -> None:
    _turn_ask(draft, entry, event.ask, closed=False)


@on(e.AnswersRevealed)
def _(draft: Draft, entry: Entry, event: e.AnswersRevealed) -> None:
    _turn_ask(draft, entry, event.ask, closed=True, revealed="names" if event.names else "counts", revealed_seq=entry.seq)


@on(e.WallTurned)
def _(draft: Draft, entry: Entry, event: e.WallTurned) -> None:
    before = draft.wall.behind if draft.wall.view == "blank" else draft.wall
    behind = before if event.view == "blank" else None
    draft.wall = WallTurn(entry.seq, event.view, event.inject, event.ask, entry.wall_ms, event.span_ms, behind)


@on(e.DecisionMade)
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


@on(e.RoleHeard)
def _(draft: Draft, entry: Entry, event: e.RoleHeard) -> None:
    _hear(draft, event.role, event.said_ms)


@on(e.ActionMarked)
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


@on(e.BreachRecorded)
def _(draft: Draft, entry: Entry, event: e.BreachRecorded) -> None:
    draft.own("breaches").append(Breach(entry.seq, entry.actor, event.said_ms, event.prohibited, event.role, event.corrected, event.note))


@on(e.Noted)
def _(draft: Draft, entry: Entry, event: e.Noted) -> None:
    draft.own("notes").append(
        Note(entry.seq, entry.actor, event.said_ms, event.category, event.text, event.role, event.objective, event.evaluator)
    )


@on(e.MessageSent)
def _(draft: Draft, entry: Entry, event: e.MessageSent) -> None:
    draft.own("messages").append(RoleMessage(entry.seq, event.said_ms, event.role, event.to, event.text, actor=entry.actor))
    _hear(draft, event.role, event.said_ms)


@on(e.MessageAcknowledged)
def _(draft: Draft, entry: Entry, event: e.MessageAcknowledged) -> None:
    for index, message in enumerate(draft.messages):
        if message.seq == event.message and message.acknowledged_ms is None:
            draft.own("messages")[index] = replace(
                message, acknowledged_ms=entry.exercise_ms, acknowledged_seq=entry.seq, read_back=event.text
            )
    _hear(draft, event.role, entry.exercise_ms)


@on(e.Rated)
def _(draft: Draft, entry: Entry, event: e.Rated) -> None:
    key = (event.evaluator, event.objective)
    draft.own("ratings")[key] = Rating(entry.seq, event.evaluator, event.objective, event.rating, event.note, entry.actor)


@on(e.BehaviourScored)
def _(draft: Draft, entry: Entry, event: e.BehaviourScored) -> None:
    key = (event.evaluator, event.line)
    draft.own("behaviour")[key] = BehaviourScore(entry.seq, event.evaluator, event.line, event.score, entry.actor)


@on(e.IndicatorMeasured)
def _(draft: Draft, entry: Entry, event: e.IndicatorMeasured) -> None:
    draft.own("indicators")[event.indicator] = event.value


@on(e.RatingsLocked)
def _(draft: Draft, entry: Entry, event: e.RatingsLocked) -> None:
    draft.locked = True


@on(e.ExerciseEnded)
def _(draft: Draft, entry: Entry, event: e.ExerciseEnded) -> None:
    draft.phase, draft.clock = "ended", draft.clock.stand(entry.exercise_ms)
    draft.ended_wall_ms, draft.ended_ms = entry.wall_ms, entry.exercise_ms
    draft.ended_how, draft.ended_note = event.how, event.note
    draft.wall = WallTurn(entry.seq, "timeline")
    if draft.pauses and draft.pauses[-1].until_wall_ms is None:
        draft.own("pauses")[-1] = replace(draft.pauses[-1], until_wall_ms=entry.wall_ms)


@on(e.ExerciseReopened)
def _(draft: Draft, entry: Entry, event: e.ExerciseReopened) -> None:
    draft.phase, draft.locked = "running", False
    draft.ended_wall_ms = draft.ended_ms = draft.ended_how = None
    draft.ended_note = ""
    draft.wall = WallTurn(entry.seq)
    draft.own("pauses").append(Pause(entry.seq, entry.exercise_ms, entry.wall_ms, "reopened", ""))


@on(e.EmergencyRaised)
def _(draft: Draft, entry: Entry, event: e.EmergencyRaised) -> None:
    _drop_emergency(draft)
    draft.emergency = Emergency(event.seat, event.site, entry.wall_ms)
    if draft.clock.running:
        _stand(draft, entry, "emergency", event.site)


@on(e.EmergencyConfirmed)
def _(draft: Draft, entry: Entry, event: e.EmergencyConfirmed) -> None:
    raised = entry.wall_ms if draft.emergency is None else draft.emergency.raised_wall_ms
    draft.emergency = Emergency(event.seat, event.site, raised, confirmed=True)
    if draft.clock.running:
        _stand(draft, entry, "emergency", event.site)


@on(e.EmergencyStoodDown)
def _(draft: Draft, entry: Entry, event: e.EmergencyStoodDown) -> None:
    _drop_emergency(draft)


@on(e.Retracted)
def _(draft: Draft, entry: Entry, event: e.Retracted) -> None:
    draft.own("retracted")[event.event] = Retraction(entry.seq, event.reason, entry.actor)


@on(e.DriverChanged)
def _(draft: Draft, entry: Entry, event: e.DriverChanged) -> None:
    draft.driver = event.holder

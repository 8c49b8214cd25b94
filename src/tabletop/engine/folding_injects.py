"""Folds what the room is told and asked: injects, questions and answers, the wall."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tabletop.exercise.injects import Inject

from . import events as e
from .draft import Draft, change_ask, change_inject, hear, on
from .events import Entry
from .state import UNASKED, UNTOUCHED, Answer, AskTurn, EffectRecord, WallTurn
from .state_time import Fitted, KeptBack

OUT_OF_TIME = "out-of-time"
"""Why a cut inject is not played: a code, worded where it is shown."""


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
    change_inject(draft, event.inject, gone=gone, reason=event.reason)


@on(e.InjectDelayed)
def _(draft: Draft, entry: Entry, event: e.InjectDelayed) -> None:
    record = draft.injects.get(event.inject, UNTOUCHED)
    change_inject(draft, event.inject, delayed_ms=record.delayed_ms + event.by_ms)


@on(e.InjectKeptBack)
def _(draft: Draft, entry: Entry, event: e.InjectKeptBack) -> None:
    change_inject(draft, event.inject, kept=KeptBack(entry.seq, entry.exercise_ms, entry.actor, event.reason))


@on(e.InjectsSlid)
def _(draft: Draft, entry: Entry, event: e.InjectsSlid) -> None:
    injects = draft.own("injects")
    for inject_id in event.injects:
        record = injects.get(inject_id, UNTOUCHED)
        injects[inject_id] = replace(record, delayed_ms=record.delayed_ms + event.by_ms)


@on(e.PlanFitted)
def _(draft: Draft, entry: Entry, event: e.PlanFitted) -> None:
    for inject_id in event.cut:
        change_inject(draft, inject_id, gone="skipped", reason=OUT_OF_TIME)
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
        change_inject(
            draft,
            event.inject,
            acknowledged={**record.acknowledged, event.role: entry.exercise_ms},
            acknowledged_seq={**record.acknowledged_seq, event.role: entry.seq},
        )
    hear(draft, event.role, entry.exercise_ms)


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
    hear(draft, event.role, at_ms)


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
    revealed = record.revealed, record.revealed_seq, record.revealed_ms
    change_ask(draft, ask_id, turns=(*record.turns, AskTurn(entry.seq, record.closed, record.extended_ms, *revealed)))


@on(e.AskClosed)
def _(draft: Draft, entry: Entry, event: e.AskClosed) -> None:
    _turn_ask(draft, entry, event.ask, closed=True)


@on(e.AskReopened)
def _(draft: Draft, entry: Entry, event: e.AskReopened) -> None:
    _turn_ask(draft, entry, event.ask, closed=False)


@on(e.AnswersRevealed)
def _(draft: Draft, entry: Entry, event: e.AnswersRevealed) -> None:
    change_ask(draft, event.ask, revealed="names" if event.names else "counts", revealed_seq=entry.seq, revealed_ms=entry.exercise_ms)
    _turn_ask(draft, entry, event.ask, closed=True)


@on(e.WallTurned)
def _(draft: Draft, entry: Entry, event: e.WallTurned) -> None:
    before = draft.wall.behind if draft.wall.view == "blank" else draft.wall
    behind = before if event.view == "blank" else None
    draft.wall = WallTurn(entry.seq, event.view, event.inject, event.ask, entry.wall_ms, event.span_ms, behind)

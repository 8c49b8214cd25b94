"""Folds what people in the room do and how it is judged: who plays what, words, marks, ratings."""

from __future__ import annotations

from dataclasses import replace

from . import events as e
from .draft import Draft, hear, on
from .events import Entry
from .state import ActionMark, BehaviourScore, Breach, Decision, Note, Person, Rating, RoleMessage, Staffing


@on(e.RoleStaffed)
def _(draft: Draft, entry: Entry, event: e.RoleStaffed) -> None:
    staffing = draft.own("staffing")
    staffing[event.role] = (*staffing.get(event.role, ()), Staffing(entry.exercise_ms, event.by, event.with_role, entry.seq))


@on(e.RolesStaffed)
def _(draft: Draft, entry: Entry, event: e.RolesStaffed) -> None:
    staffing = draft.own("staffing")
    for role in (*event.people, *event.control):
        by: e.StaffedBy = "people" if role in event.people else "control"
        staffing[role] = (*staffing.get(role, ()), Staffing(entry.exercise_ms, by, seq=entry.seq))


@on(e.PersonSeated)
def _(draft: Draft, entry: Entry, event: e.PersonSeated) -> None:
    # Who joined beside the holders and is one of them now is there once.
    beside = event.before if event.holder == "+" else event.name
    _leave(draft, event.role, "+", beside, entry, renamed=True)
    if event.holder != "+":
        _leave(draft, event.role, event.holder, "", entry, renamed=True)
    draft.own("people").append(Person(event.role, event.holder, event.name, entry.exercise_ms, since_seq=entry.seq))


@on(e.PersonLeft)
def _(draft: Draft, entry: Entry, event: e.PersonLeft) -> None:
    _leave(draft, event.role, event.holder, event.name, entry)


def _leave(draft: Draft, role: str, holder: str, name: str, entry: Entry, *, renamed: bool = False) -> None:
    """Nobody is at a place any more; beside the holders, one who is called `name`."""
    for index, person in enumerate(draft.people):
        here = (person.role, person.holder) == (role, holder) and person.left_ms is None
        if here and (holder != "+" or person.name == name):
            draft.own("people")[index] = replace(person, left_ms=entry.exercise_ms, left_seq=entry.seq, renamed=renamed)


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
    hear(draft, event.role, event.said_ms)


@on(e.RoleHeard)
def _(draft: Draft, entry: Entry, event: e.RoleHeard) -> None:
    hear(draft, event.role, event.said_ms)


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
        Note(
            entry.seq,
            entry.actor,
            event.said_ms,
            event.category,
            event.text,
            event.role,
            event.objective,
            event.evaluator,
            event.person,
        )
    )


@on(e.MessageSent)
def _(draft: Draft, entry: Entry, event: e.MessageSent) -> None:
    draft.own("messages").append(
        RoleMessage(entry.seq, event.said_ms, event.role, event.to, event.text, entry.exercise_ms, actor=entry.actor)
    )
    hear(draft, event.role, event.said_ms)


@on(e.MessageAcknowledged)
def _(draft: Draft, entry: Entry, event: e.MessageAcknowledged) -> None:
    for index, message in enumerate(draft.messages):
        if message.seq == event.message and message.acknowledged_ms is None:
            draft.own("messages")[index] = replace(
                message, acknowledged_ms=entry.exercise_ms, acknowledged_seq=entry.seq, read_back=event.text
            )
    hear(draft, event.role, entry.exercise_ms)


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

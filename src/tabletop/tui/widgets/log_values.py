"""The sentence of each event, and what it needs: one function an event, or for several that need the same.

Owns: the values of the words `log.KIND`. Refuses to own: the row they stand in (`log_rows`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from tabletop.engine import events as e
from tabletop.engine.emergency import pressed_at
from tabletop.engine.events import AnyEvent
from tabletop.engine.standing import standing
from tabletop.words import find

from ..look import line, span_text
from ..scene import Scene
from ..seat_names import person_named, seat_title, site_title
from .clock_line import PAUSE_CODES

Values = dict[str, object]
MakeT = TypeVar("MakeT", bound=Callable[[Scene, Any], dict[str, object]])

VALUES: dict[type[e.Event], Callable[[Scene, Any], Values]] = {}
"""By event; those that are not here need at most a role and a stretch of time."""


def _of(*kinds: type[e.Event]) -> Callable[[MakeT], MakeT]:
    def keep(make: MakeT) -> MakeT:
        VALUES.update(dict.fromkeys(kinds, make))
        return make

    return keep


def entry_text(scene: Scene, event: AnyEvent, seq: int = 0) -> str:
    """What happened, in one line. `seq`: its place in the log, where that is known: an answer that took the place of one says so."""
    make = VALUES.get(type(event))
    values = {**({} if make is None else make(scene, event)), **_shared(scene, event)}
    if isinstance(event, e.AnswerGiven):
        given = (answer for answer in scene.state.ask(event.ask).history if answer.seq == seq)
        values["answered"] = scene.words("log.answer-changed" if any(answer.amends for answer in given) else "log.answered")
    return " ".join(scene.words(f"log.{event.kind}", **values).split())


def _shared(scene: Scene, event: AnyEvent) -> Values:
    """Fields that many events share: a role, a stretch of time."""
    role = getattr(event, "role", None)
    values: Values = {} if role is None else {"role": scene.role(role) if role else ""}
    for name in ("by_ms", "gap_ms", "at_ms"):
        if hasattr(event, name):
            values["time"] = span_text(getattr(event, name))
    return values


# The run and its clock.


@_of(e.PaceChosen, e.RunCreated)
def _(scene: Scene, event: e.PaceChosen | e.RunCreated) -> Values:
    return {"pace": scene.words(f"console.pace-{event.pace}")}


@_of(e.ParameterSet)
def _(scene: Scene, event: e.ParameterSet) -> Values:
    known = scene.exercise.parameters.get(event.name)
    title = "" if known is None else line(known.title, scene.language)
    return {"name": title or event.name, "value": line(event.value, "")}


@_of(e.CheckTicked)
def _(scene: Scene, event: e.CheckTicked) -> Values:
    known = find(f"briefing.check.{event.check}", scene.words.language) is not None
    check = scene.words(f"briefing.check.{event.check}") if known else event.check
    return {"check": check, "done": "✓" if event.done else "–"}


@_of(e.SlotBooked)
def _(scene: Scene, event: e.SlotBooked) -> Values:
    """For how long, or until when, the room was booked."""
    words = scene.words
    if event.until_wall_ms:
        return {"booking": words("log.booked-until", time=f"{datetime.fromtimestamp(event.until_wall_ms / 1000):%H:%M}")}
    minutes = event.slot_ms // 60_000
    return {"booking": words("log.booked-slot", minutes=minutes) if event.slot_ms else words("log.booked-not")}


@_of(e.ClockPaused, e.PauseExplained)
def _(scene: Scene, event: e.ClockPaused | e.PauseExplained) -> Values:
    words = scene.words
    reason = words(f"console.pause-{event.reason}") if event.reason in PAUSE_CODES else line(event.reason, "")
    site = getattr(event, "site", "")
    return {"reason": " ".join((words("door.paused-by", site=site_title(scene.plan, site, scene.language)), reason)) if site else reason}


@_of(e.SpeedChanged)
def _(scene: Scene, event: e.SpeedChanged) -> Values:
    return {"speed": f"{event.speed:g}"}


@_of(e.ClockGap)
def _(scene: Scene, event: e.ClockGap) -> Values:
    return {"counted": scene.words("log.counted" if event.counted else "log.left-out")}


@_of(e.ExerciseEnded)
def _(scene: Scene, event: e.ExerciseEnded) -> Values:
    return {"how": scene.words(f"console.ended-{event.how}")}


@_of(e.DriverChanged)
def _(scene: Scene, event: e.DriverChanged) -> Values:
    return {"holder": line(event.holder, "")}


@_of(e.Retracted)
def _(scene: Scene, event: e.Retracted) -> Values:
    back = scene.state.retracted.get(event.event)
    return {"seq": event.event, "what": "" if back is None or back.entry is None else entry_text(scene, back.entry.event, back.entry.seq)}


# A real emergency.


@_of(e.EmergencyRaised, e.EmergencyConfirmed)
def _(scene: Scene, event: e.EmergencyRaised | e.EmergencyConfirmed) -> Values:
    """The place and the seat, as the screen of an emergency names them."""
    place = line(pressed_at(scene.plan, event), scene.language)
    return {"seat": " · ".join(part for part in (place, seat_title(scene.plan, event.seat, scene.words)) if part)}


@_of(e.PersonCounted)
def _(scene: Scene, event: e.PersonCounted) -> Values:
    state = scene.words("headcount.counted" if event.there else "headcount.missing")
    return {"state": state, "who": person_named(scene.plan, event.person, scene.words)}


@_of(e.EmergencyStoodDown)
def _(scene: Scene, event: e.EmergencyStoodDown) -> Values:
    words = scene.words
    who = words("headcount.between").join(person_named(scene.plan, person, words) for person in event.missing)
    return {"reason": line(event.reason, ""), "missing": words("log.stood-down-missing", who=who) if who else ""}


# What the room is told and asked.


@_of(e.InjectDelayed, e.InjectAcknowledged, e.ProbeShown, e.HintShown)
def _(scene: Scene, event: e.InjectDelayed | e.InjectAcknowledged | e.ProbeShown | e.HintShown) -> Values:
    return {"inject": scene.title(event.inject)}


@_of(e.InjectReleased, e.InjectSkipped, e.InjectKeptBack)
def _(scene: Scene, event: e.InjectReleased | e.InjectSkipped | e.InjectKeptBack) -> Values:
    return {"inject": scene.title(event.inject), "why": _why(scene, event.reason)}


@_of(e.InjectAdded)
def _(scene: Scene, event: e.InjectAdded) -> Values:
    return {"inject": line(event.inject.get("title"), scene.language)}


@_of(e.InjectsSlid)
def _(scene: Scene, event: e.InjectsSlid) -> Values:
    return {"n": len(event.injects)}


@_of(e.PlanFitted)
def _(scene: Scene, event: e.PlanFitted) -> Values:
    return {"n": len(event.cut), "moved": scene.words("log.fitted-moved", n=len(event.moved)) if event.moved else ""}


@_of(e.WallTurned)
def _(scene: Scene, event: e.WallTurned) -> Values:
    return {"view": scene.words(f"wall.view-{event.view}")}


@_of(e.AnswerGiven)
def _(scene: Scene, event: e.AnswerGiven) -> Values:
    from .owed import value_text

    found = scene.plan.asks.get(event.ask)
    return {
        "ask": _question(scene, event.ask),
        "answer": "" if found is None else value_text(scene, found[1], event.value),
        "next": "" if event.next_report_ms is None else scene.words("log.next-report", time=span_text(event.next_report_ms)),
        "why": _why(scene, event.rationale),
        "person": _person(scene, event.person),
    }


@_of(e.AskExtended)
def _(scene: Scene, event: e.AskExtended) -> Values:
    return {"n": len(event.asks)}


@_of(e.AskClosed, e.AskReopened)
def _(scene: Scene, event: e.AskClosed | e.AskReopened) -> Values:
    return {"ask": _question(scene, event.ask)}


@_of(e.AnswersRevealed)
def _(scene: Scene, event: e.AnswersRevealed) -> Values:
    return {"ask": _question(scene, event.ask), "how": scene.words("log.revealed-names" if event.names else "log.revealed-counts")}


def _question(scene: Scene, ask_id: str) -> str:
    found = scene.plan.asks.get(ask_id)
    return ask_id if found is None else line(found[1].question, scene.language)


def _person(scene: Scene, name: str) -> str:
    return scene.words("log.person", name=line(name, "")) if name else ""


def _why(scene: Scene, reason: str) -> str:
    return scene.words("log.why", reason=line(reason, "")) if reason else ""


# Who is there, and what they say.


@_of(e.RoleStaffed)
def _(scene: Scene, event: e.RoleStaffed) -> Values:
    return {"by": scene.words(f"console.staffed-{event.by}", role=scene.role(event.with_role))}


@_of(e.RolesStaffed)
def _(scene: Scene, event: e.RolesStaffed) -> Values:
    return {"here": scene.roles(event.people) or "–", "control": scene.roles(event.control) or "–"}


@_of(e.PersonSeated)
def _(scene: Scene, event: e.PersonSeated) -> Values:
    code = "seated" if event.holder != "+" else "joined" if not event.before else "renamed"
    values = {"role": scene.role(event.role), "holder": event.holder, "name": line(event.name, ""), "before": line(event.before, "")}
    return {"seated": scene.words(f"log.{code}", **values)}


@_of(e.PersonLeft)
def _(scene: Scene, event: e.PersonLeft) -> Values:
    code = "left" if event.holder != "+" else "left-beside"
    return {"left": scene.words(f"log.{code}", role=scene.role(event.role), holder=event.holder, name=line(event.name, ""))}


@_of(e.DecisionMade)
def _(scene: Scene, event: e.DecisionMade) -> Values:
    return {"text": line(event.text, ""), "why": _why(scene, event.reason), "person": _person(scene, event.person)}


@_of(e.Noted)
def _(scene: Scene, event: e.Noted) -> Values:
    return {"category": scene.words(f"console.category-{event.category}"), "text": line(event.text, "")}


@_of(e.MessageSent)
def _(scene: Scene, event: e.MessageSent) -> Values:
    return {"to": scene.role(event.to), "text": line(event.text, "")}


@_of(e.MessageAcknowledged)
def _(scene: Scene, event: e.MessageAcknowledged) -> Values:
    sent = next((one.text for one in scene.state.messages if one.seq == event.message), "")
    return {"text": line(event.text or sent, ""), "how": scene.words("log.read-back" if event.text else "log.confirmed")}


# How it is judged.


@_of(e.ActionMarked)
def _(scene: Scene, event: e.ActionMarked) -> Values:
    words, found = scene.words, scene.plan.actions.get(event.action)
    return {
        "action": event.action if found is None else line(found[1].title, scene.language),
        "state": words(f"console.standing-{event.state}"),
        "how": words("console.after-hint") if event.prompted else "",
        "other": words("console.by-other", role=scene.role(event.other_role)) if event.other_role else "",
        "rated": _not_rated(scene, event.action),
    }


def _not_rated(scene: Scene, action_id: str) -> str:
    """Says that a mark counts for nothing, because nobody in the room plays the role (scoring: *An unstaffed role owes nothing*)."""
    found = scene.plan.actions.get(action_id)
    if found is None or scene.state.phase != "running" or scene.state.inject(found[0].id).released_ms is None:
        return ""
    known = standing(scene.plan, scene.state, action_id, scene.now_ms)
    return scene.words("log.not-rated", role=scene.role(found[1].by)) if known.state == "not_applicable" else ""


@_of(e.BreachRecorded)
def _(scene: Scene, event: e.BreachRecorded) -> Values:
    act = scene.exercise.prohibited_by_id.get(event.prohibited)
    title = event.prohibited if act is None else line(act.title, scene.language)
    return {"act": title, "corrected": scene.words("log.corrected") if event.corrected else ""}


@_of(e.Rated)
def _(scene: Scene, event: e.Rated) -> Values:
    objective = scene.exercise.objective_by_id.get(event.objective)
    title = event.objective if objective is None else line(objective.title, scene.language)
    return {"evaluator": event.evaluator, "objective": title, "rating": event.rating}


@_of(e.BehaviourScored)
def _(scene: Scene, event: e.BehaviourScored) -> Values:
    return {"evaluator": event.evaluator, "line": scene.words(f"console.behaviour-{event.line}"), "score": event.score}


@_of(e.IndicatorMeasured)
def _(scene: Scene, event: e.IndicatorMeasured) -> Values:
    measured = next((known for known in scene.exercise.indicators if known.id == event.indicator), None)
    if measured is None:
        return {"indicator": event.indicator, "value": f"{event.value:g}"}
    code = f"report.unit-{measured.unit}"
    unit = measured.unit if find(code, scene.words.language) is None else scene.words(code)
    return {"indicator": line(measured.title, scene.language), "value": f"{event.value:g} {unit}".rstrip()}

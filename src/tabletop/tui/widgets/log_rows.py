"""One entry of the log in words: for the list of the last events, the log page, and the question before something is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.content import Content

from tabletop.engine import events as e
from tabletop.engine.events import AnyEvent, Entry
from tabletop.engine.rights import PRACTICE
from tabletop.engine.standing import standing
from tabletop.words import Words

from ..look import line, plain, span_text, spread
from ..practice import quoted
from ..scene import Scene
from ..seat_names import seat_title, site_title
from .clock_line import PAUSE_CODES

QUIET = (e.ParameterSet, e.CheckTicked, e.PaceChosen, e.PauseExplained, e.WallTurned)
"""Events that the short list leaves out."""


def last_rows(scene: Scene, entries: Sequence[Entry], width: int, height: int) -> list[Content]:
    """The newest events, newest first."""
    rows: list[Content] = []
    for entry in reversed(entries):
        if len(rows) == height:
            break
        if not isinstance(entry.event, QUIET):
            rows.append(entry_row(scene, entry, width))
    return rows


def entry_row(scene: Scene, entry: Entry, width: int, *, cursor: bool = False, seq: bool = False) -> Content:
    """Time, and what happened; what was taken back says so."""
    gone = entry.seq in scene.state.retracted
    head = f"{entry.seq:>4}  {span_text(entry.exercise_ms):>7} " if seq else f"{span_text(entry.exercise_ms):>7} "
    said = said_text(scene, entry) or entry_text(scene, entry.event)
    text = plain(said, "strike" if gone else "")
    back = Content.styled(scene.words("log.taken-back"), "$text-warning") if gone else Content("")
    content = spread(Content.assemble((head, "$text-muted"), text), back, width)
    return content.stylize("reverse") if cursor else content


def said_text(scene: Scene, entry: Entry) -> str:
    """What one of the simulated people of a practice run says; empty for everything else."""
    event = entry.event
    if not isinstance(event, e.Noted) or not entry.actor.startswith(PRACTICE):
        return ""
    return scene.words("practice.says", who=scene.role(event.role), text=quoted(event.text))


def entry_text(scene: Scene, event: AnyEvent) -> str:
    """What happened, in one line."""
    return " ".join(scene.words(f"log.{event.kind}", **_values(scene, event)).split())


def _values(scene: Scene, event: AnyEvent) -> dict[str, object]:
    """What the sentence of an event needs."""
    words = scene.words
    values: dict[str, object] = {}
    match event:
        case e.InjectReleased() | e.InjectSkipped() | e.InjectDelayed() | e.InjectAcknowledged() | e.ProbeShown() | e.HintShown():
            values["inject"] = scene.title(event.inject)
        case e.InjectAdded():
            values["inject"] = line(event.inject.get("title"), scene.language)
        case e.InjectsSlid():
            values["n"] = len(event.injects)
        case e.PlanFitted():
            values |= {"n": len(event.cut), "moved": words("log.fitted-moved", n=len(event.moved)) if event.moved else ""}
        case e.SlotBooked():
            values["booking"] = booked_text(event, words)
        case e.RolesStaffed():
            values |= {"here": scene.roles(event.people) or "–", "control": scene.roles(event.control) or "–"}
        case e.AnswerGiven():
            values |= {"ask": _question(scene, event.ask), "answer": _answer(scene, event)}
            values["why"] = words("log.why", reason=line(event.rationale, "")) if event.rationale else ""
            values["person"] = f"({line(event.person, '')})" if event.person else ""
        case e.MessageAcknowledged():
            sent = next((one.text for one in scene.state.messages if one.seq == event.message), "")
            values["text"] = line(event.text or sent, "")
        case e.AskClosed() | e.AskReopened() | e.AnswersRevealed():
            values["ask"] = _question(scene, event.ask)
        case e.WallTurned():
            values["view"] = words(f"wall.view-{event.view}")
        case e.AskExtended():
            values["n"] = len(event.asks)
        case e.ActionMarked():
            values |= {"action": _action(scene, event.action), "state": words(f"console.standing-{event.state}")}
            values["how"] = words("console.after-hint") if event.prompted else ""
            values["other"] = words("console.by-other", role=scene.role(event.other_role)) if event.other_role else ""
            values["rated"] = _not_rated(scene, event.action)
        case e.BreachRecorded():
            act = scene.exercise.prohibited_by_id.get(event.prohibited)
            values |= {"act": event.prohibited if act is None else line(act.title, scene.language)}
            values["corrected"] = words("log.corrected") if event.corrected else ""
        case e.DecisionMade():
            values |= {"text": line(event.text, ""), "why": words("log.why", reason=line(event.reason, "")) if event.reason else ""}
        case e.Noted():
            values |= {"category": words(f"console.category-{event.category}"), "text": line(event.text, "")}
        case e.MessageSent():
            values |= {"to": scene.role(event.to), "text": line(event.text, "")}
        case e.RoleStaffed():
            values["by"] = words(f"console.staffed-{event.by}", role=scene.role(event.with_role))
        case e.PersonSeated():
            values |= {"name": event.name, "holder": event.holder}
        case e.PersonLeft():
            values["holder"] = event.holder
        case e.ClockPaused() | e.PauseExplained():
            reason = words(f"console.pause-{event.reason}") if event.reason in PAUSE_CODES else line(event.reason, "")
            site = getattr(event, "site", "")
            values["reason"] = " ".join((words("door.paused-by", site=site_title(scene.plan, site)), reason)) if site else reason
        case e.SpeedChanged():
            values["speed"] = f"{event.speed:g}"
        case e.ClockGap():
            values["counted"] = words("log.counted" if event.counted else "log.left-out")
        case e.PaceChosen() | e.RunCreated():
            values["pace"] = words(f"console.pace-{event.pace}")
        case e.ExerciseEnded():
            values["how"] = words(f"console.ended-{event.how}")
        case e.Rated() | e.BehaviourScored():
            values |= _rating(scene, event)
        case e.IndicatorMeasured():
            titles = {known.id: line(known.title, scene.language) for known in scene.exercise.indicators}
            values |= {"indicator": titles.get(event.indicator, event.indicator), "value": f"{event.value:g}"}
        case e.EmergencyRaised() | e.EmergencyConfirmed():
            values["seat"] = seat_title(scene.plan, event.seat, words)
        case e.EmergencyStoodDown():
            values["reason"] = line(event.reason, "")
        case e.Retracted():
            values |= {"seq": event.event, "what": _retracted(scene, event)}
        case e.DriverChanged():
            values["holder"] = line(event.holder, "")
        case e.ParameterSet():
            values |= {"name": event.name, "value": line(event.value, "")}
        case e.CheckTicked():
            values |= {"check": event.check, "done": "✓" if event.done else "–"}
        case _:
            pass
    values |= _common(scene, event)
    return values


def booked_text(event: e.SlotBooked, words: Words) -> str:
    """For how long, or until when, the room was booked."""
    if event.until_wall_ms:
        return words("log.booked-until", time=f"{datetime.fromtimestamp(event.until_wall_ms / 1000):%H:%M}")
    return words("log.booked-slot", minutes=event.slot_ms // 60_000) if event.slot_ms else words("log.booked-not")


def _common(scene: Scene, event: AnyEvent) -> dict[str, object]:
    """Fields that many events share: a role, a stretch of time."""
    values: dict[str, object] = {}
    role = getattr(event, "role", "")
    if role:
        values["role"] = scene.role(role)
    elif hasattr(event, "role"):
        values["role"] = ""
    for name in ("by_ms", "gap_ms", "at_ms"):
        if hasattr(event, name):
            values["time"] = span_text(getattr(event, name))
    return values


def _question(scene: Scene, ask_id: str) -> str:
    found = scene.plan.asks.get(ask_id)
    return ask_id if found is None else line(found[1].question, scene.language)


def _action(scene: Scene, action_id: str) -> str:
    found = scene.plan.actions.get(action_id)
    return action_id if found is None else line(found[1].title, scene.language)


def _not_rated(scene: Scene, action_id: str) -> str:
    """Says that a mark counts for nothing, because nobody in the room plays the role (scoring: *An unstaffed role owes nothing*)."""
    found = scene.plan.actions.get(action_id)
    if found is None or scene.state.phase != "running" or scene.state.inject(found[0].id).released_ms is None:
        return ""
    known = standing(scene.plan, scene.state, action_id, scene.now_ms)
    return scene.words("log.not-rated", role=scene.role(found[1].by)) if known.state == "not_applicable" else ""


def _answer(scene: Scene, event: e.AnswerGiven) -> str:
    from .owed import value_text

    found = scene.plan.asks.get(event.ask)
    return "" if found is None else value_text(scene, found[1], event.value)


def _rating(scene: Scene, event: e.Rated | e.BehaviourScored) -> dict[str, object]:
    if isinstance(event, e.BehaviourScored):
        return {"evaluator": event.evaluator, "line": scene.words(f"console.behaviour-{event.line}"), "score": event.score}
    objective = scene.exercise.objective_by_id.get(event.objective)
    title = event.objective if objective is None else line(objective.title, scene.language)
    return {"evaluator": event.evaluator, "objective": title, "rating": event.rating}


def _retracted(scene: Scene, event: e.Retracted) -> str:
    back = scene.state.retracted.get(event.event)
    return "" if back is None or back.entry is None else entry_text(scene, back.entry.event)

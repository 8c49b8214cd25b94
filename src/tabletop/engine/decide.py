"""Deciding: exercise, state, command and time in; events out, or a refusal. Pure."""

from __future__ import annotations

import math
from typing import assert_never

from tabletop.errors import Refused
from tabletop.exercise.parameters import typed, value_of
from tabletop.text import clean, clean_line

from . import commands as c
from . import events as e
from .booking import LEAST_PLAY_MS, LONGEST_MS, MINUTE_MS, SHORTEST_MS, booking_now, shares
from .clock import FASTEST, SLOWEST
from .decide_asks import decide_ask
from .decide_injects import decide_inject
from .decide_room import decide_room
from .decide_wall import decide_wall
from .events import AnyEvent
from .fitting import fit
from .joining import person_name
from .plan import Plan
from .rights import DRIVER, Actor, require
from .state import State, same_person

REOPEN_FREELY_MS = 600_000
"""How long after ENDEX it is taken back without a reason (contract: *Keys*)."""

SECOND_PRESS_MS = 5_000
"""How soon a second press confirms a real emergency (semantics: *Emergency*)."""


IN_EMERGENCY = c.StandDown | c.PressEmergency | c.CountPerson | c.AddNote | c.TakeWheel
"""What is taken in a real emergency; another console may take over, so that somebody can stand it down."""


def decide(plan: Plan, state: State, command: c.Command, wall_ms: int, actor: Actor = DRIVER) -> list[AnyEvent]:
    """The events that `command` brings about at wall time `wall_ms`. Raises Refused where the exercise does not allow it.

    Several events come from one command only when time passes (`Tick`), and at STARTEX of a booked room, where what does not
    fit is cut; everything else a person asks for is one event, so that taking it back is one too. An empty list means that
    nothing changes.
    """
    require(plan, state, command, actor)
    if state.emergency is not None and state.emergency.confirmed and not isinstance(command, IN_EMERGENCY):
        if isinstance(command, c.Tick):
            return []
        raise Refused("refused.emergency", seat=state.emergency.seat)
    at_ms = state.now(wall_ms)
    match command:
        case c.SetParameter() | c.ChoosePace() | c.TickCheck() | c.Start():
            return _briefing(plan, state, command, wall_ms)
        case c.Book():
            return _book(state, command, wall_ms)
        case c.StaffRole() | c.CallRoll() | c.SeatPerson() | c.PersonLeaves():
            return _people(plan, state, command)
        case c.Pause() | c.ExplainPause() | c.Resume() | c.SetSpeed() | c.Jump() | c.Recover() | c.SettleGap():
            return _clock(state, command)
        case c.End() | c.Reopen():
            return _ending(state, command, wall_ms)
        case c.PressEmergency() | c.CountPerson() | c.StandDown():
            return _safety(state, command, wall_ms)
        case c.Retract():
            return _retract(plan, state, command, actor)
        case c.TakeWheel(holder=holder):
            return [e.DriverChanged(holder=clean_line(holder, longest=80))]
        case (
            c.ReleaseInject() | c.SkipInject() | c.DelayInject() | c.KeepInjectBack() | c.SlideInjects() | c.FitPlan() | c.AddInject()
            | c.AcknowledgeInject() | c.ShowProbe() | c.ShowHint() | c.Tick()
        ):  # fmt: skip
            return decide_inject(plan, state, command, wall_ms, at_ms)
        case c.GiveAnswer() | c.ExtendAsks() | c.CloseAsk() | c.ReopenAsk() | c.RevealAnswers():
            return decide_ask(plan, state, command, at_ms)
        case c.TurnWall():
            return decide_wall(plan, state, command)
        case (
            c.RecordDecision()
            | c.HearRole()
            | c.MarkAction()
            | c.RecordBreach()
            | c.AddNote()
            | c.SendMessage()
            | c.AcknowledgeMessage()
            | c.Rate()
            | c.ScoreBehaviour()
            | c.MeasureIndicator()
            | c.LockRatings()
        ):
            return decide_room(plan, state, command, at_ms, actor)
        case _:
            assert_never(command)


def _briefing(plan: Plan, state: State, command: c.BriefingCommand, wall_ms: int) -> list[AnyEvent]:
    if state.started:
        raise Refused("refused.already-started")
    match command:
        case c.SetParameter(name=name, value=value):
            if name not in plan.exercise.parameters:
                raise Refused("refused.no-parameter", name=name)
            return [e.ParameterSet(name=name, value=_parameter(plan, name, clean_line(value)))]
        case c.ChoosePace(pace=pace):
            return [] if pace == state.pace else [e.PaceChosen(pace=pace)]
        case c.TickCheck(check=check, done=done, note=note):
            return [e.CheckTicked(check=clean_line(check), done=done, note=clean_line(note))]
        case c.Start():
            return [e.ExerciseStarted(), *_cut_at_the_start(plan, state, wall_ms)]
        case _:
            assert_never(command)


def _cut_at_the_start(plan: Plan, state: State, wall_ms: int) -> list[AnyEvent]:
    """What the briefing showed comes true: what does not fit into the booking is cut. Nothing, where hardly any play is left."""
    now = booking_now(state, wall_ms)
    if now is None or now.play_left_ms < LEAST_PLAY_MS:
        return []
    fitting = fit(plan, state, round(now.play_left_ms * state.clock.speed), 0)
    if not fitting.changes:
        return []
    moved, moved_ms = tuple(fitting.moved), tuple(fitting.moved.values())
    return [e.PlanFitted(cut=fitting.cut, moved=moved, moved_ms=moved_ms, ends_ms=fitting.ends_ms, talk_ms=fitting.talk_ms)]


def _book(state: State, command: c.Book, wall_ms: int) -> list[AnyEvent]:
    """A booking; once play runs, one of a length counts from now, and there is no brief any more."""
    if state.phase == "ended":
        raise Refused("refused.ended")
    slot_ms, until_ms = command.slot_ms, command.until_wall_ms
    if not slot_ms and not until_ms:
        return [] if state.booking is None else [e.SlotBooked()]
    left_ms = until_ms - wall_ms if until_ms else slot_ms
    if not state.started:
        if not SHORTEST_MS <= left_ms <= LONGEST_MS:
            raise Refused("refused.booking", shortest=SHORTEST_MS // MINUTE_MS, longest=LONGEST_MS // (60 * MINUTE_MS))
        parts = shares(left_ms)
        return [e.SlotBooked(slot_ms=0 if until_ms else slot_ms, until_wall_ms=until_ms, brief_ms=parts.brief_ms, wash_ms=parts.wash_ms)]
    if not 0 < left_ms <= LONGEST_MS:
        raise Refused("refused.booking-running", longest=LONGEST_MS // (60 * MINUTE_MS))
    wash_ms = min(shares(wall_ms + left_ms - (state.started_wall_ms or wall_ms)).wash_ms, left_ms // 2)
    return [e.SlotBooked(until_wall_ms=wall_ms + left_ms, wash_ms=wash_ms)]


def _parameter(plan: Plan, name: str, value: str) -> str:
    """A value that the parameter takes: a run whose exercise cannot be bound could never be opened again."""
    parameter = plan.exercise.parameters[name]
    fits = value_of(parameter.kind, typed(parameter.kind, value)) is not None
    if not fits or (parameter.options and value not in parameter.options):
        raise Refused("refused.bad-parameter", name=name, value=value)
    return value


def _people(plan: Plan, state: State, command: c.PeopleCommand) -> list[AnyEvent]:
    if state.locked and isinstance(command, c.CallRoll | c.StaffRole):
        # Who owed something would change, and the score with it.
        raise Refused("refused.locked")
    if isinstance(command, c.CallRoll):
        return _roll(plan, state, command.here)
    if command.role not in plan.exercise.role_by_id:
        raise Refused("refused.no-role", role=command.role)
    match command:
        case c.StaffRole(role=role, by=by, with_role=with_role):
            if by == "with" and (with_role == role or with_role not in plan.exercise.role_by_id):
                raise Refused("refused.no-role", role=with_role)
            if by == "with" and role in plan.played_with(state, with_role):
                raise Refused("refused.with-circle", role=with_role)
            other = with_role if by == "with" else ""
            last = state.staffing[role][-1] if role in state.staffing else None
            same = by == plan.staffed_by(state, role) and (last is None or last.with_role == other)
            return [] if same else [e.RoleStaffed(role=role, by=by, with_role=other)]
        case c.SeatPerson(role=role, name=name, holder=holder, before=before):
            if not (name := person_name(clean_line(name, longest=80))):
                raise Refused("refused.no-name")
            if holder == "B" and plan.role(role).holders == 1:
                raise Refused("refused.one-holder", role=role)
            there = state.people_at(role)
            if any(p.name == name and holder in (p.holder, "+") for p in there):
                return []
            known = holder == "+" and any(p.name == before and p.holder == "+" for p in there)
            return [e.PersonSeated(role=role, holder=holder, name=name, before=before if known else "")]
        case c.PersonLeaves(role=role, holder=holder, name=name):
            if not any(p.holder == holder and (holder != "+" or p.name == name) for p in state.people_at(role)):
                raise Refused("refused.nobody-there", role=role)
            return [e.PersonLeft(role=role, holder=holder, name=name if holder == "+" else "")]
        case _:
            assert_never(command)


def _roll(plan: Plan, state: State, here: tuple[str, ...]) -> list[AnyEvent]:
    """These are here, control plays the rest; who plays together with somebody who is here goes on doing so."""
    for role in here:
        if role not in plan.exercise.role_by_id:
            raise Refused("refused.no-role", role=role)
    if not here:
        raise Refused("refused.nobody-here")
    by = {role.id: plan.staffed_by(state, role.id) for role in plan.exercise.roles}
    people = tuple(role for role in by if role in here)
    kept = {role for role in by if by[role] == "with" and set(here) & set(plan.played_with(state, role))}
    control = tuple(role for role in by if role not in here and role not in kept)
    same = all(by[role] == "people" for role in people) and all(by[role] == "control" for role in control)
    return [] if same else [e.RolesStaffed(people=people, control=control)]


def _clock(state: State, command: c.Pause | c.ExplainPause | c.Resume | c.SetSpeed | c.Jump | c.Recover | c.SettleGap) -> list[AnyEvent]:
    if not isinstance(command, c.SetSpeed) or state.phase == "ended":
        _require_running(state)
    match command:
        case c.Pause(reason=reason, site=site):
            if not state.clock.running:
                raise Refused("refused.already-paused")
            return [e.ClockPaused(reason=clean_line(reason), site=clean_line(site))]
        case c.ExplainPause(reason=reason):
            if state.clock.running:
                raise Refused("refused.not-paused")
            return [e.PauseExplained(reason=clean_line(reason))]
        case c.Resume():
            if state.clock.running:
                raise Refused("refused.not-paused")
            return [e.ClockResumed()]
        case c.SetSpeed(speed=speed):
            if not (math.isfinite(speed) and SLOWEST <= speed <= FASTEST):
                raise Refused("refused.speed", slowest=SLOWEST, fastest=int(FASTEST))
            return [] if speed == state.clock.speed else [e.SpeedChanged(speed=speed)]
        case c.Jump(by_ms=by_ms):
            if by_ms <= 0:
                raise Refused("refused.jump-back")
            return [e.ClockJumped(by_ms=by_ms)]
        case c.Recover(at_ms=at_ms):
            return [e.ClockRecovered(at_ms=at_ms)]
        case c.SettleGap(gap_ms=gap_ms, counted=counted):
            return [e.ClockGap(gap_ms=max(0, gap_ms), counted=counted)]
        case _:
            assert_never(command)


def _ending(state: State, command: c.End | c.Reopen, wall_ms: int) -> list[AnyEvent]:
    match command:
        case c.End(how=how, note=note):
            _require_running(state)
            return [e.ExerciseEnded(how=how, note=clean_line(note))]
        case c.Reopen(reason=reason):
            if state.phase != "ended":
                raise Refused("refused.not-ended")
            if state.locked:
                # Whoever has seen the score could change what it counts (scoring: lock before the score is shown).
                raise Refused("refused.reopen-locked")
            if not reason.strip() and wall_ms - (state.ended_wall_ms or 0) > REOPEN_FREELY_MS:
                raise Refused("refused.reason-needed")
            return [e.ExerciseReopened(reason=clean_line(reason))]
        case _:
            assert_never(command)


def _safety(state: State, command: c.SafetyCommand, wall_ms: int) -> list[AnyEvent]:
    raised = state.emergency
    match command:
        case c.PressEmergency(seat=seat, site=site):
            if raised is not None and raised.confirmed:
                return []
            if state.locked and raised is None:
                # The record is closed; screens show the emergency all the same.
                raise Refused("refused.emergency-locked")
            seat, site = clean_line(seat), clean_line(site)
            # The clocks of two machines differ a little: the second press may seem the earlier one.
            if raised is not None and abs(wall_ms - raised.raised_wall_ms) <= SECOND_PRESS_MS:
                return [e.EmergencyConfirmed(seat=seat, site=site)]
            return [e.EmergencyRaised(seat=seat, site=site)]
        case c.CountPerson(person=person, there=there):
            if raised is None or not raised.confirmed:
                raise Refused("refused.no-emergency")
            if not (person := clean_line(person, longest=120)):
                raise Refused("refused.no-name")
            is_there = any(same_person(one.person) == same_person(person) for one in raised.counted)
            return [] if is_there == there else [e.PersonCounted(person=person, there=there)]
        case c.StandDown(reason=reason, missing=missing):
            if raised is None:
                raise Refused("refused.no-emergency")
            if not (reason := clean_line(reason)):
                raise Refused("refused.reason-needed")
            return [e.EmergencyStoodDown(reason=reason, missing=tuple(clean_line(person, longest=120) for person in missing))]
        case _:
            assert_never(command)


def _retract(plan: Plan, state: State, command: c.Retract, actor: Actor) -> list[AnyEvent]:
    entry, own = command.entry, command.entry.actor == str(actor)
    if entry.seq in state.retracted:
        raise Refused("refused.already-taken-back")
    if state.locked:
        raise Refused("refused.locked")
    if not isinstance(entry.event, e.TAKEN_BACK_BY_U) or (isinstance(entry.event, e.Rated | e.BehaviourScored) and not own):
        raise Refused("refused.cannot-take-back")
    if not own and not command.reason.strip():
        raise Refused("refused.reason-needed")
    match entry.event:
        case e.InjectReleased(inject=inject_id):
            _require_unanswered(plan, state, inject_id)
        case e.InjectAdded(inject=data):
            if state.inject(str(data.get("id"))).released_ms is not None:
                raise Refused("refused.added-released")
        case _:
            pass
    return [e.Retracted(event=entry.seq, reason=clean(command.reason))]


def _require_unanswered(plan: Plan, state: State, inject_id: str) -> None:
    """A release that somebody has answered or acknowledged stays; raises Refused, saying who."""
    inject = plan.inject_by_id[inject_id]
    who = [role for ask in inject.asks for role in state.ask(ask.id).answers]
    if inject.acknowledge is not None:
        who += list(state.inject(inject_id).acknowledged)
    if who:
        raise Refused("refused.answered", who=", ".join(dict.fromkeys(who)), inject=inject_id)


def _require_running(state: State) -> None:
    if state.phase == "briefing":
        raise Refused("refused.not-started")
    if state.phase == "ended":
        raise Refused("refused.ended")

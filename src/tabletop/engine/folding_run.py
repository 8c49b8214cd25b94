"""Folds what happens to the run itself: set-up, clock, ENDEX, a real emergency, retractions, the driver."""

from __future__ import annotations

from dataclasses import replace

from . import events as e
from .clock import Jump
from .draft import Draft, on
from .events import Entry
from .state import Retraction, WallTurn, same_person
from .state_emergency import Counted, Emergency, confirmed
from .state_time import Booking, Pause


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


@on(e.ExerciseEnded)
def _(draft: Draft, entry: Entry, event: e.ExerciseEnded) -> None:
    draft.phase, draft.clock = "ended", draft.clock.stand(entry.exercise_ms)
    draft.ended_wall_ms, draft.ended_ms = entry.wall_ms, entry.exercise_ms
    draft.ended_how = event.how
    if draft.emergency is not None and not draft.emergency.confirmed:
        # A press that nobody confirmed is over; the screens are to say ENDEX.
        _drop_emergency(draft)
    draft.wall = WallTurn(entry.seq, "timeline")
    if draft.pauses and draft.pauses[-1].until_wall_ms is None:
        draft.own("pauses")[-1] = replace(draft.pauses[-1], until_wall_ms=entry.wall_ms)


@on(e.ExerciseReopened)
def _(draft: Draft, entry: Entry, event: e.ExerciseReopened) -> None:
    draft.phase, draft.locked = "running", False
    draft.ended_wall_ms = draft.ended_ms = draft.ended_how = None
    draft.wall = WallTurn(entry.seq)
    draft.own("pauses").append(Pause(entry.seq, entry.exercise_ms, entry.wall_ms, "reopened", ""))


@on(e.EmergencyRaised)
def _(draft: Draft, entry: Entry, event: e.EmergencyRaised) -> None:
    if draft.emergency is None:
        draft.emergency = Emergency(event.seat, event.site, entry.wall_ms)
    else:
        # Nobody went on meanwhile: whoever pressed before may need help still.
        draft.emergency = draft.emergency.raised_again(event.seat, event.site, entry.wall_ms)
    if draft.clock.running:
        _stand(draft, entry, "emergency", event.site)


@on(e.EmergencyConfirmed)
def _(draft: Draft, entry: Entry, event: e.EmergencyConfirmed) -> None:
    draft.emergency = confirmed(draft.emergency, event.seat, event.site, entry.wall_ms)
    if draft.clock.running:
        _stand(draft, entry, "emergency", event.site)


@on(e.PersonCounted)
def _(draft: Draft, entry: Entry, event: e.PersonCounted) -> None:
    if draft.emergency is not None:
        who = same_person(event.person)
        others = tuple(one for one in draft.emergency.counted if same_person(one.person) != who)
        counted = (*others, Counted(event.person, entry.wall_ms)) if event.there else others
        draft.emergency = replace(draft.emergency, counted=counted)


@on(e.EmergencyStoodDown)
def _(draft: Draft, entry: Entry, event: e.EmergencyStoodDown) -> None:
    if draft.emergency is not None:
        draft.emergency = replace(draft.emergency, over_wall_ms=entry.wall_ms, missing=event.missing)
    _drop_emergency(draft)


@on(e.Retracted)
def _(draft: Draft, entry: Entry, event: e.Retracted) -> None:
    draft.own("retracted")[event.event] = Retraction(entry.seq, event.reason, entry.actor, at_ms=entry.exercise_ms)


@on(e.DriverChanged)
def _(draft: Draft, entry: Entry, event: e.DriverChanged) -> None:
    draft.driver = event.holder

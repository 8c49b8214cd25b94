"""The time the room is booked for, in words the room may see: when the parts end, how many injects that leaves.

Owns: counts. Refuses to own: titles, of injects because they tell what is coming, of objectives because many name what should be done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tabletop.engine.booking import LEAST_PLAY_MS, MINUTE_MS, BookingNow, booking_now
from tabletop.engine.fitting import Fitting, fit
from tabletop.engine.plan import Plan
from tabletop.engine.state import State
from tabletop.words import Words

from .lines import QUIET, STRONG, WARN, Cell, Page


def wall_text(wall_ms: int) -> str:
    """Hours and minutes of a wall time, local."""
    return f"{datetime.fromtimestamp(wall_ms / 1000):%H:%M}"


def minutes_up(ms: int) -> int:
    """Milliseconds in minutes, rounded up: what is left is never said to be nothing while there is some."""
    return -(-ms // MINUTE_MS)


def booked_text(state: State, words: Words) -> str:
    """For how long, or until when, the room is booked."""
    booking = state.booking
    if booking is None:
        return words("fitting.not-booked")
    if booking.until_wall_ms:
        return words("fitting.until", time=wall_text(booking.until_wall_ms))
    return words("fitting.slot", minutes=booking.slot_ms // MINUTE_MS)


@dataclass(frozen=True, slots=True)
class Backwards:
    """A booking planned backwards, in the briefing."""

    now: BookingNow
    fitting: Fitting | None
    """None: hardly any play is left, and nothing will be cut by itself."""
    injects: int
    """Those of the file without holds."""
    by_pace: int
    """Those of them that the pace does not play by itself."""
    objectives: int


def planned_backwards(plan: Plan, state: State, wall_ms: int) -> Backwards | None:
    """What STARTEX would make true now; None where the room is not booked."""
    now = booking_now(state, wall_ms)
    if now is None:
        return None
    enough = now.play_left_ms >= LEAST_PLAY_MS
    fitting = fit(plan, state, round(now.play_left_ms * state.clock.speed), 0) if enough else None
    injects = sum(1 for inject in plan.injects if not inject.held)
    played = injects if fitting is None else len(fitting.kept) + len(fitting.cut)
    return Backwards(now, fitting, injects, injects - played, len(plan.exercise.objectives))


def plan_text(now: BookingNow, words: Words, wall_ms: int) -> str:
    """When brief, play and hot wash end."""
    times = {"startex": now.startex_wall_ms, "play": now.play_until_wall_ms, "ends": now.ends_wall_ms}
    code = "fitting.plan" if now.startex_wall_ms > wall_ms else "fitting.plan-late"
    return words(code, **{name: wall_text(at) for name, at in times.items()})


def count_text(planned: Backwards, words: Words) -> str:
    """How many injects are played, and how long each takes."""
    found = planned.fitting
    if found is None:
        return words("fitting.too-short", minutes=max(0, planned.now.play_left_ms // MINUTE_MS))
    return words("fitting.plays", kept=len(found.kept), all=planned.injects)


def time_lines(page: Page, plan: Plan, state: State, words: Words, wall_ms: int) -> None:
    """The part of the briefing about time: two rows one can stand on, for the booking and for what it leaves out."""
    page.heading(words("fitting.time"))
    planned = planned_backwards(plan, state, wall_ms)
    hint = words("fitting.hint" if planned is None else "fitting.change")
    page.fields([Cell(words("fitting.booked"), 18), Cell(booked_text(state, words), 12, STRONG), Cell(hint, 0, QUIET)], row="booking")
    if planned is None:
        return
    page.text(plan_text(planned.now, words, wall_ms), STRONG, indent=3, row="booking")
    slot_ms = 0 if state.booking is None else state.booking.slot_ms
    # Longer than the booking itself: the briefing was left and comes again, perhaps on another day.
    if MINUTE_MS <= planned.now.brief_over_ms < slot_ms:
        page.text(words("fitting.brief-over", minutes=planned.now.brief_over_ms // MINUTE_MS), WARN, indent=3, row="booking")
    found = planned.fitting
    if found is None:
        page.text(count_text(planned, words), WARN, indent=3, row="booking")
        return
    told = [count_text(planned, words)]
    if state.pace == "discussion" and found.kept:
        each = sum(found.planned_ms.values()) / len(found.kept) / MINUTE_MS
        told.append(words("fitting.each", minutes=f"{each:.1f}".removesuffix(".0")))
    page.text(" · ".join(told), indent=3, row="booking")
    _left_out(page, planned, found, words)


def _left_out(page: Page, planned: Backwards, found: Fitting, words: Words) -> None:
    left_out = []
    if found.cut:
        left_out.append(words("fitting.left-out-time", n=len(found.cut)))
    if planned.by_pace:
        left_out.append(words("fitting.left-out-pace", n=planned.by_pace))
    if found.moved:
        left_out.append(words("fitting.moved", n=len(found.moved)))
    untested = len(found.untested)
    told = (
        words("fitting.untested", n=untested, all=planned.objectives) if untested else words("fitting.all-tested", all=planned.objectives)
    )
    what = " · ".join(left_out) or words("fitting.all-fit")
    page.text(f"{words('fitting.left-out', what=what)} · {told}", indent=3, row="fitting")
    page.text(words("fitting.which"), QUIET, indent=3, row="fitting")

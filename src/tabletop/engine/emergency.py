"""What every screen shows of a real emergency, and of one that is over. Pure.

Refuses to own: who is to be counted (`roll`), who may press or stand down (`rights`, `decide`).
"""

from __future__ import annotations

from typing import Literal

from tabletop.text import Text, localise

from .around import AtDevice
from .plan import Plan
from .rights import Actor
from .roles import place_of, short_name
from .roll import roll
from .state import Emergency, State
from .views import EmergencyOver, RealEmergency


def real_emergency(plan: Plan, state: State, devices: tuple[AtDevice, ...] = ()) -> RealEmergency | None:
    """The emergency that stands: seat and site at once; number, muster point and roll once a second press confirmed it."""
    raised = state.emergency
    if raised is None:
        return None
    real = plan.exercise.real_emergency if raised.confirmed else None
    return RealEmergency(
        raised.seat,
        raised.site,
        raised.raised_wall_ms,
        confirmed=raised.confirmed,
        place=pressed_at(plan, raised),
        roles=tuple(short_name(plan, role) for role in _roles_of(plan, raised.seat)),
        number="" if real is None else real.number,
        muster=None if real is None else real.muster,
        roll=roll(plan, state, devices) if raised.confirmed else (),
    )


def emergency_over(state: State) -> EmergencyOver | None:
    """That the last emergency was stood down, and since when; None where one stands, or none was stood down."""
    last = state.emergencies[-1] if state.emergencies and state.emergency is None else None
    if last is None or last.over_wall_ms is None:
        return None
    resumed = (pause.until_wall_ms for pause in state.pauses if pause.until_wall_ms is not None)
    gone_on = next((at_ms for at_ms in resumed if at_ms >= last.over_wall_ms), None)
    exercise: Literal["running", "paused", "briefing", "ended"] = "paused" if state.paused else state.phase
    if gone_on is not None and state.phase == "running":
        return EmergencyOver(gone_on, exercise, waits=False)
    return EmergencyOver(last.over_wall_ms, exercise, waits=state.paused)


def pause_now(state: State) -> tuple[str, str]:
    """Why the clock stands, and from which site that came; empty: nothing says so. An emergency that is over is the reason no longer."""
    last = state.pauses[-1] if state.pauses else None
    if last is None or (last.reason == "emergency" and state.emergency is None):
        return "", ""
    return last.reason, last.site


def _roles_of(plan: Plan, seat: str) -> tuple[str, ...]:
    """The roles of the seat somebody pressed at; empty where it is none of roles."""
    if seat in plan.exercise.role_by_id:
        return (seat,)
    try:
        named = Actor.parse(seat).roles
    except ValueError:
        return ()
    return tuple(role for role in named if role in plan.exercise.role_by_id)


def pressed_at(plan: Plan, raised: Emergency) -> Text:
    """The place at which it was pressed, as far as the exercise knows one; empty: none.

    A seat that does not say so is where its roles play; at every such place, where they are several: who goes to help looks at each.
    """
    if raised.site:
        return place_of(plan, raised.site)
    sites = dict.fromkeys(site for role in _roles_of(plan, raised.seat) if (site := plan.role(role).site))
    places = [place_of(plan, site) for site in sites]
    if len(places) < 2:
        return places[0] if places else ""
    return {language: " / ".join(localise(place, language) for place in places) for language in plan.exercise.languages}

"""What every screen shows of a real emergency, and of one that is over. Pure.

Refuses to own: who is to be counted (`roll`), who may press or stand down (`rights`, `decide`).
"""

from __future__ import annotations

from typing import Literal

from tabletop.text import Text, localise

from .around import AtDevice
from .events import EmergencyConfirmed, EmergencyRaised
from .plan import Plan
from .rights import Actor
from .roles import place_of, short_name
from .roll import roll
from .state import State
from .state_emergency import Emergency, Press
from .views import EmergencyOver, Paused, RealEmergency


def real_emergency(plan: Plan, state: State, devices: tuple[AtDevice, ...] = ()) -> RealEmergency | None:
    """The emergency that stands: seat and site at once; number, muster point and roll once a second press confirmed it."""
    raised = state.emergency
    if raised is None:
        return None
    real = plan.exercise.real_emergency if raised.confirmed else None
    roles = dict.fromkeys(role for seat in seats_told(plan, raised) for role in _roles_of(plan, seat))
    return RealEmergency(
        raised.seat,
        raised.site,
        raised.raised_wall_ms,
        confirmed=raised.confirmed,
        place=place_told(plan, state, raised),
        roles=tuple(short_name(plan, role) for role in roles),
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


def pause_now(plan: Plan, state: State) -> Paused:
    """Why the clock stands, and from where that came; empty: nothing says so.

    An emergency that is over is the reason no longer; while it stands, its place is the one at which it was pressed.
    """
    last = state.pauses[-1] if state.pauses else None
    if last is None or (last.reason == "emergency" and state.emergency is None):
        return Paused("", "")
    if last.reason == "emergency" and state.emergency is not None:
        return Paused(last.reason, state.emergency.site, place_told(plan, state, state.emergency))
    return Paused(last.reason, last.site, place_of(plan, last.site))


def _roles_of(plan: Plan, seat: str) -> tuple[str, ...]:
    """The roles of the seat somebody pressed at; empty where it is none of roles."""
    if seat in plan.exercise.role_by_id:
        return (seat,)
    try:
        named = Actor.parse(seat).roles
    except ValueError:
        return ()
    return tuple(role for role in named if role in plan.exercise.role_by_id)


def place_told(plan: Plan, state: State, raised: Emergency) -> Text:
    """The place of an emergency as every screen names it: where it was pressed; the run's own site, where no press says; else empty."""
    return pressed_at(plan, raised) or place_of(plan, "" if state.created is None else state.created.site)


def seats_told(plan: Plan, raised: Emergency) -> tuple[str, ...]:
    """The seats that are named beside the place: of the first press, and of each that adds a place."""
    named, known = [raised.seat], set(_sites(plan, raised.presses[0]))
    for press in raised.later:
        if not known.issuperset(sites := _sites(plan, press)):
            named.append(press.seat)
            known.update(sites)
    return tuple(dict.fromkeys(named))


def _sites(plan: Plan, press: Press | EmergencyRaised | EmergencyConfirmed) -> tuple[str, ...]:
    """Where a press came from. A seat that does not say so is where its roles play: at every such place, where they are several."""
    if press.site:
        return (press.site,)
    return tuple(dict.fromkeys(site for role in _roles_of(plan, press.seat) if (site := plan.role(role).site)))


def pressed_at(plan: Plan, raised: Emergency | EmergencyRaised | EmergencyConfirmed) -> Text:
    """The place at which it was pressed, as far as the exercise knows one; empty: none.

    Of several, every one, that of the first press at the head: who goes to help looks at each.
    """
    presses = raised.presses if isinstance(raised, Emergency) else (raised,)
    places = [place_of(plan, site) for site in dict.fromkeys(site for press in presses for site in _sites(plan, press))]
    if len(places) < 2:
        return places[0] if places else ""
    return {language: " / ".join(localise(place, language) for place in places) for language in plan.exercise.languages}

"""What every screen shows of a real emergency, and of one that is over. Pure.

Refuses to own: who is to be counted (`roll`), who may press or stand down (`rights`, `decide`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from tabletop.text import Text, localise

from .around import AtDevice
from .events import EmergencyConfirmed, EmergencyRaised
from .joining import roles_of
from .plan import Plan
from .roles import place_of, short_name
from .roll import roll
from .state import State
from .state_emergency import Emergency, Press
from .views import EmergencyOver, Paused, PressedAt, RealEmergency


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
        raised.since_wall_ms,
        confirmed=raised.confirmed,
        place=place_told(plan, state, raised),
        seats=tuple(
            PressedAt(seat, tuple(short_name(plan, role) for role in _roles_of(plan, seat))) for seat in seats_told(plan, state, raised)
        ),
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
    return tuple(role for role in roles_of(seat) if role in plan.exercise.role_by_id)


def place_told(plan: Plan, state: State, raised: Emergency) -> Text:
    """The place of an emergency as every screen names it: where it was pressed first, and where a later press says that it was besides.

    The run's own site, where the first press does not say; empty where nothing does. Who goes to help looks at each.
    """
    first, *later = raised.presses
    begun = _sites(plan, first) or tuple(filter(None, (_own_site(state),)))
    return _places(plan, (*begun, *(site for press in later for site in _sites(plan, press))))


def _own_site(state: State) -> str:
    """The site at which the run is played; empty: nobody said."""
    return "" if state.created is None else state.created.site


def seats_told(plan: Plan, state: State, raised: Emergency) -> tuple[str, ...]:
    """The seats that are named beside the place: of the first press, of each that adds a place, and of each with which it began anew."""
    named, known = [raised.seat], {*(_sites(plan, raised.presses[0]) or (_own_site(state),))}
    for press in raised.later:
        sites = _sites(plan, press)
        if press.anew or not known.issuperset(sites):
            named.append(press.seat)
            known.update(sites)
    return tuple(dict.fromkeys(named))


def _sites(plan: Plan, press: Press | EmergencyRaised | EmergencyConfirmed) -> tuple[str, ...]:
    """Where a press came from. A seat that does not say so is at the site that it controls, or where its roles play: at every such place,
    where they are several.
    """
    if press.site:
        return (press.site,)
    if controlled := _controlled(plan, press.seat):
        return (controlled,)
    return tuple(dict.fromkeys(site for role in _roles_of(plan, press.seat) if (site := plan.role(role).site)))


def _controlled(plan: Plan, seat: str) -> str:
    """The site whose controller sits at a seat; empty: it is none of theirs."""
    kind, _, name = seat.partition(":")
    return next((site.id for site in plan.exercise.sites if kind == "site" and site.id == name), "")


def pressed_at(plan: Plan, press: EmergencyRaised | EmergencyConfirmed) -> Text:
    """Where one press was, as far as it says: the sites of a seat of a group may be several; empty: nowhere."""
    return _places(plan, _sites(plan, press))


def _places(plan: Plan, sites: Iterable[str]) -> Text:
    """Sites in words, each once."""
    places = [place_of(plan, site) for site in dict.fromkeys(sites)]
    if len(places) < 2:
        return places[0] if places else ""
    return {language: " / ".join(localise(place, language) for place in places) for language in plan.exercise.languages}

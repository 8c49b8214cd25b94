"""REAL EMERGENCY, from every page: the first press pauses everywhere, the second turns every screen.

The page after it has no word of the exercise: number, muster point and roll stand there (product: *What must never happen*, 5).
"""

from __future__ import annotations

import time
from dataclasses import replace
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from tabletop.engine import commands as c
from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.engine.emergency import real_emergency
from tabletop.engine.state import Emergency
from tabletop.errors import TabletopError

from ..passes import LOOKERS
from ..phrases import Phrases
from ..visit import Visit, visitors


def emergency_page(visit: Visit, *, recorded: bool = True, status: int = 200) -> Response:
    """What everybody needs now; also where the record did not take it: an emergency is real without it."""
    now = visit.now
    state = now.state
    if state.emergency is None or not state.emergency.confirmed:
        state = replace(state, emergency=Emergency(visit.who.seat, "", now.wall_ms(), confirmed=True))
    return visit.page(
        "emergency.html",
        status,
        emergency=real_emergency(now.plan, state, now.devices),
        phrases=Phrases(visit.language),
        recorded=recorded,
    )


BOUNCE_S = 0.4
"""Two presses of one browser closer together than that are one: a finger trembles. A page with a script sees to that itself."""


def _site(visit: Visit) -> str:
    """Where a screen hangs; the site of roles is known from their seat."""
    return visit.actor.name if visit.actor.kind in LOOKERS else ""


@visitors(limited=False)
async def press(visit: Visit) -> Response:
    """Somebody pressed. What cannot be recorded is shown here all the same."""
    again = bool((await visit.form()).get("again"))
    browser, now = visit.site.came(visit.who), time.monotonic()
    # One that does not count does not put off the next that does: somebody who hammers is heard.
    if now - browser.pressed_s < BOUNCE_S and not visit.request.headers.get("x-part"):
        return visit.back("alarm")
    browser.pressed_s = now
    try:
        await visit.dispatch(c.PressEmergency(visit.who.seat, _site(visit)))
    except TabletopError:
        if again:
            return emergency_page(visit, recorded=False)
        return visit.page("pressed.html", HTTPStatus.SERVICE_UNAVAILABLE, seconds=SECOND_PRESS_MS // 1000)
    return visit.back("alarm")


ROUTES = [Route("/emergency", press, methods=["POST"])]

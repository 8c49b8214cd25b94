"""REAL EMERGENCY, from every page: the first press pauses everywhere, the second turns every screen.

The page after it has no word of the exercise: number, muster point and roll stand there (product: *What must never happen*, 5).
"""

from __future__ import annotations

import time
from dataclasses import replace
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tabletop.engine import commands as c
from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.engine.emergency import real_emergency
from tabletop.engine.state_emergency import confirmed
from tabletop.errors import TabletopError

from ..passes import LOOKERS, WHERE
from ..phrases import Phrases
from ..visit import Visit, visitors

JUDGES = ("evaluator", "lead", "recorder", "site")
"""Kinds whose pages have a script and a style of their own."""


def emergency_page(visit: Visit, *, recorded: bool = True, status: int = 200) -> Response:
    """What everybody needs now; also where the record did not take it: an emergency is real without it."""
    now = visit.now
    state = now.state
    if state.emergency is None or not state.emergency.confirmed:
        state = replace(state, emergency=confirmed(state.emergency, visit.who.seat, _site(visit), now.wall_ms()))
    # A screen that is asked where it hangs is asked again when it is over.
    asked = visit.request.url.path == WHERE and visit.actor.kind in LOOKERS
    return visit.page(
        "emergency.html",
        status,
        home=WHERE if asked else "",
        looks=visit.actor.kind in LOOKERS,
        judges=visit.actor.kind in JUDGES,
        emergency=real_emergency(now.plan, state, now.devices),
        phrases=Phrases(visit.language),
        recorded=recorded,
    )


BOUNCE_S = 0.4
"""Two presses of one browser closer together than that are one: a finger trembles. A page with a script sees to that itself."""


def _site(visit: Visit) -> str:
    """Where a screen hangs; the site of roles, and of who controls one, is known from their seat."""
    return visit.actor.name if visit.actor.kind in LOOKERS else ""


@visitors(limited=False, own=False)
async def press(visit: Visit) -> Response:
    """Somebody pressed. What cannot be recorded is shown here all the same."""
    form = await visit.form()
    again = bool(form.get("again"))
    browser, now = visit.site.came(visit.who), time.monotonic()
    # One that does not count does not put off the next that does: somebody who hammers is heard.
    if now - browser.pressed_s < BOUNCE_S and not visit.request.headers.get("x-part"):
        return _back(visit, form)
    browser.pressed_s = now
    try:
        pressed = c.PressEmergency(visit.who.seat, _site(visit))
        await visit.dispatch(pressed)
        if again:
            # Of two presses the record did not take the first: it has both from here on, or had somebody else's already.
            await visit.dispatch(pressed)
    except TabletopError:
        if again:
            return emergency_page(visit, recorded=False)
        return visit.page("pressed.html", HTTPStatus.SERVICE_UNAVAILABLE, seconds=SECOND_PRESS_MS // 1000)
    return _back(visit, form)


def _back(visit: Visit, form: FormData) -> Response:
    """To the page on which it was pressed."""
    if form.get("here") == WHERE and visit.actor.kind in LOOKERS:
        return RedirectResponse(f"{WHERE}#alarm", HTTPStatus.SEE_OTHER)
    return visit.back("alarm")


ROUTES = [Route("/emergency", press, methods=["POST"])]

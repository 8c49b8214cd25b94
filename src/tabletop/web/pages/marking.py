"""What evaluators, recorders and site controllers send: marks, notes, decisions, ratings, injects of a site, taking back.

Every form works without a script. `decide` says who may do what; here nothing is allowed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from http import HTTPStatus
from typing import cast, get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tabletop.engine import commands as c
from tabletop.engine.clock import milliseconds_of
from tabletop.engine.events import BehaviourLine, RatingLetter
from tabletop.engine.judging import actions_told
from tabletop.errors import Refused, TabletopError

from ..fields import Fields, fields_of
from ..judging import CATEGORIES
from ..visit import Visit, span, visitors
from .controller import controller_page
from .judge import AGO_S, STATES, Refusal, asked_of, judge_page

JUDGES = ("evaluator", "lead", "recorder", "site")

LONGEST_WRITING_MS = 10 * 60_000
"""Exercise milliseconds after which the first key in a form says nothing any more of when something was said."""

LATER_MS = 120_000
"""By how much an inject is put off, as at the console."""

Command = Callable[[Visit, Fields], c.Command]


def sends(key: str, *kinds: str, place: str = "") -> Callable[[Command], Callable[[Request], Awaitable[Response]]]:
    """Records the command that a form makes, forgets its draft, goes back; or shows the form again with the reason.

    `key` names the form, with fields of it in braces; `place` is where on the page to go back to.
    """

    def around(command: Command) -> Callable[[Request], Awaitable[Response]]:
        @visitors(*(kinds or JUDGES))
        @wraps(command)
        async def handler(visit: Visit) -> Response:
            fields = fields_of(await visit.form())
            named = {name: fields.one(name)[:64] for name in ("expected", "role", "objective", "line", "inject")}
            return await _recorded(visit, key.format_map(named), fields, command, place.format_map(named))

        return handler

    return around


async def _recorded(visit: Visit, key: str, fields: Fields, command: Command, place: str) -> Response:
    actor, asked = visit.actor, asked_of(visit, fields)
    try:
        await visit.record(key, fields, lambda: (command(visit, fields),))
    except TabletopError as error:
        status = HTTPStatus.CONFLICT if isinstance(error, Refused) else HTTPStatus.SERVICE_UNAVAILABLE
        show = controller_page if actor.kind == "site" else judge_page
        return await show(visit, asked_of(visit, fields, fields.one("inject")), Refusal(key, error, fields), status)
    home = visit.site.homes.get(actor.kind, "/")
    return RedirectResponse(f"{home}{asked.query()}#{place or key}", HTTPStatus.SEE_OTHER)


def _said_ms(visit: Visit, fields: Fields) -> int | None:
    """When something was said: at the first key of what is sent or so many seconds before it, or at an exercise time that was typed;
    None: it is not known. Raises Refused."""
    now = visit.now
    if typed := fields.one("at").strip():
        at_ms = milliseconds_of(typed)
        if at_ms is None:
            raise Refused("judged.bad-time")
        if at_ms > now.elapsed_ms:
            raise Refused("judged.time-to-come", time=span(now.elapsed_ms))
        return at_ms
    if now.state.phase == "ended":
        return None
    ago = next((ago for ago in AGO_S if fields.one("ago") == str(ago)), 0)
    begun_ms = milliseconds_of(fields.one("heard"))
    if begun_ms is None or not now.elapsed_ms - LONGEST_WRITING_MS <= begun_ms <= now.elapsed_ms:
        begun_ms = now.elapsed_ms
    return max(0, begun_ms - ago * 1000)


@sends("mark.{expected}", place="action.{expected}")
def mark(visit: Visit, fields: Fields) -> c.Command:
    """What one press says of an expected action; what is left out stays as it stands."""
    action, state = fields.one("expected"), fields.one("state")
    known = next((one for one in actions_told(visit.now.plan, visit.now.state, visit.now.elapsed_ms) if one.action.id == action), None)
    if known is None:
        raise Refused("refused.no-action", action=action)
    other = fields.one("other")
    return c.MarkAction(
        action,
        state if state in STATES else "no_record",
        prompted=True if fields.one("prompted") else None,
        other_role="" if other == known.action.by else other,
        said_ms=_said_ms(visit, fields),
        note=fields.one("note"),
    )


@sends("words.{role}", place="panel")
def words(visit: Visit, fields: Fields) -> c.Command:
    """What a role said: for a recorder its decision, for an evaluator an observation; or only that it spoke."""
    role, text = fields.one("role"), fields.one("text")
    if fields.one("only") or not text.strip():
        return c.HearRole(role, _said_ms(visit, fields))
    if visit.actor.kind in ("recorder", "site"):
        return c.RecordDecision(role, text, reason=fields.one("reason"), said_ms=_said_ms(visit, fields))
    return c.AddNote("observation", text, role=role, evaluator=visit.actor.name, said_ms=_said_ms(visit, fields))


@sends("note", place="note")
def note(visit: Visit, fields: Fields) -> c.Command:
    category = fields.one("category")
    if category not in CATEGORIES:
        raise Refused("judged.no-category")
    return c.AddNote(
        category,
        fields.one("text"),
        role=fields.one("about"),
        objective=fields.one("objective"),
        evaluator=visit.actor.name if visit.actor.kind in ("evaluator", "lead") else "",
        said_ms=None if visit.now.state.phase == "briefing" else _said_ms(visit, fields),
    )


@sends("breach", "evaluator", "lead", place="breach")
def breach(visit: Visit, fields: Fields) -> c.Command:
    """Somebody did what nobody may do."""
    return c.RecordBreach(
        fields.one("prohibited"), fields.one("about"), bool(fields.one("corrected")), fields.one("text"), _said_ms(visit, fields)
    )


@sends("rate.{objective}", "evaluator", "lead", place="objective.{objective}")
def rate(visit: Visit, fields: Fields) -> c.Command:
    """A rating in one's own name; below P with a reason."""
    rating = fields.one("rating")
    if rating not in get_args(RatingLetter):
        raise Refused("judged.no-rating")
    if rating != "P" and not fields.one("text").strip():
        raise Refused("judged.rating-note-missing")
    return c.Rate(visit.actor.name, fields.one("objective"), cast(RatingLetter, rating), fields.one("text"))


@sends("behaviour.{line}", "evaluator", "lead", place="line.{line}")
def behaviour(visit: Visit, fields: Fields) -> c.Command:
    score = fields.one("score")
    return c.ScoreBehaviour(visit.actor.name, cast(BehaviourLine, fields.one("line")), int(score) if score in "12345" and score else 0)


@sends("lock", "evaluator", "lead", place="rate")
def lock(visit: Visit, fields: Fields) -> c.Command:
    """The lead evaluator has finished."""
    if not fields.one("sure"):
        raise Refused("judged.lock-unsure")
    return c.LockRatings()


@sends("back", place="own")
def back(visit: Visit, fields: Fields) -> c.Command:
    """The newest thing one recorded oneself is taken back, if it still is what the button named."""
    entries = (entry for entry in reversed(visit.now.entries) if entry.actor == str(visit.actor) and str(entry.seq) == fields.one("seq"))
    found = next(entries, None)
    if found is None:
        raise Refused("judged.nothing-back")
    return c.Retract(found, fields.one("reason"))


@sends("release.{inject}", "site", place="injects")
def release(visit: Visit, fields: Fields) -> c.Command:
    return c.ReleaseInject(fields.one("inject"), fields.one("reason"))


@sends("skip.{inject}", "site", place="injects")
def skip(visit: Visit, fields: Fields) -> c.Command:
    return c.SkipInject(fields.one("inject"), fields.one("reason"), overtaken=bool(fields.one("overtaken")))


@sends("later.{inject}", "site", place="injects")
def later(visit: Visit, fields: Fields) -> c.Command:
    return c.DelayInject(fields.one("inject"), LATER_MS)


@sends("keep-back.{inject}", "site", place="injects")
def keep_back(visit: Visit, fields: Fields) -> c.Command:
    return c.KeepInjectBack(fields.one("inject"), fields.one("reason"))


@sends("pause", "site", place="clock-stop")
def pause(visit: Visit, fields: Fields) -> c.Command:
    """Stops the clock everywhere; it says where that came from."""
    return c.Pause(fields.one("reason"), visit.actor.name)


@sends("explain", "site", place="clock-stop")
def explain(visit: Visit, fields: Fields) -> c.Command:
    return c.ExplainPause(fields.one("reason"))


ROUTES = [
    Route(f"/judge/{name}", handler, methods=["POST"])
    for name, handler in {
        "mark": mark,
        "words": words,
        "note": note,
        "breach": breach,
        "rate": rate,
        "behaviour": behaviour,
        "lock": lock,
        "back": back,
        "release": release,
        "skip": skip,
        "later": later,
        "keep-back": keep_back,
        "pause": pause,
        "explain": explain,
    }.items()
]

"""Who asks, in which language, and what they get: the frame round every page.

Owns: passes in cookies, languages, pages out of templates. Refuses to own: what stands on a page, rights (engine).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, wraps
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import unquote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from tabletop.conductor import Joined, Pass
from tabletop.engine import commands as c
from tabletop.engine.emergency import emergency_over
from tabletop.engine.events import Entry
from tabletop.engine.rights import Actor
from tabletop.engine.views import OVER_MS
from tabletop.errors import Refused, TabletopError
from tabletop.exercise.durations import clock as whole_clock
from tabletop.exercise.durations import short_clock
from tabletop.text import Text, clean, localise
from tabletop.words import LANGUAGES, Words, closest

from . import drafts
from .connections import EXTENSION
from .fields import Fields, name_of
from .hub import Now, alarmed
from .passes import LOOKERS
from .site import Site, is_recorded, name_in

T = TypeVar("T")

MOST_FIELDS = 200
"""Fields of a form at most."""

TOKENS = 5000
"""Passes whose cookie is remembered."""

PASS_S = 24 * 3600
"""Seconds that a browser keeps a pass."""

_known: dict[tuple[str, str], str] = {}
"""The pass of a run that a cookie stands for, by run and hash of the cookie: it never stands for another."""


class SentOut(Exception):
    """A pass opens nothing any more: its holder was sent out while they sent something."""


class OfAnother(Exception):
    """What is sent was made for another seat, or another run, than the pass that the browser has."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody with a pass."""

    request: Request
    site: Site
    who: Pass
    actor: Actor
    language: str

    @property
    def now(self) -> Now:
        return self.site.hub.now

    @property
    def words(self) -> Words:
        return Words(self.language)

    async def form(self) -> FormData:
        """What was sent with the request, in `application/x-www-form-urlencoded`.

        Raises SentOut, as it may have taken its time to come; OfAnother, where a page without a script was made for another seat.
        """
        form = await self.request.form(max_files=0, max_fields=MOST_FIELDS)
        if await pass_of(self.request) is None:
            raise SentOut
        if form.get("part", self.part) != self.part:
            raise OfAnother
        return form

    @property
    def part(self) -> str:
        """The run and the seat that a page is made for."""
        return f"{cookie_name(self.site.hub.run)} {self.who.seat}"

    async def do(self, work: Callable[[Joined], T]) -> T:
        """Has something recorded on the hub's thread, if the pass opens anything there and then.

        Raises what the work raises, SentOut, TabletopError.
        """
        run, token = self.site.hub.run, token_of(self.request, self.site)

        def recorded(joined: Joined) -> T:
            if joined.store.seats.of(run, token) is None:
                raise SentOut
            return work(joined)

        return await self.site.hub.do(recorded)

    async def dispatch(self, command: c.Command) -> list[Entry]:
        """Decides and records as the actor of the pass; when it returns, it is on the disk. Raises Refused, SentOut, TabletopError."""
        return await self.do(lambda joined: joined.conductor.dispatch(command, self.actor))

    async def record(self, key: str, fields: Fields, make: Callable[[], Sequence[c.Command]]) -> None:
        """Records what a form says, once however often the browser sends it, and forgets its draft. Raises as `dispatch`."""
        actor = self.actor
        async with self.site.once(self.who, name_of(self.request.url.path, fields)) as sending:
            if sending is None:
                await self.forget(key, fields)
                return
            if sending.left is None:
                try:
                    sending.left = [(name_in(sending.name, number), command) for number, command in enumerate(make())]
                except Refused:
                    # What a server recorded that is gone since may be such as nobody could say any more.
                    if not sending.name or not await self.do(lambda joined: is_recorded(joined, sending.name)):
                        raise
                    sending.left = []
            left = sending.left

            def work(joined: Joined) -> None:
                while left:
                    name, command = left[0]
                    joined.conductor.dispatch(command, actor, name=name)
                    del left[0]
                # It is on the disk: a draft that cannot be forgotten is shown once more, and that is all.
                with suppress(TabletopError):
                    drafts.forget(joined, self.who, key, fields, sent=True)

            await self.do(work)

    async def forget(self, key: str, fields: Fields) -> None:
        """Forgets the draft of what is recorded, unless more was typed since. Raises SentOut."""
        with suppress(TabletopError):
            await self.do(lambda joined: drafts.forget(joined, self.who, key, fields, sent=False))

    async def drafts(self) -> Mapping[str, str]:
        """What was typed here and not sent, by form. Raises TabletopError where a page stands already, which asks again.

        Nothing where a page is yet to come and the store cannot say: it comes with its alarm, and asks again by itself.
        """
        try:
            return await self.site.hub.do(lambda joined: drafts.load(joined, self.who))
        except TabletopError:
            if "x-part" in self.request.headers:
                raise
            return {}

    @staticmethod
    def once(sent: Fields | None) -> str:
        """Names what the forms of a page send, where no script does: as they were sent before, if that was not taken."""
        return (sent.one("once")[:64] if sent is not None else "") or secrets.token_hex(8)

    def page(self, template: str, status: int = 200, *, home: str = "", **values: object) -> Response:
        """A page of a template that extends `base.html`; `home`: where it is fetched from again, if not where the pass begins."""
        home = home or self.site.homes.get(self.actor.kind, "/")
        # Nothing is typed at a screen, whose seat says where it hangs.
        seat = "" if self.actor.kind in LOOKERS else self.who.seat
        return page(self.request, template, status, language=self.language, live=True, home=home, seat=seat, **values)

    def back(self, place: str = "", **query: str) -> Response:
        """To where this pass begins, after something was done; `place`: the id of an element there, `query`: what the address asks for."""
        home = self.site.homes.get(self.actor.kind, "/")
        asked = f"?{urlencode(query)}" if query else ""
        return RedirectResponse(f"{home}{asked}{'#' if place else ''}{place}", HTTPStatus.SEE_OTHER)


Page = Callable[[Visit], Awaitable[Response]]
Handler = Callable[[Request], Awaitable[Response]]


def visitors(*kinds: str, limited: bool = True, turned: bool = True, own: bool = True) -> Callable[[Page], Handler]:
    """Lets in passes of these kinds of actors, of any kind where none is named, and sends everybody else where they belong.

    `limited`: whether what is sent counts against what a browser may send (F21). `turned`: whether a confirmed emergency takes the place
    of what it answers. `own`: whether a page sends nothing as somebody who joined in its browser after it was made.
    """

    def around(show: Page) -> Handler:
        @wraps(show)
        async def handler(request: Request) -> Response:
            site: Site = request.app.state.site
            who = await pass_of(request)
            if who is None:
                return _sent_away(request, site)
            site.came(who)
            visit = Visit(request, site, who, site.actor_of(who), language_of(request))
            if own and _is_of_another(visit):
                return _turned(visit, _of_another(request))
            if kinds and visit.actor.kind not in kinds:
                return visit.back() if request.method != "POST" else _turned(visit, unknown_page(request, HTTPStatus.FORBIDDEN))
            if request.method == "POST" and limited and not site.may_send(who):
                return _turned(visit, _too_fast(request))
            if turned and request.method != "POST" and alarmed(visit.now):
                # Nothing of the store is asked any more: it may be what failed.
                return _turned(visit, Response())
            try:
                shown = await show(visit)
            except SentOut:
                return _sent_away(request, site)
            except OfAnother:
                return _turned(visit, _of_another(request))
            except TabletopError as error:
                shown = failed_page(request, error)
            return _turned(visit, shown) if turned else shown

        return handler

    return around


def _is_of_another(visit: Visit) -> bool:
    """Whether a page sends something that was made for another seat, or another run, than the pass that the browser has now."""
    part = unquote(visit.request.headers.get("x-part", ""))
    return visit.request.method == "POST" and bool(part.partition(" ")[2]) and part != visit.part


def _of_another(request: Request) -> Response:
    return told_page(request, HTTPStatus.CONFLICT, Words(language_of(request))("web.of-another"))


def _turned(visit: Visit, shown: Response) -> Response:
    """What is shown; the emergency once it is confirmed, with the same status: what was refused is not recorded."""
    if not alarmed(visit.now) or shown.status_code == HTTPStatus.NO_CONTENT or 300 <= shown.status_code < 400:
        return shown
    from .pages.emergency import emergency_page

    return emergency_page(visit, status=shown.status_code)


async def pass_of(request: Request) -> Pass | None:
    """The pass that the request's cookie stands for; None: it has none, or one that opens nothing any more."""
    site: Site = request.app.state.site
    found = await _held(request, site)
    shows(request, "" if found is None else found.id)
    return found


def address_of(request: Request) -> str:
    """From where somebody asks."""
    return request.client.host if request.client is not None else ""


def shows(request: Request, holder: str) -> None:
    """Its connection is that of somebody who may be here, and is kept longer than a stranger's; empty: it is a stranger's."""
    connection = request.scope.get("extensions", {}).get(EXTENSION)
    if connection is not None:
        connection.shows(holder)


async def _held(request: Request, site: Site) -> Pass | None:
    token = token_of(request, site)
    if not token or len(token) > 200:
        return None
    key = site.hub.run, hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
    if key not in _known:
        found = await site.hub.do(lambda joined: _find(joined, site, token))
        if found is None or found.id not in site.hub.passes:
            return found
        while len(_known) >= TOKENS:
            del _known[next(iter(_known))]
        _known[key] = found.id
    return site.hub.passes.get(_known[key])


def token_of(request: Request, site: Site) -> str:
    """What the browser holds of a pass of this run; empty: nothing."""
    return request.cookies.get(cookie_name(site.hub.run), "")


def _find(joined: Joined, site: Site, token: str) -> Pass | None:
    """The pass of a token. One that is newer than the last look at the doors opens all the same."""
    found = joined.store.seats.of(site.hub.run, token)
    if found is not None and found.id not in site.hub.passes:
        with suppress(TabletopError):
            site.hub.look_at_doors(joined)
    return found


def cookie_name(run: str) -> str:
    """A cookie of its own for every run: one host may serve several, and cookies know no ports."""
    return f"seat-{hashlib.sha256(run.encode()).hexdigest()[:12]}"


def give_pass(request: Request, response: Response, token: str) -> None:
    """Lets the browser keep a pass: out of reach of scripts, sent to us alone and never from elsewhere."""
    site: Site = request.app.state.site
    shows(request, hashlib.sha256(token.encode()).hexdigest())
    # It outlives a browser that is closed and opened again: its code is used up.
    response.set_cookie(
        cookie_name(site.hub.run), token, max_age=PASS_S, httponly=True, samesite="strict", secure=site.settings.tls, path="/"
    )


def _sent_away(request: Request, site: Site) -> Response:
    # During a real emergency nobody reads why they were sent out: the door says what everybody needs.
    if not token_of(request, site) or alarmed(site.hub.now):
        return RedirectResponse("/join", HTTPStatus.SEE_OTHER)
    return page(request, "gone.html", HTTPStatus.FORBIDDEN, home="/seat", over=over_at_the_door(request))


@dataclass(frozen=True, slots=True)
class Over:
    """That a real emergency is over, for somebody without a seat: nothing of the run."""

    since_wall_ms: int
    left_ms: int
    """Milliseconds after which it is to be looked at again."""
    text: str


def over_at_the_door(request: Request) -> Over | None:
    """What is said of a real emergency that is over to somebody without a seat; None where nothing is."""
    site: Site = request.app.state.site
    over = emergency_over(site.hub.now.state)
    wall_ms = site.hub.now.wall_ms()
    if over is None or not over.told(wall_ms):
        return None
    # Whether play goes on is nothing of theirs: the door is not told, and looks again.
    left_ms = over.left_ms(wall_ms)
    return Over(over.since_wall_ms, OVER_MS if left_ms is None else left_ms, Words(language_of(request))("web.over"))


def _too_fast(request: Request) -> Response:
    response = told_page(request, HTTPStatus.TOO_MANY_REQUESTS, Words(language_of(request))("web.too-fast"))
    response.headers["retry-after"] = "1"
    return response


def unknown_page(request: Request, status: int) -> Response:
    """There is nothing here, or not for this request."""
    return told_page(request, status, Words(language_of(request))("web.not-here"))


def failed_page(request: Request, error: Exception) -> Response:
    """What could not be done, in words; the record says no more than that to anybody."""
    words = Words(language_of(request))
    if request.method != "POST":
        return told_page(request, HTTPStatus.SERVICE_UNAVAILABLE, words("web.not-read"), again=True)
    return told_page(request, HTTPStatus.SERVICE_UNAVAILABLE, told(error, words) if isinstance(error, TabletopError) else "")


def told_page(request: Request, status: int, text: str, *, again: bool = False) -> Response:
    """A page with one sentence; `again`: it is asked for again after a while, without a script, too."""
    return page(request, "told.html", status, text=text, again=again)


def told(error: TabletopError, words: Words) -> str:
    """A refusal in words. What else went wrong names files of this machine: people at other devices are told that it is not recorded."""
    # The actor is a name of the log.
    code = "web.not-yours" if error.code == "refused.not-yours" else error.code
    return words(code, **error.values) if isinstance(error, Refused) else words("web.not-recorded")


def page(
    request: Request,
    template: str,
    status: int = 200,
    *,
    language: str = "",
    live: bool = False,
    home: str = "",
    seat: str = "",
    **values: object,
) -> Response:
    """A page out of a template, in the language of the request, for `seat`; a `live` one follows the run, fetched from `home`."""
    spoken = language or language_of(request)
    site: Site = request.app.state.site
    text = (
        environment()
        .get_template(template)
        .render(
            words=Words(spoken),
            language=spoken,
            languages=[name for name in LANGUAGES if name != spoken],
            say=lambda text: say(text, spoken),
            line=lambda text: " ".join(say(text, spoken).split()),
            span=span,
            clock=clock,
            live=live,
            now=site.hub.now,
            home=home,
            seat=seat,
            run_key=cookie_name(site.hub.run),
            memory=site.memory,
            **values,
        )
    )
    response = HTMLResponse(text, status)
    asked = request.query_params.get("lang", "")
    if asked in LANGUAGES:
        response.set_cookie("lang", asked, httponly=True, samesite="strict", secure=site.settings.tls, path="/")
    return response


def language_of(request: Request) -> str:
    """What was asked for with `?lang=`, now or before; else the run's language, so that a room reads one text; else the browser's."""
    for asked in (request.query_params.get("lang", ""), request.cookies.get("lang", "")):
        if asked in LANGUAGES:
            return asked
    site: Site = request.app.state.site
    spoken = site.hub.now.plan.language
    if spoken in LANGUAGES or spoken.startswith("zh"):
        return spoken if spoken in LANGUAGES else "zh-Hans"
    return closest(request.headers.get("accept-language", "").split(",")[0].partition(";")[0].strip() or "en")


def say(text: Text | None, language: str) -> str:
    """A text of the exercise in `language`."""
    return clean(localise(text, language))


def span(ms: int) -> str:
    """A span of time, or a time in a list: `0:31`, `1:02:00`."""
    return short_clock(ms // 1000)


def clock(ms: int) -> str:
    """Exercise time: `0:14:32`."""
    return whole_clock(ms // 1000)


@cache
def environment() -> Environment:
    """Templates: every text is escaped, a name that is not there is a fault."""
    made = Environment(
        loader=PackageLoader("tabletop.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["paragraphs"] = paragraphs
    return made


def paragraphs(text: str) -> Markup:
    """Lines of a text as paragraphs."""
    return Markup("").join(Markup("<p>{}</p>").format(part) for part in text.split("\n") if part.strip())

"""What a player's seat sends: answers, confirmations, messages, decisions, a name, drafts.

Every form works without a script: it is sent, recorded, and the browser goes back to the seat. What is refused comes back as it was
typed. `decide` says who may do what; here nothing is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus

from starlette.responses import Response
from starlette.routing import Route

from tabletop.conductor import Joined
from tabletop.engine import commands as c
from tabletop.engine.joining import person_name
from tabletop.engine.views import Feedback
from tabletop.errors import Refused, TabletopError
from tabletop.text import clean, clean_line

from .. import drafts
from ..fields import LONGEST_KEY, Fields, answer_key, fields_of, kept, name_of, next_report_ms, value_of
from ..signing import sign_in
from ..visit import Visit, visitors
from .door import NAME
from .seat import KEPT, Refusal, answering, called, has_left, seat_page, seen

REPEATED = "web.repeated"
"""The code of a refusal: that is recorded already, word for word."""


def _meant(visit: Visit, fields: Fields, command: c.Command) -> c.Command:
    """The command, unless a page without a script that somebody went back to said it before. Raises Refused."""
    name = name_of(visit.request.url.path, fields)
    if name and "x-part" not in visit.request.headers and visit.site.repeats(visit.who, name):
        raise Refused(REPEATED)
    return command


async def _recorded(visit: Visit, key: str, fields: Fields, command: Callable[[], c.Command], place: str = "") -> Response:
    """`_all_recorded` for a form that says one thing."""
    return await _all_recorded(visit, key, fields, lambda: (command(),), place)


async def _all_recorded(visit: Visit, key: str, fields: Fields, make: Callable[[], Sequence[c.Command]], place: str) -> Response:
    """Records what a form says, forgets its draft, goes back to `place` on the seat; or shows the form again, with the reason."""
    try:
        await visit.record(key, fields, make)
    except TabletopError as error:
        if error.code != REPEATED and not has_left(visit, key, fields):
            with suppress(TabletopError):
                # Whoever has no script finds it again however they come back to the page.
                await _keep(visit, key, fields)
        status = HTTPStatus.CONFLICT if isinstance(error, Refused) else HTTPStatus.SERVICE_UNAVAILABLE
        return await seat_page(visit, Refusal(key, error, fields), status)
    return visit.back(place)


async def _keep(visit: Visit, key: str, fields: Fields) -> bool:
    """Keeps what stands in a form as its draft; False where the seat has too many. Raises TabletopError."""
    return await visit.do(lambda joined: drafts.keep(joined, visit.who, key, kept(fields)))


@visitors("seat", "control")
async def answer(visit: Visit) -> Response:
    """An answer, or another one in its place. A report needs the name of who gives it, which is theirs from then on."""
    fields = fields_of(await visit.form())
    ask_id, role = fields.one("ask"), fields.one("role")
    reporter = person_name(clean_line(fields.one("reporter"), longest=NAME))

    def command() -> c.Command:
        ask = next((ask for ask in seen(visit.now, visit.actor).asks if ask.id == ask_id), None)
        if ask is None:
            raise Refused("web.not-asked")
        person, value = answering(visit, role) or reporter, value_of(ask, fields)
        if ask.answer == "report" and not person:
            raise Refused("web.report-name")
        return c.GiveAnswer(
            ask_id, role, value, person=person, rationale=fields.one("rationale"), next_report_ms=next_report_ms(ask, fields)
        )

    recorded = await _recorded(visit, answer_key(ask_id, role), fields, command, f"ask.{ask_id}")
    # Who reports for one role of a group says nothing of who answers for the others.
    if reporter and visit.actor.roles == (role,) and not called(visit) and recorded.status_code < HTTPStatus.BAD_REQUEST:
        with suppress(TabletopError):
            await _call(visit, reporter)
    return recorded


@visitors("seat", "control")
async def confirm(visit: Visit) -> Response:
    """An inject was received."""
    fields = fields_of(await visit.form())
    inject, role = fields.one("inject"), fields.one("role")
    return await _recorded(visit, f"received.{inject}.{role}", fields, lambda: c.AcknowledgeInject(inject, role))


@visitors("seat", "control")
async def message(visit: Visit) -> Response:
    """A message from one of the seat's roles to another role."""
    fields = fields_of(await visit.form())
    command = c.SendMessage(fields.one("role"), fields.one("to"), fields.one("text"))
    return await _recorded(visit, "message", fields, lambda: _meant(visit, fields, command), "messages")


@visitors("seat", "control")
async def read_back(visit: Visit) -> Response:
    """A message was received and read back."""
    fields = fields_of(await visit.form())
    number = fields.one("message")
    seq = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0
    command = c.AcknowledgeMessage(seq, fields.one("role"), fields.one("text"))
    return await _recorded(visit, f"read.{seq}", fields, lambda: command)


@visitors("seat", "control")
async def decision(visit: Visit) -> Response:
    """A decision of one of the seat's roles that nobody asked for."""
    fields = fields_of(await visit.form())
    role = fields.one("role")
    inject = seen(visit.now, visit.actor).told_last(role)
    command = c.RecordDecision(role, fields.one("text"), reason=fields.one("reason"), person=answering(visit, role), inject=inject)
    return await _recorded(visit, "decision", fields, lambda: _meant(visit, fields, command))


@visitors("seat", "control")
async def feedback(visit: Visit) -> Response:
    """A word after ENDEX, or another one in its place."""
    fields = fields_of(await visit.form())
    key = fields.one("key")
    return await _all_recorded(visit, key, fields, lambda: _word(visit, key, fields), "afterwards")


def _word(visit: Visit, key: str, fields: Fields) -> Sequence[c.Command]:
    """What a word of feedback comes to: itself, and that the one it takes the place of is taken back. Raises Refused."""
    category, role, text = fields.one("category"), fields.one("role"), fields.one("text")
    if category not in ("strength", "gap"):
        raise Refused("web.choose-one")
    word = c.AddNote("strength" if category == "strength" else "gap", text, role=role)
    before = _before(visit, key)
    if before is None:
        return (word,)
    if visit.now.state.locked:
        raise Refused("refused.locked")
    if not _replaces(visit, key, fields):
        return ()
    return word, c.Retract(next(entry for entry in reversed(visit.now.entries) if entry.seq == before.seq))


def _before(visit: Visit, key: str) -> Feedback | None:
    """The word of feedback that stands in a form; None: it is for another one."""
    kind, _, number = key.partition(".")
    if kind != "feedback":
        return None
    return next((one for one in seen(visit.now, visit.actor).feedback if str(one.seq) == number), None)


def _replaces(visit: Visit, key: str, fields: Fields) -> bool:
    """Whether a word of feedback takes the place of another one: that stands still, and says something else."""
    before = _before(visit, key)
    same = fields.one("role"), fields.one("category"), clean(fields.one("text")).strip()
    return before is not None and (before.role, before.category, before.text) != same


@visitors()
async def name(visit: Visit) -> Response:
    """Somebody says what they are called, or that another person sits here now."""
    await _call(visit, person_name(clean_line(fields_of(await visit.form()).one("name"), longest=NAME)))
    return visit.back()


async def _call(visit: Visit, asked: str) -> None:
    """Whoever is at this browser is called so from now on. Raises TabletopError."""
    who, actor, run = visit.who, visit.actor, visit.site.hub.run

    def work(joined: Joined) -> None:
        # Seated first: where that fails nothing has changed, and the same name once more does everything.
        if asked:
            sign_in(joined, actor, asked, who.name)
        if asked != who.name:
            joined.store.seats.rename(run, who.id, asked)
            with suppress(TabletopError):
                visit.site.hub.look_at_doors(joined)

    await visit.do(work)


@visitors("seat", "control", "evaluator", "lead", "recorder", "site")
async def draft_kept(visit: Visit) -> Response:
    """What is typed and not sent; a page without a script comes back with it."""
    fields = fields_of(await visit.form())
    key, part = fields.one("key"), visit.request.headers.get("x-part")
    if not key or len(key) > LONGEST_KEY:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    if has_left(visit, key, fields):
        # Nothing of it is kept over what is typed by those who sit there.
        return Response(status_code=HTTPStatus.CONFLICT if kept(fields) else HTTPStatus.NO_CONTENT) if part else visit.back()
    visit.site.types(visit.who)
    if not await _keep(visit, key, fields):
        return Response(status_code=HTTPStatus.INSUFFICIENT_STORAGE)
    if part:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return visit.back(key, **{KEPT: key})


@visitors("seat", "control", "evaluator", "lead", "recorder", "site")
async def sent(visit: Visit) -> Response:
    """A page whose answer was lost asks whether what it sent to the path `of` is recorded; by that nothing is."""
    fields = fields_of(await visit.form())
    name = name_of(visit.request.query_params.get("of", ""), fields)
    if not name:
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    took = await visit.site.took(visit.who, name)
    # A word of feedback that is recorded, and the one whose place it takes not yet taken back: sent again it is done.
    if not took or _replaces(visit, fields.one("key"), fields):
        return Response(status_code=HTTPStatus.NOT_FOUND)
    await visit.forget(fields.one("key"), fields)
    return Response(status_code=HTTPStatus.NO_CONTENT)


ROUTES = [
    Route("/seat/answer", answer, methods=["POST"]),
    Route("/seat/received", confirm, methods=["POST"]),
    Route("/seat/message", message, methods=["POST"]),
    Route("/seat/read", read_back, methods=["POST"]),
    Route("/seat/decision", decision, methods=["POST"]),
    Route("/seat/feedback", feedback, methods=["POST"]),
    Route("/name", name, methods=["POST"]),
    Route("/draft", draft_kept, methods=["POST"]),
    Route("/sent", sent, methods=["POST"]),
]

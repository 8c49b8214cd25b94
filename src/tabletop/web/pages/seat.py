"""A player's seat: what `seat_view` gives of the roles of a pass, and forms for what may be said there.

Owns: what stands where on the page. Refuses to own: what may be shown (`engine.seats`), and recording (`sending`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from starlette.responses import Response
from starlette.routing import Route

from tabletop.engine.events import AnswerValue
from tabletop.engine.joining import answers_as
from tabletop.engine.rights import Actor, ActorKind
from tabletop.engine.roles import Tent, at_the_table, roles_at_seat
from tabletop.engine.seats import once_asked, seat_view
from tabletop.engine.state import State, same_person
from tabletop.engine.stopped import called_now, stopped
from tabletop.engine.views import Feedback, OwnAnswer, Receipt, Revealed, SeatAsk, SeatMessage, SeatView, Told
from tabletop.errors import Refused, TabletopError
from tabletop.text import Text

from ..fields import CHOSEN_BY_ITSELF, EMPTY, UNSAVED, Fields, answer_key, kept, of_answer, of_draft, value_of
from ..hub import Now
from ..phrases import Phrases
from ..site import Watch
from ..visit import Visit, say, span, told, visitors

KEPT = "kept"
"""In the address of a seat: the form whose draft was kept just now."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A form that was sent and not taken, with everything that was typed."""

    key: str
    error: TabletopError
    fields: Fields


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a role is not played here any more, and what one may say to that: a name, and the words on its button."""

    text: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Unsent:
    """What was typed into a form that is there no more."""

    key: str
    form: str
    """What the form asked for, in words."""
    text: str


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """The form with which one role answers one ask."""

    key: str
    ask: SeatAsk
    role: str
    who: str
    """The role's short name, where the seat has several."""
    own: OwnAnswer | None
    fields: Fields
    no_link: bool
    nameless: bool
    """Whether it is a report of which nobody knows who gives it: there it is asked."""

    @property
    def typed_into(self) -> bool:
        """Whether there is anything to type or to choose."""
        return self.ask.answer != "confirm" or self.ask.rationale != "none"

    def announced_ms(self, now_ms: int) -> int | None:
        """When the next report comes, as the answer that stands said it."""
        return None if self.own is None else self.own.announced_ms(now_ms)

    @property
    def takes(self) -> bool:
        """Whether an answer, or a change of it, is taken now."""
        return takes(self.ask, self.role)


def takes(ask: SeatAsk, role: str) -> bool:
    """Whether a question takes an answer of a role, or a change of it, now."""
    own = next((answer for answer in ask.mine if answer.role == role), None)
    return ask.open and (own is None or not own.fixed)


def seen(now: Now, actor: Actor) -> SeatView:
    """What a seat may show now."""
    roles = [role for role in actor.roles if role in now.plan.exercise.role_by_id]
    return seat_view(now.plan, now.state, roles_at_seat(now.state, now.plan, roles), now.elapsed_ms, actor, now.around)


def watched(now: Now, actor: Actor) -> object:
    """What the page of a seat shows, but for what passes by itself."""
    view = seen(now, actor)
    return replace(view, shared=replace(view.shared, now_ms=0)), [tent.id for tent in contacts(now, view)], now.state.locked


def has_left(visit: Visit, key: str, fields: Fields) -> bool:
    """Whether who is at the device has left the role that a form is for: what is kept of it belongs to those who sit there."""
    kind, plan, state, actor = key.partition(".")[0], visit.now.plan, visit.now.state, visit.actor
    if kind == "feedback":
        return False  # a word afterwards is each device's own
    role = key.rpartition(".")[2] if kind == "answer" else fields.one("role")
    roles = (role,) if role else roles_at_seat(state, plan, [own for own in actor.roles if own in plan.exercise.role_by_id])
    stops = [stopped(plan, state, actor.kind, actor.roles, actor.person, own) for own in roles]
    return bool(stops) and all(stop is not None and stop.why == "left" for stop in stops)


def contacts(now: Now, view: SeatView) -> tuple[Tent, ...]:
    """To whom the seat may write: the other tents on the table that somebody plays."""
    own = {role.id for role in view.roles}
    if not _tents or _tents[0][0] is not now.state:
        _tents[:] = [(now.state, at_the_table(now.plan, now.state))]
    return tuple(tent for tent in _tents[0][1] if tent.id not in own and tent.by != "nobody")


_tents: list[tuple[State, tuple[Tent, ...]]] = []
"""The tents of the newest state: every seat asks for the same. The loop alone asks."""


def called(visit: Visit) -> str:
    """What whoever gave a name at this device is called now; empty where none was given."""
    return called_now(visit.now.state, visit.actor.roles, visit.who.name)


def answering(visit: Visit, role: str) -> str:
    """Who answers for a role, as far as this browser knows."""
    return answers_as(visit.now.state, visit.now.devices, role, called(visit), visit.now.wall_ms())


@visitors("seat", "control")
async def seat(visit: Visit) -> Response:
    """The page of a seat."""
    return await seat_page(visit)


async def seat_page(visit: Visit, refusal: Refusal | None = None, status: int = 200) -> Response:
    """The page as it is now; after a refusal with everything that was typed."""
    drafts = await visit.drafts()
    view = seen(visit.now, visit.actor)
    page = SeatPage(visit, view, drafts, refusal)
    # The newest inject first, and what it asks in its own order.
    order = {told.inject: number for number, told in enumerate(view.told)}
    live = (ask for ask in view.asks if any(takes(ask, role) for role in ask.roles))
    asks = sorted(live, key=lambda ask: -order.get(ask.inject, -1))
    return visit.page(
        "seat.html",
        status,
        view=view,
        shared=view.shared,
        me=visit.who.name if view.stopped is not None else called(visit),
        page=page,
        phrases=page.phrases,
        newest=view.told[-1] if view.told else None,
        asks=[(ask, list(page.forms(ask))) for ask in asks],
        due=[receipt for receipt in view.receipts if page.owes(receipt)],
        before=[told for told in reversed(view.told) if told is not view.told[-1] or page.settled(told.inject)],
        elsewhere=page.settled_elsewhere(),
        unsent=list(page.unsent()),
        unread=[message for message in view.messages if page.unread(message)],
        contacts=contacts(visit.now, view),
    )


@dataclass(frozen=True, slots=True)
class SeatPage:
    """What the template asks."""

    visit: Visit
    view: SeatView
    drafts: Mapping[str, str]
    refusal: Refusal | None

    @property
    def cut(self) -> frozenset[str]:
        """The roles of the seat that are cut off: nothing they say can be sent."""
        return frozenset(role.id for role in self.view.roles if role.no_link)

    def refused_in(self, key: str) -> str:
        """Why what was sent with that form just now was not taken, in words; empty where another was sent, or none."""
        return told(self.refusal.error, self.visit.words) if self.refusal is not None and self.refusal.key == key else ""

    @property
    def still(self) -> bool:
        """Whether something was typed into what was refused."""
        return self.refusal is not None and bool(kept(self.refusal.fields))

    @property
    def phrases(self) -> Phrases:
        return Phrases(self.visit.language)

    @property
    def once(self) -> str:
        """Names what the forms of this page send."""
        return self.visit.once(None if self.refusal is None else self.refusal.fields)

    @property
    def part(self) -> str:
        """Whose its forms are."""
        return self.visit.part

    def fields(self, key: str, recorded: Fields = EMPTY) -> Fields:
        """What stands in a form: what was refused just now, else a draft, else what is recorded."""
        if self.refusal is not None and self.refusal.key == key:
            return self.refusal.fields
        draft = self.drafts.get(key)
        return of_draft(draft) if draft else recorded

    def just_kept(self, key: str) -> bool:
        """Whether what stands in that form was kept as a draft just now, from a page without a script."""
        return self.visit.request.query_params.get(KEPT) == key and self.fields(key).typed

    def forms(self, ask: SeatAsk) -> Iterator[AnswerForm]:
        """A form for each of the seat's roles that is asked, those that have not answered first."""
        answered = {answer.role: answer for answer in ask.mine}
        names = {role.id: role.short for role in self.view.roles}
        for role in sorted(ask.roles, key=lambda role: role in answered):
            key = answer_key(ask.id, role)
            who = self.phrases.line(names[role]) if len(self.view.roles) > 1 else ""
            nameless = ask.answer == "report" and not answering(self.visit, role)
            yield AnswerForm(key, ask, role, who, answered.get(role), self.fields(key, of_answer(ask, role)), role in self.cut, nameless)

    def is_me(self, person: str) -> bool:
        """Whether who is at this browser gave the answer of that person; two people may sit at one role."""
        return not person or same_person(person) in (same_person(called(self.visit)), same_person(self.visit.who.name))

    def owes(self, receipt: Receipt) -> bool:
        """Whether a receipt is still to be confirmed."""
        return receipt.confirmed_ms is None and self.view.shared.phase == "running"

    def unread(self, message: SeatMessage) -> bool:
        """Whether a message is still to be read back."""
        return message.to_me and not message.read_back and self.view.shared.phase == "running"

    def has_form(self, key: str) -> bool:
        """Whether the form of that name is on the page."""
        view = self.view
        keys = {form.key for ask in view.asks for form in self.forms(ask) if form.takes}
        keys |= {f"received.{receipt.inject}.{receipt.role}" for receipt in view.receipts if self.owes(receipt)}
        keys |= {f"read.{message.seq}" for message in view.messages if self.unread(message)}
        keys |= {f"feedback.{word.seq}" for word in view.feedback} | ({"feedback"} if view.shared.phase == "ended" else set())
        return key in keys or (view.shared.phase == "running" and bool(view.playing) and key in ("message", "decision"))

    def unsent(self) -> Iterator[Unsent]:
        """What was typed and cannot be sent any more: its question was closed or taken back, the role went to others, or play is over."""
        if self.view.shared.phase == "briefing":
            return
        asked = {answer_key(ask.id, role): ask for ask in self.view.asks for role in ask.roles}
        gone = {key: self._once_asked(*ask) for key, ask in self._typed_answers() if key not in asked}
        for key in dict.fromkeys((*asked, *gone, "message", "decision")):
            fields = self.fields(key)
            if not fields.typed or self.has_form(key) or self._of_somebody_else(key, fields):
                continue
            said: tuple[str, ...]
            if (ask := asked.get(key) or gone.get(key)) is not None:
                form, said = self.phrases.line(ask.question), (self._chosen(ask, fields), fields.one("rationale"))
            elif key in gone:
                form = self.visit.words("web.unsent-answer")
                said = tuple(value for name, values in fields.values.items() if name not in UNSAVED | CHOSEN_BY_ITSELF for value in values)
            else:
                form, said = self.visit.words(f"web.{key}"), (fields.one("text"), fields.one("reason"))
            if text := " · ".join(part for part in said if part.strip()):
                yield Unsent(key, form, text)

    def _typed_answers(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """The forms of answers of the seat's roles in which something stands, each with ask and role."""
        sent = () if self.refusal is None else (self.refusal.key,)
        own = {role.id for role in self.view.roles}
        for key in (*self.drafts, *sent):
            kind, _, rest = key.partition(".")
            ask, _, role = rest.rpartition(".")
            if kind == "answer" and role in own:
                yield key, (ask, role)

    def _once_asked(self, ask: str, role: str) -> SeatAsk | None:
        now = self.visit.now
        return once_asked(now.plan, now.state, now.entries, self.visit.actor, role, ask)

    def _of_somebody_else(self, key: str, fields: Fields) -> bool:
        """Whether a draft is of whoever sits there now: who left the role shares it no more."""
        sent = self.refusal is not None and self.refusal.key == key
        return not sent and has_left(self.visit, key, fields)

    def _chosen(self, ask: SeatAsk, fields: Fields) -> str:
        """What stands in the form of an ask, as far as it is an answer."""
        try:
            return self.value(ask, value_of(ask, fields))
        except Refused:
            return fields.one("value")

    @property
    def changes(self) -> bool:
        """Whether a word of feedback can be changed still: until the ratings are locked."""
        return not self.visit.now.state.locked

    def of_word(self, word: Feedback) -> Fields:
        """What stands in the form that changes a word of feedback."""
        said = Fields({"role": [word.role], "category": [word.category], "text": [word.text]})
        return self.fields(f"feedback.{word.seq}", said)

    def about(self, ask: SeatAsk) -> Told | None:
        """What a question is about, where that is not what was told last."""
        return next((told for told in self.view.told[:-1] if told.inject == ask.inject), None)

    def say(self, text: Text) -> str:
        """A text of the exercise."""
        return say(text, self.visit.language)

    def question(self, ask: SeatAsk) -> str:
        """What is asked; at a seat of several roles, of which of them, as a station says it."""
        question = self.phrases.line(ask.question)
        return f"{self.roles(ask.roles)} · {question}" if len(self.view.roles) > 1 else question

    def roles(self, ids: Collection[str]) -> str:
        """Short names of some of the seat's roles."""
        return self.phrases.listed(role.short for role in self.view.roles if role.id in ids)

    def titles(self) -> str:
        """What one is called who sits here; a seat of the control team never looks like that of a player."""
        roles = self.phrases.listed(role.title for role in self.view.roles)
        return self.visit.words("codes.title.control", role=roles) if self.visit.actor.kind == "control" else roles

    def receipt_title(self, receipt: Receipt) -> str:
        return next(self.phrases.line(one.title) for one in self.view.told if one.inject == receipt.inject)

    def received(self, inject: str) -> list[str]:
        """That its receipt was confirmed, and when; at a seat of several roles, by which of them."""
        several = len(self.view.roles) > 1
        return [
            f"{self.roles((one.role,))} · {said}" if several else said
            for one in self.view.receipts
            if one.inject == inject and one.confirmed_ms is not None
            for said in [self.visit.words("seat.confirmed", time=span(one.confirmed_ms))]
        ]

    def settled(self, inject: str) -> list[tuple[SeatAsk, OwnAnswer]]:
        """What this seat answered to an inject and can change no more: it stays in sight."""
        asks = (ask for ask in self.view.asks if ask.inject == inject)
        return [(ask, answer) for ask in asks for answer in ask.mine if answer.fixed]

    def settled_elsewhere(self) -> list[tuple[SeatAsk, OwnAnswer]]:
        """The same of questions whose inject others were told."""
        told = {told.inject for told in self.view.told}
        injects = dict.fromkeys(ask.inject for ask in self.view.asks if ask.inject not in told)
        return [said for inject in injects for said in self.settled(inject)]

    def stops(self) -> Iterator[Stop]:
        """The roles that are not played here any more, in words; after ENDEX nothing is played."""
        if self.view.shared.phase == "ended":
            return
        words, me = self.visit.words, self.visit.who.name
        for role in self.view.roles:
            if (found := role.stopped) is None:
                continue
            code = "taken" if found.why == "left" and found.people else found.why
            text = words(f"seat.stopped-{code}", role=self.phrases.line(role.title), people=self.phrases.listed(found.people))
            names = dict.fromkeys((*found.people, me)) if found.why == "left" else ()
            yield Stop(text, tuple((name, words("web.back-again") if name == me else words("web.i-am", name=name)) for name in names))

    def value(self, ask: SeatAsk, value: AnswerValue) -> str:
        return self.phrases.value(ask, value)

    def tally(self, revealed: Revealed) -> list[tuple[str, int, str]]:
        """Each way to answer, how many took it, and who, where that was revealed."""
        return list(self.phrases.tallies(revealed))

    def addressee(self, message: SeatMessage) -> str:
        """The role of this seat that a message went to."""
        return next((sent.to for sent in self.visit.now.state.messages if sent.seq == message.seq), "")


ROUTES = [Route("/seat", seat, methods=["GET"])]
HOMES: dict[ActorKind, str] = {"seat": "/seat", "control": "/seat"}
WATCHES: dict[ActorKind, Watch] = {"seat": watched, "control": watched}

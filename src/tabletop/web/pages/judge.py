"""The page of an evaluator or a recorder: who spoke, expected actions, notes, ratings, what one has recorded oneself.

Owns: what stands where. Refuses to own: what is seen (`judging`), recording (`marking`), rights (engine).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import Route

from tabletop.engine.judging import Unrated, evaluators, newest_marks, unrated
from tabletop.engine.rights import Actor, ActorKind, decided_at
from tabletop.engine.standing import Standing
from tabletop.errors import TabletopError
from tabletop.text import Text

from ..fields import EMPTY, Fields, of_draft
from ..hub import Now
from ..judging import CATEGORIES, ActionRow, JudgeView, OwnRow, judge_view, still
from ..ownwords import own_text
from ..phrases import Phrases
from ..site import Watch
from ..visit import Visit, span, told, visitors

AGO_S = (0, 15, 30, 60, 120)
"""How long ago something may have been said, in seconds."""

STATES = ("done", "partial", "missed", "not_observed", "not_applicable")
"""What a press says of an expected action."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A form that was sent and not taken, with everything that was typed."""

    key: str
    error: TabletopError
    fields: Fields


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for."""

    role: str = ""
    """The role that spoke; empty: everybody's actions are open."""
    inject: str = ""
    """The inject that a site controller has opened."""

    def query(self) -> str:
        from urllib.parse import urlencode

        given = {name: value for name, value in (("role", self.role), ("inject", self.inject)) if value}
        return f"?{urlencode(given)}" if given else ""


def asked_of(visit: Visit, fields: Fields = EMPTY, named: str = "") -> Asked:
    """What is open on the page, as its address or a form of it says; `named`: the inject that a form was about."""
    query, plan = visit.request.query_params, visit.now.plan
    role, inject = query.get("role", "") or fields.one("open"), plan.inject_by_id.get(named or query.get("inject", ""))
    # What is not the site's is as if it were not there: not even its name is said back.
    mine = inject is not None and visit.actor.kind == "site" and decided_at(plan, inject, visit.actor.name)
    return Asked(role if role in plan.exercise.role_by_id else "", inject.id if inject is not None and mine else "")


@visitors("evaluator", "lead", "recorder")
async def judge(visit: Visit) -> Response:
    """The page."""
    return await judge_page(visit, asked_of(visit))


async def judge_page(visit: Visit, asked: Asked, refusal: Refusal | None = None, status: int = 200) -> Response:
    """The page as it is now; after a refusal with everything that was typed."""
    view = judge_view(visit.now, visit.actor)
    page = JudgePage(visit, view, asked, await visit.drafts(), refusal)
    return visit.page("judge.html", status, home=page.here, view=view, shared=view.shared, page=page, phrases=page.phrases)


@dataclass(frozen=True, slots=True)
class JudgePage:
    """What the templates ask."""

    visit: Visit
    view: JudgeView
    asked: Asked
    drafts: Mapping[str, str]
    refusal: Refusal | None = None

    states = STATES
    agos = AGO_S
    span = staticmethod(span)
    categories = CATEGORIES

    @property
    def once(self) -> str:
        """Names what the forms of this page send."""
        return self.visit.once(None if self.refusal is None else self.refusal.fields)

    @property
    def part(self) -> str:
        """Whose its forms are."""
        return self.visit.part

    @property
    def phrases(self) -> Phrases:
        return Phrases(self.visit.language)

    @property
    def kind(self) -> str:
        return self.visit.actor.kind

    @property
    def title(self) -> str:
        """Who sits here."""
        return self.visit.words(f"judged.{self.kind}", name=self.visit.actor.name)

    @property
    def refused(self) -> str:
        """Why what was sent last was not taken; empty where it was."""
        if self.refusal is None:
            return ""
        return told(self.named(self.refusal.error), self.visit.words)

    def named(self, error: TabletopError) -> TabletopError:
        """A refusal with what it speaks of called as this page calls it."""
        return error

    @property
    def evaluates(self) -> bool:
        return self.kind in ("evaluator", "lead")

    @property
    def home(self) -> str:
        """The address of the page."""
        return self.visit.site.homes.get(self.visit.actor.kind, "/")

    @property
    def here(self) -> str:
        """The address of the page as it is open now."""
        return f"{self.home}{self.asked.query()}"

    def fields(self, key: str) -> Fields:
        """What stands in a form: what was refused just now, else a draft."""
        if self.refusal is not None and self.refusal.key == key:
            return self.refusal.fields
        draft = self.drafts.get(key)
        return of_draft(draft) if draft else EMPTY

    def role(self, role_id: str) -> str:
        """Short name of a role."""
        role = self.visit.now.plan.role(role_id)
        return self.phrases.line(role.short or role.title)

    def digit(self, number: int) -> str:
        """The keys of a number: `7`, or `0 3` for 13. Empty beyond 19."""
        return str(number) if number < 10 else f"0 {number - 10}" if number < 20 else ""

    def rows(self) -> list[ActionRow]:
        """The actions of the role that is open; everybody's where none is."""
        return [row for row in self.view.actions if self.asked.role in ("", row.known.action.by)]

    def has_form(self, key: str) -> bool:
        """Whether the form of that name is on the page."""
        kind, _, name = key.partition(".")
        if kind == "mark":
            return any(row.known.action.id == name for row in self.rows())
        if kind == "words":
            return name == self.asked.role
        return kind not in ("back",)

    def state(self, known: Standing) -> str:
        """Where an expected action stands, and by whose word."""
        words, state = self.visit.words, known.state
        if state == "open" and known.deadline_ms is not None:
            return words("judged.state-open-until", time=span(known.deadline_ms))
        time = "" if known.at_ms is None else span(known.at_ms)
        parts = [words(f"judged.state-{state}", time=time).strip()]
        if known.prompted:
            parts.append(words("judged.prompted"))
        if known.source != "none":
            parts.append(self.source(known))
        return " · ".join(parts)

    def source(self, known: Standing) -> str:
        """Whose word it is where an expected action stands; evaluators without their names."""
        words = self.visit.words
        marked = next((mark.actor for mark in self.visit.now.state.marks.get(known.action.id, ()) if mark.seq == known.seq), "")
        kind, _, name = marked.partition(":")
        if kind == "site":
            return words("judged.source-site", site=self.place(name))
        return words("judged.source-recorder", name=name) if kind == "recorder" else words(f"judged.source-{known.source}")

    def unrated(self) -> list[str]:
        """Whose ratings are missing before the lock, and how many."""
        words, found = self.visit.words, []
        for one in _unrated(self.visit.now):
            counts = (("judged.lock-missing-objectives", len(one.objectives)), ("judged.lock-missing-lines", len(one.behaviour)))
            what = ("、" if words.language.startswith("zh") else ", ").join(words(code, n=n) for code, n in counts if n)
            found.append(words("judged.lock-missing", name=one.evaluator, what=what))
        return found

    def mine(self, row: ActionRow) -> str:
        """What one has said oneself of an expected action, and at what exercise time that counts."""
        own = newest_marks(self.visit.now.state, row.known.action.id)[str(self.visit.actor)]
        words, state = self.visit.words, self.visit.words(f"judged.{row.mine}")
        return words("judged.mine", state=state) if own.at_ms is None else words("judged.mine-at", state=state, time=span(own.at_ms))

    @staticmethod
    def entered_later(row: OwnRow) -> bool:
        """Whether what one recorded counts at an earlier time than that at which it was entered."""
        return row.at_ms // 1000 < row.entry.exercise_ms // 1000

    def own(self, row: OwnRow) -> str:
        """Something one has recorded, in words."""
        return own_text(row.entry.event, self.visit.now.plan, self.visit.words)

    def to(self, roles: tuple[Text, ...]) -> str:
        """To whom something was told."""
        words = self.visit.words
        return words("judged.to", roles=self.phrases.listed(roles)) if roles else words("judged.to-all")

    def place(self, site: str) -> str:
        """What a site is called."""
        return next((self.phrases.line(known.title) for known in self.visit.now.plan.exercise.sites if known.id == site), site)


def _unrated(now: Now) -> tuple[Unrated, ...]:
    """Whose ratings are missing."""
    return unrated(now.plan, now.state, evaluators(now.state, now.entries, (device.seat for device in now.devices)))


def watched(now: Now, actor: Actor) -> object:
    """What the page shows, but for what passes by itself. Who locks the ratings is told who has not rated."""
    missing = _unrated(now) if actor.kind == "lead" and now.state.phase == "ended" else ()
    return still(judge_view(now, actor)), missing


ROUTES = [Route("/judge", judge, methods=["GET"])]
HOMES: dict[ActorKind, str] = {"evaluator": "/judge", "lead": "/judge", "recorder": "/judge"}
WATCHES: dict[ActorKind, Watch] = {"evaluator": watched, "lead": watched, "recorder": watched}

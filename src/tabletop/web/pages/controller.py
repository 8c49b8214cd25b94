"""The page of a site controller: injects, roles and actions of one site; the clock stays with the console.

An inject takes two presses: one opens it and shows its text, the other releases it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.responses import Response
from starlette.routing import Route

from tabletop.engine.rights import Actor, ActorKind
from tabletop.engine.state_time import KeptBack
from tabletop.errors import Refused, TabletopError

from ..hub import Now
from ..judging import SiteInject, of_site, site_view, still
from ..site import Watch
from ..visit import Visit, span, visitors
from .judge import Asked, JudgePage, Refusal, asked_of

DEEDS = ("release", "skip", "later", "keep-back")
"""Forms about the inject that is looked at."""

WHY = ("discussion", "break", "technical", "safety", "other")
"""Reasons of a pause that have a word."""


@visitors("site")
async def controller(visit: Visit) -> Response:
    """The page."""
    return await controller_page(visit, asked_of(visit))


async def controller_page(visit: Visit, asked: Asked, refusal: Refusal | None = None, status: int = 200) -> Response:
    """The page as it is now; after a refusal with everything that was typed."""
    view = site_view(visit.now, visit.actor)
    opened = next((row for row in view.injects if row.inject.id == asked.inject), None)
    page = ControllerPage(visit, view.judge, asked, await visit.drafts(), refusal, opened)
    return visit.page(
        "controller.html",
        status,
        home=page.here,
        view=view.judge,
        shared=view.judge.shared,
        place=view,
        opened=opened,
        page=page,
        phrases=page.phrases,
        reasons=WHY,
    )


@dataclass(frozen=True, slots=True)
class ControllerPage(JudgePage):
    """What the template asks."""

    opened: SiteInject | None = None
    """The inject that is looked at."""

    @property
    def offers(self) -> frozenset[str]:
        """What can be done with it now."""
        return frozenset() if self.opened is None or self.view.shared.phase != "running" else self.opened.offers

    def has_form(self, key: str) -> bool:
        kind, _, name = key.partition(".")
        if kind in DEEDS:
            return name == self.asked.inject and kind in self.offers
        return JudgePage.has_form(self, key)

    @property
    def title(self) -> str:
        """Who sits here."""
        return self.visit.words("judged.site", site=self.place(self.visit.actor.name))

    def named(self, error: TabletopError) -> TabletopError:
        """An inject of the site is called by its title."""
        plan = self.visit.now.plan
        inject = plan.inject_by_id.get(str(error.values.get("inject", "")))
        if not isinstance(error, Refused) or inject is None or not of_site(plan, inject, self.visit.actor.name):
            return error
        values = error.values | {"inject": self.phrases.line(inject.title)}
        return Refused(error.code, exit_code=error.exit_code, **values)

    def when(self, row: SiteInject) -> str:
        """Where an inject of the site stands."""
        words = self.visit.words
        if row.status == "waiting" and row.due_ms is None:
            return words("judged.inject-turn")
        if row.kept is not None:
            kept = words("judged.inject-kept_back", who=self.keeper(row.kept), time=span(row.kept.at_ms))
            return kept if row.status == "kept_back" else f"{kept} · {words(f'judged.inject-{row.status}')}"
        time = row.at_ms if row.status == "released" else row.due_ms
        return words(f"judged.inject-{row.status}", time="" if time is None else span(time))

    def keeper(self, kept: KeptBack) -> str:
        """Who keeps an inject back: this site's controller, or the console."""
        who = Actor.parse(kept.actor)
        return self.place(who.name) if who.kind == "site" else self.visit.words("console.seat-console")


def watched(now: Now, actor: Actor) -> object:
    """What the page shows, but for what passes by itself."""
    view = site_view(now, actor)
    return replace(view, judge=still(view.judge))


ROUTES = [Route("/site", controller, methods=["GET"])]
HOMES: dict[ActorKind, str] = {"site": "/site"}
WATCHES: dict[ActorKind, Watch] = {"site": watched}

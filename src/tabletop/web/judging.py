"""What those see who watch and record: expected actions, what was told, what they themselves wrote down. Values for templates. Pure.

Owns: what stands on the pages of evaluators, recorders and site controllers, and in which order. An evaluator sees what was told to
whom, and what is expected then, but nothing that is still to come: a phone lies on the table. A site controller sees the injects of the
site, which that person releases, and nothing of another's. Refuses to own: rights (`engine.rights`), how it looks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import get_args

from tabletop.engine import events as e
from tabletop.engine.events import BehaviourLine, Entry, NoteCategory
from tabletop.engine.judging import actions_told
from tabletop.engine.links import Overdue, cut_now, lateness
from tabletop.engine.plan import Plan
from tabletop.engine.rights import Actor, decided_at, told_at
from tabletop.engine.roles import Tent, at_the_table, place_of, short_name
from tabletop.engine.schedule import Status, lines, timetable
from tabletop.engine.seats import wall_view
from tabletop.engine.standing import Standing, open_asks, role_deadline, soonest_of
from tabletop.engine.state import State
from tabletop.engine.state_time import KeptBack
from tabletop.engine.views import Shared
from tabletop.exercise.injects import Inject
from tabletop.text import Text

from .hub import Now

BEHAVIOUR: tuple[BehaviourLine, ...] = get_args(BehaviourLine)

CATEGORIES: tuple[NoteCategory, ...] = ("observation", "strength", "gap", "parked", "note")
"""What a note of theirs can be. A ruling goes to the wall: the facilitator makes it."""

OVER: tuple[Status, ...] = ("released", "skipped", "overtaken")
"""What nobody waits for any more."""

MOST_OWN = 30
"""Own entries that are listed."""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One expected action: what is known of it, and what this person said of it."""

    number: int
    """Its digit in the list."""
    known: Standing
    owner: Text
    other: Text
    """Who did it, where that was somebody else's role; empty: the owner."""
    mine: str
    """The state this person gave it; empty: none."""


@dataclass(frozen=True, slots=True)
class ToldRow:
    """One inject that was released: what was said, when, to whom."""

    inject: Inject
    at_ms: int
    to: tuple[Text, ...]
    """Short names; empty: the whole room."""


@dataclass(frozen=True, slots=True)
class OwnRow:
    """Something this person recorded."""

    entry: Entry
    at_ms: int
    taken_back: bool
    can_take_back: bool
    """Whether it is the newest that stands: one goes back step by step."""


@dataclass(frozen=True, slots=True)
class Objective:
    """An objective, and how this person rated it."""

    id: str
    title: Text
    lines: tuple[Text, ...]
    rating: str
    note: str


@dataclass(frozen=True, slots=True)
class JudgeView:
    """All that the page of an evaluator or recorder shows."""

    shared: Shared
    cut: tuple[tuple[Text, int], ...]
    """The sites whose link is cut, and since when in exercise milliseconds; for a site controller the own one alone."""
    locked: bool
    tents: tuple[Tent, ...]
    told: tuple[ToldRow, ...]
    """The newest first."""
    actions: tuple[ActionRow, ...]
    own: tuple[OwnRow, ...]
    objectives: tuple[Objective, ...]
    behaviour: tuple[tuple[BehaviourLine, int], ...]
    """Each line and this person's score; 0: none."""


@dataclass(frozen=True, slots=True)
class SiteInject:
    """An inject of a site, as its controller handles it."""

    inject: Inject
    status: Status
    due_ms: int | None
    """When it is due on the exercise clock; None for a hold and in the discussion pace."""
    at_ms: int | None
    """When it was released."""
    to: tuple[Text, ...]
    kept: KeptBack | None
    """Who keeps it back now."""
    mine: bool
    """Whether that is who looks."""
    by_itself: bool
    """Whether it comes by itself: no hold, not kept back, not what the discussion pace sets aside."""

    @property
    def offers(self) -> frozenset[str]:
        """What can be done with it while play runs: `release`, `skip`, `later`, `keep-back`.

        What comes by itself can be kept back: a hold, or what is set aside, waits for a person anyway.
        """
        if self.status in OVER:
            return frozenset()
        later = {"later"} if self.due_ms is not None else set()
        return frozenset({"release", "skip", *later, *({"keep-back"} if self.by_itself else ())})


@dataclass(frozen=True, slots=True)
class SiteAsk:
    """An open question, as far as it is put to roles of a site: of others nobody learns here whether they were asked."""

    title: Text
    """Of its inject; empty where roles elsewhere were told it in private as well."""
    question: Text
    answered: int
    asked: int
    missing: tuple[Text, ...]
    """Short names of those of the site that have not answered."""
    deadline_ms: int | None
    """The one time to show, of those that have not answered; None where there is none, and where they are cut off."""
    over: Overdue | None = None
    """How late they are after that."""


@dataclass(frozen=True, slots=True)
class SiteView:
    """All that a site controller's page shows."""

    judge: JudgeView
    """Roles, actions and own entries, as far as they are the site's."""
    title: Text
    injects: tuple[SiteInject, ...]
    """What is to come first, what was before last."""
    asks: tuple[SiteAsk, ...]
    """Open questions to the site's roles."""


def judge_view(now: Now, actor: Actor) -> JudgeView:
    """The page of an evaluator or recorder."""
    return _view(now, actor, None)


def site_view(now: Now, actor: Actor) -> SiteView:
    """The page of a site controller. Raises KeyError for a site the exercise does not have."""
    plan, state = now.plan, now.state
    titles = {site.id: site.title for site in plan.exercise.sites}
    comes = timetable(plan, state).played
    rows = [
        SiteInject(
            line.inject,
            line.status,
            line.due_ms,
            record.released_ms,
            _short(plan, line.inject.to),
            kept,
            mine=_by(kept, actor),
            by_itself=comes(line.inject),
        )
        for line, record, kept in ((line, line.record, line.record.kept_back) for line in lines(plan, state, now.elapsed_ms))
        if of_site(plan, line.inject, actor.name) and decided_at(plan, line.inject, actor.name)
    ]
    ordered = (*(row for row in rows if row.status not in OVER), *reversed([row for row in rows if row.status in OVER]))
    return SiteView(_view(now, actor, actor.name), titles[actor.name], ordered, tuple(_asked(now, actor.name)))


def still(view: JudgeView) -> JudgeView:
    """A view but for what passes by itself: it differs only when somebody did something."""
    return replace(view, shared=replace(view.shared, now_ms=0))


def of_site(plan: Plan, inject: Inject, site: str) -> bool:
    """Whether an inject goes to roles of a site alone."""
    return bool(inject.to) and all(plan.role(role).site == site for role in inject.to)


def _by(kept: KeptBack | None, actor: Actor) -> bool:
    return kept is not None and kept.actor == str(actor)


def _view(now: Now, actor: Actor, site: str | None) -> JudgeView:
    plan, state, name = now.plan, now.state, actor.name
    return JudgeView(
        shared=wall_view(plan, state, now.elapsed_ms, around=now.around).shared,
        cut=tuple((place_of(plan, one.site), one.since_ms) for one in cut_now(plan, state) if site in (None, one.site)),
        locked=state.locked,
        tents=tuple(tent for tent in at_the_table(plan, state) if site is None or plan.role(tent.id).site == site),
        told=tuple(_told(plan, state, site)),
        actions=tuple(_actions(now, actor, site)),
        own=tuple(_own(now, actor)),
        objectives=() if site is not None else tuple(_objectives(plan, state, name)),
        behaviour=tuple(
            (line, 0 if (given := state.behaviour.get((name, line))) is None else given.score) for line in BEHAVIOUR if site is None
        ),
    )


def _told(plan: Plan, state: State, site: str | None) -> Iterator[ToldRow]:
    for inject_id in reversed(state.released):
        inject = plan.inject_by_id.get(inject_id)
        if inject is not None and (site is None or told_at(plan, inject, site)):
            yield ToldRow(inject, state.inject(inject_id).released_ms or 0, _short(plan, inject.to))


def _short(plan: Plan, roles: tuple[str, ...]) -> tuple[Text, ...]:
    return tuple(short_name(plan, role) for role in roles)


def _actions(now: Now, actor: Actor, site: str | None) -> Iterator[ActionRow]:
    plan, state, numbers = now.plan, now.state, dict[str, int]()
    for known in actions_told(plan, state, now.elapsed_ms):
        by = known.action.by
        if site is not None and plan.role(by).site != site:
            continue
        # Numbered in each role's list, as at the console.
        numbers[by] = numbers.get(by, 0) + 1
        marks = [mark.state for mark in state.marks.get(known.action.id, ()) if mark.actor == str(actor)]
        mine = marks[-1] if marks and marks[-1] != "no_record" else ""
        other = _short(plan, (known.other_role,))[0] if known.other_role else ""
        yield ActionRow(numbers[by], known, _short(plan, (by,))[0], other, mine)


OWN = (*e.TAKEN_BACK_BY_U, e.ClockPaused, e.PauseExplained, e.RatingsLocked)
"""What is listed of what one did."""


def _own(now: Now, actor: Actor) -> Iterator[OwnRow]:
    first, count = True, 0
    for entry in reversed(now.entries):
        if entry.actor != str(actor) or not isinstance(entry.event, OWN):
            continue
        gone = entry.seq in now.state.retracted
        can = first and not gone and isinstance(entry.event, e.TAKEN_BACK_BY_U)
        first = first and not can
        yield OwnRow(entry, entry.counts_ms, gone, can)
        count += 1
        if count == MOST_OWN:
            return


def _objectives(plan: Plan, state: State, evaluator: str) -> Iterator[Objective]:
    for objective in plan.exercise.objectives:
        given = state.ratings.get((evaluator, objective.id))
        texts = tuple(line.title for line in objective.lines)
        yield Objective(objective.id, objective.title, texts, "" if given is None else given.rating, "" if given is None else given.note)


def _asked(now: Now, site: str) -> Iterator[SiteAsk]:
    plan, state = now.plan, now.state
    for ask_id in open_asks(plan, state):
        inject, ask = plan.asks[ask_id]
        answers = state.ask(ask_id).answers
        roles = [role for role in plan.addressees(state, inject, ask) if plan.role(role).site == site]
        if not roles:
            continue
        missing = tuple(role for role in roles if role not in answers)
        ends = {role: role_deadline(plan, state, ask_id, role) for role in missing}
        whose, deadline_ms = soonest_of(ends, now.elapsed_ms)
        over = lateness(plan, state, whose, deadline_ms, now.elapsed_ms)
        title = inject.title if told_at(plan, inject, site) else ""
        yield SiteAsk(title, ask.question, len(roles) - len(missing), len(roles), _short(plan, missing), deadline_ms, over)

"""What is awaited beside answers and actions: receipts, reports, a link that is cut. What is overdue comes first.

Owns: which of them are in sight, and their words. Refuses to own: when they are due (`engine.owing`, `engine.links`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from textual.content import Content

from tabletop.engine.links import Overdue, cut_now
from tabletop.engine.owing import Unconfirmed

from ..look import clock_text, column, left_text, line, plain, role_key, spread
from ..scene import Scene
from .room_rows import wall_time

ROLES_SHOWN = 3
"""Roles named in one row; how many more there are is said."""

OVERDUE = "!"
RECEIPT = "<"
REPORT = ">"
NO_LINK = "×"
CUT_OFF = "○"
"""The server of browser seats ended under people: they are away, all at once."""


@dataclass(frozen=True, slots=True)
class Awaiting:
    """One row: what is awaited, of whom, until when."""

    sign: str
    roles: tuple[str, ...]
    text: str
    due_ms: int | None
    overdue: bool
    late: Overdue | None = None
    """How late it is, of what somebody owes."""

    def row(self, scene: Scene, keys_width: int, width: int) -> Content:
        """The row, with the digits of those who owe it."""
        if self.sign in (NO_LINK, CUT_OFF):
            return plain(f"{self.sign} {self.text}", "bold reverse $text-warning").truncate(width, ellipsis=True)
        sign = Content.styled(f"{OVERDUE if self.overdue else self.sign} ", "bold $text-warning" if self.overdue else "bold $text-accent")
        if len(self.roles) == 1:
            key = column(role_key(scene.exercise, self.roles[0]), keys_width, "bold $text-accent")
            who = Content.assemble(key, column(scene.role(self.roles[0]), 7, "bold"))
        else:
            between = "、" if scene.language.startswith("zh") else ", "
            named = [f"{role_key(scene.exercise, role)} {scene.role(role)}".strip() for role in self.roles[:ROLES_SHOWN]]
            more = len(self.roles) - ROLES_SHOWN
            who = Content.assemble((between.join(named), "bold"), f" +{more}" if more > 0 else "", "  ")
        return spread(Content.assemble(sign, who, plain(self.text)), left_text(scene.words, self.due_ms, scene.now_ms, self.late), width)


def awaited(scene: Scene) -> list[Awaiting]:
    """A server that ended, links that are cut, then what is overdue, then the rest, each in the order in which it falls due."""
    rest = sorted((*_receipts(scene), *_reports(scene)), key=lambda one: (not one.overdue, one.due_ms is None, one.due_ms or 0))
    return [*_server(scene), *_cut(scene), *rest]


def _server(scene: Scene) -> Iterator[Awaiting]:
    """The server of browser seats ended under people: since when, how many, and where it is said what to do."""
    ended = scene.crowd.cut_off
    if ended is not None and ended.since_ms is not None:
        text = scene.words("door.server-ended", time=wall_time(ended.since_ms), n=ended.cut_off)
        yield Awaiting(CUT_OFF, (), text, None, overdue=True)


def _cut(scene: Scene) -> Iterator[Awaiting]:
    """Which site has no link, since when, and what restores it."""
    plan, state, words = scene.plan, scene.state, scene.words
    titles = {site.id: line(site.title, scene.language) for site in scene.exercise.sites}
    for outage in cut_now(plan, state):
        site = outage.site
        back = next(
            (one for one in plan.injects if one.restore is not None and one.restore.site == site and not _released(scene, one.id)), None
        )
        code, restored = "door.cut", {}
        if back is not None:
            code, restored = "door.cut-until", {"n": scene.number(back.id), "inject": scene.title(back.id)}
        text = words(code, site=titles.get(site, site), time=clock_text(outage.since_ms), **restored)
        yield Awaiting(NO_LINK, (), text, None, overdue=True)


def _released(scene: Scene, inject: str) -> bool:
    return scene.state.inject(inject).released_ms is not None


def _receipts(scene: Scene) -> Iterator[Awaiting]:
    """Receipts of one inject or message on one row: those who owe them, the one due first at the head. Those of control stand here, too."""
    together: dict[tuple[str, int, bool], list[Unconfirmed]] = {}
    for one in (*scene.unconfirmed(), *scene.told_control()):
        together.setdefault((one.inject, one.message, one.overdue), []).append(one)
    for (inject, message, overdue), owed in together.items():
        roles = tuple(one.role for one in owed)
        if inject:
            text = scene.words("door.receipt", inject=scene.title(inject))
        else:
            sent = next((one for one in scene.state.messages if one.seq == message), None)
            words = "" if sent is None else " ".join(sent.text.split())
            text = scene.words("door.read-back", sender=scene.role(owed[0].sender), text=words)
        late = max((one.late for one in owed if one.late is not None), key=lambda each: each.late_ms(scene.now_ms), default=None)
        yield Awaiting(RECEIPT, roles, text, owed[0].due_ms, overdue, late)


def _reports(scene: Scene) -> Iterator[Awaiting]:
    titles = {cadence.id: line(cadence.title, scene.language) for cadence in scene.exercise.cadence}
    for one in scene.reports_due():
        title = titles.get(one.cadence, "") or scene.words("door.own-report")
        yield Awaiting(REPORT, (one.role,), scene.words("door.report", title=title), one.due_ms, one.overdue, one.late)


def counts(scene: Scene, awaiting: list[Awaiting], in_sight: int) -> list[str]:
    """How much of each is awaited, for a heading; of what is overdue, where more is than the rows `in_sight` say."""
    shown = []
    for sign, code in ((NO_LINK, "cut"), (RECEIPT, "receipts"), (REPORT, "reports")):
        number = sum(len(one.roles) or 1 for one in awaiting if one.sign == sign)
        if number:
            shown.append(scene.words(f"door.count-{code}", n=number))
    late = sum(len(one.roles) for one in awaiting if one.overdue and one.sign not in (NO_LINK, CUT_OFF))
    if sum(one.overdue for one in awaiting) > in_sight:
        shown.append(f"{OVERDUE} {scene.words('door.count-overdue', n=late)}")
    return shown

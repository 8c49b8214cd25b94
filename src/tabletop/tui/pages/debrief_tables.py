"""The pages behind the first one: timeline, objectives, actions, decisions; every row leads to its log entries."""

from __future__ import annotations

from collections.abc import Sequence

from tabletop.debrief.model import ActionLine, Debrief
from tabletop.report.wording import Wording
from tabletop.scoring.scorecard import ObjectiveScore
from tabletop.scoring.timeline import Row
from tabletop.text import cells

from ..look import line, role_name, span_text
from .lines import QUIET, STRONG, WARN, Cell, Line, Page
from .ratings import room_for, standing_text

LEFT_OUT = frozenset({"heard", "driver"})
"""Rows of the timeline that say nothing to a reader."""

SIGNS = {
    "released": "▶",
    "skipped": "–",
    "overtaken": "»",
    "kept-back": "#",
    "never": "x",
    "never-held": "o",
    "never-kept-back": "#",
    "breach": "!!",
    "breach-corrected": "!",
}
"""A sign before what is looked for in a timeline; its words stand beside it."""

TIMES = (("planned", 8), ("actual", 8), ("late", 7))
"""The columns of times, and their widths in cells."""

BEFORE = sum(width for _, width in TIMES) + 2 * len(TIMES)
"""Cells before what happened."""


def timeline_lines(debrief: Debrief, wording: Wording, width: int) -> Sequence[Line]:
    """Planned beside actual: each row has both times, and by how much they differ."""
    page = Page(width)
    heads = [Cell(wording(f"report.col-{name}"), width, QUIET, right=True) for name, width in TIMES]
    page.fields([*heads, Cell(wording("report.col-what"), 0, QUIET)])
    for number, row in enumerate(debrief.timeline):
        if row.code not in LEFT_OUT:
            _happened(page, row, wording, f"seq:{row.seq}" if row.seq else f"never:{number}")
    return page.lines


def _happened(page: Page, row: Row, wording: Wording, name_of_row: str) -> None:
    off = ""
    if row.planned_ms is not None and row.at_ms is not None and row.code == "released":
        # What somebody kept back is late by nothing, as a hold is.
        kept = wording.debrief.state.inject(str(row.values["inject"])).kept is not None
        off = "" if kept else _difference(row.at_ms - row.planned_ms)
    text = line(wording.row(row), "")
    what = f"{SIGNS.get(row.code, ' ')} {wording('report.taken-back', text=text) if row.retracted else text}"
    inner = Page(page.width - BEFORE)
    inner.text(what, WARN if row.code.startswith(("breach", "emergency")) else "", hang=2)
    times = (wording.clock(row.planned_ms), wording.clock(row.at_ms), off)
    for number, piece in enumerate(inner.lines):
        shown = times if number == 0 else ("", "", "")
        fields = []
        for text, (name, width) in zip(shown, TIMES, strict=True):
            fields.append(Cell(text, width, STRONG if name == "actual" else QUIET, right=True))
        page.before(fields, piece.text, name_of_row)


def _difference(by_ms: int) -> str:
    """How far from the plan: `+0:05`, `-1:00`, nothing where it was on time."""
    if abs(by_ms) < 1000:
        return ""
    return f"+{span_text(by_ms)}" if by_ms > 0 else span_text(by_ms)


def objectives_lines(debrief: Debrief, wording: Wording, width: int) -> Sequence[Line]:
    """Rating, coverage, timeliness and because of every objective; the matrix of ratings where several people rated."""
    page = Page(width)
    for known in debrief.card.objectives:
        _objective(page, debrief, known, wording)
    _coordination(page, debrief, wording)
    _behaviour(page, debrief, wording)
    if debrief.indicators:
        page.heading(wording("report.sub-indicators"))
    for measured in debrief.indicators:
        value = "–" if measured.value is None else f"{measured.value:.15g} {wording.unit(measured.unit)}".rstrip()
        page.fields([Cell(value, 14, STRONG, right=True), Cell(line(wording.title("indicator", measured.indicator), ""))])
    return page.lines


def _objective(page: Page, debrief: Debrief, known: ObjectiveScore, wording: Wording) -> None:
    row = f"objective:{known.objective.id}"
    title = line(known.objective.title, wording.language)
    page.gap()
    page.fields([Cell(wording("report.core", title=title) if known.objective.core else title, 0, STRONG)], row=row)
    letter = wording(f"marks.rating-{known.rating}") if known.rating else wording("marks.unrated")
    page.labelled(wording("report.col-rating"), letter, row, indent=2)
    numbers = (
        f"{wording('report.col-coverage')} {wording.number(known.coverage)}",
        f"{wording('report.col-timeliness')} {wording.number(known.timeliness)}",
    )
    page.labelled("", " · ".join(numbers), row, indent=2)
    for name, rated in ((name, rated) for (name, objective), rated in debrief.state.ratings.items() if objective == known.objective.id):
        letter = f"{name} {rated.rating}"
        page.labelled("", wording.labelled(letter, rated.note) if rated.note else letter, row, indent=2)
    reason = wording.because(known.because)
    suggested = wording.labelled(known.suggested, reason) if known.suggested else reason
    page.labelled(wording("report.col-suggested"), suggested, row, indent=2, style=QUIET)


def _coordination(page: Page, debrief: Debrief, wording: Wording) -> None:
    """What each part of coordination gave, and why; like every number, only once ratings are locked."""
    if not debrief.locked:
        return
    page.heading(wording("report.sub-coordination"))
    for mark in debrief.card.coordination:
        fields = [
            Cell(wording.number(None if mark.points is None else 100 * mark.points), 8, STRONG, right=True),
            Cell(wording(f"marks.part-{mark.subject}")),
            Cell(wording("debriefscreen.weight", percent=wording.percent(mark.weight / 100)), 16, QUIET),
        ]
        page.fields(fields, row=f"part:{mark.subject}")
        page.text(wording.because(mark.because), QUIET, indent=9, row=f"part:{mark.subject}")


def _behaviour(page: Page, debrief: Debrief, wording: Wording) -> None:
    """The medians of the lines that were scored."""
    if not debrief.behaviour:
        return
    page.heading(wording("report.sub-behaviour"))
    for each in debrief.behaviour:
        fields = [
            Cell(f"{each.median:g}", 14, STRONG, right=True),
            Cell(wording(f"evaluation.behaviour.{each.line}")),
            Cell(wording("debriefscreen.scored-by", n=each.n), 20, QUIET),
        ]
        page.fields(fields, row=f"behaviour:{each.line}")
    page.text(wording("report.behaviour-note"), QUIET, indent=2)


def actions_lines(debrief: Debrief, wording: Wording, width: int) -> Sequence[Line]:
    """Every expected action with its state, how long it took of how long it had, and why it counts what it counts."""
    page = Page(width)
    inject = ""
    for each in debrief.actions:
        known = each.case.standing
        if known.inject.id != inject:
            inject = known.inject.id
            page.heading(line(wording.title("inject", inject), ""), wording.clock(debrief.state.inject(inject).released_ms))
        _action(page, debrief, each, wording)
    if debrief.actions:
        page.gap()
        page.text(wording("report.took-note"), QUIET)
    return page.lines


def _action(page: Page, debrief: Debrief, each: ActionLine, wording: Wording) -> None:
    known = each.case.standing
    row = f"action:{each.id}"
    weak = known.state in ("missed", "no_record")
    title, stands = line(known.action.title, wording.language), standing_text(known, wording)
    fields = [
        Cell(role_name(debrief.plan.exercise, known.action.by, wording.language), 6, STRONG),
        Cell(title),
        Cell(wording(f"marks.criticality-{known.action.criticality}"), 8, QUIET),
        Cell(stands, room_for(stands, 24, page.width - 20 - cells(title)), WARN if weak else ""),
    ]
    page.fields(fields, row=row)
    page.text(wording.reasons(each.because), QUIET, indent=8, row=row)


def decisions_lines(debrief: Debrief, wording: Wording, width: int) -> Sequence[Line]:
    """What the roles decided and answered, when, how soon, and why; roles, not people (R001-41)."""
    page = Page(width)
    if not debrief.decisions:
        page.text(wording("report.none"), QUIET)
    for each in debrief.decisions:
        said, row = each.decision, f"seq:{each.decision.seq}"
        text, why = wording.decided(each)
        took = wording.span(each.latency_ms)
        head = f"{wording.clock(said.at_ms)}  {wording.title('role', said.role)}" + (f" · {took}" if took else "")
        page.fields([Cell(head, 0, STRONG)], row=row)
        page.text(text, indent=9, row=row)
        if why:
            page.text(wording("debriefscreen.because", why=why), QUIET, indent=9, row=row)
    return page.lines

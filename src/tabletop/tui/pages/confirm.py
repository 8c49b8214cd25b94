"""The confirm page: critical actions of which nobody recorded anything, each with the log around its deadline.

Owns: what is put before a person to decide. Refuses to own: the decision; silence is never a miss (scoring, amendment 1).
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tabletop.debrief.confirm import log_around
from tabletop.debrief.model import Debrief
from tabletop.report.wording import Wording
from tabletop.scoring.marks import Case
from tabletop.text import cells

from ..look import clock_text, line, role_name
from .lines import HEAD, QUIET, STRONG, WARN, Cell, Line, Page
from .ratings import Judging, evaluator_row, room_for, standing_text

ROWS_SHOWN = 12
"""Log rows shown around a deadline at most: those nearest to it."""


def to_confirm(debrief: Debrief, every: bool) -> list[Case]:
    """The actions to decide on, in the order of the plan: without a record, or settled after ENDEX, so that a slip can be mended."""
    settled = {name for name, marks in debrief.state.marks.items() if any(mark.after_endex for mark in marks)}
    return [
        each.case
        for each in debrief.actions
        if (every or each.case.standing.action.criticality == "critical")
        and (each.case.standing.state == "no_record" or each.id in settled)
        and each.case.standing.state != "waiting"
    ]


def unsettled(cases: Sequence[Case]) -> list[Case]:
    """Those of which there is still no record."""
    return [case for case in cases if case.standing.state == "no_record"]


def confirm_lines(debrief: Debrief, wording: Wording, width: int, judging: Judging) -> Sequence[Line]:
    """The page in lines of `width` cells."""
    page = Page(width)
    cases = to_confirm(debrief, judging.every)
    left = len(unsettled(cases))
    suffix = "-all" if judging.every else ""
    evaluator_row(page, wording, judging, debrief.state)
    page.heading(wording(f"evaluation.confirm.title{suffix}"), wording("evaluation.confirm.left", n=left) if cases else "")
    page.text(wording("evaluation.confirm.means") if cases else wording(f"evaluation.confirm.none{suffix}"), QUIET)
    for case in cases:
        _case(page, debrief, case, wording, judging)
    if not judging.every:
        others = len(unsettled(to_confirm(debrief, True))) - left
        if others:
            page.gap()
            page.text(wording("evaluation.confirm.others", n=others), QUIET)
    _differences(page, debrief, wording)
    return page.lines


def _case(page: Page, debrief: Debrief, case: Case, wording: Wording, judging: Judging) -> None:
    known = case.standing
    row = f"action:{known.action.id}"
    open_one = known.state == "no_record"
    title, stands = line(known.action.title, wording.language), standing_text(known, wording)
    fields = [
        Cell(role_name(debrief.plan.exercise, known.action.by, wording.language), 6, STRONG),
        Cell(title),
        Cell(wording(f"marks.criticality-{known.action.criticality}"), 8, QUIET),
        Cell(stands, room_for(stands, 18, page.width - 20 - cells(title)), WARN if open_one else ""),
    ]
    page.fields(fields, row=row)
    if judging.row == row:
        _log_around(page, debrief, case, wording, row)


def _log_around(page: Page, debrief: Debrief, case: Case, wording: Wording, row: str) -> None:
    """The log two minutes around the deadline, with the deadline in its place."""
    known = case.standing
    released = debrief.state.inject(known.inject.id).released_ms
    if released is None:
        return
    told = wording("evaluation.confirm.released", inject=wording.title("inject", known.inject.id), time=clock_text(released))
    page.text(told, QUIET, indent=4, row=row)
    found = log_around(debrief.plan, debrief.state, case, debrief.timeline)
    page.text(wording(f"evaluation.confirm.{'log' if known.deadline_ms is not None else 'log-release'}"), HEAD, indent=4, row=row)
    nearest = sorted(found.rows, key=lambda each: abs((each.at_ms or 0) - found.around_ms))[:ROWS_SHOWN]
    marked = known.deadline_ms is None
    for each in (each for each in found.rows if each in nearest):
        if not marked and (each.at_ms or 0) > found.around_ms:
            marked = _deadline(page, found.around_ms, wording, row)
        text = wording.row(each)
        page.labelled(clock_text(each.at_ms or 0), text, row, indent=4, label_width=8)
    if not found.rows:
        page.text(wording("evaluation.confirm.silence"), "", indent=4, row=row)
    if not marked:
        _deadline(page, found.around_ms, wording, row)


def _deadline(page: Page, at_ms: int, wording: Wording, row: str) -> bool:
    label = wording("evaluation.confirm.deadline", time=clock_text(at_ms))
    page.content(Content.assemble("    ", (f"── {label} ──", WARN)), row)
    return True


def _differences(page: Page, debrief: Debrief, wording: Wording) -> None:
    """Actions of which an evaluator, the facilitator or an option said different things; the word that stands comes first."""
    found = debrief.differences
    if not found:
        return
    page.heading(wording("evaluation.confirm.differ"))
    for each in found:
        said = " · ".join(wording.labelled(wording.whose(actor), wording(f"marks.state-{state}")) for actor, state in each.words)
        page.text(f"{line(wording.title('action', each.action), wording.language)}  {said}", hang=4, row=f"differ:{each.action}")

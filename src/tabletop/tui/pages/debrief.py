"""The first page of the debrief: what happened and under which conditions, counts, findings, the score with its range, what is wanted.

Owns: what a leader sees first, and the log entries behind every number. Refuses to own: the numbers (scoring), their
words (report). With a self-assessed run the findings come before the number (scoring, amendment 8).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tabletop.debrief.model import Debrief
from tabletop.debrief.seen import in_play
from tabletop.engine import events as e
from tabletop.engine.events import Entry
from tabletop.report.wording import Wording
from tabletop.scoring.scorecard import WEIGHTS

from ..look import line
from .lines import QUIET, STRONG, WARN, Cell, Line, Page

MOST = 5
"""Findings, strengths and gaps on the first page at most; the documents have all."""

RATES_NOBODY = frozenset({"practice", "rehearsal"})
"""Kinds of runs whose score is nobody's."""

COUNTS = ("unaided", "prompted", "partial", "missed", "no-record", "not-observed", "pending", "not-applicable")
"""What became of the expected actions, in the order in which it is told."""

STATES_OF: dict[str, tuple[str, ...]] = {
    "unaided": ("done",),
    "prompted": ("done",),
    "partial": ("partial",),
    "missed": ("missed",),
    "no-record": ("no_record",),
    "not-observed": ("not_observed",),
    "pending": ("pending", "open", "waiting"),
    "not-applicable": ("not_applicable",),
}

EVENTS_OF: dict[str, tuple[type[e.Event], ...]] = {
    "course:play": (e.ExerciseStarted, e.ExerciseEnded, e.ExerciseReopened),
    "course:injects": (e.InjectReleased, e.InjectSkipped),
    "course:room": (e.DecisionMade, e.AnswerGiven, e.MessageSent),
    "course:clock": (e.ClockPaused, e.ClockResumed, e.ClockJumped, e.ClockGap, e.ClockRecovered),
    "course:clock-emergency": (e.ClockPaused, e.ClockJumped, e.EmergencyRaised, e.EmergencyConfirmed, e.EmergencyStoodDown),
    "condition:pace": (e.RunCreated, e.PaceChosen),
    "condition:people": (e.PersonSeated, e.PersonLeft, e.RoleStaffed, e.RolesStaffed),
    "condition:injects": (e.InjectReleased,),
    "condition:extra": (e.InjectReleased, e.InjectAdded),
    "condition:evaluator": (e.Rated,),
    "condition:evaluators": (e.Rated,),
    "condition:hints": (e.HintShown,),
    "condition:emergency": (e.EmergencyRaised, e.EmergencyConfirmed, e.PersonCounted, e.EmergencyStoodDown),
    "dimension:rating": (e.Rated,),
}
"""The events behind a number, by row."""

IN_PLAY = frozenset({"course:clock-emergency", "condition:emergency"})
"""Rows that tell only of what came between STARTEX and ENDEX."""


def summary_lines(debrief: Debrief, wording: Wording, width: int) -> Sequence[Line]:
    """The first page in lines of `width` cells."""
    page = Page(width)
    _course(page, debrief, wording)
    _conditions(page, debrief, wording)
    _counts(page, debrief, wording)
    if debrief.card.self_assessed:
        _findings(page, debrief, wording)
        _score(page, debrief, wording)
    else:
        _score(page, debrief, wording)
        _findings(page, debrief, wording)
    _well(page, debrief, wording)
    _wanted(page, debrief, wording)
    return page.lines


def _course(page: Page, debrief: Debrief, wording: Wording) -> None:
    page.heading(wording("debriefscreen.happened"))
    if debrief.run.kind in RATES_NOBODY:
        page.text(wording(f"report.kind-{debrief.run.kind}"), WARN)
    for each in debrief.course:
        page.text(wording.because(each), row=f"course:{each.code.removeprefix('debrief.course-')}")


def _conditions(page: Page, debrief: Debrief, wording: Wording) -> None:
    given = debrief.conditions
    page.heading(wording("debriefscreen.conditions"))
    said = {
        "pace": wording("report.condition-pace", pace=wording(f"report.pace-{given.pace}")),
        "people": wording("report.condition-people", people=given.people),
        "injects": wording("report.condition-injects", played=given.played, planned=given.planned),
        "extra": wording("report.condition-extra", extra=given.extra) if given.extra else "",
        "evaluator": wording("report.condition-evaluator", assessed=wording(f"report.assessed-{given.assessed}")),
        "evaluators": wording("report.condition-evaluators", evaluators=given.evaluators) if given.evaluators else "",
        "hints": wording("report.condition-hints", hints=given.hints),
        "evidence": wording("report.condition-evidence", recorded=given.recorded, due=given.due, evidence=wording.percent(given.evidence)),
        "emergency": wording("report.condition-emergency") if given.emergencies else "",
    }
    for name, text in said.items():
        if text:
            page.text(text, WARN if name == "emergency" else "", row=f"condition:{name}")


def _counts(page: Page, debrief: Debrief, wording: Wording) -> None:
    counts = debrief.counts
    page.heading(wording("report.section-counts"))
    for name in COUNTS:
        number: int = getattr(counts, name.replace("-", "_"))
        if number:
            page.fields([Cell(str(number), 4, STRONG, right=True), Cell(wording(f"report.count-{name}"))], row=f"count:{name}")
    more = wording(wording.timed("report.counts-more"), late=counts.late, other_role=counts.other_role, breaches=len(debrief.breaches))
    page.text(more, row="count:more")
    if counts.how:
        ways = (wording("report.how-many", how=wording(f"marks.how-{way}"), n=number) for way, number in counts.how.items())
        page.text(wording("report.counts-how", how=wording("report.join").join(ways)), row="count:how")


def _findings(page: Page, debrief: Debrief, wording: Wording) -> None:
    page.heading(wording("report.section-change"))
    if not debrief.suggestions and not debrief.gaps:
        page.text(wording("report.none"), QUIET)
        return
    page.text(wording("report.draft-note"), QUIET)
    for each in debrief.suggestions[:MOST]:
        severity = wording(f"debrief.severity-{each.severity}")
        page.text(f"{wording.because(each.because)} · {severity}", hang=2, row=f"finding:{each.id}")
    for note in debrief.gaps[:MOST]:
        page.text(note.text, hang=2, row=f"note:{note.seq}")
    rest = max(0, len(debrief.suggestions) - MOST) + max(0, len(debrief.gaps) - MOST)
    if rest:
        page.text(wording("debriefscreen.more", n=rest), QUIET)


def _score(page: Page, debrief: Debrief, wording: Wording) -> None:
    """The number with all that it misleads without; no number where the evidence is too thin or ratings are open."""
    card = debrief.card
    page.heading(wording("report.section-score"))
    if not debrief.locked:
        page.text(wording("report.score-unlocked"), WARN)
        return
    if card.value is None or card.range is None or card.grade is None:
        page.text(wording("report.score-none"), WARN, row="condition:evidence-score")
        return
    low, high = (wording.number(end) for end in card.range)
    provisional = "-provisional" if card.status == "provisional" else ""
    code = "report.score-self-assessed" if card.self_assessed else "report.score"
    page.text(wording(code, value=wording.number(card.value)), STRONG, row="score")
    page.text(wording(f"report.score-grade{provisional}", grade=wording(f"marks.grade-{card.grade}")), STRONG, row="score")
    span = "report.score-range-itself" if low == high else wording.timed("report.score-range")
    page.text(wording(span, low=low, high=high), row="score")
    if card.one_persons_share:
        page.text(wording("report.score-share", share=wording.percent(card.one_persons_share)))
    for name, weight in WEIGHTS.items():
        fields = [
            Cell(wording.number(card.dimensions[name]), 8, STRONG, right=True),
            Cell(wording(f"marks.dimension-{name}")),
            Cell(wording("debriefscreen.weight", percent=wording.percent(weight / 100)), 16, QUIET),
        ]
        page.fields(fields, row=f"dimension:{name}")
    page.text(wording("report.score-self-compare" if card.self_assessed else "report.score-compare"), QUIET)


def _well(page: Page, debrief: Debrief, wording: Wording) -> None:
    page.heading(wording("report.section-well"))
    for note in debrief.strengths[:MOST]:
        page.text(note.text, hang=2, row=f"note:{note.seq}")
    done = debrief.well[: max(0, MOST - len(debrief.strengths))]
    for each in done:
        page.text(line(wording.well(each.case), ""), hang=2, row=f"action:{each.id}")
    if not done and not debrief.strengths:
        page.text(wording("report.none"), QUIET)


def _wanted(page: Page, debrief: Debrief, wording: Wording) -> None:
    page.heading(wording("report.section-wanted"))
    for each in debrief.wanted:
        page.text(wording.because(each), hang=2)
    if not debrief.wanted:
        page.text(wording("report.none"), QUIET)


def _of_kinds(entries: Iterable[Entry], kinds: tuple[type[e.Event], ...]) -> list[int]:
    return [entry.seq for entry in entries if isinstance(entry.event, kinds)]


def evidence_of(debrief: Debrief, entries: Sequence[Entry], row: str) -> tuple[int, ...]:
    """The sequence numbers of the log entries behind a row of any page, oldest first; empty where there are none."""
    kind, _, name = row.partition(":")
    found: Iterable[int] = ()
    if row in EVENTS_OF:
        found = _of_kinds(in_play(entries) if row in IN_PLAY else entries, EVENTS_OF[row])
    elif kind in ("seq", "note"):
        found = (int(name),)
    elif kind == "action":
        found = _of_actions(debrief, [name])
    elif kind == "objective":
        own = [each.id for each in debrief.actions if each.case.standing.action.objective == name]
        found = [*_of_actions(debrief, own), *(rating.seq for rating in debrief.state.ratings.values() if rating.objective == name)]
    elif kind == "behaviour":
        found = next((each.seqs for each in debrief.behaviour if each.line == name), ())
    elif kind == "part":
        found = [seq for mark in debrief.card.coordination if mark.subject == name for seq in mark.evidence]
    elif kind == "finding":
        found = next((each.evidence for each in debrief.suggestions if each.id == name), ())
    elif kind == "count":
        found = _of_count(debrief, name)
    elif kind == "dimension":
        found = [seq for mark in debrief.card.marks if mark.criterion == name and mark.points is not None for seq in mark.evidence]
    elif kind == "score":
        found = [seq for mark in debrief.card.marks if mark.points is not None for seq in mark.evidence]
    elif row in ("course:actions", "condition:evidence", "condition:evidence-score"):
        found = [*_of_actions(debrief, [each.id for each in debrief.actions]), *(act.seq for act in debrief.breaches)]
    return tuple(sorted({seq for seq in found if seq}))


def _of_actions(debrief: Debrief, actions: Sequence[str]) -> list[int]:
    """What stands behind the state of some actions: the entry that counts, and every mark of it."""
    found = [each.case.standing.seq for each in debrief.actions if each.id in actions]
    return found + [mark.seq for action in actions for mark in debrief.state.marks.get(action, ())]


def _of_count(debrief: Debrief, name: str) -> list[int]:
    if name == "how":
        return _of_actions(debrief, [each.id for each in debrief.actions if each.done])
    if name == "more":
        late = [each.id for each in debrief.actions if each.done and (each.case.late_ms or each.case.standing.other_role)]
        return [*_of_actions(debrief, late), *(act.seq for act in debrief.breaches)]
    states = STATES_OF[name]
    counted = [each for each in debrief.actions if each.case.standing.state in states]
    if name in ("unaided", "prompted"):
        counted = [each for each in counted if each.case.standing.prompted == (name == "prompted")]
    return _of_actions(debrief, [each.id for each in counted])

"""The first page: conditions, counts and findings before the number, and what is wanted from the reader."""

from __future__ import annotations

from datetime import timedelta

from tabletop.debrief.model import Debrief, Suggestion
from tabletop.words import find

from .markdown_text import bullets, heading, paragraph, strong, table
from .wording import Wording

MOST = 5
"""Lines of one sort on the first page; the sections have all."""

DUE_AFTER = timedelta(hours=48)
"""When a report is due after ENDEX (R001: 48 hours)."""


def front(debrief: Debrief, w: Wording) -> list[str]:
    """The lines of the first page."""
    return [
        *handling(debrief, w),
        *heading(1, w("report.title", title=w.text(debrief.plan.exercise.title))),
        *_facts(debrief, w),
        *_conditions(debrief, w),
        *_counts(debrief, w),
        *_change(debrief, w),
        *_well(debrief, w),
        *_score(debrief, w),
        *heading(2, w("report.section-wanted")),
        *(bullets(w.because(each) for each in debrief.wanted) if debrief.wanted else paragraph(w("report.none"))),
    ]


def handling(debrief: Debrief, w: Wording) -> list[str]:
    """The word EXERCISE and the handling mark."""
    return strong(f"{w('report.exercise-mark')} · {w.text(debrief.plan.exercise.handling)}")


def _facts(debrief: Debrief, w: Wording) -> list[str]:
    state, exercise = debrief.state, debrief.plan.exercise
    created, kind = state.created, exercise.type
    subject = f"subject.{exercise.subject}"
    due = w.local(state.ended_wall_ms)
    described = {
        "mode": w(f"report.mode-{kind.mode}"),
        "breadth": w(f"report.breadth-{kind.breadth}"),
        "purpose": w(f"report.purpose-{kind.purpose}"),
    }
    facts = {
        "run": debrief.run.id,
        "status": w(f"report.status-{debrief.status}"),
        "kind": w(f"report.kind-{debrief.run.kind}"),
        "exercise": f"{exercise.id} {exercise.version}",
        "subject": w(subject) if find(subject, w.language) is not None else exercise.subject,
        "type": w("report.type", **described),
        "date": w.date_and_time(state.started_wall_ms),
        "ended": w.date_and_time(state.ended_wall_ms),
        "length": w.clock(debrief.exercise_ms),
        "site": created.site if created is not None else "",
        "level": created.level if created is not None else "",
        "alert": w(f"report.alert-{exercise.alert}"),
        "plan": f"{w.text(exercise.plan.title)} {exercise.plan.version}" if exercise.plan is not None else "",
        "due": "" if due is None else f"{due + DUE_AFTER:%Y-%m-%d %H:%M}",
    }
    rows = [(w(f"report.fact-{name}"), value) for name, value in facts.items() if value]
    lines = table((w("report.fact"), w("report.fact-value")), rows)
    spoken = _spoken(debrief, w)
    return [*lines, *(paragraph(w("report.language-missing", language=spoken)) if spoken else [])]


def _spoken(debrief: Debrief, w: Wording) -> str:
    """The language the exercise's texts fall back to; empty where it speaks the document's."""
    there = debrief.plan.exercise.languages
    if w.language in there:
        return ""
    follows = [*(["zh-Hans"] if w.language == "zh-Hant" else []), "en"]
    return next((language for language in follows if language in there), there[0])


def _conditions(debrief: Debrief, w: Wording) -> list[str]:
    given = debrief.conditions
    said = [
        w("report.condition-pace", pace=w(f"report.pace-{given.pace}")),
        w("report.condition-injects", played=given.played, planned=given.planned),
        w("report.condition-evaluator", assessed=w(f"report.assessed-{given.assessed}")),
        w("report.condition-hints", hints=given.hints),
        w("report.condition-evidence", recorded=given.recorded, due=given.due, evidence=w.percent(given.evidence)),
    ]
    if debrief.run.kind not in ("rehearsal", "practice"):
        said.insert(1, w("report.condition-people", people=given.people))
    if given.extra:
        said.insert(-3, w("report.condition-extra", extra=given.extra))
    if given.evaluators:
        said.append(w("report.condition-evaluators", evaluators=given.evaluators))
    if given.emergencies:
        said.append(w("report.condition-emergency"))
    return [*heading(2, w("report.section-conditions")), *bullets(said)]


def _counts(debrief: Debrief, w: Wording) -> list[str]:
    counts = debrief.counts
    names = ("unaided", "prompted", "partial", "missed", "no-record", "not-observed", "pending", "not-applicable")
    numbers = [str(getattr(counts, name.replace("-", "_"))) for name in names]
    lines = [
        *heading(2, w("report.section-counts")),
        *table([w(f"report.count-{name}") for name in names], [numbers], right=range(len(names))),
        *paragraph(w(w.timed("report.counts-more"), late=counts.late, other_role=counts.other_role, breaches=len(debrief.breaches))),
    ]
    others = [each for each in debrief.late if each.kind != "action"]
    if others:
        late = sum(each.times for each in others if each.came_ms is not None)
        silent = sum(each.times for each in others if each.came_ms is None)
        lines += paragraph(w("report.counts-late-others", late=late, silent=silent))
    if counts.how:
        ways = [
            w("report.how-many", how=w(f"marks.how-{way}"), n=counts.how[way])
            for way in ("said", "written", "chosen", "seen")
            if counts.how[way]
        ]
        lines += paragraph(w("report.counts-how", how=w("report.join").join(ways)))
    return lines


def _change(debrief: Debrief, w: Wording) -> list[str]:
    lines = [*heading(2, w("report.section-change")), *paragraph(w("report.draft-note"))]
    if not debrief.suggestions and not debrief.gaps:
        return [*lines, *paragraph(w("report.none"))]
    if debrief.suggestions:
        lines += suggestion_table(debrief.suggestions[:MOST], w)
    if debrief.gaps:
        lines += bullets(note.text for note in debrief.gaps[:MOST])
    return lines


def suggestion_table(suggestions: tuple[Suggestion, ...], w: Wording) -> list[str]:
    """Suggestions with room for an owner and a date."""
    columns = ("suggestion", "severity", "who", "due")
    rows = [(w.because(each.because), w(f"debrief.severity-{each.severity}"), "", "") for each in suggestions]
    return table([w(f"report.col-{name}") for name in columns], rows)


def _well(debrief: Debrief, w: Wording) -> list[str]:
    texts = [note.text for note in debrief.strengths[:MOST]]
    texts += [w.well(line.case) for line in debrief.well[: MOST - len(texts)]]
    return [*heading(2, w("report.section-well")), *(bullets(texts) if texts else paragraph(w("report.none")))]


def _score(debrief: Debrief, w: Wording) -> list[str]:
    lines = heading(2, w("report.section-score"))
    card = debrief.card
    if not debrief.locked:
        return [*lines, *paragraph(w("report.score-unlocked"))]
    if card.value is None or card.range is None or card.grade is None:
        return [*lines, *paragraph(w("report.score-none"))]
    low, high = card.range
    provisional = "-provisional" if card.status == "provisional" else ""
    said = [
        w("report.score-self-assessed" if card.self_assessed else "report.score", value=w.number(card.value)),
        w("report.score-range-itself") if low == high else w(w.timed("report.score-range"), low=w.number(low), high=w.number(high)),
        w(f"report.score-grade{provisional}", grade=w(f"marks.grade-{card.grade}")),
    ]
    if card.one_persons_share:
        said.append(w("report.score-share", share=w.percent(card.one_persons_share)))
    said.append(w("report.score-compare"))
    if card.self_assessed:
        said.append(w("report.score-self-compare"))
    return [*lines, *bullets(said)]

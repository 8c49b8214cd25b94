"""The sections after the first page: what happened, the evaluation result, suggestions, and the records behind them (R000-14)."""

from __future__ import annotations

from collections.abc import Sequence

from tabletop.debrief.model import ActionLine, Debrief, RoleLine
from tabletop.engine.state import Note
from tabletop.scoring.projection import inject_status
from tabletop.scoring.scorecard import WEIGHTS

from .markdown_front import suggestion_table
from .markdown_text import bullets, heading, paragraph, table
from .wording import Wording

TEMPLATE = "1"
"""Version of this layout; a document is a function of log, template and language."""

HINDERED = frozenset({"skipped", "never-kept-back", "paused", "recovered"})
"""Rows of the timeline that say what hindered play."""

LEFT_OUT = frozenset({"heard", "revealed", "revealed-names", "driver"})
"""Rows a document leaves to the log itself."""


def _columns(w: Wording, *names: str) -> list[str]:
    return [w(f"report.col-{name}") for name in names]


def _list(texts: Sequence[str], w: Wording) -> list[str]:
    return bullets(texts) if texts else paragraph(w("report.none"))


def _notes(notes: Sequence[Note], w: Wording) -> list[str]:
    return _list([f"{w.clock(note.at_ms)} {w.title('role', note.role)} {note.text}" for note in notes], w)


def happened(debrief: Debrief, w: Wording) -> list[str]:
    """Five lines, who played, which injects were played, what was ruled and parked."""
    roles = [(w.title("role", line.role), played_by(line, w), named(line, w)) for line in debrief.roles]
    lines = [
        *heading(2, w("report.section-happened")),
        *bullets(w.because(each) for each in debrief.course),
        *heading(3, w("report.sub-roles")),
        *table(_columns(w, "role", "played-by", "holders"), roles, right=[2]),
        *heading(3, w("report.sub-injects")),
        *_injects(debrief, w),
    ]
    for name, notes in (("rulings", debrief.rulings), ("parked", debrief.parked)):
        if notes:
            lines += [*heading(3, w(f"report.sub-{name}")), *_notes(notes, w)]
    return lines


def played_by(line: RoleLine, w: Wording) -> str:
    """Who played a role, and from when until when where that was not all of play; that nobody did only where nobody ever did."""
    told = [stint for stint in line.stints if stint.by != "nobody"] or line.stints
    names = (w(f"debrief.staffed-{each.by}", with_role=w.title("role", each.with_role)) for each in told)
    return w("report.join").join(w.stay("played", each.stay, by=name) for each, name in zip(told, names, strict=True))


def named(line: RoleLine, w: Wording) -> str:
    """How many people known by name, and which part of play those saw who came late or left."""
    if not line.parts:
        return str(line.holders or "")
    parts = w("report.join").join(w.stay("stay", each) for each in line.parts)
    return w("report.holders-parts", holders=line.holders, parts=parts)


def _injects(debrief: Debrief, w: Wording) -> list[str]:
    plan, state = debrief.plan, debrief.state
    rows = []
    for inject in plan.injects:
        record = state.inject(inject.id)
        kept = record.kept_back
        late = None if record.released_ms is None or record.due_ms is None else max(0, record.released_ms - record.due_ms)
        rows.append(
            (
                w.title("inject", inject.id),
                w.clock(plan.planned_ms[inject.id]),
                w.clock(record.released_ms),
                w.span(late) if late else "",
                w(f"report.inject-{inject_status(plan, state, inject.id)}", seat="" if kept is None else w.seat(kept.actor)),
                w.reason(record.reason if kept is None else kept.reason),
            )
        )
    return table(_columns(w, "inject", "planned", "actual", "late", "status", "reason"), rows, right=[1, 2, 3])


def evaluation(debrief: Debrief, w: Wording) -> list[str]:
    """Dimensions, objectives, and the three analyses: timeliness, effectiveness of measures, deviations (R001-22)."""
    return [
        *heading(2, w("report.section-evaluation")),
        *_dimensions(debrief, w),
        *_objectives(debrief, w),
        *_coordination(debrief, w),
        *_behaviour(debrief, w),
        *_timeliness(debrief, w),
        *_measures(debrief, w),
        *_deviations(debrief, w),
        *_differences(debrief, w),
        *heading(3, w("report.sub-indicators")),
        *_indicators(debrief, w),
    ]


def _dimensions(debrief: Debrief, w: Wording) -> list[str]:
    if not debrief.locked:
        return []
    card = debrief.card
    rows = [(w(f"marks.dimension-{name}"), w.number(card.dimensions[name]), w.percent(weight / 100)) for name, weight in WEIGHTS.items()]
    return [*heading(3, w("report.sub-dimensions")), *table(_columns(w, "dimension", "value", "weight"), rows, right=[1, 2])]


def _objectives(debrief: Debrief, w: Wording) -> list[str]:
    rows = []
    for each in debrief.card.objectives:
        title = w.text(each.objective.title)
        rows.append(
            (
                w("report.core", title=title) if each.objective.core else title,
                w.number(each.coverage),
                w.number(each.timeliness),
                " ".join(each.ratings.values()),
                each.rating or "–",
                each.suggested or "–",
                w.because(each.because),
            )
        )
    columns = _columns(w, "objective", "coverage", "timeliness", "ratings", "rating", "suggested", "because")
    return [*heading(3, w("report.sub-objectives")), *table(columns, rows, right=[1, 2]), *_reasons(debrief, w)]


def _reasons(debrief: Debrief, w: Wording) -> list[str]:
    """Why ratings were given as they were: what is suggested speaks for nobody. Evaluators are not named."""
    rows = [
        (w.title("objective", rated.objective), rated.rating, rated.note, str(rated.seq))
        for objective in debrief.card.objectives
        for rated in debrief.state.ratings.values()
        if rated.objective == objective.objective.id and rated.note
    ]
    return table(_columns(w, "objective", "rated", "rationale", "entry"), rows, right=[3]) if rows else []


def _behaviour(debrief: Debrief, w: Wording) -> list[str]:
    if not debrief.behaviour:
        return []
    rows = [(w(f"evaluation.behaviour.{each.line}"), f"{each.median:g}", str(each.n)) for each in debrief.behaviour]
    lines = [*heading(3, w("report.sub-behaviour")), *table(_columns(w, "behaviour", "median", "scored-by"), rows, right=[1, 2])]
    return [*lines, *paragraph(w("report.behaviour-note"))]


def _coordination(debrief: Debrief, w: Wording) -> list[str]:
    """What each part of coordination gave, and why (R001-03: stability of communication)."""
    if not debrief.locked:
        return []
    rows = [
        (
            w(f"marks.part-{mark.subject}"),
            w.number(None if mark.points is None else 100 * mark.points),
            w.percent(mark.weight / 100),
            w.because(mark.because),
            " ".join(map(str, mark.evidence)),
        )
        for mark in debrief.card.coordination
    ]
    columns = _columns(w, "part", "value", "weight", "because", "entry")
    return [*heading(3, w("report.sub-coordination")), *table(columns, rows, right=[1, 2])]


def _timeliness(debrief: Debrief, w: Wording) -> list[str]:
    lines = heading(3, w("report.sub-timeliness"))
    if debrief.conditions.pace == "discussion":
        return [*lines, *paragraph(w("report.no-timeliness"))]
    if not debrief.late:
        return [*lines, *paragraph(w("report.nothing-late"))]
    rows = [
        (
            w.because(each.what),
            w("report.join").join(w.title("role", role) for role in each.roles),
            w.clock(each.due_ms),
            w("marks.no-record") if each.came_ms is None else w.clock(each.came_ms),
            w.span(each.shown_ms),
            str(each.seq or ""),
        )
        for each in debrief.late
    ]
    lines += table(_columns(w, "late-what", "owner", "due-at", "came-at", "late", "entry"), rows, right=[2, 3, 4, 5])
    lines += paragraph(w("report.late-note"))
    if any(each.not_all_lived for each in debrief.late):
        lines += paragraph(w("report.late-not-lived"))
    return lines


def _measures(debrief: Debrief, w: Wording) -> list[str]:
    """What was not done, only partly or only after a hint, and what should not have been done."""
    short = [
        line for line in debrief.actions if line.case.standing.state in ("missed", "partial") or (line.done and line.case.standing.prompted)
    ]
    rows = [(_title(line, w), _owner(line, w), w.because(line.because[0])) for line in short]
    lines = heading(3, w("report.sub-measures"))
    lines += table(_columns(w, "action", "owner", "state"), rows) if rows else paragraph(w("report.none"))
    acts = [w.row(row) for row in debrief.timeline if row.code.startswith("breach") and not row.retracted]
    acts += [w("debrief.row-breach", prohibited=w.title("prohibited", act.prohibited), who="") for act in debrief.breaches if act.chosen]
    return [*lines, *(bullets(acts) if acts else [])]


def _deviations(debrief: Debrief, w: Wording) -> list[str]:
    said = [
        w("debrief.suggest-other-role", action=_title(line, w), role=_owner(line, w), other=w.title("role", line.case.standing.other_role))
        for line in debrief.actions
        if line.done and line.case.standing.other_role
    ]
    said += [w.row(row) for row in debrief.timeline if row.code == "released" and row.values["off_path"] and not row.retracted]
    return [*heading(3, w("report.sub-deviations")), *_list(said, w)]


def _differences(debrief: Debrief, w: Wording) -> list[str]:
    """Actions of which people, or an option, said different things: the word that stands, and the others, which are kept."""
    if not debrief.differences:
        return []
    rows = []
    for each in debrief.differences:
        words = [w.labelled(w.whose(whose), w(f"marks.state-{state}")) for whose, state in each.words]
        rows.append((w.title("action", each.action), words[0], w("report.join").join(words[1:])))
    made = table(_columns(w, "action", "stands", "others"), rows)
    return [*heading(3, w("report.sub-differences")), *made, *paragraph(w("report.differences-note"))]


def _indicators(debrief: Debrief, w: Wording) -> list[str]:
    rows = [
        (w.title("indicator", each.indicator), "–" if each.value is None else f"{each.value:.15g}", w.unit(each.unit))
        for each in debrief.indicators
    ]
    return table(_columns(w, "indicator", "value", "unit"), rows, right=[1]) if rows else paragraph(w("report.none"))


def suggestions(debrief: Debrief, w: Wording) -> list[str]:
    """The three lenses: feasibility of the plan, problems in running it, room for improvement (R000-13)."""
    lines = [*heading(2, w("report.section-suggestions")), *heading(3, w("report.sub-feasibility"))]
    clauses = debrief.plan.exercise.plan.clauses if debrief.plan.exercise.plan is not None else {}
    rows = [
        (f"{each.clause} {w.text(clauses.get(each.clause))}", str(each.done), str(each.troubled), str(each.missed), str(each.unknown))
        for each in debrief.clauses
    ]
    columns = _columns(w, "clause", "clause-done", "clause-troubled", "clause-missed", "clause-unknown")
    lines += table(columns, rows, right=[1, 2, 3, 4]) if rows else paragraph(w("report.no-clauses"))
    lines += [*heading(3, w("report.sub-problems")), *_list(_problems(debrief, w), w), *heading(3, w("report.sub-improvement"))]
    if debrief.suggestions:
        lines += [*paragraph(w("report.draft-note")), *suggestion_table(debrief.suggestions, w)]
    else:
        lines += paragraph(w("report.none"))
    if debrief.observations:
        lines += [*heading(3, w("report.sub-observations")), *_notes(debrief.observations, w)]
    return lines


def _problems(debrief: Debrief, w: Wording) -> list[str]:
    """What hindered play or its recording: gaps people noted, injects left out or kept back to the end, the clock standing, critical
    actions without a record."""
    said = [f"{w.clock(note.at_ms)} {note.text}" for note in debrief.gaps]
    said += [w("report.problem-unrecorded", action=w.title("action", each.case.standing.action.id)) for each in debrief.unrecorded]
    said += [w.row(row) for row in debrief.timeline if row.code in HINDERED and not row.retracted]
    return said


def timeline(debrief: Debrief, w: Wording) -> list[str]:
    """What was planned beside what happened."""
    rows = []
    for row in debrief.timeline:
        if row.code in LEFT_OUT:
            continue
        text = w.row(row)
        what = w("report.taken-back", text=text) if row.retracted else text
        rows.append((w.clock(row.planned_ms), w.clock(row.at_ms), w.time_of_day(row.wall_ms), what))
    return [*heading(2, w("report.section-timeline")), *table(_columns(w, "planned", "actual", "local", "what"), rows, right=[0, 1, 2])]


def actions(debrief: Debrief, w: Wording) -> list[str]:
    """Every expected action with its state, its time and the reason for both."""
    rows = []
    for line in debrief.actions:
        known = line.case.standing
        rows.append(
            (
                _title(line, w),
                _owner(line, w),
                w(f"marks.criticality-{known.action.criticality}"),
                w(f"marks.state-{known.state}"),
                w.span(known.latency_ms),
                w.span(line.case.within_ms),
                w(f"marks.how-{known.how}") if line.done and known.how is not None else "",
                w.reasons(line.because),
                str(known.seq or ""),
            )
        )
    columns = _columns(w, "action", "owner", "weight", "state", "took", "deadline", "how", "because", "entry")
    made = table(columns, rows, right=[4, 5, 8])
    return [*heading(2, w("report.section-actions")), *made, *(paragraph(w("report.took-note")) if rows else [])]


def _title(line: ActionLine, w: Wording) -> str:
    return w.title("action", line.id)


def _owner(line: ActionLine, w: Wording) -> str:
    return w.title("role", line.case.standing.action.by)


def decisions(debrief: Debrief, w: Wording) -> list[str]:
    """What the roles decided and answered, and how soon; roles, not people (R001-41)."""
    rows = []
    for line in debrief.decisions:
        said, (text, why) = line.decision, w.decided(line)
        took, late = w.span(line.latency_ms), w.span(line.late_ms or None)
        rows.append((w.clock(said.at_ms), w.title("role", said.role), text, why, took, late, str(said.seq)))
    columns = _columns(w, "clock", "role", "decision", "rationale", "took", "late", "entry")
    lines = heading(2, w("report.section-decisions"))
    return [*lines, *(table(columns, rows, right=[0, 4, 5, 6]) if rows else paragraph(w("report.none")))]


def appendix(debrief: Debrief, w: Wording) -> list[str]:
    """How the numbers came about, and what proves the record."""
    names = (
        "weights",
        "coverage",
        "timeliness",
        "rating",
        "coordination",
        "grade",
        "missing",
        "suggested",
        "not-yet",
        "template",
        "advice",
    )
    values = {"formula": debrief.card.formula, "template": TEMPLATE, "offset": w.offset()}
    lines = [*heading(2, w("report.section-method")), *bullets(w(f"report.method-{name}", **values) for name in names)]
    code = "report.record-seal" if debrief.run.head else "report.record-unsealed"
    lines += [*heading(2, w("report.section-record")), *paragraph(w(code, n=debrief.run.events, head=debrief.run.head))]
    if debrief.retracted:
        rows = [
            (str(each.seq), w.row(each.row) if each.row is not None else "", each.reason, str(each.by_seq)) for each in debrief.retracted
        ]
        columns = _columns(w, "entry", "what", "reason", "taken-back-by")
        lines += [*heading(3, w("report.sub-taken-back")), *table(columns, rows, right=[0, 3])]
    return lines

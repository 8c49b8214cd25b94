"""Working out the debrief of a run from its exercise and its whole log."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from tabletop.engine.events import Entry
from tabletop.engine.evolve import replay
from tabletop.engine.paths import on_path
from tabletop.engine.plan import Plan, plan_of
from tabletop.engine.state import Note, State
from tabletop.engine.state_emergency import Emergency
from tabletop.exercise.model import Exercise
from tabletop.scoring.because import Because, because
from tabletop.scoring.marks import Case, coverage, timeliness
from tabletop.scoring.people import people_count
from tabletop.scoring.projection import latency_ms
from tabletop.scoring.scorecard import Scorecard, score
from tabletop.scoring.timeline import Row, timeline

from .confirm import differences, unrecorded_critical
from .late import answer_late_ms, late_of
from .model import (
    ActionLine,
    ClauseLine,
    Conditions,
    Counts,
    Debrief,
    DecisionLine,
    Measurement,
    RunInfo,
    Suggestion,
    TakenBack,
    Unrecorded,
)
from .seen import behaviour_seen, emergencies_in_play, roles_seen
from .suggestions import suggestions_of

LOCAL_START = re.compile(r"-(\d{8}-\d{4})-[0-9a-f]{4}$")
"""The local time of making in a run id."""

QUARTER_MIN = 15
"""Zones are whole quarters of an hour from UTC ..."""

SLACK_MIN = 2
"""... and a run id is made at most so many minutes before its first event."""

FURTHEST_MIN = 14 * 60


def debrief(exercise: Exercise, entries: Sequence[Entry], run: RunInfo, state: State | None = None) -> Debrief:
    """Everything a report may say; `state` where the log has been replayed already."""
    state = replay(entries) if state is None else state
    plan = plan_of(exercise, state)
    card = score(plan, state)
    rows = timeline(plan, state, entries)
    differing = differences(plan, state)
    overruled = {each.action: each.words[1:] for each in differing}
    actions = tuple(ActionLine(case, _because(case, overruled.get(case.standing.action.id, ()))) for case in card.cases)
    suggestions = suggestions_of(plan, actions, card.breaches)
    unrecorded = unrecorded_critical(plan, state, entries, rows, card.cases)
    notes = _by_category(state)
    emergencies = emergencies_in_play(state, entries)
    return Debrief(
        run=run if run.events else RunInfo(run.id, run.kind, run.status, len(entries), run.head),
        plan=plan,
        state=state,
        offset_min=offset_of(run.id, state.created_wall_ms),
        ended_how=state.ended_how,
        conditions=_conditions(plan, state, card, len(emergencies)),
        counts=_counts(actions),
        course=_course(state, card, emergencies),
        timeline=rows,
        card=card,
        locked=state.locked and state.phase == "ended",
        actions=actions,
        late=late_of(plan, state, entries, card.cases),
        well=tuple(line for line in actions if _went_well(line)),
        suggestions=suggestions,
        unrecorded=unrecorded,
        wanted=_wanted(state, card, suggestions, unrecorded, notes["parked"]),
        strengths=notes["strength"],
        gaps=notes["gap"],
        observations=(*notes["observation"], *notes["note"]),
        rulings=notes["ruling"],
        parked=notes["parked"],
        decisions=_decisions(plan, state, entries),
        breaches=card.breaches,
        indicators=tuple(Measurement(each.id, each.unit, state.indicators.get(each.id)) for each in exercise.indicators),
        clauses=_clauses(actions),
        roles=roles_seen(plan, state),
        behaviour=behaviour_seen(state),
        differences=differing,
        emergencies=emergencies,
        retracted=_taken_back(state, rows),
    )


def offset_of(run_id: str, created_wall_ms: int) -> int:
    """Minutes that local clocks were ahead of UTC where the run was made: its id has the local time, its log UTC.

    0 where the id does not say. So a document shows the hours people remember, whatever machine prints it.
    """
    found = LOCAL_START.search(run_id)
    if found is None:
        return 0
    try:
        local = datetime.strptime(found[1], "%Y%m%d-%H%M").replace(tzinfo=UTC)
    except ValueError:
        return 0
    ahead = local.timestamp() / 60 - created_wall_ms // 60_000
    offset = round(ahead / QUARTER_MIN) * QUARTER_MIN
    return offset if abs(ahead - offset) <= SLACK_MIN and abs(offset) <= FURTHEST_MIN else 0


def _because(case: Case, overruled: Sequence[tuple[str, str]]) -> tuple[Because, ...]:
    """Why an action has the marks it has, in at most three reasons, and what those said whose word does not stand."""
    points, why = timeliness(case)
    reasons = [coverage(case)[1]]
    if case.standing.state != "missed" and (points is not None or why.code == "marks.time-unknown"):
        reasons.append(why)
    if case.standing.other_role:
        reasons.append(because("marks.other-role", role=case.standing.other_role))
    return (*reasons, *(because("marks.overruled", whose=whose, state=state) for whose, state in overruled))


def _went_well(line: ActionLine) -> bool:
    known = line.case.standing
    return known.action.criticality == "critical" and known.state == "done" and not known.prompted and not line.case.late_ms


def _conditions(plan: Plan, state: State, card: Scorecard, emergencies: int) -> Conditions:
    planned = {inject.id for inject in plan.exercise.injects if _plays_by_itself(plan, state, inject.id)}
    released = set(state.released)
    paused = (pause.until_wall_ms - pause.wall_ms for pause in state.pauses if pause.until_wall_ms is not None)
    return Conditions(
        pace=state.pace,
        people=people_count(plan, state),
        played=len(planned & released),
        planned=len(planned),
        extra=len(released - planned),
        assessed=card.assessed,
        evaluators=len({rating.evaluator for rating in state.ratings.values()}),
        hints=sum(len(record.hints) for record in state.injects.values()),
        recorded=card.recorded,
        due=card.due,
        evidence=card.evidence,
        paused_ms=sum(paused),
        jumped_ms=sum(jump.by_ms for jump in state.jumps),
        emergencies=emergencies,
    )


def _plays_by_itself(plan: Plan, state: State, inject_id: str) -> bool:
    inject, record = plan.inject_by_id[inject_id], state.inject(inject_id)
    if inject.held or record.off_path or (state.pace == "discussion" and plan.has_core and not inject.core):
        return False
    return record.released_ms is not None or on_path(plan, state, inject_id, state.last_ms)


def _counts(actions: Sequence[ActionLine]) -> Counts:
    states = Counter(line.case.standing.state for line in actions)
    done = [line.case.standing for line in actions if line.done]
    whole = [known for known in done if known.state == "done"]
    return Counts(
        unaided=sum(1 for known in whole if not known.prompted),
        prompted=sum(1 for known in whole if known.prompted),
        partial=states["partial"],
        missed=states["missed"],
        no_record=states["no_record"],
        not_observed=states["not_observed"],
        pending=states["pending"] + states["open"] + states["waiting"],
        not_applicable=states["not_applicable"],
        late=sum(1 for line in actions if line.done and line.case.late_ms),
        other_role=sum(1 for known in done if known.other_role),
        how=Counter(known.how for known in done if known.how is not None),
    )


def _course(state: State, card: Scorecard, emergencies: Sequence[Emergency]) -> tuple[Because, ...]:
    """What happened in five lines: play, injects, what the room did, how the clock went, what is known of the actions."""
    gone = Counter(record.gone for record in state.injects.values())
    paused = sum(pause.until_wall_ms - pause.wall_ms for pause in state.pauses if pause.until_wall_ms is not None)
    length = state.last_ms if state.ended_ms is None else state.ended_ms
    answers = sum(len(record.answers) for record in state.asks.values())
    how = state.ended_how or ("running" if state.started else "briefing")
    return (
        because("debrief.course-play", length_ms=length, ended=how),
        because("debrief.course-injects", released=len(state.released), skipped=gone["skipped"], overtaken=gone["overtaken"]),
        because("debrief.course-room", decisions=len(state.decisions), answers=answers, messages=len(state.messages)),
        because(
            "debrief.course-clock-emergency" if emergencies else "debrief.course-clock",
            pauses=len(state.pauses),
            paused_ms=paused,
            jumps=len(state.jumps),
            emergencies=len(emergencies),
            confirmed=sum(each.confirmed for each in emergencies),
        ),
        because("debrief.course-actions", recorded=card.recorded, due=card.due, breaches=len(card.breaches)),
    )


def _wanted(
    state: State, card: Scorecard, suggestions: Sequence[Suggestion], unrecorded: Sequence[Unrecorded], parked: Sequence[Note]
) -> tuple[Because, ...]:
    """What is still wanted from people before the report can be final."""
    wanted = []
    if unrecorded:
        wanted.append(because("debrief.wanted-confirm", n=len(unrecorded)))
    unrated = sum(1 for each in card.objectives if each.rating is None)
    if unrated:
        wanted.append(because("debrief.wanted-ratings", n=unrated))
    if not state.locked:
        wanted.append(because("debrief.wanted-lock"))
    if suggestions:
        wanted.append(because("debrief.wanted-owners", n=len(suggestions)))
    if parked:
        wanted.append(because("debrief.wanted-parked", n=len(parked)))
    return tuple(wanted)


def _by_category(state: State) -> dict[str, tuple[Note, ...]]:
    found: dict[str, list[Note]] = {name: [] for name in ("note", "observation", "strength", "gap", "ruling", "parked")}
    for note in state.notes:
        found[note.category].append(note)
    return {name: tuple(notes) for name, notes in found.items()}


def _decisions(plan: Plan, state: State, entries: Sequence[Entry]) -> tuple[DecisionLine, ...]:
    wall = {entry.seq: entry.wall_ms for entry in entries}
    found = [
        DecisionLine(spoken, "", spoken.inject, spoken.wall_ms, latency_ms(plan, state, spoken.inject, spoken.at_ms))
        for spoken in state.decisions
    ]
    for ask_id, record in state.asks.items():
        inject = plan.asks[ask_id][0].id
        for answer in record.history:
            latency = latency_ms(plan, state, inject, answer.at_ms, answer.role)
            late_ms = answer_late_ms(plan, state, ask_id, answer)
            found.append(DecisionLine(answer, ask_id, inject, wall.get(answer.seq, 0), latency, late_ms))
    return tuple(sorted(found, key=lambda line: (line.decision.at_ms, line.decision.seq)))


def _clauses(actions: Sequence[ActionLine]) -> tuple[ClauseLine, ...]:
    tally: dict[str, list[int]] = {}
    for line in actions:
        known = line.case.standing
        if known.action.clause is None or known.state == "not_applicable":
            continue
        column = 2 if known.state == "missed" else 3
        if line.done:
            smooth = known.state == "done" and not (known.prompted or known.other_role or line.case.late_ms)
            column = 0 if smooth else 1
        tally.setdefault(known.action.clause, [0, 0, 0, 0])[column] += 1
    return tuple(ClauseLine(clause, *counts) for clause, counts in sorted(tally.items()))


def _taken_back(state: State, rows: Sequence[Row]) -> tuple[TakenBack, ...]:
    by_seq = {row.seq: row for row in rows if row.retracted}
    return tuple(TakenBack(by_seq.get(seq), seq, why.reason, why.seq) for seq, why in sorted(state.retracted.items()))

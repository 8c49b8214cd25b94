"""The rows leaders query: what the views `decision_log`, `inject_log`, `action_log` and `run_summary` hold of one run.

`rows` gives only what new entries change, so that a decision costs one row; `all_rows` gives everything, to build a store
anew. Both end in the same tables. Seconds are on the exercise clock; `deadline_s` and `latency_s` count from when the inject
was read. `run` and the run's `kind` are the store's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tabletop.engine import events as e
from tabletop.engine.events import Entry
from tabletop.engine.plan import Plan
from tabletop.engine.standing import Standing, since_read_ms, since_told_ms, standing
from tabletop.engine.state import Answer, Decision, State
from tabletop.exercise.injects import Inject

from .answers import answer_text
from .changes import Changes, changed_by
from .people import people_count
from .scorecard import evidence_of, score
from .times import seconds, wall_time

Row = Mapping[str, object]


def rows(plan: Plan, state: State, entries: Sequence[Entry]) -> dict[str, list[Row]]:
    """The rows that `entries`, the newest of the log and already in `state`, change; by view, without views that stay."""
    if entries and entries[0].seq == 1 and len(entries) > 1:
        return {view: made for view, made in all_rows(plan, state, entries).items() if made}
    changes = Changes()
    for entry in entries:
        changed_by(plan, state, entry, changes)
    decisions: dict[int, Row] = {seq: {"seq": seq, "latency_s": None, "retracted": True} for seq in changes.taken_back}
    decisions.update(_decision_rows(plan, state, entries, changes))
    found = {
        "decision_log": [decisions[seq] for seq in sorted(decisions)],
        "inject_log": [inject_row(plan, state, inject) for inject in changes.injects],
        "action_log": [action_row(plan, state, action) for action in changes.actions],
        "run_summary": [summary_row(plan, state, status=True)] if changes.summary else [],
    }
    found["inject_log"] += [{"inject": inject, "delete": True} for inject in changes.gone_injects]
    found["action_log"] += [{"action": action, "delete": True} for action in changes.gone_actions]
    return {view: made for view, made in found.items() if made}


def all_rows(plan: Plan, state: State, entries: Sequence[Entry]) -> dict[str, list[Row]]:
    """Every row of a run, from its whole log. The run's status is left as the store has it: that a report is final is not in here."""
    decisions: dict[int, Row] = {
        answer.seq: answer_row(plan, state, ask, answer, _wall(entries, answer.seq)) for ask, answer in _answers(state)
    }
    decisions.update((decision.seq, decision_row(plan, state, decision)) for decision in state.decisions)
    decisions.update(_taken_back_rows(plan, state, entries))
    begun = state.started
    return {
        "decision_log": [decisions[seq] for seq in sorted(decisions)],
        "inject_log": [inject_row(plan, state, inject.id) for inject in plan.injects] if begun else [],
        "action_log": [action_row(plan, state, action) for action in plan.actions] if begun else [],
        "run_summary": [summary_row(plan, state)] if state.created is not None else [],
    }


def _wall(entries: Sequence[Entry], seq: int) -> int:
    """Wall time of an entry. Sequence numbers have no gaps but where something was redacted."""
    if seq <= len(entries) and entries[seq - 1].seq == seq:
        return entries[seq - 1].wall_ms
    return next((entry.wall_ms for entry in entries if entry.seq == seq), 0)


def _answers(state: State) -> Iterable[tuple[str, Answer]]:
    return ((ask, answer) for ask, record in state.asks.items() for answer in record.history)


def _decision_rows(plan: Plan, state: State, entries: Sequence[Entry], changes: Changes) -> dict[int, Row]:
    """Rows of the standing decisions and answers that changed; the wall time of those already there is kept."""
    fresh = {entry.seq: entry.wall_ms for entry in entries}
    found: dict[int, Row] = {}
    if changes.decisions:
        for decision in reversed(state.decisions):
            if decision.seq in changes.decisions:
                found[decision.seq] = decision_row(plan, state, decision)
                if len(found) == len(changes.decisions):
                    break
    for ask, seqs in changes.answers.items():
        left = len(seqs)
        for answer in reversed(state.ask(ask).history):
            if answer.seq in seqs:
                found[answer.seq] = answer_row(plan, state, ask, answer, fresh.get(answer.seq))
                left -= 1
                if not left:
                    break
    return found


def decision_row(plan: Plan, state: State, decision: Decision) -> Row:
    """A row of `decision_log` for a decision somebody spoke."""
    return {
        "seq": decision.seq,
        "wall_time": wall_time(decision.wall_ms),
        "exercise_s": seconds(decision.at_ms),
        "role": decision.role,
        "person": decision.person or None,
        "inject": decision.inject or None,
        "ask": None,
        "decision": decision.text,
        "rationale": decision.reason or None,
        "latency_s": seconds(latency_ms(plan, state, decision.inject, decision.at_ms)),
        "amends": None,
        "retracted": False,
    }


def answer_row(plan: Plan, state: State, ask_id: str, answer: Answer, wall_ms: int | None, language: str | None = None) -> Row:
    """A row of `decision_log` for an answer; without `wall_ms` for a row that is there already."""
    inject, ask = plan.asks[ask_id]
    made: dict[str, object] = {
        "seq": answer.seq,
        "exercise_s": seconds(answer.at_ms),
        "role": answer.role,
        "person": answer.person or None,
        "inject": inject.id,
        "ask": ask_id,
        "decision": answer_text(ask, answer.value, language or plan.language),
        "rationale": answer.rationale or None,
        "latency_s": seconds(latency_ms(plan, state, inject.id, answer.at_ms, answer.role)),
        "amends": answer.amends or None,
        "retracted": False,
    }
    if wall_ms is not None:
        made["wall_time"] = wall_time(wall_ms)
    return made


def latency_ms(plan: Plan, state: State, inject_id: str, at_ms: int, answered: str = "") -> int | None:
    """Lived milliseconds from when an inject was read until `at_ms`; None where it had not been released by then.

    `answered`: the role that then answered an ask of it; without a link it lives through nothing of it.
    """
    released = state.inject(inject_id).released_ms
    if inject_id not in plan.inject_by_id or released is None or at_ms < released:
        return None
    return since_told_ms(plan, state, inject_id, answered, at_ms) if answered else since_read_ms(state, inject_id, at_ms)


def _taken_back_rows(plan: Plan, state: State, entries: Sequence[Entry]) -> dict[int, Row]:
    """Rows of decisions and answers that were taken back, as they stood then, without their latency."""
    taken = {seq: entry for seq, why in state.retracted.items() if (entry := why.entry) is not None}
    if not any(isinstance(entry.event, e.AnswerGiven | e.DecisionMade) for entry in taken.values()):
        return {}
    amends = _amends(entries)
    found: dict[int, Row] = {}
    for seq, entry in taken.items():
        at_ms = entry.exercise_ms
        match entry.event:
            case e.DecisionMade() as made:
                decision = Decision(
                    seq, entry.actor, entry.wall_ms, made.said_ms, made.role, made.person, made.text, made.reason, "", "", made.inject
                )
                found[seq] = {**decision_row(plan, state, decision), "latency_s": None, "retracted": True}
            case e.AnswerGiven() as given:
                at_ms = at_ms if given.said_ms is None else given.said_ms
                answer = Answer(
                    seq, entry.actor, given.role, given.person, given.value, given.rationale, at_ms, at_ms, (), amends.get(seq, 0)
                )
                then = _plan_then(plan, entries, seq, given.ask)
                found[seq] = {**answer_row(then, state, given.ask, answer, entry.wall_ms), "latency_s": None, "retracted": True}
            case _:
                pass
    return found


def _plan_then(plan: Plan, entries: Sequence[Entry], seq: int, ask_id: str) -> Plan:
    """A plan that has the ask as it was at log entry `seq`: the added inject that put it may have been taken back since."""
    for entry in reversed(entries):
        if entry.seq < seq and isinstance(entry.event, e.InjectAdded):
            inject = Inject.model_validate(entry.event.inject)
            if any(ask.id == ask_id for ask in inject.asks):
                return Plan(plan.exercise, (inject,), plan.language)
    return plan


def _amends(entries: Sequence[Entry]) -> dict[int, int]:
    """The answer that each answer replaced, as it was when it was last written down."""
    stood: dict[tuple[str, str], list[int]] = {}
    amends: dict[int, int] = {}
    key_of: dict[int, tuple[str, str]] = {}
    for entry in entries:
        match entry.event:
            case e.AnswerGiven(ask=ask, role=role):
                chain = stood.setdefault((ask, role), [])
                amends[entry.seq] = chain[-1] if chain else 0
                chain.append(entry.seq)
                key_of[entry.seq] = (ask, role)
            case e.Retracted(event=seq) if seq in key_of:
                chain = stood[key_of[seq]]
                chain.remove(seq)
                for before, after in zip([0, *chain], chain, strict=False):
                    amends[after] = before
            case _:
                pass
    return amends


def inject_row(plan: Plan, state: State, inject_id: str) -> Row:
    """A row of `inject_log`. `late_s` counts from when it was due after delays; negative: released early."""
    inject, record = plan.inject_by_id[inject_id], state.inject(inject_id)
    late = None if record.released_ms is None or record.due_ms is None else record.released_ms - record.due_ms
    reason = record.reason if record.kept_back is None else record.kept_back.reason
    return {
        "inject": inject_id,
        "kind": inject.kind,
        "planned_s": seconds(plan.planned_ms[inject_id]),
        "released_s": seconds(record.released_ms),
        "late_s": seconds(late),
        "status": inject_status(plan, state, inject_id),
        "reason": reason or None,
        "released_by": record.released_by or None if record.released_ms is not None else None,
    }


def inject_status(plan: Plan, state: State, inject_id: str) -> str:
    """`released`, `skipped`, `overtaken`, `kept_back`; until ENDEX `planned`, `held`, `set_aside`, and after it `not_played`."""
    inject, record = plan.inject_by_id[inject_id], state.inject(inject_id)
    if record.released_ms is not None:
        return "released"
    if record.gone:
        return record.gone
    if record.kept_back is not None:
        return "kept_back"
    if state.phase == "ended":
        return "not_played"
    if inject.held:
        return "held"
    return "set_aside" if state.pace == "discussion" and plan.has_core and not inject.core else "planned"


def action_row(plan: Plan, state: State, action_id: str) -> Row:
    """A row of `action_log`."""
    known = standing(plan, state, action_id, state.last_ms)
    action = known.action
    acted = known.state in ("done", "partial")
    return {
        "action": action_id,
        "objective": action.objective,
        "owner": action.by,
        "criticality": action.criticality,
        "deadline_s": action.within if state.pace == "timed" else None,
        "state": _settled(state, known),
        "latency_s": seconds(known.latency_ms),
        "how": known.how if acted else None,
        "prompted": known.prompted if acted else None,
        "other_role": known.other_role or None,
        "evidence_seq": known.seq or None,
    }


def _settled(state: State, known: Standing) -> str:
    """The state of an action, which does not settle for want of a record before ENDEX: time alone changes no row."""
    if state.phase == "ended" or known.source != "none" or known.state == "not_applicable":
        return known.state
    return "pending" if known.state == "waiting" else "open"


def summary_row(plan: Plan, state: State, *, status: bool = False) -> Row:
    """The row of `run_summary`; evidence is known at ENDEX, score and grade once ratings are locked."""
    created = state.created
    card = score(plan, state) if state.locked and state.phase == "ended" else None
    evidence = evidence_of(plan, state) if state.phase == "ended" else None
    made: dict[str, object] = {
        "exercise": plan.exercise.id,
        "version": plan.exercise.version,
        "pace": state.pace,
        "subject": plan.exercise.subject,
        "site": created.site or None if created is not None else None,
        "level": created.level or None if created is not None else None,
        "started": None if state.started_wall_ms is None else wall_time(state.started_wall_ms),
        "ended": None if state.ended_wall_ms is None else wall_time(state.ended_wall_ms),
        "people": people_count(plan, state) if state.started else None,
        "score": None if card is None else card.value,
        "grade": None if card is None else card.grade,
        "evidence": evidence,
    }
    if status:
        made["status"] = "draft" if state.locked else "ended" if state.phase == "ended" else "open"
    return made

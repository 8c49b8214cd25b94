"""What came after its time, or fell due and has no record: expected actions, answers, receipts and situation reports.

Told, never scored: of these only expected actions count for timeliness, receipts and situation reports under coordination. What has no
record is told where coordination counts it: where a role had a seat of its own, or something of that kind was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from tabletop.engine import events as e
from tabletop.engine.clock import played_between
from tabletop.engine.events import Entry
from tabletop.engine.links import not_lived
from tabletop.engine.owing import Loop, Report, loops, reports
from tabletop.engine.plan import Plan
from tabletop.engine.standing import role_deadline
from tabletop.engine.state import Answer, State
from tabletop.scoring.because import Because, because
from tabletop.scoring.coordination import answer_owed, receipt_over, seats_took_part
from tabletop.scoring.marks import Case

from .model import Late


def late_of(plan: Plan, state: State, entries: Sequence[Entry], cases: Iterable[Case]) -> tuple[Late, ...]:
    """Everything that was late or stayed out, the one due first at the head; nothing in the discussion pace, where nothing has a time."""
    found = [
        *_actions(cases),
        *_answers(plan, state),
        *_unanswered(plan, state, entries),
        *_receipts(plan, state, entries),
        *_reports(plan, state),
    ]
    return tuple(sorted(found, key=lambda one: one.due_ms or 0))


def answer_late_ms(plan: Plan, state: State, ask_id: str, answer: Answer) -> int:
    """How much later than its time a role first answered; 0 where there is no time, and for a change of what was answered before."""
    deadline = role_deadline(plan, state, ask_id, answer.role)
    if answer.amends or deadline is None or answer.at_ms <= deadline or not plan.staffed_at(state, answer.role, answer.at_ms):
        return 0
    return played_between(not_lived(plan, state, answer.role), deadline, answer.at_ms)


def _actions(cases: Iterable[Case]) -> Iterator[Late]:
    for case in cases:
        known = case.standing
        if known.state in ("done", "partial") and case.late_ms:
            what = because("debrief.late-action", action=known.action.id)
            yield Late("action", (known.action.by,), what, known.deadline_ms, known.at_ms, case.late_ms, known.seq)


def _answers(plan: Plan, state: State) -> Iterator[Late]:
    for ask_id, record in state.asks.items():
        for answer in record.history:
            late_ms = answer_late_ms(plan, state, ask_id, answer)
            if late_ms:
                due_ms = role_deadline(plan, state, ask_id, answer.role)
                yield Late("answer", (answer.role,), _asked(plan, ask_id), due_ms, answer.at_ms, late_ms, answer.seq)


def _asked(plan: Plan, ask_id: str) -> Because:
    report = plan.asks[ask_id][1].answer == "report"
    return because("debrief.late-asked-report" if report else "debrief.late-answer", ask=ask_id)


def _unanswered(plan: Plan, state: State, entries: Sequence[Entry]) -> Iterator[Late]:
    """Questions whose time ran out without an answer; not those that the facilitator closed or revealed before that."""
    closed_ms, by_seats = _closed(state, entries), seats_took_part(state)
    reported = any(ask.answer == "report" and state.ask(ask_id).answers for ask_id, (_, ask) in plan.asks.items())
    for ask_id, (inject, ask) in plan.asks.items():
        silence_tells = by_seats or (reported and ask.answer == "report")
        if state.inject(inject.id).released_ms is None or not silence_tells:
            continue
        silent: dict[int, list[str]] = {}
        for role in plan.addressees(state, inject, ask):
            due_ms = role_deadline(plan, state, ask_id, role)
            if due_ms is None or role in state.ask(ask_id).answers or closed_ms.get(ask_id, due_ms) < due_ms:
                continue
            if answer_owed(plan, state, inject, ask, role, None):
                silent.setdefault(due_ms, []).append(role)
        for due_ms, roles in silent.items():
            yield Late("answer", tuple(roles), _asked(plan, ask_id), due_ms, None, None)


def _closed(state: State, entries: Iterable[Entry]) -> dict[str, int]:
    """Since when each ask that is closed takes no answers, in exercise milliseconds."""
    found: dict[str, int] = {}
    for entry in entries:
        match entry.event:
            case e.AskClosed(ask=ask) | e.AnswersRevealed(ask=ask) if state.ask(ask).closed and entry.seq not in state.retracted:
                found[ask] = entry.exercise_ms
            case _:
                pass
    return found


def _receipts(plan: Plan, state: State, entries: Iterable[Entry]) -> Iterator[Late]:
    """Receipts that came late, one by one; of those without a record an inject once for all its roles, and messages by who sent them."""
    given: dict[tuple[str | int, str], int] = {
        (entry.event.inject, entry.event.role): entry.seq
        for entry in entries
        if isinstance(entry.event, e.InjectAcknowledged) and entry.seq not in state.retracted
    }
    given |= {(message.seq, message.to): message.acknowledged_seq for message in state.messages}
    texts = {message.seq: message.text for message in state.messages}
    owed = list(loops(plan, state))
    silence_tells = seats_took_part(state) or any(loop.confirmed_ms is not None for loop in owed)
    silent: dict[tuple[str | int | None, ...], list[Loop]] = {}
    for loop in owed:
        if loop.due_ms is None or loop.closed:
            continue
        if loop.confirmed_ms is not None:
            late_ms = played_between(not_lived(plan, state, loop.role), loop.due_ms, loop.confirmed_ms)
            seq = given.get((loop.inject or loop.message, loop.role), 0)
            yield Late("receipt", (loop.role,), _sent([loop], texts), loop.due_ms, loop.confirmed_ms, late_ms, seq)
        elif silence_tells and receipt_over(state, loop):
            alike = (loop.inject, loop.due_ms) if loop.inject else (loop.sender, loop.role, "")
            silent.setdefault(alike, []).append(loop)
    for those in silent.values():
        roles = tuple(dict.fromkeys(loop.role for loop in those))
        yield Late("receipt", roles, _sent(those, texts), those[0].due_ms, None, None, in_a_row=len(those) // len(roles))


def _sent(those: Sequence[Loop], texts: Mapping[int, str]) -> Because:
    """What was to be confirmed: an inject, or one message or several of one role."""
    first = those[0]
    if first.inject:
        return because("debrief.late-receipt", inject=first.inject)
    return because("debrief.late-receipt-message", other=first.sender, text=texts[first.message], n=len(those))


def _reports(plan: Plan, state: State) -> Iterator[Late]:
    """Situation reports that fell due and did not come in time: those that one silence missed are told as one."""
    due = list(reports(plan, state))
    if not any(report.seq for report in due) and not seats_took_part(state):
        return
    for (_, role), of_role in groupby(due, key=lambda report: (report.cadence, report.role)):
        said, named = _said_by(plan, state, role)
        missed = [report for report in of_role if not report.seq]
        for came, silence in groupby(missed, key=lambda report: next((one for one in said if one[0] > report.due_ms), None)):
            row = list(silence)
            yield _silence(plan, state, row, came, announced=row[0].due_ms in named)


def _silence(plan: Plan, state: State, missed: Sequence[Report], came: tuple[int, int] | None, *, announced: bool) -> Late:
    first = missed[0]
    code = "debrief.late-report" if first.cadence else "debrief.late-announced"
    if first.cadence and announced and len(missed) == 1:
        code = "debrief.late-report-announced"
    what = because(code, cadence=first.cadence, n=len(missed))
    if came is None:
        return Late("report", (first.role,), what, first.due_ms, None, None, in_a_row=len(missed))
    late_ms = played_between(not_lived(plan, state, first.role), first.due_ms, came[0])
    return Late("report", (first.role,), what, first.due_ms, came[0], late_ms, came[1], len(missed))


def _said_by(plan: Plan, state: State, role: str) -> tuple[list[tuple[int, int]], set[int]]:
    """What a role said that counts as a situation report, by time, and the times at which it announced the next one."""
    answers = [
        answer
        for name, record in state.asks.items()
        if name in plan.asks and plan.asks[name][1].answer == "report"
        for answer in record.history
        if answer.role == role
    ]
    spoken = [*answers, *(one for those in (state.messages, state.decisions) for one in those if one.role == role)]
    named = {answer.next_report_ms for answer in answers if answer.next_report_ms is not None}
    return sorted((one.at_ms, one.seq) for one in spoken), named

"""What is owed between people: receipts of injects and messages, and reports that fall due. Pure.

Owns: when each is due, and whether it came in time (semantics: *Closed loop, cadence*). Behind a cut link nobody owes a receipt: its
time goes on when the link is restored. Refuses to own: points (`scoring.coordination`), and who reads what (`seats`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tabletop.exercise.injects import Inject
from tabletop.exercise.model import Cadence

from .clock import Jump, after_played
from .links import Overdue, not_lived, overdue, reached_ms, unheard_since
from .plan import Plan
from .standing import owes, read_at
from .state import Answer, RoleMessage, State

MESSAGE_MS = 120_000
"""How soon a message from one role to another is to be read back: as an inject with `acknowledge: true`."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when a receipt is owed, in exercise milliseconds."""

    since_ms: int
    due_ms: int | None
    """None in the discussion pace: nothing is late there."""


@dataclass(frozen=True, slots=True)
class Loop:
    """One message that needs a receipt: an inject to one of its roles, or what a role told another."""

    role: str
    """Who is to confirm it."""
    inject: str
    """Empty: it is a message between roles."""
    message: int
    """Log entry of that message; 0: it is an inject."""
    sender: str
    """The role that sent the message; empty: it is an inject."""
    seq: int
    """The log entry that sent it."""
    since_ms: int
    due_ms: int | None
    confirmed_ms: int | None

    @property
    def closed(self) -> bool:
        """Whether it was confirmed in time; in the discussion pace, at all."""
        return self.confirmed_ms is not None and (self.due_ms is None or self.confirmed_ms <= self.due_ms)


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A receipt that is owed."""

    role: str
    inject: str
    message: int
    sender: str
    since_ms: int
    due_ms: int | None
    late: Overdue | None
    """How late it is; None: it is not."""

    @property
    def overdue(self) -> bool:
        return self.late is not None


@dataclass(frozen=True, slots=True)
class Report:
    """A situation report that fell due, and the log entry that was it."""

    cadence: str
    """Empty: the role itself announced it, and no cadence binds it."""
    role: str
    due_ms: int
    seq: int
    """0: none came within the last half of its period."""


@dataclass(frozen=True, slots=True)
class ReportDue:
    """The report that a role owes next, or should have given."""

    role: str
    cadence: str
    """Empty: the role itself said when it would report again."""
    due_ms: int
    late: Overdue | None
    """How late it is; None: it is not."""

    @property
    def overdue(self) -> bool:
        return self.late is not None


# Receipts.


def receipt_window(plan: Plan, state: State, inject: Inject, role: str) -> Window | None:
    """In which time a role is to confirm an inject; None where none is asked for, and while the role is cut off.

    It runs from when the inject has been read, as for asks: a time that moved would tell one role what another did.
    """
    record, read = state.inject(inject.id), read_at(state, inject.id)
    if inject.acknowledge is None or record.released_ms is None or read is None:
        return None
    reached = reached_ms(plan, state, role, record.released_ms, record.released_seq)
    if reached is None:
        return None
    return _window(plan, state, role, max(read, reached), inject.acknowledge.within * 1000, confirmed=role in record.acknowledged)


def message_window(plan: Plan, state: State, message: RoleMessage) -> Window | None:
    """In which time a message is to be read back; None where nobody owes that: nobody of the room is there, or they are cut off.

    What people tell themselves, playing both roles, needs no receipt. It counts from when it can be read, however long it was typed.
    """
    reached = reached_ms(plan, state, message.to, message.sent_ms, message.seq)
    if reached is None or not _between_people(plan, state, message):
        return None
    return _window(plan, state, message.to, reached, MESSAGE_MS, confirmed=message.acknowledged_ms is not None)


def _window(plan: Plan, state: State, role: str, since_ms: int, within_ms: int, *, confirmed: bool) -> Window | None:
    due_ms = None if state.pace == "discussion" else after_played(not_lived(plan, state, role), since_ms, within_ms)
    silent_ms = None if confirmed else unheard_since(plan, state, role)
    if silent_ms is not None and (due_ms is None or silent_ms <= due_ms):
        return None
    return Window(since_ms, due_ms)


def _between_people(plan: Plan, state: State, message: RoleMessage) -> bool:
    players = (plan.played_with(state, role, message.at_ms)[-1] for role in (message.role, message.to))
    return message.role != message.to and len(set(players)) == 2


def loops(plan: Plan, state: State) -> Iterator[Loop]:
    """Every message so far that needs a receipt: injects in order of release, then messages between roles."""
    now_ms = state.last_ms if state.ended_ms is None else state.ended_ms
    for inject_id in state.released:
        inject = plan.inject_by_id.get(inject_id)
        if inject is None or inject.acknowledge is None:
            continue
        record = state.inject(inject_id)
        for role in dict.fromkeys((*plan.addressees(state, inject), *record.acknowledged)):
            window, confirmed = receipt_window(plan, state, inject, role), record.acknowledged.get(role)
            if window is not None and _owed(plan, state, role, window, confirmed, now_ms):
                yield Loop(role, inject_id, 0, "", record.released_seq, window.since_ms, window.due_ms, confirmed)
    for message in state.messages:
        window, confirmed = message_window(plan, state, message), message.acknowledged_ms
        if window is not None and _owed(plan, state, message.to, window, confirmed, now_ms):
            yield Loop(message.to, "", message.seq, message.role, message.seq, window.since_ms, window.due_ms, confirmed)


def _owed(plan: Plan, state: State, role: str, window: Window, confirmed_ms: int | None, now_ms: int) -> bool:
    """Whether participants play the role, or did when they confirmed or should have (scoring: *An unstaffed role owes nothing*)."""
    return owes(plan, state, role, window.due_ms if confirmed_ms is None else confirmed_ms, now_ms)


def unconfirmed(plan: Plan, state: State, now_ms: int) -> tuple[Unconfirmed, ...]:
    """The receipts owed at exercise time `now_ms`, the one due first at the head; none before STARTEX and after ENDEX."""
    if state.phase != "running":
        return ()
    found = [
        Unconfirmed(
            *(loop.role, loop.inject, loop.message, loop.sender, loop.since_ms, loop.due_ms),
            late=_late(plan, state, loop.role, loop.due_ms, now_ms),
        )
        for loop in loops(plan, state)
        if loop.confirmed_ms is None
    ]
    return tuple(sorted(found, key=lambda one: one.since_ms if one.due_ms is None else one.due_ms))


def told_control(plan: Plan, state: State, now_ms: int) -> tuple[Unconfirmed, ...]:
    """What people told a role that control plays, while they wait for it: not confirmed, and that role has not told them anything since.

    Nobody is rated by it; they wait at their phone all the same, and control has no device at which it would ring.
    """
    if state.phase != "running":
        return ()
    found = []
    owed = {one.message for one in unconfirmed(plan, state, now_ms)}
    for message in state.messages:
        reached = reached_ms(plan, state, message.to, message.sent_ms, message.seq)
        waits = plan.staffed_by(state, message.to) == "control" and plan.staffed(state, message.role)
        settled = message.acknowledged_ms is not None or message.seq in owed or _answered(state, message)
        if reached is None or not waits or settled:
            continue
        due_ms = None if state.pace == "discussion" else after_played(not_lived(plan, state, message.to), reached, MESSAGE_MS)
        late = _late(plan, state, message.to, due_ms, now_ms)
        found.append(Unconfirmed(message.to, "", message.seq, message.role, reached, due_ms, late))
    return tuple(found)


def _late(plan: Plan, state: State, role: str, due_ms: int | None, now_ms: int) -> Overdue | None:
    return None if due_ms is None or now_ms <= due_ms else overdue(plan, state, role, due_ms, now_ms)


def _answered(state: State, message: RoleMessage) -> bool:
    """Whether whoever a message was for has told its sender something since."""
    return any((one.role, one.to) == (message.to, message.role) and one.seq > message.seq for one in state.messages)


# Reports.


@dataclass(frozen=True, slots=True)
class _Said:
    """Something that counts as a report of its role: a `report` answer, a message, a decision."""

    at_ms: int
    seq: int
    next_ms: int | None = None
    """When it said that the next one would come."""


@dataclass(frozen=True, slots=True)
class _Period:
    """A time at whose end a report is due; it counts from its last half on. Time that was not lived through is none of it."""

    due_ms: int
    half_ms: int


def _period(gaps: tuple[Jump, ...], begin_ms: int, span_ms: int) -> _Period:
    return _Period(after_played(gaps, begin_ms, span_ms), after_played(gaps, begin_ms, span_ms - span_ms // 2))


def _said_by_role(plan: Plan, state: State) -> dict[str, list[_Said]]:
    """What every role that owes reports said, in the order in which it was said: those of a cadence, and those that named a time."""
    found: dict[str, list[_Said]] = {cadence.by: [] for cadence in plan.exercise.cadence}
    answers = [
        answer
        for name, record in state.asks.items()
        if name in plan.asks and plan.asks[name][1].answer == "report"
        for answer in record.history
    ]
    found |= {answer.role: [] for answer in answers if answer.next_report_ms is not None}
    if not found:
        return found
    by_seq = {answer.seq: answer for answer in answers}
    said = [(answer.role, _Said(answer.at_ms, answer.seq, _newly_named(answer, by_seq.get(answer.amends)))) for answer in answers]
    said += [(message.role, _Said(message.at_ms, message.seq)) for message in state.messages]
    said += [(decision.role, _Said(decision.at_ms, decision.seq)) for decision in state.decisions]
    for role, one in sorted(said, key=lambda pair: (pair[1].at_ms, pair[1].seq)):
        if role in found:
            found[role].append(one)
    return found


def _newly_named(answer: Answer, before: Answer | None) -> int | None:
    """When the next report comes, where an answer says that anew: a change that leaves it as it was announces nothing."""
    return None if before is not None and before.next_report_ms == answer.next_report_ms else answer.next_report_ms


def _course(plan: Plan, state: State, cadence: Cadence, said: list[_Said], until_ms: int) -> tuple[list[Report], _Period | None]:
    """The reports of a cadence that came or were missed before `until_ms`, and the period that runs then.

    None: it has not begun, or stands still behind a cut link: nothing can be reported there, and that time is not lived through.
    """
    start: int | None = 0 if cadence.after is None else read_at(state, cadence.after)
    if start is None:
        return [], None
    # What is said while the inject is read out counts: it may say when the report comes.
    released = start if cadence.after is None else state.inject(cadence.after).released_ms or 0
    every, found = cadence.every * 1000, []
    gaps, silent_ms = not_lived(plan, state, cadence.by), unheard_since(plan, state, cadence.by)
    until_ms = until_ms if silent_ms is None else min(until_ms, silent_ms)
    period = _period(gaps, start, every)
    for one in said:
        if not released <= one.at_ms <= until_ms:
            continue
        while period.due_ms < one.at_ms:
            found.append(Report(cadence.id, cadence.by, period.due_ms, 0))
            period = _period(gaps, period.due_ms, every)
        if one.at_ms >= period.half_ms:
            found.append(Report(cadence.id, cadence.by, period.due_ms, one.seq))
            period = _period(gaps, period.due_ms, every)
        if one.next_ms is not None and one.next_ms > one.at_ms:
            period = _period(gaps, one.at_ms, one.next_ms - one.at_ms)
    while period.due_ms < until_ms:
        found.append(Report(cadence.id, cadence.by, period.due_ms, 0))
        period = _period(gaps, period.due_ms, every)
    return found, None if silent_ms is not None and silent_ms <= period.due_ms else period


def _announced(plan: Plan, state: State, role: str, said: list[_Said], until_ms: int) -> tuple[list[Report], _Period | None]:
    """The reports that a role announced, those that came or were missed before `until_ms`, and the time of the one waited for still.

    A time that is named anew before the report is due takes the place of the one before; what is said after its time ends the waiting,
    though it came late. Behind a cut link nothing can be reported: that time is not lived through.
    """
    gaps = not_lived(plan, state, role)
    found: list[Report] = []
    period: _Period | None = None
    for one in said:
        if one.at_ms > until_ms:
            break
        if period is not None and one.at_ms >= period.half_ms:
            found.append(Report("", role, period.due_ms, one.seq if one.at_ms <= period.due_ms else 0))
            period = None
        if one.next_ms is not None and one.next_ms > one.at_ms:
            period = _period(gaps, one.at_ms, one.next_ms - one.at_ms)
    silent_ms = unheard_since(plan, state, role)
    if period is not None and silent_ms is not None and silent_ms <= period.due_ms:
        return found, None
    if period is not None and period.due_ms < until_ms:
        found.append(Report("", role, period.due_ms, 0))
    return found, period


def _by_themselves(plan: Plan, said: Mapping[str, list[_Said]]) -> tuple[str, ...]:
    """The roles that named a time for a report and that no cadence binds."""
    bound = {cadence.by for cadence in plan.exercise.cadence}
    return tuple(role for role in said if role not in bound)


def reports(plan: Plan, state: State) -> Iterator[Report]:
    """Every situation report that fell due so far, of roles that people played then; none in the discussion pace.

    Those of every cadence, and those that roles without one announced themselves, as far as they were due before the end.
    """
    if state.pace == "discussion" or not state.started:
        return
    until_ms = state.last_ms if state.ended_ms is None else state.ended_ms
    said = _said_by_role(plan, state)
    for cadence in plan.exercise.cadence:
        course, _ = _course(plan, state, cadence, said.get(cadence.by, []), until_ms)
        # A report that came ahead of its time may fall due only after the end.
        yield from (one for one in course if plan.staffed_at(state, one.role, min(one.due_ms, until_ms)))
    for role in _by_themselves(plan, said):
        course, _ = _announced(plan, state, role, said[role], until_ms)
        yield from (one for one in course if one.due_ms <= until_ms and plan.staffed_at(state, role, one.due_ms))


def reports_due(plan: Plan, state: State, now_ms: int) -> tuple[ReportDue, ...]:
    """What each role has to report next, or should have, at exercise time `now_ms`; the one due first at the head."""
    if state.phase != "running" or state.pace == "discussion":
        return ()
    said = _said_by_role(plan, state)
    found = [_next_of_cadence(plan, state, cadence, said, now_ms) for cadence in plan.exercise.cadence]
    found += [_promised(plan, state, role, said[role], now_ms) for role in _by_themselves(plan, said)]
    return tuple(sorted((due for due in found if due is not None), key=lambda due: due.due_ms))


def own_report_due(plan: Plan, state: State, role: str, now_ms: int) -> ReportDue | None:
    """The report that a role itself said it would give, until it comes; nothing of a cadence, of which it may not have been told."""
    records = (record for name, record in state.asks.items() if name in plan.asks and plan.asks[name][1].answer == "report")
    promises = (answer for record in records for answer in record.history if answer.role == role and answer.next_report_ms is not None)
    if state.phase != "running" or state.pace == "discussion" or not any(promises):
        return None
    return _promised(plan, state, role, _said_by_role(plan, state)[role], now_ms)


def _next_of_cadence(plan: Plan, state: State, cadence: Cadence, said: Mapping[str, list[_Said]], now_ms: int) -> ReportDue | None:
    """The oldest report that is still waited for: anything said after its time ends the waiting, though it came late."""
    spoken = said.get(cadence.by, [])
    course, period = _course(plan, state, cadence, spoken, now_ms)
    if not plan.staffed(state, cadence.by):
        return None
    newest = max((one.at_ms for one in spoken if one.at_ms <= now_ms), default=-1)
    waited = next((one.due_ms for one in course if not one.seq and one.due_ms > newest), None)
    due_ms = waited if waited is not None or period is None else period.due_ms
    if due_ms is None:
        return None
    return ReportDue(cadence.by, cadence.id, due_ms, None if waited is None else overdue(plan, state, cadence.by, due_ms, now_ms))


def _promised(plan: Plan, state: State, role: str, spoken: list[_Said], now_ms: int) -> ReportDue | None:
    """The report that a role said it would give, until one comes in the last half of that time or later."""
    _, period = _announced(plan, state, role, spoken, now_ms)
    if period is None or not plan.staffed(state, role) or not plan.staffed_at(state, role, min(period.due_ms, now_ms)):
        return None
    return ReportDue(role, "", period.due_ms, _late(plan, state, role, period.due_ms, now_ms))

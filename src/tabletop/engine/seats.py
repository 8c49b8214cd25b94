"""The one door to players: what a seat and the wall may show, from plan, state and time. Pure.

Owns: who may see what, and from when. What is not given out here reaches no player: not what comes next or how much of it, no
notes, probes, hints, expected actions, effects of options, paths not taken, ratings, and nothing that is other roles'
(house: decision 7; semantics: *Who may append what*). Refuses to own: how it looks, and its language (`Text`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tabletop.exercise.asks import Ask
from tabletop.exercise.injects import AlertLevel, Inject

from .around import QUIET, Around
from .emergency import emergency_over, pause_now, real_emergency
from .events import Entry, InjectReleased
from .links import cut_off_since, cut_since, lateness, overdue
from .owing import message_window, own_report_due, receipt_window
from .plan import Plan
from .reveals import Sight, all_revealed, as_revealed, most_chosen_first, whom_asked
from .rights import Actor, own_words
from .roles import roles_at_seat, short_name
from .shuffle import seed_of, shuffled
from .standing import next_deadline, open_asks, role_deadline, soonest_of
from .state import Answer, State
from .stopped import Stopped, stopped
from .views import (
    Awaited,
    Feedback,
    Item,
    Moment,
    OwnAnswer,
    OwnDecision,
    OwnReport,
    Paused,
    Receipt,
    SeatAsk,
    SeatMessage,
    SeatOption,
    SeatRole,
    SeatView,
    Shared,
    Timer,
    Told,
    WallView,
)
from .wall import ALWAYS, room_injects, shown


def wall_view(plan: Plan, state: State, now_ms: int, site: str = "", around: Around = QUIET) -> WallView:
    """What the shared display may show at exercise time `now_ms`: what the whole room was told, and what the driver turned it to.

    The wall of a `site` that is cut off holds only what was there before (exercise-format: `cut`).
    """
    cut = cut_since(plan, state, site)
    before = ALWAYS if cut is None else cut
    told = tuple(inject for inject in room_injects(plan, state) if state.inject(inject.id).released_seq < before)
    turn = shown(plan, state, before=before)
    inject = None if not told else plan.inject_by_id[turn.inject] if turn.inject else told[-1]
    return WallView(
        shared=_shared(plan, state, now_ms, told, around),
        view=turn.view,
        inject=None if inject is None else _told(state, inject),
        earlier=bool(turn.inject),
        awaited=() if inject is None or cut is not None else tuple(_awaited(plan, state, inject, now_ms)),
        rulings=_items(state, "ruling", before),
        parked=_items(state, "parked", before) if turn.view == "parked" else (),
        answers=most_chosen_first(as_revealed(plan, state, turn.ask, before)) if turn.view == "answers" else None,
        timer=Timer(turn.wall_ms + turn.span_ms, turn.span_ms) if turn.view == "timer" else None,
        timeline=_timeline(state, told, before) if turn.view == "timeline" else (),
        no_link=cut is not None,
    )


def seat_view(plan: Plan, state: State, roles: Sequence[str], now_ms: int, seat: Actor | None = None, around: Around = QUIET) -> SeatView:
    """What a seat of `roles` may show at exercise time `now_ms`. Raises KeyError for a role the exercise does not have.

    A role that is cut off sees only what was there before (exercise-format: `cut`); the room's part of a seat goes on while any of its
    roles has a link. `seat`: who sits there as the log names it, where that may have changed hands; None: a look at the roles alone.
    """
    own = tuple(plan.role(role).id for role in roles)
    linked = {role: _until(plan, state, role) for role in own}
    before = max(linked.values(), default=ALWAYS)
    stops = {} if seat is None else {role: stopped(plan, state, seat.kind, seat.roles, seat.person, role) for role in own}
    sees: Sight = {role: before if (stop := stops.get(role)) is None else min(before, stop.seq) for role, before in linked.items()}
    plays = tuple(role for role in own if stops.get(role) is None)
    told = tuple(inject for inject in _released(plan, state) if _reaches(state, inject, sees, before))
    asks = tuple(_seat_asks(plan, state, sees, plays, now_ms))
    return SeatView(
        shared=_shared(plan, state, now_ms, told, around),
        roles=tuple(_seat_role(plan, state, role, linked[role] != ALWAYS, stops.get(role)) for role in own),
        told=tuple(_told(state, inject, _told_to(state, inject, sees)) for inject in told),
        asks=asks,
        receipts=tuple(_receipts(plan, state, told, sees, plays, now_ms)),
        rulings=_items(state, "ruling", before),
        revealed=tuple(all_revealed(plan, state, _released(plan, state), sees, before)),
        messages=tuple(_messages(plan, state, sees, plays, now_ms)),
        no_link=before != ALWAYS,
        feedback=() if seat is None else tuple(_feedback(state, seat)),
        reports=tuple(_reports(plan, state, plays, now_ms)),
        decisions=tuple(_decisions(state, sees)),
    )


def _until(plan: Plan, state: State, role: str) -> int:
    cut = cut_off_since(plan, state, role)
    return ALWAYS if cut is None else cut


def _reaches(state: State, inject: Inject, sees: Sight, before: int) -> bool:
    """Whether the seat was told: with the whole room, or one of its roles alone."""
    return bool(_told_to(state, inject, sees)) if inject.private else state.inject(inject.id).released_seq < before


def _told_to(state: State, inject: Inject, sees: Sight) -> tuple[str, ...]:
    """Those of the seat's roles that an inject names and has reached."""
    return tuple(role for role, before in sees.items() if role in inject.to and state.inject(inject.id).released_seq < before)


def _released(plan: Plan, state: State) -> Iterator[Inject]:
    return (plan.inject_by_id[inject_id] for inject_id in state.released if inject_id in plan.inject_by_id)


def _shared(plan: Plan, state: State, now_ms: int, told: Iterable[Inject], around: Around) -> Shared:
    exercise = plan.exercise
    alert, alert_ms = _alert(state, exercise.alert, told)
    return Shared(
        phase=state.phase,
        title=exercise.title,
        handling=exercise.handling,
        setting=exercise.setting,
        site="" if state.created is None else state.created.site,
        alert=alert,
        alert_ms=alert_ms,
        now_ms=now_ms if state.ended_ms is None else state.ended_ms,
        running=state.phase == "running" and state.clock.running and not around.held,
        paused=_paused(plan, state),
        ended_wall_ms=state.ended_wall_ms,
        emergency=real_emergency(plan, state, around.devices),
        emergency_over=emergency_over(state),
        driven=around.driven or state.phase == "ended",
        speed=state.clock.speed,
    )


def _alert(state: State, level: AlertLevel, told: Iterable[Inject]) -> tuple[AlertLevel, int]:
    """The level as far as these injects told it, and since when it holds: one that went to others says nothing here."""
    since_ms = 0
    for inject in told:
        if inject.alert and inject.alert != level:
            level, since_ms = inject.alert, state.inject(inject.id).released_ms or 0
    return level, since_ms


def _paused(plan: Plan, state: State) -> Paused | None:
    return pause_now(plan, state) if state.paused else None


def _told(state: State, inject: Inject, roles: tuple[str, ...] = ()) -> Told:
    at_ms = state.inject(inject.id).released_ms or 0
    return Told(inject.id, inject.kind, inject.title, inject.text, inject.sender, at_ms, roles)


def _items(state: State, category: str, before: int) -> tuple[Item, ...]:
    return tuple(Item(note.at_ms, note.text) for note in state.notes if note.category == category and note.seq < before)


def _awaited(plan: Plan, state: State, inject: Inject, now_ms: int) -> Iterator[Awaited]:
    takes = open_asks(plan, state)
    for ask in inject.asks:
        if ask.id in takes:
            answers = state.ask(ask.id).answers
            asked = whom_asked(plan, state, inject, ask, answers)
            answered = sum(role in answers for role in asked)
            yield Awaited(answered, len(asked), next_deadline(plan, state, ask.id, now_ms))


def _timeline(state: State, told: Iterable[Inject], before: int) -> tuple[Moment, ...]:
    """What happened to the room, oldest first."""
    moments = [Moment(0, "startex")] if state.started else []
    moments += [Moment(state.inject(inject.id).released_ms or 0, "inject", inject.title) for inject in told]
    moments += [Moment(item.at_ms, "ruling", item.text) for item in _items(state, "ruling", before)]
    moments += [Moment(pause.at_ms, "pause", pause.reason) for pause in state.pauses]
    moments.sort(key=lambda moment: moment.at_ms)
    if state.ended_ms is not None:
        moments.append(Moment(state.ended_ms, "endex"))
    return tuple(moments)


def _seat_role(plan: Plan, state: State, role_id: str, no_link: bool, stop: Stopped | None) -> SeatRole:
    role = plan.role(role_id)
    people = tuple((person.holder, person.name) for person in state.people_at(role_id))
    number = plan.exercise.number_of_role[role_id]
    return SeatRole(role.id, number, role.title, short_name(plan, role_id), role.duty, people, no_link, stop)


def _seat_asks(plan: Plan, state: State, sees: Sight, plays: Sequence[str], now_ms: int) -> Iterator[SeatAsk]:
    """What the seat is asked; behind a cut link as it stood before.

    An answer whose role is asked no more, or is not played here any more, stays as it is.
    """
    takes = open_asks(plan, state)
    for inject in _released(plan, state):
        reached = tuple(role for role, before in sees.items() if state.inject(inject.id).released_seq < before)
        for ask in inject.asks if reached else ():
            record = state.ask(ask.id)
            addressed = plan.addressees(state, inject, ask)
            asked = tuple(role for role in reached if role in addressed and role in plays)
            roles = tuple(role for role in reached if role in asked or record.stood(role, sees[role]) is not None)
            if roles:
                before = max(sees[role] for role in roles)
                turn = record.known(before)
                given = [answer for role in roles if (answer := record.stood(role, sees[role])) is not None]
                ends = {role: role_deadline(plan, state, ask.id, role, turn.extended_ms) for role in roles}
                waiting = [role for role in asked if all(answer.role != role for answer in given)]
                whose, deadline = soonest_of({role: ends[role] for role in waiting or roles}, now_ms)
                takes_more = bool(asked) and (ask.id in takes if before == ALWAYS else not turn.closed)
                over = {role for role, end in ends.items() if not takes_more or (end is not None and now_ms > end)}
                yield replace(
                    _worded(state, inject, ask, roles),
                    open=takes_more,
                    deadline_ms=deadline,
                    over=lateness(plan, state, whose, deadline, now_ms),
                    mine=tuple(_own(ask, answer, fixed=answer.role in over or answer.role not in asked) for answer in given),
                    window_ms=0 if deadline is None else (ask.within or 0) * 1000 + turn.extended_ms,
                )


def _worded(state: State, inject: Inject, ask: Ask, roles: tuple[str, ...]) -> SeatAsk:
    """What an ask says to a seat, as one that takes no answer."""
    return SeatAsk(
        id=ask.id,
        inject=inject.id,
        question=ask.question,
        answer=ask.answer,
        options=tuple(SeatOption(option.id, option.text) for option in shuffled(ask, seed_of(state))),
        elements=tuple(SeatOption(element.id, element.title) for element in ask.elements),
        rationale=ask.rationale,
        roles=roles,
        open=False,
        deadline_ms=None,
        mine=(),
    )


def once_asked(plan: Plan, state: State, entries: Iterable[Entry], seat: Actor, role: str, ask_id: str) -> SeatAsk | None:
    """An ask that was put to a role of a seat, though it may have been given away or the release taken back since; None: it never was.

    For what somebody typed then: it is not lost with the form. `entries`: the log.
    """
    if ask_id not in plan.asks or role not in roles_at_seat(state, plan, seat.roles):
        return None
    inject, ask = plan.asks[ask_id]
    stop = stopped(plan, state, seat.kind, seat.roles, seat.person, role)
    before = min(_until(plan, state, role), ALWAYS if stop is None else stop.seq)
    for entry in entries:
        released = isinstance(entry.event, InjectReleased) and entry.event.inject == inject.id and entry.seq < before
        # What was taken back before a link was restored never got there: where links are cut, only what stands counts.
        if released and not (plan.has_cuts and entry.seq in state.retracted) and _was_asked(plan, state, inject, ask, role, entry):
            return _worded(state, inject, ask, (role,))
    return None


def _was_asked(plan: Plan, state: State, inject: Inject, ask: Ask, role: str, released: Entry) -> bool:
    """Whether an ask was for a role when its inject was released."""
    named = ask.to or inject.to
    return role in named if named else not plan.role(role).simulated and plan.staffed_at(state, role, released.exercise_ms)


def _own(ask: Ask, answer: Answer, *, fixed: bool) -> OwnAnswer:
    value = ask.in_order(answer.value) if isinstance(answer.value, dict) else answer.value
    changed = answer.amends != 0
    return OwnAnswer(answer.role, answer.person, value, answer.rationale, answer.at_ms, fixed, answer.next_report_ms, changed)


def _reports(plan: Plan, state: State, plays: Sequence[str], now_ms: int) -> Iterator[OwnReport]:
    """What these roles said they would report."""
    for role in plays:
        due = own_report_due(plan, state, role, now_ms)
        if due is not None:
            yield OwnReport(role, due.due_ms, overdue(plan, state, role, due.due_ms, now_ms))


def _receipts(plan: Plan, state: State, told: Iterable[Inject], sees: Sight, plays: Sequence[str], now_ms: int) -> Iterator[Receipt]:
    """What these roles were to confirm: one for each addressed role that people play (semantics: *Closed loop*)."""
    for inject in told:
        if inject.acknowledge is None:
            continue
        record = state.inject(inject.id)
        for role in plan.addressees(state, inject):
            owes, known = role in plays and plan.staffed(state, role), record.acknowledged_seq.get(role, ALWAYS) < sees.get(role, 0)
            if record.released_seq < sees.get(role, 0) and (known or owes):
                window = receipt_window(plan, state if known else _unconfirmed(state, inject, role), inject, role)
                within, since = inject.acknowledge.within * 1000, record.released_ms or 0
                at_ms = record.acknowledged[role] if known else None
                due_ms = None if window is None else window.due_ms
                yield Receipt(inject.id, role, within, since, at_ms, due_ms, lateness(plan, state, role, due_ms, now_ms))


def _unconfirmed(state: State, inject: Inject, role: str) -> State:
    """The state as one knows it who has heard of no receipt of an inject by a role."""
    if role not in state.inject(inject.id).acknowledged:
        return state
    return replace(state, injects={**state.injects, inject.id: replace(state.inject(inject.id), acknowledged={})})


def _messages(plan: Plan, state: State, sees: Sight, plays: Sequence[str], now_ms: int) -> Iterator[SeatMessage]:
    for message in state.messages:
        before = max((sees.get(message.role, 0), sees.get(message.to, 0)))
        if message.seq < before:
            read_back = message.acknowledged_ms is not None and message.acknowledged_seq < before
            window = None if read_back else message_window(plan, state, replace(message, acknowledged_ms=None))
            due_ms = None if window is None else window.due_ms
            yield SeatMessage(
                message.seq,
                message.at_ms,
                short_name(plan, message.role),
                short_name(plan, message.to),
                message.to,
                message.to in plays,
                message.text,
                read_back,
                message.read_back if read_back else "",
                due_ms,
                lateness(plan, state, message.to, due_ms, now_ms),
                message.acknowledged_ms if read_back else None,
            )


def _decisions(state: State, sees: Sight) -> Iterator[OwnDecision]:
    """What somebody at a seat recorded for these roles; not what a facilitator noted of them."""
    for decision in state.decisions:
        if decision.seq < sees.get(decision.role, 0) and decision.actor.partition(":")[0] in ("seat", "control"):
            yield OwnDecision(decision.seq, decision.role, decision.at_ms, decision.text, decision.reason)


def _feedback(state: State, seat: Actor) -> Iterator[Feedback]:
    for note in state.notes if state.phase == "ended" else ():
        if note.category in ("strength", "gap") and note.actor == str(seat) and own_words(note.person, seat):
            yield Feedback(note.seq, note.role, note.category, note.text)

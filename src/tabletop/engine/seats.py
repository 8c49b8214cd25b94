"""The one door to players: what a seat and the wall may show, from plan, state and time. Pure.

Owns: who may see what, and from when. What is not given out here reaches no player: not what comes next or how much of it, no
notes, probes, hints, expected actions, effects of options, paths not taken, ratings, and nothing that is other roles'
(house: decision 7; semantics: *Who may append what*). Refuses to own: how it looks, and its language (`Text`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tabletop.exercise.asks import Ask
from tabletop.exercise.injects import AlertLevel, Inject
from tabletop.text import Text

from .events import AnswerValue
from .plan import Plan
from .shuffle import shuffled
from .standing import ask_deadline, open_asks
from .state import Answer, State
from .views import (
    Awaited,
    Item,
    Moment,
    OwnAnswer,
    Paused,
    RealEmergency,
    Receipt,
    Revealed,
    SeatAsk,
    SeatMessage,
    SeatOption,
    SeatRole,
    SeatView,
    Shared,
    Tally,
    Timer,
    Told,
    WallView,
)
from .wall import revealed, room_injects, shown


def wall_view(plan: Plan, state: State, now_ms: int) -> WallView:
    """What the shared display may show at exercise time `now_ms`: what the whole room was told, and what the driver turned it to."""
    turn, told = shown(plan, state), room_injects(plan, state)
    inject = None if not told else plan.inject_by_id[turn.inject] if turn.inject else told[-1]
    return WallView(
        shared=_shared(plan, state, now_ms, told),
        view=turn.view,
        inject=None if inject is None else _told(state, inject),
        earlier=bool(turn.inject),
        awaited=() if inject is None else tuple(_awaited(plan, state, inject)),
        rulings=_items(state, "ruling"),
        parked=_items(state, "parked") if turn.view == "parked" else (),
        answers=_revealed(plan, state, turn.ask) if turn.view == "answers" else None,
        timer=Timer(turn.wall_ms + turn.span_ms, turn.span_ms) if turn.view == "timer" else None,
        timeline=_timeline(state, told) if turn.view == "timeline" else (),
    )


def seat_view(plan: Plan, state: State, roles: Sequence[str], now_ms: int) -> SeatView:
    """What a seat of `roles` may show at exercise time `now_ms`. Raises KeyError for a role the exercise does not have."""
    own = tuple(plan.role(role).id for role in roles)
    told = tuple(inject for inject in _released(plan, state) if not inject.private or set(inject.to) & set(own))
    asks = tuple(_seat_asks(plan, state, own, now_ms))
    public = revealed(plan, state)
    private = (ask.id for ask in asks if state.ask(ask.id).revealed and ask.id not in public)
    return SeatView(
        shared=_shared(plan, state, now_ms, told),
        roles=tuple(_seat_role(plan, state, role) for role in own),
        told=tuple(_told(state, inject, own) for inject in told),
        asks=asks,
        receipts=tuple(_receipts(plan, state, told, own)),
        rulings=_items(state, "ruling"),
        revealed=tuple(_revealed(plan, state, ask_id) for ask_id in (*public, *private)),
        messages=tuple(_messages(plan, state, own)),
    )


def _released(plan: Plan, state: State) -> Iterator[Inject]:
    return (plan.inject_by_id[inject_id] for inject_id in state.released if inject_id in plan.inject_by_id)


def _shared(plan: Plan, state: State, now_ms: int, told: Iterable[Inject]) -> Shared:
    exercise = plan.exercise
    return Shared(
        phase=state.phase,
        title=exercise.title,
        handling=exercise.handling,
        setting=exercise.setting,
        site="" if state.created is None else state.created.site,
        alert=_alert(exercise.alert, told),
        now_ms=now_ms if state.ended_ms is None else state.ended_ms,
        running=state.phase == "running" and state.clock.running,
        paused=_paused(state),
        ended_wall_ms=state.ended_wall_ms,
        emergency=_emergency(plan, state),
    )


def _alert(level: AlertLevel, told: Iterable[Inject]) -> AlertLevel:
    """The level as far as these injects told it: one that went to others says nothing here."""
    for inject in told:
        level = inject.alert or level
    return level


def _paused(state: State) -> Paused | None:
    if not state.paused:
        return None
    last = state.pauses[-1] if state.pauses else None
    return Paused("", "") if last is None else Paused(last.reason, last.site)


def _emergency(plan: Plan, state: State) -> RealEmergency | None:
    raised = state.emergency
    if raised is None:
        return None
    if not raised.confirmed:
        return RealEmergency(raised.seat, raised.site, raised.raised_wall_ms, confirmed=False)
    real = plan.exercise.real_emergency
    return RealEmergency(
        raised.seat,
        raised.site,
        raised.raised_wall_ms,
        confirmed=True,
        number="" if real is None else real.number,
        muster=None if real is None else real.muster,
        roll=tuple(person.name for person in state.people if person.left_ms is None),
    )


def _told(state: State, inject: Inject, own: Sequence[str] = ()) -> Told:
    at_ms = state.inject(inject.id).released_ms or 0
    roles = tuple(role for role in own if role in inject.to)
    return Told(inject.id, inject.kind, inject.title, inject.text, inject.sender, at_ms, roles)


def _items(state: State, category: str) -> tuple[Item, ...]:
    return tuple(Item(note.at_ms, note.text) for note in state.notes if note.category == category)


def _asked(plan: Plan, state: State, inject: Inject, ask: Ask) -> tuple[str, ...]:
    """Whom an ask waits for, or has heard: addressed roles that somebody plays."""
    answers = state.ask(ask.id).answers
    addressed = plan.addressees(state, inject, ask)
    return tuple(role for role in addressed if role in answers or plan.staffed_by(state, role) != "nobody")


def _awaited(plan: Plan, state: State, inject: Inject) -> Iterator[Awaited]:
    takes = open_asks(plan, state)
    for ask in inject.asks:
        if ask.id in takes:
            asked = _asked(plan, state, inject, ask)
            answered = sum(role in state.ask(ask.id).answers for role in asked)
            yield Awaited(answered, len(asked), ask_deadline(plan, state, ask.id))


def _revealed(plan: Plan, state: State, ask_id: str) -> Revealed:
    """The answers to an ask that was revealed."""
    inject, ask = plan.asks[ask_id]
    record = state.ask(ask_id)
    names = record.revealed == "names"
    return Revealed(
        ask=ask_id,
        question=ask.question,
        answered=len(record.answers),
        asked=len(_asked(plan, state, inject, ask)),
        tallies=tuple(_tallies(plan, state, ask, names)),
        names=names,
    )


def _tallies(plan: Plan, state: State, ask: Ask, names: bool) -> Iterator[Tally]:
    """How many gave each answer: choices in the order of this run, with those nobody took; what was worded only with its names."""
    answers = tuple(state.ask(ask.id).answers.values())
    if ask.answer in ("choice", "choices"):
        for option in shuffled(ask, _seed(state)):
            chose = [answer for answer in answers if isinstance(answer.value, tuple) and option.id in answer.value]
            yield Tally((option.text,), len(chose), _names(plan, chose) if names else ())
        return
    if ask.answer in ("text", "report") and not names:
        return
    by_value: dict[object, list[Answer]] = {}
    for answer in answers:
        by_value.setdefault(repr(answer.value), []).append(answer)
    for gave in sorted(by_value.values(), key=lambda given: (-len(given), given[0].seq)):
        yield Tally(_texts(ask, gave[0].value), len(gave), _names(plan, gave) if names else ())


def _texts(ask: Ask, value: AnswerValue) -> tuple[Text, ...]:
    match value:
        case bool():
            return ()
        case tuple():
            return tuple(ask.option(option).text for option in value)
        case dict():
            return tuple(text for text in value.values())
        case float():
            return (f"{value:g}",)
        case _:
            return (value,)


def _names(plan: Plan, answers: Iterable[Answer]) -> tuple[Text, ...]:
    return tuple(_short(plan, answer.role) for answer in answers)


def _short(plan: Plan, role_id: str) -> Text:
    role = plan.role(role_id)
    return role.short or role.title


def _seed(state: State) -> int:
    return 0 if state.created is None else state.created.seed


def _timeline(state: State, told: Iterable[Inject]) -> tuple[Moment, ...]:
    """What happened to the room, oldest first."""
    moments = [Moment(0, "startex")] if state.started else []
    moments += [Moment(state.inject(inject.id).released_ms or 0, "inject", inject.title) for inject in told]
    moments += [Moment(item.at_ms, "ruling", item.text) for item in _items(state, "ruling")]
    moments += [Moment(pause.at_ms, "pause", pause.reason) for pause in state.pauses]
    moments.sort(key=lambda moment: moment.at_ms)
    if state.ended_ms is not None:
        moments.append(Moment(state.ended_ms, "endex"))
    return tuple(moments)


def _seat_role(plan: Plan, state: State, role_id: str) -> SeatRole:
    role = plan.role(role_id)
    people = tuple((person.holder, person.name) for person in state.people if person.role == role_id and person.left_ms is None)
    return SeatRole(role.id, plan.exercise.number_of_role[role_id], role.title, _short(plan, role_id), role.duty, people)


def _seat_asks(plan: Plan, state: State, own: Sequence[str], now_ms: int) -> Iterator[SeatAsk]:
    takes = open_asks(plan, state)
    for inject in _released(plan, state):
        for ask in inject.asks:
            record = state.ask(ask.id)
            addressed = plan.addressees(state, inject, ask)
            roles = tuple(role for role in own if role in addressed or role in record.answers)
            if roles:
                deadline = ask_deadline(plan, state, ask.id)
                takes_more = ask.id in takes
                fixed = not takes_more or (deadline is not None and now_ms > deadline)
                yield SeatAsk(
                    id=ask.id,
                    inject=inject.id,
                    question=ask.question,
                    answer=ask.answer,
                    options=tuple(SeatOption(option.id, option.text) for option in shuffled(ask, _seed(state))),
                    elements=tuple(SeatOption(element.id, element.title) for element in ask.elements),
                    rationale=ask.rationale,
                    roles=roles,
                    open=takes_more,
                    deadline_ms=deadline,
                    mine=tuple(_own(record.answers[role], fixed=fixed) for role in roles if role in record.answers),
                )


def _own(answer: Answer, *, fixed: bool) -> OwnAnswer:
    return OwnAnswer(answer.role, answer.person, answer.value, answer.rationale, answer.at_ms, fixed)


def _receipts(plan: Plan, state: State, told: Iterable[Inject], own: Sequence[str]) -> Iterator[Receipt]:
    """What these roles were to confirm: one for each addressed role that people play (semantics: *Closed loop*)."""
    for inject in told:
        if inject.acknowledge is None:
            continue
        record = state.inject(inject.id)
        for role in plan.addressees(state, inject):
            if role in own and (role in record.acknowledged or plan.staffed(state, role)):
                within = inject.acknowledge.within * 1000
                yield Receipt(inject.id, role, within, record.released_ms or 0, record.acknowledged.get(role))


def _messages(plan: Plan, state: State, own: Sequence[str]) -> Iterator[SeatMessage]:
    for message in state.messages:
        if message.role in own or message.to in own:
            yield SeatMessage(
                message.seq,
                message.at_ms,
                _short(plan, message.role),
                _short(plan, message.to),
                message.to in own,
                message.text,
                message.acknowledged_ms is not None,
            )

"""What a seat or the wall may show of answers that were revealed: counts, then names, as they stood before a log entry. Pure.

Owns: which answers these are, and how many gave each. Refuses to own: who sees what, and until when (`seats`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from tabletop.exercise.asks import Ask
from tabletop.exercise.injects import Inject
from tabletop.text import Text, number_text

from .events import AnswerValue
from .plan import Plan
from .roles import short_name
from .shuffle import seed_of, shuffled
from .state import Answer, State
from .views import Revealed, Tally
from .wall import ALWAYS, revealed

Sight = Mapping[str, int]
"""Each role of a seat, and the log entry from which on it sees nothing more; `ALWAYS` while it has a link and is played there."""


def whom_asked(plan: Plan, state: State, inject: Inject, ask: Ask, answers: Collection[str]) -> tuple[str, ...]:
    """Whom an ask waits for, or has heard (`answers`): addressed roles that somebody plays."""
    addressed = plan.addressees(state, inject, ask)
    return tuple(role for role in addressed if role in answers or plan.staffed_by(state, role) != "nobody")


def all_revealed(plan: Plan, state: State, told: Iterable[Inject], sees: Sight, before: int) -> Iterator[Revealed]:
    """The answers that were revealed to the room, those revealed last at the end; then those that were revealed to some of its roles.

    Of these it shows what the roles that were asked got to see: not what came after the last of them saw nothing more.
    """
    for ask_id in revealed(plan, state, before):
        yield as_revealed(plan, state, ask_id, before)
    for inject in told:
        for ask in inject.asks if inject.private else ():
            named = (role for role in plan.addressees(state, inject, ask) if role in sees)
            until = max((sees[role] for role in named if state.inject(inject.id).released_seq < sees[role]), default=0)
            if state.ask(ask.id).known(until).revealed:
                yield as_revealed(plan, state, ask.id, until)


def as_revealed(plan: Plan, state: State, ask_id: str, before: int) -> Revealed:
    """The answers to an ask that was revealed, as they stood before a log entry."""
    inject, ask = plan.asks[ask_id]
    record, turn = state.ask(ask_id), state.ask(ask_id).known(before)
    known = ((role, record.stood(role, before)) for role in dict.fromkeys(answer.role for answer in record.history))
    answers = {role: answer for role, answer in known if answer is not None}
    names = turn.revealed == "names"
    return Revealed(
        ask=ask_id,
        question=ask.question,
        answered=len(answers),
        asked=len(whom_asked(plan, _staffed(state, before), inject, ask, answers)),
        tallies=tuple(_tallies(plan, state, ask, tuple(answers.values()), names)),
        names=names,
        at_ms=turn.revealed_ms,
    )


def most_chosen_first(revealed: Revealed) -> Revealed:
    """As a wall shows it: where not all of it has room, what people chose has. What as many chose keeps its order."""
    return replace(revealed, tallies=tuple(sorted(revealed.tallies, key=lambda tally: -tally.count)))


def _staffed(state: State, before: int) -> State:
    """The state with who played what before a log entry."""
    if before == ALWAYS:
        return state
    known = {role: tuple(change for change in changes if change.seq < before) for role, changes in state.staffing.items()}
    return replace(state, staffing={role: changes for role, changes in known.items() if changes})


def _tallies(plan: Plan, state: State, ask: Ask, answers: Sequence[Answer], names: bool) -> Iterator[Tally]:
    """How many gave each answer: choices in the order of this run, with those nobody took; what was worded only with its names."""
    if ask.answer in ("choice", "choices"):
        for option in shuffled(ask, seed_of(state)):
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
            return tuple(ask.in_order(value).values())
        case float():
            return (number_text(value),)
        case _:
            return (value,)


def _names(plan: Plan, answers: Iterable[Answer]) -> tuple[Text, ...]:
    return tuple(short_name(plan, answer.role) for answer in answers)

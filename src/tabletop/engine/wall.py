"""What the wall shows now: what the driver turned it to, or what the room was told or shown since. Pure.

Owns: which of the two is the later one, which texts the room was told, and whose answers are shown to it next. Refuses to own: the words
on the wall (`seats`).
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Literal

from tabletop.exercise.injects import Inject

from .plan import Plan
from .state import State, WallTurn


def room_injects(plan: Plan, state: State) -> tuple[Inject, ...]:
    """What the whole room was told, in order of release; nothing that was meant for some roles (exercise-format: `to`)."""
    told = (plan.inject_by_id.get(inject_id) for inject_id in state.released)
    return tuple(inject for inject in told if inject is not None and not inject.private)


def room_asks(plan: Plan, state: State) -> tuple[str, ...]:
    """The asks of what the whole room was told, in order of release."""
    return tuple(ask.id for inject in room_injects(plan, state) for ask in inject.asks)


ALWAYS = sys.maxsize
"""Later than any log entry."""


def shown(plan: Plan, state: State, turned: WallTurn | None = None, before: int = ALWAYS) -> WallTurn:
    """What the wall shows: the newest of the driver's turn (or `turned`), a release to the room, answers revealed to it.

    What a turn points at may have been taken back since: then the wall shows what the room was told last. Of what came before a log
    entry alone, where the wall knows no more.
    """
    turn = state.wall if turned is None else turned
    if turn.seq >= before:
        turn = WallTurn()
    told = tuple(inject for inject in room_injects(plan, state) if state.inject(inject.id).released_seq < before)
    if told and (newest := state.inject(told[-1].id).released_seq) > turn.seq:
        turn = WallTurn(newest)
    known = revealed(plan, state, before)
    if known and (newest := state.ask(known[-1]).known(before).revealed_seq) > turn.seq:
        turn = WallTurn(newest, "answers", ask=known[-1])
    if turn.view == "answers" and turn.ask not in known:
        return WallTurn(turn.seq)
    if turn.view == "inject" and turn.inject not in {inject.id for inject in told[:-1]}:
        return WallTurn(turn.seq)
    return turn


def revealed(plan: Plan, state: State, before: int = ALWAYS) -> tuple[str, ...]:
    """The asks whose answers were revealed to the room before a log entry, those revealed last at the end."""
    asks = (ask_id for ask_id in room_asks(plan, state) if state.ask(ask_id).known(before).revealed)
    return tuple(sorted(asks, key=lambda ask_id: state.ask(ask_id).known(before).revealed_seq))


@dataclass(frozen=True, slots=True)
class Reveal:
    """One step of showing the room the answers to an ask."""

    ask: str
    how: Literal["counts", "names", "again"]
    """`again`: what was revealed already is put on the wall once more, as far as it was revealed."""


def answered(plan: Plan, state: State) -> tuple[str, ...]:
    """The asks put to the whole room whose answers can be shown, the newest first; after ENDEX those that were revealed."""
    running = state.phase == "running"
    asks = ((ask_id, state.ask(ask_id)) for ask_id in reversed(room_asks(plan, state)))
    return tuple(ask_id for ask_id, record in asks if record.answers and (running or record.revealed))


def reveal_of(plan: Plan, state: State, ask_id: str) -> Reveal:
    """What the next step of that ask is: counts first, names only while the counts stand on the wall, and in play."""
    record, now = state.ask(ask_id), shown(plan, state)
    if not record.revealed:
        return Reveal(ask_id, "counts")
    counts_stand = now.view == "answers" and now.ask == ask_id and record.revealed == "counts"
    return Reveal(ask_id, "names" if counts_stand and state.phase == "running" else "again")


def next_reveal(plan: Plan, state: State) -> Reveal | None:
    """What is revealed next; None where there is nothing to show.

    The counts of an ask that is newer than the one on the wall come before anybody's name; then the names of the one whose counts stand on
    the wall; then the counts of the newest of which the room saw nothing; then what was revealed last is shown again. An ask whose answers
    were all taken back has nothing to show, also while it is the one on the wall.
    """
    asks, now = answered(plan, state), shown(plan, state)
    fresh = next((ask_id for ask_id in asks if not state.ask(ask_id).revealed), None)
    on_wall = reveal_of(plan, state, now.ask) if now.view == "answers" and now.ask in asks else None
    if fresh is not None and (on_wall is None or on_wall.how != "names" or asks.index(fresh) < asks.index(on_wall.ask)):
        return Reveal(fresh, "counts")
    if on_wall is not None:
        return on_wall
    known = [ask_id for ask_id in revealed(plan, state) if ask_id in asks]
    return Reveal(known[-1], "again") if known else None


def unblanked(plan: Plan, state: State) -> WallTurn:
    """What a blank wall goes back to."""
    return shown(plan, state, state.wall.behind or WallTurn())


def step(plan: Plan, state: State, by: int) -> str | None:
    """The text the room was told before (-1) or after (1) the one on the wall; None where there is none.

    From another view, the step back leads to the newest text.
    """
    told, now = room_injects(plan, state), shown(plan, state)
    if not told:
        return None
    if now.view != "inject":
        return told[-1].id if by < 0 else None
    names = [inject.id for inject in told]
    at = (names.index(now.inject) if now.inject else len(names) - 1) + by
    return names[at] if 0 <= at < len(names) else None

"""What a speaker panel numbers: one role's actions and questions, or everybody's, in an order that the lectern view shows too.

Owns: which row has which number, and what a key says of an action that has a mark already. Refuses to own: drawing, keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tabletop.engine import commands as c
from tabletop.engine.shuffle import shuffled
from tabletop.engine.standing import Standing, open_asks
from tabletop.engine.state import State
from ...scene import Scene

NUMBERED = 19
"""Rows of a page that have keys: nine digits, then `0` and a digit."""


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered row: an action, an option of a question, or a question that is answered otherwise."""

    action: str = ""
    ask: str = ""
    option: str = ""
    hands: bool = False
    """Whether it takes one digit for each role that was asked (screens: *hands*)."""


def seed_of(state: State) -> int:
    """Shuffles the options, the same on every screen of the run."""
    return 0 if state.created is None else state.created.seed


def items_of(scene: Scene, role: str, *, everybody: bool) -> list[Item]:
    """The rows of `role`: the options it is asked to choose from now, its actions, then every other question put to it.

    Somebody who says "four" means the four of card and seat: it is the four here (semantics: digits agree everywhere).
    """
    actions = [known.action.id for known in scene.all_actions() if everybody or known.action.by == role]
    asked = None if everybody else scene.asked_now(role)
    chosen = [] if asked is None else [Item(ask=asked.id, option=option.id) for option in shuffled(asked, seed_of(scene.state))]
    if asked is not None and scene.by_hands(asked):
        chosen.append(Item(ask=asked.id, hands=True))
    questions = [item for item in _questions(scene, role) if item not in chosen]
    return [*chosen, *(Item(action=action) for action in actions), *questions]


def _questions(scene: Scene, role: str) -> Iterator[Item]:
    """First what is asked now, then what the role still owes, the newest first; what it has answered before comes last, in one row."""
    plan, state = scene.plan, scene.state
    at = {inject: number for number, inject in enumerate(state.released)}

    def place(ask_id: str) -> tuple[bool, bool, int]:
        inject = plan.asks[ask_id][0].id
        now = inject == state.released[-1]
        return not now, not now and role in state.ask(ask_id).answers, -at[inject]

    for ask_id in sorted(open_asks(plan, state), key=place):
        inject, ask = plan.asks[ask_id]
        asked = plan.addressees(state, inject, ask)
        if role not in asked:
            continue
        if ask.answer == "choice" and (role not in state.ask(ask_id).answers or inject.id == state.released[-1]):
            yield from (Item(ask=ask_id, option=option.id) for option in shuffled(ask, seed_of(state)))
        else:
            yield Item(ask=ask_id)
        if scene.by_hands(ask):
            yield Item(ask=ask_id, hands=True)


@dataclass(frozen=True, slots=True)
class Said:
    """What the facilitator's keys say of an action: by whom, when, and with which of the two arrows."""

    role: str
    at_ms: int
    prompted: bool = False
    partly: bool = False
    moved: bool = False
    """Whether `←` has moved the time."""


def mark_of(known: Standing, said: Said) -> c.MarkAction | None:
    """The mark that a key gives; None where it would say again what stands.

    On an action that is done, the arrows turn what they stand for on or off and its time stays: that corrects the mark. The plain
    digit makes it done, at the time it was said now.
    """
    action = known.action
    other = "" if action.by == said.role else said.role
    if known.state not in ("done", "partial"):
        state = "partial" if said.partly else "done"
        return c.MarkAction(action.id, state, prompted=True if said.prompted else None, other_role=other, said_ms=said.at_ms)
    state = "done" if not said.partly or known.state == "partial" else "partial"
    prompted = known.prompted != said.prompted
    if (state, prompted, other) == (known.state, known.prompted, known.other_role) and not said.moved:
        return None
    later = said.moved or known.at_ms is None or (state == "done" and known.state == "partial" and not said.partly)
    at_ms = said.at_ms if later else known.at_ms
    return c.MarkAction(action.id, state, prompted=prompted, other_role=other, said_ms=at_ms)

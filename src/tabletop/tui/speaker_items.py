"""What a speaker panel numbers: one role's actions and questions, or everybody's; the lectern view shows the same numbers.

Owns: which row has which number, on which page. Refuses to own: what a key says of an action (`engine.judging`), drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tabletop.engine.judging import SETTLED
from tabletop.engine.plan import Plan
from tabletop.engine.shuffle import shuffled
from tabletop.engine.standing import Standing, open_asks
from tabletop.engine.state import State

from .look import number_key, role_key
from .scene import Scene

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
    receipt: str = ""
    """An inject whose receipt the role is to confirm."""
    message: int = 0
    """Log entry of a message that the role is to read back."""


def still_there(plan: Plan, item: Item) -> bool:
    """Whether the run still has what a row is about: an inject that was added goes with all it asked for when it is taken back."""
    known = ((item.action, plan.actions), (item.ask, plan.asks), (item.receipt, plan.inject_by_id))
    return all(name in among for name, among in known if name)


def seed_of(state: State) -> int:
    """Shuffles the options, the same on every screen of the run."""
    return 0 if state.created is None else state.created.seed


def items_of(scene: Scene, role: str, *, everybody: bool, actions: Sequence[Standing] | None = None) -> list[Item]:
    """The rows of `role`, what is likely said now first.

    The options it is asked to choose from now; its actions of the inject on the table, and what is open of earlier ones; what else it
    owes: answers, receipts; then what is settled. Somebody who says "four" means the four of card and seat: it is the four here
    (semantics: digits agree everywhere). `actions`: those of everybody as panels number them, where they are known already.
    """
    told = [known for known in (scene.all_actions() if actions is None else actions) if everybody or known.action.by == role]
    table = scene.state.released[-1] if scene.state.released else ""
    now = [Item(action=known.action.id) for known in told if known.inject.id == table or known.state not in SETTLED]
    settled = [Item(action=known.action.id) for known in told if known.inject.id != table and known.state in SETTLED]
    asked = None if everybody else scene.asked_now(role)
    chosen = [] if asked is None else [Item(ask=asked.id, option=option.id) for option in shuffled(asked, seed_of(scene.state))]
    if asked is not None and scene.by_hands(asked):
        chosen.append(Item(ask=asked.id, hands=True))
    questions = [item for item in _questions(scene, role) if item not in chosen]
    answered = [item for item in questions if role in scene.state.ask(item.ask).answers and scene.plan.asks[item.ask][0].id != table]
    owed = [item for item in questions if item not in answered]
    return [*chosen, *now, *owed, *_to_confirm(scene, role), *settled, *answered]


def paged(items: Sequence[Item], room: int) -> list[list[Item]]:
    """Rows in pages of `room` lines, at least one page; a question takes a line above its rows."""
    pages: list[list[Item]] = [[]]
    used, last_ask = 0, ""
    for item in items:
        lines = 2 if item.ask and item.ask != last_ask else 1
        if pages[-1] and (used + lines > room or len(pages[-1]) == NUMBERED):
            pages.append([])
            used, lines = 0, 2 if item.ask else 1
        pages[-1].append(item)
        used, last_ask = used + lines, item.ask
    return pages


def action_keys(scene: Scene, room: int) -> dict[str, str]:
    """The keys that mark each action at once: the digits of its owner, then those of its row in the owner's panel.

    The panel has `room` lines on a page; what stands on a second page has no second key here.
    """
    keys = {}
    actions = scene.all_actions()
    for role in dict.fromkeys(known.action.by for known in actions):
        first = role_key(scene.exercise, role)
        items = items_of(scene, role, everybody=False, actions=actions)
        in_sight = len(paged(items, room)[0])
        for number, item in enumerate(items, start=1):
            if item.action:
                second = number_key(number) if number <= in_sight else "…"
                keys[item.action] = f"{first} {second}" if first and second else first
    return keys


def _to_confirm(scene: Scene, role: str) -> Iterator[Item]:
    """Injects and messages that reached the role and that nobody has confirmed: a simulated role has no device to do it at."""
    plan, state = scene.plan, scene.state
    for inject_id in state.released:
        inject = plan.inject_by_id.get(inject_id)
        if inject is None or inject.acknowledge is None or role in state.inject(inject_id).acknowledged:
            continue
        if role in plan.addressees(state, inject):
            yield Item(receipt=inject_id)
    yield from (Item(message=sent.seq) for sent in state.messages if sent.to == role and sent.acknowledged_ms is None)


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

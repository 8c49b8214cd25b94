"""A seat plays what it shows: its roles, and those that its people play with them. Staffing drawn by chance (semantics: *Staffing*)."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest

from tabletop.engine import commands as c
from tabletop.engine.decide import decide
from tabletop.engine.events import AnswerValue
from tabletop.engine.rights import Actor
from tabletop.engine.roles import roles_at_seat
from tabletop.engine.seats import seat_view
from tabletop.errors import Refused
from tests.engine.looks import code, inject, with_injects
from tests.engine.rooms import DATA, Room

ROLES = [role["id"] for role in DATA["roles"]]
VALUES: dict[str, AnswerValue] = {"first": ("alarm",), "in-order": ("b", "a"), "why": "so", "all": "x", "some-of-us": "x"}


def drawn(chance: random.Random) -> Room:
    """A room in which things were said while roles went from hand to hand."""
    ask = {"question": "?", "answer": "text"}
    to_all = inject("tell-all", acknowledge=True, asks=[{"id": "all", **ask}, {"id": "some-of-us", "to": ["guard", "police"], **ask}])
    room = Room(with_injects(to_all))
    commands: list[c.Command] = [c.ReleaseInject(one) for one in ("smoke", "order", "tell-all")]
    for _ in range(12):
        role = chance.choice(ROLES)
        commands.append(c.StaffRole(role, chance.choice(["people", "with", "with", "control", "nobody"]), chance.choice(ROLES)))
        commands.append(c.GiveAnswer("all", role, "x"))
        commands.append(c.SendMessage(role, chance.choice(ROLES), "x"))
        commands.append(c.AcknowledgeInject("tell-all", chance.choice(ROLES)))
    for command in commands:
        with suppress(Refused):
            room.ask(command)
    return room


def takes(room: Room, command: c.Command, actor: Actor) -> bool:
    try:
        decide(room.conductor.plan, room.state, command, room.wall_ms, actor)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("seed", range(60))
def test_what_a_seat_shows_as_its_own_it_may_answer_and_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    room = drawn(chance)
    plan, state = room.conductor.plan, room.state
    chosen = tuple(chance.sample(ROLES, chance.choice([1, 1, 2])))
    own = roles_at_seat(state, plan, chosen)
    for actor in (Actor("seat", roles=chosen), Actor("seat", roles=own)):
        view = seat_view(plan, state, own, room.now_ms, actor)
        fixed = {(ask.id, one.role) for ask in view.asks for one in ask.mine if one.fixed}
        shown = {(ask.id, role) for ask in view.asks if ask.open for role in ask.roles} - fixed
        found = {
            (ask, role)
            for ask, value in VALUES.items()
            for role in ROLES
            if takes(room, c.GiveAnswer(ask, role, value, rationale="because"), actor)
        }
        assert found == shown
        receipts = {(receipt.inject, receipt.role) for receipt in view.receipts}
        assert all(takes(room, c.AcknowledgeInject(*receipt), actor) for receipt in receipts)
        may = {role for role in ROLES if takes(room, c.AcknowledgeInject("tell-all", role), actor)}
        assert may <= set(own)
        read = {sent.seq for sent in state.messages if takes(room, c.AcknowledgeMessage(sent.seq, sent.to), actor)}
        assert read == {message.seq for message in view.messages if message.to_me}
        named = {role for role in ROLES if takes(room, c.SeatPerson(role, "Wu Min"), actor)}
        assert named == set(own)


def test_whom_control_plays_with_a_role_of_its_own_is_control_s() -> None:
    room = Room()
    room.ask(c.StaffRole("clerk", "with", "police"))
    for roles in (("police",), ("police", "clerk"), ("clerk",)):
        assert room.ask(c.RecordDecision("clerk", "we wait"), Actor("control", roles=roles))
    assert code(room, c.RecordDecision("head", "x"), Actor("control", roles=("police",))) == "refused.not-yours"
    room.ask(c.StaffRole("police", "people"))
    assert code(room, c.RecordDecision("clerk", "x"), Actor("control", roles=("police",))) == "refused.not-yours"


def test_who_plays_two_roles_leaves_feedback_for_both_and_names_themselves_at_both() -> None:
    room = Room()
    head = Actor("seat", roles=("head",))
    word = c.AddNote("strength", "calm", "clerk")
    room.ask(c.StaffRole("clerk", "with", "guard"))
    room.ask(c.StaffRole("guard", "with", "head"))
    assert room.ask(c.SeatPerson("clerk", "Wu Min"), head)
    assert room.ask(c.PersonLeaves("clerk"), head)
    room.ask(c.End())
    assert room.ask(word, head)
    room.ask(c.StaffRole("guard", "people"))
    assert code(room, word, head) == "refused.not-yours"

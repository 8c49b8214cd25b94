"""Behind a cut link, and at a seat that is not played any more, nothing moves: whatever the rest of the room does, says or is shown."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.events import AnswerValue
from tabletop.engine.links import cut_off_since
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.seats import seat_view, wall_view
from tabletop.engine.stopped import stopped
from tabletop.engine.views import Revealed, SeatView
from tabletop.errors import Refused
from tests.engine.looks import inject, with_injects
from tests.engine.rooms import Room

WU = Actor("seat", roles=("guard",), person="Wu")
ALONE, GROUP = Actor("seat", roles=("guard",)), Actor("seat", roles=("guard", "clerk"))
ASKS: dict[str, tuple[AnswerValue, AnswerValue]] = {
    "in-order": (("a", "b"), ("b", "a")),
    "trust": ("you", "me"),
    "first": (("alarm",), ("look",)),
    "all": ("stay", "go"),
}
ASKED = {"in-order": ("guard", "head"), "trust": ("guard", "head"), "first": ("head", "clerk"), "all": ("guard", "head", "clerk")}
PLAYED = (e.RoleStaffed, e.RolesStaffed, e.Retracted, e.ExerciseEnded)
"""What changes who plays a seat, or what ever was so."""


def there(**how: Any) -> Room:
    """A room whose hall, where the guard stands, can be cut off; the guard is asked with the head alone, and with everybody."""
    trust = {"id": "trust", "question": "Whom do you trust?", "answer": "text"}
    every = {"id": "all", "question": "Stay or go?", "answer": "text"}
    room = Room(
        with_injects(
            inject("secret", at="hold", to=["guard", "head"], asks=[trust], acknowledge=True),
            inject("open", at="hold", asks=[every], acknowledge=True),
            inject("down", at="hold", to=["head"], cut={"site": "hall"}),
            inject("up", at="hold", to=["head"], restore={"site": "hall"}),
        ),
        **how,
    )
    room.ask(c.SeatPerson("guard", "Wu"))
    for name in ("smoke", "order", "secret", "open"):
        room.ask(c.ReleaseInject(name))
    return room


def one_command(chance: random.Random, room: Room) -> c.Command:
    ask = chance.choice(list(ASKS))
    role, other = chance.choice(ASKED[ask]), chance.choice(("head", "clerk", "guard"))
    message = chance.choice(room.state.messages) if room.state.messages else None
    often: list[c.Command] = [
        c.GiveAnswer(ask, role, chance.choice(ASKS[ask]), rationale="so"),
        c.GiveAnswer(ask, role, chance.choice(ASKS[ask]), rationale="so"),
        c.RevealAnswers(ask, names=chance.random() < 0.5),
        c.AcknowledgeInject(chance.choice(["order", "secret", "open"]), other),
        c.SendMessage(other, chance.choice(("head", "guard")), "x"),
        c.ReleaseInject(chance.choice(["down", "up"])),
        c.ReleaseInject("down"),
        c.CloseAsk(ask),
        c.ExtendAsks(),
        c.AddNote("ruling", "nobody goes in"),
    ]
    if message is not None:
        often.append(c.AcknowledgeMessage(message.seq, message.to, "heard"))
    rare: list[c.Command] = [
        c.StaffRole("guard", chance.choice(["people", "control", "nobody"])),
        c.StaffRole("clerk", chance.choice(["people", "nobody"])),
        c.PersonLeaves("guard"),
        c.SeatPerson("guard", chance.choice(["Wu", "Lin"])),
        c.Resume(),
    ]
    return chance.choice(chance.choices([often, rare], weights=[6, 1])[0])


def seen(room: Room, actor: Actor) -> SeatView:
    return seat_view(room.conductor.plan, room.state, actor.roles, room.now_ms, actor)


def alone(view: SeatView, room: Room) -> list[Revealed]:
    """What was revealed to some roles alone."""
    return [shown for shown in view.revealed if room.conductor.plan.asks[shown.ask][0].private]


def held(view: SeatView, room: Room) -> dict[str, object]:
    """What a seat has of its own role, but the time that passes."""
    return {
        "told": [told for told in view.told if told.roles],
        "answers": [(ask.id, answer.value, answer.rationale) for ask in view.asks for answer in ask.mine],
        "receipts": [(one.inject, one.role, one.confirmed_ms, one.due_ms) for one in view.receipts],
        "messages": view.messages,
        "revealed": alone(view, room),
    }


def since(room: Room, actor: Actor) -> dict[str, int]:
    """Since which entry the guard sees nothing more at a seat: behind a cut, or because somebody else plays."""
    plan, state = room.conductor.plan, room.state
    stop = stopped(plan, state, "seat", actor.roles, actor.person, "guard")
    cut = cut_off_since(plan, state, "guard")
    return {**({} if stop is None else {"stop": stop.seq}), **({} if cut is None else {"cut": cut})}


@pytest.mark.parametrize("seed", range(60))
def test_what_a_seat_has_stands_still_while_nothing_reaches_it(seed: int) -> None:
    chance = random.Random(seed)
    room = there(pace=chance.choice(["timed", "timed", "discussion"]))
    before: dict[Actor, tuple[dict[str, int], dict[str, object], SeatView]] = {}
    for _ in range(60):
        room.wait(chance.choice([0, 1, 20]))
        known = len(room.conductor.entries)
        command = one_command(chance, room)
        try:
            room.ask(command)
        except Refused:
            continue
        fresh = room.conductor.entries[known:]
        for actor in (ALONE, WU):
            now, view = since(room, actor), seen(room, actor)
            then = before.get(actor)
            if then is not None and now and then[0] == now and not any(isinstance(entry.event, PLAYED) for entry in fresh):
                assert held(view, room) == then[1], command
                if "cut" in now:
                    assert (view.told, view.rulings, view.revealed) == (then[2].told, then[2].rulings, then[2].revealed), command
            before[actor] = now, held(view, room), view
        guard, clerk, both = seen(room, ALONE), seen(room, Actor("seat", roles=("clerk",))), seen(room, GROUP)
        assert all(shown in (*guard.revealed, *clerk.revealed) for shown in both.revealed), "a group knows what one of it knows"


@pytest.mark.parametrize("goes", [c.StaffRole("guard", "control"), c.StaffRole("guard", "nobody"), c.PersonLeaves("guard")])
def test_what_is_revealed_to_some_roles_does_not_reach_the_seat_one_of_them_left(goes: c.Command) -> None:
    room = there()
    room.ask(c.GiveAnswer("trust", "guard", "my colleague"), WU)
    room.ask(c.GiveAnswer("in-order", "guard", ("a", "b")), WU)
    room.ask(c.RevealAnswers("in-order"))
    before = alone(seen(room, WU), room)
    room.ask(goes)
    room.ask(c.GiveAnswer("trust", "head", "nobody in the hall"))
    for names in (False, True):
        room.ask(c.RevealAnswers("trust", names=names))
        room.ask(c.RevealAnswers("in-order", names=names))
    room.ask(c.RevealAnswers("all", names=True))
    assert alone(seen(room, WU), room) == before
    assert [(shown.ask, shown.names) for shown in before] == [("in-order", False)]
    assert [shown.ask for shown in seen(room, WU).revealed] == ["all", "in-order"], "what the whole room is shown goes on"
    assert "nobody in the hall" in repr(seen(room, Actor("seat", roles=("head",))))


def test_a_groups_seat_shows_nothing_that_was_revealed_to_its_role_behind_a_cut() -> None:
    room = there()
    room.ask(c.GiveAnswer("trust", "guard", "my colleague"), GROUP)
    room.ask(c.ReleaseInject("down"))
    room.ask(c.GiveAnswer("trust", "head", "nobody in the hall"))
    room.ask(c.RevealAnswers("trust", names=True))
    room.ask(c.RevealAnswers("all"))
    view = seen(room, GROUP)
    assert [role.no_link for role in view.roles] == [True, False]
    assert [shown.ask for shown in view.revealed] == ["all"]
    room.ask(c.ReleaseInject("up"))
    assert [shown.ask for shown in seen(room, GROUP).revealed] == ["all", "trust"]


def test_counts_that_a_cut_seat_had_stay_as_they_were_until_the_link_is_back() -> None:
    room = there()
    for role, words in (("guard", "stay"), ("head", "go")):
        room.ask(c.GiveAnswer("all", role, words))
        room.ask(c.GiveAnswer("trust", role, words))
    for role in ("head", "clerk"):
        room.ask(c.GiveAnswer("first", role, ("alarm",)))
    for name in ("all", "trust", "first"):
        room.ask(c.RevealAnswers(name))
        room.wait(3)
    before = seen(room, ALONE).revealed
    on_wall = wall_view(room.conductor.plan, room.state, room.now_ms, "hall").answers
    assert [(shown.ask, shown.names, shown.answered, shown.asked) for shown in before] == [
        ("all", False, 2, 3),
        ("first", False, 2, 2),
        ("trust", False, 2, 2),
    ]
    room.ask(c.ReleaseInject("down"))
    room.wait(5)
    room.ask(c.StaffRole("clerk", "nobody"))
    for name in ("first", "trust", "all"):
        room.ask(c.RevealAnswers(name, names=True))
    assert seen(room, ALONE).revealed == before
    cut = wall_view(room.conductor.plan, room.state, room.now_ms, "hall")
    assert (cut.view, cut.answers) == ("answers", on_wall)
    room.ask(c.ReleaseInject("up"))
    after = {shown.ask: shown for shown in seen(room, ALONE).revealed}
    assert all(shown.names for shown in after.values())
    assert after["all"].asked == 2


def test_a_receipt_that_somebody_else_ticks_is_not_known_behind_a_cut_nor_at_a_seat_that_stopped() -> None:
    room = there()
    room.ask(c.AcknowledgeInject("open", "guard"), WU)
    room.wait(4)
    room.ask(c.ReleaseInject("down"))
    before = seen(room, WU).receipts
    room.wait(5)
    room.ask(c.AcknowledgeInject("order", "guard"), DRIVER)
    assert seen(room, WU).receipts == before
    assert [(one.inject, one.confirmed_ms) for one in before] == [("order", None), ("secret", None), ("open", 0)]
    room.ask(c.ReleaseInject("up"))
    assert {one.inject: one.confirmed_ms for one in seen(room, WU).receipts}["order"] == 9_000
    room.ask(c.StaffRole("guard", "control"))
    room.ask(c.AcknowledgeInject("secret", "guard"), DRIVER)
    assert [one.inject for one in seen(room, WU).receipts] == ["order"], "nor what control confirms for a role that was given up"

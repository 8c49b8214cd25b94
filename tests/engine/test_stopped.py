"""A device whose person does not play its role any more: it is told so, shows nothing newer of that role, and nothing is taken from it."""

from __future__ import annotations

from typing import Literal

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.engine.seats import seat_view
from tabletop.engine.stopped import Why, called_now, known_as
from tabletop.engine.views import SeatView
from tests.engine.looks import code, inject, with_injects
from tests.engine.rooms import Room

GUARD = Actor("seat", roles=("guard",))
WU, LIN = Actor("seat", roles=("guard",), person="Wu"), Actor("seat", roles=("guard",), person="Lin")
BOTH = Actor("seat", roles=("guard", "clerk"), person="Wu")


def there() -> Room:
    """The guard was told alone and asked, and has answered; somebody wrote to it."""
    ask = {"id": "in", "question": "In?", "answer": "text"}
    later = inject("later", to=["guard"], asks=[{"id": "again", "question": "Again?", "answer": "text"}], acknowledge=True)
    room = Room(with_injects(inject("rope", to=["guard"], asks=[ask], acknowledge=True), later))
    room.ask(c.SeatPerson("guard", "Wu"))
    room.ask(c.ReleaseInject("rope"))
    room.ask(c.SendMessage("head", "guard", "where are you"))
    room.ask(c.GiveAnswer("in", "guard", "not yet"), WU)
    return room


def plays(room: Room) -> tuple[c.Command, ...]:
    """Everything the people at the guard's seat may do in play."""
    return (
        c.GiveAnswer("in", "guard", "now"),
        c.AcknowledgeInject("rope", "guard"),
        c.AcknowledgeMessage(room.state.messages[0].seq, "guard"),
        c.RecordDecision("guard", "we wait"),
        c.SendMessage("guard", "head", "here"),
    )


def seen(room: Room, actor: Actor) -> SeatView:
    return seat_view(room.conductor.plan, room.state, actor.roles, room.now_ms, actor)


def stopped(room: Room, actor: Actor) -> list[Why | Literal[""]]:
    return [role.stopped.why if role.stopped is not None else "" for role in seen(room, actor).roles]


@pytest.mark.parametrize("by", ["control", "nobody"])
def test_what_control_or_nobody_plays_is_not_played_from_the_phone_that_sat_there(by: Literal["control", "nobody"]) -> None:
    room = there()
    assert stopped(room, GUARD) == [""]
    room.ask(c.StaffRole("guard", by))
    for actor in (GUARD, WU):
        assert stopped(room, actor) == [by]
        assert [code(room, command, actor) for command in plays(room)] == [f"refused.seat-{by}"] * 5
    room.ask(c.StaffRole("guard", "people"))
    assert stopped(room, WU) == [""]
    for command in plays(room):
        assert room.ask(command, WU)


def test_a_roll_call_stops_the_phones_of_those_who_are_not_here() -> None:
    room = there()
    room.ask(c.CallRoll(("head", "clerk")))
    assert stopped(room, GUARD) == ["control"]
    assert stopped(room, Actor("control", roles=("guard",))) == [""]
    room.ask(c.CallRoll(("guard", "head")))
    assert stopped(room, GUARD) == [""]
    assert stopped(room, Actor("control", roles=("guard",))) == ["people"]


@pytest.mark.parametrize(
    "goes",
    [
        (c.PersonLeaves("guard"),),
        (c.PersonLeaves("guard"), c.SeatPerson("guard", "Lin")),
        (c.SeatPerson("guard", "Lin"), c.SeatPerson("clerk", "Wu")),
        (c.SeatPerson("guard", "Lin"), c.SeatPerson("clerk", "wu "), c.PersonLeaves("clerk")),
    ],
)
def test_who_left_or_changed_places_is_refused_and_who_came_is_not(goes: tuple[c.Command, ...]) -> None:
    room = there()
    for command in goes:
        room.ask(command)
    assert [code(room, command, WU) for command in plays(room)] == ["refused.seat-left"] * 5
    assert (stopped(room, WU), stopped(room, LIN), stopped(room, GUARD)) == (["left"], [""], [""])
    stop = seen(room, WU).roles[0].stopped
    assert stop is not None
    assert stop.people == (("Lin",) if len(goes) > 1 else ())
    assert room.ask(c.RecordDecision("guard", "we wait"), LIN)
    room.ask(c.SeatPerson("guard", "Wu", "B"), WU)
    assert stopped(room, WU) == [""], "who comes back says so"


@pytest.mark.parametrize("called", ["wu", " WU", "Wu Min"])
def test_who_is_called_otherwise_plays_on_until_they_leave(called: str) -> None:
    room = there()
    room.ask(c.SeatPerson("guard", called))
    assert stopped(room, WU) == [""]
    for command in plays(room):
        assert room.ask(command, WU)
    room.ask(c.SeatPerson("guard", "Wu M."))
    assert stopped(room, WU) == [""]
    room.ask(c.PersonLeaves("guard"))
    assert [code(room, command, WU) for command in plays(room)[:1] + plays(room)[3:]] == ["refused.seat-left"] * 3


def test_who_writes_for_several_roles_goes_on_when_those_who_play_them_are_named() -> None:
    room = there()
    room.ask(c.SeatPerson("clerk", "Wu"), BOTH)
    room.ask(c.SeatPerson("guard", "Chen"))
    room.ask(c.SeatPerson("clerk", "Lin"))
    assert stopped(room, BOTH) == ["", ""]
    for command in plays(room):
        assert room.ask(command, BOTH)
    room.ask(c.PersonLeaves("clerk"))
    assert stopped(room, BOTH) == ["", ""], "Lin left, and nobody said that Wu did"


def test_who_sits_at_two_roles_has_left_only_when_gone_from_both() -> None:
    room = there()
    room.ask(c.SeatPerson("clerk", "Wu"))
    room.ask(c.PersonLeaves("guard"))
    assert stopped(room, BOTH) == ["", ""]
    room.ask(c.PersonLeaves("clerk"))
    assert stopped(room, BOTH) == ["left", "left"]


def test_what_is_played_with_a_role_that_was_given_up_is_stopped_and_nothing_else_of_the_seat() -> None:
    room = there()
    room.ask(c.StaffRole("guard", "control"))
    assert stopped(room, BOTH) == ["control", ""]
    assert [role.id for role in seen(room, BOTH).playing] == ["clerk"]
    assert room.ask(c.RecordDecision("clerk", "we wait"), BOTH)
    assert code(room, c.RecordDecision("guard", "we wait"), BOTH) == "refused.seat-control"
    room.ask(c.StaffRole("clerk", "with", "guard"))
    assert stopped(room, BOTH) == ["control", "control"]


def test_a_stopped_seat_shows_what_it_answered_and_nothing_newer_of_its_role() -> None:
    room = there()
    room.ask(c.StaffRole("guard", "nobody"))
    room.ask(c.ReleaseInject("later"))
    room.ask(c.SendMessage("head", "guard", "who is there"))
    room.ask(c.StaffRole("guard", "control"))
    room.ask(c.GiveAnswer("in", "guard", "control says"), Actor("control", roles=("guard",)))
    view = seen(room, GUARD)
    assert [told.inject for told in view.told] == ["rope"]
    [ask] = view.asks
    assert (ask.open, [(answer.value, answer.fixed) for answer in ask.mine]) == (False, [("not yet", True)])
    assert view.receipts == ()
    assert [(message.text, message.to_me) for message in view.messages] == [("where are you", False)]
    control = seen(room, Actor("control", roles=("guard",)))
    assert [told.inject for told in control.told] == ["rope", "later"]
    assert [answer.value for ask in control.asks for answer in ask.mine] == ["control says"]
    room.ask(c.ReleaseInject("smoke"))
    assert [told.inject for told in seen(room, GUARD).told] == ["rope", "smoke"], "what the whole room is told goes on"


def test_a_stopped_seat_still_leaves_a_word_after_endex_and_sees_its_own_alone() -> None:
    room = there()
    room.ask(c.StaffRole("guard", "control"))
    room.ask(c.End())
    room.ask(c.AddNote("gap", "the door", "guard"), WU)
    room.ask(c.AddNote("strength", "calm", "head"), Actor("seat", roles=("head",)))
    room.ask(c.AddNote("gap", "slow", "guard"), Actor("evaluator", "E1"))
    room.ask(c.AddNote("gap", "the radio", "guard"), LIN)
    room.ask(c.AddNote("gap", "the keys", "guard"), GUARD)
    assert [(word.role, word.category, word.text) for word in seen(room, WU).feedback] == [("guard", "gap", "the door")]
    assert [word.text for word in seen(room, LIN).feedback] == ["the radio"]
    assert seen(room, GUARD).feedback == (), "whose words they are nobody can tell at a device without a name"


def test_a_word_of_feedback_is_taken_back_by_who_wrote_it_and_by_nobody_else_at_the_role() -> None:
    room = there()
    room.ask(c.End())
    [of_wu] = room.ask(c.AddNote("gap", "the door", "guard"), WU)
    [of_nobody] = room.ask(c.AddNote("gap", "the keys", "guard"), GUARD)
    for entry, actor in ((of_wu, LIN), (of_wu, GUARD), (of_nobody, GUARD), (of_nobody, WU)):
        assert code(room, c.Retract(entry), actor) == "refused.not-yours"
    assert room.ask(c.Retract(of_wu), Actor("seat", roles=("guard",), person="wu "))
    assert seen(room, WU).feedback == ()


def test_who_sits_in_a_place_now_is_called_by_the_name_that_was_given_last() -> None:
    room = there()
    assert called_now(room.state, ("guard",), "Wu") == "Wu"
    room.ask(c.SeatPerson("guard", "Wu Min"))
    assert called_now(room.state, ("guard",), "wu") == "Wu Min"
    assert called_now(room.state, ("guard",), "Lin") == "Lin", "who was never named there writes for somebody"
    assert called_now(room.state, ("guard", "clerk"), "Wu") == "Wu", "who writes for several"
    assert called_now(room.state, ("guard",), "") == ""
    room.ask(c.PersonLeaves("guard"))
    assert called_now(room.state, ("guard",), "Wu Min") == "Wu Min"
    room.ask(c.SeatPerson("guard", "Lin"))
    assert called_now(room.state, ("guard",), "Wu Min") == "Wu Min", "who comes after them is somebody else"
    assert called_now(room.state, ("guard",), "Wu") == "Wu"
    room.ask(c.SeatPerson("guard", "Lin Bo"))
    assert called_now(room.state, ("guard",), "Lin") == "Lin Bo"


@pytest.mark.parametrize(
    ("given", "named", "known"),
    [
        ("Wu", "Wu Min", "Wu Min"),
        ("wu", "WU Min", "WU Min"),
        ("Min", "Wu Min", "Wu Min"),
        ("吴", "吴敏", "吴敏"),
        ("Li", "Lin", "Li"),
        ("Wu Min", "Wu", "Wu Min"),
        ("吴敏", "林波", "吴敏"),
    ],
)
def test_a_head_count_looks_for_the_name_that_was_given_unless_the_new_one_only_says_more(given: str, named: str, known: str) -> None:
    room = Room()
    room.ask(c.SeatPerson("guard", given))
    room.ask(c.SeatPerson("guard", named))
    assert known_as(room.state, ("guard",), given) == known
    assert known_as(room.state, ("guard", "clerk"), given) == given, "who writes for several"
    room.ask(c.PersonLeaves("guard"))
    room.ask(c.SeatPerson("guard", f"{given} Bo"))
    assert known_as(room.state, ("guard",), given) == given, "who comes after somebody who left"

"""Who joins a role whose places are taken is in the log, among its people, on the roll, and counted; a change of place loses nobody."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as some

from tabletop.engine import commands as c
from tabletop.engine.events import Holder
from tabletop.engine.joining import place_to_sign_in
from tabletop.engine.rights import Actor
from tabletop.engine.roll import roll
from tabletop.engine.seats import seat_view
from tabletop.engine.stopped import called_now, has_left
from tabletop.errors import TabletopError
from tabletop.scoring.people import people_count
from tests.engine.looks import code, entry_of, playing
from tests.engine.rooms import Room

CLERK, GUARD = Actor("seat", roles=("clerk",)), Actor("seat", roles=("guard",))


def named(room: Room, role: str) -> list[str]:
    return [f"{one.holder} {one.name}" for one in room.state.people_at(role)]


def full() -> Room:
    """The guard's two places are taken, and a third has joined from a phone."""
    room = playing()
    for holder, name in (("A", "Wu"), ("B", "Lin"), ("+", "Zhao")):
        room.ask(c.SeatPerson("guard", name, holder), GUARD)  # type: ignore[arg-type]  # the three holders there are
    return room


def test_who_joins_is_among_the_people_behind_the_holders_and_on_the_roll_and_counted() -> None:
    room = playing()
    before = people_count(room.conductor.plan, room.state)
    room.ask(c.SeatPerson("guard", "Zhao", "+"), GUARD)
    room.ask(c.SeatPerson("guard", "Lin", "B"), GUARD)
    room.ask(c.SeatPerson("guard", "Wu"), GUARD)
    assert named(room, "guard") == ["A Wu", "B Lin", "+ Zhao"]
    assert people_count(room.conductor.plan, room.state) == before + 2
    for _ in range(2):
        room.ask(c.PressEmergency("console"))
    assert [one.name for one in roll(room.conductor.plan, room.state) if one.name] == ["Zhao", "Lin", "Wu"]


def test_several_join_and_each_leaves_alone() -> None:
    room = full()
    room.ask(c.SeatPerson("guard", "He", "+"))
    room.ask(c.PersonLeaves("guard", "+", "Zhao"))
    assert named(room, "guard") == ["A Wu", "B Lin", "+ He"]
    assert entry_of(room, "person_left").event.name == "Zhao"  # type: ignore[union-attr]  # the kind says so
    assert code(room, c.PersonLeaves("guard", "+", "Zhao")) == "refused.nobody-there"
    assert code(room, c.PersonLeaves("guard", "+")) == "refused.nobody-there"
    room.ask(c.PersonLeaves("guard", "B"))
    assert named(room, "guard") == ["A Wu", "+ He"]
    zhao = Actor("seat", roles=("guard",), person="Zhao")
    stopped = seat_view(room.conductor.plan, room.state, ("guard",), room.now_ms, zhao).roles[0].stopped
    assert stopped is not None
    assert stopped.why == "left"


def test_who_joined_and_takes_a_place_is_there_once_and_so_is_who_had_it() -> None:
    room = full()
    room.ask(c.SeatPerson("guard", "Zhao", "B"))
    assert named(room, "guard") == ["A Wu", "B Zhao"]
    lin, zhao = (next(one for one in room.state.people if one.name == name) for name in ("Lin", "Zhao"))
    assert not has_left(room.state, zhao)
    assert lin.renamed, "nobody said that Lin left"
    room.ask(c.Retract(room.conductor.entries[-1]))
    assert named(room, "guard") == ["A Wu", "B Lin", "+ Zhao"]


def test_another_name_of_who_joined_takes_the_place_of_the_old_one_alone() -> None:
    room = full()
    room.ask(c.SeatPerson("guard", "He", "+"), GUARD)
    room.ask(c.SeatPerson("guard", "Zhao Yi", "+", "Zhao"), GUARD)
    assert named(room, "guard") == ["A Wu", "B Lin", "+ He", "+ Zhao Yi"]
    assert called_now(room.state, ("guard",), "Zhao") == "Zhao Yi"
    room.ask(c.SeatPerson("guard", "Qian", "+", "Wu"), GUARD)
    assert named(room, "guard")[0] == "A Wu", "a holder is not called otherwise by who joins"


def test_nobody_joins_twice_nor_at_the_role_of_another_seat() -> None:
    room = full()
    logged = len(room.conductor.entries)
    for name in ("Wu", "Zhao"):
        room.ask(c.SeatPerson("guard", name, "+"), GUARD)
    assert len(room.conductor.entries) == logged
    assert code(room, c.SeatPerson("guard", "Sun", "+"), CLERK) == "refused.not-yours"
    assert place_to_sign_in(room.conductor.plan, room.state, GUARD, "zhao") is None
    assert place_to_sign_in(room.conductor.plan, room.state, GUARD, "Sun") == ("guard", "+")


NAMES = some.sampled_from(["Wu", "Lin", "Zhao", "He"])
PLACES: some.SearchStrategy[Holder] = some.sampled_from(["A", "B", "+"])
STEPS = some.one_of(
    some.builds(c.SeatPerson, some.just("guard"), NAMES, PLACES, some.just("") | NAMES),
    some.builds(c.PersonLeaves, some.just("guard"), PLACES, NAMES),
)


@settings(max_examples=100, deadline=None)
@given(some.lists(STEPS, max_size=12))
def test_whatever_is_done_each_place_has_one_and_beside_it_nobody_twice(steps: list[c.Command]) -> None:
    room = playing()
    for step in steps:
        before = set(named(room, "guard"))
        try:
            room.ask(step)
        except TabletopError:
            assert set(named(room, "guard")) == before
            continue
        people = room.state.people_at("guard")
        holders = [one.holder for one in people if one.holder != "+"]
        beside = [one.name for one in people if one.holder == "+"]
        assert len(set(holders)) == len(holders)
        assert len(set(beside)) == len(beside)
        gone = {one.partition(" ")[2] for one in before} - {one.name for one in people}
        assert len(gone) <= 1, "one step takes one name away at most"
        for one in room.state.people:
            assert has_left(room.state, one) == (not _goes_on(room, one.since_seq))


def _goes_on(room: Room, seq: int) -> bool:
    """Whether somebody is at the place that an entry named somebody at, as the log alone says, without the names that followed."""
    one = next(each for each in room.state.people if each.since_seq == seq)
    if one.left_ms is None:
        return True
    following = [each for each in room.state.people if each.since_seq == one.left_seq]
    return bool(following) and _goes_on(room, following[0].since_seq)

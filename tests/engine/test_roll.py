"""The roll of a head count: everybody once, worked out in one place from the log and from who is at a device; and ticks that last."""

from __future__ import annotations

import random

import pytest

from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.around import Around, AtDevice
from tabletop.engine.evolve import replay
from tabletop.engine.joining import is_seat, person_name, place_to_sign_in
from tabletop.engine.rights import Actor
from tabletop.engine.roll import roll
from tabletop.engine.seats import seat_view, wall_view
from tabletop.engine.views import OnRoll
from tests.engine.looks import E1, code, playing
from tests.engine.rooms import Room

HOUR_MS = 3_600_000


def alarmed(*commands: c.Command) -> Room:
    """A room in which these were recorded, and then a real emergency was confirmed."""
    room = playing()
    for command in commands:
        room.ask(command)
    for _ in range(2):
        room.ask(c.PressEmergency("console"))
    return room


def at(room: Room, seat: str, name: str = "", *, ago_ms: int = 0, gone: bool = False) -> AtDevice:
    return AtDevice(seat, name, room.wall_ms - ago_ms, gone)


def told(room: Room, *devices: AtDevice) -> list[str]:
    """Everybody on the roll: name or `-`, then the seats."""
    return [f"{one.name or '-'} {one.post if one.post != 'role' else '+'.join(map(str, one.seats))}" for one in made(room, *devices)]


def made(room: Room, *devices: AtDevice) -> tuple[OnRoll, ...]:
    return roll(room.conductor.plan, room.state, devices)


def test_a_second_device_without_a_name_adds_nobody_to_a_role_whose_person_is_known() -> None:
    room = alarmed(c.SeatPerson("head", "Chen"))
    assert told(room, at(room, "seat:head", "Chen"), at(room, "seat:head")) == ["Chen Head", "- Guard", "- Clerk"]


def test_a_device_without_a_name_is_the_one_person_of_a_role_that_nobody_is_known_for() -> None:
    room = alarmed()
    devices = (at(room, "seat:guard"), at(room, "seat:guard"), at(room, "seat:police"))
    assert told(room, *devices) == ["- Head", "- Guard", "- Clerk", "- Police"]


def test_a_name_at_a_device_wins_over_a_nameless_one_of_the_same_seat() -> None:
    room = alarmed()
    assert told(room, at(room, "seat:guard"), at(room, "seat:guard", "Wu Min")) == ["- Head", "Wu Min Guard", "- Clerk"]


def test_one_person_at_several_roles_and_devices_is_one_person() -> None:
    room = alarmed(*(c.SeatPerson(role, "Li Wei") for role in ("clerk", "head", "guard")))
    devices = (at(room, "seat:head+guard+clerk", "Li  wei"), at(room, "seat:clerk", "LI WEI"))
    assert told(room, *devices) == ["Li Wei Head+Guard+Clerk"]


def test_who_writes_for_a_group_is_one_of_it_and_the_others_are_looked_for_too() -> None:
    room = alarmed()
    assert told(room, at(room, "seat:head+guard", "Li Wei")) == ["Li Wei Head+Guard", "- Guard", "- Clerk"]
    room = alarmed(c.SeatPerson("guard", "Li Wei"))
    assert told(room, at(room, "seat:head+guard", "Li Wei")) == ["- Head", "Li Wei Head+Guard", "- Clerk"]


def signed_in(room: Room, seat: str, name: str) -> str | None:
    """Signs somebody in as a device does; the place at which they are named, a role's first by the role alone."""
    actor = Actor.parse(seat)
    place = place_to_sign_in(room.conductor.plan, room.state, actor, name)
    if place is None:
        return None
    room.ask(c.SeatPerson(place[0], name, place[1]), actor)
    return place[0] if place[1] == "A" else " ".join(place)


def test_who_signs_in_for_a_group_is_named_at_its_first_free_role_alone_and_the_others_are_looked_for() -> None:
    room = playing()
    everybody = "seat:head+guard+clerk"
    assert [signed_in(room, everybody, name) for name in ("Li Wei", "LI  wei")] == ["head", None]
    for _ in range(2):
        room.ask(c.PressEmergency("console"))
    assert told(room) == ["Li Wei Head", "- Guard", "- Clerk"]
    assert told(room, at(room, everybody, "Li Wei")) == ["Li Wei Head+Guard+Clerk", "- Guard", "- Clerk"]


def test_a_second_who_types_for_the_group_is_named_at_the_next_role_and_where_none_is_free_nobody_is_written_over() -> None:
    room = playing()
    assert [signed_in(room, "seat:head+clerk", name) for name in ("Li", "Wu", "He", "Li")] == ["head", "clerk", "head +", None]
    room = playing()
    room.ask(c.StaffRole("guard", "control"))
    assert signed_in(room, "seat:guard+clerk", "Li") == "clerk", "control plays the other"
    assert signed_in(room, "control:police+guard", "He") == "police"


def test_a_role_played_with_another_adds_nobody() -> None:
    room = alarmed(c.SeatPerson("head", "Chen"), c.StaffRole("clerk", "with", "head"))
    assert told(room, at(room, "seat:clerk")) == ["Chen Head", "- Guard"]


def test_who_plays_several_roles_of_control_without_a_name_is_one_person() -> None:
    room = alarmed(c.StaffRole("guard", "control"))
    assert told(room, at(room, "control:police+guard")) == ["- Head", "- Guard+Police", "- Clerk"]


def test_judges_recorders_controllers_and_observers_are_counted_and_displays_are_not() -> None:
    room = alarmed(c.SeatPerson("head", "Chen"))
    devices = (
        at(room, "evaluator:E2"), at(room, "recorder:Ann", "Ann"), at(room, "site:hall", "Zhao"), at(room, "viewer", "Director Sun"),
        at(room, "wall"), at(room, "wall:hall"), at(room, "viewer"), at(room, "no-such-seat", "?"),
    )  # fmt: skip
    assert told(room, *devices) == ["Chen Head", "- Guard", "- Clerk", "E2 evaluator", "Ann recorder", "Zhao site", "Director Sun viewer"]


def test_an_evaluator_who_recorded_something_and_says_a_name_at_a_device_is_one_person() -> None:
    room = playing()
    room.ask(c.MarkAction("go", "done"), E1)
    room.ask(c.MarkAction("go", "done"), Actor("lead", "E1"))
    room.ask(c.PressEmergency("console"))
    room.ask(c.PressEmergency("console"))
    assert told(room)[-1] == "E1 evaluator"
    assert told(room, at(room, "evaluator:E1", "Chen Li"))[3:] == ["Chen Li evaluator"]


def test_who_left_a_device_in_good_order_is_looked_for_on_the_same_day_and_not_on_another() -> None:
    room = alarmed()
    yesterday = at(room, "seat:guard", "Wu Min", ago_ms=13 * HOUR_MS, gone=True)
    fled = at(room, "seat:clerk", "Li Wei", ago_ms=1_000, gone=True)
    assert told(room, yesterday, fled) == ["- Head", "- Guard", "Li Wei Clerk"]
    sat = (at(room, "evaluator:E2", ago_ms=HOUR_MS, gone=True), at(room, "viewer", "Sun", ago_ms=HOUR_MS, gone=True))
    assert told(room, *sat) == ["- Head", "- Guard", "- Clerk", "E2 evaluator", "Sun viewer"], (
        "their server ended; they are in the building"
    )
    assert told(room, at(room, "seat:guard", ago_ms=HOUR_MS, gone=True)) == ["- Head", "- Guard", "- Clerk"]


def test_whose_phone_went_to_sleep_is_looked_for() -> None:
    room = alarmed()
    assert "Wu Min Guard" in told(room, at(room, "seat:guard", "Wu Min", ago_ms=HOUR_MS))


def test_who_is_recorded_as_having_left_is_looked_for_only_where_a_device_says_otherwise() -> None:
    room = alarmed(c.SeatPerson("guard", "Wu Min"), c.PersonLeaves("guard"), c.StaffRole("guard", "nobody"))
    assert "Wu Min Guard" not in told(room, at(room, "seat:guard", "Wu Min", ago_ms=HOUR_MS))
    assert "Wu Min Guard" in told(room, at(room, "seat:guard", "Wu Min"))


def test_who_was_written_over_is_looked_for_beside_who_is_named_now_and_a_fuller_name_is_the_same_person() -> None:
    room = alarmed(c.SeatPerson("guard", "Wu"), c.SeatPerson("guard", "Lin"))
    for device in (at(room, "seat:guard", "Wu"), at(room, "seat:guard", "Wu", ago_ms=HOUR_MS)):
        assert {"Wu Guard", "Lin Guard"} <= set(told(room, device))
    room = alarmed(c.SeatPerson("guard", "Wu"), c.SeatPerson("guard", "Wu Min"))
    device = at(room, "seat:guard", "Wu")
    assert [one for one in told(room, device) if "Guard" in one] == ["Wu Min Guard"]
    assert {one.name: one.places for one in made(room, device) if one.name} == {"Wu Min": 1}


def test_every_screen_shows_the_same_roll() -> None:
    room = alarmed(c.SeatPerson("head", "Chen"))
    around = Around((at(room, "seat:guard", "Wu Min"), at(room, "viewer", "Sun")))
    plan, state = room.conductor.plan, room.state
    seats = (seat_view(plan, state, (role,), 0, around=around).shared for role in ("head", "police"))
    shown = [wall_view(plan, state, 0, around=around).shared, *seats]
    rolls = {shared.emergency.roll for shared in shown if shared.emergency is not None}
    assert all(shared.emergency for shared in shown)
    assert rolls == {made(room, *around.devices)}


def test_every_screen_of_a_room_shares_one_roll_until_something_changes() -> None:
    room = alarmed(c.SeatPerson("head", "Chen"))
    around = Around((at(room, "seat:guard", "Wu Min"),))
    plan, state = room.conductor.plan, room.state
    views = [seat_view(plan, state, (role,), 0, around=around).shared for role in ("head", "guard", "clerk", "police") * 50]
    views.append(wall_view(plan, state, 0, around=around).shared)
    assert len({id(shared.emergency.roll) for shared in views if shared.emergency is not None}) == 1
    assert made(room, at(room, "seat:clerk", "Li"))[-1].name == "Li"
    room.ask(c.CountPerson("Chen"))
    assert roll(plan, room.state, around.devices)[0].counted_wall_ms == room.wall_ms
    assert roll(plan, state, around.devices)[0].counted_wall_ms is None, "an earlier state is not told the later one's"


# One name, maybe several people.


def places(room: Room, *devices: AtDevice) -> dict[str, int]:
    return {one.name: one.places for one in made(room, *devices) if one.name}


def test_a_name_on_devices_of_different_seats_may_be_as_many_people() -> None:
    room = alarmed(c.SeatPerson("head", "Wang Wei"), c.SeatPerson("guard", "Wang Wei"))
    two = (at(room, "seat:head", "Wang Wei"), at(room, "seat:guard", "wang  wei"))
    assert places(room, *two) == {"Wang Wei": 2}
    assert places(room, *two, at(room, "evaluator:Wang Wei")) == {"Wang Wei": 3}
    gone = tuple(at(room, device.seat, device.name, ago_ms=60_000, gone=True) for device in two)
    assert places(room, *gone) == {"Wang Wei": 2}, "both left their devices in good order, neither the room"


def test_a_name_that_signed_in_where_none_of_its_devices_sits_may_be_another_person() -> None:
    room = alarmed(c.SeatPerson("head", "Wang Wei"))
    assert places(room, at(room, "seat:guard", "Wang Wei")) == {"Wang Wei": 2}


def test_one_person_at_several_roles_of_one_seat_is_plainly_one() -> None:
    room = alarmed(*(c.SeatPerson(role, "Li Wei") for role in ("clerk", "head", "guard")))
    assert places(room) == {"Li Wei": 1}, "named at the console, with no device"
    one = at(room, "seat:head+guard+clerk", "Li Wei")
    assert places(room, one, at(room, "seat:clerk+guard+head", "Li Wei"), at(room, "wall", "Li Wei")) == {"Li Wei": 1}
    room = alarmed(c.SeatPerson("head", "Li Wei"), c.StaffRole("clerk", "with", "head"))
    assert places(room, at(room, "seat:clerk", "Li Wei")) == {"Li Wei": 1}
    assert places(room, at(room, "evaluator:E1"), at(room, "lead:E1")) == {"Li Wei": 1, "E1": 1}


# Names that read like seats.


@pytest.mark.parametrize(
    ("text", "name"),
    [("seat:head", "seat head"), (" Seat : x", "Seat : x"), ("SEAT:head", "SEAT head"), ("Li: guard", "Li: guard"), ("viewer", "viewer")],
)
def test_a_name_that_reads_like_a_seat_loses_its_colon_and_any_other_keeps_it(text: str, name: str) -> None:
    assert person_name(text) == name
    assert not is_seat(name)


def test_who_calls_themselves_like_a_seat_hides_nobody() -> None:
    room = alarmed(c.SeatPerson("guard", "seat:head"))
    assert [person.name for person in room.state.people] == ["seat head"]
    assert told(room) == ["- Head", "seat head Guard", "- Clerk"]
    room = alarmed()
    assert told(room, at(room, "seat:guard", "Seat:head")) == ["- Head", "Seat head Guard", "- Clerk"]
    assert told(room, at(room, "evaluator:seat:head")) == ["- Head", "- Guard", "- Clerk", "seat head evaluator"]


# Ticks.


def test_a_tick_is_recorded_with_its_time_and_taken_back_by_another() -> None:
    room = alarmed(c.SeatPerson("head", "Chen"))
    room.wait(3)
    room.ask(c.CountPerson("Chen"))
    room.ask(c.CountPerson("seat:guard"))
    assert [one.counted_wall_ms for one in made(room)] == [room.wall_ms, room.wall_ms, None]
    assert not room.ask(c.CountPerson(" chen "))
    room.ask(c.CountPerson("chen", there=False))
    assert [one.counted_wall_ms is not None for one in made(room)] == [False, True, False]


def test_ticks_are_the_same_for_whoever_reads_the_log() -> None:
    room = alarmed(c.SeatPerson("head", "Chen"))
    room.ask(c.CountPerson("Chen"))
    room.ask(c.TakeWheel("another console"))
    assert replay(room.conductor.entries) == room.state
    raised = room.state.emergency
    assert raised is not None
    assert [one.person for one in raised.counted] == ["Chen"]


def test_only_the_driver_counts_and_only_in_a_confirmed_emergency() -> None:
    room = playing()
    assert code(room, c.CountPerson("Chen")) == "refused.no-emergency"
    room.ask(c.PressEmergency("console"))
    assert code(room, c.CountPerson("Chen")) == "refused.no-emergency"
    room.ask(c.PressEmergency("console"))
    for actor in (E1, Actor("seat", roles=("guard",)), Actor("recorder", "Ann"), Actor("wall"), Actor("viewer")):
        assert code(room, c.CountPerson("Chen"), actor) == "refused.not-yours"
    assert code(room, c.CountPerson("  ")) == "refused.no-name"


def test_who_is_missing_is_kept_when_it_is_stood_down_and_the_next_count_begins_with_nobody() -> None:
    room = alarmed(c.SeatPerson("head", "Chen"))
    room.ask(c.CountPerson("Chen"))
    room.ask(c.StandDown("a drill bell", ("seat:guard", "seat:clerk")))
    over = room.state.emergencies[-1]
    assert (over.over_wall_ms, over.missing, [one.person for one in over.counted]) == (room.wall_ms, ("seat:guard", "seat:clerk"), ["Chen"])
    assert [entry.event for entry in room.conductor.entries][-1] == e.EmergencyStoodDown(
        reason="a drill bell", missing=("seat:guard", "seat:clerk")
    )
    for _ in range(2):
        room.ask(c.PressEmergency("console"))
    assert not any(one.counted_wall_ms for one in made(room))


# That it is over.


def over_at(room: Room) -> tuple[str, bool] | None:
    """What is said of an emergency that is over: where the exercise is, and whether it is said now."""
    over = wall_view(room.conductor.plan, room.state, room.now_ms).shared.emergency_over
    return None if over is None else (over.exercise, over.told(room.wall_ms))


def test_a_stand_down_is_told_until_play_goes_on_and_some_seconds_longer() -> None:
    room = alarmed()
    assert over_at(room) is None
    room.ask(c.StandDown("a slip"))
    assert over_at(room) == ("paused", True)
    room.wait(HOUR_MS // 1000)
    assert over_at(room) == ("paused", True)
    room.ask(c.Resume())
    assert over_at(room) == ("running", True)
    room.wait(21)
    assert over_at(room) == ("running", False)
    room.ask(c.Pause("break"))
    assert over_at(room) == ("paused", False), "a later pause is none of the emergency's"


def test_a_first_press_that_play_went_on_from_is_not_told_as_stood_down() -> None:
    room = playing()
    room.ask(c.PressEmergency("console"))
    room.ask(c.Resume())
    assert over_at(room) is None


def test_it_says_so_before_startex_and_after_endex_too() -> None:
    room = Room(start=False)
    room.ask(c.PressEmergency("console"))
    room.ask(c.StandDown("a slip"))
    assert over_at(room) == ("briefing", True)
    room = playing()
    room.ask(c.End())
    room.ask(c.PressEmergency("console"))
    room.ask(c.StandDown("a slip"))
    assert over_at(room) == ("ended", True)
    room.wait(21)
    assert over_at(room) == ("ended", False)


@pytest.mark.parametrize("seed", range(50))
def test_nobody_is_counted_twice_and_nobody_at_a_device_is_left_out(seed: int) -> None:
    chance = random.Random(seed)
    names = ["", "Chen", "chen ", "Wu Min", "Li Wei"]
    seats = ["seat:head", "seat:guard", "seat:head+clerk", "control:police", "evaluator:E1", "recorder:Ann", "viewer", "wall"]
    people = [c.SeatPerson(role, chance.choice(names[1:])) for role in ("head", "guard", "clerk") if chance.random() < 0.5]
    room = alarmed(*people)
    devices = [at(room, chance.choice(seats), chance.choice(names)) for _ in range(8)]
    found = made(room, *devices)
    keys = [" ".join(one.person.split()).casefold() for one in found]
    assert len(set(keys)) == len(keys)
    assert all(keys)
    everybody = {" ".join(device.name.split()).casefold() for device in devices if device.name and device.seat != "wall"}
    assert everybody <= set(keys)
    chance.shuffle(devices)
    assert {(one.person.casefold(), one.seats) for one in made(room, *devices)} == {(one.person.casefold(), one.seats) for one in found}

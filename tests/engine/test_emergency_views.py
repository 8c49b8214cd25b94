"""What every screen shows of a real emergency: where, whom to ring, where to gather, whom to count."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tabletop.engine import commands as c
from tabletop.engine.around import AtDevice
from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.engine.emergency import pause_now, real_emergency
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.seats import seat_view, wall_view
from tabletop.engine.state_emergency import confirmed
from tabletop.engine.views import OnRoll, Paused, PressedAt, RealEmergency
from tests.engine.looks import E1, playing
from tests.engine.rooms import DATA, Room

REAL = {"number": "110", "muster": "The car park"}
GUARD = Actor("seat", roles=("guard",))


def shown(room: Room) -> RealEmergency:
    """The emergency as the wall, and every seat, shows it."""
    plan, state = room.conductor.plan, room.state
    every = [wall_view(plan, state, 0).shared, *(seat_view(plan, state, (role,), 0).shared for role in ("head", "guard", "police"))]
    (one,) = {repr(shared.emergency): shared.emergency for shared in every}.values()
    assert one is not None
    return one


def by(seat: str) -> Actor:
    """Who sits where it is pressed."""
    return DRIVER if seat == "console" else Actor.parse(seat)


def room_of_people() -> Room:
    room = playing(data={**DATA, "real_emergency": REAL})
    room.ask(c.SeatPerson("guard", "Wu Min"))
    room.ask(c.SeatPerson("guard", "Zhao", "B"))
    room.ask(c.SeatPerson("head", "Chen"))
    room.ask(c.SeatPerson("head", "Li"))
    room.ask(c.StaffRole("police", "people"))
    room.ask(c.MarkAction("go", "done"), E1)
    room.ask(c.AddNote("note", "x"), Actor("recorder", "Ann"))
    room.ask(c.MarkAction("go", "done"), Actor("site", "hall"))
    return room


def test_the_first_press_says_where_and_nothing_of_who_is_there() -> None:
    room = room_of_people()
    room.ask(c.PressEmergency(str(GUARD)), GUARD)
    at = (PressedAt(str(GUARD), ("Guard",)),)
    assert shown(room) == RealEmergency(str(GUARD), "", room.wall_ms, room.wall_ms, confirmed=False, place="Hall", seats=at)


def test_the_second_press_gives_number_muster_point_and_everybody_to_count() -> None:
    room = room_of_people()
    for _ in range(2):
        room.ask(c.PressEmergency("console", "hall"))
    real = shown(room)
    assert (real.confirmed, real.place, real.seats) == (True, "Hall", (PressedAt("console"),))
    assert (real.number, real.muster) == ("110", "The car park")
    assert real.roll == (
        OnRoll("Li", "role", ("Head",), "Li"),
        OnRoll("Wu Min", "role", ("Guard",), "Wu Min"),
        OnRoll("Zhao", "role", ("Guard",), "Zhao"),
        OnRoll("", "role", ("Clerk",), "seat:clerk"),
        OnRoll("", "role", ("Police",), "seat:police"),
        OnRoll("E1", "evaluator", (), "E1"),
        OnRoll("Ann", "recorder", (), "Ann"),
        OnRoll("", "site", ("Hall",), "site:hall"),
    )
    room.ask(c.StandDown("a slip"))
    assert wall_view(room.conductor.plan, room.state, 0).shared.emergency is None


def test_a_place_that_is_none_of_the_exercise_is_shown_as_it_was_typed() -> None:
    room = room_of_people()
    room.ask(c.PressEmergency("console", "second floor"))
    assert shown(room).place == "second floor"
    room.ask(c.Resume())
    room.ask(c.PressEmergency("wall"), Actor("wall"))
    assert (shown(room).seat, shown(room).place) == ("wall", "")


def test_a_seat_of_several_roles_names_every_place_at_which_they_play() -> None:
    sites = [{"id": "hall", "title": {"en": "Hall", "zh-Hans": "大厅"}}, {"id": "vault", "title": "Vault"}]
    roles = [{**role, "site": "vault"} if role["id"] == "clerk" else role for role in DATA["roles"]]
    room = playing(data={**DATA, "sites": sites, "roles": roles, "languages": ["en", "zh-Hans"], "real_emergency": REAL})
    for seat, place in (
        ("seat:guard+head", {"en": "Hall", "zh-Hans": "大厅"}),
        ("seat:clerk+guard", {"en": "Vault / Hall", "zh-Hans": "Vault / 大厅"}),
        ("seat:head", ""),
    ):
        room.ask(c.PressEmergency(seat))
        assert shown(room).place == place
        room.ask(c.Resume())


@pytest.mark.parametrize(("second", "site"), [("console", ""), ("wall", ""), ("seat:clerk", ""), ("seat:guard", ""), ("wall", "hall")])
def test_a_second_press_from_elsewhere_leaves_the_place_and_the_seat_of_the_first(second: str, site: str) -> None:
    room = room_of_people()
    room.ask(c.PressEmergency(str(GUARD)), GUARD)
    room.wait(2)
    room.ask(c.PressEmergency(second, site), by(second))
    real = shown(room)
    assert (real.confirmed, real.seat, real.place) == (True, str(GUARD), "Hall")
    assert real.seats == (PressedAt(str(GUARD), ("Guard",)),)
    raised = room.state.emergency
    assert raised is not None
    assert [press.seat for press in raised.presses] == [str(GUARD), second], "who confirmed is on record"


def room_of_two_places() -> Room:
    sites = [{"id": "hall", "title": "Hall"}, {"id": "vault", "title": "Vault"}]
    roles = [{**role, "site": "vault"} if role["id"] == "clerk" else role for role in DATA["roles"]]
    return playing(data={**DATA, "sites": sites, "roles": roles, "real_emergency": REAL}, site="Head office")


@pytest.mark.parametrize(
    ("first", "second", "place", "seats"),
    [
        ("seat:guard", "seat:clerk", {"en": "Hall / Vault"}, ("seat:guard", "seat:clerk")),
        ("seat:clerk", "seat:guard", {"en": "Vault / Hall"}, ("seat:clerk", "seat:guard")),
        ("console", "seat:clerk", {"en": "Head office / Vault"}, ("console", "seat:clerk")),
        ("seat:head", "seat:clerk", {"en": "Head office / Vault"}, ("seat:head", "seat:clerk")),
        ("console", "wall", "Head office", ("console",)),
        ("seat:head", "console", "Head office", ("seat:head",)),
        ("site:vault", "site:vault", "Vault", ("site:vault",)),
        ("seat:guard", "site:vault", {"en": "Hall / Vault"}, ("seat:guard", "site:vault")),
        ("site:hall", "seat:guard", "Hall", ("site:hall",)),
    ],
)
def test_presses_at_two_places_name_both_and_where_the_first_does_not_say_it_is_the_runs_own(
    first: str, second: str, place: object, seats: tuple[str, ...]
) -> None:
    room = room_of_two_places()
    for seat in (first, second):
        room.ask(c.PressEmergency(seat), by(seat))
    real = shown(room)
    assert (real.confirmed, real.place, tuple(pressed.seat for pressed in real.seats)) == (True, place, seats)


def test_a_screen_that_says_the_site_of_the_run_adds_no_seat_to_one_that_says_none() -> None:
    room = room_of_two_places()
    room.ask(c.PressEmergency("console"))
    room.ask(c.PressEmergency("seat:head", "Head office"), Actor("seat", roles=("head",)))
    assert (shown(room).place, [pressed.seat for pressed in shown(room).seats]) == ("Head office", ["console"])


def test_who_was_there_at_the_first_press_is_looked_for_however_late_it_is_confirmed() -> None:
    room = room_of_two_places()
    room.ask(c.PressEmergency("console"))
    last_seen = AtDevice("control:police", "", room.wall_ms + 1000)
    room.wait(20)
    room.ask(c.PressEmergency("console"))
    room.wait(2)
    room.ask(c.PressEmergency("console"))
    real = real_emergency(room.conductor.plan, room.state, (last_seen,))
    assert real is not None
    assert "control:police" in [one.person for one in real.roll]
    assert room.state.emergencies == (), "one emergency, however often it was pressed"


def test_a_press_that_nobody_confirmed_in_time_is_not_forgotten_by_the_next() -> None:
    room = room_of_two_places()
    room.ask(c.PressEmergency("seat:guard"))
    room.wait(8)
    room.ask(c.PressEmergency("console"))
    assert (shown(room).confirmed, shown(room).place, shown(room).raised_wall_ms) == (False, "Hall", room.wall_ms)
    room.ask(c.PressEmergency("console"))
    assert (shown(room).confirmed, shown(room).seat, shown(room).place) == (True, "seat:guard", "Hall")
    room.ask(c.StandDown("a slip"))
    for _ in range(2):
        room.ask(c.PressEmergency("console"))
    assert shown(room).place == "Head office", "what was stood down is over"


def test_the_pause_and_a_press_that_cannot_be_recorded_name_the_same_place() -> None:
    room = room_of_two_places()
    room.ask(c.PressEmergency("seat:guard"))
    plan, state = room.conductor.plan, room.state
    room.ask(c.PressEmergency("console"))
    assert pause_now(plan, room.state).place == "Hall"
    real = real_emergency(plan, replace(state, emergency=confirmed(state.emergency, "console", "", room.wall_ms)))
    assert real == real_emergency(plan, room.state)
    unknown = real_emergency(plan, replace(state, emergency=confirmed(None, "console", "", room.wall_ms)))
    assert unknown is not None
    assert (unknown.confirmed, unknown.seat, unknown.place) == (True, "console", "Head office")


def test_a_pause_of_a_site_says_which() -> None:
    room = room_of_people()
    room.ask(c.Pause("a customer fainted", "hall"), Actor("site", "hall"))
    paused = wall_view(room.conductor.plan, room.state, 0).shared.paused
    assert paused is not None
    assert (paused.reason, paused.site, paused.place) == ("a customer fainted", "hall", "Hall")


def test_an_emergency_that_is_over_is_no_reason_for_the_pause_any_more() -> None:
    room = room_of_people()
    for _ in range(2):
        room.ask(c.PressEmergency("console", "hall"))
    paused = wall_view(room.conductor.plan, room.state, 0).shared.paused
    assert paused is not None
    assert (paused.reason, paused.site) == ("emergency", "hall")
    room.ask(c.StandDown("nobody was hurt"))
    shared = wall_view(room.conductor.plan, room.state, 0).shared
    assert shared.paused == Paused("", "")
    assert shared.emergency_over is not None
    assert shared.emergency_over.exercise == "paused"


def test_a_pause_that_an_emergency_found_keeps_its_reason() -> None:
    room = room_of_people()
    room.ask(c.Pause("discussion"))
    for _ in range(2):
        room.ask(c.PressEmergency("console", "hall"))
    room.ask(c.StandDown("nobody was hurt"))
    assert wall_view(room.conductor.plan, room.state, 0).shared.paused == Paused("discussion", "")


def test_endex_ends_a_press_that_nobody_confirmed() -> None:
    room = room_of_people()
    room.ask(c.PressEmergency("wall"), Actor("wall"))
    room.ask(c.End("played"))
    assert wall_view(room.conductor.plan, room.state, 0).shared.emergency is None
    assert room.state.emergencies[-1].seat == "wall", "it stays on record"


def test_a_press_after_a_while_is_told_with_the_time_of_the_first() -> None:
    room = room_of_people()
    room.ask(c.PressEmergency(str(GUARD)), GUARD)
    first_ms = room.wall_ms
    room.wait(180)
    for _ in range(2):
        room.ask(c.PressEmergency("console", "hall"))
    emergency = shown(room)
    assert (emergency.seat, emergency.since_wall_ms) == (str(GUARD), first_ms)
    assert emergency.raised_wall_ms > first_ms, "a second press counts from the press before it"


def test_whoever_pressed_anew_after_a_press_that_nobody_confirmed_is_named_too() -> None:
    room = room_of_two_places()
    room.ask(c.PressEmergency("site:hall"), by("site:hall"))
    room.wait(SECOND_PRESS_MS / 1000 + 20)
    for _ in range(2):
        room.ask(c.PressEmergency("seat:guard"), by("seat:guard"))
    real = shown(room)
    assert (real.confirmed, real.place, tuple(pressed.seat for pressed in real.seats)) == (True, "Hall", ("site:hall", "seat:guard"))

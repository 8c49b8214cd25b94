"""What every screen shows of a real emergency: where, whom to ring, where to gather, whom to count."""

from __future__ import annotations

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.engine.seats import seat_view, wall_view
from tabletop.engine.views import OnRoll, Paused, RealEmergency
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
    assert shown(room) == RealEmergency(str(GUARD), "", room.wall_ms, confirmed=False, place="Hall", roles=("Guard",))


def test_the_second_press_gives_number_muster_point_and_everybody_to_count() -> None:
    room = room_of_people()
    for _ in range(2):
        room.ask(c.PressEmergency("console", "hall"))
    real = shown(room)
    assert (real.confirmed, real.place, real.roles, real.number, real.muster) == (True, "Hall", (), "110", "The car park")
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

"""Which roles sit at one seat, and what a name tent says."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.roles import at_the_table, role_named, roles_at_seat, with_roles
from tests.engine.rooms import Room
from tests.tui.conftest import FakeTime, MemorySource
from tests.tui.exercises import ROLES, bank


def room() -> MemorySource:
    source = MemorySource(bank(), FakeTime())
    for command in (c.StaffRole("guard", "with", "teller"), c.StaffRole("press", "with", "care"), c.SeatPerson("teller", "Li Wei")):
        source.conductor.dispatch(command)
    return source


def test_a_seat_has_its_role_and_those_played_with_it() -> None:
    conductor = room().conductor
    assert with_roles(conductor.state, conductor.plan, "teller") == ("teller", "guard")
    assert with_roles(conductor.state, conductor.plan, "guard") == ("guard",)
    assert roles_at_seat(conductor.state, conductor.plan, ("teller", "guard", "care")) == ("teller", "guard", "care", "press")


def test_who_plays_something_else_again_is_on_that_seat_no_more() -> None:
    conductor = room().conductor
    conductor.dispatch(c.StaffRole("guard", "people"))
    assert with_roles(conductor.state, conductor.plan, "teller") == ("teller",)


def test_a_name_tent_says_number_title_people_and_nothing_of_the_part() -> None:
    conductor = room().conductor
    tents = {tent.id: tent for tent in at_the_table(conductor.plan, conductor.state)}
    assert (tents["teller"].number, tents["teller"].people, tents["teller"].by) == (2, ("Li Wei",), "people")
    assert (tents["guard"].by, tents["guard"].with_role) == ("with", "teller")
    assert tents["police"].by == "control"
    assert "Does its part." not in repr(tents)


def test_somebody_who_left_is_on_no_tent() -> None:
    conductor = room().conductor
    conductor.dispatch(c.PersonLeaves("teller"))
    assert next(tent for tent in at_the_table(conductor.plan, conductor.state) if tent.id == "teller").people == ()


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("teller", "teller"), ("2", "teller"), ("２", "teller"), ("t1", "teller"), ("Ｔ1", "teller"), (" 保安 ", "guard"),
        ("柜员", "teller"), ("nobody", None), ("", None), ("99", None), ("tell", None),
    ],
)  # fmt: skip
def test_a_role_is_named_by_id_number_or_short_name(name: str, role: str | None) -> None:
    assert role_named(room().conductor.plan, name) == role


def test_a_short_name_of_two_roles_names_neither_and_a_number_comes_first() -> None:
    roles = [
        {"id": name, "short": {"en": short}, "title": {"en": name}, "duty": {"en": "Its part."}}
        for name, short in (("north", "T"), ("south", "t"), ("east", "1"))
    ]
    exercise = bank(roles=[*ROLES, *roles])
    plan = MemorySource(exercise, FakeTime()).conductor.plan
    assert role_named(plan, "T") is None
    assert role_named(plan, "1") == "manager"


def test_holder_a_is_named_before_b_whoever_came_first() -> None:
    room = Room()
    room.ask(c.SeatPerson("guard", "Wang", "B"))
    room.ask(c.SeatPerson("guard", "Li"))
    assert [person.name for person in room.state.people_at("guard")] == ["Li", "Wang"]
    tent = next(tent for tent in at_the_table(room.conductor.plan, room.state) if tent.id == "guard")
    assert tent.people == ("Li", "Wang")
    room.ask(c.SeatPerson("guard", "Wang"))
    room.ask(c.SeatPerson("guard", "Li", "B"))
    assert [person.name for person in room.state.people_at("guard")] == ["Wang", "Li"]

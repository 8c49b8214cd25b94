"""Who types for several roles at one station is on the roll wherever nobody is named yet."""

from __future__ import annotations

from tabletop.engine import commands as c
from tabletop.engine import events as e

from .conftest import FakeTime
from .exercises import bank
from .seated import AtASeat, SeatSource, seat


def named(on: AtASeat) -> list[tuple[str, str, str]]:
    return [(event.role, event.holder, event.name) for event in on.log if isinstance(event, e.PersonSeated)]


async def test_the_scribe_of_a_group_stands_where_nobody_is_named() -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.SeatPerson("guard", "Chen"))
    source.from_elsewhere(c.StaffRole("manager", "with", "teller"))
    async with seat(bank(), ("teller", "guard", "manager"), name="Wu Min", source=source) as on:
        assert named(on) == [("guard", "A", "Chen"), ("teller", "A", "Wu Min")], "one person who plays two roles is counted once"


async def test_whoever_plays_several_roles_of_control_is_counted_once() -> None:
    source = SeatSource(bank(), FakeTime())
    source.from_elsewhere(c.StaffRole("teller", "control"))
    source.from_elsewhere(c.StaffRole("guard", "control"))
    async with seat(bank(), ("teller", "guard"), name="He", source=source) as on:
        assert len(named(on)) == 1
        assert named(on)[0][2] == "He"

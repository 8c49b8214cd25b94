"""Whoever follows a run from later on is told what those were told who followed from the start, with the same times."""

from __future__ import annotations

import random
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from tabletop.cli.commands.follow import _seat
from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.around import AtDevice
from tabletop.engine.rights import Actor
from tabletop.errors import Refused
from tabletop.tui.told import RunTeller
from tabletop.tui.told_seat import shown
from tabletop.words import Words
from tests.engine.rooms import DATA, Room
from tests.engine.test_properties import play

HALL = {"id": "hall", "title": "Hall"}
DOWN = {"id": "down", "kind": "situation", "title": "Down", "text": "Dead.", "at": "hold", "cut": {"site": "hall"}}
UP = {"id": "up", "kind": "situation", "title": "Up", "text": "Back.", "at": "hold", "restore": {"site": "hall"}}


def room_of(seed: int) -> Room:
    """A room whose guard is at a site that can be cut off."""
    roles = [{**role, "site": "hall"} if role["id"] == "guard" else role for role in DATA["roles"]]
    return Room({**DATA, "sites": [HALL], "roles": roles, "injects": [*DATA["injects"], DOWN, UP]}, auto=seed % 2 == 0)


def follow(room: Room, *roles: str) -> Any:
    """What `follow --role` says that is new, each time it is called."""
    tell = _seat(room.conductor, roles, SimpleNamespace(words=Words("en")))  # type: ignore[arg-type]  # its words are all it takes
    return lambda: [shown(line) for line, _ in tell()]


@pytest.mark.parametrize("seed", range(20))
def test_what_fell_due_or_was_not_given_in_time_is_said_with_the_same_times(seed: int) -> None:
    chance, room, teller = random.Random(seed), room_of(seed), RunTeller(Words("en"))
    lines = teller.told(room.conductor)
    for _ in play(room, chance, 60):
        if chance.random() < 0.2:
            room.wait(chance.choice([0.1, 7, 90]))
        lines += teller.told(room.conductor)
    again = RunTeller(Words("en")).told(room.conductor)
    assert [shown(said) for said, entry in again if entry is None] == [shown(said) for said, entry in lines if entry is None]
    assert [entry for _, entry in again] == [entry for _, entry in lines]
    assert any(entry is None for _, entry in again)


def without_taking_back(room: Room) -> bool:
    return not any(isinstance(entry.event, e.Retracted | e.EmergencyRaised) for entry in room.conductor.entries)


@pytest.mark.parametrize("seed", range(20))
def test_a_seat_is_told_the_same_again(seed: int) -> None:
    chance, room = random.Random(seed), room_of(seed)
    roles = chance.choice([("guard",), ("head", "guard")])
    tell = follow(room, *roles)
    lines = tell()
    room.ask(c.ReleaseInject("smoke"))
    room.ask(c.ReleaseInject("order"))
    room.ask(c.SendMessage("head", "guard", "Well?"))
    for _ in range(40):
        room.wait(chance.choice([1, 20, 61, 130]))
        lines += tell()
        deeds: list[c.Command] = [
            c.ReleaseInject(chance.choice(["down", "up"])),
            c.ReleaseInject(chance.choice([inject["id"] for inject in DATA["injects"]]), "why not"),
            c.Pause("x"),
            c.Resume(),
            c.ExtendAsks(),
            c.AcknowledgeInject("order", "guard"),
            c.GiveAnswer("first", "head", ("both",)),
            c.SendMessage("guard", "head", "x"),
        ]
        for command in chance.sample(deeds, 2):
            with suppress(Refused):
                room.ask(command)
        lines += tell()
    assert without_taking_back(room)
    assert follow(room, *roles)() == lines


def test_nobody_who_comes_later_is_told_what_was_taken_back() -> None:
    room = room_of(1)
    tell = follow(room, "guard")
    tell()
    (slip,) = room.ask(c.ReleaseInject("order"))
    assert any("EXERCISE" in line for line in tell())
    room.ask(c.Retract(slip, "slip"))
    assert tell()
    title = str(next(inject["title"] for inject in DATA["injects"] if inject["id"] == "order"))
    late = follow(room, "guard")()
    assert late
    assert not any(title in line for line in late)


def test_a_seat_hears_later_of_a_cut_link_a_pause_and_a_time_that_is_over() -> None:
    room = room_of(1)
    room.ask(c.ReleaseInject("smoke"))
    room.wait(30)
    room.ask(c.ReleaseInject("down"))
    room.wait(12)
    room.ask(c.ReleaseInject("up"))
    room.ask(c.Pause("break"))
    room.wait(60)
    room.ask(c.Resume())
    room.wait(400)
    room.ask(c.End())
    told = follow(room, "guard")()
    for line in ("0:00:30  NO LINK", "0:00:42  The link is back", "0:00:42  PAUSED", "0:00:42  The clock runs again"):
        assert any(line in one for one in told), (line, told)
    assert any("Time is over" in line for line in follow(room, "head")())


def test_the_whole_run_and_a_seat_are_told_of_an_emergency_that_stands() -> None:
    room = room_of(1)
    for _ in range(2):
        room.ask(c.PressEmergency("seat:guard"), Actor("seat", roles=("guard",)))
    for lines in ([shown(said) for said, _ in RunTeller(Words("en")).told(room.conductor)], follow(room, "guard")()):
        assert any("REAL EMERGENCY" in line for line in lines)


def test_who_came_after_a_head_count_was_not_on_its_roll() -> None:
    room = room_of(1)
    here = AtDevice("evaluator:Ann", "Ann", room.wall_ms, since_ms=room.wall_ms)
    room.conductor.devices = (here,)
    tell = follow(room, "guard")
    lines = tell()
    for _ in range(2):
        room.ask(c.PressEmergency("seat:guard"), Actor("seat", roles=("guard",)))
    room.ask(c.CountPerson("Ann"))
    lines += tell()
    room.ask(c.StandDown("a slip"))
    lines += tell()
    assert any("Ann" in line for line in lines)
    room.wait(60)
    room.conductor.devices = (here, AtDevice("evaluator:Bo", "Bo", room.wall_ms, since_ms=room.wall_ms))
    assert follow(room, "guard")() == lines

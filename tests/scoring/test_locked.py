"""The lock: whoever has seen the score changes nothing that it counts (scoring.md: rate during play, lock before the score is shown)."""

from __future__ import annotations

import random

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import DRIVER, Actor
from tabletop.errors import Refused
from tabletop.scoring import score
from tests.engine.rooms import Room
from tests.engine.test_properties import one_command, play

BY = (DRIVER, DRIVER, Actor("lead", "E1"), Actor("evaluator", "E2"), Actor("recorder", "R"), Actor("seat", roles=("head",)))


def locked_room(seed: int = 0) -> tuple[Room, random.Random]:
    chance = random.Random(seed)
    room = Room(auto=True, pace=chance.choice(["timed", "discussion"]))
    for _ in play(room, chance, 40):
        pass
    if room.state.emergency is not None:
        room.ask(c.StandDown("over"))
    if room.state.phase != "ended":
        room.ask(c.End())
    if not room.state.locked:
        room.ask(c.LockRatings())
    return room, chance


@pytest.mark.parametrize("seed", range(60))
def test_nothing_that_anybody_asks_for_changes_a_locked_score(seed: int) -> None:
    room, chance = locked_room(seed)
    card = score(room.conductor.plan, room.state)
    for _ in range(80):
        room.wait(chance.choice([0, 5, 700]))
        command = one_command(chance, room.conductor)
        try:
            room.ask(command, chance.choice(BY))
        except Refused:
            continue
        assert room.state.locked, command
        assert score(room.conductor.plan, room.state) == card, command


@pytest.mark.parametrize("reason", ["", "one more question"])
@pytest.mark.parametrize("after_s", [1, 601])
def test_endex_is_not_taken_back_once_ratings_are_locked(reason: str, after_s: int) -> None:
    room, _ = locked_room()
    room.wait(after_s)
    with pytest.raises(Refused) as refused:
        room.ask(c.Reopen(reason))
    assert refused.value.code == "refused.reopen-locked"
    assert room.state.phase == "ended"

"""What was left out or put off, and comes back into the plan late: it is cued as due and waits for a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tabletop.engine import commands as c
from tabletop.engine.events import InjectReleased
from tabletop.engine.fitting import fit
from tests.engine.looks import due, entry_of, playing
from tests.engine.rooms import Room


def cut(room: Room) -> c.Command:
    return c.FitPlan(("soon",), (), 1_200_000)


def later(room: Room) -> c.Command:
    return c.FitPlan((), (("soon", 1_800_000),), 3_600_000)


WAYS: dict[str, Callable[[Room], c.Command]] = {
    "inject_skipped": lambda room: c.SkipInject("soon"),
    "inject_delayed": lambda room: c.DelayInject("soon", 1_800_000),
    "inject_kept_back": lambda room: c.KeepInjectBack("soon"),
    "injects_slid": lambda room: c.SlideInjects(1_800_000),
    "plan_fitted": cut,
    "plan_fitted, moved": later,
}


def tick(room: Room) -> list[str]:
    return [entry.event.inject for entry in room.ask(c.Tick()) if isinstance(entry.event, InjectReleased)]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("auto", [True, False])
def test_taken_back_late_it_is_due_and_waits_for_a_person(way: str, auto: bool) -> None:
    """`soon` releases itself at 8 minutes, whether the run does or not."""
    room = playing(auto=auto)
    room.wait(60)
    room.ask(WAYS[way](room))
    room.wait(900)
    tick(room)
    assert "soon" not in room.state.released
    room.ask(c.Retract(entry_of(room, way.partition(",")[0]), "slip"))
    assert "soon" in due(room)
    assert "soon" not in tick(room)
    assert room.ask(c.ReleaseInject("soon"))


@pytest.mark.parametrize("way", WAYS)
def test_taken_back_in_time_it_releases_itself_at_its_time(way: str) -> None:
    room = playing(auto=True)
    room.ask(WAYS[way](room))
    room.wait(300)
    tick(room)
    room.ask(c.Retract(entry_of(room, way.partition(",")[0]), "slip"))
    room.wait(179)
    assert "soon" not in tick(room)
    room.wait(2)
    assert "soon" in tick(room)


def test_what_was_taken_back_late_and_put_off_again_releases_itself() -> None:
    room = playing(auto=True)
    room.ask(c.SkipInject("soon"))
    room.wait(600)
    room.undo()
    room.ask(c.DelayInject("soon", 60_000))
    room.wait(59)
    assert "soon" not in tick(room)
    room.wait(2)
    assert "soon" in tick(room)


def test_a_fit_that_is_agreed_to_and_taken_back_releases_nothing() -> None:
    room = playing(auto=True)
    room.wait(60)
    room.ask(fit(room.conductor.plan, room.state, 240_000, room.now_ms).command)
    room.wait(1200)
    tick(room)
    room.undo("the room stays")
    assert due(room)
    assert tick(room) == []

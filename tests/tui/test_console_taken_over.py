"""A console that was taken over: nothing can be written from it as the driver, by no path, and it knows who drives (F13)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from tabletop.conductor import NO_LEASE, Fenced, Opened, begin, resume
from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.rights import DRIVER, Actor
from tabletop.errors import Refused
from tabletop.exercise.loading import bind
from tabletop.store import Store
from tabletop.store.presence import Here
from tabletop.tui.crowd import Crowd
from tabletop.tui.desk_thread import DeskThread
from tabletop.tui.screens.console import ConsoleScreen
from tabletop.tui.screens.panels.frame import Box
from tabletop.tui.screens.panels.read_only import ReadOnlyPanel
from tabletop.tui.screens.panels.speaker import SpeakerPanel
from tabletop.tui.sources import StoredRun
from tests.engine.rooms import TEXT

from .conftest import FakeTime, MemorySource, Stage, StageMaker
from .exercises import bank

AS_DRIVER: dict[str, Callable[[Opened], object]] = {
    "a decision": lambda opened: opened.conductor.dispatch(c.RecordDecision("guard", "Shut the door")),
    "as the driver by name": lambda opened: opened.conductor.dispatch(c.HearRole("guard"), DRIVER),
    "a pause where the clock was seen last": lambda opened: opened.conductor.dispatch(c.Pause("gap"), at_ms=0),
    "a release": lambda opened: opened.conductor.dispatch(c.ReleaseInject("smoke")),
    "taking the wheel without the lease": lambda opened: opened.conductor.dispatch(c.TakeWheel("me")),
    "the heartbeat": lambda opened: opened.lease.beat(0) if opened.lease is not None else pytest.fail("it never had one"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    return folder / "store.db"


@pytest.fixture
def taken(path: Path) -> Iterator[tuple[Opened, Opened]]:
    """A console that drove and does not know yet that it was taken over, and the one that did."""
    with Store.open(path) as first, Store.open(path) as second:
        stale = begin(first, bind(TEXT), TEXT)
        stale.conductor.dispatch(c.Start())
        fresh = resume(second, second.find_run("latest"))
        assert fresh.lease is None
        fresh.take_over()
        yield stale, fresh
        stale.close()
        fresh.close()


@pytest.mark.parametrize("knows", [False, True], ids=["just awake", "told"])
@pytest.mark.parametrize("what", AS_DRIVER)
def test_a_console_that_was_taken_over_writes_nothing_as_the_driver(taken: tuple[Opened, Opened], what: str, knows: bool) -> None:
    stale, fresh = taken
    if knows:
        stale.conductor.fence = NO_LEASE
    before = [entry.id for entry in fresh.conductor.entries]
    with pytest.raises(Fenced):
        AS_DRIVER[what](stale)
    fresh.conductor.catch_up()
    assert [entry.id for entry in fresh.conductor.entries] == before


def test_it_can_still_call_a_real_emergency_and_cannot_stand_it_down(taken: tuple[Opened, Opened]) -> None:
    stale, fresh = taken
    stale.conductor.fence = NO_LEASE
    stale.conductor.dispatch(c.PressEmergency("console"))
    stale.conductor.dispatch(c.PressEmergency("console"))
    fresh.conductor.catch_up()
    assert fresh.conductor.state.emergency is not None
    assert fresh.conductor.state.emergency.confirmed
    with pytest.raises(Fenced):
        stale.conductor.dispatch(c.StandDown("over"))
    fresh.conductor.dispatch(c.StandDown("over"))
    assert fresh.conductor.state.emergency is None


def test_it_gives_the_lease_up_and_knows_who_drives(path: Path, taken: tuple[Opened, Opened]) -> None:
    stale, fresh = taken
    source = StoredRun(lambda: stale)
    source.open()
    drives = [source.drives]
    thread = DeskThread(source, None, lambda call: None)  # type: ignore[arg-type]  # nobody is told
    thread.open()
    thread._give_up_driving()
    assert [*drives, source.drives] == [True, False]
    assert source.driver == fresh.conductor.state.driver
    assert stale.conductor.fence == NO_LEASE
    thread.pause_to_leave()
    fresh.conductor.catch_up()
    assert fresh.conductor.state.clock.running, "leaving it pauses nothing any more"
    fresh.conductor.dispatch(c.Pause())
    source.take_over()
    stale.conductor.dispatch(c.Resume())
    with pytest.raises(Fenced):
        fresh.conductor.dispatch(c.HearRole("guard"))


def test_a_console_that_watches_learns_that_nobody_drives_any_more(path: Path) -> None:
    with Store.open(path) as first, Store.open(path) as second:
        driving = begin(first, bind(TEXT), TEXT)
        watching = StoredRun(lambda: resume(second, second.find_run("latest")))
        watching.open()
        assert watching.crowd().driven
        driving.close()
        assert not watching.crowd().driven


def test_what_a_device_counts_as_is_read_from_the_store(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path) as kept:
        opened = begin(kept, bind(TEXT), TEXT)
        run, now_ms = opened.conductor.run, 1_000_000
        monkeypatch.setattr("tabletop.store.lease.wall_clock_ms", lambda: now_ms)
        beats = [
            Here("t1", "seat:guard", "Zhao", "terminal", 0, now_ms - 1_000, now_ms - 2_000),
            Here("p1", "seat:manager", "", "browser", 0, now_ms - 7_000),
            Here("p2", "viewer", "", "browser", 0, now_ms),
            Here("p3", "evaluator:E1", "E1", "browser", 0, now_ms),
        ]
        kept.presence.beat(run, beats)
        serving = kept.seats.serve(run, "http://10.0.0.2:80")
        kept.seats.set_lobby(run, hellos=2)
        source = StoredRun(lambda: opened)
        source.open()
        code = source.new_codes(["seat:guard"])["seat:guard"]
        crowd = source.crowd()
        assert {device.place: (device.here, device.typing, device.gone) for device in crowd.devices} == {
            "t1": (True, True, False),
            "p1": (False, False, False),
            "p2": (True, False, False),
            "p3": (True, False, False),
        }
        assert (crowd.hellos, crowd.address, [one.seat for one in crowd.codes]) == (2, "http://10.0.0.2:80", ["seat:guard"])
        assert code not in repr(crowd)
        now_ms += 500
        assert source.crowd() == crowd, "half a second later nothing shows, so nothing is drawn"
        found = kept.seats.redeem(run, code, "Zhao")
        assert found is not None
        (one,) = kept.seats.passes(run)
        kept.presence.beat(run, [Here(one.id, one.seat, one.name, "browser", 0, now_ms)])
        source.kick(one.id)
        assert one.id not in {device.place for device in source.crowd().devices}
        assert kept.seats.of(run, found[1]) is None
        serving.end()
        assert (source.crowd().hellos, source.crowd().address) == (0, ""), "no server answers there any more"
        alone = kept.seats.serve(run, "http://127.0.0.1:8765")
        assert (source.crowd().address, source.crowd().own_address) == ("", "http://127.0.0.1:8765"), "no other device reaches that"
        alone.end()
        assert source.crowd().own_address == crowd.own_address == ""
        source.set_lobby(locked=True, paper=True)
        assert (source.crowd().locked, source.crowd().paper) == (True, True)
        opened.close()


async def test_it_is_told_at_once_and_what_was_typed_stays_until_it_can_be_recorded(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), notifications=True) as on:
        await on.press("enter", "2")
        await on.type("ring the liaison")
        on.source.fenced = True
        await on.follow(1.6)
        assert on.app.desk.read_only
        assert on.source.gave_up
        assert "another console has taken over" in " ".join(on.text.split())
        before = len(on.source.log.entries)
        await on.press("enter")
        assert "ring the liaison" in on.text
        assert len(on.source.log.entries) == before
        failed: list[Refused] = []
        on.app.desk.ask(c.Pause(), actor=Actor("evaluator", "E1"), failed=failed.append)
        assert [error.code for error in failed] == ["console.read-only"], "under no other name either"
        on.source.fenced = False
        await on.press("escape")
        await on.follow(0.2)
        await on.press("2")
        assert not on.app.desk.read_only
        await on.press("2")
        assert "ring the liaison" in on.text
        await on.press("enter")
        assert [decision.text for decision in on.state.decisions] == ["ring the liaison"]


async def test_where_the_driver_is_gone_it_is_said_and_offered_once(stage: StageMaker) -> None:
    from tabletop.tui.crowd import Crowd

    async with stage(bank(), size=(80, 24), driver="LAPTOP-2") as on:
        await on.press("1")
        on.source.there = Crowd(driven=False)
        await on.follow(2.3)
        assert "READ-ONLY: nobody drives this run." in on.text
        await on.press("1")
        await on.follow(0.3)
        assert "take over" not in on.text
        assert "READ-ONLY: nobody drives this run." in on.text.splitlines()[1]


async def test_what_another_console_types_is_its_own_until_this_one_drives(stage: StageMaker) -> None:
    source = MemorySource(bank(), FakeTime(), driver="LAPTOP-2")
    source.kept_drafts = {"speaker:teller": json.dumps({"said_ms": 0, "text": "half"})}
    async with stage(bank(), size=(80, 24), source=source, notifications=True) as on:
        assert "half" not in on.text
        assert "1 only watch" in on.text, "the offer stands, no field is in its way"
        source.kept_drafts = {"speaker:teller": json.dumps({"said_ms": 0, "text": "half a word"})}
        await on.press("2")
        await on.follow(0.1)
        assert not on.app.desk.read_only
        assert "half a word" not in on.text, "nothing opens above what is done next"
        await on.wait(7)
        assert "HALF TYPED  2 T1" in on.text
        await on.press("2")
        assert "half a word" in on.text, "as it was kept last"


def test_a_console_that_hangs_drives_no_more_though_it_holds_its_lock(path: Path) -> None:
    with Store.open(path) as first, Store.open(path) as second:
        driving = begin(first, bind(TEXT), TEXT)
        watching = StoredRun(lambda: resume(second, second.find_run("latest")))
        watching.open()
        watching.watch()
        assert watching.crowd().driven
        kept = watching.opened.conductor.kept
        assert kept is not None
        watching.opened.conductor.kept = replace(kept, driven=False)
        assert not watching.crowd().driven
        driving.close()


async def test_the_offer_says_so_where_the_driver_goes_while_it_stands_open(stage: StageMaker) -> None:
    from tabletop.tui.crowd import Crowd

    async with stage(bank(), size=(80, 24), driver="LAPTOP-2") as on:
        assert "READ-ONLY: LAPTOP-2 drives this run." in on.text
        on.source.there = Crowd(driven=False)
        await on.follow(2.3)
        assert "LAPTOP-2" not in on.text
        assert on.text.count("READ-ONLY: nobody drives this run.") == 2
        await on.press("escape")
        assert "take over" not in on.text, "one offer, not two"


@pytest.mark.parametrize(("language", "nobody"), [("en", "nobody drives"), ("zh-Hans", "无人")])
async def test_a_refusal_names_no_window_where_nobody_drives(stage: StageMaker, time: FakeTime, language: str, nobody: str) -> None:
    source = MemorySource(bank(), time, driver="LAPTOP-2", language=language)
    source.there = Crowd(driven=False)
    async with stage(source.exercise, source=source, notifications=True, language=language) as on:
        await on.follow()
        await on.press("1", "1")
        told: list[str] = []
        on.app.notify = lambda message, **_: told.append(message)
        on.app.ask(c.AddNote("note", "x"))
        await on.settle()
        assert [nobody in message and "LAPTOP" not in message for message in told] == [True]


def on_top(on: Stage, screen: type[Screen[Any]]) -> bool:
    """Whether a screen of that class is what is seen."""
    return isinstance(on.app.screen, screen)


def drivers(on: Stage) -> list[str]:
    """Who came to drive, as the log has it."""
    return [entry.event.holder for entry in on.source.log.entries if isinstance(entry.event, e.DriverChanged)]


async def test_the_offer_to_take_over_goes_once_this_console_drives(stage: StageMaker) -> None:
    """It stood open below the screen of an emergency, from which this console took over."""
    async with stage(bank(), size=(80, 24), driver="LAPTOP-2") as on:
        assert "1 only watch" in on.text
        for _ in range(2):
            on.source.from_elsewhere(c.PressEmergency("seat:guard"), Actor("seat", roles=("guard",)))
        await on.follow()
        await on.press("1", "2")
        assert drivers(on) == ["this console"]
        await on.press("1")
        await on.type("false alarm")
        await on.press("enter")
        await on.follow(0.3)
        assert on.state.emergency is None
        assert "READ-ONLY" not in on.text
        assert "take over" not in on.text
        await on.press("2")
        assert drivers(on) == ["this console"], "nobody takes over from themselves"
        assert on_top(on, SpeakerPanel), "the digit is the console's again"


async def test_a_digit_in_an_offer_that_is_about_to_go_takes_over_nothing(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24), driver="LAPTOP-2") as on:
        assert on.app.desk is not None
        on.app.desk.take_over(lambda: None, lambda error: pytest.fail(str(error)))
        await on.app.desk.idle()
        await on.pilot.press("2")
        await on.settle()
        assert drivers(on) == ["this console"]


async def lost(on: Stage) -> None:
    """Another console takes over."""
    on.source.fenced = True
    await on.follow(1.6)
    assert on.app.desk is not None
    assert on.app.desk.read_only
    on.source.fenced = False


@pytest.mark.parametrize("keys", [("u",), ("v",), ("w",), ("escape",), ("space",)], ids=["take back", "wall", "who", "menu", "why paused"])
async def test_what_was_open_for_the_driver_is_gone_when_somebody_else_drives(stage: StageMaker, keys: tuple[str, ...]) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter")
        on.app.ask(c.AddNote("note", "a slip"))
        await on.settle()
        await on.press(*keys)
        assert on_top(on, Box)
        await lost(on)
        assert on_top(on, ReadOnlyPanel)
        before = len(on.source.log.entries)
        await on.press("1")
        assert on_top(on, ConsoleScreen), "nothing stands below it for the next digit"
        await on.run_action("take_over")
        await on.press("2", "1")
        assert on_top(on, SpeakerPanel)
        assert [entry.event.kind for entry in on.source.log.entries[before:]] == ["driver_changed"]


async def test_a_reason_that_was_typed_stays_until_this_console_drives_again(stage: StageMaker) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        await on.press("enter", "u")
        await on.type("read too early")
        await lost(on)
        assert "read too early" in on.text
        await on.press("enter")
        assert "READ-ONLY: another console drives this run." in on.text
        assert on.state.released == ("knife",)
        await on.press("2")
        await on.follow(0.3)
        assert "read too early" in on.text
        await on.press("enter")
        assert on.state.released == ()
        assert on.source.log.entries[-1].event.reason == "read too early"

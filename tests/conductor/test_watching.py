"""Watching a run: the clock goes no further than whoever drives is known to have got, and nobody writes beyond that."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tabletop.conductor import Conductor, Joined, Opened, join, resume
from tabletop.conductor.watching import LEAD_MS, QUIET_DEVICES_S, SILENT_S, Kept, Watch, at_devices
from tabletop.engine import commands as c
from tabletop.engine.around import Around, AtDevice
from tabletop.engine.rights import Actor
from tabletop.store import Store
from tabletop.store.lease import wall_clock_ms
from tabletop.store.presence import Here
from tests.engine.rooms import Room

GUARD = Actor("seat", roles=("guard",))


@pytest.fixture
def seat(path: Path, driven: Opened) -> Iterator[Joined]:
    with Store.open(path) as store:
        yield join(store, store.find_run("latest"), GUARD)


# The clock, in numbers.


@pytest.mark.parametrize("speed", [1.0, 4.0])
def test_the_clock_leads_the_last_sign_of_life_by_two_real_seconds_at_most(speed: float) -> None:
    room = Room()
    room.ask(c.SetSpeed(speed))
    kept = Kept(0)
    room.wait(1.5)
    assert kept.now_ms(room.state, room.wall_ms) == room.now_ms == 1500 * speed
    assert not kept.holds(room.state, room.wall_ms)
    room.wait(60)
    assert kept.holds(room.state, room.wall_ms)
    assert kept.now_ms(room.state, room.wall_ms) == LEAD_MS * speed


def test_where_nobody_drives_it_stands_at_what_was_kept_or_recorded_since() -> None:
    room = Room()
    room.wait(30)
    gone = Kept(29_400, driven=False)
    assert gone.now_ms(room.state, room.wall_ms) == 29_400
    room.wait(600)
    assert gone.now_ms(room.state, room.wall_ms) == 29_400
    room.ask(c.ReleaseInject("smoke"))
    assert gone.now_ms(room.state, room.wall_ms) == 630_000


def test_a_clock_that_stands_is_let_be() -> None:
    room = Room()
    room.wait(10)
    room.ask(c.Pause("break"))
    for kept in (Kept(9_000), Kept(9_000, driven=False)):
        assert kept.now_ms(room.state, room.wall_ms + 60_000) == 10_000
        assert not kept.holds(room.state, room.wall_ms + 60_000)


def test_after_a_jump_it_goes_on_at_once() -> None:
    room = Room()
    room.wait(10)
    room.ask(c.Jump(300_000))
    room.wait(1)
    assert Kept(10_000).now_ms(room.state, room.wall_ms) == 311_000


def test_where_the_clock_of_this_machine_is_behind_it_shows_what_the_one_who_drives_says_and_decides_by_that() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    room.wait(10)
    room.conductor.kept = kept = Kept(30_000)
    assert kept.now_ms(room.state, room.wall_ms) == 30_000
    assert not kept.holds(room.state, room.wall_ms)
    [said] = room.ask(c.RecordDecision("guard", "Shut the door"), GUARD)
    assert (said.exercise_ms, room.state.decisions[-1].at_ms) == (30_000, 30_000)
    room.ask(c.Pause("break"))
    assert Kept(90_000).now_ms(room.state, room.wall_ms) == 30_000, "a clock that stands is not moved"


# What is recorded meanwhile.


def test_what_a_seat_says_while_nobody_drives_is_timed_by_the_clock_that_stands() -> None:
    room = Room()
    room.ask(c.ReleaseInject("smoke"))
    room.wait(30)
    room.conductor.kept = Kept(29_500, driven=False)
    room.wait(600)
    [said] = room.ask(c.GiveAnswer("first", "head", ("alarm",)), Actor("seat", roles=("head",)))
    assert said.exercise_ms == 29_500
    assert room.state.ask("first").answers["head"].at_ms == 29_500
    [spoken] = room.ask(c.RecordDecision("guard", "Shut the door"), GUARD)
    assert (spoken.exercise_ms, room.state.decisions[-1].at_ms) == (29_500, 29_500)
    assert room.conductor.elapsed_ms() == 29_500
    assert room.conductor.around.held
    assert not room.conductor.around.driven
    # Whoever takes over goes on from there: nothing was said later than the clock shows then.
    room.conductor.kept = None
    room.conductor.dispatch(c.Recover(29_500), at_ms=29_500)
    assert room.now_ms == 29_500


def test_a_console_that_takes_over_while_a_screen_asks_for_the_time_leaves_it_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    room = Room()
    room.wait(30)
    seen = iter((Kept(9_000, driven=False), None))
    monkeypatch.setattr(Conductor, "kept", property(lambda _: next(seen)), raising=False)
    assert room.conductor.shown_ms(room.state, room.wall_ms) == 9_000


# With a store.


def test_a_driver_that_lives_lets_the_clock_go_on(driven: Opened, seat: Joined) -> None:
    watch = Watch(seat.conductor, seat.store)
    assert driven.lease is not None
    driven.lease.beat(driven.conductor.elapsed_ms())
    assert watch.look()
    assert abs(seat.conductor.elapsed_ms() - driven.conductor.elapsed_ms()) < 500
    assert not seat.conductor.around.held


def test_a_console_that_left_in_good_order_drives_no_more(driven: Opened, seat: Joined) -> None:
    driven.conductor.dispatch(c.Pause("quit"))
    driven.close()
    assert not Watch(seat.conductor, seat.store).look()
    assert seat.conductor.kept == Kept(driven.conductor.elapsed_ms(), driven=False)


@pytest.mark.parametrize("skew_s", [-20, 0, 20])
def test_who_drives_from_another_machine_is_known_by_what_changes_whatever_its_clock_says(
    driven: Opened, seat: Joined, monkeypatch: pytest.MonkeyPatch, skew_s: int
) -> None:
    lease, now = driven.lease, [1000.0]
    assert lease is not None
    # The other machine is this one, to which the clock of the seat is wrong.
    monkeypatch.setattr("tabletop.store.lease.wall_clock_ms", lambda: wall_clock_ms() + skew_s * 1000)
    monkeypatch.setattr(seat.conductor, "_now_ms", lambda: wall_clock_ms() + skew_s * 1000)
    watch = Watch(seat.conductor, seat.store, lambda: now[0])

    def beats(exercise_ms: int) -> None:
        time.sleep(0.002)  # Two signs of life within one millisecond are one.
        lease.beat(exercise_ms)
        now[0] += 1

    lease.beat(0)
    monkeypatch.setattr("platform.node", lambda: "another-machine")
    watch.look()
    for beat in range(1, 4):
        beats(beat * 1000)
        assert watch.look()
    beats(driven.conductor.elapsed_ms())
    assert watch.look()
    assert abs(seat.conductor.elapsed_ms() - driven.conductor.elapsed_ms()) < 5000
    assert not seat.conductor.around.held
    now[0] += SILENT_S - 0.1
    assert watch.look()
    now[0] += 1
    assert not watch.look()
    beats(5000)
    assert watch.look()
    lease.release(6000)
    now[0] += 1
    assert not watch.look()
    driven.lease = None


def test_a_console_on_this_machine_that_hangs_drives_no_more(driven: Opened, seat: Joined) -> None:
    now = [1000.0]
    watch = Watch(seat.conductor, seat.store, lambda: now[0])
    assert watch.look()
    now[0] += SILENT_S + 1
    assert not watch.look()


def driving(seat: Joined) -> bool:
    """Whether a seat holds that somebody drives."""
    return seat.conductor.around.driven


KILLED = """
import sys, time
from pathlib import Path
from tabletop.conductor import open_store, resume
from tabletop.engine import commands as c
store = open_store(Path(sys.argv[1]))
opened = resume(store, store.find_run("latest"))
opened.conductor.dispatch(c.Resume())
while True:
    opened.lease.beat(opened.conductor.elapsed_ms())
    print(opened.conductor.elapsed_ms(), flush=True)
    time.sleep(0.2)
"""


def test_after_a_kill_the_clock_stands_within_a_second_is_never_set_back_by_two_and_goes_on(
    path: Path, driven: Opened, seat: Joined
) -> None:
    driven.conductor.dispatch(c.Pause("quit"))
    driven.close()
    console = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True)
    assert console.stdout is not None
    try:
        console.stdout.readline()
        watch, shown = Watch(seat.conductor, seat.store), list[int]()

        def look(seconds: float) -> None:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                seat.conductor.follow()
                watch.look()
                shown.append(seat.conductor.elapsed_ms())
                time.sleep(0.02)

        look(1.5)
        assert driving(seat)
        assert shown[-1] > shown[0]
    finally:
        console.kill()
        console.wait()
        console.stdout.close()
    look(1.5)
    assert not driving(seat)
    stood = shown[-1]
    look(1.0)
    assert shown[-1] == stood
    seat.conductor.dispatch(c.RecordDecision("guard", "We go on"))
    assert seat.conductor.entries[-1].exercise_ms == stood
    with Store.open(path) as store:
        again = resume(store, store.find_run("latest"))
        assert again.conductor.elapsed_ms() == stood
        look(0.6)
        assert seat.conductor.elapsed_ms() == stood
        again.conductor.dispatch(c.Resume())
        assert again.lease is not None
        again.lease.beat(again.conductor.elapsed_ms())
        look(0.8)
        assert driving(seat)
        assert shown[-1] > stood
        back = [before - after for before, after in itertools.pairwise(shown)]
        assert max(back) < LEAD_MS
        again.close()


def test_taking_over_from_another_lets_the_own_clock_go(path: Path, driven: Opened) -> None:
    with Store.open(path) as store:
        second = resume(store, store.find_run("latest"))
        Watch(second.conductor, store).look()
        assert (second.lease, second.conductor.kept is None) == (None, False)
        second.take_over("second")
        assert second.conductor.around == Around()
        second.close()
    driven.lease = None


def test_who_takes_over_from_one_that_hangs_finds_the_clock_where_it_stood(path: Path, driven: Opened) -> None:
    with Store.open(path) as store:
        second = resume(store, store.find_run("latest"))
        stood = second.conductor.state.last_ms
        time.sleep(0.05)
        second.conductor.kept = Kept(stood, driven=False)
        assert second.lease is None
        second.take_over("second")
        assert [entry.event.kind for entry in second.conductor.entries[-2:]] == ["clock_recovered", "driver_changed"]
        assert second.conductor.state.paused
        assert second.conductor.elapsed_ms() == stood
        second.close()
    driven.lease = None


# Who is at a device.


def test_who_is_at_a_device_is_looked_up_always_and_more_often_while_heads_are_counted(driven: Opened, seat: Joined) -> None:
    run, now = seat.conductor.run, [1000.0]
    watch = Watch(seat.conductor, seat.store, lambda: now[0])
    guard, wall = Here("a", "seat:guard", "Wu Min", "terminal", 1, 5), Here("b", "wall", "", "terminal", 2, 6, gone=True)
    driven.store.presence.beat(run, [guard])
    watch.look()
    assert seat.conductor.devices == (AtDevice("seat:guard", "Wu Min", 5, since_ms=1),)
    driven.store.presence.beat(run, [wall])
    now[0] += QUIET_DEVICES_S - 0.5
    watch.look()
    assert len(seat.conductor.devices) == 1, "in play they are looked up now and then"
    driven.conductor.dispatch(c.PressEmergency("console"))
    seat.conductor.follow()
    watch.look()
    assert (
        seat.conductor.devices
        == at_devices(driven.store, run)
        == (AtDevice("seat:guard", "Wu Min", 5, since_ms=1), AtDevice("wall", "", 6, gone=True, since_ms=2))
    )


def test_who_was_sent_out_is_gone_from_the_device_and_looked_for_all_the_same(driven: Opened) -> None:
    run, seats = driven.conductor.run, driven.store.seats
    opened = seats.redeem(run, seats.new_codes(run, ["seat:guard"])["seat:guard"], "Wu Min")
    assert opened is not None
    [who] = seats.passes(run)
    driven.store.presence.beat(run, [Here(who.id, who.seat, who.name, "browser", 1, 5)])
    assert [(one.name, one.gone) for one in at_devices(driven.store, run)] == [("Wu Min", False)]
    seats.kick(run, who.id)
    assert [(one.name, one.gone) for one in at_devices(driven.store, run)] == [("Wu Min", True)]

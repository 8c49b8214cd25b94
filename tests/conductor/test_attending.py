"""Being there: signs of life, and others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabletop.conductor import begin, join, open_store
from tabletop.conductor.attending import Attendance
from tabletop.conductor.crowd import Attending, Ended, attending, crowd_of
from tabletop.engine.rights import Actor
from tabletop.exercise.loading import load_exercise
from tabletop.store.lease import wall_clock_ms
from tabletop.store.presence import Here
from tests.tui.test_wall_terminal import Canary


def test_a_place_says_that_it_is_there_and_goes_in_good_order(tmp_path: Path) -> None:
    loaded = load_exercise(Canary().write(tmp_path))
    with open_store(tmp_path / "store.db") as store:
        opened = begin(store, loaded.exercise, loaded.text)
        run = opened.conductor.run
        teller, guard = (Attendance(join(store, store.find_run(run), Actor("seat", roles=(role,)))) for role in ("teller", "guard"))
        teller.leave()
        assert guard.others() == []
        teller.beat("seat:teller", "Li", None)
        teller.beat("seat:teller", "Li", 7)
        guard.beat("seat:guard", "", None)
        [seen] = guard.others()
        assert (seen.seat, seen.name, seen.device, seen.typing_ms, seen.gone) == ("seat:teller", "Li", "terminal", 7, False)
        teller.leave()
        assert guard.others()[0].gone
        opened.close()


Seen = tuple[str, int, int, str, bool]
"""A terminal: its place, how many seconds ago it came and was seen last, its seat, whether it left in good order."""

KILLED: Seen = ("desk/1", 60, 30, "seat:teller", False)


@pytest.mark.parametrize(
    ("others", "shown", "at"),
    [
        pytest.param([], ["desk/1"], "away", id="nobody came back"),
        pytest.param([("desk/2", 25, 0, "seat:teller", False)], ["desk/2"], "here", id="opened again"),
        pytest.param(
            [("desk/2", 25, 20, "seat:teller", False), ("desk/3", 15, 0, "seat:teller", False)], ["desk/3"], "here", id="killed twice"
        ),
        pytest.param([("desk/2", 25, 0, "seat:guard+teller", False)], ["desk/2"], "here", id="opened with one more role"),
        pytest.param([("desk/2", 25, 9, "seat:teller", True)], ["desk/2"], "none", id="opened again and left in good order"),
        pytest.param([("desk/2", 50, 20, "seat:teller", False)], ["desk/1", "desk/2"], "away", id="both were there at once"),
        pytest.param([("hall/2", 25, 0, "seat:teller", False)], ["desk/1", "hall/2"], "here", id="another machine"),
        pytest.param([("desk/2", 25, 0, "seat:guard", False)], ["desk/1", "desk/2"], "away", id="another seat"),
        pytest.param([("desk/2", 25, 0, "control:teller", False)], ["desk/1", "desk/2"], "here", id="the control team's"),
    ],
)
def test_a_terminal_that_was_opened_again_takes_the_place_of_the_one_that_was_killed(
    tmp_path: Path, others: list[Seen], shown: list[str], at: str
) -> None:
    loaded = load_exercise(Canary().write(tmp_path))
    with open_store(tmp_path / "store.db") as store:
        opened = begin(store, loaded.exercise, loaded.text)
        now_ms = wall_clock_ms()
        devices = [
            Here(place, seat, "Li", "terminal", now_ms - since_s * 1000, now_ms - seen_s * 1000, gone=gone)
            for place, since_s, seen_s, seat, gone in (KILLED, *others)
        ]
        store.presence.beat(opened.conductor.run, devices)
        crowd = crowd_of(opened)
        assert [device.place for device in crowd.devices] == shown
        assert attending(crowd, "teller").at == at
        assert len(opened.conductor.devices) == len(devices), "a head count looks for everybody who was ever there"
        opened.close()


@pytest.mark.parametrize("killed", [False, True], ids=["in good order", "killed"])
def test_whoever_was_there_when_the_server_ended_is_away_since_then_and_has_not_left(tmp_path: Path, killed: bool) -> None:
    loaded = load_exercise(Canary().write(tmp_path))
    with open_store(tmp_path / "store.db") as store:
        opened = begin(store, loaded.exercise, loaded.text)
        run, now_ms = opened.conductor.run, wall_clock_ms()
        assert crowd_of(opened).ended is None, "there never was a server"
        serving = store.seats.serve(run, "http://10.0.0.7:8765")
        seats = (("p1", "seat:teller", 0), ("p2", "viewer", 0), ("p3", "seat:guard", 60_000))
        store.presence.beat(run, [Here(place, seat, "", "browser", 0, now_ms - ago_ms) for place, seat, ago_ms in seats])
        served = crowd_of(opened)
        assert (served.ended, [device.here for device in served.devices]) == (None, [True, True, False])
        if not killed:
            store.presence.leave(run, ["p1", "p2", "p3"])
        serving.end()
        crowd = crowd_of(opened)
        assert crowd.ended == Ended("http://10.0.0.7:8765", now_ms, 2), "the third was away before"
        assert [(device.here, device.gone, device.away_ms) for device in crowd.devices] == [
            (False, False, now_ms),
            (False, False, now_ms),
            (False, False, now_ms - 60_000),
        ]
        assert attending(crowd, "teller") == Attending("away", now_ms)
        assert crowd.cut_off is not None
        store.seats.set_lobby(run, paper=True)
        assert crowd_of(opened).cut_off is None, "on paper nobody is missed"
        again = store.seats.serve(run, "http://10.0.0.7:8765")
        store.presence.beat(run, [Here("p1", "seat:teller", "", "browser", 0, wall_clock_ms())])
        crowd = crowd_of(opened)
        assert (crowd.ended, attending(crowd, "teller").at) == (None, "here")
        again.end()
        opened.close()


def test_a_terminal_says_on_which_machine_it_stands(tmp_path: Path) -> None:
    loaded = load_exercise(Canary().write(tmp_path))
    with open_store(tmp_path / "store.db") as store:
        opened = begin(store, loaded.exercise, loaded.text)
        row = store.find_run(opened.conductor.run)
        one, two = (join(store, row, Actor("seat", roles=("teller",))).place for _ in range(2))
        assert one != two
        assert one.rpartition("/")[0] == two.rpartition("/")[0] != ""
        opened.close()

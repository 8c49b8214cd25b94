"""Being there: signs of life, and others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabletop.conductor import begin, join, open_store
from tabletop.conductor.attending import Attendance
from tabletop.conductor.crowd import attending, crowd_of
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


def test_a_terminal_says_on_which_machine_it_stands(tmp_path: Path) -> None:
    loaded = load_exercise(Canary().write(tmp_path))
    with open_store(tmp_path / "store.db") as store:
        opened = begin(store, loaded.exercise, loaded.text)
        row = store.find_run(opened.conductor.run)
        one, two = (join(store, row, Actor("seat", roles=("teller",))).place for _ in range(2))
        assert one != two
        assert one.rpartition("/")[0] == two.rpartition("/")[0] != ""
        opened.close()

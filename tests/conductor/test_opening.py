from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tabletop.conductor import Clockwork, RunOptions, begin, resume
from tabletop.engine import commands as c
from tabletop.engine.events import ClockRecovered, DriverChanged
from tabletop.errors import TabletopError
from tabletop.exercise.loading import bind
from tabletop.store import Lease, Store
from tests.engine.rooms import DATA, TEXT


def test_a_run_is_begun_left_and_gone_on_with(path: Path) -> None:
    with Store.open(path) as store:
        opened = begin(
            store, bind(TEXT), TEXT, RunOptions(pace="timed", speed=4, parameters={"place": "Qiaoxi"}, people={"guard": {"B": "Li Wei"}})
        )
        conductor = opened.conductor
        conductor.dispatch(c.Start())
        conductor.dispatch(c.ReleaseInject("smoke"))
        conductor.dispatch(c.Pause("quit"))
        stood = conductor.elapsed_ms()
        opened.close()
    with Store.open(path) as store:
        row = store.find_run("latest", open_only=True)
        again = resume(store, row)
        state = again.conductor.state
        assert (state.released, state.paused, state.clock.speed, again.driver) == (("smoke",), True, 4, "")
        assert again.conductor.elapsed_ms() == stood
        assert dict(state.parameters) == {"place": "Qiaoxi"}
        assert state.people[0].name == "Li Wei"
        assert again.conductor.fence == 2
        again.close()


def test_a_value_the_exercise_does_not_take_is_refused_before_it_is_recorded(path: Path) -> None:
    data = {**DATA, "parameters": {"wait": {"kind": "duration", "default": "5m"}}}
    text = json.dumps(data, sort_keys=True)
    with Store.open(path) as store:
        opened = begin(store, bind(text), text)
        with pytest.raises(TabletopError):
            opened.conductor.dispatch(c.SetParameter("wait", "soon"))
        assert [entry.event.kind for entry in opened.conductor.entries] == ["run_created"]
        opened.conductor.dispatch(c.SetParameter("wait", "7m"))
        opened.close()
        again = resume(store, store.find_run("latest"))
        assert dict(again.conductor.state.parameters) == {"wait": "7m"}
        again.close()


def test_attachments_are_kept_with_the_run(path: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.txt"
    plan.write_bytes(b"hall")
    with Store.open(path) as store:
        opened = begin(store, bind(TEXT), TEXT, attachments={"media/plan.txt": plan})
        plan.unlink()
        assert store.attachment(opened.conductor.run, "media/plan.txt") == b"hall"
        opened.close()


def test_an_unknown_parameter_or_a_bad_speed_is_said(path: Path) -> None:
    with Store.open(path) as store:
        for options in (RunOptions(parameters={"nothing": "x"}), RunOptions(speed=99)):
            with pytest.raises(TabletopError):
                begin(store, bind(TEXT), TEXT, options)


CHILD = """
import json, sys, time
from pathlib import Path
from tabletop.conductor import begin, RunOptions
from tabletop.engine import commands as c
from tabletop.exercise.loading import bind
from tabletop.store import Store
text = Path(sys.argv[2]).read_text("utf-8")
store = Store.open(Path(sys.argv[1]))
opened = begin(store, bind(text), text, RunOptions(pace="timed"))
opened.conductor.dispatch(c.Start())
opened.conductor.dispatch(c.ReleaseInject("smoke"))
print("recorded", flush=True)
time.sleep(0.7)
kept = opened.conductor.elapsed_ms()
opened.lease.beat(kept)
print(kept, flush=True)
time.sleep(60)
"""


def test_a_killed_console_is_gone_on_with_at_once_where_its_clock_was_last_kept(path: Path, tmp_path: Path) -> None:
    text = tmp_path / "exercise.json"
    text.write_text(TEXT, "utf-8")
    with subprocess.Popen([sys.executable, "-c", CHILD, str(path), str(text)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "recorded\n"
        kept = int(child.stdout.readline())
        with Store.open(path) as store:
            reading = resume(store, store.find_run("latest"))
            assert reading.lease is None
            assert reading.driver
        child.kill()
    with Store.open(path) as store:
        opened = resume(store, store.find_run("latest"))
        recovered = opened.conductor.entries[-1]
        assert isinstance(recovered.event, ClockRecovered)
        assert recovered.exercise_ms == kept
        assert opened.conductor.state.paused
        assert opened.conductor.state.released == ("smoke",)
        opened.conductor.dispatch(c.Resume())
        assert opened.conductor.elapsed_ms() - kept < 500
        opened.close()


def test_a_console_that_dies_while_it_is_looked_at_leaves_its_clock_where_it_was_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It lives at every look, and is gone when its lease is taken."""
    hands = Hands()
    with Store.open(path) as store:
        first = begin(store, bind(TEXT), TEXT, RunOptions(pace="timed"), clockwork=hands.clockwork())
        first.conductor.dispatch(c.Start())
        hands.pass_by(600)
        assert first.lease is not None
        first.lease.beat(first.conductor.elapsed_ms())
        take, lock = Lease.take, first.lease._lock

        def dies_first(*given: Any, **named: Any) -> Lease:
            lock.close()
            return take(*given, **named)

        monkeypatch.setattr(Lease, "take", dies_first)
        hands.pass_by(60)
        with Store.open(path) as other:
            again = resume(other, other.find_run("latest"), clockwork=hands.clockwork())
            assert (again.conductor.elapsed_ms(), again.conductor.state.paused) == (600_000, True)
            again.close()


KILLED_WHILE_IT_MAKES = """
import os, sys
from pathlib import Path
from tabletop.conductor import begin, RunOptions
from tabletop.exercise.loading import bind
from tabletop.store import Lease, Store
text = Path(sys.argv[2]).read_text("utf-8")
kill_at = int(sys.argv[3])
done = 0

def traced(statement):
    global done
    if statement == "COMMIT":
        done += 1
        if done > kill_at:
            os._exit(9)

store = Store.open(Path(sys.argv[1]))
store.prepare()
store._writer.set_trace_callback(traced)
options = RunOptions(pace="timed", site="Qiaoxi", parameters={"place": "Qiaoxi"}, speed=4, people={"guard": {"B": "Li Wei"}})
begin(store, bind(text), text, options)
"""


def test_a_run_is_made_whole_or_not_at_all_wherever_its_process_is_killed(path: Path, tmp_path: Path) -> None:
    text = tmp_path / "exercise.json"
    text.write_text(TEXT, "utf-8")
    counts: list[int] = []
    for kill_at in itertools.count():
        line = [sys.executable, "-c", KILLED_WHILE_IT_MAKES, str(path), str(text), str(kill_at)]
        code = subprocess.run(line, check=False).returncode
        with Store.open(path) as store:
            runs = store.runs()
            for row in runs:
                again = resume(store, row)
                state = again.conductor.state
                assert (row.pace, row.site, state.pace) == ("timed", "Qiaoxi", "timed")
                assert (dict(state.parameters), state.clock.speed, state.people[0].name) == ({"place": "Qiaoxi"}, 4, "Li Wei")
                again.close()
        counts.append(len(runs))
        if code == 0:
            break
        assert code == 9
    # Killed before its first commit it leaves nothing, after that, before it drives, all of it.
    assert counts[0] == 0
    assert counts[-2:] == [len(counts) - 2, len(counts) - 1]


def test_taking_over_is_logged_and_the_other_console_is_refused(path: Path) -> None:
    with Store.open(path) as store, Store.open(path) as other:
        first = begin(store, bind(TEXT), TEXT, RunOptions(pace="timed"))
        first.conductor.dispatch(c.Start())
        second = resume(other, other.find_run("latest"))
        assert second.lease is None
        second.take_over("second console")
        assert isinstance(second.conductor.entries[-1].event, DriverChanged)
        with pytest.raises(TabletopError) as refused:
            first.conductor.dispatch(c.ReleaseInject("smoke"))
        assert refused.value.code == "store.fenced"
        second.conductor.dispatch(c.ReleaseInject("smoke"))
        first.conductor.catch_up()
        assert first.conductor.state.released == ("smoke",)
        assert first.conductor.state == second.conductor.state
        second.close()


class Hands:
    """Clocks a test can set."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_790_000_000.0, 50.0

    def clockwork(self) -> Clockwork:
        return Clockwork(lambda: self.wall, lambda: self.steady)

    def pass_by(self, seconds: float, *, wall: float | None = None) -> None:
        self.steady += seconds
        self.wall += seconds if wall is None else wall


@pytest.mark.parametrize(("steady", "wall", "gap_ms"), [(600, 600, 600_000), (0.25, 600, 600_000), (0.25, -3600, 250)])
def test_a_gap_in_real_time_stops_the_clock_where_it_was_last_seen(path: Path, steady: float, wall: float, gap_ms: int) -> None:
    hands = Hands()
    with Store.open(path) as store:
        opened = begin(store, bind(TEXT), TEXT, RunOptions(pace="timed"), clockwork=hands.clockwork())
        conductor = opened.conductor
        conductor.dispatch(c.Start())
        for _ in range(40):
            hands.pass_by(0.25)
            assert conductor.notice_gap() is None
            conductor.see()
        assert conductor.elapsed_ms() == 10_000
        hands.pass_by(steady, wall=wall)
        gap = conductor.notice_gap()
        assert gap is not None
        assert (gap.gap_ms, gap.at_ms) == (gap_ms, 10_000)
        assert conductor.state.paused
        assert conductor.elapsed_ms() == 10_000
        conductor.dispatch(c.SettleGap(gap.gap_ms, counted=True))
        assert conductor.elapsed_ms() == 10_000 + gap_ms
        conductor.dispatch(c.Resume())
        hands.pass_by(2)
        assert conductor.elapsed_ms() == 12_000 + gap_ms
        opened.close()

"""The shell where things go wrong: other writers, failed writes, a machine that slept, a console that died."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tabletop.conductor import Clockwork, Conductor, Fenced, RunOptions, begin, resume
from tabletop.engine import commands as c
from tabletop.engine.events import ClockRecovered, DriverChanged, EmergencyConfirmed, Entry, Event, RunCreated
from tabletop.engine.rights import Actor
from tabletop.errors import Exit, Refused, TabletopError
from tabletop.exercise.loading import bind
from tabletop.exercise.model import Exercise
from tabletop.rehearsal.memory import MemoryLog
from tabletop.store import Store
from tabletop.store.faults import Stale
from tests.engine.rooms import BEGIN_MS, DATA, TEXT


class Hands:
    """Clocks a test can set."""

    def __init__(self) -> None:
        self.wall, self.steady = 1_790_000_000.0, 50.0

    def clockwork(self) -> Clockwork:
        return Clockwork(lambda: self.wall, lambda: self.steady)

    def pass_by(self, seconds: float, *, wall: float | None = None) -> None:
        self.steady += seconds
        self.wall += seconds if wall is None else wall


class Trap(MemoryLog):
    """A log that fails once as a test wants it: before or after the entries were written."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Exception | None = None
        self.after: Exception | None = None

    def append(
        self,
        entries: Sequence[Entry],
        *,
        expected_head: int,
        rows: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
        fence: int | None = None,
    ) -> None:
        before, self.before = self.before, None
        if before is not None:
            raise before
        super().append(entries, expected_head=expected_head, rows=rows, fence=fence)
        after, self.after = self.after, None
        if after is not None:
            raise after


def started(log: MemoryLog) -> Conductor:
    """A run in `log` that has begun."""
    created = RunCreated(exercise="small", version="1", pace="timed", language="en", seed=7)
    log.append([Entry(1, "first", BEGIN_MS, 0, "driver", 0, created)], expected_head=0)
    conductor = Conductor(Exercise.model_validate(DATA), log, "run", now_ms=lambda: BEGIN_MS)
    conductor.dispatch(c.Start())
    return conductor


def another(log: MemoryLog) -> Conductor:
    """Another process at the same run."""
    return Conductor(Exercise.model_validate(DATA), log, "run", now_ms=lambda: BEGIN_MS)


# Somebody else writes.


def test_what_another_process_has_done_is_looked_at_before_deciding_again() -> None:
    log = MemoryLog()
    one, other = started(log), another(log)
    other.dispatch(c.ReleaseInject("smoke"))
    with pytest.raises(Refused) as refused:
        one.dispatch(c.ReleaseInject("smoke"))
    assert refused.value.code == "refused.already-released"
    assert [entry.event.kind for entry in log.entries].count("inject_released") == 1
    (entry,) = other.dispatch(c.RecordDecision("head", "Leave"))
    (again,) = one.dispatch(c.RecordDecision("head", "Stay"))
    assert (entry.seq, again.seq) == (4, 5)
    assert one.state.decisions[0].text == "Leave"


def test_a_log_that_is_always_ahead_ends_in_an_error_and_not_in_a_circle() -> None:
    class Ahead(MemoryLog):
        def append(self, entries: Sequence[Entry], **how: object) -> None:
            raise Stale("store.stale")

    conductor = started(log := MemoryLog())
    ahead = Ahead()
    ahead.entries = log.entries
    conductor.log = ahead
    with pytest.raises(Stale):
        conductor.dispatch(c.AddNote("note", "x"))


def test_entries_whose_words_were_deleted_count_though_they_cannot_be_read() -> None:
    class Redacted(MemoryLog):
        """The newest entry cannot be read; a writer is told how many there are."""

        hidden = 1

        def append(self, entries: Sequence[Entry], *, expected_head: int, **how: object) -> None:
            if expected_head != len(self.entries) + self.hidden:
                raise Stale("store.stale", head=len(self.entries) + self.hidden)
            self.entries.extend(entries)

    log = Redacted()
    log.hidden = 0
    conductor = started(log)
    log.hidden = 1
    (entry,) = conductor.dispatch(c.AddNote("note", "x"))
    assert entry.seq == 4
    (entry,) = conductor.dispatch(c.AddNote("note", "y"))
    assert entry.seq == 5
    assert conductor.head == 5


# A write fails.


def test_what_failed_after_it_was_written_is_not_written_twice_when_it_is_tried_again() -> None:
    log = Trap()
    conductor = started(log)
    log.after = TabletopError("store.disk-error", exit_code=Exit.NO_SPACE)
    command = c.RecordDecision("head", "Leave")
    with pytest.raises(TabletopError):
        conductor.dispatch(command)
    assert not conductor.state.decisions
    conductor.dispatch(c.Pause("technical"))
    (entry,) = conductor.dispatch(command)
    assert entry is conductor.entries[2]
    assert [decision.text for decision in conductor.state.decisions] == ["Leave"]
    conductor.dispatch(c.RecordDecision("head", "Leave"))
    assert len(conductor.state.decisions) == 2, "the same words once more are another decision"


def test_what_failed_before_it_was_written_is_written_when_it_is_tried_again() -> None:
    log = Trap()
    conductor = started(log)
    log.before = TabletopError("store.no-space", exit_code=Exit.NO_SPACE)
    command = c.Jump(60_000)
    with pytest.raises(TabletopError):
        conductor.dispatch(command)
    assert conductor.elapsed_ms() == 0
    conductor.dispatch(command)
    conductor.dispatch(command)
    assert conductor.elapsed_ms() == 120_000


def test_nothing_is_shown_that_was_not_recorded() -> None:
    log = Trap()
    conductor = started(log)
    state, entries = conductor.state, conductor.entries
    for fault in (Fenced("store.fenced"), TabletopError("store.no-space")):
        log.before = fault
        with pytest.raises(TabletopError):
            conductor.dispatch(c.ReleaseInject("smoke"))
        assert conductor.state is state
        assert conductor.entries is entries


def test_a_console_that_was_taken_over_may_still_call_a_real_emergency(path: Path) -> None:
    with Store.open(path) as store, Store.open(path) as other:
        first = begin(store, bind(TEXT), TEXT, RunOptions(pace="timed"))
        first.conductor.dispatch(c.Start())
        second = resume(other, other.find_run("latest"))
        second.take_over("second console")
        with pytest.raises(Fenced):
            first.conductor.dispatch(c.Pause())
        first.conductor.dispatch(c.PressEmergency("first console"))
        first.conductor.dispatch(c.PressEmergency("first console"))
        second.conductor.catch_up()
        assert isinstance(second.conductor.entries[-1].event, EmergencyConfirmed)
        assert second.conductor.state.paused
        second.close()


def test_an_event_of_a_later_version_is_named_and_not_skipped(path: Path) -> None:
    class Foretold(Event):
        kind = "foretold"
        text: str = "x"

    with Store.open(path) as store:
        opened = begin(store, bind(TEXT), TEXT)
        seq = opened.conductor.head + 1
        entry = Entry(seq, "00000000-0000-4000-8000-000000000099", BEGIN_MS, 0, "driver", 1, Foretold())  # type: ignore[arg-type]
        opened.conductor.log.append([entry], expected_head=seq - 1)
        opened.close()
        with pytest.raises(TabletopError) as unreadable:
            resume(store, store.find_run("latest"))
        assert (unreadable.value.code, unreadable.value.values["seq"]) == ("store.unreadable-event", seq)


# The machine sleeps, the clock jumps.


@pytest.mark.parametrize("steady", [600, 0.25], ids=["the steady clock runs on", "the steady clock stops"])
def test_a_screen_that_looks_first_after_a_sleep_does_not_count_it(path: Path, steady: float) -> None:
    hands = Hands()
    with Store.open(path) as store:
        opened = begin(store, bind(TEXT), TEXT, RunOptions(pace="timed"), clockwork=hands.clockwork())
        conductor = opened.conductor
        conductor.dispatch(c.Start())
        for _ in range(8):
            hands.pass_by(0.25)
            assert conductor.notice_gap() is None
            conductor.see()
        hands.pass_by(steady, wall=600)
        conductor.see()
        gap = conductor.notice_gap()
        assert gap is not None
        assert (gap.at_ms, conductor.elapsed_ms()) == (2000, 2000)
        conductor.dispatch(c.SettleGap(gap.gap_ms, counted=False))
        conductor.dispatch(c.Resume())
        hands.pass_by(1)
        conductor.see()
        assert conductor.elapsed_ms() == 3000
        opened.close()


def test_a_sleep_through_somebody_elses_pause_is_no_gap() -> None:
    hands = Hands()
    clock = hands.clockwork()
    log = MemoryLog()
    started(log)
    asleep = Conductor(Exercise.model_validate(DATA), log, "run", now_ms=clock.now_ms, clockwork=clock)
    another(log).dispatch(c.Pause("break"))
    hands.pass_by(600)
    assert asleep.notice_gap() is None
    assert [entry.event.kind for entry in log.entries].count("clock_paused") == 1


def asleep_for_an_hour(hands: Hands) -> tuple[Conductor, Trap]:
    """A run whose clock was last seen at 0:10, on a computer that wakes after an hour while the store is busy."""
    log, clock = Trap(), hands.clockwork()
    created = RunCreated(exercise="small", version="1", pace="timed", language="en", seed=7)
    log.append([Entry(1, "first", clock.now_ms(), 0, "driver", 0, created)], expected_head=0)
    conductor = Conductor(Exercise.model_validate(DATA), log, "run", clockwork=clock)
    conductor.dispatch(c.Start())
    for _ in range(10):
        hands.pass_by(1)
        assert conductor.notice_gap() is None
        conductor.see()
    hands.pass_by(1, wall=3600)
    log.before = TabletopError("store.in-use", exit_code=Exit.IN_USE)
    with pytest.raises(TabletopError):
        conductor.notice_gap()
    return conductor, log


def test_a_sleep_that_a_busy_store_did_not_record_is_recorded_at_the_next_look() -> None:
    hands = Hands()
    conductor, log = asleep_for_an_hour(hands)
    for _ in range(3):
        conductor.see()
        hands.pass_by(1)
        # Meanwhile nothing is shown, kept or recorded at a time that nobody saw.
        assert conductor.elapsed_ms() == 10_000
        log.before = TabletopError("store.in-use", exit_code=Exit.IN_USE)
        with pytest.raises(TabletopError):
            conductor.notice_gap()
    [note] = conductor.dispatch(c.AddNote("note", "awake"))
    assert note.exercise_ms == 10_000
    gap = conductor.notice_gap()
    assert gap is not None
    assert (gap.gap_ms, gap.at_ms, conductor.elapsed_ms(), conductor.state.paused) == (3_603_000, 10_000, 10_000, True)
    assert conductor.notice_gap() is None
    conductor.dispatch(c.SettleGap(gap.gap_ms, counted=False))
    conductor.dispatch(c.Resume())
    hands.pass_by(2)
    assert (conductor.see(), conductor.elapsed_ms()) == (12_000, 12_000)


def test_a_sleep_whose_pause_was_written_although_it_failed_is_asked_about_once() -> None:
    hands = Hands()
    conductor, log = asleep_for_an_hour(hands)
    log.after = TabletopError("store.disk-error", exit_code=Exit.NO_SPACE)
    with pytest.raises(TabletopError):
        conductor.notice_gap()
    gap = conductor.notice_gap()
    assert gap is not None
    assert gap.gap_ms == 3_600_000
    assert conductor.notice_gap() is None
    assert [entry.event.kind for entry in log.entries].count("clock_paused") == 1


def test_a_sleep_is_forgotten_by_who_learns_that_another_console_drives() -> None:
    hands = Hands()
    conductor, log = asleep_for_an_hour(hands)
    log.before = Fenced("store.fenced", run="run")
    with pytest.raises(Fenced):
        conductor.notice_gap()
    assert conductor.notice_gap() is None
    hands.pass_by(1)
    assert conductor.see() == conductor.elapsed_ms() > 3_600_000


def test_a_sleep_that_somebody_else_has_stopped_meanwhile_is_no_gap_any_more() -> None:
    hands = Hands()
    conductor, log = asleep_for_an_hour(hands)
    Conductor(Exercise.model_validate(DATA), log, "run", now_ms=conductor.wall_ms).dispatch(c.Pause("break"))
    assert conductor.notice_gap() is None
    assert conductor.state.paused
    assert conductor.see() == conductor.elapsed_ms()


def test_at_sixty_fold_speed_every_stamp_is_in_order_and_no_time_is_lost() -> None:
    wall = [BEGIN_MS]
    log = MemoryLog()
    started(log)
    conductor = Conductor(Exercise.model_validate(DATA), log, "run", now_ms=lambda: wall[0])
    conductor.dispatch(c.SetSpeed(60))
    for _ in range(1000):
        wall[0] += 7
        conductor.dispatch(c.AddNote("note", "x"))
    stamps = [entry.exercise_ms for entry in log.entries]
    assert stamps == sorted(stamps)
    assert stamps[-1] == 1000 * 7 * 60
    conductor.dispatch(c.SetSpeed(0.25))
    wall[0] += 4000
    assert conductor.elapsed_ms() == 421_000


# A console dies, or leaves in a hurry.

CHILD = """
import sys, time
from pathlib import Path
from tabletop.conductor import begin, RunOptions
from tabletop.engine import commands as c
from tabletop.exercise.loading import bind
from tabletop.store import Store
text = Path(sys.argv[2]).read_text("utf-8")
opened = begin(Store.open(Path(sys.argv[1])), bind(text), text, RunOptions(pace="timed"))
opened.conductor.dispatch(c.Start())
time.sleep(0.3)
opened.lease.beat(opened.conductor.elapsed_ms())
print(opened.conductor.elapsed_ms(), flush=True)
time.sleep(60)
"""


def test_taking_over_from_a_console_that_died_meanwhile_stands_where_its_clock_was_last_kept(path: Path, tmp_path: Path) -> None:
    text = tmp_path / "exercise.json"
    text.write_text(TEXT, "utf-8")
    with subprocess.Popen([sys.executable, "-c", CHILD, str(path), str(text)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        kept = int(child.stdout.readline())
        with Store.open(path) as store:
            reading = resume(store, store.find_run("latest"))
            assert reading.lease is None
            child.kill()
            child.wait()
            reading.take_over("second console")
            kinds = [entry.event.kind for entry in reading.conductor.entries[-2:]]
            assert kinds == [ClockRecovered.kind, DriverChanged.kind]
            assert reading.conductor.state.paused
            assert abs(reading.conductor.elapsed_ms() - kept) < 100
            reading.close()


def test_a_console_that_left_without_pausing_is_gone_on_with_where_it_left(path: Path) -> None:
    hands = Hands()
    with Store.open(path) as store:
        opened = begin(store, bind(TEXT), TEXT, RunOptions(pace="timed"), clockwork=hands.clockwork())
        opened.conductor.dispatch(c.Start())
        hands.pass_by(90)
        opened.close()
        hands.pass_by(600)
        again = resume(store, store.find_run("latest"), clockwork=hands.clockwork())
        assert isinstance(again.conductor.entries[-1].event, ClockRecovered)
        assert again.conductor.elapsed_ms() == 90_000
        assert again.conductor.state.paused
        again.close()


@pytest.mark.parametrize(
    "options",
    [
        RunOptions(speed=99),
        RunOptions(people={"nobody": {"A": "Li Wei"}}),
        RunOptions(people={"head": {"B": "Li Wei"}}),
        RunOptions(parameters={"nothing": "x"}),
    ],
)
def test_a_run_that_cannot_begin_leaves_nothing_behind(path: Path, options: RunOptions) -> None:
    with Store.open(path) as store:
        with pytest.raises(TabletopError):
            begin(store, bind(TEXT), TEXT, options)
        with pytest.raises(TabletopError) as none:
            store.find_run("latest")
        assert none.value.code == "store.no-runs"


def test_a_seat_in_another_process_writes_without_a_lease(path: Path) -> None:
    with Store.open(path) as store, Store.open(path) as other:
        driver = begin(store, bind(TEXT), TEXT, RunOptions(pace="timed"))
        driver.conductor.dispatch(c.Start())
        driver.conductor.dispatch(c.ReleaseInject("smoke"))
        seat = Conductor(bind(TEXT), other.log(driver.conductor.run), driver.conductor.run, actor=Actor("seat", roles=("head",)))
        seat.dispatch(c.GiveAnswer("first", "head", ("alarm",)))
        with pytest.raises(Refused):
            seat.dispatch(c.ReleaseInject("quiet"))
        driver.conductor.dispatch(c.AddNote("note", "seen"))
        assert driver.conductor.state.ask("first").answers["head"].actor == "seat:head"
        driver.close()


@pytest.mark.parametrize("seed", range(20))
def test_two_processes_that_write_by_turns_end_in_the_state_that_the_log_says(seed: int) -> None:
    import random

    from tabletop.engine.evolve import replay
    from tests.engine.test_properties import one_command

    chance = random.Random(seed)
    wall = [BEGIN_MS]
    log = MemoryLog()
    started(log)
    seats = [Conductor(Exercise.model_validate(DATA), log, "run", now_ms=lambda: wall[0] + chance.randrange(-400, 400)) for _ in range(2)]
    for _ in range(80):
        wall[0] += chance.choice([0, 40, 1000, 20_000])
        seat = chance.choice(seats)
        try:
            seat.dispatch(one_command(chance, seat))
        except Refused:
            continue
        if chance.random() < 0.3:
            chance.choice(seats).follow()
    for seat in seats:
        seat.catch_up()
        assert seat.entries == log.entries
        assert seat.state == replay(log.entries)
    stamps = [entry.exercise_ms for entry in log.entries]
    assert stamps == sorted(stamps)

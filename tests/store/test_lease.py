"""The lease: one driver, seen by everybody, gone with its process."""

from __future__ import annotations

import platform
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tabletop.errors import Exit, NotFound
from tabletop.store import Fenced, Lease, LeaseHeld, Store

from .ledgers import RUN, entry, make_run

ROOT = Path(__file__).parents[2]

DRIVER = """
import sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tabletop.store import Lease, Store
store = Store.open(Path(sys.argv[1]))
lease = Lease.take(store, sys.argv[2], holder="other console")
lease.beat(754_000)
print("DRIVING", lease.fence, flush=True)
time.sleep(60)
"""


def drive_elsewhere(path: Path) -> subprocess.Popen[str]:
    """Another process that drives the run until it is killed."""
    other = subprocess.Popen([sys.executable, "-c", DRIVER, str(path), RUN], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert other.stdout is not None
    assert other.stdout.readline().startswith("DRIVING")
    return other


def test_the_first_to_take_it_drives(store: Store) -> None:
    make_run(store)
    assert Lease.look(store, RUN) is None
    lease = Lease.take(store, RUN, holder="console")
    assert (lease.fence, lease.kept_ms) == (1, None)
    held = Lease.look(store, RUN)
    assert held is not None
    assert (held.holder, held.host, held.alive, held.released) == ("console", platform.node(), True, False)


def test_a_second_console_is_told_who_drives(store: Store, path: Path) -> None:
    make_run(store)
    Lease.take(store, RUN, holder="laptop")
    with Store.open(path) as other, pytest.raises(LeaseHeld) as held:
        Lease.take(other, RUN, holder="second")
    assert held.value.exit_code == Exit.IN_USE
    assert (held.value.values["holder"], held.value.values["host"]) == ("laptop", platform.node())


def test_taking_over_fences_off_whoever_drove(store: Store, path: Path) -> None:
    log = make_run(store)
    first = Lease.take(store, RUN, holder="first")
    first.beat(5000)
    with Store.open(path) as other:
        second = Lease.take(other, RUN, holder="second", force=True)
        assert second.fence == 2
        assert second.kept_ms is None
        with pytest.raises(Fenced):
            first.beat(6000)
        with pytest.raises(Fenced):
            log.append([entry(1)], expected_head=0, fence=first.fence)
        first.release(6000)
        held = Lease.look(store, RUN)
        assert held is not None
        assert (held.holder, held.alive, held.exercise_ms) == ("second", True, 5000)
        second.release(7000)


def test_of_many_that_want_it_at_once_one_gets_it(store: Store, path: Path) -> None:
    make_run(store)

    def want(number: int) -> str:
        with Store.open(path) as mine:
            try:
                return Lease.take(mine, RUN, holder=f"console {number}").holder
            except LeaseHeld:
                return ""

    with ThreadPoolExecutor(8) as pool:
        holders = [holder for holder in pool.map(want, range(8)) if holder]
    held = Lease.look(store, RUN)
    assert held is not None
    assert holders == [held.holder]


def test_a_lease_released_is_free_and_clean(store: Store) -> None:
    make_run(store)
    first = Lease.take(store, RUN, holder="first")
    first.beat(1000)
    first.release(1500)
    held = Lease.look(store, RUN)
    assert held is not None
    assert (held.released, held.alive, held.exercise_ms) == (True, False, 1500)
    second = Lease.take(store, RUN, holder="second")
    assert (second.fence, second.kept_ms) == (2, 1500)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM] if sys.platform != "win32" else [signal.SIGTERM], ids=lambda end: end.name)
def test_a_lease_dies_with_its_process(store: Store, path: Path, end: signal.Signals) -> None:
    make_run(store)
    with drive_elsewhere(path) as other:
        held = Lease.look(store, RUN)
        assert held is not None
        assert held.alive
        with pytest.raises(LeaseHeld):
            Lease.take(store, RUN, holder="mine")
        other.send_signal(end)
        other.wait()
    lease = Lease.take(store, RUN, holder="mine")
    assert lease.kept_ms == 754_000
    assert lease.fence == 2
    assert store.find_run(RUN).exercise_ms == 754_000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
def test_a_console_that_hangs_still_drives_until_somebody_takes_over(store: Store, path: Path) -> None:
    make_run(store)
    with drive_elsewhere(path) as other:
        other.send_signal(signal.SIGSTOP)
        with pytest.raises(LeaseHeld):
            Lease.take(store, RUN, holder="mine")
        lease = Lease.take(store, RUN, holder="mine", force=True)
        assert lease.fence == 2
        lease.beat(1)
        with pytest.raises(LeaseHeld), Store.open(path) as third:
            Lease.take(third, RUN, holder="third")
        other.kill()
        other.wait()
    held = Lease.look(store, RUN)
    assert held is not None
    assert held.alive
    lease.release(2)


@pytest.mark.parametrize(("age_ms", "alive"), [(0, True), (9_000, True), (11_000, False), (-9_000, True), (-60_000, False)])
def test_only_for_another_machine_the_heartbeat_decides(store: Store, monkeypatch: pytest.MonkeyPatch, age_ms: int, alive: bool) -> None:
    make_run(store)
    now = 1_795_050_000_000
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(platform, "node", lambda: "another-host")
        theirs = Lease.take(store, RUN, holder="theirs", now_ms=lambda: now)
        theirs.beat(9000)
    held = Lease.look(store, RUN, now_ms=lambda: now + age_ms)
    assert held is not None
    assert held.alive is alive
    if alive:
        with pytest.raises(LeaseHeld):
            Lease.take(store, RUN, holder="mine", now_ms=lambda: now + age_ms)
    else:
        mine = Lease.take(store, RUN, holder="mine", now_ms=lambda: now + age_ms)
        assert mine.kept_ms == 9000


def test_where_a_file_system_has_no_locks_the_heartbeat_decides(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    from tabletop.store import gate

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOTSUP, "no locks here")

    make_run(store)
    now = 1_795_050_000_000
    monkeypatch.setattr(gate, "_lock", refuse)
    Lease.take(store, RUN, holder="first", now_ms=lambda: now)
    with pytest.raises(LeaseHeld):
        Lease.take(store, RUN, holder="second", now_ms=lambda: now + 5000)
    assert Lease.take(store, RUN, holder="second", now_ms=lambda: now + 20_000).fence == 2


def test_no_run_no_lease(store: Store) -> None:
    with pytest.raises(NotFound):
        Lease.take(store, "nothing", holder="console")


def test_nothing_is_left_beside_the_store(store: Store, path: Path) -> None:
    make_run(store)
    for _ in range(3):
        lease = Lease.take(store, RUN, holder="console")
        lease.release(0)
    with drive_elsewhere(path) as other:
        other.kill()
        other.wait()
    Lease.take(store, RUN, holder="console").release(0)
    assert [name.name for name in path.parent.iterdir() if name.name.endswith(".lease")] == []

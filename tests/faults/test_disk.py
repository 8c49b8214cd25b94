"""Disks that refuse: the n-th call fails, no space, read-only. Never a false *recorded*, never a lost one (F3, F4, F5)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tabletop.errors import Exit, TabletopError
from tabletop.store import EventLog, Lease, Store

from . import writer
from .recovered import RUN, recover

ROOT = Path(__file__).parents[2]

DECISIONS = 5

FAULTS = [
    *[("pwrite64", "ENOSPC", nth) for nth in (1, 3, 9, 15, 18, 20, 31, 60)],
    *[("pwrite64", "EIO", nth) for nth in (2, 14, 17, 19, 40)],
    *[("fdatasync", "EIO", nth) for nth in (1, 2, 3, 4, 5, 7, 10, 14)],
    *[("ftruncate", "EIO", nth) for nth in (1, 2, 4)],
    *[("pread64", "EIO", nth) for nth in (3, 8, 15)],
]
"""Which call fails, how, and at which time it is made. One append makes some 20 `pwrite64`, 5 `fdatasync` and one `ftruncate`."""

FAULTS_OF_MAKING = [
    *[("pwrite64", "ENOSPC", nth) for nth in (1, 2, 12, 60)],
    *[("fsync", "EIO", nth) for nth in (1, 2)],
    ("rename", "EIO", 1),
    ("openat", "ENOSPC", 1),
]


@cache
def why_no_strace() -> str:
    if sys.platform != "linux":
        return "strace is Linux's"
    if shutil.which("strace") is None:
        return "strace is not installed (apt-get install strace)"
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "this machine does not let strace look at processes"


needs_strace = pytest.mark.skipif(bool(why_no_strace()), reason=why_no_strace())
needs_mount = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or shutil.which("mount") is None, reason="only root on Linux can mount a small disk"
)


@dataclass(frozen=True)
class Said:
    """What a writer said on a disk with a fault."""

    opened: bool
    acknowledged: set[str]
    refused: set[str]
    """What it said was not recorded, and never was after all."""
    codes: set[str]


def write_with_fault(path: Path, call: str, error: str, when: str) -> Said:
    """A writer whose system calls fail as told: `when` is `3` for the third time only, `3+` for every time from the third on."""
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}", "-P", str(path), "-P", f"{path}-journal"]
    command = ["strace", "--seccomp-bpf", "-f", "-qq", *inject, "-P", f"{path}.new", "-P", str(path.parent), "-o", os.devnull]
    child = [sys.executable, "-m", "tests.faults.writer", str(path), RUN, str(DECISIONS)]
    done = subprocess.run([*command, *child], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split() for line in done.stdout.splitlines()]
    acknowledged = {line[1] for line in lines if line[0] == "ACK"}
    refused = {line[1] for line in lines if line[0] == "NAK"} - acknowledged
    return Said(["OPEN"] in lines, acknowledged, refused, {line[-1] for line in lines if line[0] in ("NAK", "ERROR")})


@needs_strace
@pytest.mark.slow
@pytest.mark.parametrize("persistent", [False, True], ids=["once", "from then on"])
def test_whichever_call_fails_what_was_said_is_true(tmp_path: Path, persistent: bool) -> None:
    template = tmp_path / "template.db"
    with Store.open(template) as store:
        writer.open_log(store, RUN)

    def attempt(number: int) -> tuple[Said, Path]:
        call, error, nth = FAULTS[number]
        path = tmp_path / str(number) / "tabletop.db"
        path.parent.mkdir()
        shutil.copy(template, path)
        return write_with_fault(path, call, error, f"{nth}+" if persistent else str(nth)), path

    with ThreadPoolExecutor(2) as pool:
        attempts = list(pool.map(attempt, range(len(FAULTS))))
    for (said, path), fault in zip(attempts, FAULTS, strict=True):
        found = recover(path)
        assert found.ok, fault
        assert found.lacks(said.acknowledged) == set(), fault
        assert said.refused & set(found.ids) == set(), fault
        assert len(set(found.ids)) == len(found.ids), fault
        assert said.codes <= {"store.no-space", "store.disk-error", "store.read-only", "store.damaged"}, fault
        if said.opened and not persistent:
            assert len(said.acknowledged) == DECISIONS, fault
    assert sum(bool(said.codes) for said, _ in attempts) > len(FAULTS) / 2


@needs_strace
@pytest.mark.slow
@pytest.mark.parametrize(("call", "error", "nth"), FAULTS_OF_MAKING, ids=lambda value: str(value))
def test_a_fault_while_it_is_made_leaves_a_whole_store_or_none(tmp_path: Path, call: str, error: str, nth: int) -> None:
    path = tmp_path / "data" / "tabletop.db"
    said = write_with_fault(path, call, error, str(nth))
    with Store.open(path) as store:
        writer.append(writer.open_log(store, RUN), "after")
    found = recover(path)
    assert found.ok
    assert found.lacks(said.acknowledged) == set()
    assert not path.with_name("tabletop.db.new").exists()


def record_until_refused(log: EventLog) -> tuple[list[str], TabletopError]:
    """What was recorded until the store said no, and what it said."""
    recorded: list[str] = []
    for number in range(10_000):
        try:
            writer.append(log, f"key-{number}")
        except TabletopError as error:
            return recorded, error
        recorded.append(f"key-{number}")
    raise AssertionError("there was no end of space")


def test_a_file_that_may_not_grow_keeps_what_it_has(tmp_path: Path) -> None:
    with Store.open(tmp_path / "tabletop.db") as store:
        log = writer.open_log(store, RUN)
        with store.writing() as connection:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + 8}")
        recorded, full = record_until_refused(log)
        assert (full.code, full.exit_code) == ("store.no-space", Exit.NO_SPACE)
        assert [read.id for read in log.read()] == recorded
        writer.append(log, "after space was made")
        assert log.verify().ok
    assert recover(store.path).ids == (*recorded, "after space was made")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, of 320 kB."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=320k", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", str(place)], check=True)


@needs_mount
def test_a_full_disk_loses_nothing_and_works_again_when_there_is_space(small_disk: Path) -> None:
    path = small_disk / "tabletop.db"
    with Store.open(path) as store:
        log = writer.open_log(store, RUN)
        lease = Lease.take(store, RUN, holder="console")
        recorded, full = record_until_refused(log)
        assert (full.code, full.exit_code) == ("store.no-space", Exit.NO_SPACE)
        assert len(recorded) > 10
        assert [read.id for read in log.read()] == recorded
        with pytest.raises(TabletopError):
            writer.append(log, f"key-{len(recorded)}")
        subprocess.run(["mount", "-o", "remount,size=2m", str(small_disk)], check=True)
        lease.beat(1000)
        writer.append(log, f"key-{len(recorded)}")
        lease.release(2000)
    found = recover(path)
    assert found.ok
    assert found.ids == (*recorded, f"key-{len(recorded)}")


@needs_mount
def test_no_space_to_make_a_store_leaves_nothing(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(b"x" * 300_000)
    with pytest.raises(TabletopError) as full:
        Store.open(small_disk / "tabletop.db")
    assert full.value.exit_code == Exit.NO_SPACE
    assert sorted(name.name for name in small_disk.iterdir()) == ["ballast", "tabletop.db.lock"]
    (small_disk / "ballast").unlink()
    Store.open(small_disk / "tabletop.db").close()


@needs_mount
def test_a_read_only_disk_can_be_read_and_says_that_it_cannot_be_written(small_disk: Path) -> None:
    path = small_disk / "tabletop.db"
    with Store.open(path) as store:
        log = writer.open_log(store, RUN)
        for number in range(3):
            writer.append(log, f"key-{number}")
    for side in small_disk.glob("*.lock"):
        side.unlink()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with Store.open(path, create=False) as store:
        log = store.log(RUN)
        assert [read.id for read in log.read()] == ["key-0", "key-1", "key-2"]
        assert log.verify().ok
        assert store.find_run("latest").events == 3
        assert log.changed()
        store.check()
        for attempt in (
            lambda: writer.append(log, "key-3"),
            lambda: Lease.take(store, RUN, holder="console"),
            lambda: writer.open_log(store, "another"),
        ):
            with pytest.raises(TabletopError) as refused:
                attempt()
            assert (refused.value.code, refused.value.exit_code) == ("store.read-only", Exit.NO_SPACE)
            assert refused.value.values["path"] == str(path)
    with pytest.raises(TabletopError) as unmade:
        Store.open(small_disk / "new" / "tabletop.db")
    assert unmade.value.exit_code == Exit.NO_SPACE

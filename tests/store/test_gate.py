"""Locks on side files, on this system and on Windows as it would be."""

from __future__ import annotations

import errno
import importlib.util
import os
import subprocess
import sys
import threading
import time
import types
from pathlib import Path

import pytest

from tabletop.store import gate
from tabletop.store.gate import SideLock

HOLD = """
import sys, time
from pathlib import Path
from tabletop.store.gate import SideLock
lock = SideLock(Path(sys.argv[1]))
print(lock.take(), flush=True)
time.sleep(60)
"""


@pytest.fixture
def side(tmp_path: Path) -> Path:
    return tmp_path / "store.lock"


def test_one_holds_it_at_a_time(side: Path) -> None:
    one, other = SideLock(side), SideLock(side)
    assert one.take()
    assert not other.take()
    one.give_back()
    assert other.take()
    assert not one.take()
    other.close()
    assert one.take()
    assert one.works
    one.remove()
    assert not side.exists()


def test_who_waits_gets_it_as_soon_as_it_is_free(side: Path) -> None:
    one, other = SideLock(side), SideLock(side)
    one.take()
    threading.Timer(0.05, one.give_back).start()
    began = time.monotonic()
    assert other.take(5)
    assert time.monotonic() - began < 4.5


def test_waiting_ends(side: Path) -> None:
    one, other = SideLock(side), SideLock(side)
    one.take()
    began = time.monotonic()
    assert not other.take(0.05)
    assert time.monotonic() - began >= 0.05


def test_it_dies_with_its_process(side: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(side)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        mine = SideLock(side)
        assert not mine.take()
        holder.kill()
        holder.wait()
    assert mine.take(5)


def test_the_file_is_the_owners_alone(side: Path) -> None:
    before = os.umask(0)
    try:
        SideLock(side).take()
    finally:
        os.umask(before)
    assert side.stat().st_mode & 0o777 == 0o600


def test_where_the_file_cannot_be_made_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        SideLock(tmp_path / "nowhere" / "store.lock").take()


def test_where_there_are_no_locks_everybody_gets_it(side: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOTSUP, "no locks here")

    monkeypatch.setattr(gate, "_lock", refuse)
    monkeypatch.setattr(gate, "_unlock", refuse)
    one, other = SideLock(side), SideLock(side)
    assert one.take()
    assert other.take()
    assert not one.works
    one.give_back()
    other.give_back()


class Msvcrt(types.ModuleType):
    """Windows' call for locking bytes of a file, as it behaves: on a descriptor, from where that stands, refusing with EACCES."""

    LK_NBLCK, LK_UNLCK = 2, 0

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self.positions: list[int] = []

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        import fcntl

        self.positions.append(os.lseek(descriptor, 0, os.SEEK_CUR))
        assert count == 1
        try:
            fcntl.flock(descriptor, fcntl.LOCK_UN if mode == self.LK_UNLCK else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PermissionError(errno.EACCES, "Permission denied") from None


@pytest.mark.skipif(sys.platform == "win32", reason="on Windows every other test here says so")
def test_the_same_on_windows(side: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    msvcrt = Msvcrt()
    monkeypatch.setitem(sys.modules, "msvcrt", msvcrt)
    monkeypatch.setattr(sys, "platform", "win32")
    spec = importlib.util.spec_from_file_location("gate_on_windows", str(gate.__file__))
    assert spec is not None
    assert spec.loader is not None
    windows = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(windows)
    one, other = windows.SideLock(side), windows.SideLock(side)
    assert one.take()
    assert not other.take()
    assert other.works
    one.give_back()
    assert other.take()
    other.remove()
    assert set(msvcrt.positions) == {0}

"""Processes that come, write and die as they like: nothing acknowledged is lost, nothing is written twice (F1, F13)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tabletop.store import Store

from .recovered import RUN, busy_free, recover

ROOT = Path(__file__).parents[2]

forks = pytest.mark.skipif(sys.platform == "win32", reason="the driver of this test forks")


def run_module(module: str, *arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", f"tests.faults.{module}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert done.stderr == ""
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@forks
@pytest.mark.slow
def test_killed_at_any_moment_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "tabletop.db"
    Store.open(path).close()
    said = run_module("kill_loop", path, 8, 1)
    assert said["rounds"] > 20
    assert said["acknowledged"] > 20
    assert (said["lost"], said["broken"]) == (0, 0)
    assert said["acknowledged"] <= said["events"] <= said["acknowledged"] + said["rounds"]
    assert busy_free(path)


@forks
@pytest.mark.slow
def test_killed_while_it_is_made_the_store_is_whole_or_not_there(tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / f"{number}" / "tabletop.db"
        said = run_module("kill_loop", path, 1, number)
        assert (said["lost"], said["broken"]) == (0, 0)


def test_two_processes_at_once_lose_nothing_and_repeat_nothing(tmp_path: Path) -> None:
    path = tmp_path / "tabletop.db"
    Store.open(path).close()
    command = [sys.executable, "-m", "tests.faults.writer", str(path), RUN, "60"]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0].splitlines() for process in both]
    acknowledged = [line.split()[1] for lines in said for line in lines if line.startswith("ACK ")]
    assert [line for lines in said for line in lines if not line.startswith(("ACK ", "OPEN"))] == []
    found = recover(path)
    assert found.ok
    assert sorted(found.ids) == sorted(acknowledged)
    assert len(acknowledged) == 120


@forks
@pytest.mark.slow
def test_sixty_four_that_start_at_once_all_get_their_turn(tmp_path: Path) -> None:
    path = tmp_path / "data" / "tabletop.db"
    said = run_module("burst", path, 64, 1)
    assert said["well"] == 64
    found = recover(path)
    assert found.ok
    assert len(set(found.ids)) == 64

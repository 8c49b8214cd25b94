"""Several processes at one run, on real terminals: one is stopped and wakes up, any is killed, the others go on."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import Terminal, tabletop

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals and these signals exist on POSIX systems only"),
]

FAR = 40.0
"""Seconds that something may take on a busy machine."""


def console(home: Path, *more: str) -> Terminal:
    """A new run on the console, its clock running, its first inject released."""
    screen = tabletop("run", "armed-hostage", "--pace", "timed", *more, home=home, env={"TABLETOP_LANG": "en"})
    screen.see("STARTEX", wait_s=FAR)
    screen.press("space")
    screen.see("recorded ✓ 2", wait_s=FAR)
    screen.press("enter")
    screen.see("READ ALOUD", "recorded ✓ 3", wait_s=FAR)
    return screen


def again(home: Path) -> Terminal:
    """One more console of the same run."""
    return tabletop("run", "--resume", "latest", home=home, env={"TABLETOP_LANG": "en"})


def log_of(home: Path) -> list[tuple[int, str, str, int, dict[str, Any]]]:
    """Number, kind, actor, fence and body of every event."""
    with sqlite3.connect(home / "data" / "tabletop.db") as store:
        rows = store.execute("SELECT seq, kind, actor, fence, body FROM event ORDER BY seq").fetchall()
    return [(seq, kind, actor, fence, json.loads(body)) for seq, kind, actor, fence, body in rows]


def kinds(home: Path) -> list[str]:
    return [kind for _, kind, *_ in log_of(home)]


def found_take_over(screen: Terminal) -> None:
    """The palette has found what was searched for, and nothing else any more."""
    until = time.monotonic() + FAR
    while "Run: Take over" not in screen.text or "Run: Take back" in screen.text:
        assert time.monotonic() < until, screen.text
        screen.read()


def draft_kept(home: Path, words: str, screen: Terminal) -> None:
    """What was typed at `screen` is kept in the store, sent or not."""
    until = time.monotonic() + FAR
    while True:
        with sqlite3.connect(home / "data" / "tabletop.db") as store:
            kept = store.execute("SELECT text FROM draft").fetchall()
        if any(words in text for (text,) in kept):
            return
        assert time.monotonic() < until, kept
        screen.read()


def take_over(screen: Terminal) -> None:
    """Takes over from the panel that offers it; asked for in the palette where it was closed."""
    if "2  take over" not in screen.text and "2 take over" not in screen.text:
        screen.press("ctrl+p")
        screen.see("Search for an action", wait_s=FAR)
        screen.press(*"take over")
        found_take_over(screen)
        screen.press("enter")
    screen.see("2 take over", wait_s=FAR)
    screen.rest()
    screen.press("2")
    screen.see("This console drives now", wait_s=FAR)


def stop(screen: Terminal, home: Path) -> None:
    """SIGSTOP, at a moment at which the program does not keep the store: nobody can take that from a process that stands still."""
    from tabletop.errors import TabletopError
    from tabletop.store import Store

    for _ in range(20):
        os.kill(screen.pid, signal.SIGSTOP)
        try:
            # Shorter than what the console would take for a gap in time.
            with Store.open(home / "data" / "tabletop.db", create=False, busy_s=1) as store, store.writing():
                return
        except TabletopError:
            os.kill(screen.pid, signal.SIGCONT)
            screen.read(0.2)
    raise AssertionError("it always keeps the store")


def watch(screen: Terminal) -> None:
    """Only watches from here on."""
    screen.see("2 take over", wait_s=FAR)
    screen.rest()
    screen.press("1")
    until = time.monotonic() + FAR
    while "only watch" in screen.text:
        assert time.monotonic() < until
        screen.read()


def typed(home: Path, text: str) -> int:
    """How often the log has these words as a decision."""
    return sum(kind == "decision_made" and body.get("text") == text for _, kind, _, _, body in log_of(home))


def test_a_driver_that_was_stopped_and_wakes_up_is_refused_demoted_and_told(tmp_path: Path) -> None:
    with console(tmp_path) as first:
        first.press("8")
        first.see("type what was said", wait_s=FAR)
        first.commit("ring the police liaison")
        first.see("ring the police liaison", wait_s=FAR)
        stop(first, tmp_path)
        with again(tmp_path) as second:
            second.see("another window on this computer drives this run", "2 take over", wait_s=FAR)
            second.read(3)
            take_over(second)
            second.see("PAUSED", "resumed after a break-off", wait_s=FAR)
            second.press("space")
            second.press("d")
            second.see("who decided", wait_s=FAR)
            second.press("1")
            second.see("Branch manager", wait_s=FAR)
            second.commit("keep him talking")
            second.press("enter")
            second.see("BM keep him talking", wait_s=FAR)
            time.sleep(6)
            before = log_of(tmp_path)
            # The first one wakes up in the middle of a sentence, and what it was about to send is sent at once.
            os.kill(first.pid, signal.SIGCONT)
            first.press("enter")
            first.see("READ-ONLY", "ring the police liaison", wait_s=FAR)
            first.read(3)
            assert "ring the police liaison" in first.text, "what was typed is kept"
            assert log_of(tmp_path) == before, "nothing of the stale one was written: no pause, no gap, no decision"
            second.press("space")
            second.see("PAUSED", wait_s=FAR)
            second.press("1")
            first.see("READ-ONLY", "PAUSED", "discussion", wait_s=FAR)
            # Once nobody types there it offers to take over again: then the sentence goes into the log, once.
            first.press("esc")
            first.see("2 take over", wait_s=FAR)
            take_over(first)
            second.see("READ-ONLY", wait_s=FAR)
            first.press("8")
            first.see("ring the police liaison", wait_s=FAR)
            first.press("enter")
            first.see("SEC ring the police liaison", wait_s=FAR)
    rows = log_of(tmp_path)
    assert [seq for seq, *_ in rows] == list(range(1, len(rows) + 1))
    assert typed(tmp_path, "ring the police liaison") == 1
    assert typed(tmp_path, "keep him talking") == 1
    fences = [fence for _, _, actor, fence, _ in rows if actor == "driver"]
    assert fences == sorted(fences), "whoever was taken over never wrote again as the driver"
    assert [fence for _, kind, _, fence, _ in rows if kind == "driver_changed"] == [2, 3]
    assert "clock_gap" not in kinds(tmp_path)
    assert kinds(tmp_path).count("clock_recovered") == 1, "for the time it hung the clock stood"


@pytest.mark.parametrize("killed", ["driver", "watcher"])
def test_either_console_is_killed_and_the_other_goes_on(tmp_path: Path, killed: str) -> None:
    with console(tmp_path) as first, again(tmp_path) as second:
        watch(second)
        if killed == "watcher":
            second.kill()
            first.press("space")
            first.see("PAUSED", wait_s=FAR)
            first.press("1")
            with again(tmp_path) as third:
                watch(third)
                third.see("READ-ONLY", "A knife at counter 2", wait_s=FAR)
        else:
            time.sleep(1.5)
            first.kill()
            second.see("nobody drives this run", "2 take over", wait_s=FAR)
            take_over(second)
            second.see("PAUSED", "resumed after a break-off", wait_s=FAR)
            second.press("space")
            second.see("recorded ✓ 6", wait_s=FAR)
            with again(tmp_path) as third:
                third.see("drives this run", wait_s=FAR)
    found = kinds(tmp_path)
    assert found[:3] == ["run_created", "exercise_started", "inject_released"]
    if killed == "driver":
        assert found[3:6] == ["clock_recovered", "driver_changed", "clock_resumed"]


def test_a_station_is_killed_comes_back_and_nobody_stops(tmp_path: Path) -> None:
    seat = ["station", "latest", "--role", "teller-1", "--name", "Li Wei", "--quiet"]
    with console(tmp_path) as on:
        with tabletop(*seat, home=tmp_path, columns=80, lines=24, env={"TABLETOP_LANG": "en"}) as station:
            station.see("A knife at counter 2", "Li Wei", wait_s=FAR)
            on.see("● T1", wait_s=FAR)
            station.press("3")
            station.press("ctrl+r")
            station.commit("the knife is close")
            on.see("typing …", wait_s=FAR)
            draft_kept(tmp_path, "the knife is close", station)
            station.kill()
            on.see("○ T1", wait_s=FAR)
        on.press("space")
        on.see("PAUSED", wait_s=FAR)
        on.press("1")
        on.press("space")
        with tabletop(*seat, home=tmp_path, columns=80, lines=24, env={"TABLETOP_LANG": "en"}) as station:
            station.see("A knife at counter 2", "the knife is close", wait_s=FAR)
            on.see("● T1", wait_s=FAR)
            station.read(1.0)
            station.press("enter")
            on.see("why: the knife is close", wait_s=FAR)
            on.kill()
            station.press("f2")
            station.read(1)
            assert "Li Wei" in station.text, "a console that is killed ends no station"
            with again(tmp_path) as back:
                back.see("PAUSED", "why: the knife is close", wait_s=FAR)
    given = [body for _, kind, _, _, body in log_of(tmp_path) if kind == "answer_given"]
    assert [(body["role"], body["rationale"]) for body in given] == [("teller-1", "the knife is close")]

"""The shipped exercise played at a real terminal from STARTEX to the score, killed on the way."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tabletop.tui.enter_once import HASTY_S
from tests.terminal import Terminal, tabletop

from .room import FAR, Observer

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows"),
]


def asked(home: Path, *arguments: str) -> str:
    """What a command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "tabletop", *arguments], capture_output=True, text=True, encoding="utf-8", env=environment(home), check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def environment(home: Path) -> dict[str, str]:
    import os

    return {**os.environ, "TABLETOP_HOME": str(home), "TABLETOP_LANG": "en"}


def events(home: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(asked(home, "log", "latest", "--events", "--json"))["events"]
    return rows


def kinds(home: Path) -> list[object]:
    return [row["kind"] for row in events(home)]


def release_what_is_due(screen: Terminal, run: Observer, inject: str) -> None:
    """Press PgDn, which never releases early, until the log has the release of `inject`."""
    end = time.monotonic() + FAR
    while inject not in run.conductor.state.released:
        assert time.monotonic() < end, f"{inject} was not released:\n{screen.text}"
        before = len(run.conductor.state.released)
        if "! DUE" in screen.text:
            # One press, one release: the next is pressed once the log has it.
            screen.press("pagedown")
            pressed = time.monotonic()
            while len(run.conductor.state.released) == before and time.monotonic() < pressed + 2:
                screen.read(0.05)
        screen.read(0.05)


def jump(screen: Terminal, run: Observer, minutes: int) -> None:
    """By the palette: the clock goes ahead, and what fell due on the way is released by nobody but by hand."""
    before = run.conductor.elapsed_ms()
    screen.press("ctrl+p")
    screen.see("Search for")
    screen.commit("jump ahead")
    screen.see("Jump ahead")
    screen.read(0.5)
    screen.press("enter")
    screen.see("How far ahead?")
    screen.commit(str(minutes))
    screen.press("enter")
    end = time.monotonic() + FAR
    while run.conductor.elapsed_ms() < before + minutes * 60_000:
        assert time.monotonic() < end, screen.text
        screen.read(0.1)


def test_armed_hostage_from_startex_to_the_score(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command = ["run", "armed-hostage", "--pace", "timed", "--speed", "60"]
    with tabletop(*command, home=home, env={"TABLETOP_LANG": "en"}) as screen, Observer(home) as run:
        screen.see("SCENE", "STARTEX")
        screen.see_none_of("knife", "counter 2 a man")
        screen.press("space")
        screen.see("NEXT", "A knife at counter 2")
        release_what_is_due(screen, run, "knife-at-counter-2")
        # A decision of teller 1, typed as an input method commits it.
        screen.press("f2")
        screen.see("Decision", "digit who")
        screen.press("3")
        screen.see("Decision · Teller 1")
        screen.commit("慢慢来，把钱给他")
        screen.press("enter")
        screen.see("T1 慢慢来，把钱给他", "recorded ✓ 5")
        # A pause, its reason by a digit, and on.
        screen.press("space")
        screen.see("PAUSED")
        screen.press("1")
        screen.see("discussion")
        screen.press("space")
        # An inject on the spot.
        screen.press("a")
        screen.see("type it")
        screen.press("1")
        screen.see("what players read or hear")
        screen.commit("A dog barks outside")
        screen.press("enter")
        screen.read(0.8)
        screen.commit("A dog barks on the pavement and does not stop.")
        screen.press("enter")
        screen.see("A dog barks on the pavement", "press enter again to release")
        # A person reads before pressing again.
        screen.read(HASTY_S)
        screen.press("enter")
        screen.see("A dog barks outside", "= situation · released")
        # Taken back: the room saw it, so a reason is asked for.
        screen.press("u")
        screen.see("The room saw it. Why is it taken back?", "released: A dog barks outside")
        screen.commit("wrong moment")
        screen.press("enter")
        screen.see("Taken back")
        # A half-typed decision, and the power goes.
        screen.press("d")
        screen.see("Decision", "digit who")
        screen.press("8")
        screen.see("Decision · Security department")
        screen.commit("call the police liaison and")
        screen.read(2.5)
        screen.kill()
    before = events(home)
    assert "inject_added" in [row["kind"] for row in before]
    assert "retracted" in [row["kind"] for row in before]

    began = time.monotonic()
    with tabletop("run", "--resume", "latest", home=home, env={"TABLETOP_LANG": "en"}) as screen, Observer(home) as run:
        screen.see("PAUSED", "call the police liaison and")
        assert time.monotonic() - began < 10
        screen.press("enter")
        screen.read(0.5)
        assert events(home)[: len(before)] == before
        recovered = next(row for row in events(home)[len(before) :] if row["kind"] == "clock_recovered")
        last = max(round(1000 * row["exercise_s"]) for row in before)
        assert last <= round(1000 * recovered["exercise_s"]) <= last + 60_000 * 6
        screen.press("space")
        # Skip what comes next, then play to the end.
        release_what_is_due(screen, run, "duress-alarm")
        screen.press("f4")
        screen.see("Skip, move or keep back")
        screen.press("1")
        screen.see("Why is it skipped?")
        screen.commit("out of time")
        screen.press("enter")
        jump(screen, run, 60)
        release_what_is_due(screen, run, "two-tellers")
        screen.press("e", "e")
        screen.see("ENDEX. How did it end?")
        screen.press("1")
        screen.see("WITHOUT A RECORD")
        screen.press("ctrl+q")
        assert screen.exit_code() == 0

    assert {"clock_paused", "pause_explained", "decision_made", "inject_skipped", "clock_recovered", "exercise_ended"} <= set(kinds(home))
    verdict = json.loads(asked(home, "verify", "latest", "--json"))["verify"]
    assert verdict["ok"]
    decisions = asked(home, "log", "latest")
    assert "慢慢来，把钱给他" in decisions
    assert "call the police liaison and" in decisions
    first = asked(home, "debrief", "latest", "--format", "json")
    assert first == asked(home, "debrief", "latest", "--format", "json")

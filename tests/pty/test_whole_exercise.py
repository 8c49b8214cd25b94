"""The shipped exercise played at a real terminal from STARTEX to the score, killed on the way."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import Terminal, tabletop

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


def released(home: Path) -> set[str]:
    """The injects that the log says were released."""
    return {str(row["body"]["inject"]) for row in events(home) if row["kind"] == "inject_released"}


def release_what_is_due(screen: Terminal, home: Path, inject: str, *, wait_s: float) -> None:
    """Press PgDn, which never releases early, until the log has the release of `inject`."""
    end = time.monotonic() + wait_s
    while inject not in released(home):
        assert time.monotonic() < end, f"{inject} was not released:\n{screen.text}"
        if "! DUE" in screen.text:
            screen.press("pagedown")
        screen.read(0.3)


def test_armed_hostage_from_startex_to_the_score(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run = ["run", "armed-hostage", "--pace", "timed", "--speed", "60"]
    with tabletop(*run, home=home, env={"TABLETOP_LANG": "en"}) as screen:
        screen.see("SCENE", "STARTEX")
        screen.see_none_of("knife", "counter 2 a man")
        screen.press("space")
        screen.see("NEXT", "A knife at counter 2")
        release_what_is_due(screen, home, "knife-at-counter-2", wait_s=20)
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
    with tabletop("run", "--resume", "latest", home=home, env={"TABLETOP_LANG": "en"}) as screen:
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
        release_what_is_due(screen, home, "duress-alarm", wait_s=30)
        screen.press("f4")
        screen.see("Skip or move")
        screen.press("1")
        screen.see("Why is it skipped?")
        screen.commit("out of time")
        screen.press("enter")
        release_what_is_due(screen, home, "two-tellers", wait_s=90)
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

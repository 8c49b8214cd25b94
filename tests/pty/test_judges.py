"""An evaluator and a recorder at terminals beside the console: both marks stand, the evaluator's counts, a kill loses nothing."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import Terminal, tabletop

from .test_whole_exercise import asked, events

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows"),
]


def recorded(home: Path, kind: str, count: int = 1) -> list[dict[str, Any]]:
    """The entries of that kind, once there are so many."""
    end = time.monotonic() + 20
    while len(found := [row for row in events(home) if row["kind"] == kind]) < count:
        assert time.monotonic() < end, f"{count} of {kind} were not recorded: {events(home)}"
        time.sleep(0.2)
    return found


def station(home: Path, *arguments: str, language: str = "en", columns: int = 80, lines: int = 24) -> Terminal:
    return tabletop("station", "latest", *arguments, home=home, columns=columns, lines=lines, env={"TABLETOP_LANG": language})


def test_an_evaluators_mark_stands_over_the_consoles_and_both_are_kept(tmp_path: Path) -> None:
    home = tmp_path / "home"
    english = {"TABLETOP_LANG": "en"}
    with tabletop("run", "armed-hostage", "--pace", "timed", home=home, env=english) as console:
        console.see("SCENE", "STARTEX")
        console.press("space")
        console.see("NEXT", "A knife at counter 2")
        console.press("enter")
        recorded(home, "inject_released")
        with station(home, "--lead", "--name", "Ann") as judge:
            judge.see("Ann · lead evaluator", "A knife at counter 2", "Presses the silent alarm")
            console.see("EXPECTED 3", "READ ALOUD")
            keys = re.search(r"x (\d) (\d+) +T2 ", console.text)
            assert keys is not None, console.text
            console.press(keys[1])
            console.see("Teller 2 (counter 3)")
            console.press(*keys[2])
            recorded(home, "action_marked")
            judge.see("console: done")
            judge.press("4")
            judge.see("Teller 2", "your mark")
            judge.press("down", "1")
            recorded(home, "action_marked", 2)
            judge.see("partly", "ENTERED HERE 1")
            console.see("partly")
            # Half a sentence, and the evaluator's machine goes.
            judge.press("3")
            judge.see("Teller 1")
            judge.commit("声音发抖，双手")
            judge.read(2.5)
            judge.kill()
        console.press("u")
        console.see("Take this back?")
        console.press("esc")
        with station(home, "--lead", "--name", "Ann", language="zh-Hans", columns=140, lines=40) as judge:
            judge.see("声音发抖，双手", "评估组长")
            judge.commit("一直可见")
            judge.press("enter")
            (noted,) = recorded(home, "noted")
            assert (noted["actor"], noted["body"]["text"]) == ("lead:Ann", "声音发抖，双手一直可见")
            with station(home, "--recorder", "--name", "Lee") as recorder:
                recorder.see("Lee · recorder")
                recorder.press("1")
                recorder.see("Branch manager")
                recorder.commit("Stall for time")
                recorder.press("enter")
                (decided,) = recorded(home, "decision_made")
                assert (decided["actor"], decided["body"]["role"]) == ("recorder:Lee", "branch-manager")
                console.see("Stall for time")
                recorder.press("space", "n", "v", "t")
                recorder.read(0.5)
                recorder.press("ctrl+q")
                assert recorder.exit_code() == 0
            assert "clock_paused" not in [row["kind"] for row in events(home)]
            console.press("e", "e")
            console.see("How did it end?")
            console.press("1")
            recorded(home, "exercise_ended")
            judge.see("演练结束。按 F4")
            judge.press("f4")
            # Nothing was due yet at ENDEX, so there is nothing to confirm.
            judge.see("▸评分", "行为表现")
            for count in range(1, 7):
                judge.press("4")
                assert len(recorded(home, "rated", count)) == count
            judge.press(*["down"] * 8, "enter")
            judge.see("再按一次")
            judge.press("enter")
            (locked,) = recorded(home, "ratings_locked")
            assert locked["actor"] == "lead:Ann"
            judge.press("ctrl+q")
            assert judge.exit_code() == 0
        console.press("ctrl+q")
        assert console.exit_code() == 0
    marks = [(row["actor"], row["body"]["action"], row["body"]["state"]) for row in events(home) if row["kind"] == "action_marked"]
    assert marks == [("driver", "silent-alarm", "done"), ("lead:Ann", "silent-alarm", "partial")]
    debrief = json.loads(asked(home, "debrief", "latest", "--format", "json"))
    (alarm,) = [action for action in debrief["actions"] if action["id"] == "silent-alarm"]
    assert alarm["state"] == "partial"
    assert {objective["ratings"].get("Ann") for objective in debrief["objectives"]} == {"P"}


def test_an_emergency_from_an_evaluators_terminal_stops_the_console(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with tabletop("run", "atm-impostor", home=home, env={"TABLETOP_LANG": "en"}) as console:
        console.see("SCENE", "STARTEX")
        console.press("space")
        console.see("NEXT")
        with station(home, "--evaluator") as judge:
            judge.see("Who evaluates?")
            judge.commit("Bo")
            judge.press("enter")
            judge.see("Bo · evaluator")
            judge.press("f12", "f12")
            judge.see("REAL EMERGENCY", "Only the console counts and stands down")
            judge.see_none_of("EXERCISE")
            console.see("REAL EMERGENCY", "Evaluator Bo")
            judge.press("ctrl+q")
            assert judge.exit_code() == 0
        assert [row["actor"] for row in events(home) if row["kind"] == "emergency_confirmed"] == ["evaluator:Bo"]

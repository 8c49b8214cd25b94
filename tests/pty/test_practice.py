"""A practice run at a real terminal: somebody speaks, is noted by two digits, the run is left, resumed and ended."""

from __future__ import annotations

import json
import os
import re
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

SPEED = "8"
"""Exercise seconds for each real second."""


def printed(home: Path, *arguments: str) -> str:
    """What a command prints."""
    environment = {**os.environ, "TABLETOP_HOME": str(home), "TABLETOP_LANG": "zh-Hans"}
    done = subprocess.run(
        [sys.executable, "-m", "tabletop", *arguments], capture_output=True, text=True, encoding="utf-8", env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def log(home: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(printed(home, "log", "latest", "--events", "--json"))["events"]
    return rows


def voices(home: Path) -> list[dict[str, Any]]:
    """What the simulated people said."""
    return [row for row in log(home) if row["kind"] == "noted" and row["actor"].startswith("practice:")]


def wait_for_voices(screen: Terminal, home: Path, more_than: int, *, wait_s: float = 40) -> list[dict[str, Any]]:
    end = time.monotonic() + wait_s
    while len(heard := voices(home)) <= more_than:
        assert time.monotonic() < end, f"nobody spoke:\n{screen.text}"
        screen.read(0.5)
    return heard


def steady_number(screen: Terminal, row: str) -> str:
    """The number of a row in a list that may still be on its way to the terminal, or change as people talk."""
    end, before = time.monotonic() + 10, ""
    while True:
        found = re.search(row, screen.text)
        if found and found[1] == before:
            return before
        assert time.monotonic() < end, screen.text
        before = found[1] if found else ""
        screen.read(0.3)


def test_a_practice_run_from_startex_to_the_confirm_list(tmp_path: Path) -> None:
    home = tmp_path / "home"
    run = ["run", "armed-hostage", "--practice", "--speed", SPEED]
    with tabletop(*run, home=home, columns=100, lines=32, env={"TABLETOP_LANG": "zh-Hans"}) as screen:
        screen.see("练习", "角色", "演练开始")
        screen.press("space")
        screen.see("提示：按回车下达第一条情景信息")
        screen.press("enter")
        screen.see("提示：请朗读方框里的文字")
        heard = wait_for_voices(screen, home, 0)
        screen.see("：“")
        # The first to speak is teller 1, number 3: her digit, then the number of what she did.
        assert heard[0]["body"]["role"] == "teller-1"
        screen.press("3")
        screen.see("柜员1", "直接打字记下原话")
        # Until she has answered it, the options of what she is asked stand before it.
        number = steady_number(screen, r"(\d) +语气平稳")
        screen.press(number)
        end = time.monotonic() + 60
        while not any(row["kind"] == "action_marked" for row in log(home)):
            assert time.monotonic() < end, screen.text
            screen.read(0.3)
        screen.press("ctrl+q")
        assert screen.exit_code() == 0
    marks = [row for row in log(home) if row["kind"] == "action_marked"]
    assert [(row["actor"], row["body"]["action"], row["body"]["state"]) for row in marks] == [("driver", "stay-calm", "done")]
    before = len(voices(home))
    assert "练习" in printed(home, "runs")
    assert [row["kind"] for row in json.loads(printed(home, "runs", "--json"))["runs"]] == ["practice"]
    with tabletop("run", "--resume", "latest", home=home, columns=80, lines=24, env={"TABLETOP_LANG": "zh-Hans"}) as screen:
        screen.see("练习", "提示：时钟停了，大家也停下了")
        assert len(voices(home)) == before
        screen.press("space")
        screen.press("pagedown")
        wait_for_voices(screen, home, before)
        screen.press("e", "e")
        screen.see("演练", "结束")
        screen.press("enter")
        screen.see("练习，不评价任何人")
        screen.press("ctrl+q")
        assert screen.exit_code() == 0
    told = printed(home, "debrief", "latest", "--format", "md")
    assert "练习（人员由程序模拟）：不评价任何人，不计入统计" in told
    assert printed(home, "verify", "latest")

"""The console in a real terminal: signals, kills, pinyin bytes, a suspended computer, two of them at once."""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from pathlib import Path

import pytest

from tests.pty.test_two_consoles import draft_kept, found_take_over
from tests.terminal import Terminal, tabletop

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals and these signals exist on POSIX systems only"),
]

EXERCISE = Path(__file__).parents[2] / "exercises" / "armed-hostage.yaml"

FAR = 40.0
"""Seconds that something may take on a busy machine."""


def begun(home: Path, *more: str, columns: int = 140, lines: int = 40, language: str = "en") -> Terminal:
    """A new run on the console, its clock running."""
    terminal = tabletop("--lang", language, "run", str(EXERCISE), "--pace", "timed", *more, home=home, columns=columns, lines=lines)
    terminal.see("STARTEX" if language == "en" else "演练开始", wait_s=FAR)
    terminal.press("space")
    terminal.see("recorded ✓ 2" if language == "en" else "已记录 ✓ 2", wait_s=FAR)
    return terminal


def log_of(home: Path) -> list[tuple[int, str]]:
    """Sequence numbers and kinds of the newest run."""
    with sqlite3.connect(home / "data" / "tabletop.db") as store:
        return store.execute("SELECT seq, kind FROM event ORDER BY seq").fetchall()


def test_a_run_is_played_and_ended_with_keys_alone(tmp_path: Path) -> None:
    with begun(tmp_path) as on:
        on.press("enter")
        on.see("READ ALOUD", "recorded ✓ 3", wait_s=FAR)
        on.press("3")
        on.see("type what was said", wait_s=FAR)
        on.press("1")
        on.see("recorded ✓ 4", wait_s=FAR)
        on.press("e", "e")
        on.see("How did it end?", wait_s=FAR)
        on.press("1")
        on.see("ENDEX at", wait_s=FAR)
        on.press("ctrl+q")
        assert on.exit_code() == 0
    assert [kind for _, kind in log_of(tmp_path)][-1] == "exercise_ended"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_leaves_the_terminal_clean_and_the_run_paused(tmp_path: Path, number: signal.Signals, code: int) -> None:
    with begun(tmp_path) as on:
        os.kill(on.pid, number)
        assert on.exit_code() == code
        assert on.seen.rstrip().endswith(b"\x1b[?1049l") or b"\x1b[?1049l" in on.seen[-400:]
        assert b"\x1b[?25h" in on.seen[-400:]
        assert b"\x1b[?1000l" in on.seen[-600:]
    assert log_of(tmp_path)[-1][1] == "clock_paused"
    with tabletop("run", "--resume", "latest", home=tmp_path) as again:
        again.see("PAUSED", "console was left", wait_s=FAR)


def test_kill_nine_loses_nothing_recorded_and_gives_the_draft_back(tmp_path: Path) -> None:
    with begun(tmp_path, language="zh-Hans") as on:
        on.press("enter", "f2", "1")
        on.commit("先稳住他，等警方到场")
        on.see("先稳住他", wait_s=FAR)
        draft_kept(tmp_path, "先稳住他，等警方到场", on)
        before = log_of(tmp_path)
        on.kill()
    assert log_of(tmp_path) == before
    with tabletop("--lang", "zh-Hans", "run", "--resume", "latest", home=tmp_path) as again:
        again.see("先稳住他，等警方到场", "暂停", wait_s=FAR)
        again.press("enter")
        again.see(f"已记录 ✓ {before[-1][0] + 2}", wait_s=FAR)
    kinds = [kind for _, kind in log_of(tmp_path)]
    assert kinds[len(before) :] == ["clock_recovered", "decision_made"]


def test_pinyin_bytes_never_kill_a_command(tmp_path: Path) -> None:
    with begun(tmp_path, columns=80, lines=24, language="zh-Hans") as on:
        on.commit("下达按暂停决定")
        on.see("输入法已打开", wait_s=FAR)
        assert len(log_of(tmp_path)) == 2
        on.commit("ｎ")
        on.see("已记录 ✓ 3", wait_s=FAR)


def test_the_terminal_is_asked_for_no_extended_keyboard_protocol(tmp_path: Path) -> None:
    with begun(tmp_path) as on:
        on.press("ctrl+q")
        on.exit_code()
        assert b"\x1b[>1u" not in on.seen
        assert b"\x1b[=" not in on.seen
        assert not any(b"\x1b[>%du" % flags in on.seen for flags in range(32))


def test_a_computer_that_slept_pauses_and_asks(tmp_path: Path) -> None:
    with begun(tmp_path) as on:
        os.kill(on.pid, signal.SIGSTOP)
        time.sleep(7)
        os.kill(on.pid, signal.SIGCONT)
        on.see("passed that nobody saw", "PAUSED", wait_s=FAR)
        on.rest()
        on.press("2")
        on.see("gap in time", wait_s=FAR)
    assert [kind for _, kind in log_of(tmp_path)][-2:] == ["clock_paused", "clock_gap"]


def test_a_second_console_watches_and_takes_over(tmp_path: Path) -> None:
    with begun(tmp_path) as first, tabletop("run", "--resume", "latest", home=tmp_path) as second:
        second.see("drives this run", wait_s=FAR)
        second.rest()
        second.press("1")
        second.see("READ-ONLY", wait_s=FAR)
        first.press("enter")
        second.see("A knife at counter 2", "released 0:0", wait_s=FAR)
        second.press("ctrl+p")
        second.see("Search for an action", wait_s=FAR)
        second.press(*"take over")
        found_take_over(second)
        second.press("enter")
        second.see("2 take over", wait_s=FAR)
        second.press("2")
        second.see("This console drives now", wait_s=FAR)
        first.see("READ-ONLY", wait_s=FAR)


def test_a_run_that_cannot_be_opened_is_told_in_words_after_the_screen(tmp_path: Path) -> None:
    with tabletop("run", "--resume", "no-such-run", home=tmp_path) as on:
        assert on.exit_code() == 3


def test_a_crash_shows_no_local_variables(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "if os.environ.get('CRASH_HERE'):\n"
        "    import tabletop.tui\n"
        "    import tabletop.tui.screens.console_keys as keys\n"
        "    def skip(console):\n"
        "        secret = 'CANARY-' + 'of-a-future-inject'\n"
        "        raise ValueError('broken')\n"
        "    keys.skip = skip\n",
        encoding="utf-8",
    )
    env = {"CRASH_HERE": "1", "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "tabletop", "run", str(EXERCISE), "--pace", "timed"]
    with Terminal(command, env={"TABLETOP_HOME": str(tmp_path), **env}) as on:
        on.see("STARTEX", wait_s=FAR)
        on.press("space")
        on.see("recorded ✓ 2", wait_s=FAR)
        on.press("s")
        assert on.exit_code() == 1
        assert b"CANARY-of-a-future-inject" not in on.seen
        assert b"A fault of ours" in on.seen
    kept = list((tmp_path / "state" / "crashes").iterdir())
    assert kept
    assert "CANARY-of" not in kept[0].read_text(encoding="utf-8")
    assert "ValueError" in kept[0].read_text(encoding="utf-8")

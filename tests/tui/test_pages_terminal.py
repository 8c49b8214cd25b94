"""A whole evening in a real terminal: chosen, named, killed, gone on with, started, ended, confirmed, rated, locked, read, written."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.terminal import tabletop

from .test_start import ATM

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")


@pytest.mark.slow
def test_from_the_start_screen_to_the_written_debrief(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = tmp_path / "work" / "exercises"
    shelf.mkdir(parents=True)
    (shelf / "atm.yaml").write_text(ATM, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "work")
    home = tmp_path / "home"
    with tabletop(home=home, columns=80, lines=24) as on:
        on.see("No run is waiting", "LIBRARY")
        on.commit("自助机旁")
        on.see("Impostor at the machine")
        on.press("enter", "enter")
        on.see("At which pace?")
        on.press("2")
        on.see("ROLES", "Guard")
        on.commit("李 Wei")
        on.see("Guard · name  李 Wei")
        on.press("enter")
        on.see("people         李 Wei")
        on.kill()
    with tabletop(home=home, columns=80, lines=24) as on:
        on.see("in the briefing · today")
        on.press("1")
        on.see("李 Wei", "5 not ticked")
        on.press("space")
        on.see("Who spoke")
        on.press("enter")
        on.see("Offer")
        on.press("e", "e")
        on.see("How did it end?")
        on.press("1")
        on.see("nobody has said yet who evaluates")
        on.press("enter")
        on.see("Who evaluates?")
        on.commit("吴敏")
        on.press("enter")
        on.see("Did 吴敏 also facilitate?")
        on.press("1")
        on.see("evaluator: 吴敏 (also facilitated)")
        on.press("tab", "3")
        on.see("S · why")
        on.commit("too quiet")
        on.press("enter")
        on.see("1 of 1 rated", "too quiet")
        on.press("\x1b[F", "enter")
        on.see("Press enter once more to lock all the same.")
        on.press("enter")
        on.see("Show score and debrief")
        on.press("enter")
        on.see("What happened", "Conditions")
        on.press("\x13")
        on.see("Write to")
        on.press("enter")
        on.see("Written:")
        on.press("ctrl+q")
        assert on.exit_code() == 0
    written = next((tmp_path / "work").glob("atm-*.md")).read_text(encoding="utf-8")
    assert "EXERCISE EXERCISE EXERCISE · INTERNAL" in written
    with sqlite3.connect(next(home.rglob("*.db"))) as store:
        kinds = [row[0] for row in store.execute("SELECT kind FROM event ORDER BY seq")]
    assert kinds[:2] == ["run_created", "person_seated"]
    assert kinds[2:] == ["exercise_started", "inject_released", "exercise_ended", "rated", "ratings_locked"]

"""Forty seats at one server, each answering every two seconds: no answer is lost or doubled, and the server stays small."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.load import play

MOST_MIB = 150


@pytest.mark.slow
def test_no_answer_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    load = play(folder, seats=40, seconds=10, every_s=2)
    assert load.refused == []
    assert len(load.sent) >= 160
    assert load.recorded == load.sent
    assert load.doubled == 0
    assert load.memory_mib < MOST_MIB

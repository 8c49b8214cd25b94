"""`latest` where every run has ended: what follows a run says which one ended last, and takes it by its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tabletop.conductor import Opened, RunOptions, begin, open_store
from tabletop.engine import commands as c
from tabletop.errors import Exit
from tabletop.exercise.loading import bind
from tabletop.scoring.projection import rows
from tests.builders import ExerciseDraft

from .conftest import Cli


def exercise() -> str:
    import json

    draft = ExerciseDraft("room").role("teller").objective("calm")
    draft.inject("knife", title="Knife", text="A man with a knife.")
    return json.dumps(draft.data, sort_keys=True)


@pytest.fixture
def ended(tmp_path: Path) -> Iterator[Opened]:
    """A run that has ended and whose console is still open."""
    text = exercise()
    store = open_store(tmp_path / "runs.db")
    opened = begin(store, bind(text, {}), text, RunOptions(pace="timed"), rows=rows)
    for command in (c.Start(), c.ReleaseInject("knife"), c.End()):
        opened.conductor.dispatch(command)
    yield opened
    opened.close()
    store.close()


@pytest.mark.parametrize("command", ["room", "station", "serve", "follow"])
@pytest.mark.parametrize(("language", "word"), [("en", "has ended"), ("zh-Hans", "都已结束")])
def test_latest_says_which_run_ended_last_and_how_to_name_it(cli: Cli, ended: Opened, command: str, language: str, word: str) -> None:
    ran = cli("--lang", language, command, "latest", "--db", str(ended.store.path))
    assert (ran.code, ran.out) == (Exit.NOT_FOUND, "")
    assert word in ran.err
    said = " ".join(ran.err.split())
    assert f"tabletop room {ended.conductor.run}" in said


def test_a_run_that_ended_and_was_left_is_printed_whole(cli: Cli, ended: Opened) -> None:
    ended.close()
    ran = cli("follow", ended.conductor.run, "--db", str(ended.store.path))
    assert ran.code == 0
    assert "A man with a knife." in ran.out
    assert "ENDEX" in ran.out.splitlines()[-1]
    seat = cli("follow", ended.conductor.run, "--role", "teller", "--db", str(ended.store.path))
    assert (seat.code, "A man with a knife." in seat.out) == (0, True)

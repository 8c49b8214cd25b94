"""A store of its own for each test, and a run in it that somebody drives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tabletop.conductor import Opened, begin
from tabletop.engine import commands as c
from tabletop.exercise.loading import bind
from tabletop.store import Store
from tests.engine.rooms import TEXT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the store lies, in a folder nobody else reads."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    return folder / "store.db"


@pytest.fixture
def driven(path: Path) -> Iterator[Opened]:
    """A run that has begun and is driven."""
    with Store.open(path) as store:
        opened = begin(store, bind(TEXT), TEXT)
        opened.conductor.dispatch(c.Start())
        yield opened
        opened.close()


@pytest.fixture
def playing(driven: Opened) -> Opened:
    """The same with its first inject released, which asks the head and the clerk."""
    driven.conductor.dispatch(c.ReleaseInject("smoke"))
    return driven

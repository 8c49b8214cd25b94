"""A room that is served, for the tests of browser seats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tabletop.web.server import Server

from .served import Browser, Driver, serving


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[Driver]:
    """The console of a run that has not begun."""
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    made = Driver(folder / "store.db")
    yield made
    made.close()


@pytest.fixture
def server(driver: Driver) -> Iterator[Server]:
    with serving(driver) as running:
        yield running


@pytest.fixture
def browser(server: Server) -> Iterator[Callable[[], Browser]]:
    """Makes browsers."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Browser(server.addresses[0]))


@pytest.fixture
def joined(driver: Driver, browser: Callable[[], Browser]) -> Callable[..., Browser]:
    """A browser that has joined with a code for that seat."""

    def join(seat: str, name: str = "") -> Browser:
        made = browser()
        assert made.join_with(driver.code(seat), name).status_code == 200
        return made

    return join

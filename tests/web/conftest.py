"""A room that is served, for the tests of browser seats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, sync_playwright

from tabletop.web.server import Server

from .chromiums import Chromiums, closing_in_time
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


@pytest.fixture(scope="module")
def chromiums() -> Iterator[Chromiums]:
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patched:
        patched.setattr(BrowserContext, "close", closing_in_time(BrowserContext.close))
        made = Chromiums(playwright)
        yield made
        made.close()


@pytest.fixture
def chromium(chromiums: Chromiums) -> Chromium:
    """A real browser; in a context of its own everybody is somebody else."""
    return chromiums.running()

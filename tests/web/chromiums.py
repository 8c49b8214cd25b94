"""The Chromium that the tests of a module share. One that does not end what it is told to is ended, and another one is started."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Playwright
from playwright.sync_api import Error as PlaywrightError

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""

NO_GPU = ("--disable-gpu", "--disable-gpu-rasterization")
"""How a browser is started whose screen nobody looks at: drawing would take a fifth of its time."""

PATIENCE_S = 60.0
"""Seconds that a browser has to close what it is told to close. One that hangs would keep every test after it waiting for ever."""


class Chromiums:
    """One browser at a time, and the next one where that was ended."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._browser: Browser | None = None

    def running(self) -> Browser:
        """The browser; another one, if it has ended."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = self._playwright.chromium.launch(executable_path=CHROMIUM, args=list(NO_GPU))
        return self._browser

    def close(self) -> None:
        if self._browser is not None:
            with in_time(self._browser):
                self._browser.close()


@contextmanager
def in_time(browser: Browser | None, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Something that a browser has to have done by then, or it is ended, and nothing is raised."""
    timer = threading.Timer(patience_s, end_browsers)
    timer.daemon = True
    timer.start()
    try:
        yield
    except PlaywrightError:
        if browser is None or browser.is_connected():
            raise
    finally:
        timer.cancel()


def closing_in_time(close: Callable[..., None]) -> Callable[..., None]:
    """`BrowserContext.close`, with a limit."""

    def limited(context: BrowserContext, **options: object) -> None:
        with in_time(context.browser):
            close(context, **options)

    return limited


def end_browsers() -> None:
    """Ends the browsers that this process started, where the system says which they are."""
    if sys.platform != "linux":
        return
    parents = {int(folder.name): parent for folder in Path("/proc").iterdir() if folder.name.isdigit() and (parent := _parent(folder))}
    mine = {os.getpid()}
    while found := {pid for pid, parent in parents.items() if parent in mine} - mine:
        mine |= found
    for pid in mine:
        with suppress(OSError):
            if "chrom" in Path(f"/proc/{pid}/comm").read_text("utf-8"):
                os.kill(pid, signal.SIGKILL)


def _parent(folder: Path) -> int:
    """The parent of a process; 0: it has ended."""
    try:
        return int((folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0

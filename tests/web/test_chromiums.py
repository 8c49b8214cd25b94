"""A browser that hangs does not keep the tests waiting: what it has to close is closed, or it is ended and there is another one."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from .chromiums import CHROMIUM, Chromiums, in_time

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium here"),
    pytest.mark.skipif(sys.platform != "linux", reason="nothing here says which processes a browser is"),
]


def test_a_browser_that_hangs_is_ended_and_the_next_test_has_another(chromiums: Chromiums) -> None:
    browser = chromiums.running()
    context = browser.new_context()
    context.new_page()
    [main] = [
        process["id"]
        for process in browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        if process["type"] == "browser"
    ]
    os.kill(main, signal.SIGSTOP)
    with in_time(browser, patience_s=1):
        context.close()
    assert not browser.is_connected()
    page = chromiums.running().new_page()
    assert page.evaluate("1 + 1") == 2
    page.close()

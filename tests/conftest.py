"""What holds for every test: a home of its own, one language, one time zone, and no silent skips where it counts."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Generator

import pytest
from hypothesis import settings

ON_CI = os.environ.get("CI", "").lower() == "true"

FIXED = {"TABLETOP_LANG": "en", "LANG": "C.UTF-8", "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
"""The environment every test sees, whatever the developer's is."""

UNSET = (
    "TABLETOP_DB",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR_FORCE",
    "LC_ALL",
    "LC_MESSAGES",
    "LANGUAGE",
    "TEXTUAL",
    "COLORTERM",
    "PYTHONIOENCODING",
)

settings.register_profile("tabletop", deadline=None, print_blob=True, derandomize=ON_CI)
settings.load_profile("tabletop")


COLLECTED_AFTER = (50_000, 50, 50)
"""Objects made, and younger collections, before the collector looks: what a session keeps would else be looked through all the time."""


def pytest_configure() -> None:
    """Wall times are shown in local time: every machine is in one zone."""
    gc.set_threshold(*COLLECTED_AFTER)
    os.environ["TZ"] = "UTC"
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> str:
    """No test reads or writes the developer's own folders."""
    folder = str(tmp_path_factory.mktemp("home"))
    monkeypatch.setenv("TABLETOP_HOME", folder)
    for name, value in FIXED.items():
        monkeypatch.setenv(name, value)
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where CI=true a test that was skipped has not been run, and that is a failure."""
    report = yield
    if ON_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and CI=true allows none: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole module that skips itself while it is collected."""
    report = yield
    if ON_CI and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and CI=true allows none: {report.longrepr}"
    return report


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` keeps what help pages say now as what they should say."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the kept help pages")

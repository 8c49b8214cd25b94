"""Where help goes: the page of a real emergency names the place of the first press, as every other screen does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

import pytest

from tabletop.engine import commands as c
from tabletop.web.server import Server

from .served import Browser, Driver, visible
from .test_faults import fails, follows
from .test_seat import wait_for

Joined = Callable[..., Browser]


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[Driver]:
    """The console of a run that plays at the head office."""
    made = Driver(tmp_path / "place.db", site="Head office")
    yield made
    made.close()


def sites(page: str) -> list[str]:
    return re.findall('<p class="site">(.*?)</p>', page)


@pytest.mark.parametrize(
    ("presses", "site", "seat"),
    [
        (("seat:guard", "console"), "Vault", "Vault · Guard"),
        (("seat:guard", "wall"), "Vault", "Vault · Guard"),
        (("console", "seat:guard"), "Head office / Vault", "Head office / Vault · the facilitator's console, Guard"),
        (("site:vault", "site:vault"), "Vault", "Vault · the site controller"),
        (("wall:outlet", "seat:teller"), "Outlet", "Outlet · the wall"),
        (("seat:guard", "seat:teller"), "Vault / Outlet", "Vault / Outlet · Guard, Teller"),
        (("console", "console"), "Head office", "Head office · the facilitator"),
    ],
)
def test_the_page_names_the_place_of_the_first_press_or_the_runs_own(
    driver: Driver, joined: Joined, presses: tuple[str, str], site: str, seat: str
) -> None:
    driver.start("knife")
    phone = joined("seat:teller")
    driver.do(*(c.PressEmergency(press, press.partition(":")[2] if press.startswith("wall:") else "") for press in presses))
    wait_for(lambda: sites(phone.get("/seat").text) == [site])
    assert seat in unescape(visible(phone.get("/seat").text))


def test_a_second_press_that_cannot_be_recorded_leaves_the_place_of_the_first(
    driver: Driver, joined: Joined, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.start("knife")
    phone = joined("seat:teller")
    driver.do(c.PressEmergency("seat:guard"))
    follows(driver, server)
    monkeypatch.setattr(server.app.state.site.hub, "do", fails)
    assert sites(phone.send_form("/emergency", {"again": "1"}).text) == ["Vault / Outlet"]

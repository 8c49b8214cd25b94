"""A wall in a browser hangs at a site: a cut link is the server's word, whatever the page asks for (exercise-format: `cut`)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tabletop.cli.entry import run as tabletop
from tabletop.engine import commands as c
from tabletop.web.guard import Settings
from tabletop.web.passes import actor_of
from tabletop.web.server import Server, Where

from .served import Browser, Driver, serving, visible
from .test_faults import follows
from .test_seat import wait_for

Joined = Callable[..., Browser]


def hang(screen: Browser, site: str) -> str:
    return screen.send_form("/wall/site", {"site": site}).text


def test_a_screen_says_where_it_hangs_when_it_joins_and_may_be_moved(driver: Driver, browser: Callable[[], Browser]) -> None:
    screen = browser()
    asked = screen.join_with(driver.code("viewer"))
    assert asked.url.path == "/wall/site"
    for text in ("Where does this screen hang?", "Outlet", "Vault", "at no site"):
        assert text in visible(asked.text)
    assert "The wall · Outlet" in visible(hang(screen, "outlet"))
    [held] = driver.store.seats.passes(driver.run)
    assert held.seat == "viewer:outlet"
    assert "The wall · Vault" in visible(hang(screen, "vault"))
    assert "The wall · " not in visible(hang(screen, ""))
    assert [one.seat for one in driver.store.seats.passes(driver.run)] == ["viewer"]


def test_the_cut_link_of_a_site_shows_on_its_walls_and_on_no_other(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    here, there, nowhere = (joined("viewer") for _ in range(3))
    hang(here, "outlet"), hang(there, "vault")
    driver.do(c.ReleaseInject("dark", "test"), c.AddNote("ruling", "The gate is shut"))
    follows(driver, server)
    cut = here.get("/wall").text
    assert "NO LINK · EXERCISE" in cut
    assert "nothing newer reaches this screen" in cut
    assert "The gate is shut" not in cut
    for path in ("/wall?site=vault", "/wall?site="):
        assert "NO LINK" in here.get(path).text
    for other in (there, nowhere):
        assert "NO LINK" not in other.get("/wall").text
        assert "The gate is shut" in other.get("/wall").text


def test_a_screen_ticks_for_what_its_own_site_is_shown(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    here, there = joined("viewer"), joined("viewer")
    hang(here, "outlet"), hang(there, "vault")
    streams = server.app.state.site.streams
    open_at = {held.seat: streams.open("", held) for held in server.hub.passes.values()}
    driver.do(c.ReleaseInject("dark", "test"))
    wait_for(lambda: bool(open_at["viewer:outlet"].signals))
    for stream in open_at.values():
        stream.signals.clear()
    driver.do(c.AddNote("ruling", "The gate is shut"))
    wait_for(lambda: bool(open_at["viewer:vault"].signals))
    assert {seat: set(stream.signals) for seat, stream in open_at.items()} == {"viewer:outlet": set(), "viewer:vault": {"tick"}}


def test_a_server_for_one_site_asks_nobody_and_lets_nobody_move(driver: Driver) -> None:
    driver.start("knife")
    with serving(driver, Where(), site="outlet") as server, Browser(server.addresses[0]) as screen:
        assert screen.join_with(driver.code("viewer")).url.path == "/wall"
        assert screen.get("/wall/site").url.path == "/wall"
        assert screen.send_form("/wall/site", {"site": "vault"}).status_code == 409
        driver.do(c.ReleaseInject("dark", "test"))
        follows(driver, server)
        page = screen.get("/wall").text
        assert "The wall · Outlet" in visible(page)
        assert "NO LINK" in page
        assert 'action="/wall/site"' not in page
        screen.send_form("/emergency", {})
        assert driver.events("emergency_raised")[0][1].site == "outlet"  # type: ignore[attr-defined]


@pytest.mark.parametrize("site", ["moon", "outlet; DROP", "viewer"])
def test_a_site_that_is_none_is_refused(driver: Driver, joined: Joined, site: str) -> None:
    screen = joined("viewer")
    assert screen.send_form("/wall/site", {"site": site}).status_code == 409
    assert [one.seat for one in driver.store.seats.passes(driver.run)] == ["viewer"]


@pytest.mark.parametrize("seat", ["seat:teller", "evaluator:E1", "site:outlet"])
def test_nobody_but_a_screen_hangs_anywhere(driver: Driver, joined: Joined, seat: str) -> None:
    other = joined(seat)
    assert other.send_form("/wall/site", {"site": "vault"}).status_code == 403
    [held] = driver.store.seats.passes(driver.run)
    assert held.seat == seat
    assert str(actor_of(held, Settings(frozenset(), site="vault"))) == seat


def test_the_command_takes_a_site_of_the_exercise(driver: Driver, capsys: pytest.CaptureFixture[str]) -> None:
    assert tabletop(["serve", driver.run, "--db", str(driver.path), "--port", "0", "--site", "moon"]) == 3
    assert "outlet, vault" in capsys.readouterr().err

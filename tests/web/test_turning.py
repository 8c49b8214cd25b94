"""Every page turns for a real emergency and turns back: the door and the screen that is asked where it hangs, with a script and without."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, expect

from tabletop.engine import commands as c
from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.web.pages.emergency import BOUNCE_S
from tabletop.web.server import Server

from .chromiums import CHROMIUM
from .served import Browser, Driver, visible
from .test_chromium import PHONE, join  # a fixture
from .test_faults import follows
from .test_seat import wait_for

Joined = Callable[..., Browser]

REFRESH = '<noscript><meta http-equiv="refresh" content="5"></noscript>'


def emergency(driver: Driver, server: Server) -> None:
    driver.do(c.PressEmergency("seat:teller"), c.PressEmergency("seat:teller"))
    follows(driver, server)


def stand_down(driver: Driver, server: Server) -> None:
    driver.opened.conductor.catch_up()
    driver.do(c.StandDown("a cable smoked"))
    follows(driver, server)


def alarm(page: str) -> str:
    return visible(re.findall(r'<form id="alarm".*?</form>', page, re.DOTALL)[0])


@pytest.mark.parametrize("seat", ["seat:teller", "evaluator:E1", "site:outlet", "viewer"])
def test_a_first_press_stands_for_its_window_and_no_longer(
    driver: Driver, joined: Joined, seat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.start("knife")
    browser = joined(seat)
    page = browser.send_form("/emergency", {}).text
    [left_ms] = re.findall(r'data-again="(\d+)"', page)
    assert SECOND_PRESS_MS - 2000 < int(left_ms) <= SECOND_PRESS_MS
    assert "PRESS AGAIN: REAL" in alarm(page)
    assert "A second press within 5 seconds" in visible(page)
    monkeypatch.setattr("tabletop.web.phrases.SECOND_PRESS_MS", 1)
    page = browser.get("/").text
    assert alarm(page).endswith("REAL EMERGENCY")
    assert "PRESS AGAIN" not in visible(page)
    assert "data-again" not in page
    banner = html.unescape(visible(page))
    assert "EMERGENCY PRESSED AT" in banner
    assert "Not confirmed. Everything stays paused. Is it real? Press twice." in banner
    assert "within 5 seconds" not in banner


def test_a_screen_that_is_asked_where_it_hangs_has_the_button_and_turns(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    screen = joined("viewer")
    page = screen.get("/wall/site").text
    assert ('data-live="seat"' in page, 'data-home="/wall/site"' in page) == (True, True)
    pressed = screen.send_form("/emergency", {"here": "/wall/site"})
    assert pressed.url.path == "/wall/site", "it is still asked"
    assert "PRESS AGAIN" in alarm(pressed.text)
    time.sleep(BOUNCE_S)
    page = screen.send_form("/emergency", {"here": "/wall/site"}).text
    assert ("zebra-number 110" in page, "EXERCISE" in page) == (True, False)
    page = screen.get("/wall/site").text
    assert ("zebra-number 110" in page, 'data-home="/wall/site"' in page) == (True, True)
    stand_down(driver, server)
    assert "Where does this screen hang?" in screen.get("/wall/site").text
    assert screen.send_form("/wall/site", {"site": "vault"}).url.path == "/wall"


@pytest.mark.parametrize("here", ["/seat", "//evil.example", "https://evil.example"])
def test_a_press_leads_nowhere_else(driver: Driver, joined: Joined, here: str) -> None:
    driver.start("knife")
    assert joined("viewer").send_form("/emergency", {"here": here}).url.path == "/wall"
    assert joined("seat:teller").send_form("/emergency", {"here": "/wall/site"}).url.path == "/seat"


def test_the_door_turns_and_names_nobody(driver: Driver, joined: Joined, browser: Callable[[], Browser], server: Server) -> None:
    driver.start("knife")
    joined("seat:teller", "Wu Min")
    stranger, stale = browser(), joined("seat:clerk", "Lin")
    [pass_id] = [held.id for held in driver.store.seats.passes(driver.run) if held.seat == "seat:clerk"]
    driver.store.seats.kick(driver.run, pass_id)
    wait_for(lambda: stale.get("/seat").status_code == 403)
    emergency(driver, server)
    assert stale.get("/seat").url.path == "/join", "also who was sent out"
    for path in ("/join", "/", "/j/ABCD2345", "/wall"):
        page = stranger.get(path).text
        assert ("zebra-number 110" in page, "the gate" in page, 'data-live="door"' in page, REFRESH in page) == (True,) * 4, path
        said = visible(page)
        assert [word for word in ("EXERCISE", "Wu Min", "Lin", "Teller", "teller") if word in said] == [], path
    assert "zebra-number 110" in stranger.send_form("/join", {"code": "0000-0000"}).text
    stand_down(driver, server)
    page = stranger.get("/join").text
    assert ("zebra-number" in page, 'id="code"' in page) == (False, True)


def test_who_was_sent_out_follows_the_door_and_both_say_that_it_is_over(
    driver: Driver, joined: Joined, browser: Callable[[], Browser], server: Server
) -> None:
    driver.start("knife")
    stranger, stale = browser(), joined("seat:clerk", "Lin")
    [held] = driver.store.seats.passes(driver.run)
    driver.store.seats.kick(driver.run, held.id)
    wait_for(lambda: stale.get("/seat").status_code == 403)
    for path in ("/seat", "/judge", "/site", "/wall"):
        page = stale.get(path).text
        again = '<noscript><meta http-equiv="refresh" content="5;url=/seat"></noscript>'
        assert ('id="gone"' in page, 'data-live="door"' in page, 'data-home="/seat"' in page, again in page) == (True,) * 4, path
    over = "The real emergency is over."
    assert (over in stranger.get("/join").text, over in stale.get("/seat").text) == (False, False)
    emergency(driver, server)
    assert "zebra-number 110" in stale.get("/seat").text
    stand_down(driver, server)
    for page in (stranger.get("/join").text, stale.get("/seat").text):
        assert f"✓ {over}</p>" in page
        assert f'data-news-text="{over}"' in page
        said = visible(page)
        assert [word for word in ("paused", "PAUSED", "Knife", "Lin") if word in said] == [], "nothing of the run"
    assert "真实警情已解除。" in stranger.get("/join?lang=zh-Hans").text


def test_without_a_script_every_page_comes_back(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    wall, others = joined("viewer"), {home: joined(seat) for seat, home in (("seat:teller", "/seat"), ("evaluator:E1", "/judge"))}
    emergency(driver, server)
    assert REFRESH in wall.get("/wall").text
    for home, other in others.items():
        page = other.get(home).text
        assert "http-equiv" not in page
        assert f'<noscript><p><a class="reload" href="{home}">Look for news</a></p></noscript>' in page
        assert ("/static/judge.js" in page) == (home == "/judge"), "what is put in after it needs its script"


@pytest.fixture
def phone(chromium: Chromium, server: Server) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, base_url=server.addresses[0])  # type: ignore[arg-type]
    yield context
    context.close()


in_a_browser = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")


@pytest.mark.slow
@in_a_browser
def test_in_a_browser_the_first_press_ends_by_itself(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller", "Wu Min")
    page.get_by_role("button", name="REAL EMERGENCY").click()
    expect(page.locator("#alarm button")).to_have_text("PRESS AGAIN: REAL")
    expect(page.locator("#alarm button")).to_have_text("REAL EMERGENCY", timeout=SECOND_PRESS_MS + 3000)
    expect(page.locator(".banner.bad")).to_contain_text("Press twice.")


@pytest.mark.slow
@in_a_browser
def test_in_a_browser_the_door_turns_and_turns_back(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = phone.new_page()
    page.goto("/join")
    expect(page.locator("#code")).to_be_visible()
    page.wait_for_timeout(500)
    driver.do(c.PressEmergency("console"), c.PressEmergency("console"))
    expect(page.locator(".emergency .number")).to_contain_text("zebra-number 110")
    expect(page.locator("#page").get_by_text("EXERCISE")).to_have_count(0)
    page.reload()
    expect(page.locator(".emergency .number")).to_contain_text("zebra-number 110")
    driver.do(c.StandDown("a cable smoked"))
    page.locator("#code").fill(driver.code("seat:teller"))
    page.locator("#join button").click()
    expect(page.locator("#newest")).to_be_visible()


@pytest.mark.slow
@in_a_browser
def test_in_a_browser_the_question_where_a_screen_hangs_is_not_disturbed(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = phone.new_page()
    page.goto("/join")
    page.locator("#code").fill(driver.code("viewer"))
    page.locator("#join button").click()
    site = page.locator("#where select")
    site.select_option("vault")
    page.locator("#alarm button").click()
    expect(page.locator("#alarm button")).to_have_text("PRESS AGAIN: REAL")
    expect(site).to_have_value("vault")
    page.wait_for_timeout(int(BOUNCE_S * 1000) + 100)
    page.locator("#alarm button").click()
    expect(page.locator(".emergency .number")).to_contain_text("zebra-number 110")
    driver.opened.conductor.catch_up()
    driver.do(c.StandDown("a cable smoked"))
    expect(site).to_be_visible()
    site.select_option("vault")
    page.locator("#where button").click()
    expect(page.get_by_role("heading", name="The wall · Vault")).to_be_visible()
    assert page.url.endswith("/wall")


@pytest.mark.slow
@in_a_browser
def test_in_a_browser_digits_stay_off_over_an_emergency(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = phone.new_page()
    page.goto("/join")
    page.locator("#code").fill(driver.code("evaluator:E1"))
    page.locator("#join button").click()
    digits = page.get_by_label("Digits as keys")
    digits.uncheck()
    for again in (False, True):
        driver.do(c.PressEmergency("console"), c.PressEmergency("console"))
        expect(page.locator(".emergency")).to_be_visible()
        if again:
            page.reload()
        driver.do(c.StandDown("a cable smoked"))
        expect(digits).to_be_visible()
        expect(digits).not_to_be_checked()


@pytest.mark.slow
@in_a_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_the_mark_that_was_given_is_filled_and_no_other(
    chromium: Chromium,
    server: Server,
    driver: Driver,
    scheme: str,
) -> None:
    driver.start("knife")
    context = chromium.new_context(viewport=PHONE, base_url=server.addresses[0], color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/join")
    page.locator("#code").fill(driver.code("evaluator:E1"))
    page.locator("#join button").click()
    page.wait_for_url("**/judge")
    buttons = page.locator("[id='mark.press'] .marks button")
    ground = "all => all.map(one => getComputedStyle(one).backgroundColor)"
    assert len(set(buttons.evaluate_all(ground))) == 1
    buttons.nth(1).click()
    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "true")
    grounds = buttons.evaluate_all(ground)
    assert [grounds.count(one) for one in grounds] == [len(grounds) - 1, 1, *[len(grounds) - 1] * (len(grounds) - 2)]
    context.close()

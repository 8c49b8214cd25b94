"""The form of the door sent twice, its answer lost, its code kept: who has a code gets in with it, once, and nobody else does (T12)."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Route, expect

from tabletop.web.let_in import KEPT_S
from tabletop.web.server import Server

from .chromiums import CHROMIUM
from .served import Browser, Driver, visible
from .test_seat import wait_for

Browsers = Callable[[], Browser]

in_a_browser = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")


def form_of(browser: Browser, code: str, **fields: str) -> dict[str, str]:
    """The form as the door gives it, with a code typed into it."""
    found = re.search(r'name="once" value="(\w+)"', browser.get("/join").text)
    assert found
    return {"once": found[1], "code": code, "name": "Wu", **fields}


def passes(driver: Driver) -> list[str]:
    return [one.seat for one in driver.store.seats.passes(driver.run)]


def test_a_form_sent_twice_gets_one_seat(driver: Driver, browser: Browsers) -> None:
    phone = browser()
    form = form_of(phone, driver.code("seat:teller"))
    for _ in range(2):
        assert phone.send_form("/join", form).url.path == "/seat"
    # The answer with the pass never came.
    for cookie in [one for one in phone.cookies.jar if one.name.startswith("seat-")]:
        phone.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
    driver.store.seats.set_lobby(driver.run, locked=True)
    wait_for(lambda: "locked" in phone.get("/join").text)
    assert phone.send_form("/join", form).url.path == "/seat"
    assert passes(driver) == ["seat:teller"]


def test_two_at_once_get_one_seat(driver: Driver, browser: Browsers) -> None:
    phones = [browser(), browser()]
    form = form_of(phones[0], driver.code("viewer"))
    phones[1].cookies.update(phones[0].cookies)
    paths: list[str] = []
    threads = [threading.Thread(target=lambda one=one: paths.append(one.send_form("/join", form).url.path)) for one in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert paths == ["/wall/site", "/wall/site"]
    assert passes(driver) == ["viewer"]


def test_what_another_browser_sends_again_gets_nothing(driver: Driver, browser: Browsers, server: Server) -> None:
    phone, other = browser(), browser()
    form = form_of(phone, driver.code("seat:teller"))
    assert phone.send_form("/join", form).status_code == 200
    form_of(other, "")
    stranger = browser()
    for sender, sent in ((other, form), (stranger, form), (phone, {**form, "once": "x"}), (phone, {**form, "once": ""})):
        assert sender.send_form("/join", sent).status_code == 403
    assert other.send_form("/join", {**form, "asks": "1"}).status_code == 404
    assert other.send_form("/join", {**form, "once": "x", "asks": "1"}).status_code == 410
    # Who was sent out does not come back by it, and after some minutes nobody knows it any more.
    [known] = driver.store.seats.passes(driver.run)
    driver.store.seats.kick(driver.run, known.id)
    assert phone.send_form("/join", form).status_code == 403
    let_in = server.app.state.site.let_in
    let_in._clock = lambda clock=let_in._clock: clock() + KEPT_S + 1
    let_in._forget()
    assert let_in._given == {}


def test_what_holds_the_pass_gets_its_seat_though_it_is_known_no_more(driver: Driver, browser: Browsers) -> None:
    phone = browser()
    form = form_of(phone, driver.code("seat:teller"))
    phone.send_form("/join", form)
    phone.cookies.delete("hello")
    assert phone.send_form("/join", form).url.path == "/seat"


def test_who_is_in_is_not_counted_at_the_door(driver: Driver, browser: Browsers, server: Server) -> None:
    site, phone, other = server.app.state.site, browser(), browser()
    form = form_of(phone, driver.code("seat:teller"))
    other.get("/join")
    assert site.here()[1] == 2
    phone.send_form("/join", form)
    page = phone.get("/join")
    assert "This browser has a seat: Teller." in visible(page.text)
    # What was under way when it came in, without its pass.
    late = browser()
    late.cookies.set("hello", phone.cookies["hello"])
    late.get("/join")
    assert site.here()[1] == 1


def test_the_door_in_another_language_keeps_what_was_typed_without_a_script(driver: Driver, browser: Browsers) -> None:
    phone = browser()
    form = form_of(phone, driver.code("seat:teller"))
    assert 'formaction="/join?lang=zh-Hans"' in phone.get("/join").text
    page = phone.send_form("/join?lang=zh-Hans", form)
    assert (page.status_code, page.url.query) == (200, b"lang=zh-Hans")
    assert f'value="{form["code"]}"' in page.text
    assert 'value="Wu"' in page.text
    assert 'lang="zh-Hans"' in page.text
    driver.store.seats.set_lobby(driver.run, locked=True)
    wait_for(lambda: 'id="join"' not in phone.get("/join").text)
    locked = phone.send_form("/join", form)
    assert locked.status_code == 403
    assert f'value="{form["code"]}"' in locked.text
    assert passes(driver) == []


@pytest.fixture
def phone(chromium: Chromium, server: Server) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 375, "height": 667}, base_url=server.addresses[0])
    yield context
    context.close()


@in_a_browser
@pytest.mark.parametrize("scripts", [True, False])
def test_a_double_tap_gets_in(chromium: Chromium, server: Server, driver: Driver, scripts: bool) -> None:
    context = chromium.new_context(base_url=server.addresses[0], java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"/J/{driver.code('seat:teller').replace('-', '')}")
    page.locator("#join button").dblclick(no_wait_after=True)
    expect(page).to_have_url(re.compile("/seat$"))
    expect(page.locator("h1.who")).to_contain_text("Teller")
    assert passes(driver) == ["seat:teller"]
    context.close()


@in_a_browser
def test_what_was_typed_at_the_door_stays(phone: BrowserContext, driver: Driver) -> None:
    page = phone.new_page()
    code = driver.code("seat:teller")
    page.goto("/join")
    page.locator("#code").fill(code)
    page.locator("#name").fill("Wu Min")
    for _ in range(2):
        driver.store.seats.set_lobby(driver.run, locked=True)
        expect(page.locator("#code")).to_have_count(0)
        driver.store.seats.set_lobby(driver.run, locked=False)
        expect(page.locator("#code")).to_have_value(code)
        expect(page.locator("#name")).to_have_value("Wu Min")
    page.locator("#page").get_by_text("简体中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    for turn in (lambda: None, page.go_back):
        turn()
        expect(page.locator("#code")).to_have_value(code)
        expect(page.locator("#name")).to_have_value("Wu Min")
    assert code not in page.url
    page.locator("#join button").click()
    expect(page).to_have_url(re.compile("/seat$"))
    assert code not in page.evaluate("JSON.stringify(Object.entries(sessionStorage))")


@in_a_browser
def test_nothing_that_is_not_sent_or_not_answered_loses_the_page(phone: BrowserContext, driver: Driver) -> None:
    page = phone.new_page()
    code = driver.code("seat:teller")
    page.goto("/join")
    page.locator("#code").fill(code)
    phone.set_offline(True)
    page.locator("#join button").click()
    expect(page.locator("#unsent")).to_contain_text("NOT SENT: no connection")
    expect(page.locator("#code")).to_have_value(code)
    assert passes(driver) == []
    phone.set_offline(False)
    expect(page.locator("#unsent")).to_contain_text("NOT SENT: it did not arrive", timeout=30_000)
    lost: list[int] = []

    def unanswered(route: Route) -> None:
        """The server takes it, and its answer is lost."""
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()

    page.route(re.compile("/join$"), lambda route: unanswered(route) if route.request.method == "POST" else route.continue_())
    page.locator("#join button").click()
    expect(page).to_have_url(re.compile("/seat$"), timeout=30_000)
    assert lost == [303]
    assert passes(driver) == ["seat:teller"]

"""A real browser in a real emergency: who was sent out, who has scrolled, who composes, who pressed without a connection."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tabletop.engine import commands as c
from tabletop.engine import views
from tabletop.web import visit
from tabletop.web.pages.emergency import BOUNCE_S
from tabletop.web.server import Server

from .chromiums import CHROMIUM
from .served import Driver
from .test_chromium import PHONE, arrive, join, phone  # noqa: F401  # fixtures

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")]


def emergency(driver: Driver) -> None:
    driver.opened.conductor.catch_up()
    driver.do(c.PressEmergency("console"), c.PressEmergency("console"))


def stand_down(driver: Driver) -> None:
    driver.opened.conductor.catch_up()
    driver.do(c.StandDown("a cable smoked"))


def in_sight(page: Page, selector: str) -> bool:
    """Whether the whole of it stands in the window."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    assert page.viewport_size is not None
    return box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


def test_who_was_sent_out_turns_as_the_door_does_and_comes_back(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    driver.start("knife")
    page = join(phone, driver, "seat:teller", "Wu Min")
    [known] = driver.store.seats.passes(driver.run)
    driver.store.seats.kick(driver.run, known.id)
    left = page.get_by_role("heading", name="You have left your seat")
    expect(left).to_be_visible()
    loaded, door = phone.new_page(), phone.new_page()
    loaded.goto("/judge")
    door.goto("/join")
    expect(loaded.locator("#gone")).to_be_visible()
    page.wait_for_timeout(500)
    for _ in range(2):
        emergency(driver)
        for one in (page, loaded, door):
            expect(one.locator(".emergency .number")).to_contain_text("zebra-number 110")
            assert [word for word in ("EXERCISE", "Knife", "Wu Min", "Teller") if word in one.content()] == []
        stand_down(driver)
        for one in (page, loaded):
            expect(one.locator("#gone")).to_be_visible()
        expect(door.locator("#code")).to_be_visible()
        for one in (page, loaded, door):
            expect(one.locator("#say")).to_have_text("The real emergency is over.")
            expect(one.locator(".banner.good")).to_contain_text("The real emergency is over.")
            assert "Knife" not in one.content()
            expect(one.locator("#lost")).to_be_hidden()
    # Who gets a new code in another window is let in here, too.
    door.locator("#code").fill(driver.code("evaluator:E1"))
    door.locator("#join button").click()
    door.wait_for_url("**/judge")
    driver.store.seats.set_lobby(driver.run, locked=True)
    page.wait_for_url("**/judge")


@pytest.mark.parametrize("size", [(375, 420), (900, 300)])
def test_the_top_of_an_emergency_is_in_sight_however_far_down_somebody_was(
    chromium: Browser,
    server: Server,
    driver: Driver,
    size: tuple[int, int],
) -> None:
    driver.do(*(c.SeatPerson(role, name) for role, name in (("teller", "Wu Min"), ("clerk", "Lin"), ("guard", "Li Wei"))))
    driver.start("knife", "orders", "more", "reports")
    # No page is still moving to the field when it is moved on.
    size_of = {"width": size[0], "height": size[1]}
    context = chromium.new_context(viewport=size_of, base_url=server.addresses[0], reduced_motion="reduce")  # type: ignore[arg-type]
    page = join(context, driver, "seat:teller", "Wu Min")
    field = page.locator("[id='answer.words.teller.value']")
    field.click()
    page.evaluate("() => scrollTo({top: 700, behavior: 'instant'})")
    emergency(driver)
    expect(page.locator(".emergency")).to_be_focused()
    assert page.locator(".emergency").evaluate("one => one.scrollHeight") > size[1], "as tall as that it cannot be seen whole"
    assert (in_sight(page, ".emergency h1"), in_sight(page, ".emergency .number")) == (True, True)
    stand_down(driver)
    expect(field).to_be_visible()
    assert abs(page.evaluate("scrollY") - 700) < 5, "back where they were"
    expect(page.locator("#header .banner.good")).to_contain_text("The real emergency is over.")
    assert in_sight(page, "#header .banner.good"), "however far down that is"
    context.close()


def test_that_it_is_over_is_said_until_play_goes_on_and_for_a_while_then(
    phone: BrowserContext,  # noqa: F811
    chromium: Browser,
    server: Server,
    driver: Driver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (views, visit):
        monkeypatch.setattr(module, "OVER_MS", 2_000)
    driver.start("knife")
    page = join(phone, driver, "seat:teller")
    stranger = chromium.new_context(base_url=server.addresses[0])
    door = stranger.new_page()
    door.goto("/join")
    page.wait_for_timeout(500)
    emergency(driver)
    for one in (page, door):
        expect(one.locator(".emergency")).to_be_visible()
    stand_down(driver)
    for one in (page, door):
        expect(one.locator(".banner.good")).to_contain_text("The real emergency is over.")
    page.wait_for_timeout(3_000)
    expect(page.locator(".banner.good")).to_contain_text("the exercise stands paused")
    driver.do(c.Resume())
    expect(page.locator(".banner.good")).to_contain_text("the exercise goes on")
    # Nothing else happens that would have the pages look.
    for one in (page, door):
        expect(one.locator(".banner.good")).to_have_count(0)
    stranger.close()


def test_an_input_method_at_work_keeps_no_pause_press_or_cut_link_from_being_seen(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    driver.start("more")
    page = join(phone, driver, "seat:teller")
    field = page.locator("[id='answer.many.teller.value']")
    field.click()
    keys = phone.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "san", "selectionStart": 3, "selectionEnd": 3})
    page.evaluate("() => { window.ended = 0; document.addEventListener('compositionend', () => window.ended++); }")
    banners = page.locator("#state .banner")
    driver.do(c.AddNote("ruling", "meanwhile"), c.ReleaseInject("dark", "test"))
    expect(banners).to_contain_text(["NO LINK"])
    driver.do(c.Pause("break"))
    expect(banners).to_contain_text(["NO LINK", "PAUSED · break"])
    expect(page.locator(".clock.stands")).to_be_visible()
    expect(page.locator("#say")).to_contain_text("PAUSED · break")
    driver.do(c.PressEmergency("console"))
    expect(page.locator(".banner.bad")).to_contain_text("EMERGENCY PRESSED AT")
    expect(page.locator("#alarm button")).to_have_text("PRESS AGAIN: REAL")
    expect(page.locator("#page").get_by_text("meanwhile")).to_have_count(0)
    assert page.evaluate("() => [window.ended, document.activeElement.id, document.activeElement.value]") == [
        0,
        "answer.many.teller.value",
        "san",
    ]
    keys.send("Input.insertText", {"text": "三"})
    expect(page.locator("#page").get_by_text("meanwhile")).to_be_visible()
    expect(field).to_have_value("三")


def test_what_is_said_of_a_press_without_a_connection_is_true_and_goes(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    driver.start("knife")
    page = join(phone, driver, "seat:teller", "Wu Min")
    press, unsent = page.locator("#alarm button"), page.locator("#unsent")

    def press_offline() -> None:
        phone.set_offline(True)
        expect(page.locator("#lost")).to_be_visible()
        page.wait_for_timeout(1000 * BOUNCE_S)
        press.click()

    press_offline()
    expect(unsent).to_contain_text("no connection. Shout.")
    expect(unsent.locator("button")).to_be_hidden()
    phone.set_offline(False)
    expect(unsent).to_contain_text("reached nobody. Is it real?", timeout=15_000)
    expect(unsent).not_to_contain_text("no connection")
    unsent.get_by_role("button").click()
    expect(unsent).to_be_hidden()
    # Somebody else's press says what there is to say.
    press_offline()
    expect(unsent).to_be_visible()
    driver.do(c.PressEmergency("console"))
    phone.set_offline(False)
    expect(page.locator(".banner.bad")).to_be_visible(timeout=15_000)
    expect(unsent).to_be_hidden()
    press_offline()
    expect(unsent).to_be_visible()
    driver.do(c.PressEmergency("console"))
    phone.set_offline(False)
    expect(page.locator(".emergency")).to_be_visible(timeout=15_000)
    expect(unsent).to_be_hidden()
    stand_down(driver)
    expect(page.locator("#newest")).to_be_visible()
    expect(unsent).to_be_hidden()


def test_a_wall_is_hung_elsewhere_and_its_page_goes_on(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    driver.start("knife")
    page = join(phone, driver, "viewer")
    page.wait_for_function("() => document.activeElement.id === 'main'")
    page.locator("#page").get_by_text("Change where it hangs").click()
    for site in ("Vault", "Outlet"):
        page.locator("#site").select_option(site.lower())
        page.locator("#where-change button").click()
        expect(page.get_by_role("heading", name=f"The wall · {site}")).to_be_visible()


@pytest.fixture
def plain(chromium: Browser, server: Server) -> Iterator[Page]:
    """A browser without a script."""
    context = chromium.new_context(viewport=PHONE, base_url=server.addresses[0], java_script_enabled=False)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_only_a_page_with_a_script_says_that_it_changes_by_itself(phone: BrowserContext, plain: Page, driver: Driver) -> None:  # noqa: F811
    page = join(phone, driver, "seat:teller")
    expect(page.locator("#page").get_by_text("This page changes by itself")).to_be_visible()
    expect(page.locator("noscript").first).to_be_hidden()
    for seat in ("seat:teller", "evaluator:E1"):
        plain.context.clear_cookies()
        plain.goto(f"/J/{driver.code(seat).replace('-', '')}")
        plain.locator("#join button").click()
        expect(plain.get_by_text("Not started yet")).to_be_visible()
        expect(plain.get_by_text("This page changes by itself")).to_be_hidden()
        by_hand = plain.locator("main noscript .banner")
        expect(by_hand).to_be_visible()
        expect(by_hand).to_have_text("Without JavaScript this page does not change by itself: press “Look for news” at its end.")
        expect(plain.get_by_role("link", name="Look for news")).to_be_visible()

"""A phone at a seat in a real browser: composing, sent out, handed on, alarmed twice, choosing while lists change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from tabletop.engine import commands as c
from tabletop.web.server import Server, Where

from .chromiums import CHROMIUM
from .served import Driver, serving
from .test_chromium import PHONE, join  # a fixture
from .test_seat import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")]


@pytest.fixture
def phone(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, base_url=server.addresses[0])  # type: ignore[arg-type]
    yield context
    context.close()


def compose(phone: BrowserContext, page: Page) -> None:
    """An input method is at work in the field of a number, and does not finish."""
    page.locator("[id='answer.many.teller.value']").click()
    keys = phone.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "san", "selectionStart": 3, "selectionEnd": 3})


def send_out(driver: Driver) -> None:
    for known in driver.store.seats.passes(driver.run):
        driver.store.seats.kick(driver.run, known.id)


def test_an_emergency_during_a_composition_ends_with_it_and_what_was_composed_is_a_draft(phone: BrowserContext, driver: Driver) -> None:
    driver.start("more")
    page = join(phone, driver, "seat:teller")
    compose(phone, page)
    driver.do(c.PressEmergency("x"), c.PressEmergency("x"))
    expect(page.locator("#page").get_by_text("zebra-number 110")).to_be_visible()
    driver.do(c.StandDown("over"))
    expect(page.get_by_role("heading", name="EXERCISE · More")).to_be_visible()
    expect(page.locator("[id='answer.many.teller.value']")).to_have_value("san")
    wait_for(lambda: "value=san" in driver.draft("seat:teller", "answer.many.teller"))


def test_who_is_sent_out_during_a_composition_sees_nothing_more(phone: BrowserContext, driver: Driver) -> None:
    driver.start("more")
    page = join(phone, driver, "seat:teller")
    compose(phone, page)
    send_out(driver)
    expect(page.locator("#gone")).to_be_visible()
    assert "And more." not in page.content()


def test_what_waits_for_a_composition_is_shown_once_its_field_is_left(phone: BrowserContext, driver: Driver) -> None:
    driver.start("more")
    page = join(phone, driver, "seat:teller")
    compose(phone, page)
    # As a browser does that says nothing of the end.
    page.evaluate("() => addEventListener('compositionend', (event) => event.stopImmediatePropagation(), true)")
    driver.do(c.AddNote("ruling", "meanwhile"))
    page.wait_for_timeout(500)
    expect(page.locator("#page").get_by_text("meanwhile")).to_have_count(0)
    page.evaluate("() => document.activeElement.blur()")
    expect(page.locator("#page").get_by_text("meanwhile")).to_be_visible()


def test_a_phone_that_was_sent_out_while_it_was_offline_learns_it(phone: BrowserContext, driver: Driver, server: Server) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller")
    expect(page.get_by_role("heading", name="EXERCISE · Knife")).to_be_visible()
    phone.set_offline(True)
    expect(page.locator("#lost")).to_be_visible()
    send_out(driver)
    wait_for(lambda: not server.hub.passes)
    phone.set_offline(False)
    expect(page.locator("#gone")).to_be_visible(timeout=20_000)
    expect(page.locator("#lost")).to_be_hidden()
    assert "Knife" not in page.content()


def test_a_phone_finds_the_door_of_another_run_that_is_served_at_its_port(chromium: Browser, driver: Driver, tmp_path: Path) -> None:
    context = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
    driver.start("knife")
    with serving(driver) as first:
        page = context.new_page()
        page.goto(f"{first.addresses[0]}/J/{driver.code('seat:teller').replace('-', '')}")
        page.get_by_role("button", name="Join").click()
        expect(page.get_by_role("heading", name="EXERCISE · Knife")).to_be_visible()
        port = int(first.addresses[0].rpartition(":")[2])
    folder = tmp_path / "other"
    folder.mkdir(mode=0o700)
    other = Driver(folder / "store.db")
    with serving(other, Where(port=port)):
        page.wait_for_url("**/join", timeout=20_000)
        assert "Knife" not in page.content()
        context.close()
    other.close()


def test_words_of_one_seat_are_not_found_by_the_next_on_the_same_device(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller")
    page.locator("[id='message.write'] summary").click()
    held: list[Route] = []
    page.route("**/draft", lambda route: held.append(route))  # nothing of it is kept by the server
    page.locator("[id='message.text']").press_sequentially("the teller's own")
    send_out(driver)
    expect(page.locator("#gone")).to_be_visible()
    page.unroute("**/draft")
    page.goto(f"/J/{driver.code('seat:clerk').replace('-', '')}")
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/seat")
    expect(page.locator("[id='message.text']")).to_have_value("")
    assert page.evaluate("() => Object.keys(sessionStorage)") == []
    page.wait_for_timeout(1500)
    assert driver.store.drafts.load(driver.run, "seat:clerk") == {}


def test_words_that_were_not_sent_are_found_by_the_same_seat(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller")
    page.locator("[id='message.write'] summary").click()
    held: list[Route] = []
    page.route("**/draft", lambda route: held.append(route))
    page.locator("[id='message.text']").press_sequentially("mine")
    page.reload()
    expect(page.locator("[id='message.text']")).to_have_value("mine")


def test_a_page_that_another_seat_took_over_is_that_seats_own(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller")
    page.locator("[id='message.write'] summary").click()
    page.locator("[id='message.text']").fill("the teller's own")
    expect(page.locator("#message .kept")).to_have_text("draft kept")
    join(phone, driver, "seat:clerk")
    with suppress(Error):  # it may be leaving just now, because something else had it look
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", name="Clerk")).to_be_visible(timeout=20_000)
    expect(page.locator("[id='message.text']")).to_have_value("")


def test_every_real_emergency_is_announced_and_read_from_its_beginning(phone: BrowserContext, driver: Driver) -> None:
    driver.start("more")
    page = join(phone, driver, "seat:teller")
    for _ in range(2):
        expect(page.get_by_role("heading", name="EXERCISE · More")).to_be_visible()
        page.locator("[id='answer.many.teller.value']").focus()
        page.evaluate("() => { document.getElementById('say').textContent = ''; }")
        driver.do(c.PressEmergency("x"), c.PressEmergency("x"))
        expect(page.locator("#page").get_by_text("zebra-number 110")).to_be_visible()
        expect(page.locator("#say")).to_have_text("REAL EMERGENCY")
        expect(page.locator("main.emergency")).to_be_focused()
        driver.do(c.StandDown("over"))


def test_an_addressee_stays_chosen_while_the_list_changes_and_no_other_takes_the_place_of_one_that_goes(
    phone: BrowserContext, driver: Driver
) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller")
    page.locator("[id='message.write'] summary").click()
    to, text, send = page.locator("[id='message.to']"), page.locator("[id='message.text']"), page.locator("#message button.main")
    to.select_option("guard")
    driver.do(c.StaffRole("clerk", "nobody"))
    expect(to.locator("option")).to_have_count(3)
    expect(to).to_have_value("guard")
    driver.do(c.StaffRole("clerk", "people"))
    expect(to.locator("option")).to_have_count(4)
    expect(to).to_have_value("guard")
    text.fill("Lock the vault")
    driver.do(c.StaffRole("guard", "nobody"))
    expect(to.locator("option")).to_have_count(3)
    expect(to).to_have_value("")
    send.click()
    expect(text).to_have_value("Lock the vault")
    assert driver.events("message_sent") == []
    to.select_option("clerk")
    send.click()
    wait_for(lambda: [(event.to, event.text) for _, event in driver.events("message_sent")] == [("clerk", "Lock the vault")])  # type: ignore[attr-defined]


def test_who_speaks_stays_chosen_before_it_is_kept(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller+clerk+guard")
    held: list[Route] = []
    page.route("**/draft", lambda route: held.append(route))
    page.locator("[id='decision.write'] summary").click()
    speaker = page.locator("#decision select[name=role]")
    speaker.select_option("clerk")
    driver.do(c.StaffRole("teller", "nobody"))
    expect(speaker.locator("option")).to_have_count(2)
    expect(speaker).to_have_value("clerk")
    driver.do(c.StaffRole("clerk", "nobody"))
    expect(speaker.locator("option")).to_have_count(1)
    expect(speaker).to_have_value("")


def test_words_are_said_in_the_name_of_the_role_that_was_chosen_or_of_none(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller+clerk+guard")
    page.locator("[id='decision.write'] summary").click()
    speaker, text = page.locator("#decision select[name=role]"), page.locator("[id='decision.text']")
    speaker.select_option("clerk")
    # What was chosen alone is kept as well.
    wait_for(lambda: "role=clerk" in driver.draft("seat:teller+clerk+guard", "decision"))
    page.reload()
    expect(speaker).to_have_value("clerk")
    driver.do(c.StaffRole("teller", "nobody"))
    expect(speaker.locator("option")).to_have_count(2)
    expect(speaker).to_have_value("clerk")
    text.fill("Shut the gate")
    driver.do(c.StaffRole("clerk", "nobody"))
    expect(speaker.locator("option[value=clerk]")).to_have_count(0)
    expect(speaker).to_have_value("")
    page.locator("#decision button.main").click()
    expect(page.locator("#decision .kept")).to_have_text("draft kept")
    assert driver.events("decision_made") == []
    page.reload()
    expect(text).to_have_value("Shut the gate")
    expect(speaker).to_have_value("")
    speaker.select_option("guard")
    page.locator("#decision button.main").click()
    wait_for(lambda: [event.role for _, event in driver.events("decision_made")] == ["guard"])  # type: ignore[attr-defined]

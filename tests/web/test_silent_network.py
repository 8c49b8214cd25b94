"""A real browser whose network falls silent without a word: what is said, what is tried again, and that nothing is lost or doubled."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tabletop.engine import commands as c
from tabletop.web.server import Where

from .chromiums import CHROMIUM
from .relay import ADDRESS, Relay
from .served import Driver, serving
from .test_chromium import PHONE, join  # fixtures

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")]

SAID_MS = 15_000
"""Milliseconds within which a page says that nothing arrives any more."""

BACK_MS = 20_000
"""The same until it is back."""


@pytest.fixture
def relay(driver: Driver) -> Iterator[Relay]:
    with serving(driver, Where(names=(ADDRESS,))) as server:
        try:
            between = Relay(server.sockets[0].getsockname()[1])
        except OSError as error:
            pytest.skip(f"{ADDRESS} is no address of this machine: {error}")
        yield between
        between.close()


@pytest.fixture
def phone(chromium: Browser, relay: Relay) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, base_url=f"http://{ADDRESS}:{relay.port}")  # type: ignore[arg-type]
    yield context
    context.close()


def test_what_is_sent_into_silence_stays_and_is_recorded_once(phone: BrowserContext, relay: Relay, driver: Driver) -> None:
    driver.start("orders")
    page = join(phone, driver, "seat:teller", "Wu Min")
    words = page.locator("[id='answer.words.teller']")
    words.get_by_label("in your words").fill("Hold the door")
    words.get_by_label("Why (needed)").fill("nobody comes in")
    relay.silent = True
    words.get_by_role("button", name="Send").click()
    expect(page.locator("#lost")).to_be_visible(timeout=SAID_MS)
    expect(page.locator("#unsent")).to_contain_text("NO ANSWER: it may have been recorded")
    driver.do(c.AddNote("ruling", "the gate is shut"))
    # Tries that hear nothing are given up: the first one after it is back is heard.
    page.wait_for_timeout(10_000)
    assert driver.events("answer_given") == []
    relay.silent = False
    expect(page.locator("#page").get_by_text("the gate is shut")).to_be_visible(timeout=BACK_MS)
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator("#unsent")).to_contain_text("NOT SENT: it did not arrive")
    expect(words.get_by_label("in your words")).to_have_value("Hold the door")
    words.get_by_role("button", name="Send").click()
    expect(page.locator("[id='ask.words'] .recorded")).to_contain_text("Hold the door")
    assert len(driver.events("answer_given")) == 1
    assert relay.swallowed


def test_a_press_into_silence_sends_people_to_people(phone: BrowserContext, relay: Relay, driver: Driver) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller", "Wu Min")
    relay.silent = True
    pressed_s = time.monotonic()
    page.locator("#alarm button").click()
    unsent = page.locator("#unsent")
    expect(unsent).to_contain_text("NO ANSWER YET")
    assert time.monotonic() - pressed_s < 14, "before it is known that nothing arrives"
    expect(unsent).to_contain_text("NOT SENT: no connection. Shout.", timeout=SAID_MS)
    assert driver.events("emergency_raised") == []
    relay.silent = False
    expect(unsent).to_contain_text("reached nobody. Is it real?", timeout=BACK_MS)
    page.locator("#alarm button").click()
    expect(page.locator(".banner.bad")).to_contain_text("EMERGENCY PRESSED AT")
    expect(unsent).to_be_hidden()

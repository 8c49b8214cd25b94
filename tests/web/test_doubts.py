"""What was sent and is not answered yet holds up nothing else, is never recorded twice, and what is said of it goes when it is settled."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.web.server import Server
from tabletop.web.site import MOST_ONCE

from .served import Browser, Driver
from .test_chromium import join  # fixtures
from .test_lost_answers import BACK_MS, drafts, in_a_browser, is_empty, phone, unanswered, until, write  # noqa: F401  # fixtures

Joined = Callable[..., Browser]

AT_ONCE_MS = 5000
"""Milliseconds within which an emergency is seen, whatever else is not answered."""

PATIENCE = "const TAKES = 15000;"
"""How long a page waits until what it sent is taken, as its script has it."""

ARRIVED_NOT = "NOT SENT: it did not arrive."


def messages(driver: Driver) -> list[str]:
    return [event.text for _, event in driver.events("message_sent")]  # type: ignore[attr-defined]


def aborted(route: Route) -> None:
    route.abort()


def seated(phone: BrowserContext, driver: Driver, *injects: str) -> Page:  # noqa: F811
    driver.start("knife", *injects)
    return join(phone, driver, "seat:teller", "Wu Min")


@pytest.mark.slow
@in_a_browser
def test_an_emergency_comes_up_and_a_press_is_told_though_a_doubt_is_not_answered(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    page = seated(phone, driver)
    unsent = page.locator("#unsent")
    held: list[Route] = []
    page.route("**/sent*", lambda route: held.append(route))
    page.route("**/seat/message", unanswered)
    write(page, "Stay")
    until(page, lambda: bool(held))
    page.route("**/emergency", lambda route: None)
    page.locator("#alarm button").click()
    expect(unsent).to_contain_text("NO ANSWER YET", timeout=AT_ONCE_MS)
    # Settled now: what is said of the press stands all the same.
    page.unroute("**/sent*")
    held.pop().continue_()
    expect(page.locator("#message .kept")).to_have_text("recorded ✓", timeout=BACK_MS)
    expect(unsent).to_contain_text("Shout")
    # One that never arrived, not answered either.
    page.unroute("**/emergency")
    page.unroute("**/seat/message")
    page.route("**/seat/message", aborted)
    page.route("**/sent*", lambda route: held.append(route))
    write(page, "Go")
    until(page, lambda: bool(held))
    driver.do(c.PressEmergency("seat:guard"), c.PressEmergency("seat:guard"))
    expect(page.locator(".emergency")).to_be_visible(timeout=AT_ONCE_MS)
    expect(unsent).to_be_hidden()
    held.pop().abort()
    page.unroute("**/sent*")
    driver.do(c.StandDown("a drill"))
    expect(unsent).to_contain_text(ARRIVED_NOT, timeout=BACK_MS)
    expect(page.locator("[id='message.text']")).to_have_value("Go")
    assert messages(driver) == ["Stay"]


@pytest.mark.slow
@in_a_browser
def test_what_is_not_answered_in_time_is_found_out_there_and_then(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    def hasty(route: Route) -> None:
        code = route.fetch().text()
        assert PATIENCE in code
        route.fulfill(body=code.replace(PATIENCE, "const TAKES = 1000;"), content_type="text/javascript")

    phone.route("**/page.js", hasty)
    page = seated(phone, driver, "more")
    held: list[Route] = []
    page.route("**/seat/message", lambda route: held.append(route))
    write(page, "Stay")
    until(page, lambda: bool(held))
    # Nothing else happens, whose news would have it asked.
    expect(page.locator("#unsent")).to_contain_text(ARRIVED_NOT)
    expect(page.locator("[id='message.text']")).to_have_value("Stay")
    assert driver.events("message_sent") == []
    held.pop().abort()


@pytest.mark.slow
@in_a_browser
def test_what_never_arrived_is_said_until_it_is_emptied_closed_or_gone(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    page = seated(phone, driver, "more")
    unsent, text = page.locator("#unsent"), page.locator("[id='message.text']")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/sent?" in request.url else None)
    page.route("**/seat/message", aborted)
    write(page, "Stay")
    expect(unsent).to_contain_text(ARRIVED_NOT, timeout=BACK_MS)
    # It is asked once: whatever else happens costs nothing.
    for number in range(5):
        driver.do(c.AddNote("ruling", f"Ruling {number}"))
        expect(page.locator("#page").get_by_text(f"Ruling {number}")).to_be_attached()
    assert len(asked) == 1
    text.fill("")
    driver.do(c.AddNote("ruling", "Ruling 5"))
    expect(unsent).to_be_hidden()
    page.reload()
    expect(page.locator("#page")).to_contain_text("Ruling 5")
    expect(unsent).to_be_hidden()
    # Closed by hand, and not said again.
    write(page, "Go")
    expect(unsent).to_contain_text(ARRIVED_NOT, timeout=BACK_MS)
    unsent.get_by_role("button", name="Close").click()
    expect(unsent).to_be_hidden()
    page.reload()
    expect(text).to_have_value("Go")
    expect(unsent).to_be_hidden()
    # What can be sent no more is not to be sent again.
    page.route("**/seat/received", aborted)
    page.get_by_role("button", name="Received").click()
    expect(unsent).to_contain_text(ARRIVED_NOT, timeout=BACK_MS)
    driver.opened.conductor.dispatch(c.AcknowledgeInject("knife", "teller"), Actor("seat", roles=("teller",)))
    expect(page.get_by_role("button", name="Received")).to_have_count(0)
    expect(unsent).to_be_hidden()
    assert messages(driver) == []


@pytest.mark.slow
@in_a_browser
def test_a_browser_that_ended_while_it_sent_finds_out(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    page = seated(phone, driver)
    held: list[Route] = []

    def hold(route: Route) -> None:
        route.fetch(max_redirects=0)
        held.append(route)

    page.route("**/seat/message", hold)
    write(page, "Come in")
    until(page, lambda: bool(held))
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    restored = phone.new_page()
    restored.add_init_script(
        f"if (!window.name) {{ window.name = 'x'; for (const [key, value] of Object.entries({kept})) sessionStorage.setItem(key, value); }}"
    )
    restored.goto(page.url)
    is_empty(restored)
    assert messages(driver) == ["Come in"]
    assert drafts(driver, "seat:teller") == {}


@pytest.mark.slow
@in_a_browser
def test_what_was_typed_since_is_kept_by_the_server(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    page = seated(phone, driver)
    page.route("**/seat/message", unanswered)
    page.route("**/events", aborted)
    write(page, "Come in")
    until(page, lambda: messages(driver) == ["Come in"])
    page.locator("[id='message.text']").press_sequentially(" and bring the key", delay=5)
    page.unroute("**/events")
    until(page, lambda: "bring" in "".join(drafts(driver, "seat:teller").values()))
    expect(page.locator("[id='message.text']")).to_have_value("Come in and bring the key")


@pytest.mark.slow
@in_a_browser
def test_a_note_that_is_recorded_stands_in_no_form_though_another_panel_was_opened(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    driver.start("knife")
    page = phone.new_page()
    page.goto(f"/J/{driver.code('evaluator:E1').replace('-', '')}")
    page.get_by_role("button", name="Join").click()
    expect(page.locator("#own")).to_be_attached()
    note = page.locator("[id='note.text']")
    page.route("**/judge/note", unanswered)
    page.route("**/sent*", aborted)
    note.fill("They were slow")
    page.locator("#note").get_by_role("button", name="Keep").click()
    until(page, lambda: len(driver.events("noted")) == 1)
    page.locator("[data-role-digit='1']").click()
    page.wait_for_url("**role=*")
    page.unroute("**/sent*")
    page.unroute("**/judge/note")
    expect(note).to_have_value("", timeout=BACK_MS)
    assert drafts(driver, "evaluator:E1") == {}
    # Sent again before it is known, with another panel open beside it.
    page.route("**/judge/note", unanswered)
    page.route("**/sent*", aborted)
    note.fill("They shouted")
    page.locator("#note").get_by_role("button", name="Keep").click()
    until(page, lambda: len(driver.events("noted")) == 2)
    page.locator("[data-role-digit='2']").click()
    page.unroute("**/judge/note")
    expect(note).to_have_value("They shouted")
    page.locator("#note").get_by_role("button", name="Keep").click()
    expect(note).to_have_value("", timeout=BACK_MS)
    assert [event.text for _, event in driver.events("noted")] == ["They were slow", "They shouted"]  # type: ignore[attr-defined]


def test_what_a_server_has_forgotten_the_log_knows(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    site, seat, asks = server.app.state.site, joined("seat:teller"), "/sent?of=/seat/decision"
    note = {"key": "decision", "role": "teller", "text": "x", "once": "1"}
    assert seat.send_form("/seat/decision", note).status_code == 200
    [who] = [known for known in server.hub.passes.values() if known.seat == "seat:teller"]

    async def others() -> None:
        for number in range(MOST_ONCE):
            async with site.once(replace(who, id=f"pass-{number}"), f"token-{number} said"):
                pass

    crowd = threading.Thread(target=lambda: asyncio.run(others()))
    crowd.start()
    crowd.join()
    assert not [known for known in site._once if known.startswith("seat:teller 1")]
    assert seat.send_form(asks, note).status_code == 204
    assert seat.send_form("/seat/decision", note).status_code == 200
    assert len(driver.events("decision_made")) == 1
    assert seat.send_form(asks, {**note, "once": "2"}).status_code == 404


@pytest.mark.slow
@in_a_browser
def test_what_was_begun_before_the_page_was_loaded_anew_counts_from_its_first_key(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    driver.start("knife")
    driver.do(c.Jump(120_000))
    page = phone.new_page()
    page.goto(f"/J/{driver.code('evaluator:E1').replace('-', '')}")
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/judge")
    page.goto("/judge?role=clerk")
    # The browser alone keeps what is typed.
    page.route("**/draft", aborted)
    form = page.locator("[id='words.clerk']")
    form.locator("textarea").press_sequentially("They waited")
    at = form.locator("input[name=at]")
    expect(at).to_have_attribute("placeholder", re.compile(r"0:02:\d\d"))
    begun = str(at.get_attribute("placeholder"))
    driver.do(c.Jump(60_000))
    page.reload()
    driver.do(c.ReleaseInject("orders"))
    expect(page.locator("[id='told.orders']")).to_be_attached(timeout=15_000)
    expect(form.locator("textarea")).to_have_value("They waited")
    expect(at).to_have_attribute("placeholder", begun)
    form.get_by_role("button", name="Keep").click()
    expect(page.locator("#own")).to_contain_text("They waited")
    [(_, event)] = driver.events("noted")
    assert event.text == "They waited"  # type: ignore[attr-defined]
    minutes, seconds = map(int, begun.split(":")[1:])
    assert event.said_ms == (minutes * 60 + seconds) * 1000  # type: ignore[attr-defined]

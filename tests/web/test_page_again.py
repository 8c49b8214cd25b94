"""A page whose other pages did not come as they should: what is said on it stays true, and what people need on it stays there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.web.server import Server
from tabletop.web.visit import cookie_name

from .served import Browser, Driver
from .test_chromium import join  # fixtures
from .test_faults import emergency, fails
from .test_lost_answers import BACK_MS, drafts, in_a_browser, phone, unanswered, until, write  # noqa: F401  # fixtures
from .test_other_hands import judging

Joined = Callable[..., Browser]

DECISION = "[id='decision.text']"


def aborted(route: Route) -> None:
    route.abort()


@in_a_browser
def test_an_emergency_that_the_record_did_not_take_stays_until_its_reader_goes_back(
    phone: BrowserContext,  # noqa: F811
    driver: Driver,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller", "Wu Min")
    with monkeypatch.context() as broken:
        broken.setattr(server.app.state.site.hub, "do", fails)
        page.locator("#alarm button").click()
        expect(page.get_by_role("button", name="Yes: REAL EMERGENCY")).to_be_visible()
        driver.do(c.AddNote("ruling", "one"))
        page.wait_for_timeout(500)
        page.get_by_role("button", name="Yes: REAL EMERGENCY").click()
        expect(page.locator(".number")).to_contain_text("zebra-number 110")
    with page.expect_response("**/seat"):
        driver.do(c.AddNote("ruling", "two"))
    page.wait_for_timeout(500)
    expect(page.locator(".number")).to_contain_text("zebra-number 110")
    # A recorded one takes its place, and ends as every other.
    driver.do(c.PressEmergency("seat:guard"), c.PressEmergency("seat:guard"))
    expect(page.locator(".emergency[data-stays]")).to_have_count(0)
    driver.do(c.StandDown("a drill"))
    expect(page.locator("#page")).to_contain_text("two")
    with monkeypatch.context() as broken:
        broken.setattr(server.app.state.site.hub, "do", fails)
        page.locator("#alarm button").click()
        expect(page.get_by_role("button", name="Yes: REAL EMERGENCY")).to_be_visible()
    page.get_by_role("link", name="Back").click()
    expect(page.locator("#alarm")).to_be_visible()


@in_a_browser
@pytest.mark.parametrize("failed", [1, 2], ids=["the first press failed", "both failed"])
def test_an_emergency_that_the_record_takes_at_last_turns_every_screen(
    phone: BrowserContext,  # noqa: F811
    driver: Driver,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    failed: int,
) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller", "Wu Min")
    sure = page.get_by_role("button", name="Yes: REAL EMERGENCY")
    with monkeypatch.context() as broken:
        broken.setattr(server.app.state.site.hub, "do", fails)
        page.locator("#alarm button").click()
        expect(sure).to_be_visible()
        page.wait_for_timeout(500)
        if failed == 2:
            sure.click()
            expect(page.locator(".number")).to_be_visible()
            page.wait_for_timeout(500)
    assert driver.events("emergency_raised") == []
    (sure if failed == 1 else page.get_by_role("button", name="Tell all screens once more")).click()
    expect(page.locator(".emergency:not([data-stays]) .number")).to_contain_text("zebra-number 110")
    assert (len(driver.events("emergency_raised")), len(driver.events("emergency_confirmed"))) == (1, 1)
    driver.do(c.StandDown("a drill"))
    expect(page.locator("#alarm")).to_be_visible()


@in_a_browser
def test_who_is_sent_out_sees_it_though_an_emergency_of_theirs_was_not_recorded(
    phone: BrowserContext,  # noqa: F811
    driver: Driver,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller", "Wu Min")
    with monkeypatch.context() as broken:
        broken.setattr(server.app.state.site.hub, "do", fails)
        page.locator("#alarm button").click()
        expect(page.get_by_role("button", name="Yes: REAL EMERGENCY")).to_be_visible()
    (mine,) = server.app.state.site.hub.passes
    driver.opened.store.seats.kick(driver.run, mine)
    expect(page.locator("#gone")).to_be_visible(timeout=BACK_MS)


def test_a_page_comes_with_its_alarm_though_the_store_does_not_say_what_was_typed(
    driver: Driver, joined: Joined, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.start("knife")
    seats = {seat: joined(seat) for seat in ("seat:teller", "evaluator:E1", "site:outlet")}
    seats["seat:teller"].send_form("/draft", {"key": "decision", "role": "teller", "text": "half typed"})
    stranger = Browser(server.addresses[0], cookies={cookie_name(driver.run): "x"})
    with monkeypatch.context() as broken:
        broken.setattr(server.app.state.site.hub, "do", fails)
        for seat in seats.values():
            page = seat.get("/")
            assert page.status_code == 200
            assert 'id="alarm"' in page.text
            # A page that stands is not taken away by one that has less.
            assert seat.get(page.url.path, headers={"x-part": "1"}).status_code == 503
        # A browser of which nobody can say who it is asks again by itself.
        page = stranger.get("/seat")
        assert page.status_code == 503
        assert '<meta http-equiv="refresh" content="5">' in page.text
        assert "NOT RECORDED" not in page.text
        assert "NOT RECORDED" in stranger.send_form("/seat/decision", {"role": "teller", "text": "x"}).text
    assert "half typed" in seats["seat:teller"].get("/seat").text
    emergency(driver, server)
    assert "zebra-number 110" in stranger.get("/seat").text
    stranger.close()


@in_a_browser
def test_what_stands_beside_a_button_is_of_what_stands_in_its_form(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    driver.start("knife")
    page = join(phone, driver, "seat:teller", "Wu Min")
    page.locator("[id='decision.write'] summary").click()
    kept, text = page.locator("#decision .kept"), page.locator(DECISION)
    text.fill("one")
    page.locator("#decision").get_by_role("button", name="Record").click()
    expect(kept).to_have_text("recorded ✓")
    page.route("**/draft", aborted)
    text.press_sequentially("t")
    expect(kept).to_have_text("")
    page.unroute("**/draft")
    # That it is on its way is seen, and stays so whatever else comes.
    held: list[Route] = []
    page.route("**/seat/decision", lambda route: held.append(route))
    page.locator("#decision").get_by_role("button", name="Record").click()
    until(page, lambda: bool(held))
    driver.do(c.AddNote("ruling", "meanwhile"))
    expect(page.locator("#page").get_by_text("meanwhile")).to_be_visible()
    expect(page.locator("#decision[aria-busy=true]")).to_have_count(1)
    held.pop().continue_()
    expect(kept).to_have_text("recorded ✓")
    expect(page.locator("#decision[aria-busy]")).to_have_count(0)


@pytest.mark.slow
@in_a_browser
def test_after_an_emergency_doubts_are_settled_and_what_the_browser_kept_is_there(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    driver.start("knife")
    page = judging(phone, driver, "evaluator:E1")
    note = page.locator("[id='note.text']")
    page.route("**/judge/note", unanswered)
    page.route("**/sent*", aborted)
    note.fill("They were slow")
    page.locator("#note").get_by_role("button", name="Keep").click()
    until(page, lambda: len(driver.events("noted")) == 1)
    expect(page.locator("#unsent")).to_be_visible()
    driver.do(c.PressEmergency("seat:guard"), c.PressEmergency("seat:guard"))
    expect(page.locator(".emergency")).to_be_visible(timeout=BACK_MS)
    page.unroute("**/sent*")
    page.unroute("**/judge/note")
    driver.do(c.StandDown("a drill"))
    expect(note).to_have_value("", timeout=BACK_MS)
    expect(page.locator("#unsent")).to_be_hidden()
    # What no server took comes back, too, though the page was loaded anew meanwhile.
    page.route("**/draft", aborted)
    note.fill("They shouted")
    driver.do(c.PressEmergency("seat:guard"), c.PressEmergency("seat:guard"))
    expect(page.locator(".emergency")).to_be_visible(timeout=BACK_MS)
    page.reload()
    expect(page.locator(".emergency")).to_be_visible()
    driver.do(c.StandDown("a drill"))
    expect(note).to_have_value("They shouted", timeout=BACK_MS)
    page.unroute("**/draft")
    until(page, lambda: "They+shouted" in "".join(drafts(driver, "evaluator:E1").values()))


@in_a_browser
def test_who_locks_the_ratings_sees_who_has_not_rated_as_it_is(phone: BrowserContext, driver: Driver, joined: Joined) -> None:  # noqa: F811
    driver.start("knife")
    other = joined("evaluator:E2")
    other.send_form("/judge/note", {"category": "gap", "text": "x", "once": "0"})
    lead = judging(phone, driver, "lead:L")
    driver.do(c.End())
    expect(lead.locator("#lock li", has_text="E2")).to_contain_text("1 objective, 5 behaviour lines")
    other.send_form("/judge/rate", {"objective": "calm", "rating": "P", "text": "ok", "once": "1"})
    assert driver.events("rated")
    expect(lead.locator("#lock li", has_text="E2")).to_have_text("E2: 5 behaviour lines", timeout=BACK_MS)


@in_a_browser
def test_what_comes_again_or_is_taken_from_under_somebodys_hands_is_said(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    driver.start("knife")
    page = join(phone, driver, "seat:teller", "Wu Min")
    said, ask = page.locator("#say"), page.locator("[id='ask.first']")
    driver.do(c.AddNote("ruling", "The gate is shut"))
    expect(said).to_contain_text("FACTS AND RULINGS: The gate is shut")
    ask.get_by_role("radio").first.focus()
    ask.get_by_role("radio").first.check()
    expect(ask.locator(".kept")).to_have_text("draft kept")
    question = ask.locator("h3").inner_text()
    driver.do(c.CloseAsk("first"))
    expect(ask).to_have_count(0)
    expect(said).to_contain_text("TYPED AND NOT SENT")
    assert page.evaluate("() => document.activeElement.id") == "main"
    driver.do(c.ReopenAsk("first"))
    expect(ask).to_have_count(1)
    expect(said).to_contain_text(question)
    driver.opened.conductor.dispatch(c.GiveAnswer("first", "teller", ("a",)), Actor("seat", roles=("teller",)))
    driver.do(c.RevealAnswers("first"))
    expect(said).to_contain_text("ANSWERS REVEALED")

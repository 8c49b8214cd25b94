"""The answer to what was sent is lost, though it was recorded: nothing is recorded twice, and nothing is said that is not so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, Route, expect

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.web.fields import Fields, name_of
from tabletop.web.server import Server
from tabletop.web.site import name_in

from .chromiums import CHROMIUM
from .served import Browser, Driver, serving
from .test_chromium import join  # fixtures
from .test_faults import follows
from .test_seat import wait_for

Joined = Callable[..., Browser]

in_a_browser = pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")

SMALL = {"width": 320, "height": 568}

BACK_MS = 15_000
"""Milliseconds until a page is connected again."""


def drafts(driver: Driver, seat: str) -> dict[str, str]:
    return driver.store.drafts.load(driver.run, seat)


SENT = [
    ("seat:teller", "/seat/message", {"key": "message", "role": "teller", "to": "clerk", "text": "x"}),
    ("seat:teller", "/seat/decision", {"key": "decision", "role": "teller", "text": "x", "reason": "y"}),
    ("seat:teller", "/seat/answer", {"key": "answer.first.teller", "ask": "first", "role": "teller", "value": "a"}),
    (
        "seat:teller",
        "/seat/answer",
        {"key": "answer.sitrep.teller", "ask": "sitrep", "role": "teller", "element.facts": "x", "next": "9", "reporter": "Wu"},
    ),
    ("evaluator:E1", "/judge/note", {"key": "note", "category": "gap", "text": "x"}),
    ("evaluator:E1", "/judge/mark", {"key": "mark.press", "expected": "press", "state": "done", "note": "x"}),
    ("recorder:Ann", "/judge/words", {"key": "words.teller", "role": "teller", "text": "x"}),
    ("site:outlet", "/judge/note", {"key": "note", "category": "gap", "text": "x"}),
]


def test_what_was_recorded_leaves_no_draft_when_it_is_sent_again_or_asked_for(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife", "reports")
    for number, (seat, path, fields) in enumerate(SENT):
        browser, sent, asks = joined(seat), {**fields, "once": f"once-{number}"}, f"/sent?of={path}"
        assert browser.send_form(asks, sent).status_code == 404
        counts = set()
        for again in (path, path, asks):
            assert browser.send_form(again, sent).status_code in (200, 204), path
            assert drafts(driver, seat) == {}, (path, "a draft of what is recorded")
            driver.opened.conductor.catch_up()
            counts.add(len(driver.opened.conductor.entries))
            # What a page keeps that did not hear of it.
            browser.send_form("/draft", {name: value for name, value in fields.items() if name != "state"})
            assert len(drafts(driver, seat)) == 1
        assert len(counts) == 1, (path, "recorded twice")
        # What was typed since stays.
        browser.send_form("/draft", {**fields, "text": "other words"})
        browser.send_form(asks, sent)
        assert len(drafts(driver, seat)) == 1
        driver.store.drafts.clear(driver.run, seat)


def test_what_was_sent_is_known_by_its_name_its_words_its_seat_and_where_it_was_sent(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    seat, other, asks = joined("seat:teller"), joined("seat:clerk"), "/sent?of=/seat/decision"
    note = {"key": "decision", "role": "teller", "text": "x", "once": "1"}
    assert seat.send_form("/seat/decision", note).status_code == 200
    assert [one.send_form(asks, note).status_code for one in (seat, other)] == [204, 404]
    assert [seat.send_form(asks, {**note, name: "y"}).status_code for name in ("once", "text")] == [404, 404]
    assert seat.send_form("/sent?of=/seat/message", note).status_code == 404
    assert [seat.send_form(path, {**note, "once": ""}).status_code for path in (asks, "/sent")] == [400, 400]


def test_what_a_server_recorded_before_it_was_killed_the_next_one_knows(driver: Driver) -> None:
    driver.start("knife", "reports")
    forms = [(number, *sent) for number, sent in enumerate(SENT)]
    cookies = {}
    with serving(driver) as server:
        for number, seat, path, fields in forms:
            with Browser(server.addresses[0]) as browser:
                if seat not in cookies:
                    assert browser.join_with(driver.code(seat)).status_code == 200
                    cookies[seat] = dict(browser.cookies)
                browser.cookies.update(cookies[seat])
                assert browser.send_form(path, {**fields, "once": f"once-{number}"}).status_code == 200, path
    driver.opened.conductor.catch_up()
    count = len(driver.opened.conductor.entries)
    # By then nobody could say it any more.
    driver.do(c.CloseAsk("first"))
    with serving(driver) as server:
        for number, seat, path, fields in forms:
            with Browser(server.addresses[0], cookies=cookies[seat]) as browser:
                sent = {**fields, "once": f"once-{number}"}
                assert browser.send_form(f"/sent?of={path}", sent).status_code == 204, path
                assert browser.send_form(path, sent).status_code == 200, path
                # Other words under the same name are another thing.
                assert browser.send_form(f"/sent?of={path}", {**sent, "text": "other words"}).status_code == 404, path
    driver.opened.conductor.catch_up()
    assert [entry.event.kind for entry in driver.opened.conductor.entries[count:]] == ["ask_closed"]


@pytest.fixture
def phone(chromium: Chromium, server: Server) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=SMALL, base_url=server.addresses[0])  # type: ignore[arg-type]
    yield context
    context.close()


def unanswered(route: Route) -> None:
    """The server takes it, and its answer is lost."""
    route.fetch(max_redirects=0)
    route.abort()


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Waits for something that the page asks of us meanwhile."""
    for _ in range(BACK_MS // 50):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came")


def write(page: Page, text: str) -> None:
    if not page.locator("[id='message.text']").is_visible():
        page.locator("[id='message.write'] summary").click()
    page.locator("[id='message.to']").select_option("police")
    page.locator("[id='message.text']").fill(text)
    page.locator("#message").get_by_role("button", name="Send").click()


def is_empty(page: Page) -> None:
    expect(page.locator("[id='message.text']")).to_have_value("", timeout=BACK_MS)
    expect(page.locator("[id='message.to']")).to_have_value("")
    expect(page.locator("#unsent")).to_be_hidden()


@pytest.mark.slow
@in_a_browser
def test_in_a_browser_what_was_recorded_is_found_out_and_what_was_not_stays(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller", "Wu Min")
    unsent, text = page.locator("#unsent"), page.locator("[id='message.text']")
    page.route("**/seat/message", unanswered)
    held: list[Route] = []
    page.route("**/sent*", lambda route: held.append(route))
    write(page, "Come in")
    expect(unsent).to_contain_text("NO ANSWER: it may have been recorded.")
    until(page, lambda: bool(held))
    # Sent again by hand before it is known: it is recorded, and stands in the form no more.
    page.unroute("**/seat/message")
    page.locator("#message").get_by_role("button", name="Send").click()
    is_empty(page)
    expect(page.locator("#message .kept")).to_have_text("recorded ✓")
    held.pop().abort()
    page.unroute("**/sent*")
    # Found out by itself.
    page.route("**/seat/message", unanswered)
    write(page, "Go out")
    is_empty(page)
    expect(page.locator("#message .kept")).to_have_text("recorded ✓")
    # It never arrived: it is said once that is known, and what was typed stays; over a page that is loaded anew, too.
    page.unroute("**/seat/message")
    page.route("**/seat/message", lambda route: route.abort())
    write(page, "Stay")
    expect(unsent).to_contain_text("NOT SENT: it did not arrive.", timeout=BACK_MS)
    expect(text).to_have_value("Stay")
    page.reload()
    expect(unsent).to_contain_text("NOT SENT: it did not arrive.", timeout=BACK_MS)
    expect(text).to_have_value("Stay")
    # It was recorded, and the page was loaded anew before it knew.
    page.unroute("**/seat/message")
    page.route("**/seat/message", unanswered)
    page.route("**/sent*", lambda route: route.abort())
    page.locator("#message").get_by_role("button", name="Send").click()
    expect(unsent).to_contain_text("NO ANSWER")
    until(page, lambda: len(driver.events("message_sent")) == 3)
    page.reload()
    page.unroute("**/sent*")
    is_empty(page)
    page.unroute("**/seat/message")
    assert [event.text for _, event in driver.events("message_sent")] == ["Come in", "Go out", "Stay"]  # type: ignore[attr-defined]
    assert drafts(driver, "seat:teller") == {}


@pytest.mark.slow
@in_a_browser
def test_in_a_browser_a_first_press_is_in_sight_and_nothing_stays_of_a_seat_that_is_gone(
    phone: BrowserContext,
    chromium: Chromium,
    driver: Driver,
    server: Server,
) -> None:
    driver.start("knife", "orders", "more", "reports")
    page = join(phone, driver, "seat:teller", "Wu Min")
    others = chromium.new_context(viewport=SMALL, base_url=server.addresses[0])  # type: ignore[arg-type]
    judge = others.new_page()
    judge.goto(f"/J/{driver.code('evaluator:E1').replace('-', '')}")
    judge.get_by_role("button", name="Join").click()
    expect(judge.locator("#own")).to_be_attached()
    room = chromium.new_context(viewport=SMALL, base_url=server.addresses[0])  # type: ignore[arg-type]
    wall = join(room, driver, "viewer")
    field = page.locator("[id='answer.words.teller.value']")
    field.click()
    # The field stands right below the header.
    page.evaluate("""() => scrollBy({top: document.activeElement.getBoundingClientRect().top
        - document.getElementById('header').getBoundingClientRect().bottom - 2, behavior: 'instant'})""")
    keys = phone.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "san", "selectionStart": 3, "selectionEnd": 3})
    for one in (judge, wall):
        one.evaluate("() => scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
    driver.do(c.PressEmergency("seat:guard"))
    for one in (page, judge, wall):
        banner = one.locator(".banner.bad")
        expect(banner).to_contain_text("EMERGENCY PRESSED AT Vault · Guard")
        box = banner.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] < SMALL["height"] / 2
    header, its = page.locator("#header").bounding_box(), field.bounding_box()
    assert header is not None
    assert its is not None
    assert its["y"] >= header["y"] + header["height"]
    expect(field).to_be_focused()
    others.close()
    room.close()
    follows(driver, server)
    expect(page.locator("#say")).not_to_be_empty()
    for known in driver.store.seats.passes(driver.run):
        driver.store.seats.kick(driver.run, known.id)
    expect(page.locator("#gone")).to_be_visible()
    expect(page.locator("#say")).to_have_text("")
    assert [word for word in ("Knife", "Orders", "Teller", "teller", "Wu Min", "PRESSED") if word in page.content()] == []


def test_a_word_of_feedback_that_is_half_recorded_is_not_said_to_be_there(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    driver.do(c.End())
    seat, asks = joined("seat:teller", "Wu Min"), "/sent?of=/seat/feedback"
    first = {"key": "feedback", "role": "teller", "category": "gap", "text": "Too few radios"}
    assert seat.send_form("/seat/feedback", {**first, "once": "1"}).status_code == 200
    driver.opened.conductor.catch_up()
    seq = driver.opened.conductor.entries[-1].seq
    other = {**first, "key": f"feedback.{seq}", "text": "Two radios are too few", "once": "2"}
    # A server was killed after the first of two things that the form comes to.
    named = name_of("/seat/feedback", Fields({name: [value] for name, value in other.items()}))
    actor = Actor("seat", roles=("teller",), person="Wu Min")
    driver.opened.conductor.dispatch(c.AddNote("gap", other["text"], role="teller"), actor, name=name_in(f"seat:teller {named}", 0))
    wait_for(lambda: "Two radios are too few" in seat.get("/seat").text)
    assert seat.send_form(asks, other).status_code == 404
    assert seat.send_form("/seat/feedback", other).status_code == 200
    assert seat.send_form(asks, other).status_code == 204
    assert [event.text for _, event in driver.events("noted")] == ["Too few radios", "Two radios are too few"]  # type: ignore[attr-defined]
    assert [event.event for _, event in driver.events("retracted")] == [seq]  # type: ignore[attr-defined]

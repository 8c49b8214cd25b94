"""A real browser: join by code, answer, amend, lose the network and come back with the draft; and nothing asks anything of elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.web.pages.emergency import BOUNCE_S
from tabletop.web.server import Server

from .chromiums import CHROMIUM
from .served import Driver
from .test_faults import fails
from .test_seat import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")]

PHONE = {"width": 375, "height": 812}


@pytest.fixture
def phone(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    """A phone that must not speak to anything but the server, and whose pages must not fail."""
    context = chromium.new_context(viewport=PHONE, base_url=server.addresses[0])  # type: ignore[arg-type]
    asked: list[str] = []
    wrong: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("console", lambda said: wrong.append(said.text) if said.type == "error" and "ERR_INTERNET" not in said.text else None)
    yield context
    context.close()
    assert asked
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
    assert [text for text in wrong if "status of 4" not in text] == []


def join(phone: BrowserContext, driver: Driver, seat: str, name: str = "") -> Page:
    page = phone.new_page()
    page.goto(f"/J/{driver.code(seat).replace('-', '')}")
    expect(page).to_have_url(re.compile("/join$"))
    if name:
        page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join").click()
    arrive(page, seat)
    return page


def arrive(page: Page, seat: str) -> None:
    """Waits for the page of a seat; a screen says that it hangs at no site."""
    if seat == "viewer":
        page.wait_for_url("**/wall/site")
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("document.documentElement.clientWidth")
        page.locator("#where button").click()
    page.wait_for_url("**/seat" if seat != "viewer" else "**/wall")


def test_join_answer_amend_lose_the_network_and_come_back(phone: BrowserContext, driver: Driver) -> None:
    page = join(phone, driver, "seat:teller", "Wu Min")
    expect(page.locator("#page").get_by_text("Not started yet")).to_be_visible()
    driver.start("knife")
    expect(page.get_by_role("heading", name="EXERCISE · Knife")).to_be_visible()
    expect(page.locator("#say")).to_contain_text("A man with a knife")
    page.get_by_role("button", name="Received").click()
    expect(page.get_by_role("button", name="Received")).to_have_count(0)

    first = page.locator("[id='ask.first']")
    first.get_by_label("Option a").check()
    first.get_by_role("button", name="Send").click()
    expect(first.locator(".recorded")).to_contain_text("✓ you: Option a")
    first.get_by_text("Change the answer").click()
    first.get_by_label("Option b").check()
    first.get_by_role("button", name="Send the change").click()
    expect(first.locator(".recorded")).to_contain_text("✓ you: Option b")
    given = driver.events("answer_given")
    assert [(actor, event.value, event.person) for actor, event in given] == [  # type: ignore[attr-defined]
        ("seat:teller", ("a",), "Wu Min"),
        ("seat:teller", ("b",), "Wu Min"),
    ]

    driver.do(c.ReleaseInject("orders", "test"))
    words = page.locator("[id='answer.words.teller']")
    expect(words).to_be_visible()
    phone.set_offline(True)
    words.get_by_label("in your words").fill("Hold the door")
    words.get_by_label("Why (needed)").fill("nobody comes in")
    words.get_by_role("button", name="Send").click()
    expect(page.locator("#lost")).to_be_visible()
    expect(page.locator("#unsent")).to_contain_text("NOT SENT")
    # No line covers another, or the header, which moves down in the next frame.
    rects = "['#lost', '#unsent', '.mark', '#alarm'].map(one => document.querySelector(one).getBoundingClientRect())"
    page.wait_for_function(f"() => {rects}.every((below, at, all) => !at || all[at - 1].bottom <= below.top)")
    tops = page.evaluate(f"() => {rects}")
    assert tops[0]["top"] >= 0
    assert tops[-1]["bottom"] < PHONE["height"] / 2
    assert len(driver.events("answer_given")) == 2
    driver.do(c.AddNote("ruling", "the gate is shut"))
    phone.set_offline(False)
    expect(page.locator("#lost")).to_be_hidden(timeout=15_000)
    expect(page.locator("#page").get_by_text("the gate is shut")).to_be_visible()
    expect(words.get_by_label("in your words")).to_have_value("Hold the door")
    expect(words.locator(".kept")).to_have_text("draft kept")
    page.reload()
    expect(words.get_by_label("in your words")).to_have_value("Hold the door")
    words.get_by_role("button", name="Send").click()
    expect(page.locator("[id='ask.words'] .recorded")).to_contain_text("Hold the door")
    assert driver.store.drafts.load(driver.run, "seat:teller") == {}


def test_what_is_typed_keeps_focus_caret_and_text_while_the_page_changes(phone: BrowserContext, driver: Driver) -> None:
    driver.start("orders", "knife")
    page = join(phone, driver, "seat:teller")
    field = page.locator("[id='answer.words.teller.value']")
    field.click()
    page.keyboard.type("abcdef")
    field.evaluate("field => field.setSelectionRange(2, 4)")
    page.locator("[id='answer.several.teller']").get_by_label("Option d").check()
    field.focus()
    for number in range(3):
        driver.do(c.AddNote("ruling", f"ruling {number}"))
        expect(page.locator("#page").get_by_text(f"ruling {number}")).to_be_visible()
    driver.do(c.ReleaseInject("more", "test"), c.Pause("break"))
    expect(page.get_by_role("heading", name="EXERCISE · More")).to_be_visible()
    assert field.evaluate("field => [document.activeElement === field, field.value, field.selectionStart, field.selectionEnd]") == [
        True,
        "abcdef",
        2,
        4,
    ]
    expect(page.locator("[id='answer.several.teller']").get_by_label("Option d")).to_be_checked()


def kept(driver: Driver) -> str:
    """What is kept of the teller's answer in words."""
    return driver.draft("seat:teller", "answer.words.teller")


def test_what_is_typed_while_a_draft_is_on_its_way_is_saved_after_it(phone: BrowserContext, driver: Driver) -> None:
    driver.start("orders")
    page = join(phone, driver, "seat:teller")
    saves: list[Route] = []
    page.route("**/draft", lambda route: saves.append(route))
    words = page.locator("[id='answer.words.teller']")
    field = words.get_by_label("in your words")
    with page.expect_request("**/draft"):
        field.press_sequentially("Hold")
    field.press_sequentially(" the door")
    page.wait_for_timeout(1500)  # the second save falls due while the first one is on its way
    assert len(saves) == 1
    with page.expect_request("**/draft"):
        saves[0].continue_()
    for _ in range(50):
        # Asked for, it is not yet held here.
        if len(saves) > 1:
            break
        page.wait_for_timeout(100)
    saves[1].continue_()
    expect(words.locator(".kept")).to_have_text("draft kept")
    assert "value=Hold+the+door" in kept(driver)
    page.wait_for_timeout(1200)
    assert len(saves) == 2, "saved, and not again and again"


def test_what_is_typed_while_another_device_answers_is_what_is_kept(phone: BrowserContext, driver: Driver) -> None:
    driver.start("orders")
    page = join(phone, driver, "seat:teller")
    form = page.locator("[id='answer.words.teller']")
    form.get_by_label("in your words").fill("Hold the door")
    # The form moves under what was answered, and is another one there.
    driver.opened.conductor.dispatch(c.GiveAnswer("words", "teller", "Run", rationale="fear"), Actor("seat", roles=("teller",)))
    expect(page.locator("[id='ask.words'] .recorded")).to_contain_text("Run")
    wait_for(lambda: "value=Hold+the+door" in kept(driver))
    expect(form.get_by_label("in your words")).to_have_value("Hold the door")
    page.reload()
    expect(form.get_by_label("in your words")).to_have_value("Hold the door")


def test_what_an_evaluator_types_counts_from_the_first_key_and_the_page_says_so(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    driver.do(c.Jump(120_000))
    page = phone.new_page()
    page.goto(f"/J/{driver.code('evaluator:E1').replace('-', '')}")
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/judge")
    page.goto("/judge?role=clerk")
    form = page.locator("[id='words.clerk']")
    form.locator("textarea").press_sequentially("They")
    expect(form.locator("input[name=at]")).to_have_attribute("placeholder", re.compile(r"0:02:\d\d"))
    begun = str(form.locator("input[name=at]").get_attribute("placeholder"))
    page.wait_for_timeout(1500)
    form.locator("textarea").press_sequentially(" waited")
    assert driver.opened.lease is not None
    # As a console that drives says how far the clock has got.
    driver.opened.lease.beat(driver.opened.conductor.elapsed_ms())
    page.wait_for_timeout(2500)
    form.get_by_role("button", name="Keep").click()
    expect(page.locator("#own")).to_contain_text("They waited")
    [(_, event)] = driver.events("noted")
    minutes, seconds = map(int, begun.split(":")[1:])
    assert event.said_ms == (minutes * 60 + seconds) * 1000  # type: ignore[attr-defined]


def test_a_site_controller_keeps_an_inject_back_looks_at_it_again_and_releases_it(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = phone.new_page()
    page.goto(f"/J/{driver.code('site:outlet').replace('-', '')}")
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/site")
    looking = page.get_by_role("link", name="Open for Orders")
    looking.click()
    page.get_by_label("Why kept back").fill("the guard is on the phone")
    page.get_by_role("button", name="Keep back").click()
    expect(page.locator("#injects")).to_contain_text("kept back by Outlet")
    expect(page.locator("#opened")).to_have_count(0)
    # What is shown has the address that is shown: the same link leads there once more.
    expect(page).to_have_url(re.compile("/site$"))
    looking.click()
    expect(page.locator("#opened")).to_contain_text("(the guard is on the phone)")
    page.get_by_role("button", name="No longer keep it back").click()
    expect(page.locator("#injects")).not_to_contain_text("kept back")
    looking.click()
    page.get_by_role("button", name="Keep back").click()
    expect(page.locator("#injects")).to_contain_text("kept back by Outlet")
    looking.click()
    page.get_by_role("button", name="Release now").click()
    expect(page.locator("#injects")).to_contain_text("released")
    assert [event.inject for _, event in driver.events("inject_released")] == ["knife", "orders"]  # type: ignore[attr-defined]


def test_the_first_key_of_one_note_says_nothing_of_the_next_press(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    driver.do(c.Jump(120_000))
    page = phone.new_page()
    page.goto(f"/J/{driver.code('evaluator:E1').replace('-', '')}")
    page.get_by_role("button", name="Join").click()
    page.wait_for_url("**/judge")
    page.goto("/judge?role=teller")
    form = page.locator("[id='mark.press']")
    form.locator("summary").click()
    note, at = form.locator("input[name=note]"), form.locator("input[name=at]")

    page.evaluate("() => { window.emptied = 0; document.addEventListener('reset', () => window.emptied++); }")

    def press(state: str) -> int:
        """Presses after the clock has gone on by a minute; when that was done, as it was recorded."""
        driver.do(c.Jump(60_000))
        before = len(driver.events("action_marked"))
        expect(page.locator("#clock")).to_have_text(re.compile(rf"0:0{3 + before}:\d\d"))
        form.get_by_role("button", name=state).click()
        page.wait_for_function("before => window.emptied > before", arg=before)
        marked = driver.events("action_marked")
        assert len(marked) == before + 1
        return int(marked[-1][1].said_ms)  # type: ignore[attr-defined]

    note.press_sequentially("late")
    expect(at).to_have_attribute("placeholder", re.compile(r"0:02:\d\d"))
    assert 120_000 <= press("done for") < 180_000
    expect(note).to_have_value("")
    assert press("partly") >= 240_000
    # What was typed and taken away again says nothing either.
    note.press_sequentially("x")
    expect(at).to_have_attribute("placeholder", re.compile(r"0:04:\d\d"))
    note.press("Backspace")
    expect(at).not_to_have_attribute("placeholder", re.compile("."))
    assert press("done for") >= 300_000


def test_an_input_method_at_work_is_let_be(phone: BrowserContext, driver: Driver) -> None:
    driver.start("more")
    page = join(phone, driver, "seat:teller")
    field = page.locator("[id='answer.many.teller.value']")
    field.click()
    keys = phone.new_cdp_session(page)
    keys.send("Input.imeSetComposition", {"text": "san", "selectionStart": 3, "selectionEnd": 3})
    driver.do(c.AddNote("ruling", "meanwhile"))
    page.wait_for_timeout(400)
    expect(page.locator("#page").get_by_text("meanwhile")).to_have_count(0)
    refused = page.evaluate(
        """() => {
            const field = document.activeElement;
            const enter = new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true});
            const late = new KeyboardEvent("keydown", {key: "Enter", keyCode: 229, bubbles: true, cancelable: true});
            return [!field.dispatchEvent(enter), !field.dispatchEvent(late)];
        }"""
    )
    assert refused == [True, True]
    keys.send("Input.insertText", {"text": "三"})
    expect(page.locator("#page").get_by_text("meanwhile")).to_be_visible()
    expect(field).to_have_value("三")
    assert driver.events("answer_given") == []


def test_by_keyboard_alone(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller")

    def tab_to(name: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if name in page.evaluate("() => (document.activeElement.closest('label') || document.activeElement).textContent"):
                return
        raise AssertionError(name)

    tab_to("Option")
    page.keyboard.press("ArrowDown")
    tab_to("Send")
    page.keyboard.press("Enter")
    expect(page.locator("[id='ask.first'] .recorded")).to_be_visible()
    page.wait_for_function("() => document.activeElement.id === 'ask.first'")
    page.keyboard.press("F2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("hello")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#page").get_by_text("T → ").or_(page.locator("#page").get_by_text("hello"))).not_to_have_count(0)
    wait_for(lambda: bool(driver.events("message_sent")))
    assert [event.text for _, event in driver.events("message_sent")] == ["hello"]  # type: ignore[attr-defined]


def test_sent_out_and_an_emergency_change_the_page_at_once(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife")
    page = join(phone, driver, "seat:teller")
    page.get_by_role("button", name="REAL EMERGENCY").click()
    expect(page.locator("#page").get_by_text("EMERGENCY PRESSED AT")).to_be_visible()
    assert page.title() == "EXERCISE · Teller"
    page.wait_for_timeout(500)
    page.get_by_role("button", name="PRESS AGAIN: REAL").click()
    expect(page.get_by_role("heading", name="REAL EMERGENCY")).to_be_visible()
    expect(page.locator("#page").get_by_text("zebra-number 110")).to_be_visible()
    assert "EXERCISE" not in page.content()
    assert page.title() == "REAL EMERGENCY"
    driver.opened.conductor.catch_up()
    driver.do(c.StandDown("false"))
    expect(page.get_by_role("heading", name="EXERCISE · Knife")).to_be_visible()
    [known] = driver.store.seats.passes(driver.run)
    driver.store.seats.kick(driver.run, known.id)
    expect(page.get_by_role("heading", name="You have left your seat")).to_be_visible(timeout=15_000)
    assert "Knife" not in page.content()
    page.wait_for_timeout(1500)
    expect(page.locator("#lost")).to_be_hidden()


def test_places_in_an_order_are_swapped_and_a_clock_counts_by_itself(phone: BrowserContext, driver: Driver) -> None:
    driver.start("orders")
    page = join(phone, driver, "seat:teller")
    order = page.locator("[id='answer.row.teller'] select")
    for place in range(3):
        order.nth(place).select_option(str(place + 1))
    order.nth(2).select_option("1")
    assert [order.nth(place).input_value() for place in range(3)] == ["3", "2", "1"]
    before = page.locator("#clock").text_content()
    assert driver.opened.lease is not None
    for _ in range(60):
        # As a console that drives says how far the clock has got.
        driver.opened.lease.beat(driver.opened.conductor.elapsed_ms())
        page.wait_for_timeout(260)
        if page.locator("#clock").text_content() != before:
            break
    assert page.locator("#clock").text_content() != before
    driver.do(c.Pause("break"))
    expect(page.locator("#page").get_by_text("PAUSED").last).to_be_visible()
    expect(page.locator("#say")).to_have_text("PAUSED · break")
    driver.do(c.ExplainPause("technical"))
    expect(page.locator("#say")).to_have_text(re.compile("^PAUSED · techn"))
    stood = page.locator("#clock").text_content()
    page.wait_for_timeout(1300)
    assert page.locator("#clock").text_content() == stood
    driver.do(c.Resume())
    expect(page.locator("#say")).to_have_text("The clock runs again")
    driver.do(c.End())
    expect(page.locator("#say")).to_contain_text("ENDEX")


@pytest.mark.parametrize("width", [320, 375, 1280])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_no_page_is_wider_than_its_screen(chromium: Browser, server: Server, driver: Driver, width: int, language: str) -> None:
    driver.start("knife", "orders", "more", "reports")
    context = chromium.new_context(viewport={"width": width, "height": 700}, base_url=server.addresses[0])
    for seat in ("seat:teller", "viewer"):
        page = context.new_page()
        page.goto(f"/join?lang={language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.locator("#code").fill(driver.code(seat))
        page.locator("#join button").click()
        arrive(page, seat)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.evaluate(
            "() => [...document.querySelectorAll('button, summary, select, input:not([type])')]"
            ".filter(one => one.offsetParent && one.getBoundingClientRect().height < 40).map(one => one.outerHTML)"
        )
        assert small == []
    context.close()


def test_without_a_script(chromium: Browser, server: Server, driver: Driver) -> None:
    driver.start("knife", "orders")
    context = chromium.new_context(viewport=PHONE, base_url=server.addresses[0], java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/J/{driver.code('seat:teller').replace('-', '')}")
    page.get_by_role("button", name="Join").click()
    page.get_by_role("button", name="Received").click()
    words = page.locator("[id='answer.words.teller']")
    words.get_by_label("in your words").fill("Hold the door")
    words.get_by_label("Why (needed)").fill(" ")
    words.get_by_role("button", name="Send").click()
    expect(words.get_by_role("alert")).to_contain_text("asks for a reason")
    expect(words.get_by_label("in your words")).to_have_value("Hold the door")
    words.get_by_label("Why (needed)").fill("nobody comes in")
    words.get_by_role("button", name="Send").click()
    expect(page.locator("[id='ask.words'] .recorded")).to_contain_text("Hold the door")
    assert page.url.endswith("/seat#ask.words")
    driver.do(c.AddNote("ruling", "the gate is shut"))
    page.get_by_role("link", name="Look for news").click()
    expect(page.locator("#page").get_by_text("the gate is shut")).to_be_visible()
    page.get_by_role("button", name="REAL EMERGENCY").click()
    again = page.get_by_role("button", name="PRESS AGAIN: REAL")
    expect(again).to_be_visible()
    page.wait_for_timeout(1000 * BOUNCE_S)  # faster than that it is a finger that trembles
    again.click()
    expect(page.locator("#page").get_by_text("zebra-number 110")).to_be_visible()
    context.close()


def test_a_fault_of_the_record_takes_no_page_away(
    chromium: Browser, server: Server, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.start("orders")
    context = chromium.new_context(viewport=PHONE, base_url=server.addresses[0])  # type: ignore[arg-type]
    page = join(context, driver, "seat:teller")
    words = page.locator("[id='answer.words.teller']")
    words.get_by_label("in your words").fill("Hold the door")
    words.get_by_label("Why (needed)").fill("nobody comes in")
    expect(words.locator(".kept")).to_have_text("draft kept")
    with monkeypatch.context() as broken:
        broken.setattr(server.app.state.site.hub, "do", fails)
        driver.do(c.AddNote("ruling", "the gate is shut"))
        expect(page.locator("#lost")).to_be_visible()
        words.get_by_role("button", name="Send").click()
        expect(page.locator("#unsent")).to_contain_text("NOT SENT: it was not taken")
        expect(words.get_by_label("in your words")).to_have_value("Hold the door")
        expect(page.locator("#page").get_by_text("the gate is shut")).to_have_count(0)
    expect(page.locator("#page").get_by_text("the gate is shut")).to_be_visible(timeout=15_000)
    expect(page.locator("#lost")).to_be_hidden()
    words.get_by_role("button", name="Send").click()
    expect(page.locator("[id='ask.words'] .recorded")).to_contain_text("Hold the door")
    expect(page.locator("#unsent")).to_be_hidden()
    page.route("**/seat/answer", lambda route: route.fulfill(status=413, body="413"))
    page.locator("#page").get_by_text("Change the answer").click()
    words.get_by_label("in your words").fill("Shut the door")
    words.get_by_role("button", name="Send the change").click()
    expect(page.locator("#unsent")).to_contain_text("NOT SENT")
    expect(words.get_by_label("in your words")).to_have_value("Shut the door")
    assert len(driver.events("answer_given")) == 1
    context.close()


def test_a_late_page_takes_no_emergency_down(phone: BrowserContext, driver: Driver) -> None:
    driver.start("orders")
    page = join(phone, driver, "seat:teller")
    late = page.request.get("/seat").text()
    sent: list[Route] = []
    page.route("**/seat/answer", lambda route: sent.append(route))
    words = page.locator("[id='answer.words.teller']")
    words.get_by_label("in your words").fill("Hold the door")
    words.get_by_label("Why (needed)").fill("because")
    words.get_by_role("button", name="Send").click()
    driver.do(c.PressEmergency("x"), c.PressEmergency("x"))
    expect(page.locator("#page").get_by_text("zebra-number 110")).to_be_visible()
    # What comes back to the answer comes after the emergency, with the page as it was before.
    with page.expect_response("**/seat"):
        sent[0].fulfill(status=200, body=late, content_type="text/html")
    page.wait_for_timeout(300)
    expect(page.locator("#page").get_by_text("zebra-number 110")).to_be_visible()
    expect(page.locator("#page main.emergency")).to_have_count(1)
    driver.do(c.StandDown("over"))
    expect(page.get_by_role("heading", name="EXERCISE · Orders")).to_be_visible()


def test_an_answer_sent_again_is_recorded_once_and_another_text_anew(chromium: Browser, server: Server, driver: Driver) -> None:
    driver.start("orders")
    context = chromium.new_context(viewport=PHONE, base_url=server.addresses[0])  # type: ignore[arg-type]
    context.route("**/events", lambda route: route.abort())  # the page does not hear what was recorded
    page = join(context, driver, "seat:teller")
    page.route("**/seat", lambda route: route.abort())
    words = page.locator("[id='answer.words.teller']")

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    def send(text: str, times: int) -> None:
        words.get_by_label("in your words").fill(text)
        words.get_by_label("Why (needed)").fill("because")
        with page.expect_request("**/seat/answer"):
            words.get_by_role("button", name="Send").click()
        expect(page.locator("#unsent")).to_be_visible()
        wait_for(lambda: len(driver.events("answer_given")) == times)

    page.route("**/seat/answer", lose)
    send("Hold the door", 1)
    send("Hold the door", 1)
    send("Shut the door", 2)
    assert [event.value for _, event in driver.events("answer_given")] == ["Hold the door", "Shut the door"]  # type: ignore[attr-defined]
    context.close()


def test_a_refused_code_and_a_recorded_word_are_said_where_one_looks(phone: BrowserContext, driver: Driver) -> None:
    driver.start("knife", "orders")
    page = phone.new_page()
    page.goto("/join")
    page.locator("#code").fill("AAAA-BBBB")
    page.locator("#join button").click()
    expect(page.get_by_role("alert").filter(has_text="code")).to_be_visible()
    # The stream of the door opens meanwhile, and must not take it away.
    page.wait_for_timeout(1500)
    expect(page.get_by_role("alert").filter(has_text="code")).to_be_visible()
    page.locator("#code").fill(driver.code("seat:teller"))
    page.locator("#join button").click()
    page.wait_for_url("**/seat")
    page.locator("#page").get_by_text("Record a decision of your own").click()
    page.locator("#decision textarea").first.fill("Shut the gate")
    page.locator("#decision button").click()
    expect(page.locator("#decision .kept")).to_contain_text("recorded")
    assert [getattr(event, "text", "") for _, event in driver.events("decision_made")] == ["Shut the gate"]


def test_a_phone_that_finds_no_stream_at_the_door_says_nothing_of_a_lost_connection(
    chromium: Browser, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = chromium.new_context(viewport=PHONE, base_url=server.addresses[0])  # type: ignore[arg-type]
    monkeypatch.setattr(server.app.state.site.streams, "_settings", replace(server.app.state.site.settings, most_streams_of_an_address=0))
    page = phone.new_page()
    with page.expect_response("**/door/events") as turned:
        page.goto("/join")
    assert turned.value.status == 503
    page.wait_for_timeout(700)
    expect(page.locator("#lost")).to_be_hidden()
    phone.set_offline(True)
    expect(page.locator("#lost")).to_be_visible()
    phone.set_offline(False)
    expect(page.locator("#lost")).to_be_hidden(timeout=10_000)
    phone.close()

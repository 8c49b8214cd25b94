"""A phone behind a cut link: nothing is sent, nothing that is typed is lost, and an emergency gets through (exercise-format: `cut`)."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.web.pages.emergency import BOUNCE_S
from tabletop.web.server import Server

from .chromiums import CHROMIUM
from .served import Browser, Driver, visible
from .test_chromium import PHONE, join  # a fixture
from .test_faults import follows

Joined = Callable[..., Browser]

CUT = "NO LINK · EXERCISE: this can be sent once the link is back."

POSTS: dict[str, dict[str, object]] = {
    "/seat/answer": {"ask": "words", "role": "teller", "value": "anybody there", "rationale": "r", "key": "answer.words.teller"},
    "/seat/received": {"inject": "knife", "role": "teller"},
    "/seat/decision": {"role": "teller", "text": "we stay", "reason": "dark"},
    "/seat/message": {"role": "teller", "to": "guard", "text": "who hears"},
}


def cut(driver: Driver, server: Server) -> None:
    """The teller has something of every sort to send; then the link is cut."""
    driver.start("knife", "orders", "more")
    driver.opened.conductor.dispatch(c.SendMessage("police", "teller", "come out"), Actor("control", roles=("police",)))
    driver.do(c.ReleaseInject("dark", "test"))
    follows(driver, server)


def forms(page: str) -> dict[str, str]:
    """The forms of a page by id."""
    return dict(re.findall(r'<form id="([^"]+)"(.*?)</form>', page, re.DOTALL))


def ways_out(form: str) -> list[str]:
    """Where the buttons of a form send it, those that can be pressed."""
    buttons = re.findall(r"<button([^>]*)>", form)
    action = re.findall(r'action="([^"]+)"', form)[0]
    return [(re.findall(r'formaction="([^"]+)"', one) or [action])[0] for one in buttons if " disabled" not in one]


def test_nothing_can_be_sent_and_the_page_says_why(driver: Driver, joined: Joined, server: Server) -> None:
    seat = joined("seat:teller", "Wu")
    cut(driver, server)
    page = seat.get("/seat").text
    assert "NO LINK · EXERCISE" in page
    known = forms(page)
    assert {"received.knife.teller", "answer.words.teller", "answer.first.teller", "message", "decision"} <= known.keys()
    [read] = [name for name in known if name.startswith("read.")]
    for name, form in known.items():
        if "/seat/" in form:
            nothing_to_type = name in ("received.knife.teller", "answer.sure.teller")
            assert ways_out(form) == ([] if nothing_to_type else ["/draft"]), name
            assert CUT in html.unescape(form), name
            assert f'aria-describedby="{name}.cut"' in form, name
            assert f'<input type="hidden" name="key" value="{name}">' in form or nothing_to_type, name
    assert ways_out(known["alarm"]) == ["/emergency"]
    driver.do(c.ReleaseInject("light", "test"))
    follows(driver, server)
    back = forms(seat.get("/seat").text)
    assert [ways_out(back[name]) for name in ("received.knife.teller", read, "decision")] == [
        ["/seat/received"],
        ["/seat/read"],
        ["/seat/decision"],
    ]
    assert CUT not in html.unescape(seat.get("/seat").text)


@pytest.mark.parametrize("path", POSTS)
def test_a_form_of_an_older_page_is_not_taken_and_what_stands_in_it_is_kept(
    driver: Driver, joined: Joined, server: Server, path: str
) -> None:
    seat = joined("seat:teller", "Wu")
    cut(driver, server)
    back = seat.send_form(path, POSTS[path])
    assert (back.status_code, CUT in html.unescape(visible(back.text))) == (409, True)
    assert "What you typed is still here" not in back.text, "said once"
    for page in (back.text, seat.get("/seat").text):
        for name in ("value", "rationale", "text", "reason"):
            assert str(POSTS[path].get(name, "")) in page, name
    assert driver.events("emergency_raised") == []
    driver.do(c.ReleaseInject("light", "test"))
    follows(driver, server)
    assert seat.send_form(path, POSTS[path]).status_code == 200
    assert driver.store.drafts.load(driver.run, "seat:teller") == {}


def test_an_emergency_gets_through(driver: Driver, joined: Joined, server: Server) -> None:
    seat = joined("seat:teller", "Wu")
    cut(driver, server)
    assert "PRESS AGAIN" in seat.send_form("/emergency", {}).text
    time.sleep(BOUNCE_S)
    assert "zebra-number 110" in seat.send_form("/emergency", {}).text
    assert [actor for actor, _ in driver.events("emergency_confirmed")] == ["seat:teller"]


def test_of_a_group_the_roles_with_a_link_send(driver: Driver, joined: Joined, server: Server) -> None:
    seat = joined("seat:teller+guard", "Scribe")
    cut(driver, server)
    page = seat.get("/seat").text
    known = forms(page)
    assert "<strong>Teller: NO LINK · EXERCISE</strong>" in page
    assert (ways_out(known["received.knife.teller"]), ways_out(known["received.knife.guard"])) == ([], ["/seat/received"])
    assert ways_out(known["decision"]) == ["/seat/decision"]
    assert "1 Teller · NO LINK · EXERCISE</option>" in known["decision"]
    refused = seat.send_form("/seat/decision", {"role": "teller", "text": "we stay"})
    assert (refused.status_code, "we stay" in refused.text) == (409, True)
    assert seat.send_form("/seat/decision", {"role": "guard", "text": "we come"}).status_code == 200


def test_what_can_be_sent_no_more_is_shown_until_it_is_thrown_away(driver: Driver, joined: Joined, server: Server) -> None:
    seat = joined("seat:teller", "Wu")
    cut(driver, server)
    for key, fields in (("answer.several.teller", {"value": ["c", "e"]}), ("decision", {"role": "teller", "text": "we stay"})):
        seat.send_form("/draft", {"key": key, **fields})
    seat.send_form("/draft", {"key": "answer.lock.guard", "value": "not mine"})
    assert "TYPED AND NOT SENT" not in seat.get("/seat").text
    driver.do(c.CloseAsk("several"), c.ReleaseInject("light", "test"))
    follows(driver, server)
    page = seat.get("/seat").text
    said = visible(page.partition('<section id="unsent-words"')[2].partition("</section>")[0])
    assert "several? Option c · Option e Throw it away" in said
    assert "we stay" not in said, "it can be sent"
    driver.do(c.End())
    follows(driver, server)
    assert "we stay" in visible(seat.get("/seat").text)
    assert "not mine" not in seat.get("/seat").text
    left = seat.send_form("/draft", {"key": "answer.several.teller"}).text
    assert ("Option c · Option e" in left, "we stay" in left) == (False, True)


def test_a_draft_of_a_word_afterwards_is_nobody_elses(driver: Driver, joined: Joined, server: Server) -> None:
    seat, second = joined("seat:teller", "Wu"), joined("seat:teller", "Lin")
    driver.start("knife")
    driver.do(c.End())
    follows(driver, server)
    seat.send_form("/draft", {"key": "feedback", "role": "teller", "text": "she froze"})
    assert "she froze" in seat.get("/seat").text
    assert "she froze" not in second.get("/seat").text


@pytest.fixture
def phone(chromium: Chromium, server: Server) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport=PHONE, base_url=server.addresses[0])  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
def test_in_a_browser_it_is_all_there_after_the_restore_and_is_sent(phone: BrowserContext, driver: Driver) -> None:
    driver.start("orders", "more")
    page = join(phone, driver, "seat:teller", "Wu Min")
    driver.do(c.ReleaseInject("dark", "test"))
    words, many = page.locator("[id='answer.words.teller']"), page.locator("[id='answer.many.teller']")
    send = words.get_by_role("button", name="Send")
    expect(send).to_be_disabled()
    expect(send).to_have_accessible_description(re.compile("NO LINK"))
    words.get_by_label("in your words").fill("Hold the door")
    words.get_by_label("Why (needed)").fill("nobody comes in")
    many.locator("input[name=value]").fill("12")
    many.locator("input[name=value]").press("Enter")
    for form in (words, many):
        expect(form.locator(".kept")).to_have_text("draft kept")
    page.reload()
    expect(words.get_by_label("in your words")).to_have_value("Hold the door")
    assert driver.events("answer_given") == []
    driver.do(c.ReleaseInject("light", "test"))
    expect(send).to_be_enabled()
    expect(many.locator("input[name=value]")).to_have_value("12")
    send.click()
    expect(page.locator("[id='ask.words'] .recorded")).to_contain_text("Hold the door")


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
def test_a_question_that_is_closed_while_somebody_types_leaves_every_word(phone: BrowserContext, driver: Driver) -> None:
    driver.start("orders")
    page: Page = join(phone, driver, "seat:teller", "Wu Min")
    field = page.locator("[id='answer.words.teller']").get_by_label("in your words")
    with page.expect_request("**/seat"):
        field.press_sequentially("Hold the door")
        driver.do(c.CloseAsk("words"))
    expect(field).to_have_count(0)
    expect(page.locator("#unsent-words")).to_contain_text("Hold the door")


def test_what_was_late_before_the_cut_stands_still_and_goes_on_afterwards(driver: Driver, joined: Joined, server: Server) -> None:
    seat = joined("seat:teller", "Wu")
    driver.start("orders")
    driver.opened.conductor.dispatch(c.SendMessage("police", "teller", "come out"), Actor("control", roles=("police",)))
    [message] = driver.opened.conductor.state.messages

    def late() -> tuple[bool, str]:
        """Whether it counts, and what is said of how long the reading back still has, or how late it is."""
        follows(driver, server)
        form = forms(seat.get("/seat").text)[f"read.{message.seq}"]
        [(counts, said)] = re.findall(r'<span class="left[^"]*"( data-until="\d+")?>([^<]*)</span>', form)
        return bool(counts), said

    driver.do(c.SetSpeed(60.0))
    for _ in range(200):
        if late()[1].startswith("over"):
            break
        time.sleep(0.1)
    driver.do(c.ReleaseInject("dark", "test"))
    counts, said = late()
    assert not counts
    assert said.startswith("over")
    time.sleep(0.5)
    assert late() == (False, said)
    driver.do(c.ReleaseInject("light", "test"), c.SetSpeed(1.0))
    counts, after = late()
    assert counts
    seconds = [60 * int(minutes) + int(rest) for minutes, rest in re.findall(r"(\d+):(\d\d)", f"{said} {after}")]
    assert seconds[0] <= seconds[1] <= seconds[0] + 12, "half a minute without link is none of it"

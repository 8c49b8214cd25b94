"""One browser for another seat, one address for another run, one seat for two devices: nothing is said in the name of somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext, Page, expect

from tabletop.engine import commands as c
from tabletop.web.server import Where
from tabletop.web.visit import cookie_name

from .served import Browser, Driver, serving, visible
from .test_chromium import join  # fixtures
from .test_lost_answers import BACK_MS, SENT, drafts, in_a_browser, phone, unanswered, until  # noqa: F401  # fixtures
from .test_seat import wait_for

Joined = Callable[..., Browser]


def judging(context: BrowserContext, driver: Driver, seat: str) -> Page:
    """A page of somebody who joined with a code for that seat, whoever has the browser already."""
    page = context.new_page()
    page.goto(f"/J/{driver.code(seat).replace('-', '')}")
    page.get_by_role("button", name="Join").click()
    expect(page.locator("#own")).to_be_attached()
    return page


@pytest.mark.parametrize(
    ("page_of", "status", "noted"),
    [("{run} evaluator:E1", 200, 1), ("{run} evaluator:E2", 409, 0), ("seat-0 evaluator:E1", 409, 0), ("{run} ", 200, 1), ("1", 200, 1)],
)
def test_a_page_sends_nothing_under_a_pass_that_it_was_not_made_for(
    driver: Driver, joined: Joined, page_of: str, status: int, noted: int
) -> None:
    driver.start("knife")
    one = joined("evaluator:E1")
    headers = {"origin": one.address, "x-part": quote(page_of.format(run=cookie_name(driver.run)))}
    fields = {"category": "gap", "text": "x"}
    assert one.post("/judge/note", data=fields, headers=headers).status_code == status
    assert one.post("/draft", data={**fields, "key": "note"}, headers=headers).status_code == (status if status == 409 else 204)
    assert len(driver.events("noted")) == noted
    assert len(drafts(driver, "evaluator:E1")) == noted
    # Whose page it was asks nobody in an emergency.
    assert one.post("/emergency", headers=headers).status_code == 200
    assert len(driver.events("emergency_raised")) == 1


@in_a_browser
def test_whoever_joins_in_the_same_browser_says_nothing_that_was_typed_by_the_one_before(phone: BrowserContext, driver: Driver) -> None:  # noqa: F811
    driver.start("knife")
    first = judging(phone, driver, "evaluator:Eins")
    # It does not hear that another has this browser now.
    first.route(re.compile("/(judge|here|events)$"), lambda route: route.abort())
    second = judging(phone, driver, "evaluator:李")
    first.locator("[id='note.text']").fill("of the first")
    first.unroute_all()
    first.locator("#note").get_by_role("button", name="Keep").click()
    expect(first.locator("body")).to_have_attribute("data-seat", "evaluator:李", timeout=BACK_MS)
    expect(first.locator("[id='note.text']")).to_have_value("")
    second.locator("[id='note.text']").fill("of the second")
    second.locator("#note").get_by_role("button", name="Keep").click()
    expect(second.locator("#own")).to_contain_text("of the second")
    assert [(who, event.text) for who, event in driver.events("noted")] == [("evaluator:李", "of the second")]  # type: ignore[attr-defined]


@pytest.mark.slow
@in_a_browser
def test_nothing_that_was_typed_in_one_run_comes_into_the_next_at_the_same_address(
    chromium: Chromium,
    driver: Driver,
    tmp_path: Path,
) -> None:
    (tmp_path / "next").mkdir(mode=0o700)
    after = Driver(tmp_path / "next" / "store.db")
    for each in (driver, after):
        each.start("knife", "more")
    with serving(driver) as server:
        address = server.addresses[0]
        context = chromium.new_context(base_url=address)
        page = join(context, driver, "seat:teller", "Wu Min")
        many = page.locator("[id='answer.many.teller.value']")
        many.fill("41")
        expect(page.locator("[id='answer.many.teller'] .kept")).to_have_text("draft kept")
        page.locator("[id='decision.write'] summary").click()
        page.route("**/draft", lambda route: route.abort())
        page.locator("[id='decision.text']").fill("words of the run before")
        expect(page.locator("#lost")).to_be_visible(timeout=BACK_MS)
        # It hears nothing until somebody has joined the next run in this browser.
        page.route("**/*", lambda route: route.abort())
    port = int(re.search(r":(\d+)", address)[1])  # type: ignore[index]
    with serving(after, Where(port=port)):
        join(context, after, "seat:teller", "Wu Min")
        page.unroute_all()
        expect(page.locator("body")).to_have_attribute("data-run", cookie_name(after.run), timeout=30_000)
        expect(many).to_have_value("")
        expect(page.locator("[id='decision.text']")).to_have_value("")
        page.wait_for_timeout(1500)
        assert drafts(after, "seat:teller") == {}
        assert after.events("answer_given") == after.events("decision_made") == []
        context.close()
    after.close()


def test_what_somebody_else_at_the_seat_sends_leaves_a_draft_alone(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    ann, bob = joined("seat:teller", "Ann"), joined("seat:teller", "Bob")
    typed = {"key": "decision", "role": "teller", "text": "Half a"}
    ann.send_form("/draft", typed)
    bob.send_form("/seat/decision", {**typed, "text": "Lock the door", "once": "b1"})
    assert ["Half+a" in text for text in drafts(driver, "seat:teller").values()] == [True]
    # Whoever typed it sends more than was kept of it last.
    ann.send_form("/seat/decision", {**typed, "text": "Half a plan", "once": "a1"})
    assert drafts(driver, "seat:teller") == {}
    # The very same, sent by another, is said.
    ann.send_form("/draft", typed)
    bob.send_form("/seat/decision", {**typed, "once": "b2"})
    assert drafts(driver, "seat:teller") == {}


def in_form(page: str) -> str:
    """What stands in the form of a decision."""
    return page.partition('id="decision.text"')[2].partition(">")[2].partition("</textarea>")[0]


@pytest.mark.parametrize("names", [("Ann", "Bob"), ("", "Bob"), ("Ann", ""), ("", "")])
def test_two_who_write_at_one_role_keep_their_own_words_and_send_them_under_their_own_name(
    driver: Driver, joined: Joined, names: tuple[str, str]
) -> None:
    driver.start("knife")
    ann, bob = (joined("seat:teller", name) for name in names)
    for one in (ann, bob):
        one.get("/seat")
    for one, text in ((ann, "Hold the door"), (bob, "Run")):
        one.send_form("/draft", {"key": "decision", "role": "teller", "text": text})
    assert [in_form(one.get("/seat").text) for one in (ann, bob)] == ["Hold the door", "Run"]
    bob.send_form("/seat/decision", {"key": "decision", "role": "teller", "text": "Run now", "once": "b1"})
    assert [in_form(one.get("/seat").text) for one in (ann, bob)] == ["Hold the door", ""]
    ann.send_form("/seat/decision", {"key": "decision", "role": "teller", "text": in_form(ann.get("/seat").text), "once": "a1"})
    said = [(event.text, event.person) for _, event in driver.events("decision_made")]  # type: ignore[attr-defined]
    assert [text for text, _ in said] == ["Run now", "Hold the door"]
    assert names[0] in ("", said[1][1]), "nobody's words are put down to another"
    assert drafts(driver, "seat:teller") == {}


def test_what_the_other_holder_answered_is_not_called_yours(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    ann, bob = joined("seat:teller", "Ann"), joined("seat:teller", "Bob")
    ann.answer("first", value="a")
    wait_for(lambda: "✓ Ann: Option a" in visible(bob.get("/seat").text))
    assert "✓ you: Option a" in visible(ann.get("/seat").text)
    driver.do(c.SeatPerson("teller", "Ann Wu"))
    wait_for(lambda: "Ann Wu" in ann.get("/seat").text)
    assert "✓ you: Option a" in visible(ann.get("/seat").text), "under another name, too"


def test_what_somebody_typed_goes_on_at_another_device_once_its_own_is_nobody_elses(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    typed = {"key": "decision", "role": "teller", "text": "Hold the door"}
    joined("seat:teller", "Ann").send_form("/draft", typed)
    again, other = joined("seat:teller", "ann "), joined("seat:teller", "Bob")
    assert [in_form(one.get("/seat").text) for one in (again, other)] == ["Hold the door", ""]
    again.send_form("/draft", {**typed, "text": ""})
    assert in_form(again.get("/seat").text) == "", "what was taken up and wiped out does not come back"
    assert drafts(driver, "seat:teller") == {}
    again.send_form("/draft", typed)
    for one in driver.store.seats.passes(driver.run):
        if one.name == "ann":
            driver.store.seats.kick(driver.run, one.id)
    assert in_form(other.get("/seat").text) == "Hold the door", "from a device that was sent out"


def test_the_words_of_a_phone_without_a_name_go_on_at_another_once_it_is_gone(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    joined("seat:teller").send_form("/draft", {"key": "decision", "role": "teller", "text": "Hold the door"})
    other = joined("seat:teller")
    [first, _] = driver.store.seats.passes(driver.run)
    wait_for(lambda: any(one.place == first.id for one in driver.store.presence.all(driver.run)))
    assert in_form(other.get("/seat").text) == ""
    driver.store.presence.leave(driver.run, [first.id])
    assert in_form(other.get("/seat").text) == "Hold the door"


def test_a_judge_finds_what_was_typed_at_another_device(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    joined("evaluator:E1").send_form("/draft", {"key": "note", "text": "Calm voice"})
    assert "Calm voice" in joined("evaluator:E1").get("/judge").text


def test_who_comes_back_with_another_pass_under_the_same_name_sends_their_own_draft(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    typed = {"key": "decision", "role": "teller", "text": "Half a"}
    joined("seat:teller", "Ann").send_form("/draft", typed)
    joined("seat:teller", "ann ").send_form("/seat/decision", {**typed, "text": "Half a plan", "once": "a1"})
    assert drafts(driver, "seat:teller") == {}


def test_what_was_sent_is_known_to_whoever_comes_back_to_the_seat_with_another_pass(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    before = joined("seat:teller")
    note = {"key": "decision", "role": "teller", "text": "x", "once": "1"}
    assert before.send_form("/seat/decision", note).status_code == 200
    again, other = joined("seat:teller"), joined("seat:clerk")
    assert [one.send_form("/sent?of=/seat/decision", note).status_code for one in (again, other)] == [204, 404]
    again.send_form("/seat/decision", note)
    assert len(driver.events("decision_made")) == 1


@pytest.mark.parametrize(("seat", "path", "fields"), SENT)
def test_without_a_script_nothing_of_one_seat_is_taken_or_kept_as_another(
    driver: Driver, joined: Joined, seat: str, path: str, fields: dict[str, str]
) -> None:
    driver.start("knife", "reports")
    browser = joined(seat)
    part = re.findall(r'name="part" value="([^"]+)"', browser.get("/").text)[0]
    assert browser.send_form("/draft", {**fields, "part": part}).status_code in (200, 204)
    before = drafts(driver, seat)
    assert browser.join_with(driver.code("seat:guard")).status_code == 200
    for to in (path, "/draft", "/name"):
        answer = browser.send_form(to, {**fields, "part": part, "once": "1"})
        # A player has no business with the pages of those who judge, whosever they were.
        others = to.startswith("/judge")
        assert (answer.status_code, "Nothing was recorded" in visible(answer.text)) == ((403, False) if others else (409, True)), to
    assert "本浏览器现在的席位不同" in browser.send_form("/name?lang=zh-Hans", {"part": part}).text
    assert (drafts(driver, "seat:guard"), drafts(driver, seat)) == ({}, before)
    driver.opened.conductor.catch_up()
    assert not [entry for entry in driver.opened.conductor.entries if entry.actor != "driver"]
    mine = re.findall(r'name="part" value="([^"]+)"', browser.get("/").text)[0]
    note = {"key": "decision", "role": "guard", "text": "x", "part": mine}
    assert browser.send_form("/seat/decision", note).status_code == 200
    assert len(driver.events("decision_made")) == 1

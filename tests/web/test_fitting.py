"""What a room reads at one look fits its screen: revealed answers and the head count of a real emergency. Nobody scrolls a projector."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.web.server import Server
from tests.builders import ExerciseDraft

from .chromiums import CHROMIUM
from .served import Browser, Driver, visible
from .test_faults import follows

Joined = Callable[..., Browser]

SIZES = [(1024, 768), (1280, 720), (1366, 768), (1920, 1080)]

LONG = (
    "Press the button under the desk with my knee while his eyes are on counter 2, and keep my hands in view",
    "Wait until he turns his head away, as a movement now could be noticed, and press then",
    "Press the loud alarm at once, so that people in the street hear it and he runs off",
    "Leave it alone, as the monitoring centre watches the hall on camera and will see what goes on",
)


def crowd() -> ExerciseDraft:
    """Forty tellers with two people each, one question with long options."""
    draft = ExerciseDraft("crowd", real_emergency={"number": "110", "muster": "Leave by the nearest marked exit and meet at the gate."})
    for number in range(40):
        draft.role(f"teller-{number}", holders=2)
    draft.objective("calm", core=True).inject("knife", title="Knife", text="A man with a knife.")
    draft.expects("press", by="teller-0", objective="calm")
    options = [{"id": f"o{number}", "text": text} for number, text in enumerate(LONG)]
    draft.asks("alarm", to=["teller-0"], question="He has not looked at you yet. What do you do about the alarm?", options=options)
    return draft


@pytest.fixture
def driver(tmp_path: Path) -> Iterator[Driver]:
    made = Driver(tmp_path / "crowd.db", exercise=json.dumps(crowd().data, sort_keys=True))
    yield made
    made.close()


def seated(driver: Driver, people: int) -> None:
    """So many people sit at the first tellers; nobody plays the others."""
    driver.do(*(c.StaffRole(f"teller-{number}", "people" if 2 * number < people else "nobody") for number in range(40)))
    driver.do(*(c.SeatPerson(f"teller-{one // 2}", f"Zhang Xiaoming {one}", "AB"[one % 2]) for one in range(people)))  # type: ignore[arg-type]


def test_who_is_missing_stands_first(driver: Driver, joined: Joined, server: Server) -> None:
    seated(driver, 4)
    wall, seat = joined("viewer"), joined("seat:teller-9")
    driver.do(c.PressEmergency("console"), c.PressEmergency("console"))
    driver.do(c.CountPerson("Zhang Xiaoming 0"), c.CountPerson("Zhang Xiaoming 2"))
    follows(driver, server)
    for page in (wall.get("/wall").text, seat.get("/seat").text):
        roll = [html.unescape(visible(one)) for one in re.findall("<li.*?</li>", page.partition('<ul class="roll"')[2])]
        named = [re.findall(r"(.) Zhang Xiaoming (\d)", one) for one in roll]
        assert [found for [found] in filter(None, named)] == [("☐", "1"), ("☐", "3"), ("✓", "0"), ("✓", "2")]
    assert 'data-more="… {} more"' in wall.get("/wall").text
    assert "data-more" not in seat.get("/seat").text, "whoever sits at a device can scroll"


@pytest.fixture
def wall(chromium: Chromium, server: Server, driver: Driver) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, base_url=server.addresses[0])
    page = context.new_page()
    page.goto("/join")
    page.locator("#code").fill(driver.code("viewer"))
    page.locator("#join button").click()
    page.wait_for_url("**/wall")
    yield page
    context.close()


def resized(page: Page, width: int, height: int) -> None:
    """A screen of that size, to which the page has fitted what it shows."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(f"innerWidth === {width} && innerHeight === {height}")
    # `resize` is told before a frame is drawn.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


LOWEST = "all => Math.max(...all.map(one => one.getBoundingClientRect().bottom))"


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
def test_revealed_answers_fit_every_projector_what_was_chosen_first(wall: Page, driver: Driver) -> None:
    driver.start("knife")
    driver.opened.conductor.dispatch(c.GiveAnswer("alarm", "teller-0", ("o3",)), Actor("seat", roles=("teller-0",)))
    driver.do(c.RevealAnswers("alarm", names=True))
    answers = wall.locator(".wall .tally li")
    expect(answers).to_have_count(4)
    expect(answers.first).to_contain_text(LONG[3])
    for _ in range(2):
        for width, height in SIZES:
            resized(wall, width, height)
            assert answers.evaluate_all(LOWEST) <= height, (width, height)
            assert answers.first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 18
            # Large, where there is room for it: what is short is read from the last row of seats.
            tall = wall.evaluate("document.documentElement.scrollHeight")
            assert wall.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--fit')") > "1" or tall > height * 0.9
        driver.do(c.PressEmergency("console"), c.PressEmergency("console"), c.StandDown("a cable smoked"))
        expect(wall.locator(".banner")).to_have_count(2)
    # A phone is read by who holds it: nothing becomes smaller there.
    resized(wall, 375, 500)
    assert wall.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--fit')") == "1"


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
def test_a_head_count_fits_and_says_how_many_more(wall: Page, driver: Driver) -> None:
    driver.start("knife")
    people = wall.locator(".roll li:not(.more)")
    more = wall.locator(".roll .more")
    for count, sizes in ((14, SIZES), (60, [(1366, 768), (1920, 1080)])):
        seated(driver, count)
        driver.do(c.PressEmergency("console"), c.PressEmergency("console"))
        expect(people).to_have_count(count)
        for width, height in sizes:
            resized(wall, width, height)
            assert people.evaluate_all(LOWEST) <= height, (count, width, height)
            assert wall.locator(".roll li:visible").count() == count
            assert people.first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 12
        driver.do(c.StandDown("a cable smoked"))
        expect(wall.locator(".wall")).to_be_visible()
    driver.do(c.PressEmergency("console"), c.PressEmergency("console"), c.CountPerson("Zhang Xiaoming 0"))
    expect(people).to_have_count(60)
    # Where it is too many all the same.
    wall.set_viewport_size({"width": 1000, "height": 500})
    expect(more).to_be_visible()
    left = int(re.findall(r"… (\d+) more", more.inner_text())[0])
    assert left == 60 - wall.locator(".roll li:not(.more):visible").count() > 0
    assert wall.locator(".roll li:visible").evaluate_all(LOWEST) <= 500
    expect(wall.get_by_text("Zhang Xiaoming 1 ·")).to_be_visible()
    expect(wall.locator(".roll .there")).to_be_hidden()
    # What changes afterwards is counted anew.
    driver.do(c.CountPerson("Zhang Xiaoming 1"))
    expect(wall.get_by_text("Zhang Xiaoming 1 ·")).to_be_hidden()
    assert re.findall(r"\d+", more.inner_text()) == [str(60 - wall.locator(".roll li:not(.more):visible").count())]


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
def test_after_endex_the_hot_wash_is_timed_and_fits(wall: Page, driver: Driver) -> None:
    driver.start("knife")
    wash = wall.locator("#wash")
    expect(wash).to_have_count(0)
    driver.do(*(c.AddNote("ruling", f"no camera in room {one}, says the head of the branch") for one in range(9)))
    driver.do(c.End())
    expect(wash).to_be_visible()
    first = wash.inner_text()
    assert re.fullmatch(r"0:\d\d", first)
    expect(wash).not_to_have_text(first)
    assert wall.get_by_text("HOT WASH").count() == 1
    expect(wall.locator("p.clock")).to_have_text(re.compile(r"^[^▶‖]+$"))
    for width, height in SIZES:
        resized(wall, width, height)
        assert wash.evaluate("one => one.getBoundingClientRect().bottom") <= height, (width, height)
        assert wash.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 24

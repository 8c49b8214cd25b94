"""What a wall lists: the newest last and always in sight on a projector; what came before is counted and folded away."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from tabletop.engine import commands as c
from tabletop.web.pages.wall import LINES, newest
from tabletop.web.server import Server

from .chromiums import CHROMIUM
from .served import Browser, Driver, visible
from .test_faults import follows
from .test_fitting import resized

Joined = Callable[..., Browser]

LONG = {"en": "The police close the street from the bridge to the market, and nobody leaves by the back door until they say so. " * 2}
LONG["zh-Hans"] = "公安机关已封控从大桥到市场的街道，在其通知之前任何人不得从后门离开，各岗位人员原地等待并保持电话畅通。" * 2


def rulings(driver: Driver, count: int, text: str = "") -> None:
    driver.do(*(c.AddNote("ruling", f"Ruling {number} {text}".strip()) for number in range(1, count + 1)))


def listed(page: str) -> tuple[int, list[str]]:
    """How many are folded away, and what is in sight."""
    main = html.unescape(page.partition('<div class="wall">')[2].partition("</main>")[0])
    folded = re.findall(r'<details id="earlier".*?<summary>… (\d+) earlier</summary>', main)
    shown = re.sub(r"<details.*?</details>", "", main, flags=re.DOTALL)
    return int(folded[0]) if folded else 0, [visible(one) for one in re.findall(r"<li>(.*?)</li>", shown, re.DOTALL)]


@pytest.mark.parametrize("view", ["rulings", "timeline"])
def test_the_newest_are_in_sight_and_the_others_are_counted(driver: Driver, joined: Joined, server: Server, view: str) -> None:
    wall = joined("viewer")
    driver.start("knife")
    rulings(driver, 20)
    driver.do(c.TurnWall(view))  # type: ignore[arg-type]
    follows(driver, server)
    page = wall.get("/wall").text
    folded, shown = listed(page)
    assert shown[-1].endswith("Ruling 20")
    assert len(shown) == LINES
    assert folded + len(shown) == (20 if view == "rulings" else 22)
    assert all(f"Ruling {number}<" in page for number in range(1, 21)), "a phone unfolds them"
    driver.do(c.Pause("break"))
    follows(driver, server)
    assert len(listed(wall.get("/wall").text)[1]) == LINES - 2, "a sentence above takes their room"


def test_a_list_that_fits_is_whole_and_an_empty_one_says_so_in_the_middle(driver: Driver, joined: Joined, server: Server) -> None:
    wall = joined("viewer")
    driver.start("knife")
    driver.do(c.TurnWall("parked"))
    follows(driver, server)
    page = wall.get("/wall").text
    assert '<p class="told">nothing yet</p>' in page
    assert 'class="timed"' not in page
    driver.do(c.AddNote("parked", "Who pays"))
    follows(driver, server)
    folded, [only] = listed(wall.get("/wall").text)
    assert (folded, only.endswith("Who pays")) == (0, True)


@pytest.mark.parametrize(("texts", "lines", "count"), [([], 3, 0), (["a"] * 5, 3, 3), (["a", "b" * 100], 3, 1), (["a", "b" * 999], 3, 1)])
def test_long_texts_take_their_lines_and_the_last_one_always_stays(texts: list[str], lines: int, count: int) -> None:
    assert newest(texts, lines) == count


def test_the_rulings_below_an_inject_are_the_newest(driver: Driver, joined: Joined, server: Server) -> None:
    wall = joined("viewer")
    driver.start("knife")
    rulings(driver, 6)
    follows(driver, server)
    strip = wall.get("/wall").text.partition('<section class="strip">')[2].partition("</section>")[0]
    assert "… 4 earlier" in strip
    assert visible(strip.rpartition("<ul>")[2]) == "Ruling 5 Ruling 6"


@pytest.fixture
def projector(chromium: Chromium, server: Server, driver: Driver) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, base_url=server.addresses[0])
    page = context.new_page()
    page.goto("/join")
    page.locator("#code").fill(driver.code("viewer"))
    page.locator("#join button").click()
    page.locator("#where button").click()
    yield page
    context.close()


LOWEST = "() => [...document.querySelectorAll('.wall > .timed > li')].at(-1).getBoundingClientRect().bottom"
"""Asked of the page at one go: a list may be drawn again at any moment."""


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
@pytest.mark.parametrize("language", LONG)
@pytest.mark.parametrize("long", [False, True])
@pytest.mark.parametrize("stands", [False, True])
def test_on_a_projector_the_newest_stands_above_the_lower_edge(
    projector: Page, driver: Driver, language: str, long: bool, stands: bool
) -> None:
    driver.start("knife")
    rulings(driver, 15, LONG[language] if long else "")
    driver.do(c.TurnWall("timeline"))
    if stands:
        driver.do(c.Pause("break"))
    projector.goto(f"/wall?lang={language}")
    last = projector.locator(".wall > .timed > li").last
    expect(last).to_contain_text("Ruling 15" if not stands else re.compile("pause|暂停"))
    assert projector.evaluate(LOWEST) <= 768
    assert projector.locator(".wall > .timed > li").count() >= (1 if long else 5)


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
def test_a_taller_projector_shows_more_of_what_came_before(projector: Page, driver: Driver) -> None:
    driver.start("knife")
    rulings(driver, 30)
    driver.do(c.TurnWall("rulings"))
    expect(projector.locator(".wall h2")).to_have_text("FACTS AND RULINGS")
    shown, summary = projector.locator(".wall > .timed > li"), projector.locator("#earlier > summary")
    counts = []

    def look(height: int, newest: int) -> None:
        expect(shown.last).to_contain_text(f"Ruling {newest}")
        resized(projector, 1366, height)
        assert projector.evaluate(LOWEST) <= height
        counts.append(shown.count())
        numbers = [int(text.split()[-1]) for text in shown.all_inner_texts()]
        assert numbers == list(range(newest - counts[-1] + 1, newest + 1))
        if counts[-1] < newest:
            assert summary.inner_text() == f"… {newest - counts[-1]} earlier"
        assert summary.is_visible() == (counts[-1] < newest)

    for height in (768, 1024, 768, 2400):
        look(height, 30)
    assert counts[0] == counts[2] < counts[1] < counts[3] == 30
    driver.do(c.AddNote("ruling", "Ruling 31"))
    look(2400, 31)
    look(768, 31)
    assert counts[-1] == counts[0]
    summary.click()
    driver.do(c.AddNote("ruling", "Ruling 32"))
    expect(shown.last).to_contain_text("Ruling 32")
    assert projector.locator("#earlier li").count() + shown.count() == 32


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")
def test_a_room_sees_that_no_time_is_left_and_not_how_late_it_is(projector: Page, driver: Driver) -> None:
    driver.start("knife")
    driver.do(c.SetSpeed(60.0))
    left = projector.locator(".answered .left")
    expect(left).to_have_text("0:00 left", timeout=20_000)
    driver.do(c.AddNote("ruling", "the doors stay shut"))
    expect(projector.locator(".strip")).to_contain_text("the doors stay shut")
    for _ in range(5):
        expect(left).to_have_text("0:00 left")
        projector.wait_for_timeout(300)

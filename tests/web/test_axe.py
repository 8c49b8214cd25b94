"""Every page in every state, both languages, held against axe in a real browser; and what axe cannot see: keys, focus, widths, motion."""

from __future__ import annotations

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tabletop.engine import commands as c
from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.web.server import Server

from .chromiums import CHROMIUM
from .served import Driver

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no Chromium here")]

BROWSERS = [pytest.param("en", 375, id="en-phone"), pytest.param("zh-Hans", 1280, id="zh-Hans-laptop")]
"""Language and width; players in the dark at the wide one, those who judge at the narrow one."""

HOMES = {
    "seat": "/seat",
    "control": "/seat",
    "viewer": "/wall/site",
    "evaluator": "/judge",
    "lead": "/judge",
    "recorder": "/judge",
    "site": "/site",
}


NOT_TAKEN = {"en": "Nothing is taken from here", "zh-Hans": "这里发送的内容不再受理"}
"""What a phone says whose role somebody else plays."""

VIEWS = {
    "inject": "section .text",
    "rules": "ol",
    "rulings": ".timed",
    "parked": "p.told",
    "answers": ".tally",
    "timer": ".timer",
    "timeline": ".timed",
    "blank": "",
}
"""What a wall can be turned to, in an order in which each shows something that the one before does not; a blank one shows nothing."""


class Visitor:
    """Somebody at a browser of that width, language and colours, who looks at every page with axe."""

    def __init__(self, chromium: Browser, server: Server, driver: Driver, language: str, width: int = 375, *, dark: bool = False) -> None:
        scheme: Literal["dark", "light"] = "dark" if dark else "light"
        self.context = chromium.new_context(
            viewport={"width": width, "height": 812}, base_url=server.addresses[0], color_scheme=scheme, reduced_motion="reduce"
        )
        self.driver, self.language = driver, language
        self.page = self.context.new_page()
        self.found: list[str] = []

    def join(self, seat: str, name: str = "") -> Page:
        # What the page before still asks for must not meet the door.
        self.page.goto("about:blank")
        self.context.clear_cookies()
        self.page.goto(f"/join?lang={self.language}")
        self.page.locator("#code").fill(self.driver.code(seat))
        self.page.locator("#name").fill(name)
        self.page.locator("#join button").click()
        self.page.wait_for_url(f"**{HOMES[seat.partition(':')[0]]}")
        if seat == "viewer":
            self.look("where the wall hangs")
            self.page.locator("#where button").click()
            self.page.wait_for_url("**/wall")
        return self.page

    def look(self, what: str) -> None:
        """Unfolds everything and has axe look at it."""
        self.page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        self.page.wait_for_timeout(60)
        for violation in Axe().run(self.page).response["violations"]:
            nodes = [node["html"][:120] for node in violation["nodes"][:3]]
            self.found.append(f"{what}: {violation['impact']} {violation['id']}: {nodes}")
        for wrong in self.page.evaluate(UNNAMED):
            self.found.append(f"{what}: without a name or too small: {wrong}")
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.found.append(f"{what}: wider than its screen")

    def close(self) -> None:
        self.context.close()
        assert self.found == []


UNNAMED = """() => [...document.querySelectorAll('button, a, summary, select, textarea, input:not([type=hidden])')]
  .filter(one => one.offsetParent)
  .filter(one => {
    const box = (one.closest('label') || one).getBoundingClientRect();
    const named = one.textContent.trim() || one.ariaLabel || (one.labels && [...one.labels].some(label => label.textContent.trim()));
    return !named || box.height < 24 || box.width < 24;
  })
  .map(one => one.outerHTML.slice(0, 100))"""
"""Whatever can be pressed or typed into has a name and is 24 pixels each way at least (WCAG 2.5.8)."""


@pytest.mark.parametrize(("language", "width"), BROWSERS)
def test_players_and_the_wall(chromium: Browser, server: Server, driver: Driver, language: str, width: int) -> None:
    visitor = Visitor(chromium, server, driver, language, width, dark=width > 1000)
    page = visitor.page
    page.goto(f"/join?lang={language}")
    visitor.look("door")
    page.locator("#code").fill("0000-0000")
    page.locator("#join button").click()
    expect(page.locator(".refused")).to_be_visible()
    visitor.look("door, wrong code")
    visitor.join("seat:teller")
    visitor.look("seat before")
    driver.start("knife", "orders", "more", "reports")
    driver.do(c.SendMessage("police", "teller", "Come out"), c.AddNote("ruling", "The gate is shut"))
    expect(page.locator("[id='ask.first']")).to_be_visible()
    visitor.look("seat with everything asked")
    page.locator("[id='answer.first.teller'] input[type=radio]").first.check()
    page.locator("[id='answer.first.teller'] button").click()
    expect(page.locator("[id='ask.first'] .recorded")).to_be_visible()
    driver.do(c.RevealAnswers("first", names=True))
    expect(page.locator("#page .tally").first).to_be_visible()
    visitor.look("seat, answered")
    driver.do(c.Pause("technical"))
    expect(page.locator("#page [data-news^=paused-]").first).to_be_visible()
    visitor.look("seat, paused")
    driver.do(c.StaffRole("teller", "control"))
    expect(page.locator("#page").get_by_text(NOT_TAKEN[language])).to_be_visible()
    visitor.look("seat, played by control")
    driver.do(c.StaffRole("teller", "people"), c.Resume(), c.ReleaseInject("dark", "test"))
    visitor.look("seat, no link")
    driver.do(*(c.AddNote("ruling", f"The gate is shut until {hour}") for hour in range(8, 20)))
    visitor.join("viewer")
    for view, has in VIEWS.items():
        driver.do(c.TurnWall(view, span_ms=60_000))  # type: ignore[arg-type]
        page.reload()
        if has:
            expect(page.locator(f".wall > {has}").first).to_be_visible()
        else:
            expect(page.locator(".wall > :not(#state)")).to_have_count(0)
        visitor.look(f"wall, {view}")
    driver.do(c.PressEmergency("seat:teller"))
    page.reload()
    expect(page.locator(".banner.bad").first).to_be_visible()
    visitor.look("wall, pressed")
    page.wait_for_timeout(SECOND_PRESS_MS)
    expect(page.locator(".banner.bad")).to_contain_text({"en": "Press twice.", "zh-Hans": "请连按两次。"}[language])
    visitor.look("wall, pressed once and not again")
    driver.do(c.PressEmergency("seat:teller"), c.PressEmergency("seat:teller"))
    page.reload()
    expect(page.locator("#page main.emergency")).to_be_visible()
    visitor.look("wall, emergency")
    visitor.context.clear_cookies()
    page.goto(f"/join?lang={language}")
    visitor.look("door, emergency")
    driver.do(c.StandDown("a drill"), c.Resume(), c.End())
    visitor.join("seat:clerk", "Wu")
    visitor.look("seat, ended")
    page.locator("#feedback input[value=gap]").check()
    page.locator("#feedback textarea").fill("The gate")
    page.locator("#feedback button").click()
    expect(page.locator("#afterwards .recorded")).to_be_visible()
    visitor.look("seat, a word afterwards")
    page.goto("/nowhere")
    visitor.look("no such page")
    visitor.close()


@pytest.mark.parametrize(("language", "width"), BROWSERS)
def test_evaluators_recorders_and_site_controllers(chromium: Browser, server: Server, driver: Driver, language: str, width: int) -> None:
    visitor = Visitor(chromium, server, driver, language, width, dark=width < 1000)
    page = visitor.join("lead:L")
    visitor.look("judge before")
    driver.start("knife", "secret")
    driver.do(c.MarkAction("press", "done"))
    page.goto("/judge?role=teller")
    visitor.look("judge, a role")
    page.goto("/judge")
    page.locator("[id='mark.press'] button[value=partial]").click()
    expect(page.locator("#own li form")).to_be_visible()
    page.locator("[id='rate.calm'] input[value=M]").evaluate("one => one.closest('details').open = true")
    page.locator("[id='rate.calm'] input[value=M]").check()
    page.locator("[id='rate.calm'] button").click()
    expect(page.locator(".refused")).to_be_visible()
    visitor.look("judge, refused")
    visitor.join("recorder:Ann")
    page.goto("/judge?role=clerk")
    visitor.look("recorder")
    visitor.join("site:outlet")
    visitor.look("site")
    page.goto("/site?inject=orders")
    visitor.look("site, an inject")
    driver.do(c.Pause("break", "outlet"))
    page.goto("/site")
    visitor.look("site, paused")
    visitor.join("control:police")
    visitor.look("control seat")
    driver.do(c.Resume(), c.End())
    visitor.join("lead:L")
    visitor.look("judge after")
    page.goto("/judge/mark")
    visitor.look("nothing to get there")
    visitor.close()


def test_an_evaluator_by_digits_and_by_keyboard_alone(chromium: Browser, server: Server, driver: Driver) -> None:
    driver.start("knife")
    visitor = Visitor(chromium, server, driver, "en", 1000)
    page = visitor.join("evaluator:E1")
    page.keyboard.press("1")
    page.wait_for_url("**/judge?role=teller**")
    page.keyboard.press("1")
    expect(page.locator("#own")).to_contain_text("zebra-action: Done")
    # A digit in a field is a digit.
    page.locator("[id='note.text']").fill("")
    page.locator("[id='note.text']").press("1")
    expect(page.locator("[id='note.text']")).to_have_value("1")
    page.locator("h1").click()
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "role" not in url)
    # Switched off, digits do nothing, on the next page too.
    page.get_by_label("Digits as keys").uncheck()
    page.keyboard.press("1")
    page.wait_for_timeout(300)
    assert "role" not in page.url
    page.reload()
    expect(page.get_by_label("Digits as keys")).not_to_be_checked()
    page.keyboard.press("1")
    page.wait_for_timeout(300)
    assert "role" not in page.url
    tabbed = tab_through(page, "Partly")
    assert tabbed[0].startswith("REAL EMERGENCY")
    page.keyboard.press("Enter")
    expect(page.locator("#own")).to_contain_text("zebra-action: Partly")
    assert "Partly" in page.evaluate("() => document.activeElement.textContent")
    assert [event.state for _, event in driver.events("action_marked")] == ["done", "partial"]  # type: ignore[attr-defined]
    assert page.locator("#say").text_content() == "Recorded ✓ 5"
    visitor.close()


def tab_through(page: Page, until: str) -> list[str]:
    """Presses tab until something of that name has the focus; what had it on the way."""
    passed: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        passed.append(page.evaluate("() => (document.activeElement.closest('label') || document.activeElement).textContent.trim()"))
        if passed[-1].startswith(until):
            return passed
    raise AssertionError(passed)


def test_focus_goes_down_the_page_in_the_order_of_reading(chromium: Browser, server: Server, driver: Driver) -> None:
    driver.start("knife", "orders")
    visitor = Visitor(chromium, server, driver, "en", 375)
    for seat in ("evaluator:E1", "site:outlet", "seat:teller"):
        page = visitor.join(seat)
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        count = 0
        for _ in range(400):
            page.keyboard.press("Tab")
            places = page.evaluate(PLACES)
            if places is None:
                break
            above, bottom = places
            assert bottom > above, (seat, page.evaluate("() => document.activeElement.outerHTML"))
            count += 1
        assert count > 10
    visitor.close()


PLACES = """() => {
  const place = (one) => {
    if (!one || !one.isConnected || !one.closest('main, footer')) return [0, 1];
    const box = one.getBoundingClientRect();
    return [box.top + scrollY, box.bottom + scrollY];
  };
  const [above, one] = [window.focused, document.activeElement];
  window.focused = one;
  return one === document.body ? null : [place(above)[0], place(one)[1]];
}"""
"""Top of what had the focus before, and bottom of what has it, on the whole page as it is now; what stays in sight at its top is above
everything."""


def test_nothing_moves_by_itself_and_what_is_chosen_shows_without_colours(chromium: Browser, server: Server, driver: Driver) -> None:
    driver.start("knife")
    visitor = Visitor(chromium, server, driver, "en")
    page = visitor.join("evaluator:E1")
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.goto("/judge?role=teller")
    outline = "one => getComputedStyle(one).outlineStyle"
    assert page.locator(".tents a[aria-current]").evaluate(outline) == "solid"
    page.locator("[id='mark.press'] button[value=done]").click()
    pressed = page.locator("[id='mark.press'] button[aria-pressed=true]")
    expect(pressed).to_have_count(1)
    assert pressed.evaluate(outline) == "solid"
    assert page.evaluate("() => document.getAnimations().length") == 0
    assert page.evaluate("() => getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    visitor.close()

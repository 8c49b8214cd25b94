"""A site controller: injects, roles and marks of one site, a pause that says where it came from, and nothing of another site."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from tabletop.engine import commands as c

from .served import Browser, Driver, room, serving, visible
from .test_faults import follows
from .test_seat import wait_for

Joined = Callable[..., Browser]
Elsewhere = Callable[[str], AbstractContextManager[tuple[Driver, Browser]]]


def test_the_page_has_the_injects_and_roles_of_the_site_alone(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    page = joined("site:outlet").get("/site").text
    for own in ("Orders", "Reports", "Teller", "Clerk", "zebra-action"):
        assert own in page
    for other in ("zebra-guard", "zebra-later", "Guard", "Police"):
        assert other not in page


def test_an_inject_is_opened_first_and_then_released(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    controller = joined("site:outlet")
    assert 'action="/judge/release"' not in controller.get("/site").text
    assert 'action="/judge/release"' in controller.get("/site?inject=orders").text
    page = controller.send_form("/judge/release", {"inject": "orders"})
    assert page.url.path == "/site"
    released = [(actor, event.inject) for actor, event in driver.events("inject_released")]  # type: ignore[attr-defined]
    assert released == [("driver", "knife"), ("site:outlet", "orders")]


def test_of_another_site_nothing_is_released_opened_or_marked(driver: Driver, joined: Joined) -> None:
    driver.start("knife", "secret")
    vault = joined("site:vault")
    assert "Orders" not in vault.get("/site?inject=orders").text
    # That there is such a text cannot be found out by asking for it.
    assert "inject=orders" not in vault.get("/site?inject=orders").text
    assert vault.send_form("/judge/release", {"inject": "orders"}).status_code == 409
    assert vault.send_form("/judge/release", {"inject": "later"}).status_code == 409
    assert vault.send_form("/judge/mark", {"expected": "press", "state": "done"}).status_code == 409
    refused = vault.send_form("/judge/words", {"role": "teller", "text": "x"})
    assert (refused.status_code, "This seat may not do that." in refused.text) == (409, True)
    assert [event.inject for _, event in driver.events("inject_released")] == ["knife", "secret"]  # type: ignore[attr-defined]
    assert driver.events("action_marked") == []


def test_a_link_of_another_site_is_not_offered_though_the_inject_goes_to_a_role_of_this_one(driver: Driver, joined: Joined) -> None:
    driver.start("knife", "dark")
    vault = joined("site:vault")
    page = vault.get("/site?inject=light").text
    assert "Light" not in page
    assert "inject=light" not in page
    assert vault.send_form("/judge/release", {"inject": "light"}).status_code == 409
    driver.do(c.ReleaseInject("light"))
    wait_for(lambda: "The line works." in vault.get("/site").text)


def test_what_its_roles_are_asked_is_listed_whoever_else_was_told(driver: Driver, joined: Joined) -> None:
    driver.start("knife", "orders", "secret")
    outlet, vault = joined("site:outlet"), joined("site:vault")

    def listed(page: str) -> list[str]:
        return [visible(one) for one in re.findall("<li.*?</li>", page.partition('id="asked-title"')[2].partition("</section>")[0])]

    first, several, row, words = listed(outlet.get("/site").text)
    assert re.fullmatch(r"Knife · .+ [12]:\d\d left 0 of 1 have answered · not yet: .+", first), first
    assert "Knife" in several
    assert "left" not in several
    assert "0 of 2 have answered" in words
    assert "Clerk" in words
    assert [("zebra-guard" in one) for one in (first, several, row, words)] == [False] * 4
    [lock] = listed(vault.get("/site").text)
    assert "zebra-guard?" in lock
    assert "Knife" not in lock
    joined("seat:teller").answer("words", value="x", rationale="y")
    wait_for(lambda: "1 of 2 have answered" in listed(outlet.get("/site").text)[3])
    assert listed(outlet.get("/site").text)[3].endswith("not yet: Clerk")


def test_skip_later_mark_decision_and_note(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    controller = joined("site:outlet")
    controller.send_form("/judge/later", {"inject": "orders"})
    controller.send_form("/judge/skip", {"inject": "more", "reason": "no time"})
    controller.send_form("/judge/mark", {"expected": "press", "state": "partial"})
    controller.send_form("/judge/words", {"role": "clerk", "text": "Wait"})
    page = controller.send_form("/judge/note", {"category": "observation", "text": "Quiet"})
    assert [event.by_ms >= 120_000 for _, event in driver.events("inject_delayed")] == [True]  # type: ignore[attr-defined]
    assert [(event.inject, event.reason) for _, event in driver.events("inject_skipped")] == [("more", "no time")]  # type: ignore[attr-defined]
    assert [event.state for _, event in driver.events("action_marked")] == ["partial"]  # type: ignore[attr-defined]
    assert [event.text for _, event in driver.events("decision_made")] == ["Wait"]  # type: ignore[attr-defined]
    assert [actor for actor, _ in driver.events("noted")] == ["site:outlet"]
    assert "Skipped: More" in visible(page.text)


def test_what_the_site_keeps_back_shows_there_and_is_released_or_put_back_into_the_plan_there(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    controller = joined("site:outlet")
    page = controller.send_form("/judge/keep-back", {"inject": "orders", "reason": "the guard is on the phone"})
    assert (page.status_code, page.url.path) == (200, "/site")
    [(actor, event)] = driver.events("inject_kept_back")
    assert (actor, event.inject, event.reason) == ("site:outlet", "orders", "the guard is on the phone")  # type: ignore[attr-defined]
    assert re.search(r"kept back by Outlet since 0:0\d Orders", visible(page.text))
    assert "Kept back: Orders" in visible(page.text)
    opened = controller.get("/site?inject=orders").text
    assert re.search(r"kept back by Outlet since 0:0\d \(the guard is on the phone\)", visible(opened))
    assert 'action="/judge/release"' in opened
    assert 'action="/judge/later"' not in opened
    assert 'action="/judge/keep-back"' not in opened
    found = re.search(r'id="back.orders".*?name="seq" value="(\d+)"', opened, re.S)
    assert found
    controller.send_form("/judge/back", {"seq": found[1]})
    assert "kept back by Outlet" not in visible(controller.get("/site").text)
    controller.send_form("/judge/keep-back", {"inject": "orders"})
    controller.send_form("/judge/release", {"inject": "orders"})
    assert [event.inject for _, event in driver.events("inject_released")] == ["knife", "orders"]  # type: ignore[attr-defined]


def test_what_the_console_keeps_back_a_site_releases_but_does_not_put_back_into_the_plan(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    driver.do(c.KeepInjectBack("orders"))
    controller, vault = joined("site:outlet"), joined("site:vault")
    opened = controller.get("/site?inject=orders").text
    assert "kept back by the console since 0:0" in visible(opened)
    assert 'id="back.orders"' not in opened
    assert 'action="/judge/release"' in opened
    again = controller.send_form("/judge/keep-back", {"inject": "orders", "reason": "typed"})
    assert again.status_code == 409
    assert "This inject is kept back: Orders" in visible(again.text)
    refused = vault.send_form("/judge/keep-back", {"inject": "more"})
    assert refused.status_code == 409
    assert [actor for actor, _ in driver.events("inject_kept_back")] == ["driver"]


def test_a_refusal_calls_an_inject_of_the_site_by_its_title_and_none_of_another(driver: Driver, joined: Joined) -> None:
    driver.start("knife", "more")
    controller = joined("site:outlet")
    refused = controller.send_form("/judge/release", {"inject": "more"})
    assert (refused.status_code, "has been released already: More" in visible(refused.text)) == (409, True)
    for other in ("secret", "later", "nowhere"):
        refused = controller.send_form("/judge/release", {"inject": other})
        assert (refused.status_code, re.findall("zebra-(guard|later)", refused.text)) == (409, [])


@pytest.fixture
def elsewhere(tmp_path: Path) -> Callable[[str], AbstractContextManager[tuple[Driver, Browser]]]:
    """A run in a pace, with the controller of a site at its page; two injects of the site are on a path that nobody took."""

    @contextmanager
    def play(pace: str) -> Iterator[tuple[Driver, Browser]]:
        draft = room()
        for inject in draft.data["injects"]:
            inject["core"] = inject["id"] in ("knife", "more")
            if inject["id"] in ("orders", "more"):
                inject["when"] = {"answer": "first", "is": ["b"]}
        tmp_path.chmod(0o700)
        driver = Driver(tmp_path / "store.db", exercise=json.dumps(draft.data, sort_keys=True), pace=pace)
        with closing(driver), serving(driver) as server, Browser(server.addresses[0]) as controller:
            assert controller.join_with(driver.code("site:outlet")).status_code == 200
            driver.start("knife")
            follows(driver, server)
            yield driver, controller

    return play


@pytest.mark.parametrize(("pace", "offered"), [("timed", {"orders", "more"}), ("discussion", {"more"})])
def test_off_its_path_only_what_comes_by_itself_can_be_kept_back(elsewhere: Elsewhere, pace: str, offered: set[str]) -> None:
    with elsewhere(pace) as (driver, controller):
        for inject in ("orders", "more"):
            page = controller.get(f"/site?inject={inject}").text
            assert "not on this path" in visible(page.partition('id="opened"')[2].partition("</section>")[0])
            assert ('action="/judge/keep-back"' in page) == (inject in offered), inject
            taken = controller.send_form("/judge/keep-back", {"inject": inject})
            assert (taken.status_code == 200) == (inject in offered), inject
        assert {event.inject for _, event in driver.events("inject_kept_back")} == offered  # type: ignore[attr-defined]


def test_what_is_kept_back_off_its_path_says_by_whom_there_too(elsewhere: Elsewhere) -> None:
    with elsewhere("timed") as (driver, controller):
        driver.do(c.KeepInjectBack("orders"))
        wait_for(lambda: "kept back by the console" in controller.get("/site?inject=orders").text)
        assert re.search(r"kept back by the console since 0:0\d · not on this path", visible(controller.get("/site").text))


def test_players_see_nothing_of_what_is_kept_back(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    seats = {seat: joined(seat) for seat in ("seat:teller", "seat:guard", "viewer", "evaluator:E1", "recorder:R1")}
    homes = {"seat": "/seat", "viewer": "/wall", "evaluator": "/judge", "recorder": "/judge"}
    joined("site:outlet").send_form("/judge/keep-back", {"inject": "orders", "reason": "zebra-reason"})
    for seat, browser in seats.items():
        page = browser.get(homes[seat.partition(":")[0]]).text
        assert "zebra-reason" not in page
        assert "kept back" not in page
        assert "Orders" not in page


def test_a_pause_stops_everybody_and_says_where_it_came_from(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    controller, player = joined("site:outlet"), joined("seat:guard")
    page = controller.send_form("/judge/pause", {"reason": "technical"})
    [(actor, event)] = driver.events("clock_paused")
    assert (actor, event.site, event.reason) == ("site:outlet", "outlet", "technical")  # type: ignore[attr-defined]
    assert "Outlet" in visible(player.get("/seat").text)
    assert 'action="/judge/explain"' in page.text
    assert "Resume" not in page.text
    controller.send_form("/judge/explain", {"reason": "break"})
    assert [event.reason for _, event in driver.events("pause_explained")] == ["break"]  # type: ignore[attr-defined]
    driver.do(c.Resume())


def test_a_release_that_is_refused_comes_back_as_it_was_typed(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    controller = joined("site:outlet")
    driver.do(c.Pause())
    refused = controller.send_form("/judge/release", {"inject": "orders", "reason": "typed"})
    assert refused.status_code == 409
    assert 'value="typed"' in refused.text
    assert 'class="refused"' in refused.text


def test_what_its_roles_were_told_together_with_others_is_there_to_read(tmp_path: Path) -> None:
    draft = room()
    draft.inject("both", title="zebra-both", text="Numbers, please.", to=["teller", "guard"])
    draft.asks("how-many", to=["teller"], answer="text")
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    driver = Driver(folder / "store.db", exercise=json.dumps(draft.data, sort_keys=True))
    driver.start("knife", "both", "secret")
    with serving(driver) as server:
        pages = {}
        for site in ("outlet", "vault"):
            with Browser(server.addresses[0]) as browser:
                browser.join_with(driver.code(f"site:{site}"))
                pages[site] = browser.get("/site").text
    assert [("Numbers, please." in page, "zebra-both" in page) for page in pages.values()] == [(True, True)] * 2
    assert [("zebra-guard alone." in page) for page in pages.values()] == [False, True], "what is of another site alone is not"
    driver.close()

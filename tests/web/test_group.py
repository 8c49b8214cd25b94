"""A seat of several roles says whom everything is for; scene and duty stay in sight; a draft without a script is said to be kept."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from tabletop.engine import commands as c
from tabletop.web.server import Server

from .served import Browser, Driver, visible
from .test_faults import follows
from .test_kept_words import before
from .test_no_link import cut

Joined = Callable[..., Browser]


def heading(page: str, ask: str) -> str:
    return html.unescape(re.findall(rf'<h3 id="ask.{ask}.q">(.*?)</h3>', page)[0])


def test_a_group_is_told_which_of_its_roles_is_asked(driver: Driver, joined: Joined) -> None:
    driver.start("knife", "orders", "secret")
    group = joined("seat:teller+guard", "Scribe").get("/seat").text
    assert heading(group, "lock") == "Guard · zebra-guard?"
    assert heading(group, "row").startswith("Teller · ")
    assert 'data-news-text="YOU ARE ASKED: Guard · zebra-guard?"' in group
    both = joined("seat:teller+clerk").get("/seat").text
    assert heading(both, "words").startswith("Teller, Clerk · ")
    alone = joined("seat:guard").get("/seat").text
    assert heading(alone, "lock") == "zebra-guard?"


def test_before_says_to_whom_something_private_was(driver: Driver, joined: Joined, server: Server) -> None:
    group, guard = joined("seat:teller+guard"), joined("seat:guard")
    driver.start("knife", "secret", "more")
    driver.do(c.ReleaseInject("reports", "test"))
    follows(driver, server)
    said = before(group.get("/seat").text)
    assert re.search(r"\d:\d\d Guard · zebra-guard TO Guard, NOT THE ROOM zebra-guard alone\.", said)
    assert re.search(r"\d:\d\d Knife to everybody", said)
    driver.do(c.ReleaseInject("light", "test"))
    follows(driver, server)
    assert re.search(r"\d:\d\d zebra-guard TO YOU, NOT THE ROOM", before(guard.get("/seat").text))


def test_scene_and_duty_stay_at_the_end_of_what_came_before(driver: Driver, joined: Joined, server: Server) -> None:
    group, seat = joined("seat:teller+guard"), joined("seat:teller")
    assert before(seat.get("/seat").text) == "", "they stand above"
    scene = visible(seat.get("/seat").text.partition('<section id="newest"')[2].partition("</section>")[0])
    [first] = re.findall(r"SCENE · .*", scene)
    driver.start("knife")
    follows(driver, server)
    assert before(seat.get("/seat").text) == f'aria-labelledby="before-title"> BEFORE {first}', "nothing else came before"
    driver.do(c.ReleaseInject("orders", "test"))
    follows(driver, server)
    assert before(seat.get("/seat").text).endswith(first)
    assert re.search(r"Teller Your part: .* Guard Your part: ", before(group.get("/seat").text))
    driver.do(c.End())
    follows(driver, server)
    assert before(seat.get("/seat").text).endswith(first)


def test_a_group_behind_one_dead_link_speaks_as_a_role_that_is_heard(driver: Driver, joined: Joined, server: Server) -> None:
    group = joined("seat:teller+guard")
    cut(driver, server)
    page = group.get("/seat").text
    assert re.findall(r'<option value="(\w+)" selected>[^<]*</option>', page) == ["guard", "guard"]
    driver.do(c.ReleaseInject("light", "test"))
    follows(driver, server)
    assert 'value="guard" selected' not in group.get("/seat").text


def test_a_draft_that_is_kept_without_a_script_is_said_to_be(driver: Driver, joined: Joined, server: Server) -> None:
    seat = joined("seat:teller")
    cut(driver, server)
    typed = {"key": "answer.words.teller", "value": "anybody there"}
    kept = '<span class="kept" aria-live="polite">draft kept</span>'
    back = seat.send_form("/draft", typed).text
    assert back.count(kept) == 1
    assert kept in back.partition('<form id="answer.words.teller"')[2].partition("</form>")[0]
    assert kept not in seat.get("/seat").text
    assert kept not in seat.send_form("/draft", {"key": "answer.words.teller"}).text, "nothing is there to be kept"

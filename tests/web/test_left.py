"""A phone whose person does not play its role any more: it is told so in words, shows nothing newer of it, and nothing is taken from it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.web.server import Server

from .served import Browser, Driver, visible
from .test_faults import follows
from .test_seat import wait_for

Joined = Callable[..., Browser]

POSTS: dict[str, dict[str, object]] = {
    "/seat/answer": {"ask": "many", "role": "teller", "value": "3"},
    "/seat/received": {"inject": "knife", "role": "teller"},
    "/seat/decision": {"role": "teller", "text": "run"},
    "/seat/message": {"role": "teller", "to": "clerk", "text": "help"},
}


def told(page: str) -> str:
    return html.unescape(visible(page))


@pytest.mark.parametrize(("by", "word"), [("control", "played by the control team now"), ("nobody", "played by nobody now")])
def test_a_role_that_was_given_up_is_played_from_no_phone_until_it_has_people_again(
    driver: Driver, joined: Joined, server: Server, by: str, word: str
) -> None:
    driver.start("knife", "more")
    phone = joined("seat:teller", "Wu")
    phone.answer("many", value="2")
    driver.do(c.StaffRole("teller", by), c.ReleaseInject("orders"))  # type: ignore[arg-type]
    follows(driver, server)
    page = phone.get("/seat").text
    assert f"Teller: {word}" in told(page)
    assert not re.findall(r'action="/seat/', page)
    assert "Say more." not in page
    assert "✓ you: 2" in told(page)
    for path, fields in POSTS.items():
        refused = phone.send_form(path, fields)
        assert (refused.status_code, 'class="refused"' in refused.text) == (409, True), path
    assert [event.value for _, event in driver.events("answer_given")] == [2.0]  # type: ignore[attr-defined]
    driver.do(c.StaffRole("teller", "people"))
    follows(driver, server)
    page = phone.get("/seat").text
    assert "Nothing is taken from here" not in page
    assert "Say more." in page
    for path, fields in POSTS.items():
        assert phone.send_form(path, fields).status_code == 200, path


def test_who_left_is_told_and_comes_back_by_saying_so(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    phone, other = joined("seat:teller", "Wu"), joined("seat:teller", "Lin")
    driver.opened.conductor.catch_up()
    driver.do(c.PersonLeaves("teller", "A"))
    follows(driver, server)
    page = phone.get("/seat").text
    assert "Lin sits here now" in told(page)
    assert phone.send_form("/seat/decision", POSTS["/seat/decision"]).status_code == 409
    assert other.send_form("/seat/decision", POSTS["/seat/decision"]).status_code == 200
    driver.do(c.PersonLeaves("teller", "B"))
    follows(driver, server)
    assert '<button type="submit">I am back</button>' in phone.get("/seat").text
    assert "Nothing is taken" not in phone.send_form("/name", {"name": "Wu"}).text
    assert phone.send_form("/seat/decision", POSTS["/seat/decision"]).status_code == 200
    assert other.send_form("/seat/decision", POSTS["/seat/decision"]).status_code == 409
    assert [actor for actor, _ in driver.events("decision_made")] == ["seat:teller"] * 2


def test_a_phone_that_stayed_on_the_desk_is_taken_over_by_who_sits_there_now(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    phone = joined("seat:clerk", "Wu")
    driver.opened.conductor.catch_up()
    driver.do(c.PersonLeaves("clerk"), c.SeatPerson("clerk", "Wu Min"))
    follows(driver, server)
    page = phone.get("/seat").text
    assert "Clerk: Wu Min sits here now" in told(page)
    assert '<input type="hidden" name="name" value="Wu Min"><button type="submit">I am Wu Min</button>' in page
    assert "Nothing is taken" not in phone.send_form("/name", {"name": "Wu Min"}).text
    assert phone.send_form("/seat/decision", {"role": "clerk", "text": "run"}).status_code == 200
    assert len(driver.events("person_seated")) == 2


def test_who_is_called_otherwise_by_the_facilitator_and_who_writes_for_people_who_are_named_play_on(
    driver: Driver, joined: Joined, server: Server
) -> None:
    driver.start("knife")
    alone, scribe = joined("seat:guard", "Wu"), joined("seat:teller+clerk", "Li")
    driver.opened.conductor.catch_up()
    driver.do(c.SeatPerson("guard", "Wu Min"), c.SeatPerson("teller", "Chen"), c.SeatPerson("clerk", "Lin"))
    follows(driver, server)
    for phone, role in ((alone, "guard"), (scribe, "teller"), (scribe, "clerk")):
        assert "Nothing is taken" not in told(phone.get("/seat").text)
        assert phone.send_form("/seat/decision", {"role": role, "text": "run"}).status_code == 200


def test_a_control_phone_is_told_when_the_room_plays_its_role(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    driver.do(c.StaffRole("clerk", "control"))
    phone = joined("control:clerk")
    assert "You are Control team: Clerk" in told(phone.get("/seat").text)
    assert phone.send_form("/seat/decision", {"role": "clerk", "text": "run"}).status_code == 200
    driver.do(c.StaffRole("clerk", "people"))
    follows(driver, server)
    page = phone.get("/seat").text
    assert "Clerk: played by people in the room now" in told(page)
    assert 'action="/seat/decision"' not in page
    assert phone.send_form("/seat/decision", {"role": "clerk", "text": "run"}).status_code == 409


def test_of_a_group_the_roles_that_are_left_go_on(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("orders")
    phone = joined("seat:teller+clerk", "Scribe")
    driver.do(c.StaffRole("teller", "control"))
    follows(driver, server)
    page = phone.get("/seat").text
    assert ("answer.words.teller" in page, "answer.words.clerk" in page) == (False, True)
    assert '<input type="hidden" name="role" value="clerk">' in page
    assert phone.answer("words", "clerk", value="x", rationale="y").status_code == 200
    assert phone.answer("words", "teller", value="x", rationale="y").status_code == 409


def test_the_page_of_a_leaver_ticks_when_that_happens_and_no_more_for_the_role(driver: Driver, server: Server, joined: Joined) -> None:
    driver.start("knife")
    joined("seat:teller", "Wu"), joined("seat:teller", "Lin")
    streams = server.app.state.site.streams
    wu, lin = sorted(server.hub.passes.values(), key=lambda one: one.name, reverse=True)
    assert (wu.name, lin.name) == ("Wu", "Lin")
    at = {who: streams.open("", who) for who in (wu, lin)}

    def ticked() -> list[str]:
        woken = [who.name for who, stream in at.items() if stream.signals]
        for stream in at.values():
            stream.signals.clear()
        return woken

    driver.opened.conductor.catch_up()
    driver.do(c.PersonLeaves("teller", "A"))
    wait_for(lambda: all(stream.signals for stream in at.values()))
    assert sorted(ticked()) == ["Lin", "Wu"]
    driver.opened.conductor.dispatch(c.SendMessage("police", "teller", "come out"), Actor("control", roles=("police",)))
    wait_for(lambda: bool(at[lin].signals))
    assert ticked() == ["Lin"]

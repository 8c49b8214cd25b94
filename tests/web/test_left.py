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


def unsent(page: str) -> str:
    return told(page.partition('<section id="unsent-words"')[2].partition("</section>")[0])


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
    assert re.findall(r'name="name" value="([^"]+)"><input [^>]*name="part"[^>]*><button type="submit">([^<]+)<', page) == [
        ("Lin", "I am Lin"),
        ("Wu", "I am back"),
    ]
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
    assert re.search(r'name="name" value="Wu Min"><input [^>]*name="part"[^>]*><button type="submit">I am Wu Min</button>', page)
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


def test_what_was_typed_for_a_role_that_was_taken_away_is_shown_with_its_question(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("orders")
    phone = joined("seat:teller", "Wu")
    phone.send_form("/draft", {"key": "answer.words.teller", "role": "teller", "value": "Hold the door", "rationale": "nobody comes in"})
    driver.do(c.StaffRole("teller", "control"), c.ReleaseInject("reports"))
    follows(driver, server)
    # What the role was not told any more stays unknown, whatever a browser says to have typed there.
    for ask, role in (("sitrep", "teller"), ("lock", "teller"), ("lock", "guard"), ("nowhere", "teller"), ("several", "teller")):
        phone.send_form("/draft", {"key": f"answer.{ask}.{role}", "role": role, "value": f"of {ask} {role}"})
    page = phone.get("/seat").text
    assert "words? Hold the door · nobody comes in Throw it away" in unsent(page)
    for ask in ("sitrep", "lock", "nowhere", "several"):
        assert f"An answer to a question that is not put to you any more of {ask} teller" in unsent(page)
        assert f"{ask}?" not in page
    assert "of lock guard" not in page
    assert "Hold the door" not in phone.send_form("/draft", {"key": "answer.words.teller"}).text


def test_what_was_typed_is_there_when_the_release_that_asked_is_taken_back(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("orders")
    phone = joined("seat:teller", "Wu")
    phone.send_form("/draft", {"key": "answer.words.teller", "role": "teller", "value": "Hold the door"})
    released = next(entry for entry in driver.opened.conductor.entries if entry.event.kind == "inject_released")
    driver.do(c.Retract(released))
    follows(driver, server)
    page = phone.get("/seat").text
    assert "not put to you any more Hold the door Throw it away" in unsent(page)
    assert "words?" not in page, "behind a cut link nobody would have been told"
    driver.do(c.ReleaseInject("orders"))
    follows(driver, server)
    page = phone.get("/seat").text
    assert (unsent(page), "Hold the door" in page) == ("", True)


def test_who_left_neither_reads_nor_overwrites_what_those_type_who_sit_there(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("orders")
    phone, other = joined("seat:teller", "Wu"), joined("seat:teller", "Lin")
    driver.opened.conductor.catch_up()
    driver.do(c.PersonLeaves("teller", "A"))
    follows(driver, server)
    words, plain = {"ask": "words", "role": "teller"}, {"role": "teller"}
    for key, fields in (("answer.words.teller", {**words, "value": "Lin types"}), ("decision", {**plain, "text": "Lin decides"})):
        other.send_form("/draft", {"key": key, **fields})
    kept = driver.store.drafts.load(driver.run, "seat:teller")
    assert len(kept) == 2
    page = phone.get("/seat").text
    assert ("Lin types" in page, "Lin decides" in page) == (False, False)
    for path, key, fields in (
        ("/seat/answer", "answer.words.teller", {**words, "value": "Wu types", "rationale": "r"}),
        ("/seat/decision", "decision", {**plain, "text": "Wu types"}),
    ):
        refused = phone.send_form(path, fields)
        assert (refused.status_code, "Wu types" in refused.text) == (409, True), "what was typed comes back once"
        scripted = phone.post("/draft", data={"key": key, **fields}, headers={"x-part": "1", "origin": phone.address})
        assert scripted.status_code == 409
        phone.send_form("/draft", {"key": key})
        assert driver.store.drafts.load(driver.run, "seat:teller") == kept
    assert "Lin types" in other.get("/seat").text


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

"""When the record fails for a moment, and when it is an emergency: what was sent is answered as it must be, and no pass is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tabletop.engine import commands as c
from tabletop.errors import TabletopError
from tabletop.web.guard import MOST_BODY
from tabletop.web.pages import door, sending
from tabletop.web.server import Server

from .served import Browser, Driver, visible
from .test_seat import wait_for

Joined = Callable[..., Browser]


async def fails(work: object) -> None:
    """The record cannot be written."""
    raise TabletopError("web.not-recorded")


def emergency(driver: Driver, server: Server) -> None:
    """It is confirmed, and the server knows."""
    driver.do(c.PressEmergency("x"), c.PressEmergency("x"))
    follows(driver, server)


def follows(driver: Driver, server: Server) -> None:
    """Waits until the server knows everything that was recorded."""
    wait_for(lambda: len(server.app.state.site.hub.now.entries) == len(driver.opened.conductor.entries))


def failing(*given: object) -> None:
    raise TabletopError("web.not-recorded")


POSTS: dict[str, dict[str, object]] = {
    "/seat/answer": {"ask": "first", "role": "teller", "value": "a"},
    "/seat/received": {"inject": "knife", "role": "teller"},
    "/seat/decision": {"role": "teller", "text": "run"},
    "/judge/note": {"category": "note", "text": "x"},
    "/name": {"name": "Wu"},
    "/draft": {"key": "message", "text": "x"},
}


@pytest.mark.parametrize("path", POSTS)
def test_whatever_is_sent_during_an_emergency_is_answered_with_it(driver: Driver, joined: Joined, server: Server, path: str) -> None:
    driver.start("knife")
    seats = [joined(seat) for seat in ("seat:teller", "evaluator:E1", "site:outlet", "viewer")]
    emergency(driver, server)
    for seat in seats:
        shown = seat.send_form(path, POSTS[path])
        assert "zebra-number 110" in shown.text
        assert "A man with a knife" not in shown.text


def test_an_emergency_is_shown_where_the_record_fails_and_to_who_sends_too_fast(
    driver: Driver, joined: Joined, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.start("knife")
    seat = joined("seat:teller")
    emergency(driver, server)
    seat.get("/seat")
    monkeypatch.setattr(server.app.state.site.hub, "do", fails)
    assert "zebra-number 110" in seat.get("/seat").text
    answers = [seat.send_form("/seat/answer", POSTS["/seat/answer"]) for _ in range(40)]
    assert {answer.status_code for answer in answers} <= {409, 429, 503}
    assert 429 in {answer.status_code for answer in answers}
    assert all("zebra-number 110" in answer.text for answer in answers)


def test_streams_go_on_during_an_emergency(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    seat = joined("seat:teller")
    emergency(driver, server)
    with seat.stream("GET", "/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")


def test_a_pass_is_given_though_the_doors_or_the_name_fail(
    driver: Driver, browser: Callable[[], Browser], server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, hub = browser(), server.app.state.site.hub
    with monkeypatch.context() as broken:
        broken.setattr(hub, "look_at_doors", failing)
        broken.setattr(door, "sign_in", failing)
        there = phone.join_with(driver.code("seat:teller"), "Wu Min")
        assert (there.status_code, there.url.path) == (200, "/seat")
        assert phone.get("/seat").status_code == 200
    assert driver.events("person_seated") == []
    # The pass has the name; saying it once more seats its bearer.
    assert phone.send_form("/name", {"name": "Wu Min"}).status_code == 200
    assert [(event.role, event.name) for _, event in driver.events("person_seated")] == [("teller", "Wu Min")]  # type: ignore[attr-defined]


def test_a_name_that_failed_is_said_again(driver: Driver, joined: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    seat = joined("seat:teller", "Wu")
    with monkeypatch.context() as broken:
        broken.setattr(sending, "sign_in", failing)
        assert seat.send_form("/name", {"name": "Lin"}).status_code == 503
    assert "· Lin" in visible(seat.send_form("/name", {"name": "Lin"}).text)
    assert [(event.holder, event.name) for _, event in driver.events("person_seated")] == [("A", "Wu"), ("A", "Lin")]  # type: ignore[attr-defined]


def test_a_decision_belongs_to_what_its_seat_was_told_last(driver: Driver, joined: Joined, server: Server) -> None:
    seat = joined("seat:clerk")
    driver.start()
    follows(driver, server)
    seat.send_form("/seat/decision", {"role": "clerk", "text": "before anything"})
    driver.do(*(c.ReleaseInject(inject, "test") for inject in ("orders", "secret")))
    follows(driver, server)
    seat.send_form("/seat/decision", {"role": "clerk", "text": "after"})
    assert [event.inject for _, event in driver.events("decision_made")] == ["", "orders"]  # type: ignore[attr-defined]


def test_a_long_report_in_chinese_is_taken(driver: Driver, joined: Joined) -> None:
    driver.start("reports")
    long = "情" * 4000
    fields = {"element.facts": long, "element.needs": long, "rationale": long}
    assert sum(9 * len(text) for text in fields.values()) < MOST_BODY
    assert (
        joined("seat:teller", "Wu").answer("sitrep", **{name.replace(".", "__"): text for name, text in fields.items()}).status_code == 200
    )
    [(_, event)] = driver.events("answer_given")
    assert event.value == {"facts": long, "needs": long}  # type: ignore[attr-defined]


def test_only_pages_with_forms_keep_drafts(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    assert joined("viewer").send_form("/draft", {"key": "x", "text": "y"}).status_code == 403
    assert driver.store.drafts.load(driver.run, "viewer") == {}
    assert joined("evaluator:E1").send_form("/draft", {"key": "note", "text": "y"}).status_code == 200
    assert driver.store.drafts.load(driver.run, "evaluator:E1")

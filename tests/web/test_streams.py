"""Event streams: a page is told when what it shows has changed, soon, and of nothing else."""

from __future__ import annotations

import queue
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.web.hub import Now
from tabletop.web.server import Server

from .served import Browser, Driver, visible
from .test_seat import wait_for

Joined = Callable[..., Browser]


class Heard:
    """What a stream has said, with the times at which it was said."""

    def __init__(self) -> None:
        self.signals: queue.Queue[tuple[str, float]] = queue.Queue()

    def next(self, seconds: float = 3) -> tuple[str, float]:
        return self.signals.get(timeout=seconds)

    def nothing(self, seconds: float = 0.4) -> bool:
        try:
            return self.next(seconds)[0] == "event: ping"
        except queue.Empty:
            return True


@contextmanager
def listening(browser: Browser, path: str = "/events") -> Iterator[Heard]:
    """The stream of a page, its first tick already heard."""
    heard, stream = Heard(), browser.send(browser.build_request("GET", path), stream=True)
    assert stream.status_code == 200
    assert stream.headers["content-type"].startswith("text/event-stream")

    def listen() -> None:
        try:
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    heard.signals.put((line, time.monotonic()))
                elif line and line != "data: 1":
                    heard.signals.put((f"unexpected {line}", time.monotonic()))
            heard.signals.put(("end", time.monotonic()))
        except Exception as error:  # the test closes it
            heard.signals.put((repr(error), time.monotonic()))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        assert heard.next()[0] in ("event: tick", "event: door")
        yield heard
    finally:
        stream.close()


def test_a_page_is_told_of_what_it_shows_and_of_nothing_else(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    clerk, teller, wall = joined("seat:clerk"), joined("seat:teller"), joined("viewer")
    with listening(clerk) as at_clerk, listening(teller) as at_teller, listening(wall) as at_wall:
        driver.do(c.ReleaseInject("secret", "test"), c.AddNote("note", "nobody's"), c.MarkAction("press", "done"), c.ShowHint("knife"))
        assert at_clerk.nothing()
        assert at_teller.nothing(0.05)
        assert at_wall.nothing(0.05)
        driver.do(c.ReleaseInject("more", "test"))
        assert at_teller.next()[0] == "event: tick"
        assert at_clerk.nothing()
        assert at_wall.nothing(0.05)
        teller.answer("first", value="a")
        assert at_teller.next()[0] == "event: tick"
        assert at_wall.next()[0] == "event: tick"
        assert at_clerk.nothing()
        driver.do(c.AddNote("ruling", "the door is locked"))
        assert {heard.next()[0] for heard in (at_clerk, at_teller, at_wall)} == {"event: tick"}


def test_a_page_is_told_soon(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    seat = joined("seat:teller")
    took = []
    with listening(seat) as heard:
        for number in range(20):
            driver.do(c.AddNote("ruling", f"number {number}"))
            began = time.monotonic()
            took.append(heard.next()[1] - began)
            assert f"number {number}" in seat.get("/seat").text
    assert statistics.median(took) < 0.5


def test_the_door_tells_when_the_lobby_changes_and_ends_no_stream(driver: Driver, browser: Callable[[], Browser]) -> None:
    phone = browser()
    phone.get("/join")
    with listening(phone, "/door/events") as heard:
        driver.store.seats.set_lobby(driver.run, paper=True)
        assert heard.next()[0] == "event: door"
        driver.start("knife")
        assert heard.nothing()


def test_the_door_hears_nothing_of_who_comes_and_goes(driver: Driver, joined: Joined, browser: Callable[[], Browser]) -> None:
    phone = browser()
    phone.get("/join")
    with listening(phone, "/door/events") as heard:
        joined("seat:teller", "Wu")
        [known] = driver.store.seats.passes(driver.run)
        driver.store.seats.kick(driver.run, known.id)
        assert heard.nothing(0.8)
        driver.store.seats.set_lobby(driver.run, locked=True)
        assert heard.next()[0] == "event: door"


def test_only_seats_that_may_show_it_are_looked_at(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife", "orders")
    streams = server.app.state.site.streams
    watch, looked = streams._watches["seat"], list[str]()

    def look(now: Now, actor: Actor) -> object:
        looked.append(str(actor))
        return watch(now, actor)

    streams._watches["seat"] = look
    teller, clerk, wall = joined("seat:teller"), joined("seat:clerk"), joined("viewer")
    ann = Actor("evaluator", "Ann")
    with listening(teller) as at_teller, listening(clerk) as at_clerk, listening(wall) as at_wall:
        looked.clear()
        driver.do(c.AddNote("note", "nobody's"), c.MarkAction("press", "done"), c.HearRole("clerk"))
        driver.opened.conductor.dispatch(c.Rate("Ann", "calm", "P", ""), ann)
        driver.opened.conductor.dispatch(c.RecordBreach("shout", "teller", False, "", None), ann)
        assert at_wall.nothing(0.6)
        assert looked == []
        driver.do(c.RecordDecision("teller", "run"))
        assert at_teller.nothing(0.6), "nothing of it is shown"
        assert looked == ["seat:teller"]
        looked.clear()
        driver.do(c.SendMessage("teller", "guard", "come"))
        assert at_teller.next()[0] == "event: tick"
        assert looked == ["seat:teller"]
        number = next(entry.seq for entry in driver.opened.conductor.entries if entry.event.kind == "message_sent")
        driver.do(c.AcknowledgeMessage(number, "guard", "coming"))
        assert at_teller.next()[0] == "event: tick"
        assert looked == ["seat:teller"] * 2
        driver.do(c.AddNote("ruling", "the gate is shut"))
        assert {heard.next()[0] for heard in (at_clerk, at_teller, at_wall)} == {"event: tick"}
        assert at_clerk.nothing(0.05)


def test_a_report_that_was_spoken_and_typed_in_as_a_decision_is_no_longer_owed_on_the_page_of_its_role(
    driver: Driver, joined: Joined
) -> None:
    driver.start("reports")
    seat, other = joined("seat:teller", "Wu"), joined("seat:clerk")
    seat.answer("sitrep", element__facts="x", next="1")
    driver.do(c.SetSpeed(60.0))
    wait_for(lambda: "is overdue" in seat.get("/seat").text)
    with listening(seat) as at_teller, listening(other) as at_clerk:
        assert at_teller.nothing()
        driver.do(c.RecordDecision("teller", "nobody is hurt"))
        assert at_teller.next()[0] == "event: tick"
        assert at_clerk.nothing(0.2)
    assert "report again" not in visible(seat.get("/seat").text)


def test_a_seat_is_told_that_the_ratings_are_locked_and_its_words_stay(driver: Driver, joined: Joined) -> None:
    driver.start("knife")
    driver.do(c.End())
    teller = joined("seat:teller")
    teller.send_form("/seat/feedback", {"key": "feedback", "role": "teller", "category": "gap", "text": "a late alarm"})
    assert 'id="feedback.' in teller.get("/seat").text
    driver.opened.conductor.catch_up()
    with listening(teller) as heard:
        driver.do(c.LockRatings())
        assert heard.next()[0] == "event: tick"
    assert ".change" not in teller.get("/seat").text


def test_a_stream_ends_with_the_server_and_sends_nobody_away(driver: Driver, joined: Joined, server: Server) -> None:
    site = server.app.state.site
    with listening(joined("seat:teller")) as heard:
        site.on_fault()
        assert heard.next(5)[0] == "end"


def test_two_servers_and_a_seat_at_a_terminal_hear_of_each_other(driver: Driver, joined: Joined) -> None:
    driver.start("knife", "orders")
    seat = joined("seat:teller")
    with listening(seat) as heard:
        driver.opened.conductor.dispatch(c.SendMessage("clerk", "teller", "from a terminal"), Actor("seat", roles=("clerk",)))
        assert heard.next()[0] == "event: tick"
    wait_for(lambda: "from a terminal" in seat.get("/seat").text)


@pytest.mark.parametrize("path", ["/events", "/seat"])
def test_a_stranger_gets_no_stream(browser: Callable[[], Browser], path: str) -> None:
    assert browser().get(path, follow_redirects=False).status_code == 303

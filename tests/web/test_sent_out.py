"""Who was sent out records nothing more, however long what they send takes to come."""

from __future__ import annotations

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from tabletop.errors import TabletopError
from tabletop.web.hub import Hub
from tabletop.web.server import Server

from .served import Browser, Driver, serving
from .test_seat import wait_for

Joined = Callable[..., Browser]


def send_out(driver: Driver) -> None:
    for known in driver.store.seats.passes(driver.run):
        driver.store.seats.kick(driver.run, known.id)


def test_what_was_begun_before_and_comes_after_is_not_recorded(driver: Driver, joined: Joined) -> None:
    driver.start("more")
    seat = joined("seat:teller", "Wu")
    place = urlsplit(seat.address)
    cookies = "; ".join(f"{name}={value}" for name, value in seat.cookies.items())
    body = "ask=many&role=teller&value=7"
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as slow:
        head = [
            "POST /seat/answer HTTP/1.1",
            f"Host: {place.netloc}",
            f"Origin: {seat.address}",
            f"Cookie: {cookies}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            "Connection: close",
        ]
        slow.sendall("\r\n".join([*head, "", body[:5]]).encode())
        assert seat.get("/seat").status_code == 200
        send_out(driver)
        wait_for(lambda: seat.get("/seat").status_code == 403)
        slow.sendall(body[5:].encode())
        answer = b"".join(iter(lambda: slow.recv(65536), b"")).decode()
    assert answer.startswith("HTTP/1.1 403")
    assert 'id="gone"' in answer
    assert driver.events("answer_given") == []


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/seat/answer", {"ask": "many", "role": "teller", "value": "7"}),
        ("/seat/decision", {"role": "teller", "text": "Shut the gate"}),
        ("/draft", {"key": "message", "role": "teller", "text": "mine"}),
        ("/name", {"name": "Li"}),
        ("/emergency", {}),
    ],
)
def test_a_pass_is_looked_at_again_where_it_is_recorded(
    driver: Driver, joined: Joined, server: Server, monkeypatch: pytest.MonkeyPatch, path: str, fields: dict[str, str]
) -> None:
    driver.start("more")
    seat = joined("seat:teller", "Wu")
    assert seat.get("/seat").status_code == 200
    # The server has not looked at its doors since.
    monkeypatch.setattr(server.hub, "look_at_doors", lambda joined: None)
    driver.opened.conductor.catch_up()
    before = len(driver.opened.conductor.entries)
    send_out(driver)
    assert seat.get("/seat").status_code == 200
    assert seat.send_form(path, fields).status_code == 403
    driver.opened.conductor.catch_up()
    assert len(driver.opened.conductor.entries) == before
    assert driver.store.drafts.load(driver.run, "seat:teller") == {}
    assert [known.name for known in driver.store.seats.passes(driver.run)] == ["Wu"]


async def test_nothing_is_asked_of_a_thread_that_has_ended(driver: Driver) -> None:
    with serving(driver) as server:
        hub: Hub = server.hub
        assert hub._taking
    thread = hub._thread
    assert thread is not None
    # It may be seen alive still, by whoever asks at the very moment at which it ends.
    thread.is_alive = lambda: True  # type: ignore[method-assign]
    with pytest.raises(TabletopError):
        await hub.do(lambda joined: None)

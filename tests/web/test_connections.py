"""Connections that ask for nothing are closed, and none of them keeps anybody out (T15). Over real sockets, with short times."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace

import httpx
import pytest

from tabletop import platform
from tabletop.web import connections
from tabletop.web.pages.door import HELLO
from tabletop.web.server import MOST_CONNECTIONS, OWN_FILES, Server, Where

from .served import Browser, Driver
from .test_seat import wait_for

SHORT_S = 0.3
"""Seconds after which a stranger's connection is closed here."""


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Times that a test can wait for; they are read when a connection is opened."""
    monkeypatch.setattr(connections, "HEAD_S", SHORT_S)
    monkeypatch.setattr(connections, "BODY_S", 3 * SHORT_S)
    monkeypatch.setattr(connections, "KEPT_S", 4 * SHORT_S)


Dial = Callable[[], socket.socket]


@pytest.fixture
def dial(server: Server) -> Iterator[Dial]:
    """Opens a connection to the server."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(socket.create_connection(("127.0.0.1", server.sockets[0].getsockname()[1]), timeout=10))


def closed_after(connection: socket.socket) -> float:
    """Seconds until the other end closes; what it sends before is thrown away."""
    began = time.monotonic()
    try:
        while connection.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return time.monotonic() - began


def is_open(connection: socket.socket) -> bool:
    connection.setblocking(False)
    try:
        return bool(connection.recv(65536))
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False
    finally:
        connection.setblocking(True)


def head(server: Server, line: str = "GET /join", *more: str) -> bytes:
    host = server.addresses[0].partition("//")[2]
    return "\r\n".join([f"{line} HTTP/1.1", f"Host: {host}", *more, "", ""]).encode()


@pytest.mark.usefixtures("short")
def test_one_that_never_asks_is_closed(dial: Dial) -> None:
    began = time.monotonic()
    closed_after(dial())
    assert SHORT_S / 2 < time.monotonic() - began < 20 * SHORT_S


@pytest.mark.usefixtures("short")
def test_a_head_that_comes_a_byte_at_a_time_gains_nothing_by_it(server: Server, dial: Dial) -> None:
    connection = dial()
    began, sent = time.monotonic(), 0
    with suppress(OSError):
        for byte in head(server, "GET /join", *(f"X-{n}: {'y' * 40}" for n in range(40))):
            connection.sendall(bytes([byte]))
            sent += 1
            time.sleep(SHORT_S / 20)
    assert 0 < sent < 500
    assert time.monotonic() - began < 20 * SHORT_S


@pytest.mark.usefixtures("short")
def test_a_body_that_never_comes_is_not_waited_for_and_is_no_fault_of_ours(server: Server, dial: Dial) -> None:
    crashes: list[object] = []
    server.app.state.site.on_crash = crashes.append
    connection = dial()
    origin = f"Origin: {server.addresses[0]}"
    kind = "Content-Type: application/x-www-form-urlencoded"
    connection.sendall(head(server, "POST /join", origin, kind, "Content-Length: 100") + b"code=")
    assert closed_after(connection) < 20 * SHORT_S
    assert httpx.get(f"{server.addresses[0]}/join").status_code == 200
    assert crashes == []


@pytest.mark.usefixtures("short")
def test_between_two_requests_a_pass_is_waited_for_longer_than_a_stranger(
    server: Server, dial: Dial, joined: Callable[..., Browser]
) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in joined("seat:teller").cookies.items())
    stranger, holder = dial(), dial()
    stranger.sendall(head(server))
    holder.sendall(head(server, "GET /seat", f"Cookie: {cookie}"))
    gone_s = closed_after(stranger)
    assert is_open(holder)
    assert gone_s < closed_after(holder) + gone_s
    assert httpx.get(f"{server.addresses[0]}/join").status_code == 200


def test_of_too_many_that_wait_the_oldest_go_and_whoever_asks_is_served(
    server: Server, dial: Dial, joined: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_OF_AN_ADDRESS", 5)
    seat = joined("seat:teller")
    idle = [dial() for _ in range(12)]
    assert httpx.get(f"{server.addresses[0]}/join").status_code == 200
    assert seat.get("/seat").status_code == 200
    for one in idle[:7]:
        assert closed_after(one) < 4
    assert [is_open(one) for one in idle[8:]] == [True] * 4
    for one in idle[8:]:
        one.sendall(head(server))
        assert one.recv(12) == b"HTTP/1.1 200"


def test_requests_at_work_and_open_streams_are_not_counted(
    server: Server, dial: Dial, joined: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_OF_AN_ADDRESS", 2)
    monkeypatch.setattr(connections, "MOST_OF_A_PASS", 2)
    cookie = "; ".join(f"{name}={value}" for name, value in joined("seat:teller").cookies.items())

    def asks(page: str) -> socket.socket:
        one = dial()
        one.sendall(head(server, f"GET {page}", f"Cookie: {cookie}"))
        assert one.recv(12) == b"HTTP/1.1 200"
        return one

    streams = [asks("/events") for _ in range(4)]
    held = [asks("/seat") for _ in range(4)]
    assert closed_after(held[0]) < 4
    assert closed_after(held[1]) < 4
    assert [is_open(one) for one in (*held[2:], *streams)] == [True] * 6


def test_a_crowd_behind_one_address_joins_and_plays(driver: Driver, server: Server) -> None:
    driver.start("knife")
    with ExitStack() as stack:
        crowd = [stack.enter_context(Browser(server.addresses[0])) for _ in range(60)]
        for browser in crowd:
            assert browser.get("/join").status_code == 200
        for browser, code in zip(crowd, [driver.code(f"evaluator:E{n}") for n in range(60)], strict=True):
            assert browser.join_with(code).status_code == 200
        assert [browser.get("/judge").status_code for browser in crowd] == [200] * 60


def test_two_hundred_phones_of_one_address_wait_at_the_door_and_hear_that_it_opens(driver: Driver, server: Server, dial: Dial) -> None:
    driver.store.seats.set_lobby(driver.run, locked=True)
    phones = [dial() for _ in range(200)]
    for n, phone in enumerate(phones):
        phone.sendall(head(server, "GET /door/events", f"Cookie: {HELLO}=phone-{n}"))
    heard = [phone.makefile("rb") for phone in phones]
    assert {one.readline() for one in heard} == {b"HTTP/1.1 200 OK\r\n"}
    for one in heard:
        assert b"event: door\n" in iter(one.readline, b"")
    wait_for(lambda: driver.store.seats.lobby(driver.run).hellos == len(phones))
    driver.store.seats.set_lobby(driver.run, locked=False)
    for one in heard:
        assert b"event: door\n" in iter(one.readline, b"")
        one.close()


def test_a_host_that_holds_most_streams_at_the_door_gives_them_up_to_those_who_come(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = server.app.state.site
    streams, tight = site.streams, replace(site.settings, most_streams_at_the_door=12, most_streams_of_an_address=8)
    monkeypatch.setattr(streams, "_settings", tight)

    def held() -> Counter[str]:
        return Counter(one.address for one in streams._open)

    greedy = [streams.open("10.0.0.66", None) for _ in range(20)]
    assert held() == {"10.0.0.66": 8}
    for address in ("10.0.0.1", "10.0.0.2"):
        assert None not in [streams.open(address, None) for _ in range(4)]
    assert held() == {"10.0.0.66": 4, "10.0.0.1": 4, "10.0.0.2": 4}
    assert sum(one is not None and "end" in one.signals for one in greedy) == 4
    assert streams.open("10.0.0.66", None) is None, "it takes nothing back"
    assert streams.open("10.0.0.3", None) is not None, "somebody alone finds a place whoever came before"
    for one in list(streams._open):
        streams.drop(one)


def test_the_addresses_of_one_network_wait_at_the_door_as_one(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = server.app.state.site.streams
    tight = replace(server.app.state.site.settings, most_streams_at_the_door=6, most_streams_of_an_address=4)
    monkeypatch.setattr(streams, "_settings", tight)
    crowd = [streams.open(f"2001:db8:0:1::{number}", None) for number in range(1, 8)]
    assert [one is not None for one in crowd] == [True] * 4 + [False] * 3
    others = [streams.open(f"2001:db8:0:{number}::1", None) for number in (2, 3, 4)]
    assert None not in others
    assert sum(one is not None and "end" in one.signals for one in crowd) == 1, "whoever holds most gives a place up"
    for one in list(streams._open):
        streams.drop(one)


def test_one_host_says_hello_for_no_more_than_a_crowd(driver: Driver, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabletop.web.site.MOST_OF_AN_ADDRESS", 5)
    site = server.app.state.site
    for number in range(50):
        site.hello(f"invented-{number}", "10.0.0.66")
    site.hello("phone", "10.0.0.1")
    site.hello("invented-1", "10.0.0.66")
    wait_for(lambda: driver.store.seats.lobby(driver.run).hellos == 6)


@pytest.mark.parametrize("files", [4096, 1024, 256])
def test_streams_and_strangers_leave_room_whatever_the_system_gives(files: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "open_files", lambda wanted: min(wanted, files))
    server = Server(Where(), lambda: pytest.fail("opened"))
    server.close()
    room, settings = server._config.limit_concurrency, server.app.state.site.settings
    assert room == min(MOST_CONNECTIONS, files - OWN_FILES)
    strangers = server._config.http.args[0]._most_of_strangers  # type: ignore[union-attr]
    assert 0 < settings.most_streams_at_the_door < settings.most_streams
    assert settings.most_streams + strangers < room
    assert files < 4096 or settings.most_streams_of_an_address == connections.MOST_OF_AN_ADDRESS < settings.most_streams_at_the_door

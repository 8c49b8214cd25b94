"""What every request has to pass, and how people join: Host, Origin, sizes, codes, passes, the lobby (T12 to T16)."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable

import httpx
import pytest

from tabletop.engine.rights import Actor
from tabletop.web.app import PAGES, homes, routes
from tabletop.web.guard import MOST_AT_THE_DOOR, MOST_BODY
from tabletop.web.server import Server
from tabletop.web.site import Site

from .served import Browser, Driver, visible
from .test_seat import wait_for

Browsers = Callable[[], Browser]
Joined = Callable[..., Browser]

OPEN_TO_ALL = {"/", "/join", "/j/{code:str}", "/J/{code:str}", "/door/events", "/static/{name:str}"}
"""Paths that need no pass. Nothing of a run is there but that it is one."""


def port_of(server: Server) -> int:
    port: int = server.sockets[0].getsockname()[1]
    return port


def raw(server: Server, text: str) -> str:
    """What the server answers to bytes that no browser would send."""
    with socket.create_connection(("127.0.0.1", port_of(server)), timeout=10) as connection:
        connection.sendall(text.encode())
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode("utf-8", "replace")


def test_every_route_but_the_door_needs_a_pass(server: Server, browser: Browsers) -> None:
    stranger = browser()
    known = set()
    for route in routes():
        path, methods = route.path, route.methods  # type: ignore[attr-defined]
        known.add(path)
        if path in OPEN_TO_ALL:
            continue
        plain = re.sub(r"\{[^}]+\}", "1", path)
        for method in methods - {"HEAD"}:
            answer = stranger.request(method, plain, headers={"origin": stranger.address}, follow_redirects=False)
            assert (answer.status_code, answer.headers.get("location")) == (303, "/join"), path
    assert known >= OPEN_TO_ALL
    assert set(homes().values()) <= known
    assert {"door", "seat", "sending", "wall", "emergency", "live", "files"} <= set(PAGES)


@pytest.mark.parametrize("path", ["/docs", "/static/", "/static/../app.py", "/static/%2e%2e/app.py", "/console", "/debug", "/openapi.json"])
def test_there_is_nothing_else(browser: Browsers, path: str) -> None:
    answer = browser().get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "localhost:1", "", "127.0.0.1.evil.example:{port}", "[::1]:{port}", "127.0.0.1:{port}@evil"]
)
def test_only_the_hosts_it_has_are_answered(server: Server, host: str) -> None:
    answer = raw(server, f"GET /join HTTP/1.1\r\nHost: {host.format(port=port_of(server))}\r\nConnection: close\r\n\r\n")
    assert answer.split()[1] in ("421", "400")
    assert "EXERCISE" not in answer


def test_two_hosts_are_none(server: Server) -> None:
    good = f"Host: 127.0.0.1:{port_of(server)}\r\n"
    assert raw(server, f"GET /join HTTP/1.1\r\n{good}Host: evil\r\n\r\n").split()[1] in ("400", "421")
    assert raw(server, f"GET /join HTTP/1.1\r\n{good}Connection: close\r\n\r\n").split()[1] == "200"


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://{host}", "http://{host}.evil.example", "http://localhost:{port}"]
)
def test_a_form_from_elsewhere_is_refused(server: Server, driver: Driver, origin: str | None) -> None:
    host = f"127.0.0.1:{port_of(server)}"
    headers = {} if origin is None else {"origin": origin.format(host=host, port=port_of(server))}
    code = driver.code("seat:teller")
    answer = httpx.post(f"http://{host}/join", data={"code": code}, headers=headers)
    assert answer.status_code == 403
    assert httpx.post(f"http://{host}/join", data={"code": code}, headers={"origin": f"http://{host}"}).status_code == 303


def test_every_answer_carries_what_keeps_it_to_itself(browser: Browsers, joined: Joined) -> None:
    seat = joined("seat:teller")
    for answer in (browser().get("/join"), seat.get("/seat"), seat.get("/nothing"), seat.get("/static/page.js"), browser().get("/seat")):
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "http" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "server" not in answer.headers
        assert "etag" not in answer.headers


def test_pages_hold_no_script_and_no_style_of_their_own_and_ask_for_nothing_elsewhere(joined: Joined) -> None:
    for page in (joined("seat:teller").get("/seat").text, joined("viewer").get("/wall").text):
        assert re.findall(r"<script(?! src=\"/static/page\.js\" defer></script>)", page) == []
        assert "<style" not in page
        assert not re.search(r"\son\w+=|\sstyle=", page)
        assert not re.search(r"(?:src|href|action)=\"(?!/(?!/))", page)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
def test_other_methods_are_refused(browser: Browsers, method: str) -> None:
    assert browser().request(method, "/join").status_code == 405


def test_long_bodies_are_refused_announced_or_not(joined: Joined, server: Server) -> None:
    seat = joined("seat:teller")
    assert seat.send_form("/draft", {"key": "x", "value": "a" * MOST_BODY}).status_code == 413
    chunk = "a" * (MOST_BODY // 4)
    cookie = "; ".join(f"{name}={value}" for name, value in seat.cookies.items())
    head = (
        f"POST /draft HTTP/1.1\r\nHost: 127.0.0.1:{port_of(server)}\r\nOrigin: http://127.0.0.1:{port_of(server)}\r\nCookie: {cookie}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    assert raw(server, head + f"{len(chunk):x}\r\n{chunk}\r\n" * 5 + "0\r\n\r\n").split()[1] == "413"
    assert seat.send_form("/join", {"code": "x", "name": "a" * MOST_AT_THE_DOOR}).status_code == 413
    assert raw(server, "GET /join HTTP/1.1\r\nHost: x\r\nX: " + "a" * 100_000 + "\r\n\r\n").split()[1] in ("400", "421", "431")


@pytest.mark.parametrize("sent", [b"\xff\xfe=%ff&a", b"&&&&", b"key=" + b"%00" * 50, b"a=b" * 2000, b"key=x&value=%ED%A0%80"])
def test_what_is_no_form_breaks_nothing(joined: Joined, sent: bytes) -> None:
    seat = joined("seat:teller")
    headers = {"origin": seat.address, "content-type": "application/x-www-form-urlencoded"}
    for path in ("/draft", "/seat/answer", "/seat/read", "/name", "/emergency", "/join"):
        assert seat.post(path, content=sent, headers=headers).status_code < 500 or path == "/emergency"
    assert seat.get("/seat").status_code == 200


def test_a_code_opens_one_browser_once(driver: Driver, browser: Browsers) -> None:
    code = driver.code("seat:teller")
    first, second = browser(), browser()
    joined = first.send_form("/join", {"code": code.lower().replace("-", " "), "name": "Wu"}, follow_redirects=False)
    assert (joined.status_code, joined.headers["location"]) == (303, "/seat")
    cookie = next(value for value in joined.headers.get_list("set-cookie") if value.startswith("seat-"))
    assert re.search(r"HttpOnly", cookie)
    assert re.search(r"SameSite=strict", cookie, re.IGNORECASE)
    assert "Secure" not in cookie
    assert code.replace("-", "") not in cookie
    assert second.join_with(code).status_code == 403
    assert second.get("/seat").url.path == "/join"


def test_the_viewer_code_opens_the_wall_for_the_whole_room_and_no_seat(driver: Driver, browser: Browsers) -> None:
    code = driver.code("viewer")
    driver.start("knife")
    for _ in range(3):
        phone = browser()
        assert phone.join_with(code).url.path == "/wall/site"
        assert phone.get("/seat").url.path == "/wall"
        assert phone.answer("first", value="a").status_code == 403


def test_following_the_link_of_a_code_uses_nothing_up(driver: Driver, browser: Browsers) -> None:
    code = driver.code("seat:teller")
    for path in (f"/J/{code.replace('-', '')}", f"/j/{code.replace('-', '').lower()}"):
        assert code in browser().get(path).text
    assert browser().get("/J/<script>alert(1)</script>").status_code in (200, 404)
    assert "<script>alert" not in browser().get("/J/%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
    assert browser().join_with(code).url.path == "/seat"


def test_a_cookie_of_nobody_opens_nothing(browser: Browsers, joined: Joined) -> None:
    seat = joined("seat:teller")
    [name] = [name for name in seat.cookies if name.startswith("seat-")]
    for value in ("", "x", "a" * 43, seat.cookies[name][:-1] + "x", "é", "a" * 5000):
        stranger = browser()
        stranger.cookies.set(name, value) if value.isascii() else None
        assert stranger.get("/seat").status_code in (200, 403)
        assert "Knife" not in stranger.get("/seat").text
        assert not stranger.get("/seat").text.count('id="newest"')


def test_wrong_codes_make_one_wait_longer_and_longer(driver: Driver, browser: Browsers) -> None:
    code = driver.code("seat:teller")
    stranger = browser()
    assert [stranger.join_with(f"0000-000{number}").status_code for number in range(5)] == [403] * 5
    first = stranger.join_with("0000-0005")
    assert first.status_code == 429
    assert 1 <= int(first.headers["retry-after"]) <= 2
    assert browser().join_with(code).status_code == 429
    time.sleep(int(first.headers["retry-after"]) + 0.1)
    assert stranger.join_with("0000-0006").status_code == 403
    assert 3 <= int(stranger.join_with("0000-0007").headers["retry-after"]) <= 4


def test_who_is_sent_out_is_out_at_once(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    seat, other = joined("seat:teller"), joined("seat:clerk")
    with seat.stream("GET", "/events") as stream:
        lines = stream.iter_lines()
        assert next(lines) == "event: tick"
        [known] = [one for one in driver.store.seats.passes(driver.run) if one.seat == "seat:teller"]
        driver.store.seats.kick(driver.run, known.id)
        began = time.monotonic()
        rest = list(lines)
        assert time.monotonic() - began < 10
        assert "event: gone" in rest
    gone = seat.get("/seat")
    assert gone.status_code == 403
    assert "left your seat" in visible(gone.text)
    assert "Knife" not in gone.text
    assert seat.answer("first", value="a").status_code == 403
    assert seat.send_form("/emergency", {}).status_code == 403
    assert driver.events("answer_given") == []
    assert "Knife" in other.get("/seat").text


def test_a_locked_lobby_and_paper_cards_let_nobody_in(driver: Driver, browser: Browsers, joined: Joined) -> None:
    there = joined("seat:clerk")
    code = driver.code("seat:teller")
    driver.store.seats.set_lobby(driver.run, locked=True)
    stranger = browser()
    assert stranger.join_with(code).status_code == 403
    wait_for(lambda: "locked" in stranger.get("/join").text)
    driver.store.seats.set_lobby(driver.run, locked=False, paper=True)
    wait_for(lambda: "Paper cards are used" in stranger.get("/join").text)
    assert stranger.join_with(code).status_code == 403
    assert there.get("/seat").status_code == 200
    driver.store.seats.set_lobby(driver.run, paper=False)
    wait_for(lambda: 'id="join"' in stranger.get("/join").text)
    assert stranger.join_with(code).url.path == "/seat"


def test_phones_at_the_door_are_counted_once_each(driver: Driver, browser: Browsers) -> None:
    phones = [browser() for _ in range(3)]
    for phone in (*phones, *phones):
        phone.get("/join")
    wait_for(lambda: driver.store.seats.lobby(driver.run).hellos == 3)
    phones[0].join_with(driver.code("seat:teller"))
    wait_for(lambda: driver.store.seats.lobby(driver.run).hellos == 2)


def test_streams_are_counted(driver: Driver, joined: Joined, server: Server) -> None:
    seat = joined("seat:teller")
    most = server.app.state.site.settings.most_streams_of_a_pass
    opened = []
    for _ in range(most):
        stream = seat.send(seat.build_request("GET", "/events"), stream=True)
        opened.append(stream)
        assert stream.status_code == 200
    site: Site = server.app.state.site
    # The oldest gives up its place: a phone that changed its network left it behind, half open.
    again = seat.send(seat.build_request("GET", "/events"), stream=True)
    assert again.status_code == 200
    assert len(site.streams._open) == most
    assert "event: crowded" in "".join(opened[0].iter_text())
    for stream in (*opened, again):
        stream.close()


def test_a_flood_from_one_browser_is_held_back_and_nobody_elses(driver: Driver, joined: Joined) -> None:
    seat, other = joined("seat:teller"), joined("seat:clerk")
    statuses = [seat.send_form("/draft", {"key": "x", "value": "y"}).status_code for _ in range(40)]
    assert 429 in statuses
    assert statuses[0] == 200
    assert other.send_form("/draft", {"key": "x", "value": "y"}).status_code == 200


def test_nothing_is_said_on_the_servers_terminal(
    driver: Driver, joined: Joined, browser: Browsers, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    driver.start("knife")
    seat = joined("seat:teller", "Wu")
    seat.answer("first", value="a")
    seat.get("/nothing")
    headers = {"origin": seat.address, "content-type": "multipart/form-data; boundary=x"}
    assert browser().post("/join", content=b"--y\r\n", headers=headers).status_code == 400
    assert [record.getMessage() for record in caplog.records if record.name.startswith(("python_multipart", "uvicorn"))] == []
    assert capfd.readouterr() == ("", "")


def test_a_role_of_the_exercise_that_is_gone_breaks_no_pass(driver: Driver, joined: Joined) -> None:
    assert Actor.parse("seat:teller+nobody").roles == ("teller", "nobody")
    assert joined("seat:teller+nobody").get("/seat").status_code == 200

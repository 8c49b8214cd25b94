"""Where the server listens, TLS, how it begins and how it ends (T14, T16, F15)."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tabletop.errors import TabletopError
from tabletop.platform import Crash
from tabletop.web.server import Server, Where, host_name, lan_address
from tests.signals import HEEDING

from .served import Browser, Driver, serving
from .test_seat import wait_for

TLS = Path(__file__).parent / "tls"
"""A certificate for localhost that nobody trusts, and its key."""


def test_it_listens_on_this_machine_alone(server: Server) -> None:
    assert {one.getsockname()[0] for one in server.sockets} == {"127.0.0.1"}
    assert [address.rpartition(":")[0] for address in server.addresses] == ["http://127.0.0.1", "http://localhost"]


def test_another_name_is_answered_only_if_it_was_given(driver: Driver) -> None:
    with serving(driver, Where(names=("Drill.Example",))) as server, Browser(server.addresses[1]) as browser:
        port = server.sockets[0].getsockname()[1]
        assert driver.store.seats.served_at(driver.run) == f"http://drill.example:{port}"
        assert browser.get("/join", headers={"host": f"drill.example:{port}"}).status_code == 200
        assert browser.get("/join", headers={"host": f"other.example:{port}"}).status_code == 421
    assert driver.store.seats.served_at(driver.run) is None


@pytest.mark.parametrize("given", ["0.0.0.0", "::", "255.255.255.255", "drill.example", "224.0.0.1", "", "127.0.0.1:80", "10.0.0.0/8"])
def test_lan_takes_the_address_of_one_machine(given: str) -> None:
    with pytest.raises(TabletopError) as refused:
        lan_address(given)
    assert refused.value.code == "serve.no-address"
    assert lan_address(" 10.0.0.7 ") == "10.0.0.7"
    assert lan_address("[fd00::7]") == "fd00::7"


NO_HOSTS = [
    *("drill.example:8765", "https://10.0.0.5", "//drill.example", "user@host", "[::1]:80", "[drill.example]", "fe80::1%eth0"),
    *("", " ", "a b", "a/b?c", "a..b", "-a", "10.0.0.256", "1.2.3", "0.0.0.0", "255.255.255.255", "224.0.0.1", "::"),
    *("x" * 64, "a." * 130 + "b"),
]


@pytest.mark.parametrize("given", NO_HOSTS)
def test_host_takes_a_name_or_an_address_alone(given: str) -> None:
    with pytest.raises(TabletopError) as refused:
        host_name(given)
    assert refused.value.code == "serve.no-host"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        *(("Drill.Example", "drill.example"), (" bank-07_a ", "bank-07_a"), ("演练.example", "xn--2dxo84a.example"), ("3com", "3com")),
        *(("10.0.0.5", "10.0.0.5"), ("[::1]", "::1"), ("FD00:0::7", "fd00::7")),
    ],
)
def test_host_is_named_as_browsers_write_it(given: str, meant: str) -> None:
    assert host_name(given) == meant


def test_an_ipv6_name_stands_in_brackets_once(driver: Driver) -> None:
    with serving(driver, Where(names=(host_name("[fd00::7]"),))) as server, Browser(server.addresses[1]) as browser:
        port = server.sockets[0].getsockname()[1]
        assert driver.store.seats.served_at(driver.run) == f"http://[fd00::7]:{port}"
        assert browser.get("/join", headers={"host": f"[fd00::7]:{port}"}).status_code == 200


def test_on_a_network_it_is_reached_there_and_on_this_machine(driver: Driver) -> None:
    with serving(driver, Where(lan="127.0.0.2")) as server:
        port = server.sockets[0].getsockname()[1]
        assert server.addresses[0] == f"http://127.0.0.2:{port}"
        for address in server.addresses[:2]:
            assert httpx.get(f"{address}/join").status_code == 200


def test_a_taken_port_and_a_foreign_address_are_told(driver: Driver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for where in (Where(port=port), Where(lan="192.0.2.1")):
            with pytest.raises(TabletopError) as refused:
                Server(where, lambda: None)  # type: ignore[arg-type, return-value]
            assert refused.value.code == "serve.cannot-listen"


def test_with_tls_passes_travel_encrypted_alone(driver: Driver) -> None:
    driver.start("knife")
    where = Where(cert=TLS / "cert.pem", key=TLS / "key.pem")
    with serving(driver, where) as server, Browser(server.addresses[0], verify=False) as browser:
        assert server.addresses[0].startswith("https://")
        response = browser.send_form("/join", {"code": driver.code("seat:teller")}, follow_redirects=False)
        cookie = next(value for value in response.headers.get_list("set-cookie") if value.startswith("seat-"))
        assert "Secure" in cookie
        assert "Knife" in browser.get("/seat").text
        plain = browser.address.replace("https", "http")
        assert browser.post("/draft", data={"key": "x"}, headers={"origin": plain}).status_code == 403
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"{plain}/join")


def test_who_greets_no_encrypted_server_is_not_waited_for(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabletop.web.server.HEAD_S", 0.2)
    with serving(driver, Where(cert=TLS / "cert.pem", key=TLS / "key.pem")) as server:
        with socket.create_connection(server.sockets[0].getsockname(), timeout=10) as stranger:
            assert stranger.recv(1) == b""
        with Browser(server.addresses[0], verify=False) as browser:
            assert browser.get("/join").status_code == 200


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("no certificate", encoding="utf-8")
    for where in (Where(cert=tmp_path / "cert.pem", key=TLS / "key.pem"), Where(cert=TLS / "cert.pem", key=tmp_path / "none.pem")):
        with pytest.raises(TabletopError) as refused:
            Server(where, lambda: None)  # type: ignore[arg-type, return-value]
        assert refused.value.code == "serve.bad-cert"


def test_a_run_that_cannot_be_opened_is_told_and_nothing_listens_any_more() -> None:
    def gone() -> None:
        raise TabletopError("store.damaged", path="x", what="y")

    server = Server(Where(), gone)  # type: ignore[arg-type]
    with pytest.raises(TabletopError):
        server.run(lambda: None)
    assert server.sockets[0].fileno() == -1


def serve_with_a_fault(driver: Driver) -> None:
    with serving(driver) as server:
        server.hub.look_at_doors = lambda joined: 1 / 0  # type: ignore[assignment, method-assign]
        wait_for(lambda: server.sockets[0].fileno() == -1)


def test_a_fault_on_the_hubs_thread_ends_the_server(driver: Driver) -> None:
    with pytest.raises(ZeroDivisionError):
        serve_with_a_fault(driver)


def test_a_fault_in_a_page_is_kept_and_told_by_number_alone(
    driver: Driver, server: Server, joined: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    seat = joined("seat:teller")
    told: list[Crash] = []
    server.app.state.site.on_crash = told.append

    def fail(*_: object) -> None:
        raise KeyError("zebra-secret")

    monkeypatch.setattr("tabletop.web.pages.seat.seen", fail)
    answer = seat.get("/seat", headers={"connection": "close"})
    assert answer.status_code == 500
    assert "zebra" not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    [crash] = told
    assert crash.id in answer.text
    assert crash.path is not None
    assert "KeyError" in crash.path.read_text(encoding="utf-8")
    assert capfd.readouterr() == ("", "")
    monkeypatch.undo()
    assert seat.get("/seat").status_code == 200


@contextmanager
def command(driver: Driver, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`tabletop serve` as a process of its own, and where it is reached."""
    line = [sys.executable, "-m", "tabletop", "serve", driver.run, "--db", str(driver.path), *arguments]
    process = subprocess.Popen(
        line,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ},
        preexec_fn=HEEDING,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", -15), ("SIGHUP", -1)])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_it_ends_in_good_order(driver: Driver, number: str, code: int) -> None:
    driver.start("knife")
    with command(driver, "--port", "0") as (process, address), Browser(address) as browser:
        browser.join_with(driver.code("seat:teller"), "Wu")
        browser.send_form("/here", {})
        wait_for(lambda: bool(driver.store.presence.all(driver.run)))
        stream = browser.send(browser.build_request("GET", "/events"), stream=True)
        began = time.monotonic()
        process.send_signal(signal.Signals[number])
        assert process.wait(20) == code
        assert time.monotonic() - began < 15
        stream.close()
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    assert [one.gone for one in driver.store.presence.all(driver.run)] == [True]
    assert driver.store.seats.served_at(driver.run) is None


def test_killed_and_begun_again_everybody_is_where_they_were(driver: Driver) -> None:
    driver.start("knife", "orders")
    with command(driver, "--port", "0") as (process, address):
        browser = Browser(address)
        browser.join_with(driver.code("seat:teller"), "Wu")
        browser.answer("first", value="a")
        browser.send_form("/draft", {"key": "answer.words.teller", "value": "half a thought"})
        process.kill()
        process.wait(10)
        with pytest.raises(httpx.HTTPError):
            browser.get("/seat")
    with command(driver, "--port", address.rpartition(":")[2]):
        page = browser.get("/seat").text
        assert "Wu" in page
        assert "Option a" in page
        assert "half a thought" in page
        assert browser.answer("words", value="a whole one", rationale="r").status_code == 200
    browser.close()
    assert len(driver.events("answer_given")) == 2


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["nothing-like-it"], 3, "nothing-like-it"),
        (["latest", "--lan", "0.0.0.0"], 2, "0.0.0.0"),
        (["latest", "--lan", "192.0.2.1"], 2, "192.0.2.1"),
        (["latest", "--tls-cert", "x.pem"], 2, "--tls-key"),
        (["latest", "--tls-cert", "x.pem", "--tls-key", "y.pem"], 3, "x.pem"),
        (["latest", "--port", "70000"], 2, "70000"),
    ],
)
def test_what_it_cannot_do_is_told(driver: Driver, arguments: list[str], code: int, told: str) -> None:
    line = [sys.executable, "-m", "tabletop", "serve", "--db", str(driver.path), *arguments]
    done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == code
    assert told in done.stderr
    assert done.stdout == ""


def test_without_tls_on_a_network_it_warns(driver: Driver) -> None:
    with command(driver, "--port", "0", "--lan", "127.0.0.2") as (process, address):
        assert address.startswith("http://127.0.0.2:")
        process.terminate()
        _, talk = process.communicate(timeout=10)
        assert "Warning" in talk


def test_any_port_is_the_one_it_had_last_where_that_is_free(driver: Driver) -> None:
    with serving(driver, Where(lan="127.0.0.2")) as server:
        port = server.sockets[0].getsockname()[1]
    before = driver.store.seats.last_port(driver.run)
    assert before == port
    with serving(driver, Where(before=before, lan="127.0.0.2")) as server:
        assert {one.getsockname()[1] for one in server.sockets} == {port}
    with socket.create_server(("127.0.0.1", port)), serving(driver, Where(before=before, lan="127.0.0.2")) as server:
        [other] = {one.getsockname()[1] for one in server.sockets}
        assert other != port, "taken on one of its addresses"
    with serving(driver, Where(port=0)) as server:
        assert server.addresses[0].startswith("http://127.0.0.1:")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_server_that_was_killed_is_no_more_in_the_lobby_and_comes_back_at_its_port(driver: Driver) -> None:
    for _ in range(2):
        before = driver.store.seats.last_port(driver.run)
        with command(driver, "--port", "0", "--lan", "127.0.0.2") as (process, address):
            assert driver.store.seats.served_at(driver.run) == "", "an address that no other machine reaches"
            assert before in (0, int(address.rpartition(":")[2]))
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        assert driver.store.seats.served_at(driver.run) is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a file that is open")
def test_a_server_whose_lock_was_taken_away_is_reached_again_after_its_next_beat(driver: Driver, server: Server) -> None:
    seats = driver.store.seats
    assert seats.served_at(driver.run) == ""
    [lock] = driver.path.parent.glob("*.serve")
    lock.unlink()
    assert seats.served_at(driver.run) is None
    wait_for(lambda: seats.served_at(driver.run) == "")


def ended(process: subprocess.Popen[str]) -> str:
    """What a server said that is told to end."""
    process.terminate()
    _, talk = process.communicate(timeout=10)
    return talk


def test_without_a_port_it_listens_where_its_cards_lead_and_elsewhere_it_says_so(driver: Driver) -> None:
    with command(driver, "--port", "0") as (process, address):
        assert "lead nowhere" not in ended(process)
    with command(driver) as (process, again):
        assert again == address
        assert "lead nowhere" not in ended(process)
    port = int(address.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)), command(driver, "--port", "0") as (process, elsewhere):
        assert elsewhere != address
        assert f"Cards and links for {address} lead nowhere now" in ended(process)


def test_where_the_port_of_last_time_is_taken_it_takes_the_other_that_it_was_given(driver: Driver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as free:
        before, port = taken.getsockname()[1], free.getsockname()[1]
        free.close()
        server = Server(Where(port, before), lambda: pytest.fail("opened"))
        assert server.addresses[0] == f"http://127.0.0.1:{port}"
        server.close()


def test_a_second_server_of_a_run_is_none_unless_a_port_is_named(driver: Driver) -> None:
    with command(driver, "--port", "0") as (_, address):
        line = [sys.executable, "-m", "tabletop", "serve", driver.run, "--db", str(driver.path)]
        done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
        assert (done.returncode, done.stdout) == (2, "")
        assert f"served already, at {address}" in done.stderr
        cards = driver.path.parent / "cards.html"
        done = subprocess.run([*line, "--cards", str(cards)], capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
        assert (done.returncode, done.stdout) == (0, "")
        assert address in cards.read_text("utf-8")
        assert "Only this machine" in done.stderr
        with command(driver, "--port", "0") as (process, second):
            assert second != address
            assert "lead nowhere" not in ended(process)

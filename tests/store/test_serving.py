"""A server of browser seats is there for as long as its process lives, and its port is remembered."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tabletop.store import Store
from tabletop.store import serving as serving_module
from tabletop.store.serving import Serving

from .ledgers import RUN, make_run

LAN, OTHER, LOCAL = "http://10.0.0.7:8765", "http://10.0.0.7:40123", "http://127.0.0.1:40123"

KILLED = """
import os, sys
from pathlib import Path
from tabletop.store import Store
kept = Store.open(Path(sys.argv[1]))
kept.seats.serve(sys.argv[2], sys.argv[3])
print(kept.seats.served_at(sys.argv[2]), flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def served(store: Store) -> Store:
    make_run(store)
    return store


def side_files(store: Store) -> list[Path]:
    return sorted(store.path.parent.glob("*.serve"))


def test_it_is_reached_until_it_ends(served: Store) -> None:
    seats = served.seats
    assert (seats.served_at(RUN), seats.last_port(RUN)) == (None, 0)
    serving = seats.serve(RUN, LAN)
    assert (seats.served_at(RUN), seats.last_port(RUN)) == (LAN, 8765)
    serving.end()
    assert (seats.served_at(RUN), seats.last_port(RUN)) == (None, 8765)
    assert side_files(served) == []


@pytest.mark.parametrize("address", [LOCAL, "http://localhost:8765", "http://[::1]:8765"])
def test_one_for_this_machine_alone_is_reached_by_no_other(served: Store, address: str) -> None:
    serving: Serving = served.seats.serve(RUN, address)
    assert served.seats.served_at(RUN) == ""
    serving.end()


@pytest.mark.parametrize(("address", "port"), [("https://drill.example", 443), ("http://drill.example", 80), ("http://[fd00::7]:8", 8)])
def test_the_port_of_an_address_that_names_none(served: Store, address: str, port: int) -> None:
    served.seats.serve(RUN, address).end()
    assert served.seats.last_port(RUN) == port


UNREADABLE = [
    "http://[drill.example:8765]:8765",
    "http://https://10.0.0.5:8765",
    "http://[[::1]]:8765",
    "http://a:b:c",
    "http://a:99999",
    "http://:8765",
    "[",
]


@pytest.mark.parametrize("address", UNREADABLE)
def test_an_address_that_nobody_can_read_is_none(served: Store, address: str) -> None:
    seats = served.seats
    serving = seats.serve(RUN, address)
    assert (seats.served_at(RUN), seats.last_port(RUN)) == (None, 0)
    again = seats.serve(RUN, LAN)
    assert (seats.served_at(RUN), seats.last_port(RUN)) == (LAN, 8765)
    again.end()
    serving.end()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_server_that_was_killed_is_reached_no_more_and_the_next_one_cleans_up(served: Store) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(served.path), RUN, LAN], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == (LAN, -9)
    assert served.seats.lobby(RUN).address == LAN
    assert (served.seats.served_at(RUN), served.seats.last_port(RUN)) == (None, 8765)
    assert len(side_files(served)) == 1
    serving = served.seats.serve(RUN, OTHER)
    assert served.seats.served_at(RUN) == OTHER
    assert len(side_files(served)) == 1
    serving.end()


def test_a_second_server_takes_the_address_over_and_leaves_the_first_its_lock(served: Store) -> None:
    first = served.seats.serve(RUN, LAN)
    second = served.seats.serve(RUN, OTHER)
    assert served.seats.served_at(RUN) == OTHER
    assert len(side_files(served)) == 2
    second.end()
    assert served.seats.served_at(RUN) is None
    first.end()


def test_a_server_that_begins_while_the_one_before_ends_waits_for_it(served: Store) -> None:
    first = served.seats.serve(RUN, LAN)
    ending = threading.Timer(1.5, first.end)
    ending.start()
    second = served.seats.serve(RUN, LAN)
    ending.join()
    second.hold()
    assert served.seats.served_at(RUN) == LAN
    second.end()
    assert side_files(served) == []


def test_a_server_that_did_not_get_its_lock_at_first_gets_it_later(served: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_module, "TAKE_S", 0.0)
    first = served.seats.serve(RUN, LAN)
    second = served.seats.serve(RUN, LAN)
    second.hold()
    first.end()
    assert served.seats.served_at(RUN) is None
    second.hold()
    assert served.seats.served_at(RUN) == LAN
    second.end()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a file that is open")
def test_a_lock_whose_file_the_one_before_took_away_is_taken_anew(served: Store) -> None:
    serving = served.seats.serve(RUN, LAN)
    for file in side_files(served):
        file.unlink()
    assert served.seats.served_at(RUN) is None
    serving.hold()
    assert served.seats.served_at(RUN) == LAN
    serving.end()

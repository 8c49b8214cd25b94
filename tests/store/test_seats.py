"""Joining from another device: codes are shown once and open once, passes can be taken away, presence is outside the log (T12, F14)."""

from __future__ import annotations

import sqlite3

import pytest

from tabletop.store import Store
from tabletop.store.presence import AWAY_MS, TYPING_MS, Here
from tabletop.store.seats import CROCKFORD, VIEWER, Lobby, plain_code, shown_code

from .ledgers import RUN, make_run

SEAT = "seat:teller-1"


@pytest.fixture
def seated(store: Store) -> Store:
    make_run(store)
    return store


def new_code(seated: Store, seat: str = SEAT) -> str:
    return seated.seats.new_codes(RUN, [seat])[seat]


def test_a_code_opens_its_seat_once(seated: Store) -> None:
    code = new_code(seated)
    assert len(code) == 9
    assert code[4] == "-"
    joined = seated.seats.redeem(RUN, code, "Li Wei")
    assert joined is not None
    seat, token = joined
    assert seat == SEAT
    found = seated.seats.of(RUN, token)
    assert found is not None
    assert (found.seat, found.name) == (SEAT, "Li Wei")
    assert seated.seats.redeem(RUN, code, "Wang") is None
    assert len(seated.seats.passes(RUN)) == 1


def test_a_new_code_shuts_the_one_before_and_leaves_who_joined(seated: Store) -> None:
    first = new_code(seated)
    second = new_code(seated)
    assert seated.seats.redeem(RUN, first, "") is None
    joined = seated.seats.redeem(RUN, second, "")
    assert joined is not None
    third = new_code(seated)
    assert seated.seats.of(RUN, joined[1]) is not None
    assert seated.seats.redeem(RUN, third, "B") is not None
    assert len(seated.seats.passes(RUN)) == 2


def test_the_viewers_code_is_for_the_whole_room(seated: Store) -> None:
    code = new_code(seated, VIEWER)
    tokens = {joined[1] for joined in (seated.seats.redeem(RUN, code, "") for _ in range(3)) if joined is not None}
    assert len(tokens) == 3


def test_neither_codes_nor_tokens_are_in_the_file(seated: Store) -> None:
    code = new_code(seated)
    joined = seated.seats.redeem(RUN, code, "")
    assert joined is not None
    content = seated.path.read_bytes()
    assert code.encode() not in content
    assert plain_code(code).encode() not in content
    assert joined[1].encode() not in content


def test_whoever_was_sent_out_is_out(seated: Store) -> None:
    joined = seated.seats.redeem(RUN, new_code(seated), "")
    assert joined is not None
    held = seated.seats.of(RUN, joined[1])
    assert held is not None
    seated.seats.rename(RUN, held.id, "Zhao")
    assert [one.name for one in seated.seats.passes(RUN)] == ["Zhao"]
    seated.seats.kick(RUN, held.id)
    assert seated.seats.of(RUN, joined[1]) is None
    assert [one.kicked for one in seated.seats.passes(RUN)] == [True]


def test_a_pass_and_a_code_are_of_one_run(seated: Store) -> None:
    make_run(seated, "fraud-20261120-1400-00bb")
    joined = seated.seats.redeem(RUN, new_code(seated), "")
    assert joined is not None
    assert seated.seats.of("fraud-20261120-1400-00bb", joined[1]) is None
    other = new_code(seated)
    assert seated.seats.redeem("fraud-20261120-1400-00bb", other, "") is None


@pytest.mark.parametrize("typed", ["", "7", "7K2M9QX", "7K2M9QXDD", "ＵＵＵＵＵＵＵＵ", "🔑" * 8])
def test_what_is_no_code_opens_nothing(seated: Store, typed: str) -> None:
    new_code(seated)
    assert seated.seats.redeem(RUN, typed, "") is None


def test_a_code_is_read_as_it_was_meant() -> None:
    assert plain_code(" ７ｋ2m-9ｑxo ") == "7K2M9QX0"
    assert plain_code("ilIL0000") == "11110000"
    assert plain_code(shown_code(CROCKFORD[:8])) == CROCKFORD[:8]


def test_the_lobby_keeps_what_is_not_named(seated: Store) -> None:
    assert seated.seats.lobby(RUN) == Lobby()
    seated.seats.set_lobby(RUN, locked=True)
    seated.seats.set_lobby(RUN, hellos=3, address="https://192.168.1.4:8443")
    assert seated.seats.lobby(RUN) == Lobby(locked=True, hellos=3, address="https://192.168.1.4:8443")
    seated.seats.set_lobby(RUN, paper=True, locked=False)
    assert seated.seats.lobby(RUN) == Lobby(paper=True, hellos=3, address="https://192.168.1.4:8443")


def test_presence_is_one_row_a_place_and_no_event(seated: Store) -> None:
    head = seated.log(RUN).head
    seated.presence.beat(RUN, [Here("a", SEAT, "Li", "terminal", 1000, 1000), Here("b", "wall", "", "browser", 2000, 2000)])
    seated.presence.beat(RUN, [Here("a", SEAT, "Li", "terminal", 1000, 9000, typing_ms=8500)])
    first, second = seated.presence.all(RUN)
    assert (first.seen_ms, first.typing_ms, second.seen_ms) == (9000, 8500, 2000)
    seated.presence.leave(RUN, ["b"])
    assert [one.gone for one in seated.presence.all(RUN)] == [False, True]
    assert seated.log(RUN).head == head


def test_away_is_unseen_for_three_beats_and_typing_is_a_key_not_long_ago() -> None:
    here = Here("a", SEAT, "", "browser", 0, 10_000, typing_ms=10_000)
    assert not here.away(10_000 + AWAY_MS)
    assert here.away(10_001 + AWAY_MS)
    assert here.typing(10_000 + TYPING_MS)
    assert not here.typing(10_001 + TYPING_MS)
    assert Here("a", SEAT, "", "browser", 0, 10_000, gone=True).away(10_000)


def test_a_terminal_that_was_opened_again_is_the_same_one_but_for_another_person_on_it() -> None:
    killed, again = Here("pc/1", SEAT, "Li", "terminal", 0, 9_000), Here("pc/2", SEAT, "li ", "terminal", 20_000, 30_000)
    assert again.replaces(killed)
    assert Here("pc/2", SEAT, "", "terminal", 20_000, 30_000).replaces(killed), "before anybody said who is there"
    assert not Here("pc/2", SEAT, "Wu", "terminal", 20_000, 30_000).replaces(killed)
    assert not Here("pc/2", SEAT, "Li", "terminal", 8_000, 30_000).replaces(killed), "both were there at once"
    assert not Here("elsewhere/2", SEAT, "Li", "terminal", 20_000, 30_000).replaces(killed)


def test_a_failed_write_is_explained(seated: Store) -> None:
    blocker = sqlite3.connect(seated.path, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    seated.busy_s = 0.05
    try:
        with pytest.raises(Exception, match="in-use"):
            seated.presence.leave(RUN, ["a"])
    finally:
        blocker.execute("ROLLBACK")
        blocker.close()

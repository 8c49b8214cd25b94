"""Wrong codes: who waits, and how long."""

from __future__ import annotations

from tabletop.web.tries import FORGET_S, FREE, FREE_IN_ALL, LONGEST_IN_ALL_S, LONGEST_S, MOST, Tries


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def wrong(tries: Tries, address: str, times: int) -> None:
    for _ in range(times):
        tries.begin(address)


def test_the_wait_doubles_up_to_a_limit_and_is_forgotten() -> None:
    clock = Clock()
    tries = Tries(clock)
    waits = []
    for _ in range(16):
        waits.append(tries.wait_s("10.0.0.1"))
        tries.begin("10.0.0.1")
        clock.now += LONGEST_S
        assert tries.wait_s("10.0.0.1") == 0
        clock.now -= LONGEST_S
    assert waits[:9] == [0] * FREE + [2, 4, 8, 16]
    assert max(waits) == LONGEST_S
    clock.now += FORGET_S + 1
    assert tries.wait_s("10.0.0.1") == 0
    tries.begin("10.0.0.1")
    assert tries.wait_s("10.0.0.1") == 0


def test_many_addresses_make_everybody_wait_a_little() -> None:
    tries = Tries(Clock())
    for number in range(FREE_IN_ALL):
        assert tries.wait_s("10.9.9.9") == 0
        tries.begin(f"10.0.{number // 250}.{number % 250}")
    assert tries.wait_s("10.9.9.9") == 2
    wrong(tries, "10.1.1.1", 20)
    assert tries.wait_s("10.9.9.9") == LONGEST_IN_ALL_S


def test_a_right_code_wipes_out_nothing_before_it() -> None:
    tries = Tries(Clock())
    wrong(tries, "a", FREE)
    tries.was_right("a", tries.begin("a"))
    assert tries.wait_s("a") == 2


def test_nobody_waits_for_a_right_code_though_many_were_wrong_before() -> None:
    clock = Clock()
    tries = Tries(clock)
    wrong(tries, "a", FREE_IN_ALL + 4)
    clock.now += LONGEST_S
    for _ in range(12):
        assert [tries.wait_s(address) for address in ("a", "b")] == [0, 0]
        tries.was_right("a", tries.begin("a"))
        clock.now += 1
    tries.begin("a")
    assert tries.wait_s("b") == LONGEST_IN_ALL_S, "what was wrong before is counted still"


def test_addresses_of_one_network_of_version_6_count_together() -> None:
    tries = Tries(Clock())
    for number in range(FREE):
        tries.begin(f"2001:db8:1:2::{number:x}")
    assert tries.wait_s("2001:db8:1:2:ffff::1%eth0") == 2
    assert tries.wait_s("2001:db8:1:3::1") == 0


def test_it_remembers_only_so_many() -> None:
    tries = Tries(Clock())
    for number in range(MOST + 500):
        tries.begin(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(tries._counts) <= MOST

"""Under whose name an answer is kept where nobody gave one at the device: nobody's word is put into the mouth of somebody else."""

from __future__ import annotations

import pytest

from tabletop.engine import commands as c
from tabletop.engine.around import AtDevice
from tabletop.engine.joining import HERE_MS, answers_as
from tests.engine.rooms import Room

NOW = 1_000_000


def guard(*devices: AtDevice, names: tuple[str, ...] = ("Wu",), given: str = "") -> str:
    room = Room()
    for holder, name in zip("AB", names, strict=False):
        room.ask(c.SeatPerson("guard", name, holder))  # type: ignore[arg-type]  # one of two letters
    return answers_as(room.state, devices, "guard", given, NOW)


def test_the_only_one_known_at_a_role_answers_for_it() -> None:
    assert guard() == guard(AtDevice("seat:guard", "", NOW)) == "Wu"
    assert guard(names=()) == ""
    assert guard(names=("Wu", "Lin")) == ""


def test_a_name_that_was_given_stands() -> None:
    assert guard(AtDevice("seat:guard", "Wu", NOW), AtDevice("seat:guard", "", NOW), names=("Wu", "Lin"), given="Zhao") == "Zhao"


@pytest.mark.parametrize("seat", ["seat:guard", "seat:clerk+guard"])
@pytest.mark.parametrize("seen_ms", [NOW, 0], ids=["there", "asleep"])
def test_a_name_at_another_device_of_the_role_ends_the_guess(seat: str, seen_ms: int) -> None:
    assert guard(AtDevice("seat:guard", "", NOW), AtDevice(seat, "Wu", seen_ms)) == ""


def test_so_does_another_device_without_a_name_while_it_is_there() -> None:
    own = AtDevice("seat:guard", "", NOW)
    assert guard(own, AtDevice("seat:guard", "", NOW - 1000)) == ""
    assert guard(own, AtDevice("seat:guard", "", NOW - HERE_MS - 1)) == "Wu"


def test_what_has_left_or_is_at_something_else_does_not() -> None:
    own = AtDevice("seat:guard", "", NOW)
    others = AtDevice("seat:guard", "Wu", NOW, gone=True), AtDevice("seat:head", "Lin", NOW), AtDevice("evaluator:E1", "E1", NOW)
    assert guard(own, *others, AtDevice("viewer", "", NOW), AtDevice("choosing", "", NOW), AtDevice("wall", "", NOW)) == "Wu"

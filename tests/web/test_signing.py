"""Who signs in from a device is on the roll of a head count, and nobody is written over who is still there."""

from __future__ import annotations

import time
from collections.abc import Callable

from tabletop.engine import commands as c
from tabletop.web.server import Server

from .served import Browser, Driver
from .test_faults import follows

Joined = Callable[..., Browser]


def named(driver: Driver) -> list[tuple[str, str, str]]:
    """Who sits where, as the log has it."""
    driver.opened.conductor.catch_up()
    return [(one.role, one.holder, one.name) for one in driver.opened.conductor.state.people if one.left_ms is None]


def test_a_second_device_at_a_role_of_one_replaces_nobody_who_is_there(driver: Driver, joined: Joined) -> None:
    first = joined("seat:clerk", "Wu")
    second = joined("seat:clerk", "Lin")
    assert named(driver) == [("clerk", "A", "Wu"), ("clerk", "+", "Lin")], "beside who is there, and in the log"
    second.send_form("/name", {"name": "Lin Bo"})
    assert named(driver) == [("clerk", "A", "Wu"), ("clerk", "+", "Lin Bo")]
    assert [event.before for _, event in driver.events("person_seated")] == ["", "", "Lin"]  # type: ignore[attr-defined]
    first.send_form("/name", {"name": "Wu Min"})
    assert named(driver) == [("clerk", "+", "Lin Bo"), ("clerk", "A", "Wu Min")]
    driver.store.seats.kick(driver.run, driver.store.seats.passes(driver.run)[0].id)
    joined("seat:clerk", "Zhao")
    assert named(driver) == [("clerk", "+", "Lin Bo"), ("clerk", "A", "Zhao")]


def test_who_is_called_otherwise_answers_and_is_greeted_so_and_who_comes_after_a_leaver_is_somebody_else(
    driver: Driver, joined: Joined, server: Server
) -> None:
    driver.start("knife")
    phone = joined("seat:clerk", "Wu")
    driver.do(c.SeatPerson("clerk", "Wu Min"))
    follows(driver, server)
    assert "· Wu Min</span>" in phone.get("/seat").text
    phone.send_form("/seat/decision", {"role": "clerk", "text": "run"})
    driver.do(c.PersonLeaves("clerk"))
    driver.do(c.SeatPerson("clerk", "Lin"))
    follows(driver, server)
    page = phone.get("/seat").text
    assert "· Wu</span>" in page
    assert "· Lin</span>" not in page
    assert [event.person for _, event in driver.events("decision_made")] == ["Wu Min"]  # type: ignore[attr-defined]


def test_both_places_of_a_role_are_taken_in_order_and_whoever_comes_then_stands_beside(driver: Driver, joined: Joined) -> None:
    for name in ("Wu", "Lin", "Zhao", "He", "Zhao"):
        joined("seat:teller", name)
    assert named(driver) == [("teller", "A", "Wu"), ("teller", "B", "Lin"), ("teller", "+", "Zhao"), ("teller", "+", "He")]


def test_the_scribe_of_a_group_is_named_at_the_first_role_where_nobody_is(driver: Driver, joined: Joined) -> None:
    joined("seat:guard", "Chen")
    scribe = joined("seat:teller+clerk+guard", "Wu")
    assert sorted(named(driver)) == [("guard", "A", "Chen"), ("teller", "A", "Wu")]
    scribe.send_form("/name", {"name": "Wu Min"})
    assert sorted(named(driver)) == [("guard", "A", "Chen"), ("teller", "A", "Wu Min")]
    joined("seat:teller+clerk+guard", "Wu Min")
    assert sorted(named(driver)) == [("guard", "A", "Chen"), ("teller", "A", "Wu Min")], "the same person at another device"
    joined("seat:clerk", "Li")
    assert sorted(named(driver)) == [("clerk", "A", "Li"), ("guard", "A", "Chen"), ("teller", "A", "Wu Min")]
    joined("seat:clerk+guard", "Zhao")
    assert ("clerk", "+", "Zhao") in named(driver), "for whom no role is free is known all the same"


def test_who_types_for_a_group_and_takes_the_name_of_another_of_it_writes_over_nobody(driver: Driver, joined: Joined) -> None:
    joined("seat:guard", "Chen")
    joined("seat:teller+guard", "Wu").send_form("/name", {"name": "Chen"})
    assert sorted(named(driver)) == [("guard", "A", "Chen"), ("teller", "A", "Wu")]


def test_a_name_that_reads_like_a_seat_is_kept_as_a_name(driver: Driver, joined: Joined) -> None:
    guest = joined("seat:clerk", "seat:guard")
    assert named(driver) == [("clerk", "A", "seat guard")]
    guest.send_form("/name", {"name": "control:police"})
    assert named(driver) == [("clerk", "A", "control police")]
    assert driver.store.seats.passes(driver.run)[0].name == "control police"


def test_whoever_plays_several_roles_of_control_is_counted_once(driver: Driver, joined: Joined) -> None:
    driver.do(c.StaffRole("guard", "control"))
    joined("control:police+guard", "He")
    assert named(driver) == [("police", "A", "He")]


def test_a_phone_without_a_name_is_not_taken_for_who_is_at_another_one(driver: Driver, joined: Joined, server: Server) -> None:
    driver.start("knife")
    driver.do(c.SeatPerson("clerk", "Wu"))
    first = joined("seat:clerk", "")
    follows(driver, server)
    first.send_form("/seat/decision", {"role": "clerk", "text": "one phone"})
    joined("seat:clerk", "Wu")
    for _ in range(100):
        if any(device.name == "Wu" for device in server.hub.now.devices):
            break
        time.sleep(0.1)
    first.send_form("/seat/decision", {"role": "clerk", "text": "two phones"})
    assert [(event.text, event.person) for _, event in driver.events("decision_made")] == [("one phone", "Wu"), ("two phones", "")]  # type: ignore[attr-defined]

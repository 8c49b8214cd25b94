"""The fields of a report: whatever its elements are called, each has its own label, and a number is read as it is everywhere."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from .served import Browser, Driver, room, serving, visible

Joined = Callable[..., Browser]


def test_an_element_may_be_called_like_a_field_of_the_form(tmp_path: Path) -> None:
    names = ["why", "next", "value", "cut", "change", "announced"]
    draft = room()
    draft.inject("calls", title="Calls", text="Report.", to=["teller"])
    draft.asks("call", answer="report", elements=[{"id": name, "title": name} for name in names])
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    driver = Driver(folder / "store.db", exercise=json.dumps(draft.data, sort_keys=True))
    driver.start("calls")
    with serving(driver) as server, Browser(server.addresses[0]) as seat:
        seat.join_with(driver.code("seat:teller"))
        # Behind a cut link, and once it was answered with the time of the next one, there are all of the form's own fields.
        seat.answer("call", element__why="one", next="5")
        page = seat.get("/seat").text
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert [name for name, times in Counter(ids).items() if times > 1] == []
        assert {f"answer.call.teller.element.{name}" for name in names} <= set(ids)
        assert re.findall(r'for="(answer\.call\.teller\.element\.[^"]+)"', page) == [f"answer.call.teller.element.{name}" for name in names]
    driver.close()


@pytest.mark.parametrize(("typed", "value", "shown"), [("12,500", 12500.0, "12500"), ("１，２３４，５６７", 1234567.0, "1234567")])
def test_thousands_are_recorded_as_thousands(driver: Driver, joined: Joined, typed: str, value: float, shown: str) -> None:
    driver.start("more")
    page = joined("seat:teller").answer("many", value=typed)
    assert [event.value for _, event in driver.events("answer_given")] == [value]  # type: ignore[attr-defined]
    assert f"✓ you: {shown}" in visible(page.text)
    assert f'value="{shown}"' in page.text


def test_a_comma_that_may_be_a_point_is_asked_about(driver: Driver, joined: Joined) -> None:
    driver.start("more")
    page = joined("seat:teller").answer("many", value="3,5")
    assert page.status_code == 409
    assert "Write it like 1000, 1,000 or 3.5." in page.text
    assert 'value="3,5"' in page.text
    assert driver.events("answer_given") == []

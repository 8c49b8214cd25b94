"""Who takes part without driving: what is their own is recorded, what is the driver's is refused by the store (house: one driver)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabletop.conductor import NO_LEASE, Fenced, Opened, join, resume
from tabletop.engine import commands as c
from tabletop.engine.events import Entry
from tabletop.engine.rights import DRIVER, Actor
from tabletop.errors import Refused, TabletopError
from tabletop.store import Store

GUARD = Actor("seat", roles=("guard",))


def test_an_actor_reads_as_it_was_written() -> None:
    for actor in (DRIVER, GUARD, Actor("seat", roles=("a", "b")), Actor("evaluator", "E1"), Actor("site", "outlet"), Actor("wall")):
        assert Actor.parse(str(actor)) == actor
    with pytest.raises(ValueError, match="nobody"):
        Actor.parse("nobody:x")


def test_a_seat_appends_what_is_its_own_beside_the_driver(path: Path, driven: Opened) -> None:
    with Store.open(path) as store:
        joined = join(store, store.find_run("latest"), GUARD)
        joined.conductor.dispatch(c.RecordDecision("guard", "Shut the door"))
        assert [entry.event.kind for entry in driven.conductor.follow()] == ["decision_made"]
        assert driven.conductor.entries[-1].actor == "seat:guard"
        with pytest.raises(Refused):
            joined.conductor.dispatch(c.Pause())
    driven.conductor.dispatch(c.Pause())


def test_what_could_not_be_read_is_read_at_the_next_look(path: Path, driven: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(path) as store:
        joined = join(store, store.find_run("latest"), GUARD)
        conductor = joined.conductor
        assert conductor.follow() == []
        driven.conductor.dispatch(c.Pause())
        read, failures = conductor.log.read, [TabletopError("store.disk")]

        def once(after: int = 0) -> list[Entry]:
            if failures:
                raise failures.pop()
            return read(after)

        monkeypatch.setattr(conductor.log, "read", once)
        with pytest.raises(TabletopError):
            conductor.follow()
        assert [entry.event.kind for entry in conductor.follow()] == ["clock_paused"]
        assert conductor.state.paused
        monkeypatch.setattr(conductor.log, "read", lambda after=0: pytest.fail("nothing is new"))
        assert conductor.follow() == []


def test_nobody_drives_without_the_lease(path: Path, driven: Opened) -> None:
    with Store.open(path) as store:
        joined = join(store, store.find_run("latest"), GUARD)
        second = resume(store, store.find_run("latest"))
        assert (second.lease, second.conductor.fence) == (None, NO_LEASE)
        for conductor in (joined.conductor, second.conductor):
            with pytest.raises(Fenced):
                conductor.dispatch(c.Pause(), DRIVER)
        joined.conductor.dispatch(c.PressEmergency("guard"))
    assert [entry.event.kind for entry in driven.conductor.follow()] == ["emergency_raised"]
    assert driven.conductor.entries[-1].fence == 0

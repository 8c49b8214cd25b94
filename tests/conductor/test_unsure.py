"""An append that raised may be in the log all the same: the same command, handed over again, is recorded once (house: *Append*)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tabletop.conductor import Conductor
from tabletop.conductor.shell import MOST_UNSURE
from tabletop.engine import commands as c
from tabletop.engine.events import DecisionMade, Entry
from tabletop.engine.rights import Actor
from tabletop.errors import TabletopError
from tests.engine.rooms import Room

HEAD, CLERK = Actor("seat", roles=("head",)), Actor("seat", roles=("clerk",))


class Doubtful(Room):
    """A room whose log raises when told to, after it has written or without."""

    def __init__(self) -> None:
        super().__init__()
        self.fails: list[bool] = []
        """Of each append to come that fails: whether it is written all the same."""
        self.append, self.log.append = self.log.append, self.fail  # type: ignore[method-assign]

    def fail(
        self,
        entries: Sequence[Entry],
        *,
        expected_head: int,
        rows: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
        fence: int | None = None,
    ) -> None:
        fails, written = bool(self.fails), self.fails.pop(0) if self.fails else True
        if written:
            self.append(entries, expected_head=expected_head)
        if fails:
            raise TabletopError("store.disk-error", path="x", reason="y")

    def tries(self, command: c.Command, actor: Actor, *, written: bool) -> None:
        """An append that fails."""
        self.fails = [written]
        with pytest.raises(TabletopError):
            self.ask(command, actor)

    @property
    def decided(self) -> list[str]:
        Conductor.catch_up(self.conductor)
        return [entry.event.text for entry in self.conductor.entries if isinstance(entry.event, DecisionMade)]


@pytest.mark.parametrize("written", [True, False])
def test_a_command_is_recognised_when_another_seats_came_between(written: bool) -> None:
    room = Doubtful()
    mine, theirs = c.RecordDecision("head", "close"), c.RecordDecision("clerk", "wait")
    room.tries(mine, HEAD, written=written)
    room.tries(theirs, CLERK, written=written)
    room.ask(c.RecordDecision("clerk", "shout"), CLERK)
    again = room.ask(mine, HEAD)
    assert [entry.event.text for entry in again if isinstance(entry.event, DecisionMade)] == ["close"]
    room.ask(theirs, CLERK)
    assert sorted(room.decided) == ["close", "shout", "wait"]


def test_a_command_that_fails_twice_is_still_recorded_once() -> None:
    room = Doubtful()
    mine = c.RecordDecision("head", "close")
    room.tries(mine, HEAD, written=False)
    room.tries(mine, HEAD, written=True)
    room.ask(mine, HEAD)
    assert room.decided == ["close"]


def test_what_was_settled_may_be_said_again_in_the_same_words() -> None:
    room = Doubtful()
    mine = c.RecordDecision("head", "close")
    room.tries(mine, HEAD, written=True)
    room.ask(mine, HEAD)
    room.ask(c.RecordDecision("head", "close"), HEAD)
    assert room.decided == ["close", "close"]


def test_a_clock_that_cannot_be_recorded_for_long_pushes_nobody_out() -> None:
    room = Doubtful()
    mine = c.RecordDecision("head", "close")
    room.tries(mine, HEAD, written=True)
    room.wait(600)
    room.fails = [False] * (MOST_UNSURE + 1)
    while len(room.fails) > 1:
        with pytest.raises(TabletopError):
            room.conductor.tick()
    room.fails = []
    room.ask(mine, HEAD)
    assert room.decided == ["close"]

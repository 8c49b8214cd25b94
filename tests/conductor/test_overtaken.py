"""Somebody else wrote first: what this process decides, refuses or leaves be, it decides on the newest state (house: *Append*)."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from tabletop.conductor import Conductor, Joined, Opened, join
from tabletop.engine import commands as c
from tabletop.engine.events import Entry
from tabletop.engine.rights import DRIVER, Actor
from tabletop.errors import Refused
from tabletop.store import Store, gate

CLERK = Actor("seat", roles=("clerk",))


@pytest.fixture
def seat(path: Path, playing: Opened) -> Iterator[Joined]:
    """Another process, as far as its store knows. It follows only when it is told to."""
    with Store.open(path) as store:
        yield join(store, store.find_run(playing.conductor.run), CLERK)


def decided(conductor: Conductor) -> list[str]:
    return [decision.text for decision in conductor.state.decisions]


def overtaken(conductor: Conductor, by: Conductor, *commands: c.RecordDecision) -> None:
    """`by` records one of `commands` each time that `conductor` has decided and is about to write."""
    waiting, append = list(commands), conductor.log.append

    def late(*given: object, **named: object) -> None:
        if waiting:
            by.dispatch(waiting.pop(0))
        append(*given, **named)  # type: ignore[arg-type]

    conductor.log.append = late  # type: ignore[method-assign]


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(gate, "_lock", refuse)


@pytest.mark.usefixtures("no_locks")
def test_without_locks_what_another_wrote_first_is_taken_in_and_decided_on(playing: Opened, seat: Joined) -> None:
    overtaken(playing.conductor, seat.conductor, c.RecordDecision("clerk", "one"), c.RecordDecision("clerk", "two"))
    playing.conductor.dispatch(c.RecordDecision("head", "three"))
    assert decided(playing.conductor) == ["one", "two", "three"]
    seat.conductor.catch_up()
    assert seat.conductor.state == playing.conductor.state


@pytest.mark.usefixtures("no_locks")
def test_without_locks_what_another_wrote_first_may_make_it_a_refusal(playing: Opened, seat: Joined) -> None:
    waiting, append = [c.CloseAsk("first")], seat.conductor.log.append

    def late(*given: object, **named: object) -> None:
        if waiting:
            playing.conductor.dispatch(waiting.pop())
        append(*given, **named)  # type: ignore[arg-type]

    seat.conductor.log.append = late  # type: ignore[method-assign]
    with pytest.raises(Refused) as refused:
        seat.conductor.dispatch(c.GiveAnswer("first", "clerk", ("look",)))
    assert refused.value.code == "refused.ask-closed"
    assert not playing.conductor.state.ask("first").answers


def test_a_press_after_a_stand_down_that_is_not_known_here_yet_is_a_new_emergency(playing: Opened, seat: Joined) -> None:
    for _ in range(2):
        playing.conductor.dispatch(c.PressEmergency("console"))
    seat.conductor.catch_up()
    playing.conductor.dispatch(c.StandDown("false alarm"))
    assert seat.conductor.state.emergency is not None
    seat.conductor.dispatch(c.PressEmergency("seat:clerk"))
    playing.conductor.catch_up()
    raised = playing.conductor.state.emergency
    assert raised is not None
    assert (raised.seat, raised.confirmed) == ("seat:clerk", False)


def test_an_answer_to_an_ask_that_was_opened_again_is_taken_at_once(playing: Opened, seat: Joined) -> None:
    playing.conductor.dispatch(c.CloseAsk("first"))
    seat.conductor.catch_up()
    playing.conductor.dispatch(c.ReopenAsk("first"))
    assert seat.conductor.dispatch(c.GiveAnswer("first", "clerk", ("look",)))


def test_what_changes_nothing_on_old_news_is_recorded_where_it_does_by_now(playing: Opened, path: Path) -> None:
    with Store.open(path) as store:
        other = join(store, store.find_run(playing.conductor.run), DRIVER).conductor
        playing.conductor.dispatch(c.SetSpeed(2))
        other.fence = playing.conductor.fence
        assert other.dispatch(c.SetSpeed(1))
    playing.conductor.catch_up()
    assert playing.conductor.state.clock.speed == 1


def test_a_refusal_reads_the_log_only_where_somebody_wrote(playing: Opened, seat: Joined, monkeypatch: pytest.MonkeyPatch) -> None:
    playing.conductor.dispatch(c.CloseAsk("first"))
    seat.conductor.follow()
    reads: list[int] = []
    read = seat.conductor.log.read

    def counted(after: int = 0) -> list[Entry]:
        reads.append(after)
        return read(after)

    monkeypatch.setattr(seat.conductor.log, "read", counted)

    def refused() -> None:
        with pytest.raises(Refused):
            seat.conductor.dispatch(c.GiveAnswer("first", "clerk", ("look",)))

    for _ in range(3):
        refused()
    assert reads == []
    playing.conductor.dispatch(c.AddNote("note", "x"))
    for _ in range(3):
        refused()
    assert len(reads) == 1

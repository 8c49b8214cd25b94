"""Stations and the wall in terminals of their own, beside a run driven elsewhere: killed, resumed, every byte looked at."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tabletop.conductor import Opened, RunOptions, begin, open_store
from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine.rights import DRIVER
from tabletop.exercise.loading import load_exercise
from tabletop.scoring.projection import rows
from tests.terminal import Terminal, tabletop
from tests.tui.test_wall_terminal import OSC, WIPE, Canary, inject, letters, shown_to_all, tokens_in

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals exist on POSIX systems only"),
]

FAR = 40.0
"""Seconds that something may take on a busy machine."""


class Driven:
    """A run that this test drives, as a console in another process would."""

    def __init__(self, home: Path, canary: Canary, language: str) -> None:
        self.home = home
        self.canary = canary
        loaded = load_exercise(canary.write(home))
        store = open_store(home / "data" / "tabletop.db")
        self.opened: Opened = begin(store, loaded.exercise, loaded.text, RunOptions(pace="timed", language=language), rows=rows)
        self.now(c.Start())

    def now(self, *commands: c.Command) -> None:
        """What the driver does; beats the lease as a console would."""
        for command in commands:
            self.opened.conductor.follow()
            self.opened.conductor.dispatch(command, DRIVER)
        self.beat()

    def beat(self) -> None:
        if self.opened.lease is not None:
            self.opened.lease.beat(self.opened.conductor.elapsed_ms())

    def events(self, kind: type[e.Event]) -> list[e.Event]:
        self.opened.conductor.follow()
        return [entry.event for entry in self.opened.conductor.entries if isinstance(entry.event, kind)]

    def station(self, *arguments: str, columns: int = 100, lines: int = 32) -> Terminal:
        return tabletop("--lang", "en", "station", "latest", *arguments, home=self.home, columns=columns, lines=lines)

    def room(self) -> Terminal:
        return tabletop("--lang", "en", "room", "latest", home=self.home, columns=100, lines=32)


@contextmanager
def driven(home: Path, language: str = "en") -> Iterator[Driven]:
    run = Driven(home, Canary(), language)
    try:
        yield run
    finally:
        run.opened.close()
        run.opened.store.close()


def token(run: Driven, *place: str) -> str:
    """The token that stands at one place of the exercise."""
    [found] = run.canary.of(("bank", *place))
    return found


def test_killed_at_any_moment_it_comes_back_to_where_it_was(tmp_path: Path) -> None:
    with driven(tmp_path) as run:
        run.now(c.ReleaseInject("signal"))
        with run.station("--role", "centre", "--name", "Zhao") as seat:
            seat.see(token(run, "injects", "signal", "title"), wait_s=FAR)
            seat.read(1.0)
            seat.press("enter")
            seat.see("recorded ✓", wait_s=FAR)
            for _ in range(8):
                if "your words ›" in seat.text:
                    break
                seat.press("tab")
                seat.read(0.3)
            seat.see("your words", wait_s=FAR)
            seat.commit("half a sentence 1234")
            seat.see("half a sentence 1234", wait_s=FAR)
            seat.read(2.0)
            seat.kill()
        run.beat()
        with run.station() as seat:
            seat.see("WHO SITS HERE", wait_s=FAR)
            seat.see("✓", wait_s=FAR)
            seat.press("enter")
            seat.see("Zhao", wait_s=FAR)
            seat.press("enter")
            seat.see("half a sentence 1234", wait_s=FAR)
            seat.read(1.0)
            seat.press("enter")
            seat.see("asks for a reason", wait_s=FAR)
            seat.commit("seen")
            seat.press("enter")
            seat.see("recorded ✓", wait_s=FAR)
            seat.press("ctrl+q")
            assert seat.exit_code() == 0
        given = [event for event in run.events(e.AnswerGiven) if isinstance(event, e.AnswerGiven)]
        assert [(one.role, one.person, one.value, one.rationale) for one in given] == [("centre", "Zhao", "half a sentence 1234", "seen")]
        here = run.opened.store.presence.all(run.opened.conductor.run)
        # What was killed said no good-bye; what came after it did, if it was there long enough to be seen at all.
        assert {(one.seat, one.name) for one in here} == {("seat:centre", "Zhao")}
        assert [one.gone for one in here] in ([False, True], [False])


def test_what_is_typed_is_folded_for_the_terminal_as_it_is(tmp_path: Path) -> None:
    with driven(tmp_path) as run:
        run.now(c.SendMessage("guard", "centre", "The side door is open"))
        with run.station("--role", "centre", "--name", "Zhao", columns=80, lines=24) as seat:
            seat.see("read back ›", wait_s=FAR)
            seat.commit(
                "Yes we hear you, loud and clear. A long read-back that wraps over "
                "more than one line so that a narrow terminal must fold it"
            )
            seat.see("must fold it", wait_s=FAR)
            for columns, lines, rest in (
                (140, 40, "more than one line so that a narrow terminal must fold it"),
                (81, 24, "over more than one line so that a narrow"),
            ):
                seat.resize(columns, lines)
                seat.see("A long read-back that wraps", rest, wait_s=FAR)


def test_killed_right_after_it_was_hidden_nothing_typed_is_lost(tmp_path: Path) -> None:
    """The terminal goes from hand to hand: what the last one was typing waits for that role, and for no other."""
    shared = ("--role", "centre", "--role", "guard", "--private")
    with driven(tmp_path) as run:
        with run.station(*shared) as seat:
            seat.see("WHOSE TURN IS IT?", wait_s=FAR)
            seat.press("enter", "f3")
            seat.see("DECISION", wait_s=FAR)
            seat.commit("half a sentence 1234")
            seat.press("f9")
            seat.see("WHOSE TURN IS IT?", wait_s=FAR)
            seat.read(0.3)
            seat.kill()
        run.beat()
        with run.station(*shared) as seat:
            seat.see("WHOSE TURN IS IT?", wait_s=FAR)
            seat.press("down", "enter")
            seat.see("Your part", wait_s=FAR)
            seat.read(1.0)
            assert "half a sentence" not in seat.text
            seat.press("f9")
            seat.see("WHOSE TURN IS IT?", wait_s=FAR)
            seat.press("enter")
            seat.see("half a sentence 1234", wait_s=FAR)
            seat.read(1.0)
            seat.press("enter")
            seat.see("recorded ✓", wait_s=FAR)
            seat.press("ctrl+q")
            assert seat.exit_code() == 0
        made = [event for event in run.events(e.DecisionMade) if isinstance(event, e.DecisionMade)]
        assert [(one.role, one.text) for one in made] == [("guard", "half a sentence 1234")]


def test_the_others_see_that_somebody_is_there_and_types(tmp_path: Path) -> None:
    with driven(tmp_path) as run, run.station("--role", "teller", "--name", "Li") as seat:
        seat.see("You are", wait_s=FAR)
        seat.press("f2", "4")
        seat.commit("abc")
        seat.read(3.0)
        [here] = run.opened.store.presence.all(run.opened.conductor.run)
        now_ms = run.opened.conductor.wall_ms()
        assert (here.seat, here.name, here.device) == ("seat:teller", "Li", "terminal")
        assert not here.away(now_ms)
        assert here.typing_ms is not None
        seat.kill()


def test_without_a_driver_it_says_so_and_goes_on(tmp_path: Path) -> None:
    with driven(tmp_path) as run, run.station("--role", "teller", "--name", "Li") as seat:
        run.now(c.ReleaseInject("knife"))
        seat.see(token(run, "injects", "knife", "title"), wait_s=FAR)
        run.opened.close()
        seat.see("Waiting for the facilitator", wait_s=FAR)
        seat.press("1", "enter")
        seat.see("recorded ✓", wait_s=FAR)
        seat.press("ctrl+q")
        assert seat.exit_code() == 0


def test_not_one_byte_reaches_a_seat_or_the_wall_before_its_right(tmp_path: Path) -> None:
    with driven(tmp_path) as run:
        canary = run.canary
        tents = canary.of(*(("bank", "roles", role, part) for role in roles(run) for part in ("title", "short")))
        with run.station("--role", "teller", "--name", "Li") as teller, run.station("--role", "centre") as centre, run.room() as wall:
            for seat in (teller, wall):
                seat.see("EXERCISE", wait_s=FAR)
            centre.see("YOUR NAME", wait_s=FAR)
            centre.press("enter")
            centre.see("You are", wait_s=FAR)
            duty = canary.of(("bank", "roles", "teller", "duty"))
            assert tokens_in(teller.seen, canary) <= shown_to_all(canary) | tents | duty
            assert tokens_in(wall.seen, canary) <= shown_to_all(canary)
            run.now(
                c.AddNote("note", letters(3)), c.ReleaseInject("knife"), c.ReleaseInject("signal"), c.RecordDecision("guard", letters(4))
            )
            run.now(c.GiveAnswer("first-move", "guard", ("refuse",), rationale=letters(5)), c.SendMessage("guard", "press", letters(6)))
            run.now(c.MarkAction("silent-alarm", "missed"), c.ShowHint("knife"), c.ShowProbe("knife"), c.AddNote("ruling", letters(7)))
            for seat in (teller, centre, wall):
                seat.see(letters(7), wait_s=FAR)
            for key in (
                "tab",
                "tab",
                "f1",
                "esc",
                "f3",
                "esc",
                "esc",
                "f2",
                "esc",
                "esc",
                "down",
                "down",
                "1",
                "?",
                "esc",
                "ctrl+p",
                "f10",
            ):
                teller.press(key)
                centre.press(key)
                wall.press(key)
            for seat in (teller, centre, wall):
                seat.resize(70, 22)
                seat.resize(50, 15)
                seat.resize(110, 34)
            knife, ask = ("bank", "injects", "knife"), ("bank", "injects", "knife", "asks", "first-move")
            room = shown_to_all(canary) | inject(canary, "knife")
            assert tokens_in(wall.seen, canary) <= room
            assert tokens_in(teller.seen, canary) <= room | tents | duty | canary.of((*ask, "question"), (*ask, "options"))
            own = inject(canary, "signal") | canary.of(("bank", "injects", "signal", "asks"), ("bank", "roles", "centre"))
            assert tokens_in(centre.seen, canary) <= room | tents | own
            assert inject(canary, "signal") <= tokens_in(centre.seen, canary)
            assert not tokens_in(centre.seen, canary) & canary.of((*knife, "asks"))
            for seat in (teller, centre, wall):
                assert set(OSC.findall(seat.seen)) <= {b"22;default"}, "no title, no clipboard"
                for private in (letters(3), letters(4), letters(5), letters(6)):
                    assert private.encode() not in seat.seen
                seat.press("ctrl+q")
                assert seat.exit_code() == 0


def roles(run: Driven) -> list[str]:
    return [role.id for role in run.opened.conductor.exercise.roles]


def test_from_hand_to_hand_the_terminal_is_empty_before_anything_is_painted(tmp_path: Path) -> None:
    with driven(tmp_path) as run, run.station("--role", "teller", "--role", "centre", "--private") as seat:
        seat.see("WHOSE TURN", wait_s=FAR)
        run.now(c.ReleaseInject("knife"), c.ReleaseInject("signal"))
        seat.press("4", "enter")
        seat.see(token(run, "injects", "signal", "title"), wait_s=FAR)
        seat.read(1.0)
        start = len(seat.seen)
        seat.press("f9")
        seat.see("WHOSE TURN", wait_s=FAR)
        seat.press("2", "enter")
        seat.see(token(run, "injects", "knife", "title"), wait_s=FAR)
        received = seat.seen[start:]
        before, wiped, after = received.partition(WIPE)
        assert wiped
        assert b"WHOSE TURN" not in before, "what was there goes first"
        assert not tokens_in(after, run.canary) & (inject(run.canary, "signal") | run.canary.of(("bank", "injects", "signal")))
        seat.press("ctrl+q")
        assert seat.exit_code() == 0


def test_a_real_emergency_turns_every_screen_from_the_wall(tmp_path: Path) -> None:
    with driven(tmp_path) as run, run.station("--role", "teller", "--name", "Li Wei") as seat, run.room() as wall:
        seat.see("You are", wait_s=FAR)
        wall.see("EXERCISE", wait_s=FAR)
        wall.press("f12")
        seat.see("EMERGENCY pressed", "the wall", wait_s=FAR)
        wall.press("f12")
        for screen in (seat, wall):
            screen.see("REAL EMERGENCY", "110", "Li Wei", wait_s=FAR)
            assert "EXERCISE" not in screen.text
        run.now(c.StandDown("false alarm"))
        for screen in (seat, wall):
            screen.see("EXERCISE", wait_s=FAR)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("station", "latest", "--role", "nobody"), 3, "There is no role of that name or number: nobody."),
        (("station", "latest", "--role", "teller", "--role", "police", "--name", "x"), 2, "does not share a screen"),
        (("room", "latest", "--site", "moon"), 3, "no sites"),
        (("station", "none"), 3, "none"),
    ],
)
def test_what_cannot_be_joined_is_said_with_its_code(tmp_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    with driven(tmp_path) as run, tabletop("--lang", "en", *arguments, home=run.home) as terminal:
        terminal.see(said, wait_s=FAR)
        assert terminal.exit_code() == code

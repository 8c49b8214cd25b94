"""Any one process of a room is killed at any time: the others go on, and it comes back to where it was (issue 4)."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tabletop.engine import events as e
from tests.pty.room import Observer, Phone, Program, Screen, codes_on, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals exist on POSIX systems only"),
]

CONSOLE = ["run", "armed-hostage", "--pace", "timed", "--quiet"]
AGAIN = ["run", "--resume", "latest", "--quiet"]
STATION = ["station", "latest", "--role", "teller-1", "--name", "Li Wei", "--quiet"]
INJECT = "A knife at counter 2"
TEXT = "A chair tips over."
"""How the inject begins: on the wall its title stands in capitals."""
DRAFT = "the knife is close"
STATION_CLOCK = re.compile(r"‖ (\d+:\d\d)")
"""The clock of a station while it stands."""


class Room:
    """A console, a station with half a sentence, the wall, a server with a browser that has half a sentence too."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self.home, self._stack = home, stack
        self.console = self.screen(CONSOLE, 110, 36)
        self.console.see("STARTEX")
        self.log = stack.enter_context(Observer(home))
        self.station = self.screen(STATION)
        self.wall = self.screen(["room", "latest"])
        cards = home / "cards.html"
        self.serve = self.program("--port", "0", "--cards", str(cards), "--seat", "teller-2")
        self.address = self.serve.address()
        self.phone = stack.enter_context(Phone(self.address, "/seat"))
        [(_, code)] = codes_on(cards.read_text("utf-8"))
        self.phone.join(code, "Wu Min")
        self.console.press("space")
        self.wait_for(e.ExerciseStarted)
        self.console.press("enter")
        for screen in (self.station, self.wall):
            screen.see(TEXT)
        until(lambda: INJECT in self.phone.page and self.phone.streams, "the browser was told nothing")
        self.station.press("3", "ctrl+r")
        self.station.commit(DRAFT)
        self.station.see(DRAFT)
        assert self.phone.send("/draft", key="answer.alarm-how.teller-2", value=self.option(), rationale=DRAFT).status_code == 200
        # What is typed is kept within a second.
        until(lambda: DRAFT in str(self.drafts()), "the draft was not kept")
        self.station.read(1.2)

    def screen(self, arguments: list[str], columns: int = 80, lines: int = 24) -> Screen:
        return self._stack.enter_context(Screen(arguments, self.home, columns=columns, lines=lines))

    def program(self, *arguments: str) -> Program:
        return self._stack.enter_context(Program("serve", "latest", *arguments, home=self.home))

    def drafts(self) -> dict[str, str]:
        return self.log.joined.store.drafts.load(self.log.conductor.run, "seat:teller-1")

    def option(self) -> str:
        return self.log.conductor.plan.asks["alarm-how"][1].options[0].id

    def wait_for(self, kind: type[e.Event], more: int = 1) -> None:
        self.console.until(lambda: len(self.log.events(kind)) >= more)

    # What those do who are still there.

    def the_wall_turns(self) -> None:
        """To the rules of the room, from the console."""
        self.console.press("v", "2")
        self.wait_for(e.WallTurned)

    def the_station_answers(self) -> None:
        # What came back just now takes no `enter` that was meant for what stood there before.
        self.station.read(1.0)
        self.station.press("enter")
        until(lambda: "teller-1" in self.answers(), lambda: f"the answer was not recorded:\n{self.station.text}")
        self.station.see("recorded ✓")

    def the_browser_answers(self) -> None:
        sent = self.phone.send("/seat/answer", ask="alarm-how", role="teller-2", value=self.option(), rationale=DRAFT)
        assert sent.status_code == 200
        assert "✓" in sent.text

    def answers(self) -> dict[str, str]:
        """Who answered, and why."""
        return {one.role: one.rationale for one in self.log.events(e.AnswerGiven)}


def _without_clock(text: str) -> list[str]:
    """What stands on the wall below its clock, without times."""
    return re.sub(r"\d", "", text).splitlines()[4:]


def the_console_is_killed(room: Room) -> None:
    was_ms = room.log.conductor.elapsed_ms()
    room.console.kill()
    for screen in (room.station, room.wall):
        screen.see("Nobody drives: the clock stands.")
    until(lambda: "Nobody drives" in room.phone.page and 'data-running="0"' in room.phone.page, "the clock of the browser runs on")
    stood = STATION_CLOCK.findall(room.station.text)
    room.station.read(2.5)
    assert STATION_CLOCK.findall(room.station.text) == stood
    room.the_station_answers()
    room.the_browser_answers()
    assert TEXT in room.wall.text
    room.station.see("Waiting for the facilitator")
    room.console = room.screen(AGAIN, 110, 36)
    room.console.see("PAUSED", INJECT, f"why: {DRAFT}")
    recovered = [entry for entry in room.log.conductor.entries if isinstance(entry.event, e.ClockRecovered)]
    said = [entry.exercise_ms for entry in room.log.conductor.entries if isinstance(entry.event, e.AnswerGiven)]
    assert max(said) <= recovered[0].exercise_ms, "nothing was said later than the clock stood at"
    until(lambda: "Nobody drives" not in room.phone.page, "the browser is not told that somebody drives again")
    assert STATION_CLOCK.findall(room.station.text) == stood
    assert [was_ms - 2500 < entry.exercise_ms < was_ms + 500 for entry in recovered] == [True]
    room.wall.see("PAUSED")
    room.console.press("space")
    room.wait_for(e.ClockResumed)


def the_station_is_killed(room: Room) -> None:
    room.station.kill()
    room.the_wall_turns()
    room.the_browser_answers()
    room.station = room.screen(STATION)
    room.station.see(INJECT, DRAFT)
    room.the_station_answers()


def the_wall_is_killed(room: Room) -> None:
    room.the_wall_turns()
    room.wall.until(lambda: TEXT not in room.wall.text)
    shown = _without_clock(room.wall.text)
    room.wall.kill()
    room.the_station_answers()
    room.the_browser_answers()
    room.wall = room.screen(["room", "latest"])
    room.wall.until(lambda: _without_clock(room.wall.text) == shown)


def the_server_is_killed(room: Room) -> None:
    before = room.phone.streams
    room.serve.kill()
    room.the_station_answers()
    room.the_wall_turns()
    room.phone.page = ""
    port = room.address.rpartition(":")[2]
    room.serve = room.program("--port", port)
    assert room.serve.address() == room.address
    until(lambda: room.phone.streams > before and DRAFT in room.phone.page, lambda: f"the browser did not come back: {room.phone.page}")
    room.the_browser_answers()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(tmp_path, stack)


@pytest.mark.parametrize("happens", [the_console_is_killed, the_station_is_killed, the_wall_is_killed, the_server_is_killed])
def test_any_process_is_killed_and_comes_back_to_where_it_was(room: Room, happens: object) -> None:
    assert callable(happens)
    happens(room)
    assert room.answers() == {"teller-1": DRAFT, "teller-2": DRAFT}
    assert len(room.log.events(e.AnswerGiven)) == 2
    held = len(room.log.events(e.ClockPaused))
    room.console.press("space")
    room.wait_for(e.ClockPaused, held + 1)
    for screen in (room.station, room.wall):
        screen.see("PAUSED")
    until(lambda: "PAUSED" in room.phone.page.upper(), "the browser does not follow")
    command = [sys.executable, "-m", "tabletop", "verify", "latest"]
    verified = subprocess.run(command, env={"TABLETOP_HOME": str(room.home), "LANG": "C.UTF-8"}, capture_output=True, check=False)
    assert verified.returncode == 0, verified.stderr


def roll(text: str) -> frozenset[str]:
    """Everybody to be counted, as a screen has them."""
    return frozenset(re.findall(r"\[[ ✓]\] (\S+(?: \S+)*)", text))


def test_a_head_count_is_one_count_on_every_screen_and_outlives_the_console(room: Room) -> None:
    nameless = room.screen(["station", "latest", "--role", "teller-1", "--quiet"])
    nameless.see("YOUR NAME", "at a screen: Li Wei")
    nameless.press(*["\x7f"] * len("Li Wei"), "enter")
    nameless.see("You are")
    group = room.screen(["station", "latest", "--role", "security", "--role", "guard", "--name", "Zhao Q", "--quiet"])
    group.see("You are")
    room.wait_for(e.PersonSeated, 3)
    room.wall.press("ctrl+g", "ctrl+g")
    screens = [room.console, room.wall, room.station, nameless, group]
    for screen in screens:
        screen.see("REAL EMERGENCY · STOPPED", "Wu Min")
    count = re.compile(r"Head count: (\d+ of \d+)")

    def counts() -> set[str]:
        for screen in screens:
            screen.read()
        return {found for text in (*(screen.text for screen in screens), room.phone.page) for found in count.findall(text)}

    until(lambda: len(counts()) == 1, lambda: f"the counts differ: {counts()}")

    def rolls() -> set[frozenset[str]]:
        for screen in screens:
            screen.read()
        return {roll(screen.text) for screen in screens}

    shown: frozenset[str] = frozenset()

    def agreed() -> bool:
        """Whether every screen shows one roll, with everybody at a device on it once: each process looks for them when it is its time."""
        nonlocal shown
        shown, *others = rolls()
        return not others and all(sum(name in row for row in shown) == 1 for name in ("Li Wei", "Zhao Q"))

    until(agreed, lambda: f"the rolls differ, or somebody is not on them: {rolls()}")
    room.console.rest()
    room.console.press("enter", "enter")
    room.wait_for(e.PersonCounted, 2)
    until(lambda: {found.partition(" ")[0] for found in counts()} == {"2"}, lambda: f"the ticks differ: {counts()}")
    room.console.kill()
    room.console = screens[0] = room.screen(AGAIN, 110, 36)
    room.console.see("REAL EMERGENCY · STOPPED", "Head count: 2 of")
    group.press("ctrl+q")
    room.console.rest()
    room.console.press("1")
    room.console.see("Stand down. Why?")
    room.console.commit("a drill bell")
    room.console.press("enter")
    room.wait_for(e.EmergencyStoodDown)
    assert len(room.log.events(e.EmergencyStoodDown)[0].missing) == len(shown) - 2, "who left the terminal in the alarm is still looked for"
    for screen in (room.station, room.wall, nameless):
        screen.see("EXERCISE EXERCISE EXERCISE")
        screen.see("The real emergency is over.", "EXERCISE: the exercise stands paused.")
    until(lambda: "The real emergency is over. EXERCISE: the exercise stands paused." in room.phone.page, "the browser is not told")

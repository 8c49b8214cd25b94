"""Canary: an exercise of tokens is played whole in a room of processes, and every byte that reaches a player's screen is looked through.

A console driven by keys, two stations and the wall at terminals, `tabletop follow`, a server with three browser seats, a viewer and
somebody who has not joined. What reached whom is held against the log: not before its right, not without it. The join cards too.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tabletop.engine import events as e
from tabletop.engine.schedule import line_of, timetable
from tabletop.engine.standing import open_asks
from tabletop.exercise.asks import Ask
from tabletop.exercise.injects import Inject
from tabletop.tui.scene import Scene
from tabletop.words import Words
from tests.canary import Canary, Right, canary, everybody

from .room import Kept, Observer, Phone, Program, Reader, Screen, allowed_ms, codes_on, happened, leaks, told_by_the_system, until

EXERCISE = Path(__file__).parents[2] / "exercises" / "armed-hostage.yaml"

OSC = re.compile(rb"\x1b\]([^\x07\x1b]*)")

posix = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals exist on POSIX systems only")

ALONE = ("teller-1",)
GROUP = ("branch-manager", "security")
PHONES = (("teller-2",), ("monitoring-centre", "lobby-manager"), ("press-officer", "family-care", "operations"))


NOBODY = ("the join cards", "somebody who has not joined")
"""Readers to whom nothing of the play comes."""


class Room:
    """Everybody who takes part, and what happens by hand."""

    def __init__(self, made: Canary, home: Path, stack: ExitStack) -> None:
        self.made, self.home, self._stack = made, home, stack
        self.readers: list[Reader] = []
        self.pids: dict[str, int] = {}
        exercise = made.write(home / "canary.yaml")
        site = made.typed("where the run is played", everybody())
        command = ["run", str(exercise), "--pace", "timed", "--quiet", "--site", site]
        self.console = self._screen("console", command, 100, 32)
        self.console.drawn_at_once = False
        self.console.see("STARTEX")
        self.run = stack.enter_context(Observer(home))
        alone, group = self._ids(ALONE), self._ids(GROUP)
        name, scribe = made.typed("name at teller 1", everybody()), made.typed("name of a scribe", everybody())
        self.alone = self._screen("teller 1", ["station", "latest", "--role", *alone, "--name", name], 80, 24)
        chosen = [part for role in group for part in ("--role", role)]
        self.group = self._screen("group", ["station", "latest", *chosen, "--name", scribe], 100, 36)
        self.wall = self._screen("wall", ["room", "latest"], 110, 32)
        self.served = self._program("serve", "serve", "latest", "--port", "0", *self._cards())
        self.follow = self._program("follow", "follow", "latest", "--role", *alone)
        self.read(self.alone.kept, "teller 1", alone)
        self.read(self.group.kept, "group", group)
        self.read(self.wall.kept, "wall")
        self.read(self.follow.kept, "follow", alone)
        for screen in (self.alone, self.group):
            screen.see("You are")
        self.wall.see("EXERCISE")
        self._join(self.served.address())

    def _ids(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.made.ids[role] for role in roles)

    def _screen(self, name: str, arguments: list[str], columns: int, lines: int) -> Screen:
        screen = self._stack.enter_context(Screen(arguments, self.home, columns=columns, lines=lines))
        self.pids[name] = screen.pid
        return screen

    def _program(self, name: str, *arguments: str) -> Program:
        program = self._stack.enter_context(Program(*arguments, home=self.home))
        self.pids[name] = program.pid
        return program

    def read(self, kept: Kept, name: str, roles: tuple[str, ...] = ()) -> Reader:
        self.readers.append(Reader(name, roles, kept))
        return self.readers[-1]

    # Joining.

    def _cards(self) -> list[str]:
        """Arguments of a server that prints a card for each browser."""
        self.cards = self.home / "cards.html"
        seats = [f"seat:{'+'.join(self._ids(roles))}" for roles in PHONES]
        return ["--cards", str(self.cards), *(part for seat in (*seats, "viewer") for part in ("--seat", seat))]

    def _join(self, address: str) -> None:
        printed = Kept()
        printed.add(self.cards.read_bytes())
        self.read(printed, "the join cards")
        cards = codes_on(self.cards.read_text("utf-8"))
        assert len(cards) == len(PHONES) + 1
        homes = ["/seat"] * len(PHONES) + ["/wall"]
        self.phones: list[Phone] = []
        for roles, home, (card, code) in zip((*PHONES, ()), homes, cards, strict=True):
            titles = [self.run.conductor.plan.role(role).title for role in self._ids(roles)]
            assert all(isinstance(title, dict) and set(title.values()) <= set(re.findall(r"qz\d{4}", card)) for title in titles)
            phone = self._stack.enter_context(Phone(address, home))
            self.read(phone.kept, f"browser of {', '.join(roles) or 'a viewer'}", self._ids(roles))
            name = self.made.typed(f"name at {roles}", everybody())
            self.phones.append(phone.join(code, name if roles else ""))
        self.stranger = self._stack.enter_context(Phone(address, "/join"))
        self.read(self.stranger.kept, "somebody who has not joined")
        self.knock()

    def knock(self) -> None:
        """Somebody without a pass tries every door."""
        for path in ("/", "/join", "/j/0000-0000", "/seat", "/wall", "/judge", "/site", "/events", "/nowhere", "/static/page.js"):
            self.stranger.browser.get(path)
        self.stranger.browser.join_with("0000-0000", "x")

    # At the console.

    def recorded(self, kind: type[e.Event], more: int = 1) -> None:
        """Wait until the log has so many of a kind."""
        self.console.until(lambda: len(self.run.events(kind)) >= more)

    def release(self, inject: Inject) -> None:
        """By arrow keys and enter, as a facilitator releases early; with a reason where the path does not lead there."""
        self.console.until(lambda: f"recorded ✓ {len(self.run.conductor.entries)}\n" in f"{self.console.text}\n")
        conductor = self.run.conductor
        plan, state, at_ms = conductor.plan, conductor.state, conductor.elapsed_ms()
        scene = Scene(conductor.exercise, plan, state, at_ms, Words("en"), "en")
        following = scene.next_line()
        status = line_of(plan, state, inject.id, at_ms).status
        if following is None or following.inject is not inject:
            self._choose([scene.number(one.id) for one in timetable(plan, state).order], scene.number(inject.id))
        self.console.press("enter", *([] if status == "due" else ["enter"]))
        if status == "off_path":
            self.console.see("Why")
            self.console.commit(self.made.typed("why released off its path"))
            self.console.press("enter")
        self.console.until(lambda: self.run.conductor.state.inject(inject.id).released_ms is not None)
        told = set(self._texts(inject))
        for reader in self.readers:
            if not inject.to or reader.roles & set(inject.to):
                self._await(reader, told)

    def _choose(self, order: list[int], number: int) -> None:
        """By arrow keys: the first press chooses what comes next, the others go on from there. `order`: the numbers as they follow."""
        before = self._on_card()
        self.console.press("up")
        self.console.until(lambda: self._on_card() not in (0, before))
        at, wanted = order.index(self._on_card()), order.index(number)
        while at != wanted:
            step = 1 if wanted > at else -1
            at += step
            self.console.press("down" if step > 0 else "up")
            self.console.until(partial(self._shows, order[at]))

    def _shows(self, number: int) -> bool:
        return self._on_card() == number

    def _on_card(self) -> int:
        """The number of the inject whose card the console shows; 0: none."""
        found = re.search(r"EXERCISE No\. (\d+)", self.console.text)
        return int(found[1]) if found is not None else 0

    def _texts(self, inject: Inject) -> Iterator[str]:
        for text in (inject.title, inject.text):
            assert isinstance(text, dict)
            yield text["en"]

    def _await(self, reader: Reader, tokens: set[str]) -> None:
        if reader.name not in NOBODY:
            until(lambda: reader.got(*tokens), lambda: f"{reader.name} never got {tokens - set(reader.kept.first)}\n{self._texts_seen()}")

    def _texts_seen(self) -> str:
        return "\n".join(screen.text for screen in (self.console, self.alone, self.group, self.wall))

    def note(self, category: int, token: str) -> None:
        before = len(self.run.events(e.Noted))
        self.console.press("o", *["tab"] * category)
        self.console.commit(token)
        self.console.press("enter")
        self.recorded(e.Noted, before + 1)

    def reveal(self, ask: Ask, *, names: bool) -> None:
        """With `v`: first as counts, then by a second key with names."""
        for step in (False, True)[: 1 + names]:
            several = sum(bool(self.run.conductor.state.ask(one).answers) for one in self._put_to_the_room()) > 1
            self.console.press("v", "5")
            if several and not step:
                self.console.read(0.4)
                self.console.press("1")
            self.console.until(partial(self._revealed, ask, "names" if step else "counts"))

    def _revealed(self, ask: Ask, how: str) -> bool:
        return self.run.conductor.state.ask(ask.id).revealed == how

    def _put_to_the_room(self) -> list[str]:
        return [ask.id for inject in self.run.conductor.plan.order if not inject.to for ask in inject.asks]

    # At the seats.

    def answer(self, inject: Inject) -> None:
        """Whoever is asked at a screen of this room answers there."""
        for ask in inject.asks:
            for reader, phone in zip((r for r in self.readers if r.name.startswith("browser")), self.phones, strict=True):
                for role in sorted(reader.roles & self.asked(ask)):
                    self._answer_at(phone, ask, role)
        for screen, roles in ((self.alone, ALONE), (self.group, GROUP)):
            while owed := [ask for ask in inject.asks for role in self._ids(roles) if self._owes(ask, role)]:
                self._answer_by_keys(screen, owed[0], roles)

    def asked(self, ask: Ask) -> set[str]:
        conductor = self.run.conductor
        return set(conductor.plan.addressees(conductor.state, conductor.plan.asks[ask.id][0], ask))

    def _owes(self, ask: Ask, role: str) -> bool:
        state, plan = self.run.conductor.state, self.run.conductor.plan
        return role in self.asked(ask) and ask.id in open_asks(plan, state) and role not in state.ask(ask.id).answers

    def _answer_at(self, phone: Phone, ask: Ask, role: str) -> None:
        until(lambda: f'id="answer.{ask.id}.{role}"' in phone.page, f"the browser of {role} is not asked")
        own, named = Right(frozenset({role})), everybody(f"named:{ask.id}")
        fields: dict[str, object] = {"rationale": self.made.typed(f"reason of {role}", own)}
        if ask.answer in ("choice", "choices"):
            fields["value"] = ask.options[0].id
        else:
            assert ask.answer == "text"
            fields["value"] = self.made.typed(f"words of {role}", own, named)
        for other in self.phones:
            if other is not phone:
                assert other.send("/seat/answer", ask=ask.id, role=role, **fields).status_code in (403, 409)
        assert phone.send("/draft", key=f"answer.{ask.id}.{role}", **fields).status_code == 200
        assert phone.send("/seat/answer", ask=ask.id, role=role, **fields).status_code == 200

    def _answer_by_keys(self, screen: Screen, ask: Ask, roles: tuple[str, ...]) -> None:
        """Digits are a choice, and an order where one is asked for; words go into fields. What is missing is said, and then given."""
        given = len(self.run.events(e.AnswerGiven))
        own = Right(frozenset(self._ids(roles)))

        def done() -> bool:
            return len(self.run.events(e.AnswerGiven)) > given

        if ask.answer == "report":
            screen.read(0.5)
            for text in (*(self.made.typed(f"part of a report of {roles}", own) for _ in ask.elements), "20"):
                screen.commit(text)
                screen.press("enter")
        else:
            screen.press("1", "2", "3", "4", "5", "enter")
            end = time.monotonic() + 2
            while not done() and time.monotonic() < end and "asks for a reason" not in screen.text:
                screen.read(0.05)
            if not done():
                screen.see("asks for a reason")
                screen.commit(self.made.typed(f"reason of {roles}", own))
                screen.press("enter")
        screen.until(done)

    def confirm(self, inject: Inject) -> None:
        """The group confirms what it was told, each of its roles by a key; what has just come up is confirmed by nobody's habit."""
        for role in set(self._ids(GROUP)) & set(inject.to):
            end = time.monotonic() + 20
            while role not in self.run.conductor.state.inject(inject.id).acknowledged:
                assert time.monotonic() < end, self.group.text
                self.group.read(0.8)
                if role not in self.run.conductor.state.inject(inject.id).acknowledged:
                    self.group.press("enter")

    def speak(self) -> None:
        """A message from the one station to the other, read back there; a decision; half a sentence that is never sent."""
        both = Right(frozenset((*self._ids(ALONE), self.made.ids["security"])))
        alone = Right(frozenset(self._ids(ALONE)))
        self.alone.press("f2", "8")
        self.alone.commit(self.made.typed("message to security", both))
        self.alone.press("enter")
        self.alone.until(lambda: self.run.events(e.MessageSent))
        self.group.read(1.0)
        self.group.commit(self.made.typed("read back by security", both))
        self.group.press("enter")
        self.group.until(lambda: self.run.events(e.MessageAcknowledged))
        self.alone.press("f3")
        self.alone.commit(self.made.typed("decision of teller 1", alone))
        self.alone.press("enter")
        self.alone.until(lambda: self.run.events(e.DecisionMade))
        self.alone.press("f3")
        self.alone.commit(self.made.typed("half a sentence", alone))
        self.alone.press("esc")

    def look_behind(self) -> None:
        """Help, whatever might be a palette, other colours, other sizes."""
        for screen in (self.alone, self.group, self.wall):
            screen.press("f1", "ctrl+p", "f1", "esc", "f10", "f10", "f10", "pagedown", "pageup", "ctrl+c")
        self.wall.press("?", "t", "t", "t", "v", "5", "enter", "space", "n")
        self.alone.resize(70, 22)
        self.wall.resize(60, 20)
        self.alone.resize(80, 24)
        self.wall.resize(110, 32)
        self.knock()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with ExitStack() as stack:
        yield Room(canary(EXERCISE), tmp_path, stack)


@posix
@pytest.mark.slow
def test_a_whole_room_gets_its_tokens_and_no_other(room: Room) -> None:
    made, console = room.made, room.console
    room.look_behind()
    console.press("space")
    room.recorded(e.ExerciseStarted)
    order = room.run.conductor.plan.order
    for number, inject in enumerate(order):
        room.release(inject)
        room.answer(inject)
        if inject.acknowledge is not None:
            room.confirm(inject)
        if number == 1:
            room.speak()
            room.note(0, made.typed("note of the facilitator"))
            room.note(4, made.typed("ruling", everybody()))
            console.press("h")
            room.recorded(e.ProbeShown)
            console.press("space", "1", "space")
            room.recorded(e.ClockResumed)
        for ask in inject.asks:
            if ask is inject.asks[-1] and not inject.to and number in (0, 4):
                room.reveal(ask, names=number == 0)
    told_to_all = {name: told_by_the_system(pid).decode("utf-8", "replace") for name, pid in room.pids.items()}
    assert all(told_to_all.values())
    _end(room, order)
    _judge(room, told_to_all)


def _end(room: Room, order: tuple[Inject, ...]) -> None:
    made, console = room.made, room.console
    [words] = [ask for inject in order for ask in inject.asks if ask.answer == "text"]
    assert room.run.conductor.state.ask(words.id).answers
    for view in "2347":
        console.press("v", view)
        room.wall.read(0.2)
    room.look_behind()
    room.wall.press("f12", "f12")
    room.recorded(e.EmergencyConfirmed)
    real = room.run.conductor.exercise.real_emergency
    assert real is not None
    for reader in room.readers:
        room._await(reader, {real.number})
    console.see("REAL EMERGENCY")
    console.press("1")
    console.commit(made.typed("why stood down"))
    console.press("enter")
    room.recorded(e.EmergencyStoodDown)
    console.read(0.3)
    console.press("e", "e")
    console.see("How did it end?")
    console.press("1")
    room.recorded(e.ExerciseEnded)
    for screen in (room.alone, room.group, room.wall):
        screen.see("ENDEX")
    note = made.typed("note after ENDEX")
    console.press("o")
    console.read(0.5)
    console.commit(note)
    console.press("enter")
    console.until(lambda: any(note in str(entry.event) for entry in room.run.conductor.entries))
    room.look_behind()
    for screen in (room.alone, room.group, room.wall):
        screen.press("ctrl+q")
        assert screen.exit_code() == 0


def _judge(room: Room, told_to_all: dict[str, str]) -> None:
    """Everything that came is held against the log, and against what had to come."""
    made, entries = room.made, room.run.conductor.entries
    gave = happened(entries)
    assert {f"released:{inject.id}" for inject in room.run.conductor.plan.order} <= set(gave)
    assert len([name for name in gave if name.startswith("named:")]) == 1
    assert [said for reader in room.readers for said in leaks(made, reader, gave).values()] == []
    for reader in room.readers:
        if reader.name not in NOBODY:
            due = set(_due(made, reader))
            assert len(due) > 30
            assert {token: made.places[token] for token in due if not reader.got(token)} == {}
    for screen in (room.alone, room.group, room.wall):
        assert set(OSC.findall(screen.kept.whole)) <= {b"22;default"}, "no title, no clipboard"
    for name, told in told_to_all.items():
        private = [token for token in made.places if token in told and allowed_ms(made, token, frozenset(), {}) is None]
        assert private == [], f"{name} shows this to the whole machine"
    assert all(b"content-encoding" not in phone.kept.whole.lower() for phone in room.phones)
    by_wall = {entry.event.kind for entry in entries if entry.actor == "wall"}
    assert by_wall <= {"emergency_raised", "emergency_confirmed", "clock_paused"}


SHOWN = re.compile(r"\.injects\.\d+\.(text|title|asks\.\d+\.(question|options\.\d+\.text))\.en")


def _due(made: Canary, reader: Reader) -> Iterator[str]:
    """What must have come to a reader: the texts of what it was told, its questions, their options."""
    for token, rights in made.rights.items():
        own = (right for right in rights if right.after.startswith("released:"))
        if SHOWN.fullmatch(made.places[token][0]) and any(right.roles is None or right.roles & reader.roles for right in own):
            yield token

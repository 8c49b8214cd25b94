"""Canary in the browser: an exercise of tokens is served and played whole, and every byte that reaches each socket is looked through."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import pytest

from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.engine.standing import open_asks
from tabletop.exercise.asks import Ask
from tabletop.web.cards import cards_page
from tests.canary import Canary, Leak, Right, Watched, canary, everybody

from .served import Browser, Driver, serving

EXERCISE = Path(__file__).parents[2] / "exercises" / "armed-hostage.yaml"

TICK_S = 0.15
"""Seconds in which what was recorded has reached every stream."""


class Tap:
    """Stands between a browser and the server and keeps every byte that comes back."""

    def __init__(self, address: str) -> None:
        self._to = (urlsplit(address).hostname or "", urlsplit(address).port or 80)
        self.kept = bytearray()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._listening]
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._listening.accept()
                theirs = socket.create_connection(self._to)
                self._sockets += [ours, theirs]
                threading.Thread(target=self._pass_on, args=(ours, theirs, None), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(theirs, ours, self.kept), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, kept: bytearray | None) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if kept is not None:
                    kept += data
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


class Seat:
    """A browser behind a tap, with its event stream open, that fetches its page whenever it is told to."""

    def __init__(self, address: str, home: str, roles: tuple[str, ...] = ()) -> None:
        self.tap = Tap(address)
        self.home, self.roles = home, roles
        self.ticks = 0
        self.browser = Browser(self.tap.address, headers={"host": urlsplit(address).netloc, "accept-encoding": "identity"})
        self.browser.address = address
        self.watched = Watched(home, frozenset(roles), lambda: bytes(self.tap.kept), grows=True)
        self._stream = threading.Thread(target=self._listen, daemon=True)

    def join(self, code: str) -> Self:
        assert self.browser.join_with(code).status_code == 200
        self._stream.start()
        return self

    def _listen(self) -> None:
        with suppress(Exception), self.browser.stream("GET", "/events", timeout=None) as stream:
            for line in stream.iter_lines():
                self.ticks += line == "event: tick"

    def look(self, canary: Canary, happened: set[str], *more: str) -> None:
        for path in (self.home, *more):
            self.browser.get(path, headers={"x-part": "1"})
        self.watched.check(canary, happened)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.browser.close()
        self.tap.close()


class Play:
    """The exercise played by hand, with everybody looked at before anything else happens."""

    def __init__(self, made: Canary, driver: Driver, seats: list[Seat], stranger: Seat) -> None:
        self.made, self.driver, self.seats, self.stranger = made, driver, seats, stranger
        self.happened: set[str] = set()
        self.looks = 0

    def do(self, *commands: c.Command, then: str = "", actor: Actor | None = None) -> None:
        self.driver.opened.conductor.catch_up()
        for command in commands:
            self.driver.opened.conductor.dispatch(command, actor)
        # It may be shown from the moment it is recorded.
        self.happened |= {then} if then else set()
        time.sleep(TICK_S)
        self.look()

    def look(self) -> None:
        """Everybody fetches their page, as after a tick; now and then everything else there is."""
        self.looks += 1
        thorough = self.looks % 16 == 1
        for seat in self.seats:
            seat.look(self.made, self.happened, *(("/", "/judge", "/site", "/wall", "/seat") if thorough else ()))
        if thorough:
            self.stranger.look(self.made, self.happened, "/", "/J/00000000", "/seat", "/wall", "/judge", "/static/page.js", "/nowhere")

    def ticks(self) -> list[int]:
        """How often each seat was told to look again, once nothing more comes."""
        ticks, since = [seat.ticks for seat in self.seats], time.monotonic()
        while time.monotonic() - since < 2 * TICK_S:
            time.sleep(0.02)
            if ticks != (ticks := [seat.ticks for seat in self.seats]):
                since = time.monotonic()
        return ticks

    def answer(self, ask: Ask) -> None:
        """Every role that is asked answers: those that sit at a browser there, wrongly first; the others through the console."""
        conductor = self.driver.opened.conductor
        inject, _ = conductor.plan.asks[ask.id]
        for role in conductor.plan.addressees(conductor.state, inject, ask):
            own = Right(frozenset({role}))
            named = everybody(f"named:{ask.id}")
            reason, words = self.made.typed(f"reason of {role}", own), self.made.typed(f"answer of {role}", own, named)
            seat = next((seat for seat in self.seats if role in seat.roles), None)
            fields: dict[str, object] = {"rationale": reason}
            value: object
            match ask.answer:
                case "choice" | "choices":
                    fields["value"], value = ask.options[0].id, (ask.options[0].id,)
                case "order":
                    fields |= {f"place.{option.id}": str(place) for place, option in enumerate(ask.options, start=1)}
                    value = tuple(option.id for option in ask.options)
                case "report":
                    fields[f"element.{ask.elements[0].id}"], value = words, {ask.elements[0].id: words}
                case _:
                    fields["value"], value = words, words
            if seat is None:
                self.do(c.GiveAnswer(ask.id, role, value, rationale=reason))
                continue
            for other in self.seats:
                if role not in other.roles:
                    assert other.browser.send_form("/seat/answer", {"ask": ask.id, "role": role, **fields}).status_code in (403, 409)
            seat.browser.send_form("/draft", {"key": f"answer.{ask.id}.{role}", **fields})
            assert seat.browser.send_form("/seat/answer", {"ask": ask.id, "role": role}).status_code in (409, 200)
            assert seat.browser.send_form("/seat/answer", {"ask": ask.id, "role": role, **fields}).status_code == 200
            self.look()


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    made = canary(EXERCISE)
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    driver = Driver(folder / "store.db", exercise=made.text)
    one, other = made.ids["teller-1"], made.ids["security"]
    with ExitStack() as stack:
        stack.callback(driver.close)
        server = stack.enter_context(serving(driver))
        address = server.addresses[0]
        seats = [Seat(address, "/seat", (one,)), Seat(address, "/seat", (other,)), Seat(address, "/wall")]
        codes = [driver.code(f"seat:{one}"), driver.code(f"seat:{other}"), driver.code("viewer")]
        for seat, code in zip(seats, codes, strict=True):
            stack.enter_context(seat).join(code)
        yield Play(made, driver, seats, stack.enter_context(Seat(address, "/join")))


def test_a_door_that_lets_too_much_through_is_found(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabletop.engine.seats._released", lambda plan, state: iter(plan.injects))
    with pytest.raises(Leak, match="seat got"):
        play.do(c.Start())


@pytest.mark.slow
def test_no_byte_of_what_is_not_theirs_reaches_a_socket(play: Play) -> None:
    made, driver = play.made, play.driver
    play.look()
    play.do(c.SeatPerson(play.seats[1].roles[0], made.typed("name of security", everybody())), c.Start())
    for role in play.seats[0].roles:
        said = made.typed("message", Right(frozenset({*play.seats[0].roles, *play.seats[1].roles})))
        play.seats[0].browser.send_form("/seat/message", {"role": role, "to": play.seats[1].roles[0], "text": said})
        decided = made.typed("decision")
        play.seats[0].browser.send_form("/seat/decision", {"role": role, "text": decided})
        play.look()
    for number, inject in enumerate(driver.opened.conductor.plan.order):
        play.do(c.ReleaseInject(inject.id, made.typed("why released")), then=f"released:{inject.id}")
        conductor = driver.opened.conductor
        before = play.ticks()
        for command in (
            c.AddNote("observation", made.typed("observation")),
            c.MarkAction(inject.expects[0].id, "done", note=made.typed("note of a mark"))
            if inject.expects
            else c.HearRole(conductor.exercise.roles[0].id),
            c.RecordDecision(conductor.exercise.roles[-1].id, made.typed("decision of another")),
        ):
            play.do(command)
        # Nobody can tell from a stream that something was recorded which is not theirs.
        assert play.ticks() == before
        asked = [conductor.plan.asks[ask][1] for ask in open_asks(conductor.plan, conductor.state) if conductor.plan.asks[ask][0] is inject]
        for ask in asked:
            play.answer(ask)
            play.do(c.RevealAnswers(ask.id), then=f"revealed:{ask.id}")
            if not inject.private:
                play.do(c.TurnWall("answers", ask=ask.id))
            play.do(c.RevealAnswers(ask.id, names=True), then=f"named:{ask.id}")
        if number % 5 == 0:
            play.do(c.AddNote("ruling", made.typed("ruling", everybody())), c.Pause("break"))
            play.do(c.Resume())
    for view in ("inject", "rules", "rulings", "parked", "timeline", "blank"):
        play.do(c.TurnWall(view))
    play.do(c.Rate("E1", driver.opened.conductor.exercise.objectives[0].id, "P", made.typed("rating")), actor=Actor("evaluator", "E1"))
    play.do(c.PressEmergency(made.typed("who pressed", everybody())))
    play.do(c.PressEmergency(made.typed("who pressed again", everybody())), then="emergency")
    play.do(c.StandDown(made.typed("why stood down")))
    play.do(c.Resume(), c.End(note=made.typed("note of ENDEX")))
    assert {seat.ticks > 10 for seat in play.seats} == {True}
    _everybody_saw_what_is_theirs(play)


def _everybody_saw_what_is_theirs(play: Play) -> None:
    """A page that shows nothing leaks nothing: every text of every inject reached those it went to, in the language of the run."""
    texts = {
        token: rights for token, rights in play.made.rights.items() if re.fullmatch(r"\.injects\.\d+\.text\.en", play.made.places[token][0])
    }
    for seat in play.seats:
        due = {token for token in texts if play.made.may_see(token, seat.watched.roles, play.happened)}
        assert len(due) > 5
        assert due <= seat.watched.seen()
    number = play.driver.opened.conductor.exercise.real_emergency
    assert number is not None
    assert all(number.number in seat.watched.seen() for seat in play.seats)


def test_join_cards_hold_nothing_of_the_exercise() -> None:
    made = canary(EXERCISE)
    from tests.builders import Play as Played

    played = Played(made.exercise)
    for role in made.exercise.roles:
        kind = "control" if role.simulated else "seat"
        page = cards_page(played.plan, played.state, {f"{kind}:{role.id}": "7K2M-9QXD", "viewer": "7K2M-9QXE"}, "http://10.0.0.1:8765")
        card = Watched(f"card of {role.id}", frozenset(), lambda page=page: page.encode())  # type: ignore[misc]
        assert isinstance(role.title, dict)
        assert set(role.title.values()) <= card.check(made, set())
        assert not isinstance(role.duty, dict) or not set(role.duty.values()) & card.seen()

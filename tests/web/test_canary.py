"""Canary in the browser: what each page gives away is found, whichever door it came through; nothing else makes a stream tick.

The whole room with its browsers is played by `tests.pty.test_whole_room`; here each door is opened too far on purpose.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest

from tabletop.engine import commands as c
from tabletop.engine.plan import Plan
from tabletop.engine.rights import Actor
from tabletop.engine.schedule import upcoming
from tabletop.engine.standing import Standing, standing
from tabletop.engine.state import State
from tabletop.web import judging
from tabletop.web.cards import cards_page
from tabletop.web.server import Server
from tests.builders import Play as Played
from tests.canary import CARDS, EVALUATORS, JUDGES, OUTSIDE, STARTED, Canary, Leak, Watched, controls
from tests.canary_room import BRANCH, NEVER, whole_room

from .served import Browser, Driver, serving

TICK_S = 0.15
"""Seconds in which what was recorded has reached every stream."""


HOMES = {"seat": "/seat", "control": "/seat", "viewer": "/wall", "evaluator": "/judge", "recorder": "/judge", "site": "/site"}


class Page:
    """A browser that joined, every byte of its pages, and how often its stream told it to look again."""

    def __init__(self, address: str, home: str, who: frozenset[str], *more: str) -> None:
        self.browser = Browser(address)
        self.received = bytearray()
        self.ticks = 0
        self._paths = (home, *more)
        self.watched = Watched(home, who, lambda: bytes(self.received), grows=True)

    def join(self, code: str) -> None:
        assert self.browser.join_with(code).status_code == 200
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(httpx.HTTPError), self.browser.stream("GET", "/events", timeout=None) as stream:
            for line in stream.iter_lines():
                self.ticks += line == "event: tick"

    def look(self, made: Canary, happened: set[str]) -> set[str]:
        for path in self._paths:
            self.received += self.browser.get(path).content
        return self.watched.check(made, happened)


class Play:
    """The run with a browser of every kind; everybody looks whenever something was recorded."""

    def __init__(self, made: Canary, driver: Driver, server: Server, stack: ExitStack) -> None:
        self.made, self.driver, self.server = made, driver, server
        self.happened: set[str] = set()
        self.before_the_cut: set[str] | None = None
        """What had happened when the branch was cut off; None while it has its link."""
        ids = made.ids
        opened = tuple(f"/site?inject={ids[name]}" for name in ("watch", "outside", *NEVER))
        kinds: dict[str, tuple[str, frozenset[str], tuple[str, ...]]] = {
            f"seat:{ids['guard']}": ("/seat", frozenset({ids["guard"]}), ()),
            f"control:{ids['police']}": ("/seat", frozenset({ids["police"]}), ()),
            "viewer": ("/wall", frozenset(), ()),
            "evaluator:E1": ("/judge", frozenset({JUDGES, EVALUATORS}), ()),
            "recorder:R1": ("/judge", frozenset({JUDGES}), ()),
            f"site:{ids[BRANCH]}": ("/site", frozenset({controls(ids[BRANCH])}), opened),
        }
        self._kinds = {seat.partition(":")[0]: (seat, *rest) for seat, rest in kinds.items()}
        self._stack = stack
        self.pages: dict[str, Page] = {}

    def join(self, kind: str) -> None:
        """A browser of that kind joins, if there is none."""
        if kind not in self.pages:
            seat, home, who, more = self._kinds[kind]
            page = self.pages[kind] = Page(self.server.addresses[0], home, who, *more)
            self._stack.enter_context(page.browser)
            page.join(self.driver.code(seat))

    def do(self, *commands: c.Command, then: str = "", actor: Actor | None = None) -> None:
        self.driver.opened.conductor.catch_up()
        for command in commands:
            self.driver.opened.conductor.dispatch(command, actor)
        self.happened |= {then} if then else set()
        self.served()

    def served(self) -> None:
        """Wait until the server has what was recorded."""
        self.driver.opened.conductor.catch_up()
        wanted, end = len(self.driver.opened.conductor.entries), time.monotonic() + 20
        while len(self.server.app.state.site.hub.now.entries) < wanted:
            assert time.monotonic() < end
            time.sleep(0.01)

    def release(self, name: str) -> None:
        if name == "line-dead":
            self.before_the_cut = set(self.happened)
        self.do(c.ReleaseInject(self.made.ids[name], "now"), then=f"released:{self.made.ids[name]}")

    def through(self, *kinds: str) -> None:
        """From before STARTEX to behind a cut link, with everybody, or those of these kinds, looking. Raises Leak."""
        self.look(*kinds)
        self.do(c.Start(), then=STARTED)
        for name in ("knife", "envelope", "watch", "line-dead", "outside"):
            self.look(*kinds)
            self.release(name)
        self.look(*kinds)

    def look(self, *kinds: str) -> None:
        """Everybody looks, or those of these kinds. Raises Leak."""
        for kind in kinds or self._kinds:
            self.join(kind)
            cut = kind == "seat" and self.before_the_cut is not None
            self.pages[kind].look(self.made, self.before_the_cut if cut and self.before_the_cut is not None else self.happened)

    def at(self) -> tuple[Plan, State, int]:
        """The run now."""
        conductor = self.driver.opened.conductor
        return conductor.plan, conductor.state, conductor.elapsed_ms()

    def ticks(self) -> dict[str, int]:
        """How often each browser was told to look again, once nothing more comes."""
        ticks, since = {kind: page.ticks for kind, page in self.pages.items()}, time.monotonic()
        while time.monotonic() - since < 2 * TICK_S:
            time.sleep(0.02)
            now = {kind: page.ticks for kind, page in self.pages.items()}
            since, ticks = (time.monotonic(), now) if now != ticks else (since, ticks)
        return ticks


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Play]:
    made = whole_room()
    folder = tmp_path / "private"
    folder.mkdir(mode=0o700)
    driver = Driver(folder / "store.db", exercise=made.text)
    with ExitStack() as stack:
        stack.callback(driver.close)
        yield Play(made, driver, stack.enter_context(serving(driver)), stack)


def _too_many_injects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabletop.engine.seats._released", lambda plan, state: iter(plan.injects))


def _everybody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabletop.engine.seats._reaches", lambda *given: True)


def _the_room_is_told_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabletop.engine.seats.room_injects", lambda plan, state: plan.injects)


def _the_link_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabletop.engine.seats.cut_off_since", lambda plan, state, role: None)


def _actions_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(plan: Plan, state: State, now_ms: int) -> list[Standing]:
        return [standing(plan, state, name, now_ms) for name in plan.actions]

    monkeypatch.setattr(judging, "actions_told", all_of_them)


def _injects_of_any_site(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("of_site", "told_at"):
        monkeypatch.setattr(judging, name, lambda plan, inject, site: True)


def _actions_of_any_site(monkeypatch: pytest.MonkeyPatch) -> None:
    of_anybody = judging._actions
    monkeypatch.setattr(judging, "_actions", lambda now, actor, site: of_anybody(now, actor, None))


@pytest.mark.parametrize(
    ("spoil", "kind"),
    [
        (_too_many_injects, "seat"),
        (_too_many_injects, "control"),
        (_everybody_is_told, "seat"),
        (_the_link_holds, "seat"),
        (_the_room_is_told_all, "viewer"),
        (_actions_to_come, "evaluator"),
        (_actions_to_come, "recorder"),
        (_injects_of_any_site, "site"),
        (_actions_of_any_site, "site"),
    ],
)
def test_a_door_that_lets_too_much_through_is_found(
    play: Play, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[pytest.MonkeyPatch], None], kind: str
) -> None:
    spoil(monkeypatch)
    with pytest.raises(Leak, match=f"{HOMES[kind]} got"):
        play.through(kind)


def test_no_door_lets_too_much_through(play: Play) -> None:
    play.through()
    for kind, least in (("seat", 4), ("control", 8), ("viewer", 6), ("evaluator", 8), ("recorder", 8), ("site", 8)):
        texts = {
            token for token in play.pages[kind].watched.seen() if re.fullmatch(r".injects.\d+.(text|title).en", play.made.places[token][0])
        }
        assert len(texts) >= least, kind


def test_nobody_can_tell_from_a_stream_that_something_was_recorded_which_is_not_theirs(play: Play) -> None:
    play.through()
    made, before = play.made, play.ticks()
    play.do(c.AddNote("observation", "x"), c.MarkAction(made.ids["count-heads"], "done"), c.RecordDecision(made.ids["clerk"], "y"))
    play.do(c.Rate("E1", made.ids["alarm-raised"], "P"), actor=Actor("evaluator", "E1"))
    play.do(c.GiveAnswer(made.ids["in-turn"], made.ids["spokesman"], tuple(made.ids[name] for name in ("say-one", "say-two", "say-three"))))
    play.do(c.SendMessage(made.ids["clerk"], made.ids["security"], "z"))
    coming = next(line.inject.id for line in upcoming(*play.at()))
    play.do(c.KeepInjectBack(coming, "not yet"))
    play.do(c.Retract(play.driver.opened.conductor.entries[-1]))
    after = play.ticks()
    assert {kind: after[kind] - before[kind] for kind in ("seat", "control")} == {"seat": 0, "control": 0}
    play.do(c.AddNote("ruling", "for all"))
    assert all(play.ticks()[kind] > after[kind] for kind in ("control", "viewer"))


def test_join_cards_hold_nothing_of_the_exercise() -> None:
    made = whole_room()
    played = Played(made.exercise)
    for role in made.exercise.roles:
        kind = "control" if role.simulated else "seat"
        page = cards_page(played.plan, played.state, {f"{kind}:{role.id}": "7K2M-9QXD", "viewer": "7K2M-9QXE"}, "http://10.0.0.1:8765")
        card = Watched(f"card of {role.id}", frozenset({OUTSIDE, CARDS}), lambda page=page: page.encode())  # type: ignore[misc]
        assert isinstance(role.title, dict)
        assert set(role.title.values()) <= card.check(made, set())
        assert not isinstance(role.duty, dict) or not set(role.duty.values()) & card.seen()

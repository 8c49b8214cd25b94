"""Everybody who takes part in the canary's whole room, each with what may come to them, and what each of them does by hand.

A console driven by keys; a group's station, one that goes from hand to hand, an evaluator's and a recorder's, the wall and that of a site
at terminals; `tabletop follow`; a server with browsers of players, control, a lead evaluator, a recorder, a site controller, viewers, and
of somebody who has not joined; the join cards.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import httpx

from tabletop.engine import events as e
from tabletop.engine.schedule import line_of
from tabletop.engine.standing import open_asks
from tabletop.exercise.asks import Ask
from tabletop.exercise.injects import Inject
from tests.canary import BY_NAME, CARDS, ENDED, EVALUATORS, JUDGES, OUTSIDE, SAID, Canary, Right, controls, everybody, only
from tests.canary_room import BRANCH, NEVER, SITE_OF, whole_room

from .room import FAR, Kept, Observer, Phone, Program, Reader, Screen, codes_on, happened, until

GROUP = ("manager", "security")
"""At one station; the one is cut off, the other is not."""

HANDS = ("teller", "clerk")
"""Between whom the private station goes."""

PHONES = (("guard",), ("spokesman",), ("family", "operations"))

POLICE = "police"

LOG = "whoever confirms at a terminal"
"""An evaluator, who after ENDEX has the log around the deadline of what has no record (screens: the confirm list)."""

HABIT_S = 0.7
"""Seconds after which a station takes keys for what has just come up by itself."""


def shows_other(screen: Screen, before: str) -> bool:
    """Whether a screen shows something else than it did."""
    return screen.text != before


class Room:
    """Everybody who takes part, and what happens by hand."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self.made: Canary = whole_room()
        self.home, self._stack = home, stack
        self.ids = {role: self.made.ids[role] for role in SITE_OF}
        self.branch = self.made.ids[BRANCH]
        self.readers: dict[str, Reader] = {}
        self.pids: dict[str, int] = {}
        self._open_console()
        self._open_screens()
        self._open_browsers(self.served.address())
        for screen in self.screens:
            screen.see("EXERCISE" if screen is not self.hands else "WHOSE TURN")

    # Who is there.

    def reads(self, name: str, kept: Kept, who: Mapping[str, str] | None = None) -> Reader:
        """Somebody with what comes to them; `who`: as `Reader` takes it, nobody in particular unless given."""
        self.readers[name] = Reader(name, {"": ""} if who is None else who, kept)
        return self.readers[name]

    def seat(self, *roles: str) -> dict[str, str]:
        """What a seat is: its roles, each with its site."""
        return {self.ids[role]: self.made.ids[SITE_OF[role]] if SITE_OF[role] else "" for role in roles}

    def judge(self, name: str, *also: str) -> dict[str, str]:
        """What somebody is who evaluates or records."""
        return {JUDGES: "", name: "", **dict.fromkeys(also, "")}

    def logged(self, what: str, *who: str) -> str:
        """A text that is typed for these alone, and is in the log for whoever confirms afterwards."""
        return self.made.typed(what, only(*who), only(LOG, after=ENDED))

    def named(self, what: str) -> str:
        """A name that is typed: it stands on the roll for all to see."""
        return self.made.typed(what, everybody(), only(CARDS))

    def _screen(self, name: str, arguments: Iterable[str], columns: int, lines: int) -> Screen:
        screen = self._stack.enter_context(Screen(list(arguments), self.home, columns=columns, lines=lines))
        self.pids[name] = screen.pid
        return screen

    def _program(self, name: str, *arguments: str) -> Program:
        program = self._stack.enter_context(Program(*arguments, home=self.home))
        self.pids[name] = program.pid
        return program

    def _open_console(self) -> None:
        exercise = self.made.write(self.home / "canary.yaml")
        place = self.made.typed("where the run is played", everybody())
        self.console = self._screen("console", ["run", str(exercise), "--pace", "timed", "--quiet", "--site", place], 90, 28)
        self.console.drawn_at_once = False
        self.console.see("STARTEX")
        self.run = self._stack.enter_context(Observer(self.home))

    def _open_screens(self) -> None:
        """All at once: they come up beside each other."""
        station = ["station", "latest", "--quiet"]
        roles = {who: [part for role in who for part in ("--role", self.ids[role])] for who in (GROUP, HANDS, ("teller",))}
        self.ann, self.lee = self.named("name of an evaluator"), self.named("name of a recorder")
        cards = self.home / "cards.html"
        self.served = self._program("serve", "serve", "latest", "--port", "0", "--cards", str(cards), *self._seats_of_browsers())
        self.group = self._screen("group", [*station, *roles[GROUP], "--name", self.named("name of a scribe")], 90, 32)
        self.hands = self._screen("hands", [*station, *roles[HANDS], "--private"], 80, 26)
        self.evaluator = self._screen("evaluator", [*station, "--evaluator", "--name", self.ann], 120, 34)
        self.recorder = self._screen("recorder", [*station, "--recorder", "--name", self.lee], 90, 28)
        self.wall = self._screen("wall", ["room", "latest"], 90, 28)
        self.wall_of_branch = self._screen("wall of the branch", ["room", "latest", "--site", self.branch], 80, 24)
        self.follow = self._program("follow", "follow", "latest", *roles["teller",])
        self.screens = (self.group, self.hands, self.evaluator, self.recorder, self.wall, self.wall_of_branch)
        self.reads("group", self.group.kept, self.seat(*GROUP))
        self.reads("nobody's hands", self.hands.kept)
        for role in HANDS:
            self.reads(f"hands of {role}", Kept(), self.seat(role))
        self.reads("evaluator", self.evaluator.kept, self.judge(self.ann, EVALUATORS, BY_NAME, LOG))
        self.reads("recorder", self.recorder.kept, self.judge(self.lee, BY_NAME))
        self.reads("wall", self.wall.kept)
        self.reads("wall of the branch", self.wall_of_branch.kept, {"": self.branch})
        self.reads("follow", self.follow.kept, self.seat("teller"))
        self.reads("serve", self.served.kept, {OUTSIDE: "", BY_NAME: ""})

    def _seats_of_browsers(self) -> list[str]:
        """Arguments of a server that prints a card for each browser."""
        self.bo, self.kim = self.named("name of a lead evaluator"), self.named("name of another recorder")
        seats = [f"seat:{'+'.join(self.ids[role] for role in roles)}" for roles in PHONES]
        seats += [f"control:{self.ids[POLICE]}", f"lead:{self.bo}", f"recorder:{self.kim}", f"site:{self.branch}", "viewer"]
        return [part for seat in seats for part in ("--seat", seat)]

    def _open_browsers(self, address: str) -> None:
        until((cards := self.home / "cards.html").exists, "no cards were printed")
        printed = Kept()
        printed.add(cards.read_bytes())
        self.reads("join cards", printed, {OUTSIDE: "", CARDS: ""})
        codes = iter(code for _, code in codes_on(cards.read_text("utf-8")))
        self.phones: dict[tuple[str, ...], Phone] = {}
        for roles in (*PHONES, (POLICE,)):
            self.phones[roles] = self._browser(f"browser of {roles}", address, "/seat", self.seat(*roles), next(codes), named=True)
        self.lead = self._browser("lead evaluator", address, "/judge", self.judge(self.bo, EVALUATORS), next(codes))
        self.writer = self._browser("recorder's browser", address, "/judge", self.judge(self.kim), next(codes))
        self.controller = self._browser("site controller", address, "/site", {controls(self.branch): ""}, next(codes))
        for_all = next(codes)
        self.viewer = self._browser("viewer", address, "/wall", {"": ""}, for_all)
        self.wall_at_branch = self._browser("browser wall of the branch", address, "/wall", {"": self.branch}, for_all)
        self.form(self.wall_at_branch, "/wall/site", site=self.branch)
        assert list(codes) == []
        self.stranger = self._stack.enter_context(Phone(address, "/join"))
        self.reads("somebody who has not joined", self.stranger.kept, {OUTSIDE: ""})

    def _browser(self, name: str, address: str, home: str, who: Mapping[str, str], code: str, *, named: bool = False) -> Phone:
        phone = self._stack.enter_context(Phone(address, home))
        self.reads(name, phone.kept, who)
        return phone.join(code, self.named(f"name at the {name}") if named else "")

    @property
    def browsers(self) -> tuple[Phone, ...]:
        return (*self.phones.values(), self.lead, self.writer, self.controller, self.viewer, self.wall_at_branch)

    # At the console.

    def recorded(self, kind: type[e.Event], more: int = 1) -> None:
        """Wait until the log has so many of a kind."""
        until(lambda: len(self.run.events(kind)) >= more, lambda: f"no {kind.__name__} was recorded:\n{self.console.text}")

    def inject(self, name: str) -> Inject:
        return self.run.conductor.exercise.inject_by_id[self.made.ids[name]]

    def ask(self, name: str) -> Ask:
        return self.run.conductor.plan.asks[self.made.ids[name]][1]

    def release(self, name: str) -> None:
        """What comes next is released by keys, early; then it reaches everybody who is to see it now."""
        inject = self.inject(name)
        self.console.until(lambda: f"recorded ✓ {len(self.run.conductor.entries)}\n" in f"{self.console.text}\n")
        conductor = self.run.conductor
        status = line_of(conductor.plan, conductor.state, inject.id, conductor.elapsed_ms()).status
        self.console.press("enter", *([] if status == "due" else ["enter"]))
        self.reaches(name)

    def reaches(self, name: str, *, late: bool = False) -> None:
        """Wait until whoever may see an inject by now has it, but for what goes from hand to hand; `late`: walls have gone on since."""
        inject = self.inject(name)
        until(lambda: self.run.conductor.state.inject(inject.id).released_ms is not None, lambda: f"{name}: {self.console.text}")
        told = {text["en"] for text in (inject.title, inject.text) if isinstance(text, dict)}
        gave = self.happened()
        for reader in self.readers.values():
            looks = "hands" not in reader.name and not (late and "wall" in reader.name)
            if looks and all(reader.allowed_ms(self.made, token, gave) is not None for token in told):
                self.comes(reader, told)

    def happened(self) -> dict[str, int]:
        return happened(self.run.conductor.entries, self.run.conductor.exercise)

    def comes(self, reader: Reader, tokens: set[str]) -> None:
        until(lambda: reader.got(*tokens), lambda: f"{reader.name} never got {tokens - set(reader.kept.first)}\n{self._texts_seen()}")

    def _texts_seen(self) -> str:
        return "\n".join(screen.text for screen in (self.console, *self.screens))

    def note(self, category: int, token: str) -> None:
        before = len(self.run.events(e.Noted))
        self.console.press("o", *["tab"] * category)
        self.console.commit(token)
        self.console.press("enter")
        self.recorded(e.Noted, before + 1)

    def turn_wall(self, key: str) -> None:
        before = len(self.run.events(e.WallTurned))
        self.console.press("v")
        self.console.see("Turn the wall to")
        self.console.press(key)
        self.recorded(e.WallTurned, before + 1)

    def reveal(self, name: str, how: str) -> None:
        """With `v`: the question whose row says so, or one of several behind it."""
        ask = self.ask(name)
        assert isinstance(ask.question, dict)
        question = ask.question["en"]
        self.console.press("v")
        panel = self.console.see("Turn the wall to")
        if re.search(rf"│ +5 .*{question}", panel):
            self.console.press("5")
        else:
            self.console.press("8")
            self.console.see("which question?", question)
            [row] = re.findall(rf"│ +(\d) .*{question}", self.console.text)
            self.console.press(row)
        self.console.until(lambda: self.run.conductor.state.ask(ask.id).revealed == how)

    # At the seats.

    def asked(self, ask: Ask) -> set[str]:
        """The roles that are asked and have not answered."""
        conductor = self.run.conductor
        given = conductor.state.ask(ask.id).answers
        addressed = conductor.plan.addressees(conductor.state, conductor.plan.asks[ask.id][0], ask)
        return set(addressed) - set(given) if ask.id in open_asks(conductor.plan, conductor.state) else set()

    def answer(self, name: str, *, but: tuple[str, ...] = ()) -> None:
        """Whoever is asked answers: at browsers first, then at the group's station, then from hand to hand; `but`: who is cut off."""
        for ask in self.inject(name).asks:
            waiting = {role for role, token in self.ids.items() if token in self.asked(ask)} - set(but)
            for roles, phone in self.phones.items():
                for role in roles:
                    if role in waiting:
                        self._answer_at(phone, ask, self.ids[role])
            for role in GROUP:
                if role in waiting:
                    self.answer_by_keys(self.group, ask, role)
            for role in HANDS:
                if role in waiting:
                    self.take(role)
                    self.answer_by_keys(self.hands, ask, role)
                    self.hide()

    def _words(self, role: str, what: str, *rights: Right) -> str:
        """Something that a role types towards an answer: its own, and once it is sent those see it who judge."""
        return self.made.typed(f"{what} of {role}", only(role), only(JUDGES, after=SAID), *rights)

    def _answer_at(self, phone: Phone, ask: Ask, role: str) -> None:
        until(lambda: f'id="answer.{ask.id}.{role}"' in phone.page, f"the browser of {role} is not asked")
        named = everybody(f"named:{ask.id}")
        fields: dict[str, object] = {} if ask.rationale == "none" else {"rationale": self._words(role, "reason")}
        match ask.answer:
            case "choice" | "choices":
                fields["value"] = ask.options[0].id
            case "order":
                fields |= {f"place.{option.id}": str(place) for place, option in enumerate(ask.options, start=1)}
            case "report":
                fields |= {f"element.{element.id}": self._words(role, "part of a report", named) for element in ask.elements}
            case "number":
                fields["value"] = "7"
            case "confirm":
                fields["value"] = "1"
            case _:
                fields["value"] = self._words(role, "words", named)
        for other in self.browsers:
            if other is not phone:
                assert other.send("/seat/answer", ask=ask.id, role=role, **fields).status_code in (403, 409)
        assert phone.send("/draft", key=f"answer.{ask.id}.{role}", **fields).status_code == 200
        sent = phone.send("/seat/answer", ask=ask.id, role=role, **fields)
        assert sent.status_code == 200, sent.text

    def answer_by_keys(self, screen: Screen, ask: Ask, role: str) -> None:
        """Digits are a choice, and an order where one is asked for; words go into fields. What is missing is said, and then given."""
        own = partial(self._words, self.ids[role])
        assert isinstance(ask.question, dict)
        screen.see(ask.question["en"])
        given = len(self.run.events(e.AnswerGiven))

        def done() -> bool:
            return len(self.run.events(e.AnswerGiven)) > given

        if ask.answer == "report":
            screen.see("next report in")
            screen.read(0.3)
            for text in (*(own("part of a report") for _ in ask.elements), "20"):
                screen.commit(text)
                screen.press("enter")
        else:
            screen.read(HABIT_S)
            screen.press("1", "enter")
            if ask.rationale == "required":
                screen.see("asks for a reason")
                screen.commit(own("reason"))
                screen.press("enter")
        screen.until(done)

    def confirm(self, name: str, *, at: Screen, role: str) -> None:
        """A receipt is confirmed by a key; what has just come up is confirmed by nobody's habit."""
        inject, token = self.inject(name), self.ids[role]

        def done() -> bool:
            return token in self.run.conductor.state.inject(inject.id).acknowledged

        end = time.monotonic() + FAR
        while not done():
            assert time.monotonic() < end, at.text
            at.read(HABIT_S)
            at.press("enter")
            at.read(0.2)

    def take(self, role: str) -> None:
        """The private station goes into the hands of a role."""
        self.hands.see("WHOSE TURN")
        self.hands.hand_on(self.readers[f"hands of {role}"].kept)
        self.hands.press(str(list(SITE_OF).index(role) + 1), "enter")
        self.hands.see("You are")

    def hide(self) -> None:
        """One key hides what the last seat showed; then nobody has it."""
        self.hands.press("f9")
        self.hands.see("WHOSE TURN")
        self.hands.hand_on(self.readers["nobody's hands"].kept)

    def form(self, phone: Phone, path: str, status: int = 200, **fields: object) -> httpx.Response:
        """A form of a browser is sent and taken."""
        sent = phone.send(path, **fields)
        assert sent.status_code == status, sent.text
        return sent

    def knock(self) -> None:
        """Everybody tries every door, and somebody without a pass as well."""
        for path in ("/", "/join", "/j/0000-0000", "/seat", "/wall", "/judge", "/site", "/events", "/nowhere", "/static/page.js"):
            self.stranger.browser.get(path)
        self.stranger.browser.join_with("0000-0000", "x")
        for phone in self.browsers:
            for path in ("/", "/seat", "/wall", "/judge", "/site", *(f"/site?inject={self.made.ids[name]}" for name in NEVER)):
                phone.browser.get(path)

    def look_behind(self) -> None:
        """Help, whatever might be a palette, other colours, other sizes."""
        for screen in (self.group, self.wall, self.wall_of_branch):
            screen.press("f1", "ctrl+p", "f1", "esc", "f10", "f10", "f10", "pagedown", "pageup", "ctrl+c")
        self.wall.press("?", "t", "t", "t", "v", "5", "enter", "space", "n")
        self.group.resize(70, 22)
        self.group.resize(90, 32)
        self.wall_of_branch.resize(60, 20)
        self.wall_of_branch.resize(80, 24)
        for screen in (self.evaluator, self.recorder):
            screen.press("tab", "down", "tab", "tab")
            for key in ("f1", "ctrl+p"):
                before = screen.text
                screen.press(key)
                screen.until(partial(shows_other, screen, before))
                self.leave(screen)
        self.knock()

    def leave(self, screen: Screen) -> None:
        """`esc`, which is the beginning of other keys, by itself."""
        screen.read(0.1)
        screen.press("esc")
        screen.read(0.2)

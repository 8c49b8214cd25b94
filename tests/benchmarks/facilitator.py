"""A facilitator who plays armed-hostage at the real console: real keys, a clock that is pushed, eyes that are counted.

Owns: what is done when, and what is looked at for it. Refuses to own: what a look costs (`eyes`).
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from tabletop.conductor import open_store
from tabletop.engine import commands as c
from tabletop.engine.judging import SETTLED
from tabletop.engine.standing import standing
from tabletop.engine.state import State
from tabletop.exercise.asks import Ask
from tabletop.exercise.injects import Inject
from tabletop.text import localise
from tabletop.tui.app import TabletopApp
from tabletop.tui.look import number_key, panel_rows, role_key
from tabletop.tui.screens.console import ConsoleScreen
from tabletop.tui.screens.panels.answer import AnswerPanel
from tabletop.tui.screens.panels.speaker import SpeakerPanel
from tabletop.tui.speaker_items import Item, action_keys
from tests.benchmarks.eyes import ALOUD_PER_MINUTE, CHARACTER_S, CHECK_S, KEY_S, LINE_S, LOOK_S, Eyes, is_read, known_by
from tests.benchmarks.surroundings import LANGUAGE, SIZE, Others, PushedClock, console

END_MS = 54 * 60_000
"""Exercise milliseconds: when the last inject of the plan falls due."""

GLANCE_MS = 60_000
"""After how long without a look the facilitator glances at the screen."""

FIRST_MS, BETWEEN_MS = 12_000, 10_000
"""When somebody first speaks after the text was told, and how long after that the next."""

OPTIONS = {"way-out": "walk-them-out", "exchange": "younger-colleague"}
"""Which option of a question is taken; the first where none is named. A room that errs twice is told the most: 1,327 words."""

CHOSEN = 3
"""Options taken where several may be."""

REASONS = {"front-door": "he calms down, and 110 hears of it"}
"""Reasons that the plan wants said: 34 characters of the typed ones."""

WORDS = {
    "knife-at-counter-2": ("teller-1", "I say what my hands do before they do it"),
    "ten-minutes": ("lobby-manager", "he said ten minutes at 10:46, a car, door shut"),
    "side-exit": ("guard", "nobody comes in, self-service is roped off"),
    "police-arrive": ("security", "one of us hands over: plan, cameras, keys, list"),
    "manager-for-hostage": ("branch-manager", "nobody is exchanged, I tell the commander"),
    "live-stream": ("press-officer", "one sentence now, the next at half past eleven"),
    "withdraw": ("crisis-lead", "everybody out answers to a name, twice"),
    "hall-is-scene": ("supervisor", "witnesses write first, then they may talk"),
}
"""Words worth keeping, by the inject that they answer: who said them, and what."""

Act = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it."""

    eyes: Eyes
    state: State
    due: tuple[str, ...]
    """Injects still due at the end."""
    owners: frozenset[str]
    """Who recorded: the kinds of actors in the log."""
    sealed: bool


class Facilitator:
    """Somebody who stands at the console. Alone, everything said is keyed here; else others write what they do."""

    def __init__(self, app: TabletopApp, pilot: Pilot[None], clock: PushedClock, others: Others | None) -> None:
        self.app, self.pilot, self.clock, self.others = app, pilot, clock, others
        self.eyes = Eyes()
        self._seen: set[str] = set()
        """The lines of the lectern view at the last look."""
        self._read: set[str] = set()
        """The rows of panels that were read since the last release."""
        self._looked_ms = 0
        self._coming: list[tuple[int, int, Act]] = []
        self._numbers = itertools.count()

    # The console.

    @property
    def console(self) -> ConsoleScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, ConsoleScreen))

    @property
    def state(self) -> State:
        return self.app.desk.state if self.app.desk is not None else State()

    @property
    def now_ms(self) -> int:
        return self.app.desk.elapsed_ms() if self.app.desk is not None else 0

    async def settle(self, head: int = 0) -> None:
        """Waits until what was asked for, or what others wrote up to entry `head`, is recorded and drawn."""
        async with asyncio.timeout(60):
            await self.pilot.pause()
            desk = self.app.desk
            while desk is None or not desk.is_idle or len(desk.entries) < head:
                await self.pilot.pause(0.01)
                desk = self.app.desk
            await self.pilot.pause()

    def spend(self, seconds: float) -> None:
        """Time that an act takes."""
        self.clock.seconds += seconds

    async def wait(self, seconds: float) -> None:
        """Lets time pass, and has the screen drawn after it."""
        self.spend(seconds)
        self.app._tick()
        await self.settle()

    # Eyes and hands.

    def _lines(self) -> list[str]:
        return [line.plain for line in self.console.lectern.main.lines if is_read(line.plain)]

    def _read_new(self, what: str) -> int:
        """Reads what is new in the lectern view; how many lines."""
        lines = self._lines()
        fresh = [line for line in lines if known_by(line) not in self._seen]
        self._seen = {known_by(line) for line in lines}
        self.eyes.read(fresh, what)
        return len(fresh)

    async def look(self, what: str) -> None:
        await self.wait(LOOK_S)
        self.eyes.looks += 1
        self.spend(LINE_S * self._read_new(what))
        self._looked_ms = self.now_ms

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.eyes.keys += 1
            await self.pilot.press(key)
            await self.settle()
        self.spend(KEY_S * len(keys))

    async def type(self, text: str) -> None:
        for character in text:
            self.app.post_message(events.Key(character, character))
        await self.settle()
        self.eyes.characters += len(text)
        self.spend(CHARACTER_S * len(text))

    async def check(self) -> None:
        """Sees that it was recorded: the row that says so has been read with it."""
        self.eyes.checks += 1
        self._seen.update(known_by(line) for line in self._lines() if line.startswith("✓"))
        self.spend(CHECK_S)

    async def take_row(self, of: Callable[[Item], bool], what: str) -> None:
        """In the panel that is open: reads down to a row, and presses its digits."""
        panel = self.app.screen
        assert isinstance(panel, SpeakerPanel), panel
        for _ in panel.pages():
            at = next((number for number, item in enumerate(panel.shown_items(), start=1) if of(item)), None)
            shown = [line.plain for line in panel.rows_shown.lines]
            key = "" if at is None else number_key(at)
            last = next((index for index, line in enumerate(shown) if line.split()[:1] == [key]), len(shown) - 1)
            fresh = [line for line in shown[: last + 1] if known_by(line) not in self._read]
            self._read.update(known_by(line) for line in fresh)
            self.eyes.read(fresh, what)
            self.spend(LINE_S * len(fresh))
            if key:
                await self.press(*key)
                return
            await self.press("pagedown")
        raise LookupError(what)

    # What a facilitator does.

    async def release(self) -> None:
        await self.look("glances")
        await self.press("enter")
        await self.check()
        self._read.clear()
        inject = self.console.scene().plan.inject_by_id[self.state.released[-1]]
        if not inject.private or inject.deliver == "phone":
            # A call is spoken too: the facilitator is the voice at the other end.
            spoken = len(localise(inject.text, LANGUAGE).split())
            self.eyes.aloud += spoken
            await self.wait(spoken * 60 / ALOUD_PER_MINUTE)
        self.spend(LINE_S * self._read_new("notes"))
        self._looked_ms = self.now_ms
        self._plan(inject)

    async def probe(self) -> None:
        await self.look("glances")
        await self.press("h")
        self.spend(LINE_S * self._read_new("probes"))

    async def speak(self, role: str) -> None:
        """Looks, and opens the panel of who speaks."""
        await self.look("glances")
        await self.press(*role_key(self.console.scene().exercise, role))

    async def answer(self, ask: Ask, role: str) -> None:
        if self.others is not None:
            value, reason = answer_of(ask), REASONS.get(ask.id, "")
            await self.settle(self.others.seat(role, c.GiveAnswer(ask.id, role, value, rationale=reason)))
            return
        await self.speak(role)
        option = picked(ask)[0] if ask.answer == "choice" else ""
        await self.take_row(lambda item: item.ask == ask.id and item.option == option and not item.hands, "answers")
        if isinstance(self.app.screen, AnswerPanel):
            await self._finish(self.app.screen, ask)
        await self.check()

    async def _finish(self, panel: AnswerPanel, ask: Ask) -> None:
        """What an answer wants beside its digit: the options of an order or a choice of several, the reason, a report on paper."""
        if ask.answer in ("order", "choices"):
            shown = [line.plain for line in panel.rows_shown.lines]
            self.eyes.read(shown, "answers")
            self.spend(LINE_S * len(shown))
            await self.press(*(str(panel.options.index(option) + 1) for option in picked(ask)), "enter")
        elif ask.answer == "report":
            await self.press("0", "enter", "enter")
        else:
            await self.type(REASONS.get(ask.id, ""))
            await self.press("enter")

    async def mark(self, action: str) -> None:
        scene = self.console.scene()
        known = standing(scene.plan, self.state, action, scene.now_ms)
        if known.state in SETTLED:
            return
        if self.others is not None:
            await self.settle(self.others.evaluator(c.MarkAction(action, "done")))
            return
        await self.look("glances")
        scene = self.console.scene()
        keys = action_keys(scene, panel_rows(SIZE[1]))[action]
        title = localise(known.action.title, LANGUAGE)[:30]
        if "…" not in keys and any(line[2:].startswith(f"{keys} ") and title in line for line in self._lines()):
            await self.press(*keys.replace(" ", ""))
        else:
            await self.press(*role_key(scene.exercise, known.action.by))
            await self.take_row(lambda item: item.action == action, "marks")
        await self.check()

    async def confirm(self, inject: str, role: str) -> None:
        if self.others is not None:
            await self.settle(self.others.seat(role, c.AcknowledgeInject(inject, role)))
            return
        await self.speak(role)
        await self.take_row(lambda item: item.receipt == inject, "receipts")
        await self.check()

    async def keep_words(self, role: str, text: str) -> None:
        if self.others is not None:
            await self.settle(self.others.recorder(c.RecordDecision(role, text)))
            return
        await self.speak(role)
        await self.type(text)
        await self.press("enter")
        await self.check()

    async def reveal(self) -> None:
        """Shows the room what was answered: the newest question."""
        await self.look("glances")
        await self.press("v", "5")
        if self.app.screen is not self.console:
            await self.press("1")
        await self.check()

    # The exercise.

    def _plan(self, inject: Inject) -> None:
        """What people do about an inject, one after the other."""
        scene = self.console.scene()
        acts: list[Act] = []
        for ask in inject.asks:
            acts += [partial(self.answer, ask, role) for role in scene.plan.addressees(self.state, inject, ask)]
        if inject.acknowledge is not None:
            acts += [partial(self.confirm, inject.id, role) for role in scene.plan.addressees(self.state, inject)]
        if inject.probes:
            acts.insert(len(inject.asks), self.probe)
        if inject.id in WORDS:
            acts.append(partial(self.keep_words, *WORDS[inject.id]))
        acts += [partial(self.mark, action.id) for action in inject.expects]
        if inject.asks and not inject.private and self.others is not None:
            acts.append(self.reveal)
        for number, act in enumerate(acts):
            heapq.heappush(self._coming, (self.now_ms + FIRST_MS + number * BETWEEN_MS, next(self._numbers), act))

    async def play(self, until_ms: int) -> None:
        """Plays until nothing is due at `until_ms`."""
        while self.now_ms < until_ms or self.console.scene().due():
            scene = self.console.scene()
            if scene.due():
                await self.release()
            elif self._coming and self._coming[0][0] <= self.now_ms:
                await heapq.heappop(self._coming)[2]()
            elif self.now_ms - self._looked_ms >= GLANCE_MS:
                await self.look("glances")
            else:
                await self.wait(max(1, self._next_ms() - self.now_ms) / 1000)

    def _next_ms(self) -> int:
        """When something is to be done next."""
        following = self.console.scene().next_line()
        due_ms = None if following is None else following.due_ms
        coming = self._coming[0][0] if self._coming else None
        return min(moment for moment in (due_ms, coming, self._looked_ms + GLANCE_MS) if moment is not None)


def picked(ask: Ask) -> tuple[str, ...]:
    """The options that are taken."""
    options = [option.id for option in ask.options]
    if ask.answer == "order":
        return tuple(options)
    if ask.answer == "choices":
        return tuple(options[:CHOSEN])
    return (OPTIONS.get(ask.id, options[0]),)


def answer_of(ask: Ask) -> tuple[str, ...] | dict[str, str]:
    """What a seat sends."""
    return {element.id: "handed in" for element in ask.elements} if ask.answer == "report" else picked(ask)


async def played(folder: Path, *, alone: bool, until_ms: int = END_MS) -> Played:
    """The whole play in an empty private `folder`: by a facilitator alone, or with seats, an evaluator and a recorder."""
    clock = PushedClock()
    async with console(folder, clock) as (app, pilot, path):
        assert app.desk is not None
        run = app.desk.run
        with open_store(path, create=False) as store:
            by = Facilitator(app, pilot, clock, None if alone else Others(store, run, clock))
            await by.settle()
            await by.wait(0)
            await by.play(until_ms)
            due = tuple(row.inject.id for row in by.console.scene().due())
            log = store.log(run)
            owners = frozenset(entry.actor.partition(":")[0] for entry in log.read())
            return Played(by.eyes, by.state, due, owners, log.verify().ok)

"""Lists in panels while others record: fewer rows come to stand there than the cursor has gone down, and nothing is done to a wrong one."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine.events import InjectAdded, InjectReleased
from tabletop.engine.rights import Actor
from tabletop.tui.crowd import Code, Crowd
from tabletop.tui.look import plain
from tabletop.tui.screens import panels
from tabletop.tui.screens.base import Panel
from tabletop.tui.screens.panels.answer import AnswerPanel
from tabletop.tui.screens.panels.deck import DeckPanel
from tabletop.tui.screens.panels.devices import DevicesPanel
from tabletop.tui.screens.panels.door import LobbyPanel
from tabletop.tui.screens.panels.emergency import EmergencyScreen
from tabletop.tui.screens.panels.frame import Choice
from tabletop.tui.screens.panels.hands import HandsPanel
from tabletop.tui.screens.panels.judging import JudgeMarksPanel, JudgeSpeakerPanel
from tabletop.tui.screens.panels.marks import MarksPanel
from tabletop.tui.screens.panels.minutes import MinutesPanel
from tabletop.tui.screens.panels.note import NotePanel
from tabletop.tui.screens.panels.roles import RolePanel
from tabletop.tui.screens.panels.roll import RollPanel
from tabletop.tui.screens.panels.seats import SeatsPanel
from tabletop.tui.screens.panels.speaker import SpeakerPanel
from tabletop.tui.screens.panels.who import WhoPanel

from .conftest import MemorySource, Stage, StageMaker
from .exercises import bank, t
from .test_console_room import crowd, device, seen

JUDGE = Actor("evaluator", "Li Wei")

CHOICES = [plain("one"), plain("two")]

ADDED = {
    "id": "added-1",
    "kind": "situation",
    "at": "hold",
    "title": t("Smoke", "冒烟"),
    "text": t("Smoke comes from the back room.", "后屋冒烟。"),
    "expects": [
        {
            "id": "leave",
            "by": "guard",
            "title": t("Clears the hall", "清场"),
            "criticality": "normal",
            "category": "decide",
            "objective": "calm",
        }
    ],
    "asks": [
        {
            "id": "way-out",
            "question": t("Which way?", "走哪边？"),
            "answer": "choice",
            "options": [{"id": "front", "text": t("Front", "前门")}, {"id": "back", "text": t("Back", "后门")}],
        }
    ],
}
"""An inject that somebody adds, and takes back with everything it asked for."""

LISTS: dict[str, Callable[[Stage], Panel[Any]]] = {
    "SeatsPanel": lambda on: SeatsPanel(),
    "DevicesPanel": lambda on: DevicesPanel(),
    "LobbyPanel": lambda on: LobbyPanel(),
    "WhoPanel": lambda on: WhoPanel(),
    "RolePanel": lambda on: RolePanel("Which?"),
    "RollPanel": lambda on: RollPanel(),
    "DeckPanel": lambda on: DeckPanel(),
    "MarksPanel": lambda on: MarksPanel(0, first="leave"),
    "HandsPanel": lambda on: HandsPanel("way-out"),
    "AnswerPanel": lambda on: AnswerPanel("way-out", "guard", 0),
    "SpeakerPanel": lambda on: SpeakerPanel("guard", 0),
    "JudgeSpeakerPanel": lambda on: JudgeSpeakerPanel("guard", 0, JUDGE),
    "JudgeMarksPanel": lambda on: JudgeMarksPanel(0, JUDGE, first="leave"),
    "NotePanel": lambda on: NotePanel(0),
    "EmergencyScreen": lambda on: EmergencyScreen(recorded=False),
    "Choice": lambda on: Choice(plain("Which?"), CHOICES),
    "MinutesPanel": lambda on: MinutesPanel(on.app.words, (1, 2, 3)),
}
"""Every panel with rows that a key chooses from."""

GOING = ("guard", "medic")
"""Roles that nobody plays any more."""

KEYS = ("enter", "right", "up", "1", "tab", "pagedown")


def panels_with_rows() -> Iterator[str]:
    """Panels that say where a cursor is, or which digit is which row."""
    for found in pkgutil.iter_modules(panels.__path__):
        module = importlib.import_module(f"{panels.__name__}.{found.name}")
        for name, made in inspect.getmembers(module, inspect.isclass):
            if made.__module__ == module.__name__ and issubclass(made, Panel) and "self.cursor" in inspect.getsource(made):
                yield name


def test_no_panel_with_a_cursor_is_left_out() -> None:
    assert sorted({*panels_with_rows()} - LISTS.keys()) == []


def add(source: MemorySource) -> None:
    """Everybody plays; somebody adds an inject and releases it."""
    for role in GOING:
        source.from_elsewhere(c.StaffRole(role, "people"))
    source.from_elsewhere(c.AddInject(ADDED))
    source.from_elsewhere(c.ReleaseInject("added-1"))


async def shrink(on: Stage) -> None:
    """Whoever drives takes roles out of play and takes the added inject back; devices and codes go."""
    source = on.source
    for role in GOING:
        source.from_elsewhere(c.StaffRole(role, "nobody"))
    for kind in (InjectReleased, InjectAdded):
        newest = next(entry for entry in reversed(source.log.entries) if isinstance(entry.event, kind))
        source.from_elsewhere(c.Retract(newest, "not now"))
    await seen(on, Crowd((device("p2", "teller"),)))
    await followed(on)


async def followed(on: Stage) -> None:
    """Waits until the desk knows what others recorded."""
    desk = on.app.desk
    assert desk is not None
    while len(desk.entries) < len(on.source.log.entries):
        await on.follow(0.05)


@pytest.mark.parametrize("name", LISTS)
async def test_no_key_on_a_list_that_became_shorter_ends_the_console(stage: StageMaker, name: str) -> None:
    async with stage(bank(), size=(80, 24)) as on:
        for key in KEYS:
            add(on.source)
            await seen(on, replace(crowd(), codes=(Code("evaluator:Li Wei", False), Code("evaluator:Zhang San", False))))
            await followed(on)
            below = len(on.app.screen_stack)
            on.app.push_screen(LISTS[name](on))
            await on.settle()
            await on.press("up", "up")
            await shrink(on)
            await on.press(key)
            while len(on.app.screen_stack) > below:
                on.app.pop_screen()
                await on.settle()

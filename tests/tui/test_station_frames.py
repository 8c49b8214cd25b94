"""Stations and the wall on a terminal of their own as they look, at two sizes in both languages."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from textual.app import App

from tabletop.engine import commands as c
from tabletop.text import cells
from tabletop.words import Words

from .conftest import SIZES
from .exercises import bank
from .seated import AtASeat, seat, wall
from .test_station_safety import cut_off

LANGUAGES = ("en", "zh-Hans")

Scene = tuple[dict[str, Any], tuple[object, ...]]
"""Which seat, and what happens: keys, `type:TEXT`, `wait:SECONDS`, or what the driver does."""

KNIFE, SIGNAL = c.ReleaseInject("knife"), c.ReleaseInject("signal")

STATIONS: dict[str, Scene] = {
    "choose": ({"roles": (), "name": ""}, ("2", "3")),
    "name": ({"roles": ("teller",), "name": ""}, ("type:Li Wei",)),
    "before": ({"started": False}, ()),
    "told": ({}, (KNIFE, "wait:20")),
    "picked": ({}, (KNIFE, "wait:20", "2", "f4", "type:12 people stand near")),
    "answered": ({}, (KNIFE, "wait:20", "2", "enter")),
    "report": ({"roles": ("centre",), "name": ""}, ("enter", KNIFE, SIGNAL, "enter", "type:Chen", "enter", "type:a knife")),
    "order": ({"roles": ("centre",)}, (SIGNAL, "enter", "shift+tab", "2")),
    "group": ({"roles": ("teller", "guard")}, (KNIFE, "2", "enter")),
    "message": ({}, (KNIFE, "f2")),
    "written": ({}, (KNIFE, "f2", "4", "type:ring the police now")),
    "read-back": ({}, (KNIFE, "2", "enter", c.SendMessage("guard", "teller", "The side door is open."))),
    "revealed": (
        {},
        (KNIFE, "2", "enter", c.AddNote("ruling", "The side exit is open."), c.RevealAnswers("first-move", names=True), SIGNAL),
    ),
    "paused": ({}, (KNIFE, c.Pause("discussion"))),
    "endex": ({}, (KNIFE, "2", "enter", c.End(), "f2")),
    "help": ({}, ("f1",)),
    "hand": ({"roles": ("teller", "centre"), "name": "", "private": True}, (KNIFE, SIGNAL)),
    "emergency-first": ({"exercise": cut_off}, (c.SeatPerson("guard", "Wang"), KNIFE, "f12")),
    "emergency": ({"exercise": cut_off}, (c.SeatPerson("guard", "Wang"), KNIFE, "f12", "f12")),
    "no-link": ({"exercise": cut_off}, (KNIFE, "2", c.ReleaseInject("dark", reason="now"))),
}

ROOMS: dict[str, Scene] = {
    "inject": ({}, (KNIFE, "wait:20")),
    "paused": ({}, (KNIFE, c.Pause("break"))),
    "endex": ({}, (KNIFE, c.End())),
    "emergency-first": ({"exercise": cut_off}, (c.SeatPerson("guard", "Wang"), KNIFE, "f12")),
    "emergency": ({"exercise": cut_off}, (c.SeatPerson("guard", "Wang"), KNIFE, "f12", "f12")),
    "no-link": ({"exercise": cut_off, "site": "outlet"}, (KNIFE, c.ReleaseInject("dark", reason="now"))),
}


async def play(on: AtASeat, steps: tuple[object, ...]) -> None:
    for step in steps:
        if not isinstance(step, str):
            await on.driver(step)  # type: ignore[arg-type]
        elif step.startswith("type:"):
            await on.type(step.removeprefix("type:"))
        elif step.startswith("wait:"):
            await on.wait(float(step.removeprefix("wait:")))
        else:
            await on.press(step)
    await on.tick()


async def looked_at(
    opened: AbstractAsyncContextManager[AtASeat],
    steps: tuple[object, ...],
    check_frame: Callable[[App[Any], str], None],
    name: str,
    size: tuple[int, int],
    language: str,
) -> None:
    async with opened as on:
        await play(on, steps)
        check_frame(on.app, f"{name}-{size[0]}x{size[1]}-{language}")
        assert all(cells(line) <= size[0] for line in on.text.splitlines())
        mark = Words(language)("console.exercise-mark")
        assert (mark in on.text) != ("emergency" in name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", STATIONS)
async def test_stations(check_frame: Callable[[App[Any], str], None], name: str, size: tuple[int, int], language: str) -> None:
    where, steps = STATIONS[name]
    how = {key: value for key, value in where.items() if key != "exercise"}
    opened = seat(where.get("exercise", bank)(), size=size, language=language, **how)
    await looked_at(opened, steps, check_frame, f"station-{name}", size, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", ROOMS)
async def test_rooms(check_frame: Callable[[App[Any], str], None], name: str, size: tuple[int, int], language: str) -> None:
    where, steps = ROOMS[name]
    how = {key: value for key, value in where.items() if key != "exercise"}
    opened = wall(where.get("exercise", bank)(), size=size, language=language, **how)
    await looked_at(opened, steps, check_frame, f"room-{name}", size, language)

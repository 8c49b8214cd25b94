"""What tests of fine points ask of a room: what is due, what is known, why something was refused."""

from __future__ import annotations

from typing import Any

import pytest

from tabletop.engine import commands as c
from tabletop.engine import schedule
from tabletop.engine.events import Entry
from tabletop.engine.rights import DRIVER, Actor
from tabletop.engine.standing import Standing, standing
from tabletop.errors import Refused
from tests.engine.rooms import DATA, Room

E1, E2 = Actor("evaluator", "E1"), Actor("evaluator", "E2")


def code(room: Room, command: c.Command, actor: Actor = DRIVER) -> str:
    with pytest.raises(Refused) as refused:
        room.ask(command, actor)
    return refused.value.code


def known(room: Room, action: str) -> Standing:
    return standing(room.conductor.plan, room.state, action, room.now_ms)


def due(room: Room) -> list[str]:
    return [line.inject.id for line in schedule.due(room.conductor.plan, room.state, room.now_ms)]


def status(room: Room, inject: str) -> str:
    return schedule.line_of(room.conductor.plan, room.state, inject, room.now_ms).status


def due_ms(room: Room, inject: str) -> int | None:
    return schedule.timetable(room.conductor.plan, room.state).due_of.get(inject)


def with_injects(*more: dict[str, Any], **other: Any) -> dict[str, Any]:
    return {**DATA, "injects": [*DATA["injects"], *more], **other}


def inject(inject_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": inject_id, "kind": "call", "title": inject_id, "text": "t", **({} if "after" in fields else {"at": "0s"}), **fields}


def playing(**how: Any) -> Room:
    room = Room(**how)
    room.ask(c.ReleaseInject("smoke"))
    return room


def entry_of(room: Room, kind: str) -> Entry:
    return next(entry for entry in reversed(room.conductor.entries) if entry.event.kind == kind)

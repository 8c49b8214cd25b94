"""The sitting view: everything side by side for a facilitator who sits at a wide screen and asked for it.

Owns: its panes and their titles. Refuses to own: how a row looks; which inject is on the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual import getters
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from tabletop.engine.events import Entry
from tabletop.engine.schedule import line_of, timetable
from tabletop.words import Words

from ..scene import Scene
from .awaited import awaited, counts
from .card import Card, OnTable, cut_lines
from .inject_rows import due_lines, inject_row
from .lines import Lines
from .log_rows import last_rows
from .owed import awaited_rows, owed_lines
from .room_rows import room_cells
from .rows import Rows

KEPT_ROWS = 2000
"""Rows of the list kept to be drawn again as they are."""


class InjectList(Rows):
    """Every inject in the order of the plan, holds and what is kept back at the end.

    Rows in sight that did not change are not made again.
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._made: dict[Any, Any] = {}
        """Rows by what they depend on."""

    def draw_injects(self, scene: Scene, selected: str | None) -> None:
        """Shows the list around the selected inject, else around what comes next."""
        table = timetable(scene.plan, scene.state)
        order, rank = table.listed, table.place
        width = self.size.width
        made = self._made
        if made.setdefault("", (scene.plan, width)) != (scene.plan, width) or len(made) > KEPT_ROWS:
            made.clear()
            made[""] = (scene.plan, width)

        def row(index: int, cursor: bool) -> Content:
            line = line_of(scene.plan, scene.state, order[index].id, scene.now_ms)
            key = (line.inject.id, line.status, line.due_ms, line.record.released_ms, line.record.kept, cursor)
            found = made.get(key)
            if found is None:
                found = made[key] = inject_row(scene, line, width, cursor=cursor)
            return found

        target = scene.next_line()
        follow = rank[target.inject.id] if target is not None else len(order) - 1
        self.fill(len(order), row, cursor=None if selected is None else rank.get(selected), follow=follow)


class Sitting(Container):
    """The sitting view."""

    BLANK = True
    """Nothing shows between its panes."""

    soon = getters.query_one("#soon", Lines)
    injects = getters.query_one("#injects", InjectList)
    room = getters.query_one("#room", Lines)
    now_card = getters.query_one("#now", Lines)
    owed = getters.query_one("#owed", Lines)
    last = getters.query_one("#last", Lines)

    def __init__(self, words: Words) -> None:
        super().__init__(id="sitting")
        self.words = words
        self.scrolled = 0
        """Lines by which the card is scrolled; set to what is possible."""
        self._title = ""

    def compose(self) -> ComposeResult:
        with Container(id="left"):
            yield Lines(id="soon")
            yield InjectList(id="injects")
            yield Lines(id="room")
        with Container(id="right"):
            yield Lines(id="now")
            yield Lines(id="owed")
            yield Lines(id="last")

    def on_mount(self) -> None:
        for name in ("now", "injects", "room", "last", "soon"):
            self.query_one(f"#{name}").border_title = Content(self.words(f"console.title-{name}"))

    def draw(self, scene: Scene, table: OnTable, selected: str | None, entries: Sequence[Entry]) -> None:
        """Draws what changed in every pane."""
        self.draw_choice(scene, table, selected)
        owed = scene.owed()
        title = self.words("console.title-owed", asks=len(owed[0]), actions=len(owed[1]))
        awaiting = awaited(scene)
        in_sight = awaited_rows(awaiting, len(owed[0]) + len(owed[1]), self.owed.size.height)
        title = " · ".join((title, *counts(scene, awaiting, in_sight)))
        if title != self._title:
            self._title = title
            self.owed.border_title = Content(title)
        self.owed.show(owed_lines(scene, owed, awaiting, table.inject, *self.owed.size))
        self.soon.show(due_lines(scene, *self.soon.size))
        self.room.show(room_cells(scene, *self.room.size))
        self.last.show(last_rows(scene, entries, *self.last.size))

    def draw_choice(self, scene: Scene, table: OnTable, selected: str | None) -> None:
        """Draws what follows the selected inject: its card and the list."""
        width, height = self.now_card.size
        card = Card.of(scene, table, width)
        shown, self.scrolled = cut_lines(scene, card.lines(card.air(height)), height, self.scrolled)
        self.now_card.show(shown)
        self.injects.draw_injects(scene, selected)

    def blink(self, what: frozenset[str]) -> None:
        """Shows the card (`card`) or what is due (`due`) reversed; nothing of them: as usual."""
        self.now_card.set_class("card" in what, "-blink")
        self.soon.set_class("due" in what, "-blink")

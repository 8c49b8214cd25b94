"""The pages of the console behind `tab`: everything there is of one sort, none of it left out.

Owns: which rows a page has, and their order. Refuses to own: how a row looks (`widgets`), which page is shown (`console`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from tabletop.engine.standing import open_asks, standing

from ..look import panel_rows
from ..scene import Scene
from ..speaker_items import action_keys
from ..widgets.awaited import awaited
from ..widgets.log_rows import entry_row
from ..widgets.owed import action_row, ask_rows
from ..widgets.room_rows import room_row

if TYPE_CHECKING:
    from .console import ConsoleScreen

Row = Callable[[int, bool], Content]


def draw_page(console: ConsoleScreen, scene: Scene) -> None:
    """Draws the page that is turned to."""
    rows = console.page_rows
    width = rows.size.width
    if console.page == "injects":
        rows.draw_injects(scene, console.selected)
        return
    if console.page == "log":
        count, row = _log(console, scene, width)
    elif console.page == "room":
        roles = scene.exercise.roles
        count, row = len(roles), lambda index, here: room_row(scene, roles[index].id, width, cursor=here)
    else:
        count, row = _owed(console, scene, width)
    console.row = max(0, min(console.row, count - 1))
    rows.fill(count, row, cursor=console.row if count else None)


def _log(console: ConsoleScreen, scene: Scene, width: int) -> tuple[int, Row]:
    """Every entry of the log, newest first."""
    entries = console.desk.entries
    count = len(entries)
    return count, lambda index, here: entry_row(scene, entries[count - 1 - index], width, cursor=here, seq=True)


def _owed(console: ConsoleScreen, scene: Scene, width: int) -> tuple[int, Row]:
    """What is awaited, every open question with who has answered it, then every action with the digits that mark it."""
    actions, keys = page_actions(console, scene), action_keys(scene, panel_rows(console.app.size.height))
    wide = max([3, *map(len, keys.values())]) + 2
    before = [one.row(scene, wide, width) for one in awaited(scene)]
    owed = {ask.id: ask for ask in scene.owed_asks()}
    late = [ask for ask, one in owed.items() if one.late_report]
    for ask in (*late, *(ask for ask in open_asks(scene.plan, scene.state) if ask not in late)):
        before += ask_rows(scene, ask, owed.get(ask), width, wide)
    console.asks_on_page = len(before)

    def row(index: int, here: bool) -> Content:
        if index < len(before):
            content = before[index]
        else:
            action = actions[index - len(before)]
            known = standing(scene.plan, scene.state, action, scene.now_ms)
            content = action_row(scene, known, width, keys.get(action, ""), wide)
        return content.stylize("reverse") if here else content

    return len(before) + len(actions), row


def page_actions(console: ConsoleScreen, scene: Scene) -> list[str]:
    """The actions of the page: what is owed first, then what is settled, newest inject first."""
    owed = [one.standing.action.id for one in scene.owed_actions()]
    known = set(owed)
    settled = [
        action.id
        for inject in reversed(scene.state.released)
        if inject in scene.plan.inject_by_id
        for action in scene.plan.inject_by_id[inject].expects
        if action.id not in known
    ]
    return owed + settled

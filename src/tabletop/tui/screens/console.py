"""The facilitator's console: what is due, what is on the table, what is owed, who is in the room, what was said last.

Owns: the two views (sitting, and 80 by 24), the selected inject, what a key does. Refuses to own: how a line looks
(`widgets`), what a panel asks (`panels`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from textual import getters
from textual.containers import Container
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from tabletop.engine import commands as c
from tabletop.engine.schedule import Line, line_of, timetable
from tabletop.engine.standing import standing
from tabletop.engine.state import State

from ..actions import CONSOLE_ACTIONS, bindings
from ..look import clock_text, column
from ..scene import OwedAsk, Scene
from ..widgets.card import card_lines, intro_lines
from ..widgets.clock_line import clock_line
from ..widgets.inject_rows import due_lines, inject_row
from ..widgets.lines import Lines
from ..widgets.log_rows import entry_row, last_rows
from ..widgets.owed import action_row, ask_row, owed_lines
from ..widgets.room_rows import room_cells, room_row
from ..widgets.rows import Rows
from . import console_keys as keys
from . import console_palette as palette
from .base import Panel, TabletopScreen

PAGES = ("overview", "injects", "actions", "room", "log")
"""What `tab` turns to, in order."""

WIDE = (120, 34)
"""Columns and rows from which on the sitting view is shown."""

ARMED_S = 20.0
"""Seconds after which a first press of `enter` on what is not due is forgotten."""

KEPT_ROWS = 2000
"""Rows of the list kept to be drawn again as they are."""

BLINK_S = 0.4
"""How long the card of an alarm is shown reversed, once."""


class ConsoleScreen(TabletopScreen[None]):
    """The console of a running exercise."""

    CSS_PATH = "console.tcss"
    ACTIONS = CONSOLE_ACTIONS
    BINDINGS: ClassVar = bindings(CONSOLE_ACTIONS)

    clock_line = getters.query_one("#clock", Lines)
    now_card = getters.query_one("#now", Lines)
    owed = getters.query_one("#owed", Lines)
    soon = getters.query_one("#soon", Lines)
    injects = getters.query_one("#injects", Rows)
    room = getters.query_one("#room", Lines)
    last = getters.query_one("#last", Lines)
    page_rows = getters.query_one("#page", Rows)

    def __init__(self) -> None:
        super().__init__()
        self.page = "overview"
        self.selected: str | None = None
        """The inject chosen with the arrows; None: what is due or on the table."""
        self.armed: str | None = None
        """The inject that a second `enter` releases though it is not due."""
        self.asks_on_page = 0
        """How many rows of the page of actions are questions."""
        self.row = 0
        """The cursor on the pages of actions, room and log."""
        self.scrolled = 0
        """Lines by which the card is scrolled."""
        self._owed_counts: tuple[int, int] | None = None
        self._made_rows: dict[Any, Any] = {}
        """Rows of the list of injects, by what they depend on."""
        self._armed_at = 0.0
        self.ending_at = 0.0
        self._released = -1
        self.draft_looked_at = False

    def body(self) -> Iterable[Widget]:
        yield Lines(id="clock")
        with Container(id="overview"):
            with Container(id="left"):
                yield Lines(id="soon")
                yield Rows(id="injects")
                yield Lines(id="room")
            with Container(id="right"):
                yield Lines(id="now")
                yield Lines(id="owed")
                yield Lines(id="last")
        yield Rows(id="page")

    def on_mount(self) -> None:
        self._arrange(self.size)
        super().on_mount()
        if not self.ready:
            self.now_card.show([Content(self.words("console.opening"))])

    def on_resize(self) -> None:
        self._arrange(self.size)
        self.call_after_refresh(self.draw)

    def _arrange(self, size: Size) -> None:
        wide = size.width >= WIDE[0] and size.height >= WIDE[1]
        self.set_class(wide, "-wide")
        self.set_class(not wide, "-narrow")
        for name in ("now", "injects", "room", "last", "soon"):
            self._entitle(name, self.words(f"console.title-{name}"))
        self._owed_counts = None

    def _entitle(self, name: str, title: str) -> None:
        """Puts a title into the border of a box; a mere line above needs spaces around it."""
        self.query_one(f"#{name}").border_title = Content(title if self.has_class("-wide") else f" {title} ")

    @property
    def ready(self) -> bool:
        return self.app.desk is not None and self.app.desk.ready

    @property
    def drawable(self) -> bool:
        """Whether there is a run, and a screen that is not being left."""
        return self.ready and self.is_mounted and self.is_attached and bool(self.children)

    def scene(self) -> Scene:
        """The run as it is now."""
        desk = self.desk
        return Scene(desk.exercise, desk.plan, desk.state, desk.elapsed_ms(), self.words, self.language)

    def show(self, state: State) -> None:
        if self._released >= 0 and len(state.released) > self._released:
            self._announce(state.released[self._released :])
        if len(state.released) != self._released:
            self.selected, self.armed, self.scrolled = None, None, 0
        self._released = len(state.released)
        self.draw()
        keys.restore_draft(self)

    def _announce(self, released: Iterable[str]) -> None:
        """An alarm rings once and blinks once; the word stands on its card (conventions 2.2)."""
        plan = self.desk.plan
        if any(plan.inject_by_id[inject].kind == "alarm" for inject in released if inject in plan.inject_by_id):
            if not self.app.quiet:
                self.app.bell()
            self.now_card.add_class("-blink")
            self.set_timer(BLINK_S, lambda: self.now_card.remove_class("-blink"))

    def tick(self, now_ms: int) -> None:
        if self.armed is not None and time.monotonic() - self._armed_at > ARMED_S:
            self.armed = None
        if self.app.screen is self or not self.app.screen.is_modal or self.app.screen.styles.background.a < 1:
            self.draw()

    # Drawing.

    def draw(self) -> None:
        """Draws what is in sight; lines that did not change are left alone."""
        if not self.drawable:
            return
        scene = self.scene()
        desk = self.desk
        self.clock_line.show(self._clock_lines(scene))
        if self.page != "overview":
            self._draw_page(scene)
            return
        self._draw_card(scene)
        self._draw_owed(scene)
        self.soon.show(due_lines(scene, self.soon.size.width, self.soon.size.height))
        if self.has_class("-wide"):
            self._draw_injects(scene, self.injects)
            self.room.show(room_cells(scene, self.room.size.width, self.room.size.height))
            self.last.show(last_rows(scene, desk.entries, self.last.size.width, self.last.size.height))

    def draw_choice(self) -> None:
        """Draws what follows the selected inject: its card and the list."""
        if not self.drawable:
            return
        if self.page != "overview":
            self._draw_page(self.scene())
            return
        scene = self.scene()
        self._draw_card(scene)
        if self.has_class("-wide"):
            self._draw_injects(scene, self.injects)

    def _clock_lines(self, scene: Scene) -> list[Content]:
        desk, words = self.desk, self.words
        shown = [clock_line(scene, desk.conductor.wall_ms(), desk.recorded, self.clock_line.size.width)]
        notice = ""
        if desk.trouble is not None:
            notice = words("console.not-recorded")
        elif desk.warning is not None:
            notice = words("console.store-warning", why=words(desk.warning.code, **desk.warning.values))
        elif desk.gap is not None:
            notice = words("console.gap-open")
        elif desk.read_only:
            notice = words("console.read-only-line", holder=desk.driver) if desk.driver else words("console.reading-only")
        if notice:
            width = self.clock_line.size.width
            clock = Content(f" {clock_text(scene.now_ms)} ")
            shown[0] = Content.assemble(clock, column(f" {notice}", max(0, width - clock.cell_length), "bold reverse $text-error"))
        return shown

    def on_table(self, scene: Scene) -> str | None:
        """The inject whose card is shown: the selected or armed one, else the one released last."""
        chosen = self.armed or self.selected
        if chosen is not None and chosen in scene.plan.inject_by_id:
            return chosen
        return scene.state.released[-1] if scene.state.released else None

    def _draw_card(self, scene: Scene) -> None:
        width, height = self.now_card.size
        inject = self.on_table(scene)
        lines = intro_lines(scene, width) if inject is None else card_lines(scene, inject, width, armed=inject == self.armed)
        self.scrolled = max(0, min(self.scrolled, len(lines) - height))
        below = len(lines) - height - self.scrolled
        shown = lines[self.scrolled : self.scrolled + height]
        if below > 0 and shown:
            shown[-1] = Content.styled(self.words("console.more-below", n=below + 1), "bold $text-warning")
        self.now_card.show(shown)

    def _draw_owed(self, scene: Scene) -> None:
        owed = scene.owed()
        counts = (len(owed[0]), len(owed[1]))
        if counts != self._owed_counts:
            self._owed_counts = counts
            self._entitle("owed", self.words("console.title-owed", asks=counts[0], actions=counts[1]))
        self.owed.show(owed_lines(scene, owed, self.on_table(scene), self.owed.size.width, self.owed.size.height))

    def _draw_injects(self, scene: Scene, rows: Rows) -> None:
        table = timetable(scene.plan, scene.state)
        order, rank = table.order, table.rank
        width = rows.size.width
        made = self._made_rows
        if made.setdefault("", (scene.plan, width)) != (scene.plan, width) or len(made) > KEPT_ROWS:
            made.clear()
            made[""] = (scene.plan, width)

        def row(index: int, cursor: bool) -> Content:
            line = line_of(scene.plan, scene.state, order[index].id, scene.now_ms)
            key = (line.inject.id, line.status, line.due_ms, line.record.released_ms, cursor)
            found = made.get(key)
            if found is None:
                found = made[key] = inject_row(scene, line, width, cursor=cursor)
            return found

        selected = None if self.selected is None else rank.get(self.selected)
        target = scene.next_line()
        follow = rank[target.inject.id] if target is not None else len(order) - 1
        rows.fill(len(order), row, cursor=selected, follow=follow)

    def _draw_page(self, scene: Scene) -> None:
        rows = self.page_rows
        width = rows.size.width
        if self.page == "injects":
            self._draw_injects(scene, rows)
            return
        if self.page == "log":
            entries = self.desk.entries
            count = len(entries)
            make: Callable[[int, bool], Content] = lambda i, at: entry_row(scene, entries[count - 1 - i], width, cursor=at, seq=True)  # noqa: E731
        elif self.page == "room":
            roles = scene.exercise.roles
            count = len(roles)
            make = lambda i, at: room_row(scene, roles[i].id, width, cursor=at)  # noqa: E731
        else:
            asks, actions = scene.owed_asks(), self.page_actions(scene)
            self.asks_on_page = len(asks)
            count = len(asks) + len(actions)
            make = lambda i, at: _shown_owed(scene, asks, actions, i, width, at)  # noqa: E731
        self.row = max(0, min(self.row, count - 1))
        rows.fill(count, make, cursor=self.row if count else None)

    def page_actions(self, scene: Scene) -> list[str]:
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

    def turn(self, page: str) -> None:
        """Shows another page."""
        self.page, self.row = page, 0
        self.query_one("#overview").display = page == "overview"
        self.page_rows.display = page != "overview"
        self.page_rows.border_title = Content(self.words(f"console.title-{page}"))
        self.call_after_refresh(self.draw)

    # What the keys need to know.

    def target(self, scene: Scene) -> Line | None:
        """The inject that the release keys mean: the armed or selected one, else what is due or next."""
        chosen = self.armed or self.selected
        if chosen is not None:
            return line_of(scene.plan, scene.state, chosen, scene.now_ms)
        return scene.next_line()

    def arm(self, inject: str) -> None:
        """Shows what a second press would release."""
        self.armed, self._armed_at, self.scrolled = inject, time.monotonic(), 0
        self.draw()

    def open_panel(self, panel: Panel[Any]) -> None:
        """Opens a panel that records by itself."""
        self.app.push_screen(panel, lambda _: self.draw())

    def added(self, inject: str | None) -> None:
        """An inject was added: its card is shown, and the next `enter` releases it."""
        if inject is not None:
            self.arm(inject)

    def ask(self, command: c.Command, then: Callable[[], None] | None = None) -> None:
        """Has a command recorded; the armed inject is forgotten."""
        self.armed = None
        self.app.ask(command, then=None if then is None else lambda _: then())

    # What each key does: `console_keys`, `console_palette`.

    action_release = keys.release
    action_speaker = keys.speaker
    action_decision = keys.decision
    action_actions = keys.actions
    action_skip = keys.skip
    action_note = keys.note
    action_hint = keys.hint
    action_pause = keys.pause
    action_more_time = keys.more_time
    action_add = keys.add
    action_who = keys.who
    action_take_back = keys.take_back
    action_menu = keys.menu
    action_endex = keys.endex
    action_next_page = keys.next_page
    action_previous_page = keys.previous_page
    action_select_up = keys.select_up
    action_select_down = keys.select_down
    action_scroll_up = keys.scroll_up
    action_scroll_down = keys.scroll_down
    end = keys.end
    action_take_over = palette.take_over
    action_jump = palette.jump
    action_speed = palette.speed
    action_find = palette.find
    action_ask_state = palette.ask_state
    action_reveal = palette.reveal
    action_indicators = palette.indicators


def _shown_owed(scene: Scene, asks: list[OwedAsk], actions: list[str], index: int, width: int, cursor: bool) -> Content:
    if index < len(asks):
        content = ask_row(scene, asks[index], width)
    else:
        content = action_row(scene, standing(scene.plan, scene.state, actions[index - len(asks)], scene.now_ms), width)
    return content.stylize("reverse") if cursor else content

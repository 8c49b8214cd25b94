"""The facilitator's console: what is due, what is on the table, what is owed, who is in the room, what was said last.

Owns: which view or page is shown, the selected inject, what is drawn when. Refuses to own: what stands where in a view
(`widgets.lectern`, `widgets.sitting`), what a key does (`console_keys`), what a panel asks (`panels`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from textual import getters
from textual.content import Content
from textual.widget import Widget

from tabletop.engine import commands as c
from tabletop.engine.schedule import Line, line_of
from tabletop.engine.state import State

from ..actions import CONSOLE_ACTIONS, bindings
from ..crowd import serve_again
from ..desk_app import LOST_S
from ..scene import Scene
from ..widgets.card import OnTable
from ..widgets.clock_line import clock_line, going, lectern_clock
from ..widgets.digits import HEIGHT
from ..widgets.footer import Footer
from ..widgets.lectern import Lectern, half_typed
from ..widgets.lines import Lines
from ..widgets.practice import PracticeStrip
from ..widgets.sitting import InjectList, Sitting
from . import console_keys as keys
from . import console_palette as palette
from . import console_wall
from .base import Panel, TabletopScreen
from .console_pages import draw_page, page_actions

PAGES = ("lectern", "sitting", "injects", "actions", "room", "log")
"""What `tab` turns to, in order; the sitting view only where there is room for it."""

VIEWS = PAGES[:2]
"""The two views; the others are pages of one list."""

WIDE = (120, 34)
"""Columns and rows from which on there is room for the sitting view."""

TALL = 30
"""Rows from which on the clock of the lectern view is three lines high."""

ARMED_S = 20.0
"""Seconds after which a first press of `enter` on what is not due is forgotten."""

BLINK_S = 0.4
"""How long the card of an alarm, or what falls due, is shown reversed, once."""


class ConsoleScreen(TabletopScreen[None]):
    """The console of a running exercise."""

    CSS_PATH = "console.tcss"
    BLANK = True
    """Nothing shows between its parts."""
    ACTIONS = CONSOLE_ACTIONS
    BINDINGS: ClassVar = bindings(CONSOLE_ACTIONS)
    ENTER_ACTS: ClassVar = True
    """`enter` releases."""

    clock_line = getters.query_one("#clock", Lines)
    lectern = getters.query_one("#lectern", Lectern)
    sitting = getters.query_one("#sitting", Sitting)
    page_rows = getters.query_one("#page", InjectList)

    def __init__(self) -> None:
        super().__init__()
        self.page = "lectern"
        self.selected: str | None = None
        """The inject chosen with the arrows; None: what is due or on the table."""
        self.armed: str | None = None
        """The inject that a second `enter` releases though it is not due."""
        self.asks_on_page = 0
        """How many rows of the page of actions stand before the actions."""
        self.row = 0
        """The cursor on the pages of actions, room and log."""
        self.scrolled = 0
        """Lines by which the card is scrolled."""
        self._armed_at = 0.0
        self.armed_kept_back = False
        """Whether somebody kept it back already when it was armed."""
        self.ending_at = 0.0
        self.clock_asked: bool | None = None
        """Whether the clock was asked to run, while that is being recorded: the next press means the opposite."""
        self._released = -1
        self._due: frozenset[str] | None = None
        """What was due when it was last looked; None before the first look."""
        self._served = False
        """Whether browser seats were served when it was last looked."""
        self._drawn: tuple[object, ...] = ()
        """What decides whether a tick has anything to draw."""
        self.draft_looked_at = False
        self.draft_waits = False
        """Whether the draft that a kill left could not be looked at when the run was opened: something stood above."""

    def body(self) -> Iterable[Widget]:
        yield Lines(id="clock")
        yield PracticeStrip()
        yield Lectern()
        yield InjectList(id="page")

    def on_mount(self) -> None:
        self.turn(self.home)
        super().on_mount()
        if not self.ready:
            self.lectern.say(self.words("console.opening"))

    def on_resize(self) -> None:
        """Whatever the terminal becomes, a view stands that has room in it; the one asked for comes back with its room."""
        if self.page in VIEWS:
            self.turn(self.home if self.page != self.home else self.page)
        else:
            self._arrange()
        self.call_after_refresh(self.draw)

    def on_screen_resume(self) -> None:
        """What happened below a panel is drawn once that is gone; a draft that waited for that is offered."""
        self.draw()
        if self.draft_waits and self.ready:
            keys.restore_draft(self)

    @property
    def roomy(self) -> bool:
        """Whether there is room for the sitting view."""
        return self.app.size.width >= WIDE[0] and self.app.size.height >= WIDE[1]

    @property
    def home(self) -> str:
        """The view that stands where no page is turned to: the one asked for last, as far as there is room for it."""
        return "sitting" if self.app.console_view == "sitting" and self.roomy else "lectern"

    @property
    def pages(self) -> tuple[str, ...]:
        """What there is to turn to now."""
        return tuple(page for page in PAGES if page != "sitting" or self.roomy)

    def turn(self, page: str) -> None:
        """Shows another view or page."""
        self.page, self.row = page, 0
        if page == "sitting" and not self.query(Sitting):
            # Made when it is first asked for: the lectern view is what runs.
            self.mount(Sitting(self.words), after="#lectern")
        self._arrange()
        self.call_after_refresh(self.draw)

    def _arrange(self) -> None:
        """Shows what belongs to the page; heights change here and nowhere else."""
        self.lectern.display = self.page == "lectern"
        for sitting in self.query(Sitting):
            sitting.display = self.page == "sitting"
        self.page_rows.display = self.page not in VIEWS
        if self.page not in VIEWS:
            self.page_rows.border_title = Content(self.words(f"console.title-{self.page}"))
        self.set_class(self.page != "sitting" and self.app.size.height >= TALL, "-tall")
        self.set_class(self.page == "sitting", "-sitting")

    def action_view(self) -> None:
        """The other view, from now on and for as long as the program runs."""
        if self.home == "lectern" and not self.roomy:
            self.app.refuse("lectern.no-room", stands=lambda: not self.roomy, columns=WIDE[0], rows=WIDE[1])
            return
        self.app.console_view = "lectern" if self.home == "sitting" else "sitting"
        self.turn(self.home)

    @property
    def ready(self) -> bool:
        return self.app.desk is not None and self.app.desk.ready

    def scene(self) -> Scene:
        """The run as it is now."""
        desk = self.desk
        return Scene(desk.exercise, desk.plan, desk.state, desk.elapsed_ms(), self.words, self.language, desk.crowd)

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
            self._blink("card")

    def _mind_due(self, scene: Scene) -> None:
        """What falls due blinks once; its sign and its word stay."""
        before, self._due = self._due, frozenset(row.inject.id for row in scene.due())
        if before is not None and self._due - before:
            self._blink("due")

    def _blink(self, what: str) -> None:
        """Shows something reversed for a moment; two things that blink at once end each in its own time."""
        self._show_blinking(self.lectern.blinking | {what})
        self.set_timer(BLINK_S, lambda: self._show_blinking(self.lectern.blinking - {what}))

    def _show_blinking(self, what: frozenset[str]) -> None:
        self.lectern.blinking = what
        for sitting in self.query(Sitting):
            sitting.blink(what)
        self.call_later(self.draw)

    def tick(self, now_ms: int) -> None:
        """Draws where a second went by; an opaque screen above is nothing to draw behind."""
        self._mind_server()
        if self.armed is not None and time.monotonic() - self._armed_at > ARMED_S:
            self.armed = None
            self._drawn = ()
        top = self.app.screen
        if (top is self or top.styles.background.a < 1) and self.drawable and self._moment() != self._drawn:
            self.draw()

    def _mind_server(self) -> None:
        """That the server of browser seats has ended is said when it has; the rows of what is awaited go on saying it."""
        if not self.ready:
            return
        desk, ended = self.desk, self.desk.crowd.ended
        if self._served and ended is not None and not desk.crowd.paper:
            told = self.words("door.server-lost", n=ended.cut_off, command=serve_again(desk.run, ended.address))
            self.app.notices.put(told, lambda: desk.crowd.ended is not None, LOST_S)
            self.app.notify(told, severity="warning", timeout=LOST_S, markup=False)
        self._served = bool(desk.crowd.address or desk.crowd.own_address)

    def _moment(self) -> tuple[object, ...]:
        """All that makes a difference to what is drawn though nobody did anything."""
        desk = self.desk
        wall_s = desk.conductor.wall_ms() // 1000
        wall = wall_s if self.page == "sitting" else wall_s // 60
        return desk.elapsed_ms() // 1000, wall, desk.trouble, desk.warning, desk.gap, desk.read_only, desk.crowd

    # Drawing.

    def draw(self) -> None:
        """Draws what is in sight; lines that did not change are left alone."""
        if not self.drawable:
            return
        self._drawn = self._moment()
        scene = self.scene()
        self._mind_due(scene)
        self.query_one(Footer).call("pause", "console.go-on" if scene.state.paused else "console.pause")
        self._draw_clock(scene)
        self._draw_view(scene)

    def draw_choice(self) -> None:
        """Draws what follows the selected inject or row."""
        if self.drawable:
            self._draw_view(self.scene(), choice_only=True)

    def _draw_view(self, scene: Scene, *, choice_only: bool = False) -> None:
        if self.page == "lectern":
            self.lectern.scrolled = self.scrolled
            self.lectern.typed = half_typed(scene, self.desk.drafts)
            if choice_only:
                self.lectern.draw_choice(scene, self.table(scene))
            else:
                self.lectern.draw(scene, self.table(scene), self.desk.entries)
            self.scrolled = self.lectern.scrolled
        elif self.page != "sitting":
            draw_page(self, scene)
        elif self.query(Sitting) and self.sitting.is_mounted:
            sitting = self.sitting
            sitting.scrolled = self.scrolled
            if choice_only:
                sitting.draw_choice(scene, self.table(scene), self.selected)
            else:
                sitting.draw(scene, self.table(scene), self.selected, self.desk.entries)
            self.scrolled = sitting.scrolled

    def _draw_clock(self, scene: Scene) -> None:
        desk, width = self.desk, self.clock_line.size.width
        wall_ms, notice = desk.conductor.wall_ms(), self._notice()
        if self.page == "sitting":
            self.clock_line.show([clock_line(scene, wall_ms, desk.recorded, width, notice)])
        else:
            height = HEIGHT if self.has_class("-tall") else 1
            self.clock_line.show(lectern_clock(scene, wall_ms, desk.recorded, width, height, notice))

    def _notice(self) -> str:
        """What nobody may miss: nothing is recorded, or somebody else drives. Usually empty."""
        desk, words = self.desk, self.words
        if desk.read_only:
            who = self.app.driver_named(desk.driver)
            told = words("console.read-only-line", holder=who) if desk.driver else words("console.reading-only")
            told = told if desk.crowd.driven else words("panel.undriven-title")
            return told if desk.state.clock.running else f"{told} · {going(self.scene()).plain.strip()}"
        if desk.trouble is not None:
            return words("console.not-recorded")
        if desk.warning is not None:
            return words("console.store-warning", why=words(desk.warning.code, **desk.warning.values))
        if desk.gap is not None:
            return words("console.gap-open")
        return ""

    def on_table(self, scene: Scene) -> str | None:
        """The inject whose card is shown: the selected or armed one, else the one released last."""
        chosen = self.armed or self.selected
        if chosen is not None and chosen in scene.plan.inject_by_id:
            return chosen
        return scene.state.released[-1] if scene.state.released else None

    def table(self, scene: Scene) -> OnTable:
        """Whose card is shown, and why."""
        inject = self.on_table(scene)
        return OnTable(inject, armed=inject is not None and inject == self.armed, chosen=inject is not None and inject == self.selected)

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
        self.armed_kept_back = self.desk.state.inject(inject).kept_back is not None
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
    action_message = keys.message
    action_lobby = keys.lobby
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
    page_actions = page_actions
    action_take_over = palette.take_over
    action_jump = palette.jump
    action_speed = palette.speed
    action_find = palette.find
    action_ask_state = palette.ask_state
    action_reveal = palette.reveal
    action_indicators = palette.indicators
    action_wall = console_wall.turn_wall
    action_turn_terminal = console_wall.turn_terminal
    action_wall_earlier = console_wall.earlier
    action_wall_blank = console_wall.blank
    action_tips = palette.tips

"""What an evaluator or a recorder sits at: the inject on the table with what is expected of it, who spoke, and what was entered here.

Owns: which page is shown, what is drawn when, what each key does. Refuses to own: what may be recorded (`engine.rights`), how a row
looks (`widgets`), ratings (`judge_ratings`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, getters
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from tabletop.engine import commands as c
from tabletop.engine.events import Entry
from tabletop.engine.links import cut_now
from tabletop.engine.rights import Actor
from tabletop.engine.state import State

from ..actions import bindings
from ..judge_actions import EVALUATOR_ACTIONS, RECORDER_ACTIONS
from ..look import clock_text, line, panel_rows, plain, spread
from ..pages.lines import wrapped
from ..scene import Scene
from ..widgets.clock_line import going, stands
from ..widgets.footer import Footer
from ..widgets.judge_rows import judge_keys, judged_row, own_entries, own_row
from ..widgets.judge_table import JudgeTable
from ..widgets.lines import Lines
from ..widgets.rows import Rows
from .base import Panel, TabletopScreen
from .panels.roles import RolePanel, role_of_digit

if TYPE_CHECKING:
    from ..judge_app import JudgeApp

PAGES = ("table", "actions", "own")
"""What `tab` turns to, in order."""

BESIDE = 120
"""Columns from which on what was entered stands beside the card."""

MAIN_WIDTH = 96
"""Cells of the card beside which what was entered stands."""


def came_line(app: JudgeApp, scene: Scene) -> str:
    """What was released while something stood before the table, and how to get there; empty: nothing."""
    return app.words("judge.came-esc", title=scene.title(app.came)) if app.came in scene.plan.inject_by_id else ""


class JudgingScreen(TabletopScreen[None]):
    """The table as those see it who judge or record."""

    CSS_PATH = "judging.tcss"
    BLANK = True
    """Nothing shows between its parts."""

    clock_line = getters.query_one("#clock", Lines)
    notice_line = getters.query_one("#notice", Lines)
    main = getters.query_one("#main", Lines)
    beside = getters.query_one("#beside", Lines)
    page_rows = getters.query_one("#page", Rows)

    def __init__(self) -> None:
        super().__init__()
        self.page = PAGES[0]
        self.chosen: str | None = None
        """The released inject chosen with the arrows; None: the one released last."""
        self.row = 0
        self.scrolled = 0
        self._released = -1
        self._drawn: tuple[object, ...] = ()
        self._draft_looked_at = False

    @property
    def judge_app(self) -> JudgeApp:
        return self.app  # type: ignore[return-value]  # this screen is shown by no other

    @property
    def who(self) -> Actor:
        """Who sits here."""
        return self.judge_app.who

    @property
    def ready(self) -> bool:
        return self.app.desk is not None and self.app.desk.ready

    def body(self) -> Iterable[Widget]:
        yield Lines(id="clock")
        yield Lines(id="notice")
        with Container(id="table"):
            yield Lines(id="main")
            yield Lines(id="beside")
        yield Rows(id="page")

    def on_mount(self) -> None:
        self._arrange()
        super().on_mount()

    def on_resize(self, event: events.Resize) -> None:
        self._arrange()
        self.call_after_refresh(self.draw)

    def on_screen_resume(self) -> None:
        self.draw()

    def scene(self) -> Scene:
        """The run as it is now."""
        desk = self.desk
        return Scene(desk.exercise, desk.plan, desk.state, desk.elapsed_ms(), self.words, self.language)

    # Drawing.

    def show(self, state: State) -> None:
        if len(state.released) != self._released:
            self._released, self.chosen, self.scrolled = len(state.released), None, 0
        self.draw()
        if not self._draft_looked_at:
            self._draft_looked_at = True
            self._restore_draft()

    def tick(self, now_ms: int) -> None:
        """Draws where a second went by; an opaque screen above is nothing to draw behind."""
        top = self.app.screen
        if (top is self or top.styles.background.a < 1) and self.drawable and self._moment() != self._drawn:
            self.draw()

    def _moment(self) -> tuple[object, ...]:
        return self.desk.elapsed_ms() // 1000, self.desk.warning, self.judge_app.joined.driven, stands(self.desk)

    def _arrange(self) -> None:
        """Shows what belongs to the page, in the room there is."""
        if not self.query("#page"):
            return
        wide = self.app.size.width >= BESIDE
        self.query_one("#table").display = self.page == "table"
        self.page_rows.display = self.page != "table"
        self.beside.display = wide
        self.main.styles.width = MAIN_WIDTH if wide else "100%"
        if self.page != "table":
            self.page_rows.border_title = Content(self.words(f"judge.title-{self.page}"))

    def draw(self) -> None:
        """Draws what is in sight; lines that did not change are left alone."""
        if not self.drawable:
            return
        self._drawn = self._moment()
        scene = self.scene()
        self.query_one(Footer).leave_out(("decision",) if scene.state.phase == "ended" else ())
        self.clock_line.show([self._clock(scene)])
        notice = self._notice(scene)
        self.notice_line.show([plain(piece) for piece in wrapped(notice, max(20, self.size.width - 2))] if notice else [])
        if self.page == "table":
            self._draw_table(scene)
        else:
            self._draw_page(scene)

    def _clock(self, scene: Scene) -> Content:
        words = self.words
        who = words(f"judge.who-{self.who.kind}", name=self.who.name)
        recorded = Content.styled(words("console.recorded", n=self.desk.recorded), "$text-success")
        runs = going(scene, stands=stands(self.desk))
        left = Content.assemble((f" {clock_text(scene.now_ms)} ", "bold"), " ", runs, "   ", plain(who, "bold"))
        return spread(left, Content.assemble(recorded, " "), self.clock_line.size.width)

    def _notice(self, scene: Scene) -> str:
        """What those who sit here should know of the run; usually nothing."""
        words, state = self.words, scene.state
        if self.app.screen is self and self.page == PAGES[0] and self.chosen is None:
            self.judge_app.came = ""
        if came := came_line(self.judge_app, scene):
            return came
        if self.desk.warning is not None:
            return words("console.store-warning", why=words(self.desk.warning.code, **self.desk.warning.values))
        if state.locked:
            return words("judge.locked")
        if state.phase == "ended":
            return words("judge.ended" if self.who.kind != "recorder" else "judge.ended-recorder")
        if state.phase == "briefing":
            return words("judge.not-started")
        if not self.judge_app.joined.driven:
            return words("judge.not-driven")
        titles = {site.id: line(site.title, scene.language) for site in scene.exercise.sites}
        cut = cut_now(scene.plan, state)
        return " ".join(words("judge.no-link", site=titles[one.site], time=clock_text(one.since_ms)) for one in cut)

    @property
    def on_table(self) -> str | None:
        """The inject whose card is shown: the chosen one, else the one released last."""
        released = [inject for inject in self.desk.state.released if inject in self.desk.plan.inject_by_id]
        if self.chosen in released:
            return self.chosen
        return released[-1] if released else None

    def _draw_table(self, scene: Scene) -> None:
        width, height = self.main.size
        if not height:
            return
        rows = panel_rows(self.app.size.height)
        table = JudgeTable(scene, str(self.who), self.on_table, self.own(), rows)
        shown, self.scrolled = table.lines(width, height, self.scrolled, own=not self.beside.display)
        self.main.show(shown)
        if self.beside.display:
            self.beside.show(table.own_block(*self.beside.size))

    def own(self) -> list[Entry]:
        """What was entered here, the newest first."""
        return own_entries(self.desk.entries, str(self.who))

    def _draw_page(self, scene: Scene) -> None:
        rows, height = self.page_rows, self.app.size.height
        width = rows.size.width
        if self.page == "own":
            own = self.own()
            count: int = len(own)
            self.row = max(0, min(self.row, count - 1))
            rows.fill(count, lambda at, here: own_row(scene, own[at], width, cursor=here, seq=True), cursor=self.row if count else None)
            return
        actions, keys = scene.all_actions(), judge_keys(scene, panel_rows(height))
        wide = max([3, *map(len, keys.values())]) + 2
        self.row = max(0, min(self.row, len(actions) - 1))

        def row(at: int, here: bool) -> Content:
            content = judged_row(scene, actions[at], str(self.who), width, keys.get(actions[at].action.id, ""), wide)
            return content.stylize("reverse") if here else content

        rows.fill(len(actions), row, cursor=self.row if actions else None)

    # What each key does.

    def ask(self, command: c.Command, then: Callable[[], None] | None = None) -> None:
        """Has a command recorded in the name of who sits here."""
        self.app.ask(command, then=None if then is None else lambda _: then())

    def open_panel(self, panel: Panel[Any]) -> None:
        """Opens a panel that records by itself."""
        self.app.push_screen(panel, lambda _: self.draw())

    def _playing(self) -> bool:
        """Whether what is said now belongs to the exercise; says so where it has not begun."""
        if self.ready and self.desk.state.phase == "briefing":
            self.app.tell("judge.not-started")
            return False
        return self.ready

    def action_speaker(self, key: str = "0", any_role: bool = False) -> None:
        if not self._playing():
            return
        from .panels.judging import JudgeSpeakerPanel

        now_ms = self.app.pressed_ms()

        def opened(role: str | None) -> None:
            if role is not None:
                self.open_panel(JudgeSpeakerPanel(role, now_ms, self.who))

        if key == "0" or any_role:
            self.app.push_screen(RolePanel(self.words("panel.who-spoke"), zero=not any_role), opened)
            return
        role = role_of_digit(self.desk.exercise, key)
        if role is None:
            self.app.tell("panel.no-such-role", number=key)
        else:
            opened(role)

    def action_note(self) -> None:
        if self.ready:
            from .panels.judging import JudgeNotePanel

            self.open_panel(JudgeNotePanel(self.app.pressed_ms(), self.who))

    def action_decision(self) -> None:
        if self.ready and self.desk.state.phase == "ended":
            self.app.tell("judge.ended-recorder")
        elif self._playing():
            from .panels.decision import DecisionPanel

            self.open_panel(DecisionPanel(self.app.pressed_ms()))

    def action_actions(self) -> None:
        if not self._playing():
            return
        from .panels.judging import JudgeMarksPanel

        actions = self.scene().all_actions()
        first = actions[self.row].action.id if self.page == "actions" and 0 <= self.row < len(actions) else None
        self.open_panel(JudgeMarksPanel(self.app.pressed_ms(), self.who, first=first))

    def action_rate(self) -> None:
        if self._playing():
            self.app.go("rating")

    def action_take_back(self) -> None:
        """The newest thing entered here; on the page of what was entered, the one marked."""
        from .panels.take_back import take_back

        if not self.ready:
            return
        own = self.own()
        entry = own[self.row] if self.page == "own" and 0 <= self.row < len(own) else self.desk.newest_to_take_back
        if entry is None:
            self.app.tell("judge.nothing-to-take-back")
        else:
            take_back(self, entry)

    def action_menu(self) -> None:
        if self.page != PAGES[0] or self.chosen is not None:
            self.chosen = None
            self._turn(PAGES[0])
            return
        from .panels.menu import open_small_menu

        open_small_menu(self, self.ACTIONS)

    def _turn(self, page: str) -> None:
        self.page, self.row, self.scrolled = page, 0, 0
        self._arrange()
        self.call_after_refresh(self.draw)

    def action_next_page(self) -> None:
        self._turn(PAGES[(PAGES.index(self.page) + 1) % len(PAGES)])

    def action_previous_page(self) -> None:
        self._turn(PAGES[(PAGES.index(self.page) - 1) % len(PAGES)])

    def action_select_up(self) -> None:
        self._select(-1)

    def action_select_down(self) -> None:
        self._select(1)

    def _select(self, by: int) -> None:
        """Another row, or another inject of those that were released."""
        if not self.ready:
            return
        if self.page != "table":
            self.row += by
        elif (inject := self.on_table) is not None:
            released = [known for known in self.desk.state.released if known in self.desk.plan.inject_by_id]
            at = max(0, min(released.index(inject) + by, len(released) - 1))
            self.chosen, self.scrolled = (None if at == len(released) - 1 else released[at]), 0
        self.draw()

    def action_scroll_up(self) -> None:
        self.scrolled -= 1
        self.draw()

    def action_scroll_down(self) -> None:
        self.scrolled += 1
        self.draw()

    def _restore_draft(self) -> None:
        """Opens the panel whose text was left by a kill, once after opening."""
        from .panels.judging import judge_panel_with_draft

        panel = None if self.desk.state.locked else judge_panel_with_draft(self.desk, self.who)
        if panel is not None:
            self.open_panel(panel)
            self.app.tell("console.draft-back")


class EvaluatorScreen(JudgingScreen):
    """An evaluator's."""

    ACTIONS = EVALUATOR_ACTIONS
    BINDINGS: ClassVar = bindings(EVALUATOR_ACTIONS)


class RecorderScreen(JudgingScreen):
    """A recorder's."""

    ACTIONS = RECORDER_ACTIONS
    BINDINGS: ClassVar = bindings(RECORDER_ACTIONS)

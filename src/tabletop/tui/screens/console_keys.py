"""What each key of the console does. Owns the way from a key to a command or a panel; refuses to own drawing and panels."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.schedule import timetable
from tabletop.errors import Refused
from tabletop.exercise.injects import Inject

from ..look import plain
from ..widgets.log_rows import entry_text
from .panels.frame import Choice, Prompt

if TYPE_CHECKING:
    from .console import ConsoleScreen

TWICE_S = 3.0
"""Seconds within which a second `e` opens ENDEX."""

MORE_MS = 60_000
"""What `+` gives."""

PAUSE_REASONS = ("discussion", "break", "technical", "safety", "other")


class ConsoleKeys:
    """The actions of the console's table."""

    def action_release(self: ConsoleScreen, key: str) -> None:
        if not self.ready:
            return
        scene = self.scene()
        row = self.target(scene)
        if row is None:
            self.app.tell("console.nothing-left")
            return
        inject, reason_needed = row.inject, row.status == "off_path"
        asked_for = row.status == "due"
        if row.status == "released":
            self.selected = None
            self.app.say(Refused("refused.already-released", inject=inject.id))
            self.draw()
            return
        if not asked_for and key == "pagedown":
            self.app.tell("console.page-down-never-early")
        elif not asked_for and self.armed != inject.id:
            self.arm(inject.id)
        elif reason_needed:
            self._ask_why("console.off-path-why", inject, lambda why: self.ask(c.ReleaseInject(inject.id, why)))
        else:
            self.ask(c.ReleaseInject(inject.id))

    def _ask_why(self: ConsoleScreen, code: str, inject: Inject, then: Callable[[str], None]) -> None:
        title = plain(self.words(code, inject=self.scene().title(inject.id)), "bold")
        self.app.push_screen(Prompt(title, hint=self.words("console.reason")), lambda why: None if why is None else then(why))

    def action_speaker(self: ConsoleScreen, key: str) -> None:
        if not self.ready:
            return
        from .panels.roles import RolePanel, role_of_digit
        from .panels.speaker import SpeakerPanel

        now_ms = self.desk.elapsed_ms()

        def opened(role: str | None) -> None:
            if role is not None:
                self.app.push_screen(SpeakerPanel(role, now_ms), self.do_nothing)

        if key == "0":
            self.app.push_screen(RolePanel(self.words("panel.who-spoke"), zero=True), opened)
            return
        role = role_of_digit(self.desk.exercise, key)
        if role is None:
            self.app.tell("panel.no-such-role", number=key)
        else:
            opened(role)

    def action_decision(self: ConsoleScreen) -> None:
        if self.ready:
            from .panels.decision import DecisionPanel

            self.app.push_screen(DecisionPanel(self.desk.elapsed_ms()), self.do_nothing)

    def action_actions(self: ConsoleScreen) -> None:
        if self.ready:
            from .panels.marks import MarksPanel

            first = None
            if self.page == "actions":
                shown = self.page_actions(self.scene())
                first = shown[self.row] if shown else None
            self.app.push_screen(MarksPanel(self.desk.elapsed_ms(), first=first), self.do_nothing)

    def action_note(self: ConsoleScreen) -> None:
        if self.ready:
            from .panels.note import NotePanel

            self.app.push_screen(NotePanel(self.desk.elapsed_ms()), self.do_nothing)

    def action_add(self: ConsoleScreen) -> None:
        if self.ready:
            from .panels.add import AddPanel

            self.app.push_screen(AddPanel(), self.do_nothing)

    def action_who(self: ConsoleScreen) -> None:
        if self.ready:
            from .panels.who import WhoPanel

            self.app.push_screen(WhoPanel(), self.do_nothing)

    def do_nothing(self: ConsoleScreen, _: object) -> None:
        """What a panel did is in the log already."""
        self.draw()

    def action_skip(self: ConsoleScreen) -> None:
        if not self.ready:
            return
        row = self.target(self.scene())
        if row is None:
            self.app.tell("console.nothing-left")
            return
        inject = row.inject
        words = self.words
        choices = [words("console.skip-skip"), words("console.skip-later"), words("console.skip-slide"), words("console.skip-overtaken")]
        keys = "1235"

        def chosen(key: str | None) -> None:
            if key == "1":
                self._ask_why("console.skip-why", inject, lambda why: self.ask(c.SkipInject(inject.id, why)))
            elif key == "2":
                self.ask(c.DelayInject(inject.id))
            elif key == "3":
                self.ask(c.SlideInjects())
            elif key == "5":
                self._ask_why("console.overtaken-why", inject, lambda why: self.ask(c.SkipInject(inject.id, why, overtaken=True)))

        from .panels.keyed import Keyed

        title = plain(words("console.skip-title", inject=self.scene().title(inject.id)), "bold")
        self.app.push_screen(Keyed(title, list(zip(keys, map(plain, choices), strict=True))), chosen)

    def action_hint(self: ConsoleScreen) -> None:
        """The next probe of the inject on the table, then its hints: probes are free, a hint shows in the marks."""
        if not self.ready:
            return
        scene = self.scene()
        inject_id = scene.state.released[-1] if scene.state.released else None
        if self.selected is not None and scene.state.inject(self.selected).released_ms is not None:
            inject_id = self.selected
        if inject_id is None:
            self.app.tell("console.nothing-released")
            return
        inject, record = scene.plan.inject_by_id[inject_id], scene.state.inject(inject_id)
        if len(record.probes) < len(inject.probes):
            self.ask(c.ShowProbe(inject_id))
        elif len(record.hints) < len(inject.hints):
            text = self.words("console.hint-sure", n=len(record.hints) + 1, of=len(inject.hints))
            choices = [plain(self.words("console.hint-yes")), plain(self.words("console.hint-no"))]
            self.app.push_screen(Choice(plain(text, "bold"), choices), lambda at: self.ask(c.ShowHint(inject_id)) if at == 0 else None)
        else:
            self.app.tell("console.no-more-hints")

    def action_pause(self: ConsoleScreen) -> None:
        if not self.ready:
            return
        if self.desk.state.clock.running:
            self.ask(c.Pause(), self._ask_pause_reason)
        else:
            self.ask(c.Resume())

    def _ask_pause_reason(self: ConsoleScreen) -> None:
        def chosen(at: int | None) -> None:
            if at is None:
                return
            if PAUSE_REASONS[at] == "other":
                title = plain(self.words("console.pause-why"), "bold")
                self.app.push_screen(Prompt(title, needed=False), lambda why: self.ask(c.ExplainPause(why or "other")))
            else:
                self.ask(c.ExplainPause(PAUSE_REASONS[at]))

        choices = [plain(self.words(f"console.pause-{reason}")) for reason in PAUSE_REASONS]
        self.app.push_screen(Choice(plain(self.words("console.paused-why"), "bold"), choices), chosen)

    def action_more_time(self: ConsoleScreen) -> None:
        if not self.ready:
            return
        scene = self.scene()
        selected = () if self.selected is None else tuple(ask.id for ask in scene.plan.inject_by_id[self.selected].asks)
        self.ask(c.ExtendAsks(selected, MORE_MS), lambda: self.app.tell("console.more-given"))

    def action_take_back(self: ConsoleScreen) -> None:
        if not self.ready:
            return
        from .panels.take_back import take_back

        entries = self.desk.entries
        if self.page == "log" and entries:
            take_back(self, entries[len(entries) - 1 - self.row], elsewhere=True)
            return
        newest = self.desk.newest_to_take_back
        if newest is None:
            self.app.tell("console.nothing-to-take-back")
        else:
            take_back(self, newest)

    def action_menu(self: ConsoleScreen) -> None:
        if self.armed is not None or self.selected is not None:
            self.armed = self.selected = None
            self.draw()
            return
        if self.page != "overview":
            self.turn("overview")
            return
        from .panels.menu import open_menu

        open_menu(self)

    def action_endex(self: ConsoleScreen) -> None:
        now = time.monotonic()
        if now - self._ending_at > TWICE_S:
            self._ending_at = now
            self.app.tell("console.endex-again")
        else:
            self.end()

    def end(self: ConsoleScreen) -> None:
        """ENDEX: asks how it ended."""
        if not self.ready:
            return
        from .panels.endex import EndexPanel

        self._ending_at = 0.0
        self.app.push_screen(EndexPanel(), self.do_nothing)

    def action_next_page(self: ConsoleScreen) -> None:
        self._turn_by(1)

    def action_previous_page(self: ConsoleScreen) -> None:
        self._turn_by(-1)

    def _turn_by(self: ConsoleScreen, by: int) -> None:
        from .console import PAGES

        self.turn(PAGES[(PAGES.index(self.page) + by) % len(PAGES)])

    def action_select_up(self: ConsoleScreen) -> None:
        self._select(-1)

    def action_select_down(self: ConsoleScreen) -> None:
        self._select(1)

    def _select(self: ConsoleScreen, by: int) -> None:
        if not self.ready:
            return
        if self.page in ("actions", "room", "log"):
            self.row += by
            self.draw()
            return
        scene = self.scene()
        table = timetable(scene.plan, scene.state)
        if self.selected is not None:
            at = table.rank[self.selected] + by
        else:
            row = scene.next_line()
            at = table.rank[row.inject.id] if row is not None else len(table.order) - 1
        self.armed, self.scrolled = None, 0
        self.selected = table.order[max(0, min(at, len(table.order) - 1))].id
        self.draw()

    def action_scroll_up(self: ConsoleScreen) -> None:
        self.scrolled -= 1
        self.draw()

    def action_scroll_down(self: ConsoleScreen) -> None:
        self.scrolled += 1
        self.draw()

    def restore_draft(self: ConsoleScreen) -> None:
        """Opens the panel whose text was left by a kill, once after opening."""
        if self._draft_looked_at:
            return
        self._draft_looked_at = True
        if self.desk.state.phase != "running":
            return
        from .panels.restore import panel_with_draft

        panel = panel_with_draft(self.desk)
        if panel is not None:
            self.app.push_screen(panel, self.do_nothing)
            self.app.tell("console.draft-back")

    def told_of(self: ConsoleScreen, event: object) -> Content:
        """An event in words."""
        return plain(entry_text(self.scene(), event))  # type: ignore[arg-type]

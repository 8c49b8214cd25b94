"""A station: what a seat is told, and what it owes, one thing at a time. Drawn from `seat_view` alone.

Owns: drawing, fields, what keys do. Refuses to own: what may be shown (`engine.seats`), how it looks (`pages.station`), what a
reply adds up to (`tasks`), writing unasked (`letter`).
"""

from __future__ import annotations

import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import TextArea

from tabletop.engine import commands as c
from tabletop.engine.views import SeatView
from tabletop.text import clean_line

from ..actions import bindings
from ..letter import Kind, Letter
from ..look import plain, spread
from ..pages.station import StationPage
from ..pages.station_parts import banner_line, field_rows, footer_entries, help_lines, letter_lines
from ..player_actions import HIDE, STATION_ACTIONS
from ..tasks import NAME, ONLY, OWN, WHY, Task, by_digits, reply_of
from ..widgets.fields import Fields
from ..widgets.footer import Footer
from ..widgets.lines import Lines
from ..widgets.writing import Writing
from .players import too_small
from .seated import AT, Seated

HABIT_S = 0.6
"""Seconds for which `enter` confirms nothing that has only just come up: it may have been meant for what stood there before."""

AIRY = 26
"""Rows beside what was told last that it takes to show what is asked right below it."""

LOW = 30
"""Rows below which no line stays empty for looks."""


class StationScreen(Seated):
    """One or more seats, whose people answer here."""

    CSS_PATH = "station.tcss"
    BINDINGS: ClassVar = bindings((*STATION_ACTIONS, HIDE))

    def __init__(self) -> None:
        super().__init__()
        self._laid: tuple[str, ...] = ()
        """What the fields belong to that are there, and their names."""
        self._rows = 0
        """Lines of what stands below, without its fields."""
        self._focus_why = False
        self._help = False

    def compose(self) -> ComposeResult:
        yield Lines(id="alarm")
        yield Lines(id="banner")
        yield Lines(id="head")
        yield Lines(id="board")
        with Container(id="form"):
            yield Lines(id="task")
            yield Fields()
        yield Lines(id="status")
        yield Lines(id="rest")
        yield Footer(self.words)

    def on_mount(self) -> None:
        self.take_up_drafts()
        super().on_mount()

    # Drawing.

    def draw(self) -> None:
        if not self.drawable or not self.station.roles:
            return
        view, size = self.view(), self.app.size
        self.look(view)
        alarm = self.alarm(view.shared.emergency, size.width, size.height)
        small = size.width < 60 or size.height < 20
        if alarm is not None or small:
            self.set_class(True, "-alarm")
            self.set_focus(None)
            self.query_one("#alarm", Lines).show(alarm or list(too_small(self.words, size.width, size.height)))
            return
        if self.has_class("-alarm"):
            self.set_class(False, "-alarm")
            self._focus_first()
        self.set_class(size.height < LOW, "-low")
        page = self._page(view, size.width)
        self._draw_top(page, view, size.width)
        self._draw_body(page)
        self._draw_foot(page, size.width)
        wanted = (self.at, str(self.letter is not None and self.letter.step), *self.wanted_fields())
        if wanted != self._laid:
            self._laid = wanted
            self.app.hold_keys()
            self.call_next(self._lay)

    def _page(self, view: SeatView, width: int) -> StationPage:
        at = None if self.letter is not None else self.current
        fresh = self.fresh if time.monotonic() < self.fresh_until else frozenset()
        scribe = self.station.person
        return StationPage(view, self.words, self.language, width, fresh=fresh, owed=self.tasks, at=at, scribe=scribe)

    def _draw_top(self, page: StationPage, view: SeatView, width: int) -> None:
        practice = self.desk.kind == "practice"
        self.query_one("#banner", Lines).show([banner_line(view.shared, self.words, self.language, width, practice=practice)])
        head = page.head()
        if raised := self.raised_line(view.shared.emergency):
            head.append(plain(f"  ! {raised} !  ", "bold reverse $text-error").pad_left(2))
        self.query_one("#head", Lines).show(head)

    def _draw_body(self, page: StationPage) -> None:
        """Where there is room, what is asked stands right below what was told, and the rest below that; else at the foot."""
        board, rest = self.query_one("#board", Lines), self.query_one("#rest", Lines)
        newest = page.newest()
        tall = not self._help and self.app.size.height - len(newest) >= AIRY
        self.set_class(tall, "-tall")
        if tall:
            board.show(newest)
            self._show_part(rest, page.rest())
        else:
            self._show_part(board, help_lines(self.words, page, private=self.station.private) if self._help else page.body())

    def _show_part(self, board: Lines, body: list[Content]) -> None:
        """As much of `body` as there is room for, from where somebody has scrolled to."""
        room = max(1, board.size.height)
        self.above = max(0, min(self.above, len(body) - room))
        shown = body[self.above : self.above + room]
        if shown and len(body) > self.above + room:
            shown[-1] = plain(f"   {self.words('seat.below')}", "$text-muted")
        if shown and self.above:
            shown[0] = plain(f"   {self.words('seat.above')}", "$text-muted")
        board.show(shown)

    def _draw_foot(self, page: StationPage, width: int) -> None:
        words, task = self.words, self.current
        if self._help:
            lines: list[Content] = []
        elif self.letter is not None:
            lines = letter_lines(self.letter, page, self.station.tents(), self.station.roles)
        elif task is not None:
            owed = [one.key for one in self.tasks if one.owed]
            lines = page.task(task, self.reply(task.key), (owed.index(task.key) + 1, len(owed)) if task.owed else (1, 1))
        else:
            lines = []
        self.query_one("#form").display = bool(lines)
        if len(lines) != self._rows:
            # What is known gets the rows that are left, once they are counted.
            self._rows = len(lines)
            self.call_after_refresh(self.draw)
        self.query_one("#task", Lines).show(lines)
        said = plain(f" {self.outbox.said}", self.outbox.style) if self.outbox.said else Content("")
        self.query_one("#status", Lines).show([spread(said, plain(f"{self.app.notice} ", "$text-muted"), width)])
        self.query_one(Footer).tell(footer_entries(task, self.letter, words, private=self.station.private))

    async def _lay(self) -> None:
        """Puts the fields there, with what was typed into them before."""
        fields = self.query_one(Fields)
        names = self._laid[2:]
        task, view = self.current, self.view()
        page = self._page(view, self.app.size.width)
        ask = None if self.letter is not None or task is None else task.ask
        fields.styles.margin = (0, page.margin, 0, page.margin + 2)
        await fields.lay(field_rows(names, ask, self.letter, self.reply_now(), self.words, self.language))
        self._focus_first()
        self.app.go_on_with_keys()
        self.call_after_refresh(self.draw)

    def _focus_first(self) -> None:
        """Words go into the first field; a reason is only asked for by a key."""
        fields = self.query_one(Fields).all
        wanted = next((one for one in fields if one.field != OWN + WHY or self._focus_why or self.letter is not None), None)
        if self._focus_why:
            wanted = self.query_one(Fields).named(OWN + WHY) or wanted
        self._focus_why = False
        self.set_focus(wanted)

    @on(TextArea.Changed)
    def _typed(self, message: TextArea.Changed) -> None:
        writing = message.text_area
        if not isinstance(writing, Writing) or self._laid[2:] != tuple(one.field for one in self.query_one(Fields).all):
            return
        reply = self.reply_now()
        if reply.texts.get(writing.field, "") == writing.text:
            return
        reply.texts[writing.field] = writing.text
        if self.letter is not None:
            self.keep(self.letter.kind, self.letter.kept())
        else:
            self.keep(self.at, reply.kept())
        self.outbox.quiet()

    @on(Writing.Entered)
    def _entered(self, message: Writing.Entered) -> None:
        fields = self.query_one(Fields)
        beside = fields.beside(message.writing, message.by)
        if not message.sent:
            self.set_focus(beside or (None if message.by < 0 else message.writing))
        elif beside is not None and message.writing.field != OWN + ONLY:
            self.set_focus(beside)
        else:
            self.action_send()

    @on(Writing.Left)
    def _left(self) -> None:
        self.set_focus(None)
        if self.letter is not None or ((task := self.current) is not None and task.mine is not None):
            self.action_back()

    # Keys.

    def action_scroll(self, by: int) -> None:
        self.above += by
        self.draw()

    def action_back(self) -> None:
        """Closes help or what is being written, which is kept; leaves a changed answer as it was."""
        task = self.current
        if self._help:
            self._help = False
        elif self.letter is None and task is not None and task.mine is not None and self.changing(task):
            self.replies.pop(task.key, None)
            self.reasoned.discard(task.key)
            self.desk.drop_draft(task.key)
        elif self.letter is not None and not self.letter.step_back(self.station.roles):
            self.letter = None
            self.desk.keep_draft(AT, self.at)
        self.draw()

    def action_help(self) -> None:
        self._help, self.above = not self._help, 0
        self.draw()

    def action_next_task(self, by: int = 1) -> None:
        """The next field of several; behind the last one the next thing that is owed or can still be changed."""
        writing = self.focused
        beside = self.query_one(Fields).beside(writing, by) if isinstance(writing, Writing) else None
        if beside is not None:
            self.set_focus(beside)
            return
        if self.letter is None and self.tasks:
            keys = [task.key for task in self.tasks]
            at = keys.index(self.at) + by if self.at in keys else 0
            self.turn_to(keys[at % len(keys)], by_hand=True)
            self.outbox.quiet()
        self.draw()

    def action_previous_task(self) -> None:
        self.action_next_task(-1)

    def action_why(self) -> None:
        """Opens the field for a reason, or goes to it."""
        task = self.current
        if self.letter is None and task is not None and task.ask is not None and task.ask.rationale != "none":
            if task.mine is not None and not self.changing(task):
                self.replies[task.key] = reply_of(task.ask, task.mine)
                self.desk.keep_draft(task.key, self.reply(task.key).kept())
            self.reasoned.add(task.key)
            self._focus_why = True
            if self.query_one(Fields).named(OWN + WHY) is not None:
                self._focus_first()
        self.draw()

    def _digit(self, key: str) -> int | None:
        """The number that was typed: a digit, or `0` and a digit from ten on; None: one more digit is to come."""
        if self.zero:
            self.zero = False
            return 10 + int(key)
        if key == "0":
            self.zero = True
            return None
        return int(key)

    def action_digit(self, key: str) -> None:
        number, task = self._digit(key), self.current
        if number is None:
            return
        if self.letter is not None:
            self.letter.choose(number, self.station.tents(), self.station.roles)
        elif task is not None and task.ask is not None and by_digits(task.ask) and number <= len(task.ask.options):
            reply = self.reply(task.key)
            if task.mine is not None and not reply.kept() and task.ask.answer != "choice":
                self.replies[task.key] = reply = reply_of(task.ask, task.mine)
            reply.pick(task.ask, task.ask.options[number - 1].id)
            self.keep(task.key, reply.kept())
            self.outbox.quiet()
        elif task is not None and task.ask is not None and task.ask.answer == "confirm" and number == 1:
            self.action_send()
        self.draw()

    # Writing unasked.

    def action_message(self) -> None:
        self._write("feedback" if self.desk.state.phase == "ended" else "message")

    def action_decision(self) -> None:
        self._write("feedback" if self.desk.state.phase == "ended" else "decision")

    def _write(self, kind: Kind) -> None:
        if self.desk.state.phase == "briefing" or self.view().no_link:
            self.outbox.say("station.refused-no-link" if self.view().no_link else "station.refused-not-started")
        else:
            self._help, self.letter = False, Letter.of(kind, self.station.roles, self.desk.drafts.get(kind, ""))
            self.outbox.quiet()
            self.desk.keep_draft(AT, kind)
        self.draw()

    # Sending.

    def action_send(self) -> None:
        """Sends what stands below; what is missing is said."""
        if self._help:
            self.action_back()
        elif self.letter is not None:
            self._send_letter(self.letter)
        elif (task := self.current) is not None:
            self._send_task(task)
        self.draw()

    def _send_letter(self, letter: Letter) -> None:
        told = self.view().told
        command = letter.command(self.person_of(letter.role), told[-1].inject if told else "") if letter.step == "words" else None
        if command is None:
            self.outbox.say("station.nothing-written" if letter.step == "words" else "station.choose-first")
            return

        def recorded() -> None:
            self.desk.drop_draft(letter.kind)
            if self.letter is letter:
                self.letter = None
                self.desk.keep_draft(AT, self.at)
            self.draw()

        self.outbox.send(letter.kind, command, self.station.actor, recorded)

    def _send_task(self, task: Task) -> None:
        new = time.monotonic() - self.since < HABIT_S
        if task.ask is None:
            if new:
                return
            text = self.reply(task.key).text(OWN + ONLY)
            command: c.Command = c.AcknowledgeInject(task.id, task.role)
            if task.kind == "message":
                command = c.AcknowledgeMessage(int(task.id), task.role, text)
        else:
            if task.mine is not None and not self.changing(task):
                if not new and task.ask.answer != "confirm":
                    self.replies[task.key] = reply_of(task.ask, task.mine)
                return
            if task.mine is not None and reply_of(task.ask, task.mine).kept() == self.reply(task.key).kept():
                # It stands as it is.
                self._done_with(task.key)
                return
            made = None if new and task.ask.answer == "confirm" else self._answer(task)
            if made is None:
                return
            command = made
        self.outbox.send(task.key, command, self.station.actor, lambda: self._done_with(task.key))

    def _answer(self, task: Task) -> c.GiveAnswer | None:
        """The answer as a command; what is missing is said, and its field is gone to."""
        ask, reply = task.ask, self.reply(task.key)
        if ask is None:
            return None
        person = self.person_of(task.role) or clean_line(reply.text(OWN + NAME), longest=80)
        missing, value = reply.lacks(ask, person), reply.value(ask)
        if missing or value is None:
            self.outbox.say(f"station.lacks-{ask.answer if missing == ONLY else missing}")
            fields = self.query_one(Fields)
            if not by_digits(ask) or missing == WHY:
                self.set_focus(fields.named(OWN + missing) or next(iter(fields.all), None))
            return None
        if not self.station.private:
            self.station.person = person
        return c.GiveAnswer(ask.id, task.role, value, person, reply.text(OWN + WHY), reply.next_ms)

    def _done_with(self, key: str) -> None:
        """It is in the log as it should be: the draft is done with, and what is owed next comes up."""
        self.replies.pop(key, None)
        self.reasoned.discard(key)
        self.desk.drop_draft(key)
        self.stays = ""
        if self.at == key:
            self._laid = ()
        self.draw()

    async def action_hide(self) -> None:
        """Where the terminal goes from hand to hand: what stands here is gone at once."""
        if self.station.private:
            await self.station.pass_on()

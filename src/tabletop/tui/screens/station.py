"""A station: what a seat is told, and what it owes, one thing at a time. Drawn from `seat_view` alone.

Owns: drawing, fields, what keys do. Refuses to own: what may be shown (`engine.seats`), how it looks (`pages.station`), what a
reply adds up to (`tasks`), writing unasked (`letter`).
"""

from __future__ import annotations

import time
import unicodedata
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from tabletop.engine.views import SeatView

from ..actions import bindings, key_name
from ..letter import Kind, Letter
from ..look import plain, spread
from ..pages.lines import wrapped
from ..pages.station import StationPage
from ..pages.station_parts import arrival_lines, banner_line, field_rows, footer_entries, help_lines, letter_lines
from ..player_actions import HIDE, STATION_ACTIONS
from ..tasks import ONLY, OWN, WHY, by_digits, reply_of
from ..widgets.fields import Fields
from ..widgets.footer import Footer
from ..widgets.lines import Lines
from ..widgets.writing import Writing
from . import seated
from .seated import AT, Parked
from .sending import Sending

AIRY = 26
"""Rows beside what was told last that it takes to show what is asked right below it."""

READING_KEYS = frozenset({"scroll", "read", "send", "back", "help", "hide"})
"""What keys do while what was told last has all the room."""

WRITES = frozenset({"m", "d"})
"""Letters that open a field: no command while something is chosen for one, nor among the letters of a word."""

HIDES = "h"
"""The letter that hides a seat which goes from hand to hand; `F9` does it also where words are typed."""

FORM = 80
"""How many hundredths of the rows what is asked may take, with the line above it (`station.tcss`)."""

LOW = 30
"""Rows below which no line stays empty for looks."""


class Part(Lines):
    """Of what is told, as much as there is room for: it tells when the room is another."""

    class Resized(Message):
        """What it shows is for a height it no longer has."""

    def on_resize(self) -> None:
        self.post_message(self.Resized())


class StationScreen(Sending):
    """One or more seats, whose people answer here."""

    CSS_PATH = "station.tcss"
    BINDINGS: ClassVar = bindings((*STATION_ACTIONS, HIDE))

    def __init__(self) -> None:
        super().__init__()
        self._laid: tuple[str, ...] = ()
        """What the fields belong to that are there, and their names."""
        self._laying = False
        """Whether fields are being put there, for keys that wait."""
        self._focus_why = False
        self._owner: Letter | str = ""
        """To what the words in the fields belong: a letter, or the key of a task; empty: they are done with."""
        self._written_in: Writing | None = None
        """The field that had the keyboard last."""
        self._begun = False
        """Whether a letter waits for the field of the reason that it begins."""
        self._words_until = float("-inf")
        """Until when a letter belongs to words that are typed where none are taken."""

    def compose(self) -> ComposeResult:
        yield Lines(id="alarm")
        yield Lines(id="banner")
        yield Lines(id="head")
        yield Part(id="board")
        with Container(id="form"):
            yield Lines(id="task")
            yield Fields()
        yield Lines(id="status")
        yield Part(id="rest")
        yield Footer(self.words)

    def on_mount(self) -> None:
        self.take_up_drafts()
        super().on_mount()

    # Drawing.

    def on_part_resized(self) -> None:
        self.draw()

    def draw(self) -> None:
        if not self.drawable or not self.station.roles:
            return
        view, size = self.view(), self.app.size
        self.look(view)
        alarm = self.alarm(size.width, size.height)
        if alarm is not None or self.is_small:
            self.set_class(True, "-alarm")
            self._stop_writing()
            self.query_one("#alarm", Lines).show(alarm or self.too_small(size.width))
            return
        if self.has_class("-alarm"):
            self.set_class(False, "-alarm")
            self.aim.came_up()
            self.call_after_refresh(self._write_on)
        self.set_class(size.height < LOW, "-low")
        page = self._page(view, size.width)
        self._draw_top(page, view, size.width)
        self._draw_body(page)
        self._draw_foot(page, size.width)
        self.query_one(Fields).styles.margin = (0, page.margin, 0, page.margin + 2)
        of = (self.at, "") if self.letter is None else (self.letter.kind, self.letter.step)
        wanted = (*of, *self.wanted_fields())
        if wanted != self._laid:
            self.collect()
            goes_on = wanted[:2] == self._laid[:2] and self.resumed is None and not self._focus_why
            if goes_on and isinstance(writing := self.focused, Writing):
                # Another field comes or goes beside the one that somebody writes in: they write on there.
                self.resumed = Parked(self.letter, self.at, writing.field, writing.cursor_location)
            self._laid, self._laying = wanted, True
            if not self.outbox.busy:
                self.app.hold_keys()
            self.call_next(self._lay)
        if not self.by_digits:
            self._go_on_writing()
        self.call_after_refresh(self._keep_in_sight)

    def _keep_in_sight(self) -> None:
        """A question that leaves no room for what is typed goes up as far as that needs."""
        form, field = self.query_one("#form", Container), self.focused
        above = 0
        if isinstance(field, Writing) and form.display:
            row = field.cursor_screen_offset.y - form.content_region.y + form.scroll_offset.y
            above = max(0, row + 1 - form.content_size.height)
        if above != form.scroll_offset.y:
            form.scroll_to(y=above, animate=False, force=True)

    def _page(self, view: SeatView, width: int) -> StationPage:
        at = None if self.letter is not None else self.current
        fresh = self.fresh if time.monotonic() < self.fresh_until else frozenset()
        scribe = self.station.person
        unsent = self.unsent(view)
        return StationPage(view, self.words, self.language, width, fresh=fresh, owed=self.tasks, at=at, scribe=scribe, unsent=unsent)

    def _draw_top(self, page: StationPage, view: SeatView, width: int) -> None:
        practice = self.desk.kind == "practice"
        self.query_one("#banner", Lines).show([banner_line(view.shared, self.words, self.language, width, practice=practice)])
        head = page.head()
        if raised := self.raised_line(view.shared.emergency):
            head.append(plain(f"  ! {raised} !  ", "bold reverse $text-error").pad_left(page.margin))
        if over := self.over():
            head.append(plain(f"  ✓ {over}  ", "bold reverse $text-success").pad_left(page.margin))
        self.query_one("#head", Lines).show(head)

    def _draw_body(self, page: StationPage) -> None:
        """Where there is room, what is asked stands right below what was told, and the rest below that; else at the foot."""
        board, rest = self.query_one("#board", Lines), self.query_one("#rest", Lines)
        newest = page.newest()
        tall = not (self.help_open or self.reading) and self.app.size.height - len(newest) >= AIRY
        self.set_class(tall, "-tall")
        if tall:
            board.show(newest)
            self._show_part(rest, page.rest())
        elif self.help_open:
            self._show_part(board, help_lines(self.words, page, private=self.station.private))
        else:
            self._show_part(board, page.texts(self.read_first) if self.reading else page.body())
        # Its heading, to whom it was told, and where the text begins.
        begins = len(page.newest_alone()) + 1
        self.hidden = page.about is not None and not tall and not self.above <= begins < self.above + board.size.height - 3

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
        if self.help_open or self.reading:
            self._stop_writing()
            lines: list[Content] = []
        elif self.letter is not None:
            lines = letter_lines(self.letter, page, self.station.tents(), self.station.roles)
            if self.letter.step == "words" and self.letter.role in self.cut:
                lines += page.draft_only()
        elif task is not None:
            owed = [one.key for one in self.tasks if one.owed]
            place = (owed.index(task.key) + 1, len(owed)) if task.owed else (1, 1)
            lines = page.task(task, self.reply(task.key), place)
            written = max(len(self.wanted_fields()), self.query_one(Fields).size.height)
            if len(lines) + written > FORM * self.app.size.height // 100 - 1:
                lines = page.task(task, self.reply(task.key), place, short=True)
        else:
            lines = []
        form = self.query_one("#form")
        if lines and not form.display and self.wrote is not None:
            self.call_after_refresh(self._write_on)
        elif not lines and not (self.help_open or self.reading):
            self.wrote = None
        form.display = bool(lines)
        said = plain(f" {self.outbox.said}", self.outbox.style) if self.outbox.said else Content("")
        back = "" if self.parked is None and not self.reading else "text" if self.writes or self.parked is not None else "seat"
        told = arrival_lines(self.arrivals.unread, page, width, writes=self.writes, back=back, others=bool(self.others))
        notice = plain(f"{self.app.notice} ", "$text-muted")
        if said and said.cell_length + notice.cell_length >= width:
            # What is said of what was done is worth more than what is said of keys.
            told += [plain(f" {piece}", self.outbox.style) for piece in wrapped(self.outbox.said, max(10, width - 2))]
        elif not told or said or self.app.notice:
            told.append(spread(said, notice, width))
        self.query_one("#task", Lines).show(lines)
        self.query_one("#status", Lines).show(told)
        ended = self.desk.state.phase == "ended"
        others = bool(self.tasks)
        keys = footer_entries(task, self.letter, words, private=self.station.private, reading=self.reading, ended=ended, others=others)
        self.query_one(Footer).tell(keys)

    async def _lay(self) -> None:
        """Puts the fields there, with what was typed into them before."""
        self.collect()
        self._owner, fields = "", self.query_one(Fields)
        names = self._laid[2:]
        task, view = self.current, self.view()
        ask = None if self.letter is not None or task is None else task.ask
        announced = None if ask is None or task is None or task.mine is None else task.mine.announced_ms(view.shared.now_ms)
        await fields.lay(field_rows(names, ask, self.letter, self.reply_now(), self.words, self.language, announced))
        self._owner = self.letter if self.letter is not None else self.at
        self._focus_first()
        self._laying = False
        self.go_on_typing()
        self.call_after_refresh(self.draw)

    def go_on_typing(self) -> None:
        if not (self._laying or self.outbox.busy):
            self.app.go_on_with_keys()

    def _focus_first(self) -> None:
        """Words go into the first field, or where somebody stopped; a reason is only asked for by a key."""
        fields, self.wrote = self.query_one(Fields), None
        wanted = next((one for one in fields.all if one.field != OWN + WHY or self._focus_why or self.letter is not None), None)
        if self._focus_why:
            wanted = fields.named(OWN + WHY) or wanted
        resumed, self.resumed, self._focus_why = self.resumed, None, False
        if resumed is not None and (left := fields.named(resumed.field)) is not None:
            wanted = left
            left.move_cursor(resumed.place)
        self.set_focus(wanted)

    # The keyboard: a field that stands on the screen has it, whatever took it out of there. Only where digits answer does it leave the
    # line for a reason, which then takes the next letter: no letter opens anything while a field stands there.

    @property
    def by_digits(self) -> bool:
        """Whether digits answer what stands below."""
        task = self.current
        return self.letter is None and task is not None and task.ask is not None and by_digits(task.ask)

    @property
    def open_field(self) -> Writing | None:
        """The field on the screen that takes what is typed: the one that was written in, else the first; None where none stands."""
        if self._laying or self.help_open or self.reading or self.has_class("-alarm"):
            return None
        fields = self.query_one(Fields).all
        return self._written_in if self._written_in in fields else next(iter(fields), None)

    def _go_on_writing(self) -> None:
        """Gives the field that stands there the keyboard, where nothing has it."""
        if self.focused is None and (field := self.open_field) is not None:
            self.set_focus(field)

    def keep_early(self, event: events.Key) -> bool:
        """A key that comes while nothing has the keyboard is for the field that stands there.

        Where digits answer, a letter is, and whatever else goes on with words that stand there already, but a digit.
        """
        field, character = self.open_field, event.character or ""
        if event.key == "space":
            self.picking.space()
        goes_on = field is not None and bool(field.text) and event.is_printable and not character.isdigit()
        if time.monotonic() >= self.calm_until and (character.isalpha() or goes_on or not self.by_digits):
            if field is not None and not field.text and self.by_digits and character.isalpha():
                self.picking.words_begin(self.at)
            self._go_on_writing()
        return False

    def keep_pasted(self, event: events.Paste) -> bool:
        """So is what is pasted."""
        self._go_on_writing()
        return False

    @on(events.DescendantFocus)
    def _writes_in(self, event: events.DescendantFocus) -> None:
        if isinstance(event.widget, Writing):
            self._written_in, self._begun = event.widget, False

    def _stop_writing(self) -> None:
        """The fields are hidden for a while: whoever was writing in one goes on there."""
        if isinstance(self.focused, Writing):
            self.wrote = self.focused
        self.set_focus(None)

    def _write_on(self) -> None:
        wrote, self.wrote = self.wrote, None
        if wrote in self.query_one(Fields).all:
            self.set_focus(wrote)
        elif wrote is None:
            self._focus_first()

    @on(TextArea.Changed)
    def _typed(self, message: TextArea.Changed) -> None:
        if isinstance(message.text_area, Writing):
            self.collect()

    def collect(self) -> None:
        """Keeps what stands in the fields for whom it belongs to, whatever has come up meanwhile."""
        owner = self._owner
        if not owner:
            return
        reply = self.reply(owner) if isinstance(owner, str) else owner.reply
        before = dict(reply.texts)
        reply.texts.update({one.field: one.text for one in self.query_one(Fields).all if before.get(one.field, "") != one.text})
        if reply.texts != before:
            self.keep(*((owner, reply.kept()) if isinstance(owner, str) else (owner.kind, owner.kept())))
            # Words are taken.
            self._words_until = float("-inf")
            if reply.texts.get(OWN + WHY) not in {*WRITES, HIDES}:
                # One letter that was meant to open another field is told that it did not.
                self.outbox.quiet()

    def forget(self, owner: Letter | str) -> None:
        if self._owner == owner:
            self._laid, self._owner = (), ""

    @on(Writing.Entered)
    def _entered(self, message: Writing.Entered) -> None:
        fields = self.query_one(Fields)
        beside = fields.beside(message.writing, message.by)
        if not message.sent:
            if beside is not None or (message.by < 0 and self.by_digits):
                self.set_focus(beside)
            else:
                self.action_scroll(message.by)
        elif beside is not None and message.writing.field != OWN + ONLY:
            if self.aim.by_enter:
                self.set_focus(beside)
        else:
            self.action_send()

    @on(Writing.Left)
    def _left(self) -> None:
        """Takes the field away, or the keyboard to where digits answer; a field that what stands below cannot do without stays as it is."""
        task = self.current
        if self.letter is not None or (task is not None and task.mine is not None):
            self.set_focus(None)
            self.action_back()
        elif task is not None and self.by_digits:
            self.set_focus(None)
            if not self.reply(task.key).text(OWN + WHY):
                self.reasoned.discard(task.key)
            self.draw()

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is only read, no key does anything to what is hidden below."""
        return (not self.reading or action in READING_KEYS) and super().check_action(action, parameters)

    async def on_key(self, event: events.Key) -> None:
        """What was meant for a field that went from below somebody's hands is no command; words where none are taken are no mystery."""
        if not event.is_printable or self.focused is not None:
            return
        now = time.monotonic()
        begun, self._begun = self._begun, False
        if now < self.calm_until:
            event.stop()
        elif self._takes_reason and _begins_words(event.character or ""):
            # It begins the reason for what was picked, and digits among those words are no other choice.
            event.stop()
            if begun:
                # It has come back: no field took it.
                return
            self._begun = True
            self.picking.words_begin(self.at)
            self.action_why()
            if event.key in WRITES:
                message, decision = (key_name(key, self.words) for key in ("f2", "f3"))
                self.outbox.say("station.picked-first", message=message, decision=decision)
                self.draw()
            elif event.key == HIDES and self.station.private:
                self.outbox.say("station.picked-hides", key=key_name("f9", self.words))
                self.draw()
            self.app.hand_again([event])
        elif (event.character or "").isdigit() and self.letter is None and now < self._words_until:
            # It belongs to words, and chooses nothing.
            event.stop()
        elif event.key in WRITES and (self.letter is not None or now < self._words_until):
            event.stop()
            self._words_until = now + seated.CALM_S
            if self.letter is not None:
                self.outbox.say("station.choose-first")
                self.draw()
        elif self._is_word(event):
            if _begins_words(event.character or ""):
                self._words_until = now + seated.CALM_S
            task = self.current if self.letter is None and not self.reading else None
            if task is not None and task.ask is not None and task.ask.rationale != "none":
                self.outbox.say("station.words-by-why", key=key_name("f4", self.words))
                self.draw()

    def _is_word(self, event: events.Key) -> bool:
        """Whether a key can only be meant for words: it is no command."""
        return event.key not in self._bindings.key_to_bindings and event.key != "space"

    @property
    def _takes_reason(self) -> bool:
        """Whether a letter begins the reason for what was picked: a field for it can stand on the screen."""
        return self._picked and self.letter is None and not (self.reading or self.help_open or self.has_class("-alarm"))

    @property
    def _picked(self) -> bool:
        """Whether something was picked and not sent, for which a reason can be given."""
        task = self.current
        reasons = self.by_digits and task is not None and task.ask is not None and task.ask.rationale != "none"
        return reasons and task is not None and bool(self.reply(task.key).picked) and (task.mine is None or self.changing(task))

    def action_scroll(self, by: int) -> None:
        self.above += by
        self.draw()

    def action_back(self) -> None:
        """Closes help or what is being written, which is kept; leaves a changed answer as it was."""
        task = self.current
        self.outbox.quiet()
        if self.help_open or self.reading:
            self.help_open = self.reading = False
        elif self.letter is None and task is not None and task.mine is not None and self.changing(task):
            self.forget(task.key)
            self.leave_as_it_was(task.key)
        elif self.letter is not None and not self.letter.step_back(self.station.roles):
            self.letter = None
            self.desk.keep_draft(AT, self.at)
        self.draw()

    def action_help(self) -> None:
        self.help_open, self.above = not self.help_open, 0
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

    def action_read(self) -> None:
        """Reads what has come meanwhile; what is being written waits as it is."""
        if self.help_open:
            self.action_back()
            return
        self.read_next()
        self.draw()

    def action_previous_task(self) -> None:
        self.action_next_task(-1)

    def action_why(self) -> None:
        """Opens the field for a reason, or goes to it."""
        task = self.current
        self.picking.other()
        if self.letter is None and task is not None and task.ask is not None and task.ask.rationale != "none":
            if task.mine is not None and not self.changing(task):
                self.amend(task)
                self.desk.keep_draft(task.key, self.reply(task.key).kept())
            self.reasoned.add(task.key)
            self.outbox.quiet()
            self._focus_why = True
            if self.query_one(Fields).named(OWN + WHY) is not None:
                self._focus_first()
        self.draw()

    def action_digit(self, key: str) -> None:
        if not self.aim.by_digits:
            return
        number, task = self.number.take(key), self.current
        if number is None:
            return
        if self.letter is not None:
            self.aim.taken()
            self.letter.choose(number, self.station.tents(), self.station.roles)
        elif task is not None and task.ask is not None and by_digits(task.ask) and number <= len(task.ask.options):
            reply = self.reply(task.key)
            if task.mine is not None and not reply.kept() and task.ask.answer != "choice":
                self.replies[task.key] = reply = reply_of(task.ask, task.mine)
            instead = task.ask.answer == "choice" and bool(reply.picked)
            reply.pick(task.ask, task.ask.options[number - 1].id)
            self.picking.picked(task.key, instead=instead)
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
        view, phase = self.view(), self.desk.state.phase
        if phase == "running" and (stop := view.stopped) is not None:
            self.outbox.say("station.refused" if stop.why == "people" else f"station.refused-seat-{stop.why}")
        elif phase == "briefing":
            self.outbox.say("station.refused-not-started")
        else:
            self.parked = self.resumed = None
            self.help_open, self.letter = False, Letter.of(kind, self.station.roles, self.desk.drafts.get(kind, ""))
            self.outbox.quiet()
            self.desk.keep_draft(AT, kind)
            self.aim.taken()
        self.draw()

    async def action_hide(self) -> None:
        """Where the terminal goes from hand to hand: what stands here is gone at once."""
        if self.station.private:
            self.collect()
            await self.station.pass_on()


def _begins_words(character: str) -> bool:
    """Whether words begin with it: a letter, or what opens a quotation; what stands between two digits does not."""
    return character.isalpha() or unicodedata.category(character or " ") in ("Ps", "Pi")

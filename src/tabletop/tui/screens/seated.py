"""What a seat's screen knows: what it owes, what was typed towards it, what has come just now.

Owns: which task stands below, drafts, the bell, what is unread. Refuses to own: drawing and keys (`screens.station`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from tabletop.engine.joining import answers_as
from tabletop.engine.rights import Actor
from tabletop.engine.seats import seat_view
from tabletop.engine.views import SeatAsk, SeatView

from ..aim import Aim
from ..arrivals import Arrivals, mark_of, task_of
from ..letter import Kind, Letter
from ..look import line
from ..outbox import Outbox
from ..picking import Picking
from ..station_app import StationApp
from ..tasks import ONLY, OWN, WHY, Reply, Task, fields_of, reply_of, tasks
from ..two_digits import TwoDigits
from ..widgets.writing import Writing
from .players import PlayerScreen

FRESH_S = 6.0
"""Seconds for which what has come is marked."""

CALM_S = 1.5
"""Seconds for which letters do nothing where a question was closed below somebody's hands: they were meant for its field."""

AT = "at"
"""The draft that says what stood below when the screen went."""

LETTERS: tuple[Kind, ...] = ("message", "decision", "feedback")


@dataclass(frozen=True, slots=True)
class Parked:
    """What somebody was writing when they turned to what had come."""

    letter: Letter | None
    at: str
    """The task that stood below."""
    field: str = ""
    place: tuple[int, int] = (0, 0)
    """Row and column in the field; it has none where no field had the focus."""


class Seated(PlayerScreen):
    """The screen of one or more seats."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: tuple[Task, ...] = ()
        self.at = ""
        self.aim = Aim()
        """Whether the next key is meant for what stands below: a task or what is written unasked."""
        self.stays = ""
        """What somebody turned to by hand: nothing else takes its place."""
        self.replies: dict[str, Reply] = {}
        self.reasoned: set[str] = set()
        """Tasks for which somebody wants to give a reason."""
        self.amended: set[str] = set()
        """Tasks whose standing answer somebody is changing, whatever is left of it in the fields."""
        self.letter: Letter | None = None
        self.wrote: Writing | None = None
        """The field somebody was writing in before it was hidden, to go back to."""
        self.parked: Parked | None = None
        self.resumed: Parked | None = None
        """What was taken up again, until its fields are there."""
        self.help_open = False
        self.reading = False
        """Whether what was told has all the room, for somebody who was writing or wants to read it again."""
        self.read_first = ""
        """The inject whose text is at the head then; empty: what was told last."""
        self.hidden = False
        """Whether the text that the task below is about is not in sight."""
        self.reread: set[str] = set()
        """The injects whose text was opened to be read again."""
        self.calm_until = float("-inf")
        self.cut: frozenset[str] = frozenset()
        """The roles of the seat that are cut off: what is written for them stays a draft."""
        self._standing: object = None
        self._told_closed = "", ""
        """Of which task it was said that it was closed before something was sent, and how."""
        """What is taken from the seat at all: its links, who plays its roles, where the exercise is."""
        self.arrivals = Arrivals()
        self.others: frozenset[tuple[str, str]] = frozenset()
        """What has come for those who share the terminal and have it not before them."""
        self.fresh: frozenset[str] = frozenset()
        self.fresh_until = 0.0
        self.above = 0
        """Lines that are scrolled away."""
        self.number = TwoDigits()
        self.picking = Picking()
        """Whether a digit chose an answer or began a reason."""
        self._opened = True
        """Whether nothing was looked at here yet."""
        self.outbox = Outbox(self.app, self.draw, self.go_on_typing, lambda: self.drawable)

    @property
    def station(self) -> StationApp:
        app = self.app
        if not isinstance(app, StationApp):
            raise TypeError(type(app).__name__)
        return app

    def take_up_drafts(self) -> None:
        """Goes on where somebody was when the screen went, however it went."""
        self.others = self.station.unseen(self.station.in_hand)
        self.aim.entered()
        drafts = self.desk.drafts
        self.at = self.stays = drafts.get(AT, "")
        for kind in LETTERS:
            if self.at == kind:
                self.letter = Letter.of(kind, self.station.roles, drafts.get(kind, ""))

    def go_on_typing(self) -> None:
        """Keys that were held are handed out, once the fields they are for are there."""
        raise NotImplementedError

    def reply(self, key: str) -> Reply:
        """What was picked and typed towards a task."""
        if key not in self.replies:
            self.replies[key] = Reply.of(self.desk.drafts.get(key, ""))
        return self.replies[key]

    def keep(self, key: str, text: str) -> None:
        """Keeps a draft, and lets the others know that somebody types."""
        if key == (self.at if self.letter is None else self.letter.kind):
            self.aim.taken()
        self.desk.keep_draft(key, text)
        self.station.source.typing_ms = self.desk.conductor.wall_ms()

    @property
    def current(self) -> Task | None:
        """What stands below to be answered."""
        return next((task for task in self.tasks if task.key == self.at), None)

    def view(self) -> SeatView:
        """All that may be shown."""
        desk = self.desk
        return seat_view(desk.plan, desk.state, self.station.roles, desk.elapsed_ms(), self.who, desk.conductor.around)

    @property
    def who(self) -> Actor:
        """The seat, and after ENDEX who says to be there: a word of feedback is that person's alone."""
        person = self.station.person if self.desk.state.phase == "ended" else ""
        return replace(self.station.actor, person=person)

    # What has come, and what stands below.

    @property
    def writes(self) -> bool:
        """Whether somebody is writing: a field has the focus or would have it, or something is written unasked."""
        return self.letter is not None or self.wrote is not None or isinstance(self.focused, Writing)

    def look(self, view: SeatView) -> None:
        """Takes notice of what has come. It never takes the place of what is being written."""
        now = time.monotonic()
        was = self.current
        if fresh := self.arrivals.take(view, waits=self.writes or (was is not None and was.owed)):
            self.fresh = fresh | (self.fresh if now < self.fresh_until else frozenset())
            self.fresh_until, self.above = now + FRESH_S, 0
        others = self.station.unseen(self.station.in_hand)
        if fresh or others - self.others:
            self.ring()
        self.others = others
        self.tasks = tasks(view)
        self._look_at_standing(view)
        self._look_at_closed()
        if was is not None and self.current is None:
            self._lost(was, view)
        task, owed = self.current, next((one for one in self.tasks if one.owed), None)
        if self.letter is None and now >= self.calm_until and (task is None or (owed is not None and self._done_here(task, owed))):
            last = self._answered_last() if self._opened else None
            self.turn_to(owed.key if owed is not None else "" if last is None else last.key)
        self._opened = False
        self._read_by_itself()

    def _answered_last(self) -> Task | None:
        """The answer given last that can still be changed: it stood below when somebody left."""
        given = [task for task in self.tasks if task.mine is not None]
        return max(given, key=lambda task: 0 if task.mine is None else task.mine.at_ms, default=None)

    def _done_here(self, task: Task, owed: Task) -> bool:
        """Whether what stands below makes way for what is owed: it is answered, or cut off while the other can be sent."""
        if task.key == self.stays or self.changing(task):
            return False
        return task.mine is not None or (task.no_link and not owed.no_link)

    def _look_at_standing(self, view: SeatView) -> None:
        """What was said of how the seat stood is over with it; what was kept behind a link that was cut can be sent."""
        was, self.cut = self.cut, frozenset(role.id for role in view.roles if role.no_link)
        standing = (view.shared.phase, view.shared.emergency is None, tuple((role.id, role.no_link, role.stopped) for role in view.roles))
        if standing != self._standing:
            self._standing = standing
            self.outbox.standing_changed()
        if was == self.cut:
            return
        if (task := self.current) is not None and task.role in self.cut - was:
            # Somebody turned to it when it could be sent.
            self.stays = ""
        if view.shared.phase == "running" and self._kept_for(was - self.cut):
            self.outbox.say("station.link-back", "bold $text-success")

    def _look_at_closed(self) -> None:
        """What was said of a question that was closed is over once it is open again."""
        key, said = self._told_closed
        if any(task.key == key for task in self.tasks):
            self._told_closed = "", ""
            if self.outbox.said == said:
                self.outbox.quiet()

    def _kept_for(self, roles: frozenset[str]) -> bool:
        """Whether something was written or picked for any of these that can be sent."""
        letters = (Letter.of(kind, self.station.roles, self.desk.drafts.get(kind, "")) for kind in LETTERS)
        if any(letter.role in roles and letter.kept() for letter in letters):
            return True
        return any(task.role in roles and self.reply(task.key).kept() for task in self.tasks)

    def ring(self) -> None:
        if not self.app.quiet:
            self.app.bell()

    def _lost(self, task: Task, view: SeatView) -> None:
        """What stood below is asked no more: what was typed is kept, and what is typed on goes nowhere else."""
        if self.outbox.carries(task.key):
            return
        if self.letter is None and (self.wrote is not None or isinstance(self.focused, Writing)):
            self.calm_until = time.monotonic() + CALM_S
        answered = any(ask.id == task.id and any(mine.role == task.role for mine in ask.mine) for ask in view.asks)
        played = view.shared.phase == "running" and any(role.id == task.role and role.stopped is None for role in view.roles)
        if task.ask is None or not played or not self._is_new(task.ask, task.role):
            return
        if task.mine is not None or not answered:
            question = line(task.ask.question, self.language)
            self.outbox.say("station.closed-unsent" if task.mine is None else "station.closed-change", question=question)
            self._told_closed = task.key, self.outbox.said

    def _is_new(self, ask: SeatAsk, role: str) -> bool:
        """Whether something stands in the draft of an answer that is not recorded."""
        kept = self.reply(f"ask/{ask.id}/{role}").kept()
        mine = next((mine for mine in ask.mine if mine.role == role), None)
        return bool(kept) and (mine is None or reply_of(ask, mine).kept() != kept)

    def unsent(self, view: SeatView) -> tuple[tuple[SeatAsk, Reply], ...]:
        """What was typed towards questions that take it no more."""
        live = {task.key for task in self.tasks}
        keys = ((ask, role, f"ask/{ask.id}/{role}") for ask in view.asks for role in ask.roles)
        return tuple(
            (ask, self.reply(key))
            for ask, role, key in keys
            if view.shared.phase != "briefing" and key not in live and not self.outbox.carries(key) and self._is_new(ask, role)
        )

    def _read_by_itself(self) -> None:
        """What stands on the screen for anybody to read is not said any more, nor what nobody asks any more."""
        seen = {mark for mark in self.arrivals.unread if not mark.startswith("told/") and task_of(mark, self.tasks) is None}
        if self.letter is None and (task := self.current) is not None:
            seen.add(mark_of(task))
        if not self.writes:
            seen |= {mark for mark in self.arrivals.unread if mark.startswith("told/")}
        self.arrivals.read(seen)

    def read_next(self) -> None:
        """To what came last, and at last back to what was being written, as it was left."""
        mark = self.arrivals.newest
        if not mark:
            if self.reading or self.parked is not None:
                self.take_up()
            else:
                self.read_again()
            return
        self.arrivals.read({mark})
        task = task_of(mark, self.tasks)
        if task is None:
            self.reading, self.above, self.read_first = True, 0, mark.removeprefix("told/")
            return
        self.reading = False
        if self.parked is None and self.writes:
            writing = self.focused if isinstance(self.focused, Writing) else self.wrote
            where = ("", (0, 0)) if writing is None else (writing.field, writing.cursor_location)
            self.parked = Parked(self.letter, self.at, *where)
        self.letter = None
        self.turn_to(task.key, by_hand=True)

    def read_again(self) -> None:
        """What was told has all the room, that which the task below is about at the head."""
        task = None if self.letter is not None else self.current
        self.reading, self.above, self.read_first = True, 0, "" if task is None else task.inject
        self.reread.add(self.read_first)

    def take_up(self) -> None:
        """Back to what was being written, by a key that leads there."""
        parked, self.parked, self.reading = self.parked, None, False
        if parked is None:
            return
        self.letter, self.resumed = parked.letter, parked
        if self.letter is not None:
            self.at = parked.at
            self.desk.keep_draft(AT, self.letter.kind)
            self.aim.taken()
        else:
            self.turn_to(parked.at, by_hand=True)

    def changing(self, task: Task) -> bool:
        return task.key in self.amended or bool(self.reply(task.key).kept())

    def amend(self, task: Task) -> None:
        """The answer that stands is changed from here on."""
        if task.ask is not None and task.mine is not None:
            self.amended.add(task.key)
            self.replies[task.key] = reply_of(task.ask, task.mine)
            if self.letter is None:
                # What is begun stands there again after a kill, as what is owed does.
                self.desk.keep_draft(AT, task.key)

    def leave_as_it_was(self, key: str) -> None:
        """Nothing of what was picked and typed towards a task is kept."""
        self.replies.pop(key, None)
        self.reasoned.discard(key)
        self.amended.discard(key)
        self.desk.drop_draft(key)

    def turn_to(self, key: str, *, by_hand: bool = False) -> None:
        if key != self.at:
            self.aim.came_up(typed_on=not self.at)
            self.at, self.number = key, TwoDigits()
            if self.letter is None:
                self.desk.keep_draft(AT, key)
        if by_hand:
            self.aim.taken()
        self.stays = key if by_hand else ""

    def wanted_fields(self) -> tuple[str, ...]:
        """The fields that belong to what stands below."""
        return self.fields_of(self.current) if self.letter is None else self.letter.fields

    def fields_of(self, task: Task | None) -> tuple[str, ...]:
        """The fields that belong to a task."""
        if task is None or task.kind == "receipt":
            return ()
        if task.ask is None:
            return (OWN + ONLY,)
        if task.mine is not None and not self.changing(task):
            return ()
        why = task.key in self.reasoned or bool(self.reply(task.key).text(OWN + WHY))
        return fields_of(task.ask, nameless=not self.person_of(task.role), why=why)

    def reply_now(self) -> Reply:
        return self.letter.reply if self.letter is not None else self.reply(self.at)

    def person_of(self, role: str) -> str:
        """Who answers for a role here, as far as this station knows."""
        conductor = self.desk.conductor
        return answers_as(self.desk.state, conductor.devices, role, self.station.person, conductor.wall_ms())

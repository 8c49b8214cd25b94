"""What a seat sends: the reply to what stands below, what was written unasked, and what happens once it is recorded.

Owns: what is missing before something can be sent. Refuses to own: what may be recorded (engine), drawing and keys (`screens.station`).
"""

from __future__ import annotations

import time

from tabletop.engine import commands as c
from tabletop.engine.views import OwnAnswer, SeatAsk
from tabletop.text import clean_line

from ..letter import Letter
from ..tasks import NAME, ONLY, OWN, WHY, Task, by_digits, reply_of
from ..widgets.fields import Fields
from .seated import AT, Seated

HABIT_S = 0.6
"""Seconds for which `enter` confirms nothing that has only just come up: it may have been meant for what stood there before."""


class Sending(Seated):
    """A seat that can send."""

    def action_back(self) -> None:
        """Closes what stands above what is to be sent."""
        raise NotImplementedError

    def collect(self) -> None:
        """Keeps what stands in the fields."""
        raise NotImplementedError

    def forget(self, owner: Letter | str) -> None:
        """The words in the fields are done with, if they belong to `owner`: a letter, or the key of a task."""
        raise NotImplementedError

    def action_send(self) -> None:
        """Sends what stands below; what is missing is said."""
        if self.help_open or self.reading:
            self.action_back()
        elif self.letter is not None and self.letter.step == "words" and self.letter.role in self.cut:
            self.collect()
            self.outbox.say("station.refused-no-link" if self.letter.kept() else "station.nothing-written")
        elif self.letter is None and (task := self.current) is not None and task.no_link:
            self.collect()
            self._keep_task(task)
        elif self.letter is not None:
            self._send_letter(self.letter)
        elif (task := self.current) is not None:
            self._send_task(task)
        self.draw()

    def _keep_task(self, task: Task) -> None:
        """Behind a cut link: nothing goes out; what is there stays a draft, and a standing answer can be changed as one."""
        if self.reply(task.key).kept():
            self.outbox.say("station.refused-no-link")
        elif task.ask is None or task.ask.answer == "confirm":
            self.outbox.say("station.receipt-no-link")
        elif task.mine is None or self.changing(task):
            self.outbox.say(f"station.lacks-{task.ask.answer}")
        elif time.monotonic() - self.since >= HABIT_S:
            self.amend(task)

    def _send_letter(self, letter: Letter) -> None:
        inject = self.view().told_last(letter.role)
        command = letter.command(self.person_of(letter.role), inject) if letter.step == "words" else None
        if command is None:
            self.outbox.say("station.nothing-written" if letter.step == "words" else "station.choose-first")
            return

        def recorded() -> None:
            self.desk.drop_draft(letter.kind)
            self.forget(letter)
            if self.letter is letter:
                self.letter = None
                self.desk.keep_draft(AT, self.at)
            elif self.parked is not None and self.parked.letter is letter:
                self.parked = None
            self.draw()

        self.outbox.send(letter.kind, command, self.who, recorded)

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
                    self.amend(task)
                return
            if task.mine is not None and self._stands(task, task.ask, task.mine):
                self._done_with(task.key)
                return
            made = None if new and (task.ask.answer == "confirm" or self._waits_untouched(task)) else self._answer(task)
            if made is None:
                return
            command = made
        self.outbox.send(task.key, command, self.station.actor, lambda: self._done_with(task.key))

    def _waits_untouched(self, task: Task) -> bool:
        """Whether a task came up because another was sent, with a draft from before: a second `enter` was meant for that other."""
        return bool(self.recorded) and self.touched != task.key and bool(self.reply(task.key).kept())

    def _stands(self, task: Task, ask: SeatAsk, mine: OwnAnswer) -> bool:
        """Whether an answer is sent as it stands: nothing new, but where it is the report that its role announced."""
        announced = any(report.role == task.role for report in self.view().reports)
        same = reply_of(ask, mine).kept() == self.reply(task.key).kept()
        return same and not (ask.answer == "report" and announced)

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
        if self.station.chosen == (task.role,) and not self.station.private and not self.station.person:
            # Who answers for one role of a group says nothing of who answers for the others.
            self.station.given = self.station.person = person
        return c.GiveAnswer(ask.id, task.role, value, person, reply.text(OWN + WHY), reply.next_ms)

    def _done_with(self, key: str) -> None:
        """It is in the log as it should be: the draft is done with, and what was left for it, or what is owed next, comes up."""
        self.recorded = key
        self.forget(key)
        self.leave_as_it_was(key)
        self.stays = ""
        if self.at == key:
            self.take_up()
        self.draw()

"""What a seat sends: the reply to what stands below, what was written unasked, and what happens once it is recorded.

Owns: what is missing before something can be sent. Refuses to own: what may be recorded (engine), drawing and keys (`screens.station`).
"""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from tabletop.engine import commands as c
from tabletop.engine.views import OwnAnswer, SeatAsk
from tabletop.text import clean_line

from ..keyed_app import Typed
from ..letter import Letter
from ..look import line
from ..player_actions import HIDE
from ..tasks import NAME, ONLY, OWN, WHY, Reply, Task, by_digits, reply_of
from ..widgets.fields import Fields
from ..widgets.writing import Writing
from .seated import AT, Seated


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
        """Sends what stands below, where `enter` is meant for that; what is missing is said."""
        if self.help_open or self.reading:
            self.action_back()
            self.aim.entered()
        elif not self.aim.by_enter:
            # It was meant for what stood here before.
            pass
        elif self.letter is not None and self.letter.step == "words" and self.letter.role in self.cut:
            self.collect()
            self.outbox.say("station.refused-no-link" if self.letter.kept() else "station.nothing-written")
        elif self.letter is None and (task := self.current) is not None and task.no_link:
            self.collect()
            self._keep_task(task)
        elif self.letter is not None:
            self._send_letter(self.letter)
        elif (task := self.current) is not None and task.read_by_enter and not self.aim.is_read:
            self.outbox.say("station.read-first")
        elif task is not None and task.read_by_enter and task.kind != "message" and self.hidden and task.inject not in self.reread:
            # Nobody says of a text that it was read while it cannot be.
            self.read_again()
        elif task is not None:
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
        else:
            self.amend(task)

    def _send_letter(self, letter: Letter) -> None:
        inject = self.view().told_last(letter.role)
        command = letter.command(self.person_of(letter.role), inject) if letter.step == "words" else None
        if command is None:
            self.outbox.say("station.nothing-written" if letter.step == "words" else "station.choose-first")
            return

        def recorded() -> None:
            self.forget(letter)
            if self.letter is letter:
                self.letter = None
            self.draw()
            self.aim.entered()

        self.outbox.send(letter.kind, command, self.who, recorded, {letter.kind: "", AT: self.at})

    def _send_task(self, task: Task) -> None:
        if task.ask is None:
            text = self.reply(task.key).text(OWN + ONLY)
            command: c.Command = c.AcknowledgeInject(task.id, task.role)
            if task.kind == "message":
                command = c.AcknowledgeMessage(int(task.id), task.role, text)
        else:
            if task.mine is not None and not self.changing(task):
                if task.ask.answer != "confirm":
                    self.amend(task)
                return
            if task.mine is not None and self._stands(task, task.ask, task.mine):
                self._done_with(task.key)
                return
            made = self._answer(task)
            if made is None:
                return
            command = made
        self.outbox.send(task.key, command, self.station.actor, lambda: self._done_with(task.key), {task.key: "", AT: ""})

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
        if by_digits(ask) and self.picking.asks(task.key, reply.kept()):
            # The next `enter` sends it, unless it comes as fast as one that was pressed twice.
            self.aim.came_up()
            chosen = (line(option.text, self.language) for option in ask.options if option.id in reply.picked)
            self.outbox.say("station.which-meant", option=" · ".join(chosen))
            return None
        if person and not self.person_of(task.role):
            self.station.reported(task.role, person)
        return c.GiveAnswer(ask.id, task.role, value, person, reply.text(OWN + WHY), reply.next_ms)

    def _done_with(self, key: str) -> None:
        """It is in the log as it should be: the draft is done with, and what was left for it, or what is owed next, comes up."""
        self.forget(key)
        self.leave_as_it_was(key)
        self.stays = ""
        if self.at == key:
            self.take_up()
        self.draw()
        self.aim.entered()

    # Leaving while something is on its way.

    @property
    def at_once(self) -> frozenset[str]:
        """Where the terminal goes round, hiding what stands here waits for no store."""
        return frozenset(HIDE.keys[:1]) if self.station.private else frozenset()

    def keep_typed(self, typed: Sequence[Typed]) -> None:
        """Words typed on are for what comes up once what is on its way is recorded, and wait there as a draft."""
        text, parked = _text_of(typed), self.parked
        if not self.outbox.busy and isinstance(self.focused, Writing):
            self.focused.insert(text)
        self.collect()
        if not self.outbox.busy:
            return
        if self.letter is None and parked is not None and parked.letter is not None:
            letter = parked.letter
            _add(letter.reply, letter.fields, text)
            self.desk.keep_draft(letter.kind, letter.kept())
            return
        after = self.at if self.letter is not None else "" if parked is None else parked.at
        task = next((task for task in self.tasks if (task.key == after if after else task.owed and task.key != self.at)), None)
        if task is not None:
            reply = self.reply(task.key)
            _add(reply, self.fields_of(task), text)
            self.desk.keep_draft(task.key, reply.kept())


def _text_of(typed: Sequence[Typed]) -> str:
    """What keys and pastes add up to as text, until the first that is none; `enter` parts words."""
    text = ""
    for one in typed:
        if isinstance(one, events.Paste):
            text += one.text
        elif one.key == "backspace":
            text = text[:-1]
        elif one.key == "enter":
            text += " "
        elif one.is_printable and one.character is not None:
            text += one.character
        else:
            break
    return text.rstrip()


def _add(reply: Reply, fields: Sequence[str], text: str) -> None:
    """Puts words behind what stands in the first of the fields that words go into by themselves."""
    name = next((name for name in fields if name != OWN + WHY), "")
    if name and text:
        reply.texts[name] = reply.texts.get(name, "") + text

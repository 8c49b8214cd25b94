"""Who spoke: one role's open actions and questions, each one digit away; words typed are its decision (contract: *Keys*)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tabletop.engine import commands as c
from tabletop.engine.judging import Said, mark_of, newest_marks, own_standing
from tabletop.engine.links import lateness
from tabletop.engine.rights import DRIVER
from tabletop.engine.standing import role_deadline, standing
from tabletop.exercise.asks import Ask

from ...look import clock_text, column, left_text, line, number_key, panel_rows, plain, role_key, role_title, spread
from ...speaker_items import Item, items_of, paged, still_there
from ...two_digits import TwoDigits
from ...widgets.owed import answer_text, weight_and_state
from .answer import AnswerPanel
from .frame import DIGITS, EARLIER_MS, Field, Recording
from .hands import HandsPanel
from .message import open_message


class SpeakerPanel(Recording[None]):
    """One role's panel. The time is that of the digit that opened it."""

    DRAFT: ClassVar[str] = "speaker"
    AUTO_FOCUS = "Field"
    BINDINGS: ClassVar = [("pagedown", "leaf(1)", "next"), ("pageup", "leaf(-1)", "back"), ("f2", "message", "message")]

    def __init__(self, role: str, said_ms: int) -> None:
        super().__init__()
        self.role = role
        self.said_ms = said_ms
        self.prompted = False
        self.partly = False
        self.everybody = False
        self.moved = False
        self.page = 0
        self._number = TwoDigits()
        self._text = ""
        self._items: list[Item] = []

    @property
    def draft(self) -> str:
        """Half a sentence of one role waits while another speaks."""
        return f"{self.DRAFT}:{self.role}"

    def compose(self) -> ComposeResult:
        kept = self.kept()
        text, said_ms = kept.get("text"), kept.get("said_ms")
        if isinstance(text, str) and text and isinstance(said_ms, int):
            self._text, self.said_ms = text, said_ms
        yield from super().compose()

    def fields(self) -> Iterable[Widget]:
        yield Field(self.words("panel.type-words"), commands=(*DIGITS, "left", "right", "down", "up"), value=self._text)

    def draft_values(self) -> dict[str, object]:
        text = self.query_one(Field).value
        return {"said_ms": self.said_ms, "text": text} if text.strip() else {}

    def heading(self) -> Content:
        scene, exercise = self.scene(), self.desk.exercise
        who = " · ".join(part for part in (role_title(exercise, self.role, self.language), scene.person(self.role), self._played()) if part)
        marks = [self.heard_at()]
        if self.everybody:
            marks.insert(0, self.words("panel.everybody"))
        if self.prompted:
            marks.append(self.words("console.after-hint"))
        if self.partly:
            marks.append(self.words("console.standing-partial"))
        if self._number.waiting:
            marks.append("0·")
        return spread(plain(f"{role_key(exercise, self.role)} {who}", "bold"), plain(" · ".join(marks), "bold $text-warning"), self.inner)

    def heard_at(self) -> str:
        """The exercise time at which what is marked or typed counts."""
        return self.words("panel.heard-at", time=clock_text(self.said_ms))

    def _played(self) -> str:
        """How the role is played, where it is not simply by its people: words of one who has left are still words of that role."""
        scene = self.scene()
        if scene.away(self.role):
            return self.words("lectern.away")
        by = scene.plan.staffed_by(scene.state, self.role)
        if by == "people":
            return ""
        changes = scene.state.staffing.get(self.role, ())
        return self.words(f"console.staffed-{by}", role=scene.role(changes[-1].with_role) if by == "with" and changes else "")

    def items(self) -> list[Item]:
        """The rows in the order of their numbers. While the panel is open a number keeps its row; what is new comes last."""
        return self._grown(items_of(self.scene(), self.role, everybody=self.everybody))

    def _grown(self, found: Sequence[Item]) -> list[Item]:
        """The rows from before that are still there, then those of `found` that are new."""
        before = [item for item in self._items if still_there(self.desk.plan, item)]
        known = set(before)
        self._items = before + [item for item in found if item not in known]
        return self._items

    def pages(self) -> list[list[Item]]:
        """The rows in pages that fit; on each page numbers begin at 1."""
        return paged(self.items(), panel_rows(self.app.size.height))

    def shown_items(self) -> list[Item]:
        """The rows of the page that is shown."""
        pages = self.pages()
        self.page = min(self.page, len(pages) - 1)
        return pages[self.page]

    def rows(self) -> list[Content]:
        scene = self.scene()
        shown: list[Content] = []
        last_ask = ""
        for number, item in enumerate(self.shown_items(), start=1):
            if item.ask and item.ask != last_ask:
                last_ask = item.ask
                shown.append(self._question(item.ask))
            shown.append(self._numbered(number, item))
        if not shown:
            shown.append(Content.styled(self.words("panel.nothing-open", role=scene.role(self.role)), "$text-muted"))
        pages = len(self.pages())
        if pages > 1:
            shown.append(Content.styled(self.words("panel.page-of", n=self.page + 1, of=pages), "bold $text-warning"))
        return shown

    def _question(self, ask_id: str) -> Content:
        desk = self.desk
        ask = desk.plan.asks[ask_id][1]
        due_ms, now_ms = role_deadline(desk.plan, desk.state, ask_id, self.role), desk.elapsed_ms()
        left = left_text(self.words, due_ms, now_ms, lateness(desk.plan, desk.state, self.role, due_ms, now_ms))
        return spread(Content.assemble(("? ", "bold $text-accent"), plain(line(ask.question, self.language), "bold")), left, self.inner)

    def _numbered(self, number: int, item: Item) -> Content:
        key = number_key(number).ljust(2)
        if item.action:
            scene = self.scene()
            known = standing(scene.plan, scene.state, item.action, scene.now_ms)
            owner = column(scene.role(known.action.by), 7, "bold") if self.everybody else Content("")
            what = Content.assemble((f" {key} ", "bold $text-accent"), owner, plain(line(known.action.title, self.language)))
            return spread(what, weight_and_state(scene, known), self.inner)
        if item.receipt or item.message:
            return Content.assemble((f" {key} ", "bold $text-accent"), plain(self._to_confirm(item))).truncate(self.inner, ellipsis=True)
        ask = self.desk.plan.asks[item.ask][1]
        if item.hands:
            return Content.assemble((f" {key} ", "bold $text-accent"), plain(self.words("panel.hands")))
        if not item.option:
            return self._other_answer(key, ask)
        sign = "✓ " if self._chosen(item) else "  "
        return Content.assemble((f" {key} ", "bold $text-accent"), sign, plain(line(ask.option(item.option).text, self.language))).truncate(
            self.inner, ellipsis=True
        )

    def _to_confirm(self, item: Item) -> str:
        scene = self.scene()
        if item.receipt:
            return self.words("door.confirm", inject=scene.title(item.receipt))
        sent = next((one for one in scene.state.messages if one.seq == item.message), None)
        # It may have been taken back since.
        return "–" if sent is None else self.words("door.confirm-message", sender=scene.role(sent.role), text=line(sent.text, ""))

    def _other_answer(self, key: str, ask: Ask) -> Content:
        """A question that is answered in a panel of its own: what to do there, or the option that was chosen and may be changed."""
        given = self.desk.state.ask(ask.id).answers.get(self.role)
        if ask.answer != "choice" or given is None:
            return Content.assemble((f" {key} ", "bold $text-accent"), plain(self.words(f"panel.answer-{ask.answer}")))
        change = Content.styled(self.words("panel.change"), "$text-muted")
        said = Content.assemble((f" {key} ", "bold $text-accent"), ("✓ ", "$text-success"), plain(answer_text(self.scene(), ask, given)))
        return spread(said, change, self.inner)

    def _chosen(self, item: Item) -> bool:
        """Whether the role has answered with that option already."""
        answer = self.desk.state.ask(item.ask).answers.get(self.role)
        return answer is not None and answer.value == (item.option,)

    def keys(self) -> str:
        return self.words("panel.speaker-keys-typed" if self.query_one(Field).value.strip() else "panel.speaker-keys")

    def on_input_changed(self, event: Input.Changed) -> None:
        super().on_input_changed(event)
        self.draw()

    def action_message(self) -> None:
        """What was typed, or is to be typed, becomes a message of this role to another."""
        if not self.sending:
            text = self.query_one(Field).value.strip()
            open_message(self, self.said_ms, self.role, text, self._done)

    def action_leaf(self, by: int) -> None:
        self.page = (self.page + by) % len(self.pages())
        self.draw()

    def on_field_command(self, message: Field.Command) -> None:
        message.stop()
        match message.key:
            case "left":
                self.said_ms, self.moved = max(0, self.said_ms - EARLIER_MS), True
            case "right":
                self.prompted = not self.prompted
            case "down" | "up":
                self.partly = not self.partly
            case digit:
                number = self._number.take(digit)
                if number is not None:
                    self._take(number)
        self.draw()

    def on_field_left(self, message: Field.Left) -> None:
        message.stop()
        self.everybody = not self.everybody
        self._items, self.page = [], 0
        self.draw()

    def _take(self, number: int) -> None:
        items = self.shown_items()
        if self.sending:
            return
        if not 1 <= number <= len(items):
            self.app.refuse("panel.no-such-row", number=number)
            return
        item = items[number - 1]
        if item.action:
            self._mark(item.action)
            return
        if item.receipt:
            self._send(c.AcknowledgeInject(item.receipt, self.role))
            return
        if item.message:
            self._send(c.AcknowledgeMessage(item.message, self.role))
            return
        ask = self.desk.plan.asks[item.ask][1]
        if item.hands:
            self.app.push_screen(HandsPanel(ask.id), self._after_hands)
        elif item.option and self._chosen(item):
            self._only_heard("panel.answered-already")
        elif item.option and ask.rationale != "required":
            self._send(c.GiveAnswer(item.ask, self.role, (item.option,), said_ms=self.said_ms))
        else:
            self._answer(ask, (item.option,) if item.option else ())

    def _after_hands(self, _: None) -> None:
        self.dismiss(None)

    def _answer(self, ask: Ask, picks: tuple[str, ...]) -> None:
        panel = AnswerPanel(ask.id, self.role, self.said_ms, picks)

        def answered(done: bool | None) -> None:
            if done:
                self.dismiss(None)

        self.app.push_screen(panel, answered)

    def _mark(self, action: str) -> None:
        scene = self.scene()
        said = Said(self.role, self.said_ms, self.prompted, self.partly, self.moved)
        known = standing(scene.plan, scene.state, action, scene.now_ms)
        if known.source == "evaluator" and str(DRIVER) in newest_marks(scene.state, action):
            # What was said here is kept beside the evaluator's word: the next press corrects that.
            known = own_standing(scene.plan, scene.state, action, str(DRIVER), scene.now_ms)
        command = mark_of(known, said)
        if command is None:
            self._only_heard("panel.marked-already")
        else:
            self._send(command)

    def _only_heard(self, why: str) -> None:
        """Says that it stands already: that somebody spoke is kept all the same."""
        self.app.tell(why)
        self._send(c.HearRole(self.role, self.said_ms))

    def _send(self, command: c.Command) -> None:
        self.sending = True
        self.app.ask(command, then=lambda _: self._done(), failed=self.failed)

    def _done(self) -> None:
        self.sent()
        self.dismiss(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self.sending:
            return
        text = event.value.strip()
        if text:
            self._send(c.RecordDecision(self.role, text, said_ms=self.said_ms))
        else:
            self._send(c.HearRole(self.role, self.said_ms))

"""Who spoke: one role's open actions and questions, each one digit away; words typed are its decision (contract: *Keys*)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tabletop.engine import commands as c
from tabletop.engine.shuffle import shuffled
from tabletop.engine.standing import ask_deadline, open_asks, standing
from tabletop.exercise.asks import Ask

from ...look import column, left_text, line, plain, role_key, role_title, spread
from ...widgets.owed import standing_text
from .answer import AnswerPanel
from .frame import DIGITS, Field, Recording
from .hands import HandsPanel

EARLIER_MS = 15_000
"""What one `←` takes off the time at which something was said."""

NUMBERED = 19
"""Rows that have keys: nine digits, then `0` and a digit."""


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered row: an action, an option of a question, or a question that is answered otherwise."""

    action: str = ""
    ask: str = ""
    option: str = ""
    hands: bool = False
    """Whether it takes one digit for each role that was asked (screens: *hands*)."""


class SpeakerPanel(Recording[None]):
    """One role's panel. The time is that of the digit that opened it."""

    DRAFT: ClassVar[str] = "speaker"
    AUTO_FOCUS = "Field"

    def __init__(self, role: str, said_ms: int, text: str = "") -> None:
        super().__init__()
        self.role = role
        self.said_ms = said_ms
        self.prompted = False
        self.partly = False
        self.everybody = False
        self._zero = False
        self._text = text
        self._items: list[Item] = []

    def fields(self) -> Iterable[Widget]:
        yield Field(self.words("panel.type-words"), commands=(*DIGITS, "left", "right", "down", "up"), value=self._text)

    def draft_values(self) -> dict[str, object]:
        text = self.query_one(Field).value
        return {"role": self.role, "said_ms": self.said_ms, "text": text} if text.strip() else {}

    def heading(self) -> Content:
        exercise = self.desk.exercise
        who = " · ".join(part for part in (role_title(exercise, self.role, self.language), self.scene().person(self.role)) if part)
        key = role_key(exercise, self.role)
        marks = [self.words("panel.heard-at", time=_clock(self.said_ms))]
        if self.prompted:
            marks.append(self.words("console.after-hint"))
        if self.partly:
            marks.append(self.words("console.standing-partial"))
        if self._zero:
            marks.append("0·")
        return spread(plain(f"{key} {who}", "bold"), plain(" · ".join(marks), "bold $text-warning"), self.inner)

    def items(self) -> list[Item]:
        """The rows in the order of their numbers. While the panel is open a number keeps its row; what is new comes last."""
        known = set(self._items)
        self._items += [item for item in self._open_items() if item not in known]
        return self._items

    def _open_items(self) -> list[Item]:
        """What is open now: actions, then each question with its options."""
        desk = self.desk
        scene = self.scene()
        found = [
            Item(action=owed.standing.action.id) for owed in scene.owed_actions() if self.everybody or owed.standing.action.by == self.role
        ]
        for ask_id in open_asks(desk.plan, desk.state):
            inject, ask = desk.plan.asks[ask_id]
            if self.role not in desk.plan.addressees(desk.state, inject, ask):
                continue
            if ask.answer == "choice":
                found.extend(Item(ask=ask_id, option=option.id) for option in shuffled(ask, self.seed))
                if len(desk.plan.addressees(desk.state, inject, ask)) > 1 and ask.rationale != "required":
                    found.append(Item(ask=ask_id, hands=True))
            else:
                found.append(Item(ask=ask_id))
        return found

    @property
    def seed(self) -> int:
        """Shuffles the options, the same on every screen of the run."""
        created = self.desk.state.created
        return 0 if created is None else created.seed

    def rows(self) -> list[Content]:
        scene = self.scene()
        shown: list[Content] = []
        last_ask = ""
        for number, item in enumerate(self.items(), start=1):
            if item.ask and item.ask != last_ask:
                last_ask = item.ask
                shown.append(self._question(item.ask))
            shown.append(self._numbered(number, item))
        if not shown:
            shown.append(Content.styled(self.words("panel.nothing-open", role=scene.role(self.role)), "$text-muted"))
        room = self.most_rows - 2
        if len(shown) > room:
            shown = [*shown[: room - 1], Content.styled(self.words("panel.more-rows", n=len(shown) - room + 1), "bold $text-warning")]
        return shown

    def _question(self, ask_id: str) -> Content:
        desk = self.desk
        ask = desk.plan.asks[ask_id][1]
        left = left_text(self.words, ask_deadline(desk.plan, desk.state, ask_id), desk.elapsed_ms())
        return spread(Content.assemble(("? ", "bold $text-accent"), plain(line(ask.question, self.language), "bold")), left, self.inner)

    def _numbered(self, number: int, item: Item) -> Content:
        key = _key_of(number)
        if item.action:
            scene = self.scene()
            known = standing(scene.plan, scene.state, item.action, scene.now_ms)
            owner = column(scene.role(known.action.by), 7, "bold") if self.everybody else Content("")
            what = Content.assemble((f" {key} ", "bold $text-accent"), owner, plain(line(known.action.title, self.language)))
            weight = Content(self.words(f"console.{known.action.criticality}") if known.action.criticality != "normal" else "")
            return spread(what, Content("  ").join([weight, standing_text(scene, known)]), self.inner)
        ask = self.desk.plan.asks[item.ask][1]
        if item.hands:
            return Content.assemble((f" {key} ", "bold $text-accent"), plain(self.words("panel.hands")))
        if not item.option:
            return Content.assemble((f" {key} ", "bold $text-accent"), plain(self.words(f"panel.answer-{ask.answer}")))
        answer = self.desk.state.ask(item.ask).answers.get(self.role)
        chosen = answer is not None and isinstance(answer.value, tuple) and item.option in answer.value
        sign = "✓ " if chosen else "  "
        return Content.assemble((f" {key} ", "bold $text-accent"), sign, plain(line(ask.option(item.option).text, self.language))).truncate(
            self.inner, ellipsis=True
        )

    def keys(self) -> str:
        return self.words("panel.speaker-keys")

    def on_field_command(self, message: Field.Command) -> None:
        message.stop()
        match message.key:
            case "left":
                self.said_ms = max(0, self.said_ms - EARLIER_MS)
            case "right":
                self.prompted = not self.prompted
            case "down" | "up":
                self.partly = not self.partly
            case "0" if not self._zero:
                self._zero = True
            case digit:
                number = int(digit) + (10 if self._zero else 0)
                self._zero = False
                self._take(number)
        self.draw()

    def on_field_left(self, message: Field.Left) -> None:
        message.stop()
        self.everybody = not self.everybody
        self._items = []
        self.draw()

    def _take(self, number: int) -> None:
        items = self.items()
        if not 1 <= number <= len(items) or self.sending:
            return
        item = items[number - 1]
        if item.action:
            self._mark(item.action)
            return
        ask = self.desk.plan.asks[item.ask][1]
        if item.hands:
            self.app.push_screen(HandsPanel(ask.id, self.said_ms), self._after_hands)
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
        owner = self.desk.plan.actions[action][1].by
        command = c.MarkAction(
            action,
            "partial" if self.partly else "done",
            prompted=True if self.prompted else None,
            other_role="" if owner == self.role else self.role,
            said_ms=self.said_ms,
        )
        self._send(command)

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


def _key_of(number: int) -> str:
    if number <= 9:
        return f"{number} "
    return f"0{number - 10}" if number <= NUMBERED else "  "


def _clock(ms: int) -> str:
    from ...look import clock_text

    return clock_text(ms)

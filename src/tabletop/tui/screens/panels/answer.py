"""One role's answer to one question, for every sort of answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input

from tabletop.engine import commands as c
from tabletop.engine.events import AnswerValue
from tabletop.engine.shuffle import shuffled
from tabletop.exercise.asks import WITH_OPTIONS, Ask
from tabletop.text import typed_number

from ...look import line, plain, role_title
from ...pages.lines import wrapped
from ...two_digits import TwoDigits
from .frame import DIGITS, Field, Recording


class AnswerPanel(Recording[bool]):
    """Takes an answer. Gives True once it is recorded."""

    AUTO_FOCUS = "Field"

    def __init__(self, ask: str, role: str, said_ms: int, picks: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.ask_id = ask
        self._ask: Ask | None = None
        self.role = role
        self.said_ms = said_ms
        self.picks: list[str] = list(picks)
        self.chosen = bool(picks)
        """Whether the option was chosen before: then only the reason is missing, and a digit is a part of it."""
        self._number = TwoDigits()

    @property
    def question(self) -> Ask:
        """What was asked when the panel opened: with an added inject it may be taken back meanwhile, and what was typed stays here."""
        if self._ask is None:
            self._ask = self.desk.plan.asks[self.ask_id][1]
        return self._ask

    def fields(self) -> Iterable[Widget]:
        ask, words = self.question, self.words
        if ask.answer in ("text", "number"):
            yield Field(words(f"panel.answer-{ask.answer}"), id="answer")
        elif ask.answer == "report":
            for number, element in enumerate(ask.elements, start=1):
                key = f"{number} " if number <= 9 else ""
                yield Field(f"{key}{line(element.title, self.language)}", commands=DIGITS, id=f"element-{element.id}")
            yield Field(words("panel.next-report"), id="next-report")
        commands = (*DIGITS, "backspace") if ask.answer in WITH_OPTIONS and not self.chosen else ()
        reason = words("panel.reason-needed" if ask.rationale == "required" else "panel.reason")
        if ask.answer == "report" and ask.rationale != "required":
            return
        if ask.rationale != "none" or ask.answer in (*WITH_OPTIONS, "confirm"):
            yield Field(reason if ask.rationale != "none" else words("panel.press-enter"), commands=commands, id="reason")

    def heading(self) -> Content:
        title = role_title(self.desk.exercise, self.role, self.language)
        return plain(f"{title} · {line(self.question.question, self.language)}", "bold")

    @property
    def options(self) -> list[str]:
        """Ids of the options in the order of the run."""
        created = self.desk.state.created
        return [option.id for option in shuffled(self.question, 0 if created is None else created.seed)]

    def rows(self) -> list[Content]:
        ask = self.question
        if self.chosen:
            texts = (line(ask.option(option).text, self.language) for option in self.picks)
            return [
                Content.assemble((" ✓ ", "bold $text-success"), plain(piece)) for text in texts for piece in wrapped(text, self.inner - 3)
            ]
        shown = []
        for number, option in enumerate(self.options, start=1):
            place = self.picks.index(option) + 1 if option in self.picks else 0
            sign = f"{place}." if place and ask.answer == "order" else "✓ " if place else "  "
            key = str(number) if number <= 9 else f"0{number - 10}"
            shown.append(
                Content.assemble((f" {key} ", "bold $text-accent"), f"{sign} ", plain(line(ask.option(option).text, self.language)))
            )
        return [row.truncate(self.inner, ellipsis=True) for row in shown]

    def keys(self) -> str:
        ask = self.question
        if self.chosen or (ask.answer in ("text", "number") and ask.rationale == "required"):
            return self.words("panel.answer-keys-text")
        if ask.answer in ("text", "number") and ask.rationale == "optional":
            return self.words("panel.answer-keys-reason")
        return self.words(f"panel.answer-keys-{ask.answer}")

    def on_field_command(self, message: Field.Command) -> None:
        message.stop()
        if self.question.answer == "report":
            self._on_paper(int(message.key))
        elif message.key == "backspace":
            self.picks = self.picks[:-1]
        else:
            number, options = self._number.take(message.key), self.options
            if number is not None and number <= len(options):
                self._pick(options[number - 1])
        self.draw()

    def _on_paper(self, number: int) -> None:
        """A report was handed in: a digit says which element it states, `0` all of them. Nobody copies it out while the room goes on."""
        elements = self.question.elements
        for element in elements if number == 0 else elements[number - 1 : number]:
            field = self.query_one(f"#element-{element.id}", Field)
            field.value = field.value or self.words("panel.on-paper")

    def _pick(self, option: str) -> None:
        if self.question.answer == "choice":
            self.picks = [option]
            if self.question.rationale != "required":
                self.send()
        elif option in self.picks:
            self.picks.remove(option)
        else:
            self.picks.append(option)

    def on_field_left(self, message: Field.Left) -> None:
        message.stop()
        self.focus_next("Field")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        fields = list(self.query(Field))
        plain_words = self.question.answer in ("text", "number") and self.question.rationale != "required" and event.value.strip()
        if event.input is not fields[-1] and not plain_words:
            self._go_on(fields, event.input)
        else:
            self.send()

    def _go_on(self, fields: list[Field], left: Input) -> None:
        """To the next line; of a report, to the next that says nothing yet."""
        later = fields[fields.index(left) + 1 :] if isinstance(left, Field) else fields
        empty = (field for field in later if not field.value.strip())
        (next(empty, later[-1]) if self.question.answer == "report" else later[0]).focus()

    def send(self) -> None:
        """Has the answer recorded; an incomplete one is refused and stays on the screen."""
        if self.sending:
            return
        value = self._value()
        if value is None or self._next_unclear:
            self.app.refuse("panel.not-a-number")
            return
        self.sending = True
        command = c.GiveAnswer(
            self.ask_id, self.role, value, rationale=self._text("reason"), next_report_ms=self._next_report_ms(), said_ms=self.said_ms
        )
        self.app.ask(command, then=lambda _: self._done(), failed=self.failed)

    def _done(self) -> None:
        self.sent()
        self.dismiss(True)

    def _text(self, field: str) -> str:
        found = self.query(f"#{field}")
        return found.first(Field).value.strip() if found else ""

    def _value(self) -> AnswerValue | None:
        ask = self.question
        if ask.answer in WITH_OPTIONS:
            return tuple(self.picks)
        if ask.answer == "confirm":
            return True
        if ask.answer == "report":
            return {element.id: text for element in ask.elements if (text := self._text(f"element-{element.id}"))}
        if ask.answer == "number":
            return typed_number(self._text("answer"))
        return self._text("answer")

    def _next_report_ms(self) -> int | None:
        minutes = typed_number(self._text("next-report"))
        return None if minutes is None else round(minutes * 60_000)

    @property
    def _next_unclear(self) -> bool:
        """Whether the time of the next report was said in a way that is no number of minutes."""
        return bool(self._text("next-report")) and self._next_report_ms() is None

    DRAFT: ClassVar[str] = ""

"""What a seat owes, and what was typed towards it. Made from a SeatView alone; knows nothing of widgets.

Owns: in which order things are owed, and what a reply adds up to. Refuses to own: what may be answered (engine).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from tabletop.engine.events import AnswerValue
from tabletop.engine.links import Overdue
from tabletop.engine.views import OwnAnswer, SeatAsk, SeatMessage, SeatView
from tabletop.exercise.asks import WITH_OPTIONS
from tabletop.text import number_text, typed_number

MINUTE_MS = 60_000

LONGEST_NEXT_MIN = 24 * 60
"""Minutes until the next report at most."""

NAME, WHY, NEXT, ONLY = "name", "why", "next", "said"
"""Fields of a reply beside the elements of a report: who reports, the reason, when the next report is due, words or a number."""

OWN = "#"
"""Begins the names of fields that are not elements of a report, so that no element of a file can be taken for one."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that a seat owes, or may still change."""

    kind: Literal["receipt", "message", "ask"]
    id: str
    role: str
    """Of the seat's roles, the one that owes it."""
    at_ms: int
    """Since when, in exercise milliseconds."""
    deadline_ms: int | None = None
    over: Overdue | None = None
    """How late it is after that."""
    ask: SeatAsk | None = None
    message: SeatMessage | None = None
    mine: OwnAnswer | None = None
    """The answer that stands and can still be changed."""
    no_link: bool = False
    """Whether its role is cut off: what is typed and picked stays a draft until the link is back."""

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.id}/{self.role}"

    @property
    def inject(self) -> str:
        """The inject it is about; empty: it is about none."""
        return self.id if self.kind == "receipt" else "" if self.ask is None else self.ask.inject

    @property
    def read_by_enter(self) -> bool:
        """Whether `enter` alone confirms it."""
        return self.kind != "ask" or (self.ask is not None and self.ask.answer == "confirm" and self.mine is None)

    @property
    def owed(self) -> bool:
        return self.mine is None


def tasks(view: SeatView) -> tuple[Task, ...]:
    """What is owed, the oldest first and what is cut off last, then what can still be changed; nothing before STARTEX and after ENDEX."""
    if view.shared.phase != "running":
        return ()
    cut = {role.id for role in view.roles if role.no_link}
    found = (replace(task, no_link=task.role in cut) for task in (*_receipts(view), *_messages(view), *_asks(view)))
    return tuple(sorted(found, key=lambda task: (not task.owed, task.no_link, task.at_ms)))


def _receipts(view: SeatView) -> Iterator[Task]:
    for receipt in view.receipts:
        if receipt.confirmed_ms is None:
            yield Task("receipt", receipt.inject, receipt.role, receipt.since_ms, receipt.due_ms, receipt.over)


def _messages(view: SeatView) -> Iterator[Task]:
    for message in view.messages:
        if message.to_me and not message.read_back:
            yield Task("message", str(message.seq), message.to_role, message.at_ms, message.due_ms, message.over, message=message)


def _asks(view: SeatView) -> Iterator[Task]:
    told = {told.inject: told.at_ms for told in view.told}
    for ask in view.asks:
        for role in ask.roles if ask.open else ():
            mine = next((answer for answer in ask.mine if answer.role == role), None)
            if mine is None or not mine.fixed:
                yield Task("ask", ask.id, role, told.get(ask.inject, 0), ask.deadline_ms, ask.over, ask, mine=mine)


def news(view: SeatView) -> frozenset[str]:
    """A mark for everything that a bell is rung for when it comes."""
    return frozenset(
        [
            *(f"told/{told.inject}" for told in view.told),
            *(f"ask/{ask.id}" for ask in view.asks),
            *(f"message/{message.seq}" for message in view.messages if message.to_me),
            *(f"revealed/{revealed.ask}/{revealed.names}" for revealed in view.revealed),
            *(f"ruling/{item.at_ms}/{item.text}" for item in view.rulings),
            f"phase/{view.shared.phase}",
            f"paused/{view.shared.paused is not None}",
            f"link/{view.no_link}",
        ]
    )


def plain_digits(text: str) -> str:
    """What an input method sends for digits and points, as ASCII."""
    return unicodedata.normalize("NFKC", text).replace("。", ".").replace("．", ".").strip()


@dataclass(slots=True)
class Reply:
    """What was picked and typed towards a task, sent or not."""

    picked: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    """What stands in each field, by its name."""

    def kept(self) -> str:
        """As a draft; empty where there is nothing to keep."""
        texts = {name: text for name, text in self.texts.items() if text}
        return json.dumps([self.picked, texts], ensure_ascii=False) if self.picked or texts else ""

    @classmethod
    def of(cls, kept: str) -> Reply:
        """From a draft; one that cannot be read is none."""
        try:
            picked, texts = json.loads(kept) if kept else ([], {})
            return cls([str(one) for one in picked], {str(name): str(text) for name, text in texts.items()})
        except (ValueError, TypeError, AttributeError):
            return cls()

    def text(self, name: str) -> str:
        return self.texts.get(name, "").strip()

    def pick(self, ask: SeatAsk, option: str) -> None:
        """A digit: takes this option, or takes it or leaves it, or puts it next in the order."""
        if ask.answer == "choice":
            self.picked = [option]
        elif option in self.picked:
            self.picked.remove(option)
        else:
            self.picked.append(option)

    def value(self, ask: SeatAsk) -> AnswerValue | None:
        """The answer as far as it is complete; None where something is missing."""
        match ask.answer:
            case "choice":
                return tuple(self.picked) if len(self.picked) == 1 else None
            case "choices":
                chosen = tuple(option.id for option in ask.options if option.id in self.picked)
                return chosen or None
            case "order":
                return tuple(self.picked) if len(self.picked) == len(ask.options) else None
            case "text":
                return self.text(OWN + ONLY) or None
            case "number":
                return typed_number(self.text(OWN + ONLY))
            case "confirm":
                return True
            case "report":
                stated = {element.id: self.text(element.id) for element in ask.elements}
                return {name: text for name, text in stated.items() if text} or None

    @property
    def next_ms(self) -> int | None:
        """In how many milliseconds the next report is due; None where it was not said, or not as a number of minutes."""
        minutes = typed_number(self.text(OWN + NEXT).removesuffix("分钟").removesuffix("分").rstrip("minMIN "))
        return round(minutes * MINUTE_MS) if minutes is not None and 0 < minutes <= LONGEST_NEXT_MIN else None

    def lacks(self, ask: SeatAsk, person: str) -> str:
        """Which part of an answer is still missing: `said`, `name`, `next`, `why`; empty: none."""
        if self.value(ask) is None:
            return ONLY
        if ask.answer == "report" and not person:
            return NAME
        if self.next_unclear:
            return NEXT
        return WHY if ask.rationale == "required" and not self.text(OWN + WHY) else ""

    @property
    def next_unclear(self) -> bool:
        """Whether the time of the next report was said in a way that is no number of minutes."""
        return bool(self.text(OWN + NEXT)) and self.next_ms is None


def reply_of(ask: SeatAsk, answer: OwnAnswer) -> Reply:
    """A standing answer as somebody would enter it, to be changed; without when the next report comes, which was said of another moment."""
    texts = {OWN + WHY: answer.rationale} if answer.rationale else {}
    value = answer.value
    if isinstance(value, dict):
        return Reply([], {**value, **texts})
    if isinstance(value, str):
        return Reply([], {OWN + ONLY: value, **texts})
    if isinstance(value, float):
        return Reply([], {OWN + ONLY: number_text(value), **texts})
    return Reply(list(value) if isinstance(value, tuple) else [], texts)


def fields_of(ask: SeatAsk, *, nameless: bool, why: bool) -> tuple[str, ...]:
    """The text fields of an ask, in order; `why` where somebody wants to give a reason, or must."""
    names: tuple[str, ...] = ()
    if ask.answer in ("text", "number"):
        names = (OWN + ONLY,)
    elif ask.answer == "report":
        names = (*([OWN + NAME] if nameless else []), *(element.id for element in ask.elements), OWN + NEXT)
    given = ask.rationale != "none" and (why or ask.rationale == "required")
    return (*names, OWN + WHY) if given else names


def by_digits(ask: SeatAsk) -> bool:
    """Whether digits answer it."""
    return ask.answer in WITH_OPTIONS

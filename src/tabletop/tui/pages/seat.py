"""A seat in lines: drawn from a SeatView alone. What it was told last, what it is asked, what it said, what is known so far.

Owns: what stands where on a seat. Refuses to own: what may be shown (`engine.seats`), and answering.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.content import Content

from tabletop.engine.events import AnswerValue
from tabletop.engine.views import OwnAnswer, Receipt, Revealed, SeatAsk, SeatMessage, SeatView, Told
from tabletop.text import Text, clean, number_text
from tabletop.words import Words

from ..look import line, plain, say, span_text, spread, time_left
from .board import set_lines
from .lines import wrapped
from .wall import paused_text

WIDEST = 84
"""Cells of a line on a seat at most."""

SET_IN = 2
"""Cells by which text stands in from its heading."""


@dataclass(frozen=True, slots=True)
class SeatPage:
    """A seat at one moment, `width` cells wide."""

    view: SeatView
    words: Words
    language: str
    """Of the exercise's texts."""
    width: int

    @property
    def _column(self) -> int:
        return min(WIDEST, self.width - 4)

    @property
    def margin(self) -> int:
        """Cells left of the column."""
        return max(2, (self.width - self._column) // 2)

    def head(self) -> list[Content]:
        """Who sits here, and the clock; stands above what can be scrolled."""
        view, words, shared = self.view, self.words, self.view.shared
        between = "、" if words.language.startswith("zh") else ", "
        who = between.join(self._who(index) for index in range(len(view.roles)))
        clock = f"{self._sign}{span_text(shared.now_ms)}"
        left = Content.assemble((f"{words('seat.you-are')}  ", "$text-muted"), plain(who, "bold"))
        lines = [spread(left, plain(clock, "bold"), self._column)]
        if len(view.roles) == 1:
            lines += self._set(words("seat.duty", duty=line(view.roles[0].duty, self.language)), "$text-muted")
        lines += self._signs()
        return [Content(""), *(content.pad_left(self.margin) for content in lines), Content("")]

    @property
    def _sign(self) -> str:
        """Whether the clock runs; after ENDEX it neither runs nor is paused."""
        shared = self.view.shared
        return "" if shared.phase == "ended" else "▶ " if shared.running else "‖ "

    def _signs(self) -> list[Content]:
        """What stops play: a cut link, a pause and why, ENDEX."""
        words, shared = self.words, self.view.shared
        cut = tuple(role.id for role in self.view.roles if role.no_link)
        link = words("seat.no-link") if self.view.no_link else words("seat.no-link-of", roles=self._names(cut)) if cut else ""
        lines = [plain(f"  {link}  ", "bold reverse $text-error")] if link else []
        if shared.paused is not None:
            text = paused_text(shared.paused, words, self.language)
            lines += [plain(f"  {piece}  ", "bold reverse $text-warning") for piece in wrapped(f"‖ {text}", self._column - 4)]
        elif not shared.driven and shared.phase == "running":
            lines += [plain(f"  ‖ {words('wall.not-driven')}  ", "bold reverse $text-warning")]
        elif shared.phase == "ended":
            lines += [plain(words("wall.endex", time=span_text(shared.now_ms)), "bold $text-accent")]
        return [*lines, *self._stops()]

    def _stops(self) -> list[Content]:
        """The roles that are not played at this seat any more, and who plays them; after ENDEX nothing is played."""
        shown: list[Content] = []
        for role in self.view.roles if self.view.shared.phase != "ended" else ():
            if role.stopped is not None:
                said = self.words(f"seat.stopped-{role.stopped.why}", role=line(role.title, self.language))
                shown += [piece.pad_left(SET_IN) for piece in self._set(said, "bold reverse $text-warning")]
        return shown

    def _who(self, index: int) -> str:
        role = self.view.roles[index]
        names = " / ".join(name for _, name in role.people)
        title = line(role.title, self.language)
        return f"{title} · {names}" if names else title

    def body(self) -> list[Content]:
        """What is known and asked, the newest first."""
        view, words = self.view, self.words
        lines: list[Content] = []
        if view.told:
            lines += self._told(view.told[-1])
        else:
            lines += [self._heading(words("seat.scene")), *self._text(self._say(view.shared.setting))]
        lines += self._asked()
        lines += self._receipts()
        lines += [*self._all_revealed(), *self._rulings(), *self._messages(), *self._decisions()]
        lines += self._before()
        return [content.pad_left(self.margin) if content else content for content in lines]

    def _all_revealed(self) -> list[Content]:
        lines: list[Content] = []
        for revealed in reversed(self.view.revealed):
            lines += [Content(""), self._heading(self.words("seat.revealed")), *self._revealed(revealed)]
        return lines

    def _rulings(self) -> list[Content]:
        if not self.view.rulings:
            return []
        lines = [Content(""), self._heading(self.words("seat.rulings"))]
        for item in reversed(self.view.rulings):
            lines += self._timed(item.at_ms, " ".join(item.text.split()))
        return lines

    def _messages(self) -> list[Content]:
        if not self.view.messages:
            return []
        lines = [Content(""), self._heading(self.words("seat.messages"))]
        for message in reversed(self.view.messages):
            lines += self._timed(message.at_ms, self._message(message))
            if message.words:
                lines += self._set(self.words("seat.read-back-as", text=" ".join(message.words.split())), "", 10)
        return lines

    def _decisions(self) -> list[Content]:
        """What was decided and recorded here, so that a wrong word is noticed."""
        if not self.view.decisions:
            return []
        lines = [Content(""), self._heading(self.words("seat.decisions"))]
        for decision in reversed(self.view.decisions):
            who = f"{self._names((decision.role,))} · " if len(self.view.roles) > 1 else ""
            lines += self._timed(decision.at_ms, f"✓ {who}{' '.join(decision.text.split())}", "$text-success")
            if decision.reason:
                lines += self._set(self.words("seat.because", reason=" ".join(decision.reason.split())), "", 12)
        return lines

    def _message(self, message: SeatMessage) -> str:
        names = {"sender": line(message.sender, self.language), "to": line(message.to, self.language)}
        text = self.words("seat.message", text=" ".join(message.text.split()), **names)
        if not message.read_back:
            return text
        return f"{text}  {self.words('seat.read-back' if message.words else 'seat.message-confirmed')}"

    def _say(self, text: Text | None) -> str:
        return say(text, self.language)

    def _heading(self, text: str) -> Content:
        return Content.assemble((f"── {clean(text)} ", "bold $text-accent"), ("─" * self._column, "$border")).truncate(self._column)

    def _set(self, text: str, style: str = "", indent: int = 0) -> list[Content]:
        return [plain(piece, style).pad_left(indent) for piece in wrapped(text, self._column - indent)]

    def _text(self, text: str) -> list[Content]:
        return [plain(piece, "bold").pad_left(SET_IN) for part in text.split("\n") for piece in set_lines(part, self._column - SET_IN)]

    def _timed(self, at_ms: int, text: str, style: str = "") -> list[Content]:
        shown = []
        for at, piece in enumerate(wrapped(text, self._column - 10)):
            shown.append(Content.assemble((f"{span_text(at_ms):>8}  " if at == 0 else " " * 10, "$text-muted"), plain(piece, style)))
        return shown

    def _told(self, told: Told) -> list[Content]:
        words = self.words
        title = words("wall.title", title=line(told.title, self.language))
        to = words("seat.to-all")
        if told.roles:
            names = self._names(told.roles)
            to = words("seat.to-you") if len(self.view.roles) == 1 else words("seat.to-you-two", roles=names)
        shown = [self._heading(title), Content.assemble("  ", (f"{span_text(told.at_ms)} · {to}", "$text-muted"))]
        if told.sender is not None:
            shown += [plain(words("seat.from", sender=line(told.sender, self.language)), "$text-muted").pad_left(SET_IN)]
        return [*shown, *self._text(self._say(told.text))]

    def _names(self, roles: tuple[str, ...]) -> str:
        known = {role.id: line(role.short, self.language) for role in self.view.roles}
        return ("、" if self.words.language.startswith("zh") else ", ").join(known[role] for role in roles)

    def _asked(self) -> list[Content]:
        words = self.words
        asks = [ask for ask in reversed(self.view.asks) if ask.open and not self._settled(ask)]
        shown = [Content(""), self._heading(words("seat.asked"))]
        if not asks:
            return [*shown, plain(words("seat.nothing-asked"), "$text-muted").pad_left(SET_IN)]
        for at, ask in enumerate(asks):
            shown += [*([Content("")] if at else []), *self._ask(ask)]
        return shown

    def _settled(self, ask: SeatAsk) -> bool:
        """Whether all roles that are asked have answered for good."""
        return bool(ask.mine) and {answer.role for answer in ask.mine if answer.fixed} == set(ask.roles)

    def _ask(self, ask: SeatAsk) -> list[Content]:
        words = self.words
        left = words("seat.no-limit")
        style = "$text-muted"
        if ask.deadline_ms is not None:
            left_ms = time_left(ask.deadline_ms, ask.over, self.view.shared.now_ms)
            over = left_ms < 0
            left = words("seat.over" if over else "seat.left", time=span_text(-left_ms if over else left_ms))
            style = "bold $text-error" if over else "bold $text-warning" if left_ms <= 60_000 else "bold"
        question = wrapped(line(ask.question, self.language), self._column - SET_IN - 16)
        shown = [spread(plain(question[0], "bold").pad_left(SET_IN), plain(left, style), self._column)]
        shown += [plain(piece, "bold").pad_left(SET_IN) for piece in question[1:]]
        elements = " · ".join(line(one.text, self.language) for one in ask.elements)
        shown += self._set(words(f"seat.how-{ask.answer}", elements=elements), "$text-muted", SET_IN)
        for number, option in enumerate(ask.options, start=1):
            for at, piece in enumerate(wrapped(line(option.text, self.language), self._column - 7)):
                shown.append(Content.assemble((f"   {number}   " if at == 0 else "       ", "bold $text-accent"), plain(piece)))
        for answer in ask.mine:
            shown += self._mine(ask, answer)
        return shown

    def _mine(self, ask: SeatAsk, answer: OwnAnswer, indent: int = SET_IN) -> list[Content]:
        words, text = self.words, self.value(ask, answer.value)
        time = span_text(answer.at_ms)
        if len(self.view.roles) > 1:
            said = words("seat.role-answered", role=self._names((answer.role,)), answer=text, time=time)
        elif self._is_me(answer.person):
            said = words("seat.you", answer=text, time=time)
        else:
            said = words("seat.role-answered", role=answer.person, answer=text, time=time)
        shown = self._set(f"✓ {said}", "bold $text-success", indent)
        if answer.next_report_ms is not None:
            shown += self._set(words("seat.next-report", time=span_text(answer.next_report_ms)), "", indent + 2)
        if answer.rationale:
            shown += self._set(words("seat.because", reason=" ".join(answer.rationale.split())), "", indent + 2)
        return shown

    def _is_me(self, person: str) -> bool:
        """Whether who looks on here may be called `you` for what that person answered."""
        return True

    def value(self, ask: SeatAsk, value: AnswerValue) -> str:
        """An answer in the words of the exercise."""
        if isinstance(value, bool):
            return self.words("seat.yes")
        if isinstance(value, tuple):
            texts = {option.id: line(option.text, self.language) for option in ask.options}
            return (" → " if ask.answer == "order" else " · ").join(texts.get(option, option) for option in value)
        if isinstance(value, dict):
            titles = {element.id: line(element.text, self.language) for element in ask.elements}
            stated = ((titles.get(key, key), " ".join(text.split())) for key, text in value.items())
            return " · ".join(self.words("follow.stated", element=title, text=text) for title, text in stated)
        return number_text(value) if isinstance(value, float) else " ".join(value.split())

    def _receipts(self) -> list[Content]:
        shown: list[Content] = []
        for receipt in self.view.receipts:
            shown += self._receipt(receipt)
        return [Content(""), *shown] if shown else []

    def _receipt(self, receipt: Receipt) -> list[Content]:
        title = next(line(told.title, self.language) for told in self.view.told if told.inject == receipt.inject)
        who = f"{self._names((receipt.role,))} · " if len(self.view.roles) > 1 else ""
        if receipt.confirmed_ms is not None:
            text = self.words("seat.confirmed", time=span_text(receipt.confirmed_ms))
            return self._set(f"{who}{title}  {text}", "$text-success", SET_IN)
        left_ms = receipt.since_ms + receipt.within_ms - self.view.shared.now_ms
        left = self.words("seat.left" if left_ms >= 0 else "seat.over", time=span_text(abs(left_ms)))
        said = plain(f"! {who}{title}  {self.words('seat.confirm-receipt')}", "bold $text-warning").pad_left(SET_IN)
        return [spread(said, plain(left, "bold"), self._column)]

    def _revealed(self, revealed: Revealed) -> list[Content]:
        shown = self._set(line(revealed.question, self.language), "bold", SET_IN)
        for tally in revealed.tallies:
            text = " → ".join(line(part, self.language) for part in tally.texts) or self.words("seat.yes")
            names = "、" if self.words.language.startswith("zh") else ", "
            who = f"  {names.join(line(role, self.language) for role in tally.roles)}" if tally.roles else ""
            for at, piece in enumerate(wrapped(f"{text}{who}", self._column - 8)):
                shown.append(Content.assemble((f"{tally.count:>5}   " if at == 0 else " " * 8, "bold $text-accent"), plain(piece)))
        return shown

    def _said(self, asks: Iterable[SeatAsk]) -> list[tuple[SeatAsk, OwnAnswer]]:
        """What this seat answered and is shown nowhere else: it stays in sight."""
        return [(ask, answer) for ask in asks for answer in ask.mine if self._is_before(ask, answer)]

    def _is_before(self, ask: SeatAsk, answer: OwnAnswer) -> bool:
        """Whether an answer stands with what came before."""
        return answer.fixed and (not ask.open or self._settled(ask))

    @property
    def whole(self) -> tuple[Told, ...]:
        """What stands above with its text."""
        return self.view.told[-1:]

    def _before(self) -> list[Content]:
        """What came before, the newest first, each with what this seat answered to it; then answers to what only others were told."""
        view, whole = self.view, self.whole
        shown: list[Content] = []
        for told in reversed(view.told):
            said = self._said(ask for ask in view.asks if ask.inject == told.inject)
            if told in whole and not said:
                continue
            to = f" · {self._names(told.roles)}" if told.roles and len(view.roles) > 1 else ""
            shown += self._timed(told.at_ms, line(told.title, self.language) + to, "bold")
            shown += [piece for ask, answer in said for piece in self._mine(ask, answer, 10)]
        known = {told.inject for told in view.told}
        for ask, answer in self._said(ask for ask in view.asks if ask.inject not in known):
            shown += [*self._set(line(ask.question, self.language), "bold", 10), *self._mine(ask, answer, 10)]
        return [Content(""), self._heading(self.words("seat.before")), *shown] if shown else []

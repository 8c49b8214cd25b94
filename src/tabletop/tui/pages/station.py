"""A station in lines: what a seat knows, and what it owes. Drawn from SeatViews alone.

Owns: what stands where on a station. Refuses to own: what may be shown (`engine.seats`), fields for words (`screens.station`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from tabletop.engine.links import Overdue
from tabletop.engine.state import same_person
from tabletop.engine.views import OwnAnswer, SeatAsk, Told

from ..actions import key_name
from ..look import line, number_key, plain, span_text, spread, time_left
from ..player_actions import READ
from ..tasks import NAME, OWN, Reply, Task
from .lines import wrapped
from .seat import SET_IN, SeatPage

SHORT = 6
"""Lines of an answer that stands, where it would take the room of everything else."""


@dataclass(frozen=True, slots=True)
class StationPage(SeatPage):
    """A seat whose people answer at this very screen."""

    fresh: frozenset[str] = frozenset()
    """What has come just now (see `tasks.news`)."""
    owed: tuple[Task, ...] = ()
    at: Task | None = None
    """What stands below to be answered."""
    scribe: str = ""
    """Who types for a group."""
    unsent: tuple[tuple[SeatAsk, Reply], ...] = ()
    """What was typed and not sent, of questions that take it no more."""

    def _is_me(self, person: str) -> bool:
        """Two people may sit at one role, each at a device of their own."""
        return not person or same_person(person) == same_person(self.scribe)

    def head(self) -> list[Content]:
        """Who sits here, and the clock; stands above what can be scrolled."""
        view, words, shared = self.view, self.words, self.view.shared
        if len(view.roles) == 1:
            named = {same_person(name) for _, name in view.roles[0].people}
            # Somebody else may be named at the role: whoever is at this device sees their own name.
            other = self.scribe and same_person(self.scribe) not in named
            who = f"{line(view.roles[0].title, self.language)} · {self.scribe}" if other else self._who(0)
        else:
            who = self._names(tuple(role.id for role in view.roles))
            who = f"{who} · {self.scribe}" if self.scribe else who
        clock = f"{self._sign}{span_text(shared.now_ms)}"
        left = Content.assemble((f"{words('seat.you-are')}  ", "$text-muted"), plain(who, "bold"))
        lines = [spread(left, plain(clock, "bold"), self._column), *self._signs(), *self._reports()]
        return [content.pad_left(self.margin) for content in lines]

    def _reports(self) -> list[Content]:
        """What the roles said they would report, and when: in sight until it comes."""
        shown: list[Content] = []
        for report in self.view.reports:
            left, style = self.time_left(report.due_ms, report.over)
            text = self.words("station.report-owed", time=span_text(report.due_ms))
            if len(self.view.roles) > 1:
                text = f"{self._names((report.role,))} · {text}"
            shown.append(spread(plain(f"! {text}", "bold"), plain(left, style), self._column))
        return shown

    def body(self) -> list[Content]:
        """All that is known."""
        return [*self.newest(), *self.rest()]

    @property
    def about(self) -> Told | None:
        """What the task below is about, where that is not what was told last."""
        inject = "" if self.at is None else self.at.inject
        return next((told for told in self.view.told[:-1] if told.inject == inject), None)

    @property
    def whole(self) -> tuple[Told, ...]:
        """What was told last, and what the task below is about."""
        return (*self.view.told[-1:], *(() if self.about is None else (self.about,)))

    def newest(self) -> list[Content]:
        """What was told last, and what the task below is about; before anything was told, the setting."""
        lines = [*self.newest_alone(), *([] if self.about is None else [Content(""), *self._told(self.about)])]
        return self._set_in(lines)

    def newest_alone(self) -> list[Content]:
        """What was told last; before anything was, the setting."""
        return self._told(self.view.told[-1]) if self.view.told else self._scene()

    def texts(self, first: str) -> list[Content]:
        """Everything that was told, whole, the inject `first` at the head, then the newest; then what else is known."""
        lines, newest_first = list[Content](), self.view.told[::-1]
        for told in sorted(newest_first, key=lambda told: told.inject != first):
            lines += [*self._told(told), Content("")]
        return [*self._set_in(lines), *self.rest()]

    def rest(self) -> list[Content]:
        """The parts of the roles, what else is owed in a line each, and what was known before."""
        view, lines = self.view, list[Content]()
        at_rest = view.shared.phase != "ended" and (not view.told or not self.owed)
        if at_rest:
            lines += [Content(""), *self._parts(), *self._idle()]
        lines += self._other_owed()
        lines += [*self._unsent(), *self._feedback(), *self._all_revealed(), *self._rulings(), *self._messages(), *self._decisions()]
        lines += self._before()
        if view.told:
            lines += [Content(""), *self._scene(), *(() if at_rest else self._parts())]
        return self._set_in(lines)

    def _scene(self) -> list[Content]:
        """The setting: who joins late, or takes over a role, reads it too."""
        setting = self._say(self.view.shared.setting)
        return [self._heading(self.words("seat.scene")), *self._text(setting)] if setting else []

    def _unsent(self) -> list[Content]:
        """What was typed towards questions that take it no more."""
        shown: list[Content] = []
        for ask, reply in self.unsent:
            picked = [line(option.text, self.language) for option in ask.options if option.id in reply.picked]
            texts = [" ".join(text.split()) for name, text in reply.texts.items() if name != OWN + NAME]
            shown += self._set(line(ask.question, self.language), "$text-muted", SET_IN)
            shown += self._set(" · ".join(part for part in (*picked, *texts) if part), "", SET_IN)
        return [Content(""), self._heading(self.words("web.unsent-title")), *shown] if shown else []

    def _feedback(self) -> list[Content]:
        """What this seat said after ENDEX."""
        if not self.view.feedback:
            return []
        shown = [Content(""), self._heading(self.words("station.feedback-given"))]
        for word in self.view.feedback:
            which, text = self.words(f"station.feedback-{word.category}"), " ".join(word.text.split())
            shown += self._set(f"✓ {self.words('follow.stated', element=which, text=text)}", "", SET_IN)
        return shown

    def _is_before(self, ask: SeatAsk, answer: OwnAnswer) -> bool:
        """Every answer is in sight: what stands below to be changed, there; all others with what came before."""
        return self.at is None or (self.at.kind, self.at.id, self.at.role) != ("ask", ask.id, answer.role)

    def _set_in(self, lines: Sequence[Content]) -> list[Content]:
        return [content.pad_left(self.margin) if content else content for content in lines]

    def _text(self, text: str) -> list[Content]:
        """Read at arm's length: lines as long as there is room, so that more of a text is in sight."""
        return [piece for part in text.split("\n") for piece in self._set(part, "bold", SET_IN)]

    def _parts(self) -> list[Content]:
        """What the roles are for."""
        shown: list[Content] = []
        for role in self.view.roles:
            name = f"{line(role.title, self.language)} · " if len(self.view.roles) > 1 else ""
            shown += self._set(name + self.words("seat.duty", duty=line(role.duty, self.language)), "$text-muted", SET_IN)
        return shown

    def _idle(self) -> list[Content]:
        """That nothing is asked of anybody here."""
        if self.view.shared.phase != "running" or self.owed:
            return []
        text = self.words("station.no-link-about" if self.view.no_link else "seat.nothing-asked")
        return [Content(""), *self._set(text, "$text-muted", SET_IN)]

    def _told(self, told: Told) -> list[Content]:
        words = self.words
        title = words("wall.title", title=line(told.title, self.language))
        to = words("seat.to-all")
        if told.roles:
            names = self._names(told.roles)
            to = words("seat.to-you") if len(self.view.roles) == 1 else words("seat.to-you-two", roles=names)
        new = f"told/{told.inject}" in self.fresh
        heading = plain(f" ● {words('station.new')}  {title} ", "bold reverse $text-accent") if new else self._heading(title)
        shown = [heading.truncate(self._column), Content.assemble("  ", (f"{span_text(told.at_ms)} · {to}", "$text-muted"))]
        if told.sender is not None:
            shown += [plain(words("seat.from", sender=line(told.sender, self.language)), "$text-muted").pad_left(SET_IN)]
        return [*shown, *self._text(self._say(told.text))]

    def _other_owed(self) -> list[Content]:
        """What is owed beside what stands below, with its time: `tab` leads there."""
        others = [task for task in self.owed if task.owed and (self.at is None or task.key != self.at.key)]
        if not others:
            return []
        shown = [Content(""), self._heading(self.words("station.also"))]
        for task in others:
            left, style = self.time_left(task.deadline_ms, task.over)
            shown.append(spread(plain(f"· {self.title_of(task)}").pad_left(SET_IN), plain(left, style), self._column))
        return shown

    def arrival(self, mark: str) -> str:
        """What has come, in a line: a mark of `tasks.news`."""
        kind, _, name = mark.partition("/")
        words, several = self.words, len(self.view.roles) > 1
        if kind == "message":
            found = next(message for message in self.view.messages if str(message.seq) == name)
            sender, to = line(found.sender, self.language), line(found.to, self.language)
            return words("station.came-message-to" if several else "station.came-message", sender=sender, to=to)
        if kind == "ask":
            ask = next(ask for ask in self.view.asks if ask.id == name)
            question = words("station.came-ask", question=line(ask.question, self.language))
            return f"{self._names(ask.roles)} · {question}" if several else question
        told = next(told for told in self.view.told if told.inject == name)
        title = line(told.title, self.language)
        if told.sender is None:
            return words("station.came-told", title=title)
        return words("station.came-told-from", title=title, sender=line(told.sender, self.language))

    def title_of(self, task: Task) -> str:
        """A task in one line; in a group, for which role it is."""
        words = self.words
        if task.kind == "receipt":
            told = next((told for told in self.view.told if told.inject == task.id), None)
            text = words("station.confirm", title="" if told is None else line(told.title, self.language))
        elif task.message is not None:
            text = words("station.message-from", sender=line(task.message.sender, self.language))
        else:
            text = "" if task.ask is None else line(task.ask.question, self.language)
        return f"{self._names((task.role,))} · {text}" if len(self.view.roles) > 1 else text

    def time_left(self, deadline_ms: int | None, over: Overdue | None) -> tuple[str, str]:
        """How long something still has, or how late it is, and its style."""
        if deadline_ms is None:
            return "", "$text-muted"
        left_ms = time_left(deadline_ms, over, self.view.shared.now_ms)
        if left_ms < 0:
            return self.words("seat.over", time=span_text(-left_ms)), "bold $text-error"
        return self.words("seat.left", time=span_text(left_ms)), "bold $text-warning" if left_ms <= 60_000 else "bold"

    # What stands below to be answered.

    def task(self, task: Task, reply: Reply, place: tuple[int, int], *, short: bool = False) -> list[Content]:
        """The task that is answered now; `place`: its number among those open, and how many there are; `short`: what can be chosen has no
        room beside more than that.
        """
        words = self.words
        left, style = self.time_left(task.deadline_ms, task.over)
        number = words("station.of", n=place[0], of=place[1]) if place[1] > 1 else ""
        right = plain("   ".join(part for part in (number, left) if part), style)
        new = bool({f"ask/{task.id}", f"message/{task.id}"} & self.fresh)
        title = wrapped(f"{'● ' if new else ''}{self.title_of(task)}", self._column - right.cell_length - 2)
        shown = [spread(plain(title[0], "bold reverse" if new else "bold"), right, self._column)]
        shown += [plain(piece, "bold") for piece in title[1:]]
        if self.about is not None:
            about = words("station.about", title=line(self.about.title, self.language), key=key_name(READ.keys[0], words))
            shown += self._set(about, "$text-muted", SET_IN)
        if task.no_link and task.kind != "receipt":
            shown += self._set(words("station.draft-only"), "bold $text-warning", SET_IN)
        if task.kind == "receipt":
            code = "station.receipt-no-link" if task.no_link else "seat.confirm-receipt"
            shown += self._set(words(code), "bold $text-warning", SET_IN)
        elif task.message is not None:
            shown += self._set(" ".join(task.message.text.split()), "bold", SET_IN)
            shown += self._set(words("station.read-it-back"), "$text-muted", SET_IN)
        elif task.ask is not None:
            shown += self._asking(task, task.ask, reply, short)
        return [content.pad_left(self.margin) for content in shown]

    def draft_only(self) -> list[Content]:
        """That what is written stays a draft, above its fields."""
        lines = self._set(self.words("station.draft-only"), "bold $text-warning", SET_IN)
        return [content.pad_left(self.margin) for content in lines]

    def _asking(self, task: Task, ask: SeatAsk, reply: Reply, short: bool) -> list[Content]:
        words = self.words
        shown: list[Content] = []
        if task.mine is not None:
            shown += self._mine(ask, task.mine)
            most = (1 if reply.kept() else SHORT) if short else len(shown)
            if len(shown) > most:
                shown = [*shown[: most - 1], Content.assemble(shown[most - 1], ("…", "$text-muted"))]
            if ask.answer != "confirm" and not (short and reply.kept()):
                shown += self._set(
                    words("station.change-timed" if ask.deadline_ms is not None else "station.change"), "$text-muted", SET_IN
                )
            if not reply.kept():
                # The text above is worth more room than what is answered already.
                return shown
        elif not ask.elements and not short:
            shown += self._set(words(f"seat.how-{ask.answer}"), "$text-muted", SET_IN)
        for number, option in enumerate(ask.options, start=1):
            picked = option.id in reply.picked
            order = f"{reply.picked.index(option.id) + 1}." if picked and ask.answer == "order" else "✓ " if picked else "  "
            style = "bold reverse" if picked else ""
            for at, piece in enumerate(wrapped(line(option.text, self.language), self._column - 9)):
                key = (f" {number_key(number):>2} {order} " if at == 0 else "       ", "bold $text-accent")
                shown.append(Content.assemble(key, plain(piece, style)))
        return shown

    def roles_listed(self, heading: str, rows: Sequence[tuple[str, str]]) -> list[Content]:
        """Roles to choose from by their digits: pairs of key and name, in as many columns as fit."""
        shown = [plain(heading, "bold")]
        wide = max((plain(name).cell_length for _, name in rows), default=0) + 6
        columns = max(1, min(3, (self._column - 2) // max(1, wide)))
        height = -(-len(rows) // columns)
        for at in range(height):
            parts = []
            for key, name in rows[at::height]:
                part = Content.assemble((f"{key:>3}  ", "bold $text-accent"), plain(name))
                parts.append(part.pad_right(max(0, wide - part.cell_length)))
            shown.append(Content("").join(parts))
        return [content.pad_left(self.margin) for content in shown]

"""What a seat is told, as plain lines one after the other: for a screen reader, or for a log. Made from SeatViews alone.

Owns: what is new in a view, and its words. Refuses to own: what may be said (`engine.seats`), and where the lines go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tabletop.engine.events import AnswerValue
from tabletop.engine.views import OwnAnswer, RealEmergency, Receipt, Revealed, SeatAsk, SeatView, Told
from tabletop.text import Text, number_text
from tabletop.words import Words

from .look import clock_text, line
from .pages.alarm import on_roll, place_text
from .pages.wall import pause_why

MINUTE_MS = 60_000
"""With so many milliseconds left, an open question is called once more, where there were more to begin with."""

COUNTED = ("emergency", "counted")
"""How the keys of those begin who are accounted for."""

Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One line: when in exercise milliseconds, of what sort, in which words."""

    at_ms: int
    kind: str
    text: str
    style: str = ""
    """How it may be set off in a terminal (`cli.output.STYLES`)."""
    about: Mapping[str, object] = field(default_factory=dict)
    """What it is about, for programs: ids and values that the view holds."""


class SeatTeller:
    """Tells one seat what it does not know yet."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._before: SeatView | None = None
        self._known: dict[Key, Said] = {}
        self._until: dict[object, object] = {}
        """The deadline that was known last of each question; one that stands still behind a cut link comes back later."""

    def told(self, view: SeatView) -> list[Said]:
        """What came in with this view; the first time everything there is, the oldest first."""
        first, self._before = self._before is None, view
        if view.shared.emergency is not None and view.shared.emergency.confirmed:
            # Nothing of the exercise is said until somebody stands it down.
            now = {key: said for key, said in self._facts(view).items() if key[0] == "emergency"}
            missed = [key for key in self._known if key[:2] == COUNTED and key not in now]
            fresh = [said for key, said in now.items() if key not in self._known]
            fresh += [self._count(view, "told-missing", str(self._known.pop(key).about["who"])) for key in missed]
            self._known |= now
            return fresh
        now = self._facts(view)
        fresh = [said for key, said in now.items() if key not in self._known and self._worth_saying(key)]
        gone = {said.text: said for key in self._known if key not in now for said in self._gone(view, key, now)}
        self._known = now
        return sorted(fresh, key=lambda said: said.at_ms) if first else [*gone.values(), *fresh]

    def keys(self, view: SeatView) -> Iterable[Key]:
        """What there is to be told of a view, whether it was told or not."""
        return self._facts(view)

    def _worth_saying(self, key: Key) -> bool:
        """A deadline that comes nearer because somebody answered early is no news, nor a pause that an emergency left without a reason."""
        if key[0] == "paused" and not any(key[1:]):
            return all(known[0] not in ("paused", "emergency") for known in self._known)
        if key[0] != "until":
            return True
        before, self._until[key[1]] = self._until.get(key[1]), key[2]
        return isinstance(before, int) and isinstance(key[2], int) and before < key[2]

    # What a view holds, each thing under a key of its own.

    def _facts(self, view: SeatView) -> dict[Key, Said]:
        facts: dict[Key, Said] = {}
        owed = (self._asks, self._receipts, self._reports)
        for part in (self._place, self._clock, self._told_all, *owed, self._spoken, self._decided, self._revealed_all, self._safety):
            facts.update(part(view))
        return facts

    def _say(self, view: SeatView, code: str, at_ms: int | None = None, style: str = "", **values: object) -> Said:
        text = " ".join(self.words(f"follow.{code}", **values).split())
        return Said(view.shared.now_ms if at_ms is None else at_ms, code, text, style)

    def _line(self, text: Text | None) -> str:
        return line(text, self.words.language)

    def _joined(self, parts: Sequence[str]) -> str:
        return joined(parts, self.words)

    def _names(self, view: SeatView, roles: Sequence[str]) -> str:
        """Short names of roles of the seat; empty where there is one, which need not be named."""
        known = {role.id: self._line(role.short) for role in view.roles}
        return self.words("follow.and").join(known.get(role, role) for role in roles) if len(known) > 1 else ""

    def _whom(self, view: SeatView, role: str) -> str:
        """Who is meant, before what is said to them; empty where the seat has one role."""
        names = self._names(view, (role,))
        return self.words("follow.to-whom", who=names) if names else ""

    def _place(self, view: SeatView) -> Iterator[tuple[Key, Said]]:
        """Who sits here, and the scene."""
        for role in view.roles:
            said = self._say(view, "seat", 0, who=self._line(role.title), duty=self._line(role.duty))
            yield ("seat", role.id), Said(0, said.kind, said.text, "strong", {"role": role.id})
            if names := self.words("follow.and").join(name for _, name in role.people):
                yield ("people", role.id, names), self._say(view, "people", names=names, whom=self._whom(view, role.id))
        yield ("setting",), self._say(view, "setting", 0, text=self._line(view.shared.setting))
        if view.shared.alert != "none":
            alert = self.words(f"alert.{view.shared.alert}")
            yield ("alert", view.shared.alert), self._say(view, "alert", view.shared.alert_ms, "warn", alert=alert)

    def _clock(self, view: SeatView) -> Iterator[tuple[Key, Said]]:
        shared = view.shared
        if shared.phase != "briefing":
            yield ("startex",), self._say(view, "startex", 0, "strong")
        if shared.paused is not None:
            why = pause_why(shared.paused.reason, self.words)
            place = self._line(shared.paused.place)
            site = self.words("follow.at-site", site=place) if place else ""
            yield ("paused", why, site), self._say(view, "paused", style="warn", why=self._joined((why, site)))
        if not shared.driven and shared.phase == "running":
            yield ("not-driven",), self._say(view, "not-driven", style="warn")
        if shared.phase == "ended":
            yield ("endex",), self._say(view, "endex", shared.now_ms, "strong")

    def _told_all(self, view: SeatView) -> Iterator[tuple[Key, Said]]:
        for told in view.told:
            yield ("told", told.inject, told.at_ms), self._told(view, told)

    def _told(self, view: SeatView, told: Told) -> Said:
        words = self.words
        to = words("seat.to-all")
        if told.roles:
            names = self._names(view, told.roles)
            to = words("seat.to-you-two", roles=names) if names else words("seat.to-you")
        sender = "" if told.sender is None else words("seat.from", sender=self._line(told.sender))
        title = words("wall.title", title=self._line(told.title))
        text = words("follow.told", title=title, to=self._joined((to, sender)), text=self._line(told.text))
        about = {"inject": told.inject, "inject_kind": told.kind, "roles": list(told.roles)}
        return Said(told.at_ms, "told", " ".join(text.split()), "strong", about)

    def _asks(self, view: SeatView) -> Iterator[tuple[Key, Said]]:
        at = {told.inject: told.at_ms for told in view.told}
        for ask in view.asks:
            about = {"ask": ask.id, "roles": list(ask.roles)}
            question = self._line(ask.question)
            asked = self._asked(view, ask)
            yield ("asked", ask.id), Said(at.get(ask.inject, view.shared.now_ms), "asked", asked, "strong", about | self._choices(ask))
            if not ask.open and view.shared.phase == "running":
                yield ("closed", ask.id), self._say(view, "closed", question=question)
            elif ask.open and ask.deadline_ms is not None:
                time = clock_text(ask.deadline_ms)
                yield ("until", ask.id, ask.deadline_ms), self._say(view, "until", question=question, time=time)
                yield from self._urged(view, ask, ask.deadline_ms - view.shared.now_ms)
            for answer in ask.mine:
                key = ("answered", ask.id, answer.role, answer.at_ms, repr(answer.value), answer.rationale, answer.next_report_ms)
                yield key, self._answered(view, ask, answer)

    def _urged(self, view: SeatView, ask: SeatAsk, left_ms: int) -> Iterator[tuple[Key, Said]]:
        """A question that some role here has not answered is called again when its time is nearly, or quite, over."""
        if view.shared.phase != "running" or len(ask.mine) >= len(ask.roles) or left_ms > MINUTE_MS:
            return
        if left_ms >= 0 and ask.window_ms <= MINUTE_MS:
            return
        code, seconds = ("over", 0) if left_ms < 0 else ("nearly-over", -(-left_ms // 1000))
        said = self._say(view, code, style="warn", question=self._line(ask.question), n=seconds)
        yield (code, ask.id, ask.deadline_ms), said

    def _asked(self, view: SeatView, ask: SeatAsk) -> str:
        words = self.words
        how = words(f"seat.how-{ask.answer}", elements=self.words("follow.and").join(self._line(one.text) for one in ask.elements))
        options = self._joined([f"{number} {self._line(option.text)}" for number, option in enumerate(ask.options, start=1)])
        until = words("follow.answer-until", time=clock_text(ask.deadline_ms)) if ask.deadline_ms is not None and ask.open else ""
        who = self._names(view, ask.roles)
        code = "follow.asked-roles" if who else "follow.asked"
        told = words(code, question=self._line(ask.question), how=self._joined((how, options, until)), roles=who)
        return " ".join(told.split())

    def _choices(self, ask: SeatAsk) -> dict[str, object]:
        return {"answer": ask.answer, "options": [option.id for option in ask.options]}

    def _answered(self, view: SeatView, ask: SeatAsk, answer: OwnAnswer) -> Said:
        why = self.words("seat.because", reason=" ".join(answer.rationale.split())) if answer.rationale else ""
        due = answer.next_report_ms
        later = "" if due is None else self.words("seat.next-report", time=clock_text(due))
        who = self._names(view, (answer.role,)) or self.words("follow.you")
        text = self._joined((self.value(ask, answer.value), later, why))
        code, question = "changed" if answer.changed else "answered", self._line(ask.question)
        said = self._say(view, code, answer.at_ms, "good", who=who, question=question, answer=text)
        about = {"ask": ask.id, "role": answer.role, "person": answer.person, "changed": answer.changed}
        return Said(said.at_ms, "answered", said.text, said.style, about)

    def value(self, ask: SeatAsk, value: AnswerValue) -> str:
        """An answer in the words of the exercise."""
        if isinstance(value, bool):
            return self.words("seat.yes")
        if isinstance(value, tuple):
            texts = {option.id: self._line(option.text) for option in ask.options}
            return self._joined([texts.get(option, option) for option in value])
        if isinstance(value, dict):
            titles = {element.id: self._line(element.text) for element in ask.elements}
            stated = ((titles.get(key, key), " ".join(text.split())) for key, text in value.items())
            return self._joined([self.words("follow.stated", element=title, text=text) for title, text in stated])
        return number_text(value) if isinstance(value, float) else " ".join(value.split())

    def _receipts(self, view: SeatView) -> Iterator[tuple[Key, Said]]:
        titles = {told.inject: self._line(told.title) for told in view.told}
        for receipt in view.receipts:
            yield from self._receipt(view, receipt, titles.get(receipt.inject, ""))

    def _receipt(self, view: SeatView, receipt: Receipt, title: str) -> Iterator[tuple[Key, Said]]:
        who = self._whom(view, receipt.role)
        about = {"inject": receipt.inject, "role": receipt.role}
        due = "" if receipt.due_ms is None else self.words("follow.by-time", time=clock_text(receipt.due_ms))
        said = self._say(view, "confirm", receipt.since_ms, "warn", who=who, title=title, due=due)
        yield ("confirm", receipt.inject, receipt.role), Said(said.at_ms, said.kind, said.text, said.style, about)
        if receipt.confirmed_ms is None and self._over_time(view, receipt.due_ms):
            said = self._say(view, "receipt-over", receipt.due_ms, "warn", who=who, title=title)
            yield ("receipt-over", receipt.inject, receipt.role), Said(said.at_ms, said.kind, said.text, said.style, about)
        if receipt.confirmed_ms is not None:
            said = self._say(view, "confirmed", receipt.confirmed_ms, "good", who=who, title=title)
            yield ("confirmed", receipt.inject, receipt.role), Said(said.at_ms, said.kind, said.text, said.style, about)

    def _over_time(self, view: SeatView, due_ms: int | None) -> bool:
        """Whether the time for something that is still owed is over."""
        return view.shared.phase == "running" and due_ms is not None and due_ms < view.shared.now_ms

    def _reports(self, view: SeatView) -> Iterator[tuple[Key, Said]]:
        """Reports that the roles announced, once their time has come."""
        for report in view.reports:
            if view.shared.now_ms >= report.due_ms:
                time = clock_text(report.due_ms)
                said = self._say(view, "report-due", report.due_ms, "warn", who=self._whom(view, report.role), time=time)
                yield ("report-due", report.role, report.due_ms), Said(said.at_ms, said.kind, said.text, said.style, {"role": report.role})

    def _spoken(self, view: SeatView) -> Iterator[tuple[Key, Said]]:
        """Rulings and messages."""
        for item in view.rulings:
            yield ("ruling", item.at_ms, item.text), self._say(view, "ruling", item.at_ms, "strong", text=" ".join(item.text.split()))
        for message in view.messages:
            sender, to = self._line(message.sender), self._line(message.to)
            text = " ".join(message.text.split())
            said = self._say(view, "message", message.at_ms, "strong" if message.to_me else "", sender=sender, to=to, text=text)
            yield ("message", message.seq), Said(said.at_ms, said.kind, said.text, said.style, {"message": message.seq})
            if message.read_back:
                code, back, names = "message-confirmed", text, {"sender": sender, "to": to}
                if message.words:
                    # What is read back are the words of whom the message went to.
                    code, back, names = "read-back", " ".join(message.words.split()), {"sender": to, "to": sender}
                yield ("read-back", message.seq), self._say(view, code, message.read_back_ms, text=back, **names)
            elif message.to_me and self._over_time(view, message.due_ms):
                who = self._whom(view, message.to_role)
                said = self._say(view, "read-back-over", message.due_ms, "warn", who=who, sender=sender, text=text)
                yield ("read-back-over", message.seq), Said(said.at_ms, said.kind, said.text, said.style, {"message": message.seq})

    def _decided(self, view: SeatView) -> Iterator[tuple[Key, Said]]:
        """What these roles decided and recorded."""
        for one in view.decisions:
            who = self._names(view, (one.role,)) or self.words("follow.you")
            why = self.words("seat.because", reason=" ".join(one.reason.split())) if one.reason else ""
            text = self._joined((" ".join(one.text.split()), why) if why else (" ".join(one.text.split()),))
            said = self._say(view, "decided", one.at_ms, "good", who=who, text=text)
            yield ("decided", one.seq), Said(said.at_ms, said.kind, said.text, said.style, {"role": one.role})

    def _revealed_all(self, view: SeatView) -> Iterator[tuple[Key, Said]]:
        for revealed in view.revealed:
            yield ("revealed", revealed.ask, revealed.names), self._revealed(view, revealed)

    def _revealed(self, view: SeatView, revealed: Revealed) -> Said:
        tallies = []
        for tally in revealed.tallies:
            text = self._joined([self._line(part) for part in tally.texts]) or self.words("seat.yes")
            who = self.words("follow.and").join(self._line(role) for role in tally.roles)
            tallies.append(self.words("follow.tally-names" if who else "follow.tally", count=tally.count, text=text, roles=who))
        code, question = "revealed-names" if revealed.names else "revealed", self._line(revealed.question)
        said = self._say(view, code, revealed.at_ms, question=question, tallies=self._joined(tallies))
        return Said(said.at_ms, "revealed", said.text, "strong", {"ask": revealed.ask, "names": revealed.names})

    def _safety(self, view: SeatView) -> Iterator[tuple[Key, Said]]:
        raised = view.shared.emergency
        if raised is not None and raised.confirmed:
            said = self._say(view, "real-emergency", style="bad", place=self._where(raised), text=self._help(raised))
            yield ("emergency", raised.raised_wall_ms, True), Said(said.at_ms, said.kind, said.text, said.style, self._pressed(raised))
            for one in raised.roll:
                if one.counted_wall_ms is not None:
                    who = on_roll(one, self.words, self.words.language)
                    yield (*COUNTED, raised.raised_wall_ms, one.person), self._count(view, "told-counted", who)
        elif raised is not None:
            said = self._say(view, "emergency", style="bad", place=self._where(raised))
            yield ("emergency", raised.raised_wall_ms, False), Said(said.at_ms, said.kind, said.text, said.style, self._pressed(raised))
        for role in view.roles:
            if role.no_link:
                who = "" if view.no_link else self._whom(view, role.id)
                yield ("no-link", who), self._say(view, "no-link", style="warn", who=who)

    def _over(self, view: SeatView) -> Said:
        """That the emergency is over, and what becomes of the exercise."""
        over = view.shared.emergency_over
        if over is None:
            return self._say(view, "stood-down", style="strong")
        return Said(view.shared.now_ms, "stood-down", self.words(f"headcount.over-{over.exercise}"), "strong")

    def _count(self, view: SeatView, code: str, who: str) -> Said:
        """How far heads are counted, after somebody was accounted for, or was not after all."""
        raised = view.shared.emergency
        n, of = (0, 0) if raised is None else (raised.counted, len(raised.roll))
        text = self.words(f"headcount.{code}", who=who, n=n, of=of)
        return Said(view.shared.now_ms, "head-count", text, "bad" if code == "told-missing" else "good", {"who": who})

    def _where(self, raised: RealEmergency) -> str:
        """Where it was pressed, as the screens of players say it: the place, and which seat."""
        return place_text(raised, self.words, self.words.language)

    def _pressed(self, raised: RealEmergency) -> dict[str, object]:
        return {"seat": raised.seat, "place": self._line(raised.place)}

    def _help(self, raised: RealEmergency) -> str:
        """Number, muster point, everybody to be counted."""
        words = self.words
        number = words("panel.emergency-number", number=raised.number or words("panel.emergency-no-number"))
        muster = "" if raised.muster is None else words("panel.emergency-muster", place=self._line(raised.muster))
        names = words("follow.and").join(on_roll(one, words, words.language) for one in raised.roll)
        roll = words("follow.roll", names=names) if raised.roll else words("headcount.nobody")
        return self._joined((number, muster, roll))

    # What a view no longer holds.

    def _gone(self, view: SeatView, key: Key, now: Mapping[Key, Said]) -> Iterator[Said]:
        kinds = {known[0] for known in now}
        match key:
            case ("told", inject, _) if not any(known[:2] == ("told", inject) for known in now):
                title = self._known[key].text
                yield self._say(view, "withdrawn", style="warn", text=title)
            case ("people", str() as role, _) if not any(known[:2] == ("people", role) for known in now):
                if any(one.id == role for one in view.roles):
                    yield self._say(view, "people-none", whom=self._whom(view, role))
            case ("ruling", _, text):
                yield self._say(view, "ruling-withdrawn", text=text)
            case ("closed", ask):
                reopened = next((each for each in view.asks if each.id == ask and each.open), None)
                if reopened is not None:
                    yield self._say(view, "reopened", question=self._line(reopened.question))
            case ("paused", *_) if "paused" not in kinds and view.shared.phase == "running":
                yield self._say(view, "resumed")
            case ("endex",):
                yield self._say(view, "endex-back", style="warn")
            case ("emergency", *_) if "emergency" not in kinds:
                yield self._over(view)
            case ("not-driven",) if view.shared.phase == "running":
                yield self._say(view, "driven-again")
            case ("no-link", who) if "no-link" not in kinds:
                yield self._say(view, "link-back", style="strong", who=who)
            case ("alert", _) if "alert" not in kinds:
                yield self._say(view, "alert-over")
            case _:
                return


def joined(parts: Sequence[str], words: Words) -> str:
    """The parts that are not empty on one line; the stop of a sentence gives way to what joins it to the next."""
    *first, last = [part for part in parts if part] or [""]
    return words("follow.between").join([*(part.rstrip("。.；;") for part in first), last])


def shown(said: Said) -> str:
    """A line as it is printed: the exercise time, then the words."""
    return f"{clock_text(said.at_ms)}  {said.text}"

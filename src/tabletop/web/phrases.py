"""What players read, put together from texts of the exercise and words of ours, in one language.

Owns: answers, reasons of a pause and places as people read them. Refuses to own: which of them may be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.engine.events import AnswerValue
from tabletop.engine.views import EmergencyOver, OnRoll, Paused, PressedAt, RealEmergency, Revealed, SeatAsk
from tabletop.text import Text, clean, localise, number_text
from tabletop.words import Words

SAID_WHY = frozenset({"discussion", "break", "technical", "safety", "emergency"})
"""Reasons of a pause that have a word and say something to a room."""

UNSAID = frozenset({"", "other", "quit", "gap", "recovered", "reopened"})
"""Reasons that are the console's own business."""

CALLED = frozenset({"console", "wall", "viewer", "choosing", "site"})
"""Seats without roles that have a name of their own where an emergency was pressed at them; of the others, people are named."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases in one language."""

    language: str

    @property
    def words(self) -> Words:
        return Words(self.language)

    def line(self, text: Text | None) -> str:
        """A text of the exercise on one line."""
        return " ".join(clean(localise(text, self.language)).split())

    def listed(self, texts: Iterable[Text]) -> str:
        return ("、" if self.language.startswith("zh") else ", ").join(self.line(text) for text in texts)

    def value(self, ask: SeatAsk, value: AnswerValue) -> str:
        """An answer in the words of the exercise."""
        if isinstance(value, bool):
            return self.words("seat.yes")
        if isinstance(value, tuple):
            texts = {option.id: self.line(option.text) for option in ask.options}
            return (" → " if ask.answer == "order" else " · ").join(texts.get(option, option) for option in value)
        if isinstance(value, dict):
            titles = {element.id: self.line(element.text) for element in ask.elements}
            return " · ".join(f"{titles.get(name, name)}: {' '.join(text.split())}" for name, text in value.items())
        return number_text(value) if isinstance(value, float) else value

    def tallies(self, revealed: Revealed) -> Iterator[tuple[str, int, str]]:
        """Each way to answer, how many took it, and who, where that was revealed."""
        for one in revealed.tallies:
            text = " → ".join(self.line(part) for part in one.texts) or self.words("seat.yes")
            yield text, one.count, self.listed(one.roles)

    def paused(self, paused: Paused) -> str:
        """That the clock stands, why, and where that came from."""
        why = self.why(paused.reason)
        said = self.words("wall.paused-why", why=why) if why else self.words("wall.paused")
        return " · ".join(part for part in (said, self.line(paused.place)) if part)

    def why(self, reason: str) -> str:
        """Why the clock stands, for a room; empty where that is the console's own business."""
        if reason in UNSAID:
            return ""
        return self.words(f"console.pause-{reason}") if reason in SAID_WHY else self.line(reason)

    def raised_at(self, emergency: RealEmergency) -> str:
        """Where somebody pressed: site and seat."""
        names = dict.fromkeys(name for pressed in emergency.seats for name in self._called(pressed))
        return " · ".join(part for part in (self.line(emergency.place), self.listed(tuple(names))) if part)

    def _called(self, pressed: PressedAt) -> list[str]:
        """What the seat of a press is called: its roles, what it is, or who sits there."""
        kind, _, name = pressed.seat.partition(":")
        own = self.words(f"web.pressed-{kind}") if kind in CALLED else clean(name or pressed.seat)
        return [self.line(role) for role in pressed.roles] or [own]

    @staticmethod
    def again_ms(emergency: RealEmergency | None, wall_ms: int) -> int:
        """For how many milliseconds from `wall_ms` a second press makes a first one real; 0: not any more, or nobody pressed."""
        if emergency is None or emergency.confirmed:
            return 0
        return min(SECOND_PRESS_MS, max(0, SECOND_PRESS_MS - (wall_ms - emergency.raised_wall_ms)))

    def on_roll(self, person: OnRoll) -> str:
        """Somebody to be counted."""
        words = self.words
        seats = words("headcount.between").join(self.line(seat) for seat in person.seats)
        post = words(f"headcount.post-{person.post}") if person.post != "role" else ""
        what = " ".join(part for part in (post, seats) if part)
        name = words("headcount.namesakes", name=person.name, n=person.places) if person.name and person.places > 1 else person.name
        return words("headcount.named", name=name or words("headcount.no-name"), what=what) if what else name

    def over(self, over: EmergencyOver | None, wall_ms: int) -> str:
        """That a real emergency is over, and what becomes of the exercise; empty where that is not to be said at `wall_ms`."""
        return "" if over is None or not over.told(wall_ms) else self.words(f"headcount.over-{over.exercise}")

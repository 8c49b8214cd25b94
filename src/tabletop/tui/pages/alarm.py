"""A real emergency on the screens of players and on the wall: the exercise is over, its word is gone.

Owns: what stands where, large enough for a room. Refuses to own: what is told (`engine.emergency`), and keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.engine.views import EmergencyOver, OnRoll, RealEmergency
from tabletop.words import Words

from ..look import line, plain
from ..widgets.digits import GLYPHS
from .board import LARGE, block, centred, set_lines, time_lines


def over_text(over: EmergencyOver | None, words: Words, wall_ms: int) -> str:
    """That a real emergency is over, and what becomes of the exercise; empty where that is not to be said at `wall_ms`."""
    return "" if over is None or not over.told(wall_ms) else words(f"headcount.over-{over.exercise}")


SEATS = frozenset({"console", "wall", "viewer", "evaluator", "lead", "recorder", "site"})
"""Seats without roles at which an emergency may be pressed."""


def place_text(raised: RealEmergency, words: Words, language: str) -> str:
    """Where it was pressed: site and seat, as far as they are known."""
    between = "、" if words.language.startswith("zh") else ", "
    seat = between.join(line(role, language) for role in raised.roles)
    if not seat:
        known = raised.seat.partition(":")[0]
        seat = words(f"station.seat-{known}") if known in SEATS else raised.seat
    return " · ".join(part for part in (line(raised.place, language), seat) if part)


def on_roll(one: OnRoll, words: Words, language: str) -> str:
    """Somebody to be counted, on every screen alike: name and seat; who gave no name is called so.

    A name that is at several seats at once may be as many people: it says so beside the name, where no narrow screen cuts it off.
    """
    seats = words("headcount.between").join(line(seat, language) for seat in one.seats)
    post = words(f"headcount.post-{one.post}") if one.post != "role" else ""
    what = " ".join(part for part in (post, seats) if part)
    name = words("headcount.namesakes", name=one.name, n=one.places) if one.name and one.places > 1 else one.name
    return words("headcount.named", name=name or words("headcount.no-name"), what=what) if what else name


MARKS = ("[ ]", "[✓]")
"""Before who is missing, and before who is accounted for."""


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """An emergency at one moment, on a screen of `width` by `height` cells."""

    raised: RealEmergency
    words: Words
    language: str
    """Of the exercise's texts."""
    width: int
    height: int
    wall_ms: int
    recorded: bool = True

    @property
    def _place(self) -> str:
        return place_text(self.raised, self.words, self.language)

    def first_press(self) -> list[Content]:
        """Everything is paused, and who pressed; a second press makes it real."""
        words = self.words
        left_ms = SECOND_PRESS_MS - (self.wall_ms - self.raised.raised_wall_ms)
        again = words("station.raised-again", n=max(1, -(-left_ms // 1000))) if left_ms > 0 else words("station.raised-over")
        rows = [plain(f"  {piece}  ", "bold reverse $text-error") for piece in self._set(words("station.raised", place=self._place))]
        rows += [Content(""), *(plain(piece, "bold") for piece in self._set(again))]
        above = max(0, (self.height - len(rows)) // 2)
        return [Content("")] * above + [centred(row, self.width) for row in rows]

    def stopped(self) -> list[Content]:
        """Site, number, muster point, roll."""
        words, raised = self.words, self.raised
        bar = centred(plain(f"! {words('station.real-title')} !", "bold"), self.width)
        filled = plain(bar.plain.ljust(self.width - _wider(bar.plain)), "bold reverse $text-error")
        empty = plain(" " * self.width, "bold reverse $text-error")
        when = f"{datetime.fromtimestamp(raised.raised_wall_ms / 1000):%H:%M:%S}"
        shown = [empty, filled, empty, Content("")]
        if self._place:
            shown += self._centred(words("station.real-raised", place=self._place, time=when))
        shown += [Content(""), *self._number(), *self._muster(), Content("")]
        if not self.recorded:
            shown += [*self._centred(words("station.emergency-not-recorded")), Content("")]
        return [*shown, *self._roll(self.height - len(shown))][: self.height]

    def _set(self, text: str) -> tuple[str, ...]:
        return set_lines(text, self.width - 8)

    def _centred(self, text: str, style: str = "bold") -> list[Content]:
        return [centred(plain(piece, style), self.width) for piece in self._set(text)]

    def _number(self) -> list[Content]:
        """The real number; in large digits where it is made of digits alone."""
        words, number = self.words, " ".join(self.raised.number.split())
        said = self._centred(words("station.real-number", number=number or words("station.real-no-number")))
        if not number or self.height < 28 or not all(character in GLYPHS for character in number):
            return said
        size = "large" if self.width >= LARGE[0] and self.height >= LARGE[1] else "small"
        return [*said, Content(""), *block(time_lines(number, size, "bold $text-error"), self.width), Content("")]

    def _muster(self) -> list[Content]:
        muster = self.raised.muster
        return [] if muster is None else self._centred(self.words("station.real-muster", place=line(muster, self.language)))

    def _roll(self, room: int) -> list[Content]:
        """Everybody to be counted, in as many columns as it takes; who does not fit is counted at least."""
        words = self.words
        counted = self.raised.roll
        heading = plain(words("headcount.title", n=self.raised.counted, of=len(counted)), "bold")
        if not counted:
            return [centred(heading, self.width), *self._centred(words("headcount.nobody"))]
        names = [self._row(one) for one in counted]
        wide = max(name.cell_length for name in names) + 3
        most = max(1, (self.width - 4) // wide)
        columns = min(most, -(-len(names) // max(1, room - 1)))
        if len(names) > most * max(0, room - 1):
            # Who is missing comes first: what there is no room for are those who are accounted for.
            names = [self._row(one) for one in sorted(counted, key=lambda one: one.counted_wall_ms is not None)]
        rows = -(-len(names) // columns)
        kept = names[: columns * max(0, room - 1)]
        if len(kept) < len(names) and kept:
            kept[-1] = plain(words("wall.more", n=len(names) - len(kept) + 1))
        lines = []
        for row in range(min(rows, max(0, room - 1))):
            parts = kept[row :: min(rows, max(1, room - 1))]
            lines.append(Content("").join([part.pad_right(wide - part.cell_length) for part in parts]))
        return [centred(heading, self.width), *block(lines, self.width)]

    def _row(self, one: OnRoll) -> Content:
        there = one.counted_wall_ms is not None
        row = plain(f"{MARKS[there]} {on_roll(one, self.words, self.language)}", "" if there else "bold")
        return row.truncate(max(1, self.width - 8), ellipsis=True)


def _wider(text: str) -> int:
    """By how many cells a text is wider than it has characters."""
    from tabletop.text import cells

    return cells(text) - len(text)

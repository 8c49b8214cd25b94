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

from ..look import CHOOSING, line, plain
from ..widgets.digits import GLYPHS
from .board import LARGE, block, centred, set_lines, time_lines
from .lines import wrapped


def over_text(over: EmergencyOver | None, words: Words, wall_ms: int) -> str:
    """That a real emergency is over, and what becomes of the exercise; empty where that is not to be said at `wall_ms`."""
    return "" if over is None or not over.told(wall_ms) else words(f"headcount.over-{over.exercise}")


SEATS = frozenset({"console", "wall", "viewer", CHOOSING, "evaluator", "lead", "recorder", "site"})
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

CLOSE = 18
"""Rows below which no line stays empty above the roll."""

NARROW = 60
"""Cells from which on lines are set for reading from afar; in fewer, as many words as fit stand on each."""

BETWEEN = 3
"""Cells between two columns of the roll."""

PAGE_MS = 5_000
"""Wall milliseconds for which a page of the roll stands, where it has several."""


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
        return ([Content("")] * above + [centred(row, self.width) for row in rows])[: self.height]

    def stopped(self) -> list[Content]:
        """Site, number, muster point, roll, in this order: what a small terminal has no room for is the roll, page by page."""
        told = self._told(air=True)
        pages = self._pages(self.height - len(told) - 1)
        if self.height < CLOSE or len(pages) > 1:
            told = self._told(air=False)
            pages = self._pages(self.height - len(told) - 1)
        if len(pages) > 1:
            pages = self._pages(self.height - len(told) - len(self._heading(len(pages) - 1, len(pages))))
        return [*told, *self._roll(pages)][: self.height]

    def _told(self, *, air: bool) -> list[Content]:
        """What stands above the roll; with lines between, where there is room for `air`."""
        words, raised = self.words, self.raised
        bar = centred(plain(f"! {words('station.real-title')} !", "bold"), self.width)
        filled = plain(bar.plain.ljust(self.width - _wider(bar.plain)), "bold reverse $text-error")
        empty = plain(" " * self.width, "bold reverse $text-error")
        blank = [Content("")] if air else []
        when = f"{datetime.fromtimestamp(raised.raised_wall_ms / 1000):%H:%M:%S}"
        shown = [empty, filled, empty, Content("")] if air else [filled]
        if self._place:
            shown += self._centred(words("station.real-raised", place=self._place, time=when))
        shown += [*blank, *self._number(large=air), *self._muster(), *blank]
        if not self.recorded:
            shown += [*self._centred(words("station.emergency-not-recorded")), *blank]
        return shown

    def _set(self, text: str) -> tuple[str, ...]:
        return set_lines(text, self.width - 8) if self.width >= NARROW else tuple(wrapped(text, max(1, self.width - 2)))

    def _centred(self, text: str, style: str = "bold") -> list[Content]:
        return [centred(plain(piece, style), self.width) for piece in self._set(text)]

    def _number(self, *, large: bool) -> list[Content]:
        """The real number; in large digits where it is made of digits alone."""
        words, number = self.words, " ".join(self.raised.number.split())
        said = self._centred(words("station.real-number", number=number or words("station.real-no-number")))
        if not large or not number or self.height < 28 or not all(character in GLYPHS for character in number):
            return said
        size = "large" if self.width >= LARGE[0] and self.height >= LARGE[1] else "small"
        return [*said, Content(""), *block(time_lines(number, size, "bold $text-error"), self.width), Content("")]

    def _muster(self) -> list[Content]:
        muster = self.raised.muster
        return [] if muster is None else self._centred(self.words("station.real-muster", place=line(muster, self.language)))

    def _roll(self, pages: list[list[Content]]) -> list[Content]:
        """How many are counted, and who, one page after the other."""
        at = self.wall_ms // PAGE_MS % len(pages)
        nobody = [] if self.raised.roll else self._centred(self.words("headcount.nobody"))
        return [*self._heading(at, len(pages)), *nobody, *block(pages[at], self.width)]

    def _heading(self, at: int, pages: int) -> list[Content]:
        """How many are counted, and which page of the roll this is, where there are several."""
        n, of = self.raised.counted, len(self.raised.roll)
        if pages > 1:
            return self._centred(self.words("headcount.title-page", n=n, of=of, page=at + 1, pages=pages))
        return self._centred(self.words("headcount.title", n=n, of=of))

    def _pages(self, room: int) -> list[list[Content]]:
        """Everybody to be counted, on pages of at most `room` lines; where one does not do, who is missing comes first."""
        counted = list(self.raised.roll)
        if not counted or room < 1:
            return [[]]
        names = [self._row(one) for one in counted]
        for columns in range(-(-len(names) // room), len(names) + 1):
            if whole := self._columns(names, -(-len(names) // columns)):
                return [whole]
        names = [self._row(one) for one in sorted(counted, key=lambda one: one.counted_wall_ms is not None)]
        pages, left = list[list[Content]](), names
        while left:
            taken = next(n for n in range(len(left), 0, -1) if n <= room or self._columns(left[:n], room))
            pages.append(self._columns(left[:taken], room))
            left = left[taken:]
        return pages

    def _columns(self, names: list[Content], rows: int) -> list[Content]:
        """The names in columns of so many rows, each as wide as its longest; empty where they are wider than the screen."""
        columns = [names[at : at + rows] for at in range(0, len(names), rows)]
        wide = [max(name.cell_length for name in column) for column in columns]
        if len(columns) > 1 and sum(wide) + BETWEEN * (len(columns) - 1) > self.width - 2:
            return []
        lines = []
        for row in range(len(columns[0])):
            parts = [(column[row], most) for column, most in zip(columns, wide, strict=True) if row < len(column)]
            lines.append(Content(" " * BETWEEN).join([part.pad_right(most - part.cell_length) for part, most in parts]))
        return lines

    def _row(self, one: OnRoll) -> Content:
        there = one.counted_wall_ms is not None
        row = plain(f"{MARKS[there]} {on_roll(one, self.words, self.language)}", "" if there else "bold")
        return row.truncate(max(1, self.width - 2), ellipsis=True)


def _wider(text: str) -> int:
    """By how many cells a text is wider than it has characters."""
    from tabletop.text import cells

    return cells(text) - len(text)

"""A real emergency on the screens of players and on the wall: the exercise is over, its word is gone.

Owns: what stands where, large enough for a room. Refuses to own: what is told (`engine.emergency`), and keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from textual.content import Content

from tabletop.engine.decide import SECOND_PRESS_MS
from tabletop.engine.views import EmergencyOver, OnRoll, PressedAt, RealEmergency
from tabletop.text import cells, clean
from tabletop.words import Words

from ..look import CHOOSING, line, plain
from ..widgets.digits import GLYPHS
from .board import LARGE, block, centred, set_lines, time_lines
from .head_count import Sheet, Told, columns, rows_on_one, sheets
from .lines import wrapped


def over_text(over: EmergencyOver | None, words: Words, wall_ms: int) -> str:
    """That a real emergency is over, and what becomes of the exercise; empty where that is not to be said at `wall_ms`."""
    return "" if over is None or not over.told(wall_ms) else words(f"headcount.over-{over.exercise}")


SEATS = frozenset({"console", "wall", "viewer", CHOOSING, "evaluator", "lead", "recorder", "site"})
"""Seats without roles at which an emergency may be pressed."""


def place_text(raised: RealEmergency, words: Words, language: str) -> str:
    """Where it was pressed: site and seat, as far as they are known."""
    between = "、" if words.language.startswith("zh") else ", "
    seats = dict.fromkeys(name for pressed in raised.seats for name in _names(pressed, words, language))
    return " · ".join(part for part in (line(raised.place, language), between.join(seats)) if part)


def _names(pressed: PressedAt, words: Words, language: str) -> list[str]:
    """What the seat of a press is called: its roles, or what it is."""
    kind = pressed.seat.partition(":")[0]
    return [line(role, language) for role in pressed.roles] or [words(f"station.seat-{kind}") if kind in SEATS else line(pressed.seat, "")]


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

PAGE_MS = 5_000
"""Wall milliseconds for which a page of the roll stands, where it has several."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A confirmed emergency on a screen of some size."""

    sheets: tuple[Sheet, ...]
    """What it shows, one after the other."""
    headed: bool
    """Whether the heading of the roll is still to be set, with the number of the page."""
    names: tuple[str, ...]
    """Everybody on the roll, as a row of it."""
    there: tuple[bool, ...]
    """Who of them is accounted for."""
    drawn: dict[int, list[Content]] = field(default_factory=dict)
    """The lines of each sheet that was shown already."""


_LATEST: list[tuple[tuple[object, ...], Laid]] = []
"""The last ones, with what each was worked out from."""


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
        laid = self._laid()
        at = self.wall_ms // PAGE_MS % len(laid.sheets)
        if at not in laid.drawn:
            laid.drawn[at] = self._drawn(laid, at)
        return list(laid.drawn[at])

    def _drawn(self, laid: Laid, at: int) -> list[Content]:
        """The lines of one sheet."""
        sheet = laid.sheets[at]
        heading = self._heading(at, len(laid.sheets)) if laid.headed else []
        names = columns([self._row(laid.names[one], laid.there[one]) for one in sheet.names], sheet.rows)
        return [*sheet.above, *heading, *block(names, self.width)][: self.height]

    def _laid(self) -> Laid:
        """What stands where, worked out once for the same people on a screen of the same size: every screen asks four times a second."""
        asked = (self.raised, self.words.language, self.language, self.width, self.height, self.recorded)
        for known, laid in _LATEST:
            if known == asked:
                return laid
        laid = self._worked_out()
        _LATEST[:] = [(asked, laid), *_LATEST[:3]]
        return laid

    def _worked_out(self) -> Laid:
        """All of it on one screen; where there is room for that, with lines between."""
        roll = self.raised.roll
        there = tuple(one.counted_wall_ms is not None for one in roll)
        names = tuple(clean(f"{MARKS[known]} {on_roll(one, self.words, self.language)}") for one, known in zip(roll, there, strict=True))
        widths = [min(cells(name), self._widest) for name in names]
        nobody = [] if names else self._centred(self.words("headcount.nobody"))
        for air in (True, False) if self.height >= CLOSE else (False,):
            above = (*self._bar(air=air), *self._facts(air=air), *self._heading(0, 1), *nobody)
            rows = rows_on_one(widths, self.height - len(above), self._widest)
            if rows or (not names and len(above) <= self.height):
                return Laid((Sheet(above, tuple(range(len(names))), max(1, rows)),), False, names, there)
        told = Told(tuple(self._bar(air=False)), (*self._facts(air=False), *nobody), self._heading)
        missing_first = sorted(range(len(names)), key=lambda one: there[one])
        found, headed = sheets(told, missing_first, widths, self._widest, self.height)
        return Laid(found, headed, names, there)

    @property
    def _widest(self) -> int:
        """Cells of a name at most, and of the columns together."""
        return max(1, self.width - 2)

    def _bar(self, *, air: bool) -> list[Content]:
        """That it is real."""
        bar = centred(plain(f"! {self.words('station.real-title')} !", "bold"), self.width)
        filled = plain(bar.plain.ljust(self.width - _wider(bar.plain)), "bold reverse $text-error")
        empty = plain(" " * self.width, "bold reverse $text-error")
        return [empty, filled, empty, Content("")] if air else [filled]

    def _facts(self, *, air: bool) -> list[Content]:
        """What stands below that and above the roll; with lines between, where there is room for `air`."""
        words, raised = self.words, self.raised
        blank = [Content("")] if air else []
        when = f"{datetime.fromtimestamp(raised.since_wall_ms / 1000):%H:%M:%S}"
        shown = self._centred(words("station.real-raised", place=self._place, time=when)) if self._place else []
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

    def _heading(self, at: int, pages: int) -> list[Content]:
        """How many are counted, and which page this is, where there are several."""
        n, of = self.raised.counted, len(self.raised.roll)
        if pages > 1:
            return self._centred(self.words("headcount.title-page", n=n, of=of, page=at + 1, pages=pages))
        return self._centred(self.words("headcount.title", n=n, of=of))

    def _row(self, name: str, there: bool) -> Content:
        return plain(name, "" if there else "bold").truncate(self._widest, ellipsis=True)


def _wider(text: str) -> int:
    """By how many cells a text is wider than it has characters."""
    return cells(text) - len(text)

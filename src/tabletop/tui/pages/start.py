"""The start page: runs to resume, the library by subject, runs that have ended; all filtered by what is searched for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from tabletop.exercise.model import SUBJECTS, Exercise
from tabletop.text import Text, clean
from tabletop.words import LANGUAGES, Words, find

from ..look import clock_text, line
from .lines import QUIET, STRONG, WARN, Cell, Line, Page

if TYPE_CHECKING:
    from tabletop.library import Entry
    from tabletop.store.runs import RunRow

PICKED_BY_DIGIT = 9
"""Rows that a digit opens."""

ENDED_SHOWN = 20
"""Ended runs listed without a search, newest first."""

WIDE = 110


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page is made of."""

    runs: Sequence[RunRow] = ()
    library: Sequence[Entry] = ()
    query: str = ""
    today: date = date.min
    reading: bool = False
    """Whether files of the library are still being read."""
    trouble: str = ""
    """Why the runs cannot be read."""
    row: str = ""


def folded(text: str) -> str:
    """Text as search compares it: letters of either case, full-width and half-width forms are the same."""
    return unicodedata.normalize("NFKC", text).casefold()


def _all_of(text: Text) -> Iterable[str]:
    return text.values() if isinstance(text, dict) else (text,)


def fits(query: str, fields: Iterable[str]) -> bool:
    """Whether every word of the query stands in one of the fields; a Chinese query is one word."""
    hay = "\n".join(folded(field) for field in fields)
    return all(word in hay for word in folded(query).split())


def _of_subject(subject: str | None) -> list[str]:
    if subject is None:
        return []
    return [subject, *(word for language in LANGUAGES if (word := find(f"subject.{subject}", language)))]


def _of_run(run: RunRow) -> list[str]:
    return [run.id, run.exercise, run.site or "", *_all_of(run.title), *_of_subject(run.subject)]


def _of_entry(entry: Entry) -> list[str]:
    exercise = entry.exercise
    if exercise is None:
        return [entry.id, entry.path.name]
    names = [word for language in exercise.languages if (word := find(f"start.language.{language}", "en"))]
    return [entry.id, *_all_of(exercise.title), *_all_of(exercise.summary), *_of_subject(exercise.subject), *exercise.languages, *names]


def waiting(shown: Shown) -> list[RunRow]:
    """Runs that have not ended, newest first."""
    return [run for run in shown.runs if run.status == "open" and fits(shown.query, _of_run(run))]


def over(shown: Shown) -> list[RunRow]:
    """Runs that have ended, newest first."""
    found = [run for run in shown.runs if run.status != "open" and fits(shown.query, _of_run(run))]
    return found if shown.query else found[:ENDED_SHOWN]


def shelf(shown: Shown) -> list[tuple[str, list[Entry]]]:
    """The library by subject, in the order of the subjects; files that cannot be played come last, under no subject."""
    groups: dict[str, list[Entry]] = {}
    for entry in shown.library:
        if fits(shown.query, _of_entry(entry)):
            groups.setdefault("" if entry.exercise is None else entry.exercise.subject, []).append(entry)
    order = {subject: index for index, subject in enumerate(SUBJECTS)}
    return sorted(groups.items(), key=lambda group: (not group[0], order.get(group[0], len(order)), group[0]))


def start_lines(shown: Shown, words: Words, width: int) -> Sequence[Line]:
    """The page in lines of `width` cells."""
    page = Page(width)
    runs, ended, groups = waiting(shown), over(shown), shelf(shown)
    if shown.query and not (runs or ended or groups) and not shown.reading:
        page.gap()
        page.text(words("start.search.nothing", query=clean(shown.query)))
        return page.lines
    numbers = {row: number for number, row in enumerate(_rows(runs, groups, ended)[:PICKED_BY_DIGIT], start=1)}
    page.heading(words("start.runs"))
    if shown.trouble:
        page.text(words("start.store.unreadable", why=shown.trouble), WARN)
    elif not runs:
        page.text(words("start.runs.none"), QUIET)
    for run in runs:
        _run(page, run, words, shown, numbers)
    page.heading(words("start.library"), words("start.library.reading") if shown.reading else "")
    if not groups and not shown.reading:
        page.text(words("start.library.none"), QUIET)
    for subject, entries in groups:
        if subject:
            name = find(f"subject.{subject}", words.language)
            page.text(clean(subject if name is None else name), QUIET, indent=3)
        for entry in entries:
            _entry(page, entry, words, shown, numbers)
    if ended:
        page.heading(words("start.runs.ended"))
    for run in ended:
        _run(page, run, words, shown, numbers)
    return page.lines


def _rows(runs: Sequence[RunRow], groups: Sequence[tuple[str, Sequence[Entry]]], ended: Sequence[RunRow]) -> list[str]:
    library = [f"exercise:{entry.id}" for _, entries in groups for entry in entries]
    return [*(f"run:{run.id}" for run in runs), *library, *(f"run:{run.id}" for run in ended)]


def _digit(row: str, numbers: Mapping[str, int]) -> Cell:
    return Cell(str(numbers[row]) if row in numbers else "", 1, STRONG)


def _run(page: Page, run: RunRow, words: Words, shown: Shown, numbers: Mapping[str, int]) -> None:
    row = f"run:{run.id}"
    kind = words(f"start.run.{run.kind}")
    title = " · ".join(part for part in (line(run.title, words.language), clean(run.site or ""), kind) if part)
    state = _where(run, words, shown.today)
    page.fields([_digit(row, numbers), Cell(title), Cell(state, 40 if page.width >= WIDE else 36)], row=row)
    if row == shown.row:
        page.text(run.id, QUIET, indent=3, row=row)


def _where(run: RunRow, words: Words, today: date) -> str:
    """Where a run stands, and since when."""
    if run.status != "open":
        return words("start.run.ended", when=when_text(run.ended or run.created, words, today))
    where = words("start.run.paused", time=clock_text(run.exercise_ms)) if run.started else words("start.run.briefing")
    return words("start.runs.where", where=where, when=when_text(run.last, words, today))


def when_text(iso: str, words: Words, today: date) -> str:
    """A wall time in local time: today, yesterday or its date, and hours and minutes."""
    local = datetime.fromisoformat(iso).astimezone()
    time = f"{local:%H:%M}"
    if local.date() == today:
        return words("start.when.today", time=time)
    if local.date() == today - timedelta(days=1):
        return words("start.when.yesterday", time=time)
    return words("start.when.date", date=f"{local:%Y-%m-%d}", time=time)


def _entry(page: Page, entry: Entry, words: Words, shown: Shown, numbers: Mapping[str, int]) -> None:
    row = f"exercise:{entry.id}"
    exercise = entry.exercise
    if exercise is None:
        page.fields([_digit(row, numbers), Cell(clean(entry.id), 28), Cell(words("start.library.broken"), 0, WARN)], row=row)
        if row == shown.row:
            page.text(words("start.library.problems", n=entry.problems, path=path_text(entry.path)), QUIET, indent=3, row=row)
        return
    fields = [
        _digit(row, numbers),
        Cell(line(exercise.title, words.language)),
        Cell(languages_text(exercise, words), 16),
        Cell(words("start.library.minutes", minutes=exercise.duration // 60), 8, right=True),
        Cell(words("start.library.roles", n=len(exercise.roles)), 9, right=True),
    ]
    page.fields(fields, row=row)
    if row == shown.row:
        page.text(line(exercise.summary, words.language), QUIET, indent=3, row=row)


def path_text(path: Path) -> str:
    """A path as one types it in a shell: from the working folder where it lies below it."""
    here = Path.cwd()
    return clean(str(path.relative_to(here) if path.is_relative_to(here) else path))


def languages_text(exercise: Exercise, words: Words) -> str:
    """The languages of an exercise, each in its own name."""
    return " ".join(find(f"start.language.{language}", words.language) or language for language in exercise.languages)

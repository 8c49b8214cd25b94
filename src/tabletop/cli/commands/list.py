"""`tabletop list`: the library by subject, or its decks of injects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.layout import table
from tabletop.text import localise
from tabletop.words import Words, find

if TYPE_CHECKING:
    from tabletop.library import DeckEntry, Entry


@tabletop_command("list")
@click.option("--injects", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(said: Invocation, injects: bool, as_json: bool) -> None:
    """Lists exercises, or with `--injects` the decks of injects."""
    from tabletop.library import Library

    library = Library()
    if injects:
        decks = list(library.deck_entries())
        if as_json:
            said.output.json("injects", [row for deck in decks for row in inject_rows(deck, said.language)])
        else:
            said.output.lines(deck_lines(decks, said.words))
        return
    entries = list(library.entries())
    if as_json:
        said.output.json("exercises", [exercise_row(entry, said.language) for entry in entries])
    else:
        said.output.lines(exercise_lines(entries, said.words))


def exercise_row(entry: Entry, language: str) -> dict[str, object]:
    """An exercise as `--json` prints it; what a broken file cannot say is null."""
    exercise = entry.exercise
    known: dict[str, object] = dict.fromkeys(
        ("title", "subject", "version", "languages", "duration_s", "alert", "injects", "core", "actions"), None
    )
    if exercise is not None:
        known = {
            "title": localise(exercise.title, language),
            "subject": exercise.subject,
            "version": exercise.version,
            "languages": list(exercise.languages),
            "duration_s": exercise.duration,
            "alert": exercise.alert,
            "injects": len(exercise.injects),
            "core": sum(inject.core for inject in exercise.injects),
            "actions": sum(len(inject.expects) for inject in exercise.injects),
        }
    return {
        "id": entry.id,
        **known,
        "origin": entry.origin,
        "path": str(entry.path),
        "problems": entry.problems,
        "hides": [str(path) for path in entry.hides],
    }


def exercise_lines(entries: list[Entry], words: Words) -> Iterator[str]:
    """The exercises under their subjects, broken files last."""
    if not entries:
        yield words("list.empty")
        return
    whole = [entry for entry in entries if entry.exercise is not None]
    lines = dict(zip((entry.path for entry in whole), table([_columns(entry, words) for entry in whole]), strict=True))
    for number, subject in enumerate(_subjects(whole)):
        yield from ("", subject_name(subject, words)) if number else (subject_name(subject, words),)
        for entry in whole:
            if entry.exercise is not None and entry.exercise.subject == subject:
                yield f"  {lines[entry.path]}"
                yield from _hidden(entry, words)
    broken = [entry for entry in entries if entry.exercise is None]
    if broken:
        yield from ("", words("list.broken")) if whole else (words("list.broken"),)
    for entry in broken:
        yield f"  {entry.id}  {words('list.problems', n=entry.problems, path=entry.path)}"
        yield from _hidden(entry, words)


def _columns(entry: Entry, words: Words) -> tuple[str, ...]:
    from tabletop.exercise.durations import written

    exercise = entry.exercise
    assert exercise is not None
    injects = words("list.injects", n=len(exercise.injects))
    core = words("list.core", n=sum(inject.core for inject in exercise.injects))
    origin = "" if entry.origin == "shipped" else words("list.from", origin=words(f"library.origin.{entry.origin}"))
    return entry.id, written(exercise.duration), injects, core, localise(exercise.title, words.language) + origin


def _hidden(entry: Entry | DeckEntry, words: Words) -> Iterator[str]:
    for path in entry.hides:
        yield f"    {words('list.hides', path=path)}"


def _subjects(entries: list[Entry]) -> list[str]:
    """The subjects of the entries: those the program knows in its own order, then the rest by name."""
    from tabletop.exercise.model import SUBJECTS

    used = {entry.exercise.subject for entry in entries if entry.exercise is not None}
    return [subject for subject in SUBJECTS if subject in used] + sorted(used - set(SUBJECTS))


def subject_name(subject: str, words: Words) -> str:
    """What people call a drill subject; the slug itself where the file made it up."""
    return words(f"subject.{subject}") if find(f"subject.{subject}", words.language) is not None else subject


def inject_rows(entry: DeckEntry, language: str) -> list[dict[str, object]]:
    """The injects of a deck as `--json` prints them."""
    if entry.deck is None:
        return []
    return [
        {
            "id": f"{entry.id}/{inject.id}",
            "deck": entry.id,
            "overlay": entry.deck.overlay,
            "kind": inject.kind,
            "title": localise(inject.title, language),
            "slots": dict(entry.deck.slots),
            "origin": entry.origin,
            "path": str(entry.path),
        }
        for inject in entry.deck.injects
    ]


def deck_lines(decks: list[DeckEntry], words: Words) -> Iterator[str]:
    """The decks, each with its injects by the name that `use:` takes."""
    if not decks:
        yield words("list.no-decks")
    for number, entry in enumerate(decks):
        if number:
            yield ""
        if entry.deck is None:
            yield f"{entry.id}  {words('list.problems', n=entry.problems, path=entry.path)}"
        else:
            overlay = words("list.overlay") if entry.deck.overlay else ""
            yield f"{entry.id}  {localise(entry.deck.title, words.language)}{overlay}"
            rows = [
                (f"{entry.id}/{inject.id}", words(f"kind.{inject.kind}"), localise(inject.title, words.language))
                for inject in entry.deck.injects
            ]
            yield from (f"  {line}" for line in table(rows))
        yield from _hidden(entry, words)

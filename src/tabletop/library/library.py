"""What is on the shelves: found by name, listed with what a start screen shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from tabletop.errors import NotFound

from .shelves import SUFFIXES, Found, Origin, Shelf, decks_on, exercises_on, standard_shelves

if TYPE_CHECKING:
    from tabletop.exercise.loading import Loaded
    from tabletop.exercise.model import Deck, Exercise

Given = ParamSpec("Given")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class Entry:
    """One exercise of the library: what it says, or how many problems keep it from being played."""

    id: str
    path: Path
    origin: Origin
    loaded: Loaded | None
    """None where the file has problems."""
    problems: int = 0
    hides: tuple[Path, ...] = ()
    """Files with the same id, further away."""

    @property
    def exercise(self) -> Exercise | None:
        return None if self.loaded is None else self.loaded.exercise


@dataclass(frozen=True, slots=True)
class DeckEntry:
    """One deck of injects: what it says, or how many problems it has."""

    id: str
    path: Path
    origin: Origin
    deck: Deck | None
    problems: int = 0
    hides: tuple[Path, ...] = ()


class Library:
    """Exercises and decks of some shelves, nearest first; where two have one id, the nearer hides the further."""

    def __init__(self, shelves: Sequence[Shelf] | None = None) -> None:
        self.shelves = standard_shelves() if shelves is None else tuple(shelves)
        self._decks: dict[str, Path] | None = None

    def find(self, name: str) -> Path:
        """The file behind an id or a path. Raises NotFound with the id that comes closest."""
        if _is_path(name):
            path = Path(name).expanduser()
            if not path.is_file():
                raise NotFound("library.no-file", path=name)
            return path
        names = {}
        for found in self._exercises():
            if found.id == name:
                return found.path
            names[found.id] = found.path
        near = get_close_matches(name, names, 1)
        if near:
            raise NotFound("library.no-exercise-near", name=name, near=near[0])
        raise NotFound("library.no-exercise", name=name)

    def deck(self, name: str) -> Path | None:
        """The file of a deck, None where no shelf has it. The shelves are read once."""
        if self._decks is None:
            self._decks = {}
            for found in self._found_decks():
                self._decks.setdefault(found.id, found.path)
        return self._decks.get(name)

    def origin_of(self, path: Path) -> Origin:
        """The shelf a file lies on; a file on none of them belongs to the project."""
        whole = path.resolve()
        return next((shelf.origin for shelf in self.shelves if whole.is_relative_to(shelf.exercises.resolve())), "project")

    def entries(self) -> Iterator[Entry]:
        """Every exercise, one after the other as it is read, in the order of the shelves; a broken one never raises."""
        from tabletop.exercise.loading import load_exercise

        for found, hides in _nearest(self._exercises()):
            loaded, problems = _read(load_exercise, found.path, self.deck)
            yield Entry(found.id, found.path, found.origin, loaded, problems, hides)

    def deck_entries(self) -> Iterator[DeckEntry]:
        """Every deck, as `entries` lists exercises."""
        from tabletop.exercise.loading import load_deck

        for found, hides in _nearest(self._found_decks()):
            deck, problems = _read(load_deck, found.path)
            yield DeckEntry(found.id, found.path, found.origin, deck, problems, hides)

    def _exercises(self) -> Iterator[Found]:
        for shelf in self.shelves:
            yield from exercises_on(shelf)

    def _found_decks(self) -> Iterator[Found]:
        for shelf in self.shelves:
            yield from decks_on(shelf)


def _is_path(name: str) -> bool:
    return "/" in name or "\\" in name or name.lower().endswith(SUFFIXES)


def _nearest(found: Iterable[Found]) -> list[tuple[Found, tuple[Path, ...]]]:
    """The nearest file of each id, with those it hides."""
    by_id: dict[str, list[Found]] = {}
    for one in found:
        by_id.setdefault(one.id, []).append(one)
    return [(first, tuple(other.path for other in others)) for first, *others in by_id.values()]


def _read(load: Callable[Given, Read], *args: Given.args, **named: Given.kwargs) -> tuple[Read | None, int]:
    """What `load` gives, or the number of problems that keep it from giving anything."""
    from tabletop.exercise.problems import InvalidExercise

    try:
        return load(*args, **named), 0
    except InvalidExercise as error:
        return None, len(error.problems)
    except NotFound:
        return None, 1

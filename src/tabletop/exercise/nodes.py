"""Data of a YAML file that knows where it stands, wherever it is taken.

Owns: maps and lists with the place of every key and value, and the way from a path of keys to a place. Refuses to own:
how the text is read (source.py) and what the data means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol


class Place(NamedTuple):
    """A place in a file. Lines and columns count characters from 1."""

    path: Path
    line: int
    column: int


class Mark(Protocol):
    """A place as libyaml gives it: lines and columns from 0, no file."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a map or list came from; one object for a whole file, or for a deck inject taken into an exercise."""

    path: Path
    key: str = ""
    """The path of keys within its own file at which a part taken from there stood; empty for a whole file."""
    used: Place | None = None
    """Where the exercise file took it."""


class Map(dict[str, object]):
    """A map with places. `at` is where it begins; the other two have a place for each key."""

    __slots__ = ("at", "keys_at", "origin", "values_at")
    origin: Origin
    at: Mark | Place
    keys_at: dict[str, Mark | Place]
    values_at: dict[str, Mark | Place]

    @classmethod
    def begun(cls, origin: Origin, at: Mark | Place) -> Map:
        """An empty map that begins at a place."""
        new = cls()
        new.origin = origin
        new.at = at
        new.keys_at = {}
        new.values_at = {}
        return new

    def place(self, key: str) -> Place:
        """Where the value of `key` begins; where the map begins if it has no such key."""
        return placed(self.values_at.get(key, self.at), self.origin)

    def place_of_key(self, key: str) -> Place:
        """Where `key` itself stands; where the map begins if it has no such key."""
        return placed(self.keys_at.get(key, self.at), self.origin)

    def put(self, key: str, value: object, key_at: Mark | Place, value_at: Mark | Place) -> None:
        """Sets a key together with its places."""
        self[key] = value
        self.keys_at[key] = key_at
        self.values_at[key] = value_at

    def copied(self, origin: Origin | None = None) -> Map:
        """A shallow copy that may be changed; its marks stay those of this map's own file."""
        new = Map(self)
        new.origin = origin or self.origin
        new.at = self.at
        new.keys_at = dict(self.keys_at)
        new.values_at = dict(self.values_at)
        return new


class Seq(list[object]):
    """A list with the place of each item. `at` is where it begins."""

    __slots__ = ("at", "items_at", "origin")
    origin: Origin
    at: Mark | Place
    items_at: list[Mark | Place]

    @classmethod
    def begun(cls, origin: Origin, at: Mark | Place) -> Seq:
        """An empty list that begins at a place."""
        new = cls()
        new.origin = origin
        new.at = at
        new.items_at = []
        return new

    def place(self, index: int) -> Place:
        """Where an item begins."""
        return placed(self.items_at[index], self.origin)

    def put(self, value: object, at: Mark | Place) -> None:
        """Appends an item together with its place."""
        self.append(value)
        self.items_at.append(at)


def noded(data: Mapping[str, object], path: Path) -> Map:
    """Data that code made, as maps and lists that all stand at the beginning of `path`."""
    origin, place = Origin(path), Place(path, 1, 1)

    def node(value: object) -> object:
        if isinstance(value, Mapping):
            new = Map.begun(origin, place)
            for key, child in value.items():
                new.put(str(key), node(child), place, place)
            return new
        if isinstance(value, (list, tuple)):
            items = Seq.begun(origin, place)
            for child in value:
                items.put(node(child), place)
            return items
        return value

    root = node(data)
    assert isinstance(root, Map)
    return root


Loc = Sequence[str | int]
"""A path of keys and indices from the root of a file's data."""


class Found(NamedTuple):
    """What a path of keys leads to: a place, the path as it is written in that place's file, and where that part was taken from there."""

    place: Place
    key: str
    used: Place | None


def placed(mark: Mark | Place, origin: Origin) -> Place:
    """A mark of `origin`'s file as a place."""
    return mark if isinstance(mark, Place) else Place(origin.path, mark.line + 1, mark.column + 1)


def locate(root: Map, loc: Loc, *, of_key: bool = False) -> Found:
    """The deepest part of `loc` that is in the data; with `of_key`, the key of its last step instead of the value.

    Steps like `<released>` tell forms apart in the models and are in no file: they are passed over.
    """
    node: object = root
    place = placed(root.at, root.origin)
    outer: list[str] = []
    inner: list[str] = []
    taken = Origin(root.origin.path)
    for position, step in enumerate(loc):
        child: object = None
        if isinstance(node, Map) and isinstance(step, str) and step in node:
            place = node.place_of_key(step) if of_key and position == len(loc) - 1 else node.place(step)
            child = node[step]
        elif isinstance(node, Seq) and isinstance(step, int) and 0 <= step < len(node):
            place = node.place(step)
            child = node[step]
        elif isinstance(step, str) and is_form(step):
            continue
        outer.append(str(step))
        inner.append(str(step))
        if isinstance(child, Map) and child.origin.key:
            taken, inner = child.origin, [child.origin.key]
        node = child
    if taken.key and place.path == taken.path:
        return Found(place, ".".join(inner), taken.used)
    return Found(place, ".".join(outer), None)


def is_form(step: str) -> bool:
    """Whether a step of a path tells forms of a model apart."""
    return step.startswith("<") and step.endswith(">")

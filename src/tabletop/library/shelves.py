"""Where exercises and decks lie, nearest first, and which file holds which id.

Owns: the folders, and a glance at a file that costs next to nothing. Refuses to own: whether a file is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tabletop import platform

Origin = Literal["project", "user", "shipped"]
"""How near a shelf is: the folder the program was started in, the user's data folder, what came with the program."""

SUFFIXES = (".yaml", ".yml")

GLANCE = 2 * 1024 * 1024
"""Bytes of a file that a glance reads: no exercise may be longer."""

_KEY = re.compile(r"^(id|deck|steps):(.*)$", re.MULTILINE)
_SLUG = re.compile(r"""[ \t]*(["']?)([a-z0-9][a-z0-9-]*)\1[ \t\r]*(?:#.*)?""")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Two folders; either may be missing."""

    origin: Origin
    exercises: Path
    injects: Path

    @classmethod
    def under(cls, origin: Origin, root: Path) -> Shelf:
        return cls(origin, root / "exercises", root / "injects")


@dataclass(frozen=True, slots=True)
class Found:
    """A file on a shelf, known by a glance."""

    id: str
    path: Path
    origin: Origin


def standard_shelves(project: Path | None = None) -> tuple[Shelf, ...]:
    """The shelves of this user who stands in `project` (the working folder unless said), nearest first."""
    near = Shelf.under("project", Path.cwd() if project is None else project)
    user = Shelf.under("user", platform.folders().data)
    shipped = Shelf.under("shipped", shipped_root())
    same = near.exercises.resolve() == shipped.exercises.resolve()
    return (user, shipped) if same else (near, user, shipped)


def shipped_root() -> Path:
    """Where the shelf of the program itself is: inside the built package, or at the top of the checkout it runs from."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parents[1]
    if not (package / "shelf").is_dir() and (checkout / "pyproject.toml").is_file():
        return checkout
    return package / "shelf"


def yaml_files(folder: Path) -> Iterator[Path]:
    """Every YAML file in `folder` and below it, in the order of their names; hidden ones are left out."""
    if not folder.is_dir():
        return
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in SUFFIXES and not hidden and path.is_file():
            yield path


def glance(path: Path) -> tuple[Literal["exercise", "deck", "script"], str]:
    """What a file seems to be, and its id; the file's name stands in for an id that cannot be seen."""
    try:
        with path.open("rb") as file:
            text = file.read(GLANCE).decode("utf-8-sig", "replace")
    except OSError:
        return "exercise", path.stem
    seen: dict[str, str] = {}
    for found in _KEY.finditer(text):
        slug = _SLUG.fullmatch(found[2])
        seen.setdefault(found[1], slug[2] if slug else "")
    if "deck" in seen:
        return "deck", seen["deck"] or path.stem
    if "steps" in seen:
        return "script", path.stem
    return "exercise", seen.get("id") or path.stem


def exercises_on(shelf: Shelf) -> Iterator[Found]:
    """The exercise files of a shelf."""
    for path in yaml_files(shelf.exercises):
        kind, name = glance(path)
        if kind == "exercise":
            yield Found(name, path, shelf.origin)


def decks_on(shelf: Shelf) -> Iterator[Found]:
    """The decks of a shelf."""
    for path in yaml_files(shelf.injects):
        kind, name = glance(path)
        if kind == "deck":
            yield Found(name, path, shelf.origin)

"""Imports point inwards: what each room may take from the others and from outside."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import tabletop

SOURCE = Path(tabletop.__file__).parent

PURE = {"errors", "text", "exercise", "engine"}
EVALUATION = PURE | {"scoring", "debrief"}
SCREENS = EVALUATION | {"codes", "words", "platform", "library", "store", "report", "conductor", "rehearsal", "locale"}

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "text": set(),
    "codes": {"errors"},
    "words": set(),
    "platform": set(),
    "locale": set(),
    "exercise": {"errors", "text"},
    "library": {"errors", "text", "exercise", "platform"},
    "interop": {"errors", "text", "exercise"},
    "engine": {"errors", "text", "exercise"},
    "store": {"errors", "engine", "platform"},
    "scoring": {"errors", "text", "exercise", "engine"},
    "debrief": {"errors", "exercise", "engine", "scoring"},
    "report": EVALUATION | {"words"},
    "conductor": {"errors", "exercise", "engine", "store", "scoring"},
    "rehearsal": {"errors", "exercise", "engine", "store", "scoring", "conductor"},
    "tui": SCREENS,
    "web": SCREENS,
    "cli": SCREENS | {"tui", "web", "interop"},
}
"""Rooms of `tabletop` that a room may import from; itself always. Ground-floor rooms that differ between systems or put
codes into words are open to the rooms that touch a machine or a reader."""

OUTSIDE: dict[str, set[str]] = {
    "errors": set(),
    "text": {"rich"},
    "codes": {"segno"},
    "words": set(),
    "platform": {"platformdirs"},
    "locale": set(),
    "exercise": {"pydantic", "pydantic_core", "yaml"},
    "library": set(),
    "interop": {"openpyxl"},
    "engine": {"pydantic"},
    "store": {"sqlmodel", "sqlalchemy", "alembic"},
    "scoring": set(),
    "debrief": set(),
    "report": {"jinja2", "docx", "openpyxl"},
    "conductor": set(),
    "rehearsal": {"pydantic"},
    "tui": {"textual", "rich"},
    "web": {"starlette", "uvicorn", "jinja2", "markupsafe"},
    "cli": {"click"},
}

LAZY: dict[str, set[str]] = {
    "alembic": {"store"},
    "jinja2": {"report"},
    "docx": {"report"},
    "openpyxl": {"report", "interop"},
    "platformdirs": {"platform"},
    "segno": {"codes"},
    "rich": {"text"},
}
"""Packages that these rooms import inside the function that needs them."""


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py"))


def shown(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def room_of(path: Path) -> str:
    """The package or module directly under `tabletop` that a file belongs to."""
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def package_of(path: Path) -> list[str]:
    parts = ["tabletop", *path.relative_to(SOURCE).with_suffix("").parts]
    return parts[:-1]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path, *, top_only: bool = False) -> Iterator[str]:
    """Dotted names a module imports, relative ones made whole."""
    tree = tree_of(path)
    for node in tree.body if top_only else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package_of(path)[: len(package_of(path)) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def rooms_imported(path: Path) -> set[str]:
    names = {name.split(".")[1] for name in imports(path) if name.startswith("tabletop.") and name.count(".")}
    return {name for name in names if (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").is_file()}


@pytest.mark.parametrize("path", modules(), ids=shown)
def test_imports_point_inwards(path: Path) -> None:
    room = room_of(path)
    if room in {"__init__", "__main__"}:
        assert rooms_imported(path) <= {"cli"}
        return
    assert rooms_imported(path) - {room} <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", modules(), ids=shown)
def test_only_the_rooms_that_may_know_a_library_know_it(path: Path) -> None:
    room = room_of(path)
    used = {name.split(".")[0] for name in imports(path)} - set(sys.stdlib_module_names) - {"tabletop"}
    assert used <= OUTSIDE.get(room, set())


@pytest.mark.parametrize("path", modules(), ids=shown)
def test_heavy_libraries_are_imported_where_they_are_needed(path: Path) -> None:
    at_the_top = {name.split(".")[0] for name in imports(path, top_only=True)}
    migration = "migrations" in path.parts
    assert migration or not {name for name in at_the_top if room_of(path) in LAZY.get(name, set())}


@pytest.mark.parametrize("path", [path for path in modules() if room_of(path) in {"tui", "web"}], ids=shown)
def test_screens_reach_the_store_through_the_conductor_and_runs_only(path: Path) -> None:
    names = {name for name in imports(path) if name.startswith("tabletop.store.")}
    assert {name for name in names if not name.startswith("tabletop.store.runs")} == set()


def test_the_table_knows_every_room() -> None:
    rooms = {room_of(path) for path in modules()} - {"__init__", "__main__"}
    assert rooms <= MAY_IMPORT.keys()
    assert MAY_IMPORT.keys() == OUTSIDE.keys()

"""`tabletop doctor`: what this machine gives the program, and what to change."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import click

from tabletop import platform
from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.layout import table
from tabletop.cli.versions import of_package, wal_reset_fixed
from tabletop.errors import Exit
from tabletop.words import Words

State = Literal["ok", "warning", "problem"]

SIGNS = "演✓─é"
"""A Chinese character, a tick, a line and an accent: what the screens are made of."""


class Check(NamedTuple):
    """One thing looked at. `advice` is a code of the word table; empty where there is none."""

    name: str
    state: State
    value: str
    advice: str = ""


@tabletop_command("doctor")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(said: Invocation, as_json: bool) -> Exit:
    """Prints every check; a folder or store that cannot be written is exit code 8."""
    checks = list(every_check(said))
    words = said.words
    if as_json:
        said.output.json(
            "checks", [{"name": c.name, "state": c.state, "value": c.value, "hint": words(c.advice) if c.advice else ""} for c in checks]
        )
    else:
        rows = [(words(f"doctor.state.{check.state}"), words(f"doctor.{check.name}"), check.value) for check in checks]
        for check, line in zip(checks, table(rows), strict=True):
            said.output.line(line, {"ok": "", "warning": "warn", "problem": "bad"}[check.state])
            if check.advice:
                said.output.line(f"    {words(check.advice)}")
    return Exit.NO_SPACE if any(check.state == "problem" for check in checks) else Exit.OK


def every_check(said: Invocation) -> Iterator[Check]:
    """Looks at everything, in the order it is printed."""
    yield Check("program", "ok", f"tabletop {_own_version()}, Textual {of_package('textual')}")
    yield Check("python", "ok", f"{sys.version.split()[0]}, {sys.platform}")
    yield _terminal()
    yield _encoding()
    yield Check("language", "ok", said.language)
    yield from _folders()
    yield from _shelves(said.words)
    yield _sqlite(said.words)
    yield from _store(said.store)


def _own_version() -> str:
    from tabletop import __version__

    return __version__


def _terminal() -> Check:
    reason = platform.no_screen_here()
    term = os.environ.get("TERM", "-")
    if reason is not None:
        return Check("terminal", "warning", f"TERM={term}", "doctor.no-terminal")
    from tabletop.tui.sizes import too_small

    size = os.get_terminal_size()
    small = too_small(size.columns, size.lines)
    return Check("terminal", "warning" if small else "ok", f"TERM={term}, {size.columns}×{size.lines}", "doctor.too-small" if small else "")


def _encoding() -> Check:
    encoding = sys.stdout.encoding or "-"
    try:
        SIGNS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return Check("encoding", "warning", encoding, "doctor.encoding-poor")
    return Check("encoding", "ok", encoding)


def _folders() -> Iterator[Check]:
    found = platform.folders()
    for name, path in zip(found._fields, found, strict=True):
        if not platform.writable(path):
            yield Check(f"folder-{name}", "problem", str(path), "doctor.not-writable")
        elif path.exists() and platform.open_to_others(path):
            yield Check(f"folder-{name}", "warning", str(path), "doctor.open-to-others")
        else:
            yield Check(f"folder-{name}", "ok", str(path))


def _shelves(words: Words) -> Iterator[Check]:
    from tabletop.library import standard_shelves
    from tabletop.library.shelves import decks_on, exercises_on

    for shelf in standard_shelves():
        exercises, decks = sum(1 for _ in exercises_on(shelf)), sum(1 for _ in decks_on(shelf))
        missing = shelf.origin == "shipped" and not exercises
        value = words("doctor.shelf-holds", path=shelf.exercises.parent, exercises=exercises, decks=decks)
        yield Check(f"shelf-{shelf.origin}", "warning" if missing else "ok", value, "doctor.shelf-missing" if missing else "")


def _sqlite(words: Words) -> Check:
    import sqlite3

    wal = words("cli.wal-fixed" if wal_reset_fixed(sqlite3.sqlite_version_info) else "cli.wal-not-fixed")
    return Check("sqlite", "ok", words("doctor.sqlite-value", version=sqlite3.sqlite_version, wal=wal))


def _store(path: Path) -> Iterator[Check]:
    remote = platform.network_drive(path)
    if remote is not None:
        yield Check("store", "warning", f"{path} ({remote})", "doctor.network-drive")
    elif not platform.writable(path.parent) or (path.exists() and not os.access(path, os.W_OK)):
        yield Check("store", "problem", str(path), "doctor.not-writable")
    elif path.exists() and platform.open_to_others(path):
        yield Check("store", "warning", str(path), "doctor.open-to-others")
    else:
        size = f" ({path.stat().st_size // 1024} KiB)" if path.exists() else ""
        yield Check("store", "ok", f"{path}{size}", "" if path.exists() else "doctor.store-new")

"""Versions of the program and of what it stands on."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version

from tabletop import __version__
from tabletop.words import Words

FIXED_FROM = (3, 51, 3)
"""The SQLite release from which its write-ahead log can be reset without losing pages (https://sqlite.org/wal.html#walresetbug)."""

BACKPORTS = ((3, 44, 6), (3, 50, 7))
"""Earlier release lines that got the fix, each from this release on."""


def wal_reset_fixed(release: tuple[int, int, int]) -> bool:
    """Whether that SQLite has the WAL-reset fix."""
    return release >= FIXED_FROM or any(release[:2] == fixed[:2] and release >= fixed for fixed in BACKPORTS)


def of_package(name: str) -> str:
    """The version of an installed package, `-` where there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def version_lines(words: Words, *, verbose: bool) -> list[str]:
    """One line each: the program, Python, Textual, SQLite; verbose, whether SQLite has the fix."""
    import sqlite3

    lines = [
        f"tabletop {__version__}",
        f"Python {sys.version.split()[0]}",
        f"Textual {of_package('textual')}",
        f"SQLite {sqlite3.sqlite_version}",
    ]
    if verbose:
        fixed = wal_reset_fixed(sqlite3.sqlite_version_info)
        lines.append(words("cli.wal-fixed" if fixed else "cli.wal-not-fixed"))
    return lines

"""What `tabletop doctor` says about this machine."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "state.ok": "ok",
    "state.warning": "warning",
    "state.problem": "PROBLEM",
    "program": "program",
    "python": "Python",
    "terminal": "terminal",
    "encoding": "encoding",
    "language": "language",
    "folder-config": "settings folder",
    "folder-data": "data folder",
    "folder-state": "state folder",
    "folder-cache": "cache folder",
    "shelf-project": "shelf here",
    "shelf-user": "your shelf",
    "shelf-shipped": "shipped shelf",
    "shelf-holds": "{path} (exercises: {exercises}, decks: {decks})",
    "sqlite": "SQLite",
    "sqlite-value": "{version}, {wal}",
    "store": "store",
    "store-new": "It does not exist yet: the first run makes it.",
    "too-small": "The screens want 60 columns and 20 rows at least; 80×24 is comfortable.",
    "encoding-poor": (
        "Chinese or drawing characters cannot be shown. On Windows use Windows Terminal, or chcp 65001 and "
        "PYTHONUTF8=1; elsewhere a UTF-8 locale. "
        "tabletop run --ascii draws without them."
    ),
    "not-writable": "It cannot be written. Choose another folder with TABLETOP_HOME, or another store with --db.",
    "open-to-others": (
        "Anybody on this machine may write there. Take that right away (chmod o-w), or choose another folder with TABLETOP_HOME."
    ),
    "network-drive": (
        "This is a network drive: its locks cannot be relied upon. Keep the store on a disk of this machine, with --db or TABLETOP_DB."
    ),
    "no-terminal": "The screens need a terminal on all of input, output and errors, and TERM set. Plain commands do without.",
    "shelf-missing": "The exercises that ship with the program are missing: install it again.",
}

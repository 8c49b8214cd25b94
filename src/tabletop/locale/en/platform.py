"""What the machine does not allow, and why no full screen can be drawn."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "not-a-terminal": "This needs a terminal: a screen cannot be drawn into a pipe or a file.",
    "not-a-terminal.hint": "In a terminal, run it without redirecting input, output or errors. Here, use: {instead}",
    "dumb-terminal": 'This terminal says it cannot move its cursor (TERM is empty or "dumb").',
    "dumb-terminal.hint": "Use another terminal, or set TERM, for instance TERM=xterm-256color. Here, use: {instead}",
    "unwritable": "Cannot write {path}: {reason}.",
    "unwritable.hint": (
        "Free some space, choose another folder with TABLETOP_HOME, or another file with --db. tabletop doctor shows "
        "which folders are used."
    ),
}

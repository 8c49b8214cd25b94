"""What the commands say beside their data."""

from __future__ import annotations

WORDS: dict[str, str] = {
    "error": "Error: ",
    "see-help": "{command} --help tells how it is used.",
    "crash": "This is a fault of the program, number {id}. What was recorded before it is kept.",
    "crash-kept": "Where it happened is written in {path}.",
    "crash-not-kept": "Not even the file that says where could be written. tabletop doctor looks at the folders.",
    "output-full": "The output could not be written: no space left.",
    "wal-fixed": "with the fix for resetting its write-ahead log",
    "wal-not-fixed": "without the fix for resetting its write-ahead log (the store does not use one)",
    "checked": "Files: {files}. Problems: {problems}. Warnings: {warnings}.",
    "missing-argument": "Missing argument {name}.",
    "missing-option": "Missing option {name}.",
    "nothing-to-check": "There is no file or folder {path!r}.",
    "no-such-language": "there is no language {name!r}. Languages: {names}.",
    "no-such-command": "There is no command {name!r}.",
    "no-such-command-near": "There is no command {name!r}. Did you mean {near!r}?",
}

"""The one family of errors that people can mend.

Owns: what went wrong as a code with values, and the exit code. Refuses to own: sentences. `tabletop.words` words a
code in a language, where it is shown.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command, as the public contract lists them."""

    OK = 0
    FAULT = 1
    USAGE = 2
    NOT_FOUND = 3
    PROBLEMS = 4
    IN_USE = 5
    DAMAGED = 6
    NEWER = 7
    NO_SPACE = 8


class TabletopError(Exception):
    """A problem the user can mend: `code` names message and hint in the word tables, `values` fill them."""

    exit_code: Exit = Exit.FAULT

    def __init__(self, code: str, /, *, exit_code: Exit | None = None, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values
        if exit_code is not None:
            self.exit_code = exit_code


class NotFound(TabletopError):
    """What was named is not there."""

    exit_code = Exit.NOT_FOUND


class Refused(TabletopError):
    """The exercise does not allow what was asked, now or by this person."""

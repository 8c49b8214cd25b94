"""What goes to stderr: errors with their hints, summaries, progress. The one module that talks there."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tabletop import platform
from tabletop.errors import TabletopError
from tabletop.words import Words

from .output import Output

if TYPE_CHECKING:
    import click


class Narration:
    """Tells a person what is going on, in one language."""

    def __init__(self, words: Words, *, colour: bool = True) -> None:
        self.words = words
        self.output = Output(sys.stderr, colour=colour)

    def note(self, code: str, /, **values: object) -> None:
        """A sentence beside the data: a summary, what was written where."""
        self.output.line(self.words(code, **values))

    def error(self, error: TabletopError) -> None:
        """What went wrong, then what to do about it; of a file, every problem it has."""
        from tabletop.exercise.problems import InvalidExercise, worded

        if isinstance(error, InvalidExercise):
            for problem in error.problems:
                self.output.line(worded(problem, self.words))
        self._told(self.words(error.code, **error.values), self.words.hint(error.code, **error.values))

    def usage(self, error: click.ClickException) -> None:
        """A command line that cannot be understood."""
        context = getattr(error, "ctx", None)
        asked = "tabletop" if context is None else context.command_path
        self._told(self._misused(error), self.words("cli.see-help", command=asked))

    def _misused(self, error: click.ClickException) -> str:
        """click ends the sentence about what is missing with an English full stop, whatever the language."""
        from click import MissingParameter, Option

        if isinstance(error, MissingParameter) and error.param is not None and error.ctx is not None:
            kind = "option" if isinstance(error.param, Option) else "argument"
            return self.words(f"cli.missing-{kind}", name=error.param.get_error_hint(error.ctx))
        return error.format_message()

    def crash(self, crash: platform.Crash) -> None:
        """A fault of ours: its number and where the rest is kept; never what the program held in memory (T22)."""
        kept = self.words("cli.crash-kept", path=crash.path) if crash.path else self.words("cli.crash-not-kept")
        self._told(self.words("cli.crash", id=crash.id), kept)

    def _told(self, message: str, hint: str) -> None:
        self.output.line(f"{self.words('cli.error')}{message}", "bad")
        if hint:
            self.output.line(hint)

"""An app that ends in good order: told to by the system, or by a fault of ours; and nothing moves the cursor of its terminal.

Owns: signals, crashes, the last filter on the way to the terminal. Refuses to own: what is shown, and runs.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.filter import LineFilter

from tabletop import platform
from tabletop.errors import Exit

from .keyed_app import KeyedApp
from .safety_filter import ControlFilter

if TYPE_CHECKING:
    from textual.signal import Signal

    from tabletop.engine.state import State

    from .desk import Desk


LOADED_S = 1.0
"""Seconds after a run was opened, when what a program keeps to its end has been made."""


def spare_the_collector() -> None:
    """What is there now stays: from here on the collector looks at what comes after it.

    Looking at all of it takes as long as three frames, and would do so in the middle of an exercise again and again.
    """
    gc.collect()
    gc.freeze()


class GuardedApp(KeyedApp, inherit_bindings=False):
    """What the facilitator's program and those of players have in common."""

    desk: Desk | None
    run_changed: Signal[State]
    """The log grew: here is the state after it."""
    ticked: Signal[int]
    """Exercise milliseconds, four times a second."""

    @property
    def language(self) -> str:
        """The language in which the exercise is shown: that of the run, else that of the interface."""
        if self.desk is not None and self.desk.state.created is not None:
            return self.desk.state.created.language
        return self.words.language

    def __init__(self) -> None:
        super().__init__()
        self.crash: platform.Crash | None = None
        self._guard = ControlFilter()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._guard]

    def loaded(self) -> None:
        """A run has been opened and is about to be shown."""
        if not self.is_headless:
            # A program that is tested shares its process with many others, and their rubbish.
            self.set_timer(LOADED_S, spare_the_collector)

    def let_go(self) -> None:
        """Gives back what the run was opened with. Called before the end."""

    def take_signals(self) -> None:
        """From now on the system's signals end this app in good order."""
        loop = asyncio.get_running_loop()
        for number in platform.ending_signals():
            try:
                loop.add_signal_handler(number, partial(self._end_by_signal, number))
            except NotImplementedError:
                # Windows: no signal reaches the loop; every event is committed already.
                return

    def _end_by_signal(self, number: int) -> None:
        self.let_go()
        self.exit(return_code=platform.exit_code_of(number))

    def _handle_exception(self, error: Exception) -> None:
        """Ends without showing local variables: injects to come, names and codes stay private (safety: finding 3)."""
        if self.crash is None:
            self.crash = platform.keep_crash(error)
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._return_code = int(Exit.FAULT)
        self._close_messages_no_wait()

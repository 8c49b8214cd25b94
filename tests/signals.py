"""Signals for processes that tests start."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable


def _heed() -> None:
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


HEEDING: Callable[[], None] | None = None if sys.platform == "win32" else _heed
"""For `preexec_fn`: the new process heeds signals, though whoever started the tests may have had some ignored; a shell does so for
what runs behind."""

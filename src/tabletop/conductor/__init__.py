"""The shell: where a clock, a log and the engine meet. Screens reach the store through here.

Each name is loaded when it is first asked for, so that a screen can be up before the engine is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tabletop.store.faults import Fenced

    from .opening import Opened, begin, open_store, resume
    from .options import RunOptions
    from .shell import Clockwork, Conductor, Gap, Log, Rows

__all__ = ["Clockwork", "Conductor", "Fenced", "Gap", "Log", "Opened", "Rows", "RunOptions", "begin", "open_store", "resume"]

_HOMES = {
    **dict.fromkeys(("Opened", "begin", "open_store", "resume"), "tabletop.conductor.opening"),
    **dict.fromkeys(("Clockwork", "Conductor", "Gap", "Log", "Rows"), "tabletop.conductor.shell"),
    "RunOptions": "tabletop.conductor.options",
    "Fenced": "tabletop.store.faults",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)

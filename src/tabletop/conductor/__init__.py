"""The shell: where a clock, a log and the engine meet. Screens reach the store through here.

Each name is loaded when it is first asked for, so that a screen can be up before the engine is.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tabletop.store.faults import Fenced
    from tabletop.store.presence import Here
    from tabletop.store.seats import Lobby, Pass
    from tabletop.store.serving import Serving

    from .opening import Opened, begin, open_store, resume
    from .options import RunOptions
    from .seating import Joined, join, new_place
    from .shell import NO_LEASE, Clockwork, Conductor, Gap, Log, Rows

__all__ = [
    "NO_LEASE",
    "Clockwork",
    "Conductor",
    "Fenced",
    "Gap",
    "Here",
    "Joined",
    "Lobby",
    "Log",
    "Opened",
    "Pass",
    "Rows",
    "RunOptions",
    "Serving",
    "begin",
    "join",
    "new_place",
    "open_store",
    "resume",
]

_HOMES = {
    **dict.fromkeys(("Opened", "begin", "open_store", "resume"), "tabletop.conductor.opening"),
    **dict.fromkeys(("NO_LEASE", "Clockwork", "Conductor", "Gap", "Log", "Rows"), "tabletop.conductor.shell"),
    **dict.fromkeys(("Joined", "join", "new_place"), "tabletop.conductor.seating"),
    "RunOptions": "tabletop.conductor.options",
    "Fenced": "tabletop.store.faults",
    "Here": "tabletop.store.presence",
    **dict.fromkeys(("Lobby", "Pass"), "tabletop.store.seats"),
    "Serving": "tabletop.store.serving",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)

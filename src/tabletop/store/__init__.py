"""The log: one SQLite file for all runs, append-only and sealed.

`Store.open(path)` is the way in. What needs more than the standard library is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .chain import Verdict, verify
from .engine import Store
from .faults import Fenced, LeaseHeld, Stale
from .lease import Lease, LeaseHolder
from .runs import RunRow, new_run_id

if TYPE_CHECKING:
    from .log import EventLog

__all__ = ["EventLog", "Fenced", "Lease", "LeaseHeld", "LeaseHolder", "RunRow", "Stale", "Store", "Verdict", "new_run_id", "verify"]


def __getattr__(name: str) -> object:
    if name == "EventLog":
        from .log import EventLog

        return EventLog
    raise AttributeError(name)

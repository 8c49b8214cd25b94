"""The shell: where a clock, a log and the engine meet. Screens reach the store through here."""

from tabletop.store.faults import Fenced

from .opening import Opened, RunOptions, begin, open_store, resume
from .shell import Clockwork, Conductor, Gap, Log, Rows

__all__ = ["Clockwork", "Conductor", "Fenced", "Gap", "Log", "Opened", "Rows", "RunOptions", "begin", "open_store", "resume"]

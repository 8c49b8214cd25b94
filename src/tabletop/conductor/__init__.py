"""The shell: where a clock, a log and the engine meet."""

from .opening import Opened, RunOptions, begin, resume
from .shell import Clockwork, Conductor, Gap, Log, Rows

__all__ = ["Clockwork", "Conductor", "Gap", "Log", "Opened", "Rows", "RunOptions", "begin", "resume"]

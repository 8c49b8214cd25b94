"""`tabletop COMMAND`: the command line, in which every command is imported only when asked for."""

from __future__ import annotations

import sys


def main() -> None:
    """The console script. Ends the process with the exit code of the command."""
    from .entry import run

    sys.exit(run(sys.argv[1:]))

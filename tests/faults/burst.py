"""Many stations that start at the same moment and record one decision each.

python -m tests.faults.burst PATH PROCESSES EACH

Prints one JSON object: how many ended well, and after how many seconds the last one had recorded.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
import uuid
from pathlib import Path

from tabletop.store import Store

from . import writer
from .recovered import RUN


def station(path: Path, start: float, each: int) -> int:
    """Open (or make) the store at `start`, then record; the exit code."""
    time.sleep(max(0.0, start - time.monotonic()))
    with Store.open(path, busy_s=30) as store:
        log = writer.open_log(store, RUN)
        for _ in range(each):
            writer.append(log, str(uuid.uuid4()))
    return 0


def main(path: Path, processes: int, each: int) -> None:
    start = time.monotonic() + 0.3
    children = []
    for _ in range(processes):
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = station(path, start, each)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    print(json.dumps({"well": codes.count(0), "seconds": round(time.monotonic() - start, 3)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

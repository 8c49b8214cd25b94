"""`python -m tests.benchmarks [NAME...] [--json]`: how fast, beside what. Prints; judges nothing by failing."""

from __future__ import annotations

import argparse
import json
import sys

from tests.benchmarks import attention, core, processes, screens, web
from tests.benchmarks.measure import Row, table

BENCHMARKS = {**processes.BENCHMARKS, **core.BENCHMARKS, **screens.BENCHMARKS, **web.BENCHMARKS, **attention.BENCHMARKS}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Times, each beside a floor measured in the same run.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(BENCHMARKS)}")
    parser.add_argument("--json", action="store_true", help="a list of rows instead of the table")
    parser.add_argument("--rounds", type=int, default=0, help="samples of each; 0: each row's own number")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"no such benchmark: {', '.join(unknown)}")
    rows: list[Row] = []
    for name in given.names or BENCHMARKS:
        print(f"{name} ...", file=sys.stderr, flush=True)
        rows += BENCHMARKS[name](given.rounds)
    if given.json:
        print(json.dumps([row.as_json() for row in rows], indent=2))
    else:
        print("\n".join(table(rows)))


if __name__ == "__main__":
    main()

"""Makes `golden/vN.db`: a store of this version as it was released, for the migrations of later versions (F17, P7).

python -m tests.store.make_golden

Ids and salts are fixed so that making it again gives the same seals. A released golden store is never made again; the next
version of the store gets a file of its own.
"""

from __future__ import annotations

import os
import platform
import secrets
from pathlib import Path
from unittest.mock import patch

from tabletop.store import Lease, Store, schema, seats
from tabletop.store.presence import Here

from .ledgers import RUN, entry, make_run

GOLDEN = Path(__file__).parent / "golden"


def make(path: Path) -> None:
    """A store with a run, a rehearsal, a lease, a draft, an attachment and rows in every projection."""
    fixed = (
        patch.object(secrets, "token_hex", lambda size: "5a" * size),
        patch.object(platform, "node", lambda: "branch-laptop"),
        patch.object(os, "getpid", lambda: 4711),
    )
    with fixed[0], fixed[1], fixed[2], Store.open(path) as store:
        log = make_run(store)
        log.append(
            [entry(seq, key=f"00000000-0000-4000-8000-{seq:012d}", fence=1) for seq in range(1, 13)],
            expected_head=0,
            rows={
                "decision_log": [{"seq": 1, "wall_time": "2026-11-19T01:00:01.501Z", "exercise_s": 1.0, "decision": "先稳住对方 1"}],
                "inject_log": [{"inject": "knife", "kind": "situation", "planned_s": 0, "released_s": 0, "status": "released"}],
                "action_log": [{"action": "silent-alarm", "criticality": "critical", "state": "done", "prompted": False}],
                "run_summary": [{"started": "2026-11-19T01:00:00.000Z", "pace": "timed", "people": 5}],
                "improvement_plan": [{"id": "F1", "finding": "no alarm", "status": "open"}],
            },
        )
        make_run(store, "fraud-20261120-1400-00bb", kind="rehearsal")
        store.attach(RUN, "media/plan.txt", "平面图".encode())
        store.drafts.save(RUN, "teller-1", "first-move", "I would")
        with patch.object(seats, "wall_clock_ms", lambda: 1_795_050_000_000), patch.object(secrets, "choice", lambda letters: letters[7]):
            [code] = store.seats.new_codes(RUN, ["seat:teller-1"]).values()
            store.seats.redeem(RUN, code, "Li Wei")
        store.presence.beat(RUN, [Here("place-1", "seat:teller-1", "Li Wei", "browser", 1_795_050_000_000, 1_795_050_030_000)])
        Lease.take(store, RUN, holder="console", now_ms=lambda: 1_795_050_060_000).release(60_000)


if __name__ == "__main__":
    target = GOLDEN / f"v{schema.VERSION}.db"
    target.parent.mkdir(exist_ok=True)
    target.unlink(missing_ok=True)
    make(target)
    for side in (*GOLDEN.glob(f"{target.name}.*"), *GOLDEN.glob(f"{target.name}-*")):
        side.unlink()
    print(target, target.stat().st_size)

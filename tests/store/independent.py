"""A second verifier, written from the text of the format alone: it imports nothing of tabletop.

python tests/store/independent.py FILE RUN
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Sequence


def sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def dump(value: Sequence[object]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check(path: str, run: str) -> str:
    """`ok COUNT HEAD`, or what is wrong first."""
    connection = sqlite3.connect(path)
    exercise, exercise_hash, count, head = connection.execute(
        "SELECT exercise_json, exercise_hash, events, head FROM run WHERE id = ?", (run,)
    ).fetchone()
    rows = connection.execute(
        "SELECT seq, id, kind, wall_time, exercise_ms, actor, fence, body, salt, body_hash, prev, hash "
        "FROM event WHERE run = ? ORDER BY seq",
        (run,),
    ).fetchall()
    connection.close()
    if sha(exercise) != exercise_hash:
        return "exercise"
    redacted = {json.loads(row[7])["event"] for row in rows if row[2] == "redacted"}
    link = sha(dump(["tabletop-1", run, exercise_hash]))
    for number, (seq, key, kind, wall, at, actor, fence, body, salt, body_hash, prev, sealed) in enumerate(rows, start=1):
        kept = seq in redacted if body is None else sha(salt + body) == body_hash
        expected = sha(dump(["tabletop-1", run, seq, key, kind, wall, at, actor, fence, body_hash, prev]))
        if seq != number or not kept or prev != link or sealed != expected:
            return f"event {number}"
        link = sealed
    return f"ok {count} {head}" if (len(rows), link) == (count, head) else "end"


if __name__ == "__main__":
    print(check(sys.argv[1], sys.argv[2]))

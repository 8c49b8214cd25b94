"""The seal: each event carries a hash over its content and the one before.

Owns: how hashes are made, and which event is the first bad one. Refuses to own: writing. Exact meaning: semantics,
*The log and its seal*.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final, Literal, NamedTuple

from tabletop.errors import Exit, NotFound, TabletopError

ALGORITHM = "tabletop-1"

COLUMNS = ("seq", "id", "kind", "wall_time", "exercise_ms", "actor", "fence", "body", "salt", "body_hash", "prev", "hash")
"""Columns of an event beside its run."""

REDACTED: Final = "redacted"
"""Kind of the event that names, as `event`, the one whose body and salt were deleted."""

SEARCHES = 50
"""Events whose seal holds nowhere that are looked for at every number; more than that is not a log any more."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(value: object) -> str:
    """`value` as JSON text in the one form that is hashed: keys sorted, no spaces, not ASCII-escaped."""
    return _encode(value)


def wall_time(wall_ms: int) -> str:
    """ISO 8601 UTC with milliseconds and `Z`, of milliseconds since 1970."""
    moment = _EPOCH + timedelta(milliseconds=wall_ms)
    return moment.isoformat(timespec="milliseconds")[:23] + "Z"


def wall_ms(text: str) -> int:
    """Milliseconds since 1970 of what `wall_time` wrote. Raises ValueError for other text."""
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(milliseconds=1)


def _hash(text: str) -> str:
    # What was tampered with may not be UTF-8 any more: it comes in as lone surrogates and must hash to something.
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def exercise_hash(exercise_json: str) -> str:
    return _hash(exercise_json)


def genesis(run: str, hash_of_exercise: str) -> str:
    """What the first event of a run is chained to."""
    return _hash(canonical([ALGORITHM, run, hash_of_exercise]))


def body_hash(salt: str, body: str) -> str:
    """The commitment to a body; it outlives the body when that is redacted."""
    return _hash(salt + body)


def event_hash(
    run: str, seq: int, event_id: str, kind: str, at: str, exercise_ms: int, actor: str, fence: int, hash_of_body: str, prev: str
) -> str:
    """The seal of one event."""
    return _hash(canonical([ALGORITHM, run, seq, event_id, kind, at, exercise_ms, actor, fence, hash_of_body, prev]))


VerdictName = Literal["intact", "redacted", "altered", "removed", "added", "reordered", "truncated", "rewritten", "exercise"]
"""`redacted`: intact, with events whose words were deleted as the log says. `truncated`: the end is missing. `rewritten`: the
events hang together but are not the ones that the record, or the paper, says. `exercise`: the stored exercise was altered."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of a run's seal found."""

    run: str
    ok: bool
    events: int
    head: str
    verdict: VerdictName
    seq: int | None
    """The first bad event; None where nothing is bad, or no single event can be named."""
    redacted: tuple[int, ...] = ()
    """Events whose words were deleted, by sequence number."""


class _Row(NamedTuple):
    place: int
    """Where the event stands in the table, from 1."""
    run: str
    seq: object
    id: object
    kind: object
    wall_time: object
    exercise_ms: object
    actor: object
    fence: object
    body: object
    salt: object
    body_hash: object
    prev: object
    hash: object

    def sealed_as(self, seq: object) -> bool:
        """Whether the hash fits the content at that sequence number."""
        content = [self.id, self.kind, self.wall_time, self.exercise_ms, self.actor, self.fence, self.body_hash, self.prev]
        try:
            return _hash(canonical([ALGORITHM, self.run, seq, *content])) == self.hash
        except (TypeError, ValueError):
            # Bytes, or a number that JSON does not have: nothing of ours.
            return False

    def keeps_its_body(self, redacted: frozenset[object]) -> bool:
        """Whether the body is the one committed to, or was redacted as a later event says."""
        if self.body is None and self.salt is None:
            return self.seq in redacted
        return isinstance(self.body, str) and isinstance(self.salt, str) and body_hash(self.salt, self.body) == self.body_hash


Break = tuple[VerdictName, int | None]


def verify(connection: sqlite3.Connection, run_id: str, expected: str | None = None) -> Verdict:
    """Check the seal of a run, and against paper where `expected` (`N:HASH`) is given. Names the first bad event.

    Raises NotFound for a run that is not there, TabletopError for an `expected` that cannot be read, sqlite3.Error.
    """
    paper = None if expected is None else read_paper(expected)
    kept, rows = _look(connection, run_id)
    exercise_json, hash_of_exercise, events, head = kept
    start = genesis(run_id, str(hash_of_exercise))
    redacted = frozenset(_named_by_redactions(rows))
    actual = str(rows[-1].hash) if rows else start
    broken: Break | None = None
    if not isinstance(exercise_json, str) or exercise_hash(exercise_json) != hash_of_exercise:
        broken = ("exercise", None)
    broken = broken or _first_break(rows, start, str(head), redacted, events if isinstance(events, int) else 0)
    broken = broken or (_against_paper(rows, start, paper) if paper else None) or _against_record(rows, events, head, actual)
    if broken is not None:
        return Verdict(run_id, False, len(rows), actual, *broken)
    gone = tuple(row.place for row in rows if row.body is None)
    return Verdict(run_id, True, len(rows), actual, REDACTED if gone else "intact", None, gone)


def _look(connection: sqlite3.Connection, run_id: str) -> tuple[tuple[object, ...], list[_Row]]:
    """The record of a run and its events, of one and the same moment: others may be writing."""
    alone = not connection.in_transaction
    if alone:
        connection.execute("BEGIN")
    try:
        try:
            return _fetch(connection, run_id)
        except sqlite3.OperationalError as error:
            if hasattr(error, "sqlite_errorcode"):
                raise
        # Text that is not UTF-8: somebody altered it, and which event it was is still to be told.
        factory, connection.text_factory = connection.text_factory, lambda raw: raw.decode("utf-8", "surrogateescape")
        try:
            return _fetch(connection, run_id)
        finally:
            connection.text_factory = factory
    finally:
        if alone and connection.in_transaction:
            connection.execute("ROLLBACK")


def _fetch(connection: sqlite3.Connection, run_id: str) -> tuple[tuple[object, ...], list[_Row]]:
    kept = connection.execute("SELECT exercise_json, exercise_hash, events, head FROM run WHERE id = ?", (run_id,)).fetchone()
    if kept is None:
        raise NotFound("store.no-run", name=run_id)
    rows = connection.execute(f"SELECT {', '.join(COLUMNS)} FROM event WHERE run = ? ORDER BY seq", (run_id,))
    return kept, [_Row(place, run_id, *row) for place, row in enumerate(rows, start=1)]


def read_paper(expected: str) -> tuple[int, str]:
    """Number of events and (start of the) hash, as printed on a debrief: `123:ab12 cd34 ef56 7890 ...`; at least 16 digits.

    Raises TabletopError where it is not that.
    """
    match = re.fullmatch(r"(\d{1,9}):([0-9a-f]{16,64})", re.sub(r"\s", "", expected).lower())
    if match is None:
        raise TabletopError("store.unreadable-head", exit_code=Exit.USAGE, given=expected)
    return int(match[1]), match[2]


def _named_by_redactions(rows: list[_Row]) -> list[object]:
    named: list[object] = []
    for row in rows:
        if row.kind == REDACTED and isinstance(row.body, str):
            try:
                content = json.loads(row.body)
            except ValueError:
                continue
            event = content.get("event") if isinstance(content, dict) else None
            if isinstance(event, int) and event < row.place:
                named.append(event)
    return named


def _against_paper(rows: list[_Row], start: str, paper: tuple[int, str]) -> Break | None:
    count, digits = paper
    if len(rows) < count:
        return ("truncated", len(rows) + 1)
    found = str(rows[count - 1].hash) if count else start
    return None if found.startswith(digits) else ("rewritten", None)


def _against_record(rows: list[_Row], events: object, head: object, actual: str) -> Break | None:
    if isinstance(events, int) and len(rows) < events:
        return ("truncated", len(rows) + 1)
    if isinstance(events, int) and len(rows) > events:
        return ("added", events + 1)
    return None if head == actual and events == len(rows) else ("rewritten", None)


def _first_break(rows: list[_Row], start: str, head: str, redacted: frozenset[object], events: int) -> Break | None:
    """The first event whose place, seal, body or link is wrong, and what was done to the log there."""
    prev: object = start
    for row in rows:
        if row.seq != row.place or not row.sealed_as(row.seq):
            return _displaced(rows, head, events)
        if not row.keeps_its_body(redacted):
            return ("altered", row.place)
        if row.prev != prev:
            return _broken_link(rows, row, head)
        prev = row.hash
    return None


def _broken_link(rows: list[_Row], row: _Row, head: str) -> Break:
    """Two events whose own seals hold do not fit together: one of them was altered and sealed anew, the last of a row of such."""
    follows = rows[row.place].prev if row.place < len(rows) else head
    if follows != row.hash:
        return ("altered", row.place)
    return ("altered", row.place - 1) if row.place > 1 else ("exercise", None)


def _displaced(rows: list[_Row], head: str, events: int) -> Break:
    """Seals that hold at another number than their place tell what was done; one that holds nowhere was altered or is not ours."""
    sealed = _sealed_numbers(rows, events)
    unknown = [place for place, number in sealed.items() if number is None]
    moved = [place for place, number in sealed.items() if number is not None and (number != place or rows[place - 1].seq != place)]
    numbers = Counter(number for number in sealed.values() if number is not None)
    missing = [number for number in range(1, max(numbers, default=0) + 1) if number not in numbers]
    twice = {number for number, times in numbers.items() if times > 1}
    if not moved:
        return ("added" if unknown[0] > events else "altered", unknown[0])
    if twice:
        return ("added", _intruder(rows, [place for place, number in sealed.items() if number in twice], head))
    if len(missing) > len(unknown):
        return ("removed", missing[0])
    if len(unknown) > len(missing):
        return ("added", unknown[0])
    if unknown and unknown[0] < moved[0]:
        return ("altered", unknown[0])
    return ("reordered", moved[0])


def _intruder(rows: list[_Row], claimants: list[int], head: str) -> int:
    """Of events that claim one number, the first that nothing was chained to."""
    followed = {row.prev for row in rows} | {head}
    return next((place for place in claimants if rows[place - 1].hash not in followed), claimants[0])


def _sealed_numbers(rows: list[_Row], events: int) -> dict[int, int | None]:
    """For each place the number under which the event there was sealed; None where its seal holds under none."""
    highest = max(len(rows), events, *(row.seq for row in rows if isinstance(row.seq, int)))
    sealed: dict[int, int | None] = {}
    offset = searches = 0
    for row in rows:
        candidates = [row.place, row.place + offset]
        if searches < SEARCHES:
            candidates.extend(range(1, highest + 2))
        number = next((number for number in candidates if row.sealed_as(number)), None)
        if number is None:
            searches += 1
        else:
            offset = number - row.place
        sealed[row.place] = number
    return sealed

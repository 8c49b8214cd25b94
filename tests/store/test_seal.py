"""The seal: every kind of tampering has its verdict, and a second verifier agrees (T20)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tabletop.engine.events import Entry
from tabletop.errors import Exit, NotFound, TabletopError
from tabletop.store import EventLog, Store, chain

from . import independent
from .ledgers import EXERCISE, RUN, entry, make_run, tamper

EVENTS = 8

Change = Callable[[sqlite3.Connection], object]


def steps(*changes: Change) -> Change:
    """One change after the other."""
    return lambda connection: [change(connection) for change in changes]


def sql(*statements: str) -> Change:
    return lambda connection: [connection.execute(statement) for statement in statements]


def shift(connection: sqlite3.Connection, first: int, by: int) -> None:
    """Renumber every event from `first` on."""
    connection.execute("UPDATE event SET seq = -(seq + ?) WHERE seq >= ?", (by, first))
    connection.execute("UPDATE event SET seq = -seq WHERE seq < 0")


def swap(connection: sqlite3.Connection, one: int, other: int) -> None:
    connection.execute("UPDATE event SET seq = -1 WHERE seq = ?", (one,))
    connection.execute("UPDATE event SET seq = ? WHERE seq = ?", (one, other))
    connection.execute("UPDATE event SET seq = ? WHERE seq = -1", (other,))


def remove_and_renumber(seq: int) -> Change:
    return steps(sql(f"DELETE FROM event WHERE seq = {seq}"), lambda connection: shift(connection, seq + 1, -1))


def reseal(first: int, last: int) -> Change:
    """Seal events anew and chain them, as somebody who knows the format would."""

    def change(connection: sqlite3.Connection) -> None:
        for seq in range(first, last + 1):
            before = connection.execute("SELECT hash FROM event WHERE seq = ?", (seq - 1,)).fetchone()
            columns = "id, kind, wall_time, exercise_ms, actor, fence, body, salt"
            own = connection.execute(f"SELECT {columns} FROM event WHERE seq = ?", (seq,)).fetchone()
            key, kind, at, exercise_ms, actor, fence, body, salt = own
            prev = before[0] if before else chain.genesis(RUN, chain.exercise_hash(EXERCISE))
            committed = chain.body_hash(salt, body)
            sealed = chain.event_hash(RUN, seq, key, kind, at, exercise_ms, actor, fence, committed, prev)
            connection.execute("UPDATE event SET body_hash = ?, prev = ?, hash = ? WHERE seq = ?", (committed, prev, sealed, seq))

    return change


def copied(source: int, seq: str, key: str) -> Change:
    """A copy of an event at another number and under another id, both as SQL."""
    rest = "kind, wall_time, exercise_ms, actor, fence, body, salt, body_hash, prev, hash"
    return sql(f"INSERT INTO event SELECT run, {seq}, {key}, {rest} FROM event WHERE seq = {source}")


def added(seq: int) -> Change:
    """An event of somebody else's in the middle of the log; its seal is that of another."""
    return steps(lambda connection: shift(connection, seq, 1), copied(seq + 1, str(seq), "'theirs'"))


def edited(seq: int) -> Change:
    return sql(f"UPDATE event SET body = replace(body, 'branch-manager', 'teller-1') WHERE seq = {seq}")


keep_head = sql("UPDATE run SET events = (SELECT COUNT(*) FROM event), head = (SELECT hash FROM event ORDER BY seq DESC LIMIT 1)")
"""The record made to agree with what is there."""

TAMPERINGS: dict[str, tuple[Change, str, int | None]] = {
    "words": (edited(3), "altered", 3),
    "salt": (sql("UPDATE event SET salt = iif(salt LIKE 'f%', '0', 'f') || substr(salt, 2) WHERE seq = 4"), "altered", 4),
    "a body taken away without a word": (sql("UPDATE event SET body = NULL, salt = NULL WHERE seq = 2"), "altered", 2),
    "a body that is no text": (sql("UPDATE event SET body = x'00ff' WHERE seq = 2"), "altered", 2),
    "text that is not UTF-8": (sql("UPDATE event SET actor = CAST(x'64ff' AS TEXT) WHERE seq = 2"), "altered", 2),
    "a number as a fraction": (sql("UPDATE event SET exercise_ms = 3000.5 WHERE seq = 3"), "altered", 3),
    "a blob for an id": (sql("UPDATE event SET id = x'00' WHERE seq = 3"), "altered", 3),
    "words, sealed anew": (steps(edited(3), reseal(3, 3)), "altered", 3),
    "words and the next two, sealed anew": (steps(edited(3), reseal(3, 5)), "altered", 5),
    "first words, sealed anew": (steps(edited(1), reseal(1, 1)), "altered", 1),
    "last words, sealed anew": (steps(edited(EVENTS), reseal(EVENTS, EVENTS)), "rewritten", None),
    "two bodies swapped": (
        lambda c: [
            c.execute(f"UPDATE event SET body = (SELECT body FROM event AS e WHERE e.seq = {b}) WHERE seq = {a}")
            for a, b in ((3, 5), (5, 6))
        ],
        "altered",
        3,
    ),
    "one removed": (sql("DELETE FROM event WHERE seq = 4"), "removed", 4),
    "the first removed": (sql("DELETE FROM event WHERE seq = 1"), "removed", 1),
    "three removed": (sql("DELETE FROM event WHERE seq BETWEEN 3 AND 5"), "removed", 3),
    "one removed, the rest renumbered": (remove_and_renumber(4), "removed", 4),
    "two removed, the rest renumbered": (steps(remove_and_renumber(4), remove_and_renumber(4)), "removed", 4),
    "one added": (added(4), "added", 4),
    "one added and sealed": (steps(added(4), reseal(4, 4)), "added", 4),
    "one added and sealed at the end": (steps(copied(EVENTS, "seq + 1", "'theirs'"), reseal(EVENTS + 1, EVENTS + 1)), "added", EVENTS + 1),
    "one added before the first": (copied(1, "0", "'theirs'"), "added", 1),
    "one added between two numbers": (copied(1, "2.5", "'theirs'"), "added", 3),
    "two swapped": (lambda connection: swap(connection, 3, 5), "reordered", 3),
    "neighbours swapped": (lambda connection: swap(connection, 6, 7), "reordered", 6),
    "one moved to the end": (sql("UPDATE event SET seq = 99 WHERE seq = 3"), "reordered", 3),
    "the tail dropped": (sql("DELETE FROM event WHERE seq > 6"), "truncated", 7),
    "everything dropped": (sql("DELETE FROM event"), "truncated", 1),
    "another head": (sql("UPDATE run SET head = hash_of FROM (SELECT hash AS hash_of FROM event WHERE seq = 2)"), "rewritten", None),
    "all rewritten but the record": (steps(edited(1), reseal(1, EVENTS)), "rewritten", None),
    "the exercise": (sql("UPDATE run SET exercise_json = replace(exercise_json, 'Armed', 'Harmless')"), "exercise", None),
    "the exercise and its hash": (
        lambda c: c.execute("UPDATE run SET exercise_json = '{}', exercise_hash = ?", (chain.exercise_hash("{}"),)),
        "exercise",
        None,
    ),
}


@pytest.fixture
def log(store: Store) -> EventLog:
    return make_run(store, events=EVENTS)


def test_an_untouched_log_is_intact(log: EventLog, path: Path) -> None:
    verdict = log.verify()
    assert (verdict.ok, verdict.verdict, verdict.events, verdict.seq) == (True, "intact", EVENTS, None)
    assert independent.check(str(path), RUN) == f"ok {EVENTS} {verdict.head}"


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_is_found_and_named(log: EventLog, path: Path, name: str) -> None:
    change, expected, seq = TAMPERINGS[name]
    tamper(path, change)
    verdict = log.verify()
    assert (verdict.ok, verdict.verdict, verdict.seq) == (False, expected, seq)


@pytest.mark.parametrize(
    "name", [name for name in TAMPERINGS if name not in ("text that is not UTF-8", "a body that is no text", "a blob for an id")]
)
def test_the_second_verifier_finds_it_too(log: EventLog, path: Path, name: str) -> None:
    tamper(path, TAMPERINGS[name][0])
    assert not independent.check(str(path), RUN).startswith("ok")


@pytest.mark.parametrize("column", chain.COLUMNS)
def test_every_column_of_an_event_is_sealed(log: EventLog, path: Path, column: str) -> None:
    change = "seq + 50" if column == "seq" else "exercise_ms + 1" if column in ("exercise_ms", "fence") else f"{column} || 'x'"
    tamper(path, sql(f"UPDATE event SET {column} = {change} WHERE seq = {EVENTS}"))
    assert not log.verify().ok


def test_paper_proves_what_the_file_cannot(log: EventLog, path: Path) -> None:
    head = log.verify().head
    paper = f"{EVENTS}:{head}"
    assert log.verify(paper).ok

    tamper(path, steps(edited(2), reseal(2, EVENTS), keep_head))
    assert log.verify().verdict == "intact"
    assert independent.check(str(path), RUN).startswith("ok")
    against = log.verify(paper)
    assert (against.ok, against.verdict, against.seq) == (False, "rewritten", None)


def test_paper_shows_a_dropped_tail_that_the_record_hides(log: EventLog, path: Path) -> None:
    paper = f"{EVENTS}:{log.verify().head}"
    tamper(path, steps(sql("DELETE FROM event WHERE seq > 5"), keep_head))
    assert log.verify().verdict == "intact"
    against = log.verify(paper)
    assert (against.ok, against.verdict, against.seq) == (False, "truncated", 6)


def test_paper_of_an_earlier_moment_still_holds(log: EventLog) -> None:
    paper = f"{EVENTS}:{log.verify().head}"
    log.append([entry(EVENTS + 1)], expected_head=EVENTS)
    assert log.verify(paper).ok


def test_paper_is_read_as_people_type_it(log: EventLog) -> None:
    head = log.verify().head
    groups = " ".join(head[at : at + 4] for at in range(0, 16, 4)).upper()
    assert log.verify(f" {EVENTS}: {groups}").ok
    assert log.verify(f"{EVENTS}:{'0' * 16}").verdict == "rewritten"


@pytest.mark.parametrize("given", ["", "8", "8:", "8:abcd", "x:" + "a" * 64, "8:" + "g" * 64, "8:" + "a" * 65, "-1:" + "a" * 64])
def test_paper_that_cannot_be_read_is_refused(log: EventLog, given: str) -> None:
    with pytest.raises(TabletopError) as refused:
        log.verify(given)
    assert (refused.value.code, refused.value.exit_code) == ("store.unreadable-head", Exit.USAGE)


def test_a_run_that_is_not_there_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        chain.verify(store.reader, "nothing")


def test_an_empty_log_is_intact(store: Store) -> None:
    verdict = make_run(store).verify()
    assert (verdict.ok, verdict.events, verdict.head) == (True, 0, chain.genesis(RUN, chain.exercise_hash(EXERCISE)))


def redact(path: Path, named: int) -> None:
    """Append what a redaction appends, then delete the words, through the triggers."""
    connection = sqlite3.connect(path)
    seq, prev = connection.execute("SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    body, salt = chain.canonical({"event": named, "reason": "asked for"}), "ab" * 16
    content = ("r-1", "redacted", chain.wall_time(0), 9000, "driver", 0)
    committed = chain.body_hash(salt, body)
    sealed = chain.event_hash(RUN, seq + 1, *content, committed, prev)
    connection.execute(
        "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (RUN, seq + 1, *content, body, salt, committed, prev, sealed)
    )
    connection.execute("UPDATE event SET body = NULL, salt = NULL WHERE seq = ?", (named,))
    connection.execute("UPDATE run SET events = ?, head = ?", (seq + 1, sealed))
    connection.commit()
    connection.close()


def test_a_redaction_takes_the_words_and_leaves_the_seal(log: EventLog, path: Path) -> None:
    redact(path, 3)
    verdict = log.verify()
    assert (verdict.ok, verdict.verdict, verdict.redacted, verdict.events) == (True, "redacted", (3,), EVENTS + 1)
    assert independent.check(str(path), RUN).startswith("ok")
    assert [read.seq for read in log.read()] == [1, 2, 4, 5, 6, 7, 8]


def test_what_was_redacted_beyond_what_the_log_says_is_found(log: EventLog, path: Path) -> None:
    redact(path, 3)
    tamper(path, sql("UPDATE event SET body = NULL, salt = NULL WHERE seq = 5"))
    assert (log.verify().verdict, log.verify().seq) == ("altered", 5)


def copy_of_three(seq: str, key: str, how: str = "") -> str:
    """Puts a copy of event 3 somewhere else, by SQL for number and id."""
    rest = "kind, wall_time, exercise_ms, actor, fence, body, salt, body_hash, prev, hash"
    return f"INSERT {how} INTO event SELECT run, {seq}, {key}, {rest} FROM event WHERE seq = 3"


STATEMENTS = (
    "DELETE FROM event WHERE seq = 8",
    "DELETE FROM event",
    "UPDATE event SET body = '{}' WHERE seq = 2",
    "UPDATE event SET body = NULL, salt = NULL WHERE seq = 2",
    "UPDATE event SET actor = 'nobody' WHERE seq = 2",
    "UPDATE event SET seq = 20 WHERE seq = 2",
    copy_of_three("2", "'other'", "OR REPLACE"),
    copy_of_three("9", "id", "OR REPLACE"),
    copy_of_three("12", "'gap'"),
    "DELETE FROM run",
    "UPDATE run SET exercise_json = '{}'",
    "UPDATE run SET id = 'other'",
)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_triggers_refuse_what_no_log_does(log: EventLog, path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|stays|keeps"):
        connection.execute(statement)
    connection.close()
    assert log.verify().ok


def test_a_redaction_must_come_later_and_change_nothing_else(log: EventLog, path: Path) -> None:
    redact(path, 3)
    connection = sqlite3.connect(path)
    for statement in (
        "UPDATE event SET body = NULL, salt = NULL WHERE seq = 4",
        "UPDATE event SET body = NULL, salt = NULL, actor = 'x' WHERE seq = 3",
        "UPDATE event SET body = NULL, salt = 'left' WHERE seq = 3",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(statement)
    connection.close()


def test_the_body_is_written_in_the_one_form(log: EventLog, store: Store) -> None:
    body, wall_time = store.reader.execute("SELECT body, wall_time FROM event WHERE seq = 1").fetchone()
    assert body == json.dumps(json.loads(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert "先稳住对方" in body
    assert wall_time == "2026-11-19T01:00:01.501Z"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seq=st.integers(1, EVENTS),
    column=st.sampled_from([column for column in chain.COLUMNS if column != "seq"]),
    value=st.one_of(st.none(), st.integers(-(2**40), 2**40), st.text(max_size=40), st.binary(max_size=40)),
)
def test_no_value_can_stand_for_another(log: EventLog, path: Path, seq: int, column: str, value: object) -> None:
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    connection.execute("BEGIN")
    for (name,) in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    before = connection.execute(f"SELECT {column}, typeof({column}) FROM event WHERE seq = ?", (seq,)).fetchone()
    try:
        connection.execute(f"UPDATE event SET {column} = ? WHERE seq = ?", (value, seq))
    except (sqlite3.IntegrityError, UnicodeEncodeError):
        connection.close()
        return
    after = connection.execute(f"SELECT {column}, typeof({column}) FROM event WHERE seq = ?", (seq,)).fetchone()
    assert chain.verify(connection, RUN).ok == (before == after)
    connection.rollback()
    connection.close()


@given(st.integers(-(2**45), 2**46))
def test_wall_times_come_back(wall_ms: int) -> None:
    text = chain.wall_time(wall_ms)
    assert len(text) == 24
    assert chain.wall_ms(text) == wall_ms


def test_entries_come_back_as_they_were(store: Store) -> None:
    log = make_run(store)
    written: list[Entry] = [entry(seq, text=f'\t\n"\\ 𠀀 {seq}') for seq in range(1, 30)]
    log.append(written, expected_head=0)
    assert log.read() == written

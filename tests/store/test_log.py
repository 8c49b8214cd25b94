"""Appending and reading: nothing lost, nothing twice, nothing blind."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tabletop.engine.events import EVENTS, DecisionMade
from tabletop.errors import Exit, NotFound, TabletopError
from tabletop.store import Fenced, Lease, Stale, Store, upcast

from .ledgers import RUN, entries, entry, make_run, set_status, tamper


def test_what_was_appended_is_read_in_order(store: Store) -> None:
    log = make_run(store)
    written = entries(1, 5)
    log.append(written[:2], expected_head=0)
    log.append(written[2:], expected_head=2)
    assert log.read() == written
    assert log.read(after=3) == written[3:]
    assert log.head == 5
    row = store.find_run(RUN)
    assert (row.events, row.head) == (5, log.verify().head)


def test_another_process_sees_it(store: Store, path: Path) -> None:
    log = make_run(store)
    with Store.open(path) as other:
        there = other.log(RUN)
        assert there.changed()
        assert not there.changed()
        log.append([entry(1)], expected_head=0)
        assert there.changed()
        assert not there.changed()
        assert there.read() == log.read()
        assert log.changed()


def test_a_heartbeat_or_a_draft_is_no_news(store: Store, path: Path) -> None:
    make_run(store, events=1)
    with Store.open(path) as other:
        there = other.log(RUN)
        there.changed()
        lease = Lease.take(store, RUN, holder="console")
        lease.beat(1000)
        store.drafts.save(RUN, "teller-1", "first-move", "I would")
        assert not there.changed()
        lease.release(2000)


def test_a_blind_append_is_stale(store: Store, path: Path) -> None:
    log = make_run(store, events=2)
    with Store.open(path) as other:
        other.log(RUN).append([entry(3)], expected_head=2)
    with pytest.raises(Stale) as stale:
        log.append([entry(3)], expected_head=2)
    assert stale.value.values["head"] == 3
    assert [read.seq for read in log.read()] == [1, 2, 3]
    log.append([entry(4)], expected_head=3)
    assert log.verify().ok


def test_handing_over_the_same_entries_again_writes_them_once(store: Store) -> None:
    log = make_run(store)
    both = entries(1, 2)
    log.append(both, expected_head=0)
    log.append(both, expected_head=0)
    assert log.read() == both


def test_entries_must_follow_the_head_they_expect(store: Store) -> None:
    log = make_run(store, events=1)
    for wrong in ([entry(3)], [entry(2), entry(2)], [entry(2), entry(4)]):
        with pytest.raises(ValueError, match="follow"):
            log.append(wrong, expected_head=1)
    assert log.head == 1


def test_an_id_that_is_there_already_is_a_fault(store: Store) -> None:
    log = make_run(store)
    log.append([entry(1, key="same")], expected_head=0)
    with pytest.raises(sqlite3.IntegrityError):
        log.append([entry(2, key="same")], expected_head=1)
    assert log.head == 1
    log.append([entry(2)], expected_head=1)
    assert log.verify().ok


def test_entries_and_rows_are_written_together_or_not_at_all(store: Store) -> None:
    log = make_run(store)
    with pytest.raises(ValueError, match="has no nonsense"):
        log.append([entry(1)], expected_head=0, rows={"decision_log": [{"seq": 1, "nonsense": 1}]})
    assert log.head == 0
    assert log.read() == []
    log.append([entry(1)], expected_head=0, rows={"decision_log": [{"seq": 1, "decision": "stall"}]})
    assert [row["decision"] for row in store.view("decision_log")] == ["stall"]


def test_rows_may_change_without_an_event(store: Store) -> None:
    log = make_run(store, events=1)
    log.append([], expected_head=1, rows={"action_log": [{"action": "silent-alarm", "state": "done"}]})
    assert log.head == 1
    assert store.view("action_log", RUN)[0]["state"] == "done"


def test_an_older_fence_is_refused(store: Store) -> None:
    log = make_run(store)
    first = Lease.take(store, RUN, holder="one")
    log.append([entry(1, fence=first.fence)], expected_head=0, fence=first.fence)
    second = Lease.take(store, RUN, holder="two", force=True)
    with pytest.raises(Fenced) as fenced:
        log.append([entry(2, fence=first.fence)], expected_head=1, fence=first.fence)
    assert (fenced.value.code, fenced.value.exit_code) == ("store.fenced", Exit.IN_USE)
    log.append([entry(2, fence=second.fence)], expected_head=1, fence=second.fence)
    log.append([entry(3)], expected_head=2)
    assert [read.fence for read in log.read()] == [1, 2, 0]


def test_a_log_that_lost_events_is_damaged_not_stale(store: Store) -> None:
    log = make_run(store, events=1)
    with pytest.raises(TabletopError) as damaged:
        log.append([entry(4)], expected_head=3)
    assert damaged.value.exit_code == Exit.DAMAGED


def test_nothing_is_added_to_a_broken_seal(store: Store, path: Path) -> None:
    make_run(store, events=4)
    tamper(path, lambda c: c.execute("UPDATE event SET body = '{}' WHERE seq = 2"))
    with Store.open(path) as other:
        log = other.log(RUN)
        with pytest.raises(TabletopError) as broken:
            log.append([entry(5)], expected_head=4)
        assert (broken.value.code, broken.value.exit_code, broken.value.values["seq"]) == ("store.broken-seal", Exit.DAMAGED, 2)
        assert log.head == 4


def test_a_tail_cut_off_while_the_log_is_open_is_noticed(store: Store, path: Path) -> None:
    log = make_run(store, events=4)
    tamper(path, lambda c: c.execute("DELETE FROM event WHERE seq = 4"))
    with pytest.raises(TabletopError) as broken:
        log.append([entry(5)], expected_head=4)
    assert broken.value.exit_code == Exit.DAMAGED


@pytest.mark.parametrize(("kind", "status", "code"), [("collected", "open", "collected-run"), ("live", "final", "final-run")])
def test_a_run_that_is_closed_for_good_takes_no_event(store: Store, kind: str, status: str, code: str) -> None:
    log = make_run(store, kind=kind)
    set_status(store, RUN, status)
    with pytest.raises(TabletopError) as refused:
        log.append([entry(1)], expected_head=0)
    assert refused.value.code == f"store.{code}"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET kind = 'from_tomorrow' WHERE seq = 2",
        "UPDATE event SET body = '{\"role\":' WHERE seq = 2",
        "UPDATE event SET body = '{\"surprise\":1}' WHERE seq = 2",
        "UPDATE event SET wall_time = 'yesterday' WHERE seq = 2",
    ],
)
def test_an_event_that_cannot_be_read_is_named(store: Store, path: Path, change: str) -> None:
    log = make_run(store, events=3)
    tamper(path, lambda c: c.execute(change))
    with pytest.raises(TabletopError) as unreadable:
        log.read()
    assert (unreadable.value.code, unreadable.value.values["seq"]) == ("store.unreadable-event", 2)
    assert unreadable.value.exit_code == Exit.DAMAGED


def test_text_that_is_not_utf8_is_damage(store: Store, path: Path) -> None:
    log = make_run(store, events=3)
    tamper(path, lambda c: c.execute("UPDATE event SET actor = CAST(x'64ff' AS TEXT) WHERE seq = 2"))
    with pytest.raises(TabletopError) as damaged:
        log.read()
    assert damaged.value.exit_code == Exit.DAMAGED


def test_a_log_of_no_run_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.log("nothing")


def test_a_long_read_leaves_the_collector_as_it_was(store: Store) -> None:
    log = make_run(store)
    written = entries(1, 2500)
    log.append(written, expected_head=0)
    assert log.read() == written
    assert gc.isenabled()


@contextmanager
def commit_that_raises(store: Store, monkeypatch: pytest.MonkeyPatch, *, after: bool) -> Iterator[None]:
    """The next commit reports an I/O error, before or after it has really happened."""
    real = store._transaction

    @contextmanager
    def failing() -> Iterator[sqlite3.Connection]:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        error.sqlite_errorname = "SQLITE_IOERR_FSYNC"
        with real() as writer:
            yield writer
            if not after:
                raise error
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(store, "_transaction", failing)
        yield


def test_a_commit_that_raised_and_is_in_the_file_is_recorded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    log = make_run(store, events=1)
    with commit_that_raises(store, monkeypatch, after=True):
        log.append([entry(2)], expected_head=1)
    assert log.head == 2
    log.append([entry(3)], expected_head=2)
    assert log.verify().ok


def test_a_commit_that_raised_and_is_not_in_the_file_is_an_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    log = make_run(store, events=1)
    second = entry(2)
    with commit_that_raises(store, monkeypatch, after=False), pytest.raises(TabletopError) as failed:
        log.append([second], expected_head=1)
    assert (failed.value.code, failed.value.exit_code) == ("store.disk-error", Exit.NO_SPACE)
    assert log.head == 1
    log.append([second], expected_head=1)
    assert log.read()[1] == second


def test_an_interrupted_append_leaves_the_store_usable(store: Store) -> None:
    log = make_run(store, events=1)

    def interrupted() -> None:
        with store.writing() as writer:
            writer.execute("UPDATE run SET events = 99")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert log.head == 1
    log.append([entry(2)], expected_head=1)
    assert log.verify().ok


def test_a_store_moved_away_while_open_is_said(store: Store, path: Path) -> None:
    log = make_run(store, events=1)
    path.rename(path.with_name("elsewhere.db"))
    with pytest.raises(TabletopError) as moved:
        log.append([entry(2)], expected_head=1)
    assert moved.value.code in {"store.moved", "store.disk-error"}


def test_a_new_version_of_an_event_is_brought_up_to_date_on_reading(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    log = make_run(store, events=1)
    monkeypatch.setitem(upcast.VERSIONS, "decision_made", 2)
    monkeypatch.setitem(upcast.STEPS, ("decision_made", 1), lambda body: {**body, "reason": "before reasons were asked"})
    log.append([entry(2)], expected_head=1)
    events = [read.event for read in log.read()]
    assert [event.reason for event in events if isinstance(event, DecisionMade)] == ["before reasons were asked", ""]
    assert '"v":2' in store.reader.execute("SELECT body FROM event WHERE seq = 2").fetchone()[0]
    assert log.verify().ok


def test_no_event_has_a_field_where_bodies_keep_their_version() -> None:
    assert [kind for kind, event in EVENTS.items() if upcast.VERSION_KEY in event.model_fields] == []

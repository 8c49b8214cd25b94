"""Runs: what lists show, and which one a person means."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tabletop.errors import NotFound, TabletopError
from tabletop.store import Store, new_run_id

from .ledgers import EXERCISE, MADE_MS, RUN, make_run, set_status


def test_an_id_says_exercise_and_local_time() -> None:
    assert new_run_id("armed-hostage", datetime(2026, 3, 9, 7, 5), "0a1f") == "armed-hostage-20260309-0705-0a1f"


def test_a_row_says_what_lists_need(store: Store) -> None:
    make_run(store, events=3)
    row = store.find_run(RUN)
    assert (row.id, row.kind, row.status, row.exercise, row.events) == (RUN, "live", "open", "armed-hostage", 3)
    assert row.title == {"en": "Armed hostage", "zh-Hans": "持械劫持"}
    assert row.created == "2026-11-19T01:00:00.000Z"
    assert (row.started, row.ended, row.score, row.grade) == (None, None, None, None)
    assert row.exercise_ms == 3000
    assert row.head == store.log(RUN).verify().head


def test_a_run_can_begin_with_what_its_summary_knows(store: Store) -> None:
    store.create_run(
        RUN,
        kind="practice",
        exercise_id="armed-hostage",
        exercise_json=EXERCISE,
        title="Armed hostage",
        created_ms=MADE_MS,
        version="1.0",
        summary={"pace": "timed", "subject": "hostage", "site": "Qiaoxi"},
        attachments={"media/plan.txt": "平面图".encode()},
    )
    row = store.find_run("latest")
    assert (row.title, row.version, row.pace, row.subject, row.site) == ("Armed hostage", "1.0", "timed", "hostage", "Qiaoxi")
    assert store.attachment(RUN, "media/plan.txt").decode() == "平面图"


def test_the_run_made_last_comes_first_whatever_the_clock_said(store: Store) -> None:
    for number, made_ms in enumerate((MADE_MS, MADE_MS + 10**12, MADE_MS - 10**9)):
        store.create_run(f"run-{number}", kind="live", exercise_id="x", exercise_json="{}", title="x", created_ms=made_ms)
    assert [row.id for row in store.runs()] == ["run-2", "run-1", "run-0"]
    assert store.find_run("latest").id == "run-2"
    first = store.runs(limit=2)
    assert [row.id for row in first] == ["run-2", "run-1"]
    assert [row.id for row in store.runs(limit=2, before=first[-1].number)] == ["run-0"]


def test_latest_can_mean_the_latest_that_has_not_ended(store: Store) -> None:
    for number in range(3):
        make_run(store, f"run-{number}")
    set_status(store, "run-2", "ended")
    assert store.find_run("latest").id == "run-2"
    assert store.find_run("latest", open_only=True).id == "run-1"
    for number in range(2):
        set_status(store, f"run-{number}", "final")
    with pytest.raises(NotFound) as none:
        store.find_run("latest", open_only=True)
    assert (none.value.code, none.value.values["run"]) == ("store.no-open-run", "run-2")


@pytest.mark.parametrize("name", ["latest", "anything"])
def test_an_empty_store_says_that_there_is_no_run_yet(store: Store, name: str) -> None:
    with pytest.raises(NotFound) as none:
        store.find_run(name)
    assert none.value.code == "store.no-runs"


def test_a_unique_beginning_is_enough(store: Store) -> None:
    make_run(store, "armed-hostage-20261119-0900-00aa")
    make_run(store, "armed-hostage-20261120-0900-00aa")
    make_run(store, "wire-fraud-20261119-0900-00aa")
    assert store.find_run("w").id == "wire-fraud-20261119-0900-00aa"
    assert store.find_run("armed-hostage-20261120").id == "armed-hostage-20261120-0900-00aa"
    with pytest.raises(NotFound) as ambiguous:
        store.find_run("armed")
    assert ambiguous.value.code == "store.ambiguous-run"
    assert ambiguous.value.values["matches"] == "armed-hostage-20261120-0900-00aa, armed-hostage-20261119-0900-00aa"
    set_status(store, "armed-hostage-20261120-0900-00aa", "ended")
    assert store.find_run("armed", open_only=True).id == "armed-hostage-20261119-0900-00aa"
    assert store.find_run("armed-hostage-20261120-0900-00aa", open_only=True).status == "ended"


def test_an_id_that_another_begins_with_is_that_run(store: Store) -> None:
    make_run(store, "run")
    make_run(store, "run-2")
    assert store.find_run("run").id == "run"


@pytest.mark.parametrize("name", ["armed_hostage", "ARMED", "%", "", "_"])
def test_nothing_is_a_wildcard(store: Store, name: str) -> None:
    make_run(store)
    with pytest.raises(NotFound):
        store.find_run(name)


def test_a_slip_of_the_finger_is_met_with_a_suggestion(store: Store) -> None:
    make_run(store)
    with pytest.raises(NotFound) as near:
        store.find_run("armed-hostage-20261119-0900-00ab")
    assert (near.value.code, near.value.values["near"]) == ("store.no-run-but", RUN)
    with pytest.raises(NotFound) as far:
        store.find_run("zzz")
    assert far.value.code == "store.no-run"


def test_the_programmes_log_is_no_run_that_people_see(store: Store) -> None:
    make_run(store, "programme")
    assert store.runs() == []
    assert store.view("run_summary") == []
    for name in ("latest", "programme", "prog"):
        with pytest.raises(NotFound):
            store.find_run(name)
    assert store.log("programme").head == 0


def test_ids_and_states_are_checked(store: Store) -> None:
    make_run(store)
    with pytest.raises(TabletopError) as taken:
        make_run(store)
    assert taken.value.code == "store.run-exists"
    with pytest.raises(NotFound):
        store.exercise_text("nothing")


def test_files_are_kept_with_a_run(store: Store, path: Path) -> None:
    make_run(store)
    content = bytes(range(256)) * 1000
    digest = store.attach(RUN, "final.docx", content)
    store.attach(RUN, "photo.jpg", b"one")
    store.attach(RUN, "photo.jpg", b"two")
    with Store.open(path) as other:
        assert other.attachments(RUN)["final.docx"] == digest
        assert list(other.attachments(RUN)) == ["final.docx", "photo.jpg"]
        assert other.attachment(RUN, "final.docx") == content
        assert other.attachment(RUN, "photo.jpg") == b"two"
        with pytest.raises(NotFound):
            other.attachment(RUN, "other")


@pytest.mark.parametrize("name", ["\udcff", f"{RUN[:-1]}\udcff"])
def test_bytes_of_a_command_line_that_are_no_text_name_no_run(store: Store, name: str) -> None:
    make_run(store)
    with pytest.raises(NotFound) as refused:
        store.find_run(name)
    assert refused.value.code in ("store.no-run", "store.no-run-but")

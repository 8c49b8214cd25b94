"""Drafts: what was typed and not sent is there again."""

from __future__ import annotations

from pathlib import Path

from tabletop.store import Store

from .ledgers import RUN, make_run


def test_what_was_typed_is_there_after_a_restart(path: Path) -> None:
    with Store.open(path) as store:
        make_run(store)
        store.drafts.save(RUN, "teller-1", "first-move", "I wou")
        store.drafts.save(RUN, "teller-1", "first-move", "I would press")
        store.drafts.save(RUN, "teller-1", "message", "到了吗")
        store.drafts.save(RUN, "guard", "first-move", "lock")
    with Store.open(path) as store:
        assert store.drafts.load(RUN, "teller-1") == {"first-move": "I would press", "message": "到了吗"}
        store.drafts.clear(RUN, "teller-1", "message")
        assert store.drafts.load(RUN, "teller-1") == {"first-move": "I would press"}
        store.drafts.clear(RUN, "teller-1")
        assert store.drafts.load(RUN, "teller-1") == {}
        assert store.drafts.load(RUN, "guard") == {"first-move": "lock"}


def test_an_empty_text_is_no_draft(store: Store) -> None:
    make_run(store)
    store.drafts.save(RUN, "guard", "first-move", "lock")
    store.drafts.save(RUN, "guard", "first-move", "")
    assert store.drafts.load(RUN, "guard") == {}


def test_drafts_leave_the_log_alone(store: Store) -> None:
    log = make_run(store, events=1)
    store.drafts.save(RUN, "guard", "first-move", "lock")
    assert log.head == 1
    assert log.verify().ok

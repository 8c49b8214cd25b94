"""What was typed at a seat while the store could take nothing: it is kept, for the seat whose it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tabletop.errors import TabletopError
from tabletop.tui.seat_source import JoinedRun


class Drafts:
    """The drafts of a store that is busy for a while."""

    def __init__(self) -> None:
        self.busy = False
        self.kept: dict[tuple[str, str], str] = {}

    def save(self, run: str, seat: str, name: str, text: str) -> None:
        if self.busy:
            raise TabletopError("store.busy")
        self.kept[seat, name] = text

    def load(self, run: str, seat: str) -> dict[str, str]:
        return {name: text for (whose, name), text in self.kept.items() if whose == seat}


def test_a_draft_that_could_not_be_saved_when_the_terminal_changed_hands_comes_back() -> None:
    drafts = Drafts()
    joined: Any = SimpleNamespace(store=SimpleNamespace(drafts=drafts, close=lambda: None), conductor=SimpleNamespace(run="run-1"))
    source = JoinedRun(lambda: joined)
    source._joined = joined
    source.sit("seat:teller", "seat:teller", "")
    source.keep_draft("decision", "Lock")
    drafts.busy = True
    with pytest.raises(TabletopError):
        source.keep_draft("decision", "Lock the door")
    assert source.sit("seat:guard", "seat:guard", "") == {}
    assert source.sit("seat:teller", "seat:teller", "") == {"decision": "Lock the door"}
    drafts.busy = False
    source.sit("seat:guard", "seat:guard", "")
    source.keep_draft("message", "All quiet")
    assert drafts.kept == {("seat:teller", "decision"): "Lock the door", ("seat:guard", "message"): "All quiet"}
    drafts.busy = True
    with pytest.raises(TabletopError):
        source.keep_draft("message", "")
    drafts.busy = False
    source.close()
    assert drafts.kept["seat:guard", "message"] == ""

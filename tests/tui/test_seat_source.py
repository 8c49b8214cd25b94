"""What was typed at a seat while the store could take nothing: it is kept, for the seat whose it is."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tabletop.conductor import begin, join
from tabletop.conductor.crowd import attending, crowd_of
from tabletop.engine.rights import Actor
from tabletop.errors import TabletopError
from tabletop.exercise.loading import bind
from tabletop.store import Store
from tabletop.tui.seat_source import JoinedRun
from tests.engine.rooms import TEXT


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


def test_only_the_role_that_has_the_terminal_in_hand_types(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as kept:
        opened = begin(kept, bind(TEXT), TEXT)
        joined = join(kept, kept.find_run("latest"), Actor("viewer"))
        source = JoinedRun(lambda: joined)
        source.open()
        for seat, typing in (("seat:guard", {"guard"}), ("seat:teller+guard", {"teller", "guard"}), ("", set())):
            source.sit(seat, "seat:teller+guard", "")
            source.typing_ms = opened.conductor.wall_ms() if seat else None
            source.beat(0)
            crowd = crowd_of(opened)
            assert {role for role in ("teller", "guard") if attending(crowd, role).typing} == typing
            assert {role for role in ("teller", "guard") if attending(crowd, role).at == "here"} == {"teller", "guard"}
            assert [device.kind for device in crowd.devices] == ["terminal"]


def test_two_who_write_at_one_role_find_their_own_words_again_and_nobody_elses(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as kept:
        begin(kept, bind(TEXT), TEXT)

        def station(name: str) -> JoinedRun:
            joined = join(kept, kept.find_run("latest"), Actor("viewer"))
            made = JoinedRun(lambda: joined)
            made.open()
            made.sit("seat:guard", "seat:guard", name)
            made.beat(0)
            return made

        def found(name: str) -> dict[str, str]:
            joined = join(kept, kept.find_run("latest"), Actor("viewer"))
            made = JoinedRun(lambda: joined)
            made.open()
            return dict(made.sit("seat:guard", "seat:guard", name))

        ann, bob = station("Ann"), station("Bob")
        ann.keep_draft("decision", "Hold the door")
        bob.keep_draft("decision", "Run")
        assert [found(name) for name in ("ANN ", "Bob", "Lin", "")] == [{"decision": "Hold the door"}, {"decision": "Run"}, {}, {}]
        assert ann._attending is not None
        ann._attending.leave()
        assert [found(name) for name in ("Lin", "")] == [{}, {"decision": "Hold the door"}], "from a terminal that nobody is at"
        bob.keep_draft("decision", "")
        nameless = station("")
        assert nameless.drafts() == {"decision": "Hold the door"}
        nameless.keep_draft("decision", "")
        assert [found(name) for name in ("Ann", "")] == [{}, {}], "what was taken up and wiped out does not come back"


def test_who_gives_a_name_goes_on_with_what_they_typed_without_one(tmp_path: Path) -> None:
    with Store.open(tmp_path / "store.db") as kept:
        begin(kept, bind(TEXT), TEXT)

        def place(seat: str, name: str = "") -> JoinedRun:
            joined = join(kept, kept.find_run("latest"), Actor("viewer"))
            made = JoinedRun(lambda: joined)
            made.open()
            made.sit(seat, seat, name)
            made.beat(0)
            return made

        for other in ("wall", "evaluator:E1", "seat:clerk"):
            place(other)
        station = place("seat:guard")
        station.keep_draft("decision", "Hold the door")
        assert station.sit("seat:guard", "seat:guard", "Wu") == {"decision": "Hold the door"}, "whoever else has no name elsewhere"
        station.keep_draft("decision", "Hold the doors")
        assert station.drafts() == {"decision": "Hold the doors"}

"""A log in memory: for rehearsals, which are stored whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext

from tabletop.engine.events import Entry
from tabletop.store.faults import Stale


class MemoryLog:
    """Keeps entries in order and refuses to be written blind, as the stored log does."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def append(
        self,
        entries: Sequence[Entry],
        *,
        expected_head: int,
        rows: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
        fence: int | None = None,
    ) -> None:
        """Take `entries` after `expected_head`. Raises Stale where the log has moved."""
        if expected_head != len(self.entries):
            raise Stale("store.stale")
        self.entries.extend(entries)

    def read(self, after: int = 0) -> list[Entry]:
        """The entries later than `after`, oldest first."""
        return self.entries[after:]

    def changed(self) -> bool:
        """Nobody else writes here."""
        return False

    def prepare(self) -> None:
        """There is nothing to open."""

    def turn(self) -> AbstractContextManager[None]:
        """There is nobody to wait for."""
        return nullcontext()

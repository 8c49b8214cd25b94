"""Where a desk's run comes from: a run of the store, opened or made on the desk's thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tabletop.conductor.crowd import Crowd, crowd_of, give_up
from tabletop.conductor.watching import Watch

if TYPE_CHECKING:
    from tabletop.conductor import Conductor, Opened
    from tabletop.debrief.model import RunInfo

SEAT = "console"
"""The seat whose drafts are the console's."""


class StoredRun:
    """A run in a store. `open_run` opens or makes it; it is called once, on the desk's thread."""

    takes_part = False

    def __init__(self, open_run: Callable[[], Opened]) -> None:
        self._open_run = open_run
        self._opened: Opened | None = None
        self._watching: Watch | None = None

    @property
    def opened(self) -> Opened:
        """The open run. Raises RuntimeError before `open`."""
        if self._opened is None:
            raise RuntimeError("the run is not open yet")
        return self._opened

    def open(self) -> Conductor:
        self._opened = self._open_run()
        self._watching = Watch(self._opened.conductor, self._opened.store)
        return self._opened.conductor

    @property
    def drives(self) -> bool:
        return self._opened is not None and self._opened.lease is not None

    @property
    def driver(self) -> str:
        return "" if self._opened is None else self._opened.driver

    @property
    def kind(self) -> str:
        return "live" if self._opened is None else self._opened.kind

    def take_over(self) -> None:
        self.opened.take_over()

    def watch(self) -> None:
        """Where another console drives: how far the clock has got. Raises what the store raises."""
        if self._watching is not None and not self.drives:
            self._watching.look()

    def beat(self, exercise_ms: int) -> None:
        lease = self.opened.lease
        if lease is not None:
            lease.beat(exercise_ms)

    def drafts(self) -> dict[str, str]:
        opened = self.opened
        return opened.store.drafts.load(opened.conductor.run, SEAT)

    def keep_draft(self, name: str, text: str) -> None:
        opened = self.opened
        opened.store.drafts.save(opened.conductor.run, SEAT, name, text)

    def info(self) -> RunInfo:
        from tabletop.debrief.model import RunInfo

        opened = self.opened
        row = opened.store.find_run(opened.conductor.run)
        return RunInfo(row.id, row.kind, row.status, row.events, row.head)  # type: ignore[arg-type]  # the store knows only these

    def crowd(self) -> Crowd:
        return crowd_of(self.opened)

    def new_codes(self, seats: Sequence[str]) -> dict[str, str]:
        opened = self.opened
        return opened.store.seats.new_codes(opened.conductor.run, list(seats))

    def kick(self, pass_id: str) -> None:
        self.opened.store.seats.kick(self.opened.conductor.run, pass_id)

    def set_lobby(self, *, locked: bool | None = None, paper: bool | None = None) -> None:
        self.opened.store.seats.set_lobby(self.opened.conductor.run, locked=locked, paper=paper)

    def give_up(self) -> None:
        give_up(self.opened)

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened.store.close()

"""What a desk is made of: where its run comes from, whom it tells, what it could not record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from tabletop.conductor import Conductor, Gap
from tabletop.engine import commands as c
from tabletop.engine.events import Entry
from tabletop.engine.rights import Actor
from tabletop.errors import TabletopError

if TYPE_CHECKING:
    from tabletop.debrief.model import RunInfo

Then = Callable[[list[Entry]], None]
Failed = Callable[[TabletopError], None]


class Source(Protocol):
    """Where a desk gets its run from. Every method is called on the desk's thread."""

    def open(self) -> Conductor:
        """Opens the run, as driver if nobody else drives it. Raises TabletopError."""
        ...

    @property
    def drives(self) -> bool:
        """Whether this process drives the run."""
        ...

    @property
    def takes_part(self) -> bool:
        """Whether this process, though it does not drive, has what is its own recorded: a seat (checked in `decide`)."""
        ...

    @property
    def driver(self) -> str:
        """Who drives the run, where this process does not; empty: nobody, it can only be read."""
        ...

    @property
    def kind(self) -> str:
        """What sort of run it is, once it is open: `live`, `practice`, `rehearsal` or `collected`."""
        ...

    def take_over(self) -> None:
        """Drives from now on, whoever drove before; logged. Raises TabletopError."""
        ...

    def beat(self, exercise_ms: int) -> None:
        """Keeps the lease and the exercise time. Raises Fenced where somebody else has taken it, TabletopError."""
        ...

    def drafts(self) -> dict[str, str]:
        """What was typed and never sent, by panel."""
        ...

    def keep_draft(self, name: str, text: str) -> None:
        """Saves a draft; an empty one is dropped."""
        ...

    def info(self) -> RunInfo:
        """What the store knows of the run and its log does not say: kind, status, seal. Raises TabletopError."""
        ...

    def close(self) -> None:
        """Gives up the lease and lets go of the store."""
        ...


@runtime_checkable
class Watcher(Protocol):
    """A source that looks up how a run goes that somebody else drives."""

    def watch(self) -> None:
        """Looks, if it is time to. Called on the desk's thread. Raises TabletopError."""
        ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """A command that the store could not record."""

    error: TabletopError
    command: c.Command
    at_ms: int
    """Exercise milliseconds at which the clock was stopped on the screens."""
    then: Then | None = None
    """What waits for it to be recorded."""
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be recorded, by whom, and who waits for it."""

    command: c.Command
    actor: Actor | None
    then: Then | None


class Listener(Protocol):
    """What a desk tells its app; every method is called on the app's thread."""

    def desk_opened(self) -> None: ...

    def desk_failed(self, error: TabletopError) -> None: ...

    def desk_changed(self, fresh: Sequence[Entry]) -> None: ...

    def desk_gap(self, gap: Gap) -> None: ...

    def desk_trouble(self, trouble: Trouble) -> None: ...

    def desk_read_only(self) -> None: ...

"""What the console's screens ask of the door: who is there, join codes, the lobby. The values are the conductor's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from tabletop.conductor.crowd import CROWD_S, NOBODY, Attending, Code, Crowd, Device, attending
from tabletop.engine.plan import Plan
from tabletop.engine.state import State

__all__ = ["CROWD_S", "NOBODY", "Attending", "Code", "Crowd", "Device", "Door", "MakeCards", "attending"]

MakeCards = Callable[[Plan, State, Mapping[str, str], str], str]
"""Makes a page of join cards from plan, state, codes by seat and the server's address. Raises TabletopError."""


@runtime_checkable
class Door(Protocol):
    """What only the console's source has: who is there, join codes, the lobby. Every method is called on the desk's thread."""

    def crowd(self) -> Crowd:
        """Who is there now. Raises TabletopError."""
        ...

    def new_codes(self, seats: Sequence[str]) -> dict[str, str]:
        """New codes, to be shown once; those before them open nothing any more. Raises TabletopError."""
        ...

    def kick(self, pass_id: str) -> None:
        """Sends a browser out. Raises TabletopError."""
        ...

    def set_lobby(self, *, locked: bool | None = None, paper: bool | None = None) -> None:
        """Changes what is named. Raises TabletopError."""
        ...

    def give_up(self) -> None:
        """Somebody else drives: lets go of what is left of the lease, and looks up who it is."""
        ...

"""What the console's screens ask of the door: who is there, join codes, the lobby. The values are the conductor's.

Owns: the words for how many are there, and how a server that ended is started again.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable
from urllib.parse import urlsplit

from tabletop.conductor.crowd import CROWD_S, NOBODY, Attending, Code, Crowd, Device, Ended, attending
from tabletop.engine.plan import Plan
from tabletop.engine.state import State
from tabletop.words import Words

__all__ = [
    "CROWD_S",
    "NOBODY",
    "Attending",
    "Code",
    "Crowd",
    "Device",
    "Door",
    "Ended",
    "MakeCards",
    "attending",
    "serve_again",
    "there_now",
]

MakeCards = Callable[[Plan, State, Mapping[str, str], str], str]
"""Makes a page of join cards from plan, state, codes by seat and the server's address. Raises TabletopError."""


def there_now(crowd: Crowd, words: Words) -> list[str]:
    """How many are at a device, and how many were and are missed."""
    away = sum(not device.here and not device.gone for device in crowd.devices)
    return [words("door.here", n=len(crowd.here)), *([words("door.away-n", n=away)] if away and not crowd.paper else [])]


def serve_again(run: str, address: str) -> str:
    """The command that starts a server once more that was at an address: as far as that tells how it was started."""
    parts = urlsplit(address)
    host, named = parts.hostname or "", ""
    alone = host == "localhost"
    try:
        alone = ipaddress.ip_address(host).is_loopback
    except ValueError:
        host, named = "ADDRESS", f" --host {host}"
    keys = " --tls-cert FILE --tls-key FILE" if parts.scheme == "https" else ""
    return f"tabletop serve {run}{keys}" if alone else f"tabletop serve {run} --lan {host}{named}{keys}"


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

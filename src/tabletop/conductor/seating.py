"""Taking part in a run without driving it: stations, the wall, browser seats, evaluators, `follow`.

Owns: opening a run for those who may only append what is theirs (checked in `decide`). Refuses to own: the lease.
"""

from __future__ import annotations

import platform
import secrets
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tabletop.errors import TabletopError

from .shell import NO_LEASE, Clockwork, Conductor, Rows

if TYPE_CHECKING:
    from tabletop.engine.rights import Actor
    from tabletop.store import Store
    from tabletop.store.runs import RunRow


@dataclass(slots=True)
class Joined:
    """A run as the process of a seat sees it: it never drives."""

    conductor: Conductor
    store: Store
    kind: str
    """What sort of run it is: `live`, `practice`, `rehearsal` or `collected`."""
    place: str
    """Names this terminal in the presence table."""


def new_place() -> str:
    """A name for a terminal in the presence table; it says on which machine that stands."""
    return f"{platform.node()}/{secrets.token_hex(8)}"


def join(store: Store, row: RunRow, actor: Actor, *, rows: Rows | None = None, clockwork: Clockwork | None = None) -> Joined:
    """Open a stored run to take part in it as `actor`. Raises TabletopError (store damaged, exercise unreadable)."""
    from tabletop.exercise.loading import bind

    clock = clockwork or Clockwork()
    text = store.exercise_text(row.id)
    log = store.log(row.id)
    conductor = Conductor(
        bind(text, {}), log, row.id, now_ms=clock.now_ms, clockwork=clock, rows=rows, bind=partial(bind, text), actor=actor
    )
    conductor.fence = NO_LEASE
    if actor.kind not in ("wall", "viewer"):
        # The first answer waits for nothing. What keeps it from being recorded is told once there is one.
        with suppress(TabletopError):
            log.prepare()
    return Joined(conductor, store, row.kind, new_place())

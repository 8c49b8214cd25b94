"""The way in from the command line to the screens of players: stations and the wall.

Owns: joining a stored run, and with which code the screens were left. Refuses to own: options and words of commands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tabletop import platform

if TYPE_CHECKING:
    from tabletop.conductor import Joined
    from tabletop.engine.rights import Actor

    from .player_app import PlayerApp


def run_station(
    *, store: Path, language: str, run: str, roles: Sequence[str] = (), name: str = "", private: bool = False, quiet: bool = False
) -> int:
    """A station of the run; the exit code. Raises TabletopError where it cannot be joined."""
    from .seat_source import JoinedRun
    from .station_app import StationApp

    join = partial(joined, store, run, "viewer")
    return _shown(lambda: StationApp(JoinedRun(join), language=language, quiet=quiet, roles=roles, name=name, private=private))


def run_room(*, store: Path, language: str, run: str, site: str = "") -> int:
    """The wall of the run; the exit code. Raises TabletopError where it cannot be joined."""
    from .room_app import RoomApp
    from .seat_source import JoinedRun

    return _shown(lambda: RoomApp(JoinedRun(partial(joined, store, run, "wall")), language=language, site=site))


def _shown(make: Callable[[], PlayerApp]) -> int:
    platform.drop_empty_no_color()
    app = make()
    app.run()
    if app.failure is not None:
        raise app.failure
    if app.crash is not None:
        where = str(app.crash.path) if app.crash.path is not None else app.words("console.crash-not-kept")
        sys.stderr.write(f"{app.words('station.crash', id=app.crash.id, where=where)}\n")
    return app.return_code or 0


def joined(store: Path, run: str, who: str) -> Joined:
    """The run a person means by `run`, to take part in it. Raises NotFound, TabletopError."""
    from tabletop.conductor import join, open_store
    from tabletop.engine.rights import Actor
    from tabletop.scoring.projection import rows

    kept = open_store(store, create=False)
    try:
        actor: Actor = Actor.parse(who)
        return join(kept, kept.find_run(run, open_only=True), actor, rows=rows)
    except BaseException:
        kept.close()
        raise

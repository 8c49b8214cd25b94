"""`tabletop room`: the wall, for a projector; turned from the console."""

from __future__ import annotations

import click

from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.stored import open_store


@tabletop_command("room")
@click.argument("run")
@click.option("--site", metavar="ID")
@click.pass_obj
def command(said: Invocation, run: str, site: str | None) -> int:
    """Opens the wall. Raises NotFound, TabletopError for what cannot be joined, before the screen is drawn where that shows early."""
    with open_store(said) as store:
        row = store.find_run(run, open_only=True)
    said.need_screen(f"tabletop follow {run}")
    from tabletop.tui.start_player import run_room

    return run_room(store=said.store, language=said.language, run=row.id, site=site or "")

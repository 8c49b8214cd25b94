"""`tabletop rehearse`: plays an exercise with no people, by a script, and stores the run."""

from __future__ import annotations

from pathlib import Path

import click

from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.stored import summary_row


@tabletop_command("rehearse")
@click.argument("exercise")
@click.option("--script", metavar="FILE", required=True)
@click.option("--seed", metavar="N", type=click.IntRange(0))
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(said: Invocation, exercise: str, script: str, seed: int | None, as_json: bool) -> None:
    """Prints the id of the run. Raises InvalidExercise, with its line, for a step that cannot happen; then nothing is stored."""
    from tabletop.conductor import open_store
    from tabletop.exercise.loading import load_exercise
    from tabletop.library import Library
    from tabletop.rehearsal.rehearse import keep, rehearse
    from tabletop.scoring.projection import rows

    library = Library()
    loaded = load_exercise(library.find(exercise), library.deck)
    rehearsed = rehearse(loaded, Path(script).expanduser(), seed=seed)
    with open_store(said.store) as store:
        run = keep(store, rehearsed, rows)
        [summary] = store.view("run_summary", run)
    if as_json:
        said.output.json("run", summary_row(summary))
    else:
        said.output.line(run)
    said.narration.note("runs.rehearsed", events=len(rehearsed.played.entries), run=run)

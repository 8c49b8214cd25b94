"""`tabletop schema`: JSON Schema of the exercise file, for editors."""

from __future__ import annotations

import click

from tabletop.cli.group import Invocation, tabletop_command


@tabletop_command("schema")
@click.option("--deck", is_flag=True)
@click.pass_obj
def command(said: Invocation, deck: bool) -> None:
    """Prints the schema of an exercise, or of a deck."""
    from tabletop.exercise.schema import deck_schema, exercise_schema

    said.output.document(deck_schema() if deck else exercise_schema())

"""`tabletop runs`: every run in the store, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.layout import table
from tabletop.cli.stored import local_time, open_store, summary_row
from tabletop.errors import NotFound
from tabletop.text import clean_line, localise
from tabletop.words import Words

if TYPE_CHECKING:
    from tabletop.store import RunRow


@tabletop_command("runs")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(said: Invocation, as_json: bool) -> None:
    """Lists runs. A machine on which nothing was played yet has none, and that is no error."""
    rows: list[RunRow] = []
    summaries: dict[object, dict[str, object]] = {}
    try:
        with open_store(said) as store:
            rows = store.runs()
            if as_json:
                summaries = {summary["run"]: summary for summary in store.view("run_summary")}
    except NotFound as error:
        if error.code != "store.no-store" or said.names_a_store:
            raise
    if as_json:
        said.output.json("runs", [summary_row(summaries[row.id]) for row in rows])
    elif rows:
        said.output.lines(run_lines(rows, said.words, said.output.width))
    else:
        said.narration.note("runs.none")


def run_lines(rows: Iterable[RunRow], words: Words, width: int | None) -> list[str]:
    """A table: id, state, kind, when it was made, how far its clock came, what was played where. No score: runs are not ranked."""
    return table(_columns(rows, words), width)


def _columns(rows: Iterable[RunRow], words: Words) -> Iterator[tuple[str, ...]]:
    from tabletop.exercise.durations import clock

    yield tuple(words(f"runs.column.{name}") for name in ("run", "status", "kind", "made", "clock", "title"))
    for row in rows:
        where = words("runs.where", site=clean_line(row.site)) if row.site else ""
        title = clean_line(localise(row.title, words.language)) + where
        status, kind = words(f"runs.status.{row.status}"), words(f"runs.kind.{row.kind}")
        yield row.id, status, kind, local_time(row.created), clock(row.exercise_ms // 1000), title

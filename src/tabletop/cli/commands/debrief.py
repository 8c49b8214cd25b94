"""`tabletop debrief`: the debrief screen of a run, or its document."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.output import writing
from tabletop.cli.stored import open_store, played
from tabletop.errors import Exit, TabletopError

if TYPE_CHECKING:
    from tabletop.report import Format

STDOUT = "-"


@tabletop_command("debrief")
@click.argument("run")
@click.option("-o", "--output", "target", metavar="FILE")
@click.option("--format", "format_name", metavar="FORMAT")
@click.pass_obj
def command(said: Invocation, run: str, target: str | None, format_name: str | None) -> Exit | int:
    """Opens the screen, or with `-o` or `--format` writes the document. Raises NotFound; TabletopError for an unknown format."""
    if target is None and format_name is None:
        return _screen(said, run)
    form = chosen_format(format_name, target)
    data = document(said, run, form)
    if target is None or target == STDOUT:
        said.output.text_document(data, as_json=form.suffix == ".json")
    else:
        path = Path(target).expanduser()
        replace_file(path, data)
        said.narration.note("runs.document-written", path=path)
    return Exit.OK


def _screen(said: Invocation, run: str) -> int:
    from tabletop.library import Library

    with open_store(said) as store:
        row = store.find_run(run)
    said.need_screen(f"tabletop debrief {run} --format md")
    from tabletop.tui.start import run_debrief

    return run_debrief(store=said.store, language=said.language, library=Library(), run=row.id)


def document(said: Invocation, run: str, form: Format) -> bytes:
    """The debrief of a run in one format, in the language that was asked for."""
    from tabletop.debrief.build import debrief
    from tabletop.debrief.model import RunInfo

    with open_store(said) as store:
        row = store.find_run(run)
        exercise, state, entries = played(store, row)
    info = RunInfo(row.id, row.kind, row.status, row.events, row.head)  # type: ignore[arg-type]
    return form.render(debrief(exercise, entries, info, state), said.language)


def chosen_format(name: str | None, target: str | None) -> Format:
    """The format of that name, else the one that the ending of the file asks for. Raises TabletopError with those there are."""
    from tabletop.report import FORMATS

    asked = name or (Path(target).suffix.removeprefix(".") if target and target != STDOUT else "md")
    if asked in FORMATS:
        return FORMATS[asked]
    near = get_close_matches(asked, FORMATS, 1)
    known = ", ".join(FORMATS)
    if near:
        raise TabletopError("runs.no-format-near", exit_code=Exit.USAGE, name=asked, known=known, near=near[0])
    raise TabletopError("runs.no-format", exit_code=Exit.USAGE, name=asked, known=known)


def replace_file(path: Path, data: bytes) -> None:
    """Writes a whole file or none: what was there before stays until the new one is complete. Raises TabletopError."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with writing(path):
        try:
            unfinished.write_bytes(data)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)

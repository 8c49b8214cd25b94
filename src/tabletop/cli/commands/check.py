"""`tabletop check`: every problem of every file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tabletop import platform
from tabletop.cli.group import Invocation, tabletop_command
from tabletop.errors import Exit, NotFound

if TYPE_CHECKING:
    from tabletop.exercise.problems import Problem
    from tabletop.exercise.source import Source


@tabletop_command("check")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--strict", is_flag=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(said: Invocation, paths: tuple[str, ...], strict: bool, as_json: bool) -> Exit:
    """Prints problems on stdout and a summary on stderr; 4 where there is a problem, or under `--strict` a warning."""
    from tabletop.exercise.loading import check_file
    from tabletop.exercise.problems import row, worded
    from tabletop.library import Library

    library = Library()
    found, missing = files_of(platform.expanded(paths))
    problems: list[Problem] = []
    for path in found:
        of_file = check_file(path, library.deck, script_problems)
        if not as_json:
            said.output.lines(worded(problem, said.words) for problem in of_file)
        problems += of_file
    if as_json:
        said.output.json("problems", [row(problem, said.words) for problem in problems])
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    said.narration.note("cli.checked", files=len(found), problems=errors, warnings=warnings)
    for name in missing:
        said.narration.error(NotFound("cli.nothing-to-check", path=name))
    if missing:
        return Exit.NOT_FOUND
    return Exit.PROBLEMS if errors or (strict and warnings) else Exit.OK


def files_of(names: Iterable[str]) -> tuple[list[Path], list[str]]:
    """The files behind paths, folders walked, each once; and the paths that do not exist."""
    found: dict[Path, Path] = {}
    missing = []
    for name in names:
        path = Path(name).expanduser()
        if not path.exists():
            missing.append(name)
        for file in _walked(path):
            found.setdefault(file.resolve(), file)
    return list(found.values()), missing


def _walked(path: Path) -> Iterator[Path]:
    from tabletop.library.shelves import yaml_files

    if path.is_dir():
        yield from yaml_files(path)
    elif path.exists():
        yield path


def script_problems(source: Source) -> Iterable[Problem]:
    """What is wrong with a rehearsal script beyond its YAML; the room that knows is opened for a script only."""
    from tabletop.rehearsal.reading import check_script

    return check_script(source)

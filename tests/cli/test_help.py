"""Help: in the reader's language, measured in cells, examples first, every command with all it needs."""

from __future__ import annotations

import shlex
from pathlib import Path

import click
import pytest

from tabletop.cli.catalogue import CATALOGUE, SECTIONS, Row
from tabletop.cli.entry import group
from tabletop.text import cells
from tabletop.words import LANGUAGES, Words

from .conftest import Cli

GOLDEN = Path(__file__).parent / "golden"

PAGES = [("tabletop", ["--help"]), *((row.name, [row.name, "--help"]) for row in CATALOGUE)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "arguments"), PAGES, ids=[name for name, _ in PAGES])
def test_help_reads_as_kept(cli: Cli, name: str, arguments: list[str], language: str, request: pytest.FixtureRequest) -> None:
    ran = cli(*arguments, "--lang", language)
    assert (ran.code, ran.err) == (0, "")
    kept = GOLDEN / f"{name}.{language}.txt"
    if request.config.getoption("--update-golden"):
        kept.write_text(ran.out, encoding="utf-8", newline="\n")
    assert ran.out == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("columns", [40, 60, 80, 200])
@pytest.mark.parametrize("row", [None, *CATALOGUE], ids=lambda row: "tabletop" if row is None else row.name)
def test_help_fits_the_terminal(cli: Cli, monkeypatch: pytest.MonkeyPatch, row: Row | None, columns: int, language: str) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    ran = cli(*([] if row is None else [row.name]), "-h", "--lang", language)
    examples = {"tabletop"} | {example for one in CATALOGUE for example in one.examples}
    lines = [line for line in ran.out.splitlines() if line.strip() not in examples and not line.lstrip().startswith(("-", "tabletop "))]
    assert all(cells(line) <= max(40, min(80, columns)) for line in lines)


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_every_command_of_the_catalogue_is_there_and_can_be_asked(row: Row) -> None:
    assert row.section in SECTIONS
    context = click.Context(group)
    command = group.get_command(context, row.name)
    assert command is not None
    assert command.name == row.name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_examples_are_command_lines_that_parse(row: Row, language: str) -> None:
    for example in row.examples:
        program, name, *arguments = shlex.split(example.partition(" > ")[0])
        assert (program, name) == ("tabletop", row.name)
        command = group.get_command(click.Context(group), name)
        assert command is not None
        command.make_context(name, arguments)


@pytest.mark.parametrize("alias", ["-h", "--help"])
def test_help_has_two_names_everywhere(cli: Cli, alias: str) -> None:
    for arguments in ([alias], *([row.name, alias] for row in CATALOGUE)):
        assert cli(*arguments).code == 0


def test_examples_come_first(cli: Cli) -> None:
    for row in CATALOGUE:
        lines = cli(row.name, "--help").out.splitlines()
        assert lines[0] == Words("en")("help.examples")
        assert lines[1].strip() == row.examples[0]

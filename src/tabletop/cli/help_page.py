"""The page `--help` prints: examples first, in the reader's language, measured in cells."""

from __future__ import annotations

import os
import sys

import click

from tabletop.errors import Exit
from tabletop.words import Words, find

from .catalogue import BY_NAME, CATALOGUE, SECTIONS
from .layout import NARROWEST, WIDEST, indented, term_list

ALWAYS = (Exit.OK, Exit.FAULT, Exit.USAGE)
"""Exit codes every command has."""


def page_width() -> int:
    """How many cells a line of help may take."""
    asked = os.environ.get("COLUMNS", "")
    try:
        columns = int(asked) if asked.isdecimal() else os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        columns = WIDEST
    return max(NARROWEST, min(WIDEST, columns))


def group_page(context: click.Context, words: Words, width: int) -> str:
    """The help of `tabletop` itself."""
    lines = _examples("group", ("tabletop", "tabletop list", "tabletop run armed-hostage --pace timed"), words, width)
    lines += _usage(context, words, width)
    lines += ["", *indented(words("help.group.about"), width)]
    for section in SECTIONS:
        rows = [(row.name, words(f"help.{row.name}.short")) for row in CATALOGUE if row.section == section]
        if rows:
            lines += ["", words(f"help.section.{section}"), *term_list(rows, width)]
    lines += _options("group", context, words, width)
    return "\n".join([*lines, *_exits(tuple(Exit), words, width), "", *indented(words("help.group.more"), width, 0)])


def command_page(context: click.Context, name: str, words: Words, width: int) -> str:
    """The help of one command."""
    row = BY_NAME[name]
    lines = _examples(name, row.examples, words, width)
    lines += _usage(context, words, width)
    lines += ["", *indented(words(f"help.{name}.about"), width)]
    lines += _arguments(name, context, words, width)
    lines += _options(name, context, words, width)
    return "\n".join([*lines, *_exits((*ALWAYS, *row.exits), words, width)])


def _examples(name: str, examples: tuple[str, ...], words: Words, width: int) -> list[str]:
    rows = [(example, words(f"help.{name}.example-{number}")) for number, example in enumerate(examples, 1)]
    lines = [words("help.examples")]
    for example, meaning in rows:
        lines += [f"  {example}", *indented(meaning, width, 6)]
    return lines


def _usage(context: click.Context, words: Words, width: int) -> list[str]:
    pieces = context.command.collect_usage_pieces(context)
    worded = {"[OPTIONS]": words("help.options-metavar")}
    if isinstance(context.command, click.Group):
        worded[context.command.subcommand_metavar] = words("help.command-metavar")
    pieces = [worded.get(piece, piece) for piece in pieces]
    return ["", *indented(f"{words('help.usage')}{' '.join([context.command_path, *pieces])}", width, 0)]


def meaning_of(name: str, parameter: click.Parameter, words: Words) -> str:
    """What a parameter of a command does: its own words, else those that hold for every command that has it."""
    entry = (parameter.name or "").replace("_", "-")
    own = f"help.{name}.{entry}"
    return words(own if find(own, words.language) is not None else f"help.any.{entry}")


def _arguments(name: str, context: click.Context, words: Words, width: int) -> list[str]:
    found = [parameter for parameter in context.command.get_params(context) if isinstance(parameter, click.Argument)]
    rows = [(parameter.make_metavar(context).strip("[]"), meaning_of(name, parameter, words)) for parameter in found]
    return ["", words("help.arguments"), *term_list(rows, width)] if rows else []


def _options(name: str, context: click.Context, words: Words, width: int) -> list[str]:
    rows = []
    asks_for_help = context.command.get_help_option(context)
    for parameter in context.command.get_params(context):
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(context)) is not None:
            meaning = words("help.any.help") if parameter is asks_for_help else meaning_of(name, parameter, words)
            rows.append((record[0], meaning))
    return ["", words("help.options"), *term_list(rows, width)]


def _exits(codes: tuple[Exit, ...], words: Words, width: int) -> list[str]:
    rows = [(str(code.value), words(f"help.exit.{code.value}")) for code in sorted(codes)]
    return ["", words("help.exits"), *term_list([*rows, ("130", words("help.exit.130"))], width)]

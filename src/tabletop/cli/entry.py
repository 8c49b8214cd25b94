"""From the words on the command line to an exit code."""

from __future__ import annotations

import os
import sys
from types import TracebackType
from typing import Any

import click

from tabletop import platform
from tabletop.errors import Exit, TabletopError
from tabletop.words import Words, closest, language_of_system

from .group import CONTEXT, Invocation, TabletopGroup, common_options
from .narration import Narration
from .output import close_quietly
from .sentences import speak

INTERRUPTED = 130
"""What a shell shows for a program ended by ctrl+c."""

NOBODY_READ = 141
"""What a shell shows for a program whose reader went away: SIGPIPE."""


@click.pass_context
def _alone(context: click.Context, version: bool, verbose: bool) -> Any:
    """`tabletop` itself: the version, or the start screen where no command follows."""
    said: Invocation = context.obj
    if version:
        from .versions import version_lines

        said.output.lines(version_lines(said.words, verbose=verbose))
        context.exit(Exit.OK)
    if context.invoked_subcommand is not None:
        return None
    return _start(context, said)


def _start(context: click.Context, said: Invocation) -> Any:
    if platform.no_screen_here() is not None:
        said.output.line(context.get_help())
    said.need_screen("tabletop list, tabletop runs")
    from tabletop.cli.join_cards import join_cards
    from tabletop.library import Library
    from tabletop.tui.start import run_start

    return run_start(store=said.store, language=said.language, library=Library(), make_cards=join_cards)


group = TabletopGroup(
    "tabletop",
    callback=_alone,
    invoke_without_command=True,
    context_settings=CONTEXT,
    params=[
        *common_options(),
        click.Option(["--version"], is_flag=True),
        click.Option(["-v", "--verbose"], is_flag=True),
    ],
)


def language_asked(arguments: list[str]) -> str:
    """The language to speak before anything has been parsed: `--lang` wherever it stands, else the environment's."""
    asked = ""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and place + 1 < len(arguments):
            asked = arguments[place + 1]
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    return closest(asked) if asked else language_of_system()


def run(arguments: list[str]) -> int:
    """Runs one command line and gives its exit code. A fault of ours reaches the interpreter, which tells it through `sys.excepthook`."""
    platform.keep_private()
    platform.settle_streams()
    # pydantic would look through every installed package for plugins: a tenth of the time to the first screen.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    said = Invocation(language_asked(arguments), colour="--no-color" not in arguments)
    _catch_faults(said.words)
    speak(said.words)
    try:
        code = group.main(arguments, prog_name="tabletop", standalone_mode=False, obj=said)
        said.output.finish()
    except TabletopError as error:
        said.narration.error(error)
        code = error.exit_code
    except click.ClickException as error:
        said.narration.usage(error)
        code = Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except BrokenPipeError:
        close_quietly(sys.stdout)
        code = NOBODY_READ
    return int(code or Exit.OK)


def _catch_faults(words: Words) -> None:
    def told(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        Narration(words).crash(platform.keep_crash(error))

    sys.excepthook = told

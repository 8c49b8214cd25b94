"""The lazy group and the commands in it: options that every command takes, help in the reader's language."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tabletop import platform
from tabletop.errors import Exit, TabletopError
from tabletop.words import Words, closest, language_of_system

from .catalogue import BY_NAME, CATALOGUE
from .help_page import command_page, group_page, page_width
from .layout import WIDEST
from .narration import Narration
from .output import Output

if TYPE_CHECKING:
    from pathlib import Path

SPOKEN = ("en", "zh-Hans", "zh-Hant")
"""What `--lang` takes. Traditional Chinese falls back word by word (words.FALLBACK)."""

CONTEXT: dict[str, Any] = {"help_option_names": ["-h", "--help"], "terminal_width": WIDEST}
"""The width is only what click would measure; help pages measure for themselves."""


class Invocation(NamedTuple):
    """What was said for every command: the language, the store, whether colour is wanted."""

    language: str
    db: str = ""
    colour: bool = True

    @property
    def words(self) -> Words:
        return Words(self.language)

    @property
    def output(self) -> Output:
        return Output(colour=self.colour)

    @property
    def narration(self) -> Narration:
        return Narration(self.words, colour=self.colour)

    @property
    def names_a_store(self) -> bool:
        """Whether somebody chose the store: then it must be there."""
        return bool(self.db or os.environ.get("TABLETOP_DB"))

    def need_screen(self, instead: str) -> None:
        """Raises TabletopError, naming the plain command to use, where no full screen can be drawn."""
        reason = platform.no_screen_here()
        if reason is not None:
            raise TabletopError(reason, exit_code=Exit.USAGE, instead=instead)

    @property
    def store(self) -> Path:
        """The file all runs are kept in: `--db`, else TABLETOP_DB, else the data folder."""
        from pathlib import Path

        return Path(self.db).expanduser() if self.db else platform.default_store()


def _language(context: click.Context | None) -> str:
    given = None if context is None else context.find_object(Invocation)
    return language_of_system() if given is None else given.language


def _told(change: Callable[[Invocation, Any], Invocation]) -> Callable[[click.Context, click.Parameter, Any], None]:
    """The callback of an option that changes what every command is told; after the command it wins over before it."""

    def callback(context: click.Context, parameter: click.Parameter, value: Any) -> None:
        if value not in (None, False):
            context.obj = change(context.find_object(Invocation) or Invocation(language_of_system()), value)

    return callback


def _speak(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    """Takes a language of `SPOKEN`, or a locale name close to one: `zh`, `zh_CN`, `en-GB`."""
    if value is None:
        return
    if re.split("[-_.]", value.lower())[0] not in ("en", "zh"):
        raise click.BadParameter(Words(_language(context))("cli.no-such-language", name=value, names=", ".join(SPOKEN)), context, parameter)
    _told(lambda said, name: said._replace(language=closest(name)))(context, parameter, value)


def common_options(*, store: bool = True) -> list[click.Parameter]:
    """`--lang`, `--db` and `--no-color`, before the command and after it; `--db` is shown where the store is used."""
    return [
        click.Option(["--lang"], metavar=f"[{'|'.join(SPOKEN)}]", expose_value=False, callback=_speak),
        click.Option(
            ["--db"], metavar="FILE", hidden=not store, expose_value=False, callback=_told(lambda said, value: said._replace(db=value))
        ),
        click.Option(["--no-color"], is_flag=True, expose_value=False, callback=_told(lambda said, value: said._replace(colour=False))),
    ]


class TabletopCommand(click.Command):
    """A command whose help comes from the word tables."""

    def __init__(self, name: str | None, **attributes: Any) -> None:
        attributes["params"] = [*(attributes.get("params") or ()), *common_options(store=BY_NAME[name or ""].store)]
        attributes.setdefault("context_settings", CONTEXT)
        super().__init__(name, **attributes)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(command_page(ctx, self.name or "", Words(_language(ctx)), page_width()))


def tabletop_command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Makes a function the command of that name in the catalogue."""
    assert name in BY_NAME
    return click.command(name, cls=TabletopCommand)


class TabletopGroup(click.Group):
    """`tabletop`: knows its commands by the catalogue and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [row.name for row in CATALOGUE]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in BY_NAME:
            return None
        found: click.Command = import_module(f"tabletop.cli.commands.{cmd_name}").command
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in BY_NAME and not args[0].startswith("-"):
            raise click.UsageError(_no_such_command(args[0], Words(_language(ctx))), ctx)
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(group_page(ctx, Words(_language(ctx)), page_width()))


def _no_such_command(name: str, words: Words) -> str:
    """click would import every command to tell which one was meant."""
    from difflib import get_close_matches

    near = get_close_matches(name, BY_NAME, 1)
    return words("cli.no-such-command-near", name=name, near=near[0]) if near else words("cli.no-such-command", name=name)

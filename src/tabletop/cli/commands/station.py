"""`tabletop station`: a terminal with one or more seats of a run that the facilitator drives elsewhere."""

from __future__ import annotations

import click

from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.stored import open_store
from tabletop.errors import Exit, TabletopError
from tabletop.text import clean_line


@tabletop_command("station")
@click.argument("run")
@click.option("--role", "roles", multiple=True, metavar="ROLE")
@click.option("--name", metavar="PERSON")
@click.option("--private", is_flag=True)
@click.option("--evaluator", is_flag=True)
@click.option("--lead", is_flag=True)
@click.option("--recorder", is_flag=True)
@click.option("--quiet", is_flag=True)
@click.pass_obj
def command(said: Invocation, /, run: str, roles: tuple[str, ...], name: str | None, private: bool, quiet: bool, **asked: bool) -> int:
    """Opens the station. Raises NotFound, TabletopError for what cannot be joined, before the screen is drawn where that shows early."""
    judging = asked["evaluator"] or asked["lead"] or asked["recorder"]
    if judging and (roles or private or (asked["recorder"] and (asked["evaluator"] or asked["lead"]))):
        raise click.UsageError(said.words("station.one-part"))
    if private and name is not None and len(set(roles)) != 1:
        raise TabletopError("station.whose-name", name=clean_line(name, longest=80), exit_code=Exit.USAGE)
    with open_store(said) as store:
        row = store.find_run(run, open_only=not judging)
    said.need_screen(f"tabletop follow {run}")
    if judging:
        from tabletop.engine.rights import Actor, ActorKind
        from tabletop.tui.judge_app import run_judge

        kind: ActorKind = "recorder" if asked["recorder"] else "lead" if asked["lead"] else "evaluator"
        who = _judge_name(said, kind, name)
        return run_judge(store=said.store, run=row.id, actor=Actor(kind, who), language=said.language, quiet=quiet)
    from tabletop.tui.start_player import run_station

    return run_station(
        store=said.store,
        language=said.language,
        run=row.id,
        roles=roles,
        name=clean_line(name or "", longest=80),
        private=private,
        quiet=quiet,
    )


def _judge_name(said: Invocation, kind: str, name: str | None) -> str:
    """In whose name is recorded, from the first key on: asked on a plain line, before the screen, where it was not given."""
    who = clean_line(name or "", longest=80)
    while not who:
        who = clean_line(click.prompt(said.words(f"judge.name-{kind}"), err=True, prompt_suffix=" › "), longest=80)
    return who

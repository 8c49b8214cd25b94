"""`tabletop verify`: whether the log of a run is what was recorded, and if not, from which event on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.stored import open_store
from tabletop.errors import Exit

if TYPE_CHECKING:
    from tabletop.store import Verdict

FOUR = 4
"""Digits of a hash between two spaces, as paper shows it."""


@tabletop_command("verify")
@click.argument("run")
@click.option("--head", metavar="N:HASH")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def command(said: Invocation, run: str, head: str | None, as_json: bool) -> Exit:
    """Checks the seal, with `--head` against paper too; a broken one is exit code 6. Raises NotFound."""
    from tabletop.store import verify

    with open_store(said) as store:
        row = store.find_run(run)
        with store.reading() as reader:
            verdict = verify(reader, row.id, head)
    if as_json:
        said.output.json("verify", verdict_row(verdict))
    else:
        told = said.words(f"store.verdict-{verdict.verdict}", events=verdict.events, seq=verdict.seq)
        said.output.line(f"{verdict.run}: {told}", "good" if verdict.ok else "bad")
        if verdict.ok:
            said.output.line(said.words("runs.head", events=verdict.events, head=grouped(verdict.head)))
    return Exit.OK if verdict.ok else Exit.DAMAGED


def verdict_row(verdict: Verdict) -> dict[str, object]:
    """The verdict as `--json` prints it."""
    return {
        "run": verdict.run,
        "ok": verdict.ok,
        "events": verdict.events,
        "head": verdict.head,
        "verdict": verdict.verdict,
        "seq": verdict.seq,
        "redacted": list(verdict.redacted),
    }


def grouped(digits: str) -> str:
    """A hash as a person compares it with paper."""
    return " ".join(digits[place : place + FOUR] for place in range(0, len(digits), FOUR))

"""Every command in one table, so that help and completion need none of the modules behind them."""

from __future__ import annotations

from typing import NamedTuple

from tabletop.errors import Exit

SECTIONS = ("play", "prepare", "afterwards", "machine")
"""The headings under which help lists commands, in order."""


class Row(NamedTuple):
    """One command: `tabletop.cli.commands.MODULE` holds its `command`; its words are `help.NAME.*`."""

    name: str
    section: str
    examples: tuple[str, ...]
    """Command lines, each with a meaning `help.NAME.example-N`."""
    exits: tuple[Exit, ...] = ()
    """Exit codes beside 0, 1 and 2."""
    store: bool = False
    """Whether it opens the store: `--db` is taken anyway, and shown in the help where it matters."""


STORE_EXITS = (Exit.IN_USE, Exit.DAMAGED, Exit.NEWER)
"""Exit codes of everything that opens the store."""

CATALOGUE = (
    Row(
        "run",
        "play",
        (
            "tabletop run armed-hostage",
            "tabletop run armed-hostage --pace timed --site Qiaoxi",
            "tabletop run --resume latest",
            "tabletop run armed-hostage --practice",
            "tabletop run armed-hostage --slot 30m",
        ),
        (Exit.NOT_FOUND, Exit.PROBLEMS, *STORE_EXITS, Exit.NO_SPACE),
        store=True,
    ),
    Row(
        "station",
        "play",
        (
            "tabletop station latest",
            "tabletop station latest --role teller-1 --name 'Li Wei'",
            "tabletop station latest --role teller-1 --role teller-2 --private",
            "tabletop station latest --evaluator --name E1",
        ),
        (Exit.NOT_FOUND, *STORE_EXITS, Exit.NO_SPACE),
        store=True,
    ),
    Row(
        "room",
        "play",
        ("tabletop room latest", "tabletop room latest --site outlet"),
        (Exit.NOT_FOUND, *STORE_EXITS),
        store=True,
    ),
    Row(
        "serve",
        "play",
        (
            "tabletop serve latest",
            "tabletop serve latest --lan 192.168.1.20",
            "tabletop serve latest --lan 192.168.1.20 --host drill.bank.example --tls-cert cert.pem --tls-key key.pem",
            "tabletop serve latest --lan 192.168.1.20 --cards cards.html",
        ),
        (Exit.NOT_FOUND, *STORE_EXITS),
        store=True,
    ),
    Row(
        "follow",
        "play",
        ("tabletop follow latest", "tabletop follow latest --role teller-1", "tabletop follow latest --json"),
        (Exit.NOT_FOUND, *STORE_EXITS),
        store=True,
    ),
    Row("list", "prepare", ("tabletop list", "tabletop list --injects", "tabletop list --json")),
    Row(
        "show",
        "prepare",
        ("tabletop show armed-hostage", "tabletop show armed-hostage --facilitator", "tabletop show my-exercise.yaml --json"),
        (Exit.NOT_FOUND, Exit.PROBLEMS),
    ),
    Row(
        "check",
        "prepare",
        ("tabletop check my-exercise.yaml", "tabletop check --strict exercises injects", "tabletop check --json exercises"),
        (Exit.NOT_FOUND, Exit.PROBLEMS),
    ),
    Row(
        "new",
        "prepare",
        ("tabletop new night-burglary", "tabletop new night-burglary --lang zh-Hans", "tabletop new our-hostage --from armed-hostage"),
        (Exit.NOT_FOUND, Exit.PROBLEMS, Exit.NO_SPACE),
    ),
    Row("schema", "prepare", ("tabletop schema > exercise.schema.json", "tabletop schema --deck > deck.schema.json")),
    Row(
        "rehearse",
        "prepare",
        ("tabletop rehearse armed-hostage --script script.yaml", "tabletop rehearse my-exercise.yaml --script script.yaml --json"),
        (Exit.NOT_FOUND, Exit.PROBLEMS, *STORE_EXITS, Exit.NO_SPACE),
        store=True,
    ),
    Row("runs", "afterwards", ("tabletop runs", "tabletop runs --json"), STORE_EXITS, store=True),
    Row(
        "log",
        "afterwards",
        ("tabletop log latest", "tabletop log latest --csv > decisions.csv", "tabletop log latest --events --json"),
        (Exit.NOT_FOUND, *STORE_EXITS),
        store=True,
    ),
    Row(
        "verify",
        "afterwards",
        ("tabletop verify latest", "tabletop verify latest --head 123:ab12cd34ef56ab78"),
        (Exit.NOT_FOUND, *STORE_EXITS),
        store=True,
    ),
    Row(
        "debrief",
        "afterwards",
        ("tabletop debrief latest", "tabletop debrief latest -o debrief.md", "tabletop debrief latest --format json"),
        (Exit.NOT_FOUND, *STORE_EXITS, Exit.NO_SPACE),
        store=True,
    ),
    Row("doctor", "machine", ("tabletop doctor", "tabletop doctor --json"), (Exit.NO_SPACE,), store=True),
)

BY_NAME = {row.name: row for row in CATALOGUE}

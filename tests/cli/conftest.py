"""Runs a command line in this process, as the console script would."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tabletop.cli.entry import run


@dataclass(frozen=True)
class Ran:
    """How a command line ended, and what it said."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Iterator[Cli]:
    """`cli("list", "--json")` runs `tabletop list --json`. What the process is changed by is put back."""
    mask = os.umask(0o022)
    hook = sys.excepthook

    def call(*arguments: str) -> Ran:
        capsys.readouterr()
        code = run(list(arguments))
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    yield call
    os.umask(mask)
    sys.excepthook = hook

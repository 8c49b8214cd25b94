"""What a command really loads, seen from outside: help and check stay light."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"textual", "sqlmodel", "sqlalchemy", "alembic"}

PROBE = """
import sys
from tabletop.cli.entry import run
code = run(sys.argv[1:])
print("LOADED", code, *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


def loaded_by(*arguments: str, folder: Path | None = None) -> tuple[int, set[str]]:
    """The exit code of a command line in a process of its own, and the top-level packages it loaded."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, encoding="utf-8", cwd=folder, check=True
    )
    code, *names = done.stderr.rpartition("LOADED ")[2].split()
    return int(code), set(names)


@pytest.mark.parametrize("arguments", [["--help"], ["--help", "--lang", "zh-Hans"], ["check", "-h"], ["list", "--help"]], ids=" ".join)
def test_help_loads_no_model_and_no_screen(arguments: list[str]) -> None:
    code, names = loaded_by(*arguments)
    assert code == 0
    assert names & (HEAVY | {"pydantic", "yaml", "platformdirs"}) == set()


def test_version_loads_no_screen() -> None:
    code, names = loaded_by("--version")
    assert code == 0
    assert names & HEAVY == set()


def test_help_imports_no_command() -> None:
    probe = "import sys; from tabletop.cli.entry import run; run(['-h']); sys.exit(any('.commands.' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", probe], capture_output=True, check=False).returncode == 0


def test_check_and_list_load_no_screen_and_no_database(tmp_path: Path) -> None:
    assert loaded_by("new", "ours", folder=tmp_path)[0] == 0
    for arguments in (["check", "--strict", "exercises"], ["list"], ["show", "ours", "--facilitator"]):
        code, names = loaded_by(*arguments, folder=tmp_path)
        assert code == 0
        assert names & HEAVY == set()

"""README and CONTRIBUTING say what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tabletop.cli.catalogue import CATALOGUE
from tabletop.errors import Exit

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [row.name for row in CATALOGUE])
def test_the_readme_lists_every_command(name: str) -> None:
    assert re.search(rf"^\| `tabletop {name}\b", README, re.MULTILINE)


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"`tabletop ([a-z]+)", README)) | set(re.findall(r"bin/tabletop ([a-z]+)", README))
    assert named <= {row.name for row in CATALOGUE}


def test_the_readme_tells_every_exit_code() -> None:
    [listed] = re.findall(r"^Exit codes: (.*?)\n\n", README, re.MULTILINE | re.DOTALL)
    assert {int(code) for code in re.findall(r"(\d+) [a-z]", listed)} >= {code.value for code in Exit}


def test_the_test_command_stands_in_the_readme_alone() -> None:
    [command] = re.findall(r"<!-- test -->\s*```sh\n(.*?)\n```", README, re.DOTALL)
    assert "pytest" in command
    assert "\n" not in command
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8") if (ROOT / ".ci" / "run").exists() else ""
    assert command not in ci
    assert "pytest" not in ci


def test_the_keys_stand_between_their_marks() -> None:
    [table] = re.findall(r"<!-- keys -->\n(.*?)<!-- /keys -->", README, re.DOTALL)
    assert all(line.startswith("|") for line in table.strip().splitlines())


def test_nothing_names_a_path_of_one_machine() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        assert not re.search(r"/(?:home|root|work|Users)/", (ROOT / name).read_text(encoding="utf-8"))

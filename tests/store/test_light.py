"""What opening a store loads: nothing heavy, so that no station waits for it (performance.md)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tabletop.store import Store

from .ledgers import make_run

ROOT = Path(__file__).parents[2]
HEAVY = {"sqlmodel", "sqlalchemy", "alembic", "pydantic"}


def loaded(program: str, path: Path) -> set[str]:
    lines = ("import sys", "from pathlib import Path", "path = Path(sys.argv[1])", program)
    script = "\n".join((*lines, "print(*{name.partition('.')[0] for name in sys.modules})"))
    done = subprocess.run([sys.executable, "-c", script, str(path)], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "program",
    [
        "import tabletop.store",
        "from tabletop.store import Store; s = Store.open(path); s.runs(); s.find_run('latest'); s.view('decision_log')",
        "from tabletop.store import Lease, Store; s = Store.open(path); Lease.take(s, s.runs()[0].id, holder='x').release(0)",
        "from tabletop.store import Store, verify; s = Store.open(path); assert verify(s.reader, s.runs()[0].id).ok",
    ],
)
def test_lists_leases_and_seals_need_the_standard_library_only(path: Path, program: str) -> None:
    with Store.open(path) as store:
        make_run(store, events=2)
    assert loaded(program, path) & HEAVY == set()


def test_appending_needs_no_object_mapper(path: Path) -> None:
    with Store.open(path) as store:
        make_run(store, events=2)
    program = (
        "from tabletop.store import Store; s = Store.open(path); log = s.log(s.runs()[0].id); log.append([], expected_head=2); log.read()"
    )
    assert loaded(program, path) & (HEAVY - {"pydantic"}) == set()

"""A power cut at any moment: nothing acknowledged is lost, and what is left is a whole store (F2, P1)."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from tabletop.errors import TabletopError
from tabletop.store import Store

from . import power_cut
from .recovered import RUN, Recovered, recover
from .test_disk import needs_strace

ROOT = Path(__file__).parents[2]


def outcome(image: power_cut.Image, folder: Path) -> Recovered | None:
    """What the next start makes of a disk; None: there is no store on it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in image.files.items():
        (folder / name).write_bytes(content)
    path = folder / "tabletop.db"
    return recover(path) if path.exists() else None


@needs_strace
@pytest.mark.slow
def test_no_power_cut_takes_what_was_acknowledged(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    lines = power_cut.trace(folder, ["-m", "tests.faults.writer", str(folder / "tabletop.db"), RUN, "12"], ROOT)
    images = list(power_cut.replay(lines, folder))
    before = [image for image in images if "tabletop.db" not in image.files]
    assert len(images) > 800
    assert before
    assert {len(image.acknowledged) for image in images} == set(range(13))
    for number, image in enumerate(images):
        found = outcome(image, tmp_path / "after")
        if found is None:
            assert image.acknowledged == (), image.after
            continue
        assert found.ok, (number, image.after)
        assert found.lacks(image.acknowledged) == set(), (number, image.after)
        assert len(found.ids) <= len(image.acknowledged) + 1, (number, image.after)


@needs_strace
@pytest.mark.slow
def test_the_replay_would_notice_a_store_that_is_not_durable(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with Store.open(folder / "tabletop.db") as store:
        store.create_run(RUN, kind="live", exercise_id="x", exercise_json="{}", title="x", created_ms=0)
    before = {"tabletop.db": (folder / "tabletop.db").read_bytes()}
    careless = (
        "import sys; from pathlib import Path; from tabletop.store import connect; connect.WRITING = ('synchronous = OFF',);"
        "from tests.faults import writer; writer.main(Path(sys.argv[1]), sys.argv[2], 6)"
    )
    lines = power_cut.trace(folder, ["-c", careless, str(folder / "tabletop.db"), RUN], ROOT)
    assert any(lost(image, tmp_path / "after") for image in power_cut.replay(lines, folder, before))


def lost(image: power_cut.Image, folder: Path) -> bool:
    """Whether the disk is damaged or lacks what was acknowledged."""
    try:
        found = outcome(image, folder)
    except (TabletopError, sqlite3.DatabaseError):
        return True
    return found is None or not found.ok or found.lacks(image.acknowledged) != set()

"""Older stores: brought up to date whole or not at all, with the old file kept (F17, P7)."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tabletop.errors import Exit, TabletopError
from tabletop.store import Store, migrations, schema
from tabletop.store.connect import connect, number_of

from .ledgers import RUN, entry
from .make_golden import GOLDEN

ROOT = Path(__file__).parents[2]

NOW = schema.VERSION
"""The version of this program; the tests play the next one."""

STEP = f'''"""A step of tomorrow."""

import sqlalchemy as sa
from alembic import op

revision = "{migrations.revision(NOW + 1)}"
down_revision = "{migrations.revision(NOW)}"


def upgrade() -> None:
    op.add_column("run", sa.Column("weather", sa.String(), nullable=True))
    op.execute("UPDATE run SET weather = 'fine'")
    {{more}}
'''


@pytest.fixture
def old(path: Path) -> Path:
    """A store of this version, as a released program left it."""
    path.parent.mkdir()
    shutil.copy(GOLDEN / f"v{NOW}.db", path)
    return path


@pytest.fixture
def tomorrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program whose store is of the next version; its step can be given more to do."""
    scripts = tmp_path / "50% of scripts"
    shutil.copytree(migrations.SCRIPTS, scripts, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "SCRIPTS", scripts)
    monkeypatch.setattr(schema, "VERSION", NOW + 1)
    step = scripts / "versions" / f"v{migrations.revision(NOW + 1)}_weather.py"
    step.write_text(STEP.format(more=""), encoding="utf-8")
    return step


def shape(connection: sqlite3.Connection) -> dict[str, object]:
    """Columns, keys and constraints of every table."""
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'")]
    found: dict[str, object] = {}
    for table in tables:
        columns = connection.execute('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)', (table,)).fetchall()
        unique = connection.execute('SELECT origin, "unique" FROM pragma_index_list(?)', (table,)).fetchall()
        sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        found[table] = (columns, sorted(unique), "".join(sql.split()))
    return found


def test_the_first_step_makes_the_tables_that_a_new_store_has() -> None:
    made, migrated = (sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False) for _ in range(2))
    migrations.create_tables(made)
    migrations._upgrade(migrated, schema.VERSION)
    assert shape(migrated) == shape(made)
    assert sorted(shape(made)) == sorted(set(schema.TABLES) - {"alembic_version"})
    made.close()
    migrated.close()


def test_the_statements_written_down_are_those_of_the_tables() -> None:
    assert migrations.TABLES.read_text("utf-8") == migrations.statements(), "write migrations.statements() into tables.sql"


def test_there_is_a_step_for_every_version() -> None:
    names = sorted(step.name[1:5] for step in (migrations.SCRIPTS / "versions").glob("v*.py"))
    assert names == [migrations.revision(version) for version in range(1, schema.VERSION + 1)]
    assert sorted(golden.name for golden in GOLDEN.iterdir() if golden.suffix == ".db") == [
        f"v{version}.db" for version in range(1, schema.VERSION + 1)
    ]


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("v*.db")), ids=lambda golden: golden.name)
def test_a_store_of_every_released_version_opens(path: Path, golden: Path) -> None:
    path.parent.mkdir()
    shutil.copy(golden, path)
    with Store.open(path, create=False) as store:
        log = store.log(RUN)
        assert log.verify().head == store.find_run(RUN).head
        assert [read.seq for read in log.read()] == list(range(1, 13))
        assert [row.kind for row in store.runs()] == ["rehearsal", "live"]
        assert store.view("decision_log")[0]["decision"] == "先稳住对方 1"
        assert store.attachment(RUN, "media/plan.txt").decode() == "平面图"
        assert store.drafts.load(RUN, "teller-1") == {"first-move": "I would"}
        log.append([entry(13)], expected_head=12)
        assert log.verify().ok


def test_an_older_store_is_brought_up_to_date_and_kept(old: Path, tomorrow: Path) -> None:
    before = old.read_bytes()
    with Store.open(old) as store:
        assert number_of(store.reader, "user_version") == NOW + 1
        assert store.reader.execute("SELECT version_num FROM alembic_version").fetchall() == [(migrations.revision(NOW + 1),)]
        assert store.reader.execute("SELECT weather FROM run WHERE id = ?", (RUN,)).fetchone() == ("fine",)
        assert store.log(RUN).verify().ok
        assert len(store.view("inject_log")) == 1
    kept = old.with_name(f"tabletop.bak-{NOW}.db")
    connection = sqlite3.connect(kept)
    assert connection.execute("PRAGMA user_version").fetchone() == (NOW,)
    assert connection.execute("SELECT COUNT(*) FROM event").fetchone() == (12,)
    connection.close()
    assert len(kept.read_bytes()) == len(before)
    if sys.platform != "win32":
        assert kept.stat().st_mode & 0o777 == 0o600


def assert_as_it_was(old: Path) -> None:
    connection = connect(old)
    assert number_of(connection, "user_version") == NOW
    assert "weather" not in str(connection.execute("SELECT sql FROM sqlite_master WHERE name = 'run'").fetchone())
    assert schema.strange(connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()) is None
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_a_step_that_fails_leaves_the_store_as_it_was(old: Path, tomorrow: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow.write_text(STEP.format(more='raise RuntimeError("a fault of ours")'), encoding="utf-8")
    with pytest.raises(RuntimeError, match="a fault of ours"):
        Store.open(old)
    assert_as_it_was(old)
    monkeypatch.setattr(schema, "VERSION", NOW)
    with Store.open(old) as store:
        assert store.log(RUN).verify().ok


def test_a_step_that_breaks_a_seal_is_taken_back(old: Path, tomorrow: Path) -> None:
    tomorrow.write_text(STEP.format(more="op.execute(\"UPDATE event SET actor = 'nobody' WHERE seq = 3\")"), encoding="utf-8")
    with pytest.raises(TabletopError) as broken:
        Store.open(old)
    assert (broken.value.code, broken.value.exit_code, broken.value.values["run"]) == ("store.migration-failed", Exit.DAMAGED, RUN)
    assert_as_it_was(old)


MIGRATE = f"""
import sys
from pathlib import Path
from tabletop.store import Store, migrations, schema
migrations.SCRIPTS = Path(sys.argv[2])
schema.VERSION = {NOW + 1}
Store.open(Path(sys.argv[1])).close()
"""


def migrate_elsewhere(old: Path, step: Path) -> int:
    return subprocess.run([sys.executable, "-c", MIGRATE, str(old), str(step.parents[1])], cwd=ROOT, check=False).returncode


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.slow
def test_killed_in_the_middle_leaves_the_store_as_it_was(old: Path, tomorrow: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Much is written first, so that pages have been spilled to the file when the process dies.
    more = "; ".join(
        (
            'op.execute("PRAGMA cache_size = 2")',
            'op.execute("UPDATE run SET weather = hex(zeroblob(300000))")',
            "import os, signal",
            "os.kill(os.getpid(), signal.SIGKILL)",
        )
    )
    tomorrow.write_text(STEP.format(more=more), encoding="utf-8")
    assert migrate_elsewhere(old, tomorrow) == -signal.SIGKILL
    assert_as_it_was(old)
    tomorrow.write_text(STEP.format(more=""), encoding="utf-8")
    with Store.open(old) as store:
        assert number_of(store.reader, "user_version") == NOW + 1


@pytest.mark.slow
def test_many_that_start_at_once_migrate_it_once(old: Path, tomorrow: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(lambda _: migrate_elsewhere(old, tomorrow), range(6)))
    assert codes == [0] * 6
    with Store.open(old) as store:
        assert store.log(RUN).verify().ok


def test_no_store_is_migrated_by_a_program_that_only_knows_it(path: Path) -> None:
    probe = (
        "import sys; from pathlib import Path; from tabletop.store import Store; Store.open(Path(sys.argv[1])).close();"
        "Store.open(Path(sys.argv[1])).close(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", probe, str(path)], cwd=ROOT, check=False).returncode == 0

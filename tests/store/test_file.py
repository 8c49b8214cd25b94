"""The file: made private and whole, opened only when it is a store of ours, everything else said in words."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from tabletop.errors import Exit, NotFound, TabletopError
from tabletop.store import Lease, Store, schema
from tabletop.store.connect import address, number_of

from .ledgers import RUN, entry, make_run

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folder private by itself")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@posix_only
def test_everything_made_is_the_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "deep" / "data" / "tabletop.db"
        with Store.open(path) as store:
            log = make_run(store)
            lease = Lease.take(store, RUN, holder="console")
            log.append([entry(1)], expected_head=0, fence=lease.fence)
            with store.writing():
                during = {name.name: mode_of(name) for name in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert set(during.values()) == {0o600}
    assert {"tabletop.db", "tabletop.db-journal", "tabletop.db.lock", f"tabletop.db.{RUN}.1.lease"} <= during.keys()
    assert mode_of(path.parent) == 0o700


def test_a_store_says_what_it_is(store: Store) -> None:
    assert number_of(store.reader, "application_id") == 0x54425450
    assert number_of(store.reader, "user_version") == schema.VERSION
    assert store.reader.execute("PRAGMA journal_mode").fetchone()[0] in {"truncate", "delete"}


def test_every_connection_distrusts_the_file_and_the_writer_is_durable(store: Store) -> None:
    make_run(store)
    assert number_of(store.reader, "query_only") == 1
    with store.writing() as writer:
        for connection in (store.reader, writer):
            assert number_of(connection, "trusted_schema") == 0
            assert number_of(connection, "cell_size_check") == 1
            assert number_of(connection, "busy_timeout") == 5000
        assert writer.execute("PRAGMA journal_mode").fetchone()[0] == "truncate"
        assert number_of(writer, "synchronous") == 2
        assert number_of(writer, "secure_delete") == 1


def test_the_reading_connection_cannot_write(store: Store) -> None:
    make_run(store)
    with pytest.raises(TabletopError) as refused, store.reading() as reader:
        reader.execute("UPDATE run SET status = 'final'")
    assert refused.value.code == "store.read-only"


def test_nothing_is_made_where_nothing_was_asked_for(path: Path) -> None:
    with pytest.raises(NotFound) as missing:
        Store.open(path, create=False)
    assert missing.value.code == "store.no-store"
    assert not path.parent.exists()


def test_opening_again_finds_everything(path: Path) -> None:
    with Store.open(path) as store:
        make_run(store, events=3)
    with Store.open(path, create=False) as store:
        assert store.log(RUN).verify().events == 3
        assert store.exercise_text(RUN).startswith('{"id":"armed-hostage"')


def test_a_making_that_was_broken_off_is_begun_anew(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.with_name("tabletop.db.new").write_bytes(b"half a store")
    with Store.open(path) as store:
        make_run(store, events=1)
    assert not path.with_name("tabletop.db.new").exists()


def other_database(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in ("CREATE TABLE theirs (name TEXT)", "INSERT INTO theirs VALUES ('kept')", *statements):
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_database_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    other_database(path, "PRAGMA user_version = 7")
    before = path.read_bytes()
    with pytest.raises(NotFound) as wrong:
        Store.open(path)
    assert (wrong.value.code, wrong.value.exit_code) == ("store.not-a-store", Exit.NOT_FOUND)
    assert path.read_bytes() == before


def test_even_in_another_journal_mode(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    other_database(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NotFound):
        Store.open(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"format: 1\nid: armed-hostage\n" * 100, b"\x00" * 4096, b"SQLite format 3\x00", b"x"])
def test_what_is_no_database_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(TabletopError) as wrong:
        Store.open(path)
    assert wrong.value.code in {"store.not-a-store", "store.damaged"}
    assert path.read_bytes() == content


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as wrong:
        Store.open(tmp_path)
    assert wrong.value.code == "store.not-a-store"


def test_a_file_of_no_bytes_is_damage_and_not_a_new_store(tmp_path: Path) -> None:
    path = tmp_path / "tabletop.db"
    path.touch()
    with pytest.raises(TabletopError) as damaged:
        Store.open(path)
    assert damaged.value.exit_code == Exit.DAMAGED
    assert path.stat().st_size == 0


def test_a_store_of_a_newer_program_is_refused_unchanged(path: Path) -> None:
    with Store.open(path) as store:
        make_run(store, events=1)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(TabletopError) as newer:
        Store.open(path)
    assert (newer.value.code, newer.value.exit_code) == ("store.newer", Exit.NEWER)
    assert newer.value.values["version"] == 99
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER theirs AFTER INSERT ON event BEGIN DELETE FROM draft; END",
        "CREATE VIEW theirs AS SELECT 1",
        "CREATE TABLE theirs (name TEXT)",
        "CREATE INDEX theirs ON event (kind)",
        "DROP TRIGGER event_is_final",
        "DROP VIEW decision_log",
        "DROP TABLE draft",
    ],
)
def test_a_file_that_holds_more_or_less_than_a_store_is_refused(path: Path, statement: str) -> None:
    Store.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    with pytest.raises(TabletopError) as strange:
        Store.open(path)
    assert (strange.value.code, strange.value.exit_code) == ("store.damaged", Exit.DAMAGED)
    assert str(strange.value.values["reason"]).split()[-1] in statement


def test_a_view_with_other_words_is_refused(path: Path) -> None:
    Store.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("DROP VIEW decision_log")
    connection.execute("CREATE VIEW decision_log AS SELECT run, load_extension('theirs') FROM decision")
    connection.commit()
    connection.close()
    with pytest.raises(TabletopError) as strange:
        Store.open(path)
    assert strange.value.values["reason"] == "view decision_log"


def test_a_store_left_in_wal_mode_comes_back_to_one_file(path: Path) -> None:
    with Store.open(path) as store:
        make_run(store, events=2)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] == "wal"
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("UPDATE run SET site = 'Qiaoxi'")
    connection.commit()
    connection.close()
    with Store.open(path) as store:
        assert store.find_run("latest").site == "Qiaoxi"
        store.log(RUN).append([entry(3)], expected_head=2)
    assert sorted(name.name for name in path.parent.iterdir() if name.name.endswith(("-wal", "-shm"))) == []
    assert path.read_bytes()[18:20] == b"\x01\x01"


@pytest.mark.parametrize("where", ["header", "first page", "middle", "end", "cut short"])
def test_damage_is_found_before_anything_is_written(path: Path, where: str) -> None:
    with Store.open(path) as store:
        log = make_run(store)
        log.append([entry(seq, text="长" * 200) for seq in range(1, 200)], expected_head=0)
    content = bytearray(path.read_bytes())
    size = len(content)
    # Of the header only what counts pages: without its stamp a file cannot be told from somebody else's.
    at, length = {"header": (28, 28), "first page": (110, 600), "middle": (size // 2, 600), "end": (size - 4096, 600)}.get(where, (0, 0))
    if where == "cut short":
        content = content[: size // 2 + 100]
    else:
        content[at : at + length] = bytes(byte ^ 0xA5 for byte in content[at : at + length])
    path.write_bytes(content)

    def append() -> None:
        with Store.open(path) as store:
            store.log(RUN).append([entry(200)], expected_head=199)

    with pytest.raises(TabletopError) as damaged:
        append()
    assert damaged.value.exit_code == Exit.DAMAGED
    assert path.read_bytes() == bytes(content)


def test_a_check_looks_at_every_page(store: Store) -> None:
    make_run(store, events=2)
    store.check()


def test_a_busy_store_says_so_in_time(store: Store, path: Path) -> None:
    make_run(store, events=1)
    with Store.open(path, busy_s=0.1) as other:
        log = other.log(RUN)
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN EXCLUSIVE")
        with pytest.raises(TabletopError) as busy:
            log.append([entry(2)], expected_head=1)
        assert (busy.value.code, busy.value.exit_code) == ("store.in-use", Exit.IN_USE)
        with pytest.raises(TabletopError):
            log.read()
        blocker.execute("ROLLBACK")
        blocker.close()
        log.append([entry(2)], expected_head=1)


def test_a_busy_store_names_who_drives_a_run_in_it(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_run(store, events=1)
    Lease.take(store, RUN, holder="laptop of the branch")
    with Store.open(path, busy_s=0.1) as other:
        log = other.log(RUN)
        monkeypatch.setattr(os, "getpid", lambda: 1)
        with store.writing(), pytest.raises(TabletopError) as busy:
            log.append([entry(2)], expected_head=1)
    assert busy.value.code == "store.in-use-by"
    assert busy.value.values["holder"] == "laptop of the branch"


HELD_ELSEWHERE = """
import os, sys
from pathlib import Path
from tabletop.store import Lease, Store
lease = Lease.take(Store.open(Path(sys.argv[1])), sys.argv[2], holder=sys.argv[3])
print("DRIVING", flush=True)
sys.stdin.read()
os._exit(9)
"""


def test_a_console_that_was_killed_is_not_named_and_one_that_lives_is(store: Store, path: Path) -> None:
    make_run(store, "dead")
    make_run(store, "alive")

    def console(run: str) -> subprocess.Popen[str]:
        line = [sys.executable, "-c", HELD_ELSEWHERE, str(path), run, f"console of {run}"]
        child = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "DRIVING\n"
        return child

    def who() -> object:
        with Store.open(path, busy_s=0.1) as other, pytest.raises(TabletopError) as busy:
            other.attach("dead", "plan.txt", b"")
        return busy.value.values.get("holder")

    with console("alive") as alive:
        with console("dead") as dead:
            dead.kill()
        with store.writing():
            assert who() == "console of alive"
        alive.kill()
    with store.writing():
        assert who() is None


def test_a_watcher_never_waits_for_a_writer(store: Store, path: Path) -> None:
    log = make_run(store, events=1)
    log.changed()
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN EXCLUSIVE")
    blocker.execute("UPDATE run SET site = 'x'")
    assert not log.changed()
    blocker.execute("ROLLBACK")
    blocker.close()


@posix_only
def test_a_folder_open_to_everybody_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "everybody"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(TabletopError) as refused:
        Store.open(folder / "tabletop.db")
    assert (refused.value.code, refused.value.exit_code) == ("store.open-folder", Exit.USAGE)
    assert [name.name for name in folder.iterdir() if not name.name.endswith(".lock")] == []
    folder.chmod(0o1777)
    Store.open(folder / "tabletop.db").close()


def test_names_of_any_kind(tmp_path: Path) -> None:
    for name in ("演练 记录.db", "a?b#c%20.db", "file:x.db"):
        if sys.platform == "win32" and set(name) & set('?:#"'):
            continue
        with Store.open(tmp_path / name) as store:
            make_run(store, events=1)
        assert (tmp_path / name).is_file()


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        (PurePosixPath("/home/li/a b?.db"), "file:///home/li/a%20b%3F.db?mode=rw"),
        (PureWindowsPath("C:\\Users\\张三\\记录#1.db"), "file:///C:/Users/%E5%BC%A0%E4%B8%89/%E8%AE%B0%E5%BD%95%231.db?mode=rw"),
        (PureWindowsPath("\\\\server\\share\\a.db"), "file:////server/share/a.db?mode=rw"),
    ],
)
def test_a_file_is_named_to_sqlite_as_it_wants_it(name: PurePath, uri: str) -> None:
    assert address(name) == uri


def test_a_closed_store_stays_closed_and_holds_nothing(path: Path) -> None:
    store = Store.open(path)
    make_run(store, events=1).changed()
    store.close()
    if sys.platform == "linux":
        assert str(path) not in {os.readlink(entry) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}
    store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        store.runs()


def test_deleted_words_are_gone_from_the_file(store: Store, path: Path) -> None:
    make_run(store)
    store.drafts.save(RUN, "teller-1", "first-move", "SECRET-THAT-GOES" * 100)
    assert b"SECRET-THAT-GOES" in path.read_bytes()
    store.drafts.clear(RUN, "teller-1")
    assert b"SECRET-THAT-GOES" not in path.read_bytes()
    assert b"SECRET-THAT-GOES" not in path.with_name("tabletop.db-journal").read_bytes()

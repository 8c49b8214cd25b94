"""What differs between systems, each of them faked."""

from __future__ import annotations

import errno
import io
import os
import signal
import stat
import sys
from pathlib import Path, PurePosixPath
from types import SimpleNamespace

import platformdirs
import platformdirs.macos
import platformdirs.unix
import platformdirs.windows
import pytest

from tabletop import platform


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")


@pytest.fixture
def posix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")


def test_one_variable_moves_every_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TABLETOP_HOME", str(tmp_path / "stick"))
    root = tmp_path / "stick"
    assert platform.folders() == (root / "config", root / "data", root / "state", root / "cache")
    assert platform.default_store() == root / "data" / "tabletop.db"
    assert not root.exists()


def test_the_store_has_a_variable_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TABLETOP_DB", str(tmp_path / "other.db"))
    assert platform.default_store() == tmp_path / "other.db"


@pytest.mark.parametrize("system", [platformdirs.unix.Unix, platformdirs.macos.MacOS, platformdirs.windows.Windows])
def test_each_system_keeps_things_where_its_users_expect_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, system: type[platformdirs.PlatformDirs]
) -> None:
    monkeypatch.delenv("TABLETOP_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("LOCALAPPDATA", "APPDATA", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(platformdirs, "PlatformDirs", system)
    monkeypatch.setattr(platformdirs.windows, "get_win_folder", platformdirs.windows.get_win_folder_from_env_vars)
    found = platform.folders()
    assert all(folder.is_relative_to(tmp_path) and "tabletop" in folder.parts for folder in found)
    assert all(folder.parts.count("tabletop") == 1 for folder in found)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_what_is_made_is_private(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        platform.keep_private()
        (tmp_path / "plain").touch()
    finally:
        os.umask(before)
    folder = platform.make_private_folder(tmp_path / "a" / "b")
    with platform.create_private(folder / "file") as file:
        file.write("演练\n")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "plain", folder, folder / "file")}
    assert modes == {"plain": 0o600, "b": 0o700, "file": 0o600}
    assert (folder / "file").read_bytes() == "演练\n".encode()


def test_a_private_file_never_replaces_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        platform.create_private(tmp_path / "file")
    assert platform.make_private_folder(tmp_path) == tmp_path


def test_a_folder_open_to_others_is_told_where_modes_mean_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.name != "nt":
        tmp_path.chmod(0o777)
        assert platform.open_to_others(tmp_path)
        tmp_path.chmod(0o700)
        assert not platform.open_to_others(tmp_path)
        tmp_path.chmod(0o777)
    monkeypatch.setattr(sys, "platform", "win32")
    assert not platform.open_to_others(tmp_path)
    tmp_path.chmod(0o700)


def test_writable_asks_the_nearest_folder_there_is(tmp_path: Path) -> None:
    assert platform.writable(tmp_path / "not" / "yet")
    (tmp_path / "file").touch()
    assert not platform.writable(tmp_path / "file" / "below")
    assert not (tmp_path / "not").exists()


class Kernel:
    """Windows' calls about drives."""

    def GetDriveTypeW(self, anchor: str) -> int:
        return 4 if anchor == "/" else 3


def test_signals_are_those_that_exist_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert signal.SIGTERM in platform.ending_signals()
    if os.name != "nt":
        assert platform.ending_signals() == (signal.SIGTERM, signal.SIGHUP)
    assert [platform.exit_code_of(number) for number in (2, 15, 1)] == [130, 143, 129]


class Stream(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.mark.parametrize("missing", ["stdin", "stdout", "stderr"])
def test_a_screen_needs_all_three_streams(monkeypatch: pytest.MonkeyPatch, missing: str, posix: None) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, Stream(True))
    assert platform.no_screen_here() is None
    monkeypatch.setattr(sys, missing, Stream(False))
    assert platform.no_screen_here() == "platform.not-a-terminal"
    monkeypatch.setattr(sys, missing, None)
    assert platform.no_screen_here() == "platform.not-a-terminal"


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_dumb_terminal_is_none_but_windows_sets_no_term(monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, Stream(True))
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "platform", "linux")
    assert platform.no_screen_here() == "platform.dumb-terminal"
    monkeypatch.setattr(sys, "platform", "win32")
    assert platform.no_screen_here() is None


@pytest.mark.parametrize(
    ("terminal", "environment", "wanted"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, environment: dict[str, str], wanted: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert platform.colour_wanted(Stream(terminal)) is wanted


def test_an_empty_no_color_is_dropped_and_a_real_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    platform.drop_empty_no_color()
    assert "NO_COLOR" not in os.environ
    monkeypatch.setenv("NO_COLOR", "1")
    platform.drop_empty_no_color()
    assert os.environ["NO_COLOR"] == "1"


def test_streams_survive_what_their_encoding_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="gbk"))
    monkeypatch.setattr(sys, "stderr", None)
    platform.settle_streams()
    sys.stdout.write("演练 ✓")
    sys.stdout.flush()
    assert raw.getvalue() == "演练 ".encode("gbk") + b"\\u2713"


def test_patterns_are_expanded_where_the_shell_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.yaml", "a.yaml"):
        (tmp_path / name).touch()
    given = ["*.yaml", "nothing*", "plain.yaml"]
    assert platform.expanded(given) == given
    monkeypatch.setattr(sys, "platform", "win32")
    assert platform.expanded(given) == ["a.yaml", "b.yaml", "nothing*", "plain.yaml"]


def test_a_closed_pipe_has_another_name_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    invalid = OSError(errno.EINVAL, "Invalid argument")
    monkeypatch.setattr(sys, "platform", "linux")
    assert platform.nobody_reads(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert not platform.nobody_reads(invalid)
    monkeypatch.setattr(sys, "platform", "win32")
    assert platform.nobody_reads(invalid)


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//nas/share /mnt/a\\040b cifs rw 0 0
"""


def test_a_network_drive_is_known_by_its_mount(posix: None, tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    expected = {"/x/t.db": None, "/home/u/t.db": "nfs4", "/home/local/t.db": None, "/mnt/a b/t.db": "cifs"}
    assert {path: platform.network_drive(Path(path), str(mounts)) for path in expected} == expected
    assert platform.network_drive(Path("/home/u"), str(tmp_path / "none")) is None


def test_a_network_drive_is_asked_for_on_windows(windows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "_kernel", Kernel)
    assert platform.network_drive(Path("/anything")) == "smb"
    local = SimpleNamespace(GetDriveTypeW=lambda anchor: 3)
    monkeypatch.setattr(platform, "_kernel", lambda: local)
    assert platform.network_drive(Path("/anything")) is None


@pytest.mark.parametrize(
    ("soft", "hard", "given", "asked"),
    [
        (1024, 524_288, 4096, (4096, 524_288)),
        (256, -1, 4096, (4096, -1)),
        (1024, 2048, 2048, (2048, 2048)),
        (20_000, 20_000, 4096, None),
        (-1, -1, 4096, None),
    ],
)
def test_as_many_files_as_wanted_where_the_system_gives_them(
    posix: None, monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, given: int, asked: tuple[int, int] | None
) -> None:
    set_to: list[tuple[int, int]] = []
    limits = SimpleNamespace(
        RLIMIT_NOFILE=7, RLIM_INFINITY=-1, getrlimit=lambda _: (soft, hard), setrlimit=lambda _, limit: set_to.append(limit)
    )
    monkeypatch.setitem(sys.modules, "resource", limits)
    assert platform.open_files(4096) == given
    assert set_to == ([] if asked is None else [asked])


def test_files_stay_as_few_as_they_are_where_the_system_refuses_and_are_not_counted_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("not allowed to raise maximum limit")

    limits = SimpleNamespace(RLIMIT_NOFILE=7, RLIM_INFINITY=-1, getrlimit=lambda _: (256, -1), setrlimit=refuse)
    monkeypatch.setitem(sys.modules, "resource", limits)
    monkeypatch.setattr(sys, "platform", "linux")
    assert platform.open_files(4096) == 256
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(sys, "platform", "win32")
    assert platform.open_files(4096) == 4096


def test_a_crash_is_kept_without_what_was_in_memory(home: str) -> None:
    def inner() -> None:
        canary = "secret-plan-of-the-day"
        raise ValueError(len(canary))

    with pytest.raises(ValueError, match="22") as caught:
        inner()
    crash = platform.keep_crash(caught.value)
    assert crash.path is not None
    text = crash.path.read_text(encoding="utf-8")
    assert "ValueError: 22" in text
    assert "secret-plan-of-the-day\n" not in text.replace('canary = "secret-plan-of-the-day"', "")
    assert PurePosixPath(crash.path.name).stem == crash.id


def test_a_crash_that_cannot_be_kept_still_has_a_number(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("TABLETOP_HOME", str(tmp_path / "file"))
    crash = platform.keep_crash(RuntimeError("x"))
    assert crash.path is None
    assert crash.id

"""Where systems differ: folders, private files, drives, signals, terminals, and what is kept of a crash.

Owns: every call that needs a twin on another system. Refuses to own: words, and what a file means.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Sequence
from typing import IO, TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import signal
    from pathlib import Path

NAME = "tabletop"

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
"""Modes of what only its owner may read and write (T18)."""


def on_windows() -> bool:
    """Whether this is Windows. A function, so that tests can stand at another system."""
    return sys.platform == "win32"


class Folders(NamedTuple):
    """Where this user's things are kept."""

    config: Path
    data: Path
    state: Path
    cache: Path


def folders() -> Folders:
    """The folders of this user; `TABLETOP_HOME` moves them all under one, as a memory stick wants it. Makes none of them."""
    from pathlib import Path

    home = os.environ.get("TABLETOP_HOME", "")
    if home:
        root = Path(home).expanduser().absolute()
        return Folders(root / "config", root / "data", root / "state", root / "cache")
    import platformdirs

    dirs = platformdirs.PlatformDirs(NAME, appauthor=False)
    return Folders(Path(dirs.user_config_dir), Path(dirs.user_data_dir), Path(dirs.user_state_dir), Path(dirs.user_cache_dir))


def default_store() -> Path:
    """The store of all runs when nobody names another: `TABLETOP_DB`, else a file in the data folder."""
    from pathlib import Path

    named = os.environ.get("TABLETOP_DB", "")
    return Path(named).expanduser() if named else folders().data / "tabletop.db"


def keep_private() -> None:
    """From here on, what this process makes is its owner's alone (T18)."""
    os.umask(0o077)


def make_private_folder(path: Path) -> Path:
    """`path`, made with its parents where it is missing. Raises OSError where that cannot be done."""
    path.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    return path


def create_private(path: Path) -> IO[str]:
    """A new text file that only its owner may read. Raises FileExistsError where there is one, OSError where it cannot be written."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="\n")


def open_to_others(path: Path) -> bool:
    """Whether anybody on this machine may write into `path`; on Windows the folders of a user are the user's alone."""
    return not on_windows() and bool(path.stat().st_mode & 0o002)


def writable(path: Path) -> bool:
    """Whether this process may write into folder `path`, or make it where it is missing. Tries nothing."""
    there = next((parent for parent in (path, *path.parents) if parent.exists()), None)
    return there is not None and there.is_dir() and os.access(there, os.W_OK | os.X_OK)


NETWORK_FILES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "fuse.sshfs", "ceph", "glusterfs", "davfs", "fuse.davfs2"})
"""File systems whose locks SQLite cannot rely on (F20)."""

REMOTE_DRIVE = 4
"""What Windows' GetDriveType gives for a network drive."""


def network_drive(path: Path, mounts: str = "/proc/mounts") -> str | None:
    """The kind of network file system `path` lies on; None where it is a local one or the system does not say."""
    whole = path.absolute()
    if on_windows():
        remote = str(whole).startswith("\\\\") or _kernel().GetDriveTypeW(whole.anchor) == REMOTE_DRIVE
        return "smb" if remote else None
    try:
        with open(mounts, encoding="utf-8", errors="replace") as file:
            mounted = [line.split()[1:3] for line in file]
    except OSError:
        return None
    best = max((entry for entry in mounted if whole.is_relative_to(_unescaped(entry[0]))), key=lambda entry: len(entry[0]), default=None)
    return best[1] if best is not None and best[1] in NETWORK_FILES else None


def _unescaped(mount: str) -> str:
    return mount.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")


def _kernel() -> Any:
    """Windows' own calls."""
    import ctypes

    windows: Any = ctypes
    return windows.WinDLL("kernel32", use_last_error=True)


ENDING = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals that ask a program to end: a log-off, a closed terminal, Ctrl+Break. Each system knows some of them."""


def ending_signals() -> tuple[signal.Signals, ...]:
    """The signals of `ENDING` that exist here."""
    import signal

    return tuple(signal.Signals[name] for name in ENDING if name in signal.Signals.__members__)


def exit_code_of(number: int) -> int:
    """What a shell shows for a program that ended by that signal: 143 for SIGTERM, 129 for SIGHUP."""
    return 128 + number


def no_screen_here() -> str | None:
    """Why no full screen can be drawn here, as a code of the word table `platform`; None where one can.

    The screen is drawn on stderr (on Windows on stdout) and read from stdin, so all three must be a terminal.
    """
    if not all(_is_terminal(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)):
        return "platform.not-a-terminal"
    if not on_windows() and os.environ.get("TERM", "") in ("", "dumb"):
        return "platform.dumb-terminal"
    return None


def _is_terminal(stream: IO[str] | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def colour_wanted(stream: IO[str] | None) -> bool:
    """Whether `stream` is a terminal whose user has not asked for plain text. An empty `NO_COLOR` asks for nothing."""
    return _is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") != "dumb"


def drop_empty_no_color() -> None:
    """An empty `NO_COLOR` means nothing, but Textual takes it for a wish: it is removed before a screen opens."""
    if os.environ.get("NO_COLOR") == "":
        del os.environ["NO_COLOR"]


def expanded(patterns: Sequence[str]) -> list[str]:
    """The files that `*` and `?` stand for, where the shell leaves that to the program (Windows). What matches nothing stays."""
    if not on_windows():
        return list(patterns)
    from glob import glob, has_magic

    return [name for pattern in patterns for name in (sorted(glob(pattern)) if has_magic(pattern) else ()) or (pattern,)]


def settle_streams() -> None:
    """Makes stdout and stderr take any text: what their encoding lacks is written as an escape, never an error (GBK, F22)."""
    for stream in (sys.stdout, sys.stderr):
        change: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if change is not None:
            change(errors="backslashreplace")


def nobody_reads(error: OSError) -> bool:
    """Whether a write failed because the other end of the pipe is closed; Windows says EINVAL for that."""
    return error.errno == errno.EPIPE or (on_windows() and error.errno == errno.EINVAL)


def reader_gone(stream: IO[str]) -> bool:
    """Whether the other end of the pipe behind `stream` is closed, as far as the system says so without a write; Windows does not."""
    if on_windows():
        return False
    import select

    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return False
    poll = select.poll()
    poll.register(descriptor, 0)
    return any(found & (select.POLLERR | select.POLLHUP) for _, found in poll.poll(0))


def open_files(wanted: int) -> int:
    """How many files and connections this process may hold open, `wanted` at most: the limit is raised to that where the system lets it.

    Windows sets connections no such limit.
    """
    if on_windows():
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return wanted
    raised = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
    except (OSError, ValueError):
        return soft
    return raised


class Crash(NamedTuple):
    """What the user is told of a fault of ours: the number to quote, and where the rest is."""

    id: str
    path: Path | None
    """None where not even that file could be written."""


def keep_crash(error: BaseException) -> Crash:
    """Writes the traceback of `error`, without local variables, to a private file in the state folder (T22)."""
    import secrets
    import traceback
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    crash_id = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    path = folders().state / "crashes" / f"{crash_id}.txt"
    told = "".join(traceback.TracebackException.from_exception(error, capture_locals=False).format())
    try:
        make_private_folder(path.parent)
        with create_private(path) as file:
            file.write(f"{NAME} {_version()}, Python {sys.version.split()[0]}, {sys.platform}, {now:%Y-%m-%dT%H:%M:%SZ}\n\n{told}")
    except OSError:
        return Crash(crash_id, None)
    return Crash(crash_id, path)


def _version() -> str:
    from . import __version__

    return __version__

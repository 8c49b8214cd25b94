"""Every disk that a power cut could leave, from the system calls of a writer (F2).

A trace of a real writer is replayed call by call. What was written and not yet synced may be on the disk whole, in part, in any
order, or not at all; names of files likewise, in the order they were made, as journalling file systems keep them. After each call
some such disks are drawn. `acknowledged` is what the writer had said by then.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "openat,pwrite64,write,ftruncate,fsync,fdatasync,unlink,rename,close"

KINDS = ("nothing", "everything", "some", "some", "a beginning")
"""What of the unsynced is on the disk."""


@dataclass(frozen=True)
class Image:
    """One disk after a power cut."""

    after: str
    """The call it was cut after, and how much of the unsynced was kept."""
    acknowledged: tuple[str, ...]
    files: dict[str, bytes]
    """By name in the folder of the store."""


@dataclass
class _File:
    synced: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """Writes by offset since the last sync; None: cut off there."""

    def kept(self, kind: str, draw: random.Random) -> bytes:
        pending = self.pending
        if kind == "nothing":
            pending = []
        elif kind == "some":
            pending = [change for change in pending if draw.random() < 0.5]
        elif kind == "a beginning":
            pending = pending[: draw.randint(0, len(pending))]
        return _changed(self.synced, pending)


def _changed(content: bytes, pending: list[tuple[int, bytes | None]]) -> bytes:
    for offset, data in pending:
        if len(content) < offset:
            content += bytes(offset - len(content))
        content = content[:offset] if data is None else content[:offset] + data + content[offset + len(data) :]
    return content


class Disk:
    """The folder of a store as the system shows it, and what of it would survive."""

    def __init__(self, folder: str, seed: int) -> None:
        self.folder = folder
        self.names: dict[str, _File] = {}
        self.synced_names: dict[str, _File] = {}
        self.pending_names: list[tuple[str, _File | None]] = []
        self.acknowledged: list[str] = []
        self._draw = random.Random(seed)

    def images(self, after: str) -> Iterator[Image]:
        """Disks that a cut right now could leave."""
        for kind in KINDS:
            names = dict(self.synced_names)
            count = {"nothing": 0, "everything": len(self.pending_names)}.get(kind, self._draw.randint(0, len(self.pending_names)))
            self._rename(names, self.pending_names[:count])
            files = {name.rpartition("/")[2]: file.kept(kind, self._draw) for name, file in names.items()}
            yield Image(f"{after}, {kind}", tuple(self.acknowledged), files)

    @staticmethod
    def _rename(names: dict[str, _File], changes: list[tuple[str, _File | None]]) -> None:
        for name, file in changes:
            if file is None:
                names.pop(name, None)
            else:
                names[name] = file

    def open(self, name: str, *, make: bool) -> None:
        if make and self.ours(name) and name not in self.names:
            self.names[name] = _File()
            self.pending_names.append((name, self.names[name]))

    def rename(self, old: str, new: str) -> None:
        file = self.names.pop(old)
        self.names[new] = file
        # One entry of the file system's journal: both names change together.
        self.pending_names.append((new, file))
        self.pending_names.append((old, None))

    def unlink(self, name: str) -> None:
        if self.names.pop(name, None) is not None:
            self.pending_names.append((name, None))

    def change(self, name: str, offset: int, data: bytes | None) -> bool:
        if name not in self.names:
            return False
        self.names[name].pending.append((offset, data))
        return True

    def sync(self, name: str) -> bool:
        if name == self.folder:
            self._keep_names(len(self.pending_names))
            return True
        if name not in self.names:
            return False
        file = self.names[name]
        file.synced, file.pending = _changed(file.synced, file.pending), []
        # Syncing a new file writes the journal of names up to the one that made it.
        made = [number for number, (_, other) in enumerate(self.pending_names, start=1) if other is file]
        self._keep_names(max(made, default=0))
        return True

    def _keep_names(self, count: int) -> None:
        self._rename(self.synced_names, self.pending_names[:count])
        del self.pending_names[:count]

    def ours(self, name: str) -> bool:
        return name.startswith(f"{self.folder}/")


def trace(folder: Path, command: list[str], cwd: Path) -> list[str]:
    """The system calls of a command, with all that it writes."""
    record = folder.with_name("trace")
    strace = ["strace", "--seccomp-bpf", "-f", "-y", "-xx", "-s", "70000", "-e", f"trace={CALLS}", "-o", str(record)]
    subprocess.run([*strace, sys.executable, *command], cwd=cwd, check=True, stdout=subprocess.PIPE)
    return record.read_text("ascii").splitlines()


def _plain(quoted: str) -> str:
    return bytes.fromhex(quoted.replace("\\x", "")).decode()


def _of_descriptor(argument: str) -> str:
    match = re.match(r"\d+<(.*?)>", argument)
    if match is None:
        return ""
    name = _plain(match[1]) if match[1].startswith("\\x") else match[1]
    return name.removesuffix(" (deleted)")


_CALL = re.compile(r"\d+\s+(\w+)\((.*)\)\s+=\s+(-?\d+)")
_QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def replay(lines: list[str], folder: Path, before: dict[str, bytes] | None = None, seed: int = 3) -> Iterator[Image]:
    """Disks drawn after every call that changes one; `before`: files that were there, safe, when the writer began."""
    disk = Disk(str(folder), seed)
    disk.names = {f"{folder}/{name}": _File(content) for name, content in (before or {}).items()}
    disk.synced_names = dict(disk.names)
    for line in lines:
        match = _CALL.match(line)
        if match is None or int(match[3]) < 0:
            continue
        call, arguments = match[1], match[2]
        if _apply(disk, call, arguments):
            yield from disk.images(call)


def _apply(disk: Disk, call: str, arguments: str) -> bool:
    """Whether the call changed the disk, or what was said."""
    texts = _QUOTED.findall(arguments)
    match call:
        case "openat":
            disk.open(_plain(texts[0]), make="O_CREAT" in arguments)
            return False
        case "pwrite64":
            return disk.change(_of_descriptor(arguments), int(arguments.rpartition(", ")[2]), bytes.fromhex(texts[0].replace("\\x", "")))
        case "ftruncate":
            return disk.change(_of_descriptor(arguments), int(arguments.rpartition(", ")[2]), None)
        case "fsync" | "fdatasync":
            return disk.sync(_of_descriptor(arguments))
        case "rename" if disk.ours(_plain(texts[0])):
            disk.rename(_plain(texts[0]), _plain(texts[1]))
            return True
        case "unlink" if disk.ours(_plain(texts[0])):
            disk.unlink(_plain(texts[0]))
            return True
        case "write" if arguments.startswith("1<") and texts:
            said = [word for word in _plain(texts[0]).splitlines() if word.startswith("ACK ")]
            disk.acknowledged.extend(word.split()[1] for word in said)
            return bool(said)
        case _:
            return False

"""Files beside an exercise that its injects hand out: found, or a problem, and never outside the folder (T9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .nodes import Map, Seq
from .problems import Problems
from .references import maps_in

SUFFIXES = frozenset(
    {".txt", ".md", ".csv", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".docx", ".xlsx", ".pptx", ".mp3", ".m4a", ".wav", ".mp4"}
)
"""What may be handed out: nothing that runs when it is opened."""

MOST_MEGABYTES = 20

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\\:*?"<>|\x00-\x1f]')
"""What some system takes for more than a name: drives, streams, devices, other separators."""


def attachments_of(root: Map, problems: Problems) -> dict[str, Path]:
    """The file of every attachment, by the name the exercise uses. A deck's stand beside the deck."""
    found: dict[str, Path] = {}
    spelled: dict[str, str] = {}
    for loc, name, folder in _named(root):
        code, path = find(folder, name)
        if path is None:
            problems.add_at(root, loc, code, given=name, limit=MOST_MEGABYTES, known=sorted(SUFFIXES))
        elif spelled.setdefault(name.casefold(), name) != name or found.setdefault(name, path) != path:
            problems.add_at(root, loc, "problems.attachment-clash", given=name)
    return found


def _named(root: Map) -> Iterator[tuple[tuple[str | int, ...], str, Path]]:
    for index, inject in maps_in(root, "injects"):
        names = inject.get("attachments")
        if isinstance(names, Seq):
            for at, name in enumerate(names):
                if isinstance(name, str):
                    yield ("injects", index, "attachments", at), name, names.place(at).path.parent


def find(folder: Path, name: str) -> tuple[str, Path | None]:
    """The file `name` in or below `folder`; else the code of what is wrong with it."""
    parts = name.split("/")
    if ".." in parts or name.startswith("/"):
        return "problems.attachment-outside", None
    if _FORBIDDEN.search(name) or any(not part or part[-1] in ". " or part[0] == " " or _RESERVED.fullmatch(part) for part in parts):
        return "problems.attachment-name", None
    if Path(name).suffix.lower() not in SUFFIXES:
        return "problems.attachment-type", None
    try:
        inside = folder.resolve()
        path = (inside / name).resolve()
        if not path.is_relative_to(inside):
            return "problems.attachment-outside", None
        if not path.is_file():
            return "problems.attachment-missing", None
        if path.suffix.lower() not in SUFFIXES:
            return "problems.attachment-type", None
        if path.stat().st_size > MOST_MEGABYTES * 1024 * 1024:
            return "problems.attachment-size", None
    except (OSError, RuntimeError, ValueError):
        return "problems.attachment-missing", None
    return "", path

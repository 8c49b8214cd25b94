"""`tabletop new`: the beginning of an exercise of one's own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import click

from tabletop import platform
from tabletop.cli.group import Invocation, tabletop_command
from tabletop.cli.output import writing
from tabletop.errors import Exit, TabletopError
from tabletop.words import FALLBACK

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

RESERVED = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
"""Names no file can have on Windows."""

PLACEHOLDER = "NEW-ID"

_ID_LINE = re.compile(r"^id:.*$", re.MULTILINE)


@tabletop_command("new")
@click.argument("exercise_id", metavar="ID")
@click.option("--from", "source", metavar="EXERCISE")
@click.pass_obj
def command(said: Invocation, exercise_id: str, source: str | None) -> None:
    """Writes `./exercises/ID.yaml` and prints its path. Raises TabletopError where there is such a file already."""
    if not SLUG.fullmatch(exercise_id) or RESERVED.fullmatch(exercise_id):
        raise TabletopError("new.not-an-id", exit_code=Exit.USAGE, name=exercise_id)
    target = Path("exercises") / f"{exercise_id}.yaml"
    if target.exists():
        raise TabletopError("new.exists", exit_code=Exit.USAGE, path=str(target))
    with writing(target):
        if source is None:
            _write(target, skeleton(said.language).replace(PLACEHOLDER, exercise_id))
        else:
            _copy(source, target, exercise_id)
    said.output.line(str(target))
    said.narration.note("new.written", path=target, id=exercise_id)


def skeleton(language: str) -> str:
    """The commented beginning in `language`, or in what that falls back to; the id still to be put in."""
    folder = Path(__file__).parents[1] / "skeletons"
    asked: str | None = language
    while asked is not None:
        if (path := folder / f"{asked}.yaml").is_file():
            return path.read_text(encoding="utf-8")
        asked = FALLBACK.get(asked)
    return (folder / "en.yaml").read_text(encoding="utf-8")


def _write(target: Path, text: str) -> None:
    platform.make_private_folder(target.parent)
    with platform.create_private(target) as file:
        file.write(text)


def _copy(source: str, target: Path, exercise_id: str) -> None:
    """Copies an exercise that can be played, under a new id, with what lies beside it."""
    from tabletop.exercise.loading import load_exercise
    from tabletop.library import Library

    library = Library()
    path = library.find(source)
    loaded = load_exercise(path, library.deck)
    text, changed = _ID_LINE.subn(f"id: {exercise_id}", path.read_text(encoding="utf-8-sig"), count=1)
    if not changed:
        raise TabletopError("new.no-id-line", exit_code=Exit.PROBLEMS, path=str(path))
    _write(target, text)
    for name, attachment in loaded.attachments.items():
        copy = target.parent / name
        if not copy.exists():
            platform.make_private_folder(copy.parent)
            shutil.copyfile(attachment, copy)

"""A rehearsal from a script file to a stored run: played in memory first, so that a script that cannot happen leaves nothing behind."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tabletop.conductor import Rows, RunOptions
from tabletop.conductor.opening import created_event
from tabletop.engine.plan import plan_of
from tabletop.errors import TabletopError
from tabletop.exercise.loading import Loaded, bind
from tabletop.store.runs import new_run_id

from .play import Played, Rehearsal, ScriptRefused
from .reading import ScriptFile, read_script, require_same_exercise

if TYPE_CHECKING:
    from tabletop.exercise.model import Exercise
    from tabletop.store import Store


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a script made of an exercise."""

    exercise: Exercise
    text: str
    attachments: Mapping[str, Path]
    options: RunOptions
    played: Played


def rehearse(loaded: Loaded, path: Path, *, seed: int | None = None, begin_ms: int | None = None) -> Rehearsed:
    """Play the script at `path`. Raises InvalidExercise: the script is wrong, for another exercise, or has a step that cannot happen."""
    file = read_script(path)
    require_same_exercise(file, loaded.exercise, loaded.path)
    script = file.script
    options = RunOptions(pace=script.pace, language=script.language or "", parameters=dict(script.parameters))
    exercise = _bound(loaded, file)
    created = created_event(exercise, options, secrets.randbelow(2**31) if seed is None else seed)
    started_ms = time.time_ns() // 1_000_000 if begin_ms is None else begin_ms
    try:
        played = Rehearsal(exercise, script, created, started_ms, lambda: str(uuid.uuid4())).play()
    except ScriptRefused as refused:
        raise file.refused(refused.where, refused) from refused
    return Rehearsed(exercise, loaded.text, loaded.attachments, options, played)


def _bound(loaded: Loaded, file: ScriptFile) -> Exercise:
    """The exercise with the script's parameters. Raises InvalidExercise for one that it does not take."""
    if not file.script.parameters:
        return loaded.exercise
    try:
        return bind(loaded.text, dict(file.script.parameters))
    except TabletopError as error:
        raise file.refused(("parameters", str(error.values.get("name", ""))), error) from error


def keep(store: Store, rehearsed: Rehearsed, rows: Rows) -> str:
    """Store a rehearsal as a run of kind `rehearsal`, whole, and return its id. Raises what the store raises."""
    exercise, entries, state = rehearsed.exercise, rehearsed.played.entries, rehearsed.played.state
    run_id = new_run_id(exercise.id, datetime.now().astimezone(), secrets.token_hex(2))
    store.create_run(
        run_id,
        kind="rehearsal",
        exercise_id=exercise.id,
        exercise_json=rehearsed.text,
        title=exercise.title,
        version=exercise.version,
        created_ms=entries[0].wall_ms,
        attachments={name: path.read_bytes() for name, path in rehearsed.attachments.items()},
        summary={"pace": rehearsed.options.pace, "subject": exercise.subject},
        status="draft",
        entries=entries,
        rows=rows(plan_of(exercise, state), state, entries),
    )
    return run_id

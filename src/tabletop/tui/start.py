"""The way in from the command line: opens the screens, and says with which code they were left.

Owns: which screen comes first, and what is told once the terminal is a plain one again. Refuses to own: options and words
of commands.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tabletop import platform
from tabletop.text import Text
from tabletop.words import Words

if TYPE_CHECKING:
    from tabletop.conductor import Opened, RunOptions
    from tabletop.library import Library
    from tabletop.store.runs import RunRow

    from .app import TabletopApp
    from .crowd import MakeCards


def run_console(
    *,
    store: Path,
    language: str,
    library: Library | None = None,
    exercise: Path | None = None,
    options: RunOptions | None = None,
    resume: str | None = None,
    quiet: bool = False,
    kind: str = "live",
    make_cards: MakeCards | None = None,
) -> int:
    """The console of a new run of `exercise`, or of the run `resume`; the exit code. Raises TabletopError where it cannot be opened."""
    open_it = partial(opened_again, store, resume) if resume is not None else partial(begun, store, library, exercise, options, kind)
    title = resume or (exercise.stem if exercise is not None else "")
    return _shown(store, language, library, quiet=quiet, open_it=open_it, title=title, make_cards=make_cards)


def run_start(*, store: Path, language: str, library: Library | None = None, make_cards: MakeCards | None = None) -> int:
    """The start screen: runs to go on with, the library. The exit code."""
    return _shown(store, language, library, make_cards=make_cards)


def run_debrief(*, store: Path, language: str, run: str, library: Library | None = None) -> int:
    """The debrief of a run, or the evaluation where its ratings do not stand yet. The exit code."""
    return _shown(store, language, library, quiet=True, open_it=partial(opened_again, store, run, open_only=False), title=run)


def _shown(
    store: Path,
    language: str,
    library: Library | None,
    *,
    quiet: bool = False,
    open_it: Callable[[], Opened] | None = None,
    title: Text = "",
    make_cards: MakeCards | None = None,
) -> int:
    platform.drop_empty_no_color()
    from .app import TabletopApp
    from .sources import StoredRun

    app = TabletopApp(
        language=language,
        source=None if open_it is None else StoredRun(open_it),
        first="start" if open_it is None else "loading",
        library=library,
        quiet=quiet,
        title=title,
        open_run=lambda run: StoredRun(partial(opened_again, store, run)),
        begin_run=lambda exercise, options=None, kind="live": StoredRun(partial(begun, store, library, exercise, options, kind)),
        list_runs=partial(stored_runs, store),
        make_cards=make_cards,
    )
    app.run()
    return left(app)


def left(app: TabletopApp) -> int:
    """What is said after the screen is gone: why a run could not be opened, or where a crash is kept."""
    if app.failure is not None:
        raise app.failure
    if app.crash is not None:
        sys.stderr.write(f"{crash_told(app.crash, app.words)}\n")
    return app.return_code or 0


def crash_told(crash: platform.Crash, words: Words) -> str:
    """What a person is told of a fault of ours."""
    where = str(crash.path) if crash.path is not None else words("console.crash-not-kept")
    return words("console.crash", id=crash.id, where=where)


def begun(store: Path, library: Library | None, exercise: Path | None, options: RunOptions | None, kind: str = "live") -> Opened:
    """A new run of the exercise in that file; a practice run with its simulated people on the roll. Raises TabletopError."""
    from tabletop.conductor import begin, open_store
    from tabletop.engine.rights import PRACTICE
    from tabletop.exercise.loading import load_exercise
    from tabletop.scoring.projection import rows

    if exercise is None:
        raise ValueError("neither an exercise nor a run")
    loaded = load_exercise(exercise, None if library is None else library.deck)
    kept = open_store(store)
    try:
        settled = practised(options) if kind == PRACTICE else options
        opened = begin(kept, loaded.exercise, loaded.text, settled, kind=kind, attachments=loaded.attachments, rows=rows)
        if kind == PRACTICE:
            from .practice import seat_people

            seat_people(opened.conductor)
        return opened
    except BaseException:
        kept.close()
        raise


def practised(options: RunOptions | None) -> RunOptions:
    """The options of a practice run: ten minutes of play, unless the booking was named."""
    from dataclasses import replace

    from tabletop.conductor import RunOptions
    from tabletop.rehearsal.people import SLOT_MS

    settled = options or RunOptions()
    return settled if settled.slot_ms or settled.until_wall_ms else replace(settled, slot_ms=SLOT_MS)


def opened_again(store: Path, run: str, *, open_only: bool = True) -> Opened:
    """The run a person means by `run`. Raises NotFound, TabletopError."""
    from tabletop.conductor import open_store, resume
    from tabletop.scoring.projection import rows

    kept = open_store(store, create=False)
    try:
        return resume(kept, kept.find_run(run, open_only=open_only), rows=rows)
    except BaseException:
        kept.close()
        raise


def stored_runs(store: Path) -> list[RunRow]:
    """Every run of the store, the one made last first; none where there is no store yet. Raises TabletopError."""
    from tabletop.conductor import open_store

    if not store.is_file():
        return []
    with open_store(store, create=False) as kept:
        return kept.runs()

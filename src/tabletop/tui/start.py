"""Starting the screens: from a command line that was understood to an app, and from its end to an exit code.

What is heavy (the exercise's models, the store) is opened on the desk's thread while the first frame is up.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tabletop import platform
from tabletop.errors import Exit

from .app import TabletopApp
from .sources import StoredRun

if TYPE_CHECKING:
    from tabletop.conductor import Opened, RunOptions
    from tabletop.engine.events import Pace
    from tabletop.library import Library


def run_console(
    *,
    store: Path,
    language: str,
    library: Library,
    exercise: Path | None = None,
    resume: str | None = None,
    options: RunOptions | None = None,
    quiet: bool = False,
) -> int:
    """The console: of a new run of the file `exercise`, or of the stored run that `resume` names. The exit code.

    Raises TabletopError where the run could not be opened.
    """
    if resume is not None:
        source = StoredRun(_going_on(store, resume))
    else:
        assert exercise is not None
        source = StoredRun(_beginning(store, library, exercise, options))
    return _shown(TabletopApp(language=language, source=source, first="loading", library=library, quiet=quiet))


def run_start(*, store: Path, language: str, library: Library, quiet: bool = False) -> int:
    """The start screen, from which runs are begun, gone on with and looked back on. The exit code."""
    from tabletop.conductor import RunOptions

    def begin(path: Path, pace: Pace, chosen_language: str) -> StoredRun:
        return StoredRun(_beginning(store, library, path, RunOptions(pace=pace, language=chosen_language)))

    app = TabletopApp(
        language=language,
        first="start",
        library=library,
        quiet=quiet,
        open_run=lambda run: StoredRun(_going_on(store, run)),
        begin_run=begin,
    )
    return _shown(app)


def run_debrief(*, store: Path, language: str, library: Library, run: str) -> int:
    """The debrief screen of a run alone; of one whose ratings are open, the evaluation. The exit code. Raises TabletopError."""
    source = StoredRun(_going_on(store, run, open_only=False))
    return _shown(TabletopApp(language=language, source=source, first="loading", library=library))


def _beginning(store: Path, library: Library, exercise: Path, options: RunOptions | None) -> Callable[[], Opened]:
    def opened() -> Opened:
        from tabletop.conductor import begin
        from tabletop.exercise.loading import load_exercise
        from tabletop.scoring.projection import rows
        from tabletop.store import Store

        loaded = load_exercise(exercise, library.deck)
        return begin(Store.open(store), loaded.exercise, loaded.text, options, rows=rows)

    return opened


def _going_on(store: Path, run: str, *, open_only: bool = True) -> Callable[[], Opened]:
    def opened() -> Opened:
        from tabletop.conductor import resume
        from tabletop.scoring.projection import rows
        from tabletop.store import Store

        opened_store = Store.open(store, create=False)
        return resume(opened_store, opened_store.find_run(run, open_only=open_only), rows=rows)

    return opened


def _shown(app: TabletopApp) -> int:
    """Runs the app to its end. Raises what kept its run from being opened; a fault of ours reaches the command line."""
    platform.drop_empty_no_color()
    app.run()
    if app.failure is not None:
        raise app.failure
    if app.crash is not None:
        return int(Exit.FAULT)
    return app.return_code or int(Exit.OK)

"""The start screen: runs to resume, the library, runs that have ended; searched as one types, opened by a digit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from textual import events, work
from textual.content import Content
from textual.widget import Widget
from textual.worker import get_current_worker

from tabletop.conductor import RunOptions
from tabletop.engine.events import Pace
from tabletop.errors import TabletopError
from tabletop.library import Entry
from tabletop.store.runs import RunRow
from tabletop.text import clean
from tabletop.words import LANGUAGES, Words

from ..actions import START_ACTIONS, bindings
from ..look import line, plain, spread
from ..pages.lines import QUIET, STRONG, Line, rows_of
from ..pages.start import PICKED_BY_DIGIT, Shown, path_text, start_lines
from ..widgets.banner import Banner
from ..widgets.lines import Lines
from ..widgets.question import Question
from ..widgets.sheet import Sheet
from .loading import LoadingScreen
from .sheet import SheetScreen

HALF_HOUR_MS = 30 * 60_000
"""The commonest drill by far (product: *Who uses it*): the room is booked for half an hour."""


class StartScreen(SheetScreen[None]):
    """Where the program begins when nothing was named."""

    ACTIONS = START_ACTIONS
    BINDINGS: ClassVar = [*bindings(START_ACTIONS)]
    CSS_PATH: ClassVar = ["sheet.tcss", "start.tcss"]

    ASKED: ClassVar = ("start.search.keep", "start.search.leave")

    takes_typing = True
    """What is typed is searched for, in any script: no hint about input methods is wanted here."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = Shown(today=datetime.now().astimezone().date(), reading=True)
        self._pressed = False
        """Whether a key was pressed: until then one stands on the first row, whatever is read meanwhile."""
        self._choosing: Entry | None = None
        """The exercise whose pace is being chosen."""

    def body(self) -> Iterable[Widget]:
        yield Lines(id="above")
        yield Sheet()
        yield Lines(id="below")
        yield Question()

    def on_mount(self) -> None:
        self.query_one(Banner).tell(self.words("start.handling"), self.words("start.title"))
        self.draw()
        self._read()

    @work(thread=True, exclusive=True)
    def _read(self) -> None:
        """Runs and library, file by file, so that what was read can be used at once."""
        worker, app = get_current_worker(), self.app
        runs, trouble = self._runs()
        app.call_from_thread(self._take, runs=runs, trouble=trouble)
        found: list[Entry] = []
        for entry in app.library.entries() if app.library is not None else ():
            if worker.is_cancelled:
                return
            found.append(entry)
            app.call_from_thread(self._take, library=tuple(found))
        app.call_from_thread(self._take, reading=False)

    def _runs(self) -> tuple[tuple[RunRow, ...], str]:
        if self.app.list_runs is None:
            return (), ""
        try:
            return tuple(self.app.list_runs()), ""
        except TabletopError as error:
            return (), self.words(error.code, **error.values)

    def _take(self, **changes: object) -> None:
        self._shown = replace(self._shown, **changes)  # type: ignore[arg-type]  # fields of Shown
        self.draw()
        if not self._pressed:
            self.sheet.to_end(False)

    def page(self, width: int) -> Sequence[Line]:
        return start_lines(replace(self._shown, row=self.row), self.words, width)

    def above(self, width: int) -> Sequence[Content]:
        words = self.words
        query = clean(self._shown.query)
        if query and not self.question.is_open:
            left = Content.assemble((f"{words('start.search')}: {query}", STRONG), (f"  esc {words('start.clear')}", QUIET))
        else:
            left = plain(words("start.hint"), QUIET)
        return (left,)

    def below(self, width: int) -> Sequence[Content]:
        if self._choosing is None:
            return ()
        words = self.words
        exercise = self._choosing.exercise
        title = line(exercise.title, words.language) if exercise is not None else self._choosing.id
        lines = [spread(plain(words("start.pace.title"), STRONG), plain(title), width)]
        for pace in ("discussion", "timed", "half-hour", "practice"):
            named = f"  {words(f'start.pace.{pace}')}"
            lines.append(
                Content.assemble((named, STRONG), (f"   {words(f'start.pace.{pace}.means')}", QUIET)).truncate(width, ellipsis=True)
            )
        return (*lines, plain(f"  {words('start.pace.leave')}", QUIET))

    # Keys.

    def action_open(self) -> None:
        if self._choosing is not None:
            self._begin("discussion")
            return
        kind, _, name = self.row.partition(":")
        if kind == "run":
            self._resume(name)
        elif kind == "exercise":
            entry = next(entry for entry in self._shown.library if entry.id == name)
            if entry.exercise is None:
                self.app.tell("start.library.cannot-open", name=clean(entry.id), path=path_text(entry.path))
            else:
                self._choose(entry)

    def on_sheet_picked(self) -> None:
        self.action_open()

    def action_pick(self, key: str) -> None:
        if self._choosing is not None:
            if key in ("1", "2"):
                self._begin("discussion" if key == "1" else "timed")
            elif key == "3":
                self._begin("discussion", HALF_HOUR_MS)
            elif key == "4":
                self._begin("discussion", kind="practice")
            return
        rows = rows_of(self.page(self.sheet.line_width))[:PICKED_BY_DIGIT]
        if int(key) <= len(rows):
            self.sheet.go(rows[int(key) - 1])
            self.action_open()

    def _choose(self, entry: Entry | None) -> None:
        self._choosing = entry
        self.query_one("#below").set_class(entry is not None, "-open")
        self.draw()

    def _begin(self, pace: Pace, slot_ms: int = 0, kind: str = "live") -> None:
        entry, begin = self._choosing, self.app.begin_run
        if entry is None or entry.exercise is None or begin is None:
            return
        exercise = entry.exercise
        options = RunOptions(pace=pace, language=self.words.language, slot_ms=slot_ms)
        self.app.open_source(begin(entry.path, options, kind), LoadingScreen(exercise.title, run=False, handling=exercise.handling))

    def _resume(self, run: str) -> None:
        row = next(row for row in self._shown.runs if row.id == run)
        if self.app.open_run is not None:
            self.app.open_source(self.app.open_run(run), LoadingScreen(row.title))

    def action_search(self) -> None:
        self._search(self._shown.query)

    def _search(self, begun: str) -> None:
        """Filters with every key; `enter` keeps the search and goes to the list, `esc` shows everything again."""

        def kept(_: str) -> str | None:
            return None

        self._filter(begun)
        self.question.ask(
            self.words("start.search"),
            kept,
            value=begun,
            placeholder=self.words("start.search.placeholder"),
            left=lambda: self._filter(""),
            changed=self._filter,
        )

    def _filter(self, query: str) -> None:
        self._shown = replace(self._shown, query=query)
        self.draw()
        self.sheet.to_end(False)

    def action_clear(self) -> None:
        if self._choosing is not None:
            self._choose(None)
        elif self._shown.query:
            self._filter("")
        else:
            from .panels.menu import open_small_menu

            open_small_menu(self, START_ACTIONS)

    def action_turn_language(self) -> None:
        """The next language of the interface; the screen is made anew in it."""
        languages = list(LANGUAGES)
        now = self.words.language
        self.app.words = Words(languages[(languages.index(now) + 1) % len(languages)] if now in languages else languages[0])
        self.app.go("start")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While the pace is being chosen, the list stands still."""
        if self._choosing is not None and action not in ("open", "pick", "clear"):
            return False
        return super().check_action(action, parameters)

    def begins(self, event: events.Key) -> bool:
        """Typing begins a search."""
        self._pressed = True
        character = self.typed(event) if self._choosing is None else ""
        if character:
            self._search(character)
        return bool(character)

    def on_question_arrow(self, event: Question.Arrow) -> None:
        """The arrows choose in the list while one searches."""
        event.stop()
        self.sheet.move(event.by)

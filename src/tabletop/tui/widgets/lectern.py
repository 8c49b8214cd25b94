"""The lectern view: what a standing facilitator sees in glances, whatever the size of the terminal.

Owns: what stands where, how much of each there is room for, and the count of whatever there is no room for. Refuses to own:
how one row looks (`card`, `owed`, `inject_rows`), the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from textual import events, getters
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from tabletop.engine import events as e
from tabletop.engine.events import Entry

from ..look import STANDING_SIGNS, column, panel_rows, plain, role_key, spread
from ..scene import Scene
from ..speaker_items import action_keys
from .awaited import awaited, counts
from .card import BLANK, Card, OnTable, cut_lines, ruled
from .inject_rows import due_lines
from .lines import Lines
from .log_rows import QUIET, entry_row, last_rows
from .owed import action_row, keyed_ask_row, settled_of, settled_rows
from .room_rows import heard_text, sign

ASKS = 2
"""Questions shown at most (screens: *lectern view*)."""

ACTIONS = 4
"""Expected actions shown at most."""

AWAITED = 2
"""Receipts, reports and cut links shown at most where nothing of it is overdue: what is overdue has its row before an action."""

FEWEST = 3
"""Rows that what is owed keeps though the card has no room."""

SILENT = 3
"""Roles not heard that are named at most: as many as can be asked before the next glance; the others are counted."""

ECHO_MS = 6_000
"""Exercise milliseconds for which what was recorded is said again."""

NO_ECHO = (
    e.InjectReleased,
    e.ProbeShown,
    e.HintShown,
    e.ClockPaused,
    e.PauseExplained,
    e.ClockResumed,
    e.ExerciseStarted,
    e.WallTurned,
)
"""What shows in another way at once."""

SPEAKER_DRAFT = "speaker:"
"""What the name of a draft of somebody's words begins with; the role follows."""

PROBE_LINES = 2
"""Lines left for a probe or a hint when a card is first shown."""

MAIN_WIDTH = 100
"""Cells beyond which the eye loses a row: what is wider goes to the room."""

BESIDE = 120
"""Cells from which on the room stands beside the card."""


Made = TypeVar("Made")


class Lectern(Container):
    """The lectern view: the card, what is owed and what comes; beside them the room, where there is room."""

    BLANK = True
    """Nothing shows between its parts."""

    main = getters.query_one("#main", Lines)
    beside = getters.query_one("#beside", Lines)

    def __init__(self) -> None:
        super().__init__(id="lectern")
        self.scrolled = 0
        """Lines by which the card is scrolled; set to what is possible."""
        self.unfolded: str | None = None
        """The inject whose notes are shown whole; those of any other are folded."""
        self.notes_at = 0
        """Lines by which the card is scrolled at most for its notes to begin in sight."""
        self.holds_back = False
        """Whether the card that is shown has notes folded away."""
        self.blinking: frozenset[str] = frozenset()
        """What is shown reversed for a moment: `card`, `due`."""
        self.typed: tuple[str, ...] = ()
        """Roles whose words are half typed."""
        self._entries: Sequence[Entry] = ()
        self._air: tuple[tuple[OnTable, int, int, bool] | None, int] = (None, 0)
        """Which card is shown in what size, and its air."""
        self._kept: dict[str, tuple[object, ...]] = {}
        """Parts made last, and what each was made from: a key redraws what it changes and nothing else."""

    def compose(self) -> ComposeResult:
        yield Lines(id="main")
        yield Lines(id="beside")

    def on_resize(self, event: events.Resize) -> None:
        width = event.size.width
        self.main.styles.width = min(MAIN_WIDTH, width * 3 // 4) if width >= BESIDE else width
        self.beside.display = width >= BESIDE

    def say(self, text: str) -> None:
        """Shows one line before there is a run to draw."""
        self.main.show([Content(text)])

    def draw(self, scene: Scene, table: OnTable, entries: Sequence[Entry]) -> None:
        """Draws what changed."""
        self._entries = entries
        self.draw_choice(scene, table)
        width, height = self.beside.size
        if self.beside.display and height:
            self.beside.show(self._part("beside", scene, (width, height), lambda: side_lines(scene, entries, width, height)))

    def draw_choice(self, scene: Scene, table: OnTable) -> None:
        """Draws what follows the inject whose card is shown."""
        width, height = self.main.size
        if not height:
            return
        newest = () if self.beside.display else tuple(self._entries[-1:])
        told = newest, self.typed
        foot = self._part("foot", scene, (width, height, *told), lambda: foot_lines(scene, *told, width, 3 if height >= 18 else 2))
        if "due" in self.blinking:
            foot = [foot[0], *(row.stylize("reverse") if row.plain.startswith("!") else row for row in foot[1:])]
        room = height - len(foot) - 1
        about = _talked_about(scene, table.inject)
        owed = self._part("owed", scene, (about, height), lambda: [Owing(scene, about, panel_rows(self.app.size.height))])[0]
        folded = table.inject != self.unfolded
        card = self._part("card", scene, (table, width, folded), lambda: [Card.of(scene, table, width, folded=folded)])[0]
        rows = max(min(owed.wanted, FEWEST), min(owed.wanted, room - card.least))
        # What became of what was asked comes before air on the card: a mark is seen where it was made.
        settled = max(0, min(owed.settled, room - rows - card.least))
        air = self._air_for(card, (table, width, height, folded), max(1, room - rows - settled))
        lines = card.lines(air)
        # What the card leaves empty, but for what may be asked or hinted yet, is for what is owed beyond that.
        spare = max(0, room - rows - settled - len(lines) - PROBE_LINES)
        asked = (width, rows, settled, spare)
        listed = self._part("listed", scene, (about, *asked), lambda: owed.lines(*asked))
        self.holds_back, self.notes_at = card.held_back > 0, card.private_at(air)
        shown, self.scrolled = cut_lines(scene, lines, max(1, room - len(listed) + 1), self.scrolled, card.held_back)
        if "card" in self.blinking:
            shown = [*(row.stylize("reverse") for row in shown[:2]), *shown[2:]]
        self.main.show([*shown, *([BLANK] * (room + 1 - len(shown) - len(listed))), *listed, *foot])

    def _air_for(self, card: Card, shown: tuple[OnTable, int, int, bool], height: int) -> int:
        """How airy the card is: decided when it is first shown, with room left for a probe. Later it only gets denser, where it must.

        Who is reading aloud would lose the place if the lines moved whenever something is marked.
        """
        known, air = self._air
        air = card.air(height, air) if known == shown else card.air(height - PROBE_LINES)
        self._air = shown, air
        return air

    def _part(self, name: str, scene: Scene, given: tuple[object, ...], make: Callable[[], list[Made]]) -> list[Made]:
        """A part of the view as it was made last, where nothing it depends on is different; else made anew."""
        now = (scene.plan, scene.state, scene.now_ms // 1000, (given, scene.crowd))
        kept = self._kept.get(name)
        if kept is not None and kept[0] is now[0] and kept[1] is now[1] and kept[2:4] == now[2:]:
            return kept[4]  # type: ignore[return-value]  # what `make` made under this name
        made = make()
        self._kept[name] = (*now, made)
        return made


def _talked_about(scene: Scene, inject: str | None) -> str | None:
    """The released inject whose answers and marks are shown: the one on the table, else the one released last."""
    if inject is not None and scene.state.inject(inject).released_ms is not None:
        return inject
    return scene.state.released[-1] if scene.state.released and scene.state.released[-1] in scene.plan.inject_by_id else None


class Owing:
    """What is owed, in the order in which the lectern shows it.

    First what can still be in time or belongs to the inject on the table, the most urgent first; then what is older, the newest
    first: an action of an hour ago that nobody recorded does not push away what is being talked about.
    """

    def __init__(self, scene: Scene, inject: str | None, panel_rows: int) -> None:
        self.scene = scene
        self.inject = inject
        asks, actions = scene.owed()
        self.awaited = awaited(scene)
        self.keys = action_keys(scene, panel_rows)
        self.asks = sorted(asks, key=lambda ask: (not ask.late_report, *self._place(ask.inject, ask.deadline_ms, ask.since_ms)))
        self.actions = sorted(actions, key=lambda one: self._place(one.standing.inject.id, one.deadline_ms, one.since_ms))
        on_table = None if inject is None else scene.plan.inject_by_id[inject]
        self.expected = () if on_table is None else on_table.expects
        self.overdue = sum(one.overdue for one in self.awaited)
        told = 0 if inject is None else sum(one.lines for one in settled_of(scene, inject))
        self.settled = max(0, min(ASKS + ACTIONS - self.wanted, told))
        """How many rows say what became of what the inject on the table asks and expects."""

    def _place(self, inject: str, deadline_ms: int | None, since_ms: int) -> tuple[bool, bool, int]:
        running = deadline_ms is not None and deadline_ms >= self.scene.now_ms
        if running or inject == self.inject:
            return False, not running, deadline_ms if running and deadline_ms is not None else -since_ms
        return True, False, -since_ms

    @property
    def wanted(self) -> int:
        """How many rows are to be shown though the card has less air for it."""
        return min(max(AWAITED, self.overdue), len(self.awaited)) + min(ASKS, len(self.asks)) + min(ACTIONS, len(self.actions))

    def _shares(self, height: int, spare: int) -> tuple[int, int, int]:
        """How many rows what is awaited, questions and actions have of `height`, and of `spare` rows that nothing else needs."""
        asks, actions = min(ASKS, len(self.asks)), min(ACTIONS, len(self.actions))
        late = min(self.overdue, height - min(1, asks))
        first = min(max(AWAITED, self.overdue), len(self.awaited), max(late, height // 3, height - asks - actions))
        height -= first
        # A report that is overdue gives its place to nothing.
        late = sum(ask.late_report for ask in self.asks)
        asks = min(asks, height, max(late, height // 3, height - actions))
        actions = min(actions, height - asks)
        more = []
        for shown, there in ((first, len(self.awaited)), (asks, len(self.asks)), (actions, len(self.actions))):
            more.append(min(spare, there - shown))
            spare -= more[-1]
        return first + more[0], asks + more[1], actions + more[2]

    def lines(self, width: int, height: int, settled: int, spare: int = 0) -> list[Content]:
        """A heading; what is owed in `height` rows, and in `spare` more; what is settled of the inject on the table in `settled` more."""
        shares = self._shares(height, spare)
        first, asks, actions = self.awaited[: shares[0]], self.asks[: shares[1]], self.actions[: shares[2]]
        keyed = (*(one.standing.action for one in actions), *self.expected)
        wide = max([3, *(len(self.keys.get(action.id, "")) for action in keyed)]) + 2
        rows = [one.row(self.scene, wide, width) for one in first]
        rows += [keyed_ask_row(self.scene, ask, wide, width) for ask in asks]
        rows += [action_row(self.scene, one.standing, width, self.keys[one.standing.action.id], wide) for one in actions]
        if self.inject is not None and settled:
            rows += settled_rows(self.scene, self.inject, width, self.keys, wide)[:settled]
        if not rows:
            return [ruled(Content.styled(self.scene.words("console.nothing-owed"), "$text-muted"), BLANK, width)]
        return [self._heading(width, len(first), len(asks) + len(actions)), *rows]

    def _heading(self, width: int, awaited_shown: int, shown: int) -> Content:
        """How much is owed of each, and how much of it is not in sight."""
        words = self.scene.words
        late = sum(1 for one in self.actions if one.standing.state == "no_record")
        told = [
            words("lectern.asked", n=len(self.asks)),
            words("lectern.expected", n=len(self.actions)),
            *counts(self.scene, self.awaited, awaited_shown),
        ]
        if late:
            told.append(f"{STANDING_SIGNS['no_record']} {words('lectern.late-ones', n=late)}")
        hidden = len(self.awaited) + len(self.asks) + len(self.actions) - awaited_shown - shown
        more = Content.styled(words("lectern.more-owed", n=hidden), "bold $text-warning") if hidden > 0 else BLANK
        return ruled(Content.styled(" · ".join(told), "bold"), more, width)


def half_typed(scene: Scene, drafts: Mapping[str, str]) -> tuple[str, ...]:
    """Roles whose words were begun and not kept, in the order of the file."""
    begun = {name.removeprefix(SPEAKER_DRAFT) for name, text in drafts.items() if text and name.startswith(SPEAKER_DRAFT)}
    return tuple(role.id for role in scene.exercise.roles if role.id in begun)


def foot_lines(scene: Scene, newest: Sequence[Entry], typed: Sequence[str], width: int, most: int) -> list[Content]:
    """What was recorded a moment ago, else who has not been heard for how long; and what is due, wanted and next in `most` rows."""
    rows = due_lines(scene, width, min(most, len(scene.due()) + len(scene.wanted()) + 1 + bool(scene.kept_back())))
    return [echo_line(scene, newest, width) or silent_line(scene, width, typed), *rows]


def echo_line(scene: Scene, newest: Sequence[Entry], width: int) -> Content | None:
    """What the newest entry says, for a moment: who keys by heart need not turn to the log to know that the right one was marked."""
    for entry in newest:
        fresh = scene.now_ms - entry.exercise_ms < ECHO_MS
        if fresh and scene.state.phase == "running" and not isinstance(entry.event, (*QUIET, *NO_ECHO)):
            return Content.assemble(("✓ ", "bold $text-success"), entry_row(scene, entry, width - 2))
    return None


def silent_line(scene: Scene, width: int, typed: Sequence[str] = ()) -> Content:
    """Whose words wait half typed; then roles that nobody has heard for a while, the longest silence first. Each with its digit."""
    words = scene.words
    head = Content.empty()
    if typed:
        names = "  ".join(f"{role_key(scene.exercise, role)} {scene.role(role)}" for role in typed[:3])
        head = Content.assemble((f"{words('lectern.half-typed')}  ", "bold $text-warning"), (names, "bold"), "   ")
    silent = scene.silent()
    if not silent:
        return head if typed else ruled(BLANK, BLANK, width)
    head = Content.assemble(head, (f"{words('lectern.silent')}  ", "bold"))
    told = head
    for number, (role, since_ms) in enumerate(silent):
        minutes = words("lectern.minutes", n=since_ms // 60_000)
        one = Content.assemble((f"{role_key(scene.exercise, role)} ", "bold $text-accent"), (scene.role(role), "bold"), f" {minutes}")
        rest = len(silent) - number - 1
        more = Content.styled(f"   {words('lectern.others', n=rest + 1)}", "$text-muted")
        needed = told.cell_length + one.cell_length + 3 + (more.cell_length if rest else 0)
        if number and (needed > width or number >= SILENT):
            return Content.assemble(told, more)
        told = Content.assemble(told, "   " if number else "", one)
    return told


def side_lines(scene: Scene, entries: Sequence[Entry], width: int, height: int) -> list[Content]:
    """The room, role by role, and below it what was recorded last."""
    words = scene.words
    roles = scene.exercise.roles
    log = max(0, min(8, height - 4 - min(len(roles), height * 2 // 3)))
    room = height - 1 - (log + 2 if log else 0)
    rows = [ruled(Content.styled(words("console.title-room"), "bold"), BLANK, width)]
    for role in roles[: room if len(roles) <= room else room - 1]:
        key = column(role_key(scene.exercise, role.id), 3, "bold $text-accent")
        name = Content.assemble(key, f"{sign(scene, role.id)} ", column(scene.role(role.id), 7, "bold"))
        rows.append(spread(Content.assemble(name, plain(scene.person(role.id))), Content(heard_text(scene, role.id)), width))
    if len(roles) > room:
        rows.append(Content.styled(words("console.more-roles", n=len(roles) - room + 1), "bold $text-warning"))
    if log:
        rows += [BLANK, ruled(Content.styled(words("console.title-last"), "bold"), BLANK, width)]
        rows += last_rows(scene, entries, width, log)
    return rows

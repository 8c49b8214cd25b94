"""What is said in a practice run, and one tip: lines below the console that a real room does not need, because there one hears.

Draws itself: it follows the run and the clock on its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from textual.content import Content

from tabletop.engine.rights import PRACTICE
from tabletop.rehearsal.casting import cast_of
from tabletop.rehearsal.coaching import Advice, advice

from ..actions import CONSOLE_ACTIONS, Action, footer_key, key_name
from ..look import plain, role_key, span_text
from ..pages.lines import wrapped
from ..practice import language_of, name_of, quoted, seed_of, who
from .lines import Lines

if TYPE_CHECKING:
    from tabletop.engine.state import Note, State
    from tabletop.words import Words

    from ..app import TabletopApp
    from ..scene import Scene

TALL = 34
"""Rows of the terminal from which on there is room for more voices."""

VOICE_ROWS, VOICE_ROWS_TALL, TIP_ROWS = 2, 4, 2
"""Rows for voices, and for the tip."""

LOUD_MS = 12_000
"""Exercise milliseconds for which a voice stands out."""


class PracticeStrip(Lines):
    """Who speaks now, and what could be done about it."""

    DEFAULT_CSS = """
    PracticeStrip { height: 4; display: none; background: $panel; padding: 0 1; }
    PracticeStrip.-practice { display: block; }
    PracticeStrip.-practice.-without-tips { height: 2; }
    PracticeStrip.-practice.-tall { height: 6; }
    PracticeStrip.-practice.-tall.-without-tips { height: 4; }
    """

    def on_mount(self) -> None:
        self._app.run_changed.subscribe(self, self._changed)
        self._app.ticked.subscribe(self, self._ticked)
        self._changed()

    @property
    def _app(self) -> TabletopApp:
        return cast("TabletopApp", self.app)

    def _changed(self, _: State | None = None) -> None:
        desk = self._app.desk
        self.set_class(desk is not None and desk.ready and desk.kind == PRACTICE, "-practice")
        self.draw()

    def _ticked(self, _: int) -> None:
        top = self.app.screen
        if self.has_class("-practice") and (top is self.screen or top.styles.background.a < 1):
            before = self.lines
            self.draw()
            if top is not self.screen and self.lines != before:
                # A panel keeps a picture of what is below it: one goes on hearing while it is open.
                top.refresh(self.region)

    def on_resize(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Draws what changed."""
        desk = self._app.desk
        if desk is None or not desk.ready or not self.has_class("-practice") or not self.is_mounted:
            return
        tips = self._app.tips
        self.set_class(not tips, "-without-tips")
        self.set_class(self.app.size.height >= TALL, "-tall")
        if not self.size.width:
            return
        from ..scene import Scene

        scene = Scene(desk.exercise, desk.plan, desk.state, desk.elapsed_ms(), self._app.words, self._app.language)
        width, rows = self.size.width, VOICE_ROWS_TALL if self.has_class("-tall") else VOICE_ROWS
        lines = voice_lines(scene, width, rows)
        if tips and (tip := advice(scene.plan, scene.state, desk.entries, scene.now_ms, seed_of(scene.state))) is not None:
            text = scene.words("practice.coach", text=tip_text(scene, tip))
            pieces = wrapped(text, width)[:TIP_ROWS]
            lines += [plain(piece, "bold $text-accent") for piece in pieces]
        self.show(lines)


def voice_lines(scene: Scene, width: int, rows: int) -> list[Content]:
    """The newest voices, the newest last, in exactly `rows` lines; what was said a while ago is quiet and says when."""
    found: list[Content] = []
    for note in _voices_backwards(scene):
        loud = scene.now_ms - note.at_ms < LOUD_MS
        pieces = wrapped(voice_text(scene, note, loud=loud), width)
        if found and len(found) + len(pieces) > rows:
            break
        style = "bold" if loud else "$text-muted"
        found[:0] = [plain(piece, style) for piece in pieces[:rows]]
    return [*found, *[Content("")] * (rows - len(found))]


def _voices_backwards(scene: Scene) -> Iterator[Note]:
    return (note for note in reversed(scene.state.notes) if note.actor.startswith(PRACTICE))


def voice_text(scene: Scene, note: Note, *, loud: bool) -> str:
    """What somebody said, with who said it."""
    code = "practice.says" if loud else "practice.says-earlier"
    return scene.words(code, time=span_text(note.at_ms), who=who_of(scene, note.role), text=quoted(note.text))


def who_of(scene: Scene, role: str) -> str:
    """A role with the name of its person."""
    cast = cast_of(scene.plan, seed_of(scene.state))
    name = name_of(cast, role, _words_of_run(scene))
    return who(scene.exercise, role, name, scene.words, scene.language)


def _words_of_run(scene: Scene) -> Words:
    from tabletop.words import Words

    return Words(language_of(scene.state))


_BY_ID: dict[str, Action] = {action.id: action for action in CONSOLE_ACTIONS}


def tip_text(scene: Scene, tip: Advice) -> str:
    """A tip in words, with the keys as this console calls them."""
    words = scene.words
    keys = {name: key_name(name, words) for name in ("enter", "tab", "left", "right", "down")}
    actions = {
        name.replace("-", "_"): footer_key(_BY_ID[of], words)
        for name, of in (
            ("space", "pause"),
            ("decision", "decision"),
            ("note", "note"),
            ("hint", "hint"),
            ("skip", "skip"),
            ("actions", "actions"),
            ("take_back", "take_back"),
            ("who_key", "who"),
            ("endex", "endex"),
        )
    }
    between = "、" if words.language.startswith("zh") else ", "
    numbers = between.join(role_key(scene.exercise, role) for role in tip.roles)
    return words(
        f"practice.{tip.code}",
        **keys,
        **actions,
        who=who_of(scene, tip.role) if tip.role else "",
        key=role_key(scene.exercise, tip.role) if tip.role else "",
        keys=numbers,
        cards=between.join(f"{scene.role(role)} {number}" for role, number in tip.cards),
        roles=scene.roles(tip.roles),
        n=tip.minutes,
    )

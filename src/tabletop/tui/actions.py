"""What a person can do on each screen, declared once: keys, footer, help, palette and the README read these tables.

Owns: which key does what. Refuses to own: what happens then (screens), and sentences (word codes only).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType

from tabletop.words import Words

Group = Literal["run", "people", "inject", "clock", "view", "wall", "other"]

FOOTER_KEYS = 6
"""Entries of a footer at most (conventions 2.2); the rest stands in help, menu and palette."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a person can do on a screen."""

    id: str
    """The method: `action_ID` of the screen, or of the app."""
    keys: tuple[str, ...]
    """The main key first, then its twins, as Textual names them; empty: palette and menu only."""
    title: str
    """Word code of its short name; `title.help` words what it does in a sentence."""
    footer: int | None = None
    """Place in the footer from 1, None: not there."""
    group: Group = "other"
    priority: bool = False
    """Whether the key works even where a text field holds the focus."""
    twice: bool = False
    """Whether the key is pressed two times."""
    keyed: bool = False
    """Whether the method is told which key was pressed."""

    @property
    def help(self) -> str:
        return f"{self.title}.help"

    def bindings(self) -> list[Binding]:
        """The keys as Textual binds them."""
        return [
            Binding(key, f"{self.id}('{key}')" if self.keyed else self.id, self.id, show=False, priority=self.priority) for key in self.keys
        ]


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """The bindings of a table, for `BINDINGS` of a screen."""
    return [binding for action in actions for binding in action.bindings()]


EVERYWHERE: tuple[Action, ...] = (
    Action("emergency", ("ctrl+g", "f12"), "console.emergency", group="run", priority=True, twice=True),
    Action("help", ("question_mark", "f1"), "console.help", footer=6, group="view"),
    Action("palette", ("ctrl+p",), "console.palette", group="view", priority=True),
    Action("leave", ("ctrl+q",), "console.leave", group="run", priority=True),
)
"""On every screen."""

CONSOLE_ACTIONS: tuple[Action, ...] = (
    Action("release", ("enter", "n", "pagedown"), "console.release", footer=1, group="inject", keyed=True),
    Action("speaker", tuple("1234567890"), "console.speaker", footer=2, group="people", keyed=True),
    Action("decision", ("d", "f2"), "console.decision", footer=3, group="people"),
    Action("actions", ("x", "f3"), "console.actions", group="people"),
    Action("skip", ("s", "f4"), "console.skip", group="inject"),
    Action("note", ("o", "f6"), "console.note", group="people"),
    Action("hint", ("h", "f7"), "console.hint", group="inject"),
    Action("pause", ("space", "f8"), "console.pause", footer=4, group="clock"),
    Action("more_time", ("plus",), "console.more-time", group="clock"),
    Action("add", ("a",), "console.add", group="inject"),
    Action("who", ("w",), "console.who", group="people"),
    Action("message", (), "console.message", group="people"),
    Action("lobby", (), "console.lobby", group="people"),
    Action("take_back", ("u",), "console.take-back", footer=5, group="run"),
    Action("menu", ("escape",), "console.menu", group="view"),
    Action("endex", ("e",), "console.endex", group="run", twice=True),
    Action("next_page", ("tab",), "console.next-page", group="view"),
    Action("previous_page", ("shift+tab",), "console.previous-page", group="view"),
    Action("select_up", ("up",), "console.select-up", group="view"),
    Action("select_down", ("down",), "console.select-down", group="view"),
    Action("scroll_up", ("shift+up",), "console.scroll-up", group="view"),
    Action("scroll_down", ("shift+down",), "console.scroll-down", group="view"),
    Action("view", (), "console.view", group="view"),
    Action("jump", (), "console.jump", group="clock"),
    Action("speed", (), "console.speed", group="clock"),
    Action("find", (), "console.find", group="view"),
    Action("ask_state", (), "console.ask-state", group="inject"),
    Action("reveal", (), "console.reveal", group="inject"),
    Action("indicators", (), "console.indicators", group="run"),
    Action("tips", (), "practice.tips", group="view"),
    Action("take_over", (), "console.take-over", group="run"),
    Action("wall", ("v", "f9"), "console.wall", group="wall"),
    Action("turn_terminal", ("t", "f10"), "console.turn-terminal", group="wall"),
    Action("wall_earlier", ("pageup",), "console.wall-earlier", group="wall"),
    Action("wall_blank", ("full_stop",), "console.wall-blank", group="wall"),
)

TURN_BACK = Action("turn_back", ("t", "f10"), "wall.turn-back", group="wall", twice=True)
"""On every screen that this terminal was turned to."""

WALL_ACTIONS: tuple[Action, ...] = (
    Action("show_due", ("pagedown",), "wall.due", group="wall"),
    Action("earlier_text", ("pageup",), "wall.earlier-text", group="wall"),
    Action("blank", ("full_stop",), "wall.blank", group="wall"),
    Action("pause", ("space", "f8"), "console.pause", group="clock"),
    TURN_BACK,
)

SEAT_ACTIONS: tuple[Action, ...] = (
    Action("scroll_up", ("up",), "wall.scroll-up", group="view"),
    Action("scroll_down", ("down",), "wall.scroll-down", group="view"),
    TURN_BACK,
)

FIRST_IN_MENU = ("take_back", "more_time", "add")
"""One digit after `esc`: what is pressed while people speak, and has no key that an input method lets through."""

MOVING: tuple[Action, ...] = (
    Action("move(-1)", ("up",), "pages.up", group="view"),
    Action("move(1)", ("down",), "pages.down", group="view"),
    Action("leaf(-1)", ("pageup",), "pages.page-up", group="view"),
    Action("leaf(1)", ("pagedown",), "pages.page-down", group="view"),
    Action("to_end(False)", ("home",), "pages.first", group="view"),
    Action("to_end(True)", ("end",), "pages.last", group="view"),
)
"""On every page of lines."""

READING: tuple[Action, ...] = (
    Action("move(-1)", ("up", "k"), "pages.up", group="view"),
    Action("move(1)", ("down", "j"), "pages.down", group="view"),
    *MOVING[2:],
)
"""The same where letters begin no text."""

START_ACTIONS: tuple[Action, ...] = (
    Action("open", ("enter",), "start.open", footer=1, group="run"),
    Action("pick", tuple("123456789"), "start.pick", footer=2, group="run", keyed=True),
    Action("search", ("slash", "f3"), "start.search", footer=3, group="view"),
    Action("clear", ("escape",), "start.clear", group="view"),
    Action("turn_language", ("f2",), "start.language", footer=4, group="view"),
    *MOVING,
)

BRIEFING_ACTIONS: tuple[Action, ...] = (
    Action("start", ("space", "f8"), "briefing.start", footer=1, group="run"),
    Action("edit", ("enter",), "briefing.edit", footer=2, group="people"),
    Action("turn(1)", ("right",), "briefing.next", group="people"),
    Action("turn(-1)", ("left",), "briefing.previous", group="people"),
    Action("role", tuple("1234567890"), "briefing.number", footer=3, group="people", keyed=True),
    Action("roll", ("f3",), "briefing.roll", footer=4, group="people"),
    Action("book", ("f4",), "briefing.book", footer=5, group="clock"),
    Action("leap(1)", ("tab",), "briefing.next-part", group="view"),
    Action("leap(-1)", ("shift+tab",), "briefing.previous-part", group="view"),
    Action("back", ("escape",), "briefing.back", group="run"),
    *MOVING,
)

EVALUATION_ACTIONS: tuple[Action, ...] = (
    Action("digit", tuple("123456"), "evaluation.digit", footer=1, group="people", keyed=True),
    Action("enter", ("enter",), "evaluation.enter", footer=2, group="people"),
    Action("turn", ("tab", "shift+tab"), "evaluation.turn", footer=3, group="view"),
    Action("all", ("x", "f3"), "evaluation.all", footer=4, group="view"),
    Action("note", ("o", "f6"), "evaluation.note", group="people"),
    Action("suggest", ("h", "f7"), "evaluation.suggest", group="view"),
    Action("reopen", ("e", "f8"), "evaluation.reopen", footer=5, group="run", twice=True),
    Action("lock", (), "evaluation.lock", group="run"),
    Action("score", (), "evaluation.score", group="view"),
    Action("wall", ("v", "f9"), "console.wall", group="wall"),
    Action("turn_terminal", ("t", "f10"), "console.turn-terminal", group="wall"),
    Action("menu", ("escape",), "console.menu", group="view"),
    *READING,
)

DEBRIEF_ACTIONS: tuple[Action, ...] = (
    Action("turn(1)", ("tab", "right"), "debriefscreen.next", footer=1, group="view"),
    Action("turn(-1)", ("shift+tab", "left"), "debriefscreen.previous", group="view"),
    Action("page", tuple("12345"), "debriefscreen.page", footer=2, group="view", keyed=True),
    Action("evidence", ("enter",), "debriefscreen.evidence-key", footer=3, group="view"),
    Action("export", ("ctrl+s", "f9"), "debriefscreen.export", footer=4, group="run"),
    Action("back", ("escape",), "debriefscreen.back", footer=5, group="view"),
    *READING,
)


def footer_of(actions: Sequence[Action]) -> tuple[Action, ...]:
    """The actions of a footer in their order, six at most."""
    shown = sorted((action for action in (*actions, *EVERYWHERE) if action.footer is not None), key=lambda action: action.footer or 0)
    return tuple(shown[:FOOTER_KEYS])


RATING_FOOTER: tuple[Action, ...] = tuple(
    {action.id: action for action in (*EVALUATION_ACTIONS, *EVERYWHERE)}[name] for name in ("enter", "turn", "suggest", "reopen", "help")
)
"""The footer of the ratings, behind what digits mean on their row."""


def footer_key(action: Action, words: Words) -> str:
    """The key of a footer entry: where people type Chinese, the keys that an input method lets through."""
    safe = next((key for key in action.keys if key.startswith("f") and key[1:].isdigit()), None)
    first = action.keys[0] if action.keys else ""
    unsafe = first.startswith("ctrl+") or first == "space" or (first.isalpha() and len(first) == 1)
    if words.language.startswith("zh") and unsafe:
        if safe is not None:
            name = key_name(safe, words)
            return f"{name} {name}" if action.twice else name
        if action.id in FIRST_IN_MENU:
            return f"{words('keys.escape')} {FIRST_IN_MENU.index(action.id) + 1}"
    return keys_shown(action, words)


def key_name(key: str, words: Words) -> str:
    """How a key is called in the language of `words`: `enter`, `F2`, `?`, `ctrl+g`."""
    parts = key.split("+")
    return "+".join(_one_key(part, words) for part in parts)


def _one_key(key: str, words: Words) -> str:
    if len(key) == 1:
        return key
    if key.startswith("f") and key[1:].isdigit():
        return key.upper()
    return words(f"keys.{key}")


def keys_shown(action: Action, words: Words, *, twins: bool = False) -> str:
    """The main key of an action, or with `twins` all its keys: `enter  n  PgDn`."""
    if action.id == "speaker":
        return words("keys.digits")
    if len(action.keys) > 2 and all(key.isdigit() for key in action.keys):
        return f"{action.keys[0]}-{max(action.keys)}"
    names = [key_name(key, words) for key in action.keys]
    if action.twice:
        names = [f"{name} {name}" for name in names]
    return "  ".join(names) if twins else (names[0] if names else "")


def keys_table(language: str) -> str:
    """The keys of the console as a Markdown table, for the README between its two `keys` marks."""
    words = Words(language)
    rows = [f"| {words('keys.column-key')} | {words('keys.column-twin')} | {words('keys.column-does')} |", "|---|---|---|"]
    for action in (*CONSOLE_ACTIONS, *EVERYWHERE):
        if action.keys:
            safe = _marked(action, _safe(action), words) or _by_menu(action, words)
            rows.append(f"| {_marked(action, _letters(action), words)} | {safe} | {words(action.help)} |")
    return "\n".join(rows)


def _letters(action: Action) -> tuple[str, ...]:
    return tuple(key for key in action.keys if key not in _safe(action))


def _safe(action: Action) -> tuple[str, ...]:
    """The twins that reach the program with an input method on."""
    return tuple(key for key in action.keys[1:] if len(key) > 1 and key != "plus" and action.id != "speaker")


def _by_menu(action: Action, words: Words) -> str:
    """The two keys of what stands first in the menu, because it has a letter only and cannot wait."""
    return f"`{words('keys.escape')} {FIRST_IN_MENU.index(action.id) + 1}`" if action.id in FIRST_IN_MENU else ""


def _marked(action: Action, keys: tuple[str, ...], words: Words) -> str:
    if action.id == "speaker":
        return f"`{words('keys.digits')}`" if keys else ""
    times = 2 if action.twice else 1
    return ", ".join(" ".join([f"`{key_name(key, words)}`"] * times) for key in keys)

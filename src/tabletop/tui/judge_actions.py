"""What evaluators and recorders can do at their screens: keys, footer, help and menu read these tables. Nothing of the console's."""

from __future__ import annotations

from .actions import READING, Action

SPEAKER = Action("speaker", tuple("1234567890"), "judge.speaker", footer=1, group="people", keyed=True)
NOTE = Action("note", ("o", "f6"), "judge.note", footer=2, group="people")
TAKE_BACK = Action("take_back", ("u", "f8"), "judge.take-back", footer=4, group="run")
LEAVE = Action("leave", ("ctrl+q",), "judge.leave", group="run", priority=True)

RATE = Action("rate", ("r", "f4"), "judge.rate", footer=3, group="people")
DECISION = Action("decision", ("d", "f2"), "judge.decision", footer=3, group="people")

COMMON: tuple[Action, ...] = (
    Action("actions", ("x", "f3"), "judge.actions", group="people"),
    TAKE_BACK,
    Action("menu", ("escape",), "judge.menu", group="view"),
    Action("next_page", ("tab",), "judge.next-page", footer=5, group="view"),
    Action("previous_page", ("shift+tab",), "judge.previous-page", group="view"),
    Action("select_up", ("up",), "judge.select-up", group="view"),
    Action("select_down", ("down",), "judge.select-down", group="view"),
    Action("scroll_up", ("shift+up", "pageup"), "judge.scroll-up", group="view"),
    Action("scroll_down", ("shift+down", "pagedown"), "judge.scroll-down", group="view"),
    LEAVE,
)

EVALUATOR_ACTIONS: tuple[Action, ...] = (SPEAKER, NOTE, RATE, *COMMON)

RECORDER_ACTIONS: tuple[Action, ...] = (SPEAKER, NOTE, DECISION, *COMMON)

RATINGS_ACTIONS: tuple[Action, ...] = (
    Action("digit", tuple("123456"), "evaluation.digit", footer=1, group="people", keyed=True),
    Action("enter", ("enter",), "judge.open", footer=2, group="people"),
    Action("turn", ("tab", "shift+tab"), "evaluation.turn", footer=3, group="view"),
    Action("all", ("x", "f3"), "evaluation.all", group="view"),
    Action("note", ("o", "f6"), "evaluation.note", footer=4, group="people"),
    Action("suggest", ("h", "f7"), "evaluation.suggest", group="view"),
    Action("back", ("escape", "r", "f4"), "judge.back", footer=5, group="view"),
    LEAVE,
    *READING,
)
"""On the ratings of an evaluator's screen: no ENDEX to take back, no wall, no terminal to turn."""

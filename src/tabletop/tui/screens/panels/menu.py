"""The menu: everything, numbered, so that nothing needs a letter (contract: *Keys*).

Owns: the numbers. What is pressed while people speak and has no function key stands first, one digit after `esc`; all else is two
digits away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, get_args

from textual import events
from textual.content import Content

from tabletop.words import Words

from ...actions import CONSOLE_ACTIONS, EVERYWHERE, FIRST_IN_MENU, Action, Group, keys_shown
from ...look import number_key, plain, spread
from ...two_digits import TwoDigits
from .frame import Choice, digit_of

if TYPE_CHECKING:
    from ..base import TabletopScreen
    from ..console import ConsoleScreen

LAST: tuple[Group, ...] = ("run",)
"""Behind the last number: what ends or leaves the run."""

GROUPS: tuple[Group, ...] = (*(group for group in get_args(Group) if group not in ("other", *LAST)), *LAST)

NOT_IN_MENU = frozenset({"menu", "select_up", "select_down"})

MOST = 19
"""Rows that have keys: nine digits, then `0` and a digit, as name tents and actions have."""

NOT_IN_SMALL_MENU = NOT_IN_MENU | {"digit", "enter", "emergency", "clear", "open"}
"""What has nothing but keys that an input method lets through."""


class Menu(Choice):
    """A choice of many rows, numbered like everything else: from 10 on by `0` and a digit."""

    def __init__(self, title: Content, choices: Sequence[Content]) -> None:
        super().__init__(title, choices)
        self._number = TwoDigits()

    def heading(self) -> Content:
        return Content.assemble(super().heading(), self._number.shown())

    def key_of(self, index: int) -> str:
        return number_key(index + 1) or " "

    def on_key(self, event: events.Key) -> None:
        digit = digit_of(event.character)
        if digit is None:
            self.give_way(event)
            return
        event.stop()
        number = self._number.take(digit)
        if number is not None and 1 <= number <= len(self._choices):
            self.dismiss(number - 1)
        else:
            self.draw()


def open_menu(console: ConsoleScreen) -> None:
    """Two digits reach every action."""
    words = console.words
    direct = direct_actions()
    rows = _rows(console, direct)
    rows += [Content.assemble(plain(words(f"panel.group-{group}")), " …") for group in GROUPS]

    def chosen(at: int | None) -> None:
        if at is not None and at < len(direct):
            run(console, direct[at])
        elif at is not None:
            _open_group(console, GROUPS[at - len(direct)])

    console.app.push_screen(Menu(plain(words("console.menu"), "bold"), rows), chosen)


def _open_group(console: ConsoleScreen, group: Group) -> None:
    actions = in_group(group)

    def chosen(at: int | None) -> None:
        if at is not None:
            run(console, actions[at])

    title = plain(console.words(f"panel.group-{group}"), "bold")
    console.app.push_screen(Menu(title, _rows(console, actions)), chosen)


def _rows(screen: TabletopScreen[None], actions: Sequence[Action]) -> list[Content]:
    """Each action by its short name, with the keys that do it at once."""
    words, width = screen.words, max(20, screen.app.size.width - 9)
    return [spread(plain(words(action.title)), plain(_keys(action, words), "bold"), width) for action in actions]


def _keys(action: Action, words: Words) -> str:
    return keys_shown(action, words, twins=len(action.keys) < 4)


def direct_actions() -> list[Action]:
    """The actions on the first page of the menu."""
    known = {action.id: action for action in CONSOLE_ACTIONS}
    return [known[name] for name in FIRST_IN_MENU]


def in_group(group: Group) -> list[Action]:
    """The actions of a group."""
    left_out = NOT_IN_MENU.union(FIRST_IN_MENU)
    return [action for action in (*CONSOLE_ACTIONS, *EVERYWHERE) if action.group == group and action.id not in left_out]


def run(console: ConsoleScreen, action: Action) -> None:
    """Does what the key of `action` does."""
    if action.id == "endex":
        console.end()
    elif action.id == "speaker":
        console.action_speaker("0", any_role=True)
    elif action.id == "release":
        console.action_release("enter")
    else:
        method = getattr(console, f"action_{action.id}", None) or getattr(console.app, f"action_{action.id}")
        method(*action.keys[:1] if action.keyed else ())


def open_small_menu(screen: TabletopScreen[None], actions: Sequence[Action]) -> None:
    """The menu of a screen with few actions: one digit reaches each that has a key of its own or none."""
    shown = small_menu(actions)

    def chosen(at: int | None) -> None:
        if at is None:
            return
        action = shown[at]
        method = getattr(screen, f"action_{action.id}", None) or getattr(screen.app, f"action_{action.id}")
        # Two presses keep a slip of the finger from doing it; the way through the menu does that as well.
        for _ in range(2 if action.twice else 1):
            method()

    screen.app.push_screen(Menu(plain(screen.words("console.menu"), "bold"), _rows(screen, shown)), chosen)


def small_menu(actions: Sequence[Action]) -> list[Action]:
    """The actions of such a menu."""
    chosen: dict[str, Action] = {}
    for action in (*actions, *EVERYWHERE):
        chosen.setdefault(action.id, action)
    return [action for action in chosen.values() if not action.keyed and "(" not in action.id and action.id not in NOT_IN_SMALL_MENU]

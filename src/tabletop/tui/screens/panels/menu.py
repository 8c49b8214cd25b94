"""The menu: everything, numbered, so that nothing needs a letter (contract: *Keys*)."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from textual.content import Content

from ...actions import CONSOLE_ACTIONS, EVERYWHERE, Action, Group, keys_shown
from ...look import plain, spread
from .frame import Choice

if TYPE_CHECKING:
    from ..console import ConsoleScreen

GROUPS: tuple[Group, ...] = tuple(group for group in get_args(Group) if group != "other")

NOT_IN_MENU = frozenset({"menu", "select_up", "select_down", "scroll_up", "scroll_down"})


def open_menu(console: ConsoleScreen) -> None:
    """Two digits reach every action."""
    words = console.words
    groups = [plain(words(f"panel.group-{group}")) for group in GROUPS]

    def chosen(at: int | None) -> None:
        if at is not None:
            _open_group(console, GROUPS[at])

    console.app.push_screen(Choice(plain(words("console.menu"), "bold"), groups), chosen)


def _open_group(console: ConsoleScreen, group: Group) -> None:
    words = console.words
    actions = in_group(group)
    width = max(20, console.app.size.width - 9)
    rows: list[Content] = [spread(plain(words(action.title)), plain(keys_shown(action, words), "bold"), width) for action in actions]

    def chosen(at: int | None) -> None:
        if at is not None:
            run(console, actions[at])

    console.app.push_screen(Choice(plain(words(f"panel.group-{group}"), "bold"), rows), chosen)


def in_group(group: Group) -> list[Action]:
    """The actions of a group, nine at most."""
    return [action for action in (*CONSOLE_ACTIONS, *EVERYWHERE) if action.group == group and action.id not in NOT_IN_MENU]


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
        method()

"""A terminal turned to the wall or a seat: every byte that it receives from the digit until the way back is looked at.

The exercise is a canary: every text of it is a token of its own, and so is what is typed at the console.
"""

from __future__ import annotations

import re
import sys
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.terminal import Terminal, tabletop

from .exercises import bank

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals exist on POSIX systems only"),
]

FAR = 40.0
"""Seconds that something may take on a busy machine."""

WIPE = b"\x1b[2J"

SEQUENCE = re.compile(rb"\x1b\[[0-9;?<>$ ]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]")


OSC = re.compile(rb"\x1b\]([^\x07\x1b]*)")


def letters(number: int, count: int = 6) -> str:
    """A token that no other text holds, in six letters (four for what has little room) between two rare ones."""
    name = ""
    for _ in range(count):
        number, letter = divmod(number, 26)
        name = chr(65 + letter) + name
    return f"Q{name}Z"


class Canary:
    """The small exercise with a token in place of every text; `places` says where each stands."""

    def __init__(self) -> None:
        self.places: dict[str, tuple[str, ...]] = {}
        dumped = bank(alert="red").model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)
        self.data = self._marked({**dumped, "format": 1}, ())

    def _marked(self, value: Any, place: tuple[str, ...]) -> Any:
        if isinstance(value, dict) and value and set(value) <= {"en", "zh-Hans"}:
            token = letters(1000 + 37 * len(self.places), 4 if place[-1] == "short" else 6)
            self.places[token] = place
            return dict.fromkeys(value, token)
        if isinstance(value, dict):
            name = str(value.get("id", ""))
            inner = (*place, name) if name else place
            return {key: self._timed(key, self._marked(part, (*inner, key))) for key, part in value.items()}
        if isinstance(value, list):
            return [self._marked(part, place) for part in value]
        return value

    def _timed(self, key: str, value: Any) -> Any:
        timed = key in ("at", "within", "duration", "not_done_within", "read", "delay")
        return f"{value}s" if timed and isinstance(value, int) and not isinstance(value, bool) else value

    def of(self, *places: tuple[str, ...]) -> set[str]:
        """The tokens that stand at any of these places, or below."""
        return {token for token, place in self.places.items() if any(place[: len(start)] == start for start in places)}

    def write(self, folder: Path) -> Path:
        path = folder / "canary.yaml"
        path.write_text(yaml.safe_dump(self.data, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return path


def shown_to_all(canary: Canary) -> set[str]:
    """What everybody may see before anything was released."""
    return canary.of(("bank", "title"), ("bank", "handling"), ("bank", "setting"))


def inject(canary: Canary, name: str) -> set[str]:
    """What those see of an inject who were told."""
    start = ("bank", "injects", name)
    return canary.of((*start, "title"), (*start, "text"), (*start, "from"))


def begun(home: Path, exercise: Path, language: str) -> Terminal:
    terminal = tabletop("--lang", language, "run", str(exercise), "--pace", "timed", home=home, columns=100, lines=32)
    terminal.see("STARTEX" if language == "en" else "演练开始", wait_s=FAR)
    terminal.press("space")
    terminal.see("✓ 2", wait_s=FAR)
    terminal.press("enter")
    terminal.see("✓ 3", wait_s=FAR)
    return terminal


def note(terminal: Terminal, words: str, recorded: int) -> None:
    terminal.press("f6")
    terminal.commit(words)
    terminal.see(words, wait_s=FAR)
    terminal.press("enter")
    terminal.see(f"✓ {recorded}", wait_s=FAR)


def turned(terminal: Terminal, question: str, *keys: str) -> int:
    """Answers `question`, which turns the terminal; from which byte on it is for players: what was there goes first.

    Until the last key arrives the console goes on drawing itself.
    """
    terminal.press(*keys[:-1])
    terminal.see(question, wait_s=FAR)
    terminal.read(0.3)
    start = len(terminal.seen)
    terminal.press(keys[-1])
    until = time.monotonic() + FAR
    while WIPE not in terminal.seen[start:]:
        assert time.monotonic() < until, "nothing was wiped away"
        terminal.read()
    return terminal.seen.index(WIPE, start)


def letters_in(chunk: bytes) -> str:
    """The text in what a terminal received, without sequences that move or colour; ASCII and whole."""
    return unicodedata.normalize("NFKC", SEQUENCE.sub(b"", chunk).decode("utf-8", "replace")).upper()


def tokens_in(chunk: bytes, canary: Canary) -> set[str]:
    text = letters_in(chunk)
    return {token for token in canary.places if token in text}


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_not_one_private_byte_reaches_the_wall(tmp_path: Path, language: str) -> None:
    canary = Canary()
    with begun(tmp_path, canary.write(tmp_path), language) as on:
        note(on, letters(1), 4)
        start = turned(on, "Turn this terminal" if language == "en" else "本终端切换为", "f10", "1")
        back = "The same key" if language == "en" else "再按一次"
        on.see("EXERCISE EXERCISE" if language == "en" else "演练 演练 演练", wait_s=FAR)
        for key in ("d", "enter", "n", "1", "v", "o", "tab", "f1", "?", "ctrl+p", "esc", "ctrl+q", "x", "a", "w", "u", "h", "pageup"):
            on.press(key)
            on.read(0.1)
        on.resize(70, 22)
        on.resize(50, 15)
        on.resize(100, 32)
        on.press(".", ".", "space", "space", "f12")
        on.read(1.0)
        on.press("esc")
        on.read(0.5)
        on.press("space")
        on.read(0.5)
        on.press("f10")
        on.see(back, wait_s=FAR)
        end = len(on.seen)
        received = on.seen[start:end]
        right = shown_to_all(canary) | inject(canary, "knife")
        assert tokens_in(received, canary) <= right
        assert inject(canary, "knife") <= tokens_in(received, canary)
        assert set(OSC.findall(received)) <= {b"22;default"}, "the shape of the pointer, but no title, no clipboard"
        assert letters(1) not in letters_in(received)
        on.press("f10", "f10", "f10")
        on.see("✓", wait_s=FAR)


def test_a_seat_gets_its_own_and_the_rooms_and_nothing_else(tmp_path: Path) -> None:
    canary = Canary()
    with begun(tmp_path, canary.write(tmp_path), "en") as on:
        note(on, letters(1), 4)
        on.press("2", "1")
        on.see("recorded ✓ 5", wait_s=FAR)
        start = turned(on, "Whose seat?", "t", "2", "2")
        on.see("You are", wait_s=FAR)
        for key in ("d", "enter", "pagedown", "space", "down", "down", "up", "v", "tab", "f1", "ctrl+p", "esc", "4"):
            on.press(key)
            on.read(0.1)
        on.press("t")
        on.see("The same key", wait_s=FAR)
        received = on.seen[start : len(on.seen)]
        teller = ("bank", "roles", "teller")
        ask = ("bank", "injects", "knife", "asks", "first-move")
        right = shown_to_all(canary) | inject(canary, "knife")
        right |= canary.of((*teller, "title"), (*teller, "short"), (*teller, "duty"), (*ask, "question"), (*ask, "options"))
        assert tokens_in(received, canary) <= right
        assert canary.of((*teller, "title"), (*ask, "question")) <= tokens_in(received, canary)


def test_another_roles_inject_and_a_ruling_are_told_apart(tmp_path: Path) -> None:
    """What a role is told in private is on its seat and never on the wall; a ruling is on both."""
    canary = Canary()
    with begun(tmp_path, canary.write(tmp_path), "en") as on:
        on.press("enter", "enter")
        on.see("✓ 4", wait_s=FAR)
        on.press("o", "tab", "tab", "tab", "tab")
        on.commit(letters(2))
        on.press("enter")
        on.see("✓ 5", wait_s=FAR)
        start = turned(on, "Turn this terminal", "t", "1")
        on.see(letters(2), wait_s=FAR)
        on.press("t", "t")
        on.see("✓", wait_s=FAR)
        cut = on.seen[start:].index(letters(2).encode()) + start
        assert tokens_in(on.seen[start:cut], canary) <= shown_to_all(canary) | inject(canary, "knife")
        start = turned(on, "Whose seat?", "t", "2", "4")
        on.see("You are", "TO YOU, NOT THE ROOM", wait_s=FAR)
        received = on.seen[start:]
        assert inject(canary, "signal") <= tokens_in(received, canary)
        assert not tokens_in(received, canary) & canary.of(("bank", "injects", "knife", "asks"), ("bank", "injects", "knife", "notes"))

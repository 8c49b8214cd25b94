"""A real terminal for tests: a pseudo-terminal with a screen behind it, as a person would see it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

KEYS = {
    "enter": "\r", "esc": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ", "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "pageup": "\x1b[5~", "pagedown": "\x1b[6~",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f4": "\x1bOS", "f6": "\x1b[17~", "f7": "\x1b[18~", "f8": "\x1b[19~",
    "f9": "\x1b[20~", "f10": "\x1b[21~", "f12": "\x1b[24~",
    "ctrl+g": "\x07", "ctrl+p": "\x10", "ctrl+q": "\x11", "ctrl+c": "\x03", "ctrl+r": "\x12",
}  # fmt: skip
"""What a terminal sends for a key that is not a letter."""


class NotSeen(AssertionError):
    """What was waited for did not appear; carries the screen."""


class Terminal:
    """A program in a pseudo-terminal. `seen` is every byte it wrote."""

    def __init__(
        self, command: Sequence[str], *, columns: int = 140, lines: int = 40, env: Mapping[str, str] | None = None, wait_s: float = 15
    ) -> None:
        import pexpect
        import pyte

        self.wait_s = wait_s
        self.screen: Any = pyte.Screen(columns, lines)
        self._stream: Any = pyte.ByteStream(self.screen)
        self.seen = b""
        # COLUMNS and LINES would stand above the size of the terminal.
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment = {**inherited, "TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", **(env or {})}
        self._child: Any = pexpect.spawn(command[0], list(command[1:]), dimensions=(lines, columns), env=environment, timeout=wait_s)
        self._child.delaybeforesend = None

    @property
    def pid(self) -> int:
        pid: int = self._child.pid
        return pid

    def rest(self) -> None:
        """Presses nothing until what opened by itself takes keys."""
        from tabletop.tui.unasked import REST_S

        self.read(REST_S + 0.2)

    def read(self, for_s: float = 0.05) -> None:
        """Take in what the program writes within `for_s` seconds."""
        import pexpect

        until = time.monotonic() + for_s
        while True:
            try:
                chunk = self._child.read_nonblocking(65536, timeout=max(0.0, until - time.monotonic()))
            except pexpect.TIMEOUT:
                return
            except pexpect.EOF:
                return
            self.seen += chunk
            self._stream.feed(chunk)
            if time.monotonic() >= until:
                return

    @property
    def text(self) -> str:
        """The screen as lines of text."""
        # The second half of a wide character is an empty cell; pyte's own `display` fails where half of one was drawn over.
        rows, columns = range(self.screen.lines), range(self.screen.columns)
        return "\n".join("".join(self.screen.buffer[y][x].data for x in columns).rstrip() for y in rows)

    def see(self, *texts: str, wait_s: float | None = None) -> str:
        """Wait until all `texts` stand on the screen; the screen. Raises NotSeen."""
        until = time.monotonic() + (self.wait_s if wait_s is None else wait_s)
        while True:
            squeezed = self.text.replace(" ", "")
            if all(text.replace(" ", "") in squeezed for text in texts):
                return self.text
            if time.monotonic() > until:
                missing = [text for text in texts if text.replace(" ", "") not in squeezed]
                raise NotSeen(f"{missing} not on the screen:\n{self.text}")
            self.read()

    def see_none_of(self, *texts: str, after_s: float = 0.3) -> None:
        """After a moment none of `texts` stands on the screen. Raises NotSeen."""
        self.read(after_s)
        found = [text for text in texts if text in self.text]
        if found:
            raise NotSeen(f"{found} on the screen:\n{self.text}")

    def press(self, *keys: str) -> None:
        """Press keys one after the other: names of KEYS, or the characters themselves."""
        for key in keys:
            self._child.send(KEYS.get(key, key))
            self.read(0.03)

    def commit(self, text: str) -> None:
        """Send a text at once, as an input method commits it."""
        self._child.send(text)
        self.read(0.05)

    def resize(self, columns: int, lines: int) -> None:
        self._child.setwinsize(lines, columns)
        self.screen.resize(lines, columns)
        self.read(0.3)

    def kill(self) -> None:
        """`kill -9`: nothing is tidied up."""
        os.kill(self.pid, signal.SIGKILL)
        self._child.wait()

    def exit_code(self, wait_s: float = 15) -> int:
        """Wait for the end; its exit code, 128 + number for a signal."""
        until = time.monotonic() + wait_s
        while self._child.isalive():
            if time.monotonic() > until:
                raise NotSeen(f"still running:\n{self.text}")
            self.read(0.05)
        status = self._child.exitstatus
        return int(status) if status is not None else 128 + int(self._child.signalstatus)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        import pexpect

        try:
            self._child.close(force=True)
        except pexpect.ExceptionPexpect:
            # Killed, and slow to go where every processor is busy.
            self._child.wait()


def tabletop(*arguments: str, home: Path, columns: int = 140, lines: int = 40, env: Mapping[str, str] | None = None) -> Terminal:
    """`tabletop ARGUMENTS` in a terminal, with a home of its own."""
    return Terminal(
        [sys.executable, "-m", "tabletop", *arguments], columns=columns, lines=lines, env={"TABLETOP_HOME": str(home), **(env or {})}
    )

"""A whole room of processes for tests: a console, stations, the wall, a server with browsers; every byte that reaches somebody is dated.

What reached whom is held against the log afterwards: no token may have come before the event that gave the right to it, and none that
nothing ever gave a right to (`leaks`).
"""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from tabletop.conductor import Conductor, Joined, join, open_store
from tabletop.engine import events as e
from tabletop.engine.events import Entry
from tabletop.engine.rights import Actor
from tabletop.exercise.model import Exercise
from tests.canary import ALWAYS, EMERGENCY, ENDED, RELEASED, REVEALED, SAID, STARTED, TOKEN, Canary, Right
from tests.terminal import NotSeen, Terminal
from tests.web.served import Browser

FAR = 40.0
"""Seconds that something may take on a busy machine."""

SLACK_MS = 50
"""By how much the clocks of two processes may differ."""

SEQUENCE = re.compile(rb"\x1b\[[0-9;:?<>=$ !]*[A-Za-z@`~]|\x1b[()][A-Z0-9]|\x1b[=>78]")
"""What moves and colours on a terminal; what a title or a clipboard holds is no sequence here, and is looked through."""

STILL_S = 0.03
"""Seconds without a byte after which a frame is whole."""

LONG = 512
"""Bytes looked through once more with what comes next: a token may be torn in two."""


def now_ms() -> int:
    """Milliseconds since 1970 UTC."""
    return round(time.time() * 1000)


def until(what: Callable[[], object], named: str | Callable[[], str], wait_s: float = FAR) -> None:
    """Wait until `what` holds. Raises NotSeen."""
    end = time.monotonic() + wait_s
    while not what():
        if time.monotonic() > end:
            raise NotSeen(named if isinstance(named, str) else named())
        time.sleep(0.02)


class Kept:
    """Every byte that came to somebody, in order, and when each token was among them for the first time."""

    def __init__(self) -> None:
        self.chunks: list[tuple[int, bytes]] = []
        self.first: dict[str, int] = {}
        self._tail = b""

    def add(self, data: bytes) -> None:
        """These bytes came just now."""
        joined = self._tail + data
        self.chunks.append((now_ms(), data))
        self._tail = joined[-LONG:]
        for part in (joined, SEQUENCE.sub(b"", joined)):
            self.look(part.decode("utf-8", "replace"))

    def look(self, text: str) -> None:
        """This stands there now, of what came."""
        for token in TOKEN.findall(text.lower()):
            self.first.setdefault(token, now_ms())

    @property
    def whole(self) -> bytes:
        return b"".join(data for _, data in self.chunks)

    def around(self, token: str) -> bytes:
        """The bytes round a token, for people."""
        at = self.whole.lower().find(token.encode())
        return self.whole[max(0, at - 160) : at + 80] if at >= 0 else b"(on the screen)"


class Reader:
    """Somebody who plays, judges or looks on: what may come to them, and what did."""

    def __init__(self, name: str, who: Mapping[str, str], kept: Kept) -> None:
        """`who`: what they are, as rights name it (`tests.canary.Right.who`), each with the site whose link it needs; empty: none."""
        self.name, self.who, self.kept = name, dict(who), kept

    def got(self, *tokens: str) -> bool:
        return all(token in self.kept.first for token in tokens)

    def links(self, right: Right) -> list[str]:
        """The sites through whose link they have a right, empty for none; nothing where they do not have it."""
        if not right.gives(frozenset(self.who)):
            return []
        return [site for name, site in self.who.items() if right.who is None or name in right.who]

    def allowed_ms(self, canary: Canary, token: str, happened: Mapping[str, int]) -> int | None:
        """From when they may see a token, in wall milliseconds; None: never."""
        moments = []
        for right in canary.rights[token]:
            since_ms = 0 if right.after == ALWAYS else happened.get(right.after)
            if since_ms is None:
                continue
            for site in self.links(right):
                there_ms = since_ms if right.after in (ALWAYS, EMERGENCY) else _arrived_ms(since_ms, site, happened)
                if there_ms is not None:
                    moments.append(there_ms)
        return min(moments, default=None)


def _arrived_ms(since_ms: int, site: str, happened: Mapping[str, int]) -> int | None:
    """When what was sent then reached a site: at once, or when its link was restored; None: it never was."""
    cut_ms, restored_ms = happened.get(f"cut:{site}"), happened.get(f"restored:{site}")
    if cut_ms is None or since_ms < cut_ms or (restored_ms is not None and since_ms >= restored_ms):
        return since_ms
    return restored_ms


def leaks(canary: Canary, reader: Reader, happened: Mapping[str, int]) -> dict[str, str]:
    """The tokens that reached a reader before or without their right, each with where it stands and what it stood among."""
    found = {}
    for token, came_ms in reader.kept.first.items():
        if token not in canary.rights:
            continue
        since_ms = reader.allowed_ms(canary, token, happened)
        if since_ms is None:
            found[token] = f"{reader.name}: {canary.places[token]} is not theirs: {reader.kept.around(token)!r}"
        elif came_ms < since_ms - SLACK_MS:
            found[token] = f"{reader.name}: {canary.places[token]} came {since_ms - came_ms} ms early: {reader.kept.around(token)!r}"
    return found


def happened(entries: Iterable[Entry], exercise: Exercise) -> dict[str, int]:
    """What gives rights, as `tests.canary.Right.after` names it, which links were cut and restored, and when, in wall milliseconds."""
    found: dict[str, int] = {}
    for entry in entries:
        names = [f"{SAID}:{token}" for token in TOKEN.findall(str(entry.event))]
        match entry.event:
            case e.ExerciseStarted():
                names.append(STARTED)
            case e.InjectReleased(inject=name):
                inject = exercise.inject_by_id[name]
                names.append(f"{RELEASED}:{name}")
                names += [f"cut:{inject.cut.site}"] if inject.cut is not None else []
                names += [f"restored:{inject.restore.site}"] if inject.restore is not None else []
            case e.AnswersRevealed(ask=ask, names=by_name):
                names += [f"{REVEALED}:{ask}", *([f"named:{ask}"] if by_name else [])]
            case e.EmergencyConfirmed():
                names.append(EMERGENCY)
            case e.ExerciseEnded():
                names += [ENDED, *(f"restored:{site.id}" for site in exercise.sites)]
        for name in names:
            found.setdefault(name, entry.wall_ms)
    return found


class Screen(Terminal):
    """A program in a terminal that is read all the time, as a real one is: what comes is dated when it comes."""

    def __init__(self, arguments: Sequence[str], home: Path, *, columns: int = 80, lines: int = 24, program: str = "tabletop") -> None:
        environment = {"TABLETOP_HOME": str(home), "TABLETOP_LANG": "en"}
        super().__init__([sys.executable, "-m", program, *arguments], columns=columns, lines=lines, env=environment, wait_s=FAR)
        self.kept = Kept()
        self.drawn_at_once = True
        """Whether what stands on the screen is looked through after every byte; else it is drawn when somebody looks."""
        self._undrawn = b""
        self._all: list[bytes] = []
        self._drawing = threading.Lock()
        self._reader = threading.Thread(target=self._read_on, daemon=True)
        self._reader.start()

    def _read_on(self) -> None:
        with suppress(OSError, ValueError):
            while data := os.read(self._child.child_fd, 65536):
                with self._drawing:
                    self._undrawn += data
                    self._all.append(data)
                    self.kept.add(data)
                # Half a frame over another shows what nobody sent.
                if self.drawn_at_once and not select.select([self._child.child_fd], [], [], STILL_S)[0]:
                    with self._drawing:
                        self.kept.look(self._draw())

    def seen_of_all(self) -> bytes:
        """Every byte that came, to whomever."""
        return b"".join(self._all)

    def _draw(self) -> str:
        data, self._undrawn = self._undrawn, b""
        self._stream.feed(data)
        return super().text

    def read(self, for_s: float = 0.05) -> None:
        """What comes is read all the time."""
        time.sleep(for_s)

    @property
    def text(self) -> str:
        with self._drawing:
            return self._draw()

    def hand_on(self, kept: Kept) -> None:
        """What comes from now on comes to somebody else."""
        with self._drawing:
            self._draw()
            self.kept = kept

    def resize(self, columns: int, lines: int) -> None:
        with self._drawing:
            self._draw()
            self.screen.resize(lines, columns)
        self._child.setwinsize(lines, columns)
        time.sleep(0.3)

    def until(self, what: Callable[[], object]) -> None:
        """Wait until `what` holds, with the screen in the failure."""
        until(what, lambda: f"it never came to that:\n{self.text}")

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        self._reader.join(5)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # First the process, then the terminal: nobody reads from a number that is somebody else's by now.
        self.kill()
        super().__exit__(kind, error, trace)


class Program:
    """A program whose output is a pipe: `tabletop serve`, `tabletop follow`."""

    def __init__(self, *arguments: str, home: Path, program: str = "tabletop") -> None:
        environment = {**os.environ, "TABLETOP_HOME": str(home), "TABLETOP_LANG": "en"}
        command = [sys.executable, "-m", program, *arguments]
        self.kept = Kept()
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment
        )
        self._reader = threading.Thread(target=self._read_on, daemon=True)
        self._reader.start()

    def _read_on(self) -> None:
        assert self._process.stdout is not None
        while data := os.read(self._process.stdout.fileno(), 65536):
            self.kept.add(data)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def text(self) -> str:
        return self.kept.whole.decode("utf-8", "replace")

    def address(self) -> str:
        """Where it serves."""
        pattern = re.compile(r"^http://127\.0\.0\.1:\d+(?=/?\s)", re.M)
        until(lambda: pattern.search(self.text) or self._process.poll() is not None, lambda: f"it serves nowhere: {self.text}")
        found = pattern.search(self.text)
        assert found is not None, self.text
        return found.group()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.kill()
        self._reader.join(5)
        if self._process.stdout is not None:
            self._process.stdout.close()


class Tap:
    """Stands between a browser and a server, and keeps and dates every byte that comes back."""

    def __init__(self, server: str, kept: Kept) -> None:
        self._to = (urlsplit(server).hostname or "", urlsplit(server).port or 80)
        self._kept = kept
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = [self._listening]
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._listening.accept()
                self._sockets.append(ours)
                try:
                    theirs = socket.create_connection(self._to)
                except OSError:
                    ours.close()
                    continue
                self._sockets.append(theirs)
                threading.Thread(target=self._pass_on, args=(ours, theirs, None), daemon=True).start()
                threading.Thread(target=self._pass_on, args=(theirs, ours, self._kept), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, kept: Kept | None) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if kept is not None:
                    kept.add(data)
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for one in self._sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


class Phone:
    """A browser behind a tap that does what the page's script does: listens, fetches its page at every tick, comes back when it is lost."""

    def __init__(self, server: str, home: str) -> None:
        self.kept = Kept()
        self._tap = Tap(server, self.kept)
        self.home = home
        self.page = ""
        """What stands on it now."""
        self.streams = 0
        """How often its stream was opened."""
        headers = {"host": urlsplit(server).netloc, "accept-encoding": "identity"}
        self.browser = Browser(self._tap.address, headers=headers)
        self.browser.address = server
        self._over = False
        self._listener = threading.Thread(target=self._listen, daemon=True)

    def join(self, code: str, name: str = "") -> Self:
        joined = self.browser.join_with(code, name)
        assert joined.status_code == 200, joined.text
        self.fetch()
        self._listener.start()
        return self

    def fetch(self) -> None:
        self.page = self.browser.get(self.home, headers={"x-part": "1"}).text

    def _listen(self) -> None:
        while not self._over:
            with suppress(httpx.HTTPError), self.browser.stream("GET", "/events", timeout=None) as stream:
                self.streams += 1
                self.fetch()
                for line in stream.iter_lines():
                    if line == "event: tick":
                        self.fetch()
            time.sleep(0.2)

    def send(self, path: str, **fields: object) -> httpx.Response:
        """Sends a form; `__` in a name stands for a point."""
        return self.browser.send_form(path, {name.replace("__", "."): value for name, value in fields.items()})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over = True
        self._tap.close()
        self.browser.close()


class Observer:
    """The run as the test itself sees it: the log, read as any other process reads it."""

    def __init__(self, home: Path) -> None:
        path = home / "data" / "tabletop.db"
        until(path.exists, "no store was made")
        store = open_store(path, create=False)
        until(store.runs, "no run was made")
        self.joined: Joined = join(store, store.find_run("latest"), Actor("viewer"))

    @property
    def conductor(self) -> Conductor:
        self.joined.conductor.follow()
        return self.joined.conductor

    def events(self, kind: type[Any]) -> list[Any]:
        return [entry.event for entry in self.conductor.entries if isinstance(entry.event, kind)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.joined.store.close()


def told_by_the_system(pid: int) -> bytes:
    """What any other user of the machine may read of a process, and its own user beside: arguments, name, environment."""
    parts = [Path(f"/proc/{pid}/{name}") for name in ("cmdline", "comm", "environ")]
    return b"\n".join(part.read_bytes() for part in parts if part.exists())


def codes_on(cards: str) -> list[tuple[str, str]]:
    """Each card of a printed page with its code."""
    return [(card, code) for card in cards.split('<li class="card">')[1:] for code in re.findall(r'class="code">([^<]+)<', card)]

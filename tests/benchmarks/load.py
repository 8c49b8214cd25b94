"""Many seats at one server: each has a page open, says that it is there, and answers again and again, as browsers with the script do."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from tabletop.conductor import RunOptions, begin, open_store
from tabletop.engine import commands as c
from tabletop.engine.events import AnswerGiven
from tabletop.exercise.loading import bind
from tabletop.scoring.projection import rows
from tests.builders import ExerciseDraft

BEAT_S = 3.0
"""Seconds between two words of a page that it is there."""


@dataclass
class Load:
    """What came of it. Milliseconds unless it says otherwise."""

    sent: set[str] = field(default_factory=set)
    """Answers that the server said are recorded."""
    refused: list[str] = field(default_factory=list)
    recorded: set[str] = field(default_factory=set)
    """Answers in the log."""
    doubled: int = 0
    answers_ms: list[float] = field(default_factory=list)
    """From sending an answer to the word that it is recorded."""
    pages_ms: list[float] = field(default_factory=list)
    memory_mib: float = 0.0
    """The most the server held at any time."""


def exercise(seats: int) -> str:
    """As many roles as seats, and one question to everybody that stays open."""
    draft = ExerciseDraft("load")
    for number in range(seats):
        draft.role(f"role-{number}", short=f"R{number}")
    draft.objective("calm").inject("all", text="Something happens. " * 12).asks("words", answer="text")
    return json.dumps(draft.data, sort_keys=True)


class Connection:
    """One kept-alive connection of a browser, as plain as can be: the machine is the server's."""

    def __init__(self, address: str) -> None:
        self._there = urlsplit(address)
        self._address = address
        self.cookie = ""
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one answer."""
        await self._send(method, path, fields)
        status, headers = await self._head()
        body = await self._stream().readexactly(int(headers.get("content-length", "0")))
        return status, headers, body

    async def listen(self, page: Connection) -> None:
        """Keeps an event stream open for as long as it lasts, and fetches the page over another connection when it ticks."""
        await self._send("GET", "/events", None)
        await self._head()
        while told := await self._stream().read(4096):
            if b"event: tick" in told:
                await page.ask("GET", "/seat")

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    def _stream(self) -> asyncio.StreamReader:
        assert self._reader is not None
        return self._reader

    async def _send(self, method: str, path: str, fields: dict[str, str] | None) -> None:
        # The server closes what was idle for long.
        if self._writer is None or self._stream().at_eof():
            self.close()
            self._reader, self._writer = await asyncio.open_connection(self._there.hostname, self._there.port)
        body = urlencode(fields or {}).encode()
        head = [f"{method} {path} HTTP/1.1", f"Host: {self._there.netloc}", "X-Part: 1"]
        head += [f"Cookie: {self.cookie}"] if self.cookie else []
        if method == "POST":
            head += [f"Origin: {self._address}", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        self._writer.write("\r\n".join([*head, "", ""]).encode() + body)

    async def _head(self) -> tuple[int, dict[str, str]]:
        lines = (await self._stream().readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            if name.lower() == "set-cookie" and value.startswith("seat-"):
                self.cookie = value.partition(";")[0]
            headers[name.lower()] = value
        return int(lines[0].split()[1]), headers


async def join(address: str, number: int, code: str) -> Connection:
    """A browser with a pass for its seat."""
    made = Connection(address)
    status, _, _ = await made.ask("POST", "/join", {"code": code, "name": f"Player {number}"})
    assert made.cookie, status
    return made


async def seat(own: Connection, address: str, number: int, load: Load, seconds: float, every_s: float) -> None:
    """One browser: keeps its stream open, says that it is there, answers every so often."""
    stream, page = Connection(address), Connection(address)
    stream.cookie = page.cookie = own.cookie
    listening = asyncio.create_task(stream.listen(page))
    await own.ask("GET", "/seat")
    chance = random.Random(number)
    began = time.perf_counter()
    answer_at, beat_at, answers = began + chance.uniform(0, every_s), began + chance.uniform(0, BEAT_S), 0
    while True:
        at = min(answer_at, beat_at)
        if at > began + seconds:
            break
        await asyncio.sleep(max(0.0, at - time.perf_counter()))
        if beat_at <= answer_at:
            beat_at += BEAT_S
            await own.ask("POST", "/here")
            continue
        answer_at += every_s
        answers += 1
        text = f"seat {number} answer {answers}"
        sent = time.perf_counter()
        status, headers, _ = await own.ask("POST", "/seat/answer", {"ask": "words", "role": f"role-{number}", "value": text})
        load.answers_ms.append((time.perf_counter() - sent) * 1000)
        if status != 303:
            load.refused.append(f"{text}: {status}")
            continue
        load.sent.add(text)
        sent = time.perf_counter()
        status, _, shown = await own.ask("GET", headers["location"].partition("#")[0])
        load.pages_ms.append((time.perf_counter() - sent) * 1000)
        if text.encode() not in shown:
            load.refused.append(f"{text}: not on the page")
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    for connection in (own, stream, page):
        connection.close()


async def seats_at(address: str, codes: list[str], load: Load, seconds: float, every_s: float) -> None:
    """So many browsers with a pass each, until the time is over."""
    # One after the other: all come from one address, which may not try many codes at once.
    seats = [await join(address, number, code) for number, code in enumerate(codes)]
    await asyncio.gather(*(seat(own, address, number, load, seconds, every_s) for number, own in enumerate(seats)))


def play(folder: Path, seats: int, seconds: float, every_s: float) -> Load:
    """A run of its own, served by a process of its own, with so many seats for so many seconds. The folder must be private."""
    path, text, load = folder / "load.db", exercise(seats), Load()
    with open_store(path) as store:
        opened = begin(store, bind(text), text, RunOptions(pace="timed"), rows=rows)
        conductor = opened.conductor
        conductor.dispatch(c.Start())
        conductor.dispatch(c.ReleaseInject("all"))
        names = [f"seat:role-{number}" for number in range(seats)]
        made = store.seats.new_codes(conductor.run, names)
        command = [sys.executable, "-m", "tabletop", "--lang", "en", "serve", conductor.run, "--db", str(path), "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=dict(os.environ)) as server:
            try:
                assert server.stdout is not None
                asyncio.run(seats_at(server.stdout.readline().strip(), [made[name] for name in names], load, seconds, every_s))
                load.memory_mib = most_memory_mib(server.pid)
            finally:
                server.terminate()
        texts = [entry.event.value for entry in store.log(conductor.run).read() if isinstance(entry.event, AnswerGiven)]
        load.recorded = {text for text in texts if isinstance(text, str)}
        load.doubled = len(texts) - len(load.recorded)
        opened.close()
    return load


def most_memory_mib(pid: int) -> float:
    """The most resident memory a process has had, in MiB; 0 where the system does not say."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text("utf-8"))
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0

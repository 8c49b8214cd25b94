"""A run that a real server serves on a port of its own, and browsers that are none: what tests of browser seats stand on.

Every secret of the exercise holds a word of `SECRETS`, so that a page that tells one is found.
"""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from tabletop.conductor import Joined, Opened, RunOptions, begin, join, open_store
from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.exercise.loading import bind
from tabletop.scoring.projection import rows
from tabletop.web.server import Server, Where
from tests.builders import ExerciseDraft

SECRETS = ("zebra-notes", "zebra-probe", "zebra-hint", "zebra-action", "zebra-breach", "zebra-later", "zebra-guard", "zebra-number")


def options(*names: str) -> list[dict[str, object]]:
    return [{"id": name, "text": {"en": f"Option {name}", "zh-Hans": f"选项{name}"}} for name in names]


def room() -> ExerciseDraft:
    """Two tellers, a guard at another site, a simulated police; one ask of every type."""
    draft = ExerciseDraft(
        "room",
        sites=[{"id": "outlet", "title": "Outlet", "level": "outlet"}, {"id": "vault", "title": "Vault", "level": "external"}],
        real_emergency={"number": "zebra-number 110", "muster": "the gate"},
        prohibited=[{"id": "shout", "title": "zebra-breach"}],
    )
    draft.role("teller", site="outlet", holders=2).role("clerk", site="outlet").role("guard", site="vault").role("police", simulated=True)
    draft.objective("calm", core=True)
    draft.inject(
        "knife", title="Knife", text="A man with a knife.\nHe shouts.", notes="zebra-notes", probes=["zebra-probe"], hints=["zebra-hint"],
        acknowledge={"within": "2m"},
    )  # fmt: skip
    draft.expects("press", by="teller", objective="calm", title="zebra-action")
    draft.asks(
        "first", to=["teller"], options=[{**options("a")[0], "does": ["press"]}, {**options("b")[0], "breaks": ["shout"]}], within="2m"
    )
    draft.asks("several", to=["teller"], answer="choices", options=options("c", "d", "e"))
    draft.inject("orders", title="Orders", text="Say more.", to=["teller", "clerk"])
    draft.asks("row", to=["teller"], answer="order", options=options("f", "g", "h"))
    draft.asks("words", to=["teller", "clerk"], answer="text", rationale="required")
    draft.inject("more", title="More", text="And more.", to=["teller"])
    draft.asks("many", answer="number")
    draft.asks("sure", answer="confirm", rationale="none")
    draft.inject("reports", title="Reports", text="Report.", to=["teller"])
    draft.asks("sitrep", answer="report", elements=[{"id": "facts", "title": "Facts"}, {"id": "needs", "title": "Needs"}])
    draft.inject("secret", title="zebra-guard", text="zebra-guard alone.", to=["guard"])
    draft.asks("lock", answer="text", question="zebra-guard?")
    draft.inject("dark", title="Dark", text="The line is dead.", to=["clerk"], cut={"site": "outlet"})
    draft.inject("light", title="Light", text="The line works.", to=["guard"], restore={"site": "outlet"})
    draft.inject("later", at="50m", title="zebra-later", text="zebra-later happens.")
    return draft


class Driver:
    """The console's side of the run."""

    def __init__(self, path: Path, kind: str = "live", *, exercise: str = "", **settled: object) -> None:
        """`exercise`: its text as a run stores it; the room's unless given."""
        self.path = path
        self.store = open_store(path)
        text = exercise or json.dumps(room().data, sort_keys=True)
        made = RunOptions(**{"pace": "timed", **settled})  # type: ignore[arg-type]
        self.opened: Opened = begin(self.store, bind(text), text, made, kind=kind, rows=rows)
        self.run = self.opened.conductor.run

    def do(self, *commands: c.Command) -> None:
        for command in commands:
            self.opened.conductor.dispatch(command)

    def start(self, *injects: str) -> None:
        """STARTEX, and these are released."""
        self.do(c.Start(), *(c.ReleaseInject(inject, "test") for inject in injects))

    def code(self, seat: str) -> str:
        return self.store.seats.new_codes(self.run, [seat])[seat]

    def draft(self, seat: str, key: str) -> str:
        """What is kept of what was typed at a browser of a seat into a form, as it is kept."""
        there = self.store.drafts.load(self.run, seat)
        return next((text for field, text in there.items() if field.startswith(f"web:{key}@")), "")

    def events(self, kind: str) -> list[tuple[str, object]]:
        """Actor and event of each entry of a kind."""
        self.opened.conductor.catch_up()
        return [(entry.actor, entry.event) for entry in self.opened.conductor.entries if entry.event.kind == kind]

    def close(self) -> None:
        self.opened.close()
        self.store.close()


@contextmanager
def serving(driver: Driver, where: Where | None = None, site: str = "") -> Iterator[Server]:
    """A server for the driver's run, in a thread; all its walls hang at `site`."""

    def open_run() -> Joined:
        store = open_store(driver.path, create=False)
        return join(store, store.find_run(driver.run), Actor("viewer"), rows=rows)

    server = Server(where or Where(), open_run, site)
    ready, loops, failed = threading.Event(), list[asyncio.AbstractEventLoop](), list[BaseException]()

    def opened() -> None:
        loops.append(asyncio.get_running_loop())
        ready.set()

    def work() -> None:
        try:
            server.run(opened)
        except BaseException as error:
            failed.append(error)
            ready.set()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    assert ready.wait(20)
    if failed:
        raise failed[0]
    try:
        yield server
    finally:
        if loops and not loops[0].is_closed():
            server.app.state.site.on_fault()
        thread.join(20)
        assert not thread.is_alive()
    if failed:
        raise failed[0]


class Browser(httpx.Client):
    """What a browser without a script does: follows redirects, keeps cookies, sends Origin with a form."""

    def __init__(self, address: str, **settings: object) -> None:
        super().__init__(base_url=address, follow_redirects=True, timeout=20, **settings)  # type: ignore[arg-type]
        self.address = address

    def send_form(self, path: str, fields: Mapping[str, object], **settings: object) -> httpx.Response:
        return self.post(path, data=fields, headers={"origin": self.address}, **settings)  # type: ignore[arg-type]

    def join_with(self, code: str, name: str = "") -> httpx.Response:
        return self.send_form("/join", {"code": code, "name": name})

    def answer(self, ask: str, role: str = "teller", **fields: object) -> httpx.Response:
        plain = {name.replace("__", "."): value for name, value in fields.items()}
        return self.send_form("/seat/answer", {"ask": ask, "role": role, **plain})


def visible(html: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())

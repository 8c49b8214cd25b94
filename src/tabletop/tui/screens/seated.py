"""What a seat's screen knows: what it owes, what was typed towards it, what has come just now.

Owns: which task stands below, drafts, the bell. Refuses to own: drawing and keys (`screens.station`).
"""

from __future__ import annotations

import time

from tabletop.engine.seats import seat_view
from tabletop.engine.views import SeatView

from ..letter import Kind, Letter
from ..outbox import Outbox
from ..station_app import StationApp
from ..tasks import ONLY, OWN, WHY, Reply, Task, fields_of, news, tasks
from .players import PlayerScreen

FRESH_S = 6.0
"""Seconds for which what has come is marked."""

AT = "at"
"""The draft that says what stood below when the screen went."""

LETTERS: tuple[Kind, ...] = ("message", "decision", "feedback")


class Seated(PlayerScreen):
    """The screen of one or more seats."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: tuple[Task, ...] = ()
        self.at = ""
        self.since = 0.0
        """When what stands below came up."""
        self.stays = ""
        """What somebody turned to by hand: nothing else takes its place."""
        self.replies: dict[str, Reply] = {}
        self.reasoned: set[str] = set()
        """Tasks for which somebody wants to give a reason."""
        self.letter: Letter | None = None
        self.known: frozenset[str] | None = None
        self.fresh: frozenset[str] = frozenset()
        self.fresh_until = 0.0
        self.above = 0
        """Lines that are scrolled away."""
        self.zero = False
        """Whether a `0` was typed that waits for one more digit."""
        self.outbox = Outbox(self.app, self.draw)

    @property
    def station(self) -> StationApp:
        app = self.app
        if not isinstance(app, StationApp):
            raise TypeError(type(app).__name__)
        return app

    def take_up_drafts(self) -> None:
        """Goes on where somebody was when the screen went, however it went."""
        drafts = self.desk.drafts
        self.at = self.stays = drafts.get(AT, "")
        for kind in LETTERS:
            if self.at == kind:
                self.letter = Letter.of(kind, self.station.roles, drafts.get(kind, ""))

    def reply(self, key: str) -> Reply:
        """What was picked and typed towards a task."""
        if key not in self.replies:
            self.replies[key] = Reply.of(self.desk.drafts.get(key, ""))
        return self.replies[key]

    def keep(self, key: str, text: str) -> None:
        """Keeps a draft, and lets the others know that somebody types."""
        self.desk.keep_draft(key, text)
        self.station.source.typing_ms = self.desk.conductor.wall_ms()

    @property
    def current(self) -> Task | None:
        """What stands below to be answered."""
        return next((task for task in self.tasks if task.key == self.at), None)

    def view(self) -> SeatView:
        """All that may be shown."""
        desk = self.desk
        return seat_view(desk.plan, desk.state, self.station.roles, desk.elapsed_ms())

    # What has come, and what stands below.

    def look(self, view: SeatView) -> None:
        marks, now = news(view), time.monotonic()
        if self.known is not None and (fresh := marks - self.known):
            self.fresh = fresh | (self.fresh if now < self.fresh_until else frozenset())
            self.fresh_until, self.above = now + FRESH_S, 0
            if not self.app.quiet:
                self.app.bell()
        self.known = marks
        was, self.tasks = self.current, tasks(view)
        if was is not None and self.current is None and was.ask is not None and self.reply(was.key).kept():
            still_open = view.shared.phase == "running" and not view.no_link
            if still_open and not any(ask.id == was.id and any(mine.role == was.role for mine in ask.mine) for ask in view.asks):
                self.outbox.say("station.closed-unsent")
        task, owed = self.current, next((one.key for one in self.tasks if one.owed), "")
        done_with = task is None or (task.mine is not None and self.stays != task.key and not self.changing(task))
        if task is None or (owed and done_with):
            self.turn_to(owed)

    def changing(self, task: Task) -> bool:
        return bool(self.reply(task.key).kept())

    def turn_to(self, key: str, *, by_hand: bool = False) -> None:
        if key != self.at:
            self.at, self.since, self.zero = key, time.monotonic(), False
            if self.letter is None:
                self.desk.keep_draft(AT, key)
        self.stays = key if by_hand else ""

    def wanted_fields(self) -> tuple[str, ...]:
        """The fields that belong to what stands below."""
        if self.letter is not None:
            return self.letter.fields
        task = self.current
        if task is None or task.kind == "receipt":
            return ()
        if task.ask is None:
            return (OWN + ONLY,)
        if task.mine is not None and not self.changing(task):
            return ()
        why = task.key in self.reasoned or bool(self.reply(task.key).text(OWN + WHY))
        return fields_of(task.ask, nameless=not self.person_of(task.role), why=why)

    def reply_now(self) -> Reply:
        return self.letter.reply if self.letter is not None else self.reply(self.at)

    def person_of(self, role: str) -> str:
        """Who sits at a role, as far as this station knows: the name given here, else the only one on its tent."""
        if self.station.person:
            return self.station.person
        people = next((tent.people for tent in self.station.tents() if tent.id == role), ())
        return people[0] if len(people) == 1 else ""

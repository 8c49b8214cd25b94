"""Event streams: each open page has one; it ticks when what that page shows has changed, and ends when its pass does.

Owns: who is told, and that nobody can tell from it that something happened which is not theirs (T11). Refuses to own: what a page shows.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tabletop.engine import events as e
from tabletop.engine.events import Entry
from tabletop.engine.rights import Actor, ActorKind

from .guard import Settings
from .hub import Hub, Now, alarmed
from .passes import actor_of
from .tries import network_of

if TYPE_CHECKING:
    from tabletop.conductor import Pass

PING_S = 4.0
"""Seconds after which a silent stream says that it is there; a page that hears nothing for ten says that the connection is lost."""

Shown = tuple[str, str]
"""Seat and name of a pass: who has both in common is shown the same."""

Signal = Literal["tick", "gone", "door", "crowded", "end"]
"""Look again; this pass opens nothing any more; the door changed; newer pages of this pass have every stream; the server ends, and says
nothing."""


@dataclass(slots=True, eq=False)
class Stream:
    """The stream of one page."""

    address: str
    who: Pass | None
    """As it was when the page was opened; None: somebody at the door."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    signals: set[Signal] = field(default_factory=set)

    @property
    def network(self) -> str:
        """With whom it is counted at the door."""
        return network_of(self.address)

    def wake(self, signal: Signal) -> None:
        self.signals.add(signal)
        self.woken.set()


class Streams:
    """Every open stream."""

    def __init__(self, hub: Hub, settings: Settings, watches: Mapping[ActorKind, Callable[[Now, Actor], object]]) -> None:
        self._hub = hub
        self._settings = settings
        self._watches = watches
        self._open: dict[Stream, None] = {}
        """The oldest first."""
        self._shown: dict[Shown, object] = {}
        """What the pages of each seat show to those of one name, since they were last told."""
        self._door: tuple[bool, bool, bool] | None = None
        """Whether the lobby was locked, paper cards were in use and a real emergency stood, when the door was last told."""
        self._closing = False

    def open(self, address: str, who: Pass | None) -> Stream | None:
        """A stream for a page; None where there are too many (T15).

        A pass that has as many as it may have gives up its oldest: a phone that came back by another network left it behind.
        """
        if who is not None and not self._closing:
            self._make_room(who)
        if self._closing or len(self._open) >= self._settings.most_streams:
            return None
        if who is None and not self._finds_place(address):
            return None
        stream = Stream(address, who)
        self._open[stream] = None
        if self._door is None:
            self._door = self._lobby()
        if who is not None and _of(who) not in self._shown:
            self._shown[_of(who)] = self._show(self._hub.now, actor_of(who, self._settings))
        return stream

    def _make_room(self, who: Pass) -> None:
        """Ends streams of a pass until it may have one more."""
        same_pass = [one for one in self._open if one.who is not None and one.who.id == who.id]
        for gives_up in same_pass[: max(0, len(same_pass) + 1 - self._settings.most_streams_of_a_pass)]:
            gives_up.wake("crowded")
            self.drop(gives_up)

    def _finds_place(self, address: str) -> bool:
        """Whether one more of a network may wait at the door: once all places are taken, whoever has most of them gives one up."""
        at_the_door = [one for one in self._open if one.who is None]
        held, network = Counter(one.network for one in at_the_door), network_of(address)
        if held[network] >= self._settings.most_streams_of_an_address:
            return False
        if len(at_the_door) < self._settings.most_streams_at_the_door:
            return True
        [(crowd, most)] = held.most_common(1)
        if most <= held[network] + 1:
            return False
        gives_up = next(one for one in at_the_door if one.network == crowd)
        gives_up.wake("end")
        self.drop(gives_up)
        return True

    def drop(self, stream: Stream) -> None:
        """Its page is gone."""
        self._open.pop(stream, None)
        self._forget()

    def _forget(self) -> None:
        """What is shown to nobody any more."""
        held = {_of(who) for one in self._open if (who := self._holder(one)) is not None}
        for key in self._shown.keys() - held:
            del self._shown[key]

    def _holder(self, stream: Stream) -> Pass | None:
        """Who holds the pass of a page now: they may have said another name since it was opened."""
        return None if stream.who is None else self._hub.passes.get(stream.who.id, stream.who)

    async def events(self, stream: Stream) -> AsyncIterator[bytes]:
        """What the page is sent. Begins with a tick: it may have missed something while it had no stream."""
        try:
            stream.wake("tick" if stream.who is not None or alarmed(self._hub.now) else "door")
            while True:
                try:
                    async with asyncio.timeout(PING_S):
                        await stream.woken.wait()
                except TimeoutError:
                    yield b"event: ping\ndata: 1\n\n"
                    continue
                stream.woken.clear()
                signals, stream.signals = stream.signals, set()
                if "end" in signals:
                    return
                for signal in sorted(signals):
                    yield f"event: {signal}\ndata: 1\n\n".encode()
                if signals & {"gone", "crowded"}:
                    return
        finally:
            self.drop(stream)

    def changed(self, entries: Sequence[Entry]) -> None:
        """Something was recorded, or what is known beside the log changed: those are told whose page shows it."""
        now = self._hub.now
        concerned = _concerned(now, entries) if entries else None
        alike: dict[Shown, tuple[Pass, list[Stream]]] = {}
        for stream in self._open:
            if (who := self._holder(stream)) is not None:
                alike.setdefault(_of(who), (who, []))[1].append(stream)
        for key, (who, streams) in alike.items():
            actor = actor_of(who, self._settings)
            if concerned is not None and actor.kind in ("seat", "control") and concerned.isdisjoint(actor.roles):
                continue
            shown = self._show(now, actor)
            if shown != self._shown.get(key):
                self._shown[key] = shown
                for stream in streams:
                    stream.wake("tick")
        self._tell_the_door()

    def doors_changed(self) -> None:
        """Who was sent out is told and cut off; who stands at the door looks again if it was opened or closed."""
        self._forget()
        for stream in self._open:
            if stream.who is not None and stream.who.id not in self._hub.passes:
                stream.wake("gone")
        self._tell_the_door()

    def _tell_the_door(self) -> None:
        """Who stands at the door looks again if there is something else to see."""
        before, self._door = self._door, self._lobby()
        for stream in self._open if self._door != before else ():
            if stream.who is None:
                stream.wake("door")

    def close(self) -> None:
        """The server ends: every stream ends."""
        self._closing = True
        for stream in self._open:
            stream.wake("end")

    def _lobby(self) -> tuple[bool, bool, bool]:
        return self._hub.lobby.locked, self._hub.lobby.paper, alarmed(self._hub.now)

    def _show(self, now: Now, actor: Actor) -> object:
        watch = self._watches.get(actor.kind)
        return None if watch is None else watch(now, actor)


def _of(who: Pass) -> Shown:
    return who.seat, who.name


def _concerned(now: Now, entries: Sequence[Entry]) -> set[str] | None:
    """The roles at whose seats alone these entries can be seen, with those whose people play them as well; None: anybody's.

    Spares looking at two hundred seats for the answer of one, or for the mark of an evaluator.
    """
    roles: set[str] = set()
    for entry in entries:
        named = _named(now, entry.event)
        if named is None:
            return None
        for role in named:
            roles.update(now.plan.played_with(now.state, role))
    return roles


def _named(now: Now, event: e.AnyEvent) -> tuple[str, ...] | None:
    """The roles whose seats show an entry; none: no player's seat does; None: it may be anybody's (`engine.seats.seat_view`)."""
    match event:
        case e.RatingsLocked():
            # A word afterwards can be changed no more.
            return None
        case e.Noted(category=category, role=role) if category not in SHOWN_NOTES:
            return (role,) if role and category in FEEDBACK else ()
        case (
            e.ActionMarked()
            | e.RoleHeard()
            | e.Rated()
            | e.BehaviourScored()
            | e.BreachRecorded()
            | e.IndicatorMeasured()
            | e.ProbeShown()
            | e.HintShown()
        ):
            return ()
        case e.AnswerGiven(role=role) | e.InjectAcknowledged(role=role) | e.DecisionMade(role=role):
            return (role,)
        case e.MessageSent(role=role, to=to):
            return role, to
        case e.MessageAcknowledged(message=seq):
            return next(((sent.role, sent.to) for sent in now.state.messages if sent.seq == seq), None)
        case _:
            return None


FEEDBACK = frozenset({"strength", "gap"})
"""Categories of notes that a seat may leave after ENDEX, and is shown of its own."""

SHOWN_NOTES = frozenset({"ruling", "parked"})
"""Categories of notes that players are shown, at their seats or on the wall."""

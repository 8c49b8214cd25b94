"""Where the desk of a seat gets its run from: a run of the store that somebody else drives, joined on the desk's thread.

Owns: whose drafts are kept, that the seat is there, whether anybody drives. Refuses to own: what the seat may append (engine).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from tabletop.engine.joining import roles_of
from tabletop.engine.state import same_person
from tabletop.errors import TabletopError

if TYPE_CHECKING:
    from tabletop.conductor import Conductor, Joined
    from tabletop.conductor.attending import Attendance
    from tabletop.conductor.watching import Watch
    from tabletop.debrief.model import RunInfo

BY = " @"
"""In the name under which a draft is kept, between the field and who typed it."""

BEAT_S = 2.0
"""Seconds between two signs of life (F14)."""

MISSED_MS = 2_500
"""Milliseconds without a sign of life after which a terminal may have been killed: its seat is offered to who comes next."""


class JoinedRun:
    """A run that this process takes part in. Methods are for the desk's thread; the attributes may be read and set on any."""

    takes_part = True
    drives = False
    driver = ""

    def __init__(self, join_run: Callable[[], Joined]) -> None:
        self._attending: Attendance | None = None
        self._watching: Watch | None = None
        self._join_run = join_run
        self._joined: Joined | None = None
        self._beaten = float("-inf")
        self._unsaved: dict[tuple[str, str], str] = {}
        """Drafts that the store has not taken yet, by seat and field."""
        self._taken_up: dict[str, str] = {}
        """Drafts of somebody who is here no more, by name, each with the field that it was kept under."""
        self.seat = ""
        """Whose drafts are kept, as the log names the actor; empty: nobody's."""
        self.there = ""
        """Which seat the others see here; empty: none yet."""
        self.name = ""
        self.in_hand = ""
        """Where the terminal goes from hand to hand, the role that has it; empty: nobody, or it stays where it is."""
        self.typing_ms: int | None = None
        """When a key of a draft was pressed last, in milliseconds since 1970 UTC."""
        self.driven = True
        """Whether anybody drives, when that was looked up last."""
        self.left_seats: tuple[tuple[str, str], ...] = ()
        """Seats at terminals that went without a word, with the name there, the last to be seen first."""
        self.seats_here: tuple[tuple[str, str], ...] = ()
        """Seats at which somebody is at a terminal or a browser now, with the name there."""

    @property
    def joined(self) -> Joined:
        """The open run. Raises RuntimeError before `open`."""
        if self._joined is None:
            raise RuntimeError("the run is not open yet")
        return self._joined

    def open(self) -> Conductor:
        from tabletop.conductor.attending import Attendance
        from tabletop.conductor.watching import Watch

        self._joined = self._join_run()
        self._joined.conductor.catch_up()
        self._attending = Attendance(self._joined)
        self._watching = Watch(self._joined.conductor, self._joined.store)
        self.watch()
        self._look_around(self._attending)
        return self._joined.conductor

    @property
    def kind(self) -> str:
        return "live" if self._joined is None else self._joined.kind

    def take_over(self) -> None:
        """A seat never drives."""

    def watch(self) -> None:
        """Looks whether anybody drives and how far the clock has got, and in an emergency who is here. Raises what the store raises."""
        if self._watching is not None:
            self.driven = self._watching.look()

    def beat(self, exercise_ms: int) -> None:
        """Says every two seconds that somebody is at the seat. Raises what the store raises."""
        if self._attending is None or time.monotonic() - self._beaten < BEAT_S:
            return
        self._beaten = time.monotonic()
        self._look_around(self._attending)
        self._save()
        if self.there:
            self._attending.beat(self.there, self.name, self.typing_ms, self.in_hand)

    def _look_around(self, attending: Attendance) -> None:
        if self.there:
            # Who else is here matters only while somebody chooses a seat.
            return
        now_ms, others = self.joined.conductor.wall_ms(), attending.others()
        silent = [here for here in others if here.kind == "terminal" and not here.gone and now_ms - here.seen_ms > MISSED_MS]
        silent.sort(key=lambda here: -here.seen_ms)
        self.seats_here = tuple((here.seat, here.name) for here in others if not here.gone and now_ms - here.seen_ms <= MISSED_MS)
        taken = {seat for seat, _ in self.seats_here}
        self.left_seats = tuple((here.seat, here.name) for here in silent if here.seat not in taken)

    def sit(self, seat: str, there: str, name: str) -> dict[str, str]:
        """From now on the seat is this one; its drafts. Raises what the store raises."""
        self.seat, self.there, self.name = seat, there, name
        self.in_hand = seat.partition(":")[2] if seat != there else ""
        self.typing_ms, self._beaten = None, float("-inf")
        return self.drafts()

    def drafts(self) -> dict[str, str]:
        """What was typed at the seat: as the store has it, and over that what it could not take yet.

        Two people may write at one role: what somebody typed under their name is theirs. Without a name one goes on with what was typed
        by those who are at no screen of the seat any more; so does who gives one, with what was typed without.
        """
        if not self.seat:
            return {}
        kept = self.joined.store.drafts.load(self.joined.conductor.run, self.seat)
        kept |= {field: text for (seat, field), text in self._unsaved.items() if seat == self.seat}
        found: dict[str, str] = {}
        self._taken_up, mine = {}, self._owner
        here = self._here()
        for field, text in kept.items():
            name, _, owner = field.partition(BY)
            if owner == mine:
                found[name] = text
                self._taken_up.pop(name, None)
            elif name not in found and not (owner and mine) and owner not in here:
                found[name] = text
                self._taken_up[name] = field
        return found

    def _here(self) -> set[str]:
        """Who is at another terminal or a browser of a role of this seat now."""
        if self._attending is None:
            return set()
        now_ms = self.joined.conductor.wall_ms()
        there = [one for one in self._attending.others() if not one.gone and now_ms - one.seen_ms <= MISSED_MS]
        return {same_person(one.name) for one in there if set(roles_of(one.seat)) & set(roles_of(self.seat))}

    @property
    def _owner(self) -> str:
        """Under whose name drafts are kept here: at a seat of roles, that of who typed them."""
        return same_person(self.name) if roles_of(self.seat) else ""

    def keep_draft(self, name: str, text: str) -> None:
        """Keeps a draft of the seat. Raises what the store raises; then it is tried again at the next one and at every sign of life."""
        if self.seat:
            self._unsaved[self.seat, f"{name}{BY}{self._owner}" if self._owner else name] = text
            if name in self._taken_up:
                self._unsaved[self.seat, self._taken_up.pop(name)] = ""
            self._save()

    def _save(self) -> None:
        for (seat, field), text in list(self._unsaved.items()):
            self.joined.store.drafts.save(self.joined.conductor.run, seat, field, text)
            del self._unsaved[seat, field]

    def info(self) -> RunInfo:
        """What a document prints is nothing for a seat."""
        raise TabletopError("refused.not-yours", actor=self.seat)

    def close(self) -> None:
        """Leaves in good order."""
        if self._joined is None:
            return
        try:
            with suppress(TabletopError):
                # Leaving waits for no store; what could be saved was.
                self._save()
            if self._attending is not None:
                self._attending.leave()
        finally:
            self._joined.store.close()

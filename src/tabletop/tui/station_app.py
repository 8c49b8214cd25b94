"""The program of a station: one or more seats at a terminal, or a laptop that goes from hand to hand.

Owns: who sits here, and which screen is shown. Refuses to own: what is shown there, and what may be recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from tabletop.engine import commands as c
from tabletop.engine.joining import person_name, place_to_sign_in
from tabletop.engine.plan import Plan
from tabletop.engine.rights import Actor
from tabletop.engine.roles import Tent, at_the_table, role_named, roles_at_seat
from tabletop.engine.seats import seat_view
from tabletop.engine.state import State
from tabletop.engine.stopped import called_now
from tabletop.errors import Exit, NotFound, TabletopError

from .arrivals import to_read
from .look import CHOOSING
from .player_app import PlayerApp
from .seat_source import JoinedRun
from .tasks import news

if TYPE_CHECKING:
    from tabletop.engine.events import Entry


class StationApp(PlayerApp):
    """A terminal with one or more seats."""

    def __init__(
        self,
        source: JoinedRun,
        *,
        language: str = "en",
        quiet: bool = False,
        roles: Sequence[str] = (),
        name: str = "",
        private: bool = False,
    ) -> None:
        super().__init__(source, language=language, quiet=quiet)
        self.asked_roles = tuple(roles)
        self.given = name
        """The name that was given for whoever is here now, under which this device is known; empty: none."""
        self.person = name
        """Who sits here, or types for a group, as they are called now; empty: not said."""
        self.private = private
        """Whether this terminal goes from hand to hand."""
        self.chosen: tuple[str, ...] = ()
        """The roles that were chosen at the start."""
        self.in_hand = ""
        """Where the terminal goes round: the role that has it now."""
        self.named = ""
        """Where it goes round at one seat: whose that is, as far as it was said."""
        self._seen: dict[str, frozenset[str]] = {}
        """What those who share this terminal have had before their eyes, by role, as `tasks.news` marks it."""
        self.sitting_down = False
        """Whether a seat was taken and is not shown yet: until then nobody else sits down here."""
        self._takings = 0
        """How often a seat was taken or hidden: one that was hidden before it was shown is not shown."""
        self._by_control = False
        """Whether control sat down here; a seat of the room never turns into one of control's."""

    # Who sits here.

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles of the seat that is shown now, with those that are played with them."""
        desk = self.desk
        if desk is None or not desk.ready:
            return ()
        return roles_at_seat(desk.state, desk.plan, (self.in_hand,) if self.in_hand else self.chosen)

    @property
    def actor(self) -> Actor:
        return self.actor_of(self.roles or self.chosen)

    def actor_of(self, roles: Sequence[str]) -> Actor:
        """A seat of roles as the log names it; before anybody sat down, somebody who only looks."""
        return Actor("control" if self._by_control else "seat", roles=tuple(roles)) if roles else Actor("viewer")

    @property
    def place_name(self) -> str:
        return str(self.actor) if self.chosen else CHOOSING

    @property
    def site(self) -> str:
        """The place of the seat's roles, where it is one; else where the run is played."""
        desk = self.desk
        if desk is None or not desk.ready:
            return ""
        sites = {desk.plan.role(role).site for role in self.roles}
        return (sites.pop() or super().site) if len(sites) == 1 else super().site

    def tents(self) -> tuple[Tent, ...]:
        """Who sits at the table."""
        desk = self.desk
        return () if desk is None else at_the_table(desk.plan, desk.state)

    # Which screen is shown.

    async def first_screen(self) -> None:
        desk = self.desk
        if desk is None:
            return
        self.asked_roles = found_roles(desk.plan, desk.state, self.asked_roles)
        if self.asked_roles and (self.person or self.private):
            await self.take_seats(self.asked_roles, self.person)
        else:
            from .screens.choosing import ChoosingScreen

            await self.show_alone(ChoosingScreen(self.asked_roles))

    async def take_seats(self, roles: Sequence[str], name: str) -> None:
        """These roles sit here from now on."""
        if self.sitting_down:
            return
        desk = self.desk
        self.chosen, self.given = tuple(roles), person_name(name)
        self.person = self.given
        self._by_control = desk is not None and all(desk.plan.staffed_by(desk.state, role) == "control" for role in roles)
        if self.private:
            # One name cannot be all of theirs who pass a terminal round; where it stays with one seat, it is that seat's.
            self.named = self.person if len(self.chosen) == 1 else ""
            self.given = self.person = self.named
            self._sign_in()
            await self.pass_on()
            return
        self._seated(self.chosen)
        self._sign_in()

    def _seated(self, roles: Sequence[str]) -> None:
        """Takes the drafts of a seat up, then shows it."""
        desk = self.desk
        if desk is not None:
            self.sitting_down = True
            self._takings += 1
            take = partial(self.source.sit, str(self.actor_of(roles)), str(self.actor_of(self.chosen)), self.given)
            desk.sit(take, partial(self._show_station, self._takings), self.desk_failed)

    def _show_station(self, taking: int) -> None:
        self.run_worker(self._sit_down(taking))

    async def _sit_down(self, taking: int) -> None:
        from .screens.station import StationScreen

        if taking == self._takings:
            await self.show_alone(StationScreen())
        if taking == self._takings:
            self.sitting_down = False

    def _sign_in(self) -> None:
        """Who gave a name is in the log, and on the roll of a head count."""
        desk = self.desk
        if desk is None or not self.person:
            return
        seat = self.actor_of((self.in_hand,) if self.in_hand else self.chosen)
        place = place_to_sign_in(desk.plan, desk.state, seat, self.person)
        if place is not None:
            self.ask(c.SeatPerson(place[0], self.person, place[1]), lambda _: None, lambda _: None)

    def reported(self, role: str, person: str) -> None:
        """Who gave their name with a report is known by it from then on, where the seat is that role's alone.

        Who reports for one role of a group says nothing of who answers for the others.
        """
        if self.in_hand == role or self.chosen == (role,):
            self.given = self.person = person_name(person)
            self._sign_in()

    def desk_changed(self, fresh: Sequence[Entry]) -> None:
        """Whoever is here answers as they are called now; the device is known by the name that was given at it."""
        self._follow_names()
        super().desk_changed(fresh)

    def _follow_names(self) -> None:
        desk = self.desk
        if desk is not None and desk.ready and self.given:
            self.person = called_now(desk.state, (self.in_hand,) if self.in_hand else self.chosen, self.given)

    async def pass_on(self) -> None:
        """Hides what the last seat showed, or was about to, at once; the next person chooses."""
        from .screens.handing import HandingScreen

        self.wipe()
        shown, self.sitting_down = not self.sitting_down, False
        self._takings += 1
        if self.in_hand and shown:
            self._seen[self.in_hand] = self._news_of(self.in_hand)
        self.in_hand = ""
        self.given = self.person = self.named
        desk = self.desk
        if desk is not None:
            desk.sit(partial(self.source.sit, "", str(self.actor_of(self.chosen)), self.named), lambda: None, self.desk_failed)
        await self.show_alone(HandingScreen())

    def action_leave(self) -> None:
        """What was typed on while the store was busy is kept as well."""
        self.keep_waiting()
        super().action_leave()

    def _news_of(self, role: str) -> frozenset[str]:
        desk = self.desk
        if desk is None or not desk.ready:
            return frozenset()
        roles = roles_at_seat(desk.state, desk.plan, (role,))
        return to_read(news(seat_view(desk.plan, desk.state, roles, desk.elapsed_ms())))

    def unseen(self, by: str = "") -> frozenset[tuple[str, str]]:
        """What has come for those who share this terminal and was not before their eyes: role and mark. `by` sees the screen now."""
        if not self.private:
            return frozenset()
        here = self._news_of(by) if by else frozenset()
        return frozenset(
            (role, mark)
            for role in self.chosen
            if role != by
            for mark in self._news_of(role) - self._seen.setdefault(role, self._news_of(role)) - here
        )

    def take_in_hand(self, role: str) -> None:
        """The terminal is in the hands of this role now."""
        if self.sitting_down:
            return
        self.in_hand = role
        tent = next(tent for tent in self.tents() if tent.id == role)
        self.given = self.person = self.named or (tent.people[0] if len(tent.people) == 1 else "")
        self._follow_names()
        self._seated((role,))


def found_roles(plan: Plan, state: State, asked: Sequence[str]) -> tuple[str, ...]:
    """The roles somebody named (`role_named`), in file order: what was typed at a seat is kept by its roles in that order.

    Raises NotFound; TabletopError where control's and the room's are mixed.
    """
    named: set[str] = set()
    for name in asked:
        role = role_named(plan, name)
        if role is None:
            raise NotFound("station.no-role", name=name, known=", ".join(plan.exercise.role_by_id))
        named.add(role)
    found = tuple(role for role in plan.exercise.role_by_id if role in named)
    require_one_side(plan, state, found)
    return found


def require_one_side(plan: Plan, state: State, roles: Sequence[str]) -> None:
    """Roles that control plays do not share a seat with those of the room. Raises TabletopError."""
    if len({plan.staffed_by(state, role) == "control" for role in roles}) > 1:
        raise TabletopError("station.mixed", exit_code=Exit.USAGE)

"""The roll of a head count: everybody to be counted in a real emergency, once, whoever asks. Pure.

Owns: who is on it, from the log and from who is at a device, and who was counted. Refuses to own: who looks at the devices
(conductor), how it looks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import get_args

from tabletop.text import Text

from .around import AtDevice
from .joining import person_name
from .plan import Plan
from .rights import Actor
from .roles import place_of
from .state import State, same_person
from .stopped import has_left, known_as
from .views import OnRoll, Post

THERE_MS = 6_000
"""Milliseconds before the first press within which a device was seen at which somebody sat then."""

SITTING_MS = 12 * 3_600_000
"""Milliseconds before the first press within which somebody left a device in good order who may still be in the building: a run that is
gone on with on another day has other people."""

ORDER: tuple[Post, ...] = get_args(Post)

_LATEST: list[tuple[Plan, State, tuple[AtDevice, ...], tuple[OnRoll, ...]]] = []
"""The last rolls, with what each was worked out from."""


def roll(plan: Plan, state: State, devices: tuple[AtDevice, ...] = ()) -> tuple[OnRoll, ...]:
    """Everybody to be counted, in the order of the roles, then those who judge, record and look on.

    By name: who signed in and has not left, who judged or recorded, who is or was at a device under a name. One person at several
    roles or devices is one row, which says where it may be several people of that name. Without a name: one at each role that people
    play and nobody is known for, or where a device is. Who writes for a group is one of it: for its other roles somebody is looked
    for, too. The same objects give the same roll again: every screen of a room asks for it.
    """
    for known in _LATEST:
        if known[0] is plan and known[1] is state and known[2] is devices:
            return known[3]
    made = tuple(_worked_out(plan, state, devices))
    _LATEST[:] = [(plan, state, devices, made), *_LATEST[:3]]
    return made


def _worked_out(plan: Plan, state: State, devices: Sequence[AtDevice]) -> Iterator[OnRoll]:
    made = _Roll(plan, state)
    for person in state.people:
        if person.left_ms is None:
            made.sign_in(person.name, person.role)
    # A name comes before the device beside it that gives none.
    there = sorted((device for device in devices if _looked_for(state, device)), key=lambda device: (not device.name, device.seat))
    for device in there:
        if (actor := _actor(device.seat)) is not None:
            made.sit(actor, known_as(state, actor.roles, person_name(device.name)))
    for author in sorted({author for author in _judging(state) if author}):
        if (actor := _actor(author)) is not None and not actor.roles:
            made.sit(actor, "")
    for device in there:
        actor = _actor(device.seat)
        if actor is not None and not device.name and _at_the_alarm(state, device):
            made.nameless(actor)
    for role in plan.exercise.roles:
        if plan.staffed_by(state, role.id) == "people":
            made.nameless(Actor("seat", roles=(role.id,)))
    for device in devices:
        if (actor := _actor(device.seat)) is not None and actor.roles:
            made.signed_in_at(actor, known_as(state, actor.roles, person_name(device.name)))
    return made.counted()


class _Roll:
    """A roll while it is put together."""

    def __init__(self, plan: Plan, state: State) -> None:
        self._plan, self._state = plan, state
        self._found: dict[str, OnRoll] = {}
        self._roles: dict[str, tuple[str, ...]] = {}
        """The roles of those who are there for roles, in the order in which they were found."""
        self._writes: dict[str, tuple[str, ...]] = {}
        """The roles of a group for which somebody writes."""
        self._posts: set[str] = set()
        """Seats of judges, recorders and site controllers at which somebody is known."""
        self._signed: dict[str, set[str]] = {}
        """The roles at which a name is signed in."""
        self._seats: dict[str, set[Actor]] = {}
        """The seats of devices at which a name is, was, or signed in."""

    def sign_in(self, name: str, role: str) -> None:
        """Somebody signed in at a role and has not left."""
        self.add(person_name(name), "role", (role,))
        self._signed.setdefault(same_person(person_name(name)), set()).add(role)

    def signed_in_at(self, actor: Actor, name: str) -> None:
        """A device of roles, in use or left: a name that is signed in at one of them came from there."""
        if self._signed.get(same_person(name), set()).intersection(actor.roles):
            self._is_at(name, actor)

    def _is_at(self, name: str, actor: Actor) -> None:
        self._seats.setdefault(same_person(name), set()).add(Actor(actor.kind, actor.name, tuple(sorted(actor.roles))))

    def _places(self, key: str) -> int:
        """At how many seats a name is: those of devices, and where it signed in at a role that none of them plays."""
        seats = self._seats.get(key, set())
        played = {other for seat in seats for role in seat.roles for other in self._plan.played_with(self._state, role)}
        return max(1, len(seats) + (1 if seats and self._signed.get(key, set()) - played else 0))

    def add(self, name: str, post: Post, roles: tuple[str, ...] = (), seats: tuple[Text, ...] = (), person: str = "") -> None:
        """Somebody is there; who is known already only gets further roles."""
        key = same_person(person or name)
        known = self._found.get(key)
        if known is None or (post == "role" and known.post != "role"):
            self._found[key] = OnRoll(" ".join(name.split()), post, seats, person or " ".join(name.split()))
        if roles:
            self._roles[key] = tuple(dict.fromkeys((*self._roles.get(key, ()), *roles)))

    def sit(self, actor: Actor, name: str) -> None:
        """Somebody is, or was, at that seat; without a name only where the seat itself is somebody's."""
        if actor.roles:
            known = tuple(role for role in actor.roles if role in self._plan.exercise.role_by_id)
            if name and known and actor.kind != "practice":
                self._write(name, known)
                self._is_at(name, actor)
        elif actor.kind in ("evaluator", "lead", "recorder", "site"):
            seat = str(Actor("evaluator", actor.name) if actor.kind == "lead" else actor)
            called = name or ("" if actor.kind == "site" else person_name(actor.name))
            if name or seat not in self._posts:
                seats = (place_of(self._plan, actor.name),) if actor.kind == "site" else ()
                self.add(called, actor.kind, seats=seats, person="" if called else seat)
                self._is_at(called, Actor.parse(seat))
            self._posts.add(seat)
        elif actor.kind == "viewer" and name:
            self.add(name, "viewer")
            self._is_at(name, actor)

    def _write(self, name: str, roles: tuple[str, ...]) -> None:
        """Somebody is at a device of `roles`: plays one of them, their own where that is known, and may write for others."""
        key = same_person(name)
        own = next((role for role in roles if role in self._roles.get(key, ())), None)
        free = next((role for role in roles if not self._is_known(role)), roles[0])
        self.add(name, "role", (own or free,))
        self._writes[key] = tuple(dict.fromkeys((*self._writes.get(key, ()), *roles)))

    def nameless(self, actor: Actor) -> None:
        """Somebody without a name at a seat of roles: one for each role that nobody is known for; one in all who plays for control."""
        free = tuple(role for role in actor.roles if role in self._plan.exercise.role_by_id and not self._is_known(role))
        if actor.kind == "control":
            if free and len(free) == len(actor.roles):
                self.add("", "role", free, person=f"control:{free[0]}")
            return
        if actor.kind == "seat":
            for role in free:
                self.add("", "role", (role,), person=f"seat:{role}")

    def _is_known(self, role: str) -> bool:
        """Whether anybody is known who plays a role, as their own or with another."""
        playing = set(self._plan.played_with(self._state, role))
        return any(playing.intersection(roles) for roles in self._roles.values())

    def counted(self) -> Iterator[OnRoll]:
        """Everybody, in order, with when they were counted."""
        raised = self._state.emergency
        times = {} if raised is None else {same_person(one.person): one.wall_ms for one in raised.counted}
        place = {role.id: number for number, role in enumerate(self._plan.exercise.roles)}

        def order(key: str) -> tuple[int, int]:
            roles = self._roles.get(key, ())
            return ORDER.index(self._found[key].post), min((place[role] for role in roles), default=0)

        for key in sorted(self._found, key=order):
            one = self._found[key]
            played = {*self._roles.get(key, ()), *self._writes.get(key, ())} if one.post == "role" else ()
            roles = sorted(played, key=lambda role: place[role])
            seats = tuple(self._plan.exercise.role_by_id[role].title for role in roles) or one.seats
            yield replace(one, seats=seats, counted_wall_ms=times.get(key), places=self._places(key))


def _actor(seat: str) -> Actor | None:
    """Whose seat it is; None for one that no table knows."""
    try:
        return Actor.parse(seat)
    except ValueError:
        return None


def _at_the_alarm(state: State, device: AtDevice, within_ms: int = THERE_MS) -> bool:
    """Whether somebody sat at a device when the alarm was raised, or `within_ms` milliseconds before, or came since."""
    return state.emergency is None or device.seen_ms >= state.emergency.since_wall_ms - within_ms


def _looked_for(state: State, device: AtDevice) -> bool:
    """Whether who was at a device is looked for: not who is recorded as having gone, nor who left a device in good order on another day.

    Who only left their device, or whose server ended, may well be in the building: who is not on a roll cannot be missed.
    """
    if _at_the_alarm(state, device):
        return True
    who = same_person(device.name)
    left = [has_left(state, person) for person in state.people if same_person(person.name) == who]
    return not (left and all(left)) and not (device.gone and not _at_the_alarm(state, device, SITTING_MS))


def _judging(state: State) -> Iterable[str]:
    """The authors of what is recorded about the room."""
    yield from (mark.actor for marks in state.marks.values() for mark in marks)
    yield from (note.actor for note in state.notes)
    yield from (breach.actor for breach in state.breaches)
    yield from (decision.actor for decision in state.decisions)
    yield from (rating.actor for rating in state.ratings.values())
    yield from (score.actor for score in state.behaviour.values())
    yield from (record.released_by for record in state.injects.values())

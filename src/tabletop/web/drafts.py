"""What is typed at a browser and not sent, kept for each device; taken up at another of the seat once its own is nobody else's any more.

Two people at one role write at the same time: neither's words take the place of the other's, nor come into the form of the other, who
would send them under the wrong name. On the hub's thread.
Owns: whose a kept draft is. Refuses to own: what stands in one (`fields`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from tabletop.conductor import Joined, Pass
from tabletop.engine.joining import HERE_MS, NAMED
from tabletop.engine.rights import Actor
from tabletop.engine.state import same_person

from .fields import LONGEST_KEY, MOST_DRAFTS, Fields, said

PREFIX = "web:"
"""What the names of drafts of browsers begin with."""

OF_EACH = "feedback"
"""Forms whose words are each person's own, whoever comes to the device."""


def load(joined: Joined, who: Pass) -> dict[str, str]:
    """What stands in the forms of a browser, by form."""
    run = joined.conductor.run
    found: dict[str, str] = {}
    others = _Others(joined, who)
    for field, text in joined.store.drafts.load(run, who.seat).items():
        key, owner = _key_and_owner(field)
        if key and (owner == who.id or (key not in found and _goes_round(key) and (others.same(owner) or others.away(owner)))):
            found[key] = text
    return found


def keep(joined: Joined, who: Pass, key: str, text: str) -> bool:
    """Keeps what stands in a form, and lets go of what was taken up from another device; False where there are too many.

    Raises TabletopError.
    """
    run = joined.conductor.run
    there = joined.store.drafts.load(run, who.seat)
    own = _field(key, who)
    if own not in there and (len(there) >= MOST_DRAFTS or len(key) > LONGEST_KEY):
        return False
    joined.store.drafts.save(run, who.seat, own, text)
    others = _Others(joined, who)
    for field, owner in _others(there, key, who):
        if others.same(owner):
            joined.store.drafts.clear(run, who.seat, field)
    return True


def forget(joined: Joined, who: Pass, key: str, fields: Fields, *, sent: bool) -> None:
    """Forgets what was sent, wherever at the seat nothing else was typed; `sent`: here whatever stood there. Raises TabletopError."""
    run = joined.conductor.run
    there, own = joined.store.drafts.load(run, who.seat), _field(key, who)
    if sent or said(there.get(own, ""), fields):
        joined.store.drafts.clear(run, who.seat, own)
    others = _Others(joined, who)
    for field, owner in _others(there, key, who):
        if said(there[field], fields) or (sent and others.same(owner)):
            joined.store.drafts.clear(run, who.seat, field)


def _field(key: str, who: Pass) -> str:
    return f"{PREFIX}{key}@{who.id}"


def _key_and_owner(field: str) -> tuple[str, str]:
    """The form of a draft and the pass it was typed with; no form where it is none of a browser's."""
    if not field.startswith(PREFIX):
        return "", ""
    key, at, owner = field.removeprefix(PREFIX).rpartition("@")
    return (key, owner) if at else (owner, "")


def _others(there: dict[str, str], key: str, who: Pass) -> Iterator[tuple[str, str]]:
    """The drafts of that form at other devices of the seat, each with its pass."""
    for field in there:
        form, owner = _key_and_owner(field)
        if form == key and owner != who.id and _goes_round(key):
            yield field, owner


def _goes_round(key: str) -> bool:
    return key.partition(".")[0] != OF_EACH


class _Others:
    """The other devices of a seat, as `who` is to them; what is known of them is looked up once, and only if it is asked for."""

    def __init__(self, joined: Joined, who: Pass) -> None:
        self._joined, self._who = joined, who

    def same(self, owner: str) -> bool:
        """Whether what was typed with a pass is for `who` to go on with, for good.

        So is that of a pass that was taken away, of one under the same name (who lost a phone comes back with another), and at the seat
        of one person, of every one.
        """
        other, who = self._passes.get(owner), self._who
        if other is None or other.kicked or Actor.parse(who.seat).kind in NAMED:
            return True
        return bool(who.name) and same_person(who.name) == same_person(other.name)

    def away(self, owner: str) -> bool:
        """Whether a pass has no name and its device is gone: its words show where nothing else was typed, and stay kept there."""
        other = self._passes.get(owner)
        if other is None or other.name:
            return False
        return self._joined.conductor.wall_ms() - self._seen_ms.get(owner, other.made_ms) > HERE_MS

    @cached_property
    def _passes(self) -> dict[str, Pass]:
        return {one.id: one for one in self._joined.store.seats.passes(self._joined.conductor.run)}

    @cached_property
    def _seen_ms(self) -> dict[str, int]:
        """When each device was seen last, by its pass; 0: it left."""
        here = self._joined.store.presence.all(self._joined.conductor.run)
        return {one.place: 0 if one.gone else one.seen_ms for one in here}

"""Who is at a device, and the lobby: what a console knows of it, looked up every two seconds.

Owns: what a device counts as (here, away since when, typing), whose it is, and whether anybody drives. Refuses to own: rows (store), how
it looks.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tabletop.engine.rights import Actor
from tabletop.errors import TabletopError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tabletop.store.presence import Here

    from .opening import Opened

CROWD_S = 2.0
"""Seconds between two looks at who is there: how often a device says so."""

TOGETHER_MS = 1_000
"""Milliseconds within which two signs of life come with the same beat of a server."""


@dataclass(frozen=True, slots=True)
class Device:
    """One terminal or browser. It changes only where that shows, so that nothing is drawn anew for a sign of life."""

    place: str
    seat: str
    """As the log names an actor: `seat:teller-1+teller-2`, `evaluator:E1`, `wall`."""
    name: str
    kind: str
    """`terminal` or `browser`."""
    away_ms: int | None = None
    """When it was seen last, in milliseconds since 1970 UTC, where it is away; None: it is there."""
    gone: bool = False
    """Whether it left in good order: nobody is missed. A browser never does: one goes so with its server, and nobody has left."""
    typing: bool = False
    pass_id: str = ""
    """The pass of a browser, which can be taken away from it."""
    in_hand: str = ""
    """Of a terminal that goes from hand to hand, the role that has it; empty: what is typed there is typed for every role."""

    @property
    def here(self) -> bool:
        return self.away_ms is None and not self.gone

    @property
    def actor(self) -> Actor | None:
        """Whose seat it is; None for one that no table knows."""
        try:
            return Actor.parse(self.seat)
        except ValueError:
            return None

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that sit there."""
        actor = self.actor
        return () if actor is None else actor.roles


@dataclass(frozen=True, slots=True)
class Code:
    """What is known of a seat's newest code: not the code itself."""

    seat: str
    used: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A server of browser seats that is no more."""

    address: str
    """Where it was, as people typed it."""
    since_ms: int | None = None
    """When it was seen last, in milliseconds since 1970 UTC; None: nobody was there who could tell."""
    cut_off: int = 0
    """How many browsers were there until then."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody at a device, and the lobby, at one moment."""

    devices: tuple[Device, ...] = ()
    codes: tuple[Code, ...] = ()
    locked: bool = False
    paper: bool = False
    """Paper cards are used: no device is awaited."""
    hellos: int = 0
    address: str = ""
    """Where other devices reach the server; empty: they reach none."""
    own_address: str = ""
    """Where a server is that this computer alone reaches; empty: none runs, or others reach it, too."""
    ended: Ended | None = None
    """The server that there was and is not any more; None: one lives, or none ever was."""
    driven: bool = True
    """Whether somebody drives: a console that only watches learns here that the one that drove is gone."""
    _by_role: dict[str, tuple[Device, ...]] = field(default_factory=dict, init=False, compare=False)

    def __post_init__(self) -> None:
        for device in self.devices:
            for role in device.roles:
                self._by_role[role] = (*self._by_role.get(role, ()), device)

    def at(self, role: str) -> tuple[Device, ...]:
        """The devices at which a role sits, or sat."""
        return self._by_role.get(role, ())

    @property
    def here(self) -> tuple[Device, ...]:
        """The devices that are there now."""
        return tuple(device for device in self.devices if device.here)

    @property
    def cut_off(self) -> Ended | None:
        """The server that ended under people who are missed now; None: nobody lost theirs, or paper is used."""
        return self.ended if self.ended is not None and self.ended.cut_off and not self.paper else None

    @property
    def expects_devices(self) -> bool:
        """Whether anything but paper is used: a server runs, or somebody sat down at a terminal."""
        return not self.paper and bool(self.address or self.devices or self.hellos)


NOBODY = Crowd()
"""Before anybody looked, and in a room with nothing but paper."""

AtDevice = Literal["here", "away", "none"]


@dataclass(frozen=True, slots=True)
class Attending:
    """How a role attends, as far as devices tell."""

    at: AtDevice = "none"
    """`none`: at the table without a device."""
    since_ms: int | None = None
    """When its last device was seen last, where it is away."""
    typing: bool = False


def attending(crowd: Crowd, role: str) -> Attending:
    """How a role attends: one device that is there is enough; only one that was lost is missed, and none where paper is used."""
    devices = crowd.at(role)
    here = [device for device in devices if device.here]
    if here:
        return Attending("here", typing=any(device.typing and device.in_hand in ("", role) for device in here))
    lost = [device.away_ms for device in devices if not device.gone and device.away_ms is not None]
    return Attending("away", max(lost)) if lost and not crowd.paper else Attending()


def crowd_of(opened: Opened) -> Crowd:
    """Who is there now; the conductor is told, too, for a head count. Raises what the store raises."""
    from tabletop.store.lease import Lease, wall_clock_ms

    from .watching import at_devices

    run, seats, now_ms = opened.conductor.run, opened.store.seats, wall_clock_ms()
    lobby, served = seats.lobby(run), seats.served_at(run)
    kicked = {one.id for one in seats.passes(run) if one.kicked}
    known = [here for here in opened.store.presence.all(run) if here.place not in kicked]
    terminals = [here for here in known if here.kind == "terminal"]
    replaced = {here.place for here in terminals if any(other.replaces(here) for other in terminals)}
    devices = tuple(_device(here, now_ms, served=served is not None or not lobby.address) for here in known if here.place not in replaced)
    codes = tuple(Code(seat, known.used_ms is not None) for seat, known in seats.codes(run).items())
    opened.conductor.devices = at_devices(opened.store, run)
    last = None if opened.lease is not None else Lease.look(opened.store, run, probe_s=0)
    # One that hangs holds its lock and says nothing: its clock stands, so nobody drives.
    hangs = opened.conductor.kept is not None and not opened.conductor.kept.driven
    driven = opened.lease is not None or not opened.driver or (last is not None and last.alive and not hangs)
    hellos, own = (0, "") if served is None else (lobby.hellos, "" if served else lobby.address)
    ended = _ended(lobby.address, [here for here in known if here.kind == "browser"]) if served is None else None
    return Crowd(devices, codes, lobby.locked, lobby.paper, hellos, served or "", own, ended, driven)


def _ended(address: str, browsers: Sequence[Here]) -> Ended | None:
    """The server that was at `address`, and how many browsers it had; None where none ever was.

    It says of all that are there at once that they are: whoever was seen as late as anybody was there until it ended.
    """
    if not address:
        return None
    since_ms = max((here.seen_ms for here in browsers), default=None)
    cut_off = sum(since_ms is not None and since_ms - here.seen_ms < TOGETHER_MS for here in browsers)
    return Ended(address, since_ms, cut_off)


def _device(here: Here, now_ms: int, *, served: bool) -> Device:
    """What the presence of one device comes to at `now_ms`, in milliseconds since 1970 UTC. A browser's place is its pass.

    Without a server no browser is there, and none has left: its page stands open at the seat.
    """
    browser = here.kind == "browser"
    away_ms = here.seen_ms if here.away(now_ms) or (browser and not served) else None
    typing, pass_id = here.typing(now_ms) and away_ms is None, here.place if browser else ""
    return Device(here.place, here.seat, here.name, here.kind, away_ms, here.gone and not browser, typing, pass_id, here.in_hand)


def give_up(opened: Opened) -> None:
    """Somebody else has taken over: lets go of what is left of the lease, and looks up who it is."""
    from tabletop.store.lease import Lease

    with suppress(TabletopError):
        opened.close()
    opened.lease = None
    with suppress(TabletopError):
        last = Lease.look(opened.store, opened.conductor.run)
        opened.driver = "" if last is None else last.holder

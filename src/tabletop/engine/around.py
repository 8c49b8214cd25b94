"""What is known of a run beside its log: who is at a device, and whether anybody drives. Handed in by whoever looked. Pure.

Owns: these values. Refuses to own: looking (conductor), and what follows from it (`roll`, `seats`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class AtDevice:
    """Somebody at a terminal or a browser, now or before."""

    seat: str
    """As the log names an actor: `seat:teller-1+teller-2`, `evaluator:E1`, `wall`."""
    name: str
    seen_ms: int
    """When it was seen last, in milliseconds since 1970 UTC."""
    gone: bool = False
    """Whether it left in good order."""
    since_ms: int = 0
    """When it was seen first, in milliseconds since 1970 UTC."""


@dataclass(frozen=True, slots=True)
class Around:
    """A run beside its log, at one moment."""

    devices: tuple[AtDevice, ...] = ()
    driven: bool = True
    """Whether anybody drives."""
    held: bool = False
    """Whether the clock, though the log has it running, is let on no further: nothing was heard of who drives."""

    def then(self, wall_ms: int) -> Around:
        """Without the devices that came after that moment: nobody told of it later counts them in."""
        return replace(self, devices=tuple(one for one in self.devices if one.since_ms <= wall_ms))


QUIET = Around()
"""Nobody is at a device, and somebody drives."""

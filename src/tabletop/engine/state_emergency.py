"""A real emergency as a log adds it up: who pressed where, whether it was confirmed, who was counted. Values."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Counted:
    """Somebody who was accounted for: by name, or without one by seat."""

    person: str
    wall_ms: int


@dataclass(frozen=True, slots=True)
class Press:
    """A press of REAL EMERGENCY: at which seat, and at which site as far as it was said."""

    seat: str
    site: str
    anew: bool = False
    """Whether it was a first press again, because nobody had confirmed those before it in time."""


@dataclass(frozen=True, slots=True)
class Emergency:
    """A real emergency: raised by one press, confirmed by a second."""

    seat: str
    """Of the first press, for help goes there; the second mostly comes from elsewhere."""
    site: str
    raised_wall_ms: int
    """When it was pressed last without a second press that confirms it: from then on one is waited for."""
    confirmed: bool = False
    counted: tuple[Counted, ...] = ()
    over_wall_ms: int | None = None
    """When it was stood down; None: it stands, or play went on without a second press."""
    missing: tuple[str, ...] = ()
    """Who was not accounted for when it was stood down."""
    later: tuple[Press, ...] = ()
    """The presses after the first, in order; once it is confirmed, the last of them confirmed it."""
    first_wall_ms: int | None = None
    """When it was pressed first, where that was not at `raised_wall_ms`."""

    @property
    def since_wall_ms(self) -> int:
        """When it was pressed first: who was there then is looked for."""
        return self.raised_wall_ms if self.first_wall_ms is None else self.first_wall_ms

    @property
    def presses(self) -> tuple[Press, ...]:
        """Every press, the first at the head."""
        return (Press(self.seat, self.site), *self.later)

    def pressed_again(self, seat: str, site: str, *, anew: bool = False) -> Emergency:
        """The same emergency with one more press."""
        return replace(self, later=(*self.later, Press(seat, site, anew)))

    def raised_again(self, seat: str, site: str, wall_ms: int) -> Emergency:
        """The same emergency, pressed once more after nobody confirmed it in time: a second press is waited for anew."""
        return replace(self.pressed_again(seat, site, anew=True), raised_wall_ms=wall_ms, first_wall_ms=self.since_wall_ms)


def confirmed(raised: Emergency | None, seat: str, site: str, wall_ms: int) -> Emergency:
    """An emergency as a press makes it that counts as the second, also where the first is not known."""
    if raised is None:
        return Emergency(seat, site, wall_ms, confirmed=True)
    return replace(raised.pressed_again(seat, site), confirmed=True)

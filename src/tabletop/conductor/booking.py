"""What people write for the time a room is booked: minutes, a duration, or a time of day. Loads nothing heavy.

Owns: local time. The engine gets milliseconds.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from tabletop.exercise.durations import seconds_of

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.点时]([0-5][0-9])分?|([01][0-9]|2[0-3])([0-5][0-9])")
_MINUTES = re.compile(r"([0-9]{1,3}) ?(?:min|分钟?)?")

TOMORROW = timedelta(hours=12)
"""A time of day that is past means tomorrow's where that comes within half a day: a drill before midnight ends after it."""


def plain_form(text: str) -> str:
    """What was typed, with full-width digits and colons as plain ones: an input method may be on."""
    return unicodedata.normalize("NFKC", text).strip()


def slot_of(text: str) -> int | None:
    """Milliseconds of a length: `30m`, `1h15m`, or `30` for minutes; None where it is none."""
    plain = plain_form(text)
    if found := _MINUTES.fullmatch(plain):
        return int(found[1]) * 60_000
    seconds = seconds_of(plain)
    return None if seconds is None else seconds * 1000


def until_of(text: str, now: datetime) -> int | None:
    """Milliseconds since 1970 UTC of the next time a clock beside `now` shows `15:40` (or `1540`, where no colon can be typed).

    One that was today, and comes again only in more than half a day, is given as today's, for the engine to refuse. None: no time of day.
    """
    found = _CLOCK.fullmatch(plain_form(text))
    if found is None:
        return None
    hour, minute = int(found[1] or found[3]), int(found[2] or found[4])
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if then <= now and (then + timedelta(days=1)) - now <= TOMORROW:
        then += timedelta(days=1)
    return round(then.timestamp() * 1000)


def booking_of(text: str, now: datetime) -> tuple[int, int] | None:
    """Length and end in milliseconds of what was typed, one of them 0; both where nothing was; None where it is neither.

    Four digits are a time of day (`1540`), fewer are minutes.
    """
    plain = plain_form(text)
    if not plain or plain == "0":
        return 0, 0
    until = until_of(plain, now)
    if until is not None:
        return 0, until
    slot = slot_of(plain)
    return None if slot is None else (slot, 0)

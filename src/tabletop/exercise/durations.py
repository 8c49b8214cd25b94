"""Durations as files write them (`1h05m`, `90s`, `0:03:00`) and as the code holds them (whole seconds)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_UNITS = re.compile(r"(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?")
_COLONS = re.compile(r"([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])")
_TWO_FIELDS = re.compile(r"([0-9]{1,3}):([0-5][0-9])")


def seconds_of(text: str) -> int | None:
    """Whole seconds of a duration with units or of three colon fields; None where it is neither."""
    if (units := _UNITS.fullmatch(text)) and any(units.groups()):
        hours, minutes, seconds = (int(part or 0) for part in units.groups())
    elif colons := _COLONS.fullmatch(text):
        hours, minutes, seconds = (int(part) for part in colons.groups())
    else:
        return None
    return hours * 3600 + minutes * 60 + seconds


def written(seconds: int) -> str:
    """A duration as a file would write it: `1h05m`, `90s` as `1m30s`, `0s`."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{hours}h"] if hours else []
    if minutes:
        parts.append(f"{minutes:02d}m" if hours else f"{minutes}m")
    if left or not parts:
        parts.append(f"{left:02d}s" if parts else f"{left}s")
    return "".join(parts)


def clock(seconds: float, *, sign: bool = False) -> str:
    """A time on the exercise clock: `0:14:32`; with `sign`, `+` or `-` before it."""
    whole = int(abs(seconds))
    shown = f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return ("-" if seconds < 0 else "+" if sign else "") + shown


def short_clock(seconds: float) -> str:
    """A time or span in as few fields as it needs: `0:31`, `14:05`, `1:02:00`."""
    whole = int(abs(seconds))
    minutes = f"{whole // 60 % 60}:{whole % 60:02d}" if whole < 3600 else f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"
    return ("-" if seconds < 0 and whole else "") + minutes


def _parse(value: object) -> object:
    if isinstance(value, str):
        seconds = seconds_of(value)
        if seconds is not None:
            return seconds
        if two := _TWO_FIELDS.fullmatch(value):
            first, second = (int(part) for part in two.groups())
            raise PydanticCustomError(
                "duration_two_fields", "two readings", {"long": written(first * 3600 + second * 60), "brief": written(first * 60 + second)}
            )
    raise PydanticCustomError("duration", "not a duration", {"given": str(value)[:40]})


Duration = Annotated[int, BeforeValidator(_parse)]
"""Seconds, written with units in the file."""

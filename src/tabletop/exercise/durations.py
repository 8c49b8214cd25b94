"""Durations as files write them (`1h05m`, `90s`, `0:03:00`) and as the code holds them (whole seconds)."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, PlainValidator, ValidationInfo, WithJsonSchema

from .reading import Fault, Reading, faulty, unknown_name

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


def parse_duration(value: object, info: ValidationInfo) -> int:
    """Seconds of what a file says, or of the parameter whose placeholder stands in its place."""
    if isinstance(value, str):
        seconds = seconds_of(value)
        if seconds is not None:
            return seconds
        if value.startswith("{") and value.endswith("}") and isinstance(info.context, Reading):
            return _of_parameter(value[1:-1], info.context)
        if two := _TWO_FIELDS.fullmatch(value):
            first, second = (int(part) for part in two.groups())
            readings = {"long": written(first * 3600 + second * 60), "brief": written(first * 60 + second)}
            faulty(Fault("problems.duration-two-fields", {"given": value, **readings}))
    faulty(Fault("problems.duration", {"given": "" if value is None else value}))


def _of_parameter(name: str, reading: Reading) -> int:
    value = reading.parameters.get(name)
    if value is None:
        faulty(unknown_name("problems.placeholder-unknown", name, reading.parameters))
    if value.seconds is None:
        faulty(Fault("problems.placeholder-no-duration", {"given": name}))
    return value.seconds


def _positive(seconds: int) -> int:
    if seconds <= 0:
        faulty(Fault("problems.zero-duration"))
    return seconds


DURATION_SCHEMA: dict[str, Any] = {"part": "Duration"}
"""Stands in the models' JSON Schema for what schema.py says about durations."""

Duration = Annotated[int, PlainValidator(parse_duration), WithJsonSchema(DURATION_SCHEMA)]
"""Seconds, written with units in the file."""

Span = Annotated[Duration, AfterValidator(_positive)]
"""A duration longer than nothing."""

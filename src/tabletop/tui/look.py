"""How things are shown: words, signs and clocks as Textual `Content`, never as markup, never by colour alone.

Owns: every string that joins words of ours with text from people or files. Refuses to own: layout and keys.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content

from tabletop.text import Text, clean, fit, localise
from tabletop.words import Words

if TYPE_CHECKING:
    from tabletop.engine.links import Overdue
    from tabletop.engine.plan import Plan
    from tabletop.engine.schedule import Status
    from tabletop.engine.standing import StandingState
    from tabletop.exercise.injects import InjectKind
    from tabletop.exercise.model import Exercise

KIND_SIGNS: dict[InjectKind, str] = {
    "situation": "=",
    "alarm": "!!",
    "call": "T",
    "radio": "R",
    "message": "M",
    "demand": "D",
    "order": "O",
    "inquiry": "Q",
    "intel": "I",
    "decision": "?",
    "facility": "F",
    "casualty": "+",
    "family": "f",
    "media": "N",
    "social": "@",
    "rumour": "~",
    "resource": "$",
    "recovery": "R+",
}
"""A sign for each kind of inject that is no colour; its word stands beside it."""

STATUS_SIGNS: dict[Status, str] = {
    "released": "✓",
    "skipped": "–",
    "overtaken": "»",
    "due": "!",
    "waiting": " ",
    "held": "o",
    "kept_back": "#",
    "wanted": "?",
    "off_path": "x",
    "set_aside": ".",
}
"""What an inject is now."""

STANDING_SIGNS: dict[StandingState, str] = {
    "waiting": " ",
    "open": "x",
    "done": "✓",
    "partial": "~",
    "missed": "–",
    "not_observed": "o",
    "not_applicable": "/",
    "no_record": "!",
    "pending": ".",
}
"""What is known of an expected action."""


def say(text: Text | None, language: str) -> str:
    """A text of the exercise in `language`, without anything that could move a cursor."""
    return clean(localise(text, language))


def line(text: Text | None, language: str) -> str:
    """`say` on one line."""
    return " ".join(say(text, language).split())


def plain(text: str, style: str = "") -> Content:
    """Text as it stands, in a style."""
    return Content.styled(clean(text), style)


def join(parts: Iterable[Content | str], between: str = "  ") -> Content:
    """The parts that are not empty, side by side."""
    return Content(between).join([part for part in parts if part])


def spread(left: Content, right: Content, width: int) -> Content:
    """`left` and `right` at the two ends of `width` cells; where there is no room for both, `left` is cut."""
    room = width - right.cell_length
    if room <= 0:
        return right.truncate(width, ellipsis=True)
    if left.cell_length > room - 1:
        left = left.truncate(max(0, room - 1), ellipsis=True)
    return Content.assemble(left, " " * (room - left.cell_length), right)


def column(text: str, width: int, style: str = "") -> Content:
    """Text in exactly `width` cells."""
    return Content.styled(fit(clean(text).replace("\n", " "), width), style)


def apart(text: str, width: int, style: str = "") -> Content:
    """Text in exactly `width` cells, the last of them empty: what stands beside it never touches it."""
    return Content.assemble(column(text, width - 1, style), " ")


def role_name(exercise: Exercise, role_id: str, language: str) -> str:
    """The short name of a role, at most six cells; the id where the exercise does not know it."""
    role = exercise.role_by_id.get(role_id)
    return clean(role_id if role is None else role.short_name(language))


def role_title(exercise: Exercise, role_id: str, language: str) -> str:
    """The full name of a role."""
    role = exercise.role_by_id.get(role_id)
    return role_id if role is None else line(role.title, language)


def role_names(exercise: Exercise, roles: Iterable[str], language: str) -> str:
    """Short names side by side."""
    return ("、" if language.startswith("zh") else ", ").join(role_name(exercise, role, language) for role in roles)


def role_key(exercise: Exercise, role_id: str) -> str:
    """The keys that open a role's panel: its digit, `0` and a digit from 10 to 19, nothing beyond."""
    return number_key(exercise.number_of_role.get(role_id, 0))


def number_key(number: int) -> str:
    """The keys of a numbered row: `1` to `9`, `00` to `09` from 10 to 19, nothing beyond."""
    if 1 <= number <= 9:
        return str(number)
    return f"0{number - 10}" if 10 <= number <= 19 else ""


def panel_rows(height: int) -> int:
    """Rows of a role that its panel shows on one page, in a terminal of `height` rows; the clock stays in sight above it."""
    return max(3, height - 10) - 2


CHOOSING = "choosing"
"""How a terminal is named in an emergency at which nobody has chosen a seat yet."""


def seat_named(seat: str, words: Words) -> str:
    """A seat as people call it: the console has a word of its own, and a terminal whose seat is still being chosen."""
    if seat == CHOOSING:
        return words("station.seat-choosing")
    return words("console.seat-console") if seat == "console" else clean(seat)


def inject_title(plan: Plan, inject_id: str, language: str) -> str:
    """The title of an inject; its id where the plan does not know it."""
    inject = plan.inject_by_id.get(inject_id)
    return clean(inject_id) if inject is None else line(inject.title, language)


def clock_text(ms: int) -> str:
    """Exercise time as `0:14:32`."""
    from tabletop.exercise.durations import clock

    return clock(ms // 1000)


def span_text(ms: int) -> str:
    """A span, or a time in a list, as `0:31` or `1:02:00`; negative with its sign."""
    from tabletop.exercise.durations import short_clock

    return short_clock(ms // 1000 if ms >= 0 else -(-ms // 1000))


def time_left(deadline_ms: int, over: Overdue | None, now_ms: int) -> int:
    """Milliseconds that something still has; negative: so late it is, at least one, also where that stands still."""
    return deadline_ms - now_ms if over is None or now_ms <= deadline_ms else -max(1, over.late_ms(now_ms))


def left_text(words: Words, deadline_ms: int | None, now_ms: int, over: Overdue | None = None) -> Content:
    """How long something still has: `1:02 left`, or `over 0:10`; empty without a deadline."""
    if deadline_ms is None:
        return Content("")
    left = time_left(deadline_ms, over, now_ms)
    if left >= 0:
        return Content.styled(words("console.left", time=span_text(left)), "$text-warning bold" if left <= 60_000 else "")
    return Content.styled(words("console.over", time=span_text(-left)), "$text-error bold")


def ids_to_names(exercise: Exercise, plan: Plan, values: dict[str, object], language: str) -> dict[str, object]:
    """The values of a refusal with ids of roles, injects, asks and actions in words of the exercise."""
    named: dict[str, object] = {}
    for key, value in values.items():
        named[key] = _named(exercise, plan, value, language) if isinstance(value, str) else value
    return named


def _named(exercise: Exercise, plan: Plan, value: str, language: str) -> str:
    if ", " in value:
        return ", ".join(_named(exercise, plan, part, language) for part in value.split(", "))
    if value in exercise.role_by_id:
        return role_name(exercise, value, language)
    if value in plan.inject_by_id:
        return line(plan.inject_by_id[value].title, language)
    if value in plan.asks:
        return line(plan.asks[value][1].question, language)
    if value in plan.actions:
        return line(plan.actions[value][1].title, language)
    for titled in (*exercise.objectives, *exercise.prohibited, *exercise.indicators, *exercise.sites):
        if titled.id == value:
            return line(titled.title, language)
    return clean(value)

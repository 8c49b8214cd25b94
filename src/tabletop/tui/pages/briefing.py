"""The briefing page: scene, roles with people, rules of the room, checks, settings.

Owns: what the room may see before STARTEX. Refuses to own: injects, expected actions, notes; nothing here reads them (safety: T11).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tabletop.engine.events import CheckTicked, Entry
from tabletop.engine.plan import Plan
from tabletop.engine.state import State
from tabletop.exercise.model import Parameter, Role
from tabletop.text import Text
from tabletop.words import Words

from ..crowd import NOBODY, Crowd, there_now
from ..look import line, role_name, role_names, say
from .booking import time_lines
from .lines import QUIET, STRONG, WARN, Cell, Line, Page

CHECKS = ("monitoring-centre", "police", "projector", "do-not-disturb", "power")
"""What is ticked before STARTEX; it only warns."""

CHECKS_WITH_NOTE = ("monitoring-centre", "police")
"""Checks for which it matters who was told and when."""

RULES = ("plan", "role", "calls", "leave", "stays", "real")

NARROW = 70
"""Below this width in cells, names give way to the titles of roles."""

WIDE = 110
"""From this width in cells on, duties stand beside the roles."""


def people_of(state: State, role: str) -> dict[str, str]:
    """The names of those who hold a role now, by holder."""
    return {person.holder: person.name for person in state.people_at(role) if person.holder != "+"}


def check_notes(entries: Iterable[Entry]) -> dict[str, str]:
    """What was noted at the last tick of each check."""
    return {entry.event.check: entry.event.note for entry in entries if isinstance(entry.event, CheckTicked)}


def open_checks(state: State) -> tuple[str, ...]:
    """The checks not ticked."""
    return tuple(check for check in CHECKS if not state.checks.get(check))


def played_by(plan: Plan, state: State, role: str, words: Words) -> str:
    """Who plays a role, in words."""
    by = plan.staffed_by(state, role)
    changes = state.staffing.get(role, ())
    other = role_name(plan.exercise, changes[-1].with_role, plan.language) if by == "with" and changes[-1].with_role else ""
    return words(f"briefing.by.{by}", other=other)


def _names(plan: Plan, state: State, role: Role, words: Words) -> str:
    names = people_of(state, role.id)
    if not plan.staffed(state, role.id):
        return words("briefing.none")
    none = words("briefing.none")
    holders = (words("briefing.holder", holder=holder, name=names.get(holder, none)) for holder in ("A", "B"))
    beside = (person.name for person in state.people_at(role.id) if person.holder == "+")
    return " · ".join([*([names.get("A", none)] if role.holders == 1 else holders), *beside])


def briefing_lines(
    plan: Plan,
    state: State,
    words: Words,
    width: int,
    *,
    row: str = "",
    notes: Mapping[str, str] | None = None,
    wall_ms: int = 0,
    dark: bool = False,
    crowd: Crowd = NOBODY,
) -> Sequence[Line]:
    """The briefing in lines of `width` cells; `row` is the row one stands on, whose role shows its duty.

    `wall_ms`: now, in milliseconds since 1970 UTC, for the time that is left. `dark`: nobody else sees the screen, so settings that tell
    what may come are shown too. `crowd`: who is at a device already.
    """
    page = Page(width)
    exercise, language = plan.exercise, plan.language
    minutes = words("briefing.duration", minutes=exercise.duration // 60)
    page.heading(line(exercise.title, language), minutes)
    page.text(words("briefing.mirrored"), QUIET)
    page.heading(words("briefing.scene"))
    page.text(say(exercise.setting, language))
    _roles(page, plan, state, words, row)
    _devices(page, plan, crowd, words)
    time_lines(page, plan, state, words, wall_ms)
    page.heading(words("briefing.rules"))
    for number, rule in enumerate(RULES, start=1):
        page.text(f"{number}  {words(f'briefing.rule.{rule}')}", hang=3)
    page.text(f"{words('briefing.safety-word')}  {words('briefing.safety-word.words')}", WARN, indent=3)
    _checks(page, state, words, notes or {})
    _settings(page, plan, state, words, dark)
    return page.lines


def _roles(page: Page, plan: Plan, state: State, words: Words, row: str) -> None:
    wide = page.width >= WIDE
    numbers = plan.exercise.number_of_role
    people = 34 if wide else 26 if page.width >= NARROW else 16
    widths = (3, 6, 24 if wide else 0, 13, people)
    page.heading(words("briefing.roles"))
    titles = ("", "", "", words("briefing.played-by"), words("briefing.people"))
    page.fields([Cell(title, width, QUIET) for title, width in zip(titles, widths, strict=True)] + ([Cell("")] if wide else []))
    for role in sorted(plan.exercise.roles, key=lambda role: numbers[role.id]):
        here = f"role:{role.id}"
        title, duty = line(role.title, plan.language), line(role.duty, plan.language)
        fields = [
            Cell(str(numbers[role.id]), widths[0], STRONG, right=True),
            Cell(role_name(plan.exercise, role.id, plan.language), widths[1], STRONG),
            Cell(title, widths[2]),
            Cell(played_by(plan, state, role.id, words), widths[3]),
            Cell(_names(plan, state, role, words), widths[4]),
        ]
        page.fields([*fields, Cell(duty, 0, QUIET)] if wide else fields, row=here)
        if row == here and not wide:
            page.text(duty, QUIET, indent=5, row=here)


def _devices(page: Page, plan: Plan, crowd: Crowd, words: Words) -> None:
    """How many phones have said hello, who is at a device, and where one joins; no code stands here."""
    if crowd.paper:
        told = words("door.paper")
    elif not crowd.expects_devices:
        told = words("briefing.devices-none")
    else:
        told = " · ".join((words("door.hellos", n=crowd.hellos), *there_now(crowd, words)))
        told += f" · {words('door.locked')}" if crowd.locked else ""
    page.fields([Cell(words("briefing.devices"), 14), Cell(told, 0, STRONG if crowd.expects_devices else QUIET)], row="lobby")
    if crowd.paper or not (crowd.expects_devices or crowd.own_address):
        return
    roles = dict.fromkeys(role for device in crowd.here for role in device.roles if role in plan.exercise.role_by_id)
    joined = words("briefing.joined", roles=role_names(plan.exercise, roles, plan.language)) if roles else ""
    reached = crowd.address or crowd.own_address
    where = words("door.address" if crowd.address else "briefing.own-address", address=reached) if reached else ""
    parts = (where, joined, words("briefing.devices-enter"))
    page.text(" · ".join(part for part in parts if part), QUIET, indent=3, row="lobby")


def _checks(page: Page, state: State, words: Words, notes: Mapping[str, str]) -> None:
    missing = len(open_checks(state))
    page.heading(words("briefing.checks"), words("briefing.open.n", n=missing) if missing else words("briefing.all-ticked"))
    for check in CHECKS:
        done = state.checks.get(check, False)
        sign = words("briefing.check.ticked" if done else "briefing.check.open")
        note = notes.get(check, "") if done else ""
        if not done and check in CHECKS_WITH_NOTE:
            note = words("briefing.check.note")
        fields = [Cell(sign, 3, STRONG), Cell(words(f"briefing.check.{check}"), 44), Cell(note, 0, "" if done else QUIET)]
        page.fields(fields, row=f"check:{check}")


def _settings(page: Page, plan: Plan, state: State, words: Words, dark: bool) -> None:
    page.heading(words("briefing.settings"))
    pace = words(f"briefing.pace.{state.pace}")
    means = words(f"briefing.pace.{state.pace}.means")
    page.fields([Cell(words("briefing.pace"), 32), Cell(pace, 12, STRONG), Cell(means, 0, QUIET)], row="pace")
    hidden = 0
    for name, parameter in plan.exercise.parameters.items():
        value = state.parameters.get(name) or value_text(parameter.default, plan.language)
        if not dark and not _told_anyway(plan, parameter, value):
            hidden += 1
            continue
        title = line(parameter.title, plan.language) or name
        page.fields([Cell(title, 32), Cell(value or words("briefing.none"), 0, STRONG)], row=f"parameter:{name}")
    if hidden:
        page.fields([Cell(words("briefing.private-settings", n=hidden), 0, QUIET)], row="private")


def _told_anyway(plan: Plan, parameter: Parameter, value: str) -> bool:
    """Whether the room hears a parameter in the scene or the roles before play.

    Any other may tell what is coming ("amount drawn if the card is not recovered"), whatever its author thought of.
    """
    exercise, language = plan.exercise, plan.language
    heard = (say(exercise.setting, language), *(line(text, language) for role in exercise.roles for text in (role.title, role.duty)))
    return parameter.kind == "text" and bool(value.strip()) and any(value in text for text in heard)


def value_text(value: Text | float | None, language: str) -> str:
    """A default of a parameter as text."""
    return str(value) if isinstance(value, int | float) else line(value, language)

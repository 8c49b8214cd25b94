"""Who is in the room: each role with its digit, its people, whether it sits at a device, and how long nobody has heard it."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from tabletop.engine.standing import open_asks
from tabletop.text import cells

from ..look import apart, column, join, line, plain, role_key, spread
from ..scene import Scene

CELL = 24
"""Cells of one role in the short list."""

WIDE = 110
"""Cells from which on the page of the room says in whole words where somebody is."""

HERE, AWAY, NO_DEVICE, NO_LINK = "●", "○", "◇", "×"
"""At a device; away; at the table without a device; at a site that is cut off."""


def room_cells(scene: Scene, width: int, height: int) -> list[Content]:
    """The roles side by side in `height` rows; the last place says how many do not fit."""
    columns = max(1, width // CELL)
    roles = scene.exercise.roles
    room = columns * height
    cells = [_cell(scene, role.id) for role in roles[:room]]
    if len(roles) > room and cells:
        cells[-1] = column(scene.words("console.more-roles", n=len(roles) - room + 1), CELL)
    return [Content("").join(cells[start : start + columns]) for start in range(0, len(cells), columns)]


def _cell(scene: Scene, role_id: str) -> Content:
    key = role_key(scene.exercise, role_id)
    name = Content.assemble(column(key, 3, "bold $text-accent"), column(scene.role(role_id), 7, "bold"))
    return Content.assemble(name, column(f"{sign(scene, role_id)} {heard_text(scene, role_id)}", CELL - 10))


def sign(scene: Scene, role_id: str) -> str:
    """How a role is there: at a device, at the table without one, away, cut off; played with another role, by control, by nobody."""
    by, attends = scene.plan.staffed_by(scene.state, role_id), scene.attending(role_id)
    if scene.plan.staffed(scene.state, role_id) and scene.away(role_id):
        return AWAY
    if scene.no_link(role_id):
        return NO_LINK
    if attends.at == "here" and by in ("people", "control"):
        return HERE
    if attends.at == "away" and by == "people":
        return AWAY
    return {"people": NO_DEVICE, "with": "&", "control": "c", "nobody": "–"}[by]


def heard_text(scene: Scene, role_id: str) -> str:
    """In a word or two what matters most of a role now: that it is away, typing, has answered, else when it was last heard."""
    by, words, attends = scene.plan.staffed_by(scene.state, role_id), scene.words, scene.attending(role_id)
    if by == "nobody" or (by == "control" and not attends.typing):
        return words(f"console.staffed-{by}")
    if scene.away(role_id):
        return words("lectern.away")
    if scene.no_link(role_id):
        return words("door.no-link")
    if attends.typing:
        return words("door.typing")
    if attends.at == "away" and attends.since_ms is not None:
        return words("door.away", time=wall_time(attends.since_ms))
    if answered_now(scene, role_id):
        return words("door.answered")
    return last_heard(scene, role_id)


def last_heard(scene: Scene, role_id: str) -> str:
    """When a role was last heard, in minutes, so that a glance tells."""
    at_ms = scene.heard_ms().get(role_id)
    if at_ms is None:
        return scene.words("console.not-heard")
    minutes = scene.lived_ms(role_id, at_ms) // 60_000
    return scene.words("lectern.minutes-ago", n=minutes) if minutes > 0 else scene.words("lectern.just-now")


def answered_now(scene: Scene, role_id: str) -> bool:
    """Whether a role has answered all that the inject released last asks of it, while that is still open."""
    plan, state = scene.plan, scene.state
    inject = plan.inject_by_id.get(state.released[-1]) if state.released else None
    if inject is None:
        return False
    opened = set(open_asks(plan, state))
    asked = [ask for ask in inject.asks if ask.id in opened and role_id in plan.addressees(state, inject, ask)]
    return bool(asked) and all(role_id in state.ask(ask.id).answers for ask in asked)


def wall_time(ms: int) -> str:
    """A time of day as `10:41`, from milliseconds since 1970 UTC."""
    return f"{datetime.fromtimestamp(ms / 1000):%H:%M}"


def attends_text(scene: Scene, role_id: str) -> str:
    """Where a role is, in whole words."""
    words, attends = scene.words, scene.attending(role_id)
    if scene.no_link(role_id):
        return words("door.no-link")
    if attends.typing:
        return words("door.typing")
    if attends.at == "away" and attends.since_ms is not None:
        return words("door.away-since", time=wall_time(attends.since_ms))
    if attends.at == "here":
        kinds = {device.kind for device in scene.crowd.at(scene.plan.played_with(scene.state, role_id)[-1]) if device.here}
        return words("door.at-browser" if "browser" in kinds else "door.at-terminal")
    return words("door.no-device")


def _at_devices(scene: Scene, role_id: str) -> str:
    """Who typed a name at the devices of a role."""
    return " / ".join(dict.fromkeys(device.name for device in scene.crowd.at(role_id) if device.here and device.name))


def room_row(scene: Scene, role_id: str, width: int, *, cursor: bool) -> Content:
    """One role on the page of the room: digit, full name, how it is played, where, its people, when it was last heard."""
    role = scene.exercise.role_by_id[role_id]
    by = scene.plan.staffed_by(scene.state, role_id)
    changes = scene.state.staffing.get(role_id)
    played = scene.words(f"console.staffed-{by}", role=scene.role(changes[-1].with_role) if by == "with" and changes else "")
    wide = width >= WIDE
    known = scene.attending(role_id).at != "none" or scene.no_link(role_id)
    where = attends_text(scene, role_id) if known or (by in ("people", "with") and scene.crowd.expects_devices) else ""
    if by == "people" and not wide and known:
        # Where there is no room for both, that people play it goes without saying.
        played = where
    told = last_heard(scene, role_id) if by in ("people", "with") else ""
    if scene.away(role_id) and told:
        told, where = scene.words("lectern.away"), ""
    answered = scene.words("door.answered") if told and answered_now(scene, role_id) else ""
    if answered and not wide:
        # Who sits there is more than when that was.
        told = ""
    longest = max(cells(line(one.title, scene.language)) for one in scene.exercise.roles) + 1
    content = spread(
        Content.assemble(
            column(role_key(scene.exercise, role_id), 4, "bold $text-accent"),
            apart(line(role.title, scene.language), 30 if wide else min(30, longest), "bold"),
            apart(f"{sign(scene, role_id)} {played}", 22),
            apart(where, 26) if wide else "",
            plain(scene.person(role_id) or _at_devices(scene, role_id)),
        ),
        join((plain(answered, "bold $text-success"), plain(told)), " · "),
        width,
    )
    return content.stylize("reverse") if cursor else content

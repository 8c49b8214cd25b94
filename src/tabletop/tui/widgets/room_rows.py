"""Who is in the room: each role with its digit, its people, and how long nobody has heard it."""

from __future__ import annotations

from textual.content import Content

from ..look import column, line, plain, role_key, spread
from ..scene import Scene

CELL = 24
"""Cells of one role in the short list."""


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
    """How a role is played: at the table without a device, by somebody who is away, with another role, by control, by nobody."""
    if scene.plan.staffed(scene.state, role_id) and scene.away(role_id):
        return "○"
    return {"people": "◇", "with": "&", "control": "c", "nobody": "–"}[scene.plan.staffed_by(scene.state, role_id)]


def heard_text(scene: Scene, role_id: str) -> str:
    """When a role was last heard, in minutes, so that a glance tells; what keeps it from being heard."""
    by = scene.plan.staffed_by(scene.state, role_id)
    if by in ("control", "nobody"):
        return scene.words(f"console.staffed-{by}")
    if scene.away(role_id):
        return scene.words("lectern.away")
    at_ms = scene.heard_ms().get(role_id)
    if at_ms is None:
        return scene.words("console.not-heard")
    minutes = (scene.now_ms - at_ms) // 60_000
    return scene.words("lectern.minutes-ago", n=minutes) if minutes > 0 else scene.words("lectern.just-now")


def room_row(scene: Scene, role_id: str, width: int, *, cursor: bool) -> Content:
    """One role on the page of the room: digit, full name, people, how it is played, when it was last heard."""
    role = scene.exercise.role_by_id[role_id]
    by = scene.plan.staffed_by(scene.state, role_id)
    changes = scene.state.staffing.get(role_id)
    played = scene.words(f"console.staffed-{by}", role=scene.role(changes[-1].with_role) if by == "with" and changes else "")
    content = spread(
        Content.assemble(
            column(role_key(scene.exercise, role_id), 4, "bold $text-accent"),
            column(line(role.title, scene.language), 30, "bold"),
            column(f"{sign(scene, role_id)} {played}", 22),
            plain(scene.person(role_id)),
        ),
        Content(heard_text(scene, role_id) if by in ("people", "with") else ""),
        width,
    )
    return content.stylize("reverse") if cursor else content

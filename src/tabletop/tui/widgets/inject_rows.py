"""One inject as a row of the list, and the lines that say what is due and what comes next."""

from __future__ import annotations

from textual.content import Content

from tabletop.engine.schedule import Line

from ..look import STATUS_SIGNS, column, join, line, plain, span_text, spread
from ..scene import Scene

STYLES = {"released": "", "due": "bold $text-warning", "wanted": "bold $text-accent", "skipped": "$text-muted", "overtaken": "$text-muted"}
"""Emphasis by status, beside the sign and the word."""


def inject_row(scene: Scene, row: Line, width: int, *, cursor: bool) -> Content:
    """Sign, time, kind, title, and a word where the sign alone could be missed."""
    style = STYLES.get(row.status, "")
    kind = scene.words(f"kind.{row.inject.kind}")
    word = status_word(scene, row)
    private = "× " if row.inject.private else ""
    content = spread(
        Content.assemble(
            (f"{STATUS_SIGNS[row.status]} ", "bold"),
            column(when(scene, row), 7),
            column(kind, 14),
            private,
            plain(line(row.inject.title, scene.language), style),
        ),
        Content.styled(word, f"{style} bold"),
        width,
    )
    return content.stylize("reverse") if cursor else content


def when(scene: Scene, row: Line) -> str:
    """The time that matters of an inject: released, due, or planned; empty for holds."""
    if row.record.released_ms is not None:
        return span_text(row.record.released_ms)
    moment = row.due_ms if row.due_ms is not None and scene.state.pace == "timed" else row.planned_ms
    return "" if moment is None else span_text(moment)


def status_word(scene: Scene, row: Line) -> str:
    """A word for what is neither plainly waiting nor plainly done."""
    if row.status in ("waiting", "released"):
        return scene.words("console.off-path-released") if row.record.off_path else ""
    return scene.words(f"console.status-{row.status}")


def due_lines(scene: Scene, width: int, height: int) -> list[Content]:
    """What is due, oldest first, then what held injects are wanted, then what comes next; at least one place shows the next."""
    words = scene.words
    rows: list[Content] = []
    waiting = scene.due()
    room = max(1, height - 1) if height > 1 else 1
    for row in waiting[:room]:
        head = Content.styled(f"! {words('console.status-due')} ", "bold reverse $text-warning")
        rows.append(_announced(scene, row, head, width))
    if len(waiting) > room:
        rows[-1] = Content.styled(f"! {words('console.more-due', n=len(waiting) - room + 1)}", "bold reverse $text-warning")
    wanted, places = scene.wanted(), max(0, room - len(rows))
    for row in wanted[:places]:
        rows.append(_announced(scene, row, Content.styled(f"? {words('console.status-wanted')} ", "bold $text-accent"), width))
    if len(wanted) > places:
        # Nothing that is wanted disappears silently: the last place, or the end of the last line, counts the rest.
        hidden = len(wanted) - places + (1 if places else 0)
        more = Content.styled(f"? {words('lectern.more-wanted', n=hidden)}", "bold $text-accent")
        rows[-1:] = [more] if places else [spread(rows[-1], more, width)]
    following = next(scene.upcoming(), None)
    if following is not None and len(rows) < height:
        timed = following.due_ms is not None and scene.state.pace == "timed"
        left = words("console.in-time", time=span_text(max(0, (following.due_ms or 0) - scene.now_ms))) if timed else ""
        head = Content.assemble((words("console.next"), "bold"), f" {left}" if left else "")
        rows.append(_announced(scene, following, head, width))
    return rows


SHORTEST_TITLE = 30
"""Cells of a title that is cut so that the props behind it stay in sight."""


def _announced(scene: Scene, row: Line, head: Content, width: int) -> Content:
    """What stands ready: what it is, for whom, and what to pick up for it. Where it is narrow, the title gives way to the rest."""
    inject = row.inject
    to = scene.words("console.to", roles=scene.roles(inject.to)) if inject.private else ""
    props = scene.words("console.props", props="; ".join(line(prop, scene.language) for prop in inject.props)) if inject.props else ""
    title = plain(line(inject.title, scene.language), "bold")
    rest = join((plain(to), plain(props)), "  ")
    room = width - head.cell_length - 2 - (rest.cell_length + 2 if rest else 0)
    if title.cell_length > room:
        title = title.truncate(max(SHORTEST_TITLE, room), ellipsis=True)
    return join((head, title, rest), "  ").truncate(width, ellipsis=True)

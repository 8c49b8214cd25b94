"""One inject as a row of the list, and the lines that say what is due and what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tabletop.engine.schedule import Line

from ..look import STATUS_SIGNS, column, join, line, plain, span_text, spread
from ..scene import Scene
from ..seat_names import seat_title, site_title

STYLES = {"released": "", "due": "bold $text-warning", "wanted": "bold $text-accent", "skipped": "$text-muted", "overtaken": "$text-muted"}
"""Emphasis by status, beside the sign and the word."""


ROOMY = 70
"""Cells of a row in which the title of an inject that is kept back has room beside the whole of what is said of that."""


def inject_row(scene: Scene, row: Line, width: int, *, cursor: bool) -> Content:
    """Sign, time, kind, title, and a word where the sign alone could be missed."""
    style = STYLES.get(row.status, "")
    kind = scene.words(f"kind.{row.inject.kind}")
    word = status_word(scene, row, width)
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


def status_word(scene: Scene, row: Line, width: int) -> str:
    """A word for what is neither plainly waiting nor plainly done, in a row of `width` cells."""
    if row.status in ("waiting", "released"):
        return scene.words("console.off-path-released") if row.record.off_path else ""
    if row.status == "kept_back":
        return kept_by(scene, row) if width >= ROOMY else _keeper(scene, row)
    return scene.words(f"console.status-{row.status}")


def kept_by(scene: Scene, row: Line) -> str:
    """That an inject is kept back, by whom and since when."""
    return scene.words("console.kept-back-by", who=_keeper(scene, row))


def _keeper(scene: Scene, row: Line) -> str:
    kept = row.record.kept_back
    if kept is None:
        return ""
    kind, _, site = kept.actor.partition(":")
    who = site_title(scene.plan, site, scene.language) if kind == "site" else seat_title(scene.plan, kept.actor, scene.words)
    return f"{who} {span_text(kept.at_ms)}"


def due_lines(scene: Scene, width: int, height: int) -> list[Content]:
    """What is due, oldest first, then what held injects are wanted, then what comes next, then what is kept back.

    At least one place shows the next. Where nothing is left for what is kept back, the end of the last line counts it.
    """
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
    if (kept := scene.kept_back()) and len(rows) < height:
        rows.append(_kept_line(scene, kept, width))
    elif kept and rows:
        count = f"{STATUS_SIGNS['kept_back']} {words('console.kept-back-n', n=len(kept))}"
        rows[-1] = spread(rows[-1], Content.styled(count, "bold"), width)
    return rows


def _kept_line(scene: Scene, kept: Sequence[Line], width: int) -> Content:
    """What is kept back, each with who keeps it and since when."""
    told = (scene.words("console.kept-back-one", title=line(row.inject.title, scene.language), who=_keeper(scene, row)) for row in kept)
    head = Content.styled(f"{STATUS_SIGNS['kept_back']} {scene.words('console.status-kept_back')}", "bold")
    return join((head, *map(plain, told)), "  ").truncate(width, ellipsis=True)


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

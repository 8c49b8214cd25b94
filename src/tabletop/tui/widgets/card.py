"""The inject on the table: the largest thing on the console. What is read aloud stands apart from what is for the facilitator alone."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from tabletop.engine.schedule import Line, line_of
from tabletop.exercise.injects import Inject

from ..look import KIND_SIGNS, join, line, plain, say, span_text, spread
from ..pages.lines import wrapped
from ..scene import Scene

READ_WIDTH = 56
"""Cells of a line that is read aloud at arm's length (screens: 28 字)."""


def card_lines(scene: Scene, inject_id: str, width: int, *, armed: bool = False) -> list[Content]:
    """The card of an inject in `width` cells: what it is, how it is delivered, its text, and what only the facilitator sees."""
    inject = scene.plan.inject_by_id[inject_id]
    row = line_of(scene.plan, scene.state, inject_id, scene.now_ms)
    shown = [_heading(scene, inject, row, width), _delivery(scene, inject, width)]
    if armed:
        shown.insert(1, Content.styled(f" {_armed(scene, row)} ", "bold reverse $text-warning"))
    inner = min(READ_WIDTH, width - 4)
    if inject.sender is not None:
        shown.append(_told(Content.styled(scene.words("console.from", sender=line(inject.sender, scene.language)), "italic")))
    shown.extend(_told(plain(text, "bold")) for text in wrapped(say(inject.text, scene.language), inner))
    shown.extend(_for_you(scene, inject, width))
    return shown


def _told(content: Content) -> Content:
    return Content.assemble(("▌ ", "$text-accent"), content)


def _heading(scene: Scene, inject: Inject, row: Line, width: int) -> Content:
    words = scene.words
    mark = words("console.card-number", n=scene.number(inject.id))
    kind = f"{KIND_SIGNS[inject.kind]} {words(f'kind.{inject.kind}')}"
    left = Content.assemble((f"{mark}  ", "bold"), plain(line(inject.title, scene.language), "bold"), "  ", (kind, "$text-accent"))
    return spread(left, status_text(scene, row), width)


def status_text(scene: Scene, row: Line) -> Content:
    """What an inject is now, in words."""
    words, record = scene.words, row.record
    if row.status == "released":
        when = words("console.released-at", time=span_text(record.released_ms or 0))
        late_ms = row.late_ms(scene.now_ms) if row.due_ms is not None else 0
        timing = words("console.late", time=span_text(late_ms)) if late_ms >= 1000 else ""
        timing = words("console.early", time=span_text(-late_ms)) if late_ms <= -1000 else timing
        return Content.styled(" ".join(part for part in (when, timing) if part), "$text-success")
    if row.status == "due":
        since = "" if row.due_ms is None else words("console.since", time=span_text(row.due_ms))
        return Content.styled(" ".join(part for part in ("!", words("console.status-due"), since) if part), "bold reverse $text-warning")
    if row.status == "waiting" and row.due_ms is not None and scene.state.pace == "timed":
        return Content(words("console.in-time", time=span_text(max(0, row.due_ms - scene.now_ms))))
    return Content(words(f"console.status-{row.status}"))


def _armed(scene: Scene, row: Line) -> str:
    early = row.due_ms is not None and scene.state.pace == "timed" and row.due_ms > scene.now_ms
    if early and row.due_ms is not None:
        return scene.words("console.armed-early", time=span_text(row.due_ms - scene.now_ms))
    return scene.words("console.armed")


def _delivery(scene: Scene, inject: Inject, width: int) -> Content:
    """How an inject reaches its people. A private one cannot be mistaken for one to be read aloud."""
    words = scene.words
    if inject.private:
        how = words(f"console.deliver-{inject.deliver or 'card'}")
        told = words("console.private", roles=scene.roles(inject.to), how=how, n=scene.number(inject.id))
        return Content.styled(f" × {told} ", "bold reverse $text-error")
    seconds = scene.plan.reading_ms(inject) // 1000
    aloud = words("console.read-aloud", n=seconds) if seconds else words("console.read-aloud-short")
    how = words(f"console.deliver-{inject.deliver}") if inject.deliver not in (None, "voice") else ""
    return join((Content.styled(aloud, "bold $text-accent"), Content(how)), " · ")


def _for_you(scene: Scene, inject: Inject, width: int) -> Iterator[Content]:
    words, language, record = scene.words, scene.language, scene.state.inject(inject.id)
    inner = max(20, width - 4)
    if inject.props:
        yield plain(words("console.props", props="; ".join(line(prop, language) for prop in inject.props)))
    private: list[tuple[str, str]] = []
    if inject.notes is not None:
        private.append(("", say(inject.notes, language)))
    if record.probes:
        number = record.probes[-1]
        private.append((words("console.probe-shown", n=len(record.probes), of=len(inject.probes)), say(inject.probes[number], language)))
    if record.hints:
        number = record.hints[-1]
        private.append((words("console.hint-shown", n=len(record.hints), of=len(inject.hints)), say(inject.hints[number], language)))
    if private:
        yield Content.styled(words("console.for-you"), "$text-muted")
    for head, text in private:
        for number, piece in enumerate(wrapped(f"{head}{text}", inner)):
            yield plain(f"  {piece}", "bold" if head and number == 0 else "")
    waiting = _unconfirmed(scene, inject)
    if waiting:
        yield plain(words("console.unconfirmed", roles=waiting), "$text-warning")


def _unconfirmed(scene: Scene, inject: Inject) -> str:
    record = scene.state.inject(inject.id)
    if inject.acknowledge is None or record.released_ms is None:
        return ""
    missing = tuple(role for role in scene.plan.addressees(scene.state, inject) if role not in record.acknowledged)
    return scene.roles(missing)


def intro_lines(scene: Scene, width: int) -> list[Content]:
    """What stands in the place of the card before the first release: the setting."""
    inner = min(READ_WIDTH, width - 4)
    head = Content.styled(scene.words("console.nothing-released"), "bold")
    return [head, Content(""), *(_told(plain(text)) for text in wrapped(say(scene.exercise.setting, scene.language), inner))]

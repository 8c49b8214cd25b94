"""The inject on the table: the largest thing on the console. What is read aloud stands apart from what is for the facilitator alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from tabletop.engine.schedule import Line, line_of
from tabletop.exercise.injects import Inject

from ..look import KIND_SIGNS, join, line, plain, say, span_text, spread
from ..pages.lines import wrapped
from ..scene import Scene
from .inject_rows import kept_by
from .reading import read_lines

ALOUD = ("▌ ", "$text-accent")
"""The bar before what is read aloud."""

HANDED = ("┆ ", "$text-muted")
"""The bar before what is handed over and never read aloud: broken, so that it is no matter of colour."""

NOTES_WIDTH = 76
"""Cells of a line of what only the facilitator reads."""

FOLDED = 2
"""Lines of the notes that stand there while they are folded: who stands before the room reads them in a glance."""

BLANK = Content("")

GAPS = ((True, True), (True, False), (False, True), (False, False))
"""Whether empty lines stand between sentences, and between the parts of the card: the airiest first."""


@dataclass(frozen=True, slots=True)
class OnTable:
    """The inject whose card is shown, and why; without one, what stands before the first release."""

    inject: str | None
    armed: bool = False
    """Whether a second `enter` releases it."""
    chosen: bool = False
    """Whether it was looked up: nobody need have released it."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card in its parts: what it is, what players hear or read, what only the facilitator sees."""

    head: list[Content]
    before: list[Content]
    """What stands before the text behind the same bar: the sender."""
    text: str
    bar: tuple[str, str]
    style: str
    private: list[Content]
    width: int
    aloud: bool = True
    """Whether its text is read aloud: then its sentences stand apart where there is room."""
    held_back: int = 0
    """Lines of the notes that are folded away."""

    @classmethod
    def of(cls, scene: Scene, table: OnTable, width: int, *, keys: bool = True, folded: bool = False) -> Card:
        """The card of what is on the table, in `width` cells.

        `keys`: whether it says which keys do what with it. `folded`: whether its notes and props are cut to their first lines.
        """
        if table.inject is None:
            head = [Content.styled(piece, "bold") for piece in wrapped(scene.words("console.nothing-released"), width)]
            return cls(head, [], say(scene.exercise.setting, scene.language), ALOUD, "", [], width)
        inject = scene.plan.inject_by_id[table.inject]
        row = line_of(scene.plan, scene.state, table.inject, scene.now_ms)
        bar, style = (HANDED, "") if inject.private else (ALOUD, "bold")
        before = []
        if inject.sender is not None:
            sender = scene.words("console.from", sender=line(inject.sender, scene.language))
            before = [Content.assemble(bar, Content.styled(sender, "italic"))]
        head = _head(scene, inject, row, width, table)
        private, notes = _for_you(scene, inject, row, width, keys=keys), _notes(scene, inject, width)
        held_back = len(notes) - FOLDED if folded and len(notes) > FOLDED + 1 else 0
        if held_back:
            notes[FOLDED:] = [more_line(scene, held_back)]
        text = say(inject.text, scene.language)
        return cls(head, before, text, bar, style, [*private, *notes], width, aloud=not inject.private, held_back=held_back)

    @property
    def least(self) -> int:
        """Lines without any air."""
        return self._height(apart=False, between=False)

    def _height(self, *, apart: bool, between: bool) -> int:
        told = len(self.before) + len(self._told(apart))
        return len(self.head) + told + len(self.private) + (2 if between and self.private else 1 if between else 0)

    def private_at(self, air: int) -> int:
        """The line with which what only the facilitator sees begins, set with that much air."""
        apart, between = GAPS[air]
        return self._height(apart=apart, between=between) - len(self.private)

    def _told(self, apart: bool) -> tuple[str, ...]:
        return read_lines(self.text, self.width - 4, apart=apart and self.aloud)

    def air(self, height: int, airiest: int = 0) -> int:
        """The place in `GAPS` of the airiest way, from `airiest` on, that fits into `height` lines; else the last one."""
        fits = (at for at, gaps in enumerate(GAPS) if at >= airiest and self._height(apart=gaps[0], between=gaps[1]) <= height)
        return next(fits, len(GAPS) - 1)

    def lines(self, air: int) -> list[Content]:
        """Set with that much air; it may be longer than the room there is."""
        apart, between = GAPS[air]
        told = [Content.assemble(self.bar, plain(text, self.style)) for text in self._told(apart)]
        gap = [BLANK] if between else []
        return [*self.head, *gap, *self.before, *told, *(gap if self.private else []), *self.private]


def _head(scene: Scene, inject: Inject, row: Line, width: int, table: OnTable) -> list[Content]:
    words = scene.words
    mark = words("console.card-number", n=scene.number(inject.id))
    title = Content.assemble((f"{mark}  ", "bold"), plain(line(inject.title, scene.language), "bold"))
    shown = []
    looking = table.chosen and row.status not in ("released", "due")
    if inject.private:
        shown.append(title.truncate(width, ellipsis=True))
        shown.append(Content.styled(f" × {delivered(scene, inject)} ", "bold reverse $text-error"))
    else:
        # What is only looked at is not to be read aloud, so the words do not stand there.
        aloud = BLANK if looking and not table.armed else _aloud(scene, inject)
        if title.cell_length + 2 + aloud.cell_length <= width:
            shown.append(spread(title, aloud, width))
        else:
            shown += [title.truncate(width, ellipsis=True), aloud]
    if table.armed:
        shown.append(Content.styled(f" {_armed(scene, row)} ", "bold reverse $text-warning"))
    elif row.status == "due":
        shown.append(status_text(scene, row))
    elif looking:
        status = status_text(scene, row).plain
        shown.append(Content.styled(f" {words('lectern.only-looking', status=status)} ", "bold reverse $text-accent"))
    return shown


def delivered(scene: Scene, inject: Inject) -> str:
    """How a private inject reaches its people; it cannot be mistaken for one that is read aloud."""
    return scene.words(f"lectern.give-{inject.deliver or 'card'}", roles=scene.roles(inject.to), n=scene.number(inject.id))


def _aloud(scene: Scene, inject: Inject) -> Content:
    words = scene.words
    seconds = scene.plan.reading_ms(inject) // 1000
    aloud = words("console.read-aloud", n=seconds) if seconds else words("console.read-aloud-short")
    how = words(f"console.deliver-{inject.deliver}") if inject.deliver not in (None, "voice") else ""
    return join((Content.styled(aloud, "bold $text-accent"), Content(how)), " · ")


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
        told = " ".join(part for part in ("!", words("console.status-due"), since) if part)
        return Content.styled(f" {told} ", "bold reverse $text-warning")
    if row.status == "waiting" and row.due_ms is not None and scene.state.pace == "timed":
        return Content(words("console.in-time", time=span_text(max(0, row.due_ms - scene.now_ms))))
    if row.status == "kept_back":
        return Content(kept_by(scene, row))
    return Content(words(f"console.status-{row.status}"))


def _armed(scene: Scene, row: Line) -> str:
    early = row.due_ms is not None and scene.state.pace == "timed" and row.due_ms > scene.now_ms
    if early and row.due_ms is not None:
        return scene.words("console.armed-early", time=span_text(row.due_ms - scene.now_ms))
    return scene.words("console.armed")


def _for_you(scene: Scene, inject: Inject, row: Line, width: int, *, keys: bool) -> list[Content]:
    """A line that says that only the facilitator sees what follows, and what became of the inject; then the newest probe and hint."""
    words, language, record = scene.words, scene.language, scene.state.inject(inject.id)
    kind = f"{KIND_SIGNS[inject.kind]} {words(f'kind.{inject.kind}')}"
    status = status_text(scene, row) if row.status == "released" else BLANK
    kept_back = _kept_back(scene, inject) if keys else ""
    label = join((Content.styled(words("console.for-you"), "bold"), Content(kept_back)), " · ")
    shown = [ruled(label, join((Content(kind), status), " · "), width)]
    private: list[tuple[str, str]] = []
    if record.probes:
        number = record.probes[-1]
        private.append((words("console.probe-shown", n=len(record.probes), of=len(inject.probes)), say(inject.probes[number], language)))
    if record.hints:
        number = record.hints[-1]
        private.append((words("console.hint-shown", n=len(record.hints), of=len(inject.hints)), say(inject.hints[number], language)))
    for head, text in private:
        shown.extend(plain(f"  {piece}", "bold") for piece in wrapped(f"{head}{text}", _notes_width(width)))
    return shown


def _notes(scene: Scene, inject: Inject, width: int) -> list[Content]:
    """The notes of an inject, and what to have ready for it."""
    texts = [] if inject.notes is None else [say(inject.notes, scene.language)]
    if inject.props:
        texts.append(scene.words("console.props", props="; ".join(line(prop, scene.language) for prop in inject.props)))
    return [plain(f"  {piece}") for text in texts for piece in wrapped(text, _notes_width(width))]


def _notes_width(width: int) -> int:
    return max(20, min(NOTES_WIDTH, width - 4))


def _kept_back(scene: Scene, inject: Inject) -> str:
    """How many probes can still be put, or hints given, and the key for it."""
    record = scene.state.inject(inject.id)
    if record.released_ms is None:
        return ""
    probes, hints = len(inject.probes) - len(record.probes), len(inject.hints) - len(record.hints)
    if probes > 0:
        return scene.words("lectern.probes-left", n=probes)
    return scene.words("lectern.hints-left", n=hints) if hints > 0 else ""


def ruled(left: Content, right: Content, width: int) -> Content:
    """A line across with something written into it on both sides."""
    right = Content.assemble(" ", right, " ─") if right else BLANK
    if left:
        left = Content.assemble("─ ", left.truncate(max(0, width - right.cell_length - 3), ellipsis=True), " ")
    return Content.assemble(left, "─" * max(0, width - right.cell_length - left.cell_length), right)


def cut_lines(scene: Scene, lines: Sequence[Content], height: int, scrolled: int, held_back: int = 0) -> tuple[list[Content], int]:
    """As many lines as fit from line `scrolled` on, the last one saying how many follow; and how far it is scrolled really.

    `held_back`: how many more the last line stands for.
    """
    scrolled = max(0, min(scrolled, len(lines) - height))
    below = len(lines) - height - scrolled
    shown = list(lines[scrolled : scrolled + height])
    if below > 0 and shown:
        shown[-1] = more_line(scene, below + (held_back or 1))
    return shown, scrolled


def more_line(scene: Scene, lines: int) -> Content:
    """Says that so many lines follow, and the key that shows them."""
    return Content.styled(scene.words("console.more-below", n=lines), "bold $text-warning")

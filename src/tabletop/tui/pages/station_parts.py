"""The smaller parts of a station: labels of its fields, what is written unasked, its keys.

Owns: their lines. Refuses to own: what they do (`screens.station`).
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tabletop.engine.roles import Tent
from tabletop.engine.views import SeatAsk, Shared
from tabletop.words import Words

from ..actions import footer_key, key_name, keys_shown
from ..letter import Letter
from ..look import column, line, number_key, plain, span_text, spread
from ..player_actions import HIDE, OF_PLAYERS, READ, STATION_ACTIONS
from ..tasks import NAME, NEXT, OWN, WHY, Reply, Task, by_digits
from ..widgets.fields import Row
from .lines import wrapped
from .station import StationPage

KEYS_WIDTH = 25
"""Cells of the column of keys in the help."""


def banner_line(shared: Shared, words: Words, language: str, width: int, *, practice: bool) -> Content:
    """The line that stands on every seat: EXERCISE, the handling mark, the alert level as far as this seat knows it."""
    level = "" if shared.alert == "none" else words(f"alert.{shared.alert}")
    parts = (line(shared.handling, language), words("practice.mark") if practice else "", level)
    mark = " · ".join(part for part in parts if part)
    left = Content.styled(f" {words('console.exercise-mark')}", "bold $text-warning")
    return spread(left, plain(f"{mark} ", "bold"), width)


def field_rows(
    names: Sequence[str],
    ask: SeatAsk | None,
    letter: Letter | None,
    reply: Reply,
    words: Words,
    language: str,
    announced_ms: int | None = None,
) -> tuple[Row, ...]:
    """The fields of those names, each with its label and what stands in it; `announced_ms`: when the next report comes, as was said."""
    elements = {} if ask is None else {element.id: line(element.text, language) for element in ask.elements}
    rows = []
    for name in names:
        if name in elements:
            label, hint = elements[name], ""
        else:
            label, hint = _label(name, ask, letter, words)
        if name == OWN + NEXT and announced_ms is not None:
            hint = words("station.label-next-announced", time=span_text(announced_ms))
        rows.append(Row(name, plain(f"{label} ›", "$text-muted"), reply.texts.get(name, ""), hint))
    return tuple(rows)


def _label(name: str, ask: SeatAsk | None, letter: Letter | None, words: Words) -> tuple[str, str]:
    if name == OWN + WHY:
        required = ask is not None and ask.rationale == "required"
        return words("station.label-why" if required else "station.label-why-optional"), ""
    if name == OWN + NAME:
        return words("station.label-name"), ""
    if name == OWN + NEXT:
        return words("station.label-next"), words("station.label-next-hint")
    if letter is not None:
        return words(f"station.label-{letter.kind}"), ""
    if ask is None:
        return words("station.label-read-back"), words("station.label-read-back-hint")
    return words("station.label-number" if ask.answer == "number" else "station.label-words"), ""


def letter_lines(letter: Letter, page: StationPage, tents: Sequence[Tent], own: Sequence[str]) -> list[Content]:
    """What is written unasked, step by step."""
    words, language = page.words, page.language
    short = {tent.id: line(tent.short, language) for tent in tents}
    title = {tent.id: line(tent.title, language) for tent in tents}
    if letter.step == "role":
        rows = [(number_key(tent.number), title[tent.id]) for tent in tents if tent.id in own]
        return page.roles_listed(words(f"station.{letter.kind}-from-whom"), rows)
    if letter.step == "to" and letter.kind == "feedback":
        rows = [("1", words("station.feedback-strength")), ("2", words("station.feedback-gap"))]
        return page.roles_listed(words("station.feedback-which"), rows)
    if letter.step == "to":
        rows = [(number_key(tent.number), title[tent.id]) for tent in tents if tent.id != letter.role and tent.by != "nobody"]
        return page.roles_listed(words("station.message-to-whom"), rows)
    role = short.get(letter.role, "")
    if letter.kind == "message":
        heading = words("station.message-heading", role=role, to=title.get(letter.to, ""))
    elif letter.kind == "decision":
        heading = words("station.decision-heading", role=role)
    else:
        heading = words(f"station.feedback-{letter.to}")
    return page.roles_listed(heading, ())


def arrival_lines(unread: Sequence[str], page: StationPage, width: int, *, writes: bool, back: str, others: bool) -> list[Content]:
    """What has come and waits to be read, from whom, and the key that reads it; at most one line.

    `back`: what that key leads back to once nothing waits, `text` or `seat`, or nothing; `others`: whether something has come for somebody
    else who shares the terminal.
    """
    words, key = page.words, key_name(READ.keys[0], page.words)
    if unread:
        what = page.arrival(unread[-1])
        if len(unread) > 1:
            what = words("station.came-more", what=what, n=len(unread) - 1)
        how = words("station.came-read-on" if writes else "station.came-read", key=key)
        return [spread(plain(f" ● {what} ", "bold reverse $text-accent"), plain(f" {how} ", "bold"), width)]
    if back:
        return [plain(f" {words(f'station.came-back-{back}', key=key)}", "bold $text-accent")]
    if others:
        return [plain(f" ● {words('station.came-other', key=key_name(HIDE.keys[0], words))} ", "bold reverse $text-accent")]
    return []


def footer_entries(
    task: Task | None,
    letter: Letter | None,
    words: Words,
    *,
    private: bool,
    reading: bool = False,
    ended: bool = False,
    others: bool = False,
) -> list[tuple[str, str]]:
    """The six keys that matter now: what nothing answers to is not there. `others`: whether there is anything that `tab` leads to."""
    table = {action.id: action for action in (*STATION_ACTIONS, HIDE)}
    digits = letter.step != "words" if letter is not None else task is not None and task.ask is not None and by_digits(task.ask)
    if reading:
        names = ["read", "scroll(-1)", "scroll(1)"]
    elif letter is not None:
        names = [*(["digit"] if digits else ["send", "next_task"]), "back"]
    elif task is not None:
        reasons = task.ask is not None and task.ask.rationale != "none"
        names = [*(["digit"] if digits else []), "send", *(["why"] if reasons else []), "next_task", "message"]
    else:
        names = ["message", *([] if ended else ["decision"]), *(["next_task"] if others else []), "scroll(-1)", "scroll(1)"]
    titles = {"message": "station.feedback"} if ended else {}
    if letter is None and task is not None and task.read_by_enter and task.kind != "message":
        titles["send"] = "station.confirms"
    names = [*names[: 4 if private else 5], *(["hide"] if private else []), "help"]
    return [(footer_key(table[name], words), words(titles.get(name, table[name].title))) for name in names]


def help_lines(words: Words, page: StationPage, *, private: bool) -> list[Content]:
    """Every key of a station and what it does."""
    made = [plain(words("station.help"), "bold $text-accent"), Content("")]
    width = min(page.width - 4, 100) - KEYS_WIDTH
    for action in (*STATION_ACTIONS, *([HIDE] if private else []), *OF_PLAYERS):
        keys = keys_shown(action, words, twins=True)
        for at, piece in enumerate(wrapped(words("station.help-line", title=words(action.title), text=words(action.help)), width)):
            made.append(Content.assemble(column(keys if at == 0 else "", KEYS_WIDTH, "bold $text-accent"), plain(piece)))
    made.append(Content(""))
    made += [plain(piece) for piece in wrapped(words("station.input-method"), width + KEYS_WIDTH)]
    return [content.pad_left(page.margin) for content in made]

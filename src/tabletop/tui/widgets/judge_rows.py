"""Rows of those who judge or record: an expected action with their own mark beside what others said, and what they entered.

Owns: that one's own word stands first. Refuses to own: which word counts (`engine.standing`), keys.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from tabletop.engine import events as e
from tabletop.engine.events import Entry
from tabletop.engine.judging import newest_marks, own_standing
from tabletop.engine.rights import Actor
from tabletop.engine.standing import Standing, standing
from tabletop.words import Words

from ..look import STANDING_SIGNS, column, line, number_key, plain, role_key, seat_named, span_text, spread
from ..pages.lines import wrapped
from ..scene import Scene
from .log_rows import entry_text
from .owed import ROLE_WIDTH, standing_text

JUDGES = ("evaluator", "lead")
"""How the actors begin whose marks are an evaluator's."""


def who_says(actor: str, words: Words) -> str:
    """Whose mark: the console's, an evaluator's by name."""
    if actor == "driver":
        return words("judge.console")
    try:
        return Actor.parse(actor).name or seat_named(actor, words)
    except ValueError:
        return seat_named(actor, words)


def mark_text(scene: Scene, action_id: str, actor: str) -> Content:
    """One's own mark, or how long there is for it; then, quieter, what others said."""
    own = own_standing(scene.plan, scene.state, action_id, actor, scene.now_ms)
    others = _others(scene, action_id, actor)
    mine = standing_text(scene, own)
    if not others:
        return mine
    quiet = Content.styled(others, "$text-muted")
    return Content.assemble(mine, "  ", quiet) if mine.plain else quiet


def _others(scene: Scene, action_id: str, actor: str) -> str:
    """What others said of the action, each with their name; else what an option or a later inject says of it.

    What other evaluators said shows to an evaluator only beside a mark of their own (scoring 2.9: halo).
    """
    words, marks = scene.words, newest_marks(scene.state, action_id)
    own = marks.get(actor)
    blind = actor.startswith(JUDGES) and (own is None or own.state == "no_record")
    told = []
    for other, mark in marks.items():
        if other != actor and mark.state != "no_record" and not (blind and other.startswith(JUDGES)):
            at = f" {span_text(mark.at_ms)}" if mark.at_ms is not None else ""
            told.append(words("judge.says", who=who_says(other, words), state=words(f"console.standing-{mark.state}") + at))
    if told:
        return " · ".join(told)
    known = standing(scene.plan, scene.state, action_id, scene.now_ms)
    if known.source in ("option", "release"):
        return words("judge.says", who=words(f"judge.{known.source}"), state=words(f"console.standing-{known.state}"))
    return ""


def judge_keys(scene: Scene, rows: int) -> dict[str, str]:
    """The keys that mark each action at once: the digit of its owner, then that of its row among the owner's actions.

    A panel shows `rows` of them before it turns to a second page; what stands there has no second key here.
    """
    keys = {}
    for role, numbered in scene.numbered_actions().items():
        first = role_key(scene.exercise, role)
        for number, known in enumerate(numbered, start=1):
            second = number_key(number) if number <= rows else "…"
            keys[known.action.id] = f"{first} {second}" if first and second else first
    return keys


def judged_row(scene: Scene, known: Standing, actor: str, width: int, keys: str, keys_width: int) -> Content:
    """One expected action: own sign, keys that mark it, role, what, how much it weighs, own mark and others'."""
    own = own_standing(scene.plan, scene.state, known.action.id, actor, scene.now_ms)
    heavy = own.action.criticality == "critical"
    what = Content.assemble(
        (f"{STANDING_SIGNS[own.state]} ", "bold"),
        column(keys, keys_width, "bold $text-accent"),
        column(scene.role(own.action.by), ROLE_WIDTH, "bold"),
        plain(line(own.action.title, scene.language)),
    )
    weight = Content.styled(scene.words(f"console.{own.action.criticality}"), "bold" if heavy else "")
    parts = [weight if own.action.criticality != "normal" else Content(""), mark_text(scene, own.action.id, actor)]
    return spread(what, Content("  ").join([part for part in parts if part]), width)


def own_entries(entries: Sequence[Entry], actor: str) -> list[Entry]:
    """What somebody entered, the newest first."""
    return [entry for entry in reversed(entries) if entry.actor == actor]


def own_row(scene: Scene, entry: Entry, width: int, *, cursor: bool = False, seq: bool = False) -> Content:
    """One thing that was entered here, on one line."""
    gone = entry.seq in scene.state.retracted
    head = f"{entry.seq:>4}  {span_text(entry.counts_ms):>7} " if seq else f"{span_text(entry.counts_ms):>7} "
    text = plain(own_text(scene, entry), "strike" if gone else "")
    back = Content.styled(scene.words("log.taken-back"), "$text-warning") if gone else Content("")
    content = spread(Content.assemble((head, "$text-muted"), text), back, width)
    return content.stylize("reverse") if cursor else content


def own_text(scene: Scene, entry: Entry) -> str:
    """What was entered, and when, where it counts at an earlier time."""
    event, words, text = entry.event, scene.words, _own_text(scene, entry)
    if isinstance(event, e.ActionMarked) and event.state in ("done", "partial") and event.said_ms is None:
        return words("judge.time-unknown", text=text)
    later = entry.counts_ms // 1000 < entry.exercise_ms // 1000
    return words("judge.entered-at", text=text, time=span_text(entry.exercise_ms)) if later else text


def _own_text(scene: Scene, entry: Entry) -> str:
    """Of a mark the state comes first: it is what must not be cut off."""
    event, words = entry.event, scene.words
    if not isinstance(event, e.ActionMarked):
        return entry_text(scene, event)
    state = words("judge.unmarked") if event.state == "no_record" else words(f"console.standing-{event.state}")
    parts = [state, words("console.after-hint") if event.prompted else ""]
    if event.other_role:
        parts.append(words("console.by-other", role=scene.role(event.other_role)))
    action = scene.plan.actions.get(event.action)
    title = event.action if action is None else line(action[1].title, scene.language)
    owner = "" if action is None else scene.role(action[1].by)
    return words("judge.marked", state=" ".join(part for part in parts if part), role=owner, action=title)


def own_rows(scene: Scene, own: Sequence[Entry], width: int, height: int) -> list[Content]:
    """The newest of what was entered here, one line each."""
    if not own:
        return [Content.styled(scene.words("judge.nothing-yet"), "$text-muted")]
    return [own_row(scene, entry, width) for entry in own[:height]]


def own_block(scene: Scene, own: Sequence[Entry], width: int, height: int) -> list[Content]:
    """The same in whole, as far as there is room: the newest first, each wrapped behind its time."""
    shown: list[Content] = [] if own else own_rows(scene, own, width, height)
    for entry in own:
        if len(shown) >= height:
            break
        gone = entry.seq in scene.state.retracted
        text = own_text(scene, entry) + (f" ({scene.words('log.taken-back')})" if gone else "")
        for at, piece in enumerate(wrapped(text, max(10, width - 8))):
            head = f"{span_text(entry.counts_ms):>7} " if at == 0 else " " * 8
            shown.append(Content.assemble((head, "$text-muted"), plain(piece, "strike" if gone else "")))
    return shown[:height]

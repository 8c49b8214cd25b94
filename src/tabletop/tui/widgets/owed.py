"""What is still owed: open questions and expected actions, the most urgent first, and what became of those on the table."""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content

from tabletop.engine.events import AnswerValue
from tabletop.engine.standing import Standing, standing
from tabletop.engine.state import Answer
from tabletop.exercise.asks import Ask

from ..look import STANDING_SIGNS, column, left_text, line, number_key, plain, role_key, span_text, spread
from ..scene import Owed, OwedAsk, Scene

NO_KEYS: Mapping[str, str] = {}

ROLE_WIDTH = 7
"""Cells for the short name of a role and a space."""


def ask_row(scene: Scene, ask: OwedAsk, width: int) -> Content:
    """One open question: who has not answered, what is asked, how long is left."""
    answered = f" {ask.asked - len(ask.roles)}/{ask.asked}" if ask.asked > 1 else ""
    who = Content.assemble(("? ", "bold $text-accent"), (scene.roles(ask.roles[:3]), "bold"), "…" if len(ask.roles) > 3 else "", answered)
    return spread(Content.assemble(who, "  ", plain(ask.question)), left_text(scene.words, ask.deadline_ms, scene.now_ms), width)


def keyed_ask_row(scene: Scene, ask: OwedAsk, keys_width: int, width: int) -> Content:
    """One open question with the digits of those who owe an answer: the first to press for them to be heard."""
    sign = ("? ", "bold $text-accent")
    left = left_text(scene.words, ask.deadline_ms, scene.now_ms)
    if ask.asked == 1:
        key = column(role_key(scene.exercise, ask.roles[0]), keys_width, "bold $text-accent")
        who = Content.assemble(sign, key, column(scene.role(ask.roles[0]), ROLE_WIDTH, "bold"))
    else:
        between = "、" if scene.language.startswith("zh") else ", "
        named = [f"{role_key(scene.exercise, role)} {scene.role(role)}".strip() for role in ask.roles[:3]]
        more = "…" if len(ask.roles) > 3 else ""
        hands = hands_key(scene, ask)
        shown = Content.assemble("  ", (f"{scene.words('lectern.hands')} ", ""), (hands, "bold $text-accent")) if hands else Content("")
        who = Content.assemble(sign, (f"{between.join(named)}{more}", "bold"), f" {ask.asked - len(ask.roles)}/{ask.asked}", shown, "  ")
    return spread(Content.assemble(who, plain(ask.question)), left, width)


def hands_key(scene: Scene, ask: OwedAsk) -> str:
    """The two digits that take hands for a question: of who is asked first, and of the row after the options."""
    asked = scene.asked_now(ask.roles[0])
    if asked is None or asked.id != ask.id or not scene.by_hands(asked):
        return ""
    return f"{role_key(scene.exercise, ask.roles[0])} {number_key(len(asked.options) + 1)}".strip()


def answered_rows(scene: Scene, inject_id: str, width: int, keys_width: int = 0) -> list[Content]:
    """The answers given to the questions of an inject."""
    rows = []
    for ask in scene.plan.inject_by_id[inject_id].asks:
        for role, answer in scene.state.ask(ask.id).answers.items():
            said = Content.assemble(
                ("✓ ", "bold $text-success"),
                " " * keys_width,
                column(scene.role(role), ROLE_WIDTH),
                plain(answer_text(scene, ask, answer)),
            )
            rows.append(spread(said, Content(span_text(answer.at_ms)), width))
    return rows


def answer_text(scene: Scene, ask: Ask, answer: Answer) -> str:
    """What a role answered, in the words of the exercise."""
    return value_text(scene, ask, answer.value)


def value_text(scene: Scene, ask: Ask, value: AnswerValue) -> str:
    """The value of an answer in the words of the exercise."""
    if isinstance(value, tuple):
        texts = {option.id: line(option.text, scene.language) for option in ask.options}
        joined = (" → " if ask.answer == "order" else "; ").join(texts.get(option, option) for option in value)
        return joined
    if isinstance(value, bool):
        return scene.words("console.confirmed")
    if isinstance(value, dict):
        titles = {element.id: line(element.title, scene.language) for element in ask.elements}
        return "; ".join(f"{titles.get(key, key)}: {' '.join(text.split())}" for key, text in value.items())
    return f"{value:g}" if isinstance(value, float) else " ".join(value.split())


def action_row(scene: Scene, one: Standing, width: int, keys: str = "", keys_width: int = 0) -> Content:
    """One expected action: sign, keys that mark it, role, what, how much it weighs, and where it stands.

    Silence is no record, never a miss.
    """
    words = scene.words
    sign = STANDING_SIGNS[one.state]
    heavy = one.action.criticality == "critical"
    what = Content.assemble(
        (f"{sign} ", "bold"),
        column(keys, keys_width, "bold $text-accent"),
        column(scene.role(one.action.by), ROLE_WIDTH, "bold"),
        plain(line(one.action.title, scene.language)),
    )
    weight = Content.styled(words(f"console.{one.action.criticality}"), "bold" if heavy else "")
    state = standing_text(scene, one)
    right = Content("  ").join([part for part in (weight if one.action.criticality != "normal" else Content(""), state) if part])
    return spread(what, right, width)


def standing_text(scene: Scene, one: Standing) -> Content:
    """Where an expected action stands, in words."""
    words = scene.words
    if one.state == "open":
        return left_text(words, one.deadline_ms, scene.now_ms)
    if one.state == "no_record":
        return Content.styled(words("console.standing-no_record"), "bold $text-warning")
    if one.state == "not_applicable" and any(mark.state in ("done", "partial") for mark in scene.state.marks.get(one.action.id, ())):
        return Content(words("console.standing-not-rated"))
    parts = [words(f"console.standing-{one.state}")]
    if one.at_ms is not None:
        parts.append(span_text(one.at_ms))
    if one.prompted:
        parts.append(words("console.after-hint"))
    if one.other_role:
        parts.append(words("console.by-other", role=scene.role(one.other_role)))
    style = {"done": "$text-success", "partial": "$text-warning", "missed": "$text-error"}.get(one.state, "")
    return Content.styled(" ".join(parts), style)


def settled_rows(scene: Scene, inject_id: str, width: int, keys: Mapping[str, str] = NO_KEYS, keys_width: int = 0) -> list[Content]:
    """What became of the expected actions of an inject that are settled; their keys correct it."""
    rows = []
    for action in scene.plan.inject_by_id[inject_id].expects:
        known = standing(scene.plan, scene.state, action.id, scene.now_ms)
        if known.state not in ("open", "no_record", "pending", "waiting"):
            rows.append(action_row(scene, known, width, keys.get(action.id, ""), keys_width))
    return rows


def owed_lines(scene: Scene, owed: Owed, inject_id: str | None, width: int, height: int) -> list[Content]:
    """What is owed in `height` rows, the most urgent first: questions, then actions, then what is settled of the inject on the table.

    How many there are of each stands in the title of the box; the page behind `tab` has them all.
    """
    asks, actions = owed
    for_asks = min(len(asks), max(height // 2, height - len(actions)))
    rows = [ask_row(scene, ask, width) for ask in asks[:for_asks]]
    rows += [action_row(scene, action.standing, width) for action in actions[: height - len(rows)]]
    if inject_id is not None and len(rows) < height:
        rows += answered_rows(scene, inject_id, width)
        rows += settled_rows(scene, inject_id, width)
    if not rows:
        rows = [Content.styled(scene.words("console.nothing-owed"), "$text-muted")]
    return rows[:height]

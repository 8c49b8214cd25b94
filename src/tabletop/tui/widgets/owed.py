"""What is still owed: open questions and expected actions, the most urgent first, and what became of those on the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual.content import Content

from tabletop.engine.events import AnswerValue
from tabletop.engine.judging import SETTLED, newest_marks
from tabletop.engine.rights import DRIVER
from tabletop.engine.standing import Standing, next_deadline, role_deadline, standing
from tabletop.engine.state import Answer
from tabletop.exercise.asks import Ask
from tabletop.text import number_text

from ..look import STANDING_SIGNS, column, join, left_text, line, number_key, plain, role_key, span_text, spread
from ..scene import Owed, OwedAsk, Scene
from .awaited import Awaiting
from .room_rows import wall_time

NO_KEYS: Mapping[str, str] = {}

ROLE_WIDTH = 7
"""Cells for the short name of a role and a space."""


def ask_row(scene: Scene, ask: OwedAsk, width: int) -> Content:
    """One open question: who has not answered, what is asked, how long is left."""
    answered = f" {ask.asked - len(ask.roles)}/{ask.asked}" if ask.asked > 1 else ""
    typing = _typing(scene, ask.roles[0]) if ask.asked == 1 else ""
    who = Content.assemble(_ask_sign(ask), (scene.roles(ask.roles[:3]), "bold"), "…" if len(ask.roles) > 3 else "", answered)
    who = join((who, plain(typing)))
    return spread(Content.assemble(who, "  ", plain(ask.question)), _time(scene, ask), width)


def _time(scene: Scene, ask: OwedAsk) -> Content:
    """How long a question still has; where that is over for some alone, for whom, and what is left for the others."""
    left = left_text(scene.words, ask.deadline_ms, scene.now_ms, ask.late)
    if ask.late is None or not ask.over:
        return left
    roles = scene.roles(ask.over[:3]) + ("…" if len(ask.over) > 3 else "")
    over = scene.words("console.over-of", roles=roles, time=span_text(ask.late.late_ms(scene.now_ms)))
    return join((Content.styled(over, "$text-error bold"), left))


def _ask_sign(ask: OwedAsk | None) -> tuple[str, str]:
    """What stands before a question: a report that is overdue has the sign of what is overdue."""
    return ("! ", "bold $text-warning") if ask is not None and ask.late_report else ("? ", "bold $text-accent")


def keyed_ask_row(scene: Scene, ask: OwedAsk, keys_width: int, width: int) -> Content:
    """One open question with the digits of those who owe an answer: the first to press for them to be heard."""
    sign, left = _ask_sign(ask), _time(scene, ask)
    if ask.asked == 1:
        key = column(role_key(scene.exercise, ask.roles[0]), keys_width, "bold $text-accent")
        who = Content.assemble(sign, key, column(scene.role(ask.roles[0]), ROLE_WIDTH, "bold"))
        left = join((plain(_typing(scene, ask.roles[0])), left))
    else:
        between = "、" if scene.language.startswith("zh") else ", "
        named = [join((role_key(scene.exercise, role), scene.role(role), _typing(scene, role)), " ").plain for role in ask.roles[:3]]
        more = "…" if len(ask.roles) > 3 else ""
        answered = f" {ask.asked - len(ask.roles)}/{ask.asked}"
        who = Content.assemble(sign, (f"{between.join(named)}{more}", "bold"), answered, _by_hands(scene, ask), "  ")
    return spread(Content.assemble(who, plain(ask.question)), left, width)


def _by_hands(scene: Scene, ask: OwedAsk) -> Content:
    """The digits that take hands for a question; empty where there are none."""
    hands = hands_key(scene, ask)
    return Content.assemble(f"  {scene.words('lectern.hands')} ", (hands, "bold $text-accent")) if hands else Content("")


def _typing(scene: Scene, role_id: str) -> str:
    """That somebody of a role is writing just now; else nothing."""
    return scene.words("door.typing") if scene.attending(role_id).typing else ""


def ask_rows(scene: Scene, ask_id: str, owed: OwedAsk | None, width: int, keys_width: int) -> list[Content]:
    """An open question, and below it each role that was asked: what it answered and why, that it is typing, away, or has not answered.

    `owed`: the question where somebody owes an answer to it.
    """
    inject, ask = scene.plan.asks[ask_id]
    answers = scene.state.ask(ask_id).answers
    asked = scene.plan.addressees(scene.state, inject, ask)
    roles = (*asked, *(role for role in answers if role not in asked))
    given = sum(role in answers for role in roles)
    counted = Content(f"{given}/{len(roles)}")
    hands = _by_hands(scene, owed) if owed is not None else Content("")
    head = Content.assemble(_ask_sign(owed), plain(line(ask.question, scene.language), "bold"), hands)
    left = Content("")
    if owed is not None:
        left = _time(scene, owed)
    elif given < len(roles):
        left = left_text(scene.words, next_deadline(scene.plan, scene.state, ask_id, scene.now_ms), scene.now_ms)
    rows = [spread(head, join((counted, left)), width)]
    for role in roles:
        who = Content.assemble(
            "  ", column(role_key(scene.exercise, role), keys_width, "bold $text-accent"), column(scene.role(role), ROLE_WIDTH, "bold")
        )
        answer = answers.get(role)
        if answer is None:
            told = Content.assemble("  ", who, plain(_not_answered(scene, role), "$text-warning"))
            apart = owed is not None and bool(owed.over)
            end = role_deadline(scene.plan, scene.state, ask_id, role) if apart else None
            late = None if end is None else scene.overdue(role, end)
            rows.append(spread(told, left_text(scene.words, end, scene.now_ms, late), width))
        else:
            told = Content.assemble(("✓ ", "bold $text-success"), who, plain(answer_text(scene, ask, answer)))
            rows.append(spread(told, Content(span_text(answer.at_ms)), width))
            rows += why_rows(scene, answer, keys_width + 2)
    return rows


def _not_answered(scene: Scene, role_id: str) -> str:
    attends = scene.attending(role_id)
    if scene.no_link(role_id):
        return scene.words("door.no-link")
    if attends.typing:
        return scene.words("door.typing")
    if attends.at == "away" and attends.since_ms is not None:
        return scene.words("door.away-since", time=wall_time(attends.since_ms))
    return scene.words("door.no-answer")


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
            rows += why_rows(scene, answer, keys_width)
    return rows


def why_rows(scene: Scene, answer: Answer, keys_width: int) -> list[Content]:
    """Why a role answered so, on a row of its own: behind a long option nobody would see it."""
    if not answer.rationale:
        return []
    why = scene.words("log.why", reason=" ".join(answer.rationale.split()))
    return [Content.assemble("  ", " " * (keys_width + ROLE_WIDTH), plain(why, "italic"))]


def answer_text(scene: Scene, ask: Ask, answer: Answer) -> str:
    """What a role answered, in the words of the exercise; before it by whom, where that is known."""
    person = f"{' '.join(answer.person.split())}: " if answer.person else ""
    return f"{person}{value_text(scene, ask, answer.value)}"


def value_text(scene: Scene, ask: Ask, value: AnswerValue) -> str:
    """The value of an answer in the words of the exercise."""
    if isinstance(value, tuple):
        texts = {option.id: line(option.text, scene.language) for option in ask.options}
        between = " → " if ask.answer == "order" else scene.words("follow.between")
        return between.join(texts.get(option, option) for option in value)
    if isinstance(value, bool):
        return scene.words("console.confirmed")
    if isinstance(value, dict):
        titles = {element.id: line(element.title, scene.language) for element in ask.elements}
        report = ((titles.get(key, key), " ".join(text.split())) for key, text in ask.in_order(value).items())
        return scene.words("follow.between").join(scene.words("follow.stated", element=title, text=text) for title, text in report)
    return number_text(value) if isinstance(value, float) else " ".join(value.split())


def action_row(scene: Scene, one: Standing, width: int, keys: str = "", keys_width: int = 0) -> Content:
    """One expected action: sign, keys that mark it, role, what, how much it weighs, and where it stands.

    Silence is no record, never a miss.
    """
    sign = STANDING_SIGNS[one.state]
    what = Content.assemble(
        (f"{sign} ", "bold"),
        column(keys, keys_width, "bold $text-accent"),
        column(scene.role(one.action.by), ROLE_WIDTH, "bold"),
        plain(line(one.action.title, scene.language)),
    )
    return spread(what, weight_and_state(scene, one), width)


def weight_and_state(scene: Scene, one: Standing) -> Content:
    """How much an expected action weighs, and where it stands."""
    heavy = one.action.criticality == "critical"
    stands, other = standing_text(scene, one), overruled(scene, one)
    if other is not None:
        who, own = other
        whose, yours = scene.words("console.standing-whose", who=who), scene.words("console.standing-yours", own=own)
        stands = Content.assemble(plain(whose), stands, plain(yours, "$text-warning"))
    weight = Content.styled(scene.words(f"console.{one.action.criticality}"), "bold" if heavy else "")
    return join((weight if one.action.criticality != "normal" else "", stands))


def overruled(scene: Scene, one: Standing, actor: str = str(DRIVER)) -> tuple[str, str] | None:
    """Whose word stands of an action over what the facilitator, or another `actor`, said of it, and what that was in words.

    Both are kept (scoring, amendment 7). None where they say the same, or that one's own word stands.
    """
    if one.source != "evaluator":
        return None
    marks = newest_marks(scene.state, one.action.id)
    own, whose = marks.get(actor), next((mark for mark in marks.values() if mark.seq == one.seq), None)
    if own is None or whose is None or own is whose or own.state == "no_record":
        return None
    if own.actor.startswith(("evaluator", "lead")) or (own.state, own.prompted) == (whose.state, whose.prompted):
        return None
    hint = scene.words("console.after-hint") if own.prompted else ""
    said = " ".join(part for part in (scene.words(f"console.standing-{own.state}"), hint) if part)
    return line(whose.actor.partition(":")[2], "") or scene.words(f"headcount.post-{whose.actor.partition(':')[0]}"), said


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


@dataclass(frozen=True, slots=True)
class Settled:
    """One thing that became of an inject: an action, an answer, or an action that an answer settled."""

    action: Standing | None
    ask: Ask | None = None
    answer: Answer | None = None

    @property
    def lines(self) -> int:
        """Rows it takes."""
        return 2 if self.answer is not None and self.answer.rationale else 1

    def rows(self, scene: Scene, width: int, keys: Mapping[str, str], keys_width: int) -> list[Content]:
        """What was said and where the action stands, on one row; below it why, where that was said."""
        key = "" if self.action is None else keys.get(self.action.action.id, "")
        if self.ask is None or self.answer is None:
            return [] if self.action is None else [action_row(scene, self.action, width, key, keys_width)]
        said = answer_text(scene, self.ask, self.answer)
        if self.action is None:
            sign, right = ("✓ ", "bold $text-success"), Content(span_text(self.answer.at_ms))
        else:
            sign, right = (f"{STANDING_SIGNS[self.action.state]} ", "bold"), weight_and_state(scene, self.action)
        who = column(scene.role(self.answer.role), ROLE_WIDTH, "" if self.action is None else "bold")
        what = Content.assemble(sign, column(key, keys_width, "bold $text-accent"), who, plain(said))
        return [spread(what, right, width), *why_rows(scene, self.answer, keys_width)]


def settled_of(scene: Scene, inject_id: str) -> list[Settled]:
    """What became of the expected actions and the questions of an inject; an action that an answer settled goes with that answer."""
    inject = scene.plan.inject_by_id[inject_id]
    answers = [(ask, answer) for ask in inject.asks for answer in scene.state.ask(ask.id).answers.values()]
    found: list[Settled] = []
    told: set[int] = set()
    for action in inject.expects:
        known = standing(scene.plan, scene.state, action.id, scene.now_ms)
        if known.state in SETTLED:
            by = next((one for one in answers if _settled_by(known, one[1]) and one[1].seq not in told), None)
            told.update(() if by is None else (by[1].seq,))
            found.append(Settled(known) if by is None else Settled(known, *by))
    return [*found, *(Settled(None, ask, answer) for ask, answer in answers if answer.seq not in told)]


def _settled_by(known: Standing, answer: Answer) -> bool:
    """Whether it was the option of an answer that said what stands of an action."""
    return known.source == "option" and any(one.seq == known.seq and one.effect.target == known.action.id for one in answer.effects)


def settled_rows(scene: Scene, inject_id: str, width: int, keys: Mapping[str, str] = NO_KEYS, keys_width: int = 0) -> list[Content]:
    """What became of what an inject asks and expects; the keys of an action correct it."""
    return [row for one in settled_of(scene, inject_id) for row in one.rows(scene, width, keys, keys_width)]


def awaited_rows(awaiting: list[Awaiting], others: int, height: int) -> int:
    """How many rows of `height` what is awaited has: what is overdue before all else, and what `others` leave."""
    overdue = sum(one.overdue for one in awaiting)
    return min(len(awaiting), max(1, height // 3, min(overdue, height - min(1, others)), height - others))


def owed_lines(scene: Scene, owed: Owed, awaiting: list[Awaiting], inject_id: str | None, width: int, height: int) -> list[Content]:
    """What is owed in `height` rows: receipts and reports, questions, actions, then what is settled of the inject on the table.

    How many there are of each stands in the title of the box; the page behind `tab` has them all.
    """
    asks, actions = owed
    rows = [one.row(scene, 3, width) for one in awaiting[: awaited_rows(awaiting, len(asks) + len(actions), height)]]
    height_left = height - len(rows)
    for_asks = min(len(asks), max(height_left // 2, height_left - len(actions)))
    rows += [ask_row(scene, ask, width) for ask in asks[:for_asks]]
    rows += [action_row(scene, action.standing, width) for action in actions[: height - len(rows)]]
    if inject_id is not None and len(rows) < height:
        rows += settled_rows(scene, inject_id, width)
    if not rows:
        rows = [Content.styled(scene.words("console.nothing-owed"), "$text-muted")]
    return rows[:height]

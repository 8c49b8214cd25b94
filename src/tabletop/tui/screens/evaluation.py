"""After ENDEX: what has no record is confirmed, objectives are rated, ratings are locked; then the score is a key away."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.content import Content

from tabletop.engine import commands as c
from tabletop.engine.decide import REOPEN_FREELY_MS
from tabletop.engine.judging import evaluators, unrated
from tabletop.engine.rights import PRACTICE, Actor
from tabletop.engine.state import State
from tabletop.text import typed_number

from ..actions import EVALUATION_ACTIONS, EVERYWHERE, RATING_FOOTER, Action, bindings, footer_key, footer_of
from ..look import clock_text, plain, spread
from ..pages.confirm import confirm_lines, to_confirm, unsettled
from ..pages.lines import QUIET, STRONG, Line, tabs_line
from ..pages.ratings import BEHAVIOUR, EVALUATOR, LETTER_OF, LOCK, Judging, own_rating, ratings_lines
from ..widgets.footer import Footer
from .confirming import confirm
from .console_wall import turn_terminal, turn_wall
from .judged import JudgedScreen

PAGES = ("confirm", "ratings")

DIGITS_ON = {"objective": {"4-1": "evaluation.rate"}, "behaviour": {"5-1": "evaluation.rate-behaviour"}}
"""What digits mean on a row of the ratings."""

AGAIN_S = 3.0
"""Seconds within which a second press takes ENDEX back."""

NAME = "evaluator"
"""The draft that keeps who evaluates, with `self` or `other` before the name, so that it is asked once."""


class EvaluationScreen(JudgedScreen[None]):
    """The confirm list and the ratings of a run that has ended."""

    ACTIONS = EVALUATION_ACTIONS
    BINDINGS: ClassVar = [*bindings(EVALUATION_ACTIONS)]
    CSS_PATH: ClassVar = ["sheet.tcss", "evaluation.tcss"]

    def __init__(self) -> None:
        super().__init__()
        self._page = PAGES[0]
        self._judging = Judging()
        self._shown_first = False
        self._reopen_at = 0.0

    @property
    def judging(self) -> Judging:
        """Who judges, standing where the cursor is, and whose ratings are still missing."""
        desk = self.desk
        known = evaluators(desk.state, desk.entries, (device.seat for device in desk.conductor.devices))
        names = dict.fromkeys((*known, *filter(None, [self._judging.evaluator])))
        return replace(self._judging, row=self.row, unrated=unrated(desk.plan, desk.state, names))

    def page(self, width: int) -> Sequence[Line]:
        if not self.ready:
            return ()
        made, wording = self.judged()
        build = confirm_lines if self._page == "confirm" else ratings_lines
        return build(made, wording, width, self.judging)

    def above(self, width: int) -> Sequence[Content]:
        if not self.ready:
            return ()
        state, words = self.desk.state, self.words
        how = words(f"evaluation.ended.{state.ended_how or 'played'}")
        ended = f"{words('evaluation.ended', time=clock_text(state.ended_ms or 0))} · {how}"
        tabs = tabs_line([(words(f"evaluation.page.{page}"), page == self._page) for page in PAGES])
        meanwhile = "" if state.locked else words("evaluation.practice" if self.desk.kind == PRACTICE else "evaluation.meanwhile")
        return (spread(tabs, plain(ended, STRONG), width), plain(meanwhile, QUIET))

    def below(self, width: int) -> Sequence[Content]:
        if not self.ready or self.desk.state.locked:
            return (plain(self.words("evaluation.locked-now"), STRONG),) if self.ready else ()
        row = self.row.partition(":")[0]
        code = {
            "action": "evaluation.keys.confirm",
            "differ": "evaluation.keys.confirm",
            "objective": "evaluation.keys.objective",
            "behaviour": "evaluation.keys.behaviour",
            "indicator": "evaluation.keys.indicator",
            EVALUATOR: "evaluation.keys.evaluator",
            LOCK: "evaluation.keys.lock",
        }.get(row)
        return (plain(self.words(code), STRONG),) if code else (Content(""),)

    def show(self, state: State) -> None:
        if state.phase != "ended":
            self.app.go(self.app.place_for(state))
            return
        if not self._shown_first:
            self._shown_first = True
            self._remember_evaluator()
            self.draw(self._first_row())
            self._go_on_typing()
            return
        self.draw()

    def _go_on_typing(self) -> None:
        """A note that was being typed when the console ended, however it ended, stands in its field again."""
        for draft in self.desk.drafts:
            kind, _, rest = draft.partition(":")
            objective, _, letter = rest.partition(":")
            digit = next((digit for digit, each in LETTER_OF.items() if each == letter), None)
            if kind == "note" and digit is not None and objective in self.desk.exercise.objective_by_id and not self.desk.state.locked:
                self._page = "ratings"
                self.draw(f"objective:{objective}")
                self._ask_note(objective, digit)
                return

    def _first_row(self) -> str:
        """Where one starts: at who evaluates while nobody has said, then at the first action to confirm."""
        if not self._judging.evaluator:
            return EVALUATOR
        return self._next_open() or EVALUATOR

    def _next_open(self) -> str:
        """The row of the next action without a record, after the one stood on; empty where there is none."""
        made, _ = self.judged()
        cases = to_confirm(made, self._judging.every)
        rows = [f"action:{case.standing.action.id}" for case in cases]
        open_rows = [f"action:{case.standing.action.id}" for case in unsettled(cases)]
        here = rows.index(self.row) if self.row in rows else -1
        return next((row for row in rows[here + 1 :] + rows[: max(0, here)] if row in open_rows and row != self.row), "")

    def foot(self) -> list[tuple[str, str]]:
        answered = (*self._actions(), *EVERYWHERE)
        shown = footer_of(self._actions()) if self._page == "confirm" else [one for one in RATING_FOOTER if one in answered]
        digits = {} if self._page == "confirm" else DIGITS_ON.get(self.row.partition(":")[0], {})
        return [
            *((key, self.words(code)) for key, code in digits.items()),
            *((footer_key(one, self.words), self.words(one.title)) for one in shown),
        ]

    def _actions(self) -> tuple[Action, ...]:
        """What keys do now: ENDEX is not taken back once the ratings are locked."""
        return tuple(one for one in EVALUATION_ACTIONS if one.id != "reopen" or not (self.ready and self.desk.state.locked))

    def draw(self, row: str | None = None) -> None:
        super().draw(row)
        if self.is_mounted and not self.question.is_open:
            self.query_one(Footer).tell(self.foot())

    def moved(self, row: str) -> None:
        if row != LOCK:
            self._judging = replace(self._judging, armed=False)
        self.draw()

    # Who evaluates.

    def _remember_evaluator(self) -> None:
        """The evaluator of this console as kept, or as the ratings given here say."""
        kind, _, name = self.desk.drafts.get(NAME, "").partition(":")
        if not name:
            own = [rating for rating in self.desk.state.ratings.values() if rating.actor.partition(":")[0] in ("driver", "lead")]
            if own:
                name, kind = own[-1].evaluator, "other" if own[-1].actor.startswith("lead") else "self"
        self._judging = replace(self._judging, evaluator=name, independent=kind == "other")

    @property
    def actor(self) -> Actor | None:
        """Whose word it is: an evaluator's, where somebody else facilitated; else the driver's own."""
        return Actor("lead", self._judging.evaluator) if self._judging.independent else None

    def _ask_evaluator(self, then: str = "") -> None:
        """Asks who evaluates, then whether that person facilitated; `then` is a key to go on with."""

        def named(text: str) -> str | None:
            if not text:
                return self.words("refused.no-name")
            self._ask_independent(text, then)
            return None

        self.ask_for(self.words("evaluation.ask.evaluator"), named, value=self._judging.evaluator)

    def _ask_independent(self, name: str, then: str) -> None:
        def said(text: str) -> str | None:
            if text not in ("1", "2"):
                return self.words("evaluation.ask.independent.hint")
            kind = "other" if text == "2" else "self"
            self._judging = replace(self._judging, evaluator=name, independent=kind == "other")
            self.desk.keep_draft(NAME, f"{kind}:{name}")
            self.draw(None if self.row != EVALUATOR else self._next_open() or None)
            if then:
                self.action_digit(then)
            return None

        label = self.words("evaluation.ask.independent", name=name)
        self.ask_for(label, said, placeholder=self.words("evaluation.ask.independent.hint"), choices=("1", "2"))

    # Keys.

    def action_turn(self) -> None:
        self._page = PAGES[1 - PAGES.index(self._page)]
        first = f"objective:{self.desk.exercise.objectives[0].id}" if self._page == "ratings" else self._next_open() or EVALUATOR
        self.draw(first)

    def action_all(self) -> None:
        self._page = "confirm"
        self._judging = replace(self._judging, every=not self._judging.every)
        self.draw(self._next_open() or None)

    def action_note(self) -> None:
        """What the room writes down after ENDEX: a strength, a gap, whatever else a note can be."""
        from .panels.note import NotePanel

        self.app.push_screen(NotePanel(self.desk.elapsed_ms()))

    def action_menu(self) -> None:
        from .panels.menu import open_small_menu

        open_small_menu(self, self._actions())

    def action_wall(self) -> None:
        """The hot wash looks at the wall: what happened, rulings, parked items, never the score."""
        turn_wall(self)

    def action_turn_terminal(self) -> None:
        turn_terminal(self)

    def action_suggest(self) -> None:
        kind, _, name = self.row.partition(":")
        if self._page == "ratings" and kind == "objective":
            self._judging = replace(self._judging, shown=self._judging.shown | {name})
            self.draw()

    def action_digit(self, key: str) -> None:
        if self.desk.state.locked:
            self.app.refuse("evaluation.locked-now")
            return
        kind, _, name = self.row.partition(":")
        if kind == EVALUATOR:
            self._ask_evaluator()
        elif kind in ("", LOCK):
            self.app.refuse("evaluation.rate-which")
        elif not self._judging.evaluator:
            self._ask_evaluator(key)
        else:
            self._set(kind, name, key)

    def _set(self, kind: str, name: str, key: str) -> None:
        """What a digit says of the row one stands on."""
        digit = int(key)
        if kind in ("action", "differ"):
            confirm(self, name, digit, self._go_to_open)
        elif kind == "objective" and digit in LETTER_OF:
            self._rate(name, digit)
        elif kind == "behaviour" and digit <= 5:
            line = next(each for each in BEHAVIOUR if each == name)
            self.app.ask(c.ScoreBehaviour(self._judging.evaluator, line, digit), then=self._go_on, actor=self.actor)
        elif kind == "indicator":
            self._measure(name, key)

    def action_enter(self) -> None:
        kind, _, name = self.row.partition(":")
        state = self.desk.state
        if kind == LOCK:
            self.action_lock()
        elif state.locked:
            self.app.refuse("evaluation.locked-now")
        elif kind == EVALUATOR:
            self._ask_evaluator()
        elif kind == "indicator":
            self._measure(name)
        elif kind == "objective" and (rating := own_rating(state, name, self._judging.evaluator)) is not None:
            self._ask_note(name, {letter: digit for digit, letter in LETTER_OF.items()}[rating.rating])
        elif kind == "action":
            self.sheet.move(1)

    def on_sheet_picked(self) -> None:
        self.action_enter()

    def _go_on(self, _: object = None) -> None:
        """To the next row, once what was said is recorded."""
        self.sheet.move(1)

    # What a key says.

    def _go_to_open(self) -> None:
        """To the next action without a record, once what was said of this one is."""
        following = self._next_open()
        if following:
            self.sheet.go(following)

    def _rate(self, objective: str, digit: int) -> None:
        letter = LETTER_OF[digit]
        if letter == "P":
            self.app.ask(c.Rate(self._judging.evaluator, objective, letter), then=self._go_on, actor=self.actor)
        else:
            self._ask_note(objective, digit)

    def _ask_note(self, objective: str, digit: int) -> None:
        """The rating is recorded with its note in one entry."""
        letter = LETTER_OF[digit]
        before = own_rating(self.desk.state, objective, self._judging.evaluator)

        def keep(text: str) -> str | None:
            self.app.ask(c.Rate(self._judging.evaluator, objective, letter, text), then=self._go_on, actor=self.actor)
            return None

        label = self.words("evaluation.ask.note", rating=letter)
        hint = self.words("evaluation.ask.note.hint")
        self.ask_for(label, keep, value="" if before is None else before.note, placeholder=hint, draft=f"note:{objective}:{letter}")

    def _measure(self, indicator: str, begun: str = "") -> None:
        made, wording = self.judged()
        unit = next((each.unit for each in made.indicators if each.indicator == indicator), "")

        def keep(text: str) -> str | None:
            number = typed_number(text)
            if number is None:
                return self.words("evaluation.bad-number")
            self.app.ask(c.MeasureIndicator(indicator, number), then=self._go_on)
            return None

        label = self.words("evaluation.ask.value", indicator=wording.title("indicator", indicator))
        hint = self.words("evaluation.ask.value.hint", unit=f", {unit}" if unit else "")
        self.ask_for(label, keep, value=begun, placeholder=hint)

    def action_lock(self) -> None:
        """Twice: the first press says what is missing."""
        if self.desk.state.locked:
            self.action_score()
        elif self._page != "ratings" or self.row != LOCK or not self._judging.armed:
            self._page = "ratings"
            self._judging = replace(self._judging, armed=True)
            self.draw(LOCK)
        else:
            self.app.ask(c.LockRatings(), actor=self.actor)

    def action_score(self) -> None:
        if self.desk.state.locked:
            self.app.go("debrief")
        else:
            self.app.refuse("evaluation.locked-first", stands=lambda: not self.desk.state.locked)

    def action_reopen(self) -> None:
        if self.desk.state.locked:
            self.app.ask(c.Reopen())  # refused, with what can be done instead
            return
        now = time.monotonic()
        if now - self._reopen_at > AGAIN_S:
            self._reopen_at = now
            self.app.refuse("evaluation.reopen-again", stands=lambda: self._reopen_at > 0, seconds=AGAIN_S)
            return
        self._reopen_at = 0.0
        ended_ago = self.desk.conductor.wall_ms() - (self.desk.state.ended_wall_ms or 0)
        if ended_ago <= REOPEN_FREELY_MS:
            self.app.ask(c.Reopen())
            return

        def keep(text: str) -> str | None:
            if not text:
                return self.words("refused.reason-needed")
            self.app.ask(c.Reopen(text))
            return None

        self.ask_for(self.words("evaluation.ask.reopen", minutes=ended_ago // 60_000), keep)

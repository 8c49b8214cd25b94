"""Putting a debrief into words: codes become sentences, ids the exercise's own titles, milliseconds clock times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from tabletop.debrief.model import Debrief, DecisionLine
from tabletop.engine.events import AnswerValue
from tabletop.engine.joining import is_seat
from tabletop.engine.state import Answer
from tabletop.engine.unadded import plan_with_what_is_gone
from tabletop.exercise.durations import clock, short_clock
from tabletop.scoring.answers import answer_text
from tabletop.scoring.because import Because
from tabletop.scoring.grades import rounded
from tabletop.scoring.marks import Case
from tabletop.scoring.people import Stay
from tabletop.scoring.timeline import Row
from tabletop.scoring.times import EPOCH
from tabletop.text import Text, localise
from tabletop.words import Words, find

WRAPPED = {
    "reason": "debrief.with-reason",
    "rationale": "debrief.with-why",
    "lasted": "debrief.with-lasted",
    "site": "debrief.with-site",
    "place": "debrief.with-place",
}
"""Parts of a row that may be missing, and what surrounds them when they are there."""

CODED: dict[str, Callable[[object], str]] = {
    "state": lambda code: f"marks.state-{code}",
    "ended": lambda code: f"debrief.ended-{code}",
    "category": lambda code: f"debrief.category-{code}",
    "by": lambda code: f"debrief.staffed-{code}",
}
"""Values that are codes, and where their words stand."""


class Wording:
    """Words one debrief in one language. What it returns is plain text, not yet fit for any format."""

    def __init__(self, debrief: Debrief, language: str) -> None:
        self.debrief = debrief
        self.language = language
        self.words = Words(language)
        exercise, plan = debrief.plan.exercise, plan_with_what_is_gone(debrief.plan, debrief.state)
        self._titles: dict[str, Mapping[str, Text]] = {
            "role": {role.id: role.title for role in exercise.roles},
            "inject": {inject.id: inject.title for inject in plan.injects},
            "action": {name: action.title for name, (_, action) in plan.actions.items()},
            "objective": {each.id: each.title for each in exercise.objectives},
            "prohibited": {act.id: act.title for act in exercise.prohibited},
            "cadence": {each.id: each.title for each in exercise.cadence},
            "indicator": {each.id: each.title for each in exercise.indicators},
            "site": {site.id: site.title for site in exercise.sites},
            "ask": {name: ask.question for name, (_, ask) in plan.asks.items()},
        }
        for other in ("other", "to", "with_role"):
            self._titles[other] = self._titles["role"]
        self._asks = {name: ask for name, (_, ask) in plan.asks.items()}
        self._rows = {row.seq: row for row in debrief.timeline if row.seq}

    def text(self, text: Text | None) -> str:
        """A text of the exercise."""
        return localise(text, self.language)

    def title(self, kind: str, name: str) -> str:
        """The title behind an id; the id itself where the exercise has no such thing any more. That of an inject says EXERCISE."""
        title = self.text(self._titles[kind].get(name, name)) if name else ""
        return self.words("report.inject-title", title=title) if kind == "inject" and title else title

    def __call__(self, code: str, /, **values: object) -> str:
        """Our own words."""
        return self.words(code, **values)

    def because(self, reason: Because) -> str:
        """A reason in words."""
        return self.words(reason.code, **self._shown(reason.values))

    def reasons(self, reasons: Iterable[Because]) -> str:
        """Several reasons in one line."""
        return self.words("report.join").join(self.because(reason) for reason in reasons)

    def labelled(self, label: str, text: str) -> str:
        """What something is of, and what it is, in one line."""
        return self.words("report.labelled", label=label, text=text)

    def unit(self, unit: str) -> str:
        """A unit as this language writes it, where it is one of ours; else as the exercise has it."""
        code = f"report.unit-{unit}"
        return self.words(code) if unit and find(code, self.language) is not None else unit

    def well(self, case: Case) -> str:
        """That an action went well; in time only where there was a limit to keep."""
        code = "report.well-action" if case.within_ms is None else "report.well-action-in-time"
        return self.words(code, action=self.title("action", case.standing.action.id))

    def timed(self, code: str) -> str:
        """The code of a sentence that speaks of time limits, or of its twin for the pace that has none."""
        return f"{code}-untimed" if self.debrief.conditions.pace == "discussion" else code

    def stay(self, kind: str, stay: Stay, **values: object) -> str:
        """Something that holds for a part of play; `report.KIND` stands before `-whole`, `-from`, `-until` and `-between`."""
        begins, ends = stay.begin_ms > 0, stay.until_ms is not None
        part = "between" if begins and ends else "from" if begins else "until" if ends else "whole"
        return self.words(f"report.{kind}-{part}", begin=self.clock(stay.begin_ms), until=self.clock(stay.until_ms), **values)

    def row(self, row: Row) -> str:
        """A row of the timeline in words."""
        values = self._shown(row.values)
        for name, frame in WRAPPED.items():
            if name in values:
                part = "why" if name == "rationale" else name
                values[name] = self.words(frame, **{part: values[name]}) if values[name] else ""
        if "off_path" in row.values:
            values["off_path"] = self.words("debrief.off-path") if row.values["off_path"] else ""
        if "prompted" in row.values:
            values["prompted"] = self.words("marks.after-hint") if row.values["prompted"] else ""
        if row.code.startswith("breach"):
            values["who"] = self.words("debrief.with-who", role=values["role"]) if values["role"] else ""
        if row.code in ("ended", "message-acknowledged"):
            values["text"] = self.words("debrief.with-text", text=values["text"]) if values["text"] else ""
        if row.code == "emergency-over":
            missing = row.values["missing"]
            people = [self.seat(one) if is_seat(one) else one for one in missing] if isinstance(missing, tuple) else []
            who = self.words("headcount.between").join(people)
            values["missing"] = self.words("debrief.with-missing", who=who) if who else ""
        if row.code.startswith("answer"):
            values["value"] = self.answer(str(row.values["ask"]), row.values["value"])  # type: ignore[arg-type]  # answers only
            values["next_report"] = self._next_report(row.values["next_report_ms"])
        code = row.code
        if code == "staffed":
            code = f"staffed-{row.values['by']}"
        if code == "retracted" and (taken := self._rows.get(int(str(row.values["seq"])))) is not None:
            code, values["what"] = "retracted-row", self.row(taken)
        return self.words(f"debrief.row-{code}", **values)

    def decided(self, line: DecisionLine) -> tuple[str, str]:
        """What was decided or answered, and why."""
        said = line.decision
        if not isinstance(said, Answer):
            return said.text, said.reason
        answer = self.answer(line.ask, said.value) + self._next_report(said.next_report_ms)
        if said.amends:
            answer = self.words("debrief.with-changed", answer=answer)
        return self.words("report.unanswered-question", question=self.title("ask", line.ask), answer=answer), said.rationale

    def _next_report(self, at_ms: object) -> str:
        """When a report said that the next one comes; empty where it did not."""
        return self.words("debrief.with-next", time=self.clock(at_ms)) if isinstance(at_ms, int) else ""

    def answer(self, ask_id: str, value: AnswerValue) -> str:
        """An answer as its ask words it."""
        return answer_text(self._asks[ask_id], value, self.language)

    def _shown(self, values: Mapping[str, object]) -> dict[str, object]:
        shown: dict[str, object] = {}
        for name, value in values.items():
            if name == "by_ms" and isinstance(value, int):
                shown["span"] = short_clock(value / 1000)
            elif name == "length_ms" and isinstance(value, int):
                shown["length"] = clock(value / 1000)
            elif name.endswith("_ms"):
                shown[name[:-3]] = short_clock(value / 1000) if isinstance(value, int) else ""
            elif name in self._titles:
                shown[name] = self.title(name, str(value))
            elif name in CODED:
                shown[name] = self.words(CODED[name](value), with_role=self.title("role", str(values.get("with_role", ""))))
            elif name == "whose":
                shown[name] = self.whose(str(value))
            elif name == "seat":
                shown[name] = self.seat(str(value))
            elif name == "place":
                shown[name] = self.text(value)  # type: ignore[arg-type]  # a text of the exercise
            elif name == "reason":
                shown[name] = self.reason(str(value))
            elif name in ("percent", "least") and isinstance(value, float):
                shown[name] = f"{rounded(value):f}".rstrip("0").rstrip(".")
            elif name == "speed" and isinstance(value, float):
                shown[name] = f"{value:g}"
            else:
                shown[name] = value
        return shown

    def seat(self, seat: str) -> str:
        """Where somebody pressed: the roles of a seat, an evaluator's name, what a screen is called; else as it was given."""
        kind, _, name = seat.partition(":")
        if seat in self._titles["role"]:
            return self.title("role", seat)
        if kind in ("seat", "control") and name:
            return self.words("report.join").join(self.title("role", role) for role in name.split("+"))
        if kind == "site" and name:
            return self.words("debrief.seat-site", site=self.title("site", name))
        # A screen of a site is a screen; the site is named beside it.
        code = f"debrief.seat-{kind}"
        return self.words(code) if kind != "site" and find(code, self.language) is not None else name or seat

    def whose(self, actor: str) -> str:
        """Whose word something is: the facilitator's, an evaluator's by name, an option's."""
        kind, _, name = actor.partition(":")
        code = {"driver": "evaluation.whose.facilitator", "option": "evaluation.whose.option"}.get(kind)
        return self.words(code) if code else name or kind

    def reason(self, reason: str) -> str:
        """Why the clock stood or something was put aside: a code of ours, or what somebody typed."""
        code = f"debrief.reason-{reason}"
        return self.words(code) if reason and find(code, self.language) is not None else reason

    def clock(self, at_ms: int | None) -> str:
        """A time on the exercise clock."""
        return "" if at_ms is None else clock(at_ms / 1000)

    def span(self, span_ms: int | None) -> str:
        """How long something took."""
        return "" if span_ms is None else short_clock(span_ms / 1000)

    def number(self, value: float | None) -> str:
        """A number with two decimals; a dash where there is none (scoring 2.5)."""
        return "–" if value is None else f"{rounded(value):f}"

    def percent(self, share: float | None) -> str:
        """A share as a whole percentage."""
        return "–" if share is None else self.words("report.percent", percent=f"{rounded(100 * share, 0):f}")

    def local(self, wall_ms: int | None) -> datetime | None:
        """Local date and time where it was played."""
        if wall_ms is None:
            return None
        return EPOCH + timedelta(milliseconds=wall_ms, minutes=self.debrief.offset_min)

    def date_and_time(self, wall_ms: int | None) -> str:
        moment = self.local(wall_ms)
        return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"

    def time_of_day(self, wall_ms: int | None) -> str:
        moment = self.local(wall_ms)
        return "" if moment is None else f"{moment:%H:%M:%S}"

    def offset(self) -> str:
        """The zone that times of day are in, as `UTC+08:00`."""
        minutes = self.debrief.offset_min
        return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"

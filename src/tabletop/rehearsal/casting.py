"""Who is who among the simulated people of a practice run: who says nothing, who leaves, who comes late. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tabletop.engine.plan import Plan

from .chance import chance, ordered

LATE_MS, LEAVING_MS, AWAY_MS = (90_000, 170_000), (210_000, 330_000), (60_000, 110_000)
"""Exercise milliseconds, at least and at most: when somebody comes late, when somebody leaves, for how long."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of a run, and who of them is special."""

    people: tuple[str, ...]
    """The roles that people play, in file order."""
    silent: str = ""
    """Says nothing of its own accord."""
    leaver: str = ""
    late: str = ""
    leaves_ms: int = 0
    back_ms: int = 0
    late_ms: int = 0

    @property
    def talkers(self) -> tuple[str, ...]:
        """Who speaks unasked, while in the room."""
        return tuple(role for role in self.people if role != self.silent)

    @property
    def steady(self) -> tuple[str, ...]:
        """Who speaks unasked and is in the room all the time."""
        return tuple(role for role in self.talkers if role not in (self.leaver, self.late))

    def absent(self, role: str, at_ms: int) -> bool:
        """Whether that person is out of the room at exercise time `at_ms`."""
        if role == self.late:
            return at_ms < self.late_ms
        return role == self.leaver and self.leaves_ms < at_ms < self.back_ms


@lru_cache(maxsize=8)
def cast_of(plan: Plan, seed: int) -> Cast:
    """The people of a run. Of few people nobody leaves, of very few nobody is late; who is wanted first is there and speaks."""
    people = tuple(role.id for role in plan.exercise.roles if not role.simulated)
    opening = next((inject for inject in plan.order if inject.core), plan.order[0])
    wanted = {action.by for action in opening.expects} | {role for ask in opening.asks for role in ask.to} | set(opening.to)
    owing = {action.by for inject in plan.order if inject.core or not plan.has_core for action in inject.expects}
    drawn = ordered(people, seed, "cast")
    able = [role for role in drawn if role not in wanted]
    silent = next((role for role in able if role in owing), "") if len(people) > 2 else ""
    spare = [role for role in able if role != silent]
    late = spare[0] if spare and len(people) > 4 else ""
    leaver = next((role for role in spare if role != late), "") if len(people) > 3 else ""
    leaves_ms = _within(LEAVING_MS, seed, "leaves")
    return Cast(people, silent, leaver, late, leaves_ms, leaves_ms + _within(AWAY_MS, seed, "away"), _within(LATE_MS, seed, "late"))


def _within(span: tuple[int, int], seed: int, what: str) -> int:
    return span[0] + int(chance(seed, what) * (span[1] - span[0]))

"""Grades and statuses: where the thresholds stand, and how a number is rounded when it is shown (scoring 2.4, 2.5)."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

Grade = Literal["excellent", "good", "fair", "poor"]
Status = Literal["normal", "provisional", "none"]

THRESHOLDS: tuple[tuple[float, Grade], ...] = ((90, "excellent"), (80, "good"), (60, "fair"))
"""The least value of each grade, best first. By convention: no standard seen sets them."""

LOWEST: Grade = "poor"

NO_SCORE_BELOW = 0.4
"""Evidence coverage under which there is no score."""

PROVISIONAL_BELOW = 0.7
"""Evidence or rating coverage under which a score is provisional."""

NOISE = 9
"""Decimal places at which a difference is an error of binary arithmetic and not of anybody's doing."""


def grade_of(value: float) -> Grade:
    """The grade of a value from 0 to 100."""
    for least, grade in THRESHOLDS:
        if round(value, NOISE) >= least:
            return grade
    return LOWEST


def status_of(value: float | None, evidence: float | None, rating_coverage: float | None) -> Status:
    """Whether there is a score and how sure it is. What has no evidence to measure is provisional at best."""
    if value is None or (evidence is not None and evidence < NO_SCORE_BELOW):
        return "none"
    if evidence is None or evidence < PROVISIONAL_BELOW:
        return "provisional"
    if rating_coverage is None or rating_coverage < PROVISIONAL_BELOW:
        return "provisional"
    return "normal"


def rounded(value: float, places: int = 2) -> Decimal:
    """`value` rounded half to even, as it is printed."""
    return Decimal(repr(round(value, NOISE))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)


def printed(value: float | None, places: int = 2) -> float | None:
    """`value` rounded for a table or a file; None stays None."""
    return None if value is None else float(rounded(value, places))

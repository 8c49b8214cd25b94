"""What must hold of every score, whatever happened."""

from __future__ import annotations

from dataclasses import replace
from statistics import median_low

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tabletop.scoring import Scorecard, score
from tabletop.scoring.scorecard import WEIGHTS, weighted_mean
from tests.scoring.cases import FATES, RATINGS, Fate, play_fates

PACES = st.sampled_from(["timed", "discussion"])
ALMOST = 1e-9


def card_of(fates: list[Fate], ratings: list[tuple[str, int, str]], pace: str = "timed") -> Scorecard:
    play = play_fates(fates, ratings, pace=pace)  # type: ignore[arg-type]  # one of two words
    return score(play.exercise, play.state)


def supposed(card: Scorecard) -> float:
    """The value whatever the status; 0 where there is none at all."""
    return weighted_mean((card.dimensions[name], weight) for name, weight in WEIGHTS.items()) or 0.0


@given(st.lists(FATES, max_size=6), RATINGS, PACES)
def test_every_number_lies_between_nothing_and_everything(fates: list[Fate], ratings: list[tuple[str, int, str]], pace: str) -> None:
    card = card_of(fates, ratings, pace)
    numbers = [card.value, *card.dimensions.values(), *(card.range or ())]
    numbers += [number for each in card.objectives for number in (each.coverage, each.timeliness, each.points)]
    assert all(number is None or 0 <= number <= 100 + ALMOST for number in numbers)
    assert all(mark.points is None or 0 <= mark.points <= 1 for mark in card.marks)
    assert card.evidence is None or 0 <= card.evidence <= 1


@given(st.lists(FATES, min_size=1, max_size=6), RATINGS, PACES)
def test_the_range_contains_the_value(fates: list[Fate], ratings: list[tuple[str, int, str]], pace: str) -> None:
    card = card_of(fates, ratings, pace)
    assert (card.value is None) == (card.range is None)
    if card.value is not None and card.range is not None:
        assert card.range[0] <= card.value <= card.range[1]


@settings(max_examples=50)
@given(st.lists(FATES, min_size=1, max_size=5), RATINGS, st.integers(0, 4))
@example([Fate(state=None)], [], 3)
@example(
    [Fate(state="not_observed", criticality="critical"), Fate(state=None, within=None), Fate(state="partial", latency=90)],
    [("E1", 0, "M")],
    4,
)
@example([Fate(objective=1, state=None, within=0), Fate(objective=2, state="missed")], [("E1", 2, "U"), ("E2", 2, "P")], 2)
def test_the_ends_of_the_range_are_what_they_say(fates: list[Fate], ratings: list[tuple[str, int, str]], fill: int) -> None:
    """A run in which the unrecorded really was missed, or done in time, has the end of the range as its value."""
    fates = [*fates, *(Fate(state="done") for _ in range(fill))]
    card = card_of(fates, ratings)
    if card.range is None:
        return
    silent = {"not_observed", None}
    missed = [replace(fate, state="missed") if fate.state in silent else fate for fate in fates]
    in_time = [replace(fate, state="done", latency=0, prompted=False) if fate.state in silent else fate for fate in fates]
    assert abs(supposed(card_of(missed, ratings)) - card.range[0]) < ALMOST
    assert abs(supposed(card_of(in_time, ratings)) - card.range[1]) < ALMOST


@given(st.lists(FATES, max_size=5), FATES, RATINGS, PACES)
def test_more_done_is_never_worse(fates: list[Fate], fate: Fate, ratings: list[tuple[str, int, str]], pace: str) -> None:
    values = [supposed(card_of([*fates, replace(fate, state=state)], ratings, pace)) for state in ("missed", "partial", "done")]
    assert values[0] <= values[1] + ALMOST
    assert values[1] <= values[2] + ALMOST


@settings(max_examples=50)
@given(st.lists(FATES, max_size=5), FATES, RATINGS, st.integers(0, 1500))
@example([], Fate(within=60, latency=60), [], 61)
@example([Fate(state="missed")], Fate(within=0, latency=0), [], 60)
@example([Fate(objective=1)], Fate(objective=1, within=300, latency=599), [("E1", 1, "S")], 601)
@example([], Fate(within=None, latency=0), [], 1500)
def test_sooner_and_unaided_is_never_worse(fates: list[Fate], fate: Fate, ratings: list[tuple[str, int, str]], latency: int) -> None:
    acted = replace(fate, state="done")
    early, late = sorted((acted.latency, latency))
    sooner, later = (supposed(card_of([*fates, replace(acted, latency=when)], ratings)) for when in (early, late))
    assert sooner >= later - ALMOST
    unaided, prompted = (supposed(card_of([*fates, replace(acted, prompted=hint)], ratings)) for hint in (False, True))
    assert unaided >= prompted - ALMOST


@given(st.lists(FATES, max_size=5), RATINGS, FATES, st.sampled_from(["not_observed", "not_applicable", None]), PACES)
def test_silence_changes_no_dimension(
    fates: list[Fate], ratings: list[tuple[str, int, str]], silent: Fate, state: str | None, pace: str
) -> None:
    with_it = card_of([*fates, replace(silent, state=state)], ratings, pace)
    without = card_of(fates, ratings, pace)
    assert with_it.dimensions == without.dimensions
    assert supposed(with_it) == supposed(without)


@given(st.lists(FATES, max_size=6), RATINGS)
def test_the_discussion_pace_has_no_timeliness(fates: list[Fate], ratings: list[tuple[str, int, str]]) -> None:
    card = card_of(fates, ratings, "discussion")
    assert card.dimensions["timeliness"] is None
    assert card.dimensions["coverage"] == card_of(fates, ratings).dimensions["coverage"]


@given(st.lists(FATES, max_size=6), RATINGS, PACES)
def test_it_agrees_with_the_reference_arithmetic(fates: list[Fate], ratings: list[tuple[str, int, str]], pace: str) -> None:
    card = card_of(fates, ratings, pace)
    for index, each in enumerate(card.objectives):
        own = [fate for fate in fates if fate.objective == index]
        assert _same(each.coverage, _coverage(own))
        assert _same(each.timeliness, _timeliness(own) if pace == "timed" else None)
        letters = list({name: letter for name, objective, letter in ratings if objective == index}.values())
        assert _same(each.points, _rating(letters))


def _same(value: float | None, expected: float | None) -> bool:
    return value is expected is None or (value is not None and expected is not None and abs(value - expected) < ALMOST)


WEIGHT = {"critical": 3, "major": 2, "normal": 1}


def _coverage(fates: list[Fate]) -> float | None:
    """As the sketch of the model has it."""
    told = [fate for fate in fates if fate.state in ("done", "partial", "missed")]
    if not told:
        return None
    points = {"done": 1.0, "partial": 0.5, "missed": 0.0}
    gained = sum(WEIGHT[fate.criticality] * points[fate.state or ""] * (0.5 if fate.prompted else 1) for fate in told)
    return 100 * gained / sum(WEIGHT[fate.criticality] for fate in told)


def _timeliness(fates: list[Fate]) -> float | None:
    told = [fate for fate in fates if fate.state in ("done", "partial", "missed") and fate.within is not None]
    if not told:
        return None
    gained = sum(WEIGHT[fate.criticality] * _in_time(fate.latency, fate.within or 0) for fate in told if fate.state != "missed")
    return 100 * gained / sum(WEIGHT[fate.criticality] for fate in told)


def _in_time(latency: float, deadline: float) -> float:
    return 1.0 if latency <= deadline else max(0.0, 1 - (latency - deadline) / max(deadline, 60))


def _rating(letters: list[str]) -> float | None:
    if not letters:
        return None
    return {"P": 100, "S": 80, "M": 60, "U": 20}["UMSP"[median_low(sorted("UMSP".index(letter) for letter in letters))]]

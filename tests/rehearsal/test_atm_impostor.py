"""The impostor at the ATM (catalogue FRD-02): complete in both languages, fit for half an hour, played well, badly and by five."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from tabletop.engine import schedule
from tabletop.engine.plan import Plan, plan_of
from tabletop.engine.standing import standing
from tabletop.exercise.conditions import Answered
from tabletop.exercise.injects import Inject
from tabletop.exercise.loading import Loaded, load_exercise
from tabletop.exercise.reach import parts_of
from tabletop.library import Library
from tabletop.rehearsal.rehearse import Rehearsed, rehearse
from tabletop.scoring.scorecard import score
from tabletop.text import count_han, count_words, localise

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "tests" / "scripts"
EXERCISE = ROOT / "exercises" / "atm-impostor.yaml"
LANGUAGES = ("en", "zh-Hans")

FIVE = {"branch-manager", "lobby-manager", "teller-1", "guard", "monitoring-centre"}
"""The posts of a small outlet that people play."""

PLAY_S = 20 * 60 + 30
"""Seconds of play in a booking of half an hour, with a briefing before and a hot wash after."""


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_exercise(EXERCISE, Library().deck)


@pytest.fixture(scope="module")
def well(loaded: Loaded) -> Rehearsed:
    return rehearse(loaded, SCRIPTS / "atm-impostor-well.yaml")


@pytest.fixture(scope="module")
def badly(loaded: Loaded) -> Rehearsed:
    return rehearse(loaded, SCRIPTS / "atm-impostor-badly.yaml")


def played(loaded: Loaded, folder: Path, *steps: str, pace: str = "discussion") -> Rehearsed:
    """A rehearsal of a few steps, with the clock running to the end of the file."""
    script = folder / "script.yaml"
    script.write_text("\n".join([f"exercise: atm-impostor\npace: {pace}\nsteps:", *(f"  - {step}" for step in steps), ""]), "utf-8")
    return rehearse(loaded, script)


def states(rehearsed: Rehearsed) -> Counter[str]:
    state = rehearsed.played.state
    plan = plan_of(rehearsed.exercise, state)
    return Counter(standing(plan, state, action, state.last_ms).state for action in plan.actions)


def wanted(rehearsed: Rehearsed) -> set[str]:
    """The held injects that the console offers at the end."""
    state = rehearsed.played.state
    return {line.inject.id for line in schedule.held_wanted(plan_of(rehearsed.exercise, state), state, state.last_ms)}


def texts(part: object) -> Iterator[dict[str, str]]:
    """Every language map of an exercise."""
    match part:
        case BaseModel():
            for name in type(part).model_fields:
                yield from texts(getattr(part, name))
        case dict() if part.keys() & set(LANGUAGES):
            yield part
        case dict():
            for value in part.values():
                yield from texts(value)
        case tuple() | list():
            for value in part:
                yield from texts(value)


def window_s(inject: Inject) -> int:
    """The longest window of an inject in seconds, two minutes if it has none (semantics: *Fitting*)."""
    windows = [action.within for action in inject.expects] + [ask.within for ask in inject.asks]
    windows += [inject.acknowledge.within] if inject.acknowledge is not None else []
    return max((window for window in windows if window is not None), default=120)


def test_it_has_what_the_catalogue_asks_for(loaded: Loaded) -> None:
    exercise = loaded.exercise
    actions = [action for inject in exercise.injects for action in inject.expects]
    outline = [inject for inject in exercise.injects if not inject.held and inject.when is None]
    assert (exercise.subject, exercise.alert, exercise.duration) == ("fraud", "none", 55 * 60)
    assert [inject.at for inject in outline] == [60 * minute for minute in (0, 3, 6, 9, 12, 15, 18, 22, 26, 30, 35, 40)]
    assert sum(inject.core for inject in outline) == sum(inject.core for inject in exercise.injects) == 9
    assert (len(actions), len(exercise.objectives), len(exercise.prohibited)) == (14, 5, 2)
    assert sum(action.criticality == "critical" for action in actions) == 4
    assert sum(len(inject.asks) for inject in exercise.injects) <= 12
    assert {role.id for role in exercise.roles if role.simulated} == {"police", "customers"}
    assert [exercise.number_of_role[role.id] for role in exercise.roles if role.id in FIVE] == [1, 2, 3, 4, 5]
    assert loaded.warnings == ()
    assert exercise.accept == ()


def test_every_text_is_there_in_both_languages_and_each_is_written_in_its_own(loaded: Loaded) -> None:
    found = list(texts(loaded.exercise))
    assert len(found) > 300
    for text in found:
        assert text.keys() == set(LANGUAGES)
        assert count_han(text["en"]) == 0, text
        assert count_han(text["zh-Hans"]) or text["zh-Hans"].isascii(), text
        # Half-width punctuation between Chinese characters is a slip of the input method.
        assert not set(text["zh-Hans"]) & set(",;:?!()\"'"), text


def test_what_is_read_aloud_is_short_enough_and_long_enough(loaded: Loaded) -> None:
    for inject in loaded.exercise.injects:
        assert 40 <= count_words(localise(inject.text, "en")) <= 100, inject.id
        assert 80 <= count_han(localise(inject.text, "zh-Hans")) <= 200, inject.id


def test_every_inject_helps_the_facilitator(loaded: Loaded) -> None:
    for inject in loaded.exercise.injects:
        assert inject.notes is not None, inject.id
        assert len(inject.probes) >= 2, inject.id
        assert inject.hints, inject.id
        if inject.private:
            assert inject.deliver in ("card", "phone"), inject.id
        for ask in inject.asks:
            assert not ask.options or 2 <= len(ask.options) <= 4, ask.id


def test_every_choice_has_consequences_and_a_fault_is_never_the_only_one(loaded: Loaded) -> None:
    exercise = loaded.exercise
    paths = [part for inject in exercise.injects if inject.when is not None for part in parts_of(inject.when)]
    branching = {part.answer for part in paths if isinstance(part, Answered)}
    for inject in exercise.injects:
        for ask in inject.asks:
            effects = [(option.does, option.misses, option.breaks) for option in ask.options]
            if ask.answer == "choice":
                assert any(any(effect) for effect in effects) or ask.id in branching, ask.id
                assert any(not misses and not breaks for _, misses, breaks in effects), ask.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_core_fits_half_an_hour_with_five_posts(loaded: Loaded, language: str) -> None:
    exercise = loaded.exercise
    plan = Plan(exercise, language=language)
    core = [inject for inject in exercise.injects if inject.core]
    assert sum(plan.reading_ms(inject) // 1000 + window_s(inject) for inject in core) <= PLAY_S
    assert {action.by for inject in core for action in inject.expects} >= FIVE
    owned = {action.objective for inject in core for action in inject.expects if action.by in FIVE}
    assert owned == {objective.id for objective in exercise.objectives}
    # Fitting cuts late injects first and never a recovery: four early ones and the last already test everything.
    early = {action.objective for inject in [*core[:4], core[-1]] for action in inject.expects}
    assert early == owned
    for inject in core:
        assert not inject.to or set(inject.to) <= FIVE, inject.id
        assert all(set(ask.to) <= FIVE for ask in inject.asks), inject.id


def test_played_well_everything_expected_is_done_and_nothing_is_held_out(well: Rehearsed) -> None:
    assert states(well) == {"done": 14}
    card = score(well.exercise, well.played.state)
    assert card.value is not None
    assert 90 <= card.value < 100
    assert (card.grade, card.status, card.breaches) == ("excellent", "normal", ())
    assert not {"three-thousand-gone", "woman-from-the-bus-stop", "on-the-floor"} & set(well.played.state.released)
    assert wanted(well) == set()


def test_played_badly_by_five_other_injects_come_and_the_score_says_so(well: Rehearsed, badly: Rehearsed) -> None:
    counted = states(badly)
    assert (counted["missed"], counted["partial"], counted["not_applicable"]) == (5, 5, 3)
    card = score(badly.exercise, badly.played.state)
    assert card.value is not None
    assert 10 <= card.value < 50
    assert (card.grade, card.status) == ("poor", "normal")
    assert {breach.prohibited for breach in card.breaches} == {"tackle", "shout-fraud"}
    taken = set(badly.played.state.released) - set(well.played.state.released)
    assert taken == {"heads-turn", "three-thousand-gone", "woman-from-the-bus-stop", "on-the-floor", "same-mistake"}
    assert "he-lets-go" not in badly.played.state.released
    state = badly.played.state
    by_centre = standing(plan_of(badly.exercise, state), state, "call-110", state.last_ms)
    assert (by_centre.prompted, by_centre.other_role) == (True, "monitoring-centre")


@pytest.mark.parametrize(
    ("inject", "role", "ask", "option", "other"),
    [
        ("heads-turn", "lobby-manager", "first-words", "ask-his-badge", "your-turn"),
        ("heads-turn", "lobby-manager", "first-words", "warn-the-hall", "watch-first"),
        ("he-has-heard", "teller-1", "how-to-call", "let-him-hear", "from-the-office"),
        ("he-lets-go", "guard", "separate-how", "voice-and-place", "free-her-arm"),
        ("he-lets-go", "guard", "separate-how", "block-his-way", "two-of-us"),
        ("same-mistake", "teller-1", "before-you-speak", "look-at-the-film", "write-alone"),
    ],
)
def test_every_branch_is_reached_by_what_was_decided_and_only_by_that(
    loaded: Loaded, tmp_path: Path, inject: str, role: str, ask: str, option: str, other: str
) -> None:
    plan = Plan(loaded.exercise)
    asked = plan.asks[ask][0].at
    assert isinstance(asked, int)
    for chosen, comes in ((option, True), (other, False)):
        step = f"{{at: {asked + 40}s, role: {role}, ask: {ask}, choose: [{chosen}]}}"
        rehearsed = played(loaded, tmp_path, step, pace="timed")
        assert (inject in rehearsed.played.state.released) is comes, chosen


@pytest.mark.parametrize("pace", ["discussion", "timed"])
@pytest.mark.parametrize(
    ("option", "contingency"),
    [("snatch-it", True), ("give-it-to-me", True), ("catch-him-at-it", True), ("in-your-own-hand", False)],
)
def test_the_withdrawal_is_wanted_when_the_card_is_not_recovered(
    loaded: Loaded, tmp_path: Path, pace: str, option: str, contingency: bool
) -> None:
    steps = [
        "{at: 0s, release: helpful-stranger}",
        "{at: 3m, release: card-in-his-hand}",
        f"{{at: 4m, role: lobby-manager, ask: card-words, choose: [{option}]}}",
    ]
    assert ("three-thousand-gone" in wanted(played(loaded, tmp_path, *steps, pace=pace))) is contingency
    # A person who saw the card come back says so: the inject is no longer wanted.
    steps.append("{at: 5m, action: own-hand, state: done}")
    assert "three-thousand-gone" not in wanted(played(loaded, tmp_path, *steps, pace=pace))


def test_silence_about_card_and_call_brings_the_contingencies_in_the_timed_pace(loaded: Loaded, tmp_path: Path) -> None:
    assert wanted(played(loaded, tmp_path, "{at: 0s, release: helpful-stranger}", pace="timed")) == {
        "three-thousand-gone",
        "woman-from-the-bus-stop",
    }


def test_five_people_play_the_core_in_twenty_minutes_without_timeliness(loaded: Loaded, tmp_path: Path) -> None:
    rehearsed = played(
        loaded,
        tmp_path,
        "{at: 0s, release: helpful-stranger}",
        "{at: 5s, staff: {role: teller-2, by: with, with: teller-1}}",
        "{at: 10s, staff: {role: supervisor, by: with, with: branch-manager}}",
        "{at: 15s, staff: {role: security, by: control}}",
        "{at: 1m, role: lobby-manager, ask: first-words, choose: [your-turn]}",
        "{at: 2m20s, release: card-in-his-hand}",
        "{at: 3m30s, role: lobby-manager, ask: card-words, choose: [in-your-own-hand]}",
        "{at: 4m30s, release: who-does-what}",
        "{at: 5m30s, role: teller-1, ask: how-to-call, choose: [from-the-office]}",
        "{at: 6m, role: guard, ask: where-to-stand, choose: [in-his-sight]}",
        "{at: 6m20s, action: second-line, state: done}",
        "{at: 7m, release: he-takes-her-arm}",
        "{at: 8m, role: guard, ask: separate-how, choose: [voice-and-place]}",
        "{at: 9m, release: man-with-helmet}",
        "{at: 10m, role: monitoring-centre, ask: helmet, choose: [follow-and-report]}",
        "{at: 11m, release: police-arrive}",
        "{at: 12m, role: branch-manager, ask: hand-over-how, choose: [one-contact-one-list]}",
        "{at: 13m, release: pin-was-seen}",
        "{at: 14m, role: teller-1, ask: first-step, choose: [block-change-check]}",
        "{at: 15m, release: leaders-arrive}",
        "{at: 17m, action: report-course, state: done}",
        "{at: 17m30s, release: next-number}",
        "{at: 19m, role: branch-manager, ask: open-again, choose: [people-machines-then-open]}",
    )
    state = rehearsed.played.state
    plan = plan_of(rehearsed.exercise, state)
    assert state.released == tuple(inject.id for inject in plan.injects if inject.core)
    assert states(rehearsed) == {"done": 11, "not_applicable": 3}
    card = score(rehearsed.exercise, state)
    assert card.dimensions["timeliness"] is None
    assert all(one.coverage == 100 for one in card.objectives)
    assert standing(plan, state, "normal-service", state.last_ms).other_role == ""

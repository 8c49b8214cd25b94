"""The simulated people of a practice run: what they do, what they never do, for every seed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from tabletop.conductor import Conductor
from tabletop.engine import commands as c
from tabletop.engine import events as e
from tabletop.engine import schedule
from tabletop.engine.events import Entry, RunCreated
from tabletop.engine.rights import PRACTICE, Actor
from tabletop.errors import Refused
from tabletop.exercise.loading import load_exercise
from tabletop.exercise.model import Exercise
from tabletop.locale.en import practice as en
from tabletop.locale.zh_hans import practice as zh_hans
from tabletop.rehearsal.casting import Cast, cast_of
from tabletop.rehearsal.coaching import ALOUD, TRIES, Advice, advice
from tabletop.rehearsal.deeds import Deed
from tabletop.rehearsal.memory import MemoryLog
from tabletop.rehearsal.people import PRACTICE_MS, due, script
from tabletop.tui.practice import act, seat_people
from tabletop.tui.scene import Scene
from tabletop.tui.widgets.practice import tip_text
from tabletop.words import Words

EXERCISES = Path(__file__).parents[2] / "exercises"
BEGIN_MS = 1_795_050_000_000
SEEDS = range(14)
STEP_MS = 1000
BETWEEN_MS = 80_000
"""How long this facilitator lets the room talk."""

KINDS_ON_THE_CLOCK = {"late", "leaving", "returning"}


@cache
def armed_hostage() -> Exercise:
    return load_exercise(EXERCISES / "armed-hostage.yaml").exercise


@dataclass
class Practice:
    """A practice run that a test drives second by second."""

    seed: int
    language: str = "en"
    exercise: Exercise = field(default_factory=armed_hostage)
    now_ms: int = BEGIN_MS
    why: dict[tuple[str, int], Deed] = field(default_factory=dict)
    """What the script had people do, by who and when."""
    advised: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        numbers = iter(range(1, 10_000))
        self.conductor = Conductor(
            self.exercise, MemoryLog(), "practice-1", now_ms=lambda: self.now_ms, new_id=lambda: f"{next(numbers):036d}"
        )
        exercise = self.exercise
        created = RunCreated(exercise=exercise.id, version=exercise.version, pace="discussion", language=self.language, seed=self.seed)
        self.conductor.log.append([Entry(1, "first", self.now_ms, 0, "driver", 0, created)], expected_head=0)
        self.conductor.catch_up()
        seat_people(self.conductor)

    @property
    def cast(self) -> Cast:
        return cast_of(self.conductor.plan, self.seed)

    def start(self) -> Practice:
        self.conductor.dispatch(c.Start())
        return self

    def pass_time(self, span_ms: int, *, each: Callable[[], object] = lambda: None) -> list[Entry]:
        """What is recorded meanwhile."""
        before = len(self.conductor.entries)
        for _ in range(span_ms // STEP_MS):
            self.now_ms += STEP_MS
            conductor = self.conductor
            plan, state, at_ms = conductor.plan, conductor.state, conductor.elapsed_ms()
            if state.released:
                for deed in script(plan, state, conductor.entries, at_ms, self.seed):
                    self.why[deed.role, deed.at_ms] = deed
            tip = advice(plan, state, conductor.entries, at_ms, self.seed)
            if tip is not None:
                self.advised[tip.code] += 1
            act(conductor)
            each()
        return self.conductor.entries[before:]

    def release_what_is_due(self) -> None:
        """As a facilitator does who gives each inject its time."""
        conductor, at_ms = self.conductor, self.conductor.elapsed_ms()
        state = conductor.state
        last = state.inject(state.released[-1]).released_ms or 0 if state.released else -BETWEEN_MS
        waiting = schedule.due(conductor.plan, state, at_ms)
        if waiting and at_ms - last >= BETWEEN_MS:
            conductor.dispatch(c.ReleaseInject(waiting[0].inject.id))

    def ten_minutes(self) -> Practice:
        self.start()
        self.pass_time(PRACTICE_MS, each=self.release_what_is_due)
        return self

    def done(self) -> list[tuple[Entry, Deed]]:
        """What people did, with what they meant."""
        found = []
        for entry in people_in(self.conductor.entries):
            event = entry.event
            if isinstance(event, e.InjectAcknowledged):
                continue
            said_ms = getattr(event, "said_ms", None)
            found.append((entry, self.why[event.role, said_ms]))  # type: ignore[union-attr, index]
        return found


def people_in(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.actor.startswith(PRACTICE)]


@cache
def played(seed: int) -> Practice:
    return Practice(seed).ten_minutes()


@pytest.mark.parametrize("seed", SEEDS)
def test_people_only_talk_answer_decide_and_confirm(seed: int) -> None:
    entries = people_in(played(seed).conductor.entries)
    assert len(entries) > 20
    for entry in entries:
        assert isinstance(entry.event, e.Noted | e.AnswerGiven | e.DecisionMade | e.InjectAcknowledged)
        if isinstance(entry.event, e.Noted):
            assert entry.event.category == "note"
            assert entry.event.text.strip()
    marked = [entry for entry in played(seed).conductor.entries if isinstance(entry.event, e.ActionMarked | e.BreachRecorded | e.RoleHeard)]
    assert marked == []


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_acts_before_a_release_or_out_of_turn(seed: int) -> None:
    practice = played(seed)
    roles = {role.id for role in practice.exercise.roles if not role.simulated}
    first_ms = next(entry.exercise_ms for entry in practice.conductor.entries if isinstance(entry.event, e.InjectReleased))
    for entry, deed in practice.done():
        assert entry.exercise_ms >= first_ms
        assert deed.role in roles
        assert entry.actor == f"{PRACTICE}:{deed.role}"
        about = deed.ask or (deed.line.ask if deed.line else "")
        if about:
            inject = practice.conductor.plan.asks[about][0].id
            assert deed.at_ms >= (practice.conductor.state.inject(inject).released_ms or 0)


def test_every_behaviour_occurs_within_ten_minutes() -> None:
    everything = Counter[str]()
    for seed in SEEDS:
        of_run = Counter(deed.behaviour for _, deed in played(seed).done())
        everything += of_run
        # These belong to every run that gets through a handful of injects.
        assert of_run["early"] == 1, seed
        assert of_run["argument"] == 4, seed
        assert of_run["voices"] == 3, seed
        assert of_run["leaving"] == of_run["returning"] == 1, seed
        assert of_run["late"] == 1, seed
    assert everything.keys() >= {"speech", "part", "other", "choice", "aside", "question", "decision", "answer"}


@pytest.mark.parametrize("seed", SEEDS)
def test_an_early_answer_comes_before_the_text_is_read(seed: int) -> None:
    practice = played(seed)
    entry = next(entry for entry, deed in practice.done() if deed.behaviour == "early")
    assert isinstance(entry.event, e.AnswerGiven)
    record = practice.conductor.state.inject(practice.conductor.plan.asks[entry.event.ask][0].id)
    assert record.released_ms is not None
    assert record.released_ms < entry.exercise_ms < record.released_ms + record.read_ms


@pytest.mark.parametrize("seed", SEEDS)
def test_three_voices_come_within_ten_seconds_from_three_people(seed: int) -> None:
    voices = [deed for _, deed in played(seed).done() if deed.behaviour == "voices"]
    assert len({deed.role for deed in voices}) == 3
    assert max(deed.at_ms for deed in voices) - min(deed.at_ms for deed in voices) <= 10_000


@pytest.mark.parametrize("seed", SEEDS)
def test_two_argue_about_two_options(seed: int) -> None:
    steps = sorted((deed for _, deed in played(seed).done() if deed.behaviour == "argument"), key=lambda deed: deed.at_ms)
    assert [deed.role for deed in steps] == [steps[0].role, steps[1].role] * 2
    assert len({deed.role for deed in steps}) == 2
    assert len({deed.line.option for deed in steps if deed.line}) == 2


@pytest.mark.parametrize("seed", SEEDS)
def test_who_is_out_does_nothing_and_the_silent_one_says_nothing(seed: int) -> None:
    practice = played(seed)
    cast = practice.cast
    for entry, deed in practice.done():
        if deed.role == cast.leaver:
            assert not cast.leaves_ms < deed.at_ms < cast.back_ms
        if deed.role == cast.late:
            assert deed.at_ms >= cast.late_ms
        if deed.role == cast.silent:
            assert isinstance(entry.event, e.AnswerGiven)
    assert cast.silent not in ("", cast.leaver, cast.late)


def test_the_same_seed_makes_the_same_practice_and_another_seed_another() -> None:
    def told(practice: Practice) -> list[tuple[str, int, e.AnyEvent]]:
        return [(entry.actor, entry.exercise_ms, entry.event) for entry in practice.conductor.entries[1:]]

    assert told(Practice(3).ten_minutes()) == told(Practice(3).ten_minutes())
    assert told(played(3)) != told(played(4))


@pytest.mark.parametrize("by", ["control", "nobody"])
@pytest.mark.parametrize("seed", [0, 5, 9])
def test_who_is_not_played_by_people_does_nothing(by: e.StaffedBy, seed: int) -> None:
    practice = Practice(seed)
    gone = {"teller-1", "monitoring-centre", "lobby-manager", practice.cast.leaver}
    for role in gone:
        practice.conductor.dispatch(c.StaffRole(role, by))
    practice.ten_minutes()
    acted = [deed for _, deed in practice.done() if deed.role in gone]
    # Who said to come back does so: whether the role is played again is the facilitator's word.
    assert {deed.behaviour for deed in acted} <= {"returning"}
    practice.conductor.dispatch(c.StaffRole("teller-1", "people"))
    state = practice.conductor.state
    assert practice.conductor.plan.staffed(state, "teller-1")


def test_a_simulated_role_of_the_exercise_is_nobody_here() -> None:
    assert "police" not in played(1).cast.people


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_they_pause_with_the_clock_and_go_on_where_they_were(seed: int) -> None:
    practice = Practice(seed).start()
    practice.pass_time(50_000, each=practice.release_what_is_due)
    practice.conductor.dispatch(c.Pause())
    assert people_in(practice.pass_time(300_000)) == []
    assert practice.advised["tip-paused"] > 200
    practice.conductor.dispatch(c.Resume())
    practice.pass_time(PRACTICE_MS - 50_000, each=practice.release_what_is_due)

    def said(entries: list[Entry]) -> list[e.AnyEvent]:
        return [entry.event for entry in people_in(entries)]

    assert said(practice.conductor.entries) == said(played(seed).conductor.entries)


def test_an_emergency_and_endex_end_it() -> None:
    practice = Practice(2).start()
    practice.pass_time(45_000, each=practice.release_what_is_due)
    practice.conductor.dispatch(c.PressEmergency("console"))
    assert people_in(practice.pass_time(60_000)) == []
    practice.conductor.dispatch(c.StandDown("a drill of ours"))
    practice.conductor.dispatch(c.Resume())
    assert people_in(practice.pass_time(60_000)) != []
    practice.conductor.dispatch(c.End())
    assert people_in(practice.pass_time(120_000)) == []


def test_nothing_is_made_up_for_after_a_jump() -> None:
    practice = Practice(6).start()
    practice.pass_time(20_000, each=practice.release_what_is_due)
    practice.conductor.dispatch(c.Jump(240_000))
    jumped = practice.conductor.elapsed_ms()
    for entry in people_in(practice.pass_time(40_000)):
        assert entry.exercise_ms >= jumped
        said_ms = getattr(entry.event, "said_ms", None)
        assert said_ms is None or said_ms > jumped


def test_what_a_person_left_unsaid_comes_out_when_asked() -> None:
    for seed in SEEDS:
        practice = Practice(seed).start()
        practice.pass_time(115_000, each=practice.release_what_is_due)
        practice.pass_time(PRACTICE_MS - 400_000)
        inject = practice.conductor.state.released[-1]
        before = len(practice.conductor.entries)
        practice.conductor.dispatch(c.ShowProbe(inject))
        spoke = [deed for entry, deed in practice.done() if entry.seq > before + 1 and deed.behaviour == "prodded"]
        assert spoke == []
        practice.pass_time(15_000)
        spoke = [deed for entry, deed in practice.done() if entry.seq > before + 1 and deed.behaviour == "prodded"]
        if spoke:
            owner = practice.conductor.plan.actions[spoke[0].line.action][1].by if spoke[0].line else ""
            assert spoke[0].role == owner
            return
    pytest.fail("in no run was anything left unsaid")


def test_what_the_facilitator_took_back_is_not_said_again() -> None:
    practice = Practice(4).start()
    practice.pass_time(60_000, each=practice.release_what_is_due)
    said = next(entry for entry in people_in(practice.conductor.entries) if isinstance(entry.event, e.Noted))
    practice.conductor.dispatch(c.Retract(said, "nothing of the kind"))
    again = [entry for entry in people_in(practice.pass_time(60_000)) if entry.event == said.event]
    assert again == []


def test_a_release_taken_back_is_followed_by_silence() -> None:
    practice = Practice(4).start()
    practice.pass_time(2_000, each=practice.release_what_is_due)
    practice.conductor.dispatch(c.Retract(practice.conductor.entries[-1]))
    assert practice.conductor.state.released == ()
    assert people_in(practice.pass_time(120_000)) == []


def test_an_answer_that_the_facilitator_entered_is_not_given_again() -> None:
    practice = Practice(0)
    practice.start()
    practice.pass_time(2_000, each=practice.release_what_is_due)
    for ask_id, (inject, ask) in practice.conductor.plan.asks.items():
        if inject.id == practice.conductor.state.released[0]:
            practice.conductor.dispatch(c.GiveAnswer(ask_id, ask.to[0], (ask.options[0].id,)))
    given = [entry for entry in people_in(practice.pass_time(100_000)) if isinstance(entry.event, e.AnswerGiven)]
    assert given == []


def test_the_rights_of_people_end_where_marking_begins() -> None:
    practice = Practice(1).start()
    practice.conductor.dispatch(c.ReleaseInject("knife-at-counter-2"))
    actor = Actor(PRACTICE, roles=("teller-1",))
    for command in (
        c.MarkAction("stay-calm", "done"),
        c.RecordBreach("overpower"),
        c.HearRole("teller-1"),
        c.ReleaseInject("duress-alarm"),
        c.AddNote("ruling", "we may", "teller-1"),
        c.AddNote("note", "as somebody else", "teller-2"),
        c.AddNote("note", "on an objective", "teller-1", objective="life-first"),
        c.GiveAnswer("alarm-how", "teller-2", ("press-unseen",)),
        c.Pause(),
        c.End(),
    ):
        with pytest.raises(Refused) as refused:
            practice.conductor.dispatch(command, actor)
        assert refused.value.code == "refused.not-yours"


def test_voices_are_not_counted_as_heard() -> None:
    practice = Practice(1).start()
    entries = practice.pass_time(90_000, each=practice.release_what_is_due)
    spoke = {entry.event.role for entry in people_in(entries) if isinstance(entry.event, e.Noted)}
    typed = {entry.event.role for entry in people_in(entries) if isinstance(entry.event, e.AnswerGiven | e.DecisionMade)}
    assert spoke - typed
    assert not (spoke - typed) & practice.conductor.state.heard.keys()


def test_a_look_at_the_people_takes_microseconds() -> None:
    practice = played(7)
    conductor = practice.conductor
    plan, state, entries, at_ms = conductor.plan, conductor.state, conductor.entries, conductor.elapsed_ms()
    times = []
    for _ in range(50):
        begun = time.thread_time()
        due(plan, state, entries, at_ms, practice.seed)
        times.append(time.thread_time() - begun)
    assert sorted(times)[25] < 0.003


@pytest.mark.parametrize("path", sorted(EXERCISES.glob("*.yaml")), ids=lambda path: path.stem)
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_exercise_of_the_shelf_can_be_practised(path: Path, language: str) -> None:
    practice = Practice(11, language, load_exercise(path).exercise).ten_minutes()
    said = [entry.event.text for entry in people_in(practice.conductor.entries) if isinstance(entry.event, e.Noted)]
    assert len(said) > 12
    assert not [text for text in said if "{" in text or "}" in text]


# Tips.


def scene_of(practice: Practice) -> Scene:
    conductor, language = practice.conductor, practice.language
    return Scene(practice.exercise, conductor.plan, conductor.state, conductor.elapsed_ms(), Words(language), language)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_every_tip_can_be_worded_and_every_tip_given_has_words(language: str) -> None:
    table = {"en": en.WORDS, "zh-Hans": zh_hans.WORDS}[language]
    tips = {code for code in table if code.startswith("tip-")}
    scene = scene_of(Practice(1, language).start())
    for code in tips:
        told = tip_text(scene, Advice(code, "guard", ("guard", "teller-1"), 3, (("guard", 2), ("teller-1", 1))))
        assert told
        assert "{" not in told
    given = {f"tip-{behaviour}" for behaviour in (*ALOUD - {"voices"}, "early")} | {code for code, _ in TRIES}
    for seed in SEEDS:
        given |= played(seed).advised.keys()
    assert given <= tips


def test_ten_minutes_give_many_different_tips() -> None:
    everything: set[str] = set()
    for seed in SEEDS:
        advised = played(seed).advised
        assert advised.keys() >= {"tip-first", "tip-reading", "tip-private", "tip-listen", "tip-early", "tip-argument", "tip-end"}, seed
        assert len(advised) >= 10, seed
        everything |= advised.keys()
    assert everything >= {
        "tip-late",
        "tip-leaving",
        "tip-returning",
        "tip-voices",
        "tip-speech",
        "tip-part",
        "tip-other",
        "tip-question",
        "tip-push",
    }


def test_a_tip_is_gone_once_it_was_followed() -> None:
    practice = Practice(3).start()
    conductor = practice.conductor
    for _ in range(120):
        practice.pass_time(1000, each=practice.release_what_is_due)
        tip = advice(conductor.plan, conductor.state, conductor.entries, conductor.elapsed_ms(), practice.seed)
        if tip is not None and tip.code == "tip-speech":
            conductor.dispatch(c.HearRole(tip.role))
            after = advice(conductor.plan, conductor.state, conductor.entries, conductor.elapsed_ms(), practice.seed)
            assert after is None or (after.code, after.role) != ("tip-speech", tip.role)
            return
    pytest.fail("nobody said what they do")


def test_a_question_to_several_is_asked_for_by_hands_with_the_cards_they_hold_up() -> None:
    exercise = load_exercise(EXERCISES / "atm-impostor.yaml").exercise
    ask_id, inject = next(
        (ask.id, inject) for inject in exercise.injects for ask in inject.asks if ask.answer == "choice" and len(ask.to or inject.to) > 1
    )
    for seed in SEEDS:
        practice = Practice(seed, "zh-Hans", exercise).start()
        practice.conductor.dispatch(c.ReleaseInject(inject.id, "now"))
        practice.pass_time(150_000)
        conductor = practice.conductor
        if not practice.advised["tip-hands"]:
            continue
        roles = conductor.plan.addressees(conductor.state, inject, conductor.plan.asks[ask_id][1])
        numbers = exercise.number_of_role
        tips = []
        practice = Practice(seed, "zh-Hans", exercise).start()
        practice.conductor.dispatch(c.ReleaseInject(inject.id, "now"))
        conductor = practice.conductor
        for _ in range(150):
            practice.pass_time(1000)
            tip = advice(conductor.plan, conductor.state, conductor.entries, conductor.elapsed_ms(), seed)
            if tip is not None and tip.code == "tip-hands":
                tips.append(tip)
        assert [role for role, _ in tips[-1].cards] == sorted(roles, key=numbers.__getitem__)
        options = len(conductor.plan.asks[ask_id][1].options)
        assert all(1 <= number <= options for _, number in tips[-1].cards)
        return
    pytest.fail("nobody was asked for hands")

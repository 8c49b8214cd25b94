"""Decks: what `use` and `overlays` put into an exercise, under which names, and at whose place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tabletop.exercise.loading import Loaded, bind, check_file, inject_of_deck, load_deck, load_exercise, parse_inject
from tabletop.exercise.model import Exercise
from tabletop.exercise.problems import InvalidExercise, worded
from tabletop.words import Words
from tests.exercise.samples import SMALL, changed, refused, told, written
from tests.exercise.samples import loaded as small_loaded

DECK = """\
format: 1
deck: tools
title: Tools
languages: [en]
slots: {caller: role, voice: objective}
parameters:
  outlet: {default: The Evening News}
  wait: {kind: duration, default: 5m}
  unused: {default: x}
injects:
  - id: ring
    after: {inject: ring-before, delay: 1m}
    kind: call
    to: [caller]
    title: It rings
    text: Somebody from {outlet} is on the line.
    attachments: [card.txt]
    when: {all: [{answer: pick-up, is: [nobody]}, {not: {action: say, state: done}}, {released: ring}]}
    asks:
      - id: pick-up
        to: [caller]
        question: Who picks up
        answer: choice
        options:
          - {id: nobody, text: Nobody, misses: [say], for: caller}
    expects:
      - {id: say, title: Says the line, by: caller, within: "{wait}", criticality: major, category: notify, objective: voice}
  - id: ring-before
    at: hold
    kind: call
    title: Before
    text: It rang before.
"""

OVERLAY = """\
format: 1
deck: dark
title: Dark
languages: [en]
overlay: true
slots: {boss: role}
injects:
  - id: out
    at: 1m
    kind: facility
    title: Lights out
    text: The lights go out.
    to: [boss]
    asks: [{id: torch, question: Torch, answer: confirm}]
  - id: on
    after: {inject: out, delay: 5m}
    kind: facility
    title: Lights on
    text: The lights come back.
    when: {released: out}
  - id: later
    at: hold
    kind: facility
    title: Again
    text: Again.
    cue: {elapsed: 5m}
"""

USE = "  - use: tools/ring\n    at: 5m\n    with: {caller: teller, voice: alarm}\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    decks = tmp_path / "injects"
    decks.mkdir()
    written(decks, DECK, "tools.yaml")
    written(decks, OVERLAY, "dark.yaml")
    (decks / "card.txt").write_text("card")
    return tmp_path


def find(folder: Path, name: str) -> Path | None:
    path = folder / "injects" / f"{name}.yaml"
    return path if path.exists() else None


def loaded(folder: Path, text: str) -> Loaded:
    return load_exercise(written(folder, text), lambda name: find(folder, name))


def codes(folder: Path, text: str) -> list[str]:
    return told([one for one in check_file(written(folder, text), lambda name: find(folder, name)) if one.severity == "error"])


def test_a_deck_inject_is_copied_with_its_slots_filled(shelf: Path) -> None:
    found = loaded(shelf, SMALL + USE)
    ring = found.exercise.inject_by_id["ring"]
    assert (ring.at, ring.after, ring.to, ring.asks[0].to) == (300, None, ("teller",), ("teller",))
    assert (ring.expects[0].by, ring.expects[0].objective, ring.expects[0].within) == ("teller", "alarm", 300)
    assert ring.asks[0].options[0].acting == "teller"
    assert ring.text == "Somebody from The Evening News is on the line."
    assert list(found.exercise.parameters) == ["outlet", "wait"]
    assert found.attachments == {"card.txt": (shelf / "injects" / "card.txt").resolve()}


def test_the_stored_text_knows_nothing_of_decks(shelf: Path) -> None:
    found = loaded(shelf, SMALL + USE + "overlays: [{use: dark, at: 5m, with: {boss: teller}}]\n")
    assert not {"use", "with"} & {key for inject in json.loads(found.text)["injects"] for key in inject}
    assert "overlays" not in json.loads(found.text)
    assert "{outlet}" in found.text
    assert bind(found.text) == found.exercise
    assert bind(found.text, {"outlet": "Radio"}).inject_by_id["ring"].text == "Somebody from Radio is on the line."


def test_an_inject_of_an_exercise_may_wait_for_one_of_a_deck(shelf: Path) -> None:
    text = changed(("at: 0s", "after: {inject: ring-before}"), more="  - {use: tools/ring-before}\n")
    assert loaded(shelf, text).exercise.inject_by_id["ring-before"].held


def test_a_key_beside_use_replaces_that_key_whole(shelf: Path) -> None:
    text = SMALL + (
        "  - use: tools/ring\n    after: {inject: knife}\n    title: Ring\n    to: []\n    when: {released: knife}\n    asks: []\n"
        "    expects: [{id: own, title: Own, by: teller, criticality: normal, category: family, objective: alarm}]\n"
    )
    ring = loaded(shelf, text).exercise.inject_by_id["ring"]
    assert ring.after is not None
    assert (ring.at, ring.after.inject, ring.title, ring.to, ring.asks, ring.expects[0].id) == (None, "knife", "Ring", (), (), "own")


def test_slots_that_what_is_taken_does_not_name_need_not_be_filled(shelf: Path) -> None:
    assert loaded(shelf, SMALL + "  - use: tools/ring-before\n    at: 2m\n").exercise.inject_by_id["ring-before"].at == 120


def test_an_id_renames_the_inject_its_asks_and_its_actions(shelf: Path) -> None:
    text = SMALL + USE + USE.replace("at: 5m", "at: 9m\n    id: again").replace("ring\n", "ring\n", 1)
    exercise = loaded(shelf, text).exercise
    again = exercise.inject_by_id["again"]
    assert ([ask.id for ask in again.asks], [action.id for action in again.expects]) == (["again-pick-up"], ["again-say"])
    assert again.asks[0].options[0].misses == ("again-say",)
    assert again.model_dump(by_alias=True)["when"] == {
        "all": (
            {"answer": "again-pick-up", "is": ("nobody",)},
            {"not": {"action": "again-say", "state": "done"}},
            {"released": "again"},
        )
    }
    assert exercise.inject_by_id["ring"].asks[0].id == "pick-up"


def test_an_exercise_parameter_of_the_same_name_wins(shelf: Path) -> None:
    text = changed(("roles:", "parameters:\n  outlet: {default: Radio}\nroles:"), more=USE)
    exercise = loaded(shelf, text).exercise
    assert exercise.inject_by_id["ring"].text == "Somebody from Radio is on the line."


def test_an_overlay_is_taken_whole_and_counts_from_its_time(shelf: Path) -> None:
    exercise = loaded(shelf, SMALL + "overlays: [{use: dark, at: 1h, with: {boss: teller}}]\n").exercise
    out, on, later = (exercise.inject_by_id[name] for name in ("out", "on", "later"))
    assert (out.at, out.to, later.at) == (3660, ("teller",), "hold")
    assert on.after is not None
    assert (on.after.inject, on.after.delay) == ("out", 300)


def test_an_overlay_taken_twice_needs_an_id(shelf: Path) -> None:
    twice = "overlays:\n  - {use: dark, at: 5m, with: {boss: teller}}\n  - {use: dark, at: 9m, with: {boss: teller}ID}\n"
    assert codes(shelf, SMALL + twice.replace("ID", "")) == ["24:11 use-again"] * 3
    exercise = loaded(shelf, SMALL + twice.replace("ID", ", id: b")).exercise
    assert [inject.id for inject in exercise.injects[-3:]] == ["b-out", "b-on", "b-later"]
    after = exercise.inject_by_id["b-on"].after
    assert after is not None
    assert (after.inject, exercise.inject_by_id["b-out"].asks[0].id) == ("b-out", "b-torch")


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        ("{use: dark, at: 5m}", ["23:11 slot-unfilled"]),
        ("{use: dark, at: 5m, with: {boss: chef}}", ["23:38 no-role"]),
        ("{use: dark, at: 5m, with: {boss: chef, x: y}}", ["23:38 no-role", "23:44 no-slot"]),
        ("{use: dark, at: hold, with: {boss: teller}}", ["23:21 duration"]),
        ("{use: dark, at: '{x}', with: {boss: teller}}", ["23:21 duration"]),
        ("{use: dark, at: 5, with: {boss: teller}}", ["23:21 duration"]),
        ("{use: dark, at: 5m, with: [boss]}", ["23:11 slot-unfilled", "23:31 map"]),
        ("{use: dark, at: 5m, with: {boss: 3}}", ["23:11 slot-unfilled", "23:38 string"]),
        ("{use: [dark], at: 5m}", ["23:11 string"]),
        ("{use: dark, at: 5m, id: 3}", ["23:29 string"]),
        ("{use: gone, at: 5m}", ["23:11 no-deck"]),
        ("{use: tools, at: 5m}", ["23:11 not-an-overlay"]),
    ],
)
def test_what_an_overlay_needs(overlay: str, expected: list[str], shelf: Path) -> None:
    assert codes(shelf, f"{SMALL}overlays:\n  - {overlay}\n") == expected


def test_overlays_are_a_list(shelf: Path) -> None:
    assert codes(shelf, SMALL + "overlays: {use: dark}\n") == ["22:11 list"]


def test_a_problem_in_a_deck_is_told_at_the_place_in_the_deck(shelf: Path) -> None:
    written(shelf / "injects", DECK.replace("kind: call\n    to", "kind: cal\n    to"), "tools.yaml")
    with pytest.raises(InvalidExercise) as error:
        loaded(shelf, SMALL + USE)
    (wrong,) = error.value.problems
    assert (wrong.path, wrong.line, wrong.key) == (shelf / "injects" / "tools.yaml", 13, "injects.0.kind")
    assert worded(wrong, Words()).endswith(f"Did you mean 'call'? It is taken from there at {shelf / 'exercise.yaml'}:22.")
    assert worded(wrong, Words("zh-Hans")).endswith(f"是不是“call”？引用位置：{shelf / 'exercise.yaml'}:22。")


def test_a_problem_beside_use_is_told_there(shelf: Path) -> None:
    text = SMALL + USE + "    title: {fr: x}\n    asks:\n      - {id: own, question: Q, answer: choice}\n    when: null\n"
    assert codes(shelf, text) == ["25:12 languages-missing", "27:9 options-needed"]


def test_a_deck_that_is_no_yaml_is_told_with_its_own_problems(shelf: Path) -> None:
    written(shelf / "injects", "format: [\n", "tools.yaml")
    with pytest.raises(InvalidExercise) as error:
        loaded(shelf, SMALL + USE)
    assert [(one.path.name, one.code) for one in error.value.problems] == [
        ("exercise.yaml", "problems.broken-deck"),
        ("tools.yaml", "problems.yaml-value"),
    ]


def test_what_may_stand_in_a_deck_that_cannot_be_had_is_not_asked_for(shelf: Path) -> None:
    text = changed(("at: 0s", "after: {inject: ring}"), more=USE.replace("tools", "gone") + "    cue: {action: say, state: done}\n")
    assert codes(shelf, text) == ["22:10 no-deck"]


def test_a_deck_of_other_languages_is_told_once(shelf: Path) -> None:
    text = changed(("languages: [en]", "languages: [en, fr]"), more=USE + "  - {use: tools/ring-before, at: 1m}\n")
    written(shelf / "injects", DECK.replace("title: Before", "title: {en: Before}"), "tools.yaml")
    assert codes(shelf, text) == ["22:10 deck-languages"]


def test_what_a_deck_names_must_be_its_own_or_a_slot(shelf: Path) -> None:
    deck = written(shelf, DECK.replace("to: [caller]", "to: [teller]", 1).replace("{inject: ring-before", "{inject: knife"), "deck.yaml")
    (shelf / "card.txt").write_text("card")
    assert told(check_file(deck)) == ["12:21 no-inject", "14:10 no-role"]
    open_names = written(shelf, DECK.replace("kind: call\n", "kind: call\n    phase: response\n", 1), "deck.yaml")
    assert check_file(open_names) == []


def test_a_deck_inject_may_leave_its_time_open(shelf: Path) -> None:
    deck = written(shelf, DECK.replace("    at: hold\n", ""), "deck.yaml")
    (shelf / "card.txt").write_text("card")
    assert check_file(deck) == []
    assert told(check_file(written(shelf, OVERLAY.replace("    at: hold\n", ""), "deck.yaml"))) == ["21:5 at-or-after"]


def test_a_short_file_cannot_take_an_endless_text(shelf: Path) -> None:
    written(shelf / "injects", DECK.replace("It rang before.", "x" * 1_000_000), "tools.yaml")
    uses = "".join(f"  - {{use: tools/ring-before, id: i{number}, at: 1m}}\n" for number in range(4000))
    found = codes(shelf, SMALL + uses)
    assert (found[0], len(found)) == ("30:11 decks-too-large", 501)


def test_decks_are_read_once(shelf: Path) -> None:
    asked: list[str] = []

    def count(name: str) -> Path | None:
        asked.append(name)
        return find(shelf, name)

    text = SMALL + USE + "  - {use: tools/ring-before, at: 1m}\n"
    load_exercise(written(shelf, text), count)
    assert asked == ["tools"]


def test_two_files_of_one_name_clash(shelf: Path) -> None:
    (shelf / "card.txt").write_text("another")
    text = changed(("    title: Knife", "    attachments: [card.txt]\n    title: Knife"), more=USE)
    error = None
    try:
        loaded(shelf, text)
    except InvalidExercise as raised:
        error = raised
    assert error is not None
    assert [one.code for one in error.problems] == ["problems.attachment-clash"]


def test_without_a_shelf_there_are_no_decks(tmp_path: Path) -> None:
    assert told(refused(tmp_path, SMALL + "  - {use: gone/ring, at: 5m}\n").problems) == ["22:11 no-deck"]


class TestAddingAtTheConsole:
    @pytest.fixture
    def exercise(self, tmp_path: Path) -> Exercise:
        return small_loaded(tmp_path, changed(("languages: [en]", "languages: [en, zh-Hans]"))).exercise

    def test_an_inject_of_a_deck_comes_as_data_with_everything_put_in(self, shelf: Path, exercise: Exercise) -> None:
        deck = shelf / "injects" / "tools.yaml"
        data = inject_of_deck(deck, "ring", {"caller": "teller", "voice": "alarm"}, exercise, at="hold", id="extra", when=None)
        assert (data["id"], data["at"], data["text"]) == ("extra", "hold", "Somebody from The Evening News is on the line.")
        inject = parse_inject(data, exercise)
        assert (inject.held, inject.to, inject.expects[0].within, inject.expects[0].id) == (True, ("teller",), 300, "extra-say")
        json.dumps(data)

    def test_single_injects_of_an_overlay_can_be_added(self, shelf: Path, exercise: Exercise) -> None:
        data = inject_of_deck(shelf / "injects" / "dark.yaml", "out", {"boss": "teller"}, exercise, at="hold")
        assert parse_inject(data, exercise).held

    def test_a_slot_left_open_is_a_problem(self, shelf: Path, exercise: Exercise) -> None:
        deck = load_deck(shelf / "injects" / "tools.yaml")
        assert set(deck.slots) == {"caller", "voice"}
        with pytest.raises(InvalidExercise) as error:
            inject_of_deck(shelf / "injects" / "tools.yaml", "ring", {"caller": "teller"}, exercise, at="hold")
        assert [one.code for one in error.value.problems] == ["problems.slot-unfilled"]
        with pytest.raises(InvalidExercise) as error:
            inject_of_deck(shelf / "injects" / "tools.yaml", "rng", {}, exercise, at="hold")
        assert [one.code for one in error.value.problems] == ["problems.no-deck-inject"]

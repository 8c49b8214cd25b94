"""Parameters: what is put where, in which language, and what a run may choose."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabletop.errors import Exit, TabletopError
from tabletop.exercise.conditions import ParameterIs
from tabletop.exercise.loading import bind
from tabletop.exercise.parameters import Value, fault_in, fill, fill_all, placeholders_in
from tabletop.words import Words
from tests.exercise.samples import SMALL, changed, loaded, refused, second, told

OPEN = changed(
    ("languages: [en]", "languages: [en, zh-Hans]"),
    (
        "roles:",
        "parameters:\n  branch: {title: Branch, default: {en: the branch, zh-Hans: 本网点}}\n"
        "  size: {kind: choice, options: [small, big], default: small}\n"
        "  people: {kind: number, default: 7}\n  wait: {kind: duration, default: 5m}\n  name: {default: Li}\nroles:",
    ),
    ("setting: A hall.", "setting: 'A hall of {branch}, {people} people, {wait}.'"),
    ("title: Knife", "title: {zh-Hans: '{branch}的刀', en: 'Knife at {branch}: {{{name}}}'}"),
    ("at: 0s", "at: '{wait}'"),
    more=second("when: {parameter: size, is: [big]}", "cue: {parameter: people, is: [8, 9.5]}", at="at: hold"),
)


def test_defaults_are_put_in(tmp_path: Path) -> None:
    exercise = loaded(tmp_path, OPEN).exercise
    assert exercise.setting == {"en": "A hall of the branch, 7 people, 5m.", "zh-Hans": "A hall of 本网点, 7 people, 5m."}
    assert exercise.injects[0].title == {"en": "Knife at the branch: {Li}", "zh-Hans": "本网点的刀"}
    assert exercise.injects[0].at == 300
    cue = exercise.injects[1].cue
    assert isinstance(cue, ParameterIs)
    assert cue.is_ == ("8", "9.5")


def test_a_run_chooses_values(tmp_path: Path) -> None:
    text = loaded(tmp_path, OPEN).text
    exercise = bind(text, {"branch": "Qiaoxi", "people": "12", "wait": "90s", "size": "big", "name": "{{name}}"})
    assert exercise.setting == "A hall of Qiaoxi, 12 people, 90s."
    assert exercise.injects[0].title == {"en": "Knife at Qiaoxi: {{{name}}}", "zh-Hans": "Qiaoxi的刀"}
    assert exercise.injects[0].at == 90
    assert {name: parameter.default for name, parameter in exercise.parameters.items()} == {
        "branch": "Qiaoxi", "people": 12, "wait": "90s", "size": "big", "name": "{{name}}",
    }  # fmt: skip
    assert bind(text, {"branch": {"en": "Q", "zh-Hans": "桥西"}}).injects[0].title == {"en": "Knife at Q: {Li}", "zh-Hans": "桥西的刀"}
    assert bind(text, {"people": 7.5}).parameters["people"].default == 7.5


@pytest.mark.parametrize(
    ("values", "code", "said"),
    [
        (
            {"brnch": "x"},
            "parameter-unknown-near",
            "The exercise has no parameter 'brnch'. Did you mean 'branch'? Parameters: branch, name, people, size, wait.",
        ),
        ({"zzz": "x"}, "parameter-unknown", "The exercise has no parameter 'zzz'. Parameters: branch, name, people, size, wait."),
        ({"people": "many"}, "parameter-number", "people needs a number, not 'many'."),
        ({"people": True}, "parameter-number", "people needs a number, not 'True'."),
        ({"wait": "5"}, "parameter-duration", "wait needs a duration, not '5'. Durations are written like 90s, 3m, 1h05m or 0:03:00."),
        ({"wait": 5}, "parameter-duration", "wait needs a duration, not '5'. Durations are written like 90s, 3m, 1h05m or 0:03:00."),
        ({"size": "huge"}, "parameter-choice", "size cannot be 'huge'. It can be: small, big."),
        ({"branch": 3}, "parameter-text", "branch needs a text of at most 500 characters, not '3'."),
        ({"branch": {"en": 1}}, "parameter-text", "branch needs a text of at most 500 characters, not \"{'en': 1}\"."),
    ],
)
def test_what_a_parameter_does_not_take(values: dict[str, object], code: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(TabletopError) as error:
        bind(loaded(tmp_path, OPEN).text, values)
    assert (error.value.code, error.value.exit_code) == (f"problems.{code}", Exit.USAGE)
    words = Words()
    assert (
        " ".join(filter(None, (words(error.value.code, **error.value.values), words.hint(error.value.code, **error.value.values)))) == said
    )
    assert Words("zh-Hans")(error.value.code, **error.value.values)


def test_a_short_file_cannot_become_an_endless_text(tmp_path: Path) -> None:
    named = changed(("roles:", "parameters:\n  x: {default: " + "y" * 500 + "}\nroles:"), ("A hall.", "'" + "{x}" * 500_000 + "'"))
    assert told(refused(tmp_path, named).problems) == ["10:1 parameters-too-large"]
    assert told(refused(tmp_path, named.replace("y" * 500, "y" * 501)).problems) == ["11:16 default-text"]


def test_what_was_typed_cannot_move_a_cursor(tmp_path: Path) -> None:
    assert bind(loaded(tmp_path, OPEN).text, {"name": " \x1b[2J "}).parameters["name"].default == "\ufffd[2J"


def test_an_exercise_without_parameters_takes_none(tmp_path: Path) -> None:
    with pytest.raises(TabletopError, match="parameter-unknown"):
        bind(loaded(tmp_path, SMALL).text, {"x": "y"})


def test_placeholders_and_braces() -> None:
    values = {"a": Value("text", "1"), "b-c": Value("text", {"en": "two", "zh-Hans": "二"})}
    assert fill("{a}{{a}}{{{a}}} }}{{ {b-c} {d}", values, "zh-Hans") == "1{a}{1} }{ 二 {d}"
    assert fill_all("{a}", values, ("en", "zh-Hans")) == "1"
    assert fill_all("{b-c}!", values, ("en", "zh-Hans")) == {"en": "two!", "zh-Hans": "二!"}
    assert fill_all({"en": "{b-c}", "fr": "{b-c}"}, values, ("en",)) == {"en": "two", "fr": "two"}
    assert [fault_in(text, values) for text in ("{a}", "{{", "{", "a } b", "{\n}")] == [
        None,
        None,
        ("problems.brace", "{"),
        ("problems.brace", "}"),
        ("problems.brace", "{"),
    ]
    assert [fault_in(text, values) for text in ("{x}", "{}", "{a b}", "{{{x}}}")] == [
        ("problems.placeholder-unknown", name) for name in ("x", "", "a b", "x")
    ]
    assert list(placeholders_in("{a} {{b}} {c}")) == ["a", "c"]


@given(st.text(st.sampled_from("{}ab \n")))
def test_what_can_be_filled_leaves_no_placeholder(text: str) -> None:
    values = {"a": Value("text", "X"), "b": Value("text", "Y")}
    if fault_in(text, values) is None:
        shown = fill(text, values, "en")
        assert shown.count("X") + shown.count("Y") == len(list(placeholders_in(text)))
        assert fill(text.replace("{a}", "").replace("{b}", ""), {}, "en").count("{") <= text.count("{") // 2


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_doubled_braces_come_out_single(text: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}")
    assert fault_in(doubled, ()) is None
    assert fill(doubled, {}, "en") == text

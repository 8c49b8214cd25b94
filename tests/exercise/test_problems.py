"""Problems: their order, their words, and that nothing in a file can forge a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabletop.errors import Exit
from tabletop.exercise.nodes import Place
from tabletop.exercise.problems import MOST, InvalidExercise, Problem, Problems, near, problem, row, worded
from tabletop.words import Words
from tests.exercise.samples import SMALL, changed, problems_of, refused

HERE = Place(Path("exercises/small.yaml"), 6, 1)


def test_a_problem_is_one_line_that_editors_understand() -> None:
    wrong = problem("problems.unknown-key", HERE, "subjct", {"given": "subjct", "known": ["id", "subject"], "near": "subject"})
    assert worded(wrong, Words("en")) == "exercises/small.yaml:6:1: subjct: is not a key this knows. Did you mean 'subject'?"
    assert worded(wrong, Words("zh-Hans")) == "exercises/small.yaml:6:1: subjct: 不是已知的键。是不是“subject”？"
    assert row(wrong, Words("en")) == {
        "path": "exercises/small.yaml", "line": 6, "column": 1, "key": "subjct", "severity": "error", "code": "unknown-key",
        "message": "is not a key this knows.", "hint": "Did you mean 'subject'?",
    }  # fmt: skip


def test_without_a_name_that_is_near_the_known_ones_are_told() -> None:
    wrong = problem("problems.no-phase", HERE, "phase", {"given": "x", "known": []})
    assert worded(wrong, Words()) == "exercises/small.yaml:6:1: phase: no phase has the id 'x'. Phases: none."
    many = problem("problems.no-phase", HERE, "phase", {"given": "x", "known": [f"p{number}" for number in range(100)]})
    assert str(many.value["known"]).endswith("p28, p29, …")


def test_a_lint_says_its_code() -> None:
    warning = problem("lint.no-recovery", HERE, "injects", {"on": "small"}, "warning")
    assert worded(warning, Words()).startswith("exercises/small.yaml:6:1: injects: warning[no-recovery]: no inject of kind recovery")
    assert row(warning, Words())["severity"] == "warning"


def test_nothing_from_a_file_makes_a_second_line_or_moves_a_cursor(tmp_path: Path) -> None:
    text = changed(("subject: other", 'subject: other\n"x\\ny:1:1": 1\n"\\u001b[2J": 2\n"' + "long " * 100 + '": 3'))
    lines = [worded(one, Words()) for one in problems_of(tmp_path, text)]
    assert len(lines) == 3
    assert all("\n" not in line and "\x1b" not in line and len(line) < 900 for line in lines)
    odd = Problem(Path("a\nb\x1b.yaml"), 1, 1, "", "problems.empty-file")
    assert worded(odd, Words()) == "a b\ufffd.yaml:1:1: the file is empty."


def test_problems_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = problems_of(tmp_path, changed(("kind: situation", "kind: x"), ("by: teller", "by: y"), ("subject: other", "subject: A")))
    assert [(one.line, one.column) for one in found] == sorted((one.line, one.column) for one in found)
    assert len(found) == 3


def test_of_a_hopeless_file_the_first_problems_are_told_and_the_others_counted(tmp_path: Path) -> None:
    found = problems_of(tmp_path, SMALL + "".join(f"key-{number}: 1\n" for number in range(MOST + 100)))
    assert len(found) == MOST + 1
    assert found[-1].code == "problems.more"
    assert worded(found[-1], Words()).endswith("100 more problems are not listed.")


def test_the_same_problem_is_told_once() -> None:
    problems = Problems()
    problems.add("problems.empty-file", HERE)
    problems.add("problems.empty-file", HERE)
    assert len(problems.sorted()) == 1
    with pytest.raises(InvalidExercise):
        problems.raise_if_any()


def test_the_error_says_how_many(tmp_path: Path) -> None:
    error = refused(tmp_path, changed(("subject:", "subjct:")))
    assert (error.exit_code, error.code, error.values["n"]) == (Exit.PROBLEMS, "problems.invalid", 2)
    assert Words()(error.code, **error.values) == f"{tmp_path / 'exercise.yaml'} has 2 problems and cannot be played."


@pytest.mark.parametrize(
    ("given", "expected"),
    [("subjct", "subject"), ("Subject", "subject"), ("real-emergency", "real_emergency"), ("zzz", None), (3, None), ("s" * 5000, None)],
)
def test_did_you_mean(given: object, expected: str | None) -> None:
    assert near(given, ("title", "subject", "real_emergency")).get("near") == expected

"""Every file in `bad/` is refused for what it is there for, at the place where it is wrong, and for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tabletop.exercise.loading import check_file, load_exercise
from tabletop.exercise.problems import InvalidExercise, Problem, row, worded
from tabletop.words import Words
from tests.exercise.samples import BAD, SMALL, bad_deck, problems_of, told

FOUND: dict[str, tuple[str, ...]] = {
    "a-list": ("1:1 not-a-map",),
    "a-text": ("1:1 not-a-map",),
    "acknowledge": ("18:18 map",),
    "after-in-a-circle": ("16:21 cycle",),
    "after-itself": ("30:21 cycle",),
    "after-the-end": ("30:1 one-document",),
    "alias-in-itself": ("12:13 alias-loop",),
    "at-sign": ("9:10 yaml-character",),
    "at-two-fields": ("16:9 duration-two-fields",),
    "attachment-absolute": ("18:19 attachment-outside",),
    "attachment-backslash": ("18:19 attachment-name",),
    "attachment-device": ("18:19 attachment-name",),
    "attachment-drive": ("18:19 attachment-name",),
    "attachment-missing": ("18:19 attachment-missing",),
    "attachment-outside": ("18:19 attachment-outside",),
    "attachment-program": ("18:19 attachment-type",),
    "attachment-stream": ("18:19 attachment-name",),
    "bad-id": ("2:5 id-form",),
    "bad-kind": ("17:11 not-one-of",),
    "bad-language": ("5:13 language-tag",),
    "cadence-nothing": ("15:38 zero-duration",),
    "colon-in-text": ("9:17 yaml-colon",),
    "comma-in-flow": ("18:24 unknown-language",),
    "condition-empty": ("34:17 empty-list",),
    "condition-key": ("34:35 unknown-key",),
    "condition-no-form": ("34:11 condition-form",),
    "condition-state": ("34:34 not-one-of",),
    "condition-text": ("34:11 condition-form",),
    "deck-like-an-exercise": (
        "4:1 unknown-key",
        "6:1 unknown-key",
        "7:1 unknown-key",
        "8:1 unknown-key",
        "9:1 unknown-key",
        "10:1 unknown-key",
        "12:1 unknown-key",
        "28:39 no-role",
        "28:96 no-objective",
    ),
    "deck-problems": (
        "2:7 id-form",
        "5:17 not-one-of",
        "9:5 at-and-after",
        "9:21 cycle",
        "11:10 no-role",
        "12:12 placeholder-unknown",
    ),
    "directive": ("1:1 directive",),
    "duplicate-action": ("29:14 duplicate-id",),
    "duplicate-ask": ("34:17 duplicate-id",),
    "duplicate-inject": ("29:9 duplicate-id",),
    "duplicate-key-inside": ("19:5 duplicate-key",),
    "duplicate-key": ("7:1 duplicate-key",),
    "duplicate-number": ("12:50 duplicate-number",),
    "duplicate-option": ("26:18 duplicate-id",),
    "duplicate-role": ("12:10 duplicate-id",),
    "duration-nothing": ("7:11 zero-duration",),
    "duration-number": ("7:11 duration",),
    "duration-order": ("7:11 duration",),
    "duration-two-fields": ("7:11 duration-two-fields",),
    "duration-words": ("7:11 duration",),
    "elements-on-choice": ("24:9 elements-unwanted",),
    "empty-map": ("18:12 languages-missing",),
    "empty-text": ("18:12 empty-text",),
    "empty": ("1:1 empty-file",),
    "escape-sequence": ("9:10 control-character",),
    "escaped-bidi": ("9:10 control-character",),
    "exclamation-mark": ("9:10 tag",),
    "format-text": ("1:9 whole-number",),
    "indentation": ("18:4 yaml-indent",),
    "infinite-number": ("13:39 number-too-long",),
    "language-case": (
        "18:12 languages-missing",
        "18:24 unknown-language",
    ),
    "language-number": ("18:17 text-unquoted",),
    "languages-twice": ("5:17 duplicate-item",),
    "list-as-key": ("8:3 key-not-text",),
    "long-number": ("8:8 number-too-long",),
    "map-as-key": ("8:3 key-not-text",),
    "merge-key": ("6:1 unknown-key",),
    "missing-in-inject": (
        "15:5 missing-key",
        "15:5 missing-key",
    ),
    "missing-keys": (
        "1:1 missing-key",
        "10:5 missing-key",
    ),
    "missing-language": ("18:12 languages-missing",),
    "missing-languages-nested": ("25:30 languages-missing",),
    "newer-format": ("1:9 format-newer",),
    "no-colon": ("4:1 yaml-no-colon",),
    "no-elements": ("34:12 elements-needed",),
    "no-injects": ("14:10 empty-list",),
    "no-is-text": ("13:37 truth",),
    "no-options": ("21:9 options-needed",),
    "no-time": ("15:5 at-or-after",),
    "number-no-number": (
        "11:55 whole-number",
        "11:69 whole-number",
    ),
    "number-range": (
        "11:55 at-most",
        "11:69 at-most",
    ),
    "only-a-comment": ("1:1 empty-file",),
    "options-on-text": ("24:9 options-unwanted",),
    "overlay-keys": (
        "30:5 missing-key",
        "30:17 unknown-key",
        "31:5 map",
    ),
    "overlay-no-overlay": ("30:11 not-an-overlay",),
    "overlay-twice": (
        "31:11 use-again",
        "31:11 use-again",
    ),
    "parameter-bad-defaults": (
        "11:35 default-number",
        "12:35 default-duration",
        "13:56 no-choice",
    ),
    "parameter-choice-in-when": ("38:39 no-choice",),
    "parameter-name": ("11:3 id-form",),
    "parameter-no-default": ("11:11 missing-key",),
    "parameter-options": (
        "11:21 no-choice",
        "11:29 options-unwanted",
        "13:9 missing-key",
    ),
    "placeholder-no-duration": ("7:11 placeholder-no-duration",),
    "placeholder-unknown-duration": ("20:9 placeholder-unknown",),
    "role-no-map": (
        "11:5 map",
        "28:39 no-role",
    ),
    "roles-no-list": (
        "10:8 list",
        "27:39 no-role",
    ),
    "short-too-wide": ("11:54 short-too-wide",),
    "single-brace": ("9:10 brace",),
    "surrogate": ("9:13 yaml-escape",),
    "tab": ("11:1 yaml-tab",),
    "tag": ("9:10 tag",),
    "title-list": ("18:12 text",),
    "title-missing-text": ("18:11 text",),
    "title-number": ("18:12 text-unquoted",),
    "too-deep": ("2:35 too-deep",),
    "two-documents": ("29:1 one-document",),
    "two-times": ("17:5 at-and-after",),
    "unclosed-bracket": ("6:8 yaml-bracket",),
    "unclosed-quote": ("4:10 yaml-quote",),
    "unknown-act-in-option": (
        "26:47 no-prohibited",
        "26:76 no-role",
    ),
    "unknown-action-in-option": ("26:45 no-action",),
    "unknown-alias": ("9:10 alias-unknown",),
    "unknown-ask-in-when": ("34:26 no-ask",),
    "unknown-cadence": (
        "15:23 no-role",
        "15:36 no-inject",
    ),
    "unknown-clause": ("28:111 no-clause",),
    "unknown-cut": ("18:17 no-site",),
    "unknown-done-by": ("28:123 no-inject",),
    "unknown-escape": ("9:13 yaml-escape",),
    "unknown-in-when": (
        "34:32 no-option",
        "35:26 no-action",
        "35:55 no-prohibited",
        "35:73 no-inject",
    ),
    "unknown-inject-after": ("30:21 no-inject",),
    "unknown-key-far": ("7:1 unknown-key",),
    "unknown-key-inside": ("28:47 unknown-key",),
    "unknown-key": (
        "1:1 missing-key",
        "6:1 unknown-key",
    ),
    "unknown-objective": ("28:96 no-objective",),
    "unknown-parameter-in-when": ("34:23 no-parameter",),
    "unknown-phase": ("18:12 no-phase",),
    "unknown-placeholder": ("9:10 placeholder-unknown",),
    "unknown-role-to": ("18:18 no-role",),
    "unknown-role": ("28:39 no-role",),
    "unknown-site": ("11:53 no-site",),
    "unquoted-version": ("4:10 text-unquoted",),
    "use-dangling-in-deck": ("tools:27:49 no-prohibited",),
    "use-form": ("29:10 use-form",),
    "use-no-deck": ("29:10 no-deck",),
    "use-no-inject": ("29:10 no-deck-inject",),
    "use-other-language": ("29:10 deck-languages",),
    "use-overlay": ("29:10 is-an-overlay",),
    "use-slot-unfilled": ("29:10 slot-unfilled",),
    "use-twice": ("32:10 use-again",),
    "use-unknown-key": ("31:5 unknown-key",),
    "use-unknown-role": (
        "31:20 no-role",
        "31:34 no-objective",
    ),
    "use-unknown-slot": ("31:12 no-slot",),
    "weight-zero": ("13:39 more-than",),
}
"""`LINE:COLUMN CODE` of every problem; a deck's name before it where the problem is in the deck."""


def problems(name: str) -> list[Problem]:
    return [problem for problem in check_file(BAD / f"{name}.yaml", bad_deck) if problem.severity == "error"]


def test_every_bad_file_is_in_the_table() -> None:
    assert sorted(path.stem for path in BAD.glob("*.yaml")) == sorted(FOUND)


@pytest.mark.parametrize("name", FOUND)
def test_a_bad_file_is_refused_at_the_right_place(name: str) -> None:
    found = problems(name)
    path = BAD / f"{name}.yaml"
    assert tuple(("" if one.path == path else f"{one.path.stem}:") + told([one])[0] for one in found) == FOUND[name]


@pytest.mark.parametrize("name", FOUND)
def test_playing_a_bad_file_is_refused_too(name: str) -> None:
    if name in {"deck-like-an-exercise", "deck-problems"}:
        return
    with pytest.raises(InvalidExercise) as error:
        load_exercise(BAD / f"{name}.yaml", bad_deck)
    assert list(error.value.problems) == problems(name)


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("name", FOUND)
def test_every_problem_has_words(name: str, language: str) -> None:
    words = Words(language)
    for problem in problems(name):
        line = worded(problem, words)
        assert line.startswith(f"{problem.path}:{problem.line}:{problem.column}: ")
        assert line[-1] in (".?" if language == "en" else "。？"), line
        assert "\n" not in line
        assert "{" not in str(row(problem, words)["message"])
        assert row(problem, words)["line"] == problem.line


BYTES = {
    "GBK": (SMALL.replace("A hall.", "大厅").encode("gbk"), ["9:10 not-utf8"]),
    "UTF-16": (SMALL.encode("utf-16"), ["1:1 not-utf8"]),
    "lines of Windows": (
        SMALL.replace("subject", "subjct").replace("\n", "\r\n").encode("utf-8-sig"),
        ["1:1 missing-key", "6:1 unknown-key"],
    ),
    "a lone return": (SMALL.replace("A hall.", "A\rhall.").encode(), ["9:11 control-character"]),
    "a zero byte": (SMALL.replace("A hall.", "A\x00hall.").encode(), ["9:11 control-character"]),
    "zero width": (SMALL.replace("A hall.", "A\u200bhall.").encode(), ["9:11 control-character"]),
    "bidi": (SMALL.replace("A hall.", "大厅\u202e.").encode(), ["9:12 control-character"]),
    "two lines of it": (
        SMALL.replace("Small", "\x1b\x1b").replace("A hall.", "\x9b").encode(),
        ["3:8 control-character", "9:10 control-character"],
    ),
    "a line separator": (SMALL.replace("A hall.", "A\u2028hall.").encode(), ["9:11 control-character"]),
    "a surrogate": (SMALL.encode().replace(b"A hall.", b"\xed\xa0\x80"), ["9:10 not-utf8"]),
    "a mark of UTF-8, then something else": (b"\xef\xbb\xbfa: 1\nb: \xff", ["2:4 not-utf8"]),
    "a program": (b"MZ\x90\x00\x03\x00", ["1:3 not-utf8"]),
}


@pytest.mark.parametrize("name", BYTES)
def test_bytes_that_are_no_text(name: str, tmp_path: Path) -> None:
    content, expected = BYTES[name]
    assert told(problems_of(tmp_path, content)) == expected


def test_columns_count_characters_not_bytes_or_cells(tmp_path: Path) -> None:
    text = SMALL.replace("{id: teller, title: Teller, duty: Serves}", "{id: teller, title: 大堂经理, duty: 服务, nmber: 1}")
    assert told(problems_of(tmp_path, text)) == ["11:41 unknown-key"]

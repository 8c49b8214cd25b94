"""Strict YAML: what plain values mean, where everything stands, and that nothing hostile gets through or gets out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tabletop.errors import NotFound
from tabletop.exercise import source as module
from tabletop.exercise.building import MOST_BYTES, MOST_NODES
from tabletop.exercise.nodes import Map, Place, Seq, locate
from tabletop.exercise.source import Source, parse, read_source
from tabletop.text import UNSAFE
from tests.exercise.samples import told

HERE = Path("file.yaml")


def data(text: str) -> dict[str, Any]:
    source = parse(text, HERE)
    assert source.problems == ()
    assert source.data is not None
    return source.data


def codes(text: str | bytes) -> list[str]:
    return told(parse(text, HERE).problems)


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        ("999999999999999", 999999999999999),
        *(
            (text, text)
            for text in ("no", "yes", "on", "off", "True", "NULL", "~", "10:00", "012", "0x10", "0o7", "1_000", "+5", ".5", "5.")
        ),
        *((text, text) for text in (".nan", ".inf", "2026-11-19", "<<", "=", "90s", "1h05m", "--", "1e", "１２")),
    ],
)
def test_a_plain_value_is_a_number_as_in_json_or_one_of_three_words_or_text(plain: str, value: object) -> None:
    found = data(f"key: {plain}\n")["key"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("style", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
@pytest.mark.parametrize("text", ["true", "12", "null", "~"])
def test_what_is_quoted_is_text(style: str, text: str) -> None:
    assert data("key: " + style.format(text) + "\n")["key"] == text


def test_keys_are_text_whatever_they_look_like() -> None:
    assert data("4.10: a\ntrue: b\nnull: c\n<<: d\n'': e\n? f\n: g\n") == {
        "4.10": "a",
        "true": "b",
        "null": "c",
        "<<": "d",
        "": "e",
        "f": "g",
    }


def test_lines_end_as_on_any_system() -> None:
    assert data("a: |\r\n  x\r\n  y\r\nb: 2\r\n") == {"a": "x\ny\n", "b": 2}
    assert parse("\ufeffa: 1\n".encode(), HERE).data == {"a": 1}


def test_every_key_and_value_has_its_place() -> None:
    found = data("title: 银行\nroles:\n  - {id: 柜员, duty: x}\n  -   - deep\n")
    assert isinstance(found, Map)
    roles = found["roles"]
    assert isinstance(roles, Seq)
    role = roles[0]
    assert isinstance(role, Map)
    assert found.place("title") == Place(HERE, 1, 8)
    assert found.place_of_key("roles") == Place(HERE, 2, 1)
    assert (roles.place(0), roles.place(1)) == (Place(HERE, 3, 5), Place(HERE, 4, 7))
    assert (role.place("id"), role.place_of_key("duty"), role.place("duty")) == (
        Place(HERE, 3, 10),
        Place(HERE, 3, 14),
        Place(HERE, 3, 20),
    )
    assert locate(found, ("roles", 0, "<form>", "duty")).key == "roles.0.duty"
    assert locate(found, ("roles", 0, "number")) == (Place(HERE, 3, 5), "roles.0.number", None)
    assert locate(found, ("roles", 9, "id")) == (Place(HERE, 3, 3), "roles.9.id", None)
    assert locate(found, ("roles", 0, "duty"), of_key=True).place == Place(HERE, 3, 14)


def test_aliases_stand_for_what_they_name() -> None:
    found = data("a: &x {k: [1, 2]}\nb: *x\nc: &y text\n*y : d\n")
    assert found == {"a": {"k": [1, 2]}, "b": {"k": [1, 2]}, "c": "text", "text": "d"}
    assert json.loads(json.dumps(found)) == found


def test_several_problems_of_the_text_come_in_one_go() -> None:
    text = 'a: 1\na: 2\n? [x]\n: y\nb: "\\e"\nc: !t d\nd: \u200be\ne: *gone\nf: 1234567890123456\ng: {h: 1, h: 2}\n'
    assert codes(text) == [
        "2:1 duplicate-key", "3:3 key-not-text", "5:4 control-character", "6:4 tag", "7:4 control-character", "8:4 alias-unknown",
        "9:4 number-too-long", "10:11 duplicate-key",
    ]  # fmt: skip
    assert [problem.key for problem in parse(text, HERE).problems] == ["a", "", "b", "c", "", "e", "f", "g.h"]


def test_after_a_mistake_of_syntax_what_came_before_is_told() -> None:
    assert codes("a: 1\na: 2\nb: [\n") == ["2:1 duplicate-key", "4:1 yaml-value"]


def test_the_first_of_two_values_stands() -> None:
    assert parse("a: {b: 1}\na: [2]\nc: 3\n", HERE).data == {"a": {"b": 1}, "c": 3}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: b: c\n", "1:5 yaml-colon"),
        ("a: 1\nb\nc: 2\n", "2:1 yaml-no-colon"),
        ("a:\n  b: 1\n c: 2\n", "3:2 yaml-indent"),
        ("- a\nb: c\n", "2:1 yaml-indent"),
        ("a: - b\n", "1:4 yaml-indent"),
        ("a: [1, 2\nb: 3\n", "2:2 yaml-bracket"),
        ("a: {b: 1\n", "2:1 yaml-bracket"),
        ("a: 'x\n", "1:4 yaml-quote"),
        ('a: "x\n', "1:4 yaml-quote"),
        ("a: @x\n", "1:4 yaml-character"),
        ("a: `x\n", "1:4 yaml-character"),
        ("a: %x\n", "1:4 yaml-character"),
        ("a:\n\t- b\n", "2:1 yaml-tab"),
        ('a: "\\q"\n', "1:5 yaml-escape"),
        ('a: "\\ud800"\n', "1:7 yaml-escape"),
        ('a: "\\x4"\n', "1:7 yaml-escape"),
        ("a: |x\n", "1:5 yaml-block"),
        ("a: > x\n", "1:6 yaml-block"),
        ("a: |0\n  x\n", "1:5 yaml-block"),
        ("a: |\n\tx\n", "2:1 yaml-tab"),
        ("a: 1\n%x\n", "2:3 directive"),
        ("a: !x!y z\n", "1:4 tag"),
        ("a: !<x z\n", "1:7 tag"),
        ("a: & b\n", "1:5 yaml-anchor"),
        ("a: * b\n", "1:5 yaml-anchor"),
        ("a: 1}\n", ""),
        ("{a: 1}}\n", "1:7 one-document"),
        ("}\n", "1:1 yaml-value"),
        ("a: [,]\n", "1:5 yaml-value"),
        ("a: ]\n", "1:4 yaml-value"),
        ("--- a\n...\nb\n", "1:1 not-a-map"),
        ("%TAG ! x\n---\na: 1\n", "1:1 directive"),
        ("# note\n\n  # more\n%YAML 1.1\n---\na: 1\n", "4:1 directive"),
        ("a: 1\n---\nb: 2\n", "2:1 one-document"),
        ("a: 1\n...\n%TAG ! x\n", "3:1 one-document"),
        ("a: 1\n... # done\n\n# more\n", ""),
        ("--- # begin\na: 1\n", ""),
        ("a: &x [*x]\n", "1:8 alias-loop"),
        ("a: &x {b: {c: *x}}\n", "1:15 alias-loop"),
    ],
)
def test_a_mistake_in_yaml_is_named(text: str, code: str) -> None:
    assert (codes(text) or [""])[0] == code


LAUGHS = "a: &a [x,x,x,x,x]\n" + "".join(
    f"{new}: &{new} [*{old},*{old},*{old},*{old},*{old}]\n" for old, new in zip("abcdefghi", "bcdefghij", strict=True)
)
HOSTILE: dict[str, tuple[str, str]] = {
    "open brackets": ("[" * MOST_BYTES, "1:33 too-deep"),
    "open braces": ("{" * MOST_BYTES, "1:2 key-not-text"),
    "maps in maps": ("{a: " * (MOST_BYTES // 4), "1:129 too-deep"),
    "dashes": ("- " * (MOST_BYTES // 2), "1:65 too-deep"),
    "stairs": ("".join(" " * step + "-\n" for step in range(1500)), "33:33 too-deep"),
    "question marks": ("? " * (MOST_BYTES // 2), "1:3 key-not-text"),
    "laughs": (LAUGHS, "8:8 too-many-nodes"),
    "long laughs": (f"a: &a {'x' * 1_500_000}\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n", "3:5 too-large"),
    "deep aliases": ("a: &a " + "[" * 20 + "]" * 20 + "\nb: " + "[" * 20 + "*a" + "]" * 20, "2:24 too-deep"),
    "aliases": ("a: &a 1\nb: [" + "*a," * 51 + "]", "2:155 too-many-aliases"),
    "directives": ("".join(f"%TAG !a{number}! x\n" for number in range(120_000)), "1:1 directive"),
    "items": ("a: [" + "1," * (MOST_BYTES // 2 - 8) + "1]", f"1:{2 * (MOST_NODES - 5) + 5} too-many-nodes"),
    "spaces": (" " * MOST_BYTES, "1:1 empty-file"),
    "comments": ("#\n" * (MOST_BYTES // 2), "1:1 empty-file"),
    "controls": ("\x01" * MOST_BYTES, "1:1 control-character"),
    "lines of controls": ("\x01\n" * (MOST_BYTES // 2), "1:1 control-character"),
    "escapes": ('a: "' + "\\u202e" * (MOST_BYTES // 6 - 2) + '"', "1:4 control-character"),
    "duplicates": ("a: 1\n" * (MOST_BYTES // 5), "2:1 duplicate-key"),
    "digits": ("a: " + "9" * (MOST_BYTES - 4), "1:4 number-too-long"),
    "exponent": ("a: 1e" + "9" * 1000, "1:4 number-too-long"),
    "a key without end": ("a" * (MOST_BYTES - 4) + ": b", f"1:{MOST_BYTES - 3} yaml-colon"),
    "stars": ("*a " * (MOST_BYTES // 3), "1:1 alias-unknown"),
    "documents": ("a: 1\n" + "---\n" * (MOST_BYTES // 4 - 2), "2:1 one-document"),
    "one byte more": ("a" * (MOST_BYTES + 1), "1:1 too-large"),
}


THOUSAND = "1:1001 too-deep"
"""What libyaml since 0.2.6 says of more than a thousand brackets, of which the ones before it tell us one after the other."""


def firsts(name: str) -> tuple[str, ...]:
    return (HOSTILE[name][1], THOUSAND) if name in ("open brackets", "open braces") else (HOSTILE[name][1],)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_a_problem_soon(name: str) -> None:
    text, _ = HOSTILE[name]
    begun = time.process_time()
    found = codes(text)
    took = time.process_time() - begun
    assert found[0] in firsts(name)
    assert len(found) <= 501
    assert took < 10, f"{took:.1f} s of one core, where one second is plenty"


CAPPED = """
import resource, sys
from pathlib import Path
from tabletop.exercise.loading import check_file
resource.setrlimit(resource.RLIMIT_AS, (768 << 20, 768 << 20))
print([problem.code for problem in check_file(Path(sys.argv[1]))][:1])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of memory to set for a process")
@pytest.mark.parametrize("name", ["laughs", "long laughs", "items", "open brackets"])
def test_a_hostile_text_takes_little_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "exercise.yaml"
    path.write_text(HOSTILE[name][0], encoding="utf-8")
    done = subprocess.run([sys.executable, "-c", CAPPED, str(path)], capture_output=True, text=True, timeout=60)
    assert done.stdout in {f"['problems.{first.partition(' ')[2]}']\n" for first in firsts(name)}, done.stderr[-500:]


def test_fifty_aliases_are_allowed() -> None:
    assert data("a: &a {k: 1}\nb: [" + "*a," * 50 + "]")["b"] == [{"k": 1}] * 50


def test_two_hundred_thousand_nodes_are_allowed() -> None:
    assert len(data("a: [" + "1," * (MOST_NODES - 6) + "]")["a"]) == MOST_NODES - 6


def test_depth_32_is_allowed() -> None:
    nested = "a: " + "[" * 31 + "]" * 31
    assert codes(nested) == []
    assert codes(nested.replace("[]", "[[]]")) == ["1:35 too-deep"]


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as error:
        read_source(tmp_path / "none.yaml")
    assert (error.value.code, error.value.exit_code) == ("problems.no-such-file", 3)
    with pytest.raises(NotFound):
        read_source(tmp_path / "none" / "none.yaml")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    assert told(read_source(tmp_path).problems) == ["1:1 not-a-file"]


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "exercise.yaml"
    path.write_text("a: 1\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    found = read_source(path).problems
    assert told(found) == ["1:1 unreadable"]
    assert found[0].value == {"reason": "Permission denied"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of POSIX systems")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert told(read_source(tmp_path / "pipe.yaml").problems) == ["1:1 not-a-file"]


def test_only_two_mebibytes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES * 1000)
    assert told(read_source(path).problems) == ["1:1 too-large"]


def test_comments_behind_plain_values_are_kept() -> None:
    source = parse(
        "title: Counter # 2\nnotes: 'x' # fine\nb: # free\n  c: |  # head\n    d # part\nlist:\n  - one # two\nat: 5m # note\n", HERE
    )
    assert [(comment.place.line, comment.key) for comment in source.comments] == [(1, "title"), (7, "list"), (8, "at")]


def check(source: Source) -> None:
    """What holds of everything that was read, whatever it was."""
    assert source.data is not None or source.problems
    for problem in source.problems:
        assert problem.line >= 1
        assert problem.column >= 1
        assert not UNSAFE.search(str(problem.values) + problem.key)
    if source.data is not None and not source.problems:
        text = json.dumps(source.data, ensure_ascii=False, allow_nan=False)
        assert not UNSAFE.search(text)
        assert json.loads(text) == source.data


# fmt: off
PIECES = (
    "a", "b", "键", "true", "12", "1.5", "'x'", '"y\\n"', ":", "-", "?", "[", "]", "{", "}", ",", "&x ", "*x", "!t ", "|\n", ">-\n",
    "#", "---", "...", "%T", "<<:", "\\u202e", '"', "'", "\u200b", "@", "`", ": ", "- ", ", ", "? ", "\n", "\n  ", "\n    ", " ", "\t",
    "\r\n", " # c",
)
# fmt: on
YAMLISH = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=200)
@given(YAMLISH)
@example("a: *x")
@example("&x a: &x b\n*x : c")
@example("? &x a\n: *x\n? *x\n: b")
@example("{? [a]: {b: c}, d: e}")
@example("- &x [*x]")
def test_any_text_like_yaml_is_data_or_problems(text: str) -> None:
    check(parse(text, HERE))
    check(parse("k:\n  - " + text, HERE))


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_data_or_problems(text: str) -> None:
    check(parse(text, HERE))
    check(parse(f"k: {text}", HERE))


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_data_or_problems(content: bytes) -> None:
    check(parse(content, HERE))


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Cn", "Co"]), max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc 键:-#'\"[]{}", min_size=1, max_size=4), inner, max_size=3),
    max_leaves=6,
)
LOOKS_LIKE_ELSE = ("", " ", "no", "null", "~", "1", "1e3", "012", "0x1f", "10:00", "2026-11-22", "<<", "=", "- a", "a: b", "# a", "a # b")
"""Texts that plain YAML takes for something else, or that end a text early."""


@settings(max_examples=100)
@given(st.dictionaries(st.text("ab键", max_size=4), VALUES, max_size=3))
@example({"": {"'\"": [[], {}, [{" ": ""}]], "[]{}": None, ":-#": {"-": "#"}}})
@example({"a": [*LOOKS_LIKE_ELSE, "'\"\\/", "键：值", 10**14, -(10**14), True, None], "b": {text or "b": text for text in LOOKS_LIKE_ELSE}})
@example({"a": [[[[[["deep"]]]]]], "b": {"a": {"b": {"c": {"键": []}}}}})
def test_json_means_the_same_here(value: dict[str, Any]) -> None:
    assert data(json.dumps(value, ensure_ascii=False, indent=2) if value else "{}") == value


def test_the_collector_is_as_it_was() -> None:
    import gc

    assert gc.isenabled()
    parse("a: [", HERE)
    assert gc.isenabled()
    gc.disable()
    try:
        with module.collector_off():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: >-\n  门外停下两辆警车，\n  一名便衣民警要找现场负责人。\n", "门外停下两辆警车，一名便衣民警要找现场负责人。"),
        ("a: 门外停下\n  两辆警车\n", "门外停下两辆警车"),
        ('a: "门外停下\n  两辆警车"\n', "门外停下两辆警车"),
        ("a: >-\n  报警 110\n  再说 two cars\n  outside\n", "报警 110 再说 two cars outside"),
        ("a: 张 三\n", "张 三"),
        ("a: |\n  张 三\n  李四\n", "张 三\n李四\n"),
    ],
)
def test_a_line_end_between_chinese_characters_is_no_space(text: str, value: str) -> None:
    source = parse(text, Path("x.yaml"))
    assert source.data == {"a": value}

"""From a command line to an exit code: languages, usage, streams, faults of ours."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import click
import pytest

import tabletop
from tabletop.cli.entry import language_asked
from tabletop.cli.output import Output
from tabletop.cli.sentences import KEYS, SPEAKING
from tabletop.cli.versions import wal_reset_fixed
from tabletop.errors import Exit

from .conftest import Cli

PROGRAM = [sys.executable, "-m", "tabletop"]


def test_without_a_command_or_a_terminal_it_prints_help_and_is_exit_2(cli: Cli) -> None:
    ran = cli()
    assert ran.code == Exit.USAGE
    assert ran.out == cli("--help").out
    assert "terminal" in ran.err


def test_version_names_what_it_stands_on(cli: Cli) -> None:
    lines = cli("--version").out.splitlines()
    assert lines[0] == f"tabletop {tabletop.__version__}"
    assert [line.split()[0] for line in lines[1:]] == ["Python", "Textual", "SQLite"]
    assert all(re.fullmatch(r"\S+ \d+\.\d+\.\d+\S*", line) for line in lines)
    assert len(cli("--version", "-v").out.splitlines()) == 5


@pytest.mark.parametrize(
    ("release", "fixed"),
    [
        ((3, 40, 1), False), ((3, 44, 5), False), ((3, 44, 6), True), ((3, 45, 0), False), ((3, 50, 6), False),
        ((3, 50, 7), True), ((3, 51, 0), False), ((3, 51, 2), False), ((3, 51, 3), True), ((3, 52, 0), True), ((4, 0, 0), True),
    ],
)  # fmt: skip
def test_which_sqlite_has_the_fix(release: tuple[int, int, int], fixed: bool) -> None:
    assert wal_reset_fixed(release) is fixed


USAGE = [
    (["--foo"], "No such option '--foo'.", "没有选项 '--foo'。"),
    (["lst"], "There is no command 'lst'. Did you mean 'list'?", "没有命令 'lst'。是不是要用 'list'？"),
    (["zzzz"], "There is no command 'zzzz'.", "没有命令 'zzzz'。"),
    (["show"], "Missing argument 'EXERCISE'.", "缺少参数 'EXERCISE'。"),
    (["show", "a", "b"], "Got unexpected extra argument (b)", "多余的参数（b）"),
    (["show", "a", "b", "c"], "Got unexpected extra arguments (b c)", "多余的参数（b c）"),
    (["new", "x", "--from"], "Option '--from' requires an argument.", "选项 '--from' 后面要跟一个值。"),
    (["list", "--json=1"], "Option '--json' does not take a value.", "选项 '--json' 后面不跟值。"),
    (["check", "--strct", "x"], "Did you mean '--strict'?", "是不是要用 '--strict'？"),
]


@pytest.mark.parametrize(("arguments", "english", "chinese"), USAGE, ids=[" ".join(arguments) for arguments, _, _ in USAGE])
def test_usage_errors_are_worded_in_both_languages(cli: Cli, arguments: list[str], english: str, chinese: str) -> None:
    for language, sentence in (("en", english), ("zh-Hans", chinese), ("zh-Hant", chinese)):
        ran = cli("--lang", language, *arguments)
        assert (ran.code, ran.out) == (Exit.USAGE, "")
        assert sentence in ran.err


def test_the_english_table_holds_what_click_says() -> None:
    said = "".join(Path(click.__path__[0], f"{module.__name__.rpartition('.')[2]}.py").read_text("utf-8") for module in SPEAKING)
    joined = re.sub(r'"\s*\n\s*f?"', "", said).replace("\\n", "\n").replace("\\t", "\t")
    assert [key for sentence, key in KEYS.items() if f'"{sentence}"' not in joined] == []


def test_an_unknown_language_is_named_with_those_there_are(cli: Cli) -> None:
    ran = cli("list", "--lang", "de")
    assert ran.code == Exit.USAGE
    assert "en, zh-Hans, zh-Hant" in ran.err


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["list", "--lang", "zh"], "zh-Hans"), (["--lang=zh_CN.UTF-8", "list"], "zh-Hans"), (["--lang", "zh-TW"], "zh-Hant"),
        (["--lang", "zh", "list", "--lang", "en"], "en"), (["list", "--", "--lang", "zh"], "en"), (["list", "--lang"], "en"),
    ],
)  # fmt: skip
def test_the_language_is_known_before_anything_is_parsed(arguments: list[str], language: str) -> None:
    assert language_asked(arguments) == language


def test_the_language_of_the_environment_counts_where_none_is_asked_for(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABLETOP_LANG", "zh-Hans")
    assert cli("lst").err.startswith("错误：")
    assert cli("lst", "--lang", "en").err.startswith("Error: ")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, check=False, env=os.environ | environment, stdin=subprocess.DEVNULL)


EVERY = [
    ["--help"],
    ["--version", "-v"],
    ["list"],
    ["list", "--injects"],
    ["show", "armed-hostage", "--facilitator"],
    ["doctor"],
    ["lst"],
    ["list", "--json"],
]


@pytest.mark.parametrize("arguments", EVERY, ids=" ".join)
def test_nothing_is_coloured_in_a_pipe_and_gbk_survives(arguments: list[str]) -> None:
    ran = run(*arguments, "--lang", "zh-Hans", PYTHONIOENCODING="gbk")
    assert ran.returncode == (2 if arguments == ["lst"] else 0)
    assert b"\x1b" not in ran.stdout + ran.stderr
    assert b"Traceback" not in ran.stderr
    ran.stdout.decode("gbk")


def test_json_is_json_whatever_the_encoding_lacks(tmp_path: Path) -> None:
    path = tmp_path / "exercises" / "x.yaml"
    path.parent.mkdir()
    assert subprocess.run([*PROGRAM, "new", "x"], cwd=tmp_path, check=False, capture_output=True).returncode == 0
    path.write_text(path.read_text("utf-8").replace("title: An unattended bag in the hall", "title: 演练 ✓ 😀"), "utf-8")
    for encoding in ("gbk", "ascii", "utf-8"):
        line = [*PROGRAM, "list", "--json"]
        told = subprocess.run(line, cwd=tmp_path, capture_output=True, check=True, env=os.environ | {"PYTHONIOENCODING": encoding}).stdout
        assert "演练 ✓ 😀" in [row["title"] for row in json.loads(told.decode(encoding))["exercises"]]


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen([*PROGRAM, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert told == b""
    assert process.returncode == 141


def test_what_files_say_cannot_move_the_cursor(cli: Cli, tmp_path: Path) -> None:
    evil = "evil\x1b]0;title\x07\u202e.yaml"
    ran = cli("check", str(tmp_path / evil))
    assert ran.code == Exit.NOT_FOUND
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.err)


def test_output_filters_lines_and_escapes_json(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output()
    output.line("a\x1b[31mb\u202ec\ttab")
    output.document({"text": "a\u202eb\x1b\u2028\ud800"})
    told = capsys.readouterr().out
    assert told.startswith("a\ufffd[31mb\ufffdc\ttab\n")
    assert not {"\x1b", "\u202e", "\u2028"} & set(told)
    assert json.loads(told.partition("\n")[2])["text"] == "a\u202eb\x1b\u2028\ud800"


FAULT = """
import sys
from tabletop.cli import commands
from tabletop.cli.commands import doctor
def explode(said):
    secret = "canary-of-a-local"
    raise RuntimeError("no reason")
doctor.every_check = explode
sys.argv = ["tabletop", "doctor"]
from tabletop.cli import main
main()
"""


def test_a_fault_of_ours_is_told_by_number_and_kept_without_locals(home: str) -> None:
    ran = subprocess.run([sys.executable, "-c", FAULT], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stdout) == (Exit.FAULT, "")
    assert "Traceback" not in ran.stderr
    [kept] = Path(home).rglob("*.txt")
    assert kept.stem in ran.stderr
    assert str(kept) in ran.stderr
    text = kept.read_text(encoding="utf-8")
    assert "RuntimeError: no reason" in text
    assert "in explode" in text
    if os.name != "nt":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_ctrl_c_is_exit_130_without_a_word_of_python(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tabletop.cli.commands.doctor.every_check", interrupt)
    ran = cli("doctor")
    assert (ran.code, ran.out, ran.err) == (130, "", "\n")


def test_the_store_can_be_named_before_and_after_the_command(cli: Cli, tmp_path: Path) -> None:
    before, after = str(tmp_path / "before.db"), str(tmp_path / "after.db")
    assert before in cli("--db", before, "doctor").out
    both = cli("--db", before, "doctor", "--db", after).out
    assert after in both
    assert before not in both


def test_a_full_disk_is_exit_8() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with open("/dev/full", "wb") as full:
        ran = subprocess.run([*PROGRAM, "schema"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert ran.returncode == Exit.NO_SPACE
    assert b"no space left" in ran.stderr

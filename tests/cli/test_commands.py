"""list, show, check, new, schema, doctor: as their users run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tabletop.cli.commands.new import skeleton
from tabletop.text import cells

from .conftest import Cli


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder the commands are run in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_list_shows_the_shelf_by_subject(cli: Cli, project: Path) -> None:
    ran = cli("list")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[lines.index("Hostage-taking") + 1].split()[0] == "armed-hostage"


def test_list_in_chinese_stands_in_columns_of_cells(cli: Cli, project: Path) -> None:
    cli("new", "a-second-one", "--lang", "zh-Hans")
    rows = [line for line in cli("list", "--lang", "zh-Hans").out.splitlines() if line.startswith("  ")]
    assert len({cells(row[: row.index("核心")]) for row in rows}) == 1


def test_list_json_has_what_a_program_needs(cli: Cli, project: Path) -> None:
    told = json.loads(cli("list", "--json").out)
    assert told["schema_version"] == 1
    row = next(row for row in told["exercises"] if row["id"] == "armed-hostage")
    assert row.keys() >= {
        *("id", "title", "subject", "version", "languages", "duration_s", "alert", "injects", "core", "actions", "origin", "path")
    }
    assert (row["subject"], row["duration_s"], row["origin"]) == ("hostage", 75 * 60, "shipped")
    assert row["injects"] > row["core"] > 0
    assert Path(row["path"]).is_file()


def test_list_tells_a_broken_file_and_what_it_hides(cli: Cli, project: Path) -> None:
    cli("new", "armed-hostage")
    broken = project / "exercises" / "armed-hostage.yaml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("subject:", "subjct:"), encoding="utf-8")
    ran = cli("list")
    assert ran.code == 0
    after = ran.out[ran.out.index("With problems") :]
    assert f"armed-hostage  2 problems: tabletop check {broken}" in after
    assert "hides " in after
    row = next(row for row in json.loads(cli("list", "--json").out)["exercises"] if row["id"] == "armed-hostage")
    assert (row["problems"], row["title"], row["origin"], len(row["hides"])) == (2, None, "project", 1)


def test_list_injects_names_what_use_takes(cli: Cli, project: Path) -> None:
    assert "  media/reporter-rings-lobby  " in cli("list", "--injects").out
    rows = {row["id"]: row for row in json.loads(cli("list", "--injects", "--json").out)["injects"]}
    assert {"deck": "media", "kind": "media", "overlay": False}.items() <= rows["media/reporter-rings-lobby"].items()


def test_show_keeps_from_players_what_is_not_theirs(cli: Cli, project: Path) -> None:
    cli("new", "bag")
    public, private = cli("show", "bag").out, cli("show", "bag", "--facilitator").out
    assert "An unattended bag in the hall" in public
    assert "Branch manager" in public
    for secret in (
        "Listen for who decides",
        "What does your plan say about distance?",
        "keep-distance",
        "touch-the-bag",
        "Look whether there",
    ):
        assert secret not in public
        assert secret in private
    assert private.startswith(public)


def test_show_facilitator_words_conditions_and_accepted_warnings(cli: Cli, project: Path) -> None:
    cli("new", "bag")
    path = project / "exercises" / "bag.yaml"
    accepted = "accept:\n  - {lint: role-idle, on: guard, because: The guard is watched throughout.}\n"
    path.write_text(path.read_text(encoding="utf-8") + accepted, encoding="utf-8")
    told = cli("show", "bag", "--facilitator").out
    assert "Wanted if keep-distance is not done within 3m." in told
    assert "role-idle on guard: The guard is watched throughout." in told


def test_show_json_has_roles_objectives_and_injects(cli: Cli, project: Path) -> None:
    told = json.loads(cli("show", "armed-hostage", "--json").out)["exercise"]
    assert {"branch-manager", "teller-1"} <= {role["id"] for role in told["roles"]}
    assert len(told["objectives"]) <= 6
    assert len(told["injects"]) == 26
    assert all({"asks", "actions"} <= inject.keys() for inject in told["injects"])
    assert sum(len(inject["actions"]) for inject in told["injects"]) == told["actions"]


def test_an_unknown_exercise_is_exit_3_with_the_nearest_name(cli: Cli, project: Path) -> None:
    ran = cli("show", "armed-hostges")
    assert (ran.code, ran.out) == (3, "")
    assert "Did you mean 'armed-hostage'?" in ran.err
    assert cli("show", "no/such/file.yaml").code == 3


def test_show_of_a_broken_file_is_exit_4_with_every_problem(cli: Cli, project: Path) -> None:
    path = project / "broken.yaml"
    path.write_text(
        skeleton("en").replace("NEW-ID", "x").replace("by: guard", "by: gard").replace("duration: 30m", "duration: 1:30"), "utf-8"
    )
    ran = cli("show", str(path))
    assert (ran.code, ran.out) == (4, "")
    assert ran.err.count("broken.yaml:") >= 2
    assert "'guard'" in ran.err


def test_check_prints_problems_on_stdout_and_a_summary_on_stderr(cli: Cli, project: Path) -> None:
    (project / "bad.yaml").write_text(skeleton("en").replace("NEW-ID", "x").replace("subject: explosive", "subjct: explosive"), "utf-8")
    ran = cli("check", "bad.yaml")
    assert ran.code == 4
    assert any(line.startswith("bad.yaml:") and ": subjct: " in line and "subject" in line for line in ran.out.splitlines())
    assert ran.err == "Files: 1. Problems: 2. Warnings: 0.\n"


def test_check_lets_warnings_pass_unless_strict(cli: Cli, project: Path) -> None:
    lines = skeleton("en").replace("NEW-ID", "x").replace("kind: recovery", "kind: message")
    (project / "warned.yaml").write_text(lines, "utf-8")
    plain, strict = cli("check", "warned.yaml"), cli("check", "--strict", "warned.yaml")
    assert (plain.code, strict.code) == (0, 4)
    assert "warning[" in plain.out
    assert plain.out == strict.out


def test_check_walks_folders_and_tells_missing_paths(cli: Cli, project: Path) -> None:
    cli("new", "one")
    (project / "exercises" / "deep").mkdir()
    (project / "exercises" / "one.yaml").rename(project / "exercises" / "deep" / "one.yml")
    (project / "exercises" / ".hidden.yaml").write_text("nonsense: [", "utf-8")
    assert cli("check", "--strict", "exercises", "exercises/deep").err == "Files: 1. Problems: 0. Warnings: 0.\n"
    ran = cli("check", "nowhere", "exercises")
    assert ran.code == 3
    assert "'nowhere'" in ran.err


def test_check_json_is_one_object(cli: Cli, project: Path) -> None:
    (project / "bad.yaml").write_text("format: 1\nid: Bad Id\n", "utf-8")
    ran = cli("check", "--json", "bad.yaml")
    rows = json.loads(ran.out)["problems"]
    assert ran.code == 4
    assert {frozenset(row) for row in rows} == {frozenset(("path", "line", "column", "key", "severity", "code", "message", "hint"))}


def test_check_of_the_shipped_shelf_is_clean(cli: Cli) -> None:
    root = Path(__file__).parents[2]
    ran = cli("check", "--strict", str(root / "exercises"), str(root / "injects"))
    assert (ran.code, ran.out) == (0, "")


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_new_writes_an_exercise_that_is_right(cli: Cli, project: Path, language: str) -> None:
    ran = cli("new", "ours", "--lang", language)
    path = project / "exercises" / "ours.yaml"
    assert (ran.code, Path(ran.out.strip())) == (0, Path("exercises/ours.yaml"))
    assert "NEW-ID" not in path.read_text(encoding="utf-8")
    assert cli("check", "--strict", "exercises").out == ""
    assert "ours" in cli("list").out


def test_new_never_overwrites(cli: Cli, project: Path) -> None:
    cli("new", "ours")
    path = project / "exercises" / "ours.yaml"
    path.write_text("mine", encoding="utf-8")
    ran = cli("new", "ours")
    assert (ran.code, ran.out, path.read_text(encoding="utf-8")) == (2, "", "mine")


@pytest.mark.parametrize("name", ["Ours", "a b", "../up", "-x", "con", "a" * 65, "é"])
def test_new_takes_ids_only(cli: Cli, project: Path, name: str) -> None:
    assert cli("new", "--", name).code == 2
    assert not (project / "exercises").exists()


def test_new_from_copies_an_exercise_with_what_lies_beside_it(cli: Cli, project: Path) -> None:
    cli("new", "first")
    source = project / "exercises" / "first.yaml"
    text = source.read_text(encoding="utf-8").replace("kind: call\n", "kind: call\n    attachments: [media/plan.txt]\n")
    (project / "elsewhere" / "media").mkdir(parents=True)
    (project / "elsewhere" / "media" / "plan.txt").write_text("a plan", encoding="utf-8")
    (project / "elsewhere" / "first.yaml").write_text(text, encoding="utf-8")
    ran = cli("new", "second", "--from", "elsewhere/first.yaml")
    assert ran.code == 0
    assert (project / "exercises" / "media" / "plan.txt").read_text(encoding="utf-8") == "a plan"
    copy = (project / "exercises" / "second.yaml").read_text(encoding="utf-8")
    assert copy == text.replace("id: first", "id: second", 1)
    assert cli("check", "--strict", "exercises/second.yaml").code == 0


def test_new_where_nothing_can_be_written_is_exit_8(cli: Cli, project: Path) -> None:
    (project / "exercises").write_text("a file where the folder should be", encoding="utf-8")
    ran = cli("new", "ours")
    assert (ran.code, ran.out) == (8, "")
    assert "exercises" in ran.err


def test_schema_is_json(cli: Cli) -> None:
    exercise, deck = json.loads(cli("schema").out), json.loads(cli("schema", "--deck").out)
    assert "injects" in exercise["properties"]
    assert "deck" in deck["properties"]


def test_doctor_names_every_folder_and_the_store(cli: Cli, home: str, project: Path) -> None:
    checks = {check["name"]: check for check in json.loads(cli("doctor", "--json").out)["checks"]}
    for name in ("config", "data", "state", "cache"):
        assert Path(checks[f"folder-{name}"]["value"]) == Path(home) / name
    assert checks["store"]["value"] == str(Path(home) / "data" / "tabletop.db")
    assert {check["state"] for check in checks.values()} <= {"ok", "warning"}
    other = json.loads(cli("doctor", "--json", "--db", str(project / "other.db")).out)["checks"]
    assert str(project / "other.db") in [check["value"] for check in other]


def test_doctor_changes_nothing(cli: Cli, home: str, project: Path) -> None:
    assert cli("doctor").code == 0
    assert not any(Path(home).iterdir())
    assert not any(project.iterdir())


def test_doctor_is_exit_8_where_a_folder_cannot_be_made(cli: Cli, monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    (project / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("TABLETOP_HOME", str(project / "file"))
    ran = cli("doctor")
    assert ran.code == 8
    assert "PROBLEM" in ran.out

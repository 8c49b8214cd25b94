"""Loading: an exercise or every problem; the text a run keeps; what else a file can be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tabletop.errors import NotFound
from tabletop.exercise.asks import Ask
from tabletop.exercise.conditions import ActionIs, Answered, Breached, Every, Not, NotDoneWithin, Released, Some
from tabletop.exercise.injects import Inject
from tabletop.exercise.loading import bind, canonical, check_file, load_deck, load_exercise, parse_inject
from tabletop.exercise.model import Exercise, Role
from tabletop.exercise.problems import InvalidExercise, Problem, Problems
from tabletop.exercise.source import Source, parse, read_source
from tests.exercise.samples import BAD, SMALL, bad_deck, changed, loaded, problems_of, refused, second, told, written

EVERYTHING = changed(
    ("languages: [en]", "languages: [zh-Hant, en]"),
    ("title: Small", "title: {en: Small, zh-Hant: 小}"),
    (
        "roles:",
        """\
type: {mode: live, breadth: comprehensive, purpose: research}
alert: orange
handling: INTERNAL
real_emergency: {number: "110", muster: Outside}
plan: {title: Plan, version: "3", clauses: {4.2: Alarm, "4.10": Doors}}
sites:
  - {id: outlet, title: Outlet}
  - {id: city, title: City branch, level: city}
roles:""",
    ),
    (
        "duty: Serves}",
        "duty: Serves, short: 柜1, number: 3, rank: 2, site: outlet, holders: 2, meanwhile: Waits}\n"
        "  - {id: police, title: Police, duty: Acts, simulated: true}",
    ),
    ("title: Alarm}", "title: Alarm, weight: 2.5, core: true, lines: [{id: order, title: Order}]}"),
    (
        "injects:",
        """\
phases: [{id: response, title: Response}]
indicators: [{id: minutes, title: Minutes, unit: min}]
prohibited: [{id: loud, title: Loud alarm, safety_critical: true}]
cadence: [{id: updates, by: teller, every: 10m, after: knife, title: Updates}]
accept: [{lint: no-recovery, on: small, because: short}]
injects:""",
    ),
    (
        "    expects:",
        """\
    phase: response
    core: true
    from: Hall
    to: [teller]
    deliver: card
    props: [Card 1]
    read: 20s
    notes: Watch
    probes: [And then?]
    hints: [The button]
    acknowledge: true
    attachments: [plan.txt]
    cut: {site: outlet}
    alert: red
    release: auto
    asks:
      - id: first
        to: [teller, police]
        question: What now
        answer: choice
        rationale: required
        within: 60s
        options:
          - {id: wait, text: Wait, misses: [press]}
          - {id: press, text: Press, does: [press], breaks: [loud], for: police}
      - {id: rep, question: Report, answer: report, elements: [{id: who, title: Who}]}
    expects:""",
    ),
    (
        "objective: alarm}",
        'objective: alarm, within: 1m, clause: "4.10", measure: alarm-time, done_by: {released: second}, live_standard: 30 s}',
    ),
    more=second(
        "when: {all: [{answer: first, is: [wait]}, {any: [{action: press, state: done}, {breach: loud}]}, {not: {released: knife}}]}",
        "restore: {site: outlet}",
        "acknowledge: {within: 30s}",
        at="after: {inject: knife, delay: 0:01:00}",
    )
    + second("cue: {any: [{action: press, not_done_within: 4m}, {elapsed: 10m}]}", "acknowledge: false", at="at: hold", name="third"),
)


def everything(folder: Path) -> Exercise:
    (folder / "plan.txt").write_text("plan")
    return loaded(folder, EVERYTHING).exercise


def test_everything_the_format_has_can_be_said(tmp_path: Path) -> None:
    exercise = everything(tmp_path)
    knife, second, third = exercise.injects
    assert (exercise.type.mode, exercise.alert, exercise.duration) == ("live", "orange", 1800)
    assert exercise.plan is not None
    assert list(exercise.plan.clauses) == ["4.2", "4.10"]
    assert exercise.roles[0].short_name("en") == "柜1"
    assert exercise.number_of_role == {"teller": 3, "police": 1}
    assert (knife.private, knife.held, knife.read, knife.sender, knife.release) == (True, False, 20, "Hall", "auto")
    assert knife.acknowledge is not None
    assert second.acknowledge is not None
    assert (knife.acknowledge.within, second.acknowledge.within, third.acknowledge) == (120, 30, None)
    assert (knife.asks[0].option("press").acting, knife.asks[0].within, knife.asks[1].elements[0].id) == ("police", 60, "who")
    assert second.after is not None
    assert (second.after.delay, third.held) == (60, True)
    assert isinstance(second.when, Every)
    assert second.when.all == (
        Answered(answer="first", is_=("wait",)),
        Some(any=(ActionIs(action="press", state="done"), Breached(breach="loud"))),
        Not(not_=Released(released="knife")),
    )
    assert isinstance(third.cue, Some)
    assert third.cue.any[0] == NotDoneWithin.model_validate({"action": "press", "not_done_within": "4m"})


def test_a_language_map_is_kept_in_the_order_of_the_languages(tmp_path: Path) -> None:
    title = everything(tmp_path).title
    assert isinstance(title, dict)
    assert list(title) == ["zh-Hant", "en"]


def test_the_stored_text_gives_the_same_exercise(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("plan")
    found = loaded(tmp_path, EVERYTHING)
    again = bind(found.text)
    assert again == found.exercise
    assert isinstance(again.title, dict)
    assert list(again.title) == ["zh-Hant", "en"]
    assert found.text == canonical(json.loads(found.text))
    assert "\\u" not in found.text
    assert ": " not in found.text.replace('": ', "")
    assert found.attachments == {"plan.txt": (tmp_path / "plan.txt").resolve()}


def test_one_exercise_has_one_text_however_it_is_written(tmp_path: Path) -> None:
    flow = json.dumps(parse(SMALL, Path("x")).data, indent=3)
    shuffled = "\n".join(["# a comment", *SMALL.splitlines()[3:9], *SMALL.splitlines()[:3], *SMALL.splitlines()[9:]]) + "\n"
    texts = {loaded(tmp_path, text).text for text in (SMALL, flow, shuffled, SMALL.replace("\n", "\r\n"), "\ufeff" + SMALL)}
    assert len(texts) == 1
    assert loaded(tmp_path, SMALL.replace("Knife", "Knives")).text not in texts


def test_the_shipped_files_load() -> None:
    root = Path(__file__).parents[2]
    decks = {path.stem: path for path in (root / "injects").glob("*.yaml")}
    for path in decks.values():
        assert check_file(path) == []
    for path in sorted((root / "exercises").glob("*.yaml")):
        found = load_exercise(path, decks.get)
        assert found.warnings == ()
        assert bind(found.text) == found.exercise


def test_a_file_is_what_its_keys_make_it(tmp_path: Path) -> None:
    script = written(tmp_path, "exercise: small\nsteps: []\n", "script.yaml")
    asked: list[Path] = []

    def check(source: Source) -> list[Problem]:
        asked.append(source.path)
        problems = Problems()
        assert source.data is not None
        problems.add("problems.empty-list", source.data.place("steps"))
        return list(problems.sorted())

    assert check_file(script) == []
    assert told(check_file(script, None, check)) == ["2:8 empty-list"]
    assert asked == [script]
    assert told(check_file(written(tmp_path, "steps: [\n", "broken.yaml"), None, check)) == ["2:1 yaml-value"]
    deck = BAD / "decks" / "tools.yaml"
    assert check_file(deck) == []
    assert load_deck(deck).deck == "tools"
    with pytest.raises(NotFound):
        check_file(tmp_path / "none.yaml")


def test_an_exercise_is_not_a_deck_nor_a_script(tmp_path: Path) -> None:
    with pytest.raises(InvalidExercise) as error:
        load_exercise(BAD / "decks" / "tools.yaml")
    assert told(error.value.problems) == ["2:1 is-a-deck"]
    with pytest.raises(InvalidExercise) as error:
        load_exercise(written(tmp_path, "exercise: small\nsteps: []\n"))
    assert told(error.value.problems) == ["2:1 is-a-script"]
    with pytest.raises(InvalidExercise) as error:
        load_deck(written(tmp_path, SMALL))
    assert told(error.value.problems) == ["1:1 is-no-deck"]


def test_problems_of_every_sort_come_in_one_go(tmp_path: Path) -> None:
    text = changed(
        ("version:", "version: '0'\nversion:"),
        ("subject:", "subjct:"),
        ("A hall.", '"\\e"'),
        ("by: teller", "by: tellr"),
        ("kind: situation", "kind: x"),
        ("at: 0s", "at: 1:30"),
        more="  - {use: nothing/here}\n",
    )
    assert told(refused(tmp_path, text).problems) == [
        "1:1 missing-key", "5:1 duplicate-key", "7:1 unknown-key", "10:10 control-character",
        "17:9 duration-two-fields", "18:11 not-one-of", "22:39 no-role", "23:11 no-deck",
    ]  # fmt: skip


def test_more_than_five_thousand_injects_are_refused(tmp_path: Path) -> None:
    many = "".join(f"  - {{id: i{number}, at: 1m, kind: call, title: T, text: T}}\n" for number in range(5000))
    assert told(refused(tmp_path, SMALL + many).problems) == ["5021:5 too-many-injects"]


def test_one_map_in_two_places_has_one_id_too_many(tmp_path: Path) -> None:
    text = changed(("  - {id: alarm, title: Alarm}", "  - &it {id: alarm, title: Alarm}\n  - *it"))
    assert told(refused(tmp_path, text).problems) == ["13:14 duplicate-id"]


@pytest.mark.parametrize(("old", "new"), [('version: "1"', 'version: ""'), ("roles:", "real_emergency: {number: ''}\nroles:")])
def test_what_is_needed_is_not_empty(old: str, new: str, tmp_path: Path) -> None:
    assert [one.code for one in refused(tmp_path, changed((old, new))).problems] == ["problems.empty-text"]


def test_names_of_python_are_no_keys(tmp_path: Path) -> None:
    text = changed(("    title: Knife", "    sender: Hall\n    title: Knife"))
    assert told(refused(tmp_path, text).problems) == ["18:5 unknown-key"]
    assert Inject(id="x", kind="call", title="T", text="T", sender="Hall").sender == "Hall"


def test_extra_languages_are_welcome_and_promised_ones_are_needed(tmp_path: Path) -> None:
    assert loaded(tmp_path, changed(("title: Knife", "title: {en: Knife, zh-Hans: 刀}"))).exercise.injects[0].title == {
        "en": "Knife",
        "zh-Hans": "刀",
    }


class TestAttachments:
    def given(self, folder: Path, *names: str) -> list[Problem]:
        listed = json.dumps(list(names), ensure_ascii=False)
        return problems_of(folder, changed(("    title: Knife", f"    attachments: {listed}\n    title: Knife")))

    def test_files_in_and_below_the_folder_are_found(self, tmp_path: Path) -> None:
        (tmp_path / "media").mkdir()
        (tmp_path / "media" / "平面图.PNG").write_bytes(b"x")
        (tmp_path / "a b.txt").write_bytes(b"x")
        assert self.given(tmp_path, "media/平面图.PNG", "a b.txt") == []

    @pytest.mark.parametrize("name", ["../x.txt", "/x.txt", "a/../../x.txt", "a/../x.txt", "//host/x.txt", "..", "a/.."])
    def test_names_that_lead_out_are_refused(self, name: str, tmp_path: Path) -> None:
        (tmp_path / "x.txt").write_text("x")
        assert [one.code for one in self.given(tmp_path, name)] == ["problems.attachment-outside"]

    @pytest.mark.parametrize(
        "name",
        ["C:\\x.txt", "C:x.txt", "\\\\?\\C:\\x.txt", "a\\b.txt", "con", "CON.txt", "media/aux.txt", "lpt1", "com¹.txt", "nul.tar.txt",
         "a:b.txt", "x.txt.", "x.txt ", " x.txt", "a//b.txt", "./x.txt", "x?.txt", "x*.txt", "x|y.txt", "", "media/"],
    )  # fmt: skip
    def test_names_that_mean_something_else_elsewhere_are_refused(self, name: str, tmp_path: Path) -> None:
        assert [one.code for one in self.given(tmp_path, name)] == ["problems.attachment-name"]

    @pytest.mark.parametrize("name", ["run.exe", "x.yaml", "page.html", "x", "x.txt.lnk", "x.svg"])
    def test_only_files_that_nothing_runs_are_handed_out(self, name: str, tmp_path: Path) -> None:
        (tmp_path / name).write_text("x")
        assert [one.code for one in self.given(tmp_path, name)] == ["problems.attachment-type"]

    def test_links_do_not_lead_out(self, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        inside = tmp_path / "inside"
        outside.mkdir()
        inside.mkdir()
        (outside / "x.txt").write_text("x")
        (inside / "real.txt").write_text("x")
        try:
            (inside / "x.txt").symlink_to(outside / "x.txt")
            (inside / "folder").symlink_to(outside, target_is_directory=True)
            (inside / "fine.txt").symlink_to(inside / "real.txt")
            (inside / "round.txt").symlink_to(inside / "round.txt")
        except OSError:
            pytest.skip("this user may not make links on this system")
        found = self.given(inside, "x.txt", "folder/x.txt", "fine.txt", "round.txt")
        assert [one.code.rpartition("-")[2] for one in found] == ["outside", "outside", "missing"]

    def test_folders_and_large_files_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "folder.txt").mkdir()
        with (tmp_path / "large.txt").open("wb") as file:
            file.truncate(20 * 1024 * 1024 + 1)
        assert [one.code.rpartition("-")[2] for one in self.given(tmp_path, "folder.txt", "large.txt")] == ["missing", "size"]

    def test_two_spellings_clash(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("x")
        (tmp_path / "A.txt").write_text("x")
        assert [one.code for one in self.given(tmp_path, "a.txt", "A.txt")] == ["problems.attachment-clash"]


class TestParseInject:
    DATA: Mapping[str, object] = {
        "id": "extra", "at": "hold", "kind": "call", "title": "A {brace}", "text": "", "to": ["teller"],
        "asks": [{"id": "q", "question": "What", "answer": "choice", "options": [{"id": "a", "text": "A"}]}],
        "expects": [
            {"id": "e", "title": "E", "by": "teller", "within": "1m", "criticality": "major", "category": "notify", "objective": "alarm"}
        ],
        "when": {"answer": "q", "is": ["a"]},
    }  # fmt: skip

    def test_typed_text_is_taken_as_it_is(self) -> None:
        inject = parse_inject(self.DATA)
        assert (inject.title, inject.at, inject.expects[0].within) == ("A {brace}", "hold", 60)
        assert isinstance(inject.asks[0], Ask)

    def test_with_an_exercise_names_must_be_in_it(self, tmp_path: Path) -> None:
        exercise = loaded(tmp_path, SMALL).exercise
        assert parse_inject(self.DATA, exercise).to == ("teller",)
        with pytest.raises(InvalidExercise) as error:
            parse_inject({**self.DATA, "id": "knife", "to": ["boss"], "when": {"action": "gone", "state": "done"}, "phase": "x"}, exercise)
        assert sorted((one.key, one.code) for one in error.value.problems) == [
            ("", "problems.duplicate-id"), ("phase", "problems.no-phase"),
            ("to.0", "problems.no-role"), ("when.action", "problems.no-action"),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"kind": "x"}, "not-one-of"), ({"at": 5}, "duration"), ({"at": "5"}, "duration"), ({"zzz": 1}, "unknown-key"),
            ({"title": 3}, "text-unquoted"), ({"asks": "x"}, "list"), ({"text": None}, "text"),
            ({"asks": [{"id": "q", "question": "What", "answer": "choice"}]}, "options-needed"),
            ({"when": {"answer": "q", "is": ["b"]}}, "no-option"),
        ],
    )  # fmt: skip
    def test_the_same_is_refused_as_in_a_file(self, change: dict[str, Any], code: str) -> None:
        with pytest.raises(InvalidExercise) as error:
            parse_inject({**self.DATA, **change})
        assert f"problems.{code}" in [one.code for one in error.value.problems]


def test_values_made_by_code_need_no_file() -> None:
    assert Role(id="x", title={"en": "X"}, duty="", simulated=True).simulated
    assert Released.model_validate({"released": "x"}) == Released(released="x")
    assert Inject(id="x", kind="call", title="T", text="T", when=Not(not_=Released(released="y"))).when == Not(not_=Released(released="y"))


LINES = st.lists(st.sampled_from(EVERYTHING.splitlines()), max_size=12)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cut=st.tuples(st.integers(0, 90), st.integers(0, 90)),
    extra=LINES,
    swap=st.sampled_from([("id", "to"), (":", " :"), ("[", "{"), ("a", "é"), (" ", "  "), ("true", "[]")]),
)
def test_any_mangled_exercise_is_an_exercise_or_problems(
    cut: tuple[int, int], extra: list[str], swap: tuple[str, str], tmp_path: Path
) -> None:
    lines = EVERYTHING.splitlines()
    mangled = "\n".join([*lines[: min(cut)], *extra, *lines[max(cut) :]]).replace(*swap)
    path = written(tmp_path, mangled)
    problems = [one for one in check_file(path, bad_deck) if one.severity == "error"]
    assert problems or read_source(path).data is not None
    if not problems:
        found = load_exercise(path, bad_deck)
        assert bind(found.text) == found.exercise


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "x", "5m", "hold", "{x}", "{", "teller", "a/b", "en"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "to",
                    "en",
                    "use",
                    "with",
                    "at",
                    "after",
                    "when",
                    "all",
                    "not",
                    "released",
                    "asks",
                    "options",
                    "expects",
                    "default",
                    "kind",
                    "x",
                    "<x>",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    key=st.sampled_from(
        ["injects", "roles", "parameters", "languages", "overlays", "plan", "title", "format", "accept", "slots", "cadence", "sites"]
    ),
    value=JSON,
    deck=st.booleans(),
)
def test_any_data_is_an_exercise_or_problems(key: str, value: Any, deck: bool, tmp_path: Path) -> None:
    data = dict(parse(SMALL if not deck else (BAD / "decks" / "dark.yaml").read_text("utf-8"), Path("x")).data or {})
    data[key] = [*data["injects"], value] if key == "injects" and isinstance(data["injects"], list) else value
    found = check_file(written(tmp_path, json.dumps(data)), bad_deck)
    assert all(isinstance(one, Problem) for one in found)

"""Documents of a fixed run, word for word, and what holds of every document."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tabletop.debrief.build import debrief
from tabletop.debrief.model import RunInfo
from tabletop.engine import commands as c
from tabletop.engine.rights import DRIVER, Actor
from tabletop.report import FORMATS
from tabletop.report.to_markdown import SECTIONS
from tests.builders import ExerciseDraft, Play, evaluator, played_vector
from tests.reports.runs import RUN, a_debrief, exercise, played

GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("en", "zh-Hans")
FILES = [(name, language) for name in sorted(FORMATS) for language in LANGUAGES]


@pytest.mark.parametrize(("name", "language"), FILES)
def test_the_document_is_as_kept(name: str, language: str, request: pytest.FixtureRequest) -> None:
    made = FORMATS[name].render(a_debrief(), language)
    path = GOLDEN / f"counter.{language}{FORMATS[name].suffix}"
    if request.config.getoption("--update-golden"):
        path.write_bytes(made)
    assert made.decode() == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "language"), FILES)
def test_a_second_printing_is_the_same_to_the_byte(name: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = FORMATS[name].render(a_debrief(), language)
    monkeypatch.setenv("TZ", "America/New_York")
    assert FORMATS[name].render(a_debrief(), language) == first


def markdown(play: Play, language: str = "en", **info: Any) -> str:
    made = debrief(play.exercise, play.entries, RunInfo(RUN.id, **info))
    return FORMATS["md"].render(made, language).decode()


def first_page(play: Play, language: str = "en", **info: Any) -> str:
    text = markdown(play, language, **info)
    return text[: re.search(r"^## (1 |一、)", text, re.M).start()]  # type: ignore[union-attr]  # every document has it


def small(pace: str = "timed") -> Play:
    draft = ExerciseDraft().role("teller").role("guard").objective("alarm", core=True).inject("knife", core=True)
    for name in ("press", "lock", "count"):
        draft.expects(name, by="teller", objective="alarm", criticality="critical", within="60s")
    return Play(draft.build(), pace=pace).start().release("knife").at("30s")  # type: ignore[arg-type]


def test_every_report_has_its_three_blocks_and_three_lenses() -> None:
    """R000-14, R000-13, R001-22."""
    text = markdown(small().end("30m"))
    blocks = [text.index(heading) for heading in ("## 1 What happened", "## 2 Evaluation result", "## 3 Suggestions")]
    assert blocks == sorted(blocks)
    lenses = ("### Feasibility of the plan", "### Problems in running it", "### Room for improvement")
    analyses = ("### Timeliness of response", "### Effectiveness of measures", "### Deviations from the plan")
    assert all(heading in text for heading in (*lenses, *analyses))
    assert len(SECTIONS) == 8


def test_conditions_counts_and_findings_come_before_the_number() -> None:
    page = first_page(small().mark("press").mark("lock").mark("count").end("30m").lock())
    parts = ("## Under what conditions", "## How it went", "## What must change", "## What went well", "## Score", "## Wanted from you")
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_the_word_exercise_and_the_handling_mark_open_and_close_it() -> None:
    for language, mark in (("en", "**EXERCISE EXERCISE EXERCISE · INTERNAL**"), ("zh-Hans", "**演练 演练 演练 · 内部资料**")):
        lines = markdown(small().end("30m"), language).rstrip("\n").split("\n")
        assert (lines[0], lines[-1]) == (mark, mark)


def test_a_self_assessed_number_says_so_beside_it() -> None:
    play = small().mark("press").mark("lock").mark("count").end("30m").rate("me", "alarm", "P", actor=DRIVER).lock()
    assert "Score 100.00 of 100 \\(self-assessed\\)." in first_page(play)
    assert "得分 100.00（满分 100，自评）。" in first_page(play, "zh-Hans")
    assert "Evaluator: none but the facilitator: self-assessed." in first_page(play)


def test_one_persons_judgement_is_named_with_its_share() -> None:
    play = small("discussion").mark("press").mark("lock").mark("count").end("30m").rate("E1", "alarm", "P").lock()
    assert "42 % of this number is one person's judgement." in first_page(play)
    shared = small().mark("press").end("30m").rate("E1", "alarm", "P").rate("E2", "alarm", "S").lock()
    assert "one person's judgement" not in first_page(shared)


def test_no_score_is_printed_before_ratings_are_locked() -> None:
    play = small().mark("press").mark("lock").mark("count").end("30m").rate("E1", "alarm", "P")
    page = first_page(play)
    assert "No score is shown before the ratings are locked." in page
    assert "100.00" not in page
    data = json.loads(FORMATS["json"].render(debrief(play.exercise, play.entries, RUN), "en"))
    assert data["score"]["value"] is data["score"]["grade"] is data["score"]["range"] is None
    assert set(data["score"]["dimensions"].values()) == {None}


def test_too_little_evidence_gives_no_score_and_little_a_provisional_one() -> None:
    assert "No score: less than 40 % of what was due has a record." in first_page(small().mark("press").end("30m").lock())
    provisional = first_page(small().mark("press").mark("lock").end("30m").lock())
    assert "Grade: \\(excellent\\), provisional" in provisional
    assert "Range 66.67 to 100.00" in provisional


def test_the_discussion_pace_says_that_it_has_no_timeliness() -> None:
    text = markdown(small("discussion").mark("press").end("30m").lock())
    assert "This pace has no deadlines; timeliness has no value." in text
    assert "without deadlines and without timeliness in the score" in text


def test_a_rehearsal_assesses_nobody() -> None:
    page = first_page(small().end("30m"), kind="rehearsal")
    assert "no assessment of anybody" in page
    assert "- People:" not in page
    assert "- People: 2." in first_page(small().end("30m"))


def test_no_person_is_named() -> None:
    """R001-41: results are those of roles."""
    text = markdown(played())
    assert "Branch manager" in text
    assert not [name for name in ("Li Wei", "Chen Yan", "Zhao Min") if name in text]


def test_a_missing_language_is_said_once() -> None:
    text = markdown(Play(ExerciseDraft(languages=["en"]).role("a").objective("b").inject("c").build()).start().end("1m"), "zh-Hans")
    assert text.count("本演练没有该语言的文本") == 1
    assert "本演练没有该语言的文本" not in markdown(played(), "zh-Hans")


def test_times_of_day_are_those_of_the_place_where_it_was_played() -> None:
    play = small().end("30m")
    assert "Times of day are UTC\\+08:00" in markdown(play)
    assert "| Begun " in first_page(play)
    assert "2026-11-19 09:00" in first_page(play)
    elsewhere = FORMATS["md"].render(debrief(play.exercise, play.entries, RunInfo("small-20261118-1530-00aa")), "en").decode()
    assert "2026-11-18 15:30" in elsewhere
    assert "UTC-09:30" in elsewhere
    unknown = FORMATS["md"].render(debrief(play.exercise, play.entries, RunInfo("a-run")), "en").decode()
    assert "2026-11-19 01:00" in unknown
    assert "UTC\\+00:00" in unknown


def test_the_json_has_the_keys_of_the_contract() -> None:
    data = json.loads(FORMATS["json"].render(a_debrief(), "en"))
    assert list(data) == [
        *("schema_version", "run", "score", "objectives", "agreement", "actions", "late", "breaches", "injects"),
        *("decisions", "findings", "improvement_plan", "indicators"),
    ]
    assert list(data["run"]) == ["id", "exercise", "version", "kind", "status", "started", "ended", "exercise_seconds", "seal"]
    assert list(data["score"]) == [
        *("value", "grade", "raw_grade", "caps", "status", "evidence", "rating_coverage", "range", "dimensions"),
        *("coordination", "weights", "formula"),
    ]
    assert [each["part"] for each in data["score"]["coordination"]] == ["closed-loop", "completeness", "cadence", "behaviour"]
    assert list(data["score"]["coordination"][0]) == ["part", "value", "weight", "because", "evidence"]
    assert data["score"]["weights"] == {"coverage": 0.35, "timeliness": 0.2, "rating": 0.25, "coordination": 0.2}
    assert list(data["objectives"][0]) == ["id", "coverage", "timeliness", "ratings", "rating", "suggested", "because"]
    assert list(data["actions"][0]) == ["id", "state", "latency_s", "deadline_s", "late_s", "how", "because"]
    assert list(data["late"][0]) == ["kind", "roles", "what", "due_s", "came_s", "late_s", "times", "seq"]
    assert list(data["findings"][0]) == ["id", "severity", "statement", "objective", "clause", "evidence", "draft"]
    assert list(data["breaches"][0]) == ["prohibited", "role", "at_s", "corrected", "seq"]
    assert data["agreement"] == {"alpha": None, "units": None, "note": None}
    assert (data["score"]["caps"], data["improvement_plan"]) == ([], [])


def test_the_json_of_the_worked_vector_has_its_numbers() -> None:
    play = played_vector()
    data = json.loads(FORMATS["json"].render(debrief(play.exercise, play.entries, RunInfo("worked-vector-20261119-0900-0001")), "en"))
    assert data["score"]["dimensions"] == {"coverage": 53.75, "timeliness": 58.4, "rating": 50.0, "coordination": 70.0}
    objectives = [(each["coverage"], each["timeliness"], each["rating"]) for each in data["objectives"]]
    assert objectives == [(87.5, 81.25, "S"), (20.0, 35.56, "U")]
    assert data["objectives"][0]["ratings"] == {"E1": "P", "E2": "S", "E3": "S"}
    assert (data["score"]["value"], data["score"]["grade"]) == (56.99, "poor")
    parts = [(each["value"], each["weight"], each["because"]) for each in data["score"]["coordination"]]
    assert parts == [
        (80.0, 0.2, "4 of 5 messages that needed a receipt got it in time"),
        (60.0, 0.2, "3 of 5 elements were stated"),
        (None, 0.1, "none fell due"),
        (70.0, 0.5, "3.5 of 5, the mean of 2 lines"),
    ]


def test_the_parts_of_coordination_are_told_once_ratings_are_locked() -> None:
    play = played_vector()
    text = markdown(play)
    section = text.partition("### Coordination and communication")[2].partition("###")[0]
    rows = [" ".join(line.split()) for line in section.split("\n") if line.startswith("|")]
    assert rows[2:] == [
        "| Messages confirmed | 80.00 | 20 % | 4 of 5 messages that needed a receipt got it in time | 11 |",
        "| Reports complete | 60.00 | 20 % | 3 of 5 elements were stated | 16 |",
        "| Situation reports | – | 10 % | none fell due | |",
        "| Behaviour | 70.00 | 50 % | 3.5 of 5, the mean of 2 lines | 22 23 |",
    ]
    again = debrief(play.exercise, play.entries[:-1], RunInfo("worked-vector-20261119-0900-0001"))
    assert "### Coordination" not in FORMATS["md"].render(again, "en").decode()
    assert json.loads(FORMATS["json"].render(again, "en"))["score"]["coordination"] == []


def test_an_evaluators_mark_stands_over_the_facilitators_and_both_are_shown() -> None:
    play = small().mark("press", "done").mark("press", "missed", actor=evaluator("E1")).end("30m").lock()
    made = debrief(play.exercise, play.entries, RUN)
    assert [(each.action, each.words) for each in made.differences] == [("press", (("evaluator:E1", "missed"), ("driver", "done")))]
    english, chinese = (" ".join(markdown(play, language).split()) for language in LANGUAGES)
    assert "| Press | E1: not done | facilitator: done |" in english
    assert "not done; facilitator said: done" in english
    assert "| Press | E1：未完成 | 主持人：已完成 |" in chinese
    (action, *_) = json.loads(FORMATS["json"].render(made, "en"))["actions"]
    assert (action["state"], action["because"]) == ("missed", "not done; facilitator said: done")


def test_what_cannot_be_worked_out_is_null_and_never_nought() -> None:
    play = small().end("30m").lock()
    data = json.loads(FORMATS["json"].render(debrief(play.exercise, play.entries, RUN), "en"))
    assert data["score"]["value"] is None
    assert data["score"]["status"] == "none"
    assert data["objectives"][0]["coverage"] is None
    assert data["actions"][0]["latency_s"] is data["actions"][0]["late_s"] is None
    assert data["actions"][0]["state"] == "no_record"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_can_be_reported_at_any_moment(language: str) -> None:
    whole = played()
    again = Play.__new__(Play)
    again.exercise, again.entries, again.state = exercise(), [], type(whole.state)()
    for entry in whole.entries:
        again.take(entry)
        made = debrief(again.exercise, again.entries, RUN, again.state)
        for form in FORMATS.values():
            assert form.render(made, language)


def test_it_says_which_day_it_is_due() -> None:
    began = datetime(2026, 11, 19, 1, tzinfo=UTC)
    assert began.timestamp() * 1000 == small().entries[0].wall_ms
    assert "2026-11-21 09:30" in first_page(small().end("30m"))


def test_evaluators_are_not_named_in_the_document() -> None:
    play = small().mark("press").end("30m").do(c.Rate("Inspector Gao", "alarm", "S", "late"), evaluator("Inspector Gao")).lock()
    assert "Inspector Gao" not in markdown(play)


def test_in_the_discussion_pace_nothing_is_said_to_be_in_time() -> None:
    def said(pace: str, language: str) -> str:
        played = small(pace).mark("press").mark("lock").end("30m").rate("E1", "alarm", "P").lock()
        return markdown(played, language).partition("## 附录A" if language == "zh-Hans" else "## Appendix A")[0]

    for word, language in (("按时", "zh-Hans"), ("in time", "en"), ("超时 0", "zh-Hans"), ("late: 0", "en")):
        assert word not in said("discussion", language)
        assert word in said("timed", language)
    assert "自主完成：Press" in said("discussion", "zh-Hans")


def test_the_table_of_roles_says_who_played_until_when() -> None:
    play = Play(exercise()).do(c.SeatPerson("guard", "Wu")).do(c.SeatPerson("manager", "Li")).do(c.StaffRole("press-officer", "nobody"))
    play.start().at("5m").do(c.PersonLeaves("guard")).do(c.StaffRole("guard", "nobody")).at("6m").do(c.SeatPerson("manager", "Bo", "B"))
    play.do(c.StaffRole("press-officer", "with", "manager")).do(c.StaffRole("teller", "control")).end("10m")
    lines = [" ".join(line.split()) for line in markdown(play, "zh-Hans").split("\n")]
    assert "| 保安员 | 参演人员（至 0:05:00） | 1（1 人至 0:05:00） |" in lines
    assert "| 网点负责人 | 参演人员 | 2（1 人自 0:06:00） |" in lines
    assert "| 宣传 | 网点负责人兼任（自 0:06:00） | |" in lines
    assert "| 柜员 | 参演人员（至 0:06:00）；控制人员（自 0:06:00） | |" in lines
    assert "- 参演人数：4。" in lines
    rows = [line.split(" | ")[-1].removesuffix(" |") for line in lines if line.startswith("| | 0:0")]
    assert [row for row in rows if "扮演" in row or "兼任" in row] == ["保安员无人扮演", "宣传由网点负责人兼任", "柜员由控制人员扮演"]


def test_behaviour_is_printed_by_line_with_the_lower_median() -> None:
    play = small().end("30m").do(c.ScoreBehaviour("E1", "calm", 4), evaluator("E1"))
    assert "### Behaviour" not in markdown(small().end("30m"))
    assert "| Response was calm " in markdown(play)
    assert "the lower median of those whose word counts" in markdown(play)
    assert "| 应对沉着 |" in markdown(play, "zh-Hans")
    assert "取计入者的偏低中位数" in markdown(play, "zh-Hans")


def test_what_was_taken_back_is_told_in_its_own_words() -> None:
    play = small().decision("teller", "Run").take_back(reason="never said").do(c.SeatPerson("teller", "Li")).take_back().end("30m")
    assert "撤回（never said）：Teller决定：Run" in markdown(play, "zh-Hans")
    assert "| Taken back \\(never said\\): Teller decided: Run" in markdown(play)
    assert "Entry 6 taken back" in markdown(play), "what has no row of its own is named by its number"


def test_what_was_kept_back_to_the_end_says_by_whom_and_why() -> None:
    draft = ExerciseDraft(sites=[{"id": "hall", "title": {"en": "Hall", "zh-Hans": "大厅"}}]).role("guard", site="hall").objective("alarm")
    play = Play(draft.inject("knife").inject("rope", at="5m", to=["guard"], title="Rope").build()).start().release("knife")
    play.do(c.KeepInjectBack("rope", "the police wait"), Actor("site", "hall")).end("30m")
    text = markdown(play)
    assert re.search(r"Rope +\|[^|]*\|[^|]*\|[^|]*\| kept back by the site controller of Hall +\| the police wait", text)
    assert "Kept back by the site controller of Hall: EXERCISE · Rope" in text
    assert "Kept back by the site controller of Hall to the end: EXERCISE · Rope" in text
    chinese = markdown(play, "zh-Hans")
    assert "大厅的现场控制员暂缓下达：【演练】Rope" in chinese
    assert "直至结束未下达" in chinese


def test_an_emergency_after_endex_is_in_the_timeline_only() -> None:
    text = markdown(small().end("30m").do(c.PressEmergency("driver")).wait(9).do(c.StandDown("a slip")), "zh-Hans")
    assert text.count("按下“真实警情”") == 1
    assert "演练期间曾按下" not in text


def late_in_every_way() -> Play:
    """A report that was asked for within five minutes comes late, the next one is announced and late, a receipt and an answer stay out."""
    cadence = [{"id": "updates", "by": "guard", "every": "8m", "title": {"en": "Situation report", "zh-Hans": "情况报告"}}]
    draft = ExerciseDraft(cadence=cadence).role("teller").role("guard").role("manager").objective("alarm", core=True)
    draft.inject("order", to=["guard"], acknowledge={"within": "2m"}).asks("first", to=["teller", "manager"], answer="text", within="3m")
    draft.inject("news", at="2m").asks("tell", to=["guard"], answer="report", elements=[{"id": "what", "title": "What"}], within="5m")
    play = Play(draft.build()).start().release("order").at("2m").release("news").at("10m43s")
    play.do(c.GiveAnswer("tell", "guard", {"what": "smoke"}, next_report_ms=60_000), Actor("seat", roles=("guard",)))
    return play.at("19m").do(c.SendMessage("guard", "teller", "all well"), Actor("seat", roles=("guard",))).end("21m").lock()


def section(text: str, heading: str) -> list[str]:
    return [" ".join(line.split()) for line in text.partition(f"### {heading}\n")[2].partition("\n#")[0].split("\n") if line]


def test_the_section_of_timeliness_names_what_was_late_besides_expected_actions() -> None:
    text = markdown(late_in_every_way())
    assert section(text, "Timeliness of response")[2:] == [
        "| Receipt: EXERCISE · Order | Guard | 0:02:00 | no record | | |",
        "| Answer: first? | Teller; Manager | 0:03:00 | no record | | |",
        "| Report: tell? | Guard | 0:07:00 | 0:10:43 | 3:43 | 5 |",
        "| Situation report | Guard | 0:08:00 | 0:10:43 | 2:43 | 5 |",
        "| Situation report, at the time the role itself gave | Guard | 0:11:43 | 0:19:00 | 7:17 | 6 |",
        "Late, or due without a record. In the score, timeliness counts expected actions alone; those that were not done or have no "
        "record are in section 5.",
    ]
    assert "Answers, receipts and situation reports: 3 late, 3 due without a record;" in text
    assert "1 of 3 situation reports that were due came in time" in text
    chinese = markdown(late_in_every_way(), "zh-Hans")
    assert section(chinese, "响应时效")[6] == "| 情况报告（时间由角色自己说定） | Guard | 0:11:43 | 0:19:00 | 7:17 | 6 |"
    assert "回答、确认和情况报告：超时 3 项，到期未见记录 3 项" in chinese
    assert "应作情况报告 3 次，按时 1 次" in chinese


def test_the_row_of_a_late_answer_says_by_how_much() -> None:
    rows = [" ".join(line.split()) for line in markdown(late_in_every_way()).partition("## 6 ")[2].split("\n")]
    assert "| Clock | Role | Decision or answer | Why | Took | Late | Entry |" in rows
    assert "| 0:10:43 | Guard | tell? – What: smoke; next report at 0:11:43 | | 8:43 | 3:43 | 5 |" in rows


def test_that_nothing_was_late_is_said_of_what_has_a_record() -> None:
    play = small().mark("press").end("30m")
    assert section(markdown(play), "Timeliness of response") == ["Nothing that has a record came late."]
    assert section(markdown(play, "zh-Hans"), "响应时效") == ["有记录的事项均未超时。"]
    assert "due without a record" not in first_page(play)


def test_of_real_emergencies_it_says_how_many_were_confirmed() -> None:
    play = small().do(c.PressEmergency("driver")).wait(1).do(c.PressEmergency("driver")).wait(9).do(c.StandDown("a test")).do(c.Resume())
    play.at("5m").do(c.PressEmergency("driver")).wait(30).do(c.StandDown("a slip")).do(c.Resume()).end("30m")
    assert "REAL EMERGENCY: 2, confirmed by a second press: 1." in markdown(play)
    assert "“真实警情” 2 次，其中经再次按下确认 1 次。" in markdown(play, "zh-Hans")

"""The debrief: findings before a self-assessed number, planned beside actual, every number open to its entries, files never lost."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from tabletop.debrief.build import debrief
from tabletop.debrief.model import RunInfo
from tabletop.engine import commands as c
from tabletop.tui.pages.debrief import evidence_of, summary_lines
from tabletop.tui.pages.debrief_tables import actions_lines, decisions_lines, objectives_lines, timeline_lines
from tabletop.tui.screens.debrief import PAGES

from .conftest import FakeTime, MemorySource, Stage, StageMaker
from .judged import judged_bank, play

TALL = (80, 60)


@pytest.fixture
def rated(time: FakeTime) -> MemorySource:
    """A run that somebody who did not facilitate has rated and locked."""
    source = MemorySource(judged_bank(), time)
    play(time, rated=True, locked=True)(source.conductor)
    return source


def alone(time: FakeTime) -> MemorySource:
    """A run whose facilitator was the only evaluator."""
    source = MemorySource(judged_bank(), time)
    play(time)(source.conductor)
    source.conductor.dispatch(c.Rate("Wu Min", "calm", "S", "slow"))
    source.conductor.dispatch(c.LockRatings())
    return source


def flat(on: Stage) -> str:
    """What stands on the screen, on one line."""
    return " ".join(on.text.split())


async def test_the_first_page_answers_in_order(stage: StageMaker, rated: MemorySource) -> None:
    async with stage(rated.exercise, first="debrief", source=rated, size=TALL) as on:
        heads = ["What happened", "Conditions", "How it went", "Score", "What must change", "What went well", "Wanted from you"]
        places = [on.text.index(head) for head in heads]
        assert places == sorted(places)
        assert "Evaluator: independent." in on.text
        assert "self-assessed" not in on.text


async def test_with_a_self_assessed_run_the_findings_come_before_the_number(stage: StageMaker, time: FakeTime) -> None:
    source = alone(time)
    async with stage(source.exercise, first="debrief", source=source, size=TALL) as on:
        assert on.text.index("What must change") < on.text.index("of 100 (self-assessed)")
        assert "one person's judgement" in on.text
        assert "Range " in on.text


async def test_too_little_evidence_gives_no_number(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(judged_bank(), time)
    source.conductor.dispatch(c.ReleaseInject("knife"))
    time.wait(600)
    source.conductor.dispatch(c.End())
    source.conductor.dispatch(c.LockRatings())
    async with stage(source.exercise, first="debrief", source=source, size=TALL) as on:
        assert "No score: less than 40 %" in on.text
        assert "of 100" not in on.text


async def test_before_the_lock_there_is_no_number(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(judged_bank(), time)
    play(time, rated=True)(source.conductor)
    async with stage(source.exercise, first="debrief", source=source, size=TALL) as on:
        on.app.go("debrief")
        await on.settle()
        assert "No score is shown before the ratings are locked." in on.text
        assert "of 100" not in on.text


async def test_pages_are_turned_and_keep_their_place(stage: StageMaker, rated: MemorySource) -> None:
    async with stage(rated.exercise, first="debrief", source=rated, size=(80, 24)) as on:
        await on.press("2", "down", "j", "j", "k")
        stood = on.app.screen.row
        await on.press("tab")
        assert "▸3 Objectives" in on.text
        await on.press("shift+tab")
        assert on.app.screen.row == stood
        await on.press("1", "left")
        assert "▸5 Decisions" in on.text


async def test_the_timeline_has_the_plan_beside_what_happened(stage: StageMaker, rated: MemorySource) -> None:
    async with stage(rated.exercise, first="debrief", source=rated, size=(140, 40)) as on:
        await on.press("2")
        released = next(line for line in on.text.split("\n") if "Released: EXERCISE · Duress alarm" in line)
        assert released.split()[:2] == ["0:03:00", "0:03:00"]
        never = next(line for line in on.text.split("\n") if "Not played: EXERCISE · Live from" in line)
        assert never.split()[:2] == ["0:10:00", "x"]


async def test_what_was_kept_back_stands_beside_its_plan_and_is_late_by_nothing(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(judged_bank(), time)
    for at_s, command in ((1, c.ReleaseInject("knife")), (60, c.KeepInjectBack("signal", "not now")), (600, c.ReleaseInject("signal"))):
        time.wait(at_s - source.conductor.elapsed_ms() / 1000)
        source.conductor.dispatch(command)
    for closing in (c.KeepInjectBack("media"), c.End(), c.LockRatings()):
        source.conductor.dispatch(closing)
    async with stage(source.exercise, first="debrief", source=source, size=(140, 40)) as on:
        await on.press("2")
        lines = [line.split() for line in on.text.split("\n")]
        assert ["0:03:00", "0:10:00", "▶", "Released:"] in [line[:4] for line in lines], "no third time: it is not late"
        assert ["0:03:00", "0:01:00", "#", "Kept", "back", "by", "the", "facilitator:"] in [line[:8] for line in lines]
        assert ["0:10:00", "#", "Kept", "back", "by", "the", "facilitator", "to", "the", "end:"] in [line[:10] for line in lines]


async def test_enter_opens_the_entries_behind_a_number(stage: StageMaker, rated: MemorySource) -> None:
    async with stage(rated.exercise, first="debrief", source=rated, size=(80, 40)) as on:
        on.app.screen.sheet.go("count:missed")
        await on.press("enter")
        entry = next(entry for entry in rated.log.entries if getattr(entry.event, "state", "") == "missed")
        assert "1 entry of the log behind it" in on.text
        assert f"{entry.seq}" in on.text
        assert "Presses the silent alarm" in on.text
        assert "Wu Min" in on.text
        await on.press("escape")
        assert "1 entry of the log behind it" not in on.text


async def test_what_was_taken_back_says_so(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(judged_bank(), time)
    play(time, ended=False)(source.conductor)
    wrong = source.conductor.dispatch(c.RecordDecision("manager", "Lock the front door"))[0]
    source.conductor.dispatch(c.Retract(wrong, "said in jest"))
    source.conductor.dispatch(c.End())
    source.conductor.dispatch(c.LockRatings())
    async with stage(source.exercise, first="debrief", source=source, size=(80, 40)) as on:
        await on.press("2")
        assert "Lock the front door (taken back)" in flat(on)
        on.app.screen.sheet.go(f"seq:{wrong.seq}")
        await on.press("enter")
        assert "taken back" in on.text


def test_every_row_with_a_number_leads_to_entries(rated: MemorySource) -> None:
    run = rated.conductor
    made = debrief(run.exercise, run.entries, RunInfo(run.run), run.state)
    from tabletop.report.wording import Wording

    wording = Wording(made, "en")
    known = {entry.seq for entry in run.entries}
    makers = (summary_lines, timeline_lines, objectives_lines, actions_lines, decisions_lines)
    rows = {line.row for make in makers for line in make(made, wording, 76) if line.row}
    found = {row: evidence_of(made, run.entries, row) for row in rows}
    assert all(set(seqs) <= known for seqs in found.values())
    empty = {row for row, seqs in found.items() if not seqs}
    silent = {"course:clock", "condition:hints", "count:no-record", "count:not-applicable", "count:pending"}
    silent |= {"part:completeness", "part:cadence"}
    assert {row for row in empty if not row.startswith(("never:", "action:"))} <= silent
    assert found["score"]
    assert found["dimension:rating"]
    assert found["dimension:coordination"]
    assert found["part:behaviour"]
    assert {row.partition(":")[2] for row in empty if row.startswith("action:")} == {"clear-hall"}


async def test_the_document_is_written_and_never_over_another_without_a_yes(stage: StageMaker, rated: MemorySource, tmp_path: Path) -> None:
    target = tmp_path / "debrief.md"
    async with stage(rated.exercise, first="debrief", source=rated, size=(80, 24)) as on:
        await export(on, target)
        written = target.read_text(encoding="utf-8")
        assert "EXERCISE EXERCISE EXERCISE · INTERNAL" in written
        assert "ab" * 32 in written
        target.write_text("mine", encoding="utf-8")
        await export(on, target)
        assert "debrief.md exists. Write over it?" in on.text
        await on.press("2")
        assert target.read_text(encoding="utf-8") == "mine"
        await export(on, target)
        await on.press("1")
        assert target.read_text(encoding="utf-8") == written
        assert os.listdir(tmp_path) == ["debrief.md"]


async def export(on: Stage, target: Path) -> None:
    """Asks for the file and waits until what the store knows is there."""
    await on.press("ctrl+s")
    on.app.screen.query_one("Question Input", Input).value = str(target)
    await on.press("enter")


async def test_the_same_as_json(stage: StageMaker, rated: MemorySource, tmp_path: Path) -> None:
    async with stage(rated.exercise, first="debrief", source=rated, size=(80, 24)) as on:
        await export(on, tmp_path / "debrief.json")
        data = json.loads((tmp_path / "debrief.json").read_text(encoding="utf-8"))
        assert data["run"]["seal"] == {"events": len(rated.log.entries), "head": "ab" * 32}
        assert data["score"]["value"] is not None


async def test_a_name_that_cannot_be_written_is_told(stage: StageMaker, rated: MemorySource, tmp_path: Path) -> None:
    async with stage(rated.exercise, first="debrief", source=rated, size=(80, 24)) as on:
        await export(on, tmp_path / "debrief.doc")
        assert "The name must end in .md or .json." in on.text
        await on.press("escape")
        await export(on, tmp_path / "nowhere" / "debrief.md")
        assert "There is no folder" in on.text


async def test_where_escape_goes_back_help_names_no_menu_and_chinese_shows_f9(stage: StageMaker, time: FakeTime) -> None:
    source = MemorySource(judged_bank(), time, language="zh-Hans")
    play(time, rated=True, locked=True)(source.conductor)
    async with stage(source.exercise, first="debrief", source=source, size=(80, 24), language="zh-Hans") as on:
        assert "F9 写入文件" in on.text.splitlines()[-1]
        await on.press("f1")
        assert "Esc 打开菜单" not in "".join(line.plain for line in on.app.screen._made(76))


async def test_back_to_the_ratings(stage: StageMaker, rated: MemorySource) -> None:
    async with stage(rated.exercise, first="debrief", source=rated, size=(80, 24)) as on:
        await on.press("escape")
        assert type(on.app.screen).__name__ == "EvaluationScreen"


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
async def test_frames(stage: StageMaker, check_frame: Any, time: FakeTime, language: str, size: tuple[int, int]) -> None:
    source = MemorySource(judged_bank(), time, language=language)
    play(time, rated=True, locked=True)(source.conductor)
    async with stage(source.exercise, first="debrief", source=source, size=size, language=language) as on:
        for number, name in enumerate(PAGES, start=1):
            await on.press(str(number))
            check_frame(on.app, f"debrief-{name}-{language}-{size[0]}")
        await on.press("1", "end", "pageup")
        check_frame(on.app, f"debrief-score-{language}-{size[0]}")
        await on.press("2", "down", "enter")
        check_frame(on.app, f"debrief-evidence-{language}-{size[0]}")

"""A small fixed run with a little of everything, for documents to be compared with."""

from __future__ import annotations

from tabletop.debrief.build import debrief
from tabletop.debrief.model import Debrief, RunInfo
from tabletop.engine import commands as c
from tabletop.engine.rights import Actor
from tabletop.exercise.model import Exercise
from tests.builders import ExerciseDraft, Play, evaluator

RUN = RunInfo("counter-20261119-0900-00aa", head="9f2c4e" * 10 + "abcd")


def both(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-Hans": zh}


def exercise() -> Exercise:
    """A knife at a counter, in two languages."""
    options = [
        {"id": "comply", "text": both("Give slowly what he asks", "缓慢配合"), "does": ["stay-calm"]},
        {"id": "resist", "text": both("Hold on to the cash", "不交现金"), "breaks": ["resist"]},
    ]
    clauses = {"4.1": both("Life before property", "生命高于财产"), "4.2": both("The covert alarm", "无声报警")}
    plan = {"title": both("Outlet emergency plan", "网点应急预案"), "version": "2026-03", "clauses": clauses}
    draft = ExerciseDraft("counter", plan=plan, alert="red")
    _people_and_aims(draft)
    draft.inject("knife", title=both("Knife at counter 2", "2号柜台持刀"), core=True, read="10s")
    draft.asks("first-move", to=["teller"], question=both("What do you do first?", "你先做什么？"), options=options, within="60s")
    title = both("Stay calm", "保持镇定")
    draft.expects("stay-calm", title=title, by="teller", objective="people", category="safety", clause="4.1")
    title = both("Press the silent alarm", "触发无声报警")
    draft.expects("silent-alarm", title=title, by="teller", objective="alarm", criticality="critical", within="60s", clause="4.2")
    title = both("Lock the second door", "关闭联动门")
    draft.expects("lock-door", title=title, by="guard", objective="people", within="60s", clause="4.1")
    hints = [both("Who is inside?", "里面有谁？")]
    draft.inject("demand", at="3m", title=both("Ten minutes", "十分钟"), core=True, kind="demand", hints=hints)
    title = both("Count who is inside", "清点人数")
    draft.expects("head-count", title=title, by="guard", objective="people", criticality="critical", within="2m", category="safety")
    title = both("Report to the upper level", "向上级报告")
    draft.expects("report-up", title=title, by="manager", objective="alarm", within="3m")
    title = both("Get people out by the side exit", "由侧门疏散")
    draft.expects("side-exit", title=title, by="manager", objective="people", criticality="critical", within="2m", category="safety")
    draft.inject("reporter", at="8m", title=both("A reporter rings", "记者来电"), kind="media")
    title = both("Refer to the spokesperson", "转发言人")
    draft.expects("one-voice", title=title, by="press-officer", objective="voice", within="2m")
    draft.inject("radio", at="9m", title=both("Radio silence", "无线电静默"), kind="radio", when={"answer": "first-move", "is": ["resist"]})
    draft.inject("reserve", at="hold", title=both("The centre rings", "监控中心来电"), kind="call")
    draft.inject("all-clear", at="12m", title=both("All clear", "警情解除"), kind="recovery", core=True)
    return draft.build()


def _people_and_aims(draft: ExerciseDraft) -> None:
    draft.role("teller", title=both("Teller", "柜员"))
    draft.role("guard", title=both("Guard", "保安员"))
    draft.role("manager", title=both("Branch manager", "网点负责人"), holders=2)
    draft.role("press-officer", title=both("Press officer", "宣传"))
    draft.role("police", title=both("Police", "公安"), simulated=True)
    draft.objective("alarm", title=both("Raise the alarm unseen", "隐蔽报警"), core=True)
    draft.objective("people", title=both("Protect people", "保护人员"), core=True)
    draft.objective("voice", title=both("One voice", "统一口径"))
    draft.prohibited("resist", title=both("Resisting the offender", "与歹徒对抗"), safety_critical=True)
    draft.indicator("evacuation", title=both("Evacuation time", "疏散时间"), unit="min")
    draft.indicator("loss", title=both("Loss", "损失"), unit="CNY")


def played() -> Play:
    """The run, up to locked ratings by one evaluator."""
    play = Play(exercise(), site="Qiaoxi", level="outlet")
    play.do(c.SeatPerson("teller", "Li Wei")).do(c.SeatPerson("manager", "Chen Yan")).do(c.SeatPerson("manager", "Zhao Min", "B"))
    play.do(c.StaffRole("press-officer", "nobody")).do(c.StaffRole("guard", "with", "teller")).start()
    play.at("5s").release("knife").at("40s").answer("first-move", "teller", "comply", rationale="slow hands give time", person="Li Wei")
    play.at("55s").mark("silent-alarm", said="50s").at("100s").mark("lock-door", other_role="manager")
    play.at("2m").decision("manager", "Talk to him | *alone*", "one voice <b>calms</b> him", said_ms=115_000)
    play.decision("guard", "A slip of the key").take_back(reason="wrong role")
    play.at("3m").release("demand").at("4m").do(c.Pause()).do(c.ExplainPause("discussion")).wait("2m").do(c.Resume())
    play.at("4m30s").hint("demand").at("6m").mark("head-count", how="written").note("strength", "The guard warned quietly", role="guard")
    play.breach("resist", "teller", corrected=True).note("gap", "Nobody knew the side exit").note("ruling", "The side exit is open")
    play.at("7m").skip("reporter", "no time").do(c.Jump(60_000)).note("parked", "Who pays for the glass?").note("observation", "Calm")
    play.do(c.SendMessage("manager", "guard", "Count again"))
    play.do(c.AcknowledgeMessage(play.last.seq, "guard", "I count again"), Actor("seat", roles=("guard",)))
    play.mark("report-up").mark("report-up", "missed", actor=evaluator("E1"))
    play.at("12m30s").release("all-clear").do(c.PressEmergency("driver")).wait(30).do(c.StandDown("a slip")).do(c.Resume())
    play.end("13m", how="time", note="half an hour was up").do(c.MeasureIndicator("evacuation", 3.5))
    play.do(c.ScoreBehaviour("E1", "calm", 4), evaluator("E1")).do(c.ScoreBehaviour("E1", "sharing", 3), evaluator("E1"))
    play.rate("E1", "alarm", "S", "the report never went up").rate("E1", "people", "M", "one door").lock()
    return play


def a_debrief() -> Debrief:
    play = played()
    return debrief(play.exercise, play.entries, RUN)

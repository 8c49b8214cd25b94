"""A small bilingual exercise with one of everything the console shows."""

from __future__ import annotations

from typing import Any

from tabletop.exercise.model import Exercise


def t(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-Hans": zh}


def role(role_id: str, short: dict[str, str], title: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"id": role_id, "short": short, "title": title, "duty": t("Does its part.", "履行职责。"), **more}


ROLES = [
    role("manager", t("BM", "负责人"), t("Branch manager", "网点负责人"), holders=2),
    role("teller", t("T1", "柜员"), t("Teller", "柜员")),
    role("guard", t("SG", "保安"), t("Guard", "保安员")),
    role("centre", t("MC", "监控"), t("Monitoring centre", "监控中心")),
    role("security", t("SEC", "保卫"), t("Security department", "保卫部")),
    role("press", t("PR", "宣传"), t("Press office", "宣传部")),
    role("care", t("HR", "人力"), t("Staff care", "人力资源部")),
    role("district", t("SUB", "支行"), t("Sub-branch", "支行")),
    role("city", t("CITY", "市行"), t("City branch", "市分行")),
    role("medic", t("MED", "医护"), t("First aider", "急救员")),
    role("police", t("POL", "公安"), t("Police", "公安"), simulated=True),
]

CHOICE = [
    {"id": "comply", "text": t("Comply and keep calm", "配合，保持冷静"), "does": ["keep-calm"]},
    {"id": "refuse", "text": t("Refuse", "拒绝"), "misses": ["keep-calm"]},
    {"id": "grab", "text": t("Grab the knife", "夺刀"), "breaks": ["heroics"]},
]

INJECTS: list[dict[str, Any]] = [
    {
        "id": "knife",
        "kind": "situation",
        "at": "0s",
        "core": True,
        "title": t("A knife at counter 2", "2号柜台前亮出了刀"),
        "text": t(
            "A man holds a knife to a customer at counter two and shouts for cash. Seven customers stand in the hall.",
            "一名男子在2号柜台前用刀挟持一位客户，喊着要现金。大厅里有七位客户。",
        ),
        "notes": t("Read slowly. Listen for who speaks.", "慢读。注意谁先开口。"),
        "props": [t("grey bag", "灰色购物袋")],
        "probes": [t("Who says it aloud?", "谁把它说出来？"), t("And then?", "然后呢？")],
        "hints": [t("Think of the button.", "想想按钮。")],
        "asks": [
            {
                "id": "first-move",
                "to": ["teller", "guard"],
                "question": t("What do you do first?", "您先做什么？"),
                "answer": "choice",
                "options": CHOICE,
                "within": "60s",
            }
        ],
        "expects": [
            {
                "id": "keep-calm",
                "title": t("Keeps a calm voice, hands in view", "语气平稳，双手可见"),
                "by": "teller",
                "within": "60s",
                "criticality": "critical",
                "category": "safety",
                "objective": "calm",
            },
            {
                "id": "silent-alarm",
                "title": t("Presses the silent alarm", "触发无声报警"),
                "by": "teller",
                "within": "90s",
                "criticality": "critical",
                "category": "notify",
                "objective": "calm",
            },
            {
                "id": "clear-hall",
                "title": t("Keeps the customers back", "疏散客户"),
                "by": "guard",
                "criticality": "major",
                "category": "safety",
                "objective": "calm",
            },
        ],
    },
    {
        "id": "signal",
        "kind": "alarm",
        "at": "3m",
        "core": True,
        "to": ["centre"],
        "deliver": "card",
        "acknowledge": True,
        "title": t("Duress alarm, no voice", "紧急报警，无语音"),
        "text": t("A red line on the panel: Qiaoxi sub-branch.", "屏幕上一行红字：桥西支行。"),
        "asks": [
            {
                "id": "report",
                "question": t("What do you report?", "您报告什么？"),
                "answer": "report",
                "elements": [{"id": "fact", "title": t("Facts", "事实")}, {"id": "need", "title": t("Needs", "需求")}],
            },
            {"id": "count", "question": t("How many people?", "有多少人？"), "answer": "number"},
            {"id": "told", "question": t("Police told?", "已报警？"), "answer": "confirm"},
            {"id": "words", "question": t("Your words?", "原话？"), "answer": "text", "rationale": "required"},
            {
                "id": "whom",
                "question": t("Whom do you ring?", "通知谁？"),
                "answer": "choices",
                "options": [
                    {"id": "p", "text": t("police", "公安")},
                    {"id": "m", "text": t("manager", "负责人")},
                    {"id": "n", "text": "-"},
                ],
            },
            {
                "id": "order",
                "question": t("In which order?", "什么顺序？"),
                "answer": "order",
                "options": [{"id": "a", "text": t("look", "看")}, {"id": "b", "text": t("ring", "打")}],
            },
        ],
        "expects": [
            {
                "id": "call-police",
                "title": t("Rings the police with facts", "报警并说明事实"),
                "by": "centre",
                "within": "2m",
                "criticality": "critical",
                "category": "notify",
                "objective": "covert",
            }
        ],
    },
    {
        "id": "bell",
        "kind": "alarm",
        "at": "4m",
        "title": t("The bell is ringing", "警铃响了"),
        "text": t("The audible alarm rings.", "有声报警响起。"),
        "when": {"breach": "heroics"},
    },
    {
        "id": "media",
        "kind": "media",
        "at": "10m",
        "title": t("Live from across the road", "马路对面的直播"),
        "text": t("A phone camera shows the front door.", "手机直播对着大门。"),
    },
    {
        "id": "police-rings",
        "kind": "call",
        "at": "hold",
        "cue": {"action": "silent-alarm", "not_done_within": "2m"},
        "title": t("110 rings the monitoring centre", "110 致电监控中心"),
        "text": t("Is there a robbery at your branch?", "你们网点发生抢劫了吗？"),
    },
    {
        "id": "shock",
        "kind": "recovery",
        "at": "20m",
        "core": True,
        "title": t("Two tellers in shock", "两名柜员受惊"),
        "text": t("Two tellers sit on the floor.", "两名柜员坐在地上。"),
    },
]


def bank(**changes: Any) -> Exercise:
    """The exercise; `changes` replace whole keys."""
    data: dict[str, Any] = {
        "format": 1,
        "id": "bank",
        "title": t("Armed hostage-taking at a counter", "柜台持械劫持人质"),
        "version": "1.0",
        "languages": ["en", "zh-Hans"],
        "subject": "hostage",
        "duration": "30m",
        "handling": t("INTERNAL", "内部资料"),
        "real_emergency": {"number": "110", "muster": t("Car park behind the house", "楼后停车场")},
        "summary": t("A small exercise.", "一个小演练。"),
        "setting": t("A branch on a Tuesday morning. Eight customers in the hall.", "星期二上午，网点大厅里有八位客户。"),
        "roles": ROLES,
        "objectives": [
            {"id": "calm", "title": t("Stay calm", "沉着应对"), "core": True},
            {"id": "covert", "title": t("Covert alarm", "隐蔽报警")},
        ],
        "prohibited": [{"id": "heroics", "title": t("Tackles the man", "徒手制服"), "safety_critical": True}],
        "indicators": [{"id": "minutes", "title": t("Minutes to the first call", "首次报警用时"), "unit": "min"}],
        "injects": INJECTS,
        **changes,
    }
    return Exercise.model_validate(data)
